//! What stands in front of the bytes of a line: timestamps, levels, tags, words, marks.
//!
//! [`Envelope::of`] takes known shapes off the start of one line. [`Envelope::strip_from`] takes the
//! same shapes off another line, for the lines of a request head, which look like `name: value`
//! themselves.

use super::direction::{self, Sent};
use super::timestamp;

/// The parts in front of the bytes of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Envelope<'t> {
    /// How many bytes of the line it takes.
    pub(super) length: usize,
    parts: Vec<Part<'t>>,
    /// Numbers that may count the bytes that follow (`len:31`, `7 bytes`).
    pub(super) counts: Vec<u64>,
    /// The number that the words call a number of bytes (`7 bytes`).
    pub(super) byte_count: Option<u64>,
}

/// One part of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'t> {
    Space,
    Time(&'t str),
    /// `[main]`, `(28)`.
    Tag(&'t str),
    /// A level or another word that says nothing of the bytes.
    Word(&'t str),
    /// `RX:`, `data =`: words up to a colon or an equals sign.
    Label(&'t str),
    /// A word for bytes, or for sending and receiving them.
    Data(&'t str),
    Arrow(Sent, &'t str),
    /// `//`, `#`, a quote, a prompt.
    Sign(&'t str),
}

impl<'t> Part<'t> {
    const fn text(self) -> &'t str {
        match self {
            Self::Space => " ",
            Self::Time(text)
            | Self::Tag(text)
            | Self::Word(text)
            | Self::Label(text)
            | Self::Data(text)
            | Self::Arrow(_, text)
            | Self::Sign(text) => text,
        }
    }

    /// Whether another part, of another line, is of the same shape.
    fn is_like(self, other: Part<'_>) -> bool {
        match (self, other) {
            (Self::Space, Part::Space)
            | (Self::Time(_), Part::Time(_))
            | (Self::Word(_), Part::Word(_)) => true,
            (Self::Tag(one), Part::Tag(other)) => is_same_but_numbers(one, other),
            (Self::Label(one), Part::Label(other)) | (Self::Data(one), Part::Data(other)) => {
                is_same_but_numbers(one, other)
            }
            (Self::Arrow(one, _), Part::Arrow(other, _)) => one == other,
            (Self::Sign(one), Part::Sign(other)) => one == other,
            _ => false,
        }
    }
}

/// Whether two texts differ in nothing but their digits.
fn is_same_but_numbers(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String {
        let mut letters: String = text.chars().filter(|char| !char.is_ascii_digit()).collect();
        letters.make_ascii_lowercase();
        letters
    };
    one == other || letters(one) == letters(other)
}

impl<'t> Envelope<'t> {
    /// The known shapes that a line begins with.
    pub(super) fn of(line: &'t str) -> Self {
        Self::up_to(line, line.len())
    }

    /// The known shapes in the first bytes of a line.
    pub(super) fn up_to(line: &'t str, end: usize) -> Self {
        let mut envelope = Self::default();
        while envelope.length < end
            && envelope.parts.len() < MOST_PARTS
            && let Some((part, size)) = envelope.next_part(line)
            && envelope.length + size <= end
        {
            envelope.note_counts(part);
            envelope.parts.push(part);
            envelope.length += size;
            let words = line.get(envelope.length - size..).unwrap_or_default();
            envelope.byte_count = envelope.byte_count.or_else(|| byte_count(words, size));
        }
        envelope
    }

    fn next_part(&self, line: &'t str) -> Option<(Part<'t>, usize)> {
        let rest = line.get(self.length..).filter(|rest| !rest.is_empty())?;
        let space = rest.len() - rest.trim_start().len();
        if space > 0 {
            return Some((Part::Space, space));
        }
        if let Some(size) = timestamp::length(rest) {
            return Some((Part::Time(rest.get(..size)?), size));
        }
        let is_after_time = self.parts.iter().rev().find(|part| **part != Part::Space);
        let is_after_time = matches!(is_after_time, Some(Part::Time(_)));
        if is_after_time
            && let Some(arrow) = ["->", "|", "-", ":", ","].into_iter().find(|sign| {
                rest.strip_prefix(sign)
                    .is_some_and(|after| after.starts_with(' '))
            })
        {
            // Arduino's monitor writes `17:43:13.645 -> `, which is no direction.
            return Some((Part::Sign(arrow), arrow.len()));
        }
        let has_label = self.parts.iter().any(|part| matches!(part, Part::Label(_)));
        if !has_label && let Some(size) = prompt(rest) {
            return Some((Part::Sign(rest.get(..size)?), size));
        }
        if let Some((sent, size)) = direction::of_arrow(rest) {
            return Some((Part::Arrow(sent, rest.get(..size)?), size));
        }
        if let Some(size) = tag(rest) {
            return Some((Part::Tag(rest.get(..size)?), size));
        }
        if let Some(size) = sign(rest) {
            return Some((Part::Sign(rest.get(..size)?), size));
        }
        if let Some(size) = label(rest) {
            return Some((Part::Label(rest.get(..size)?), size));
        }
        if let Some(size) = self.counted(rest) {
            return Some((Part::Data(rest.get(..size)?), size));
        }
        word(rest)
    }

    /// A number after a word that counts, or in front of `bytes`.
    fn counted(&self, rest: &str) -> Option<usize> {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let after = rest.get(digits..)?;
        let ends = after.is_empty() || after.starts_with([' ', '\t', ',', ';', ')', ':']);
        if digits == 0 || digits > 7 || !ends {
            return None;
        }
        let unit = after.trim_start_matches([' ', '\t', ')']);
        let is_unit = [
            "bytes", "byte", "octets", "B ", "B:", "Bytes", "字节", "bytes)",
        ]
        .iter()
        .any(|name| unit.starts_with(name));
        let last = self.parts.iter().rev().find(|part| **part != Part::Space);
        // In `recv 7 bytes: 81 05` the count is told already.
        let is_counted = matches!(
            last,
            Some(Part::Label(text)) if is_count_word(text)
                && !text.contains(|char: char| char.is_ascii_digit())
                && !text.to_ascii_lowercase().contains("byte")
        );
        (is_unit || is_counted).then_some(digits)
    }

    fn note_counts(&mut self, part: Part<'t>) {
        let text = match part {
            Part::Data(text) | Part::Label(text) => text,
            Part::Tag(text) if !text.contains([' ', ':', '-', '.']) => text,
            _ => return,
        };
        let numbers = text.split(|char: char| !char.is_ascii_digit());
        let numbers = numbers.filter_map(|digits| digits.parse::<u64>().ok());
        self.counts.extend(numbers.take(4));
    }

    /// Takes the parts of this envelope off another line: how many bytes they take there, or None
    /// if the line does not begin with them. Blanks at the end of the line may be missing.
    pub(super) fn strip_from(&self, line: &str) -> Option<usize> {
        let mut at = 0;
        for part in &self.parts {
            let rest = line.get(at..)?;
            if *part == Part::Space {
                at += rest.len() - rest.trim_start().len();
                continue;
            }
            let own = Envelope {
                length: at,
                ..Envelope::default()
            };
            let found = match part {
                Part::Label(text) | Part::Data(text) | Part::Sign(text) | Part::Arrow(_, text)
                    if rest.starts_with(text) =>
                {
                    Some((*part, text.len()))
                }
                Part::Word(_) => word(rest),
                _ => own.next_part(line),
            };
            let (_, size) = found.filter(|(found, _)| part.is_like(*found))?;
            at += size;
        }
        Some(at)
    }

    /// Whether two envelopes have the same shape.
    pub(super) fn is_like(&self, other: &Envelope<'_>) -> bool {
        let own = self.parts.iter().filter(|part| **part != Part::Space);
        let mut others = other.parts.iter().filter(|part| **part != Part::Space);
        own.clone().count() == others.clone().count()
            && own
                .into_iter()
                .all(|part| others.next().is_some_and(|other| part.is_like(*other)))
    }

    /// What its words and arrows say of who sent the bytes.
    pub(super) fn sent(&self) -> Option<Sent> {
        let arrow = self.parts.iter().rev().find_map(|part| match part {
            Part::Arrow(sent, _) => Some(*sent),
            _ => None,
        });
        let words: Vec<&str> = self
            .parts
            .iter()
            .filter(|part| !matches!(part, Part::Time(_) | Part::Space))
            .map(|part| part.text())
            .collect();
        direction::of_words(&words.join(" ")).or(arrow)
    }

    /// The timestamp, as it is written.
    pub(super) fn time(&self) -> Option<&'t str> {
        self.parts.iter().find_map(|part| match part {
            Part::Time(text) => Some(*text),
            _ => None,
        })
    }

    /// Whether it has nothing but blanks.
    pub(super) fn is_blank(&self) -> bool {
        self.parts.iter().all(|part| *part == Part::Space)
    }

    /// Whether a word or an arrow says that bytes follow.
    pub(super) fn names_data(&self) -> bool {
        self.parts.iter().any(|part| match part {
            Part::Data(_) | Part::Arrow(..) => true,
            Part::Label(text) => names_data(text),
            Part::Tag(text) => direction::of_words(text).is_some_and(Sent::is_relative),
            _ => false,
        })
    }

    /// Whether it is nothing but a prompt, a name with an equals sign, or one arrow.
    pub(super) fn is_of_a_shell(&self) -> bool {
        let parts = self.parts.iter().filter(|part| **part != Part::Space);
        let is_plain = |part: &Part<'_>| match part {
            Part::Sign(_) | Part::Arrow(..) => true,
            Part::Label(text) => text.ends_with('='),
            _ => false,
        };
        parts.clone().all(is_plain)
    }
}

/// The number of bytes that the first `size` bytes of a text say: `recv 7 bytes:`.
fn byte_count(text: &str, size: usize) -> Option<u64> {
    let part = text.get(..size)?;
    let start = part.find(|char: char| char.is_ascii_digit())?;
    let digits = text.get(start..)?;
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let unit = digits.get(length..)?.trim_start();
    let is_unit = ["bytes", "Bytes", "byte ", "字节"];
    let is_unit = is_unit.iter().any(|name| unit.starts_with(name));
    let count = digits.get(..length)?.parse().ok()?;
    is_unit.then_some(count)
}

/// More parts than any line has; a line of thousands of brackets is not taken apart.
const MOST_PARTS: usize = 64;

/// The length of a prompt of a shell or an interpreter.
fn prompt(text: &str) -> Option<usize> {
    let fixed = [">>> ", "... ", "$ ", "% ", "# ", "PS> ", "=> "];
    if let Some(prompt) = fixed.iter().find(|prompt| text.starts_with(**prompt)) {
        return Some(prompt.len());
    }
    let inside = text
        .strip_prefix("In [")
        .or_else(|| text.strip_prefix("Out["))?;
    let digits = inside.bytes().take_while(u8::is_ascii_digit).count();
    inside
        .get(digits..)?
        .starts_with("]: ")
        .then_some(4 + digits + 3)
}

/// The length of a group in brackets that is a tag and no bytes: `[main]`, `(28)`, `<logger>`.
fn tag(text: &str) -> Option<usize> {
    let close = match text.as_bytes().first()? {
        b'[' => ']',
        b'(' => ')',
        b'<' => '>',
        b'{' => '}',
        _ => return None,
    };
    let end = text
        .get(..text.len().min(LONGEST_TAG))
        .unwrap_or(text)
        .find(close)?;
    let inside = text.get(1..end)?;
    let after = text.get(end + 1..)?.trim_start();
    let is_angle = close == '>';
    let has_letter = inside
        .chars()
        .any(|char| char.is_alphabetic() && !char.is_ascii_hexdigit());
    let is_named = !is_angle || (has_letter && !inside.starts_with("Buffer"));
    let is_cast = close == ')'
        && CASTS.contains(&inside)
        && after.starts_with(|char: char| char.is_ascii_digit() || char == '-');
    let is_tag = is_named
        && !is_cast
        && !is_bytes(inside)
        && !inside.contains("0x")
        && !after.is_empty()
        && !inside.contains(['\'', '"', '\\', '{', '[']) | is_address(inside);
    is_tag.then_some(end + 1)
}

const CASTS: &[&str] = &["byte", "sbyte", "char", "unsigned char", "uint8_t", "u8"];

/// No tag of a log is as long.
const LONGEST_TAG: usize = 120;

/// `'127.0.0.1', 51034`, as Python prints an address.
fn is_address(inside: &str) -> bool {
    let Some((host, port)) = inside.rsplit_once(',') else {
        return false;
    };
    host.trim_matches(['\'', '"'])
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".:-".contains(&byte))
        && port.trim().bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether what stands in brackets is a list of bytes: several numbers.
fn is_bytes(inside: &str) -> bool {
    let mut items = inside
        .split([',', ' '])
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .peekable();
    let is_number = |item: &str| {
        let digits = item
            .strip_prefix("0x")
            .or(item.strip_prefix('-'))
            .unwrap_or(item);
        digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
            || digits.len() == 8 && digits.bytes().all(|byte| matches!(byte, b'0' | b'1'))
    };
    let is_one = inside.trim().bytes().all(|byte| byte.is_ascii_digit());
    let is_time = timestamp::length(inside.trim()).is_some();
    !is_one && !is_time && items.peek().is_some() && items.all(is_number)
}

/// The length of a sign that opens a comment, a quotation or a list item.
fn sign(text: &str) -> Option<usize> {
    let comments = ["//", "/*", "--", "\"\"\"", "'''", "```", "|", "•", "…"];
    if let Some(sign) = comments.iter().find(|sign| text.starts_with(**sign)) {
        return Some(sign.len());
    }
    let (first, after) = (text.chars().next()?, text.get(1..)?);
    let is_list_sign = matches!(first, '#' | '*' | '-' | '+' | ';' | '%' | '=' | ':' | ',');
    (is_list_sign && (after.is_empty() || after.starts_with([' ', '\t']))).then_some(1)
}

/// The length of words up to a colon or an equals sign: `RX:`, `let bytes: &[u8] =`.
fn label(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if !first.is_alphabetic() && first != '_' && first != '.' && first != '$' {
        return None;
    }
    let is_stop = |char: char| matches!(char, '\'' | '"' | '\\' | '{' | '\n' | '`');
    let head = text.get(..text.len().min(LONGEST_TAG)).unwrap_or_else(|| {
        let mut end = LONGEST_TAG;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.get(..end).unwrap_or_default()
    });
    let stop = head.find(is_stop).unwrap_or(head.len());
    let head = head.get(..stop)?;
    declaration(text, head).or_else(|| colon(text, head))
}

/// `unsigned char bytes[7] = `.
fn declaration(text: &str, head: &str) -> Option<usize> {
    let at = head.find('=')?;
    let before = head.get(..at)?;
    let after = text.get(at + 1..)?;
    let is_word = |char: char| char.is_alphanumeric() || "_ \t*&:<>[].,;-()".contains(char);
    let is_other = after.starts_with(['=', '>']) || before.ends_with(['=', '!', '<']);
    let is_right = before.chars().all(is_word) && has_no_bytes(before) && !is_other;
    is_right.then_some(at + 1)
}

fn colon(text: &str, head: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + head.get(from..)?.find([':', '：'])?;
        let width = if head.get(at..)?.starts_with('：') {
            '：'.len_utf8()
        } else {
            1
        };
        let after = text.get(at + width..)?;
        if after.starts_with(':') {
            from = at + 2;
            continue;
        }
        let before = head.get(..at)?;
        let is_word = |char: char| char.is_alphanumeric() || "_ -./:<>#@()[]$*,".contains(char);
        let is_followed = width > 1
            || after.is_empty()
            || after.starts_with([' ', '\t', '\'', '"', '[', '<', '{', '\\', 'b'])
            || is_count_word(before)
            || names_data(before);
        let is_right = before.chars().all(is_word)
            && has_no_bytes(before)
            && is_followed
            && !after.starts_with("//");
        return is_right.then_some(at + width);
    }
}

/// Whether words are words: with a letter that no hexadecimal has, and without bytes among them,
/// which must not be skipped.
fn has_no_bytes(words: &str) -> bool {
    const LONG: usize = 8;
    let is_hexadecimal = |word: &str| word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_byte = |word: &&str| {
        let word = word.trim_matches(|char: char| "[](){};$%#h".contains(char));
        let is_short = word.len() == 2 || word.len() == 3 && word.parse::<u8>().is_ok();
        is_short && is_hexadecimal(word) || word.contains("0x")
    };
    let is_run = |word: &str| word.len() >= LONG && is_hexadecimal(word);
    let is_letter = |char: char| char.is_alphabetic() && !char.is_ascii_hexdigit();
    let is_known = || names_data(words) || is_count_word(words);
    let parts = || words.split(|char: char| char.is_whitespace() || ":,-|".contains(char));
    parts().filter(is_byte).count() < 3
        && !begins_list(words)
        && !words.split_whitespace().any(is_run)
        && (words.contains(is_letter) || is_known())
}

/// Whether a list of numbers begins in words: `recv: <<130,3,0,0,0>> len`.
fn begins_list(words: &str) -> bool {
    let mut inner = words.split(['[', '<', '{']).skip(1);
    inner.any(|inside| {
        let after = inside.trim_start_matches(|char: char| char.is_ascii_digit());
        after.len() < inside.len() && after.starts_with(',')
    })
}

fn is_count_word(words: &str) -> bool {
    let words = words.trim_end_matches([':', '=', ' ', '(']);
    let last = words
        .rsplit(|char: char| !char.is_alphabetic())
        .next()
        .unwrap_or_default();
    ["len", "length", "size", "count", "bytes", "nbytes", "长度"]
        .iter()
        .any(|word| last.eq_ignore_ascii_case(word))
        || last == "n"
}

/// Words for bytes.
const DATA: &[&str] = &[
    "data", "payload", "bytes", "byte", "frame", "frames", "hex", "raw", "packet", "pkt",
    "message", "msg", "buf", "buffer", "content", "body", "bytes", "dump", "stream", "chunk",
    "binary", "hexdump", "数据", "消息", "字节",
];

/// Whether words say that bytes follow.
fn names_data(words: &str) -> bool {
    let is_data = |word: &str| {
        let word = word.to_ascii_lowercase();
        DATA.contains(&word.as_str())
    };
    words
        .split(|char: char| !char.is_alphanumeric())
        .any(is_data)
        || direction::of_words(words).is_some_and(Sent::is_relative)
}

/// A single word of a log: a level, a word for data or a direction, an address.
fn word(text: &str) -> Option<(Part<'_>, usize)> {
    let size = text
        .find(|char: char| {
            char.is_whitespace() || matches!(char, '\'' | '"' | '\\' | '[' | '{' | '<' | '(')
        })
        .unwrap_or(text.len());
    let word = text.get(..size)?;
    let piped = word
        .split('|')
        .next()
        .filter(|piped| piped.len() < word.len());
    let is_letter = |char: char| char.is_alphabetic() && !char.is_ascii_hexdigit();
    if let Some(piped) = piped.filter(|piped| piped.contains(is_letter)) {
        return Some((Part::Word(piped), piped.len() + 1));
    }
    if is_level_before_time(text) {
        return Some((Part::Word(word), size));
    }
    let name = word.trim_end_matches([':', ',', ';', '|', '.']);
    let level = name.split('/').next().unwrap_or_default();
    let is_level = LEVELS.iter().any(|known| level.eq_ignore_ascii_case(known))
        || (word.len() == 2
            && word.ends_with(':')
            && level.chars().all(|char| char.is_ascii_uppercase()))
        || (level.len() == 1 && name.len() > 2 && name.contains('/'));
    let is_followed = size < text.len();
    if is_level && is_followed {
        return Some((Part::Word(word), size));
    }
    if is_host(name) && is_followed {
        return Some((Part::Word(word), size));
    }
    let is_word = !name.is_empty()
        && name
            .chars()
            .all(|char| char.is_alphabetic() || matches!(char, '_' | '-'));
    let is_glue = [
        "from", "to", "of", "with", "on", "the", "a", "as", "by", "for",
    ]
    .contains(&name.to_ascii_lowercase().as_str());
    (is_word && is_followed && (names_data(name) || is_glue)).then_some((Part::Data(word), size))
}

/// A letter in front of a timestamp: `D 11-26 14:24:08.123`.
fn is_level_before_time(text: &str) -> bool {
    let time = text
        .strip_prefix(|char: char| char.is_ascii_uppercase())
        .and_then(|rest| rest.strip_prefix([' ', ',']));
    time.is_some_and(|time| timestamp::length(time.trim_start()).is_some())
}

const LEVELS: &[&str] = &[
    "trace", "debug", "info", "notice", "warn", "warning", "error", "err", "fatal", "critical",
    "verbose", "dbg", "inf", "wrn", "crit", "finest", "finer", "fine", "severe", "silly",
];

/// `127.0.0.1:51034`, `localhost:9527`.
fn is_host(word: &str) -> bool {
    let (host, port) = word.rsplit_once(':').unwrap_or((word, "0"));
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_ip =
        host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok());
    let is_name = host == "localhost" && port != "0";
    is_port && (is_ip || is_name)
}
