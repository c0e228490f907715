//! The compressors of zlib, which the [`Deflater`](super::Deflater)s of a thread share.
//!
//! A compressor takes 200 to 370 KiB, and a server may have a thousand connections. So a `Deflater`
//! takes one for each piece that it compresses, and owns none between two. The compressors of busy
//! streams are kept here with their bytes; for another stream a compressor is readied with the last
//! bytes of the stream.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::{Compress, Compression};

use super::inflater::release_spare;
use super::window::Window;

/// How many compressors for short messages a thread keeps.
const MAX_KEPT: usize = 56;

/// How many compressors for long messages it keeps. They take more memory, and to ready one takes less
/// time than to compress the message.
const MAX_KEPT_FOR_LONG: usize = 4;

/// How many fewer are kept for short messages while one for long messages is kept. It takes the memory
/// of two, and connections with long messages themselves take more.
const SHORT_FOR_LONG: usize = 6;

/// A stream is busy if at most this many pieces were compressed between its last two.
const BUSY: u64 = 128;

thread_local! {
    static KEPT: RefCell<KeptCompressors> = const { RefCell::new(KeptCompressors::new()) };
}

/// The compressors that no piece uses.
struct KeptCompressors {
    for_short: CompressorPool,
    for_long: CompressorPool,
    /// How many pieces were compressed.
    pieces: u64,
}

/// The compressors for short messages, or those for long ones.
struct CompressorPool {
    /// The one that was used last is at the end.
    all: Vec<Compressor>,
    /// How many at the end were used since the last [`release_unused`].
    used: usize,
    /// How many may be kept.
    max: usize,
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
    /// Whether it is for long messages: then it takes more memory.
    pub(super) is_for_long: bool,
}

/// The bytes before a piece that it may refer to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    /// The end of the earlier messages.
    pub(super) window: &'a Window,
    /// What was compressed of the message.
    pub(super) message: &'a [u8],
}

/// A place between two pieces of one `Deflater`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StreamPosition {
    stream: u64,
    /// How many messages of the stream are before it.
    messages: u64,
    /// How many pieces of all streams of the thread were before it.
    all_pieces: u64,
}

impl StreamPosition {
    /// The beginning of a new stream.
    pub(super) fn new() -> Self {
        static STREAMS: AtomicU64 = AtomicU64::new(0);
        Self {
            stream: STREAMS.fetch_add(1, Ordering::Relaxed),
            messages: 0,
            all_pieces: 0,
        }
    }

    /// The place after one more piece. `is_continued` says whether the next one is of the same message.
    const fn next(self, all_pieces: u64, is_continued: bool) -> Self {
        Self {
            messages: self.messages + !is_continued as u64,
            all_pieces,
            ..self
        }
    }

    /// Whether the stream is busy, after so many pieces of all streams.
    const fn is_busy(self, all_pieces: u64) -> bool {
        self.messages > 0 && all_pieces - self.all_pieces <= BUSY
    }
}

