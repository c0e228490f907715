//! How the lines of a head can be wrong.

use std::ops::Range;

use super::{HeadLine, HeadLines, LineEnd, LineEnds, LineKind, is_space, minor_version};
use crate::ws::Reference;

/// A line, or several, that HTTP/1.1 does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineError {
    /// What is wrong.
    pub breach: HeaderLineError,
    /// The line, counted from 1; of several, the first.
    pub line: usize,
    /// Where in the head the bytes in question begin.
    pub offset: usize,
    /// How many they are.
    pub length: usize,
}

/// How a line of a head can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderLineError {
    /// So many lines end in LF without CR, and so many as they should.
    BareLf {
        /// Lines that end in LF alone.
        bare: usize,
        /// Lines that end in CR LF.
        right: usize,
    },
    /// "No whitespace is allowed between the field name and colon" (RFC 9112 §5.1).
    SpaceBeforeColon,
    /// "A sender MUST NOT generate a message that includes line folding" (RFC 9112 §5.2).
    Folded,
    /// It has no colon, or its name is no token (RFC 9112 §5).
    NotAHeader,
    /// A control character in a value (RFC 9110 §5.5); which.
    Control(u8),
    /// More or less than the words that a first line is made of, a space between them
    /// (RFC 9112 §3, §4).
    FirstLine,
    /// No HTTP/1.x at its place in the first line.
    Version,
    /// The bytes end before the blank line (RFC 9112 §2.1).
    NoBlankLine,
}

impl HeaderLineError {
    /// Where the rule is written down.
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
    /// Every way in which these lines are not as HTTP/1.1 wants them.
    pub fn faults(&self, ends: LineEnds) -> Vec<LineError> {
        let mut faults: Vec<LineError> = self.lines.iter().filter_map(HeadLine::fault).collect();
        faults.extend(self.bare_lf(ends));
        faults.sort_by_key(|fault| fault.line);
        if !self.has_blank_line && (ends == LineEnds::OnTheWire || !self.are_lf_only()) {
            let line = self.lines.len();
            let breach = HeaderLineError::NoBlankLine;
            faults.push(LineError {
                breach,
                line,
                offset: self.size,
                length: 0,
            });
        }
        faults
    }

    fn bare_lf(&self, ends: LineEnds) -> Option<LineError> {
        let count = |end| self.lines.iter().filter(|line| line.end == end).count();
        let (bare, right) = (count(LineEnd::Lf), count(LineEnd::CrLf));
        if bare == 0 || (right == 0 && ends == LineEnds::AsPasted) {
            return None;
        }
        let line = self.lines.iter().find(|line| line.end == LineEnd::Lf)?;
        let offset = line.start + line.bytes.len();
        Some(LineError {
            breach: HeaderLineError::BareLf { bare, right },
            line: line.number,
            offset,
            length: 1,
        })
    }
}

impl HeadLine {
    /// What is wrong with this line by itself, but for its end.
    fn fault(&self) -> Option<LineError> {
        let (breach, range) = match &self.kind {
            LineKind::First => first_line_fault(&self.bytes)?,
            LineKind::Folded => (HeaderLineError::Folded, 0..self.bytes.len()),
            LineKind::Other => (HeaderLineError::NotAHeader, 0..self.bytes.len()),
            LineKind::Header { name, value } => {
                let behind = self.bytes.get(name.end..).unwrap_or_default();
                let space = behind.iter().take_while(|byte| is_space(**byte)).count();
                if space > 0 {
                    (
                        HeaderLineError::SpaceBeforeColon,
                        name.end..name.end + space,
                    )
                } else {
                    let (at, byte) = control_in(self.bytes.get(value.clone())?)?;
                    let at = value.start + at;
                    (HeaderLineError::Control(byte), at..at + 1)
                }
            }
        };
        Some(LineError {
            breach,
            line: self.number,
            offset: self.start + range.start,
            length: range.len(),
        })
    }
}

/// What is wrong with a request line or a status line, and where.
fn first_line_fault(line: &[u8]) -> Option<(HeaderLineError, Range<usize>)> {
    let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    let is_response = line.starts_with(b"HTTP/");
    let (version, start) = if is_response {
        (words.first()?, 0)
    } else {
        let version = words.last()?;
        (version, line.len() - version.len())
    };
    let version_text = String::from_utf8_lossy(version);
    if minor_version(&version_text).is_none() && version.starts_with(b"HTTP/") {
        return Some((HeaderLineError::Version, start..start + version.len()));
    }
    let is_right = if is_response {
        words.get(1).is_some_and(|status| status.len() == 3)
    } else {
        words.len() == 3 && words.iter().all(|word| !word.is_empty())
    };
    (!is_right).then_some((HeaderLineError::FirstLine, 0..line.len()))
}

/// The first byte that a value must not have: controls but for the tab.
fn control_in(value: &[u8]) -> Option<(usize, u8)> {
    let is_control = |byte: u8| byte.is_ascii_control() && byte != b'\t';
    let at = value.iter().position(|byte| is_control(*byte))?;
    Some((at, *value.get(at)?))
}
