//! Sockets: who listens, who speaks, and who prints.
//!
//! The protocol is in `ws`; here are the tasks, the buffers and the clock around it. This
//! room tells a [`Journal`] what happens, and carries what the journal wrote to its reader;
//! what that looks like it must not know.

mod connection;
mod journal;
mod printer;
mod server;
mod stream;
mod talk;
mod tls;

pub use journal::{Happening, Journal};
pub use server::{Config, Server};
pub use tls::{Tls, TlsFault};
