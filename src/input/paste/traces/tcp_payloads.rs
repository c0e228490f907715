//! The payloads of TCP in a trace that names the fields of each packet.
//!
//! The readers of tshark's formats add them; a payload that was sent again is left out.

use std::collections::HashSet;

use super::peers::Peers;
use crate::input::paste::chunk::Chunk;
use crate::notation::Notation;

/// The payload of one packet.
pub(super) struct TcpPayload {
    /// The address and the port of the sender.
    pub(super) source: String,
    pub(super) destination: String,
    /// The sequence number, if the trace has it.
    pub(super) sequence: Option<String>,
    /// The bytes in hexadecimal, with colons between them or without.
    pub(super) digits: String,
    pub(super) time: Option<String>,
}

/// The payloads of all packets.
#[derive(Default)]
pub(super) struct TcpPayloads {
    seen: HashSet<(String, String)>,
    peers: Peers,
}

impl TcpPayloads {
    /// Adds a payload, unless it has come before or is no hexadecimal.
    pub(super) fn add(&mut self, payload: TcpPayload) {
        let TcpPayload {
            source,
            destination,
            sequence,
            digits,
            time,
        } = payload;
        let ends = format!("{source} {destination}");
        if sequence.is_some_and(|sequence| !self.seen.insert((ends, sequence))) {
            return;
        }
        let mut bytes = Vec::new();
        if Notation::Hex.read(digits.as_bytes(), &mut bytes).is_ok() {
            let chunk = Chunk::of_bytes(bytes, Notation::Hex, None).at(time.as_deref());
            self.peers.push(&source, &destination, chunk);
        }
    }

    /// The payloads in their order, with who sent each of them.
    pub(super) fn into_chunks(self) -> Vec<Chunk> {
        self.peers.into_chunks()
    }
}
