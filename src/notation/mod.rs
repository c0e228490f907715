//! The ways in which people write bytes: reads text into bytes, and writes bytes as text.
//!
//! A notation is read strictly: a wrong character is an error with its place, and the bytes
//! before it are kept. If a text can be read in two notations, hexadecimal comes first. `input`
//! reads with this module, and `encode` writes. It knows nothing of WebSocket, and does no I/O.

pub mod array;
mod base64;
mod buffer;
pub mod concatenation;
mod copied_prefix;
pub mod digits;
mod error;
mod escapes;
mod hexadecimal;
mod hexdump;
mod list;
mod python;
mod source_literal;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod text_escapes;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

pub use buffer::UNKNOWN_COUNT;
pub use error::NotationError;
pub use escapes::read_decimal as read_decimal_escapes;
pub use hexadecimal::{HexError, HexReader, Progress};
use source_literal::SourceLiteral;

/// A way to write bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notation {
    /// `81 05 48`, with or without separators and prefixes.
    Hex,
    /// `b'\x81\x05H'`, as Python prints it.
    Python,
    /// `\x81\x05H`: escapes, and printable bytes as they are.
    Escaped,
    /// `{0x81, 0x05, 0x48}`, `[129, 5, 72]`: an array of C, a list of numbers.
    C,
    /// `<Buffer 81 05 48>`, as Node prints it.
    Buffer,
    /// `gQVI`.
    Base64,
    /// Offsets, bytes and characters: written as `hexdump -C` prints them.
    Hexdump,
    /// The bytes themselves.
    Raw,
}

impl Notation {
    /// All notations. Each can be read.
    pub const ALL: &[Self] = &[
        Self::Hex,
        Self::Python,
        Self::Escaped,
        Self::C,
        Self::Base64,
        Self::Hexdump,
        Self::Raw,
        Self::Buffer,
    ];

    /// The notations that can be written.
    pub const WRITABLE: &[Self] = &[
        Self::Hex,
        Self::Python,
        Self::Escaped,
        Self::C,
        Self::Base64,
        Self::Hexdump,
        Self::Raw,
    ];

