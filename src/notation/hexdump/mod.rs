//! Dumps with an offset, bytes and characters on each line, as xxd, `hexdump -C`, `od -t x1`,
//! `tcpdump -X` and Wireshark print them. `Notation` uses it.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::error::NotationError;

/// Whether a text is a dump: each line is a row of one, and the first word is certainly an offset,
/// because of a colon, the column of characters, or a line that follows.
pub(super) fn looks_like(text: &[u8]) -> bool {
    let mut bytes = Vec::new();
    let mut lines = lines(text, 0).filter(|line| !line.text.trim_ascii().is_empty());
    let Some(first) = lines.next() else {
        return false;
    };
    let Some(offset) = Offset::parse(first.text) else {
        return false;
    };
    let row = Row::parse(first.text, offset.end);
    let is_told = offset.has_colon || row.is_ok_and(|row| row.has_characters);
    (is_told || lines.next().is_some()) && read(text, 0, &mut bytes).is_ok()
}

/// Whether a text begins as dumps do: with an offset and a colon, with the seven digits of hexdump
/// and od, or with offsets that rise from zero. An error in such a text is that of a dump.
pub(super) fn begins(text: &[u8]) -> bool {
    let lines = lines(text, 0).filter(|line| !matches!(line.text.trim_ascii(), b"" | b"*"));
    let mut offsets = lines.map(|line| Offset::parse(line.text));
    let Some(Some(first)) = offsets.next() else {
        return false;
    };
    if first.has_colon || first.is_of_words() {
        // A single word is bytes that lack a digit.
        return first.has_colon || text.iter().any(u8::is_ascii_whitespace);
    }
    let mut last = first.value;
    let mut rises = |offset: Option<Offset>| {
        offset.is_some_and(|offset| {
            let is_next = offset.digits == first.digits && offset.value > last;
            last = offset.value;
            is_next
        })
    };
    let mut rest = offsets.peekable();
    first.value == 0 && rest.peek().is_some() && rest.all(&mut rises)
}

/// Whether the first word of a text that is read as hexadecimal could be the offset of a row.
pub(super) fn could_be_row(text: &[u8]) -> bool {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    Offset::parse(first).is_some_and(|offset| {
        offset.value == 0 && group(first, offset.end).is_some_and(|(bytes, _)| bytes.len() == 1)
    })
}

/// Whether a text begins with an offset and bytes after it.
pub(super) fn begins_with_row(text: &[u8]) -> bool {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    Offset::parse(first).is_some_and(|offset| group(first, offset.end).is_some())
}

/// Reads a dump line by line. Each offset must be where the line before ended. The column of
/// characters must be that of the bytes: it may look like hexadecimal itself. A line of `*` repeats
/// the line before it.
pub(super) fn read(text: &[u8], start: usize, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
    let mut dump = Dump {
        begin: bytes.len(),
        base: None,
        last_row: 0,
        radix: None,
        is_squeezed: false,
        squeezed: 0,
    };
    let mut squeezed_at = start;
    for line in lines(text, start) {
        let content = line.text.trim_ascii();
        if content == b"*" {
            dump.is_squeezed = true;
            squeezed_at = line.at;
        } else if !content.is_empty() {
            let fault = |fault: Fault| NotationError::new(text, line.at + fault.at, fault.expected);
            dump.line(line.text, bytes).map_err(fault)?;
        }
    }
    if dump.is_squeezed {
        return Err(NotationError::new(
            text,
            squeezed_at,
            "an offset after the lines left out",
        ));
    }
    Ok(())
}

/// Writes a dump as `hexdump -Cv` does: 16 bytes on each line, and the length at the end.
pub(super) fn write(bytes: &[u8]) -> String {
    let rows = bytes.chunks(16).enumerate().map(|(number, row)| {
        let (left, right) = row.split_at(row.len().min(8));
        let characters: String = row
            .iter()
            .map(|byte| char::from(printable(*byte)))
            .collect();
        let (left, right) = (spaced(left), spaced(right));
        format!("{:08x}  {left:<24} {right:<24} |{characters}|", number * 16)
    });
    let length = format!("{:08x}", bytes.len());
    rows.chain([length]).collect::<Vec<String>>().join("\n")
}

