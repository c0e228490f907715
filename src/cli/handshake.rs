//! The arguments of `wsctl handshake`.

use std::path::PathBuf;

use clap::Args;

use super::values::{HandshakeFormat, SenderArg};

/// The arguments of `wsctl handshake`.
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

The input may also be a log of curl -v, whose marks are removed, a Python
literal or a hexdump of the bytes, or the list of headers in the network panel
of Chrome. If all lines of a text end in LF, wsctl takes them for CR LF: editors
and terminals drop the CR.")]
pub struct HandshakeArgs {
    /// A file with a request, a response, or both. Without it, or with -, standard
    /// input is read.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// Who sent the bytes, if they are not HTTP.
    #[arg(long, value_name = "WHO", value_enum)]
    pub from: Option<SenderArg>,

    /// What to print.
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = HandshakeFormat::Text)]
    pub format: HandshakeFormat,

    /// The same as --format json.
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
}

impl HandshakeArgs {
    /// The format that `--format` or `--json` asks for.
    pub const fn chosen_format(&self) -> HandshakeFormat {
        if self.json {
            HandshakeFormat::Json
        } else {
            self.format
        }
    }
}
