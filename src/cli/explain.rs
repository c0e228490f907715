//! The arguments of `wsctl explain`.

use clap::Args;

/// The arguments of `wsctl explain`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  wsctl explain len64-not-minimal
  wsctl explain 'One or more reserved bits are on: reserved1 = 1'
  wsctl explain Invalid frame header
  wsctl explain 1006
  wsctl explain 5.2
  wsctl explain RFC 7692 7.2.1
  wsctl explain opcode 9
  wsctl explain Sec-WebSocket-Accept
  wsctl explain

A part of an error text is enough: case, punctuation, an address and numbers do
not matter. The exit status is 1 if no rule matches.")]
pub struct ExplainArgs {
    /// The id of a rule, an error text, a close code, a section of an RFC, an opcode or a
    /// header; several words are joined. Without any, all rules are listed.
    #[arg(value_name = "RULE|TEXT|CODE|SECTION", allow_negative_numbers = true)]
    pub words: Vec<String>,
}
