//! Large payloads of live connections, which a thread prints while it writes them: each in pieces,
//! so that neither a connection waits for the printing nor a whole line is in memory.

use std::io::{self, Write};
use std::ops::Range;

use sha2::{Digest as _, Sha256};

use super::excerpt::{Excerpt, beginning};
use super::{escape, words};
use crate::ws::SharedBytes;

/// A payload that is printed later.
#[derive(Clone, Debug)]
pub struct DeferredPayload {
    buffer: SharedBytes,
    /// Where in the buffer it is.
    range: Range<usize>,
    form: PayloadForm,
}

/// What a payload is printed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadForm {
    /// Members of a JSON object: `text` or `hex` with at most `limit` bytes, `left_out` and
    /// `sha256` if there are more.
    Json {
        /// The most bytes of the payload that are shown.
        limit: usize,
    },
    /// Text in quotes if it is readable or `is_text`, else in hexadecimal.
    Quoted {
        /// Whether it belongs to a text message.
        is_text: bool,
    },
    /// Text, with control characters as escapes.
    Escaped,
    /// The bytes as they are.
    Raw,
}

/// Up to which size payloads are printed at once, in bytes.
const SMALL: usize = 64 << 10;

/// How many bytes are printed in one piece.
const PIECE: usize = 16 << 10;

/// How many bytes are digested in one piece.
const DIGESTED: usize = 1 << 20;

impl DeferredPayload {
    /// A large payload in this buffer; None if it is small or in no buffer.
    pub fn new(buffer: Option<&SharedBytes>, payload: &[u8], form: PayloadForm) -> Option<Self> {
        let buffer = buffer.filter(|_| payload.len() > SMALL)?;
        Some(Self {
            range: buffer.range_of(payload)?,
            buffer: buffer.clone(),
            form,
        })
    }

    /// Its length in bytes.
    pub fn size(&self) -> usize {
        self.range.len()
    }

    /// Writes it. Once `is_urgent` returns true, the rest is left out.
    ///
    /// # Errors
    ///
    /// The error of `out`.
    pub fn write(&self, out: &mut dyn Write, is_urgent: &dyn Fn() -> bool) -> io::Result<()> {
        let bytes = self.buffer.get(self.range.clone()).unwrap_or_default();
        let mut pieces = Pieces { out, is_urgent };
        match self.form {
            PayloadForm::Json { limit } => pieces.json(bytes, limit),
            PayloadForm::Quoted { is_text } => {
                if is_text || Excerpt::whole(bytes).is_readable() {
                    pieces.quoted(bytes)
                } else {
                    pieces.hex(bytes)
                }
            }
            PayloadForm::Escaped => pieces.print(bytes, escape::push_text).map(drop),
            PayloadForm::Raw => pieces.print(bytes, Vec::extend_from_slice).map(drop),
        }
    }
}

/// Writes payloads piece by piece.
struct Pieces<'a> {
    out: &'a mut dyn Write,
    is_urgent: &'a dyn Fn() -> bool,
}

impl Pieces<'_> {
    /// Prints text, cut between two characters. Returns how many bytes were printed: less than all
    /// if it became urgent.
    fn print(&mut self, bytes: &[u8], push: impl Fn(&mut Vec<u8>, &[u8])) -> io::Result<usize> {
        let mut printed = Vec::new();
        let mut rest = bytes;
        // The first piece is always printed.
        while !rest.is_empty() && (rest.len() == bytes.len() || !(self.is_urgent)()) {
            let (piece, after) = rest.split_at(piece_size(rest));
            push(&mut printed, piece);
            self.out.write_all(&printed)?;
            printed.clear();
            rest = after;
        }
        Ok(bytes.len() - rest.len())
    }

    /// Prints the members of a JSON object that show a payload.
    fn json(&mut self, bytes: &[u8], limit: usize) -> io::Result<()> {
        let shown = beginning(bytes, limit);
        let printed = if std::str::from_utf8(shown).is_ok() {
            self.out.write_all(b",\"text\":\"")?;
            self.print(shown, |out, piece| {
                escape::push_json(out, std::str::from_utf8(piece).unwrap_or_default());
            })?
        } else {
            self.out.write_all(b",\"hex\":\"")?;
            self.print(shown, words::push_hex)?
        };
        self.out.write_all(b"\"")?;
        if printed < bytes.len() {
            write!(self.out, ",\"left_out\":{}", bytes.len() - printed)?;
            if let Some(digest) = self.digest(bytes) {
                write!(self.out, ",\"sha256\":\"{digest}\"")?;
            }
        }
        Ok(())
    }

    /// The SHA-256 in hexadecimal; None if it became urgent.
    fn digest(&self, bytes: &[u8]) -> Option<String> {
        let mut hash = Sha256::new();
        for piece in bytes.chunks(DIGESTED) {
            if (self.is_urgent)() {
                return None;
            }
            hash.update(piece);
        }
        let mut digest = Vec::new();
        words::push_hex(&mut digest, &hash.finalize());
        String::from_utf8(digest).ok()
    }

    fn quoted(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(b"\"")?;
        let printed = self.print(bytes, escape::push_in_quotes)?;
        self.out.write_all(b"\"")?;
        self.ellipsis(printed < bytes.len())
    }

    fn hex(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (first, rest) = bytes.split_at(bytes.len().min(1));
        self.print(first, words::push_hex)?;
        let printed = self.print(rest, |out, piece| {
            for byte in piece {
                out.push(b' ');
                words::push_hex(out, &[*byte]);
            }
        })?;
        self.ellipsis(printed < rest.len())
    }

    fn ellipsis(&mut self, is_cut: bool) -> io::Result<()> {
        if is_cut {
            self.out.write_all(" …".as_bytes())?;
        }
        Ok(())
    }
}

