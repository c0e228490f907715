//! `wsctl decode`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Args};

use super::size;
use super::values::{SenderArg, one_of};
use crate::notation::Notation;
use crate::render::Format;

/// The words of `wsctl decode`.
#[derive(Args, Debug)]
#[command(after_long_help = r#"Examples:
  wsctl decode "b'\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6'"
  wsctl decode 81 85 37 fa 21 3d 7f 9f 4d 51 58
  wsctl decode -v 0103 48656c 8900 8002 6c6f 8805 03e8 627965
  wsctl decode -vv 81870ec3f3cd3bf6c6f83bf6c6
  wsctl decode --from client --file frames.bin
  wsctl decode -f json < frames.bin | jq .
  wsctl decode --deflate c107f248cdc9c90700 c105f200110000

Notations are told apart by themselves: hexadecimal digits with or without
spaces, colons, commas, 0x or \x, also in <81 05> and bytes.fromhex('81 05');
Python literals, also as a shell leaves them (b\x81\x87...); escapes; arrays
of numbers, as {0x81, 5}, [129, 5], (129, 5), <<129,5>>, (byte)0x81 and
0b10000001; Node's Buffers; base64; hexdumps; from a file or a pipe also raw
bytes.

A request or a response in front of the frames says who sends them and what was
agreed on. Lines that begin with > and < are two directions of one connection."#)]
pub struct DecodeArgs {
    /// The frames, in a notation; several words are joined. Without any, or with -,
    /// standard input is read.
    #[arg(value_name = "BYTES", conflicts_with = "file")]
    pub bytes: Vec<OsString>,

    /// Read the frames from this file.
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// Read the bytes in this notation, instead of the one they seem to be in.
    #[arg(long, value_name = "NOTATION", value_parser = one_of(Notation::ALL))]
    pub input: Option<Notation>,

    /// Say who sent the frames, instead of taking it from a head or from the first MASK bit.
    #[arg(long, value_name = "WHO", value_enum)]
    pub from: Option<SenderArg>,

    /// Take the messages with RSV1 as compressed with these parameters of
    /// permessage-deflate, as a response names them; without any, the default ones.
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

    /// Print a line for each frame; twice, its header fields with their bits.
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,

    /// Show long payloads whole in frames and fields.
    #[arg(long)]
    pub full: bool,

    /// Hold at most so much of one payload, for json and --full, and inflate no message to
    /// more.
    #[arg(long, value_name = "SIZE", value_parser = size::parse, default_value = "16M",
        allow_negative_numbers = true)]
    pub max_message: usize,
}

impl DecodeArgs {
    /// The format asked for, in one way or the other.
    pub fn chosen_format(&self) -> Format {
        match (self.format, self.verbose) {
            (Some(format), _) => format,
            (None, 0) => Format::Text,
            (None, 1) => Format::Frames,
            (None, _) => Format::Fields,
        }
    }
}
