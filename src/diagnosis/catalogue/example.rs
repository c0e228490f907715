//! How a rule is shown on its page: a command, a handshake with changes, or a sentence.

use std::fmt;

/// A way to see what a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Example {
    /// Arguments for wsctl, as a shell reads them: `decode --from server 817e…`.
    Command(&'static str),
    /// A request head, a response head, or both, for `wsctl handshake`.
    Handshake(HandshakeExample),
    /// A sentence that says what shows it, where bytes alone do not.
    NotVisible(&'static str),
}

/// The heads of a valid handshake with changes. Prints as the heads, each line ending in LF
/// and each head in an empty line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandshakeExample {
    /// The changes to the request, if there is one.
    pub request: Option<&'static [HeadChange]>,
    /// The changes to the response, if there is one.
    pub response: Option<&'static [HeadChange]>,
}

/// A change to a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadChange {
    /// The start line is this one, and there are no headers but those added after it.
    Only(&'static str),
    /// The start line is this one.
    StartLine(&'static str),
    /// There is no header of this name.
    Without(&'static str),
    /// A header of this name (in any case) has this name and value; if there is none, it is
    /// added at the end.
    With(&'static str, &'static str),
    /// This header is added, beside one of the same name.
    Also(&'static str, &'static str),
}

/// The request of a valid handshake.
const REQUEST: (&str, &[(&str, &str)]) = (
    "GET /chat HTTP/1.1",
    &[
        ("Host", "localhost:9527"),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", "kJXuOKsrl3AR1KeFngRElQ=="),
        ("Sec-WebSocket-Version", "13"),
    ],
);

/// The response to it.
const RESPONSE: (&str, &[(&str, &str)]) = (
    "HTTP/1.1 101 Switching Protocols",
    &[
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Accept", "lCaWI6ZCGd5I25+0bJrVqBOcDYc="),
    ],
);

impl fmt::Display for HandshakeExample {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = self.request.map(|changes| (REQUEST, changes));
        let response = self.response.map(|changes| (RESPONSE, changes));
        for (head, changes) in request.into_iter().chain(response) {
            write_changed(out, head, changes)?;
        }
        Ok(())
    }
}

/// Writes a head with its changes.
fn write_changed(
    out: &mut fmt::Formatter<'_>,
    (mut start_line, headers): (&'static str, &[(&'static str, &'static str)]),
    changes: &[HeadChange],
) -> fmt::Result {
    let mut headers = headers.to_vec();
    for change in changes {
        match *change {
            HeadChange::Only(line) => {
                start_line = line;
                headers.clear();
            }
            HeadChange::StartLine(line) => start_line = line,
            HeadChange::Without(name) => headers.retain(|header| header.0 != name),
            HeadChange::With(name, value) => {
                let is_named = |header: &&mut (&str, &str)| header.0.eq_ignore_ascii_case(name);
                match headers.iter_mut().find(is_named) {
                    Some(header) => *header = (name, value),
                    None => headers.push((name, value)),
                }
            }
            HeadChange::Also(name, value) => headers.push((name, value)),
        }
    }
    writeln!(out, "{start_line}")?;
    for (name, value) in headers {
        writeln!(out, "{name}: {value}")?;
    }
    writeln!(out)
}