/// The size of the next piece: it ends before a byte that begins a character, if there is one.
fn piece_size(bytes: &[u8]) -> usize {
    if bytes.len() <= PIECE {
        return bytes.len();
    }
    let begins_character = |end: &usize| !matches!(bytes.get(*end), Some(0x80..=0xbf));
    let mut ends = (PIECE - 3..=PIECE).rev();
    ends.find(begins_character).unwrap_or(PIECE)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// What a payload is printed as. It becomes urgent after some questions.
    fn print(bytes: &[u8], form: PayloadForm, patience: usize) -> String {
        let buffer = SharedBytes::from(bytes.to_vec());
        let payload = DeferredPayload::new(Some(&buffer), &buffer, form).unwrap();
        let questions = Cell::new(0);
        let is_urgent = || {
            questions.set(questions.get() + 1);
            questions.get() > patience
        };
        let mut out = Vec::new();
        payload.write(&mut out, &is_urgent).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn json(bytes: &[u8], limit: usize, patience: usize) -> serde_json::Value {
        let members = print(bytes, PayloadForm::Json { limit }, patience);
        serde_json::from_str(&format!("{{\"type\":\"x\"{members}}}")).unwrap()
    }

    #[test]
    fn the_pieces_of_a_text_are_its_characters() {
        let text = "é今天\u{1b}😀\"x".repeat(10_000);
        let object = json(text.as_bytes(), usize::MAX, usize::MAX);
        assert_eq!(
            (&object["text"], object.get("left_out")),
            (&text.as_str().into(), None)
        );
        let quoted = PayloadForm::Quoted { is_text: true };
        let mut expected = Vec::new();
        escape::push_quoted(&mut expected, text.as_bytes());
        assert!(print(text.as_bytes(), quoted, usize::MAX).as_bytes() == expected);
        let mut broken = text.into_bytes();
        broken[16_382..16_390].fill(0x80);
        let mut expected = Vec::new();
        escape::push_quoted(&mut expected, &broken);
        assert!(print(&broken, quoted, usize::MAX).as_bytes() == expected);
    }

    #[test]
    fn bytes_are_hexadecimal() {
        let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
        let object = json(&bytes, usize::MAX, usize::MAX);
        assert_eq!(object["hex"], hex::encode(&bytes));
        let mut expected = Vec::new();
        words::push_spaced_hex(&mut expected, &bytes);
        let printed = print(&bytes, PayloadForm::Quoted { is_text: false }, usize::MAX);
        assert!(printed.as_bytes() == expected);
        let printed = print(&bytes, PayloadForm::Quoted { is_text: false }, 0);
        assert_eq!(printed.len(), 3 * (1 + PIECE) - 1 + " …".len());
    }

    #[test]
    fn the_digest_stands_for_what_is_beyond_the_limit() {
        let bytes = vec![b'x'; 100_000];
        let object = json(&bytes, 70_000, usize::MAX);
        assert_eq!(object["text"], "x".repeat(70_000));
        assert_eq!(object["left_out"], 30_000);
        assert_eq!(object["sha256"], hex::encode(Sha256::digest(&bytes)));
    }

    #[test]
    fn a_line_is_whole_when_the_process_ends() {
        let bytes = vec![b'x'; 100_000];
        let object = json(&bytes, usize::MAX, 1);
        assert_eq!(object["text"], "x".repeat(2 * PIECE));
        assert_eq!(object["left_out"], 100_000 - 2 * PIECE);
        assert_eq!(object.get("sha256"), None);
    }
}
