//! The arguments of `wsctl accept`.

use std::ffi::OsString;

use clap::Args;

/// The arguments of `wsctl accept`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  wsctl accept dGhlIHNhbXBsZSBub25jZQ==
  wsctl accept 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
  wsctl accept --check s3pPLMBiTxaQ9kYGzzhZRbK+xOo= dGhlIHNhbXBsZSBub25jZQ==
  wsctl accept dGhlIHNhbXBsZSBub25jZQ== s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
  wsctl accept --response dGhlIHNhbXBsZSBub25jZQ==
  wsctl accept < keys.txt
  wsctl accept < request.txt

A key that is not the base64 of 16 bytes gets a value too. The exit status is
then 1. An accept value that follows a key, as an argument or in the input, is
compared with the right one: a wrong one is a finding, and the exit status 1.")]
pub struct AcceptArgs {
    /// Keys, header lines, or whole requests. Without one, or with -, standard input
    /// is read: one key per line, or a request, a log or a dump with keys in it.
    #[arg(value_name = "KEY")]
    pub keys: Vec<OsString>,

    /// Compare this Sec-WebSocket-Accept with the right one. If it is wrong, the exit
    /// status is 1.
    #[arg(long, value_name = "VALUE")]
    pub check: Option<String>,

    /// Print the whole 101 response.
    #[arg(long, conflicts_with = "check")]
    pub response: bool,
}
