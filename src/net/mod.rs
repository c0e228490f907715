//! Sockets: who listens, who speaks, and who prints.
//!
//! The protocol is in `ws`; here are the tasks, the buffers and the clock around it. This
//! room tells a [`Journal`] what happens, and carries what the journal wrote to its reader;
//! what that looks like it must not know.

mod connection;
mod heartbeat;
mod journal;
mod outbox;
mod policy;
mod printer;
mod record;
mod remark;
mod server;
mod talk;

pub use heartbeat::PingFault;
pub use journal::{Happening, Journal};
pub use policy::Refusal;
pub use record::Record;
pub use remark::Remark;
pub use server::{Config, Server};
