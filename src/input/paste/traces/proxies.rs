//! The debug logs of reverse proxies, which print the headers that they parsed: `HAProxy` (`-d`), nginx
//! (`error_log … debug`) and Envoy (`--log-level debug`).

use super::lines::{Lines, first_line};
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::envelope::Envelope;
use crate::input::paste::http_head::{Head, HeadKind};

fn chunk(kind: HeadKind, mut text: String) -> Chunk {
    text.push('\n');
    let mut head = Head::of_lines(kind, text.into_bytes());
    // A proxy may print the names in small letters.
    head.has_exact_names = false;
    Chunk::new(Content::Head(head), None)
}

/// Reads the lines of one head: `00000000:fe.clireq[0009:ffffffff]: GET /chat HTTP/1.1`, then
/// `00000000:fe.clihdr[0009:ffffffff]: host: localhost`.
pub(in crate::input::paste) fn read_haproxy(text: &str, _is_end: bool) -> Option<Taken> {
    let first = HaproxyLine::parse(first_line(text))?;
    let (kind, header) = match first.event {
        "clireq" => (HeadKind::Request, "clihdr"),
        "srvrep" => (HeadKind::Response, "srvhdr"),
        _ => return None,
    };
    let mut head = format!("{}\n", first.content);
    let mut size = 0;
    for (number, (line, end)) in Lines::new(text).enumerate() {
        if number > 0 {
            let line = HaproxyLine::parse(line).filter(|line| line.event == header);
            let Some(line) = line else {
                break;
            };
            head.extend([line.content, "\n"]);
        }
        size = end;
    }
    let mut chunk = chunk(kind, head).at(Envelope::of(first_line(text)).time());
    chunk.connection = Some(first.session);
    Some(Taken::new(vec![chunk], size))
}

/// A line of `haproxy -d`.
struct HaproxyLine<'t> {
    session: u32,
    event: &'t str,
    content: &'t str,
}

impl<'t> HaproxyLine<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let (before, content) = line.split_once("]: ")?;
        let (before, _) = before.rsplit_once('[')?;
        let (before, event) = before.rsplit_once('.')?;
        let session = before.split_once(':')?.0;
        let session = session.rsplit(' ').next().filter(|it| it.len() == 8)?;
        Some(Self {
            session: u32::from_str_radix(session, 16).ok()?,
            event,
            content,
        })
    }
}

/// Reads the lines of one head of nginx: `… *1 http request line: "GET /chat HTTP/1.1"`, then
/// `… *1 http header: "Host: localhost"`, with other lines among them; those of an upstream begin
/// with `http proxy status 101` and have `http proxy header:`.
pub(in crate::input::paste) fn read_nginx(text: &str, _is_end: bool) -> Option<Taken> {
    /// More lines than nginx prints for a head.
    const MOST_LINES: usize = 1000;
    let first = first_line(text);
    let (connection, event) = nginx_line(first)?;
    let (kind, start, name) = if let Some(line) = event.strip_prefix("http request line: \"") {
        let line = line.strip_suffix('"')?.to_owned();
        (HeadKind::Request, line, "http header")
    } else {
        let status = event.strip_prefix("http proxy status ")?;
        let (_, line) = status.split_once(" \"")?;
        let line = format!("HTTP/1.1 {}", line.strip_suffix('"')?);
        (HeadKind::Response, line, "http proxy header")
    };
    let mut head = format!("{start}\n");
    let mut has_headers = false;
    let mut size = 0;
    for (line, end) in Lines::new(text).take(MOST_LINES) {
        let own = nginx_line(line).filter(|(own, _)| *own == connection);
        let event = own.and_then(|(_, event)| event.strip_prefix(name));
        if let Some(header) = event.and_then(|it| it.strip_prefix(": \"")) {
            head.extend([header.strip_suffix('"').unwrap_or(header), "\n"]);
            has_headers = true;
            size = end;
        } else if event == Some(" done") {
            size = end;
            break;
        }
    }
    let chunk = chunk(kind, head).at(Envelope::of(first).time());
    has_headers.then(|| Taken::new(vec![chunk], size))
}

/// The number of the connection, and what follows it.
fn nginx_line(line: &str) -> Option<(&str, &str)> {
    let (_, rest) = line.split_once(": *")?;
    rest.split_once(' ')
}

/// Reads the lines of one head of Envoy: `… request headers complete (end_stream=false):`, then
/// `':path', '/chat'`.
pub(in crate::input::paste) fn read_envoy(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text);
    let is_heading = ["headers complete (", "encoding headers via codec ("]
        .iter()
        .any(|words| first.contains(words));
    if !is_heading || !first.trim_end().ends_with("):") {
        return None;
    }
    let mut method = "GET";
    let mut protocol = None;
    let (mut path, mut host, mut status) = (None, None, None);
    let mut headers = String::new();
    let mut size = first.len();
    for (line, end) in Lines::new(text).skip(1) {
        let Some((name, value)) = envoy_header(line) else {
            break;
        };
        size = end;
        match name {
            ":method" => method = value,
            ":path" => path = Some(value),
            ":authority" => host = Some(value),
            ":status" => status = Some(value),
            ":protocol" => protocol = Some(value),
            ":scheme" => {}
            _ => headers.extend([name, ": ", value, "\n"]),
        }
    }
    let time = Envelope::of(first).time();
    let chunk = match (path, status) {
        (Some(path), _) => {
            let host = host.map_or_else(String::new, |host| format!("Host: {host}\n"));
            // Envoy shows a request of HTTP/1.1 with pseudo-headers, too.
            let (version, protocol) = match protocol {
                Some(protocol) => ("HTTP/2", format!(":protocol: {protocol}\n")),
                None => ("HTTP/1.1", String::new()),
            };
            chunk(
                HeadKind::Request,
                format!("{method} {path} {version}\n{protocol}{host}{headers}"),
            )
        }
        (None, Some(status)) => {
            let reason = if status == "101" {
                "Switching Protocols"
            } else {
                ""
            };
            chunk(
                HeadKind::Response,
                format!("HTTP/1.1 {status} {reason}\n{headers}"),
            )
        }
        (None, None) => return None,
    };
    Some(Taken::new(vec![chunk.at(time)], size))
}

/// `'upgrade', 'websocket'`.
fn envoy_header(line: &str) -> Option<(&str, &str)> {
    let inside = line.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    inside.split_once("', '")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_lines_are_none() {
        for line in [
            "00000000:fe.accept(0004)=0009 from [127.0.0.1:34572] ALPN=<none>\n",
            "2026/11/26 14:24:08 [debug] 12#12: *1 http request line: \"GET / HTTP/1.1\"\n",
            "2026/11/26 14:24:08 [debug] 12#12: *1 recv: fd:3 7 of 1024\n",
            "[C0][S1] request headers complete (end_stream=false):\n81 05\n",
        ] {
            assert!(read_haproxy(line, true).is_none(), "{line}");
            assert!(read_nginx(line, true).is_none(), "{line}");
            assert!(read_envoy(line, true).is_none(), "{line}");
        }
    }
}
