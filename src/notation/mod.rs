//! How people write octets: text into octets, octets into text.
//!
//! A notation is read strictly: what does not belong is an error with its place, and the
//! octets before it are kept. Where two readings of a text differ, hexadecimal goes
//! first. This room knows nothing of WebSocket, and does no I/O.

mod error;
mod escapes;
mod hexadecimal;
mod python;
mod written;

use std::fmt;
use std::str::FromStr;

pub use error::NotationError;

/// A way to write octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notation {
    /// `81 05 48`, with or without separators and prefixes.
    Hex,
    /// `b'\x81\x05H'`, as Python prints it.
    Python,
    /// `\x81\x05H`: escapes, and printable octets as they are.
    Escaped,
    /// `{0x81, 0x05, 0x48}`, for C and its heirs.
    C,
    /// `gQVI`.
    Base64,
    /// As `hexdump -C` prints it.
    Hexdump,
    /// The octets themselves.
    Raw,
}

impl Notation {
    /// Those that can be read.
    pub const READABLE: &[Self] = &[Self::Hex, Self::Python, Self::Escaped, Self::Raw];

    /// Those that can be written.
    pub const WRITABLE: &[Self] = &[
        Self::Hex,
        Self::Python,
        Self::Escaped,
        Self::C,
        Self::Base64,
        Self::Hexdump,
        Self::Raw,
    ];

    /// Its name, in one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::Python => "python",
            Self::Escaped => "escaped",
            Self::C => "c",
            Self::Base64 => "base64",
            Self::Hexdump => "hexdump",
            Self::Raw => "raw",
        }
    }

    /// What it is, for a sentence: `hexadecimal`, `a Python literal`.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Hex => "hexadecimal",
            Self::Python => "a Python literal",
            Self::Escaped => "text with escapes",
            Self::C => "a C array",
            Self::Base64 => "base64",
            Self::Hexdump => "a hexdump",
            Self::Raw => "raw octets",
        }
    }

    /// The notation a text is in, by its beginning; hexadecimal where nothing else is
    /// sure. Text with escapes begins with one, since a frame does.
    pub fn guess(text: &[u8]) -> Self {
        let text = text.trim_ascii();
        if python::looks_like(text) {
            Self::Python
        } else if text.starts_with(b"\\") && !hexadecimal::is_list_of_escapes(text) {
            Self::Escaped
        } else {
            Self::Hex
        }
    }

    /// Reads a text in this notation, and appends its octets to `octets`.
    ///
    /// # Errors
    ///
    /// [`NotationError`] at the first character that does not belong. The octets before
    /// it have been appended. C, base64 and hexdump are not read, and say so.
    pub fn read(self, text: &[u8], octets: &mut Vec<u8>) -> Result<(), NotationError> {
        match self {
            Self::Hex => hexadecimal::read(text, octets),
            Self::Python => python::read(text, octets),
            Self::Escaped => escapes::read(text, octets),
            Self::Raw => {
                octets.extend_from_slice(text);
                Ok(())
            }
            Self::C | Self::Base64 | Self::Hexdump => Err(NotationError::new(
                text,
                0,
                "hex, python, escaped or raw octets",
            )),
        }
    }

    /// Writes octets in this notation, without a line end behind them.
    pub fn write(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Self::Hex => hex::encode(octets).into_bytes(),
            Self::Python => python::write(octets).into_bytes(),
            Self::Escaped => escapes::write(octets).into_bytes(),
            Self::C => written::c_array(octets).into_bytes(),
            Self::Base64 => written::base64(octets).into_bytes(),
            Self::Hexdump => written::hexdump(octets).into_bytes(),
            Self::Raw => octets.to_vec(),
        }
    }
}

