//! Request heads and response heads of HTTP in a text, in every form that people copy them.
//!
//! [`find`] looks for a head at the start of a text. The reader of pastes calls it at each line.
//! Known forms: one header a line, with a prefix on each line or with words in front of the first;
//! lines that a terminal wrapped; all on one line, separated by blanks, by commas, by the dots that
//! ngrep prints for CR LF, or by a written `\r\n`; header lines without a request line.

use super::direction::Sent;
use super::envelope::Envelope;

/// Which head it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadKind {
    /// A request.
    Request,
    /// A response.
    Response,
}

/// A head that was found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which head it is.
    pub kind: HeadKind,
    /// Its lines, each with the line end that the text has, and its blank line if there is one.
    pub text: Vec<u8>,
    /// The first line is missing: these are header lines alone.
    pub has_no_first_line: bool,
    /// The line ends are those of the connection: they were written out in the text.
    pub is_on_the_wire: bool,
    /// The names of the headers are spelled as they were sent. Node, for one, prints them in small
    /// letters.
    pub has_exact_names: bool,
    /// What is to be told of how the head was read.
    pub note: Option<&'static str>,
    /// It begins its line, and the lines end in nothing but line ends.
    is_alone: bool,
    /// The text after the blank line, which may be a body.
    pub after: Vec<u8>,
    /// The head is larger than [`MOST_HEAD`], and only its beginning was kept.
    pub is_too_large: bool,
}

impl Head {
    /// A head as it is written, with the line ends of the text.
    pub(super) const fn of_lines(kind: HeadKind, text: Vec<u8>) -> Self {
        Self {
            kind,
            text,
            has_no_first_line: false,
            is_on_the_wire: false,
            has_exact_names: true,
            note: None,
            is_alone: false,
            after: Vec::new(),
            is_too_large: false,
        }
    }

    /// The kind of head that a line of raw bytes begins.
    pub fn kind_of_line(line: &[u8]) -> Option<HeadKind> {
        let line = line.trim_ascii().utf8_chunks().next()?.valid();
        let start = Start::find(line)?;
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

    /// Whether two heads have the same lines, however they are written.
    pub(super) fn has_lines_of(&self, other: &Self) -> bool {
        let lines = |head: &Self| {
            let text = String::from_utf8_lossy(&head.text).into_owned();
            let lines = text.lines().map(|line| line.trim().to_owned());
            lines.filter(|line| !line.is_empty()).collect::<Vec<_>>()
        };
        lines(self) == lines(other)
    }

    /// Whether the lines after it may be its body: it begins its line, as one that was copied alone.
    pub(super) const fn may_have_body(&self) -> bool {
        self.is_alone
    }

    /// Takes a line that follows it.
    pub(super) fn add_after(&mut self, line: &str) {
        let is_sign = |char: char| !char.is_alphanumeric() && char != '<' && char != '{';
        let is_decoration = !line.trim().is_empty() && line.trim().chars().all(is_sign);
        if self.after.len() < MOST_HEAD && !is_decoration {
            self.after.extend_from_slice(line.as_bytes());
        }
    }

    /// The head with CR LF after each line and a blank line at its end.
    pub fn wire(&self) -> Vec<u8> {
        if self.is_on_the_wire {
            return self.text.clone();
        }
        let mut wire = Vec::with_capacity(self.text.len() + 64);
        for line in self.text.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                break;
            }
            wire.extend_from_slice(line);
            wire.extend_from_slice(b"\r\n");
        }
        wire.extend_from_slice(b"\r\n");
        wire
    }
}

/// A head in a text, what its envelope says, and how much of the text it takes.
pub(super) struct FoundHead<'t> {
    pub(super) head: Head,
    pub(super) sent: Option<Sent>,
    pub(super) time: Option<&'t str>,
    /// Always whole lines.
    pub(super) size: usize,
}

/// How large a head may be: what is larger is told and not kept.
pub const MOST_HEAD: usize = 64 << 10;

/// What stands between a start line and the header after it.
enum Form {
    /// Each header has a line.
    Lines,
    /// `\r\n` is written out; the rest of the line is a literal.
    Escaped,
    /// Blanks, commas or dots separate the headers on one line.
    Joined(&'static str),
}

/// Looks for a head at the start of a text, which is the start of a line. None if its first line
/// begins none.
pub(super) fn find(text: &str) -> Option<FoundHead<'_>> {
    let (line, _) = first_line(text);
    match Start::find(line) {
        Some(start) => start.read(text),
        None => without_start(text),
    }
}

