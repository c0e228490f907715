//! A payload that several parts of a process hold without a copy: the receiver that joined it, the
//! replies that carry it, and a log that is written later.

use std::ops::{Deref, Range};
use std::sync::Arc;

/// Bytes in a buffer that is shared by its clones. The only owner can change them in place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SharedBytes(Arc<Vec<u8>>);

impl SharedBytes {
    /// The buffer, to be changed. Other owners keep the bytes as they are: these are copied first.
    pub fn make_mut(&mut self) -> &mut Vec<u8> {
        Arc::make_mut(&mut self.0)
    }

    /// The buffer, if there is no other owner.
    pub fn into_vec(self) -> Option<Vec<u8>> {
        Arc::into_inner(self.0)
    }

    /// Whether there are other owners.
    pub fn is_shared(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    /// How many bytes of memory the buffer takes.
    pub fn capacity(&self) -> usize {
        self.0.capacity()
    }

    /// Where a part of this buffer is in it; None for bytes of another buffer.
    pub fn range_of(&self, part: &[u8]) -> Option<Range<usize>> {
        let start = part.as_ptr().addr().checked_sub(self.as_ptr().addr())?;
        let range = start..start.checked_add(part.len())?;
        let found = self.get(range.clone())?;
        std::ptr::eq(found, part).then_some(range)
    }
}

impl From<Vec<u8>> for SharedBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Arc::new(bytes))
    }
}

impl Deref for SharedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_owners_keep_the_bytes() {
        let mut bytes = SharedBytes::from(b"Hello".to_vec());
        let kept = bytes.clone();
        assert!(bytes.is_shared());
        bytes.make_mut().extend_from_slice(b", world");
        assert_eq!((&*bytes, &*kept), (&b"Hello, world"[..], &b"Hello"[..]));
        assert!(!bytes.is_shared());
        assert_eq!(bytes.into_vec().as_deref(), Some(&b"Hello, world"[..]));
    }

    #[test]
    fn a_part_is_found_by_its_place() {
        let bytes = SharedBytes::from(b"Hello".to_vec());
        assert_eq!(bytes.range_of(&bytes[1..3]), Some(1..3));
        assert_eq!(bytes.range_of(&bytes), Some(0..5));
        assert_eq!(bytes.range_of(b"Hello"), None);
        assert_eq!(SharedBytes::default().range_of(b"x"), None);
    }
}
