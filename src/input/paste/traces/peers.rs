//! The connections of a trace that names the ends of each packet, and which end is the client.

use std::collections::HashMap;

use crate::input::paste::chunk::Chunk;
use crate::input::paste::direction::Sent;

/// The chunks of several connections.
#[derive(Debug, Default)]
pub(super) struct Peers {
    numbers: HashMap<[String; 2], usize>,
    connections: Vec<PeerPair>,
    /// Each chunk with its connection, and whether the first end sent it.
    chunks: Vec<(Chunk, usize, bool)>,
}

#[derive(Debug)]
struct PeerPair {
    ends: [String; 2],
    is_first_client: Option<bool>,
}

impl Peers {
    /// Adds what one end sent to the other.
    pub(super) fn push(&mut self, source: &str, destination: &str, chunk: Chunk) {
        let ends = if source < destination {
            [source.to_owned(), destination.to_owned()]
        } else {
            [destination.to_owned(), source.to_owned()]
        };
        let is_first = source < destination;
        let next = self.connections.len();
        let number = *self.numbers.entry(ends.clone()).or_insert(next);
        if number == next {
            self.connections.push(PeerPair {
                ends,
                is_first_client: None,
            });
        }
        if let Some(is_client) = chunk.is_of_client()
            && let Some(connection) = self.connections.get_mut(number)
        {
            connection
                .is_first_client
                .get_or_insert(is_client == is_first);
        }
        self.chunks.push((chunk, number, is_first));
    }

    /// The chunks, with who sent each of them.
    pub(super) fn into_chunks(self) -> Vec<Chunk> {
        let connections = self.connections;
        let chunks = self
            .chunks
            .into_iter()
            .map(|(mut chunk, number, is_first)| {
                let is_first_client = connections.get(number).and_then(PeerPair::is_first_client);
                chunk.sent = is_first_client.map(|is_client| {
                    if is_client == is_first {
                        Sent::ByClient
                    } else {
                        Sent::ByServer
                    }
                });
                chunk.connection = u32::try_from(number).ok();
                chunk
            });
        chunks.collect()
    }
}

impl PeerPair {
    /// Whether the first end is the client: by a request or a response, else by the larger port.
    fn is_first_client(&self) -> Option<bool> {
        let [one, other] = self.ends.each_ref().map(|end| port(end));
        self.is_first_client.or_else(|| match (one?, other?) {
            (one, other) if one == other => None,
            (one, other) => Some(one > other),
        })
    }
}

/// The port of `127.0.0.1:9527`, `127.0.0.1.9527`, `[::1]:9527`.
fn port(end: &str) -> Option<u32> {
    end.rsplit([':', '.']).next()?.parse().ok()
}
