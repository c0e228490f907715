//! What is shown of a payload, which may be larger than anything.

use std::borrow::Cow;

use super::digits::{hex_digits, push_bytes};
use super::escape;

/// A payload, or its two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excerpt<'a> {
    /// The beginning.
    pub head: &'a [u8],
    /// The end, where it is not in `head`.
    pub tail: &'a [u8],
    /// How many bytes of the payload there are, those left out between the two included.
    pub length: u64,
}

impl<'a> Excerpt<'a> {
    /// All of a payload.
    pub const fn whole(payload: &'a [u8]) -> Self {
        Self {
            head: payload,
            tail: &[],
            length: payload.len() as u64,
        }
    }

    /// The beginning of a payload, up to `most` bytes.
    pub fn beginning(payload: &'a [u8], most: usize) -> Self {
        Self {
            head: first(payload, most),
            tail: &[],
            length: payload.len() as u64,
        }
    }

    /// How many bytes are left out.
    pub const fn left_out(&self) -> u64 {
        self.length - self.head.len() as u64 - self.tail.len() as u64
    }

    /// Whether it reads as text: UTF-8, and no controls but white space. Of a payload
    /// that is not whole, the ends may be cut inside a character.
    pub fn reads_as_text(&self) -> bool {
        let cut = !self.tail.is_empty() || self.left_out() > 0;
        is_text(self.head, cut) && is_text(after_cut_character(self.tail), false)
    }

    /// Appends it as text between quotes; a long one as its two ends unless `full`.
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

    /// Appends it in hexadecimal, `00 ff`; a long one as its two ends unless `full`.
    pub fn push_hex(&self, out: &mut Vec<u8>, full: bool) {
        match self.ends(full, &HEX) {
            Ends::Whole(bytes) => push_hex(out, &bytes),
            Ends::Two(head, tail) => {
                push_hex(out, head);
                out.extend_from_slice(" … ".as_bytes());
                push_hex(out, &tail);
            }
        }
    }

    /// Appends it as text if it reads as that, else in hexadecimal, and its length.
    pub fn push_readably(&self, out: &mut Vec<u8>) {
        if self.reads_as_text() {
            self.push_quoted(out, false);
        } else {
            self.push_hex(out, false);
        }
        out.extend_from_slice(b" [");
        push_bytes(out, self.length);
        out.push(b']');
    }

    /// All of it, or the two ends to show. The end may begin in the head, where that and
    /// the tail have all bytes between them.
    fn ends(&self, full: bool, limits: &Limits) -> Ends<'a> {
        let is_all_here = self.left_out() == 0;
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

/// What is shown of a payload.
enum Ends<'a> {
    Whole(Cow<'a, [u8]>),
    Two(&'a [u8], Cow<'a, [u8]>),
}

/// Keeps of a payload that comes in pieces what an [`Excerpt`] needs.
#[derive(Debug)]
pub struct ExcerptBuffer {
    limit: usize,
    head: Vec<u8>,
    tail: Vec<u8>,
    length: u64,
}

impl ExcerptBuffer {
    /// Keeps up to `limit` bytes from the beginning, and a few from the end.
    pub const fn new(limit: usize) -> Self {
        Self {
            limit,
            head: Vec::new(),
            tail: Vec::new(),
            length: 0,
        }
    }

    /// Enough for what a line or a table shows of a payload unless all is asked for.
    pub const fn for_lines() -> Self {
        Self::new(WHOLE_IN_A_TABLE)
    }

    /// A new payload begins.
    pub fn clear(&mut self) {
        self.head.clear();
        self.tail.clear();
        self.length = 0;
    }

    /// A piece of it.
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

    /// What it would keep of a payload that is at hand as a whole.
    pub fn excerpt_of<'a>(&self, payload: &'a [u8]) -> Excerpt<'a> {
        let (head, rest) = payload.split_at(self.limit.min(payload.len()));
        Excerpt {
            head,
            tail: last(rest, TEXT.tail),
            length: payload.len() as u64,
        }
    }

    /// What there is to show.
    pub fn excerpt(&self) -> Excerpt<'_> {
        Excerpt {
            head: &self.head,
            tail: &self.tail,
            length: self.length,
        }
    }
}

