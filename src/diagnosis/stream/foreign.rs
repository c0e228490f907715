//! Is it a frame at all? Other protocols and plain text, known by their first bytes.

use super::outlook::Lookahead;
use super::wording::excerpt;
use crate::diagnosis::catalogue::{self, RulePage};

/// Bytes that are no frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    pub(super) entry: &'static RulePage,
    /// What they are: "an HTTP response: HTTP/1.1 400 Bad Request".
    pub(super) message: String,
    /// Why they are here, where these bytes say more than the entry.
    pub(super) cause: Option<&'static str>,
    /// What to change, where that is another thing than the entry says.
    pub(super) fix: Option<&'static str>,
    /// How many bytes in front of the next frame belong to them, where that is known.
    pub(super) size: Option<u64>,
    /// How many bytes behind those begin the end of a chunk.
    pub(super) chunk: Option<u64>,
}

impl Foreign {
    fn new(entry: &'static RulePage, message: impl Into<String>) -> Self {
        Self {
            entry,
            message: message.into(),
            cause: None,
            fix: None,
            size: None,
            chunk: None,
        }
    }

    fn certain_cause(mut self, cause: &'static str) -> Self {
        self.cause = Some(cause);
        self
    }

    const fn fixed_by(mut self, fix: &'static str) -> Self {
        self.fix = Some(fix);
        self
    }

    const fn of_size(mut self, size: u64) -> Self {
        self.size = Some(size);
        self
    }
}

/// What these bytes are if their first ones say so beyond doubt; `is_start` says whether
/// they are the first where frames belong.
pub(super) fn known(bytes: &[u8], is_start: bool) -> Option<Foreign> {
    binary(bytes, is_start).or_else(|| http(bytes, is_start))
}

/// What the bytes from `offset` on are, given that they make no sense as a frame.
pub(super) fn likely(outlook: &Lookahead<'_>, offset: u64, is_start: bool) -> Option<Foreign> {
    let bytes = outlook.window.from(offset)?;
    left_over(outlook, offset, bytes, is_start)
        .or_else(|| chunk(outlook, offset, bytes))
        .or_else(|| sentinel(outlook, offset, bytes))
        .or_else(|| text(bytes, is_start, outlook.window.is_complete()))
}

/// The size of what stands between two chunks, if it does here: CRLF, and the next one's
/// size.
pub(super) fn chunk_end(bytes: &[u8]) -> Option<u64> {
    let rest = bytes.strip_prefix(b"\r\n")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_hexdigit());
    let line = match digits.count() {
        0 => 0,
        digits if rest.get(digits..)?.starts_with(b"\r\n") => digits + 2,
        _ => return None,
    };
    Some(2 + line as u64)
}

/// A line end or a NUL that a head was given too many, in front of the first frame.
fn left_over(
    outlook: &Lookahead<'_>,
    offset: u64,
    bytes: &[u8],
    is_start: bool,
) -> Option<Foreign> {
    let leavings: [(&[u8], &str); 5] = [
        (b"\r\n\r\n", "two empty lines (CRLF CRLF)"),
        (b"\r\n", "one empty line (CRLF)"),
        (b"\n", "one line feed"),
        (b"\0", "one NUL"),
        (b"\xef\xbb\xbf", "a byte-order mark"),
    ];
    // A line end reads as a control frame in fragments, which nobody sends. A NUL could be
    // the first byte of a frame.
    let is_last = |leaving: &[u8]| {
        !is_start && bytes == leaving && leaving.ends_with(b"\n") && outlook.window.is_complete()
    };
    let (bytes, what) = leavings.into_iter().find(|(leaving, _)| {
        bytes.starts_with(leaving) && outlook.is_sure(offset + leaving.len() as u64)
            || is_last(leaving)
    })?;
    let stands = if what.starts_with("two") {
        "stand"
    } else {
        "stands"
    };
    let message = if is_start {
        format!("{what} too many {stands} in front of the first frame")
    } else if is_last(bytes) {
        format!("{what} {stands} behind the last frame")
    } else {
        format!("{what} {stands} between two frames")
    };
    let cause = match bytes {
        b"\0" => "a C string was sent with its NUL: `strlen + 1`",
        b"\xef\xbb\xbf" => "the text was written with an encoder that marks its beginning",
        _ if !is_start => "the frame was written with `print` or its like, which adds a line end",
        b"\n" => "the head was written with `print`, which adds a line end",
        _ => "`\\r\\n\\r\\n` was put behind a line that had its end already",
    };
    let found = Foreign::new(&catalogue::RESP_TRAILING_BYTES, message).certain_cause(cause);
    let found = found.of_size(bytes.len() as u64);
    Some(match bytes {
        b"\xef\xbb\xbf" => found.fixed_by("write the bytes of a frame without an encoder of text"),
        _ if !is_start => found.fixed_by("write the bytes of a frame, and nothing behind them"),
        _ => found,
    })
}

