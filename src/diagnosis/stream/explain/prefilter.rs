//! Which payloads may have a finding: a quick test of their first and last bytes.
//!
//! The analyzers ask it of every frame. Few payloads pass, and only those are looked at as a
//! whole, by [`application`](super::application) and [`text`](super::text).

use crate::ws::{FrameHeader, Opcode, Rsv};

/// How many bytes of each end are kept.
const SIZE: usize = 16;

/// The first and the last bytes of a payload, unmasked.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::diagnosis::stream) struct PayloadEdges {
    first: [u8; SIZE],
    last: [u8; SIZE],
    length: u64,
}

impl PayloadEdges {
    /// The edges of a whole payload.
    pub(in crate::diagnosis::stream) fn of(payload: &[u8]) -> Self {
        let mut ends = Self::default();
        ends.push(payload);
        ends
    }

    /// Adds the next piece of the payload.
    pub(in crate::diagnosis::stream) fn push(&mut self, piece: &[u8]) {
        let known = self.first().len();
        for (place, byte) in self.first.iter_mut().skip(known).zip(piece) {
            *place = *byte;
        }
        if let Some(last) = piece.last_chunk() {
            self.last = *last;
        } else {
            self.last.rotate_left(piece.len());
            for (place, byte) in self.last.iter_mut().rev().zip(piece.iter().rev()) {
                *place = *byte;
            }
        }
        self.length += piece.len() as u64;
    }

    /// Whether the payload may have a finding, if its frame is a whole message, uncompressed.
    pub(in crate::diagnosis::stream) fn may_have_finding(&self, header: &FrameHeader) -> bool {
        let is_message = header.fin && header.rsv == Rsv::NONE;
        let last = self.last().last().copied();
        is_message
            && (header.opcode == Opcode::CLOSE && header.masking_key.is_some()
                || header.opcode == Opcode::TEXT && self.have_unusual_control()
                || may_have_finding(header.opcode, self.first(), last))
    }

    /// Whether they contain a control character that text does not contain.
    pub(in crate::diagnosis::stream) fn have_unusual_control(&self) -> bool {
        has_unusual_control(self.first()) | has_unusual_control(self.last())
    }

    fn first(&self) -> &[u8] {
        let size = usize::try_from(self.length).unwrap_or(SIZE).min(SIZE);
        self.first.get(..size).unwrap_or_default()
    }

    fn last(&self) -> &[u8] {
        let size = self.first().len();
        self.last.get(SIZE - size..).unwrap_or_default()
    }
}

/// Whether bytes contain a control character other than white space. It looks at all of them
/// without a branch, several at once.
fn has_unusual_control(bytes: &[u8]) -> bool {
    let found = |found, byte: &u8| found | is_unusual_control(*byte);
    bytes.iter().fold(false, found)
}

/// Whether this is a control character other than white space.
pub(in crate::diagnosis::stream) const fn is_unusual_control(byte: u8) -> bool {
    byte.is_ascii_control() && !byte.is_ascii_whitespace()
}

/// Whether a message may have a finding of an application protocol, by its first bytes and its
/// last one.
pub(in crate::diagnosis::stream) fn may_have_finding(
    opcode: Opcode,
    start: &[u8],
    last: Option<u8>,
) -> bool {
    match opcode {
        Opcode::TEXT => {
            // A shorter text is filled up with spaces.
            let first_three = match *start {
                [first, second, third, ..] => [first, second, third],
                [first, second] => [first, second, b' '],
                [first] => [first, b' ', b' '],
                [] => return false,
            };
            last == Some(0) || may_be_heartbeat(start) || matches_a_kind(first_three)
        }
        Opcode::BINARY => matches!(start, [0x1f, 0x8b, ..] | [0x78, ..]),
        _ => false,
    }
}

/// Whether a text of one or two bytes may be a heart-beat.
const fn may_be_heartbeat(text: &[u8]) -> bool {
    matches!(text, b"\n" | b"\r\n" | b"2" | b"3")
}

