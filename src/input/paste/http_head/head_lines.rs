//! Reads a head with one header on each line, after its start line. The lines may have prefixes and
//! quotes, a terminal may have wrapped them, and remarks may be between them.

use super::bytes_after::is_line_of_bytes;
use super::header_line::{header_name, is_plausible};
use super::kind::MOST_HEAD;
use super::start_line::FoundStartLine;
use super::{FoundHead, first_line, found};
use crate::input::paste::envelope::Envelope;
use crate::input::paste::timestamp;

/// Reads the lines of one head.
pub(super) struct HeadReader<'a, 't> {
    start: &'a FoundStartLine<'t>,
    envelope: &'a Envelope<'t>,
    text: &'t str,
    at: usize,
    head: Vec<u8>,
    is_too_large: bool,
    /// The quote before the start line.
    quote: Option<char>,
    /// Whether each line has its own quotes.
    is_quoted: bool,
    /// Whether only the start line has a prefix.
    has_prefix_once: bool,
    /// The envelope of the headers, if it is shorter than that of the start line.
    header_prefix: Option<Envelope<'t>>,
    /// The text that a tool or an editor adds to the end of each line: blanks, or dots for CR LF.
    tail: &'static str,
    last_line: usize,
    count: usize,
}

/// The kind of a line in a head.
enum HeadLineKind {
    Header,
    End,
    /// It is not part of the head.
    Other,
}

impl<'a, 't> HeadReader<'a, 't> {
    pub(super) fn new(
        start: &'a FoundStartLine<'t>,
        envelope: &'a Envelope<'t>,
        text: &'t str,
    ) -> Self {
        let before = start.line.get(..start.at).unwrap_or_default();
        Self {
            start,
            envelope,
            text,
            at: 0,
            head: Vec::new(),
            is_too_large: false,
            quote: before
                .chars()
                .next_back()
                .filter(|char| matches!(char, '"' | '\'' | '`')),
            is_quoted: false,
            has_prefix_once: false,
            header_prefix: None,
            tail: "",
            last_line: 0,
            count: 0,
        }
    }