/// `7 CRLF`, and a chunk of seven bytes behind it that begins with a frame.
fn chunk(outlook: &Lookahead<'_>, offset: u64, bytes: &[u8]) -> Option<Foreign> {
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    let (digits, rest) = bytes.split_at_checked(digits)?;
    if digits.is_empty() || digits.len() > 8 || !rest.starts_with(b"\r\n") {
        return None;
    }
    let size = u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    let line = digits.len() as u64 + 2;
    let end = usize::try_from(line + size).ok()?;
    let is_chunk = bytes.get(end..)?.starts_with(b"\r\n");
    if size == 0 || !is_chunk || outlook.frame(offset + line).is_none() {
        return None;
    }
    let message = format!("the frames come in HTTP chunks: this one has {size} bytes");
    let mut found = Foreign::new(&catalogue::RESP_CHUNKED, message).of_size(line);
    found.chunk = Some(line + size);
    Some(found)
}

/// Protocols that are not text.
fn binary(bytes: &[u8], is_start: bool) -> Option<Foreign> {
    let other = &catalogue::OTHER_PROTOCOL_IN_STREAM;
    let starts = |with: &[u8]| bytes.starts_with(with);
    if let [kind @ 0x14..=0x17, 3, 0..=4, ..] = bytes {
        return Some(tls(*kind, bytes, is_start));
    }
    if starts(b"\x0d\x0a\x0d\x0a\x00\x0d\x0a\x51") {
        let entry = if is_start {
            &catalogue::REQ_NOT_HTTP
        } else {
            other
        };
        return Some(Foreign::new(
            entry,
            "this is a PROXY protocol header, version 2",
        ));
    }
    if starts(b"PRI * HTTP/2") {
        let entry = if is_start {
            &catalogue::REQ_H2_PREFACE
        } else {
            other
        };
        return Some(Foreign::new(entry, "this is the HTTP/2 connection preface"));
    }
    // A SETTINGS frame: 24 bits of length, type 4, stream 0.
    if let [0, 0, length, 4, _, 0, 0, 0, 0, ..] = bytes
        && length % 6 == 0
    {
        return Some(Foreign::new(other, "this is an HTTP/2 SETTINGS frame"));
    }
    if let [0, 0, length, 4, ..] = bytes
        && length % 6 == 0
        && bytes.len() < 9
    {
        return Some(Foreign::new(
            other,
            "this begins like an HTTP/2 SETTINGS frame",
        ));
    }
    if starts(b"SSH-") {
        let message = format!("this is SSH: {}", first_line(bytes));
        return Some(Foreign::new(other, message));
    }
    if starts(b"\x1f\x8b\x08") {
        return Some(compressed("gzip"));
    }
    let is_zlib = matches!(bytes, [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..]);
    is_zlib.then(|| compressed("zlib"))
}

fn compressed(name: &str) -> Foreign {
    let message = format!("this is {name} data, not a frame");
    Foreign::new(&catalogue::OTHER_PROTOCOL_IN_STREAM, message)
        .certain_cause("the stream itself was compressed, or no frame was put around the data")
        .fixed_by("put the data into binary frames (82), and compress nothing around those")
}

fn tls(kind: u8, bytes: &[u8], is_start: bool) -> Foreign {
    let is_hello = kind == 0x16 && bytes.get(5) == Some(&1);
    let record = match kind {
        0x14 => "a change of ciphers",
        0x15 => "an alert",
        0x16 if is_hello => "a ClientHello",
        0x16 => "a handshake message",
        _ => "encrypted data",
    };
    let entry = if is_hello && is_start {
        &catalogue::REQ_TLS_TO_PLAIN
    } else {
        &catalogue::OTHER_PROTOCOL_IN_STREAM
    };
    Foreign::new(entry, format!("this is TLS, {record}"))
}

/// HTTP where frames should be.
fn http(bytes: &[u8], is_start: bool) -> Option<Foreign> {
    let line = first_line(bytes);
    if bytes.starts_with(b"HTTP/") {
        let message = format!("this is an HTTP response, not a frame: {line}");
        let found = Foreign::new(&catalogue::HTTP_IN_STREAM, message);
        return Some(if is_start {
            instead_of_frames(found)
        } else {
            found
        });
    }
    if bytes.starts_with(b"PROXY ") {
        let entry = if is_start {
            &catalogue::REQ_NOT_HTTP
        } else {
            &catalogue::OTHER_PROTOCOL_IN_STREAM
        };
        let message = format!("this is a PROXY protocol line: {line}");
        return Some(Foreign::new(entry, message));
    }
    let method = line.split(' ').next()?;
    let methods = [
        "GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "CONNECT",
    ];
    if methods.contains(&method) && line.get(method.len()..)?.starts_with(" /") {
        let message = format!("this is an HTTP request, not a frame: {line}");
        let found = Foreign::new(&catalogue::HTTP_IN_STREAM, message);
        return Some(if is_start {
            instead_of_frames(found)
        } else {
            of_client(found)
        });
    }
    let (name, _) = line.split_once(": ")?;
    let is_name = |name: &str| {
        name.contains('-')
            && name
                .bytes()
                .all(|byte| byte == b'-' || byte.is_ascii_alphanumeric())
            || [
                "Server",
                "Date",
                "Upgrade",
                "Connection",
                "Host",
                "Cookie",
                "Origin",
                "Pragma",
                "Via",
                "Vary",
            ]
            .contains(&name)
    };
    let is_head = is_start && is_name(name);
    is_head.then(|| {
        let message = format!("this is the rest of an HTTP head: {line}");
        Foreign::new(&catalogue::HEAD_LARGER_THAN_READ, message)
    })
}

