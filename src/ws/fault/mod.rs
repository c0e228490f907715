//! The protocol violations that `wsctl serve --fault` makes on purpose, to test a client, and
//! `wsctl connect --fault`, to test a server.
//!
//! [`FAULTS`] lists them. An [`InjectedFault`] is one value of the option. A [`FaultInjector`]
//! holds the faults of one connection: it gets the request or the response, and each frame before
//! it is sent, and returns the [`SendStep`]s to perform instead. It is sans I/O: `ws::session` and `net` perform the steps.

mod injector;
mod kinds;
mod random;
mod step;
mod table;
mod value;

pub use injector::{FaultInjector, RequestFaults};
pub use kinds::InjectedFaultKind;
pub use step::{AbortMode, FaultEvent, FaultyFrame, SendStep, WritePacing};
pub use table::{FAULTS, FaultInfo, faults_of};
pub use value::InjectedFault;
