//! Excerpts of payloads: the beginning and the end of what may be of any size.

use std::borrow::Cow;

use super::escape;
use super::words::{push_bytes, push_spaced_hex};

/// A payload, or its beginning and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excerpt<'a> {
    /// The beginning.
    pub head: &'a [u8],
    /// The end, if it is not in `head`; bytes between the two may be left out.
    pub tail: &'a [u8],
    /// The length of the whole payload in bytes.
    pub length: u64,
}

impl<'a> Excerpt<'a> {
    /// A whole payload.
    pub const fn whole(payload: &'a [u8]) -> Self {
        Self {
            head: payload,
            tail: &[],
            length: payload.len() as u64,
        }
    }

    /// The first `most` bytes of a payload, or all of it.
    pub fn beginning(payload: &'a [u8], most: usize) -> Self {
        Self {
            head: first(payload, most),
            tail: &[],
            length: payload.len() as u64,
        }
    }

    /// How many bytes between the beginning and the end are left out.
    pub const fn omitted(&self) -> u64 {
        self.length - self.head.len() as u64 - self.tail.len() as u64
    }

    /// Whether it is readable text: UTF-8 without control characters other than white space.
    /// The characters at a cut may be incomplete.
    pub fn is_readable(&self) -> bool {
        let cut = !self.tail.is_empty() || self.omitted() > 0;
        is_text(self.head, cut) && is_text(after_cut_character(self.tail), false)
    }

    /// Appends it as text in quotes; of a long one the beginning and the end, unless `full`.
    pub fn push_quoted(&self, out: &mut Vec<u8>, full: bool) {
        match self.ends(full, &TEXT) {
            Ends::Whole(bytes) => escape::push_quoted(out, &bytes),
            Ends::Two(head, tail) => {
                escape::push_quoted(out, up_to_cut_character(head));
                out.extend_from_slice(" … ".as_bytes());
                escape::push_quoted(out, after_cut_character(&tail));
            }
        }
    }

    /// Appends it in hexadecimal, `00 ff`; of a long one the beginning and the end, unless
    /// `full`.
    pub fn push_hex(&self, out: &mut Vec<u8>, full: bool) {
        match self.ends(full, &HEX) {
            Ends::Whole(bytes) => push_spaced_hex(out, &bytes),
            Ends::Two(head, tail) => {
                push_spaced_hex(out, head);
                out.extend_from_slice(" … ".as_bytes());
                push_spaced_hex(out, &tail);
            }
        }
    }

    /// Appends it as text if it is readable, else in hexadecimal, and its length.
    pub fn push_with_length(&self, out: &mut Vec<u8>) {
        if self.is_readable() {
            self.push_quoted(out, false);
        } else {
            self.push_hex(out, false);
        }
        out.extend_from_slice(b" [");
        push_bytes(out, self.length);
        out.push(b']');
    }

    /// All of it, or what to show of its beginning and its end. If nothing is left out between
    /// `head` and `tail`, what is shown of the end may begin in `head`.
    #[inline]
    fn ends(&self, full: bool, limits: &ExcerptLimits) -> Ends<'a> {
        let is_all_here = self.omitted() == 0;
        if is_all_here && (full || self.length <= limits.whole as u64) {
            return Ends::Whole(joined(self.head, self.tail));
        }
        let head = if full {
            self.head
        } else {
            first(self.head, limits.head)
        };
        let in_tail = last(self.tail, limits.tail);
        let missing = if is_all_here {
            limits.tail - in_tail.len()
        } else {
            0
        };
        Ends::Two(head, joined(last(self.head, missing), in_tail))
    }
}

/// What is shown of a payload: all of it, or its two ends.
enum Ends<'a> {
    Whole(Cow<'a, [u8]>),
    Two(&'a [u8], Cow<'a, [u8]>),
}

/// Collects an [`Excerpt`] of a payload that arrives in pieces.
#[derive(Debug)]
pub struct ExcerptBuffer {
    limit: usize,
    head: Vec<u8>,
    tail: Vec<u8>,
    length: u64,
}

impl ExcerptBuffer {
    /// Keeps the first `limit` bytes and the last 18.
    pub const fn new(limit: usize) -> Self {
        Self {
            limit,
            head: Vec::new(),
            tail: Vec::new(),
            length: 0,
        }
    }

    /// Keeps as much as a line or a table shows of a payload.
    pub const fn for_lines() -> Self {
        Self::new(WHOLE_IN_A_TABLE)
    }

    /// Begins a new payload.
    pub fn clear(&mut self) {
        self.head.clear();
        self.tail.clear();
        self.length = 0;
    }

    /// Adds a piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.length += piece.len() as u64;
        let room = (self.limit - self.head.len()).min(piece.len());
        let (head, rest) = piece.split_at(room);
        self.head.extend_from_slice(head);
        if rest.is_empty() {
            return;
        }
        self.tail.extend_from_slice(last(rest, TEXT.tail));
        let surplus = self.tail.len().saturating_sub(TEXT.tail);
        self.tail.drain(..surplus);
    }

    /// The excerpt of a payload that is in memory already, without a copy.
    pub fn excerpt_of<'a>(&self, payload: &'a [u8]) -> Excerpt<'a> {
        let (head, rest) = payload.split_at(self.limit.min(payload.len()));
        Excerpt {
            head,
            tail: last(rest, TEXT.tail),
            length: payload.len() as u64,
        }
    }

    /// The excerpt of the pieces so far.
    pub fn excerpt(&self) -> Excerpt<'_> {
        Excerpt {
            head: &self.head,
            tail: &self.tail,
            length: self.length,
        }
    }
}