/// The first three bytes of texts that may have a finding: the bytes that are possible at each
/// place. An empty list stands for all bytes.
const KINDS: [[&[u8]; 3]; 16] = [
    // NUL, or an MQTT packet.
    [b"\x00\x10", b"", b""],
    // UTF-16.
    [b"", b"\x00", b""],
    // A byte-order mark.
    [b"\xef", b"\xbb", b"\xbf"],
    // `[object Object]`, SockJS, a Python literal, SignalR.
    [b"[", b"o", b"b"],
    [b"a", b"[", b"\""],
    [b"b", b"'\"", b""],
    [b"{", b"\"", b"p"],
    // Engine.IO.
    [b"0", b"{", b"\""],
    [b"4", b"04", b"{"],
    [b"4", b"23", b""],
    // STOMP commands.
    [b"C", b"O", b"N"],
    [b"S", b"ETU", b"NOB"],
    [b"UN", b"NA", b"SC"],
    [b"MR", b"E", b"SC"],
    [b"DA", b"IC", b"SK"],
    [b"E", b"R", b"R"],
];

/// Whether a text with these first bytes is one of the kinds.
#[inline]
fn matches_a_kind([first, second, third]: [u8; 3]) -> bool {
    static AT: [[u16; 256]; 3] = [kinds_at(0), kinds_at(1), kinds_at(2)];
    let [at_first, at_second, at_third] = &AT;
    let kinds = |table: &[u16; 256], byte: u8| {
        let kinds = table.get(usize::from(byte));
        kinds.copied().unwrap_or_default()
    };
    kinds(at_first, first) & kinds(at_second, second) & kinds(at_third, third) != 0
}

/// For each byte, the kinds that have it at this place: one bit per kind.
const fn kinds_at(place: u8) -> [u16; 256] {
    let mut table = [0; 256];
    let mut rest: &mut [u16] = &mut table;
    let mut byte = 0_u8;
    while let [kinds, others @ ..] = rest {
        *kinds = kinds_with(byte, place);
        rest = others;
        byte = byte.wrapping_add(1);
    }
    table
}

const fn kinds_with(byte: u8, place: u8) -> u16 {
    let mut kinds: &[[&[u8]; 3]] = &KINDS;
    let (mut found, mut bit) = (0, 1_u16);
    while let [[first, second, third], others @ ..] = kinds {
        let bytes = match place {
            0 => first,
            1 => second,
            _ => third,
        };
        if bytes.is_empty() || contains(bytes, byte) {
            found |= bit;
        }
        kinds = others;
        bit = bit.wrapping_shl(1);
    }
    found
}

const fn contains(mut bytes: &[u8], byte: u8) -> bool {
    while let [first, others @ ..] = bytes {
        if *first == byte {
            return true;
        }
        bytes = others;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::application::diagnose;
    use super::*;

    #[test]
    fn an_unusual_control_is_found_at_both_ends_of_a_payload() {
        let ordinary = "tabs\tand lines\r\n".repeat(3);
        let found = |text: &str| PayloadEdges::of(text.as_bytes()).have_unusual_control();
        assert!(!found(&ordinary) && !found("short") && !found(""));
        assert!(found("\x01") && found("a\x7f"));
        assert!(found(&format!("\x02{ordinary}")));
        assert!(found(&format!("{ordinary}\x1b")));
    }

    #[test]
    fn texts_with_a_finding_pass_and_most_others_do_not() {
        let with_finding = [
            "\u{feff}text",
            "h\0i\0",
            "\0h\0i",
            "[object Object]",
            "b'text'",
            "b\"text\"",
            "a[\"text\"]",
            "0{\"sid\":\"a\"}",
            "40{\"sid\":\"a\"}",
            "44{\"message\":\"a\"}",
            "42[\"text\"]",
            "43/chat,7[\"text\"]",
            "{\"protocol\":\"json\",\"version\":1}",
            "\u{10}\u{c}\0\u{4}MQTT\u{4}\u{2}",
            "CONNECT\n\n",
            "CONNECTED\n\n",
            "STOMP\n\n",
            "SEND\na:b\n",
            "SUBSCRIBE\n\n",
            "UNSUBSCRIBE\n\n",
            "MESSAGE\n\n",
            "RECEIPT\n\n",
            "DISCONNECT\n\n",
            "ACK\n\n",
            "NACK\n\n",
            "ERROR\n\n",
        ];
        for text in with_finding {
            assert!(
                diagnose(Opcode::TEXT, text.as_bytes(), true).is_some(),
                "{text:?}"
            );
            let start = text.as_bytes().first_chunk().unwrap();
            assert!(matches_a_kind(*start), "{text:?}");
        }
        for text in ["Hello", "{\"a\":1}", "[1]", "GET", "COMMIT", "12345", "äöü"] {
            let start = text.as_bytes().first_chunk().unwrap();
            assert!(!matches_a_kind(*start), "{text:?}");
        }
    }
}
