//! The connections of a text, and the order of their chunks. `PasteReader` uses it.

use std::collections::HashMap;

use super::chunk::{Chunk, Content};
use super::http_head::{Head, HeadKind};

/// The connections of a text, numbered from 1.
#[derive(Debug, Default)]
pub(super) struct Connections {
    numbers: HashMap<Key, u32>,
    /// The number of the last connection.
    last: Option<u32>,
    /// How many requests have begun a connection without a name.
    requests: u32,
    /// Whether a chunk other than a request came since the connection began.
    has_other: bool,
    /// The last request head, if no bytes came after it.
    request: Option<Head>,
    response: Option<Head>,
}

/// The identity of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// The number that a format gives it.
    Named(u32),
    /// The number of the request that began it.
    Request(u32),
}

impl Connections {
    /// Numbers the connections of the next chunks, and puts those of a connection one after another.
    /// A chunk without a connection belongs to that of the chunk before. A request begins another
    /// connection. A text with one connection has no numbers.
    ///
    /// If a program prints a head twice, as bytes and as text, the second one is left out.
    pub(super) fn sort(&mut self, chunks: Vec<Chunk>) -> Vec<Chunk> {
        let mut sorted = Vec::with_capacity(chunks.len());
        for mut chunk in chunks {
            if self.is_repeated(&chunk) {
                continue;
            }
            chunk.connection = self.number(&chunk);
            sorted.push(chunk);
        }
        if self.numbers.len() > 1 {
            sorted.sort_by_key(|chunk| chunk.connection);
        } else {
            for chunk in &mut sorted {
                chunk.connection = None;
            }
        }
        sorted
    }

    /// Whether a chunk is the same head as the last one of its kind, without bytes between them.
    fn is_repeated(&mut self, chunk: &Chunk) -> bool {
        let Content::Head(head) = &chunk.content else {
            (self.request, self.response) = (None, None);
            return false;
        };
        let last = match head.kind {
            HeadKind::Request => &mut self.request,
            HeadKind::Response => &mut self.response,
        };
        if last.as_ref().is_some_and(|last| last.is_same_as(head)) {
            return true;
        }
        *last = Some(head.clone());
        if head.kind == HeadKind::Request {
            self.response = None;
        }
        false
    }

    fn number(&mut self, chunk: &Chunk) -> Option<u32> {
        let is_request = is_request(chunk);
        let key = match chunk.connection {
            Some(name) => Key::Named(name),
            // A log may continue with the next connection without saying so.
            None if self.last.is_none() || is_request && self.has_other => {
                self.requests += 1;
                Key::Request(self.requests)
            }
            None => {
                self.has_other |= !is_request;
                return self.last;
            }
        };
        self.has_other = !is_request;
        let next = u32::try_from(self.numbers.len() + 1).unwrap_or(u32::MAX);
        self.last = Some(*self.numbers.entry(key).or_insert(next));
        self.last
    }
}

/// Whether a chunk begins a connection: a request head, or bytes with a request to upgrade.
fn is_request(chunk: &Chunk) -> bool {
    match &chunk.content {
        Content::Head(head) => head.kind == HeadKind::Request,
        Content::Bytes { bytes, .. } if bytes.starts_with(b"GET ") => {
            let bytes = bytes.get(..MOST_LOOKED_AT).unwrap_or(bytes);
            let text = bytes.to_ascii_lowercase();
            memchr::memmem::find(&text, b"\nupgrade: websocket").is_some()
        }
        _ => false,
    }
}

/// How many bytes of a request are searched for `Upgrade`.
const MOST_LOOKED_AT: usize = 4 << 10;
