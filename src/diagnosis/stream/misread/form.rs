//! A length that is written in a wrong form.

use super::{IntendedPayload, SuspectFrame, WrongLength};
use crate::diagnosis::stream::wording::length_bytes;
use crate::diagnosis::{Finding, catalogue};
use crate::ws::{FrameHeader, LengthForm, MaskingKey, Opcode};

impl SuspectFrame<'_> {
    /// 126 to 255 written into one byte.
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
        let message =
            format!("a payload of {size} bytes has its length in one byte, which holds up to 125");
        let label = match size {
            126 => "126 says that the length is in the next 2 bytes".to_owned(),
            127 => "127 says that the length is in the next 8 bytes".to_owned(),
            _ => format!("{size} is read as MASK and length {}", size - 128),
        };
        let right = length_bytes(size, meant.key.is_some());
        let finding = Finding::new(&catalogue::LEN7_OVERFLOW, message)
            .label(label)
            .certain_cause(format!(
                "{}; the encoder has no branch for more than 125",
                self.exactly(&meant)
            ))
            .fixed_by(format!("write the length as {right}, in 16 bits"));
        Some(self.told(finding, 1, 1, &meant))
    }

    /// Whether no bytes of a length stand in front of the payload as it was meant: a text
    /// has none there, and nothing that ends with the stream should.
    fn begins_readable(&self, meant: &IntendedPayload) -> bool {
        const LENGTH: u64 = 8;
        let start = self.at(meant.payload);
        let header = FrameHeader {
            masking_key: meant.key,
            ..*self.header()
        };
        let text = self.outlook.text_between(start, start + LENGTH, &header);
        let is_odd = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
        // Where the stream ends, a frame may be cut there as well.
        let is_end = self.at(meant.end()) == self.window().end();
        header.opcode != Opcode::TEXT && !is_end || !text.iter().any(is_odd)
    }

    /// The bytes of the length, last one first.
    pub(super) fn wrong_order(&self) -> Option<WrongLength> {
        let length = self.header().payload_length;
        let meant = match length.form() {
            LengthForm::Seven => return None,
            LengthForm::Sixteen => u64::from(low_sixteen(length.value()).swap_bytes()),
            LengthForm::SixtyFour => length.value().swap_bytes(),
        };
        let as_meant = self.of_size(meant);
        if meant == length.value() || !self.fits(&as_meant) {
            return None;
        }
        let message = format!(
            "the bytes of the length are in the wrong order: {meant} was meant, {} is said",
            length.value()
        );
        let right = length_bytes(meant, self.is_masked());
        let finding = Finding::new(&catalogue::LEN_LITTLE_ENDIAN, message)
            .label(format!("read from its other end: {meant}"))
            .certain_cause(format!(
                "{}; the length was written with its lowest byte first",
                self.exactly(&as_meant)
            ))
            .fixed_by(format!(
                "write {right}: network byte order, highest byte first"
            ));
        Some(self.told(finding, 2, self.extended(), &as_meant))
    }

    /// A 64-bit length of which both halves are the low one, as shifts by more than 31 bits
    /// make it in `JavaScript`.
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
        let message =
            format!("both halves of the 64-bit length are {low}, which makes it {length}");
        let finding = Finding::new(&catalogue::LEN64_MSB, message)
            .label("bytes 2-5 stand again in 6-9")
            .certain_cause(format!(
                "{}; in JavaScript `length >> 56` is `length >> 24`",
                self.exactly(&meant)
            ))
            .fixed_by(format!("write {right}"));
        Some(self.told(finding, 2, 8, &meant))
    }

    /// Too many or too few bytes for the length.
    pub(super) fn wrong_width(&self) -> Option<WrongLength> {
        let form = self.header().payload_length.form();
        let widths: &[u64] = match form {
            LengthForm::Seven => return None,
            LengthForm::Sixteen => &[4, 8],
            LengthForm::SixtyFour => &[4, 2],
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
            (meant.size > 0 && self.fits(&meant)).then_some((*width, meant))
        })?;
        let belong = self.extended();
        let announced = if form == LengthForm::Sixteen {
            "7e"
        } else {
            "7f"
        };
        let message =
            format!("behind {announced} stand {width} bytes of length, where {belong} belong");
        let size = meant.size;
        let finding = Finding::new(&catalogue::LEN_FIELD_WIDTH, message)
            .label(format!("{size} in {width} bytes"))
            .certain_cause(format!(
                "{}; the length was written as a {}-bit number",
                self.exactly(&meant),
                width * 8
            ))
            .fixed_by(format!("write {}", length_bytes(size, self.is_masked())));
        Some(self.told(finding, 2, width, &meant))
    }
}

fn low_sixteen(value: u64) -> u16 {
    let [.., high, low] = value.to_be_bytes();
    u16::from_be_bytes([high, low])
}
