//! What the tests of all readers share.

use super::NotationError;

/// The bytes of a text; or those before what is wrong with it, and what that is.
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
