//! The arguments of `wsctl encode`.

use std::ffi::OsString;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use super::values::{number, one_of};
use crate::notation::Notation;

/// The arguments of `wsctl encode`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  wsctl encode Hello
  wsctl encode --mask --output python Hello
  wsctl encode --fragment 3 Hello
  wsctl encode --close 1000 bye
  wsctl encode --ping --mask-key 37fa213d 'are you there?'
  wsctl encode --binary --bytes 'de ad be ef'
  wsctl encode --output raw Hello | wsctl decode -v
  wsctl encode --deflate=client_max_window_bits=10 --mask Hello
  wsctl encode --length-form 64 --rsv 4 Hello")]
pub struct EncodeArgs {
    /// The text, or with --close the reason; words are joined with spaces. Without any,
    /// or with -, standard input is read.
    ///
    /// A ping, pong or close frame needs no text. A newline at the end of standard input is
    /// removed unless the frame is binary.
    #[arg(value_name = "TEXT", conflicts_with = "bytes")]
    pub text: Vec<OsString>,

    /// The payload as bytes, in any notation.
    #[arg(long, alias = "octets", value_name = "BYTES")]
    pub bytes: Option<OsString>,

    /// The notation of the output.
    #[arg(short, long, value_name = "NOTATION", default_value = "hex",
        value_parser = one_of(Notation::WRITABLE))]
    pub output: Notation,

    /// The type of the frame.
    #[command(flatten)]
    pub kind: FrameKindArgs,

    /// Mask with a random key, as a client must.
    #[arg(long, conflicts_with = "mask_key", help_heading = MASK)]
    pub mask: bool,

    /// Mask with this key: eight hexadecimal digits.
    #[arg(long, value_name = "HEX", value_parser = masking_key, help_heading = MASK)]
    pub mask_key: Option<[u8; 4]>,

    /// Split the message into frames of at most this many bytes.
    #[arg(long, value_name = "BYTES", value_parser = fragment_size,
        allow_negative_numbers = true, help_heading = FRAME)]
    pub fragment: Option<usize>,

    /// Compress the message with permessage-deflate.
    ///
    /// The message is compressed before it is split. Control frames are never compressed.
    /// PARAMETERS are those that the handshake negotiated, as the header of the response
    /// lists them. Those of the client apply if the frames are masked.
    #[arg(long, value_name = "PARAMETERS", num_args = 0..=1, require_equals = true,
        default_missing_value = "", help_heading = FRAME)]
    pub deflate: Option<String>,

    /// Clear FIN, as if more frames followed.
    #[arg(long, help_heading = WRONG)]
    pub no_fin: bool,

    /// Set reserved bits: the sum of 4 (RSV1), 2 and 1.
    #[arg(long, value_name = "0-7", value_parser = rsv, allow_negative_numbers = true,
        help_heading = WRONG)]
    pub rsv: Option<u8>,

    /// Write the length in this many bits, even if fewer are enough.
    #[arg(long, value_name = "BITS", help_heading = WRONG,
        value_parser = PossibleValuesParser::new(["7", "16", "64"])
            .try_map(|bits| number::<u8>(&bits, 7, 64)))]
    pub length_form: Option<u8>,
}

/// The type of the frame; text if none is chosen.
#[derive(Args, Clone, Copy, Debug)]
#[group(multiple = false)]
pub struct FrameKindArgs {
    /// Make a binary frame.
    #[arg(long, help_heading = FRAME)]
    pub binary: bool,

    /// Make a ping; TEXT is its payload.
    #[arg(long, help_heading = FRAME)]
    pub ping: bool,

    /// Make a pong; TEXT is its payload.
    #[arg(long, help_heading = FRAME)]
    pub pong: bool,

    /// Make a close frame with this code; TEXT is its reason.
    #[arg(long, value_name = "CODE", value_parser = close_code, allow_negative_numbers = true,
        help_heading = FRAME)]
    pub close: Option<u16>,

    /// Make a frame with this opcode, also a reserved one.
    #[arg(long, value_name = "0-15", value_parser = opcode, allow_negative_numbers = true,
        help_heading = WRONG)]
    pub opcode: Option<u8>,
}

const FRAME: &str = "Frames";
const MASK: &str = "Masking";
const WRONG: &str = "Wrong on purpose";

fn opcode(text: &str) -> Result<u8, String> {
    number(text, 0, 15)
}

fn rsv(text: &str) -> Result<u8, String> {
    number(text, 0, 7)
}

fn close_code(text: &str) -> Result<u16, String> {
    number(text, 0, 65535)
}

fn fragment_size(text: &str) -> Result<usize, String> {
    number(text, 1, u64::MAX)
}

fn masking_key(text: &str) -> Result<[u8; 4], String> {
    let expected = || "expected eight hexadecimal digits, as 37fa213d".to_owned();
    let mut bytes = Vec::new();
    Notation::Hex
        .read(text.as_bytes(), &mut bytes)
        .map_err(|_| expected())?;
    bytes.try_into().map_err(|_| expected())
}
