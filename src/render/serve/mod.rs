//! The log of a server, as text. Its JSON is in [`json`](super::json).

#[cfg(test)]
mod tests;

use super::escape;
use super::excerpt::Excerpt;
use super::finding;
use super::frame::{self, ShownFrame};
use super::style::{Style, StyleRole};
use super::words;
use crate::diagnosis::{Finding, Severity};
use crate::ws::handshake::{Header, RequestKind, Response};
use crate::ws::session::{EndReason, SessionEnd};
use crate::ws::{CloseBody, Direction};

/// Where in the log a line belongs.
#[derive(Clone, Copy, Debug)]
pub struct LinePrefix<'a> {
    /// The time of the day.
    pub time: &'a str,
    /// The connection's number.
    pub connection: u64,
}

/// Where a server is to be found.
#[derive(Clone, Copy, Debug)]
pub struct ListenAddress<'a> {
    /// The URL for clients.
    pub url: &'a str,
    /// The URL for browsers, if there is a page for them.
    pub page: Option<&'a str>,
    /// What it proves itself with, if it speaks TLS.
    pub certificate: Option<Certificate<'a>>,
}

/// The certificate of a server.
#[derive(Clone, Copy, Debug)]
pub struct Certificate<'a> {
    /// The file it is from; None if it was made just now.
    pub file: Option<&'a str>,
    /// Its SHA-256, in pairs of digits.
    pub fingerprint: &'a str,
}

/// The server is ready.
pub fn push_listening(out: &mut Vec<u8>, style: Style, whereabouts: ListenAddress<'_>) {
    out.extend_from_slice(b"listening on ");
    style.push(out, StyleRole::Name, whereabouts.url);
    if let Some(page) = whereabouts.page {
        out.extend_from_slice(b"  (a page for browsers at ");
        style.push(out, StyleRole::Name, page);
        out.push(b')');
    }
    out.push(b'\n');
    if let Some(Certificate { file, fingerprint }) = whereabouts.certificate {
        let origin = file.map_or_else(
            || "made just now, signed by nobody".to_owned(),
            |file| format!("from {}", escape::text(file)),
        );
        let lines = format!("its certificate: {origin}; SHA-256\n  {fingerprint}\n");
        out.extend_from_slice(lines.as_bytes());
    }
}

/// TLS came where a plain request belongs, and was answered with an alert.
pub fn push_alerted(
    out: &mut Vec<u8>,
    style: Style,
    stamp: LinePrefix<'_>,
    peer: &str,
    bytes: &[u8],
) {
    push_stamp(out, style, stamp);
    style.push(out, StyleRole::Violation, "!");
    out.extend_from_slice(format!(" {peer} ").as_bytes());
    Excerpt::whole(bytes).push_with_length(out);
    out.push(b'\n');
    let indent = format!("{} #{} + ", stamp.time, stamp.connection).len();
    Block { indent, out, style }.line("answered with a TLS alert, protocol_version");
}

/// A frame came in or went out.
pub fn push_frame(
    out: &mut Vec<u8>,
    style: Style,
    stamp: LinePrefix<'_>,
    direction: Direction,
    shown: &ShownFrame<'_>,
) {
    push_stamp(out, style, stamp);
    frame::push_line(out, style, direction, shown);
}

/// Something is wrong with the frame or the handshake above.
pub fn push_finding(out: &mut Vec<u8>, style: Style, stamp: LinePrefix<'_>, found: &Finding) {
    push_stamp(out, style, stamp);
    let meaning = match found.severity {
        Severity::Violation => StyleRole::Violation,
        Severity::Suspicious | Severity::PeerBug => StyleRole::Suspicion,
        Severity::Note => StyleRole::Aside,
    };
    style.push(out, meaning, "!");
    out.push(b' ');
    finding::push_line(out, style, found);
}

