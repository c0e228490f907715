//! Bytes that are missing behind a header, or too many: a key, the end of a text, a frame in
//! the middle of another one.

use super::{IntendedPayload, SuspectFrame, WrongLength};
use crate::diagnosis::stream::foreign::is_readable;
use crate::diagnosis::stream::outlook::Lookahead;
use crate::diagnosis::stream::wording::{hexadecimal, length_bytes};
use crate::diagnosis::{Finding, Location, LocationScope, Severity, catalogue};
use crate::ws::{FrameHeader, LengthForm, Opcode};

impl SuspectFrame<'_> {
    /// The MASK bit, and no key: the first bytes of the payload are taken for it.
    pub(super) fn no_key(&self) -> Option<WrongLength> {
        let key = self.header().masking_key?;
        let length = self.header().payload_length.value();
        let payload = self.header_size() - 4;
        let meant = IntendedPayload {
            payload,
            size: length,
            key: None,
        };
        // Where the stream ends the last bytes may be missing: any would fit.
        let is_end = self.at(meant.end()) == self.window().end();
        let bytes = || self.bytes(meant.payload, meant.end()).unwrap_or_default();
        if !self.fits(&meant) || is_end && !is_readable(bytes()) {
            return None;
        }
        let taken = length.min(4);
        let message = "the MASK bit is set, but there is no masking key";
        let label = if taken == 0 {
            "says that a key follows".to_owned()
        } else {
            format!("so {key} would be the key, and it is payload")
        };
        let unmasked = FrameHeader {
            masking_key: None,
            ..*self.header()
        };
        let finding = Finding::new(&catalogue::MASK_BIT_NO_KEY, message)
            .label(label)
            .certain_cause(format!("read without a key: {}", self.exactly(&meant)))
            .fixed_by(format!(
                "write 4 random bytes behind {} and XOR the payload with them; or, as a \
                 server, write {}",
                hexadecimal(self.bytes(0, payload).unwrap_or_default()),
                hexadecimal(&unmasked.encode()),
            ));
        Some(self.told(finding, 1, 1, &meant))
    }

    /// A control frame in the middle of the payload.
    pub(super) fn interleaved(&self) -> Option<WrongLength> {
        let header = self.header();
        let said = header.payload_length.value();
        let payload = self.header_size();
        let raw = self.outlook.window.from(self.at(payload))?;
        let most = usize::try_from(said).unwrap_or(usize::MAX).min(1 << 12);
        let location = (0..raw.len().min(most)).find(|location| {
            self.control_frame_at(payload + *location as u64)
                .is_some_and(|size| self.is_text_without(payload, *location as u64, size))
        })? as u64;
        let size = self.control_frame_at(payload + location)?;
        let control = self
            .outlook
            .frame(self.at(payload + location))?
            .header
            .opcode;
        let message = format!(
            "a {control} frame stands in the middle of a {} frame",
            header.opcode
        );
        let finding = Finding::new(&catalogue::WRITES_INTERLEAVED, message)
            .label(format!("a whole {control} frame"))
            .certain_cause(format!(
                "without these {size} bytes the payload is whole and the stream goes on at \
                 byte {}",
                self.at(payload + said + size)
            ));
        let meant = self.of_size(said + size);
        Some(self.told(finding, payload + location, size, &meant))
    }

    /// The size of the control frame here, masked as this one is.
    fn control_frame_at(&self, location: u64) -> Option<u64> {
        let start = self.at(location);
        let sighting = self.outlook.frame(start)?;
        let header = sighting.header;
        let is_one = header.opcode.is_control()
            && !header.opcode.is_reserved()
            && header.fin
            && header.rsv.value() == 0
            && header.payload_length.form() == LengthForm::Seven
            && header.masking_key.is_some() == self.is_masked()
            && sighting.end <= self.outlook.window.end();
        is_one.then(|| sighting.end - start)
    }

    /// Whether the payload, with `size` bytes at `place` taken out of it, is a text that
    /// fits.
    fn is_text_without(&self, payload: u64, location: u64, size: u64) -> bool {
        let header = self.header();
        let end = (payload + size).saturating_add(header.payload_length.value());
        if header.opcode != Opcode::TEXT || !self.outlook.leads_on(self.at(end)) {
            return false;
        }
        let before = self.bytes(payload, payload + location).unwrap_or_default();
        let after = self
            .bytes(payload + location + size, end)
            .unwrap_or_default();
        let mut text = [before, after].concat();
        if let Some(key) = header.masking_key {
            key.apply(0, &mut text);
        }
        std::str::from_utf8(&text).is_ok()
    }

    /// A text that stops in the middle, where the next frame begins.
    pub(super) fn cut_short(&self) -> Option<WrongLength> {
        // The header of a frame behind it, unmasked, may be characters by chance.
        const HEADER: usize = 14;
        let header = self.header();
        let said = header.payload_length.value();
        let (start, end) = (self.header_size(), self.header_size().saturating_add(said));
        if header.opcode != Opcode::TEXT || header.rsv.rsv1() {
            return None;
        }
        let text = self
            .outlook
            .text_between(self.at(start), self.at(end), header);
        let error = std::str::from_utf8(&text).err()?;
        // A fragment may end inside a character.
        if error.error_len().is_none() && !header.fin {
            return None;
        }
        let valid = error.valid_up_to();
        let size = (valid.saturating_sub(HEADER)..=valid)
            .map(|size| size as u64)
            .find(|size| self.outlook.is_sure(self.at(start + size)))?;
        let meant = self.of_size(size);
        let message = format!("{} of {said} payload bytes missing", said - size);
        let finding = Finding::new(&catalogue::LEN_BEYOND_DATA, message)
            .label(format!("{size} bytes follow"))
            .possible_cause(format!(
                "a `send()` that wrote only a part, or a length that is not the text's: {}",
                self.exactly(&meant)
            ))
            .fixed_by(format!(
                "use `sendall`; if the text is whole, write its length: {}",
                length_bytes(size, self.is_masked())
            ));
        Some(self.told(finding, 1, 1 + self.extended(), &meant))
    }
}

/// An empty frame at the end of the stream that says it is masked, and has no key.
pub(in crate::diagnosis::stream) fn empty_without_key(
    outlook: &Lookahead<'_>,
    number: u64,
    start: u64,
) -> Option<Finding> {
    let &[first, 0x80] = outlook.window.from(start)? else {
        return None;
    };
    let opcode = Opcode::of_first_byte(first);
    if opcode.is_reserved() || first & 0xf0 != 0x80 {
        return None;
    }
    let message = format!("an empty {opcode} frame has the MASK bit set, and no masking key");
    let mut finding = Finding::new(&catalogue::MASK_BIT_NO_KEY, message)
        .label("says that 4 bytes of key follow")
        .possible_cause("the key was left out because there is nothing to mask, or not copied")
        .fixed_by(format!(
            "write 4 random bytes behind {first:02x} 80; or, as a server, write {first:02x} 00"
        ));
    let location = Location {
        scope: LocationScope::Frame(number),
        offset: start + 1,
        length: 1,
        direction: None,
        snippet: outlook.window.snippet(start, start),
    };
    // The key may only be missing as everything behind it.
    finding.severity = Severity::Suspicious;
    Some(finding.at(location))
}
