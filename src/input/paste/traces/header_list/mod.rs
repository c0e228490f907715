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
