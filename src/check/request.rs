//! The opening requests that the cases of servers send: the valid one with changes, as data.
//! The tables in `cases` write them, `probe` sends them.

use crate::ws::handshake::Header;

/// What every request of a run has: what the URL and the user's options say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestBase {
    /// The request target: `/chat?room=1`.
    pub target: String,
    /// The value of `Host`.
    pub host: String,
    /// Headers that the user adds to every request.
    pub extra: Vec<Header>,
    /// The subprotocols that the server accepts, as the user says. The first of them is offered
    /// in every request that does not test the offer.
    pub subprotocols: Vec<String>,
}

/// A change of the valid request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another method.
    Method(&'static str),
    /// Another version of HTTP in the request line.
    Version(&'static str),
    /// These lines in place of the header of this name; none to leave it out. `{host}`, `{key}`
    /// and `{subprotocol}` are replaced.
    Lines(&'static str, Vec<String>),
    /// These lines after the headers.
    Add(Vec<String>),
    /// The names of the headers in lower case.
    LowerCaseNames,
    /// The names of the headers in upper case.
    UpperCaseNames,
    /// The headers in reverse order.
    Reversed,
    /// LF in place of CRLF.
    BareLineFeeds,
    /// Bytes right after the head.
    After(Vec<u8>),
    /// Only the first half of the head.
    Half,
}

/// How a head or a frame is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// In one write.
    #[default]
    AtOnce,
    /// Each byte in a write of its own, with a pause after it.
    Bytewise,
    /// In writes of this many bytes, with a pause after each.
    Pieces(usize),
    /// In two writes with a pause between them; this many bytes are in the first one.
    SplitAt(usize),
    /// The same; this many bytes are in the second one.
    BeforeLast(usize),
}

/// Makes a header of the valid request have this one line.
pub(super) fn line(name: &'static str, line: impl Into<String>) -> Change {
    Change::Lines(name, vec![line.into()])
}

/// Makes a header of the valid request have these lines.
pub(super) fn lines<const N: usize>(name: &'static str, lines: [&str; N]) -> Change {
    Change::Lines(name, lines.map(str::to_owned).to_vec())
}

/// Leaves a header of the valid request out.
pub(super) const fn without(name: &'static str) -> Change {
    Change::Lines(name, Vec::new())
}

/// The name of the header that offers extensions.
pub(super) const EXTENSIONS: &str = "Sec-WebSocket-Extensions";

/// The name of the header that offers subprotocols.
pub(super) const PROTOCOL: &str = "Sec-WebSocket-Protocol";

/// Offers extensions with these values, each in a header of its own.
pub(super) fn extensions<const N: usize>(values: [&str; N]) -> Change {
    let line = |value| format!("{EXTENSIONS}: {value}");
    Change::Lines(EXTENSIONS, values.map(line).to_vec())
}

/// The bytes of the valid request with these changes and this key.
pub(super) fn encode(base: &RequestBase, changes: &[Change], key: &str) -> Vec<u8> {
    let mut method = "GET";
    let mut version = "HTTP/1.1";
    let mut lines = valid_lines(base, key);
    let (mut line_end, mut after, mut is_half) = ("\r\n", &[][..], false);
    for change in changes {
        match change {
            Change::Method(other) => method = other,
            Change::Version(other) => version = other,
            Change::Lines(name, others) => replace(&mut lines, name, others),
            Change::Add(others) => {
                lines.extend(others.iter().map(|it| (String::new(), it.clone())));
            }
            Change::LowerCaseNames => change_names(&mut lines, str::to_ascii_lowercase),
            Change::UpperCaseNames => change_names(&mut lines, str::to_ascii_uppercase),
            Change::Reversed => lines.reverse(),
            Change::BareLineFeeds => line_end = "\n",
            Change::After(bytes) => after = bytes,
            Change::Half => is_half = true,
        }
    }
    let mut head = format!("{method} {} {version}{line_end}", base.target);
    for (_, line) in &lines {
        let line = line
            .replace("{host}", &base.host)
            .replace("{key}", key)
            .replace(
                "{subprotocol}",
                base.subprotocols.first().map_or("", String::as_str),
            );
        head.extend([line.as_str(), line_end]);
    }
    let mut bytes = head.into_bytes();
    if is_half {
        bytes.truncate(bytes.len() / 2);
        return bytes;
    }
    bytes.extend_from_slice(line_end.as_bytes());
    bytes.extend_from_slice(after);
    bytes
}

/// The header lines of the valid request, each with the name that it can be replaced by.
fn valid_lines(base: &RequestBase, key: &str) -> Vec<(String, String)> {
    let mut lines = vec![
        ("Host", base.host.clone()),
        ("Upgrade", "websocket".to_owned()),
        ("Connection", "Upgrade".to_owned()),
        ("Sec-WebSocket-Key", key.to_owned()),
        ("Sec-WebSocket-Version", "13".to_owned()),
    ];
    if let Some(first) = base.subprotocols.first() {
        lines.push((PROTOCOL, first.clone()));
    }
    let mut lines: Vec<(String, String)> = lines
        .into_iter()
        .map(|(name, value)| (name.to_owned(), format!("{name}: {value}")))
        .collect();
    for header in &base.extra {
        let line = format!("{}: {}", header.name, header.text());
        replace(&mut lines, &header.name, &[line]);
    }
    lines
}

/// Puts other lines in the place of those of a name, or at the end if there is none.
fn replace(lines: &mut Vec<(String, String)>, name: &str, others: &[String]) {
    let is_named = |line: &(String, String)| line.0.eq_ignore_ascii_case(name);
    let at = lines.iter().position(is_named).unwrap_or(lines.len());
    lines.retain(|line| !is_named(line));
    let others = others.iter().map(|line| (name.to_owned(), line.clone()));
    lines.splice(at..at, others);
}

fn change_names(lines: &mut [(String, String)], change: impl Fn(&str) -> String) {
    for (_, line) in lines {
        if let Some((name, value)) = line.split_once(':') {
            *line = format!("{}:{value}", change(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(changes: &[Change]) -> String {
        let base = RequestBase {
            target: "/chat".to_owned(),
            host: "localhost:9000".to_owned(),
            extra: vec![Header::new("Origin", "http://localhost")],
            subprotocols: Vec::new(),
        };
        let bytes = encode(&base, changes, "dGhlIHNhbXBsZSBub25jZQ==");
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn without_changes_it_is_the_valid_request() {
        assert_eq!(
            request(&[]),
            "GET /chat HTTP/1.1\r\nHost: localhost:9000\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Version: 13\r\nOrigin: http://localhost\r\n\r\n"
        );
    }

    #[test]
    fn each_change_is_where_its_header_was() {
        let changes = [
            Change::Method("POST"),
            Change::Version("HTTP/1.0"),
            lines("Host", ["Host : {host}", "Host: other"]),
            without("Connection"),
            line("Sec-WebSocket-Key", "Sec-WebSocket-Key:  {key} "),
            extensions(["foo", "bar"]),
            Change::UpperCaseNames,
            Change::After(b"hello".to_vec()),
        ];
        assert_eq!(
            request(&changes),
            "POST /chat HTTP/1.0\r\nHOST : localhost:9000\r\nHOST: other\r\n\
             UPGRADE: websocket\r\nSEC-WEBSOCKET-KEY:  dGhlIHNhbXBsZSBub25jZQ== \r\n\
             SEC-WEBSOCKET-VERSION: 13\r\nORIGIN: http://localhost\r\n\
             SEC-WEBSOCKET-EXTENSIONS: foo\r\nSEC-WEBSOCKET-EXTENSIONS: bar\r\n\r\nhello"
        );
        let (half, whole) = (request(&[Change::Half]), request(&[]));
        assert!(whole.starts_with(&half), "{half}");
        assert_eq!(half.len(), (whole.len() - 2) / 2);
    }
}