/// The first line of a text without its end, and how long it is with it.
fn first_line(text: &str) -> (&str, usize) {
    let size = memchr::memchr(b'\n', text.as_bytes()).map_or(text.len(), |end| end + 1);
    let line = text.get(..size).unwrap_or_default();
    let bare = line.strip_suffix('\n').unwrap_or(line);
    (bare.strip_suffix('\r').unwrap_or(bare), size)
}

/// `GET /chat HTTP/1.1` or `HTTP/1.1 101 Switching Protocols` somewhere in a line.
struct Start<'t> {
    kind: HeadKind,
    line: &'t str,
    /// Where it begins, and where the version or the status code ends.
    at: usize,
    end: usize,
}

impl<'t> Start<'t> {
    fn find(line: &'t str) -> Option<Self> {
        memchr::memmem::find_iter(line.as_bytes(), b"HTTP/")
            .find_map(|at| Self::at_version(line, at))
    }

    /// The start line with its version here.
    fn at_version(line: &'t str, at: usize) -> Option<Self> {
        let rest = line.get(at..)?;
        let digits = rest
            .bytes()
            .skip(5)
            .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
            .count();
        // The dots of ngrep stand after the version.
        let number = rest
            .get(5..5 + digits)?
            .split("..")
            .next()?
            .trim_end_matches('.');
        let end = at + 5 + number.len();
        if !number.starts_with(|char: char| char.is_ascii_digit()) {
            return None;
        }
        let after = line.get(end..)?;
        if let Some(status) = after.strip_prefix(' ') {
            let size = status.bytes().take_while(u8::is_ascii_digit).count();
            let before = line.get(..at)?;
            let is_word = before.ends_with(|char: char| char.is_alphanumeric() || char == '/');
            if size > 0 && !is_word && request_at(before).is_none() {
                return Some(Self {
                    kind: HeadKind::Response,
                    line,
                    at,
                    end: end + 1 + size,
                });
            }
        }
        let start = request_at(line.get(..at)?)?;
        Some(Self {
            kind: HeadKind::Request,
            line,
            at: start,
            end,
        })
    }

    fn form(&self) -> Form {
        let after = self.line.get(self.end..).unwrap_or_default();
        if let Some(at) = after.find("\\r\\n").or_else(|| after.find("\\n")) {
            let after = after.get(at..).unwrap_or_default();
            let after = after.strip_prefix("\\r").unwrap_or(after);
            let after = after.strip_prefix("\\n").unwrap_or(after);
            let is_end = after
                .trim_end_matches(['"', '\'', '\\', ',', '+', ' '])
                .is_empty();
            return if is_end { Form::Lines } else { Form::Escaped };
        }
        let separators = ["..", ",", " "];
        let is_joined = |separator: &&&str| {
            let mut parts = joined(after, separator).into_iter();
            parts.next();
            parts.any(|part| header_name(part).is_some())
        };
        separators
            .iter()
            .find(is_joined)
            .map_or(Form::Lines, |separator| Form::Joined(separator))
    }

