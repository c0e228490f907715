//! Bytes that are not frames: other protocols, text without a frame, remains of a handshake.
//!
//! In: the bytes where a frame should begin. Out: a finding without a place, and how many bytes
//! are not a frame. The resynchronisation calls [`known`] for every header that breaks a rule, and
//! [`likely`] when no valid frame follows such a header.

use super::words::{excerpt, first_line, is_readable, readable_start};
use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::stream::lookahead::Lookahead;
use crate::diagnosis::{Finding, Severity};
use crate::ws::Role;
use crate::ws::other_protocol::{OtherProtocol, TlsRecord};

/// Bytes that are not a frame.
#[derive(Debug)]
pub(in crate::diagnosis::stream) struct OtherBytes {
    /// What they are, without a place.
    pub(in crate::diagnosis::stream) finding: Finding,
    /// How many they are; None if the next frame has to be searched for.
    pub(in crate::diagnosis::stream) size: Option<u64>,
    /// The distance to the end of the HTTP chunk that they begin.
    pub(in crate::diagnosis::stream) chunk_end: Option<u64>,
}

impl OtherBytes {
    fn new(entry: &'static RulePage, message: impl Into<String>) -> Self {
        let mut finding = Finding::new(entry, message);
        // The entry may be milder where such bytes are legal. Here they are not frames.
        finding.severity = Severity::Violation;
        Self {
            finding,
            size: None,
            chunk_end: None,
        }
    }

    fn possible_cause(mut self, cause: &'static str) -> Self {
        self.finding = self.finding.possible_cause(cause);
        self
    }

    fn fixed_by(mut self, fix: &'static str) -> Self {
        self.finding = self.finding.fixed_by(fix);
        self
    }

    const fn with_size(mut self, size: u64) -> Self {
        self.size = Some(size);
        self
    }
}

/// Where in a stream some bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::diagnosis::stream) enum StreamPosition {
    /// At the start, where the handshake may be missing or refused.
    Start,
    /// At the start, after a handshake that was accepted.
    AfterHandshake,
    /// After at least one frame.
    AfterFrames,
}

impl StreamPosition {
    const fn is_before_frames(self) -> bool {
        !matches!(self, Self::AfterFrames)
    }
}

/// The protocol of these bytes, if the first ones identify it.
pub(in crate::diagnosis::stream) fn known(
    bytes: &[u8],
    position: StreamPosition,
) -> Option<OtherBytes> {
    let is_start = position == StreamPosition::Start;
    OtherProtocol::of(bytes)
        .map(|protocol| of_protocol(protocol, bytes, is_start))
        .or_else(|| http(bytes, is_start))
}

/// What the bytes at `offset` are, if they are not a valid frame and no valid frame follows them.
pub(in crate::diagnosis::stream) fn likely(
    lookahead: &Lookahead<'_>,
    offset: u64,
    position: StreamPosition,
) -> Option<OtherBytes> {
    let bytes = lookahead.window.from(offset)?;
    let is_start = position.is_before_frames();
    trailing_bytes(lookahead, offset, bytes, is_start)
        .or_else(|| chunk(lookahead, offset, bytes))
        .or_else(|| draft_frame(lookahead, offset, bytes))
        .or_else(|| text(bytes, is_start, lookahead.window.is_complete()))
}

/// The size of the bytes between two HTTP chunks: CRLF, and the size of the next one with its
/// CRLF, if that is there.
pub(in crate::diagnosis::stream) fn chunk_separator(bytes: &[u8]) -> Option<u64> {
    let rest = bytes.strip_prefix(b"\r\n")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_hexdigit());
    let line = match digits.count() {
        0 => 0,
        digits if rest.get(digits..)?.starts_with(b"\r\n") => digits + 2,
        _ => return None,
    };
    Some(2 + line as u64)
}

