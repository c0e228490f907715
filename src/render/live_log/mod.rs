//! The lines of a log of live connections. The text printer prints events with them; their
//! JSON is in [`json`](super::json).

mod client;
mod end;
#[cfg(test)]
mod tests;

pub(super) use client::push_client_handshake;
pub(super) use end::push_end;

use super::escape;
use super::excerpt::Excerpt;
use super::finding;
use super::style::{Style, StyleRole};
use super::words;
use super::wrap::{columns, push_lines, wrap};
use crate::diagnosis::{Finding, Severity};
use crate::ws::handshake::{Header, RequestKind, Response};

/// What a line of the log begins with: `10:02:11.480 #12`.
#[derive(Clone, Copy, Debug)]
pub struct LinePrefix<'a> {
    /// The time of the day.
    pub time: &'a str,
    /// The connection's number; None in a process that has one connection only.
    pub connection: Option<u64>,
    /// The width of the terminal; None if the log does not go to one.
    pub width: Option<usize>,
}

impl LinePrefix<'_> {
    /// How many columns the text of a line may have.
    fn room(self) -> usize {
        room(self.width, self.indent())
    }

    /// The width of a prefix and of the sign after it, with their spaces.
    fn indent(self) -> usize {
        let number = self.connection.map(|number| format!("#{number} "));
        self.time.len() + 1 + number.unwrap_or_default().len() + 2
    }
}

/// The address of a server that listens.
#[derive(Clone, Copy, Debug)]
pub struct ListenAddress<'a> {
    /// The URL for clients.
    pub url: &'a str,
    /// The URL of the page for browsers, if the server has one.
    pub page: Option<&'a str>,
    /// The certificate, if the server uses TLS.
    pub certificate: Option<Certificate<'a>>,
}

/// The certificate of a server.
#[derive(Clone, Copy, Debug)]
pub struct Certificate<'a> {
    /// The file that it was read from; None if it is a new one.
    pub file: Option<&'a str>,
    /// The SHA-256 fingerprint, in pairs of digits.
    pub fingerprint: &'a str,
}

/// Appends the first line: the server listens.
pub fn push_listening_line(out: &mut Vec<u8>, style: Style, address: ListenAddress<'_>) {
    out.extend_from_slice(b"listening on ");
    style.push(out, StyleRole::Name, address.url);
    if let Some(page) = address.page {
        out.extend_from_slice(b"  (a page for browsers at ");
        style.push(out, StyleRole::Name, page);
        out.push(b')');
    }
    out.push(b'\n');
    if let Some(Certificate { file, fingerprint }) = address.certificate {
        let origin = file.map_or_else(
            || "new, self-signed".to_owned(),
            |file| format!("from {}", escape::text(file)),
        );
        let lines = format!("certificate: {origin}; SHA-256\n  {fingerprint}\n");
        out.extend_from_slice(lines.as_bytes());
    }
}

/// Appends a TLS handshake at a server without TLS, which answered with a TLS alert.
pub(super) fn push_tls_alert(
    out: &mut Vec<u8>,
    style: Style,
    prefix: LinePrefix<'_>,
    peer: &str,
    bytes: &[u8],
) {
    push_prefix(out, style, prefix);
    style.push(out, StyleRole::Violation, "!");
    out.extend_from_slice(format!(" {peer} ").as_bytes());
    Excerpt::whole(bytes).push_with_length(out);
    out.push(b'\n');
    let indent = prefix.indent();
    IndentedLines { indent, out, style }.line("answered with a TLS alert, protocol_version");
}

/// Appends a finding on one line.
pub(super) fn push_finding(
    out: &mut Vec<u8>,
    style: Style,
    prefix: LinePrefix<'_>,
    found: &Finding,
) {
    push_prefix(out, style, prefix);
    let role = match found.severity {
        Severity::Violation => StyleRole::Violation,
        Severity::Suspicious | Severity::PeerBug => StyleRole::Suspicion,
        Severity::Note => StyleRole::Aside,
    };
    style.push(out, role, "!");
    out.push(b' ');
    finding::push_hanging_line(out, style, found, prefix.indent(), prefix.room());
}

/// A notice: a line of the log that is neither an event of the protocol nor a finding.
#[derive(Clone, Copy, Debug)]
pub struct NoticeLine<'a> {
    /// What the notice is about, with a space in front: ` #3`, ` exec`, or nothing for the
    /// server.
    pub subject: &'a str,
    /// The name of the notice in JSON.
    pub name: &'a str,
    /// The sentence, or a line that the program of `--exec` wrote to standard error.
    pub text: &'a str,
    /// Whether the text is a line of the program.
    pub is_program_output: bool,
}

