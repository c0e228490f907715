//! Frames from their headers to their ends: what each of them says, and what is told of it.

use super::{StreamAnalyzer, Witness};
use crate::diagnosis::stream::compression::Compression;
use crate::diagnosis::stream::ends::PayloadEdges;
use crate::diagnosis::stream::event::{Assumption, Event, FrameStart};
use crate::diagnosis::stream::explain::forbidden_masking;
use crate::diagnosis::stream::outlook::CandidateFrame;
use crate::ws::FrameHeader;

/// A frame that is being read.
#[derive(Clone, Debug)]
pub(super) struct OpenFrame {
    pub(super) number: u64,
    pub(super) start: u64,
    pub(super) header: FrameHeader,
    pub(super) is_compressed: bool,
    pub(super) ends: PayloadEdges,
}

impl OpenFrame {
    pub(super) const fn sighting(&self) -> CandidateFrame {
        let payload = self.start + self.header.size() as u64;
        CandidateFrame {
            header: self.header,
            payload,
            end: payload.saturating_add(self.header.payload_length.value()),
        }
    }
}

impl StreamAnalyzer {
    /// A frame begins, whatever may be wrong with it.
    pub(super) fn begin(&mut self, start: u64, header: FrameHeader, witness: &mut Witness<'_>) {
        self.number += 1;
        let side = self.sides.of(&header);
        if let Some(role) = side.learn(&header) {
            self.reader.set_sender(role);
            witness(Event::Assumption(Assumption::SentBy(role)));
        }
        let assumes = side.assumes(&header);
        let compression = side.compression(&header);
        let is_compressed = compression.is_some_and(|messages| messages.header(&header));
        let is_text = self.reader.validator().is_text();
        let sender = side.sender.known();
        if side
            .sender
            .role()
            .is_some_and(|sender| forbidden_masking(sender, header.masking_key.is_some()))
        {
            side.masks_wrongly = true;
        }
        self.open = Some(OpenFrame {
            number: self.number,
            start,
            header,
            is_compressed,
            ends: PayloadEdges::default(),
        });
        if assumes && is_compressed {
            witness(Event::Assumption(Assumption::Compressed));
        }
        witness(Event::Frame(FrameStart {
            number: self.number,
            offset: start,
            header,
            is_text,
            is_compressed,
            sender,
            direction: None,
        }));
    }

    pub(super) fn payload(&mut self, payload: &[u8], witness: &mut Witness<'_>) {
        let Some(frame) = &mut self.open else {
            return;
        };
        frame.ends.push(payload);
        let side = self.sides.of(&frame.header);
        witness(Event::Payload(payload));
        if frame.is_compressed
            && let Some(messages) = side.compression(&frame.header)
        {
            messages.payload(payload, &mut |inflated| witness(Event::Inflated(inflated)));
        }
    }

    /// The frame is whole.
    pub(super) fn end(&mut self, piece: &[u8], witness: &mut Witness<'_>) {
        let Some(frame) = self.open.take() else {
            return;
        };
        let side = self.sides.of(&frame.header);
        if frame.header.opcode.is_message_part() {
            side.fragment = Some((frame.number, frame.start));
        }
        let inflated = if frame.is_compressed && frame.header.fin {
            side.compression(&frame.header)
                .and_then(Compression::finish)
        } else {
            None
        };
        if inflated
            .as_ref()
            .is_some_and(|message| message.fault.is_none())
        {
            // An empty message, too, inflates to something.
            witness(Event::Inflated(&[]));
        }
        witness(Event::End(true));
        let weak = self.weak_key(&frame.header);
        if !self.violations.is_empty() || weak.is_some() || frame.ends.may_be_odd(&frame.header) {
            self.tape.wind(piece);
            self.judge(&frame, true, weak);
        }
        if let Some(message) = inflated
            && message.may_be_odd()
        {
            self.tape.wind(piece);
            self.judge_inflated(&frame, &message);
        }
        self.last = Some((frame.number, frame.start));
    }
}
