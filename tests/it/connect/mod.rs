//! `wsctl connect`: what it sends, prints and returns.

mod client_faults;
mod ends;
mod faults;
mod input;
mod output;
mod real_servers;
mod request;
mod scripted_server;
mod terminal;

use std::fmt::Write as _;

use crate::helpers::log::normalized_of_client;
use crate::helpers::run::{Outcome, wsctl, wsctl_reading};
use crate::helpers::server::Server;

/// Runs `wsctl connect` with the URL of a server that echoes, and with these arguments, split at
/// spaces.
fn connect(server: &Server, arguments: &str) -> Outcome {
    wsctl(words(server, arguments))
}

/// The same with `input` on standard input.
fn connect_reading(server: &Server, arguments: &str, input: &str) -> Outcome {
    wsctl_reading(words(server, arguments), input.as_bytes())
}

fn words<'a>(server: &'a Server, arguments: &'a str) -> impl Iterator<Item = &'a str> {
    let arguments = arguments.split(' ').filter(|word| !word.is_empty());
    ["connect", server.url()].into_iter().chain(arguments)
}

/// An outcome with its times, ports, keys and masks replaced by constants.
fn shown(outcome: &Outcome) -> String {
    let mut shown = String::new();
    for line in outcome.to_string().lines() {
        writeln!(shown, "{}", normalized_of_client(line)).unwrap();
    }
    shown
}
