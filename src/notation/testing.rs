//! A function for the tests of all readers.

use super::NotationError;

/// The bytes of a text; or the bytes before the first error, and the error.
pub(super) type DecodeResult = Result<Vec<u8>, (Vec<u8>, String)>;

/// Reads a text with one of the readers.
pub(super) fn outcome<T>(
    read: impl FnOnce(&[u8], usize, &mut Vec<u8>) -> Result<T, NotationError>,
    text: &str,
) -> DecodeResult {
    let mut bytes = Vec::new();
    match read(text.as_bytes(), 0, &mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err((bytes, error.to_string())),
    }
}
