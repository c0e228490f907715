//! What an endpoint can do wrong on purpose, so that its peer can be watched.
//!
//! A [`Fault`] is one such thing as a user names it, and a [`Saboteur`] carries them out,
//! sans I/O: it is given an answer or a frame that is about to go out, and says, step by
//! step, what goes out instead. Whoever drives it writes, waits and hangs up.

mod kinds;
mod random;
mod saboteur;
mod step;

pub use kinds::{Fault, FaultKind, KINDS, Kind};
pub use saboteur::Saboteur;
pub use step::{Act, Exit, Pace, Step};
