//! The handshake in a file, a log or source code. `wsctl handshake` is the caller.
//!
//! In: the bytes of a source. Out: the last request and the last response that `input` finds in
//! them, and what is to be told of how they were read.

use super::evidence::evidence;
use crate::input::{Head, HeadKind, Input, InputNotice, Source};
use crate::ws::handshake::{Handshake, LineEnds, OtherBytes, check_key};

/// What was read of a source.
pub(super) struct PastedHandshake {
    /// The heads; None if there are none.
    pub(super) handshake: Option<Handshake>,
    /// What there is instead, if there are none.
    pub(super) other_bytes: Vec<u8>,
    /// The rules that only say that a header is missing which was not copied.
    pub(super) not_copied: Vec<&'static str>,
    /// What is to be told of how the heads were read.
    pub(super) notes: Vec<String>,
}

/// Reads the heads in the bytes of a source. Of several exchanges the last one counts.
pub(super) fn read(source: &Source, text: Vec<u8>) -> PastedHandshake {
    let contents = Contents::read(source, &text);
    let mut pasted = PastedHandshake {
        handshake: None,
        other_bytes: text,
        not_copied: Vec::new(),
        notes: contents.notes.clone(),
    };
    if contents.request.is_some() || contents.response.is_some() {
        pasted.read_heads(&contents);
    } else {
        pasted.read_bytes(contents);
    }
    pasted
}

/// What `input` finds in a source.
#[derive(Default)]
struct Contents {
    request: Option<Head>,
    response: Option<Head>,
    /// The bytes that are no heads in a text.
    bytes: Vec<u8>,
    notes: Vec<String>,
}

impl Contents {
    fn read(source: &Source, text: &[u8]) -> Self {
        let mut contents = Self::default();
        let mut input = Input::of_bytes(source.clone(), text, evidence);
        while let Ok(true) = input.advance() {
            for notice in input.notices() {
                contents.note(&notice, input.is_raw());
            }
            let chunk = input.chunk();
            match chunk.head {
                Some(head) if head.kind == HeadKind::Request => {
                    // A response belongs to the request before it.
                    if contents.request.replace(head.clone()).is_some() {
                        contents.response = None;
                    }
                }
                Some(head) => contents.add_response(head),
                None => contents.bytes.extend_from_slice(chunk.bytes),
            }
        }
        contents
    }

    /// Takes a response. After a 101 no other one follows: it is part of what follows the 101.
    fn add_response(&mut self, head: &Head) {
        match &mut self.response {
            Some(first) if first.status() == Some(101) => first.after.extend_from_slice(&head.text),
            _ => self.response = Some(head.clone()),
        }
    }

    fn note(&mut self, notice: &InputNotice, is_raw: bool) {
        let is_told = match notice {
            InputNotice::ReadAs { .. } => !is_raw,
            InputNotice::HeadTooLarge { .. } => true,
            _ => false,
        };
        if is_told {
            self.notes.push(notice.to_string());
        }
    }
}

impl PastedHandshake {
    /// Heads that a text shows.
    fn read_heads(&mut self, contents: &Contents) {
        let (request, response) = (contents.request.as_ref(), contents.response.as_ref());
        let response_text = response.map(|head| self.text_of(head));
        let request_text = match request {
            Some(head) => Some(self.text_of(head)),
            None => response.and_then(|_| self.request_with_key()),
        };
        let heads = || [request, response].into_iter().flatten();
        let ends = if heads().all(|head| head.is_on_the_wire) {
            LineEnds::OnTheWire
        } else {
            LineEnds::AsPasted
        };
        let mut handshake =
            Handshake::read(request_text.as_deref(), response_text.as_deref(), ends);
        handshake.has_exact_names = heads().all(|head| head.has_exact_names);
        let first = heads()
            .filter_map(|head| position_of(head, &self.other_bytes))
            .min();
        handshake.prefix = self
            .other_bytes
            .get(..first.unwrap_or(0))
            .unwrap_or_default()
            .to_vec();
        let notes = heads().filter_map(|head| head.note).map(str::to_owned);
        self.notes.extend(notes);
        self.notes.dedup();
        self.handshake = Some(handshake);
    }

    /// Heads in bytes: those of the source, or those that a text stands for.
    fn read_bytes(&mut self, contents: Contents) {
        let heads = HeadsInBytes::find(&contents.bytes);
        let is_known = OtherBytes::of(&contents.bytes)
            .is_some_and(|other| !matches!(other, OtherBytes::Text(_)));
        let (request, response) = (heads.request, heads.response);
        if request.is_none() && response.is_none() {
            if is_known {
                self.other_bytes = contents.bytes;
            } else {
                self.notes.clear();
            }
            return;
        }
        let mut handshake = Handshake::read(request, response, LineEnds::OnTheWire);
        handshake.prefix = heads.prefix.to_vec();
        self.handshake = Some(handshake);
    }

