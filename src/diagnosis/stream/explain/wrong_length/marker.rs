//! An extended length in 2 or 8 bytes, without the marker 126 or 127 before it: the second byte
//! has the length 0, or there is no second byte.

use super::bare_length::{BareLength, LengthFit};
use super::{SuspectFrame, WrongLength};
use crate::diagnosis::stream::explain::words::{hex, length_bytes};
use crate::diagnosis::{Finding, catalogue};
use crate::ws::LengthForm;

impl SuspectFrame<'_> {
    /// The marker 126 or 127 before the extended length is missing.
    pub(in crate::diagnosis::stream) fn marker_missing(&self) -> Option<WrongLength> {
        let (bare, fit) = self.bare_length()?;
        if fit == LengthFit::CutOrRight {
            return None;
        }
        let mut wrong = self.without_marker(&bare, fit)?;
        wrong.end = wrong.end.min(self.window().end());
        Some(wrong)
    }

    /// A note for a stream that is cut: the frames may be right, or a marker is missing here.
    pub(in crate::diagnosis::stream) fn marker_may_be_missing(&self) -> Option<String> {
        let (BareLength { width, payload, .. }, fit) = self.bare_length()?;
        let size = payload.size;
        let right = length_bytes(size, payload.key.is_some());
        (fit == LengthFit::CutOrRight).then(|| {
            format!(
                "or frame {} has {size} bytes, with its length in {width} bytes and without 126 \
                 before it: then write {right} after its first byte (len-marker-missing)",
                self.number
            )
        })
    }

    fn bare_length(&self) -> Option<(BareLength, LengthFit)> {
        let header = self.header();
        let may_have_length = header.opcode.is_message_part() && header.rsv.value() == 0;
        may_have_length.then(|| self.best_bare_length())?
    }

    /// The finding on a length without its marker.
    fn without_marker(&self, bare: &BareLength, fit: LengthFit) -> Option<WrongLength> {
        let BareLength { at, width, payload } = *bare;
        let size = payload.size;
        let marker = if width == 8 { 127 } else { 126 };
        let (message, why) = if at == 2 {
            let second = hex(self.bytes(1, 2)?);
            (
                format!(
                    "the second byte is {second}, and a length of {size} in {width} bytes follows"
                ),
                format!("the marker {marker} was not written into the second byte"),
            )
        } else {
            (
                format!(
                    "the length {size} is in {width} bytes, without the marker {marker} before them"
                ),
                "the second byte is missing, or the length was written one byte early".to_owned(),
            )
        };
        let right = length_bytes(size, payload.key.is_some());
        let fix = if LengthForm::shortest(size).extended_bytes() as u64 == width {
            format!("write {right} after the first byte")
        } else {
            format!("write {right} after the first byte: the shortest form of {size}")
        };
        let finding = Finding::new(&catalogue::LEN_MARKER_MISSING, message)
            .label(format!("{marker} announces a length in {width} bytes"))
            .fixed_by(fix);
        let here = self.window().end().saturating_sub(self.at(payload.payload));
        let finding = if fit == LengthFit::Whole {
            finding.certain_cause(format!("{}; {why}", self.exactly(&payload)))
        } else if here == 0 {
            finding.possible_cause(format!("{why}, and the payload is cut"))
        } else {
            finding.possible_cause(format!("{why}; {here} of {size} bytes follow"))
        };
        let size = if at == 2 { 1 } else { width };
        Some(self.wrong_length(finding, 1, size, &payload))
    }

    /// Whether the second byte may lack a marker, but the window ends before the payload does or
    /// soon after it, so that the next frame does not show.
    pub(in crate::diagnosis::stream) fn may_lack_marker(&self) -> bool {
        const NEXT_FRAME: u64 = 16;
        let end = self.window().end().saturating_sub(NEXT_FRAME);
        let mut after_second_byte = self.bare_lengths().filter(|bare| bare.at == 2);
        after_second_byte.any(|bare| self.at(bare.payload.end()) > end)
    }
}
