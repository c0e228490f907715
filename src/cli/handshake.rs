//! `wsctl handshake`.

use std::path::PathBuf;

use clap::Args;

use super::values::{HandshakeFormat, SenderArg};

/// The words of `wsctl handshake`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  wsctl handshake handshake.txt
  wsctl handshake < request.txt
  curl -vs --http1.1 --max-time 2 -H 'Connection: Upgrade' \\
      -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \\
      -H 'Sec-WebSocket-Key: FUH2Nige4Npq/InFS0OoJQ==' \\
      http://127.0.0.1:9527/ 2>&1 | wsctl handshake
  wsctl handshake -f json handshake.txt | jq .

Marks that curl -v and other logs set before each line are taken away, and a
Python literal or a hexdump of the bytes is read too, and so is the list of
headers that the network panel of Chrome shows. In a text whose lines all end
in LF they are taken for CR LF, which editors and terminals drop.")]
pub struct HandshakeArgs {
    /// A text with a request, a response, or both; without it, or with -, standard
    /// input is read.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// Say who sent what is there, where it is no HTTP at all.
    #[arg(long, value_name = "WHO", value_enum)]
    pub from: Option<SenderArg>,

    /// What to print.
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = HandshakeFormat::Text)]
    pub format: HandshakeFormat,
}