    fn read(&self, text: &'t str) -> Option<FoundHead<'t>> {
        let envelope = Envelope::up_to(self.line, self.at);
        let mut found = match self.form() {
            Form::Lines => Lines::new(self, &envelope, text).read()?,
            Form::Escaped => self.escaped(text)?,
            Form::Joined(separator) => self.joined(separator, text),
        };
        found.sent = envelope.sent();
        found.time = envelope.time();
        Some(found)
    }

    /// A head with its line ends written out, on one line.
    fn escaped(&self, text: &'t str) -> Option<FoundHead<'t>> {
        let before = self.line.get(..self.at)?;
        let quote = before
            .chars()
            .next_back()
            .filter(|char| matches!(char, '"' | '\''));
        let body = self.line.get(self.at..)?;
        let mut head = Vec::new();
        let mut chars = body.chars();
        while let Some(char) = chars.next() {
            match char {
                '\\' => match chars.next()? {
                    'r' => head.push(b'\r'),
                    'n' => head.push(b'\n'),
                    't' => head.push(b'\t'),
                    'x' => {
                        let digits = chars.as_str().get(..2)?;
                        head.push(u8::from_str_radix(digits, 16).ok()?);
                        chars = chars.as_str().get(2..)?.chars();
                    }
                    other => head.extend(other.to_string().into_bytes()),
                },
                quoted if Some(quoted) == quote => break,
                other => head.extend(other.to_string().into_bytes()),
            }
        }
        let (_, size) = first_line(text);
        let mut found = found(self.kind, head, true, size);
        let is_python = before.ends_with("b'") || before.ends_with("b\"");
        found.head.note = Some(if is_python {
            "read as a Python literal"
        } else {
            "read as text with escapes"
        });
        Some(found)
    }

    /// A head on one line.
    fn joined(&self, separator: &str, text: &'t str) -> FoundHead<'t> {
        let first = self.line.get(self.at..self.end).unwrap_or_default();
        let after = self.line.get(self.end..).unwrap_or_default();
        let mut head = first.to_owned();
        for (number, part) in joined(after, separator).into_iter().enumerate() {
            let before = match number {
                0 if part.is_empty() => "",
                0 => " ",
                _ => "\r\n",
            };
            head.push_str(before);
            head.push_str(part.trim_end_matches(['"', '\'']));
        }
        head.push_str("\r\n\r\n");
        let (_, size) = first_line(text);
        found(self.kind, head.into_bytes(), false, size)
    }
}

fn found<'t>(kind: HeadKind, text: Vec<u8>, is_on_the_wire: bool, size: usize) -> FoundHead<'t> {
    FoundHead {
        head: Head {
            is_on_the_wire,
            ..Head::of_lines(kind, text)
        },
        sent: None,
        time: None,
        size,
    }
}

/// Where a request line begins, of which all but the version is given.
fn request_at(before: &str) -> Option<usize> {
    let words = before.strip_suffix(' ')?;
    // A target may have blanks, which is wrong and told.
    let mut end = words.len();
    while let Some(space) = words.get(..end)?.rfind(' ') {
        let start = words
            .get(..space)?
            .rfind(|char: char| !char.is_ascii_alphabetic())
            .map_or(0, |at| {
                at + words
                    .get(at..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(1, char::len_utf8)
            });
        let method = words.get(start..space)?;
        let is_known = METHODS.contains(&method.to_ascii_uppercase().as_str());
        let target = words.get(space + 1..)?;
        let is_alone =
            start == 0 && !method.is_empty() && !target.contains(' ') && !target.ends_with(':');
        if is_known || is_alone {
            return Some(start);
        }
        end = space;
    }
    None
}

const METHODS: &[&str] = &[
    "GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "CONNECT", "TRACE", "PRI",
];

/// The parts of a head that is joined: the rest of its start line, then each header.
fn joined<'t>(after: &'t str, separator: &str) -> Vec<&'t str> {
    let mut starts = vec![0];
    let step = separator.len();
    for at in memchr::memmem::find_iter(after.as_bytes(), separator.as_bytes()) {
        let part = after.get(at + step..).unwrap_or_default();
        let is_header = header_name(part.trim_start_matches([' ', '.']))
            .is_some_and(|name| separator != " " || is_plausible(name));
        if is_header && starts.last() != Some(&(at + step)) {
            starts.push(at + step);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([after.len() + step]);
    let parts = starts.iter().zip(ends).map(|(start, end)| {
        let part = after.get(*start..end - step).unwrap_or_default();
        part.trim_matches('.').trim()
    });
    parts.collect()
}

/// Whether a word before a colon is rather the name of a header than the end of a value.
fn is_plausible(name: &str) -> bool {
    name.contains('-') || KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name))
}

const KNOWN: &[&str] = &[
    "Host",
    "Upgrade",
    "Connection",
    "Origin",
    "Pragma",
    "Cookie",
    "Accept",
    "Server",
    "Date",
    "Via",
    "Vary",
    "Referer",
    "Authorization",
    "DNT",
    "Location",
    "Age",
    "Allow",
    "Expires",
];

/// The name of the header that a line is.
fn header_name(line: &str) -> Option<&str> {
    let (name, value) = line.split_once(':')?;
    let is_token = |char: char| char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char);
    let is_name = !name.is_empty() && name.chars().all(is_token) && !value.starts_with("//");
    is_name.then_some(name)
}

/// Reads a head line by line.
struct Lines<'a, 't> {
    start: &'a Start<'t>,
    envelope: &'a Envelope<'t>,
    text: &'t str,
    at: usize,
    head: Vec<u8>,
    is_too_large: bool,
    /// The quote in front of the start line.
    quote: Option<char>,
    /// Each line has quotes of its own.
    is_quoted: bool,
    /// What stands in front of the start line is missing in front of the others.
    has_prefix_once: bool,
    /// What a tool or an editor adds to the end of each line: blanks, or dots for CR LF.
    tail: &'static str,
    last_line: usize,
    count: usize,
}

/// What a line in a head is.
enum Next {
    Header,
    End,
    /// It belongs to something else.
    Other,
}

impl<'a, 't> Lines<'a, 't> {
    fn new(start: &'a Start<'t>, envelope: &'a Envelope<'t>, text: &'t str) -> Self {
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
            tail: "",
            last_line: 0,
            count: 0,
        }
    }

