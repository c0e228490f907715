//! One row of a dump: an offset, bytes and their characters.

use crate::input::paste::direction::Sent;
use crate::input::paste::envelope::Envelope;

/// A row of a dump.
pub(super) struct Row<'t> {
    pub(super) offset: u64,
    /// Whether a dump may begin with this offset though it is not 0.
    pub(super) is_address: bool,
    pub(super) bytes: Vec<u8>,
    /// Two blanks or more stand between the offset and the bytes.
    pub(super) has_gap: bool,
    /// The column of characters is there, and they are those of the bytes.
    pub(super) has_characters: bool,
    /// The width of the blanks before the offset, if nothing else stands there.
    pub(super) indent: usize,
    pub(super) sent: Option<Sent>,
    pub(super) time: Option<&'t str>,
}

impl<'t> Row<'t> {
    pub(super) fn parse(line: &'t str, groups: Groups) -> Option<Self> {
        let (envelope, offset) = Offset::find(line)?;
        let other = match groups {
            Groups::Bytes => None,
            Groups::Words | Groups::Binary => groups.read(offset.rest),
        };
        let (bytes, has_characters) = if let Some(bytes) = other {
            (bytes, true)
        } else {
            let (bytes, column) = bytes_and_column(offset.rest.trim_start());
            let has_characters = is_column_of(column, &bytes);
            (bytes, has_characters)
        };
        let indent = if envelope.is_blank() {
            envelope.length
        } else {
            0
        };
        (!bytes.is_empty()).then_some(Self {
            offset: offset.value,
            has_gap: offset.rest.starts_with("  "),
            is_address: offset.is_address,
            has_characters,
            indent,
            sent: envelope.sent(),
            time: envelope.time(),
            bytes,
        })
    }
}

impl Row<'_> {
    /// Whether a dump may begin with this row.
    pub(super) const fn may_begin(&self) -> bool {
        self.offset == 0 || self.is_address
    }

    /// The offset after it.
    pub(super) const fn end(&self) -> u64 {
        self.offset.saturating_add(self.bytes.len() as u64)
    }
}

/// The offset of a row.
struct Offset<'t> {
    value: u64,
    /// It may be the address of the bytes in memory, so that a dump begins with any.
    is_address: bool,
    rest: &'t str,
}

impl<'t> Offset<'t> {
    /// The offset of a line, and the text before it.
    fn find(line: &'t str) -> Option<(Envelope<'t>, Self)> {
        let envelope = Envelope::of(line);
        let offset = Self::parse(line.get(envelope.length..)?)?;
        Some((envelope, offset))
    }

    /// `00000010`, `0x0010:`, `|00000010|`, `0x7fffffffe0a0:`, `0x7fffffffe0a0 <buf+8>:`.
    fn parse(text: &'t str) -> Option<Self> {
        const LEAST_OF_ADDRESS: usize = 6;
        let (has_radix, digits) = match text.strip_prefix("0x") {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let size = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
        let after = digits.get(size..)?;
        let after = symbol(after).unwrap_or(after);
        let colon = after
            .strip_prefix(':')
            .or_else(|| after.strip_prefix(" : "));
        let is_address =
            has_radix && size >= LEAST_OF_ADDRESS && colon.is_some() || after.starts_with(" : ");
        let most = if is_address { 16 } else { 8 };
        let rest = colon.or_else(|| after.strip_prefix('|')).unwrap_or(after);
        if !(4..=most).contains(&size)
            || !after.starts_with(" : ") && !rest.starts_with([' ', '\t'])
            || colon.is_none() && is_binary(text)
        {
            return None;
        }
        Some(Self {
            value: u64::from_str_radix(digits.get(..size)?, 16).ok()?,
            is_address,
            rest,
        })
    }
}

/// Whether a line begins with groups of eight binary digits, of which the first is no offset.
fn is_binary(line: &str) -> bool {
    let is_group =
        |word: &&str| word.len() == 8 && word.bytes().all(|digit| matches!(digit, b'0' | b'1'));
    line.split_whitespace().take(3).filter(is_group).count() == 3
}

/// What follows the symbol that gdb prints after an address: ` <buf+8>`.
fn symbol(text: &str) -> Option<&str> {
    let (symbol, rest) = text.strip_prefix(" <")?.split_once('>')?;
    (!symbol.contains(' ') && rest.starts_with(':')).then_some(rest)
}

/// What the groups of digits in the rows of a dump are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Groups {
    /// Bytes in hexadecimal, in their order.
    #[default]
    Bytes,
    /// Words in the byte order of a little-endian machine (`xxd -e`).
    Words,
    /// Bytes in binary (`xxd -b`).
    Binary,
}