/// A line end, a NUL or a byte-order mark before, between or after frames.
fn trailing_bytes(
    lookahead: &Lookahead<'_>,
    offset: u64,
    bytes: &[u8],
    is_start: bool,
) -> Option<OtherBytes> {
    let kinds: [(&[u8], &str); 5] = [
        (b"\r\n\r\n", "two empty lines (CRLF CRLF)"),
        (b"\r\n", "an empty line (CRLF)"),
        (b"\n", "a line feed"),
        (b"\0", "a NUL"),
        (b"\xef\xbb\xbf", "a byte-order mark"),
    ];
    // No frame begins with a line end: it would be a fragment of a control frame. A NUL may.
    let ends_stream = |kind: &[u8]| {
        !is_start && bytes == kind && kind.ends_with(b"\n") && lookahead.window.is_complete()
    };
    let (bytes, what) = kinds.into_iter().find(|(kind, _)| {
        bytes.starts_with(kind) && lookahead.is_sure(offset + kind.len() as u64)
            || ends_stream(kind)
    })?;
    let place = if is_start {
        "before the first frame"
    } else if ends_stream(bytes) {
        "after the last frame"
    } else {
        "between two frames"
    };
    let cause = match bytes {
        b"\0" => "a C string was sent with its NUL: `strlen + 1`",
        b"\xef\xbb\xbf" => "the encoder of the output writes a byte-order mark first",
        _ if !is_start => "the frame was written with `print` or `println`, which adds a line end",
        b"\n" => "the response head was written with `print`, which adds a line end",
        _ => "`\\r\\n\\r\\n` was written after a line that had its line end already",
    };
    let found = OtherBytes::new(&catalogue::RESP_TRAILING_BYTES, format!("{what} {place}"))
        .possible_cause(cause)
        .with_size(bytes.len() as u64);
    Some(match bytes {
        b"\xef\xbb\xbf" => found.fixed_by("write frames as bytes, without a text encoder"),
        _ if !is_start => found.fixed_by("write the bytes of a frame and nothing after them"),
        _ => found,
    })
}

/// `7 CRLF`, and a chunk of seven bytes after it that begins with a frame.
fn chunk(lookahead: &Lookahead<'_>, offset: u64, bytes: &[u8]) -> Option<OtherBytes> {
    const MAX_DIGITS: usize = 8;
    let start = bytes.get(..=MAX_DIGITS).unwrap_or(bytes);
    let digits = start.iter().take_while(|byte| byte.is_ascii_hexdigit());
    let (digits, rest) = bytes.split_at_checked(digits.count())?;
    if digits.is_empty() || digits.len() > MAX_DIGITS || !rest.starts_with(b"\r\n") {
        return None;
    }
    let size = u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    let line = digits.len() as u64 + 2;
    let end = usize::try_from(line + size).ok()?;
    let is_chunk = bytes.get(end..)?.starts_with(b"\r\n");
    if size == 0 || !is_chunk || lookahead.frame(offset + line).is_none() {
        return None;
    }
    let message = format!("the frames are in HTTP chunks: this one has {size} bytes");
    let mut found = OtherBytes::new(&catalogue::RESP_CHUNKED, message).with_size(line);
    found.chunk_end = Some(line + size);
    Some(found)
}

/// The finding for a protocol of the table.
fn of_protocol(protocol: OtherProtocol, bytes: &[u8], is_start: bool) -> OtherBytes {
    let other = &catalogue::OTHER_PROTOCOL_IN_STREAM;
    let at_start = |entry: &'static RulePage| if is_start { entry } else { other };
    let entry = match protocol {
        OtherProtocol::Tls(TlsRecord::Hello(Role::Client)) => {
            at_start(&catalogue::REQ_TLS_TO_PLAIN)
        }
        OtherProtocol::Http2Preface => at_start(&catalogue::REQ_H2_PREFACE),
        OtherProtocol::Proxy(_) => at_start(&catalogue::REQ_NOT_HTTP),
        _ => other,
    };
    let found = match protocol {
        OtherProtocol::Ssh | OtherProtocol::Proxy(1) => {
            OtherBytes::new(entry, format!("this is {protocol}: {}", first_line(bytes)))
        }
        _ => OtherBytes::new(entry, format!("this is {protocol}, not a frame")),
    };
    match protocol {
        OtherProtocol::Gzip | OtherProtocol::Zlib => found
            .possible_cause("the stream itself was compressed, or the data was sent without frames")
            .fixed_by("put the data into binary frames (82), and do not compress the frames"),
        _ => found,
    }
}

/// HTTP/1.1 in the place of frames.
fn http(bytes: &[u8], is_start: bool) -> Option<OtherBytes> {
    const METHODS: [&str; 8] = [
        "GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "CONNECT",
    ];
    let line = first_line(bytes);
    if bytes.starts_with(b"HTTP/") {
        let message = format!("this is an HTTP response, not a frame: {line}");
        let found = OtherBytes::new(&catalogue::HTTP_IN_STREAM, message);
        return Some(if is_start {
            without_handshake(found)
        } else {
            found
        });
    }
    let method = line.split(' ').next()?;
    if METHODS.contains(&method) && line.get(method.len()..)?.starts_with(" /") {
        let message = format!("this is an HTTP request, not a frame: {line}");
        let found = OtherBytes::new(&catalogue::HTTP_IN_STREAM, message);
        return Some(if is_start {
            without_handshake(found)
        } else {
            found
                .possible_cause(
                    "the client's connection pool uses the WebSocket connection for HTTP",
                )
                .fixed_by("remove the connection from the pool, and write nothing but frames to it")
        });
    }
    let (name, _) = line.split_once(": ")?;
    let is_rest_of_head = is_start && is_header_name(name);
    is_rest_of_head.then(|| {
        if are_header_lines(bytes) {
            let message = format!("these are header lines without their first line: {line}");
            return OtherBytes::new(&catalogue::HEAD_LARGER_THAN_READ, message)
                .possible_cause("the first line was not copied, or the peer has read it before")
                .fixed_by("`wsctl handshake` says what is wrong with header lines");
        }
        let message = format!("this is the rest of an HTTP head: {line}");
        OtherBytes::new(&catalogue::HEAD_LARGER_THAN_READ, message)
    })
}