/// Appends a notice. A line of the program is after a `|`, and is not broken.
pub(super) fn push_notice(
    out: &mut Vec<u8>,
    style: Style,
    time: &str,
    notice: &NoticeLine<'_>,
    width: Option<usize>,
) {
    style.push(out, StyleRole::Aside, time);
    out.extend_from_slice(notice.subject.as_bytes());
    out.push(b' ');
    if notice.is_program_output {
        style.push(out, StyleRole::Aside, "| ");
        escape::push_text(out, notice.text.as_bytes());
        out.push(b'\n');
    } else {
        style.push(out, StyleRole::Suspicion, "! ");
        let indent = columns(time) + columns(notice.subject) + " ! ".len();
        let text = escape::text(notice.text);
        push_lines(out, &fitted(&text, room(width, indent)), indent);
    }
}

/// Appends a finding, and below it the bytes with the wrong ones underlined, the cause and
/// the fix.
pub(super) fn push_finding_in_full(
    out: &mut Vec<u8>,
    style: Style,
    prefix: LinePrefix<'_>,
    found: &Finding,
) {
    push_finding(out, style, prefix, found);
    let indent = prefix.indent();
    let mut lines = IndentedLines { indent, out, style };
    for line in finding::lines(found, indent) {
        lines.line(&line);
    }
}

/// Appends another event: a sign and a sentence.
pub(super) fn push_event(
    out: &mut Vec<u8>,
    style: Style,
    prefix: LinePrefix<'_>,
    sign: &str,
    text: &str,
) {
    push_prefix(out, style, prefix);
    style.push(out, StyleRole::Aside, sign);
    out.push(b' ');
    let lines = fitted(&escape::text(text), prefix.room());
    push_lines(out, &lines, prefix.indent());
}

/// Appends a request and its response: the headers that matter, or all headers of both.
pub(super) fn push_handshake(
    out: &mut Vec<u8>,
    style: Style,
    prefix: LinePrefix<'_>,
    peer: &str,
    asked: RequestKind<'_>,
    response: &Response,
    all_headers: bool,
) {
    let opened = response.status == 101;
    push_prefix(out, style, prefix);
    let (sign, role) = match response.status {
        101 => ("+", StyleRole::Incoming),
        200 => ("*", StyleRole::Outgoing),
        _ => ("!", StyleRole::Violation),
    };
    style.push(out, role, sign);
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
    let indent = prefix.indent();
    let mut lines = IndentedLines { indent, out, style };
    let headers = asked.headers();
    if all_headers {
        lines.headers("< ", headers);
        lines.line(&format!("> {}", response.status_line()));
        lines.headers("> ", &response.headers);
    } else {
        let shown = headers.iter().filter(|header| is_shown(header)).cloned();
        lines.headers("", &shown.collect::<Vec<_>>());
        if opened {
            lines.line(&key_and_accept(headers, response));
            for (what, name) in NEGOTIATED {
                if let Some(value) = value_of(&response.headers, name) {
                    lines.line(&format!("negotiated {what}{value}"));
                }
            }
        }
    }
    match response.status {
        101 => {}
        200 => lines.line("answered with the page for browsers"),
        _ => lines.line(&format!("answered with {}", response.status_line())),
    }
}

/// Appends the last line: the server has stopped. On a terminal it is below the `^C`.
pub fn push_stopped_line(out: &mut Vec<u8>, connections: usize, to_terminal: bool) {
    if to_terminal {
        out.push(b'\n');
    }
    let line = match connections {
        0 => "stopped: no connection was open\n".to_owned(),
        1 => "stopped: 1 connection closed with 1001\n".to_owned(),
        count => format!("stopped: {count} connections closed with 1001\n"),
    };
    out.extend_from_slice(line.as_bytes());
}

/// How many columns are left of `width` after `indent`.
fn room(width: Option<usize>, indent: usize) -> usize {
    width.map_or(usize::MAX, |width| width.saturating_sub(indent))
}

/// The text as one line if it fits, else as several.
fn fitted(text: &str, room: usize) -> Vec<String> {
    if columns(text) <= room {
        vec![text.to_owned()]
    } else {
        wrap(text, room)
    }
}

/// Whether a request header is shown without `-v`, beside the key.
fn is_shown(header: &Header) -> bool {
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

/// The headers of a response that say what was negotiated.
const NEGOTIATED: [(&str, &str); 2] = [
    ("subprotocol ", "Sec-WebSocket-Protocol"),
    ("", "Sec-WebSocket-Extensions"),
];

fn value_of(headers: &[Header], name: &str) -> Option<String> {
    let mut named = headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case(name));
    named.next().map(Header::text)
}

/// Appends the prefix of a line, and a space.
pub(super) fn push_prefix(out: &mut Vec<u8>, style: Style, prefix: LinePrefix<'_>) {
    style.push(out, StyleRole::Aside, prefix.time);
    out.push(b' ');
    if let Some(number) = prefix.connection {
        out.push(b'#');
        words::push_number(out, number);
        out.push(b' ');
    }
}

/// The lines below the first line of an event.
struct IndentedLines<'a> {
    indent: usize,
    out: &'a mut Vec<u8>,
    style: Style,
}

impl IndentedLines<'_> {
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
