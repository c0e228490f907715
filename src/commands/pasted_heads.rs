//! The handshake in a file, a log or source code. `wsctl handshake` is the caller.
//!
//! In: a source. Out: the last request and the last response that `input` finds in it, and
//! notices about how they were read. The source is read piece by piece and not kept.

use super::evidence::evidence;
use super::heads_in_bytes::{BYTE_ORDER_MARK, HeadInBytes, HeadsInBytes};
use super::key_search::{FoundKey, KeySearch};
use crate::input::{Head, HeadKind, Input, InputError, InputNotice, MOST_HEAD, Source};
use crate::ws::handshake::{Handshake, LineEnds, OtherBytes, check_key};

/// What was read of a source.
pub(super) struct PastedHandshake {
    /// The heads; None if there are none.
    pub(super) handshake: Option<Handshake>,
    /// The beginning of what there is instead, if there are none.
    pub(super) other_bytes: Vec<u8>,
    /// How many bytes there are instead.
    pub(super) other_size: u64,
    /// The rules that only say that a header is missing which was not copied.
    pub(super) not_copied: Vec<&'static str>,
    /// The notices about how the heads were read.
    pub(super) notes: Vec<String>,
}

/// Reads the heads in a source. Of several exchanges the last one counts.
///
/// # Errors
///
/// [`InputError`] if the source cannot be read.
pub(super) fn read(source: Source) -> Result<PastedHandshake, InputError> {
    let contents = Contents::read(source)?;
    let mut pasted = PastedHandshake {
        handshake: None,
        other_bytes: Vec::new(),
        other_size: contents.size,
        not_copied: Vec::new(),
        notes: contents.notes.clone(),
    };
    if contents.request.is_some() || contents.response.is_some() {
        pasted.read_heads(contents);
    } else {
        pasted.read_bytes(contents);
    }
    Ok(pasted)
}

/// What `input` finds in a source.
#[derive(Default)]
struct Contents {
    /// The beginning of the source.
    start: Vec<u8>,
    /// The size of the source in bytes, without a byte-order mark of UTF-16.
    size: u64,
    request: Option<Head>,
    response: Option<Head>,
    /// The bytes that are no heads in a text.
    bytes: HeadsInBytes,
    keys: KeySearch,
    notes: Vec<String>,
}

impl Contents {
    fn read(source: Source) -> Result<Self, InputError> {
        let mut contents = Self::default();
        let mut input = Input::open_with_lines(source, evidence)?;
        loop {
            let has_chunk = input.advance();
            for notice in input.notices() {
                contents.note(&notice, input.is_raw());
            }
            match has_chunk {
                Ok(true) => {}
                Err(error @ InputError::Unreadable { .. }) => return Err(error),
                // Text that is no bytes is told as other bytes.
                Ok(false) | Err(_) => break,
            }
            contents.take(&input);
        }
        contents.bytes.finish();
        Ok(contents)
    }

    /// Takes a chunk.
    fn take(&mut self, input: &Input) {
        let chunk = input.chunk();
        if let Some(lines) = chunk.lines {
            self.take_source(lines);
            self.keys.take_lines(lines);
            return;
        }
        if input.is_raw() {
            self.take_source(chunk.bytes);
        }
        match chunk.head {
            Some(head) if head.kind == HeadKind::Request => {
                // A response belongs to the request before it.
                if self.request.replace(head.clone()).is_some() {
                    self.response = None;
                }
            }
            Some(head) => self.add_response(head),
            None => self.add_bytes(chunk.bytes),
        }
    }

    /// Takes bytes of the source as they are, and keeps the first of them.
    fn take_source(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        let room = MOST_HEAD.saturating_sub(self.start.len());
        let kept = bytes.get(..room).unwrap_or(bytes);
        self.start.extend_from_slice(kept);
    }

    /// Takes bytes that are no head of the text. A response that is written as bytes belongs to the
    /// request before it, and what stands between them is no body.
    fn add_bytes(&mut self, bytes: &[u8]) {
        match &mut self.request {
            Some(request)
                if self.response.is_none()
                    && bytes.starts_with(b"HTTP/1.")
                    && bytes.len() <= MOST_HEAD =>
            {
                request.after.clear();
                let mut head = Head::of_lines(HeadKind::Response, bytes.to_vec());
                head.is_on_the_wire = true;
                self.response = Some(head);
            }
            _ => self.bytes.push(bytes),
        }
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
            InputNotice::HeadTooLarge { .. } | InputNotice::LinesEndInCr => true,
            _ => false,
        };
        if is_told {
            self.notes.push(notice.to_string());
        }
    }
}