    fn read(mut self) -> Option<FoundHead<'t>> {
        let (line, size) = first_line(self.text);
        let before = line.get(..self.start.at)?;
        let content = line.get(self.start.at..)?;
        let is_closed = self.quote.is_some_and(|quote| content.contains(quote));
        self.is_quoted = is_closed && content.contains("\\n");
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

    /// Finds out what the first two lines have in common.
    fn look_at_second_line(&mut self, first: &str, rest: &str) {
        let (second, _) = first_line(rest);
        self.has_prefix_once =
            self.envelope.strip_from(second).is_none() && header_name(second).is_some();
        let ends = |tail: &&&str| first.ends_with(**tail) && second.ends_with(**tail);
        self.tail = ["..", ".", " "]
            .iter()
            .find(ends)
            .copied()
            .unwrap_or_default();
    }

    fn without_tail<'l>(&self, line: &'l str) -> &'l str {
        line.strip_suffix(self.tail).unwrap_or(line)
    }

    /// Takes the next line; whether the head may go on after it.
    fn next(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (line, size) = first_line(rest);
        let Some(content) = self.content(line) else {
            return self.skip_remarks(rest);
        };
        let content = self.without_tail(content);
        let raw = rest.get(..size).unwrap_or_default();
        let next = self.kind(content, rest.get(size..).unwrap_or_default());
        match next {
            Next::Header if self.is_wrapped(content) => self.join(content),
            Next::Header => {
                self.count += 1;
                self.push(content, raw);
            }
            Next::End => {
                let end = if raw.ends_with("\r\n") { "\r\n" } else { "\n" };
                self.head.extend_from_slice(end.as_bytes());
            }
            Next::Other => return false,
        }
        self.last_line = line.len();
        self.at += size;
        matches!(next, Next::Header)
    }

    /// A line without its envelope; None if it has another one.
    fn content<'l>(&self, line: &'l str) -> Option<&'l str> {
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

    fn kind(&self, content: &str, after: &str) -> Next {
        let bare = unescaped(content, self.is_quoted);
        let trimmed = bare.trim();
        let closes = trimmed.starts_with(['"', '\'', '`']) && header_name(trimmed).is_none();
        if trimmed.is_empty() || closes {
            return Next::End;
        }
        if Start::find(bare).is_some_and(|start| header_name(bare).is_none() || start.at == 0) {
            return Next::Other;
        }
        let decoration = ["---", "===", "***", "~~~"];
        if decoration.iter().any(|mark| trimmed.starts_with(mark)) {
            return Next::Other;
        }
        if let Some(name) = header_name(bare.trim_start()) {
            let value = bare
                .trim_start()
                .get(name.len() + 1..)
                .unwrap_or_default()
                .trim_start();
            let is_bytes = value.starts_with(['\'', '"', 'b']) && value.contains("\\x");
            return if is_bytes { Next::Other } else { Next::Header };
        }
        if bare.starts_with([' ', '\t']) || self.is_wrapped(content) {
            return Next::Header;
        }
        // A line that is wrong belongs to the head if the head goes on after it.
        let (next, _) = first_line(after);
        let goes_on = self.content(next).is_some_and(|next| {
            header_name(next).is_some() || next.trim().is_empty() && !self.is_a_log()
        });
        if goes_on { Next::Header } else { Next::Other }
    }

    /// Whether the lines have an envelope, so that a line without a header is one of a log.
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
            && self.last_line >= NARROW
            && self.count > 0
            && header_name(content).is_none_or(|name| !is_plausible(name) && name.len() < 20)
            && !content.trim().is_empty()
    }

    fn join(&mut self, content: &str) {
        while self.head.ends_with(b"\n") || self.head.ends_with(b"\r") {
            self.head.pop();
        }
        self.keep(content.trim_end().as_bytes());
        self.keep(b"\n");
    }

    /// Lines of another shape between the lines of a head, as `curl -v` has them.
    fn skip_remarks(&mut self, rest: &str) -> bool {
        let mut size = 0;
        for _ in 0..4 {
            let (line, length) = first_line(rest.get(size..).unwrap_or_default());
            if length == 0 {
                break;
            }
            if let Some(content) = self.content(line) {
                let is_more = header_name(content).is_some() || content.trim().is_empty();
                if is_more && Start::find(content).is_none() && self.is_a_log() {
                    self.at += size;
                    return true;
                }
                break;
            }
            if Start::find(line).is_some() {
                break;
            }
            size += length;
        }
        false
    }

    /// Keeps a line, with the end that it has.
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

