//! A header that says something else than its writer meant: the length in the wrong form
//! or of the wrong thing, a MASK bit without a key, somebody else's frame in the middle.
//!
//! Each guess is made by looking where the frame would end if it were right: if frames go
//! on there, or the stream ends there, and the payload is what it should be, it is.

use super::characters::{size_of_characters, size_of_units};
use super::foreign::is_readable;
use super::outlook::{Outlook, Sighting};
use super::tape::Window;
use super::wording::{excerpt, hexadecimal, length_octets};
use crate::diagnosis::{Finding, Place, Severity, Within, catalogue};
use crate::ws::{FrameHeader, LengthForm, MaskingKey, Opcode};

/// A frame whose header is doubted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Suspect<'a> {
    pub(super) outlook: Outlook<'a>,
    /// Its number, counted from 1.
    pub(super) number: u64,
    /// Where it begins.
    pub(super) start: u64,
    pub(super) sighting: Sighting,
    /// How many frames behind it may be misread in their turn.
    patience: u8,
}

/// What was meant: the finding that says so, and where the frame ends then.
#[derive(Debug)]
pub(super) struct Misread {
    pub(super) finding: Finding,
    pub(super) end: u64,
}

/// The payload as it was meant: where it begins, at a distance from the frame's start.
#[derive(Clone, Copy, Debug)]
struct Meant {
    payload: u64,
    size: u64,
    key: Option<MaskingKey>,
}

impl Meant {
    const fn end(&self) -> u64 {
        self.payload.saturating_add(self.size)
    }
}

impl<'a> Suspect<'a> {
    /// The frame that begins here; None if it is not in the window any more.
    pub(super) fn new(outlook: Outlook<'a>, number: u64, start: u64) -> Option<Self> {
        Some(Self {
            outlook,
            number,
            start,
            sighting: outlook.frame(start)?,
            patience: 2,
        })
    }

    /// Whether the stream goes on sensibly here; the next frame may be wrong in its turn,
    /// as what is done once is done again.
    fn goes_on(&self, end: u64) -> bool {
        let next_is_misread = || {
            let patience = self.patience.checked_sub(1)?;
            let next = Self::new(self.outlook, self.number + 1, end)?;
            Self { patience, ..next }.misread()
        };
        self.outlook.leads_on(end) || next_is_misread().is_some()
    }

    /// What its header was meant to say, if one guess fits.
    pub(super) fn misread(&self) -> Option<Misread> {
        self.one_byte_for_more()
            .or_else(|| self.wrong_order())
            .or_else(|| self.low_half_twice())
            .or_else(|| self.wrong_width())
            .or_else(|| self.no_key())
            .or_else(|| self.counted_in_characters())
            .or_else(|| self.interleaved())
            .or_else(|| self.header_counted())
            .or_else(|| self.cut_short())
    }

    /// 126 to 255 written into one byte.
    fn one_byte_for_more(&self) -> Option<Misread> {
        let &[_, size] = self.octets(0, 2)? else {
            return None;
        };
        let size = u64::from(size);
        let key = self.octets(2, 6).and_then(<[u8]>::first_chunk::<4>);
        let masked = key.map(|key| (6, Some(MaskingKey(*key))));
        let meant = [Some((2, None)), masked]
            .into_iter()
            .flatten()
            .map(|(payload, key)| Meant { payload, size, key })
            .find(|meant| size >= 126 && self.fits(meant) && self.begins_readable(meant))?;
        let message =
            format!("a payload of {size} bytes has its length in one byte, which holds up to 125");
        let label = match size {
            126 => "126 says that the length is in the next 2 bytes".to_owned(),
            127 => "127 says that the length is in the next 8 bytes".to_owned(),
            _ => format!("{size} is read as MASK and length {}", size - 128),
        };
        let right = length_octets(size, meant.key.is_some());
        let finding = Finding::new(&catalogue::LEN7_OVERFLOW, message)
            .label(label)
            .because(format!(
                "{}; the encoder has no branch for more than 125",
                self.exactly(&meant)
            ))
            .fixed_by(format!("write the length as {right}, in 16 bits"));
        Some(self.told(finding, 1, 1, &meant))
    }

    /// Whether no octets of a length stand in front of the payload as it was meant: a text
    /// has none there, and nothing that ends with the stream should.
    fn begins_readable(&self, meant: &Meant) -> bool {
        const LENGTH: u64 = 8;
        let start = self.at(meant.payload);
        let header = FrameHeader {
            masking_key: meant.key,
            ..*self.header()
        };
        let text = self.outlook.text_between(start, start + LENGTH, &header);
        let is_odd = |octet: &u8| octet.is_ascii_control() && !octet.is_ascii_whitespace();
        // Where the stream ends, a frame may be cut there as well.
        let is_end = self.at(meant.end()) == self.window().end();
        header.opcode != Opcode::TEXT && !is_end || !text.iter().any(is_odd)
    }