impl PastedHandshake {
    /// Heads that a text shows.
    fn read_heads(&mut self, contents: Contents) {
        let (request, response) = (contents.request.as_ref(), contents.response.as_ref());
        let response_text = response.map(|head| self.text_of(head));
        let request_text = match request {
            Some(head) => Some(self.text_of(head)),
            None => self.request_with_key(contents.keys.finish()),
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
            .filter_map(|head| position_of(head, &contents.start))
            .min();
        let prefix = contents.start.get(..first.unwrap_or(0));
        handshake.prefix = prefix.unwrap_or_default().to_vec();
        let notes = heads().filter_map(|head| head.note).map(str::to_owned);
        self.notes.extend(notes);
        self.notes.dedup();
        self.handshake = Some(handshake);
    }

    /// Heads in bytes: those of the source, or those that a text stands for.
    fn read_bytes(&mut self, contents: Contents) {
        let heads = contents.bytes;
        if heads.request.is_none() && heads.response.is_none() {
            let is_known = OtherBytes::of(&heads.prefix)
                .is_some_and(|other| !matches!(other, OtherBytes::Text(_)));
            if is_known {
                (self.other_bytes, self.other_size) = (heads.prefix, heads.size);
            } else {
                self.other_bytes = contents.start;
                self.notes.clear();
            }
            return;
        }
        let bytes_of = |head: &Option<HeadInBytes>| head.as_ref().map(|head| head.kept().to_vec());
        let (request, response) = (bytes_of(&heads.request), bytes_of(&heads.response));
        let ends = LineEnds::OnTheWire;
        let mut handshake = Handshake::read(request.as_deref(), response.as_deref(), ends);
        handshake.prefix = heads.prefix;
        if let (Some(parsed), Some(head)) = (&mut handshake.request, &heads.request) {
            parsed.rest_size += head.omitted;
        }
        if let (Some(parsed), Some(head)) = (&mut handshake.response, &heads.response) {
            parsed.rest_size += head.omitted;
        }
        let mut heads = [heads.request, heads.response].into_iter().flatten();
        if heads.any(|head| head.is_too_large()) {
            let limit = MOST_HEAD >> 10;
            self.notes
                .push(InputNotice::HeadTooLarge { limit }.to_string());
        }
        self.handshake = Some(handshake);
    }

    /// The text of a head. One without its first line gets one, and what else it lacks is told.
    fn text_of(&mut self, head: &Head) -> Vec<u8> {
        if !head.has_no_first_line {
            let is_remark = !head.is_on_the_wire && is_remark(&head.after);
            let after: &[u8] = if is_remark { b"" } else { &head.after };
            return [&head.text[..], after].concat();
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
    fn request_with_key(&mut self, keys: Vec<FoundKey>) -> Option<Vec<u8>> {
        let found = keys.into_iter().next()?;
        check_key(&found.key).ok()?;
        let key = String::from_utf8(found.key).ok()?;
        self.notes.push(format!(
            "the key of the request is the one after `{}`",
            found.name?
        ));
        let rules = REQUEST.iter().flat_map(|(_, rules)| rules.iter().copied());
        self.not_copied.extend(rules);
        self.not_copied
            .extend(["resp-subprotocol-wrong", "resp-extension-unrequested"]);
        Some(format!("GET / HTTP/1.1\nSec-WebSocket-Key: {key}\n\n").into_bytes())
    }
}

/// Whether a text after a head is what a person or a document adds: words of another alphabet, or a
/// tag that closes.
fn is_remark(after: &[u8]) -> bool {
    let text = String::from_utf8_lossy(after);
    let has_letters = text
        .chars()
        .any(|char| !char.is_ascii() && char.is_alphabetic());
    let is_protocol = text.trim_start().starts_with(['{', '[', '<']) || text.contains("HTTP/");
    text.trim_start().starts_with("</") || has_letters && !is_protocol
}

/// Where a head begins in a text that shows it as it is.
fn position_of(head: &Head, text: &[u8]) -> Option<usize> {
    let first_line = head.text.split(|byte| *byte == b'\n').next()?;
    let at = memchr::memmem::find(text, first_line)?;
    let before = text.get(..at)?;
    (before.is_empty() || before.ends_with(b"\n") || before == BYTE_ORDER_MARK).then_some(at)
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
