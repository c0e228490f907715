//! Which broken rules show that bytes are not the header of a frame.
//!
//! `content` asks it of the first bytes of the input, `stream` of each header that breaks a rule,
//! and of the byte that would begin the next frame.

use crate::ws::{FrameHeader, FrameValidator, Rule};

/// Whether bytes that break this rule are probably not the header of a frame, but text, another
/// protocol or the middle of a payload. Encoders write these fields right: their values are
/// constants. RSV1 is not among them: some encoders set it on each frame of a message.
pub(super) const fn shows_other_bytes(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::ReservedBits(_)
            | Rule::ReservedOpcode(_)
            | Rule::ControlFragmented(_)
            | Rule::ContinuationWithoutStart
            | Rule::LengthHighestBit(_)
    )
}

/// The same with weaker evidence: also RSV1 on a frame that must not set it. For a first byte of
/// which nothing else shows that it begins a frame.
pub(super) const fn may_show_other_bytes(rule: Rule) -> bool {
    shows_other_bytes(rule) || matches!(rule, Rule::CompressedNotFirst(_))
}

/// Whether this byte cannot begin the frame after one with this header.
pub(super) fn cannot_begin_next(byte: u8, last: &FrameHeader, compressed: bool) -> bool {
    let mut validator = FrameValidator::new(None).with_deflate(compressed);
    validator.begin_frame(0, last);
    let Ok((next, _)) = FrameHeader::parse(&[byte, 0]) else {
        return false;
    };
    let mut found = Vec::new();
    validator.check_header(0, &next, &mut found);
    found
        .iter()
        .any(|violation| may_show_other_bytes(violation.rule))
}
