//! A head in a text. The readers of lines and of traces make it; `decode`, `handshake` and
//! `accept` get it with an `InputChunk`.

use super::kind::{HeadKind, MOST_HEAD};
use super::start_line::FoundStartLine;

/// A head that was found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Whether it is a request or a response.
    pub kind: HeadKind,
    /// Its lines with the line ends of the text, and its empty line if there is one.
    pub text: Vec<u8>,
    /// Whether the first line is missing.
    pub has_no_first_line: bool,
    /// The missing first line, if the text says it in other words.
    pub known_first_line: Option<String>,
    /// Whether a program printed the headers as an object or a list.
    pub is_printed: bool,
    /// Whether the line ends are those of the connection, because the text writes them as escapes.
    pub is_on_the_wire: bool,
    /// Whether the names of the headers are spelled as they were sent. Node, for example, prints them
    /// in lower case.
    pub has_exact_names: bool,
    /// A notice about how the head was read.
    pub note: Option<&'static str>,
    /// Whether no other text is on its lines.
    pub(super) is_alone: bool,
    /// The text after the blank line, which may be a body.
    pub after: Vec<u8>,
    /// Whether the head is larger than [`MOST_HEAD`], and only its beginning was kept.
    pub is_too_large: bool,
}

/// The headers of a handshake (RFC 6455 section 4.1).
const USUAL_NAMES: &[&str] = &[
    "Host",
    "Upgrade",
    "Connection",
    "Origin",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Version",
    "Sec-WebSocket-Accept",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Extensions",
];

impl Head {
    /// A head with the line ends of the text.
    pub const fn of_lines(kind: HeadKind, text: Vec<u8>) -> Self {
        Self {
            kind,
            text,
            has_no_first_line: false,
            known_first_line: None,
            is_printed: false,
            is_on_the_wire: false,
            has_exact_names: true,
            note: None,
            is_alone: false,
            after: Vec::new(),
            is_too_large: false,
        }
    }

    /// The kind of the head whose first line this is, in raw bytes; None if it is none.
    pub fn kind_of_line(line: &[u8]) -> Option<HeadKind> {
        let line = line.trim_ascii().utf8_chunks().next()?.valid();
        let start = FoundStartLine::find(line)?;
        (start.at == 0).then_some(start.kind)
    }

    /// The status code of a response.
    pub fn status(&self) -> Option<u16> {
        let text = std::str::from_utf8(&self.text).ok()?;
        let (_, after) = text
            .split_once(' ')
            .filter(|_| self.kind == HeadKind::Response)?;
        after.get(..3)?.parse().ok()
    }

    /// Whether this is another print of the same head: the lines are the same, or it has no first line
    /// and the same key.
    pub(in crate::input::paste) fn is_same_as(&self, other_head: &Self) -> bool {
        let is_lines_alone = self.has_no_first_line || other_head.has_no_first_line;
        let has_key_of_other = || self.key().is_some_and(|key| other_head.key() == Some(key));
        let is_equal = self.folded_lines().eq(other_head.folded_lines());
        is_equal || is_lines_alone && has_key_of_other()
    }

    /// The bytes of its lines in lower case.
    fn folded_lines(&self) -> impl Iterator<Item = u8> {
        self.lines()
            .flat_map(|line| line.iter().chain(b"\n").map(u8::to_ascii_lowercase))
    }

    /// Its lines without blanks around them and without empty ones.
    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let lines = self.text.split(|byte| *byte == b'\n');
        lines
            .map(<[u8]>::trim_ascii)
            .filter(|line| !line.is_empty())
    }

    /// The line of the key.
    fn key(&self) -> Option<Vec<u8>> {
        let mut lines = self.lines().map(<[u8]>::to_ascii_lowercase);
        lines.find(|line| line.starts_with(b"sec-websocket-key:"))
    }

    /// Whether the lines after it may be its body: no other text is on its lines.
    pub(in crate::input::paste) const fn may_have_body(&self) -> bool {
        self.is_alone
    }

    /// Adds a line to the text after the head.
    pub(in crate::input::paste) fn add_after(&mut self, line: &str) {
        let is_sign = |char: char| !char.is_alphanumeric() && char != '<' && char != '{';
        let is_decoration = !line.trim().is_empty() && line.trim().chars().all(is_sign);
        if self.after.len() < MOST_HEAD && !is_decoration {
            self.after.extend_from_slice(line.as_bytes());
        }
    }

    /// The usual spelling of the name of a header, if the text does not have the original one.
    fn usual_name(&self, line: &[u8]) -> Option<&'static str> {
        let name = line.split(|byte| *byte == b':').next()?;
        let is_same = |usual: &&&str| usual.as_bytes().eq_ignore_ascii_case(name);
        let usual = USUAL_NAMES.iter().find(is_same).copied();
        usual.filter(|_| !self.has_exact_names)
    }

    /// The first line that replaces a missing one, for headers that a program printed. Header lines of a
    /// connection may be the rest of a head, and get none.
    pub fn made_up_first_line(&self) -> Option<&'static str> {
        let is_printed =
            self.has_no_first_line && self.known_first_line.is_none() && self.is_printed;
        is_printed.then_some(match self.kind {
            HeadKind::Request => "GET / HTTP/1.1",
            HeadKind::Response => "HTTP/1.1 101 Switching Protocols",
        })
    }

    /// The head with CR LF after each line and an empty line at its end. If the spelling of names is not
    /// known, they have the usual one. A missing first line is replaced.
    pub fn wire(&self) -> Vec<u8> {
        if self.is_on_the_wire {
            return self.text.clone();
        }
        let mut wire = Vec::with_capacity(self.text.len() + 64);
        let first = self.known_first_line.as_deref();
        if let Some(first) = first.or_else(|| self.made_up_first_line()) {
            wire.extend_from_slice(first.as_bytes());
            wire.extend_from_slice(b"\r\n");
        }
        for line in self.text.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                break;
            }
            let name = self.usual_name(line).unwrap_or_default();
            wire.extend_from_slice(name.as_bytes());
            wire.extend_from_slice(line.get(name.len()..).unwrap_or_default());
            wire.extend_from_slice(b"\r\n");
        }
        wire.extend_from_slice(b"\r\n");
        wire
    }
}
