//! Sockets: who listens, who speaks, and who prints.
//!
//! The protocol is in `ws`; here are the tasks, the buffers and the clock around it. This
//! room tells a [`EventLog`] what happens, and carries what the journal wrote to its reader;
//! what that looks like it must not know.

mod answers;
mod connection;
mod desk;
pub mod dial;
mod exchange;
mod hub;
mod journal;
mod lines;
mod note;
mod outbox;
mod printer;
mod program;
mod record;
mod server;
mod stream;
mod talk;
mod tls;

pub use answers::ReplyPolicy;
pub use journal::{ConnectionLog, EventLog, LogBuffers};
pub use note::{Notice, NoticeScope};
pub use record::RecordOutput;
pub use server::{Config, Server};
pub use tls::{Tls, TlsError};
