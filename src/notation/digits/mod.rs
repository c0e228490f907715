//! Runs of numbers, and the possible meanings of their digits.
//!
//! People print bytes as numbers in many ways: `81 5 48`, `ffffff81`, `0x81`, `81h`, `$81`, `%81`,
//! `81|05`, `#81`, `8'h81`, `10000001`, `129 5 72`, `-127 5 72`. [`run()`] finds the end of such a run, and
//! [`readings()`] gives the bytes of each way to read it, the most usual way first. The reader of
//! pastes chooses one of them.

mod readings;
mod run;
#[cfg(test)]
mod tests;

pub use readings::{Reading, SWAPPED_WORDS, readings};
pub use run::{NumberRun, is_without_blanks, run};
