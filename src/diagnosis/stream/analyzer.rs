//! Analyzes one stream of frames, and continues after bytes that are not a frame.
//!
//! In: the bytes of one sender, or of both in turn, in pieces of any size. Out: events, given to
//! an [`EventSink`]. The connection's analyzer has one [`StreamAnalyzer`] for each direction; the
//! live analyzer makes one for a frame that an endpoint refused.

use std::mem;

use super::end::{
    CutHeader, classify_cut_header, complete_header, diagnose_cut, diagnose_cut_header,
    diagnose_cut_payload, recover_cut_payload,
};
use super::event::{Event, EventSink, PlainBatch};
use super::explain::other_protocol::StreamPosition;
use super::frames::{FrameTracker, OpenFrame};
use super::plain_batch::PlainBatcher;
use super::recent_bytes::RecentBytes;
use super::resync::{Recovery, Resync, SearchResult, SearchedRanges, SuspectHeader, note_resume};
use super::senders::{FramePosition, Senders};
use crate::diagnosis::Location;
use crate::ws::{FrameHeader, FramePart, FrameReader, IncompleteFrame, Opcode, Rule};

/// Decodes, validates and explains a stream of frames.
#[derive(Debug)]
pub(super) struct StreamAnalyzer {
    reader: FrameReader,
    recent: RecentBytes,
    batcher: PlainBatcher,
    frames: FrameTracker,
    state: State,
    /// Whether an accepted handshake came before the stream.
    is_after_handshake: bool,
    /// The offset where the HTTP chunk around the frames ends.
    chunk_end: Option<u64>,
    searched: SearchedRanges,
}

/// What the analyzer reads at the moment.
#[derive(Debug)]
enum State {
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

/// What is known of the bytes after the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EndKind {
    /// There are none: an incomplete frame is cut.
    Closed,
    /// There may be some, which the input does not have. An incomplete frame is not reported.
    Unknown,
}

/// What the end of a stream leads to.
enum EndStep {
    /// Earlier bytes are read again.
    ReadAgain,
    /// The stream ends inside a frame or other bytes.
    Inside,
    /// The stream ends after a frame.
    BetweenFrames,
}

impl StreamAnalyzer {
    /// An analyzer for frames whose first byte is at `offset` of the stream. `follows_response`
    /// says that a 101 and no frame came before them.
    pub(super) fn new(senders: Senders, limit: usize, offset: u64, follows_response: bool) -> Self {
        let reader = senders.reader(offset);
        let frames = FrameTracker::new(senders, limit).after_response(follows_response);
        Self::with(reader, frames, RecentBytes::starting_at(offset), false)
    }

