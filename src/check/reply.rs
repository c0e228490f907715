//! The responses that the cases of clients send: the valid one with changes, as data. The tables
//! in `cases` write them, `probe` sends them.

use crate::ws::handshake::{Digest, GUID, accept_value};

/// A change of the valid response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyChange {
    /// Another status line.
    StatusLine(&'static str),
    /// These lines in place of the header of this name; none to leave it out. `{accept}`,
    /// `{protocol}` and the names of wrong accept values are replaced.
    Lines(&'static str, Vec<String>),
    /// These lines after the headers.
    Add(Vec<String>),
    /// These parameters of permessage-deflate, if the client offers it.
    Deflate(String),
    /// Bytes right after the head.
    After(Vec<u8>),
}

/// What a response is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReplyBase<'a> {
    /// The key of the client.
    pub(super) key: &'a str,
    /// The first subprotocol that the client offers.
    pub(super) protocol: Option<&'a str>,
    /// Whether the client offers permessage-deflate.
    pub(super) offers_deflate: bool,
}

/// The bytes of the valid response with these changes.
pub(super) fn encode_reply(base: ReplyBase<'_>, changes: &[ReplyChange]) -> Vec<u8> {
    let mut status_line = "HTTP/1.1 101 Switching Protocols";
    let mut lines = vec![
        ("Upgrade", "Upgrade: websocket".to_owned()),
        ("Connection", "Connection: Upgrade".to_owned()),
        (
            "Sec-WebSocket-Accept",
            "Sec-WebSocket-Accept: {accept}".to_owned(),
        ),
    ];
    if base.protocol.is_some() {
        lines.push((
            "Sec-WebSocket-Protocol",
            "Sec-WebSocket-Protocol: {protocol}".to_owned(),
        ));
    }
    let mut after = &[][..];
    for change in changes {
        match change {
            ReplyChange::StatusLine(line) => status_line = line,
            ReplyChange::Lines(name, others) => {
                let at = lines
                    .iter()
                    .position(|line| line.0 == *name)
                    .unwrap_or(lines.len());
                lines.retain(|line| line.0 != *name);
                let others = others.iter().map(|line| (*name, line.clone()));
                lines.splice(at..at, others);
            }
            ReplyChange::Add(others) => lines.extend(others.iter().map(|it| ("", it.clone()))),
            ReplyChange::Deflate(parameters) if base.offers_deflate => {
                let line = format!("Sec-WebSocket-Extensions: permessage-deflate{parameters}");
                lines.push(("Sec-WebSocket-Extensions", line));
            }
            ReplyChange::Deflate(_) => {}
            ReplyChange::After(bytes) => after = bytes,
        }
    }
    let mut head = format!("{status_line}\r\n");
    for (_, line) in lines {
        head.push_str(&filled_in(&line, base));
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(after);
    bytes
}

/// A line with the values of this connection.
fn filled_in(line: &str, base: ReplyBase<'_>) -> String {
    let key = base.key.as_bytes();
    let accept = accept_value(key);
    let digest = Digest::of(&[key, GUID.as_bytes()]);
    let lower_guid = GUID.to_ascii_lowercase();
    line.replace("{accept}", &accept)
        .replace("{protocol}", base.protocol.unwrap_or_default())
        .replace("{other-key}", &accept_value(b"d3NjdGwgb3RoZXIga2V5IQ=="))
        .replace("{hexadecimal}", &digest.hexadecimal())
        .replace("{base64-of-hexadecimal}", &digest.base64_of_hexadecimal())
        .replace("{without-guid}", &Digest::of(&[key]).base64())
        .replace(
            "{lower-case-guid}",
            &Digest::of(&[key, lower_guid.as_bytes()]).base64(),
        )
        .replace("{lower-case}", &accept.to_ascii_lowercase())
        .replace("{no-padding}", accept.trim_end_matches('='))
        .replace("{key}", base.key)
}
