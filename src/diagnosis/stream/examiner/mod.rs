//! The examination itself: bytes in, events out.

mod doubt;
mod ending;
mod frames;
mod judging;
mod resuming;
mod running;

pub(super) use resuming::Resumption;

use super::compression::CompressionState;
use super::event::{Event, Senders};
use super::explain::FrameContext;
use super::outlook::Lookahead;
use super::run::Page;
use super::side::{KnownSender, SenderState, SenderStates};
use super::tape::RecentBytes;
use crate::diagnosis::Finding;
use crate::diagnosis::catalogue::Phase;
use crate::ws::{
    FrameHeader, FramePart, FrameReader, FrameValidator, IncompleteFrame, Role, Violation,
};
use doubt::SearchedRange;
use frames::OpenFrame;

/// Somebody who is told what a stream says.
type Witness<'a> = dyn FnMut(Event<'_>) + 'a;

/// Takes a stream apart, judges it, and explains what is wrong.
#[derive(Debug)]
pub struct StreamAnalyzer {
    reader: FrameReader,
    tape: RecentBytes,
    page: Page,
    sides: SenderStates,
    /// The most bytes that a message may inflate to.
    limit: usize,
    number: u64,
    /// The frame that is being read.
    open: Option<OpenFrame>,
    /// Number and place of the frame before it.
    last: Option<(u64, u64)>,
    lost: Option<Resync>,
    /// Where no frame was found the last time one was looked for.
    barren: Option<SearchedRange>,
    violations: Vec<Violation>,
    /// What waits for the header behind it, which may tell more.
    findings: Vec<Finding>,
    /// Kinds of findings that are told once in a stream.
    told: Vec<&'static str>,
    /// Where a chunk of HTTP ends.
    chunk_end: Option<u64>,
    /// The header where the decoder stands makes no sense, and what follows may tell why.
    is_waiting: bool,
    /// What is missing at the end may yet come, and is not told.
    may_go_on: bool,
    /// The handshake was accepted: whatever comes, it was not refused.
    has_opened: bool,
}

/// Frames ended somewhere, and have not begun again.
#[derive(Debug)]
struct Resync {
    finding: Finding,
    /// From where on the next frame is looked for.
    from: u64,
}

impl StreamAnalyzer {
    /// An examiner for what these send, compressed or not; no message is inflated to more
    /// than `limit` bytes. The first byte stands at `offset` of the stream.
    pub fn new(parties: Senders, deflate: CompressionState, limit: usize, offset: u64) -> Self {
        let side = |role| SenderState::new(KnownSender::Known(role), deflate, limit);
        let sides = match parties {
            Senders::One(sender) => {
                SenderStates::One(Box::new(SenderState::new(sender, deflate, limit)))
            }
            Senders::Both => SenderStates::Both(Box::new([side(Role::Client), side(Role::Server)])),
        };
        let validator = |role| FrameValidator::new(role).with_deflate(deflate.is_allowed());
        let reader = match parties {
            Senders::One(sender) => FrameReader::new(validator(sender.role()), offset),
            Senders::Both => {
                let [client, server] = [Role::Client, Role::Server].map(Some).map(validator);
                FrameReader::of_both(client, server, offset)
            }
        };
        Self {
            reader,
            tape: RecentBytes::starting_at(offset),
            page: Page::new(),
            limit,
            sides,
            number: 0,
            open: None,
            last: None,
            lost: None,
            barren: None,
            violations: Vec::new(),
            findings: Vec::new(),
            told: Vec::new(),
            chunk_end: None,
            is_waiting: false,
            may_go_on: false,
            has_opened: false,
        }
    }

    /// Who sends, as far as the frames have told; None if both do.
    pub fn sender(&self) -> Option<KnownSender> {
        match &self.sides {
            SenderStates::One(side) => Some(side.sender),
            SenderStates::Both(_) => None,
        }
    }

    /// More bytes of the stream; `is_last` if it is known that none follow.
    pub fn take(&mut self, piece: &[u8], is_last: bool, witness: &mut Witness<'_>) {
        self.tape.count(piece);
        if is_last {
            self.tape.complete();
        }
        self.read(piece, witness);
        self.tape.wind_end(piece);
        let may_tell_more = match self.reader.incomplete() {
            Some(IncompleteFrame::Header { .. }) => true,
            Some(IncompleteFrame::Payload { .. }) => is_last,
            None => self.is_waiting,
        };
        if !may_tell_more {
            self.flush_settled(witness);
        }
    }

    /// The stream ends here: what was begun is cut.
    pub fn finish(&mut self, witness: &mut Witness<'_>) {
        self.tape.complete();
        self.read(&[], witness);
        while let Some(resume) = self.finish_once(witness) {
            self.go_on_at(resume);
            self.read(&[], witness);
        }
        if self.reader.incomplete().is_none() && !self.may_go_on {
            self.unfinished_messages();
        }
        self.flush(witness);
    }

