//! Finds the location of a header, a value or a word in a head.

use std::ops::Range;

use crate::diagnosis::{Location, LocationScope, Snippet};
use crate::ws::handshake::{HeadLine, HeadLines, LineError, StartLine};

/// Locates parts of one head.
pub(super) struct HeaderLocator<'a> {
    scope: LocationScope,
    lines: &'a HeadLines,
}

impl<'a> HeaderLocator<'a> {
    pub(super) const fn new(scope: LocationScope, lines: &'a HeadLines) -> Self {
        Self { scope, lines }
    }

    /// The whole first line. A finding for a missing header is located here.
    pub(super) fn first_line(&self) -> Option<Location> {
        let line = self.lines.line(1)?;
        Some(self.location(line, 0..line.bytes.len()))
    }

    /// These words of the first line, or the whole line if it does not contain them.
    pub(super) fn first_line_at(&self, words: &str) -> Option<Location> {
        self.in_first_line(words).or_else(|| self.first_line())
    }

    /// These words of the first line.
    pub(super) fn in_first_line(&self, words: &str) -> Option<Location> {
        let line = self.lines.line(1)?;
        let at = find(&line.bytes, words.as_bytes())?;
        Some(self.location(line, at..at + words.len()))
    }

    /// The target of a request line, or the whole line if it is empty.
    pub(super) fn target(&self) -> Option<Location> {
        let line = self.lines.line(1)?;
        match StartLine::parse(&line.bytes) {
            Some(StartLine::Request { method, target, .. }) if !target.is_empty() => {
                let start = find(&line.bytes, method)? + method.len();
                let start = start + find(line.bytes.get(start..)?, target)?;
                Some(self.location(line, start..start + target.len()))
            }
            _ => self.first_line(),
        }
    }

    /// The value of the header with this name and this index, from 0. The name if the value is
    /// empty.
    pub(super) fn value(&self, name: &str, nth: usize) -> Option<Location> {
        let line = self.lines.headers(name).nth(nth)?;
        Some(self.location(line, whole_value(line)))
    }

    /// The value of the first header of this name, or the first line if there is none.
    pub(super) fn value_or_first_line(&self, name: &str) -> Option<Location> {
        self.value(name, 0).or_else(|| self.first_line())
    }

    /// The name of the first header of this name.
    pub(super) fn name(&self, name: &str) -> Option<Location> {
        let line = self.lines.headers(name).next()?;
        Some(self.location(line, 0..line.name()?.len()))
    }

    /// The last element of a comma-separated list that equals these words, or the value of the
    /// first header.
    pub(super) fn item(&self, name: &str, words: &str) -> Option<Location> {
        let mut found = None;
        for line in self.lines.headers(name) {
            let whole = whole_value(line);
            let value = line.value().unwrap_or_default();
            let mut at = whole.start;
            for item in value.split(|byte| *byte == b',') {
                let start = at + item.len() - item.trim_ascii_start().len();
                if item.trim_ascii() == words.as_bytes() && !words.is_empty() {
                    found = Some(self.location(line, start..start + words.len()));
                }
                at += item.len() + 1;
            }
        }
        found.or_else(|| self.value(name, 0))
    }

    /// The first occurrence of these words in the values of a header, or the first value.
    pub(super) fn words(&self, name: &str, words: &str) -> Option<Location> {
        let found = self.lines.headers(name).find_map(|line| {
            let at = find(line.value()?, words.as_bytes())? + whole_value(line).start;
            Some(self.location(line, at..at + words.len()))
        });
        found.or_else(|| self.value(name, 0))
    }

    /// The byte at this offset in the value of the only header of this name, or the whole first
    /// value if there are several headers.
    pub(super) fn from(&self, name: &str, offset: usize) -> Option<Location> {
        let mut lines = self.lines.headers(name);
        let (line, others) = (lines.next()?, lines.count());
        let whole = whole_value(line);
        let at = whole.start + offset;
        if others > 0 || offset >= line.value().unwrap_or_default().len() {
            return Some(self.location(line, whole));
        }
        Some(self.location(line, at..at + 1))
    }

    /// The bytes of an error of a line.
    pub(super) fn line_error(&self, error: &LineError) -> Option<Location> {
        let line = self.lines.line(error.line)?;
        let start = error.offset.checked_sub(line.start)?;
        Some(self.location(line, start..start + error.length))
    }

    fn location(&self, line: &HeadLine, range: Range<usize>) -> Location {
        Location {
            scope: self.scope,
            offset: (line.start + range.start) as u64,
            length: range.len() as u64,
            direction: None,
            snippet: Some(Snippet::Line {
                number: line.number,
                start: line.start as u64,
                text: String::from_utf8_lossy(&line.bytes).into_owned(),
            }),
        }
    }
}

/// The position of the value in the line, or of the name if the value is empty.
fn whole_value(line: &HeadLine) -> Range<usize> {
    use crate::ws::handshake::LineKind;
    match &line.kind {
        LineKind::Header { name, value } if value.is_empty() => name.clone(),
        LineKind::Header { value, .. } => value.clone(),
        _ => 0..line.bytes.len(),
    }
}

/// The offset of a text in another one.
fn find(bytes: &[u8], words: &[u8]) -> Option<usize> {
    if words.is_empty() {
        return None;
    }
    bytes
        .windows(words.len())
        .position(|window| window == words)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"GET / HTTP/1.0\r\nA: b, cc, c, b\r\nD:\r\na: cc\r\n\r\n";

    /// The bytes that are pointed at.
    fn pointed(location: Option<Location>) -> String {
        let location = location.unwrap();
        let start = usize::try_from(location.offset).unwrap();
        let end = start + usize::try_from(location.length).unwrap();
        let words = String::from_utf8(HEAD[start..end].to_vec()).unwrap();
        let Some(Snippet::Line { number, .. }) = location.snippet else {
            panic!("a line is shown");
        };
        format!("{number}:{start} {words}")
    }

    #[test]
    fn places_are_bytes_of_the_head() {
        let lines = HeadLines::read(HEAD);
        let at = HeaderLocator::new(LocationScope::Request, &lines);
        assert_eq!(pointed(at.first_line()), "1:0 GET / HTTP/1.0");
        assert_eq!(pointed(at.in_first_line("HTTP/1.0")), "1:6 HTTP/1.0");
        assert_eq!(pointed(at.value("a", 0)), "2:19 b, cc, c, b");
        assert_eq!(pointed(at.value("a", 1)), "4:39 cc");
        assert_eq!(pointed(at.value("d", 0)), "3:32 D");
        assert_eq!(pointed(at.name("a")), "2:16 A");
        assert_eq!(pointed(at.item("a", "b")), "2:29 b");
        assert_eq!(pointed(at.item("a", "c")), "2:26 c");
        assert_eq!(pointed(at.item("a", "x")), "2:19 b, cc, c, b");
        assert_eq!(pointed(at.words("a", "cc, c")), "2:22 cc, c");
        assert_eq!(pointed(at.from("a", 1)), "2:19 b, cc, c, b");
        assert!(at.value("e", 0).is_none());
    }
}
