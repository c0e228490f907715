//! Bytes that can be no frame: what they are, and where the stream makes sense again.

use super::{Resync, StreamAnalyzer, Witness, witness_bytes};
use crate::diagnosis::stream::event::{Event, FrameStart};
use crate::diagnosis::stream::foreign::{self, Foreign};
use crate::diagnosis::stream::misread::{SuspectFrame, WrongLength};
use crate::diagnosis::stream::outlook::Lookahead;
use crate::diagnosis::{Finding, Location, LocationScope, Severity, catalogue};
use crate::ws::{FrameHeader, Opcode, Rule, Violation};

/// What to make of a header that cannot be right.
pub(super) enum NotAFrame {
    /// The bytes are something else, up to the next frame.
    Foreign(Foreign),
    /// An earlier frame, or this one, was meant otherwise.
    WrongLength(Box<WrongLength>, Whose),
    /// A frame begins here no more than at any other byte; the next one does here.
    Desync(u64),
    /// The line between two chunks.
    ChunkEnd(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Earlier,
    This,
}

/// A stretch where no frame begins, as far as could be told, so that it is searched once and
/// not for every frame in it that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SearchedRange {
    from: u64,
    end: u64,
    is_complete: bool,
    masked: Option<bool>,
    compressed: bool,
}

impl SearchedRange {
    /// What is in sight from here on.
    const fn of(outlook: &Lookahead<'_>, from: u64) -> Self {
        Self {
            from,
            end: outlook.window.end(),
            is_complete: outlook.window.is_complete(),
            masked: outlook.masked,
            compressed: outlook.compressed,
        }
    }

    /// Whether all of another stretch was searched when this one was, for the same.
    fn includes(self, other: &Self) -> bool {
        let from = self.from;
        from <= other.from && self == Self { from, ..*other }
    }
}

/// How many bytes a header may have.
const LONGEST_HEADER: u64 = 14;

impl StreamAnalyzer {
    /// Whether the stream is known to end before this frame does.
    pub(super) fn goes_beyond(&self, offset: u64, header: &FrameHeader) -> bool {
        let size = (header.size() as u64).saturating_add(header.payload_length.value());
        self.tape.is_complete() && offset.saturating_add(size) > self.tape.end()
    }

    /// Whether a doubtful header had better be judged when more bytes have come: its frame
    /// is not whole, or what follows it makes no sense yet.
    pub(super) fn more_would_tell(&self, offset: u64, header: &FrameHeader) -> bool {
        const ENOUGH: u64 = 1 << 15;
        let outlook = self.outlook(header);
        let (window, end) = (outlook.window, outlook.frame(offset).map(|frame| frame.end));
        let goes_on = |end| end == window.end() || outlook.like(header).leads_on(end);
        !window.is_complete() && window.end() - offset < ENOUGH && !end.is_some_and(goes_on)
    }

    /// What these bytes are if not a frame; None if they are one as good as another.
    pub(super) fn doubt(&mut self, offset: u64, header: &FrameHeader) -> Option<NotAFrame> {
        let outlook = self.outlook(header);
        let window = outlook.window;
        let is_start = self.number == 0;
        if self.chunk_end == Some(offset) {
            return foreign::chunk_end(window.from(offset)?).map(NotAFrame::ChunkEnd);
        }
        if let Some(known) = foreign::known(window.from(offset)?, is_start && !self.has_opened) {
            return Some(NotAFrame::Foreign(known));
        }
        let sighting = outlook.frame(offset)?;
        // Pieces of a stream end where frames do, more often than not.
        if sighting.end == window.end() || outlook.like(header).leads_on(sighting.end) {
            return None;
        }
        if let Some(misread) = self.misread(&outlook, offset) {
            return Some(misread);
        }
        if let Some(foreign) = foreign::likely(&outlook, offset, is_start) {
            return Some(NotAFrame::Foreign(foreign));
        }
        if !self.violations.iter().any(is_impossible) {
            return None;
        }
        let barren = SearchedRange::of(&outlook, offset + 1);
        if self.barren.is_some_and(|known| known.includes(&barren)) {
            return None;
        }
        let next = outlook.next_frame(offset + 1);
        if next.is_none() {
            self.barren = Some(barren);
        }
        next.map(NotAFrame::Desync)
    }

