//! The protocol violations that `wsctl serve --fault` makes on purpose, to test a client.
//!
//! An [`InjectedFault`] is one value of the option. A [`FaultInjector`] holds the faults of one
//! connection: it gets the response and each frame before it is sent, and returns the
//! [`SendStep`]s to perform instead. It is sans I/O: `ws::session` and `net` perform the steps.

mod injector;
mod kinds;
mod random;
mod step;

pub use injector::FaultInjector;
pub use kinds::{FAULTS, FaultInfo, InjectedFault, InjectedFaultKind};
pub use step::{AbortMode, FaultEvent, SendStep, WritePacing};
