//! The last bytes of a stream before its compression, which later messages may refer to.
//!
//! The compressor and the decompressor of a direction are rebuilt from it.

/// The last bytes of a stream, in a ring: up to 32 KiB, the longest distance of DEFLATE (RFC 1951
/// §2). Its memory grows with the bytes it holds.
#[derive(Debug)]
pub(super) struct Window {
    size: usize,
    bytes: Vec<u8>,
    /// The index of the oldest byte, once the ring is full.
    start: usize,
}

impl Window {
    /// Keeps the last 2 to the power of `bits` bytes; at most 15 bits.
    pub(super) fn new(bits: u8) -> Self {
        Self {
            size: 1 << bits.min(15),
            bytes: Vec::new(),
            start: 0,
        }
    }

    /// Appends a piece of the stream.
    pub(super) fn push(&mut self, piece: &[u8]) {
        let piece = piece
            .get(piece.len().saturating_sub(self.size)..)
            .unwrap_or_default();
        let room = self.size - self.bytes.len();
        let (added, wrapped) = piece.split_at(room.min(piece.len()));
        self.reserve(added.len());
        self.bytes.extend_from_slice(added);
        let (first, second) = wrapped.split_at(wrapped.len().min(self.size - self.start));
        self.overwrite(first);
        self.overwrite(second);
    }

    /// How many bytes it holds.
    pub(super) const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes, in two parts: the older ones first.
    pub(super) fn parts(&self) -> [&[u8]; 2] {
        let (newer, older) = self
            .bytes
            .split_at_checked(self.start)
            .unwrap_or((&[], &self.bytes));
        [older, newer]
    }

    /// Drops all bytes.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.start = 0;
    }

    /// Makes room for more bytes: twice as much as before, but never more than the ring needs.
    fn reserve(&mut self, count: usize) {
        let needed = self.bytes.len() + count;
        if needed > self.bytes.capacity() {
            let capacity = needed.max(2 * self.bytes.capacity()).min(self.size);
            self.bytes.reserve_exact(capacity - self.bytes.len());
        }
    }

    /// Overwrites the oldest bytes of a full ring, up to its end.
    fn overwrite(&mut self, piece: &[u8]) {
        let end = self.start + piece.len();
        if let Some(oldest) = self.bytes.get_mut(self.start..end) {
            oldest.copy_from_slice(piece);
            self.start = end % self.size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_bytes_are_kept_and_no_more_memory_than_they_need() {
        let all: Vec<u8> = (0..300_000_u32)
            .map(|number| (number % 251) as u8)
            .collect();
        for bits in [8, 15] {
            let length = 1 << bits;
            for size in [1, 7, 1000, 32_768, 40_000, 300_000] {
                let mut window = Window::new(bits);
                for piece in all.chunks(size) {
                    window.push(piece);
                }
                assert_eq!(window.len(), length);
                let kept = &all[all.len() - length..];
                assert_eq!(window.parts().concat(), kept, "{bits} {size}");
                assert_eq!(window.bytes.capacity(), length);
            }
        }
    }

    #[test]
    fn a_window_that_is_not_full_is_as_large_as_its_bytes() {
        let mut window = Window::new(15);
        window.push(b"abc");
        assert_eq!(window.parts().concat(), b"abc");
        assert_eq!(window.bytes.capacity(), 3);
        window.clear();
        assert_eq!(window.parts().concat(), b"");
    }
}