    pub(super) fn read(mut self) -> Option<FoundHead<'t>> {
        let (line, size) = first_line(self.text);
        let before = line.get(..self.start.at)?;
        let content = line.get(self.start.at..)?;
        let is_closed = self.quote.is_some_and(|quote| content.contains(quote));
        // An array has a literal for each line.
        let is_item = content.trim_end().ends_with(',');
        self.is_quoted = is_closed && (content.contains("\\n") || is_item);
        if is_closed && !self.is_quoted && !content.ends_with(['"', '\'', '`']) {
            // As logs of requests have it: "GET / HTTP/1.1" 200 612.
            return None;
        }
        self.look_at_second_line(content, self.text.get(size..)?);
        self.push(self.without_tail(content), self.text.get(..size)?);
        self.at = size;
        let has_more = !is_closed || self.is_quoted;
        while has_more && self.at < self.text.len() && self.next() {}
        let is_known = self.envelope.length >= before.trim_end().len() && !is_closed;
        if self.count == 0 && !is_known {
            return None;
        }
        let mut found = found(self.start.kind, self.head, false, self.at);
        found.head.is_alone = self.envelope.is_blank() && self.quote.is_none();
        found.head.is_too_large = self.is_too_large;
        Some(found)
    }

    /// Compares the first two lines: their prefixes, quotes and ends.
    fn look_at_second_line(&mut self, first: &str, rest: &'t str) {
        let (second, _) = first_line(rest);
        self.header_prefix = self.prefix_of_second(second);
        if self.header_prefix.is_some() {
            return;
        }
        self.has_prefix_once =
            self.envelope.strip_from(second).is_none() && header_name(second).is_some();
        let ends = |tail: &&&str| first.ends_with(**tail) && second.ends_with(**tail);
        self.tail = ["..", ".", " "]
            .iter()
            .find(ends)
            .copied()
            .unwrap_or_default();
    }

    /// The timestamp and the marks before the second line, if the words after them are only on the first
    /// line: `17:18:37 -> [client] Request: GET …`, `17:18:37 -> Host: a`.
    fn prefix_of_second(&self, second: &'t str) -> Option<Envelope<'t>> {
        let size = timestamp::length(second)?;
        let after = second.get(size..)?;
        let header = after.trim_start_matches([' ', '\t', '-', '>', '|', ':']);
        let is_other = self.envelope.strip_from(second).is_none();
        let is_header = header_name(header).is_some_and(is_plausible);
        let prefix = Envelope::up_to(second, second.len() - header.len());
        (is_other && is_header).then_some(prefix)
    }

    fn without_tail<'l>(&self, line: &'l str) -> &'l str {
        line.strip_suffix(self.tail).unwrap_or(line)
    }

    /// Reads the next line. Returns whether the head may continue after it.
    fn next(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (line, size) = first_line(rest);
        let Some(content) = self.content(line) else {
            return self.join_wrapped(line, size) || self.skip_remarks(rest);
        };
        let content = self.without_tail(content);
        let raw = rest.get(..size).unwrap_or_default();
        let next = self.kind(content, rest.get(size..).unwrap_or_default());
        match next {
            HeadLineKind::Header if self.is_wrapped(content) => self.join(content),
            HeadLineKind::Header => {
                self.count += 1;
                self.push(content, raw);
            }
            HeadLineKind::End => {
                let end = if raw.ends_with("\r\n") { "\r\n" } else { "\n" };
                self.head.extend_from_slice(end.as_bytes());
            }
            HeadLineKind::Other => return false,
        }
        self.last_line = line.len();
        self.at += size;
        matches!(next, HeadLineKind::Header)
    }

    /// A line without its envelope; None if it has another one.
    fn content<'l>(&self, line: &'l str) -> Option<&'l str> {
        if let Some(prefix) = &self.header_prefix {
            return line.get(prefix.strip_from(line)?..);
        }
        let is_known =
            self.envelope.length >= self.start.line.get(..self.start.at)?.trim_end().len();
        let mut content = line;
        if is_known && self.start.at > 0 && !self.has_prefix_once {
            let is_blank = self.envelope.is_blank();
            match self.envelope.strip_from(line) {
                Some(size) if is_blank => {
                    // The indentation of the first line, and no more: folded lines have their own.
                    let size = size.min(self.start.at);
                    content = line.get(size..)?;
                }
                Some(size) => content = line.get(size..)?,
                None => return None,
            }
        }
        if self.is_quoted {
            content = content.trim_start_matches([' ', '\t']);
            content = content
                .strip_prefix(['b', 'f', '+', '.'])
                .map_or(content, str::trim_start);
            content = content.strip_prefix(['"', '\'']).unwrap_or(content);
        }
        Some(content)
    }

    fn kind(&self, content: &str, after: &str) -> HeadLineKind {
        let bare = unescaped(content, self.is_quoted);
        let trimmed = bare.trim();
        let closes = trimmed.starts_with(['"', '\'', '`']) && header_name(trimmed).is_none();
        if trimmed.is_empty() {
            return HeadLineKind::End;
        }
        if self.count > 0 && is_line_of_bytes(content) {
            return HeadLineKind::Other;
        }
        if closes {
            return HeadLineKind::End;
        }
        if FoundStartLine::find(bare)
            .is_some_and(|start| header_name(bare).is_none() || start.at == 0)
        {
            return HeadLineKind::Other;
        }
        let decoration = ["---", "===", "***", "~~~", "```", "</"];
        if decoration.iter().any(|mark| trimmed.starts_with(mark)) {
            return HeadLineKind::Other;
        }
        if let Some(name) = header_name(bare.trim_start()) {
            let value = bare
                .trim_start()
                .get(name.len() + 1..)
                .unwrap_or_default()
                .trim_start();
            let is_bytes = value.starts_with(['\'', '"', 'b']) && value.contains("\\x");
            return if is_bytes {
                HeadLineKind::Other
            } else {
                HeadLineKind::Header
            };
        }
        if bare.starts_with([' ', '\t']) || self.is_wrapped(content) {
            return HeadLineKind::Header;
        }
        // A wrong line belongs to the head if the head continues after it.
        let (next, _) = first_line(after);
        let goes_on = self.content(next).is_some_and(|next| {
            header_name(next).is_some() || next.trim().is_empty() && !self.is_a_log()
        });
        if goes_on {
            HeadLineKind::Header
        } else {
            HeadLineKind::Other
        }
    }

    /// Whether the lines have an envelope, so that a line without a header is a line of a log.
    fn is_a_log(&self) -> bool {
        self.start.at > 0 && !self.envelope.is_blank()
    }

    /// Whether a line is the end of the line above, which a terminal broke.
    fn is_wrapped(&self, content: &str) -> bool {
        const NARROW: usize = 60;
        let is_header = header_name(content.trim_start()).is_some_and(is_plausible);
        let is_indented = content.starts_with([' ', '\t']);
        !is_header
            && !is_indented
            && (self.last_line >= NARROW || self.had_no_room_for(content))
            && self.count > 0
            && header_name(content).is_none_or(|name| !is_plausible(name) && name.len() < 20)
            && !content.trim().is_empty()
    }

    /// Whether the first word of a line did not fit on the line above, if a line may be as wide as the
    /// widest one so far.
    fn had_no_room_for(&self, content: &str) -> bool {
        const NARROWEST: usize = 40;
        let word = content.split(' ').next().unwrap_or_default();
        let is_narrow = self.last_line < NARROWEST;
        if is_narrow || self.is_quoted || !word.starts_with(char::is_alphanumeric) {
            return false;
        }
        let lines = self.text.get(..self.at).unwrap_or_default().lines();
        let widest = lines.map(str::len).max().unwrap_or_default();
        self.last_line + word.len() >= widest
    }

    /// Appends a line without a prefix to the line above, if a terminal wrapped that one and the head
    /// continues after it.
    fn join_wrapped(&mut self, line: &str, size: usize) -> bool {
        let next = self.text.get(self.at + size..).unwrap_or_default();
        let goes_on = self
            .content(first_line(next).0)
            .is_some_and(|next| header_name(next).is_some() || next.trim().is_empty());
        let is_rest = self.is_wrapped(line) && Envelope::of(line).time().is_none();
        let is_joined = goes_on && is_rest && self.is_a_log();
        if is_joined {
            self.join(line);
            self.at += size;
        }
        is_joined
    }

    fn join(&mut self, content: &str) {
        while self.head.ends_with(b"\n") || self.head.ends_with(b"\r") {
            self.head.pop();
        }
        self.keep(content.trim_end().as_bytes());
        self.keep(b"\n");
    }

    /// Skips lines of another form between the lines of a head, as `curl -v` prints them.
    fn skip_remarks(&mut self, rest: &str) -> bool {
        let mut size = 0;
        for _ in 0..4 {
            let (line, length) = first_line(rest.get(size..).unwrap_or_default());
            if length == 0 {
                break;
            }
            if let Some(content) = self.content(line) {
                let is_more = header_name(content).is_some() || content.trim().is_empty();
                if is_more && FoundStartLine::find(content).is_none() && self.is_a_log() {
                    self.at += size;
                    return true;
                }
                break;
            }
            if FoundStartLine::find(line).is_some() {
                break;
            }
            size += length;
        }
        false
    }

    /// Keeps a line with its line end.
    fn push(&mut self, content: &str, raw: &str) {
        let bare = unescaped(
            content,
            self.is_quoted || self.quote.is_some() && content.contains("\\n"),
        );
        let bare = match self.quote {
            Some(quote) if self.count == 0 => bare.trim_end_matches(quote),
            _ => bare,
        };
        self.keep(bare.as_bytes());
        self.keep(match raw {
            _ if raw.ends_with("\r\n") => b"\r\n",
            _ if raw.ends_with('\n') => b"\n",
            _ => b"",
        });
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.head.len() + bytes.len() > MOST_HEAD {
            self.is_too_large = true;
        } else {
            self.head.extend_from_slice(bytes);
        }
    }
}

/// A line without a written `\r\n` at its end and the quote after that.
fn unescaped(line: &str, is_quoted: bool) -> &str {
    let mut bare = line.trim_end();
    if is_quoted {
        bare = bare.trim_end_matches(['"', '\'', '\\', ',', ';', '+', ' ']);
    }
    let bare = bare
        .trim_end_matches(['"', '\''])
        .strip_suffix("\\n")
        .map_or(bare, |bare| bare);
    let bare = bare.strip_suffix("\\r").unwrap_or(bare);
    if bare.len() == line.trim_end().len() && !is_quoted {
        line
    } else {
        bare
    }
}
