//! A broken rule with the bytes that break it, and why it probably is.

use super::foreign::is_readable;
use super::outlook::{CandidateFrame, Lookahead};
use super::wording::{hexadecimal, length_bytes};
use super::{close, text};
use crate::diagnosis::{Finding, Location, LocationScope, Snippet, catalogue};
use crate::ws::{FrameHeader, LengthForm, Opcode, Role, Rule, Violation};

/// A frame that was seen, with what is around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct FrameContext<'a> {
    pub(super) outlook: Lookahead<'a>,
    /// Its number, counted from 1.
    pub(super) number: u64,
    /// Where it begins.
    pub(super) start: u64,
    pub(super) sighting: CandidateFrame,
}

impl FrameContext<'_> {
    pub(super) const fn header(&self) -> &FrameHeader {
        &self.sighting.header
    }

    /// The payload, unmasked; of a long one the beginning.
    pub(super) fn payload(&self) -> Vec<u8> {
        self.outlook.payload(&self.sighting)
    }

    /// A place in this frame, with the bytes to be shown.
    pub(super) fn location(&self, offset: u64, length: u64) -> Location {
        Location {
            scope: LocationScope::Frame(self.number),
            offset,
            length,
            direction: None,
            snippet: self.snippet(offset),
        }
    }

    fn snippet(&self, offset: u64) -> Option<Snippet> {
        // What a fragment begins, another one may break.
        self.outlook.window.snippet(self.start.min(offset), offset)
    }
}

/// The finding of a violation in this frame.
pub(super) fn explain(violation: &Violation, frame: &FrameContext<'_>) -> Finding {
    let plain = Finding::from(violation).at(frame.location(violation.offset, violation.length));
    let header = frame.header();
    match violation.rule {
        Rule::LengthNotShortest(_) => longer_than_needed(plain, header),
        Rule::ServerMasks | Rule::ClientDoesNotMask => masking(plain, header),
        Rule::ReservedOpcode(opcode) => reserved_opcode(plain, opcode, frame),
        Rule::ControlFragmented(opcode) => plain.label("FIN is 0").fixed_by(format!(
            "set FIN: {:02x}; a control frame is always whole",
            0x80 | opcode.value()
        )),
        Rule::ControlTooLong(_, length) => {
            let cut = if header.opcode == Opcode::CLOSE {
                123
            } else {
                125
            };
            let what = if header.opcode == Opcode::CLOSE {
                "the reason"
            } else {
                "it"
            };
            plain
                .label(format!("{length} bytes"))
                .fixed_by(format!("cut {what} at {cut} bytes, between two characters"))
        }
        Rule::ContinuationWithoutStart => {
            let first = 0x80 | Opcode::TEXT.value();
            plain
                .label("opcode 0")
                .fixed_by(format!("begin a message with opcode 1 or 2: {first:02x}"))
        }
        Rule::MessageUnfinished(opcode) => {
            let fin = if header.fin { 0x80 } else { 0 };
            let fix = format!("give the fragments behind the first one opcode 0: {fin:02x}");
            let finding = plain.label(format!("opcode {}", opcode.value()));
            if header.fin {
                return finding.fixed_by(fix);
            }
            let bare = opcode.value();
            let whole = 0x80 | bare;
            finding
                .possible_cause(format!(
                    "all fragments have opcode {bare}, or these are whole messages without FIN"
                ))
                .fixed_by(format!("{fix}; or begin each message with {whole:02x}"))
        }
        Rule::CloseOneOctet => plain.label("half a code"),
        Rule::CloseCodeNotAllowed(code) => close::code(plain, code, frame),
        Rule::CloseReasonNotUtf8 => close::reason(plain, frame),
        Rule::TextNotUtf8 => text::not_utf8(plain, violation, frame),
        Rule::LengthHighestBit(_) => plain.label("the highest bit is 1"),
        Rule::ReservedBits(rsv) => first_byte(plain.label(rsv.to_string()), frame),
        Rule::CompressedNotFirst(opcode) => plain.label("RSV1").fixed_by(format!(
            "clear RSV1: {:02x}",
            opcode.value() | if header.fin { 0x80 } else { 0 }
        )),
        Rule::DataAfterClose(_) => plain.label("begins behind the close frame"),
    }
}

