//! The rules of HTTP/1.1 for the lines of a head.

use std::ops::Range;

use super::{HeadLine, HeadLines, LineEnd, LineEnds, LineKind, StartLine, is_space, minor_version};
use crate::ws::Reference;

/// A line, or several, that HTTP/1.1 does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineError {
    /// What is wrong.
    pub kind: HeaderLineError,
    /// The number of the line, from 1. Of several lines, the first.
    pub line: usize,
    /// The offset of the wrong bytes in the head.
    pub offset: usize,
    /// The number of wrong bytes.
    pub length: usize,
}

/// What can be wrong with a line of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderLineError {
    /// Lines end in LF without CR (RFC 9112 section 2.2).
    BareLf {
        /// The number of lines that end in LF alone.
        bare: usize,
        /// The number of lines that end in CR LF.
        right: usize,
    },
    /// "No whitespace is allowed between the field name and colon" (RFC 9112 section 5.1).
    SpaceBeforeColon,
    /// "A sender MUST NOT generate a message that includes line folding" (RFC 9112
    /// section 5.2).
    Folded,
    /// The line has no colon, or its name is not a token (RFC 9112 section 5).
    NotAHeader,
    /// This control character is in a value (RFC 9110 section 5.5).
    Control(u8),
    /// The start line does not consist of its words with one space between them (RFC 9112
    /// sections 3 and 4).
    FirstLine,
    /// The start line has another version than HTTP/1.x.
    Version,
    /// The bytes end before the empty line (RFC 9112 section 2.1).
    NoBlankLine,
}

impl HeaderLineError {
    /// The section of the rule.
    pub const fn reference(self) -> Reference {
        let (rfc, section) = match self {
            Self::BareLf { .. } => (9112, "2.2"),
            Self::SpaceBeforeColon => (9112, "5.1"),
            Self::Folded => (9112, "5.2"),
            Self::NotAHeader => (9112, "5"),
            Self::Control(_) => (9110, "5.5"),
            Self::FirstLine => (9112, "3"),
            Self::Version => (6455, "4.1"),
            Self::NoBlankLine => (9112, "2.1"),
        };
        Reference { rfc, section }
    }
}

impl HeadLines {
    /// Everything in these lines that HTTP/1.1 does not allow, in the order of the lines.
    pub fn errors(&self, ends: LineEnds) -> Vec<LineError> {
        let mut errors: Vec<LineError> = self.lines.iter().filter_map(HeadLine::error).collect();
        errors.extend(self.bare_lf(ends));
        errors.sort_by_key(|error| error.line);
        if !self.has_blank_line && (ends == LineEnds::OnTheWire || !self.are_lf_only()) {
            errors.push(LineError {
                kind: HeaderLineError::NoBlankLine,
                line: self.lines.len(),
                offset: self.size,
                length: 0,
            });
        }
        errors
    }

    fn bare_lf(&self, ends: LineEnds) -> Option<LineError> {
        let count = |end| self.lines.iter().filter(|line| line.end == end).count();
        let (bare, right) = (count(LineEnd::Lf), count(LineEnd::CrLf));
        if bare == 0 || (right == 0 && ends == LineEnds::AsPasted) {
            return None;
        }
        let line = self.lines.iter().find(|line| line.end == LineEnd::Lf)?;
        Some(LineError {
            kind: HeaderLineError::BareLf { bare, right },
            line: line.number,
            offset: line.start + line.bytes.len(),
            length: 1,
        })
    }
}

impl HeadLine {
    /// What is wrong with this line alone, its end aside.
    fn error(&self) -> Option<LineError> {
        let whole = 0..self.bytes.len();
        let (kind, range) = match &self.kind {
            LineKind::First => start_line_error(&self.bytes)?,
            LineKind::Folded => (HeaderLineError::Folded, whole),
            LineKind::Other => (HeaderLineError::NotAHeader, whole),
            LineKind::Header { name, value } => self.header_error(name.end, value)?,
        };
        Some(LineError {
            kind,
            line: self.number,
            offset: self.start + range.start,
            length: range.len(),
        })
    }

    fn header_error(
        &self,
        name_end: usize,
        value: &Range<usize>,
    ) -> Option<(HeaderLineError, Range<usize>)> {
        let after_name = self.bytes.get(name_end..)?;
        let spaces = after_name
            .iter()
            .take_while(|byte| is_space(**byte))
            .count();
        if spaces > 0 {
            let range = name_end..name_end + spaces;
            return Some((HeaderLineError::SpaceBeforeColon, range));
        }
        let (at, control) = control_in(self.bytes.get(value.clone())?)?;
        let at = value.start + at;
        Some((HeaderLineError::Control(control), at..at + 1))
    }
}

/// What is wrong with a request line or a status line, and at which bytes.
fn start_line_error(line: &[u8]) -> Option<(HeaderLineError, Range<usize>)> {
    let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    let parsed = StartLine::parse(line);
    if let Some(version) = parsed.map(|line| line.version())
        && minor_version(version).is_none()
    {
        let end = line.trim_ascii_end().len();
        let range = match words.first() {
            _ if version.is_empty() => 0..line.len(),
            Some(first) if *first == version => 0..version.len(),
            _ => end.saturating_sub(version.len())..end,
        };
        return Some((HeaderLineError::Version, range));
    }
    let is_right = match parsed {
        Some(StartLine::Status { .. }) => words.get(1).is_some_and(|status| status.len() == 3),
        _ => words.len() == 3 && words.iter().all(|word| !word.is_empty()),
    };
    (!is_right).then_some((HeaderLineError::FirstLine, 0..line.len()))
}

/// The position of the first control character in a value, and the character. A tab is allowed.
fn control_in(value: &[u8]) -> Option<(usize, u8)> {
    let is_control = |byte: u8| byte.is_ascii_control() && byte != b'\t';
    let at = value.iter().position(|byte| is_control(*byte))?;
    Some((at, *value.get(at)?))
}
