//! Analyzes one stream of frames, and continues after bytes that are not a frame.
//!
//! In: the bytes of one sender, or of both in turn, in pieces of any size. Out: events, given to
//! an [`EventSink`]. The connection's analyzer has one [`StreamAnalyzer`] for each direction; the
//! live analyzer makes one for a frame that an endpoint refused.

mod finish;
mod recover;

use std::mem;

pub(in crate::diagnosis::stream) use finish::EndKind;

use crate::diagnosis::Location;
use crate::diagnosis::stream::event::{EventSink, PlainBatch};
use crate::diagnosis::stream::frames::{FrameTracker, OpenFrame};
use crate::diagnosis::stream::plain_batch::PlainBatcher;
use crate::diagnosis::stream::recent_bytes::RecentBytes;
use crate::diagnosis::stream::resync::{Resync, SearchedRanges};
use crate::diagnosis::stream::senders::{NumberedFrame, Senders};
use crate::ws::{FrameHeader, FramePart, FrameReader, IncompleteFrame, Opcode};

/// Decodes, validates and explains a stream of frames.
#[derive(Debug)]
pub(in crate::diagnosis::stream) struct StreamAnalyzer {
    reader: FrameReader,
    recent: RecentBytes,
    batcher: PlainBatcher,
    frames: FrameTracker,
    state: AnalyzerState,
    /// Whether an accepted handshake came before the stream.
    is_after_handshake: bool,
    /// The offset where the HTTP chunk around the frames ends.
    chunk_end: Option<u64>,
    searched: SearchedRanges,
}

/// What the analyzer reads at the moment.
#[derive(Debug)]
enum AnalyzerState {
    /// A header, or the bytes before one.
    Header,
    /// The payload of this frame.
    Payload(OpenFrame),
    /// Bytes that are not a frame, up to the next frame.
    Searching(Resync),
    /// A header that is wrong. More bytes may show why, and it is read again then.
    NeedMore,
    /// Nothing more: the stream has ended.
    Ended,
}

impl StreamAnalyzer {
    /// An analyzer for frames whose first byte is at `offset` of the stream. `follows_response`
    /// says that a 101 and no frame came before them.
    pub(in crate::diagnosis::stream) fn new(
        senders: Senders,
        limit: usize,
        offset: u64,
        follows_response: bool,
    ) -> Self {
        let reader = senders.reader(offset);
        let frames = FrameTracker::new(senders, limit).after_response(follows_response);
        Self::with(reader, frames, RecentBytes::starting_at(offset), false)
    }

    /// An analyzer for the bytes from the offset of `reader` on, after a handshake and frames that
    /// an endpoint accepted. `recent` has the bytes before them.
    pub(in crate::diagnosis::stream) fn resuming(
        reader: FrameReader,
        frames: FrameTracker,
        recent: RecentBytes,
    ) -> Self {
        Self::with(reader, frames, recent, true)
    }

    fn with(
        reader: FrameReader,
        frames: FrameTracker,
        recent: RecentBytes,
        is_after_handshake: bool,
    ) -> Self {
        Self {
            reader,
            recent,
            batcher: PlainBatcher::new(),
            frames,
            state: AnalyzerState::Header,
            is_after_handshake,
            chunk_end: None,
            searched: SearchedRanges::default(),
        }
    }

    /// Whether both ends send in this stream.
    pub(in crate::diagnosis::stream) const fn has_both_senders(&self) -> bool {
        matches!(self.frames.senders, Senders::Both(_))
    }

    /// The location of the first two bytes of the only frame, if that is a message or a part of
    /// one.
    pub(in crate::diagnosis::stream) fn only_message(&self) -> Option<Location> {
        let NumberedFrame { number, start } = self.frames.only_message()?;
        let snippet = self.recent.window().snippet(start, start);
        Some(Location {
            snippet,
            ..Location::in_frame(number, start, 2)
        })
    }

    /// Reads the next piece; `is_last` says that no bytes follow.
    pub(in crate::diagnosis::stream) fn take(
        &mut self,
        piece: &[u8],
        is_last: bool,
        sink: &mut EventSink<'_>,
    ) {
        self.recent.count(piece);
        if is_last {
            self.recent.complete();
        }
        self.read(piece, sink);
        self.recent.append_end_of_piece(piece);
        let next_may_explain = match self.reader.incomplete() {
            Some(IncompleteFrame::Header { .. }) => true,
            Some(IncompleteFrame::Payload { .. }) => is_last,
            None => matches!(self.state, AnalyzerState::NeedMore),
        };
        if !next_may_explain {
            self.frames.findings.report_settled(sink);
        }
    }

