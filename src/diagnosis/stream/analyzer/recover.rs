//! Headers that are wrong: whether a frame begins there, and how the analysis goes on if none
//! does. [`resync`](crate::diagnosis::stream::resync) decides; this applies what it decides.

use std::mem;

use super::{AnalyzerState, StreamAnalyzer};
use crate::diagnosis::stream::event::{Event, EventSink};
use crate::diagnosis::stream::explain::other_protocol::StreamPosition;
use crate::diagnosis::stream::resync::{
    Recovery, Resync, SearchResult, SuspectHeader, note_resume,
};
use crate::ws::FrameHeader;

impl StreamAnalyzer {
    /// Whether the stream is known to end before this frame does.
    pub(super) fn ends_after_stream(&self, offset: u64, header: &FrameHeader) -> bool {
        let size = (header.size() as u64).saturating_add(header.payload_length.value());
        self.recent.is_complete() && offset.saturating_add(size) > self.recent.end()
    }

    /// Whether a wrong header is read again when more bytes are there: its frame is not
    /// complete, or no valid frame follows it yet.
    pub(super) fn needs_more(&self, offset: u64, header: &FrameHeader) -> bool {
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
    pub(super) fn recover(&mut self, offset: u64, header: &FrameHeader) -> Option<Recovery> {
        let mut searched = mem::take(&mut self.searched);
        let suspect = self.suspect(offset, Some(header));
        let recovery = suspect.recover(header, &self.frames.violations, &mut searched);
        self.searched = searched;
        recovery
    }

    /// The context of a header that may be wrong. `header` is None if it is incomplete.
    pub(super) fn suspect(&self, offset: u64, header: Option<&FrameHeader>) -> SuspectHeader<'_> {
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

    pub(super) const fn position(&self) -> StreamPosition {
        if self.frames.count > 0 {
            StreamPosition::AfterFrames
        } else if self.is_after_handshake {
            StreamPosition::AfterHandshake
        } else {
            StreamPosition::Start
        }
    }

    /// Reports bytes that are not a frame, and continues after them.
    pub(super) fn apply(&mut self, offset: u64, recovery: Recovery, sink: &mut EventSink<'_>) {
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
                AnalyzerState::Searching(Resync { finding, from })
            }
            (_, finding) => {
                if let Some(finding) = finding {
                    sink.finding(finding);
                }
                AnalyzerState::Header
            }
        };
        self.resume_at(recovery.resume.unwrap_or(offset));
    }

    /// Goes on reading here. The frame before is not the cause of what follows, so that reading
    /// never continues at the same place twice.
    pub(super) fn resume_at(&mut self, offset: u64) {
        self.reader.resume_at(offset);
        self.frames.last = None;
        self.frames.before_last = None;
    }

    /// Searches for the next frame, and reports the bytes before it.
    pub(super) fn search(&mut self, sink: &mut EventSink<'_>) {
        let AnalyzerState::Searching(mut resync) =
            mem::replace(&mut self.state, AnalyzerState::Header)
        else {
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
                self.state = AnalyzerState::Searching(resync);
                self.resume_at(end);
            }
        }
    }
}
