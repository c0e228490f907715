//! The bytes of a stream that were seen last, as they were on the wire.

use crate::diagnosis::Snippet;

/// How many bytes are remembered when more come in.
const MEMORY: usize = 1 << 16;

/// How many bytes of room a tape may keep that does not need them.
const SHORT: usize = 1 << 10;

/// Remembers the end of a stream.
///
/// A piece that comes is only counted, and wound onto the tape when somebody wants to look
/// at it: most pieces nobody ever does.
#[derive(Debug, Default)]
pub(super) struct RecentBytes {
    bytes: Vec<u8>,
    /// Where in the stream the first of them stands.
    start: u64,
    /// How long the last piece is, if it is not on the tape.
    piece: usize,
    is_complete: bool,
}

impl RecentBytes {
    /// Nothing yet of a stream whose first bytes were something else.
    pub(super) fn starting_at(offset: u64) -> Self {
        Self {
            start: offset,
            ..Self::default()
        }
    }

    /// A further piece of the stream comes.
    pub(super) const fn count(&mut self, piece: &[u8]) {
        self.piece = piece.len();
    }

    /// Winds the last piece onto the tape, if it is not there; what is old is forgotten.
    pub(super) fn wind(&mut self, piece: &[u8]) {
        if self.piece == 0 {
            return;
        }
        if self.bytes.len() > 2 * MEMORY {
            let forgotten = self.bytes.len() - MEMORY;
            self.bytes.drain(..forgotten);
            self.start += forgotten as u64;
        }
        self.bytes.extend_from_slice(piece);
        self.piece = 0;
    }

    /// Winds the end of the last piece, which is all that may be asked for when it is gone.
    pub(super) fn wind_end(&mut self, piece: &[u8]) {
        match piece.last_chunk::<MEMORY>() {
            Some(end) if self.piece > 0 => {
                self.start = self.end() - MEMORY as u64;
                self.bytes.clear();
                self.bytes.extend_from_slice(end);
                self.piece = 0;
            }
            _ => self.wind(piece),
        }
    }

    /// More bytes come, and are wanted on the tape.
    pub(super) fn append(&mut self, bytes: &[u8]) {
        self.count(bytes);
        self.wind(bytes);
    }

    /// Where the stream ends, as far as it has come.
    pub(super) const fn end(&self) -> u64 {
        self.start + (self.bytes.len() + self.piece) as u64
    }

    /// Whether nothing follows.
    pub(super) const fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// What stands before this place is not needed any more. A long tape that little is left
    /// of is given back.
    pub(super) fn forget(&mut self, before: u64) {
        let forgotten = before.saturating_sub(self.start);
        let count = usize::try_from(forgotten).unwrap_or(usize::MAX);
        let count = count.min(self.bytes.len());
        self.bytes.drain(..count);
        self.start += count as u64;
        if self.bytes.capacity() > SHORT {
            self.bytes.shrink_to(SHORT);
        }
    }

    /// Nothing follows what was appended.
    pub(super) const fn complete(&mut self) {
        self.is_complete = true;
    }

    /// What is remembered, and wound onto the tape.
    pub(super) fn window(&self) -> BytesWindow<'_> {
        BytesWindow {
            bytes: &self.bytes,
            start: self.start,
            is_complete: self.is_complete,
        }
    }
}

/// A stretch of a stream, as it is on the wire.
#[derive(Clone, Copy, Debug)]
pub(super) struct BytesWindow<'a> {
    bytes: &'a [u8],
    start: u64,
    is_complete: bool,
}

impl<'a> BytesWindow<'a> {
    /// All bytes of a stream.
    #[cfg(test)]
    pub(super) const fn whole(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            start: 0,
            is_complete: true,
        }
    }

    /// Whether the stream ends where the window does.
    pub(super) const fn is_complete(self) -> bool {
        self.is_complete
    }

    /// Where in the stream it begins.
    pub(super) const fn start(self) -> u64 {
        self.start
    }

    /// Where in the stream it ends.
    pub(super) const fn end(self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    /// The bytes from here to the end; None before the window and behind it.
    pub(super) fn from(self, offset: u64) -> Option<&'a [u8]> {
        let index = usize::try_from(offset.checked_sub(self.start)?).ok()?;
        self.bytes.get(index..)
    }

    /// The bytes between these offsets; None unless all of them are in the window.
    pub(super) fn between(self, start: u64, end: u64) -> Option<&'a [u8]> {
        let size = usize::try_from(end.checked_sub(start)?).ok()?;
        self.from(start)?.get(..size)
    }

    /// The bytes between these offsets, as far as they are in the window.
    pub(super) fn up_to(self, start: u64, end: u64) -> &'a [u8] {
        self.between(start, end.min(self.end())).unwrap_or_default()
    }

    /// A row of bytes to be shown for the one at `offset`, from the start of its frame
    /// if that is near.
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
    fn the_end_of_a_long_stream_is_remembered() {
        let mut tape = RecentBytes::default();
        for index in 0..5_u8 {
            let piece = vec![index; 100_000];
            tape.count(&piece);
            assert_eq!(tape.end(), (u64::from(index) + 1) * 100_000);
            if index % 2 == 0 {
                tape.wind(&piece);
            }
            tape.wind_end(&piece);
            assert!(tape.window().bytes.len() <= 100_000 + 2 * MEMORY);
        }
        let window = tape.window();
        assert_eq!(window.end(), 500_000);
        assert_eq!(window.between(399_999, 400_001), Some(&[3, 4][..]));
        assert_eq!(window.from(0), None);
        assert_eq!(window.from(500_000), Some(&[][..]));
        assert_eq!(window.from(500_001), None);
    }

    #[test]
    fn what_is_forgotten_takes_no_room() {
        let mut tape = RecentBytes::default();
        tape.append(&[7; 10_000]);
        tape.forget(9_990);
        assert_eq!(tape.window().from(9_990), Some(&[7; 10][..]));
        assert!(tape.bytes.capacity() <= 2 * SHORT);
    }
}
