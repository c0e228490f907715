//! A server and a client in memory that conform to RFC 6455 and RFC 7692 but for one deviation, and the probe
//! of a case that talks to it, with a clock of its own.

mod client;
pub(super) mod deviation;
mod frames;
mod handshake;
mod run;

use wsctl::ws::Role;

use client::Client;
use deviation::Deviation;
use frames::Frames;
pub(super) use run::{failing, failing_clients, observations};

/// The largest message that the server accepts.
const LIMIT: usize = 1 << 20;

/// The text at which the server closes.
const CLOSES_AT: &str = "bye";

/// What the server does on the connection.
#[derive(Debug)]
enum Action {
    Send(Vec<u8>),
    Fin,
}

/// A connection of the server.
struct Peer<'d> {
    deviation: Option<&'d Deviation>,
    head: Vec<u8>,
    /// None before the 101.
    frames: Option<Frames<'d>>,
    is_over: bool,
}

impl<'d> Peer<'d> {
    fn new(deviation: Option<&'d Deviation>) -> Self {
        Self {
            deviation,
            head: Vec::new(),
            frames: None,
            is_over: false,
        }
    }

    /// Takes the bytes of one read.
    fn handle_bytes(&mut self, bytes: &[u8]) -> Vec<Action> {
        if self.is_over {
            return Vec::new();
        }
        let mut actions = Vec::new();
        let mut rest = bytes.to_vec();
        if self.frames.is_none() {
            self.head.extend_from_slice(bytes);
            if let Some(Deviation::NeedsWholeHead(needs)) = self.deviation
                && self.head.len() == bytes.len()
                && needs(bytes)
            {
                self.is_over = true;
                return vec![Action::Fin];
            }
            let Some(opened) = handshake::answer(&self.head, self.deviation) else {
                return Vec::new();
            };
            actions.push(Action::Send(opened.response));
            let Some(negotiated) = opened.negotiated else {
                actions.push(Action::Fin);
                self.is_over = true;
                return actions;
            };
            rest = self.head.split_off(opened.size);
            self.frames = Some(Frames::new(&negotiated, self.deviation, Role::Server));
        }
        let frames = self.frames.as_mut().unwrap();
        frames.handle_bytes(&rest);
        actions.extend(frames.take_actions());
        self.is_over = frames.is_over();
        actions
    }

    /// The client has ended its stream.
    fn handle_fin(&mut self) -> Vec<Action> {
        let keeps = matches!(self.deviation, Some(Deviation::IgnoresFin));
        if self.is_over || keeps {
            return Vec::new();
        }
        self.is_over = true;
        vec![Action::Fin]
    }
}
