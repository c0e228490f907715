//! Lists of names and values that are the headers of a request or a response, without its first line: what
//! a network panel shows, and what programs print.

pub(in crate::input::paste) mod network_panel;
pub(in crate::input::paste) mod printed;
pub(in crate::input::paste) mod pseudo_headers;
pub(in crate::input::paste) mod rows;

use crate::input::paste::http_head::{Head, HeadKind};

/// The head that has these headers, and this first line if it is known.
fn head<'h>(
    kind: HeadKind,
    first: Option<&str>,
    headers: impl Iterator<Item = (&'h str, &'h str)>,
) -> Head {
    let mut text = String::new();
    if let Some(first) = first {
        text.extend([first, "\n"]);
    }
    for (name, value) in headers {
        text.extend([name, ": ", value, "\n"]);
    }
    text.push('\n');
    let mut head = Head::of_lines(kind, text.into_bytes());
    head.has_no_first_line = first.is_none();
    head
}

/// The head whose headers a program printed, in its own way, after this first line if it is known.
fn printed_head(start: Option<(HeadKind, &str)>, headers: &[(String, String)]) -> Head {
    let has = |wanted: &str| {
        headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(wanted))
    };
    let kind = if has("sec-websocket-accept") && !has("sec-websocket-key") {
        HeadKind::Response
    } else {
        HeadKind::Request
    };
    let kind = start.map_or(kind, |(kind, _)| kind);
    let first = start.map(|(_, line)| line);
    let lines = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let mut head = head(kind, first, lines);
    // Node prints the names of an object in small letters.
    let has_capitals =
        |(name, _): &(String, String)| name.bytes().any(|it| it.is_ascii_uppercase());
    head.has_exact_names = headers.iter().any(has_capitals);
    head.is_printed = true;
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accept_value_without_a_key_is_that_of_a_response() {
        for (names, kind) in [
            (&["Upgrade", "SEC-WEBSOCKET-ACCEPT"][..], HeadKind::Response),
            (&["Upgrade", "sec-websocket-key"], HeadKind::Request),
            (
                &["Sec-WebSocket-Key", "Sec-WebSocket-Accept"],
                HeadKind::Request,
            ),
        ] {
            let headers = names
                .iter()
                .map(|name| ((*name).to_owned(), "a".to_owned()));
            let headers: Vec<_> = headers.collect();
            assert_eq!(printed_head(None, &headers).kind, kind, "{names:?}");
            let start = Some((HeadKind::Response, "HTTP/1.1 101 Switching Protocols"));
            assert_eq!(printed_head(start, &headers).kind, HeadKind::Response);
        }
    }
}
