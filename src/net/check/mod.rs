//! The connections of `wsctl check`: moves the bytes between a socket and a probe, starts the
//! client programs that are checked, and accepts the clients that connect by themselves.
//! `commands::check` calls it for each connection.

mod drive;
mod listen;
mod program;

pub use drive::run_probe;
pub use listen::{CheckListener, drain, read_request, refuse};
pub use program::{NotConnected, start_client};
