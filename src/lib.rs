//! wsctl shows what is on the wire of a WebSocket connection, which rule it breaks, why
//! it probably does, and what to change.
//!
//! The rooms of this crate, from the inside out:
//!
//! | room | what it is for |
//! |---|---|
//! | [`ws`] | the protocol, sans I/O: what do the bytes say, and is it allowed? |
//! | [`notation`] | how people write bytes: text into bytes and back |
//! | [`diagnosis`] | why is it so? findings, in a person's words |
//! | [`input`] | where bytes come from: arguments, files, standard input |
//! | [`reply`] | what is answered, and to whom: templates, names, addressees |
//! | [`render`] | how things look: text, lines, tables, JSON, colour |
//! | [`net`] | sockets: the server |
//! | [`cli`] | what can be said on the command line |
//! | [`commands`] | what is done about it: the thin layer that joins the others |
//!
//! What each room may use is guarded by the test `layers`.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may panic"
    )
)]

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
