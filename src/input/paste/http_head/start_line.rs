//! The first line of a head, a request line or a status line, inside a line of a text.

use super::kind::{HeadKind, MOST_HEAD};
use crate::input::paste::start_of;

/// `GET /chat HTTP/1.1` or `HTTP/1.1 101 Switching Protocols` in a line.
pub(super) struct FoundStartLine<'t> {
    pub(super) kind: HeadKind,
    /// The line, or the first [`MOST_HEAD`] bytes of it.
    pub(super) line: &'t str,
    /// The offset of its start, and the offset after the version or the status code.
    pub(super) at: usize,
    pub(super) end: usize,
}

impl<'t> FoundStartLine<'t> {
    /// The first line of a head in a line of a text.
    pub(super) fn find(line: &'t str) -> Option<Self> {
        let line = start_of(line, MOST_HEAD);
        memchr::memmem::find_iter(line.as_bytes(), b"HTTP/")
            .find_map(|at| Self::at_version(line, at))
    }

    /// The start line whose version is at this offset.
    fn at_version(line: &'t str, at: usize) -> Option<Self> {
        let rest = line.get(at..)?;
        let digits = rest
            .bytes()
            .skip(5)
            .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
            .count();
        // The dots of ngrep stand after the version.
        let number = rest
            .get(5..5 + digits)?
            .split("..")
            .next()?
            .trim_end_matches('.');
        let end = at + 5 + number.len();
        if !number.starts_with(|char: char| char.is_ascii_digit()) {
            return None;
        }
        let after = line.get(end..)?;
        if let Some(status) = after.strip_prefix(' ') {
            let size = status.bytes().take_while(u8::is_ascii_digit).count();
            let before = line.get(..at)?;
            let is_word = before.ends_with(|char: char| char.is_alphanumeric() || char == '/');
            if size > 0 && !is_word && request_at(before).is_none() {
                return Some(Self {
                    kind: HeadKind::Response,
                    line,
                    at,
                    end: end + 1 + size,
                });
            }
        }
        let start = request_at(line.get(..at)?)?;
        Some(Self {
            kind: HeadKind::Request,
            line,
            at: start,
            end,
        })
    }
}

/// The offset of the request line that ends before its version; None if there is none.
fn request_at(before: &str) -> Option<usize> {
    // A target may contain blanks, which is an error with a finding of its own.
    const MOST_BLANKS: usize = 64;
    let words = before.strip_suffix(' ')?;
    let mut end = words.len();
    for _ in 0..MOST_BLANKS {
        let space = words.get(..end)?.rfind(' ')?;
        let start = words
            .get(..space)?
            .rfind(|char: char| !char.is_ascii_alphabetic())
            .map_or(0, |at| {
                at + words
                    .get(at..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(1, char::len_utf8)
            });
        let method = words.get(start..space)?;
        let is_known = METHODS.contains(&method.to_ascii_uppercase().as_str());
        let target = words.get(space + 1..)?;
        let is_alone =
            start == 0 && !method.is_empty() && !target.contains(' ') && !target.ends_with(':');
        if is_known || is_alone {
            return Some(start);
        }
        end = space;
    }
    None
}

pub(super) const METHODS: &[&str] = &[
    "GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "CONNECT", "TRACE", "PRI",
];
