//! Sockets: who listens, who speaks, and who prints.
//!
//! The protocol is in `ws`; here are the tasks, the buffers and the clock around it. This
//! room tells a [`Journal`] what happens, and carries what the journal wrote to its reader;
//! what that looks like it must not know.

mod answers;
mod connection;
mod exchange;
mod hub;
mod journal;
mod lines;
mod note;
mod printer;
mod program;
mod server;
mod stream;
mod talk;
mod tls;

pub use answers::Answers;
pub use journal::{Happening, Journal};
pub use note::Note;
mod heartbeat;
mod outbox;
mod policy;
mod record;
mod remark;

pub use heartbeat::PingFault;
pub use policy::Refusal;
pub use record::Record;
pub use remark::Remark;
pub use server::{Config, Server};
pub use tls::{Tls, TlsFault};