/// How much of a payload a line shows, in bytes.
struct ExcerptLimits {
    /// A payload of at most this length is shown whole.
    whole: usize,
    /// The length of the beginning of a longer one.
    head: usize,
    /// The length of its end.
    tail: usize,
}

/// A table shows a payload of at most this length whole.
pub(super) const WHOLE_IN_A_TABLE: usize = 96;

const TEXT: ExcerptLimits = ExcerptLimits {
    whole: 72,
    head: 42,
    tail: 18,
};
const HEX: ExcerptLimits = ExcerptLimits {
    whole: 32,
    head: 20,
    tail: 8,
};

/// Two pieces in one, without a copy if one of them is empty.
fn joined<'a>(left: &'a [u8], right: &'a [u8]) -> Cow<'a, [u8]> {
    match (left, right) {
        (all, []) | ([], all) => all.into(),
        _ => [left, right].concat().into(),
    }
}

fn is_text(bytes: &[u8], may_be_cut: bool) -> bool {
    let bytes = if may_be_cut {
        up_to_cut_character(bytes)
    } else {
        bytes
    };
    let is_white = |char| matches!(char, '\t' | '\n' | '\r');
    let is_readable = |char: char| !char.is_control() || is_white(char);
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') || is_white(byte.into());
    bytes.iter().all(|byte| is_plain(*byte))
        || std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(is_readable))
}

/// The first `limit` bytes of a payload, without an incomplete character at their end.
pub(super) fn beginning(bytes: &[u8], limit: usize) -> &[u8] {
    bytes.get(..limit).map_or(bytes, up_to_cut_character)
}

/// The bytes without an incomplete character at their end.
fn up_to_cut_character(bytes: &[u8]) -> &[u8] {
    if bytes.last().is_some_and(u8::is_ascii) {
        return bytes;
    }
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => first(bytes, error.valid_up_to()),
        _ => bytes,
    }
}

/// The bytes without an incomplete character at their beginning.
fn after_cut_character(bytes: &[u8]) -> &[u8] {
    bytes
        .get(bytes_of_cut_character(bytes)..)
        .unwrap_or_default()
}

/// How many bytes at the beginning are the end of a character: 0 to 3.
pub(super) fn bytes_of_cut_character(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take(3)
        .take_while(|byte| matches!(byte, 0x80..=0xbf))
        .count()
}

fn first(bytes: &[u8], size: usize) -> &[u8] {
    bytes.get(..size).unwrap_or(bytes)
}

fn last(bytes: &[u8], size: usize) -> &[u8] {
    bytes
        .get(bytes.len().saturating_sub(size)..)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(excerpt: &Excerpt<'_>, full: bool) -> String {
        let mut out = Vec::new();
        excerpt.push_quoted(&mut out, full);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_long_text_shows_its_beginning_and_its_end() {
        let text = "今天天气很不错".repeat(10);
        let excerpt = Excerpt::whole(text.as_bytes());
        assert_eq!(
            quoted(&excerpt, false),
            "\"今天天气很不错今天天气很不错\" … \"天天气很不错\""
        );
        assert_eq!(quoted(&excerpt, true), format!("\"{text}\""));
    }

    #[test]
    fn the_pieces_do_not_matter_for_the_excerpt() {
        let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        for size in [1, 7, 100, 10_000] {
            let mut buffer = ExcerptBuffer::for_lines();
            bytes.chunks(size).for_each(|piece| buffer.push(piece));
            let excerpt = buffer.excerpt();
            assert_eq!(excerpt.head, &bytes[..96]);
            assert_eq!(excerpt.tail, &bytes[10_000 - 18..]);
            assert_eq!(excerpt.omitted(), 10_000 - 114);
            assert_eq!(buffer.excerpt_of(&bytes), excerpt);
        }
    }

    #[test]
    fn an_excerpt_of_pieces_looks_like_one_of_the_whole() {
        for size in [0, 1, 32, 33, 72, 73, 95, 96, 97, 113, 114, 115, 1000] {
            let bytes: Vec<u8> = (b'a'..=b'z').cycle().take(size).collect();
            let mut buffer = ExcerptBuffer::for_lines();
            bytes.chunks(7).for_each(|piece| buffer.push(piece));
            let show = |excerpt: Excerpt<'_>| {
                let mut out = Vec::new();
                excerpt.push_quoted(&mut out, false);
                excerpt.push_hex(&mut out, false);
                String::from_utf8(out).unwrap()
            };
            assert_eq!(
                show(buffer.excerpt()),
                show(Excerpt::whole(&bytes)),
                "{size}"
            );
        }
        let mut buffer = ExcerptBuffer::new(2);
        buffer.push(b"Hello");
        assert_eq!(quoted(&buffer.excerpt(), true), "\"Hello\"");
    }

    #[test]
    fn text_without_control_characters_is_readable() {
        assert!(Excerpt::whole("今天\n".as_bytes()).is_readable());
        assert!(!Excerpt::whole(b"a\0b").is_readable());
        assert!(!Excerpt::whole(b"a\xff").is_readable());
        let mut buffer = ExcerptBuffer::for_lines();
        buffer.push("天".repeat(1000).as_bytes());
        assert!(buffer.excerpt().is_readable());
    }
}