    /// The text of a head. One without its first line gets one, and what else it lacks is told.
    fn text_of(&mut self, head: &Head) -> Vec<u8> {
        if !head.has_no_first_line {
            return [&head.text[..], &head.after].concat();
        }
        let (first, name, headers) = match head.kind {
            HeadKind::Request => ("GET / HTTP/1.1", "request", REQUEST),
            HeadKind::Response => ("HTTP/1.1 101 Switching Protocols", "response", RESPONSE),
        };
        let text = String::from_utf8_lossy(&head.text).to_ascii_lowercase();
        let is_missing = |(header, _): &&(&str, &[&str])| {
            let line = format!("{}:", header.to_ascii_lowercase());
            !text.lines().any(|found| found.starts_with(&line))
        };
        let missing: Vec<_> = headers.iter().filter(is_missing).collect();
        let rules = missing.iter().flat_map(|(_, rules)| rules.iter().copied());
        self.not_copied.extend(rules);
        let names: Vec<&str> = missing.iter().map(|(header, _)| *header).collect();
        let names = names.join(", ");
        let first = if let Some(known) = &head.known_first_line {
            if !names.is_empty() {
                self.notes
                    .push(format!("the {name} was copied without {names}"));
            }
            known
        } else {
            let missing = if names.is_empty() {
                format!("the first line of the {name} is not there")
            } else {
                format!("the first line of the {name} and {names} are not there")
            };
            self.notes
                .push(format!("these are header lines alone: {missing}"));
            first
        };
        [first.as_bytes(), b"\n", &head.text].concat()
    }

    /// A request with the key that stands elsewhere in the text, after a word that ends in `key`.
    fn request_with_key(&mut self) -> Option<Vec<u8>> {
        let text = String::from_utf8_lossy(&self.other_bytes).into_owned();
        let (name, key) = named_key(&text)?;
        self.notes
            .push(format!("the key of the request is the one after `{name}`"));
        let rules = REQUEST.iter().flat_map(|(_, rules)| rules.iter().copied());
        self.not_copied.extend(rules);
        self.not_copied
            .extend(["resp-subprotocol-wrong", "resp-extension-unrequested"]);
        Some(format!("GET / HTTP/1.1\nSec-WebSocket-Key: {key}\n\n").into_bytes())
    }
}

/// A key in a text, and the word before it, which ends in `key`.
fn named_key(text: &str) -> Option<(&str, &str)> {
    let mut word_before = "";
    for word in text.split_whitespace() {
        let is_named = word_before
            .trim_end_matches([':', '=', ','])
            .to_ascii_lowercase()
            .ends_with("key");
        let key = word.trim_matches(['"', '\'', ',', ';']);
        if is_named && key.len() == 24 && check_key(key.as_bytes()).is_ok() {
            return Some((word_before, key));
        }
        word_before = word;
    }
    None
}

/// Where a head begins in a text that shows it as it is.
fn position_of(head: &Head, text: &[u8]) -> Option<usize> {
    let first_line = head.text.split(|byte| *byte == b'\n').next()?;
    let at = text
        .windows(first_line.len())
        .position(|window| window == first_line)?;
    let before = text.get(..at)?;
    (before.is_empty() || before.ends_with(b"\n") || before == BYTE_ORDER_MARK).then_some(at)
}

/// What some editors write in front of a text, and some servers in front of a response.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The headers of a request, and the rules that tell of one that is missing.
const REQUEST: &[(&str, &[&str])] = &[
    ("Host", &["req-no-host"]),
    ("Upgrade", &["req-not-upgrade"]),
    ("Connection", &["req-connection-no-upgrade"]),
    ("Sec-WebSocket-Key", &["req-key-bad"]),
    ("Sec-WebSocket-Version", &["req-version"]),
];

/// The same of a response.
const RESPONSE: &[(&str, &[&str])] = &[
    ("Upgrade", &["resp-upgrade-connection"]),
    ("Connection", &["resp-upgrade-connection"]),
    ("Sec-WebSocket-Accept", &["accept-missing"]),
];

/// The heads in bytes, each up to the other or to the end.
#[derive(Debug, Default)]
struct HeadsInBytes<'a> {
    /// What precedes the first of them.
    prefix: &'a [u8],
    request: Option<&'a [u8]>,
    response: Option<&'a [u8]>,
}

impl<'a> HeadsInBytes<'a> {
    fn find(bytes: &'a [u8]) -> Self {
        let mut starts: Vec<(usize, HeadKind)> = Vec::new();
        let mut at = 0;
        if let Some(rest) = bytes.strip_prefix(BYTE_ORDER_MARK) {
            let mut heads = Self::find(rest);
            let size = BYTE_ORDER_MARK.len() + heads.prefix.len();
            heads.prefix = bytes.get(..size).unwrap_or_default();
            return heads;
        }
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let kind = Head::kind_of_line(line);
            if let Some(kind) = kind.filter(|kind| starts.iter().all(|(_, known)| known != kind)) {
                starts.push((at, kind));
            }
            at += line.len();
        }
        let end = |index: usize| {
            starts
                .get(index + 1)
                .map_or(bytes.len(), |(start, _)| *start)
        };
        let first = starts.first().map_or(bytes.len(), |(start, _)| *start);
        let mut heads = Self {
            prefix: bytes.get(..first).unwrap_or_default(),
            ..Self::default()
        };
        for (index, (start, kind)) in starts.iter().enumerate() {
            let head = bytes.get(*start..end(index));
            match kind {
                HeadKind::Request => heads.request = head,
                HeadKind::Response => heads.response = head,
            }
        }
        heads
    }
}