    /// An analyzer for the bytes from the offset of `reader` on, after a handshake and frames that
    /// an endpoint accepted. `recent` has the bytes before them.
    pub(super) fn resuming(reader: FrameReader, frames: FrameTracker, recent: RecentBytes) -> Self {
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
            state: State::Header,
            is_after_handshake,
            chunk_end: None,
            searched: SearchedRanges::default(),
        }
    }

    /// Whether both ends send in this stream.
    pub(super) const fn has_both_senders(&self) -> bool {
        matches!(self.frames.senders, Senders::Both(_))
    }

    /// The location of the first two bytes of the only frame, if that is a message or a part of
    /// one.
    pub(super) fn only_message(&self) -> Option<Location> {
        let FramePosition { number, start } = self.frames.only_message()?;
        let snippet = self.recent.window().snippet(start, start);
        Some(Location {
            snippet,
            ..Location::in_frame(number, start, 2)
        })
    }

    /// Reads the next piece; `is_last` says that no bytes follow.
    pub(super) fn take(&mut self, piece: &[u8], is_last: bool, sink: &mut EventSink<'_>) {
        self.recent.count(piece);
        if is_last {
            self.recent.complete();
        }
        self.read(piece, sink);
        self.recent.append_end_of_piece(piece);
        let next_may_explain = match self.reader.incomplete() {
            Some(IncompleteFrame::Header { .. }) => true,
            Some(IncompleteFrame::Payload { .. }) => is_last,
            None => matches!(self.state, State::NeedMore),
        };
        if !next_may_explain {
            self.frames.findings.report_settled(sink);
        }
    }

    /// Ends the stream.
    pub(super) fn finish(&mut self, end: EndKind, sink: &mut EventSink<'_>) {
        self.recent.complete();
        let last = loop {
            self.read(&[], sink);
            match self.end_step(end, sink) {
                EndStep::ReadAgain => {}
                last => break last,
            }
        };
        if matches!(last, EndStep::BetweenFrames) && end == EndKind::Closed {
            let (validators, window) = (self.reader.validators(), self.recent.window());
            self.frames.push_unfinished_messages(validators, window);
            self.frames.push_unknown_sender(window);
        }
        self.frames.findings.report(sink);
        self.state = State::Ended;
    }

    /// Ends the analysis where the input cannot be read: the bytes after it are unknown.
    pub(super) fn abort(&mut self, sink: &mut EventSink<'_>) {
        self.recent.complete();
        self.read(&[], sink);
        match mem::replace(&mut self.state, State::Ended) {
            State::Payload(_) => sink.send(Event::End(false)),
            State::Searching(_) => sink.send(Event::End(true)),
            State::Header | State::NeedMore | State::Ended => {}
        }
        self.frames.findings.report(sink);
    }

    /// Reads from the place of the reader to the end of the current piece. Bytes before the
    /// piece are read again from those that are kept.
    fn read(&mut self, piece: &[u8], sink: &mut EventSink<'_>) {
        const CHUNK: u64 = 1 << 10;
        let end = self.recent.end();
        let start = end - piece.len() as u64;
        let mut batcher = mem::take(&mut self.batcher);
        if matches!(self.state, State::NeedMore) {
            self.state = State::Header;
        }
        while self.reader.offset() < end && !matches!(self.state, State::NeedMore) {
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
        if matches!(self.state, State::Searching(_)) {
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
                    if let State::Payload(frame) = &mut self.state {
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
                self.state = State::NeedMore;
                return false;
            }
        }
        self.state = State::Payload(self.frames.begin(offset, header, &mut self.reader, sink));
        true
    }

    fn end_frame(&mut self, piece: &[u8], sink: &mut EventSink<'_>) {
        let State::Payload(frame) = mem::replace(&mut self.state, State::Header) else {
            return;
        };
        if let Some(ended) = self.frames.end(frame, sink) {
            self.recent.append_piece(piece);
            self.frames.diagnose(&ended, self.recent.window());
        }
    }

    /// Whether the stream is known to end before this frame does.
    fn ends_after_stream(&self, offset: u64, header: &FrameHeader) -> bool {
        let size = (header.size() as u64).saturating_add(header.payload_length.value());
        self.recent.is_complete() && offset.saturating_add(size) > self.recent.end()
    }

    /// Whether a wrong header is read again when more bytes are there: its frame is not
    /// complete, or no valid frame follows it yet.
    fn needs_more(&self, offset: u64, header: &FrameHeader) -> bool {
        const ENOUGH: u64 = 1 << 15;
        let suspect = self.suspect(offset, Some(header));
        let (lookahead, window) = (suspect.lookahead, suspect.lookahead.window);
        let continues = |end| end == window.end() || lookahead.like(header).continues_at(end);
        let is_frame = || {
            let frame = lookahead.frame(offset);
            frame.is_some_and(|frame| continues(frame.end))
                && !suspect.last_may_lack_marker(&self.frames.violations)
        };
        !window.is_complete() && window.end() - offset < ENOUGH && !is_frame()
    }

    /// How to continue if no frame begins with this header; None if one does.
    fn recover(&mut self, offset: u64, header: &FrameHeader) -> Option<Recovery> {
        let mut searched = mem::take(&mut self.searched);
        let suspect = self.suspect(offset, Some(header));
        let recovery = suspect.recover(header, &self.frames.violations, &mut searched);
        self.searched = searched;
        recovery
    }

    /// The context of a header that may be wrong. `header` is None if it is incomplete.
    fn suspect(&self, offset: u64, header: Option<&FrameHeader>) -> SuspectHeader<'_> {
        let window = self.recent.window();
        SuspectHeader {
            lookahead: match header {
                Some(header) => self.frames.lookahead(window, header),
                None => self.frames.lookahead_any(window),
            },
            offset,
            number: self.frames.count + 1,
            last: self.frames.last,
            before_last: self.frames.before_last,
            position: self.position(),
            chunk_end: self.chunk_end,
        }
    }

    const fn position(&self) -> StreamPosition {
        if self.frames.count > 0 {
            StreamPosition::AfterFrames
        } else if self.is_after_handshake {
            StreamPosition::AfterHandshake
        } else {
            StreamPosition::Start
        }
    }

    /// Reports bytes that are not a frame, and continues after them.
    fn apply(&mut self, offset: u64, recovery: Recovery, sink: &mut EventSink<'_>) {
        /// What reading a byte again costs, at most a frame for every two bytes.
        const PER_BYTE: u64 = 8;
        let read_again = offset.saturating_sub(recovery.resume.unwrap_or(offset));
        let effort = self.recent.effort();
        effort.spend(read_again.saturating_mul(PER_BYTE));
        if recovery.revises_last {
            // Its findings are those of a wrong length.
            self.frames.findings.drop_frame(self.frames.count);
        }
        self.frames.findings.report(sink);
        self.frames.violations.clear();
        let (start, end) = (recovery.skipped.start, recovery.skipped.end);
        let window = self.recent.window();
        if let Some(header) = recovery.shown_as_frame {
            self.frames.begin_invalid(start, header, sink);
            let mut payload = window.up_to(start + header.size() as u64, end).to_vec();
            if let Some(key) = header.masking_key {
                key.apply(0, &mut payload);
            }
            sink.payload(&payload);
            sink.send(Event::End(false));
        } else if start < end {
            sink.gap(start, window.up_to(start, end));
        }
        self.chunk_end = recovery.chunk_end;
        self.state = match (recovery.resume, recovery.finding) {
            (None, Some(finding)) => {
                sink.send(Event::Gap(offset));
                let from = offset + 1;
                State::Searching(Resync { finding, from })
            }
            (_, finding) => {
                if let Some(finding) = finding {
                    sink.finding(finding);
                }
                State::Header
            }
        };
        self.resume_at(recovery.resume.unwrap_or(offset));
    }

    /// Goes on reading here. The frame before is not the cause of what follows, so that reading
    /// never continues at the same place twice.
    fn resume_at(&mut self, offset: u64) {
        self.reader.resume_at(offset);
        self.frames.last = None;
        self.frames.before_last = None;
    }

    /// Searches for the next frame, and reports the bytes before it.
    fn search(&mut self, sink: &mut EventSink<'_>) {
        let State::Searching(mut resync) = mem::replace(&mut self.state, State::Header) else {
            return;
        };
        let window = self.recent.window();
        let at = self.reader.offset();
        match resync.search(&self.frames.lookahead_any(window)) {
            SearchResult::Found(offset) => {
                sink.payload(window.up_to(at, offset));
                sink.send(Event::End(true));
                sink.finding(note_resume(resync.finding, offset, window));
                self.resume_at(offset);
            }
            SearchResult::NotFound { from } => {
                let end = window.end();
                sink.payload(window.up_to(at, end));
                resync.from = from;
                self.state = State::Searching(resync);
                self.resume_at(end);
            }
        }
    }

    /// Reports what the stream ends in.
    fn end_step(&mut self, end: EndKind, sink: &mut EventSink<'_>) -> EndStep {
        match mem::replace(&mut self.state, State::Header) {
            State::Searching(resync) => {
                sink.send(Event::End(true));
                sink.finding(resync.finding);
                EndStep::BetweenFrames
            }
            State::Payload(frame) => self.end_in_payload(&frame, end, sink),
            State::Header | State::NeedMore | State::Ended => match self.reader.incomplete() {
                Some(cut @ IncompleteFrame::Header { .. }) => self.end_in_header(&cut, end, sink),
                _ => EndStep::BetweenFrames,
            },
        }
    }

    fn end_in_payload(
        &mut self,
        frame: &OpenFrame,
        end: EndKind,
        sink: &mut EventSink<'_>,
    ) -> EndStep {
        sink.send(Event::End(false));
        let Some(cut) = self.reader.incomplete() else {
            return EndStep::BetweenFrames;
        };
        let window = self.recent.window();
        let context = frame.context(self.frames.lookahead(window, &frame.header));
        if let Some(recovery) = recover_cut_payload(&context) {
            let is_end = recovery.resume >= Some(window.end());
            self.apply(frame.start, recovery, sink);
            return if is_end {
                EndStep::Inside
            } else {
                EndStep::ReadAgain
            };
        }
        // A length with its highest bit set is not a length: nothing is missing.
        let has_length = !self
            .frames
            .violations
            .iter()
            .any(|violation| matches!(violation.rule, Rule::LengthHighestBit(_)));
        self.frames.diagnose_cut(frame, window);
        if has_length && end == EndKind::Closed {
            let context = frame.context(self.frames.lookahead(window, &frame.header));
            let finding = diagnose_cut_payload(&cut, &context, self.frames.last);
            self.frames.findings.push(finding);
        }
        EndStep::Inside
    }

    fn end_in_header(
        &mut self,
        cut: &IncompleteFrame,
        end: EndKind,
        sink: &mut EventSink<'_>,
    ) -> EndStep {
        let IncompleteFrame::Header { offset, bytes, .. } = cut else {
            return EndStep::BetweenFrames;
        };
        match classify_cut_header(&self.suspect(*offset, None)) {
            CutHeader::Recovery(recovery) => {
                self.apply(*offset, recovery, sink);
                return EndStep::ReadAgain;
            }
            CutHeader::NoFrame(recovery) => self.apply(*offset, recovery, sink),
            CutHeader::Finding(finding) => self.frames.findings.push(finding),
            CutHeader::Cut if end == EndKind::Closed => {
                let (window, number) = (self.recent.window(), self.frames.count + 1);
                if let Some(header) = complete_header(bytes) {
                    let mut violations = Vec::new();
                    self.reader.check_header(*offset, &header, &mut violations);
                    let sender = self.frames.senders.of(&header).sender;
                    let snippet = window.snippet(*offset, *offset);
                    for finding in diagnose_cut_header(&violations, number, snippet.as_ref()) {
                        self.frames.findings.push_new(finding, sender);
                    }
                }
                let finding = diagnose_cut(cut, number, window);
                self.frames.findings.push(finding);
            }
            CutHeader::Cut => {}
        }
        EndStep::Inside
    }
}

#[cfg(test)]
mod tests;