    /// The name in options and in JSON, one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::Python => "python",
            Self::Escaped => "escaped",
            Self::C => "c",
            Self::Buffer => "buffer",
            Self::Base64 => "base64",
            Self::Hexdump => "hexdump",
            Self::Raw => "raw",
        }
    }

    /// The name in a sentence: `hexadecimal`, `a Python literal`.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Hex => "hexadecimal",
            Self::Python => "a Python literal",
            Self::Escaped => "text with escapes",
            Self::C => "an array of numbers",
            Self::Buffer => "a Buffer of Node",
            Self::Base64 => "base64",
            Self::Hexdump => "a hexdump",
            Self::Raw => "raw bytes",
        }
    }

    /// The notation of a text. If several are possible, hexadecimal comes first. If none is, this is
    /// the notation of the beginning, so that reading it gives the place of the error.
    pub fn guess(text: &[u8]) -> Self {
        if let Some(literal) = SourceLiteral::of(text) {
            return literal.notation;
        }
        let text = text
            .get(copied_prefix::length(text)..)
            .unwrap_or_default()
            .trim_ascii();
        if python::looks_like(text) {
            Self::Python
        } else if buffer::looks_like(text) {
            Self::Buffer
        } else if let Some(inside) = quoted(text) {
            match Self::guess_plain(inside) {
                notation @ (Self::Hex | Self::Base64) if notation.reads(inside) => notation,
                _ => Self::Escaped,
            }
        } else if matches!(text, [b'\\' | b'\'' | b'"', ..]) {
            let is_hexadecimal =
                hexadecimal::is_list_of_escapes(text) || hexadecimal::is_run_after_escape(text);
            if is_hexadecimal {
                Self::Hex
            } else {
                Self::Escaped
            }
        } else {
            Self::guess_plain(text)
        }
    }

    /// The notation of a text that does not begin with a sign of one notation.
    fn guess_plain(text: &[u8]) -> Self {
        if hexdump::begins(text) {
            Self::Hexdump
        } else if Self::Hex.reads(text) {
            Self::Hex
        } else if hexdump::looks_like(text) {
            Self::Hexdump
        } else if list::looks_like(text) {
            Self::C
        } else if base64::looks_like(text) || base64::begins(text) {
            Self::Base64
        } else {
            Self::Hex
        }
    }

    /// Whether the whole text is in this notation.
    fn reads(self, text: &[u8]) -> bool {
        self.read_plain(text, &mut Vec::new()).is_ok()
    }

    /// Reads a text in this notation, and appends its bytes to `bytes`. A prompt or a name in front
    /// of them, which was copied with them, is skipped.
    ///
    /// # Errors
    ///
    /// [`NotationError`] at the first wrong character. The bytes before it have been appended.
    pub fn read(self, text: &[u8], bytes: &mut Vec<u8>) -> Result<(), NotationError> {
        let plain = self.plain(text);
        self.read_plain(&plain, bytes)
            .map_err(|error| error.in_text(text))
    }

    /// The text without what a programming language writes around the notation.
    fn plain(self, text: &[u8]) -> Cow<'_, [u8]> {
        let literal = SourceLiteral::of(text).filter(|literal| literal.notation == self);
        literal.map_or(Cow::Borrowed(text), |literal| Cow::Owned(literal.text))
    }

    /// Reads a text that [`plain`](Self::plain) returned.
    fn read_plain(self, text: &[u8], bytes: &mut Vec<u8>) -> Result<(), NotationError> {
        let (text, start) = match self {
            Self::Hex | Self::Base64 => without_quotes(text, copied_prefix::length(text)),
            _ => (text, copied_prefix::length(text)),
        };
        match self {
            Self::Hex => hexadecimal::read(text, start, bytes),
            Self::Python => python::read(text, start, bytes),
            Self::Escaped => {
                let is_quoted = matches!(text.get(start), Some(b'\'' | b'"'));
                let read = if is_quoted {
                    python::read
                } else {
                    escapes::read
                };
                read(text, start, bytes)
            }
            Self::C => list::read(text, start, bytes).map(|_| ()),
            Self::Base64 => base64::read(text, start, bytes),
            Self::Hexdump => hexdump::read(text, line_start(text, start), bytes),
            Self::Buffer => buffer::read(text, start, bytes).map(|_| ()),
            Self::Raw => {
                bytes.extend_from_slice(text);
                Ok(())
            }
        }
    }

    /// How many bytes the text says that it leaves out: 37 in `<Buffer 81 … 37 more bytes>`.
    pub fn omitted_bytes(self, text: &[u8]) -> u64 {
        let text = &*self.plain(text);
        let (start, bytes) = (copied_prefix::length(text), &mut Vec::new());
        let omitted_bytes = match self {
            Self::Buffer => buffer::read(text, start, bytes),
            Self::C => list::read(text, start, bytes),
            _ => Ok(0),
        };
        omitted_bytes.unwrap_or_default()
    }

    /// The other meaning, with other bytes, that a text in this notation could have; for a notice.
    pub fn other_reading(self, text: &[u8]) -> Option<&'static str> {
        match SourceLiteral::of(text).filter(|literal| literal.notation == self) {
            None => self.other_reading_of_plain(text),
            Some(literal) if self == Self::C => literal
                .other_reading
                .or_else(|| self.other_reading_of_plain(&literal.text)),
            Some(literal) => literal.other_reading,
        }
    }

    fn other_reading_of_plain(self, text: &[u8]) -> Option<&'static str> {
        let start = copied_prefix::length(text);
        let rest = text.get(start..).unwrap_or_default().trim_ascii();
        match self {
            Self::Hex if hexadecimal::is_list_of_escapes(rest) && rest.len() > 4 => {
                Some("text with escapes and spaces")
            }
            Self::Hex if hexadecimal::is_run_after_escape(rest) => Some("text after an escape"),
            Self::Hex if hexdump::could_be_row(rest) => Some("a hexdump, its first word an offset"),
            Self::Hexdump if Self::Hex.reads(rest) && !rest.contains(&b':') => {
                Some("hexadecimal without offsets")
            }
            Self::C if list::could_be_decimal(text, start) => Some("decimal: it has no 0x"),
            Self::C if list::could_be_hexadecimal(text, start) => {
                Some("hexadecimal: its numbers have no 0x")
            }
            Self::Hex if list::could_be_decimal(text, start) && rest.contains(&b',') => {
                Some("decimal: it has no 0x")
            }
            _ => None,
        }
    }

    /// Writes bytes in this notation, without a line end after them.
    pub fn write(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Hex => hex::encode(bytes).into_bytes(),
            Self::Python => python::write(bytes).into_bytes(),
            Self::Escaped => escapes::write(bytes).into_bytes(),
            Self::C => list::write(bytes).into_bytes(),
            Self::Base64 => base64::write(bytes).into_bytes(),
            Self::Hexdump => hexdump::write(bytes).into_bytes(),
            Self::Buffer => buffer::write(bytes).into_bytes(),
            Self::Raw => bytes.to_vec(),
        }
    }
}

/// The text between the quotes of a text that is one quoted string without a backslash.
fn quoted(text: &[u8]) -> Option<&[u8]> {
    let is_after = |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b';');
    let after = text.iter().rev().take_while(is_after).count();
    let item = text.get(..text.len() - after)?;
    let ([b'"', inside @ .., b'"'] | [b'\'', inside @ .., b'\'']) = item else {
        return None;
    };
    let is_special = |byte: &u8| matches!(byte, b'\\' | b'"' | b'\'');
    (!inside.iter().any(is_special)).then_some(inside)
}

/// A text up to its closing quote, and the offset after its opening quote. Without quotes, both are
/// unchanged.
fn without_quotes(text: &[u8], start: usize) -> (&[u8], usize) {
    match quoted(text.get(start..).unwrap_or_default()) {
        Some(inside) => (text.get(..=start + inside.len()).unwrap_or(text), start + 1),
        None => (text, start),
    }
}

/// The start of the line that contains `at`: the offset of a dump may be indented.
fn line_start(text: &[u8], at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1)
}

impl fmt::Display for Notation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Notation {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let named = Self::ALL.iter().find(|notation| notation.name() == name);
        named
            .copied()
            .ok_or_else(|| format!("no notation is called `{name}`"))
    }
}
