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
mod packets;
mod text;

#[cfg(test)]
mod tests;

use self::compressed::CompressedPayloads;
use super::catalogue::RulePage;
use super::{Finding, Location, LocationScope, Severity, Snippet, catalogue};
use crate::ws::{CloseBody, CloseCode, FramePart, FrameReader, FrameValidator, Role, Rule};

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

/// What bytes may be, without enough evidence to classify them.
#[derive(Debug)]
struct PendingNote {
    /// Where the bytes begin in the stream.
    offset: u64,
    /// The rules whose findings it belongs to.
    rules: &'static [&'static RulePage],
    text: &'static str,
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
        let is_of_note = |note: &mut PendingNote| {
            let offset = finding.location.as_ref().map(|location| location.offset);
            offset == Some(note.offset) && note.rules.contains(&finding.page)
        };
        if let Some(note) = self.note.take_if(is_of_note) {
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

/// The rule of a payload that is longer than the data.
static LENGTH_RULES: &[&RulePage] = &[&catalogue::LEN_BEYOND_DATA];

/// The rule of text without a frame.
static TEXT_RULES: &[&RulePage] = &[&catalogue::RAW_TEXT_UNFRAMED];

/// The rules of a header that cannot begin a stream.
static HEADER_RULES: &[&RulePage] = &[
    &catalogue::RSV23_OR_OPCODE,
    &catalogue::CONTROL_FRAGMENTED,
    &catalogue::CONTINUATION_WITHOUT_START,
    &catalogue::PMD_RSV1_NOT_FIRST,
    &catalogue::DESYNC,
];

impl PendingNote {
    /// What may help where bytes at this offset are not named: text may be a payload alone, and
    /// not every compression leaves a trace.
    fn of(bytes: &[u8], offset: u64) -> Option<Self> {
        const SHORTEST: usize = 24;
        if readable(bytes).is_some() {
            return Some(Self {
                offset,
                rules: TEXT_RULES,
                text: "this may be the payload of a message alone, as logs print it: then nothing \
                       is wrong",
            });
        }
        (bytes.len() >= SHORTEST && looks_random(bytes)).then_some(Self {
            offset,
            rules: HEADER_RULES,
            text: "as a payload alone the bytes are no raw DEFLATE, zlib or gzip; Brotli has no \
                   signature, and wsctl does not decode it",
        })
    }

    /// What may help where text follows the first byte of a text frame: a length below 32 is a
    /// control character, which is lost where a log prints text.
    fn of_lost_length(bytes: &[u8], offset: u64) -> Option<Self> {
        let [0x81, text @ ..] = bytes else {
            return None;
        };
        let is_lost = (2..32).contains(&text.len()) && text.iter().all(|byte| *byte >= b' ');
        (is_lost && readable(text).is_some()).then_some(Self {
            offset: offset + 1,
            rules: LENGTH_RULES,
            text: "if all of this is text, the length is missing: a control character, which is \
                   lost where a log prints text",
        })
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

/// Complete frames, and after them the content type and the padding of a TLS 1.3 record (RFC
/// 8446 section 5.2), as a dump of the plaintext shows them.
fn tls_trailer(bytes: &[u8], offset: u64) -> Option<StreamContent> {
    let padding = bytes.iter().rev().take_while(|byte| **byte == 0).count();
    let (content, _) = bytes.split_at(bytes.len() - padding);
    let (0x15..=0x17, frames) = content.split_last()? else {
        return None;
    };
    let is_trailer = !frames.is_empty() && are_frames(frames) && !are_frames(bytes);
    is_trailer.then(|| {
        let message = format!(
            "the last {} bytes are not a frame: the content type of a TLS 1.3 record ({:02x}), and \
             its padding",
            padding + 1,
            content.last().copied().unwrap_or_default(),
        );
        let start = offset + frames.len() as u64;
        let trailer = bytes.get(frames.len()..).unwrap_or_default();
        let finding = Finding::new(&catalogue::OTHER_PROTOCOL_IN_STREAM, message)
            .certain_cause(
                "the dump shows the plaintext of a TLS record, with the fields after the data",
            )
            .fixed_by("leave these bytes out; nothing is wrong with the frames")
            .at(location(trailer, start));
        StreamContent::FramesInTlsRecord {
            frames: frames.len(),
            finding: Finding {
                severity: Severity::Note,
                ..finding
            },
        }
    })
}

/// Whether the first bytes cannot begin a stream of frames, whatever follows.
fn starts_wrong(bytes: &[u8]) -> bool {
    const LONGEST_HEADER: usize = 14;
    let mut header = [0; LONGEST_HEADER];
    for (place, byte) in header.iter_mut().zip(bytes) {
        *place = *byte;
    }
    let mut found = Vec::new();
    let mut reader = FrameReader::new(FrameValidator::new(None).with_deflate(true), 0);
    reader.decode_into(&mut &header[..], &mut [], &mut found);
    found.iter().any(|violation| {
        matches!(
            violation.rule,
            Rule::ReservedBits(_)
                | Rule::ReservedOpcode(_)
                | Rule::ControlFragmented(_)
                | Rule::ContinuationWithoutStart
                | Rule::CompressedNotFirst(_)
        ) || matches!(violation.rule, Rule::LengthHighestBit(_)) && bytes.len() >= LONGEST_HEADER
    })
}

/// Whether the bytes are complete frames of one sender that break no rule.
fn are_frames(bytes: &[u8]) -> bool {
    let mut buffer = [0; 4096];
    let mut found = Vec::new();
    let mut input = bytes;
    let validator = FrameValidator::new(None).with_deflate(true);
    let mut reader = FrameReader::new(validator, 0);
    while let Some(part) = reader.decode_into(&mut input, &mut buffer, &mut found) {
        if let FramePart::Header { offset, header } = part {
            let is_first = reader.validator().frames() == 0;
            reader.begin_frame(offset, &header);
            if is_first {
                reader.set_sender(match header.masking_key {
                    Some(_) => Role::Client,
                    None => Role::Server,
                });
            }
        }
        if !found.is_empty() {
            return false;
        }
    }
    reader.incomplete().is_none()
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
