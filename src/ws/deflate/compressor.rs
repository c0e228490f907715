//! The compressors of zlib, which the [`Deflater`](super::Deflater)s of a thread share.
//!
//! A compressor takes 370 KiB, and a server may have a thousand connections. So a `Deflater` owns
//! none between two messages. The compressors of busy streams are kept here with their bytes; for
//! another stream a compressor is readied with the last bytes of the stream.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::{Compress, Compression};

use super::inflater::release_spare;
use super::window::Window;

/// How many compressors a thread keeps.
const MAX_KEPT: usize = 64;

/// A stream is busy if at most this many messages were compressed between its last two.
const BUSY: u64 = 128;

thread_local! {
    static KEPT: RefCell<KeptCompressors> = const { RefCell::new(KeptCompressors::new()) };
}

/// The compressors that no message uses.
struct KeptCompressors {
    /// The one that was used last is at the end.
    all: Vec<Compressor>,
    /// How many at the end were used since the last [`release_unused`].
    used: usize,
    /// How many messages were compressed.
    messages: u64,
}

/// A compressor of zlib.
#[derive(Debug)]
pub(super) struct Compressor {
    pub(super) zlib: Compress,
    settings: CompressorSettings,
    /// The end of the stream whose bytes it has; None if it has none to refer to.
    position: Option<StreamPosition>,
}

/// What a compressor cannot change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CompressorSettings {
    /// The level, 0 to 9.
    pub(super) level: u8,
    /// The size of the window in bits, 9 to 15.
    pub(super) window_bits: u8,
}

/// A place between two messages of one `Deflater`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StreamPosition {
    stream: u64,
    /// How many messages of the stream are before it.
    messages: u64,
    /// How many messages of all streams of the thread were before it.
    all_messages: u64,
}

impl StreamPosition {
    /// The beginning of a new stream.
    pub(super) fn new() -> Self {
        static STREAMS: AtomicU64 = AtomicU64::new(0);
        Self {
            stream: STREAMS.fetch_add(1, Ordering::Relaxed),
            messages: 0,
            all_messages: 0,
        }
    }

    /// The place after one more message.
    const fn next(self, all_messages: u64) -> Self {
        Self {
            messages: self.messages + 1,
            all_messages,
            ..self
        }
    }

    /// Whether the stream is busy, after so many messages of all streams.
    const fn is_busy(self, all_messages: u64) -> bool {
        self.messages > 0 && all_messages - self.all_messages <= BUSY
    }
}

impl Compressor {
    /// Takes a compressor for the next message of the stream that is at `position` and ends with
    /// `window`; without a position, for a message that refers to no other.
    pub(super) fn take(
        settings: CompressorSettings,
        position: Option<StreamPosition>,
        window: &Window,
    ) -> Self {
        let kept = KEPT.with_borrow_mut(|kept| kept.take(settings, position));
        let mut compressor = match kept {
            Some(ready) if position.is_some() && ready.position == position => return ready,
            Some(mut other) => {
                other.zlib.reset();
                other
            }
            None => Self::new(settings),
        };
        compressor.position = position;
        if position.is_some() {
            compressor.set_window(window);
        }
        compressor
    }

    /// Keeps the compressor after a message. Returns the new end of its stream.
    pub(super) fn keep(mut self) -> Option<StreamPosition> {
        KEPT.with_borrow_mut(|kept| {
            kept.messages += 1;
            let before = self.position;
            let after = before.map(|before| before.next(kept.messages));
            let is_busy = before.is_some_and(|before| before.is_busy(kept.messages));
            self.position = after.filter(|_| is_busy);
            kept.put(self);
            after
        })
    }

    fn new(settings: CompressorSettings) -> Self {
        let level = Compression::new(settings.level.into());
        Self {
            zlib: Compress::new_with_window_bits(level, false, settings.window_bits),
            settings,
            position: None,
        }
    }

    fn set_window(&mut self, window: &Window) {
        for part in window.parts() {
            if !part.is_empty() {
                self.zlib
                    .set_dictionary(part)
                    .expect("raw DEFLATE takes a dictionary between two messages");
            }
        }
    }
}

impl KeptCompressors {
    const fn new() -> Self {
        Self {
            all: Vec::new(),
            used: 0,
            messages: 0,
        }
    }

    /// Takes the compressor that has the bytes of this stream. If there is none, takes one that
    /// has no bytes to refer to, or, if all are needed, the one that was not used for longest.
    fn take(
        &mut self,
        settings: CompressorSettings,
        position: Option<StreamPosition>,
    ) -> Option<Compressor> {
        let find = |position| {
            let is_it = |it: &Compressor| it.settings == settings && it.position == position;
            self.all.iter().position(is_it)
        };
        let index = find(position).or_else(|| find(None)).or_else(|| {
            let is_full = self.all.len() == MAX_KEPT;
            let is_it = |it: &Compressor| it.settings == settings;
            self.all.iter().position(is_it).filter(|_| is_full)
        })?;
        let is_used = index >= self.all.len() - self.used;
        self.used -= usize::from(is_used);
        Some(self.all.remove(index))
    }

    fn put(&mut self, compressor: Compressor) {
        if self.all.len() == MAX_KEPT {
            self.all.remove(0);
        }
        self.all.push(compressor);
        self.used = (self.used + 1).min(self.all.len());
    }

    fn release_unused(&mut self) {
        self.all.drain(..self.all.len() - self.used);
        self.used = 0;
    }
}

/// Frees the compressors of this thread that were not used since the last call, and a decoder that
/// no message uses. The streams whose bytes they had stay as they are.
pub fn release_unused() {
    release_spare();
    KEPT.with_borrow_mut(KeptCompressors::release_unused);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: CompressorSettings = CompressorSettings {
        level: 6,
        window_bits: 15,
    };

    fn kept() -> usize {
        KEPT.with_borrow(|kept| kept.all.len())
    }

    fn compress(position: Option<StreamPosition>) -> Option<StreamPosition> {
        Compressor::take(SETTINGS, position, &Window::new(15)).keep()
    }

    /// The positions of streams after two messages of each.
    fn busy_streams(count: usize) -> Vec<Option<StreamPosition>> {
        (0..count)
            .map(|_| compress(compress(Some(StreamPosition::new()))))
            .collect()
    }

    #[test]
    fn the_compressors_of_busy_streams_are_kept_with_their_bytes() {
        let ends = busy_streams(MAX_KEPT + 1);
        assert_eq!(kept(), MAX_KEPT);
        KEPT.with_borrow(|kept| {
            let positions: Vec<_> = kept.all.iter().map(|it| it.position).collect();
            assert_eq!(positions, ends[1..]);
        });
    }

    #[test]
    fn streams_with_few_messages_share_a_compressor() {
        let ends: Vec<_> = (0..200)
            .map(|_| compress(Some(StreamPosition::new())))
            .collect();
        for end in ends {
            compress(end);
        }
        compress(None);
        assert_eq!(kept(), 1);
    }

    #[test]
    fn those_that_were_not_used_since_the_last_release_are_freed() {
        let ends = busy_streams(2);
        release_unused();
        assert_eq!(kept(), 2);
        compress(ends[0]);
        release_unused();
        assert_eq!(kept(), 1);
        compress(ends[1]);
        release_unused();
        release_unused();
        assert_eq!(kept(), 0);
    }
}
