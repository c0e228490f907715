//! The last bytes of a stream, as they were on the wire.
//!
//! The analyzers keep them, and look at them through a [`BytesWindow`] when something is wrong.

use super::effort::Effort;
use crate::diagnosis::Snippet;

/// How many bytes before the current piece are kept.
const KEPT: usize = 1 << 16;

/// The capacity that an almost empty buffer may keep.
const SMALL_CAPACITY: usize = 1 << 10;

/// The last bytes of a stream: at least 64 KiB and the current piece.
///
/// A new piece is only counted. [`append_piece`](Self::append_piece) copies it when its
/// bytes are needed. Most pieces are never copied.
#[derive(Debug, Default)]
pub(super) struct RecentBytes {
    bytes: Vec<u8>,
    /// The offset in the stream of the first of them.
    start: u64,
    /// The length of the current piece while it is not in `bytes`, else 0.
    uncopied: usize,
    is_complete: bool,
    effort: Effort,
}

impl RecentBytes {
    /// No bytes yet; the first one will be at this offset of the stream.
    pub(super) fn starting_at(offset: u64) -> Self {
        Self {
            start: offset,
            ..Self::default()
        }
    }

    /// Counts the next piece of the stream without copying it.
    pub(super) fn count(&mut self, piece: &[u8]) {
        self.effort.receive(piece.len());
        self.uncopied = piece.len();
    }

    /// Copies the current piece, if that was not done, and drops old bytes.
    pub(super) fn append_piece(&mut self, piece: &[u8]) {
        if self.uncopied == 0 {
            return;
        }
        if self.bytes.len() > 2 * KEPT {
            let dropped = self.bytes.len() - KEPT;
            self.bytes.drain(..dropped);
            self.start += dropped as u64;
        }
        self.bytes.extend_from_slice(piece);
        self.uncopied = 0;
    }

    /// Copies the end of the current piece, before the piece itself is gone.
    pub(super) fn append_end_of_piece(&mut self, piece: &[u8]) {
        match piece.last_chunk::<KEPT>() {
            Some(end) if self.uncopied > 0 => {
                self.start = self.end() - KEPT as u64;
                self.bytes.clear();
                self.bytes.extend_from_slice(end);
                self.uncopied = 0;
            }
            _ => self.append_piece(piece),
        }
    }

    /// Counts and copies a piece.
    pub(super) fn append(&mut self, piece: &[u8]) {
        self.count(piece);
        self.append_piece(piece);
    }

    /// The offset of the end of the stream, as far as it was received.
    pub(super) const fn end(&self) -> u64 {
        self.start + (self.bytes.len() + self.uncopied) as u64
    }

    /// Whether no bytes follow.
    pub(super) const fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Drops the bytes before this offset. A large buffer that is almost empty then gives its
    /// memory back.
    pub(super) fn forget(&mut self, before: u64) {
        let count = before.saturating_sub(self.start);
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let count = count.min(self.bytes.len());
        self.bytes.drain(..count);
        self.start += count as u64;
        if self.bytes.capacity() > SMALL_CAPACITY {
            self.bytes.shrink_to(SMALL_CAPACITY);
        }
    }

    /// No bytes follow those that were counted.
    pub(super) const fn complete(&mut self) {
        self.is_complete = true;
    }

    /// The bytes that are kept and copied.
    pub(super) fn window(&self) -> BytesWindow<'_> {
        BytesWindow {
            bytes: &self.bytes,
            start: self.start,
            is_complete: self.is_complete,
            effort: &self.effort,
        }
    }

    /// The work that was spent on the stream.
    pub(super) const fn effort(&self) -> &Effort {
        &self.effort
    }
}

/// Consecutive bytes of a stream, as they were on the wire. Offsets count from the start of the
/// stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct BytesWindow<'a> {
    bytes: &'a [u8],
    start: u64,
    is_complete: bool,
    effort: &'a Effort,
}

impl<'a> BytesWindow<'a> {
    /// A window of a whole stream.
    #[cfg(test)]
    pub(super) const fn whole(bytes: &'a [u8], effort: &'a Effort) -> Self {
        Self {
            bytes,
            start: 0,
            is_complete: true,
            effort,
        }
    }

    /// The work that looks at the window are counted in.
    pub(super) const fn effort(self) -> &'a Effort {
        self.effort
    }

    /// Whether the stream ends with the window.
    pub(super) const fn is_complete(self) -> bool {
        self.is_complete
    }

    /// The offset of the first byte.
    pub(super) const fn start(self) -> u64 {
        self.start
    }

    /// The offset after the last byte.
    pub(super) const fn end(self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    /// The bytes from this offset to the end; None if the offset is outside of the window.
    pub(super) fn from(self, offset: u64) -> Option<&'a [u8]> {
        let index = usize::try_from(offset.checked_sub(self.start)?).ok()?;
        self.bytes.get(index..)
    }

    /// The bytes between two offsets; None unless all of them are in the window.
    pub(super) fn between(self, start: u64, end: u64) -> Option<&'a [u8]> {
        let size = usize::try_from(end.checked_sub(start)?).ok()?;
        self.from(start)?.get(..size)
    }

    /// The bytes between two offsets, without those after the end of the window.
    pub(super) fn up_to(self, start: u64, end: u64) -> &'a [u8] {
        self.between(start, end.min(self.end())).unwrap_or_default()
    }

    /// Up to 16 bytes around `offset`, to be shown with a finding. They begin with the frame if
    /// `frame`, where it starts, is at most 8 bytes before `offset`.
    pub(super) fn snippet(self, frame: u64, offset: u64) -> Option<Snippet> {
        const ROW: u64 = 16;
        const NEAR: u64 = 8;
        let start = if offset.saturating_sub(frame) <= NEAR {
            frame
        } else {
            offset - NEAR / 2
        };
        let start = start.max(self.start);
        let bytes = self.up_to(start, start + ROW);
        (!bytes.is_empty()).then(|| Snippet::Bytes {
            start,
            bytes: bytes.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_long_stream_is_kept() {
        let mut recent = RecentBytes::default();
        for index in 0..5_u8 {
            let piece = vec![index; 100_000];
            recent.count(&piece);
            assert_eq!(recent.end(), (u64::from(index) + 1) * 100_000);
            if index % 2 == 0 {
                recent.append_piece(&piece);
            }
            recent.append_end_of_piece(&piece);
            assert!(recent.window().bytes.len() <= 100_000 + 2 * KEPT);
        }
        let window = recent.window();
        assert_eq!(window.end(), 500_000);
        assert_eq!(window.between(399_999, 400_001), Some(&[3, 4][..]));
        assert_eq!(window.from(0), None);
        assert_eq!(window.from(500_000), Some(&[][..]));
        assert_eq!(window.from(500_001), None);
    }

    #[test]
    fn forgotten_bytes_take_no_memory() {
        let mut recent = RecentBytes::default();
        recent.append(&[7; 10_000]);
        recent.forget(9_990);
        assert_eq!(recent.window().from(9_990), Some(&[7; 10][..]));
        assert!(recent.bytes.capacity() <= 2 * SMALL_CAPACITY);
    }
}
