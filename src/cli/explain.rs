//! `wsctl explain`.

use clap::Args;

/// The words of `wsctl explain`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  wsctl explain len64-not-minimal
  wsctl explain 'One or more reserved bits are on: reserved1 = 1'
  wsctl explain Invalid frame header
  wsctl explain

Quote a text as far as you have it: case, punctuation, an address in front,
or a number that is another one do not matter.")]
pub struct ExplainArgs {
    /// The name of a rule, or words of an error; several words are joined. Without any,
    /// all rules are listed.
    #[arg(value_name = "RULE|WORDS", allow_negative_numbers = true)]
    pub words: Vec<String>,
}