    /// Reads from the place of the reader to the end of the current piece. Bytes before the
    /// piece are read again from those that are kept.
    fn read(&mut self, piece: &[u8], sink: &mut EventSink<'_>) {
        const CHUNK: u64 = 1 << 10;
        let end = self.recent.end();
        let start = end - piece.len() as u64;
        let mut batcher = mem::take(&mut self.batcher);
        if matches!(self.state, AnalyzerState::NeedMore) {
            self.state = AnalyzerState::Header;
        }
        while self.reader.offset() < end && !matches!(self.state, AnalyzerState::NeedMore) {
            let at = self.reader.offset();
            if at < start {
                let kept = self
                    .recent
                    .window()
                    .up_to(at, start.min(at + CHUNK))
                    .to_vec();
                self.recent.effort().spend_on(kept.len());
                if !kept.is_empty() {
                    self.read_part(&kept, piece, &mut batcher, sink);
                    continue;
                }
                self.reader.resume_at(start);
            }
            let index = usize::try_from(at.saturating_sub(start)).unwrap_or(usize::MAX);
            let bytes = piece.get(index..).unwrap_or_default();
            self.read_part(bytes, piece, &mut batcher, sink);
        }
        self.batcher = batcher;
    }

    /// Reads `bytes`, of `piece` or from before it, until they end or the reader moves.
    fn read_part(
        &mut self,
        bytes: &[u8],
        piece: &[u8],
        batcher: &mut PlainBatcher,
        sink: &mut EventSink<'_>,
    ) {
        if matches!(self.state, AnalyzerState::Searching(_)) {
            self.recent.append_piece(piece);
            self.search(sink);
            return;
        }
        let mut unread = bytes;
        loop {
            self.read_batches(&mut unread, batcher, sink);
            let violations = &mut self.frames.violations;
            let part = self
                .reader
                .decode_into(&mut unread, batcher.buffer(), violations);
            match part {
                None => return,
                Some(FramePart::Header { offset, header }) => {
                    if !self.header(offset, header, piece, sink) {
                        return;
                    }
                }
                Some(FramePart::Payload(payload)) => {
                    if let AnalyzerState::Payload(frame) = &mut self.state {
                        self.frames.payload(frame, payload, sink);
                    }
                }
                Some(FramePart::End) => self.end_frame(piece, sink),
            }
        }
    }

    /// Reads plain text messages from the start of `bytes`, as many as there are.
    fn read_batches(
        &mut self,
        bytes: &mut &[u8],
        batcher: &mut PlainBatcher,
        sink: &mut EventSink<'_>,
    ) {
        let is_text = |bytes: &[u8]| {
            let first = bytes.first();
            first.is_some_and(|first| Opcode::of_first_byte(*first) == Opcode::TEXT)
        };
        while is_text(bytes) {
            let expected = self.reader.expected_plain(usize::MAX);
            let rules = expected.and_then(|expected| self.frames.batch_rules(expected));
            let Some((rules, sender)) = rules else {
                return;
            };
            let (number, offset) = (self.frames.count + 1, self.reader.offset());
            let empty = PlainBatch::starting_at(number, offset, sender);
            let Some(batch) = batcher.read(bytes, rules, empty) else {
                return;
            };
            self.frames.findings.report(sink);
            sink.batch(batch);
            self.frames.accept_batch(batch, &mut self.reader);
            let size = usize::try_from(batch.end() - offset).unwrap_or(usize::MAX);
            *bytes = bytes.get(size..).unwrap_or_default();
        }
    }

    /// Takes a header. Returns whether its frame begins; if not, the reader was moved.
    fn header(
        &mut self,
        offset: u64,
        header: FrameHeader,
        piece: &[u8],
        sink: &mut EventSink<'_>,
    ) -> bool {
        if !self.frames.violations.is_empty() || self.ends_after_stream(offset, &header) {
            self.recent.append_piece(piece);
            if let Some(recovery) = self.recover(offset, &header) {
                self.apply(offset, recovery, sink);
                return false;
            }
            if self.needs_more(offset, &header) {
                self.frames.violations.clear();
                self.reader.resume_at(offset);
                self.state = AnalyzerState::NeedMore;
                return false;
            }
        }
        self.state =
            AnalyzerState::Payload(self.frames.begin(offset, header, &mut self.reader, sink));
        true
    }

    fn end_frame(&mut self, piece: &[u8], sink: &mut EventSink<'_>) {
        let AnalyzerState::Payload(frame) = mem::replace(&mut self.state, AnalyzerState::Header)
        else {
            return;
        };
        if let Some(ended) = self.frames.end(frame, sink) {
            self.recent.append_piece(piece);
            self.frames.diagnose(&ended, self.recent.window());
        }
    }
}

#[cfg(test)]
mod tests;