fn longer_than_needed(plain: Finding, header: &FrameHeader) -> Finding {
    let length = header.payload_length.value();
    let masked = header.masking_key.is_some();
    let right = length_bytes(length, masked);
    let enough = match LengthForm::shortest(length) {
        LengthForm::Seven => "7 bits",
        LengthForm::Sixteen => "16 bits",
        LengthForm::SixtyFour => "64 bits",
    };
    let finding = plain
        .label(format!("{length} fits into {enough}: {right}"))
        .fixed_by(format!("write the length as {right}"));
    match length {
        125 => finding.possible_cause("`< 125` stands where `<= 125` is meant"),
        65535 => finding.possible_cause("`< 65535` stands where `<= 65535` is meant"),
        126..65535 => finding
            .possible_cause("`elif length == 126` stands where `elif length <= 65535` is meant"),
        _ => finding,
    }
}

fn masking(plain: Finding, header: &FrameHeader) -> Finding {
    let unmasked = FrameHeader {
        masking_key: None,
        ..*header
    };
    let Some(key) = header.masking_key else {
        let control = header.opcode.is_control() || header.payload_length.value() == 0;
        let finding = plain.label("MASK is 0").fixed_by(format!(
            "set MASK ({}), write 4 random bytes, XOR the payload with them",
            length_bytes(header.payload_length.value(), true)
        ));
        return if control {
            finding
                .possible_cause("the mask was left out because there is little or nothing to mask")
        } else {
            finding
        };
    };
    let finding = plain
        .label(format!("MASK is 1, the key is {key}"))
        .fixed_by(format!(
            "write {} and no key",
            hexadecimal(&unmasked.encode())
        ));
    if header.opcode.is_control() {
        finding.possible_cause(
            "only the path for control frames masks; or a client's frame was sent back",
        )
    } else {
        finding
    }
}

fn reserved_opcode(plain: Finding, opcode: Opcode, frame: &FrameContext<'_>) -> Finding {
    const DRAFT_TEXT: u8 = 4;
    let label = format!("opcode {}", opcode.value());
    if opcode.value() == DRAFT_TEXT && is_readable(&frame.payload()) {
        let mut draft = Finding::new(
            &catalogue::DRAFT_FRAMING,
            "opcode 4 with a text: that was the opcode of text before RFC 6455",
        )
        .label(label)
        .certain_cause(
            "the payload is readable text; drafts up to Hybi-06 numbered the opcodes so",
        );
        draft.location = plain.location;
        return draft;
    }
    first_byte(plain.label(label), frame)
}

/// Only the first byte of the frame is wrong: the stream goes on where it should.
fn first_byte(finding: Finding, frame: &FrameContext<'_>) -> Finding {
    let is_rsv1 = finding.page.id == catalogue::RSV1_NOT_NEGOTIATED.id;
    let goes_on = frame
        .outlook
        .like(frame.header())
        .leads_on(frame.sighting.end);
    if is_rsv1 || !goes_on {
        return finding;
    }
    finding
        .possible_cause(
            "the first byte is put together wrongly, by a shift or a constant: the frame ends \
             where it says, so its length is right",
        )
        .fixed_by("make the first byte of FIN (80) and the opcode (0 to 2, 8 to a): 81 for a text")
}

/// Who is not allowed to do what this frame does, by who sent it.
pub(super) const fn forbidden_masking(sender: Role, masked: bool) -> bool {
    matches!(
        (sender, masked),
        (Role::Client, false) | (Role::Server, true)
    )
}
