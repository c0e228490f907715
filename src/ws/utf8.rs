//! UTF-8 validation of texts that arrive in pieces (RFC 6455 §8.1, RFC 3629).

use simdutf8::{basic, compat};

/// Validates a text that arrives in pieces. A character may be split between pieces. It fails
/// at the first byte that cannot belong to UTF-8, whatever follows.
#[derive(Clone, Debug, Default)]
pub struct Utf8Validator {
    /// How many bytes were found valid; the pending ones are not counted.
    checked: u64,
    /// The first bytes of a character that is not complete.
    pending: [u8; 4],
    pending_length: usize,
}

/// The place where a text is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Utf8Error {
    /// The index in the text of the first byte that belongs to no character.
    pub offset: u64,
    /// How many bytes are wrong: the 1 to 3 bytes of one invalid sequence.
    pub length: u64,
}

/// Whether all bytes are UTF-8.
pub(super) fn is_utf8(bytes: &[u8]) -> bool {
    // simdutf8 works on blocks of this size and has a cost at the start, which is saved for
    // short ASCII texts.
    const BLOCK: usize = 64;
    bytes.len() < BLOCK && bytes.is_ascii() || basic::from_utf8(bytes).is_ok()
}

/// The length of the longest prefix that is UTF-8, in bytes.
pub fn valid_utf8(bytes: &[u8]) -> usize {
    compat::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len)
}

impl Utf8Validator {
    /// Validates the next piece of the text.
    ///
    /// # Errors
    ///
    /// [`Utf8Error`] at the first byte that belongs to no character. The validator must not be
    /// used after it.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), Utf8Error> {
        let rest = self.complete_pending(piece)?;
        match compat::from_utf8(rest) {
            Ok(_) => self.checked += rest.len() as u64,
            Err(error) => {
                let (valid, tail) = rest.split_at(error.valid_up_to());
                self.checked += valid.len() as u64;
                if let Some(length) = error.error_len() {
                    return Err(Utf8Error {
                        offset: self.checked,
                        length: length as u64,
                    });
                }
                self.keep(tail);
            }
        }
        Ok(())
    }

    /// Validates the end of the text.
    ///
    /// # Errors
    ///
    /// [`Utf8Error`] if it ends inside a character.
    pub fn finish(&self) -> Result<(), Utf8Error> {
        match self.pending_length {
            0 => Ok(()),
            length => Err(Utf8Error {
                offset: self.checked,
                length: length as u64,
            }),
        }
    }

    /// How many bytes at the end of the text so far belong to a character that is not complete:
    /// 0 to 3.
    pub const fn pending(&self) -> usize {
        self.pending_length
    }

    /// The length of the text so far, in bytes.
    pub const fn length(&self) -> u64 {
        self.checked + self.pending_length as u64
    }

    /// Adds bytes to the pending character until it is complete. Returns the bytes after it.
    fn complete_pending<'a>(&mut self, piece: &'a [u8]) -> Result<&'a [u8], Utf8Error> {
        let mut rest = piece;
        while self.pending_length > 0 {
            let Some((byte, others)) = rest.split_first() else {
                break;
            };
            self.append(*byte);
            let pending = self.pending.get(..self.pending_length).unwrap_or_default();
            match std::str::from_utf8(pending) {
                Ok(_) => {
                    self.checked += self.pending_length as u64;
                    self.pending_length = 0;
                }
                Err(error) => {
                    if let Some(length) = error.error_len() {
                        return Err(Utf8Error {
                            offset: self.checked,
                            length: length as u64,
                        });
                    }
                }
            }
            rest = others;
        }
        Ok(rest)
    }

    fn keep(&mut self, tail: &[u8]) {
        for byte in tail {
            self.append(*byte);
        }
    }

    fn append(&mut self, byte: u8) {
        if let Some(place) = self.pending.get_mut(self.pending_length) {
            *place = byte;
            self.pending_length += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Utf8Error, Utf8Validator};
    use proptest::prelude::*;

    fn check(pieces: &[&[u8]]) -> Result<(), Utf8Error> {
        let mut validator = Utf8Validator::default();
        for piece in pieces {
            validator.push(piece)?;
        }
        validator.finish()
    }

    #[test]
    fn a_character_may_be_split_over_three_pieces() {
        assert_eq!(check(&[b"\xe4\xbd\xa0\xe5", b"\xa5", b"\xbd!"]), Ok(()));
    }

    #[test]
    fn the_error_is_at_the_first_byte_of_the_invalid_sequence() {
        assert_eq!(
            check(&[b"caf\xe9 "]),
            Err(Utf8Error {
                offset: 3,
                length: 1
            })
        );
        assert_eq!(
            check(&[b"caf\xe9"]),
            Err(Utf8Error {
                offset: 3,
                length: 1
            })
        );
        assert_eq!(
            check(&[b"ab\xe4", b"\xbd", b"c"]),
            Err(Utf8Error {
                offset: 2,
                length: 2
            })
        );
        assert_eq!(
            check(&[b"\xed\xa0\xbd"]),
            Err(Utf8Error {
                offset: 0,
                length: 1
            })
        );
        assert_eq!(
            check(&[b"\xc0\x80"]),
            Err(Utf8Error {
                offset: 0,
                length: 1
            })
        );
    }

    #[test]
    fn fails_before_the_character_is_complete() {
        let mut validator = Utf8Validator::default();
        assert_eq!(validator.push(b"a\xf4"), Ok(()));
        assert_eq!(validator.pending(), 1);
        assert_eq!(
            validator.push(b"\x90"),
            Err(Utf8Error {
                offset: 1,
                length: 1
            })
        );
    }

    proptest! {
        #[test]
        fn agrees_with_the_standard_library_wherever_the_text_is_cut(
            text in prop_oneof![
                any::<String>().prop_map(String::into_bytes),
                prop::collection::vec(prop_oneof![any::<u8>(), Just(0xe4), Just(0xbd)], 0..200),
            ],
            cuts in prop::collection::vec(0_usize..200, 0..5),
        ) {
            let expected = std::str::from_utf8(&text).map(|_| ()).map_err(|e| e.valid_up_to() as u64);
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|cut| &text[cut[0]..cut[1]]).collect();
            prop_assert_eq!(check(&pieces).map_err(|error| error.offset), expected);
        }
    }
}