    /// The octets of the length, last one first.
    fn wrong_order(&self) -> Option<Misread> {
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
        let right = length_octets(meant, self.is_masked());
        let finding = Finding::new(&catalogue::LEN_LITTLE_ENDIAN, message)
            .label(format!("read from its other end: {meant}"))
            .because(format!(
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
    fn low_half_twice(&self) -> Option<Misread> {
        let length = self.header().payload_length.value();
        let (high, low) = (length >> 32, length & u64::from(u32::MAX));
        let is_doubled =
            self.header().payload_length.form() == LengthForm::SixtyFour && high == low && low != 0;
        let meant = self.of_size(low);
        if !is_doubled || !self.fits(&meant) {
            return None;
        }
        let right = length_octets(low, self.is_masked());
        let message =
            format!("both halves of the 64-bit length are {low}, which makes it {length}");
        let finding = Finding::new(&catalogue::LEN64_MSB, message)
            .label("bytes 2-5 stand again in 6-9")
            .because(format!(
                "{}; in JavaScript `length >> 56` is `length >> 24`",
                self.exactly(&meant)
            ))
            .fixed_by(format!("write {right}"));
        Some(self.told(finding, 2, 8, &meant))
    }

    /// Too many or too few octets for the length.
    fn wrong_width(&self) -> Option<Misread> {
        let form = self.header().payload_length.form();
        let widths: &[u64] = match form {
            LengthForm::Seven => return None,
            LengthForm::Sixteen => &[4, 8],
            LengthForm::SixtyFour => &[4, 2],
        };
        let (width, meant) = widths.iter().find_map(|width| {
            let octets = self.octets(2, 2 + width)?;
            let meant = octets
                .iter()
                .fold(0_u64, |value, octet| value << 8 | u64::from(*octet));
            let meant = Meant {
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
            .because(format!(
                "{}; the length was written as a {}-bit number",
                self.exactly(&meant),
                width * 8
            ))
            .fixed_by(format!("write {}", length_octets(size, self.is_masked())));
        Some(self.told(finding, 2, width, &meant))
    }

    /// The MASK bit, and no key: the first octets of the payload are taken for it.
    fn no_key(&self) -> Option<Misread> {
        let key = self.header().masking_key?;
        let length = self.header().payload_length.value();
        let payload = self.header_size() - 4;
        let meant = Meant {
            payload,
            size: length,
            key: None,
        };
        // Where the stream ends the last octets may be missing: any would fit.
        let is_end = self.at(meant.end()) == self.window().end();
        let octets = || self.octets(meant.payload, meant.end()).unwrap_or_default();
        if !self.fits(&meant) || is_end && !is_readable(octets()) {
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
            .because(format!("read without a key: {}", self.exactly(&meant)))
            .fixed_by(format!(
                "write 4 random bytes behind {} and XOR the payload with them; or, as a \
                 server, write {}",
                hexadecimal(self.octets(0, payload).unwrap_or_default()),
                hexadecimal(&unmasked.encode()),
            ));
        Some(self.told(finding, 1, 1, &meant))
    }

    /// The characters of a text counted, and not its octets.
    fn counted_in_characters(&self) -> Option<Misread> {
        let header = self.header();
        if header.opcode != Opcode::TEXT || header.rsv.rsv1() {
            return None;
        }
        let said = header.payload_length.value();
        let payload = self.header_size();
        // A character takes at most four octets, and one in UTF-16 units at most three.
        let most = self.at(payload).saturating_add(said.saturating_mul(4));
        let text = self.outlook.text_between(self.at(payload), most, header);
        let meant = [size_of_characters(&text, said), size_of_units(&text, said)]
            .into_iter()
            .flatten()
            .find(|size| *size > said && self.goes_on(self.at(payload + size)))?;
        let shown = text.get(..usize::try_from(meant).ok()?)?;
        let message = format!(
            "the length counts {said} characters, and \"{}\" has {meant} bytes",
            excerpt(shown)
        );
        let finding = Finding::new(&catalogue::LEN_IN_CHARS, message)
            .label(format!("{meant} bytes follow"))
            .because(format!(
                "{}; the length was taken before the text was encoded",
                self.exactly(&self.of_size(meant))
            ))
            .fixed_by(format!(
                "encode first, then take the length: {}",
                length_octets(meant, self.is_masked())
            ));
        let field = self.extended().max(1);
        let at = if field == 1 { 1 } else { 2 };
        Some(self.told(finding, at, field, &self.of_size(meant)))
    }

    /// A control frame in the middle of the payload.
    fn interleaved(&self) -> Option<Misread> {
        let header = self.header();
        let said = header.payload_length.value();
        let payload = self.header_size();
        let raw = self.outlook.window.from(self.at(payload))?;
        let most = usize::try_from(said).unwrap_or(usize::MAX).min(1 << 12);
        let place = (0..raw.len().min(most)).find(|place| {
            self.control_frame_at(payload + *place as u64)
                .is_some_and(|size| self.is_text_without(payload, *place as u64, size))
        })? as u64;
        let size = self.control_frame_at(payload + place)?;
        let control = self.outlook.frame(self.at(payload + place))?.header.opcode;
        let message = format!(
            "a {control} frame stands in the middle of a {} frame",
            header.opcode
        );
        let finding = Finding::new(&catalogue::WRITES_INTERLEAVED, message)
            .label(format!("a whole {control} frame"))
            .because(format!(
                "without these {size} bytes the payload is whole and the stream goes on at \
                 byte {}",
                self.at(payload + said + size)
            ));
        let meant = self.of_size(said + size);
        Some(self.told(finding, payload + place, size, &meant))
    }

    /// The size of the control frame here, masked as this one is.
    fn control_frame_at(&self, place: u64) -> Option<u64> {
        let start = self.at(place);
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

    /// Whether the payload, with `size` octets at `place` taken out of it, is a text that
    /// fits.
    fn is_text_without(&self, payload: u64, place: u64, size: u64) -> bool {
        let header = self.header();
        let end = (payload + size).saturating_add(header.payload_length.value());
        if header.opcode != Opcode::TEXT || !self.outlook.leads_on(self.at(end)) {
            return false;
        }
        let before = self.octets(payload, payload + place).unwrap_or_default();
        let after = self.octets(payload + place + size, end).unwrap_or_default();
        let mut text = [before, after].concat();
        if let Some(key) = header.masking_key {
            key.apply(0, &mut text);
        }
        std::str::from_utf8(&text).is_ok()
    }

    /// A length that counts the header as well.
    fn header_counted(&self) -> Option<Misread> {
        let said = self.header().payload_length.value();
        let payload = self.header_size();
        let size = [payload, 2, self.key_size()]
            .into_iter()
            .filter(|size| (1..said).contains(size))
            .find(|size| self.fits(&self.of_size(said - size)))?;
        let meant = self.of_size(said - size);
        let is_end = self.at(meant.end()) == self.window().end();
        let counted = if size == payload {
            "the header was counted too".to_owned()
        } else if size == 4 {
            "the masking key was counted too".to_owned()
        } else {
            format!("the first {size} bytes were counted too")
        };
        let message = format!("{size} of {said} payload bytes missing");
        let finding = Finding::new(&catalogue::LEN_BEYOND_DATA, message)
            .label(format!("{} bytes follow", meant.size))
            .perhaps(if is_end {
                format!("{counted}, or the last {size} bytes were not copied")
            } else {
                format!("{counted}: {}", self.exactly(&meant))
            })
            .fixed_by(format!(
                "count the payload only: {}{}",
                length_octets(meant.size, self.is_masked()),
                if is_end { "; or copy the rest" } else { "" }
            ));
        let field = self.extended();
        Some(self.told(finding, 1, 1 + field, &meant))
    }

    /// A text that stops in the middle, where the next frame begins.
    fn cut_short(&self) -> Option<Misread> {
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
            .perhaps(format!(
                "a `send()` that wrote only a part, or a length that is not the text's: {}",
                self.exactly(&meant)
            ))
            .fixed_by(format!(
                "use `sendall`; if the text is whole, write its length: {}",
                length_octets(size, self.is_masked())
            ));
        Some(self.told(finding, 1, 1 + self.extended(), &meant))
    }

    /// Whether the frame could have its payload at this distance and of this size.
    fn fits(&self, meant: &Meant) -> bool {
        let Meant { payload, size, key } = *meant;
        let (start, end) = (self.at(payload), self.at(payload).saturating_add(size));
        if end > self.outlook.window.end() || !self.goes_on(end) {
            return false;
        }
        let header = FrameHeader {
            masking_key: key,
            ..*self.header()
        };
        if header.opcode != Opcode::TEXT || header.rsv.rsv1() {
            return true;
        }
        let text = self.outlook.text_between(start, end, &header);
        match std::str::from_utf8(&text) {
            Ok(_) => true,
            Err(error) => {
                let is_long = size > text.len() as u64;
                (!header.fin || is_long) && error.error_len().is_none()
            }
        }
    }

    /// The finding at some octets of this frame, and where the frame ends.
    fn told(&self, finding: Finding, at: u64, length: u64, meant: &Meant) -> Misread {
        let offset = self.at(at);
        let place = Place {
            within: Within::Frame(self.number),
            offset,
            length,
            direction: None,
            extract: self.window().extract(self.start, offset),
        };
        let finding = finding.at(place);
        Misread {
            finding: match self.text(meant) {
                Some(text) => finding.note(format!("read so, the text is \"{text}\"")),
                None => finding,
            },
            end: self.at(meant.end()),
        }
    }

    /// What the payload says as it was meant, if it is another text than it seems to be.
    fn text(&self, meant: &Meant) -> Option<String> {
        let header = FrameHeader {
            masking_key: meant.key,
            ..*self.header()
        };
        let is_as_it_seems =
            meant.payload == self.header_size() && meant.key == self.header().masking_key;
        if is_as_it_seems || header.opcode != Opcode::TEXT {
            return None;
        }
        let (start, end) = (self.at(meant.payload), self.at(meant.end()));
        let text = self.outlook.text_between(start, end, &header);
        Some(excerpt(&text))
    }

    /// `exactly 200 bytes follow`, and what comes behind them.
    fn exactly(&self, meant: &Meant) -> String {
        let (size, end) = (meant.size, self.at(meant.end()));
        if end == self.window().end() {
            format!("exactly {size} bytes follow")
        } else if size == 0 {
            format!("the next frame begins at once, at byte {end}")
        } else {
            format!("behind {size} bytes the next frame begins, at byte {end}")
        }
    }

    /// The payload where it is, in another size.
    const fn of_size(&self, size: u64) -> Meant {
        Meant {
            payload: self.header_size(),
            size,
            key: self.header().masking_key,
        }
    }

    const fn header(&self) -> &FrameHeader {
        &self.sighting.header
    }

    const fn is_masked(&self) -> bool {
        self.header().masking_key.is_some()
    }

    const fn header_size(&self) -> u64 {
        self.sighting.payload - self.start
    }

    const fn key_size(&self) -> u64 {
        if self.is_masked() { 4 } else { 0 }
    }

    /// How many octets the length takes behind the second one.
    const fn extended(&self) -> u64 {
        self.header().payload_length.form().extended_octets() as u64
    }

    fn key_at(&self, at: u64) -> Option<MaskingKey> {
        let key = self.octets(at, at + 4)?.first_chunk::<4>()?;
        self.is_masked().then_some(MaskingKey(*key))
    }

    const fn window(&self) -> Window<'a> {
        self.outlook.window
    }

    /// Where in the stream a distance from the frame's start is.
    const fn at(&self, distance: u64) -> u64 {
        self.start.saturating_add(distance)
    }

    fn octets(&self, start: u64, end: u64) -> Option<&'a [u8]> {
        self.window().between(self.at(start), self.at(end))
    }
}

/// An empty frame at the end of the stream that says it is masked, and has no key.
pub(super) fn empty_without_key(outlook: &Outlook<'_>, number: u64, start: u64) -> Option<Finding> {
    let &[first, 0x80] = outlook.window.from(start)? else {
        return None;
    };
    let opcode = Opcode::of_first_octet(first);
    if opcode.is_reserved() || first & 0xf0 != 0x80 {
        return None;
    }
    let message = format!("an empty {opcode} frame has the MASK bit set, and no masking key");
    let mut finding = Finding::new(&catalogue::MASK_BIT_NO_KEY, message)
        .label("says that 4 bytes of key follow")
        .perhaps("the key was left out because there is nothing to mask, or not copied")
        .fixed_by(format!(
            "write 4 random bytes behind {first:02x} 80; or, as a server, write {first:02x} 00"
        ));
    let place = Place {
        within: Within::Frame(number),
        offset: start + 1,
        length: 1,
        direction: None,
        extract: outlook.window.extract(start, start),
    };
    // The key may only be missing as everything behind it.
    finding.severity = Severity::Suspicious;
    Some(finding.at(place))
}

fn low_sixteen(value: u64) -> u16 {
    let [.., high, low] = value.to_be_bytes();
    u16::from_be_bytes([high, low])
}
