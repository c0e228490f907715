//! wsctl shows what is on the wire of a WebSocket connection, which rule of the RFC it
//! breaks, why it probably does, and what to change.
//!
//! # Layers
//!
//! | layer | what it does | uses |
//! |---|---|---|
//! | [`ws`] | the protocol, sans I/O: frames, rules, handshake, endpoint | |
//! | [`notation`] | bytes as text and back: hexadecimal, Python literals, hexdumps, … | |
//! | [`reply`] | the replies of a server: templates, names, recipients | |
//! | [`diagnosis`] | findings: which rule is broken, where, why, and what to change | `ws` |
//! | [`check`] | the cases of `wsctl check` and the state machine of a connection, sans I/O | `ws`, `diagnosis` |
//! | [`input`] | reads bytes from arguments, files and standard input | `notation` |
//! | [`net`] | sockets: the server, the client and their connections | `ws`, `reply`, `check` |
//! | [`render`] | formats results: lines, tables, JSON, colours | `diagnosis`, `ws`, `check` |
//! | [`cli`] | the arguments, their help and their parsing | the types of values |
//! | [`commands`] | one module a command, which joins the others | all of them |
//!
//! `main` parses the arguments with [`cli`] and calls [`commands::run`]. A test (`layers`)
//! fails on any other import.
//!
//! # From bytes to output
//!
//! `wsctl decode` (`commands/decode.rs`):
//!
//! 1. [`input::Input`] opens the source, recognises the notation, and returns pieces of
//!    bytes, each with its direction if the input has both.
//! 2. [`diagnosis::stream::ConnectionAnalyzer`] takes the pieces. It parses the request and
//!    the response, if there are any, and then decodes frames with `ws`, which also
//!    validates them. A violation becomes a [`diagnosis::Finding`], with its cause. After
//!    damage the analyzer searches for the next frame.
//! 3. It emits [`diagnosis::stream::Event`]s in the order of the bytes: a frame, pieces of
//!    payload, the end of the frame, findings; small text messages in batches.
//! 4. [`render::printer::StreamPrinter`] turns events into text or JSON, and the console
//!    writes them. Findings go to standard error, or into the JSON.
//!
//! `wsctl serve` (`commands/serve`):
//!
//! 1. [`net::Server`] accepts a connection, reads its request and answers it
//!    (`net/server/opening.rs`). `ws::handshake` validates the request and makes the response: a
//!    101, the page for browsers, or a refusal.
//! 2. `net/session` moves the bytes after it between the socket and a
//!    [`ws::session::Session`]. The [`ws::endpoint::Endpoint`] in it decodes and validates
//!    frames, answers pings and close frames, and fails the connection if a rule is broken.
//!    [`reply`] makes the replies to messages.
//! 3. Each step is a [`ws::session::ConnectionEvent`]. `commands/live_log` adds the findings of
//!    [`diagnosis::stream::LiveAnalyzer`] and gives both to the printers of `decode`. The threads
//!    of `net/log` write the log and the record. A received frame is logged before the reply to
//!    it is sent.
//!
//! `wsctl connect` (`commands/connect`):
//!
//! 1. `commands::dial` makes a target and a request of the options, and [`net::dial`] opens
//!    the connection, sends the request and reads the response.
//! 2. [`net::run_client`] validates the response with `ws::handshake` and drives the same session
//!    as the server, in the role of the client. A thread reads the input and queues what to send.
//! 3. The events go to the same log. If standard output is a pipe, it gets the messages, and
//!    standard error the log.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may panic"
    )
)]

pub mod check;
pub mod cli;
pub mod commands;
pub mod diagnosis;
mod error;
pub mod input;
pub mod net;
pub mod notation;
pub mod render;
pub mod reply;
pub mod ws;

pub use error::{Error, Outcome};
