//! Runs of numbers without brackets: `81 05 48`, `129, 5`.

use super::literal::{Certainty, Literal, LiteralMatch};
use crate::notation::digits;

/// A run of numbers.
pub(super) fn run(text: &str, at: usize) -> Option<LiteralMatch> {
    let rest = text.get(at..)?;
    let run = digits::run(rest)?;
    let readings = digits::readings(run.words(rest));
    Some(LiteralMatch::Literal(Literal {
        start: at,
        end: at + run.end,
        readings,
        certainty: Certainty::Possible,
        omitted: 0,
        numbers: Some(run.after(at)),
    }))
}