/// How much of a payload is shown, in bytes.
struct Limits {
    /// Up to this all of it, else
    whole: usize,
    /// so much of the beginning
    head: usize,
    /// and so much of the end.
    tail: usize,
}

/// Up to this a table shows all of a payload, which is more than a line shows.
pub(super) const WHOLE_IN_A_TABLE: usize = 96;

const TEXT: Limits = Limits {
    whole: 72,
    head: 42,
    tail: 18,
};
const HEX: Limits = Limits {
    whole: 32,
    head: 20,
    tail: 8,
};

/// Two pieces as one, without a copy where one of them is empty.
fn joined<'a>(left: &'a [u8], right: &'a [u8]) -> Cow<'a, [u8]> {
    match (left, right) {
        (all, []) | ([], all) => all.into(),
        _ => [left, right].concat().into(),
    }
}

fn push_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(&hex_digits(*byte));
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

/// Without the beginning of a character that was cut at the end.
fn up_to_cut_character(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => first(bytes, error.valid_up_to()),
        _ => bytes,
    }
}

/// Without the end of a character that was cut at the beginning.
fn after_cut_character(bytes: &[u8]) -> &[u8] {
    bytes
        .get(bytes_of_cut_character(bytes)..)
        .unwrap_or_default()
}

/// How many bytes at the beginning can only be the end of a character: 0 to 3.
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
    fn a_long_text_is_its_two_ends() {
        let text = "今天天气很不错".repeat(10);
        let excerpt = Excerpt::whole(text.as_bytes());
        assert_eq!(
            quoted(&excerpt, false),
            "\"今天天气很不错今天天气很不错\" … \"天天气很不错\""
        );
        assert_eq!(quoted(&excerpt, true), format!("\"{text}\""));
    }

    #[test]
    fn a_keeper_keeps_both_ends_however_the_pieces_are_cut() {
        let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        for size in [1, 7, 100, 10_000] {
            let mut keeper = ExcerptBuffer::for_lines();
            bytes.chunks(size).for_each(|piece| keeper.push(piece));
            let excerpt = keeper.excerpt();
            assert_eq!(excerpt.head, &bytes[..96]);
            assert_eq!(excerpt.tail, &bytes[10_000 - 18..]);
            assert_eq!(excerpt.left_out(), 10_000 - 114);
            assert_eq!(keeper.excerpt_of(&bytes), excerpt);
        }
    }

    #[test]
    fn kept_in_pieces_or_whole_it_looks_the_same() {
        for size in [0, 1, 32, 33, 72, 73, 95, 96, 97, 113, 114, 115, 1000] {
            let bytes: Vec<u8> = (b'a'..=b'z').cycle().take(size).collect();
            let mut keeper = ExcerptBuffer::for_lines();
            bytes.chunks(7).for_each(|piece| keeper.push(piece));
            let show = |excerpt: Excerpt<'_>| {
                let mut out = Vec::new();
                excerpt.push_quoted(&mut out, false);
                excerpt.push_hex(&mut out, false);
                String::from_utf8(out).unwrap()
            };
            assert_eq!(
                show(keeper.excerpt()),
                show(Excerpt::whole(&bytes)),
                "{size}"
            );
        }
        let mut keeper = ExcerptBuffer::new(2);
        keeper.push(b"Hello");
        assert_eq!(quoted(&keeper.excerpt(), true), "\"Hello\"");
    }

    #[test]
    fn what_reads_as_text() {
        assert!(Excerpt::whole("今天\n".as_bytes()).reads_as_text());
        assert!(!Excerpt::whole(b"a\0b").reads_as_text());
        assert!(!Excerpt::whole(b"a\xff").reads_as_text());
        let mut keeper = ExcerptBuffer::for_lines();
        keeper.push("天".repeat(1000).as_bytes());
        assert!(keeper.excerpt().reads_as_text());
    }
}
