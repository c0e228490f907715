//! Sockets: who listens, who speaks, and who prints.
//!
//! The protocol is in `ws`; here are the tasks, the buffers and the clock around it. This
//! room tells a [`Journal`] what happens, and carries what the journal wrote to its reader;
//! what that looks like it must not know.

mod answers;
mod connection;
mod exchange;
mod heartbeat;
mod hub;
mod journal;
mod lines;
mod note;
mod outbox;
mod policy;
mod printer;
mod program;
mod record;
mod server;
mod stream;
mod talk;
mod tls;

pub use answers::Answers;
pub use heartbeat::PingFault;
pub use journal::{Chapter, Happening, Journal, Pages, PassingFrame};
pub use note::{About, Note};
pub use policy::Refusal;
pub use record::Record;
pub use server::{Config, Server};
pub use tls::{Tls, TlsFault};