    /// Whether the frame before was meant otherwise, or the one here. A header that breaks
    /// no rule and only goes beyond the end says nothing of the frame before: streams are
    /// cut anywhere.
    fn misread(&self, outlook: &Lookahead<'_>, offset: u64) -> Option<NotAFrame> {
        let read = |number, start, whose| {
            let misread = SuspectFrame::new(*outlook, number, start)?.misread()?;
            Some(NotAFrame::WrongLength(Box::new(misread), whose))
        };
        let earlier = || {
            let (number, start) = self.last?;
            read(number, start, Whose::Earlier)
        };
        let this = || read(self.number + 1, offset, Whose::This);
        if self.violations.is_empty() {
            this()
        } else {
            earlier().or_else(this)
        }
    }

    /// Tells what stands there instead of a frame; where reading goes on.
    pub(super) fn turn(
        &mut self,
        offset: u64,
        header: FrameHeader,
        doubt: NotAFrame,
        witness: &mut Witness<'_>,
    ) -> u64 {
        match doubt {
            NotAFrame::ChunkEnd(size) => {
                self.chunk_end = None;
                self.gap(offset, offset + size, witness);
                offset + size
            }
            NotAFrame::Foreign(foreign) => self.foreign(offset, &foreign, witness),
            NotAFrame::WrongLength(misread, Whose::Earlier) => {
                // What was wrong with that frame was so because it was read wrongly.
                let number = LocationScope::Frame(self.number);
                self.findings.retain(|finding| {
                    finding
                        .location
                        .as_ref()
                        .is_none_or(|at| at.scope != number)
                });
                self.flush(witness);
                if misread.end > offset {
                    self.gap(offset, misread.end, witness);
                }
                witness(Event::Finding(self.resumed(misread.finding, misread.end)));
                misread.end
            }
            NotAFrame::WrongLength(misread, Whose::This) => {
                self.flush(witness);
                self.misread_frame(offset, header, *misread, witness)
            }
            NotAFrame::Desync(resume) => {
                self.flush(witness);
                let finding = self.desync(offset, &header, resume);
                self.gap(offset, resume, witness);
                witness(Event::Finding(self.resumed(finding, resume)));
                resume
            }
        }
    }

    /// A frame that ends elsewhere than its header says.
    pub(super) fn misread_frame(
        &mut self,
        offset: u64,
        header: FrameHeader,
        misread: WrongLength,
        witness: &mut Witness<'_>,
    ) -> u64 {
        self.number += 1;
        let side = self.sides.of(&header);
        witness(Event::Frame(FrameStart {
            number: self.number,
            offset,
            header,
            is_text: header.opcode == Opcode::TEXT,
            is_compressed: false,
            sender: side.sender.known(),
            direction: None,
        }));
        let payload = offset + header.size() as u64;
        let bytes = self.tape.window().up_to(payload, misread.end);
        let mut bytes = bytes.to_vec();
        if let Some(key) = header.masking_key {
            key.apply(0, &mut bytes);
        }
        if !bytes.is_empty() {
            witness(Event::Payload(&bytes));
        }
        witness(Event::End(false));
        witness(Event::Finding(self.resumed(misread.finding, misread.end)));
        misread.end
    }

    /// Bytes of something else, up to where the next frame begins.
    pub(super) fn foreign(
        &mut self,
        offset: u64,
        foreign: &Foreign,
        witness: &mut Witness<'_>,
    ) -> u64 {
        self.flush(witness);
        let finding = self.foreign_finding(offset, foreign);
        if let Some(size) = foreign.size {
            self.chunk_end = foreign.chunk.map(|distance| offset + distance);
            self.gap(offset, offset + size, witness);
            witness(Event::Finding(self.resumed(finding, offset + size)));
            return offset + size;
        }
        witness(Event::Gap(offset));
        self.lost = Some(Resync {
            finding,
            from: offset + 1,
        });
        // The search tells the bytes from here on.
        offset
    }

