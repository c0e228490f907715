//! Classifies bytes that `decode` got in place of frames: the payload of a message without its
//! frame, or bytes that a conversion damaged.
//!
//! In: the bytes at the start of a stream. Out: [`StreamContent`], or None where they may be
//! frames. The connection analyzer calls it before it reads frames.
//!
//! Frames come first: bytes whose first header breaks no rule are something else only if they
//! prove it. Any other reading must account for all bytes.

mod compressed;
mod damaged;
mod frames;
mod packets;
mod pending_note;
mod text;

#[cfg(test)]
mod tests;

use self::compressed::CompressedPayloads;
use self::frames::{are_frames, starts_wrong, tls_trailer};
use self::pending_note::PendingNote;
use super::{Finding, Location, LocationScope, Snippet, catalogue};
use crate::ws::{CloseBody, CloseCode};

/// What bytes are, if they are not a stream of frames.
#[derive(Debug)]
pub(super) enum StreamContent {
    /// The payload of a message, without the frame.
    Payload {
        /// What kind of payload: `raw DEFLATE`, `a close payload`.
        kind: &'static str,
        /// The payload as text.
        text: String,
        /// The note about it.
        finding: Finding,
    },
    /// Bytes that cannot be decoded, and why.
    Damaged(Finding),
    /// More bytes are needed to decide: the first ones do not begin a frame.
    Unclear,
    /// Frames, and bytes of the TLS record that they were in.
    FramesInTlsRecord {
        /// How many bytes belong to frames.
        frames: usize,
        /// The note about it.
        finding: Finding,
    },
}

/// Classifies the pieces of a stream, in order. A compressed payload may refer to earlier ones.
#[derive(Debug)]
pub(super) struct ContentReader {
    compressed: CompressedPayloads,
    /// A note to add to the first finding about bytes that were not classified.
    note: Option<PendingNote>,
}

/// More bytes than this are not classified.
const MAX_SIZE: usize = 1 << 20;

/// How many bytes may be held until the last ones have arrived.
const MAX_HELD: usize = 1 << 16;

impl ContentReader {
    /// A reader of which no payload was read.
    pub(super) const fn new() -> Self {
        Self {
            compressed: CompressedPayloads::new(),
            note: None,
        }
    }

    /// Classifies `bytes`, which begin at this offset of the stream. After `is_last` no bytes
    /// follow. None if they may be frames, or are unknown.
    ///
    /// The result does not depend on how the bytes are cut into pieces.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        offset: u64,
        is_last: bool,
    ) -> Option<StreamContent> {
        if bytes.is_empty() || bytes.len() > MAX_SIZE {
            return None;
        }
        let at = |finding: Finding| finding.at(location(bytes, offset));
        let starts_wrong = starts_wrong(bytes);
        let is_unclear = starts_wrong || damaged::may_become_encoded(bytes);
        if is_unclear && !is_last && bytes.len() < MAX_HELD {
            return Some(StreamContent::Unclear);
        }
        if (starts_wrong || damaged::may_be_encoded(bytes))
            && let Some(finding) = damage(bytes, starts_wrong)
        {
            return Some(StreamContent::Damaged(at(finding)));
        }
        if !starts_wrong
            && is_last
            && let Some(content) = tls_trailer(bytes, offset)
        {
            return Some(content);
        }
        let payload = if starts_wrong {
            self.payload(bytes)
        } else if is_last {
            self.payload_like_a_frame(bytes)
        } else {
            None
        };
        let Some(Payload { kind, text, notes }) = payload else {
            self.note = if starts_wrong {
                PendingNote::of(bytes, offset)
            } else {
                PendingNote::of_lost_length(bytes, offset).filter(|_| is_last)
            };
            return None;
        };
        let message = format!("{kind}: the payload of a message without its frame");
        let mut finding = at(Finding::new(&catalogue::PAYLOAD_ALONE, message));
        finding.notes = notes;
        Some(StreamContent::Payload {
            kind,
            text,
            finding,
        })
    }

    /// The reading as raw DEFLATE of bytes whose first header is valid, but whose frames are not
    /// complete and valid.
    fn payload_like_a_frame(&mut self, bytes: &[u8]) -> Option<Payload> {
        const SHORTEST: usize = 5;
        if !self.compressed.may_begin(bytes) || are_frames(bytes) {
            return None;
        }
        let payload = self.compressed.raw(bytes);
        payload.filter(|payload| payload.text.chars().count() >= SHORTEST)
    }

    /// Whether a note waits for the first finding.
    pub(super) const fn has_note(&self) -> bool {
        self.note.is_some()
    }

    /// Adds a note to the first finding about bytes that were not named: what else they may be.
    pub(super) fn add_note(&mut self, finding: &mut Finding) {
        if let Some(note) = self.note.take_if(|note| note.belongs_to(finding)) {
            finding.notes.push(note.text.to_owned());
        }
    }

    /// The reading as a payload with the best evidence: first those with a checksum, then those
    /// with a structure.
    fn payload(&mut self, bytes: &[u8]) -> Option<Payload> {
        compressed::container(bytes)
            .or_else(|| text::read(bytes))
            .or_else(|| self.compressed.raw(bytes))
            .or_else(|| close(bytes))
            .or_else(|| packets::mqtt(bytes))
    }
}