impl fmt::Display for Notation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Notation {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let named = Self::WRITABLE
            .iter()
            .find(|notation| notation.name() == name);
        named
            .copied()
            .ok_or_else(|| format!("no notation is called `{name}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A frame as a server printed it, in each notation that is read.
    const FRAME: &[u8] = b"\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6";

    #[track_caller]
    fn check(text: &str, notation: Notation, expected: &[u8]) {
        assert_eq!(Notation::guess(text.as_bytes()), notation);
        let mut octets = Vec::new();
        assert_eq!(notation.read(text.as_bytes(), &mut octets), Ok(()));
        assert_eq!(octets, expected);
    }

    #[test]
    fn the_same_frame_in_many_notations() {
        check("81870ec3f3cd3bf6c6f83bf6c6", Notation::Hex, FRAME);
        check(
            "81 87 0E C3 f3 cd 3b f6 c6 f8 3b f6 c6\n",
            Notation::Hex,
            FRAME,
        );
        check(
            "81:87:0e:c3:f3:cd:3b:f6:c6:f8:3b:f6:c6",
            Notation::Hex,
            FRAME,
        );
        check(
            "0x81,0x87, 0x0e,0xc3f3cd 3bf6c6f8\n3bf6c6",
            Notation::Hex,
            FRAME,
        );
        check(
            r"\x81 \x87 \x0e \xc3 \xf3 \xcd \x3b \xf6 \xc6 \xf8 \x3b \xf6 \xc6",
            Notation::Hex,
            FRAME,
        );
        check(
            r"b'\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6'",
            Notation::Python,
            FRAME,
        );
        check(
            r#"  b"\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6""#,
            Notation::Python,
            FRAME,
        );
        check(
            r"b\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6",
            Notation::Python,
            FRAME,
        );
        check(
            r"bytearray(b'\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6')",
            Notation::Python,
            FRAME,
        );
        check(
            r"\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6",
            Notation::Escaped,
            FRAME,
        );
        check(
            r"\x81\x87\x0e\xc3\xf3\xcd\x3b\xf6\xc6\xf8\x3b\xf6\xc6",
            Notation::Escaped,
            FRAME,
        );
    }

    #[test]
    fn a_space_at_the_end_is_part_of_the_payload() {
        check(
            "b\\x81\\x81a\\x01\\x02\\x03 ",
            Notation::Python,
            b"\x81\x81a\x01\x02\x03 ",
        );
        check("\\x81\\x04Hi  \r\n", Notation::Escaped, b"\x81\x04Hi  ");
    }

    #[test]
    fn what_is_in_front_of_a_literal_is_not_read_as_one() {
        for text in [r"Received: b'\x81\x05Hello'", r">>> b'\x81'", r"[b'\x81']"] {
            assert_eq!(Notation::guess(text.as_bytes()), Notation::Hex, "{text}");
        }
    }

    #[test]
    fn names_and_notations_are_one_to_one() {
        for notation in Notation::WRITABLE {
            assert_eq!(notation.name().parse(), Ok(*notation));
        }
        assert_eq!(
            "hax".parse::<Notation>(),
            Err("no notation is called `hax`".to_owned())
        );
    }

    proptest! {
        #[test]
        fn reading_what_was_written_is_the_identity(octets: Vec<u8>) {
            for notation in Notation::READABLE {
                let text = notation.write(&octets);
                let mut read = Vec::new();
                prop_assert_eq!(notation.read(&text, &mut read), Ok(()), "{}", notation);
                prop_assert_eq!(&read, &octets, "{}", notation);
            }
        }

        #[test]
        fn what_was_written_is_recognised(payload: Vec<u8>) {
            let mut octets = vec![0x81, 0xfe];
            octets.extend(payload);
            for notation in [Notation::Hex, Notation::Python, Notation::Escaped] {
                let text = notation.write(&octets);
                let mut read = Vec::new();
                prop_assert_eq!(Notation::guess(&text).read(&text, &mut read), Ok(()));
                prop_assert_eq!(&read, &octets, "{}", notation);
            }
        }

        #[test]
        fn a_literal_whose_quotes_the_shell_ate_is_the_same(payload: Vec<u8>) {
            let octets = [&[0x81, 0xfe][..], &payload].concat();
            let literal = Notation::Python.write(&octets);
            let inside = [b"b", &literal[2..literal.len() - 1]].concat();
            let mut read = Vec::new();
            prop_assert_eq!(Notation::guess(&inside).read(&inside, &mut read), Ok(()));
            prop_assert_eq!(read, octets);
        }

        #[test]
        fn no_text_makes_it_panic(text: Vec<u8>) {
            for notation in Notation::WRITABLE {
                let _ = notation.read(&text, &mut Vec::new());
            }
            let _ = Notation::guess(&text).read(&text, &mut Vec::new());
        }
    }
}
