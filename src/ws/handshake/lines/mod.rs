//! The lines of a head as they stand on the wire, which a parser must not be lenient with.
//!
//! [`RequestHead::parse`] serves a peer: it takes a bare LF for a line's end and stops at
//! the first header that is none. [`HeadLines`] reads any head whatever, remembers where
//! each line stood, and tells apart what a lenient parser makes equal.

mod breach;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::head::{Header, RequestHead, ResponseHead};
pub use breach::{HeaderLineError, LineError};

/// The lines of one head, from its first to the blank one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadLines {
    lines: Vec<HeadLine>,
    has_blank_line: bool,
    size: usize,
}

/// A line of a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadLine {
    /// Its number in the head, counted from 1.
    pub number: usize,
    /// Where it begins in the head.
    pub start: usize,
    /// Its bytes, without its end.
    pub bytes: Vec<u8>,
    /// How it ends.
    pub end: LineEnd,
    /// What it is.
    pub kind: LineKind,
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// CR LF, as it should be.
    CrLf,
    /// LF alone.
    Lf,
    /// The bytes end first.
    Nothing,
}

/// What a line of a head is; ranges are bytes of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// The request line or the status line.
    First,
    /// A header.
    Header {
        /// Its name, without white space behind it.
        name: Range<usize>,
        /// Its value, without the white space around it.
        value: Range<usize>,
    },
    /// The value of the header above goes on.
    Folded,
    /// Neither.
    Other,
}

/// How the bytes of a head came here, which decides what their line ends prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnds {
    /// Through an editor, a terminal or a clipboard, any of which may have taken every CR
    /// away, and the blank line at the end: LF alone proves nothing, a mixture does.
    AsPasted,
    /// Exactly as a peer sent them.
    OnTheWire,
}

impl HeadLines {
    /// Reads the lines up to the first blank one, or to the end of the bytes.
    pub fn read(bytes: &[u8]) -> Self {
        let mut lines: Vec<HeadLine> = Vec::new();
        let mut start = 0;
        loop {
            let rest = bytes.get(start..).unwrap_or_default();
            let (line, end, size) = next_line(rest);
            if line.is_empty() && (end != LineEnd::Nothing || rest.is_empty()) {
                return Self {
                    lines,
                    has_blank_line: end != LineEnd::Nothing,
                    size: start + size,
                };
            }
            let kind = match lines.last() {
                None => LineKind::First,
                Some(_) => kind_of(line, lines.len() > 1),
            };
            lines.push(HeadLine {
                number: lines.len() + 1,
                start,
                bytes: line.to_vec(),
                end,
                kind,
            });
            start += size;
        }
    }

    /// The lines, without the blank one.
    pub fn lines(&self) -> &[HeadLine] {
        &self.lines
    }

    /// The line of this number.
    pub fn line(&self, number: usize) -> Option<&HeadLine> {
        self.lines.get(number.checked_sub(1)?)
    }

    /// How many bytes the head takes, with its blank line.
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Whether the head ends in a blank line.
    pub const fn has_blank_line(&self) -> bool {
        self.has_blank_line
    }

    /// Whether every line ends in LF alone, as texts do.
    pub fn are_lf_only(&self) -> bool {
        let mut ended = self
            .lines
            .iter()
            .filter(|line| line.end != LineEnd::Nothing);
        ended.all(|line| line.end == LineEnd::Lf)
    }

    /// The lines of all headers of this name, whatever its case.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = &HeadLine> {
        let is_named = move |line: &&HeadLine| {
            line.name()
                .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        };
        self.lines.iter().filter(is_named)
    }

    /// What these lines say, if they are a request's.
    pub fn request(&self) -> Option<RequestHead> {
        let line = self.first_line()?;
        let (rest, version) = line.trim().rsplit_once(' ')?;
        if !version.starts_with("HTTP/") {
            return None;
        }
        let (method, target) = rest.trim().split_once(' ')?;
        Some(RequestHead {
            method: method.to_owned(),
            target: target.trim().to_owned(),
            minor_version: minor_version(version).unwrap_or(1),
            headers: self.values(),
        })
    }

    /// What these lines say, if they are a response's.
    pub fn response(&self) -> Option<ResponseHead> {
        let line = self.first_line()?;
        let (version, rest) = line.trim().split_once(' ')?;
        if !version.starts_with("HTTP/") {
            return None;
        }
        let (status, reason) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
        Some(ResponseHead {
            minor_version: minor_version(version).unwrap_or(1),
            status: status.parse().ok().filter(|status| *status < 1000)?,
            reason: reason.trim().to_owned(),
            headers: self.values(),
        })
    }

    fn first_line(&self) -> Option<String> {
        let line = self.lines.first()?;
        Some(String::from_utf8_lossy(&line.bytes).into_owned())
    }

    /// The headers, the lines of folded ones joined by a space.
    fn values(&self) -> Vec<Header> {
        let mut headers: Vec<Header> = Vec::new();
        for line in &self.lines {
            match &line.kind {
                LineKind::Header { .. } => {
                    let name = String::from_utf8_lossy(line.name().unwrap_or_default());
                    headers.push(Header::new(&name, line.value().unwrap_or_default()));
                }
                LineKind::Folded => {
                    if let Some(header) = headers.last_mut() {
                        header.value.push(b' ');
                        header.value.extend_from_slice(line.bytes.trim_ascii());
                    }
                }
                LineKind::First | LineKind::Other => {}
            }
        }
        headers
    }
}

impl HeadLine {
    /// The name, if it is a header.
    pub fn name(&self) -> Option<&[u8]> {
        match &self.kind {
            LineKind::Header { name, .. } => self.bytes.get(name.clone()),
            _ => None,
        }
    }

    /// The value, if it is a header.
    pub fn value(&self) -> Option<&[u8]> {
        match &self.kind {
            LineKind::Header { value, .. } => self.bytes.get(value.clone()),
            _ => None,
        }
    }
}

/// A line, how it ends, and how many bytes that takes.
fn next_line(bytes: &[u8]) -> (&[u8], LineEnd, usize) {
    let Some(at) = bytes.iter().position(|byte| *byte == b'\n') else {
        return (bytes, LineEnd::Nothing, bytes.len());
    };
    let line = bytes.get(..at).unwrap_or_default();
    match line.strip_suffix(b"\r") {
        Some(line) => (line, LineEnd::CrLf, at + 1),
        None => (line, LineEnd::Lf, at + 1),
    }
}

/// What a line below the first is.
fn kind_of(line: &[u8], is_below_a_header: bool) -> LineKind {
    if line.first().copied().is_some_and(is_space) && is_below_a_header {
        return LineKind::Folded;
    }
    let Some(colon) = line.iter().position(|byte| *byte == b':') else {
        return LineKind::Other;
    };
    let name = line.get(..colon).unwrap_or_default().trim_ascii_end();
    if name.is_empty() || !name.iter().copied().all(is_token) {
        return LineKind::Other;
    }
    let behind = line.get(colon + 1..).unwrap_or_default();
    let leading = behind.len() - behind.trim_ascii_start().len();
    let start = colon + 1 + leading;
    LineKind::Header {
        name: 0..name.len(),
        value: start..start + behind.trim_ascii().len(),
    }
}

/// 1 of `HTTP/1.1`.
fn minor_version(version: &str) -> Option<u8> {
    let digit = version.strip_prefix("HTTP/1.")?;
    (digit.len() == 1).then(|| digit.parse().ok())?
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Whether a byte may stand in a token (RFC 9110 §5.6.2).
pub(super) const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}
