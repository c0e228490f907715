//! `wsctl accept`.

use std::ffi::OsString;

use clap::Args;

/// The words of `wsctl accept`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  wsctl accept dGhlIHNhbXBsZSBub25jZQ==
  wsctl accept 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
  wsctl accept --check s3pPLMBiTxaQ9kYGzzhZRbK+xOo= dGhlIHNhbXBsZSBub25jZQ==
  wsctl accept --response dGhlIHNhbXBsZSBub25jZQ==
  wsctl accept < keys.txt

A key that is not base64 of 16 bytes gets its value all the same, and
exit status 1.")]
pub struct AcceptArgs {
    /// Keys, or whole header lines; without any, or with -, a line each from
    /// standard input.
    #[arg(value_name = "KEY")]
    pub keys: Vec<OsString>,

    /// Compare this Sec-WebSocket-Accept with the right one; exit status 1 if it is
    /// wrong.
    #[arg(long, value_name = "VALUE")]
    pub check: Option<String>,

    /// Print the whole 101 response.
    #[arg(long, conflicts_with = "check")]
    pub response: bool,
}