/// A note, behind the time and its subject: ` #3` or ` exec`, nothing for the server. What
/// the program says itself stands behind a `|`.
pub fn push_note(
    out: &mut Vec<u8>,
    style: Style,
    time: &str,
    subject: &str,
    is_quoted: bool,
    text: &str,
) {
    style.push(out, StyleRole::Aside, time);
    out.extend_from_slice(subject.as_bytes());
    out.push(b' ');
    if is_quoted {
        style.push(out, StyleRole::Aside, "|");
    } else {
        style.push(out, StyleRole::Suspicion, "!");
    }
    out.push(b' ');
    escape::push_text(out, text.as_bytes());
    out.push(b'\n');
}

/// The same with all that is known about it on lines below: the bytes with the wrong ones
/// underlined, the cause, the fix.
pub fn push_whole_finding(out: &mut Vec<u8>, style: Style, stamp: LinePrefix<'_>, found: &Finding) {
    push_finding(out, style, stamp, found);
    let indent = format!("{} #{} ! ", stamp.time, stamp.connection).len();
    let mut block = Block { indent, out, style };
    for line in finding::lines(found, indent) {
        block.line(&line);
    }
}

/// Something that is no frame and no fault of the client's.
pub fn push_event(out: &mut Vec<u8>, style: Style, stamp: LinePrefix<'_>, sign: &str, text: &str) {
    push_stamp(out, style, stamp);
    style.push(out, StyleRole::Aside, sign);
    out.push(b' ');
    escape::push_text(out, text.as_bytes());
    out.push(b'\n');
}

/// A request and its answer: the headers that matter, or all of them both ways.
pub fn push_handshake(
    out: &mut Vec<u8>,
    style: Style,
    stamp: LinePrefix<'_>,
    peer: &str,
    asked: RequestKind<'_>,
    response: &Response,
    all_headers: bool,
) {
    let opened = response.status == 101;
    push_stamp(out, style, stamp);
    let (sign, meaning) = match response.status {
        101 => ("+", StyleRole::Incoming),
        200 => ("*", StyleRole::Outgoing),
        _ => ("!", StyleRole::Violation),
    };
    style.push(out, meaning, sign);
    out.push(b' ');
    out.extend_from_slice(peer.as_bytes());
    out.push(b' ');
    match asked {
        RequestKind::Request(head) => {
            escape::push_text(out, format!("{} {}", head.method, head.target).as_bytes());
        }
        RequestKind::OtherBytes(bytes) => Excerpt::whole(bytes).push_with_length(out),
    }
    out.push(b'\n');
    let indent = format!("{} #{} + ", stamp.time, stamp.connection).len();
    let mut block = Block { indent, out, style };
    let headers = asked.headers();
    if all_headers {
        block.headers("< ", headers);
        block.line(&format!("> {}", response.status_line()));
        block.headers("> ", &response.headers);
    } else {
        let matter = headers.iter().filter(|header| matters(header)).cloned();
        block.headers("", &matter.collect::<Vec<_>>());
        if opened {
            block.line(&key_and_accept(headers, response));
            for (what, name) in AGREED {
                if let Some(value) = value_of(&response.headers, name) {
                    block.line(&format!("agreed on {what}{value}"));
                }
            }
        }
    }
    match response.status {
        101 => {}
        200 => block.line("answered with the page for browsers"),
        _ => block.line(&format!("answered with {}", response.status_line())),
    }
}

/// A connection has ended.
pub fn push_end(out: &mut Vec<u8>, style: Style, stamp: LinePrefix<'_>, end: &SessionEnd) {
    push_stamp(out, style, stamp);
    style.push(out, StyleRole::Outgoing, "-");
    out.push(b' ');
    let how = sentence(end);
    let seconds = end.duration.as_secs_f64();
    let frames = if end.frames_in == 1 {
        "frame"
    } else {
        "frames"
    };
    let line = format!(
        "{how} after {seconds:.1} s; {} {frames} in, {} out",
        end.frames_in, end.frames_out
    );
    out.extend_from_slice(line.as_bytes());
    out.push(b'\n');
}