impl Compressor {
    /// Takes a compressor for the next piece of the stream that is at `position`, after `context`;
    /// without a position, for one that refers to no other.
    pub(super) fn take(
        settings: CompressorSettings,
        position: Option<StreamPosition>,
        context: Context<'_>,
    ) -> Self {
        let kept = KEPT.with_borrow_mut(|kept| kept.pool(settings).take(settings, position));
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
            compressor.set_context(context);
        }
        compressor
    }

    /// Keeps the compressor after a piece. `is_continued` says whether the next piece is of the same
    /// message. Returns the new end of the stream, if later pieces refer to it.
    pub(super) fn keep(mut self, is_continued: bool) -> Option<StreamPosition> {
        KEPT.with_borrow_mut(|kept| {
            kept.pieces += 1;
            let before = self.position;
            let is_busy = before.is_some_and(|before| before.is_busy(kept.pieces));
            let before = before.or_else(|| is_continued.then(StreamPosition::new));
            let after = before.map(|before| before.next(kept.pieces, is_continued));
            self.position = after.filter(|_| is_busy || is_continued);
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

    fn set_context(&mut self, Context { window, message }: Context<'_>) {
        let size = 1 << self.settings.window_bits;
        let (last, parts) = match message.len().checked_sub(size) {
            Some(start) => (message.get(start..).unwrap_or_default(), [&[][..]; 2]),
            None => (message, window.parts()),
        };
        for part in parts.into_iter().chain([last]) {
            if !part.is_empty() {
                self.zlib
                    .set_dictionary(part)
                    .expect("raw DEFLATE takes a dictionary after a flush");
            }
        }
    }
}

impl KeptCompressors {
    const fn new() -> Self {
        Self {
            for_short: CompressorPool::new(MAX_KEPT),
            for_long: CompressorPool::new(MAX_KEPT_FOR_LONG),
            pieces: 0,
        }
    }

    const fn pool(&mut self, settings: CompressorSettings) -> &mut CompressorPool {
        if settings.is_for_long {
            &mut self.for_long
        } else {
            &mut self.for_short
        }
    }

    fn put(&mut self, compressor: Compressor) {
        self.pool(compressor.settings).put(compressor);
        self.limit_short();
    }

    fn release_unused(&mut self) {
        self.for_short.release_unused();
        self.for_long.release_unused();
        self.limit_short();
    }

    fn limit_short(&mut self) {
        let for_long = SHORT_FOR_LONG * self.for_long.all.len();
        self.for_short.limit(MAX_KEPT.saturating_sub(for_long));
    }
}

impl CompressorPool {
    const fn new(max: usize) -> Self {
        Self {
            all: Vec::new(),
            used: 0,
            max,
        }
    }

    /// Takes the compressor that has the bytes of this stream. If there is none, takes one that
    /// has no bytes to refer to, or, if all are needed, the one that was used last: of streams that
    /// are compressed in turns, it is needed again last.
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
            let is_full = self.all.len() == self.max;
            let is_it = |it: &Compressor| it.settings == settings;
            self.all.iter().rposition(is_it).filter(|_| is_full)
        })?;
        let is_used = index >= self.all.len() - self.used;
        self.used -= usize::from(is_used);
        Some(self.all.remove(index))
    }

    fn put(&mut self, compressor: Compressor) {
        if self.all.len() == self.max {
            self.all.remove(0);
        }
        self.all.push(compressor);
        self.used = (self.used + 1).min(self.all.len());
    }

    /// Keeps at most `max` from now on: those that were used last.
    fn limit(&mut self, max: usize) {
        self.max = max;
        self.all.drain(..self.all.len().saturating_sub(max));
        self.used = self.used.min(self.all.len());
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
        window_bits: 13,
        is_for_long: false,
    };

    fn kept() -> usize {
        KEPT.with_borrow(|kept| kept.for_short.all.len())
    }

    fn compress(position: Option<StreamPosition>) -> Option<StreamPosition> {
        let window = &Window::new(13);
        let message = &[];
        Compressor::take(SETTINGS, position, Context { window, message }).keep(false)
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
            let positions: Vec<_> = kept.for_short.all.iter().map(|it| it.position).collect();
            // The last stream has taken the compressor of the one before it.
            let kept = [&ends[..MAX_KEPT - 1], &ends[MAX_KEPT..]].concat();
            assert_eq!(positions, kept);
        });
    }

    #[test]
    fn fewer_are_kept_while_some_for_long_messages_are() {
        busy_streams(MAX_KEPT);
        let settings = CompressorSettings {
            is_for_long: true,
            ..SETTINGS
        };
        let window = &Window::new(13);
        let message = &[];
        let take = || Compressor::take(settings, None, Context { window, message });
        let taken = [(); 2].map(|()| take());
        for compressor in taken {
            compressor.keep(false);
        }
        assert_eq!(kept(), MAX_KEPT - 2 * SHORT_FOR_LONG);
        release_unused();
        release_unused();
        busy_streams(MAX_KEPT);
        assert_eq!(kept(), MAX_KEPT);
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