/// A head that no frames follow: no WebSocket was opened.
fn instead_of_frames(found: Foreign) -> Foreign {
    found
        .certain_cause("the handshake was refused, or this is no WebSocket connection")
        .fixed_by("`wsctl handshake` says what is wrong with the heads")
}

/// A request where the client has a WebSocket already.
fn of_client(found: Foreign) -> Foreign {
    found
        .certain_cause(
            "the client, or its pool of connections, takes this one for plain HTTP still, and \
             sends its next request on it",
        )
        .fixed_by("take the connection out of the pool, and write nothing but frames to it")
}

/// `00`, a text, `ff`: the frames of a draft of 2010.
fn sentinel(outlook: &Lookahead<'_>, offset: u64, bytes: &[u8]) -> Option<Foreign> {
    let (0, rest) = bytes.split_first()? else {
        return None;
    };
    let end = rest.iter().position(|byte| *byte == 0xff)?;
    let text = rest.get(..end)?;
    let behind = offset + end as u64 + 2;
    let follows = outlook.leads_on(behind) || bytes.get(end + 2) == Some(&0);
    let is_text = !text.is_empty() && is_readable(text);
    (is_text && follows).then(|| {
        let message = format!(
            "\"{}\" stands between 00 and ff, as in the drafts before 2011",
            excerpt(text)
        );
        Foreign::new(&catalogue::DRAFT_FRAMING, message).of_size(end as u64 + 2)
    })
}

/// Text that no frame was put around.
fn text(bytes: &[u8], is_start: bool, is_complete: bool) -> Option<Foreign> {
    let run = printable_run(bytes);
    let is_all = is_complete && run.len() == bytes.len();
    // A frame may begin with a few printable bytes, `A` for one: RSV1 and text.
    let least = match run {
        [b'A' | b'B', ..] => 3,
        _ if is_start => 2,
        _ => 3,
    };
    let may_name_header = is_start && !is_complete && run.len() == bytes.len() && {
        let name = run.strip_suffix(b":").unwrap_or(run);
        name.iter()
            .all(|byte| *byte == b'-' || byte.is_ascii_alphanumeric())
    };
    if run.len() < least || !is_all && run.len() < 8 || may_name_header {
        return None;
    }
    let kind = kind_of_text(run);
    let message = format!("this is {kind}, not a frame: \"{}\"", excerpt(run));
    Some(Foreign::new(&catalogue::RAW_TEXT_UNFRAMED, message))
}

fn kind_of_text(text: &[u8]) -> &'static str {
    let starts = |with: &[u8]| text.starts_with(with);
    match text {
        [b'<', ..] => "HTML or XML",
        [b'0'..=b'9', b'{' | b'[', ..] | [b'0'..=b'9', b'0'..=b'9', b'{' | b'[', ..] => {
            "Engine.IO text"
        }
        [b'{' | b'[' | b'"', ..] => "JSON",
        _ if starts(b"CONNECTED\n") || starts(b"MESSAGE\n") || starts(b"SEND\n") => "STOMP",
        _ => "text",
    }
}

/// The bytes from the start that can be read.
fn printable_run(bytes: &[u8]) -> &[u8] {
    const MOST: usize = 256;
    let bytes = bytes.get(..MOST).unwrap_or(bytes);
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let is_control = |char: char| char.is_control() && !matches!(char, '\t' | '\n' | '\r');
    let end = valid.find(is_control).unwrap_or(valid.len());
    bytes.get(..end).unwrap_or_default()
}

/// Whether these bytes are a text for people.
pub(super) fn is_readable(bytes: &[u8]) -> bool {
    let is_control = |char: char| char.is_control() && !matches!(char, '\t' | '\n' | '\r');
    std::str::from_utf8(bytes).is_ok_and(|text| !text.contains(is_control))
}

fn first_line(bytes: &[u8]) -> String {
    const MOST: usize = 60;
    let start = bytes.get(..MOST).unwrap_or(bytes);
    let line = start.split(|byte| matches!(byte, b'\r' | b'\n')).next();
    String::from_utf8_lossy(line.unwrap_or_default()).into_owned()
}