    /// The input breaks off here, and nobody knows what would follow.
    pub fn give_up(&mut self, witness: &mut Witness<'_>) {
        self.tape.complete();
        self.read(&[], witness);
        if self.open.take().is_some() {
            witness(Event::End(false));
        }
        if self.lost.take().is_some() {
            witness(Event::End(true));
        }
        self.flush(witness);
    }

    /// Reads from where the decoder stands to the end of the piece that came last. What was
    /// read once and is to be read again may be older, and comes from the tape.
    fn read(&mut self, piece: &[u8], witness: &mut Witness<'_>) {
        let end = self.tape.end();
        let start = end - piece.len() as u64;
        let mut page = std::mem::take(&mut self.page);
        self.is_waiting = false;
        while self.reader.offset() < end && !self.is_waiting {
            let at = self.reader.offset();
            let older = self.tape.window().between(at, start).map(<[u8]>::to_vec);
            let resume = match older {
                Some(older) if at < start => self.feed(&older, piece, &mut page, witness),
                _ => {
                    let index = usize::try_from(at - start).unwrap_or(usize::MAX);
                    let bytes = piece.get(index..).unwrap_or_default();
                    self.feed(bytes, piece, &mut page, witness)
                }
            };
            if let Some(resume) = resume {
                self.go_on_at(resume);
            }
        }
        self.page = page;
    }

    /// Reading goes on here. No frame before this place is to blame for what follows it, so
    /// that it never goes on at the same place twice.
    fn go_on_at(&mut self, offset: u64) {
        self.reader.resume_at(offset);
        if !self.is_waiting {
            self.last = None;
        }
    }

    /// Reads bytes, of `piece` or before it, until they end, or until reading is to go on
    /// elsewhere.
    fn feed(
        &mut self,
        bytes: &[u8],
        piece: &[u8],
        page: &mut Page,
        witness: &mut Witness<'_>,
    ) -> Option<u64> {
        if self.lost.is_some() {
            self.tape.wind(piece);
            return Some(self.search(witness));
        }
        let mut unread = bytes;
        loop {
            self.run(&mut unread, page, witness);
            let part = self
                .reader
                .decode_into(&mut unread, page.room(), &mut self.violations)?;
            match part {
                FramePart::Header { offset, header } => {
                    let resume = self.header(offset, header, piece, witness);
                    if resume.is_some() {
                        return resume;
                    }
                }
                FramePart::Payload(payload) => self.payload(payload, witness),
                FramePart::End => self.end(piece, witness),
            }
        }
    }

    /// A header was read. Where reading goes on, if these bytes are not taken for a frame.
    fn header(
        &mut self,
        offset: u64,
        header: FrameHeader,
        piece: &[u8],
        witness: &mut Witness<'_>,
    ) -> Option<u64> {
        if !self.violations.is_empty() || self.goes_beyond(offset, &header) {
            self.tape.wind(piece);
            if let Some(doubt) = self.doubt(offset, &header) {
                let resume = self.turn(offset, header, doubt, witness);
                self.violations.clear();
                return Some(resume);
            }
            if self.more_would_tell(offset, &header) {
                self.violations.clear();
                self.is_waiting = true;
                return Some(offset);
            }
        }
        self.flush(witness);
        self.reader.begin_frame(offset, &header);
        self.begin(offset, header, witness);
        None
    }

    /// Tells what was found so far, up to a text that the next header may explain: perhaps
    /// it was longer than it said.
    fn flush_settled(&mut self, witness: &mut Witness<'_>) {
        let is_open = |finding: &Finding| finding.page.phase == Phase::Payload;
        let settled = self.findings.iter().take_while(|finding| !is_open(finding));
        let settled = settled.count();
        for finding in self.findings.drain(..settled) {
            witness(Event::Finding(finding));
        }
    }

    /// Tells what was found so far.
    fn flush(&mut self, witness: &mut Witness<'_>) {
        for finding in self.findings.drain(..) {
            witness(Event::Finding(finding));
        }
    }

    fn seen(&self, frame: &OpenFrame) -> FrameContext<'_> {
        FrameContext {
            outlook: self.outlook(&frame.header),
            number: frame.number,
            start: frame.start,
            sighting: frame.sighting(),
        }
    }

    /// What may be expected of the frames behind this one.
    fn outlook(&self, header: &FrameHeader) -> Lookahead<'_> {
        let masked = match &self.sides {
            SenderStates::One(side) => side.masked(),
            SenderStates::Both(_) => None,
        };
        let masked = masked.filter(|masked| *masked == header.masking_key.is_some());
        Lookahead {
            masked,
            ..self.outlook_for_any()
        }
    }

    fn outlook_for_any(&self) -> Lookahead<'_> {
        Lookahead {
            window: self.tape.window(),
            masked: None,
            compressed: self.sides.may_compress(),
            like: None,
        }
    }
}

fn witness_bytes(bytes: &[u8], witness: &mut Witness<'_>) {
    if !bytes.is_empty() {
        witness(Event::Payload(bytes));
    }
}
