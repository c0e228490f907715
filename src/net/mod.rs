//! Sockets, tasks, buffers and the clock around the protocol of `ws`.
//!
//! [`Server`] listens, and drives a `ws::session::Session` for each connection; [`run_client`]
//! drives one over a connection that it opens. Both report what happens to an [`EventLog`], and
//! carry what that writes to the log and the record; they do not know what it looks like.
//! `commands` starts them.
//!
//! The modules, each of which uses only those above it:
//!
//! | module | content |
//! |---|---|
//! | `stop` | the signal that the process stops |
//! | `log` | the writer threads of log and record, notices, the log of one connection |
//! | `memory` | the memory of compressed messages, which all connections share |
//! | `context` | what all connections use: log, buffers, memory, stop signal, limits |
//! | `transport` | the bytes of one socket, with or without TLS |
//! | `dial` | opening the connection of a client: name, TCP, proxy, TLS, response head |
//! | `check` | the connections of `wsctl check` |
//! | `connection` | a numbered transport with its log |
//! | `outputs` | starts and ends the writer threads |
//! | `relay` | messages from one connection to others |
//! | `session` | drives a session over a connection |
//! | `program` | the program that replies to messages |
//! | `server` | accepting, admission, the opening handshake, replies |
//! | `client` | what a client sends, and when it closes |

mod check;
mod client;
mod connection;
mod context;
pub mod dial;
mod log;
mod memory;
mod outputs;
mod program;
mod relay;
mod server;
mod session;
mod stop;
mod transport;

pub use check::{
    CheckListener, NotConnected, drain, read_request, refuse, run_probe, start_client,
};
pub use client::{
    Action, ActionQueue, ActionSender, ClientConfig, ClientConnection, ClientEnd, EndRules,
    read_input, run as run_client,
};
pub use log::{
    ConnectionObserver, DeferredOutput, EventLog, LogBuffer, LogBuffers, Notice, NoticeScope,
    RecordOutput,
};
pub use outputs::OutputStreams;
pub use server::{Config, ReplyPolicy, Server};
pub use transport::{Tls, TlsError, Transport};
