//! Tests of the program: they run it and compare its whole output and exit status. `tests/README.md`
//! says where each test is.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod accept;
mod check;
mod client_session;
mod conformance;
mod connect;
mod decode;
mod dial;
mod encode;
mod explain;
mod fuzz;
mod generated;
mod handshake;
mod helpers;
mod layers;
mod lengths;
mod options;
mod paused_output;
mod readme;
mod samples;
mod screen;
mod serve;
mod shells;
mod spellings;
mod terminal;
mod transcripts;