    pub(super) fn foreign_finding(&self, offset: u64, foreign: &Foreign) -> Finding {
        let length = foreign.size.unwrap_or(4);
        let length = length.min(self.tape.window().end() - offset);
        let mut finding = Finding::new(foreign.entry, foreign.message.clone()).at(Location {
            scope: LocationScope::Stream,
            offset,
            length,
            direction: None,
            snippet: self.tape.window().snippet(offset, offset),
        });
        // Whoever is to blame, these are no frames.
        finding.severity = Severity::Violation;
        if let Some(cause) = foreign.cause {
            finding = finding.possible_cause(cause);
        }
        if let Some(fix) = foreign.fix {
            finding = finding.fixed_by(fix);
        }
        self.after_last(finding)
    }

    /// Looks for the next frame among bytes that are none; where reading goes on.
    pub(super) fn search(&mut self, witness: &mut Witness<'_>) -> u64 {
        let Some(lost) = self.lost.take() else {
            return self.reader.offset();
        };
        let at = self.reader.offset();
        let outlook = self.outlook_for_any();
        let end = outlook.window.end();
        let Some(resume) = outlook.next_frame(lost.from) else {
            witness_bytes(outlook.window.up_to(at, end), witness);
            // A header may begin in the last bytes and end in those to come.
            let from = end.saturating_sub(LONGEST_HEADER).max(lost.from);
            self.lost = Some(Resync { from, ..lost });
            return end;
        };
        witness_bytes(outlook.window.up_to(at, resume), witness);
        witness(Event::End(true));
        witness(Event::Finding(self.resumed(lost.finding, resume)));
        resume
    }

    /// Bytes that are no frame.
    pub(super) fn gap(&self, start: u64, end: u64, witness: &mut Witness<'_>) {
        witness(Event::Gap(start));
        witness_bytes(self.tape.window().up_to(start, end), witness);
        witness(Event::End(true));
    }

    /// Bytes that could be a frame as little as anything else.
    pub(super) fn desync(&self, offset: u64, header: &FrameHeader, resume: u64) -> Finding {
        let window = self.tape.window();
        let rule = self.violations.iter().find(|found| is_impossible(found));
        let why = rule.map_or_else(String::new, |found| format!(": {}", found.rule));
        let message = format!("no frame begins at byte {offset}{why}");
        let location = Location {
            scope: LocationScope::Stream,
            offset,
            length: (resume - offset).min(header.size() as u64),
            direction: None,
            snippet: window.snippet(offset, offset),
        };
        let finding = Finding::new(&catalogue::DESYNC, message).at(location);
        let bytes = window.between(offset, resume).unwrap_or_default();
        let lost = [0x81, 0x82, 0x01, 0x80].into_iter().find(|first| {
            let with: Vec<u8> = std::iter::once(*first)
                .chain(bytes.iter().copied())
                .collect();
            FrameHeader::parse(&with).is_ok_and(|(header, size)| {
                header.payload_length.value() == (with.len() - size) as u64
            })
        });
        let finding = match lost {
            Some(first) => finding
                .label(format!("a frame, if {first:02x} stands in front of it"))
                .certain_cause(
                    "the first byte of a frame is missing: a write or a read was cut short",
                ),
            None => finding,
        };
        self.after_last(finding)
    }

    /// The finding with what is known of the last good frame.
    pub(super) fn after_last(&self, finding: Finding) -> Finding {
        let Some((number, start)) = self.last else {
            return finding;
        };
        let Some(sighting) = self.outlook_for_any().frame(start) else {
            return finding.note(format!("frame {number} was the last good one"));
        };
        finding.note(format!(
            "frame {number} was the last good one: {}, {} bytes by its length, up to byte {}",
            sighting.header.opcode,
            sighting.header.payload_length.value(),
            sighting.end,
        ))
    }

    /// The finding with where the stream makes sense again.
    pub(super) fn resumed(&self, finding: Finding, resume: u64) -> Finding {
        if resume >= self.tape.window().end() {
            return finding;
        }
        finding.note(format!("the stream makes sense again at byte {resume}"))
    }
}

/// Whether no frame can begin with bytes that break this rule, unless it is one that does
/// everything so.
const fn is_impossible(violation: &Violation) -> bool {
    matches!(
        violation.rule,
        Rule::ReservedBits(_)
            | Rule::ReservedOpcode(_)
            | Rule::ControlFragmented(_)
            | Rule::ContinuationWithoutStart
            | Rule::LengthHighestBit(_)
    )
}
