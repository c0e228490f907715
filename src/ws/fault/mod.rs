//! What an endpoint can do wrong on purpose, so that its peer can be watched.
//!
//! A [`InjectedFault`] is one such thing as a user names it, and a [`FaultInjector`] carries them out,
//! sans I/O: it is given an answer or a frame that is about to go out, and says, step by
//! step, what goes out instead. Whoever drives it writes, waits and hangs up.

mod injector;
mod kinds;
mod random;
mod step;

pub use injector::FaultInjector;
pub use kinds::{FAULTS, FaultInfo, InjectedFault, InjectedFaultKind};
pub use step::{AbortMode, FaultEvent, SendStep, WritePacing};
