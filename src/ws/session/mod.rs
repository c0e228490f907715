//! What happens on an open connection: its events, its keep-alive and its end.
//!
//! Sans I/O: bytes and times come in as arguments. `net` drives it over a socket; `render`
//! prints its events and `diagnosis` explains them, for a server and for a client.

mod end;
mod event;
mod keep_alive;

pub use end::{EndReason, SessionEnd, Side};
pub use event::{ConnectionEvent, FrameInfo};
pub use keep_alive::{KeepAlive, KeepAliveAction, PingError};
