//! Sockets, tasks, buffers and the clock around the protocol of `ws`.
//!
//! [`Server`] listens, and drives a `ws::session::Session` for each connection. It reports what
//! happens to an [`EventLog`], and carries what that writes to the log and the record; it does
//! not know what they look like. `commands` starts it.
//!
//! The modules, each of which uses only those above it:
//!
//! | module | content |
//! |---|---|
//! | `stop` | the signal that the process stops |
//! | `log` | the writer threads of log and record, notices, the log of one connection |
//! | `context` | what all connections use: log, buffers, stop signal, limits |
//! | `transport` | the bytes of one socket, with or without TLS |
//! | `dial` | opening the connection of a client: name, TCP, proxy, TLS, response head |
//! | `check` | moves the bytes of a probe of `wsctl check` |
//! | `connection` | a numbered transport with its log |
//! | `relay` | messages from one connection to others |
//! | `session` | drives a session over a connection |
//! | `program` | the program that replies to messages |
//! | `server` | accepting, admission, the opening handshake, replies |

mod check;
mod connection;
mod context;
pub mod dial;
mod log;
mod program;
mod relay;
mod server;
mod session;
mod stop;
mod transport;

pub use check::run_probe;
pub use log::{ConnectionObserver, EventLog, LogBuffers, Notice, NoticeScope, RecordOutput};
pub use server::{Config, ReplyPolicy, Server};
pub use transport::{Tls, TlsError, Transport};
