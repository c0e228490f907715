//! The handshake in a log or in source code: heads that `input` finds line by line.

use crate::input::{FoundInText, Head, HeadKind, MOST_HEAD};
use crate::ws::handshake::{Handshake, LineEnds, check_key};

/// A handshake of which parts may not have been copied.
pub(super) struct PastedHandshake {
    pub(super) handshake: Handshake,
    /// The rules that only say that a header is missing which was not copied.
    pub(super) not_copied: Vec<&'static str>,
}

/// Reads the heads of a text, and what is to be told of how they were read. Of several exchanges
/// the last one counts. None if there is no head.
pub(super) fn read(bytes: &[u8]) -> Option<(PastedHandshake, Vec<String>)> {
    let text = FoundInText::text_of(bytes)?;
    let heads = FoundInText::heads(&text);
    let last = |kind| heads.iter().rfind(|head| head.kind == kind);
    let (request, response) = (last(HeadKind::Request), last(HeadKind::Response));
    let mut notes = Vec::new();
    let mut not_copied = Vec::new();
    let response_text = response.map(|head| text_of(head, &mut notes, &mut not_copied));
    let request_text = match request {
        Some(head) => Some(text_of(head, &mut notes, &mut not_copied)),
        None => response.and_then(|_| request_with_key(&text, &mut notes, &mut not_copied)),
    };
    let is_on_the_wire = [request, response]
        .into_iter()
        .flatten()
        .all(|head| head.is_on_the_wire);
    let ends = if is_on_the_wire && !heads.is_empty() {
        LineEnds::OnTheWire
    } else {
        LineEnds::AsPasted
    };
    let handshake = Handshake::read(request_text.as_deref(), response_text.as_deref(), ends);
    let has_head = handshake.request.is_some() || handshake.response.is_some();
    let pasted = PastedHandshake {
        handshake,
        not_copied,
    };
    has_head.then_some((pasted, notes))
}

/// The text of a head. One without its first line gets one, and what else it lacks is told.
fn text_of(head: &Head, notes: &mut Vec<String>, not_copied: &mut Vec<&'static str>) -> Vec<u8> {
    if head.is_too_large {
        notes.push(format!(
            "the head is larger than {} KiB; the rest is left out",
            MOST_HEAD >> 10
        ));
    }
    if !head.has_no_first_line {
        return head.text.clone();
    }
    let (first, name, headers) = match head.kind {
        HeadKind::Request => ("GET / HTTP/1.1\n", "request", REQUEST),
        HeadKind::Response => ("HTTP/1.1 101 Switching Protocols\n", "response", RESPONSE),
    };
    let text = String::from_utf8_lossy(&head.text).to_ascii_lowercase();
    let is_missing = |(header, _): &&(&str, &[&str])| {
        let line = format!("{}:", header.to_ascii_lowercase());
        !text.lines().any(|found| found.starts_with(&line))
    };
    let missing: Vec<_> = headers.iter().filter(is_missing).collect();
    not_copied.extend(missing.iter().flat_map(|(_, rules)| rules.iter().copied()));
    let names: Vec<&str> = missing.iter().map(|(header, _)| *header).collect();
    let and = if names.is_empty() { "" } else { " and " };
    notes.push(format!(
        "these are header lines alone: the first line of the {name}{and}{} are not there",
        names.join(", ")
    ));
    [first.as_bytes(), &head.text].concat()
}

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

/// A request with the key that stands elsewhere in a text, after a word that ends in `key`.
fn request_with_key(
    text: &str,
    notes: &mut Vec<String>,
    not_copied: &mut Vec<&'static str>,
) -> Option<Vec<u8>> {
    let mut word_before = "";
    for word in text.split_whitespace() {
        let is_named = word_before
            .trim_end_matches([':', '=', ','])
            .to_ascii_lowercase()
            .ends_with("key");
        let key = word.trim_matches(['"', '\'', ',', ';']);
        if is_named && key.len() == 24 && check_key(key.as_bytes()).is_ok() {
            notes.push(format!(
                "the key of the request is the one after `{word_before}`"
            ));
            not_copied.extend(REQUEST.iter().flat_map(|(_, rules)| rules.iter().copied()));
            not_copied.extend(["resp-subprotocol-wrong", "resp-extension-unrequested"]);
            return Some(format!("GET / HTTP/1.1\nSec-WebSocket-Key: {key}\n\n").into_bytes());
        }
        word_before = word;
    }
    None
}