impl Groups {
    /// The groups of the rows at the start of a text. Characters of dots alone tell nothing.
    pub(super) fn of(text: &str) -> Self {
        const MOST_LINES: usize = 64;
        let offsets = text.lines().take(MOST_LINES);
        let offsets = offsets.filter_map(|line| Some(Offset::find(line)?.1));
        let mut groups = offsets.filter_map(|offset| {
            let (bytes, column) = bytes_and_column(offset.rest.trim_start());
            if is_column_of(column, &bytes) {
                return column
                    .contains(|char| !matches!(char, '.' | ' '))
                    .then_some(Self::Bytes);
            }
            let mut others = [Self::Words, Self::Binary].into_iter();
            others.find(|groups| groups.read(offset.rest).is_some())
        });
        groups.next().unwrap_or(Self::Bytes)
    }

    /// The bytes of groups, if the characters after them are theirs.
    fn read(self, text: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut rest = text.trim_start();
        loop {
            let size = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
            let (group, after) = rest.split_at(size);
            if size < 2 || !after.starts_with(' ') || bytes.len() >= MOST_IN_ROW {
                return None;
            }
            match self {
                Self::Binary => bytes.push(u8::from_str_radix(group, 2).ok()?),
                Self::Words => {
                    let start = bytes.len();
                    push_pairs(group, &mut bytes)?;
                    bytes.get_mut(start..)?.reverse();
                }
                Self::Bytes => push_pairs(group, &mut bytes)?,
            }
            rest = after.trim_start();
            if is_column_of(rest, &bytes) {
                return Some(bytes);
            }
        }
    }
}

/// No tool prints more bytes in a row.
const MOST_IN_ROW: usize = 32;

/// The bytes of groups of hexadecimal digits, and the column of characters after them.
pub(in crate::input::paste) fn bytes_and_column(text: &str) -> (Vec<u8>, &str) {
    let mut bytes = Vec::new();
    let mut rest = text;
    loop {
        // gdb prints `0x81`.
        let digits = rest.strip_prefix("0x").unwrap_or(rest);
        let size = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
        let (word, after) = digits.split_at(size);
        // .NET prints a dash after the eighth byte.
        let has_dash = after.starts_with('-') && bytes.len() == 7;
        let after = if has_dash {
            after.get(1..).unwrap_or_default()
        } else {
            after
        };
        let ends = has_dash || after.is_empty() || after.starts_with([' ', '\t']);
        let is_group = ends && size >= 2 && size % 2 == 0 && bytes.len() < MOST_IN_ROW;
        // Digits among the characters are no bytes.
        if !is_group || is_column_of(rest, &bytes) || push_pairs(word, &mut bytes).is_none() {
            return (bytes, rest);
        }
        rest = after.trim_start();
        let gap = after.len() - rest.len();
        if gap > 4 || gap > 1 && !rest.starts_with(|char: char| char.is_ascii_hexdigit()) {
            return (bytes, rest);
        }
    }
}

/// Whether a text is the characters of these bytes, with blanks or a bar around them. tcpdump prints
/// a dot for a blank.
pub(in crate::input::paste) fn is_column_of(text: &str, bytes: &[u8]) -> bool {
    let text = text.trim();
    // `hexdump -C`, and `od -t x1z`.
    let inside = match (text.strip_prefix('|'), text.strip_prefix('>')) {
        (Some(inside), _) => inside.strip_suffix('|').unwrap_or(inside),
        (None, Some(inside)) => inside.strip_suffix('<').unwrap_or(text),
        (None, None) => text,
    };
    // .NET and `nc -o` print a sign between the bytes and their characters.
    let after_sign = text.strip_prefix([':', '#']).unwrap_or(text);
    let columns = [text, inside, after_sign].map(|column| column.bytes().filter(|it| *it != b' '));
    let shown = bytes.iter().map(|byte| shown(*byte));
    let without_blanks = shown.clone().filter(|char| *char != b' ');
    let with_dots = shown.map(|char| if char == b' ' { b'.' } else { char });
    let is_empty = columns.iter().any(|column| column.clone().next().is_none());
    !is_empty
        && columns
            .into_iter()
            .any(|column| column.clone().eq(without_blanks.clone()) || column.eq(with_dots.clone()))
}

/// Appends the bytes of pairs of hexadecimal digits. None if one has no partner.
fn push_pairs(digits: &str, bytes: &mut Vec<u8>) -> Option<()> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    for [high, low] in pairs {
        let byte = 16 * value(*high)? + value(*low)?;
        bytes.push(u8::try_from(byte).ok()?);
    }
    rest.is_empty().then_some(())
}

const fn shown(byte: u8) -> u8 {
    match byte {
        b' '..=b'~' => byte,
        _ => b'.',
    }
}
