//! `wsctl serve`.

use std::path::PathBuf;

use clap::{ArgAction, Args};

use super::size;
use super::values::LogFormat;

/// The heading of the options about TLS.
const TLS: &str = "TLS";

/// The words of `wsctl serve`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  wsctl serve
  wsctl serve --port 9527
  wsctl serve --port 0 -f json | jq .
  wsctl serve --deflate --subprotocol chat
  wsctl serve -v --host 0.0.0.0
  wsctl serve --tls
  wsctl serve --cert cert.pem --key key.pem

A browser that opens http://127.0.0.1:9527/ is given a page to talk to it;
what stands behind the port there is where the page connects to.")]
pub struct ServeArgs {
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: String,

    /// The port; 0 takes a free one and prints it.
    #[arg(short, long, default_value_t = 9527)]
    pub port: u16,

    /// Show browsers no page.
    #[arg(long)]
    pub no_page: bool,

    /// Speak TLS, with a certificate made just now.
    ///
    /// Nobody has signed it, so that clients must be told to trust it, or not to ask; its
    /// SHA-256 fingerprint is printed. It is for localhost, the
    /// loopback addresses and --host.
    #[arg(long, help_heading = TLS)]
    pub tls: bool,

    /// Speak TLS, with the certificate in this file.
    ///
    /// In PEM; those that signed it follow, if clients do not know them.
    #[arg(
        long,
        value_name = "FILE",
        requires = "key",
        conflicts_with = "tls",
        help_heading = TLS
    )]
    pub cert: Option<PathBuf>,

    /// The private key of that certificate, in PEM.
    #[arg(long, value_name = "FILE", requires = "cert", help_heading = TLS)]
    pub key: Option<PathBuf>,

    /// Refuse larger messages, with close code 1009.
    #[arg(long, value_name = "SIZE", value_parser = size::parse, default_value = "64M")]
    pub max_message: usize,

    /// Compress messages with permessage-deflate, for clients that offer it.
    ///
    /// PARAMETERS are what this end wants agreed on, as the header of a response lists them.
    /// An offer is declined if the client cannot limit its window and that is wanted.
    #[arg(long, value_name = "PARAMETERS", num_args = 0..=1, require_equals = true,
        default_missing_value = "")]
    pub deflate: Option<String>,

    /// Speak this subprotocol; the first one that a client offers is chosen.
    #[arg(long, value_name = "NAME")]
    pub subprotocol: Vec<String>,

    /// What the log looks like.
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = LogFormat::Frames)]
    pub format: LogFormat,

    /// Print all headers, both ways.
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub verbose: bool,

    /// Show long payloads whole.
    #[arg(long)]
    pub full: bool,
}
