//! Lengths in a wrong form: too few or too many bytes, or bytes in the wrong order.

use super::{IntendedPayload, SuspectFrame, WrongLength, bytes_follow};
use crate::diagnosis::stream::explain::words::length_bytes;
use crate::diagnosis::{Finding, catalogue};
use crate::ws::{FrameHeader, LengthForm, MaskingKey, Opcode};

impl SuspectFrame<'_> {
    /// A length of 126 to 255 in one byte.
    pub(super) fn one_byte_for_more(&self) -> Option<WrongLength> {
        let &[_, size] = self.bytes(0, 2)? else {
            return None;
        };
        let size = u64::from(size);
        let key = self.bytes(2, 6).and_then(<[u8]>::first_chunk::<4>);
        let masked = key.map(|key| (6, Some(MaskingKey(*key))));
        let meant = [Some((2, None)), masked]
            .into_iter()
            .flatten()
            .map(|(payload, key)| IntendedPayload { payload, size, key })
            .find(|meant| size >= 126 && self.fits(meant) && self.begins_readable(meant))?;
        let message = format!("the length of {size} is in one byte, which holds up to 125");
        let label = match size {
            126 => "126 means that the length is in the next 2 bytes".to_owned(),
            127 => "127 means that the length is in the next 8 bytes".to_owned(),
            _ => format!("{size} is read as MASK and length {}", size - 128),
        };
        let right = length_bytes(size, meant.key.is_some());
        let finding = Finding::new(&catalogue::LEN7_OVERFLOW, message)
            .label(label)
            .certain_cause(format!(
                "{}; the encoder has no branch for lengths over 125",
                self.exactly(&meant)
            ))
            .fixed_by(format!("write the length as {right}, in 16 bits"));
        Some(self.wrong_length(finding, 1, 1, &meant))
    }

    /// Whether the intended payload begins with readable bytes, if it is text or ends with the
    /// stream: the bytes of a length would not be readable.
    fn begins_readable(&self, meant: &IntendedPayload) -> bool {
        const LENGTH: u64 = 8;
        let start = self.at(meant.payload);
        let header = FrameHeader {
            masking_key: meant.key,
            ..*self.header()
        };
        let text = self.lookahead.text_between(start, start + LENGTH, &header);
        let is_control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
        // At the end of the stream, the frame may also be cut.
        let is_end = self.at(meant.end()) == self.window().end();
        header.opcode != Opcode::TEXT && !is_end || !text.iter().any(is_control)
    }

    /// A length with its bytes in reverse order, which fits the data.
    pub(super) fn wrong_order(&self) -> Option<WrongLength> {
        let said = self.header().payload_length.value();
        let reversed = self.reversed_length()?;
        let meant = self.of_size(reversed);
        if reversed == said || !self.fits(&meant) {
            return None;
        }
        let finding = self.little_endian(reversed, &format!("; {reversed} fits the data"));
        let finding = finding.certain_cause(format!("{}; {LITTLE_ENDIAN}", self.exactly(&meant)));
        Some(self.wrong_length(finding, 2, self.extended(), &meant))
    }

    /// A 64-bit length that is larger than any message, and in reverse order is the length of a
    /// payload that is cut by the end of the stream.
    pub(super) fn wrong_order_and_cut(&self) -> Option<WrongLength> {
        const LARGER_THAN_ANY: u64 = 1 << 40;
        const LARGE: u64 = 1 << 32;
        let reversed = self.reversed_length()?;
        let meant = self.of_size(reversed);
        let end = self.window().end();
        let length = self.header().payload_length;
        // A length with its highest bit set has a finding of its own.
        let is_plausible = length.value() >= LARGER_THAN_ANY
            && !length.has_highest_bit()
            && (1..LARGE).contains(&reversed)
            && self.window().is_complete()
            && self.at(meant.end()) > end;
        if !is_plausible {
            return None;
        }
        let here = end.saturating_sub(self.at(self.header_size()));
        let cause = format!("{LITTLE_ENDIAN}; {here} of {reversed} bytes follow");
        let finding = self.little_endian(reversed, "").possible_cause(cause);
        let wrong = self.wrong_length(finding, 2, self.extended(), &meant);
        Some(WrongLength { end, ..wrong })
    }

    /// The extended length with its bytes in reverse order; None if there is none.
    fn reversed_length(&self) -> Option<u64> {
        let length = self.header().payload_length;
        match length.form() {
            LengthForm::Seven => None,
            LengthForm::Sixteen => Some(u64::from(low_sixteen(length.value()).swap_bytes())),
            LengthForm::SixtyFour => Some(length.value().swap_bytes()),
        }
    }

    /// The finding for a length in reverse order, without its cause.
    fn little_endian(&self, reversed: u64, fits: &str) -> Finding {
        let said = self.header().payload_length.value();
        let right = length_bytes(reversed, self.is_masked());
        let message =
            format!("the length bytes are in the wrong order: the header says {said}{fits}");
        Finding::new(&catalogue::LEN_LITTLE_ENDIAN, message)
            .label(format!("in reverse order: {reversed}"))
            .fixed_by(format!(
                "write {right}: network byte order, most significant byte first"
            ))
    }

    /// A 64-bit length with the low half in both halves: `JavaScript` shifts modulo 32.
    pub(super) fn low_half_twice(&self) -> Option<WrongLength> {
        let length = self.header().payload_length.value();
        let (high, low) = (length >> 32, length & u64::from(u32::MAX));
        let is_doubled =
            self.header().payload_length.form() == LengthForm::SixtyFour && high == low && low != 0;
        let meant = self.of_size(low);
        if !is_doubled || !self.fits(&meant) {
            return None;
        }
        let right = length_bytes(low, self.is_masked());
        let message = format!("both halves of the 64-bit length are {low}, so it is {length}");
        let finding = Finding::new(&catalogue::LEN64_MSB, message)
            .label("bytes 2-5 and 6-9 are the same")
            .certain_cause(format!(
                "{}; in JavaScript `length >> 56` is `length >> 24`",
                self.exactly(&meant)
            ))
            .fixed_by(format!("write {right}"));
        Some(self.wrong_length(finding, 2, 8, &meant))
    }

    /// An extended length of 1, 2, 4 or 8 bytes after a marker for another size.
    pub(super) fn wrong_width(&self) -> Option<WrongLength> {
        let form = self.header().payload_length.form();
        let widths: &[u64] = match form {
            LengthForm::Seven => return None,
            LengthForm::Sixteen => &[4, 8, 1],
            LengthForm::SixtyFour => &[4, 2, 1],
        };
        let (width, meant) = widths.iter().find_map(|width| {
            let bytes = self.bytes(2, 2 + width)?;
            let meant = bytes
                .iter()
                .fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
            let meant = IntendedPayload {
                payload: 2 + width + self.key_size(),
                size: meant,
                key: self.key_at(2 + width),
            };
            // A shorter length needs no byte after the marker.
            let is_plausible = match width {
                1 => meant.size > LengthForm::Seven.largest() && self.begins_readable(&meant),
                _ => meant.size > 0,
            };
            (is_plausible && self.fits(&meant)).then_some((*width, meant))
        })?;
        let belong = self.extended();
        let announced = if form == LengthForm::Sixteen {
            "7e"
        } else {
            "7f"
        };
        let (noun, number) = match width {
            1 => ("byte", "an 8-bit number".to_owned()),
            _ => ("bytes", format!("a {}-bit number", width * 8)),
        };
        let follow = bytes_follow(width);
        let message = format!("{announced} announces {belong} bytes of length, and {follow}");
        let size = meant.size;
        let finding = Finding::new(&catalogue::LEN_FIELD_WIDTH, message)
            .label(format!("{size} in {width} {noun}"))
            .certain_cause(format!(
                "{}; the length was written as {number}",
                self.exactly(&meant)
            ))
            .fixed_by(format!("write {}", length_bytes(size, self.is_masked())));
        Some(self.wrong_length(finding, 2, width, &meant))
    }
}

const LITTLE_ENDIAN: &str = "the length was written in little-endian order";

/// The last two bytes of a length in 16 bits.
fn low_sixteen(value: u64) -> u16 {
    let [.., high, low] = value.to_be_bytes();
    u16::from_be_bytes([high, low])
}
