//! The causes of what is wrong in a stream: pure functions from bytes to findings, a file for
//! each kind.
//!
//! In: a violation and a [`FrameContext`], the frame with the bytes around it. Out: a finding with
//! a label, a cause and a fix, as far as the bytes show them. The validation calls [`explain`];
//! the resynchronisation calls [`other_protocol`] and [`wrong_length`].

pub(super) mod application;
pub(super) mod close;
pub(super) mod compression;
pub(super) mod context;
mod encoding;
pub(super) mod other_protocol;
pub(super) mod prefilter;
pub(super) mod text;
mod words;
pub(super) mod wrong_length;

use context::FrameContext;
use words::{hex, is_readable, length_bytes};

use crate::diagnosis::{Finding, catalogue};
use crate::ws::{FrameHeader, LengthForm, Opcode, Role, Rule, Violation};

/// The finding for a violation in this frame.
pub(in crate::diagnosis::stream) fn explain(
    violation: &Violation,
    frame: &FrameContext<'_>,
) -> Finding {
    let plain = Finding::from(violation).at(frame.location(violation.offset, violation.length));
    let header = frame.header();
    match violation.rule {
        Rule::LengthNotShortest(_) => longer_than_needed(plain, header),
        Rule::ServerMasks | Rule::ClientDoesNotMask => masking(plain, header),
        Rule::ReservedOpcode(opcode) => reserved_opcode(plain, opcode, frame),
        Rule::ControlFragmented(opcode) => plain.label("FIN is 0").fixed_by(format!(
            "set FIN: {:02x}; a control frame must not be fragmented",
            0x80 | opcode.value()
        )),
        Rule::ControlTooLong(_, length) => {
            let plain = plain.label(format!("{length} bytes"));
            if header.opcode == Opcode::CLOSE {
                plain.fixed_by("shorten the reason to 123 bytes, between two characters")
            } else {
                plain.fixed_by("shorten the payload to 125 bytes")
            }
        }
        Rule::ContinuationWithoutStart => {
            let first = 0x80 | Opcode::TEXT.value();
            plain
                .label("opcode 0")
                .fixed_by(format!("begin a message with opcode 1 or 2: {first:02x}"))
        }
        Rule::MessageUnfinished(opcode) => {
            let fin = if header.fin { 0x80 } else { 0 };
            let fix = format!("use opcode 0 for the fragments after the first one: {fin:02x}");
            let finding = plain.label(format!("opcode {}", opcode.value()));
            if header.fin {
                return finding.fixed_by(fix);
            }
            let bare = opcode.value();
            let whole = 0x80 | bare;
            finding
                .possible_cause(format!(
                    "all fragments have opcode {bare}, or each is a whole message without FIN"
                ))
                .fixed_by(format!("{fix}; or begin each message with {whole:02x}"))
        }
        Rule::CloseOneByte => plain.label("half of a close code"),
        Rule::CloseCodeNotAllowed(code) => close::code(plain, code, frame),
        Rule::CloseReasonNotUtf8 => close::reason(plain, frame),
        Rule::TextNotUtf8 => text::not_utf8(plain, violation, frame),
        Rule::LengthHighestBit(_) => plain.label("the highest bit is 1"),
        Rule::ReservedBits(rsv) => first_byte(plain.label(rsv.to_string()), frame),
        Rule::CompressedNotFirst(opcode) => plain.label("RSV1").fixed_by(format!(
            "clear RSV1: {:02x}",
            opcode.value() | if header.fin { 0x80 } else { 0 }
        )),
        Rule::DataAfterClose(_) => plain.label("comes after the close frame"),
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
        .label(format!("{length} fits in {enough}: {right}"))
        .fixed_by(format!("write the length as {right}"));
    match length {
        125 => finding.possible_cause("the code has `< 125` in place of `<= 125`"),
        65535 => finding.possible_cause("the code has `< 65535` in place of `<= 65535`"),
        126..65535 => finding
            .possible_cause("the code has `elif length == 126` in place of `elif length <= 65535`"),
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
                .possible_cause("the sender masks text and binary frames only, or no empty payload")
        } else {
            finding
        };
    };
    let finding = plain
        .label(format!("MASK is 1, the key is {key}"))
        .fixed_by(format!("write {} and no key", hex(&unmasked.encode())));
    if header.opcode.is_control() {
        finding
            .possible_cause("the code for control frames masks; or a client's frame was sent back")
    } else {
        finding
    }
}

fn reserved_opcode(plain: Finding, opcode: Opcode, frame: &FrameContext<'_>) -> Finding {
    const DRAFT_TEXT: u8 = 4;
    let label = format!("opcode {}", opcode.value());
    let payload = frame.payload();
    if opcode.value() == DRAFT_TEXT && !payload.is_empty() && is_readable(&payload) {
        let mut draft = Finding::new(
            &catalogue::DRAFT_FRAMING,
            "opcode 4 with a text payload: drafts before RFC 6455 used it for text",
        )
        .label(label)
        .certain_cause("the payload is readable text, and drafts up to Hybi-06 had these opcodes");
        draft.location = plain.location;
        return draft;
    }
    first_byte(plain.label(label), frame)
}

/// The cause if only the first byte of the frame is wrong: valid frames follow its payload.
fn first_byte(finding: Finding, frame: &FrameContext<'_>) -> Finding {
    let is_rsv1 = finding.page.id == catalogue::RSV1_NOT_NEGOTIATED.id;
    let goes_on = frame
        .lookahead
        .like(frame.header())
        .continues_at(frame.candidate.end);
    if is_rsv1 || !goes_on {
        return finding;
    }
    finding
        .possible_cause(
            "the first byte is computed wrongly, by a shift or a constant: the next frame begins \
             where this one ends, so the length is right",
        )
        .fixed_by("combine FIN (80) and the opcode (0 to 2, 8 to a): 81 for a text message")
}

/// Whether this sender must not send a frame that is masked, or that is not.
pub(in crate::diagnosis::stream) const fn breaks_masking_rule(sender: Role, masked: bool) -> bool {
    matches!(
        (sender, masked),
        (Role::Client, false) | (Role::Server, true)
    )
}