/// The server stops; on a terminal behind the `^C` that stands there.
pub fn push_goodbye(out: &mut Vec<u8>, connections: usize, to_terminal: bool) {
    if to_terminal {
        out.push(b'\n');
    }
    let word = if connections == 1 {
        "connection"
    } else {
        "connections"
    };
    out.extend_from_slice(format!("goodbye to {connections} {word} (1001)\n").as_bytes());
}

/// How a connection ended. This end and the peer are named by their roles.
fn sentence(end: &SessionEnd) -> String {
    let code = match CloseBody::parse(&end.close) {
        CloseBody::Code(code, _) => format!("with {code}"),
        CloseBody::Empty | CloseBody::OneByte(_) => "without a code".to_owned(),
    };
    let (local, peer) = (end.local, end.local.peer());
    match &end.reason {
        EndReason::ClosingHandshake(side) => format!("the {} closed {code}", side.role(local)),
        EndReason::Failed => format!("the {local} failed the connection {code}"),
        EndReason::Fin => format!("the {peer} hung up without a close frame (FIN)"),
        EndReason::NoRequest => "the client left before it had asked for anything".to_owned(),
        EndReason::PeerDoesNotRead => {
            format!("the {peer} did not read what was sent, the {local} gave up")
        }
        EndReason::Reset => format!("the {peer} reset the connection (RST)"),
        EndReason::CloseUnanswered => {
            format!("the {local} closed {code}, the {peer} never answered,")
        }
        EndReason::EndedOnPurpose { reset: false } => {
            format!("the {local} hung up on purpose (FIN)")
        }
        EndReason::EndedOnPurpose { reset: true } => {
            format!("the {local} reset the connection on purpose (RST)")
        }
        EndReason::IoError(error) => format!("the connection broke ({error})"),
    }
}

/// Headers that say what the client wants, beside the key.
fn matters(header: &Header) -> bool {
    const NAMES: [&str; 4] = [
        "Origin",
        "Sec-WebSocket-Protocol",
        "Sec-WebSocket-Extensions",
        "User-Agent",
    ];
    NAMES
        .iter()
        .any(|name| header.name.eq_ignore_ascii_case(name))
}

fn key_and_accept(request: &[Header], response: &Response) -> String {
    let key = value_of(request, "Sec-WebSocket-Key").unwrap_or_default();
    let accept = value_of(&response.headers, "Sec-WebSocket-Accept").unwrap_or_default();
    format!("key {key}, accept {accept}")
}

/// Headers of an answer that say what both ends agree on.
const AGREED: [(&str, &str); 2] = [
    ("subprotocol ", "Sec-WebSocket-Protocol"),
    ("", "Sec-WebSocket-Extensions"),
];

fn value_of(headers: &[Header], name: &str) -> Option<String> {
    let mut named = headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case(name));
    named.next().map(Header::text)
}

fn push_stamp(out: &mut Vec<u8>, style: Style, stamp: LinePrefix<'_>) {
    style.push(out, StyleRole::Aside, stamp.time);
    out.extend_from_slice(b" #");
    words::push_number(out, stamp.connection);
    out.push(b' ');
}

/// The lines below the first line of an entry.
struct Block<'a> {
    indent: usize,
    out: &'a mut Vec<u8>,
    style: Style,
}

impl Block<'_> {
    fn headers(&mut self, sign: &str, headers: &[Header]) {
        for header in headers {
            self.line(&format!("{sign}{}: {}", header.name, header.text()));
        }
    }

    fn line(&mut self, text: &str) {
        self.out.extend(std::iter::repeat_n(b' ', self.indent));
        self.style
            .push(self.out, StyleRole::Aside, &escape::text(text));
        self.out.push(b'\n');
    }
}