/// The state of reading a dump.
struct Dump {
    /// The index in the output of the dump's first byte.
    begin: usize,
    /// The offset of its first line.
    base: Option<u64>,
    /// How many bytes the last line has.
    last_row: usize,
    /// How offsets are written; None until a line shows it.
    radix: Option<Radix>,
    /// Whether the last line was `*`: lines equal to the one before it are left out.
    is_squeezed: bool,
    /// How many bytes the lines that were left out have, all together.
    squeezed: usize,
}

/// What is wrong in a line, and the offset in the line.
struct Fault {
    at: usize,
    expected: &'static str,
}

impl Dump {
    fn line(&mut self, line: &[u8], bytes: &mut Vec<u8>) -> Result<(), Fault> {
        let indent = line.len() - line.trim_ascii_start().len();
        let offset = Offset::parse(line).ok_or(Fault {
            at: indent,
            expected: "an offset of four digits or more",
        })?;
        self.check_offset(&offset, bytes).ok_or(Fault {
            at: indent,
            expected: "an offset that goes on where the line before ended",
        })?;
        let is_word = |(bytes, _): &(Vec<u8>, usize)| bytes.len() == 2;
        if offset.is_of_words() && group(line, offset.end).as_ref().is_some_and(is_word) {
            return Err(Fault {
                at: offset.end + 1,
                expected: "bytes one by one, as hexdump -C prints them, not words",
            });
        }
        let row = Row::parse(line, offset.end)?;
        self.last_row = row.bytes.len();
        bytes.extend(row.bytes);
        Ok(())
    }

    /// Adds the bytes of lines that were left out. None if the offset is not the next one. All offsets
    /// of a dump are in the same base.
    fn check_offset(&mut self, offset: &Offset, bytes: &mut Vec<u8>) -> Option<()> {
        let base = *self.base.get_or_insert(offset.value);
        let next = base.checked_add((bytes.len() - self.begin) as u64)?;
        if !std::mem::take(&mut self.is_squeezed) {
            let is_next = |radix: &Radix| offset.in_radix(*radix) == Some(next);
            let radix = match self.radix {
                Some(radix) => Some(radix).filter(is_next),
                None => Radix::ALL.into_iter().find(is_next),
            };
            if next > base {
                self.radix = radix;
            }
            return radix.map(|_| ());
        }
        let usual = if offset.is_of_words() {
            Radix::Octal
        } else {
            Radix::Hexadecimal
        };
        let value = offset.in_radix(self.radix.unwrap_or(usual))?;
        let missing = usize::try_from(value.checked_sub(next)?).ok()?;
        self.squeezed = self.squeezed.saturating_add(missing);
        let is_whole = missing.checked_rem(self.last_row) == Some(0);
        if !is_whole || self.squeezed > MOST_SQUEEZED {
            return None;
        }
        let row = bytes.get(bytes.len() - self.last_row..)?.to_vec();
        bytes.extend(row.iter().cycle().take(missing));
        Some(())
    }
}

/// The base in which offsets are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Radix {
    Hexadecimal,
    Octal,
    Decimal,
}

impl Radix {
    const ALL: [Self; 3] = [Self::Hexadecimal, Self::Octal, Self::Decimal];
}

/// How many bytes all lines of `*` together may stand for. The text is short, and the output must
/// not take all memory.
const MOST_SQUEEZED: usize = 1 << 24;

/// The offset at the start of a line.
struct Offset {
    value: u64,
    /// The same digits as an octal number, which od writes by default.
    octal: Option<u64>,
    decimal: Option<u64>,
    has_colon: bool,
    digits: usize,
    /// The offset in the line of the first byte, or of the space before it.
    end: usize,
}

impl Offset {
    fn parse(line: &[u8]) -> Option<Self> {
        let indent = line.len() - line.trim_ascii_start().len();
        let rest = line.get(indent..)?;
        let digits = rest.strip_prefix(b"0x").unwrap_or(rest);
        let size = digits
            .iter()
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        let word = std::str::from_utf8(digits.get(..size)?).ok()?;
        let after = digits.get(size..)?;
        let has_colon = after.starts_with(b":");
        let after = after.strip_prefix(b":").unwrap_or(after);
        let ends = after.first().is_none_or(u8::is_ascii_whitespace);
        if !(4..=16).contains(&size) || !ends {
            return None;
        }
        let value = u64::from_str_radix(word, 16).ok()?;
        let octal = u64::from_str_radix(word, 8).ok();
        let decimal = word.parse().ok();
        Some(Self {
            value,
            octal,
            decimal,
            has_colon,
            digits: size,
            end: line.len() - after.len(),
        })
    }
}

