//! `Sec-WebSocket-Key`, and the `Sec-WebSocket-Accept` that answers it.
//!
//! Used by the rules of both heads, by `diagnosis`, and by `wsctl accept`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha1::{Digest as _, Sha1};

/// The string that a server appends to the key (RFC 6455 section 1.3).
pub const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The `Sec-WebSocket-Accept` for a key: base64 of the SHA-1 of the text of the key followed
/// by the GUID (RFC 6455 section 4.2.2, item 5.4). The key is not validated.
///
/// ```
/// let accept = wsctl::ws::handshake::accept_value(b"dGhlIHNhbXBsZSBub25jZQ==");
/// assert_eq!(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
/// ```
pub fn accept_value(key: &[u8]) -> String {
    Digest::of(&[key, GUID.as_bytes()]).base64()
}

/// A SHA-1 digest. The accept value is one in base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest([u8; 20]);

impl Digest {
    /// The digest of these texts, concatenated.
    pub fn of(texts: &[&[u8]]) -> Self {
        let digest = texts.iter().fold(Sha1::new(), Sha1::chain_update);
        Self(digest.finalize().into())
    }

    /// Base64 of the 20 bytes: the right form of an accept value.
    pub fn base64(self) -> String {
        BASE64.encode(self.0)
    }

    /// Forty hexadecimal digits, in lower case.
    pub fn hexadecimal(self) -> String {
        self.0
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<Vec<_>>()
            .concat()
    }

    /// Base64 of the hexadecimal digits, which is a frequent mistake.
    pub fn base64_of_hexadecimal(self) -> String {
        BASE64.encode(self.hexadecimal())
    }
}

/// Decodes base64 with padding. None if the text is not such base64.
pub fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// Checks that a key is base64 of 16 bytes (RFC 6455 section 4.1, item 7).
///
/// # Errors
///
/// [`KeyError`] if it is not.
pub fn check_key(key: &[u8]) -> Result<(), KeyError> {
    match decode_base64(key) {
        Some(bytes) if bytes.len() == 16 => Ok(()),
        Some(bytes) => Err(KeyError::Bytes(bytes.len())),
        None => Err(KeyError::NotBase64),
    }
}

/// The key of a word that is a key followed by the GUID. None for another word.
pub fn without_guid(word: &[u8]) -> Option<&[u8]> {
    let at = word.len().checked_sub(GUID.len())?;
    let (key, end) = word.split_at_checked(at)?;
    end.eq_ignore_ascii_case(GUID.as_bytes()).then_some(key)
}

/// Why a text is not a `Sec-WebSocket-Key`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// It is not base64, or its padding is missing.
    NotBase64,
    /// It is base64 of this many bytes instead of 16.
    Bytes(usize),
}

/// `it is base64 of 12 bytes instead of 16`.
impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBase64 => f.write_str("it is not base64 of 16 bytes with padding"),
            Self::Bytes(1) => f.write_str("it is base64 of 1 byte instead of 16"),
            Self::Bytes(count) => write!(f, "it is base64 of {count} bytes instead of 16"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_values_of_recorded_handshakes_are_computed() {
        let pairs = [
            ("dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
            ("FUH2Nige4Npq/InFS0OoJQ==", "+lZCKceYfJsmNj6q0GYPa9r9LXE="),
            ("M/EoWjDzXy+RqE798wx4WA==", "dp5EfotV/BKd8c58hFUJH3Pc0pk="),
        ];
        for (key, accept) in pairs {
            assert_eq!(accept_value(key.as_bytes()), accept);
            assert_eq!(check_key(key.as_bytes()), Ok(()));
        }
    }

    #[test]
    fn the_guid_after_a_key_is_recognised() {
        let key = &b"dGhlIHNhbXBsZSBub25jZQ=="[..];
        let joined = [key, GUID.as_bytes()].concat();
        assert_eq!(without_guid(&joined), Some(key));
        assert_eq!(without_guid(&joined.to_ascii_lowercase()[..59]), None);
        assert_eq!(without_guid(key), None);
    }

    #[test]
    fn other_texts_are_not_keys() {
        assert_eq!(check_key(b"YWFhYWFhYWFhYWFh"), Err(KeyError::Bytes(12)));
        assert_eq!(check_key(b""), Err(KeyError::Bytes(0)));
        assert_eq!(
            check_key(b"dGhlIHNhbXBsZSBub25jZQ"),
            Err(KeyError::NotBase64)
        );
        assert_eq!(
            check_key(b"dGhlIHNhbXBsZSBub25jZR=="),
            Err(KeyError::NotBase64)
        );
        assert_eq!(
            check_key(b"dGhlIHNhbXBsZSBub25jZQ== "),
            Err(KeyError::NotBase64)
        );
    }
}