/// A payload that was recognized.
#[derive(Debug)]
struct Payload {
    kind: &'static str,
    text: String,
    notes: Vec<String>,
}

impl Payload {
    fn new(kind: &'static str, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            notes: Vec::new(),
        }
    }

    fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

/// A close code that may be sent or has a name, and a readable reason.
fn close(bytes: &[u8]) -> Option<Payload> {
    const LONGEST: usize = 125;
    let CloseBody::Code(code, reason) = CloseBody::parse(bytes) else {
        return None;
    };
    let reason = readable(reason).filter(|_| bytes.len() <= LONGEST)?;
    let is_registered = code.name().is_some() && code.0 < 4000;
    let is_likely = code.may_be_sent() && (reason.is_empty() || reason.chars().count() >= 3);
    (is_registered || is_likely).then(|| {
        let text = match reason {
            "" => code.to_string(),
            reason => format!("{code} {reason}"),
        };
        let payload = Payload::new("a close payload", text);
        match code {
            CloseCode(1005 | 1006 | 1015) => payload.note(format!(
                "close code {} is only for reports of an endpoint, and must not be sent",
                code.0
            )),
            _ => payload,
        }
    })
}

/// The first bytes of a stream or a part of it, to be shown.
fn location(bytes: &[u8], offset: u64) -> Location {
    const MAX_SHOWN: usize = 16;
    const MAX_MARKED: usize = 4;
    Location {
        scope: LocationScope::Stream,
        offset,
        length: bytes.len().min(MAX_MARKED) as u64,
        direction: None,
        snippet: Some(Snippet::Bytes {
            start: offset,
            bytes: bytes.get(..MAX_SHOWN).unwrap_or(bytes).to_vec(),
        }),
    }
}

/// The finding on bytes that were damaged in a conversion, or that are a part of something else.
fn damage(bytes: &[u8], starts_wrong: bool) -> Option<Finding> {
    damaged::header_through_utf8(bytes)
        .or_else(|| damaged::replaced(bytes).filter(|_| starts_wrong))
        .or_else(|| damaged::tls(bytes))
        .or_else(|| damaged::rest_of_head(bytes))
}

/// The bytes as readable text: UTF-8 without control characters other than tabs and line ends.
fn readable(bytes: &[u8]) -> Option<&str> {
    let is_control = |char: char| char.is_control() && !matches!(char, '\t' | '\n' | '\r');
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.contains(is_control)).then_some(text)
}

/// Whether most bytes are not printable ASCII, as those of compressed or encrypted data.
fn looks_random(bytes: &[u8]) -> bool {
    let printable = bytes
        .iter()
        .filter(|byte| matches!(byte, b' '..=b'~'))
        .count();
    printable * 2 < bytes.len()
}