/// Whether bytes are two header lines or more, one of them of a handshake, and nothing else.
fn are_header_lines(bytes: &[u8]) -> bool {
    const LARGEST: usize = 64 << 10;
    let text = std::str::from_utf8(bytes).ok();
    let text = text.filter(|text| text.len() < LARGEST && text.ends_with('\n'));
    let is_header = |line: &str| {
        let name = line.split_once(':').map_or("", |(name, _)| name);
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !name.is_empty() && name.bytes().all(is_token)
    };
    text.is_some_and(|text| {
        let lines = text.trim_end().lines().map(str::trim_end);
        let is_of_handshake = |line: &str| {
            let line = line.to_ascii_lowercase();
            line.starts_with("sec-websocket-") || line.starts_with("upgrade:")
        };
        lines.clone().count() > 1
            && lines.clone().all(is_header)
            && lines.clone().any(is_of_handshake)
    })
}

/// Whether this is the name of an HTTP header, and not any word before a colon.
fn is_header_name(name: &str) -> bool {
    const ONE_WORD: [&str; 10] = [
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
    ];
    /// What the names with a hyphen begin with.
    const FIRST_WORD: [&str; 20] = [
        "accept-",
        "access-",
        "alt-",
        "cache-",
        "cf-",
        "content-",
        "if-",
        "keep-",
        "last-",
        "permissions-",
        "proxy-",
        "sec-",
        "set-",
        "strict-",
        "transfer-",
        "upgrade-",
        "user-",
        "www-",
        "x-",
        "referrer-",
    ];
    let is_name_byte = |byte: u8| byte == b'-' || byte.is_ascii_alphanumeric();
    let lower = name.to_ascii_lowercase();
    let is_known = FIRST_WORD.iter().any(|word| lower.starts_with(word));
    is_known && name.bytes().all(is_name_byte) || ONE_WORD.contains(&name)
}

/// A head without frames after it: no WebSocket connection was opened.
fn without_handshake(found: OtherBytes) -> OtherBytes {
    found
        .possible_cause("the handshake was refused, or this is no WebSocket connection")
        .fixed_by("`wsctl handshake` says what is wrong with the handshake")
}

/// `00`, a text, `ff`: the framing of drafts before 2011.
fn draft_frame(lookahead: &Lookahead<'_>, offset: u64, bytes: &[u8]) -> Option<OtherBytes> {
    const MAX_TEXT: usize = 1 << 14;
    let (0, rest) = bytes.split_first()? else {
        return None;
    };
    let start = rest.get(..MAX_TEXT).unwrap_or(rest);
    lookahead.window.effort().spend_on(start.len());
    let end = start.iter().position(|byte| *byte == 0xff)?;
    let text = rest.get(..end)?;
    let next = offset + end as u64 + 2;
    let goes_on = lookahead.continues_at(next) || bytes.get(end + 2) == Some(&0);
    let is_text = !text.is_empty() && is_readable(text);
    (is_text && goes_on).then(|| {
        let message = format!(
            "\"{}\" stands between 00 and ff, as in drafts before 2011",
            excerpt(text)
        );
        OtherBytes::new(&catalogue::DRAFT_FRAMING, message).with_size(end as u64 + 2)
    })
}

/// Text that was sent without a frame.
fn text(bytes: &[u8], is_start: bool, is_complete: bool) -> Option<OtherBytes> {
    const CERTAIN: usize = 8;
    let text = readable_start(bytes);
    let is_all = is_complete && text.len() == bytes.len();
    // The first bytes of a frame may be readable: `A` is RSV1 and opcode 1.
    let least = match text {
        [b'A' | b'B', ..] => 3,
        _ if is_start => 2,
        _ => 3,
    };
    let may_become_header = is_start && !is_complete && text.len() == bytes.len() && {
        let name = text.strip_suffix(b":").unwrap_or(text);
        name.iter()
            .all(|byte| *byte == b'-' || byte.is_ascii_alphanumeric())
    };
    if text.len() < least || !is_all && text.len() < CERTAIN || may_become_header {
        return None;
    }
    let kind = kind_of_text(text);
    let message = format!("this is {kind}, not a frame: \"{}\"", excerpt(text));
    Some(OtherBytes::new(&catalogue::RAW_TEXT_UNFRAMED, message))
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
