//! The lines of a head exactly as they were sent, for reports.
//!
//! [`RequestHead::parse`] is lenient: it accepts a bare LF as the end of a line. [`HeadLines`]
//! reads any head, keeps the position of each line, and keeps what a lenient parser drops.
//! [`HeadLines::errors`] lists what HTTP/1.1 does not allow. `diagnosis` and `render` use it.

mod line_rules;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::head::{RequestHead, ResponseHead};
use super::headers::{Header, Headers};
use super::start_line::{StartLine, is_http_2_or_3, minor_version};
use super::token::is_token;
pub use line_rules::{HeaderLineError, LineError};

/// The lines of one head, from the start line to the empty line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadLines {
    lines: Vec<HeadLine>,
    has_blank_line: bool,
    size: usize,
}

/// A line of a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadLine {
    /// The number of the line in the head, from 1.
    pub number: usize,
    /// The offset of the line in the head, in bytes.
    pub start: usize,
    /// The bytes without the line end.
    pub bytes: Vec<u8>,
    /// The line end.
    pub end: LineEnd,
    /// What kind of line it is.
    pub kind: LineKind,
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// CR LF, as HTTP/1.1 requires.
    CrLf,
    /// LF alone.
    Lf,
    /// The bytes end before the line does.
    Nothing,
}

/// What a line of a head is. Ranges are positions in the bytes of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// The request line or the status line.
    First,
    /// A header.
    Header {
        /// The name, without white space after it.
        name: Range<usize>,
        /// The value, without white space around it.
        value: Range<usize>,
    },
    /// A continuation of the header above (obsolete line folding).
    Folded,
    /// Something else.
    Other,
}

/// How the bytes of a head were obtained, which decides what their line ends prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnds {
    /// Through an editor, a terminal or a clipboard, which may have removed every CR and the
    /// empty line at the end. Lines that end in LF prove nothing unless others end in CR LF.
    AsPasted,
    /// Exactly as a peer sent them.
    OnTheWire,
}

impl HeadLines {
    /// Reads the lines up to the first empty one, or to the end of the bytes.
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

    /// The lines, without the empty one.
    pub fn lines(&self) -> &[HeadLine] {
        &self.lines
    }

    /// The line with this number, from 1.
    pub fn line(&self, number: usize) -> Option<&HeadLine> {
        self.lines.get(number.checked_sub(1)?)
    }

    /// The length of the head in bytes, with its empty line.
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Whether the head ends with an empty line.
    pub const fn has_blank_line(&self) -> bool {
        self.has_blank_line
    }

    /// Whether every line ends in LF alone, as in a text file.
    pub fn are_lf_only(&self) -> bool {
        let mut ended = self
            .lines
            .iter()
            .filter(|line| line.end != LineEnd::Nothing);
        ended.all(|line| line.end == LineEnd::Lf)
    }

    /// The lines of all headers of this name. Case does not matter.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = &HeadLine> {
        let is_named = move |line: &&HeadLine| {
            line.name()
                .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        };
        self.lines.iter().filter(is_named)
    }

    /// The head of a request that these lines are. None if they begin with no request line.
    pub fn request(&self) -> Option<RequestHead> {
        match self.start_line()? {
            StartLine::Request {
                method,
                target,
                version,
            } => Some(RequestHead {
                method: lossy(method),
                target: lossy(target),
                minor_version: minor_version(version).unwrap_or(1),
                headers: self.fields(),
            }),
            StartLine::Status { .. } => None,
        }
    }

    /// The head of a response that these lines are. None if they begin with no status line.
    pub fn response(&self) -> Option<ResponseHead> {
        match self.start_line()? {
            StartLine::Status {
                version,
                status,
                reason,
            } => Some(ResponseHead {
                minor_version: minor_version(version).unwrap_or(1),
                status,
                reason: lossy(reason),
                headers: self.fields(),
            }),
            StartLine::Request { .. } => None,
        }
    }

    /// The value of a pseudo-header of HTTP/2 (RFC 9113 section 8.3), as `:protocol`, which is no
    /// header of HTTP/1.1.
    pub fn pseudo_header(&self, name: &str) -> Option<&[u8]> {
        let mut lines = self.lines.iter().skip(1);
        lines.find_map(|line| {
            let value = line.bytes.strip_prefix(name.as_bytes())?;
            Some(value.strip_prefix(b":")?.trim_ascii())
        })
    }

    /// Whether this is a head of HTTP/2 or 3, written as one of HTTP/1.1.
    pub fn is_http_2_or_3(&self) -> bool {
        let version = self.start_line().map(|line| line.version());
        version.is_some_and(is_http_2_or_3)
    }

    fn start_line(&self) -> Option<StartLine<'_>> {
        StartLine::parse(&self.lines.first()?.bytes)
    }

    /// The header fields. The lines of a folded one are joined by a space.
    fn fields(&self) -> Headers {
        let mut headers: Vec<Header> = Vec::new();
        for line in &self.lines {
            match &line.kind {
                LineKind::Header { .. } => {
                    let name = lossy(line.name().unwrap_or_default());
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
        headers.into()
    }
}

impl HeadLine {
    /// The name, if the line is a header.
    pub fn name(&self) -> Option<&[u8]> {
        match &self.kind {
            LineKind::Header { name, .. } => self.bytes.get(name.clone()),
            _ => None,
        }
    }

    /// The value, if the line is a header.
    pub fn value(&self) -> Option<&[u8]> {
        match &self.kind {
            LineKind::Header { value, .. } => self.bytes.get(value.clone()),
            _ => None,
        }
    }
}

/// The first line of the bytes, its end, and the length of both in bytes.
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

/// What kind of line this is; it is not the first one.
fn kind_of(line: &[u8], is_after_header: bool) -> LineKind {
    if line.first().copied().is_some_and(is_space) && is_after_header {
        return LineKind::Folded;
    }
    let Some(colon) = line.iter().position(|byte| *byte == b':') else {
        return LineKind::Other;
    };
    let name = line.get(..colon).unwrap_or_default().trim_ascii_end();
    if name.is_empty() || !name.iter().copied().all(is_token) {
        return LineKind::Other;
    }
    let after = line.get(colon + 1..).unwrap_or_default();
    let leading = after.len() - after.trim_ascii_start().len();
    let start = colon + 1 + leading;
    LineKind::Header {
        name: 0..name.len(),
        value: start..start + after.trim_ascii().len(),
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
