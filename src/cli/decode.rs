//! The arguments of `wsctl decode`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Args};

use super::values::{SenderArg, one_of, size};
use crate::notation::Notation;
use crate::render::Format;

/// The arguments of `wsctl decode`.
#[derive(Args, Debug)]
#[command(after_long_help = r#"Examples:
  wsctl decode "b'\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6'"
  wsctl decode 81 85 37 fa 21 3d 7f 9f 4d 51 58
  wsctl decode -v 0103 48656c 8900 8002 6c6f 8805 03e8 627965
  wsctl decode -vv 81870ec3f3cd3bf6c6f83bf6c6
  wsctl decode --from client --file frames.bin
  wsctl decode -f json < frames.bin | jq .
  wsctl decode --deflate c107f248cdc9c90700 c105f200110000

Notations: hexadecimal digits with or without spaces, colons, commas, 0x or
\x, also in <81 05> and bytes.fromhex('81 05'); Python literals, also without
their quotes (b\x81\x87...); escapes; arrays of numbers, as {0x81, 5},
[129, 5], (129, 5), <<129,5>>, (byte)0x81 and 0b10000001; Node's Buffers;
base64; hexdumps. A file or a pipe may also contain the raw bytes. wsctl
recognises the notation; --input chooses one.

A request or a response in front of the frames says who sent them and what was
negotiated. Lines that begin with > and < are the two directions of one
connection. A single word that is no bytes, but the name of a file, is that
file."#)]
pub struct DecodeArgs {
    /// The frames in any notation; several words are joined. Without any, or with -,
    /// standard input is read.
    #[arg(value_name = "BYTES", conflicts_with = "file")]
    pub bytes: Vec<OsString>,

    /// Read the frames from this file.
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// The notation of the bytes. By default wsctl recognises it.
    #[arg(long, value_name = "NOTATION", value_parser = one_of(Notation::ALL))]
    pub input: Option<Notation>,

    /// Who sent the frames. By default a head, or else the first MASK bit, decides.
    #[arg(long, value_name = "WHO", value_enum)]
    pub from: Option<SenderArg>,

    /// Decompress messages with these permessage-deflate parameters, as the header of
    /// a response lists them. Without any, the defaults of RFC 7692 apply.
    #[arg(
        long,
        value_name = "PARAMETERS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ""
    )]
    pub deflate: Option<String>,

    /// What to print.
    #[arg(
        short,
        long,
        value_enum,
        value_name = "FORMAT",
        conflicts_with = "verbose"
    )]
    pub format: Option<Format>,

    /// The same as --format json.
    #[arg(long, conflicts_with_all = ["format", "verbose"])]
    pub json: bool,

    /// Print a line for each frame. Twice: print its header fields with their bits.
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,

    /// Show long payloads in full, in the formats frames and fields.
    #[arg(long)]
    pub full: bool,

    /// Memory limit for a payload, and for a decompressed message.
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "16M",
        allow_negative_numbers = true)]
    pub max_message: usize,
}

impl DecodeArgs {
    /// The format that `--format`, `--json` or `-v` asks for.
    pub fn chosen_format(&self) -> Format {
        match (self.format, self.verbose) {
            (Some(format), _) => format,
            (None, _) if self.json => Format::Json,
            (None, 0) => Format::Text,
            (None, 1) => Format::Frames,
            (None, _) => Format::Fields,
        }
    }
}