impl Offset {
    const fn in_radix(&self, radix: Radix) -> Option<u64> {
        match radix {
            Radix::Hexadecimal => Some(self.value),
            Radix::Octal => self.octal,
            Radix::Decimal => self.decimal,
        }
    }

    /// Whether the offset has the seven digits that hexdump and od print by default. The words after it
    /// are in the byte order of the machine, which is not known.
    const fn is_of_words(&self) -> bool {
        self.digits == 7 && !self.has_colon
    }
}

/// The bytes of a line, and how many characters they take.
struct Row {
    bytes: Vec<u8>,
    has_characters: bool,
}

impl Row {
    /// Reads groups of digits from `start` on. The column of characters decides how many of them are
    /// bytes.
    fn parse(line: &[u8], start: usize) -> Result<Self, Fault> {
        let line = line.trim_ascii_end();
        let mut bytes = Vec::new();
        let mut ink = 0..0;
        let mut at = start;
        let mut whole = None;
        while let Some((group, end)) = group(line, at) {
            extend_ink(&mut ink, &group, bytes.len());
            bytes.extend(group);
            at = end;
            let rest = line.get(end..).unwrap_or_default().trim_ascii_start();
            if is_characters_of(rest, &bytes, ink.clone()) {
                whole = Some(bytes.len());
            }
        }
        let rest = line.get(at..).unwrap_or_default().trim_ascii_start();
        match whole {
            // The last group that fits: the column of characters may begin with digits, which then do
            // not fit.
            Some(size) => {
                bytes.truncate(size);
                Ok(Self {
                    bytes,
                    has_characters: true,
                })
            }
            None if rest.is_empty() => Ok(Self {
                bytes,
                has_characters: false,
            }),
            None => Err(Fault {
                at: line.len() - rest.len(),
                expected: "bytes in hexadecimal, then their characters",
            }),
        }
    }
}

/// The bytes of the next group, which has an even number of digits, and where it ends.
fn group(line: &[u8], at: usize) -> Option<(Vec<u8>, usize)> {
    let rest = line.get(at..)?;
    let word = rest.trim_ascii_start();
    let digits = word.strip_prefix(b"0x").unwrap_or(word);
    let start = at + rest.len() - digits.len();
    let size = digits
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    let bytes = hex::decode(digits.get(..size)?)
        .ok()
        .filter(|bytes| !bytes.is_empty())?;
    let ends = digits.get(size).is_none_or(u8::is_ascii_whitespace);
    ends.then_some((bytes, start + size))
}

/// Whether the rest of a line is the column of characters of these bytes, between bars or
/// angles or after spaces. `ink` is the range of bytes without the spaces at both ends: a column
/// without bars may have lost them.
fn is_characters_of(rest: &[u8], bytes: &[u8], ink: Range<usize>) -> bool {
    let is_shown = |characters: &[u8], bytes: &[u8]| {
        let shown = bytes.iter().map(|byte| printable(*byte));
        characters.len() == bytes.len() && characters.iter().copied().eq(shown)
    };
    match rest {
        [b'|', inside @ .., b'|'] | [b'>', inside @ .., b'<'] if is_shown(inside, bytes) => true,
        [] => false,
        _ => is_shown(rest, bytes.get(ink).unwrap_or_default()),
    }
}

/// Extends the range from the first to the last byte of a line that is no space by one group. A
/// line may be long, and is not searched again for each of its groups.
fn extend_ink(ink: &mut Range<usize>, group: &[u8], at: usize) {
    let is_ink = |byte: &u8| *byte != b' ';
    if let Some(last) = group.iter().rposition(is_ink) {
        if ink.start == ink.end {
            ink.start = at + group.iter().position(is_ink).unwrap_or_default();
        }
        ink.end = at + last + 1;
    }
}

/// A line of a text, and its offset there.
struct Line<'a> {
    at: usize,
    text: &'a [u8],
}

fn lines(text: &[u8], start: usize) -> impl Iterator<Item = Line<'_>> {
    let mut at = start;
    text.get(start..)
        .unwrap_or_default()
        .split(|byte| *byte == b'\n')
        .map(move |text| {
            let line = Line { at, text };
            at += text.len() + 1;
            line
        })
}

fn spaced(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

const fn printable(byte: u8) -> u8 {
    match byte {
        b' '..=b'~' => byte,
        _ => b'.',
    }
}