/// A line without the `\r\n` that is written at its end, and without the quote after that.
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

/// Header lines without a start line: two or more, one of them of a handshake.
fn without_start(text: &str) -> Option<FoundHead<'_>> {
    let (line, _) = first_line(text);
    let first = header_line(line).or_else(|| {
        let tags = envelope_of_tags(line);
        header_line(line.get(tags..)?)
    })?;
    let indent = offset_of(line, first.0)?;
    let pattern = Envelope::up_to(line, indent);
    let mut head = Vec::new();
    let mut at = 0;
    let mut count = 0;
    let mut kind = None;
    let mut is_of_handshake = false;
    while at < text.len() && count < MOST_HEADERS {
        let (line, size) = first_line(text.get(at..)?);
        let content = if indent == 0 {
            line
        } else {
            match pattern.strip_from(line) {
                Some(start) => line.get(start..)?,
                None => break,
            }
        };
        if is_bracket(content) && count > 0 {
            at += size;
            break;
        }
        let Some((name, value)) = header_line(content) else {
            if content.trim().is_empty() && count > 0 {
                at += size;
            }
            break;
        };
        is_of_handshake |= is_of_a_handshake(name, value);
        kind = kind.or_else(|| kind_by(name));
        head.extend_from_slice(format!("{name}: {value}\n").as_bytes());
        count += 1;
        at += size;
        let is_another_text = count > MOST_BEFORE_HANDSHAKE && !is_of_handshake;
        if head.len() > MOST_HEAD || is_another_text {
            break;
        }
    }
    if count < 2 || !is_of_handshake {
        return None;
    }
    head.push(b'\n');
    let mut found = found(kind.unwrap_or(HeadKind::Request), head, false, at);
    found.head.has_no_first_line = true;
    found.sent = pattern.sent();
    found.time = pattern.time();
    Some(found)
}

/// How many header lines are looked at for one of a handshake: a log may have nothing but lines
/// with colons.
const MOST_BEFORE_HANDSHAKE: usize = 40;

/// More headers than any head has.
const MOST_HEADERS: usize = 1000;

/// The length of timestamps, levels and tags at the start of a line, without labels.
fn envelope_of_tags(line: &str) -> usize {
    let end = line.find(": ").unwrap_or(line.len());
    let start = line
        .get(..end)
        .and_then(|head| head.rfind([' ', '\t', ']', ')']));
    start.map_or(0, |start| start + 1)
}

fn offset_of(line: &str, part: &str) -> Option<usize> {
    let at = line.find(part)?;
    let quotes = line.get(..at)?.trim_end_matches(['\'', '"']);
    Some(quotes.len())
}

fn is_bracket(line: &str) -> bool {
    matches!(line.trim(), "}" | "})" | "}," | "]" | ")" | "});" | "};")
}

/// The name and the value of a header line, also as a line of an object: `'host': 'a',`.
fn header_line(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let (name, value) = line.split_once(':')?;
    let name = name.trim();
    let bare = name.trim_matches(['\'', '"']);
    let value = value.trim();
    let is_quoted = value.starts_with(['\'', '"']);
    let value = if is_quoted {
        let value = value.trim_end_matches([',', '}', ' ']);
        value.trim_matches(['\'', '"'])
    } else {
        value
    };
    let is_token = |char: char| char.is_ascii_alphanumeric() || "-_".contains(char);
    let is_name = !bare.is_empty()
        && bare.len() < 64
        && bare.starts_with(|char: char| char.is_ascii_alphabetic())
        && bare.chars().all(is_token);
    let is_bytes = value.contains("\\x");
    (is_name && !is_bytes && !value.starts_with("//")).then_some((bare, value))
}

/// Whether a header is one of an opening handshake. `Upgrade: curl:amd64` is none: a package manager
/// writes it.
fn is_of_a_handshake(name: &str, value: &str) -> bool {
    let (name, value) = (name.to_ascii_lowercase(), value.to_ascii_lowercase());
    let has = |words: &[&str]| words.iter().any(|word| value.contains(word));
    match name.as_str() {
        "upgrade" => has(&["websocket"]),
        "connection" => has(&["upgrade", "keep-alive", "close"]),
        _ => name.starts_with("sec-webs"),
    }
}

fn kind_by(name: &str) -> Option<HeadKind> {
    match name.to_ascii_lowercase().as_str() {
        "sec-websocket-key" | "sec-websocket-version" | "host" | "origin" | "user-agent" => {
            Some(HeadKind::Request)
        }
        "sec-websocket-accept" | "server" | "date" | "content-length" => Some(HeadKind::Response),
        _ => None,
    }
}
