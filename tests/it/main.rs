//! wsctl as its users meet it: the program, whole outputs and statuses compared.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod accept;
mod agreements;
mod browser;
mod captures;
mod conformance;
mod crowds;
mod decode;
mod encode;
mod explain;
mod fastwebsockets;
mod faults;
mod foreign;
mod fuzz;
mod generated;
mod handshake;
mod layers;
mod lengths;
mod linear;
mod options;
mod page;
mod panel;
mod pieces;
mod readme;
mod runner;
mod samples;
mod screen;
mod serve;
mod serve_findings;
mod serve_to;
mod shells;
mod shown;
mod soak;
mod steady;
mod stopped;
mod streams;
mod terminal;
mod tls;
mod transcripts;
mod webdriver;
