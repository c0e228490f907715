//! A head on one line: its line ends are written as escapes, or replaced by blanks, commas or dots.

use std::str::Chars;

use super::header_line::{header_name, is_plausible};
use super::kind::HeadKind;
use super::start_line::FoundStartLine;
use super::{FoundHead, bytes_after, first_line, found};

/// What separates a start line from the header after it.
pub(super) enum Form {
    /// A line end.
    Lines,
    /// A written `\r\n`. The rest of the line is a literal.
    Escaped,
    /// Blanks, commas or dots.
    Joined(&'static str),
}

impl<'t> FoundStartLine<'t> {
    pub(super) fn form(&self) -> Form {
        let after = self.line.get(self.end..).unwrap_or_default();
        if self.is_quoted_alone() {
            return Form::Lines;
        }
        if let Some(at) = after.find("\\r\\n").or_else(|| after.find("\\n")) {
            let after = after.get(at..).unwrap_or_default();
            let after = after.strip_prefix("\\r").unwrap_or(after);
            let after = after.strip_prefix("\\n").unwrap_or(after);
            let is_end = after
                .trim_end_matches(['"', '\'', '\\', ',', '+', ' '])
                .is_empty();
            return if is_end { Form::Lines } else { Form::Escaped };
        }
        let separators = ["..", "; ", " | ", ",", " "];
        let is_joined = |separator: &&&str| {
            let mut parts = joined(after, separator).into_iter();
            parts.next();
            parts.any(|part| header_name(part).is_some())
        };
        separators
            .iter()
            .find(is_joined)
            .map_or(Form::Lines, |separator| Form::Joined(separator))
    }

    /// Whether quotes enclose the start line and nothing else, as in the log of a server:
    /// `"GET / HTTP/1.1" 400`.
    fn is_quoted_alone(&self) -> bool {
        let before = self.line.get(..self.at).unwrap_or_default();
        let after = self.line.get(self.end..).unwrap_or_default();
        let quote = before.chars().next_back();
        let is_quote = quote.is_some_and(|char| matches!(char, '"' | '\'' | '`'));
        let mut after = after
            .chars()
            .skip_while(|char| Some(*char) != quote)
            .skip(1);
        let is_closed = self.line.get(self.end..).unwrap_or_default().chars().next() == quote;
        // A list of quoted lines continues with a quote.
        let is_list = after.find(|char| !matches!(char, ',' | ' ' | 'b')) == quote;
        self.kind == HeadKind::Request && is_quote && is_closed && !is_list
    }

    /// Reads a head on one line with written line ends.
    pub(super) fn escaped(&self, text: &'t str) -> Option<FoundHead<'t>> {
        let before = self.line.get(..self.at)?;
        let quote = before
            .chars()
            .next_back()
            .filter(|char| matches!(char, '"' | '\'' | '`'));
        let body = self.line.get(self.at..)?;
        let is_cut = self.is_cut(text);
        let mut head = Vec::new();
        let mut after = None;
        let mut chars = body.chars();
        while let Some(char) = chars.next() {
            if Some(char) == quote {
                after = Some(chars.as_str());
                break;
            }
            if char != '\\' {
                head.extend(char.to_string().into_bytes());
            } else if unescape(&mut chars, &mut head).is_none() {
                if is_cut {
                    break;
                }
                return None;
            }
        }
        let taken = |after: &&str| body.len() - after.len();
        let is_near = |after: &&str| bytes_after::is_near(after, taken(after));
        let size = match after
            .filter(is_near)
            .filter(|after| bytes_after::has_bytes(after))
        {
            Some(after) => self.line.len() - after.len(),
            None => first_line(text).1,
        };
        let mut found = found(self.kind, head, true, size);
        found.head.is_too_large = is_cut && after.is_none();
        let is_python = before.ends_with("b'") || before.ends_with("b\"");
        found.head.note = Some(if is_python {
            "read as a Python literal"
        } else {
            "read as text with escapes"
        });
        Some(found)
    }

    /// Reads a head on one line with other separators.
    pub(super) fn joined(&self, separator: &str, text: &'t str) -> FoundHead<'t> {
        let first = self.line.get(self.at..self.end).unwrap_or_default();
        let after = self.line.get(self.end..).unwrap_or_default();
        let mut head = first.to_owned();
        for (number, part) in joined(after, separator).into_iter().enumerate() {
            let before = match number {
                0 if part.is_empty() => "",
                0 => " ",
                _ => "\r\n",
            };
            head.push_str(before);
            head.push_str(part.trim_end_matches(['"', '\'', ';', '|', ' ']));
        }
        head.push_str("\r\n\r\n");
        let (_, size) = first_line(text);
        let mut found = found(self.kind, head.into_bytes(), false, size);
        found.head.is_too_large = self.is_cut(text);
        found
    }
}

/// Reads the escape after a backslash. None if it is incomplete or wrong.
fn unescape(chars: &mut Chars<'_>, head: &mut Vec<u8>) -> Option<()> {
    match chars.next()? {
        'r' => head.push(b'\r'),
        'n' => head.push(b'\n'),
        't' => head.push(b'\t'),
        'x' => {
            let digits = chars.as_str().get(..2)?;
            head.push(u8::from_str_radix(digits, 16).ok()?);
            *chars = chars.as_str().get(2..)?.chars();
        }
        other => head.extend(other.to_string().into_bytes()),
    }
    Some(())
}

/// The parts of a head on one line: the rest of its start line, then each header.
fn joined<'t>(after: &'t str, separator: &str) -> Vec<&'t str> {
    let mut starts = vec![0];
    let step = separator.len();
    for at in memchr::memmem::find_iter(after.as_bytes(), separator.as_bytes()) {
        let part = after.get(at + step..).unwrap_or_default();
        let is_header = header_name(without_quote(part.trim_start_matches([' ', '.'])))
            .is_some_and(|name| separator != " " || is_plausible(name));
        if is_header && starts.last() != Some(&(at + step)) {
            starts.push(at + step);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([after.len() + step]);
    let parts = starts.iter().zip(ends).map(|(start, end)| {
        let part = after.get(*start..end - step).unwrap_or_default();
        let part = part.trim_matches('.').trim();
        let inside = without_quote(part);
        let quote = part.get(..part.len() - inside.len()).unwrap_or_default();
        match quote.chars().next_back() {
            Some(quote) => inside.split(quote).next().unwrap_or(inside),
            None => part,
        }
    });
    parts.collect()
}

/// An item of a list without its opening quote: `'Host: a'`, `b'Host: a'`.
fn without_quote(part: &str) -> &str {
    let start = part.strip_prefix('b').unwrap_or(part);
    start.strip_prefix(['"', '\'']).unwrap_or(part)
}
