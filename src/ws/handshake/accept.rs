//! `Sec-WebSocket-Key` and the `Sec-WebSocket-Accept` that answers it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha1::{Digest as _, Sha1};

/// The string that every server appends to the key (RFC 6455 §1.3).
pub const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The `Sec-WebSocket-Accept` for a key: base64 of the SHA-1 of the key's text, as it was
/// sent, followed by the GUID (RFC 6455 §4.2.2, item 5.4). The key is not judged.
///
/// ```
/// let accept = wsctl::ws::handshake::accept_value(b"dGhlIHNhbXBsZSBub25jZQ==");
/// assert_eq!(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
/// ```
pub fn accept_value(key: &[u8]) -> String {
    Digest::of(&[key, GUID.as_bytes()]).base64()
}

/// A SHA-1, of which the accept value is one way to write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest([u8; 20]);

impl Digest {
    /// The digest of these texts, one after the other.
    pub fn of(texts: &[&[u8]]) -> Self {
        let digest = texts.iter().fold(Sha1::new(), Sha1::chain_update);
        Self(digest.finalize().into())
    }

    /// Its 20 bytes in base64, as they should be written.
    pub fn base64(self) -> String {
        BASE64.encode(self.0)
    }

    /// Forty hexadecimal digits, in small letters.
    pub fn hexadecimal(self) -> String {
        self.0
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<Vec<_>>()
            .concat()
    }

    /// Its hexadecimal digits in base64, a mistake that is made.
    pub fn base64_of_hexadecimal(self) -> String {
        BASE64.encode(self.hexadecimal())
    }
}

/// The bytes that a text is base64 of, with padding, if it is that.
pub fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// Checks that a key is base64 of 16 bytes (RFC 6455 §4.1, item 7).
///
/// # Errors
///
/// [`KeyError`] says what it is instead.
pub fn check_key(key: &[u8]) -> Result<(), KeyError> {
    match decode_base64(key) {
        Some(bytes) if bytes.len() == 16 => Ok(()),
        Some(bytes) => Err(KeyError::Bytes(bytes.len())),
        None => Err(KeyError::NotBase64),
    }
}

/// Why a key is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// It is no base64, or its padding is missing.
    NotBase64,
    /// It is base64 of so many bytes, which are not 16.
    Bytes(usize),
}

/// `it is base64 of 12 bytes, 16 were expected`.
impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBase64 => f.write_str("it is not base64, with padding, of 16 bytes"),
            Self::Bytes(1) => f.write_str("it is base64 of 1 byte, 16 were expected"),
            Self::Bytes(count) => write!(f, "it is base64 of {count} bytes, 16 were expected"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_browsers_sent() {
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
    fn what_is_not_a_key() {
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
