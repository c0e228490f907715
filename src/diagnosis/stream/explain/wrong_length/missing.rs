//! Bytes that are missing, too many or in the wrong place: a masking key, the end of a text, a
//! control frame in the middle of a payload.

use super::{IntendedPayload, SuspectFrame, WrongLength, bytes_follow};
use crate::diagnosis::stream::explain::words::{hex, is_readable, length_bytes};
use crate::diagnosis::stream::lookahead::Lookahead;
use crate::diagnosis::{Finding, Location, LocationScope, Severity, catalogue};
use crate::ws::{FrameHeader, LengthForm, Opcode};

impl SuspectFrame<'_> {
    /// MASK is set, but there is no masking key: the payload follows the length.
    pub(super) fn no_key(&self) -> Option<WrongLength> {
        let key = self.header().masking_key?;
        let length = self.header().payload_length.value();
        let payload = self.header_size() - 4;
        let meant = IntendedPayload {
            payload,
            size: length,
            key: None,
        };
        // At the end of the stream, the last bytes may be missing instead.
        let is_end = self.at(meant.end()) == self.window().end();
        let bytes = || self.bytes(meant.payload, meant.end()).unwrap_or_default();
        if !self.fits(&meant) || is_end && !is_readable(bytes()) {
            return None;
        }
        let taken = length.min(4);
        let message = "the MASK bit is set, but there is no masking key";
        let label = if taken == 0 {
            "says that a masking key follows".to_owned()
        } else {
            format!("so {key} would be the key, but these bytes are payload")
        };
        let unmasked = FrameHeader {
            masking_key: None,
            ..*self.header()
        };
        let finding = Finding::new(&catalogue::MASK_BIT_NO_KEY, message)
            .label(label)
            .certain_cause(format!("read without a key: {}", self.exactly(&meant)))
            .fixed_by(format!(
                "write 4 random bytes after {} and XOR the payload with them; or, as a \
                 server, write {}",
                hex(self.bytes(0, payload).unwrap_or_default()),
                hex(&unmasked.encode()),
            ));
        Some(self.wrong_length(finding, 1, 1, &meant))
    }

    /// The masking key is before the extended length, not after it.
    pub(super) fn key_before_length(&self) -> Option<WrongLength> {
        const KEY: u64 = 2;
        const LENGTH: u64 = KEY + 4;
        let width = self.extended();
        let key = self.key_at(KEY).filter(|_| width > 0)?;
        let length = self.bytes(LENGTH, LENGTH + width)?;
        let meant = IntendedPayload {
            payload: self.header_size(),
            size: length
                .iter()
                .fold(0, |value, byte| value << 8 | u64::from(*byte)),
            key: Some(key),
        };
        let form = LengthForm::shortest(meant.size);
        if form.extended_bytes() as u64 != width || !self.fits(&meant) {
            return None;
        }
        let said = self.header().payload_length.value();
        let message = format!(
            "the masking key is before the extended length: the header says {said}; {} fits the data",
            meant.size
        );
        let first = hex(self.bytes(0, KEY).unwrap_or_default());
        let mut finding = Finding::new(&catalogue::UNMASK_OFFSET, message)
            .label("masked with these, before the length")
            .certain_cause(format!(
                "with these four bytes as the key and the next {width} as the length, {}",
                self.exactly(&meant)
            ))
            .fixed_by(format!(
                "write the length first, then the key: {first} {} and the key",
                hex(length)
            ));
        finding.severity = Severity::Violation;
        Some(self.wrong_length(finding, KEY, 4, &meant))
    }

    /// A control frame in the middle of the payload.
    pub(super) fn interleaved(&self) -> Option<WrongLength> {
        let header = self.header();
        let said = header.payload_length.value();
        let payload = self.header_size();
        let raw = self.lookahead.window.from(self.at(payload))?;
        let most = usize::try_from(said).unwrap_or(usize::MAX).min(1 << 12);
        let place = (0..raw.len().min(most)).find(|place| {
            self.control_frame_at(payload + *place as u64)
                .is_some_and(|size| self.is_text_without(payload, *place as u64, size))
        })? as u64;
        let size = self.control_frame_at(payload + place)?;
        let control = self
            .lookahead
            .frame(self.at(payload + place))?
            .header
            .opcode;
        let message = format!(
            "a {control} frame stands in the middle of a {} frame",
            header.opcode
        );
        let finding = Finding::new(&catalogue::WRITES_INTERLEAVED, message)
            .label(format!("a complete {control} frame"))
            .certain_cause(format!(
                "without these {size} bytes the payload is complete and the next frame \
                 begins at byte {}",
                self.at(payload + said + size)
            ));
        let meant = self.of_size(said + size);
        Some(self.wrong_length(finding, payload + place, size, &meant))
    }

    /// The size of the control frame at this distance, if it is masked like this frame.
    fn control_frame_at(&self, place: u64) -> Option<u64> {
        let start = self.at(place);
        let candidate = self.lookahead.frame(start)?;
        let header = candidate.header;
        let is_one = header.opcode.is_control()
            && !header.opcode.is_reserved()
            && header.fin
            && header.rsv.value() == 0
            && header.payload_length.form() == LengthForm::Seven
            && header.masking_key.is_some() == self.is_masked()
            && candidate.end <= self.lookahead.window.end();
        is_one.then(|| candidate.end - start)
    }

    /// Whether the payload is UTF-8 text without the `size` bytes at `place`, and the stream goes
    /// on after it.
    fn is_text_without(&self, payload: u64, place: u64, size: u64) -> bool {
        let header = self.header();
        let end = (payload + size).saturating_add(header.payload_length.value());
        if header.opcode != Opcode::TEXT || !self.lookahead.continues_at(self.at(end)) {
            return false;
        }
        let before = self.bytes(payload, payload + place).unwrap_or_default();
        let after = self.bytes(payload + place + size, end).unwrap_or_default();
        let mut text = [before, after].concat();
        self.window().effort().spend_on(text.len());
        if let Some(key) = header.masking_key {
            key.apply(0, &mut text);
        }
        std::str::from_utf8(&text).is_ok()
    }

    /// A text that ends early, because the next frame begins in it.
    pub(super) fn cut_short(&self) -> Option<WrongLength> {
        // The first bytes of the next frame may be valid characters by chance.
        const HEADER: usize = 14;
        let header = self.header();
        let said = header.payload_length.value();
        let (start, end) = (self.header_size(), self.header_size().saturating_add(said));
        if header.opcode != Opcode::TEXT || header.rsv.rsv1() {
            return None;
        }
        let text = self
            .lookahead
            .text_between(self.at(start), self.at(end), header);
        let error = std::str::from_utf8(&text).err()?;
        // A fragment may end inside a character.
        if error.error_len().is_none() && !header.fin {
            return None;
        }
        let valid = error.valid_up_to();
        let size = (valid.saturating_sub(HEADER)..=valid)
            .map(|size| size as u64)
            .find(|size| self.lookahead.is_sure(self.at(start + size)))?;
        let meant = self.of_size(size);
        let message = format!("{} of {said} payload bytes missing", said - size);
        let finding = Finding::new(&catalogue::LEN_BEYOND_DATA, message)
            .label(bytes_follow(size))
            .possible_cause(format!(
                "`send()` wrote only a part, or the length is not that of the text: {}",
                self.exactly(&meant)
            ))
            .fixed_by(format!(
                "use `sendall`; if the text is complete, write its length: {}",
                length_bytes(size, self.is_masked())
            ));
        Some(self.wrong_length(finding, 1, 1 + self.extended(), &meant))
    }
}

/// The finding for an empty frame at the end of the stream with MASK set and without a key.
pub(in crate::diagnosis::stream) fn empty_without_key(
    lookahead: &Lookahead<'_>,
    number: u64,
    start: u64,
) -> Option<Finding> {
    let &[first, 0x80] = lookahead.window.from(start)? else {
        return None;
    };
    let opcode = Opcode::of_first_byte(first);
    if opcode.is_reserved() || first & 0xf0 != 0x80 {
        return None;
    }
    let message = format!("an empty {opcode} frame has the MASK bit set, and no masking key");
    let mut finding = Finding::new(&catalogue::MASK_BIT_NO_KEY, message)
        .label("says that 4 bytes of key follow")
        .possible_cause("the sender writes no key for an empty payload, or the key was not copied")
        .fixed_by(format!(
            "write 4 random bytes after {first:02x} 80; or, as a server, write {first:02x} 00"
        ));
    let location = Location {
        scope: LocationScope::Frame(number),
        offset: start + 1,
        length: 1,
        direction: None,
        snippet: lookahead.window.snippet(start, start),
    };
    // The stream may also be cut here.
    finding.severity = Severity::Suspicious;
    Some(finding.at(location))
}
