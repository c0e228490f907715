//! What is wrong with a frame of which all is told.

use super::{OpenFrame, StreamAnalyzer};
use crate::diagnosis::stream::application;
use crate::diagnosis::stream::compression::{self, Inflated};
use crate::diagnosis::stream::explain::{FrameContext, explain};
use crate::diagnosis::stream::odd;
use crate::diagnosis::stream::side::{KnownSender, SenderStates, WeakKey};
use crate::diagnosis::{Finding, Location, Severity, catalogue};
use crate::ws::{FrameHeader, Role};

impl StreamAnalyzer {
    /// Collects what is wrong with a frame of which all is told.
    pub(super) fn judge(&mut self, frame: &OpenFrame, is_whole: bool, weak: Option<WeakKey>) {
        let outlook = self.outlook(&frame.header);
        let seen = FrameContext {
            outlook,
            number: frame.number,
            start: frame.start,
            sighting: frame.sighting(),
        };
        let mut findings: Vec<Finding> = self
            .violations
            .iter()
            .map(|violation| explain(violation, &seen))
            .collect();
        if findings.is_empty() && is_whole && frame.ends.may_be_odd(&frame.header) {
            findings.extend(odd::message(&seen));
        }
        let weak = weak.map(|weak| odd::weak_key(weak, &seen));
        self.violations.clear();
        for finding in findings.into_iter().chain(weak) {
            self.collect(finding, frame);
        }
    }

    /// Collects what is wrong with a compressed message of which this is the last frame.
    pub(super) fn judge_inflated(&mut self, frame: &OpenFrame, message: &Inflated) {
        let is_known = self
            .sides
            .of(&frame.header)
            .compression(&frame.header)
            .is_some_and(|messages| messages.is_known());
        let seen = self.seen(frame);
        let finding = match message.fault {
            Some(fault) => Some(compression::explain(
                message, fault, is_known, self.limit, &seen,
            )),
            None => {
                application::judge(message.opcode, &message.start, message.is_all).map(|found| {
                    let length = frame.header.payload_length.value();
                    found.at(seen.location(seen.sighting.payload, length))
                })
            }
        };
        if let Some(finding) = finding {
            self.collect(finding, frame);
        }
    }

    /// Keeps a finding for later, with what is to be known about who sent the frame.
    pub(super) fn collect(&mut self, mut finding: Finding, frame: &OpenFrame) {
        let is_of_mask = [catalogue::SERVER_MASKS.id, catalogue::CLIENT_UNMASKED.id];
        let rule = finding.rule();
        if !odd::is_news(&finding, &mut self.told) {
            return;
        }
        let sender = self.sides.of(&frame.header).sender;
        if is_of_mask.contains(&rule)
            && let KnownSender::Inferred(role) = sender
        {
            finding.severity = Severity::Suspicious;
            finding = finding
                .possible_cause("two directions are mixed here: mark their lines with > and <")
                .note(format!(
                    "taken as sent by the {role}, as the first frame was {}; --from says who it was",
                    if role == Role::Client { "masked" } else { "not masked" }
                ));
        }
        self.findings.push(finding);
    }

    /// What is weak about the key of a frame, unless that was told before.
    pub(super) fn weak_key(&mut self, header: &FrameHeader) -> Option<WeakKey> {
        let weak = self.sides.of(header).weak_key(header);
        weak.filter(|_| !self.told.contains(&catalogue::MASK_KEY_WEAK.id))
    }

    /// The messages whose last fragment has not come.
    pub(super) fn unfinished_messages(&mut self) {
        let sides = match &self.sides {
            SenderStates::One(side) => std::slice::from_ref(&**side),
            SenderStates::Both(sides) => sides.as_slice(),
        };
        let end = self.tape.window().end();
        for (side, validator) in sides.iter().zip(self.reader.validators()) {
            if !validator.message_is_open() {
                continue;
            }
            let (number, start) = side.fragment.unwrap_or((self.number, end));
            let location = Location {
                snippet: self.tape.window().snippet(start, start),
                ..Location::in_frame(number, start, 1)
            };
            let finding = Finding::of_open_message(location);
            self.findings.push(finding.label("FIN is 0"));
        }
    }
}
