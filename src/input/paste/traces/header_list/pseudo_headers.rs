//! The heads of HTTP/2 and HTTP/3, which have pseudo-headers (RFC 9113 section 8.3) and no first
//! line: `:method: CONNECT`, `:status: 200`.
//!
//! [`read`] reads a header a line, as `nghttp -v`, Go, Node, net logs and Wireshark print them;
//! [`printed`](super::printed) and [`network_panel`](super::network_panel) give their fields to
//! [`head_of`].

use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::http_head::{Head, HeadKind};
use crate::input::paste::traces::lines::{Lines, first_line};

/// What is told of a head that was read so.
pub(super) const NOTE: &str =
    "read as headers of HTTP/2 or 3, which have no first line: it is made of the pseudo-headers";

const NAMES: [&str; 6] = [
    ":method",
    ":path",
    ":protocol",
    ":scheme",
    ":authority",
    ":status",
];

/// Whether a name is that of a pseudo-header.
pub(super) fn is_pseudo_header(name: &str) -> bool {
    NAMES.contains(&name)
}

/// The head that has these fields: its first line is made of `:method` and `:path`, or of
/// `:status`. None if they are missing.
pub(super) fn head_of<'f>(
    fields: impl Iterator<Item = (&'f str, &'f str)> + Clone,
) -> Option<Head> {
    let value = |wanted: &str| {
        let mut fields = fields.clone();
        let found = fields.find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value)
    };
    let (kind, mut text, shown_in_first_line) = if let Some(status) = value(":status") {
        let is_status = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
        let first = is_status.then(|| format!("HTTP/2 {status}\n"))?;
        (HeadKind::Response, first, [":status", ""])
    } else {
        let target = value(":path").or_else(|| value(":authority"))?;
        let first = format!("{} {target} HTTP/2\n", value(":method")?);
        let shown = value(":path").map_or(":authority", |_| ":path");
        (HeadKind::Request, first, [":method", shown])
    };
    for (name, value) in fields.filter(|(name, _)| !shown_in_first_line.contains(name)) {
        text.extend([name, ": ", value, "\n"]);
    }
    text.push('\n');
    let mut head = Head::of_lines(kind, text.into_bytes());
    head.note = Some(NOTE);
    Some(head)
}

/// Reads a head that has a header a line. Each line may have the same words before the name.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    /// More lines than any head has.
    const MOST_LINES: usize = 1000;
    let form = Form::of(first_line(text))?;
    let mut fields: Vec<(&str, &str)> = Vec::new();
    let mut size = 0;
    for (line, end) in Lines::new(text).take(MOST_LINES) {
        if line.trim().is_empty() {
            size = end;
            break;
        }
        let Some(field) = form.field(line).filter(|field| may_follow(*field, &fields)) else {
            break;
        };
        fields.push(field);
        size = end;
    }
    let is_head = fields.len() > 1 || fields.iter().any(|(name, _)| *name == ":status");
    let head = head_of(fields.iter().copied()).filter(|_| is_head)?;
    Some(Taken::new(
        vec![Chunk::new(Content::Head(head), None)],
        size,
    ))
}

/// Whether a field belongs to the head that has these: another head begins where a pseudo-header
/// comes again, or one of the other kind.
fn may_follow((name, _): (&str, &str), fields: &[(&str, &str)]) -> bool {
    let has = |name| fields.iter().any(|(other, _)| *other == name);
    let is_other_kind = !fields.is_empty() && (name == ":status") != has(":status");
    !is_pseudo_header(name) || !(has(name) || is_other_kind)
}

/// How the lines of a head are written.
struct Form<'t> {
    /// The text before the name in the first line.
    prefix: &'t str,
    /// The quote around each name.
    quote: Option<char>,
    /// The text between the name and the value, without spaces.
    separator: &'static str,
}

const SEPARATORS: [&str; 4] = ["=>", ":", "=", ","];

impl<'t> Form<'t> {
    /// The form of the lines that begin with this one, if it has a pseudo-header.
    fn of(line: &'t str) -> Option<Self> {
        /// The longest words before a header.
        const LONGEST_PREFIX: usize = 160;
        let is_named = |at: &usize| {
            let rest = line.get(*at..).unwrap_or_default();
            let name = NAMES.iter().find(|name| rest.starts_with(**name));
            let after = name.and_then(|name| rest.get(name.len()..));
            after.is_some_and(|after| !after.starts_with(|char: char| char.is_alphanumeric()))
        };
        let mut colons = memchr::memchr_iter(b':', line.as_bytes());
        let at = colons.find(is_named).filter(|at| *at <= LONGEST_PREFIX)?;
        let (prefix, rest) = line.split_at_checked(at)?;
        // curl prints the headers of HTTP/2 again as those of HTTP/1.1.
        if prefix.starts_with('*') || prefix.ends_with(|char: char| char.is_alphanumeric()) {
            return None;
        }
        let quote = prefix.chars().next_back();
        let quote = quote.filter(|char| matches!(char, '"' | '\'' | '`'));
        let name = NAMES.iter().find(|name| rest.starts_with(**name))?;
        let after = without_quote(rest.get(name.len()..)?, quote)?.trim_start();
        let separator = SEPARATORS
            .into_iter()
            .find(|separator| after.starts_with(separator))?;
        Some(Self {
            prefix,
            quote,
            separator,
        })
    }

    /// The header in a line of this form.
    fn field<'l>(&self, line: &'l str) -> Option<(&'l str, &'l str)> {
        let content = self.without_prefix(line)?;
        let is_of_name = |char: char| char.is_ascii_alphanumeric() || "-_.:".contains(char);
        let size = content
            .char_indices()
            .find(|(at, char)| !is_of_name(*char) || *at > 0 && *char == ':')
            .map_or(content.len(), |(at, _)| at);
        let (name, after) = content.split_at_checked(size)?;
        let is_name = name.starts_with(|char: char| char.is_ascii_alphanumeric());
        if !is_name && !is_pseudo_header(name) {
            return None;
        }
        let after = without_quote(after, self.quote)?.trim_start();
        let value = after.strip_prefix(self.separator)?.trim();
        Some((name, self.value(value)))
    }

    /// A line without the words before the name: the digits of a timestamp may differ. Where
    /// they are no words but signs, their number may differ too.
    fn without_prefix<'l>(&self, line: &'l str) -> Option<&'l str> {
        let is_same = |a: char, b: char| a == b || a.is_ascii_digit() && b.is_ascii_digit();
        let own = line.get(..self.prefix.len());
        let has_prefix = own.is_some_and(|own| {
            let mut pairs = own.chars().zip(self.prefix.chars());
            pairs.all(|(a, b)| is_same(a, b))
        });
        if has_prefix {
            return line.get(self.prefix.len()..);
        }
        let is_sign = |char: char| !char.is_alphanumeric() && char != ':' && char != '[';
        let is_of_signs = self.prefix.chars().all(is_sign);
        is_of_signs.then(|| line.trim_start_matches(is_sign))
    }

    /// A value without the quotes around it, or without the bracket that encloses the header.
    fn value<'l>(&self, text: &'l str) -> &'l str {
        let inner = text
            .strip_prefix('b')
            .filter(|inner| inner.starts_with(['"', '\'']));
        let inner = inner.unwrap_or(text);
        if let Some(quote) = inner.chars().next().filter(|char| "\"'`".contains(*char)) {
            let inside = inner.get(1..).unwrap_or_default();
            return inside.split(quote).next().unwrap_or_default();
        }
        if self.prefix.ends_with('[') {
            return text.strip_suffix(']').unwrap_or(text);
        }
        if self.quote.is_some() {
            return text.trim_end_matches([',', ' ']);
        }
        text
    }
}

/// What follows the quote that closes a name.
fn without_quote(text: &str, quote: Option<char>) -> Option<&str> {
    match quote {
        Some(quote) => text.strip_prefix(quote),
        None => Some(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Option<(String, usize)> {
        let taken = read(text, true)?;
        match taken.chunks.into_iter().next()?.content {
            Content::Head(head) => Some((String::from_utf8(head.text).ok()?, taken.size)),
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn check(text: &str, rest: &str, expected: &str) {
        let (found, size) = head(&format!("{text}{rest}")).unwrap();
        assert_eq!((found.as_str(), size), (expected, text.len()), "{text}");
    }

    #[test]
    fn a_request_is_read_in_many_forms() {
        let lines = [
            (":method", "CONNECT"),
            (":protocol", "websocket"),
            (":path", "/a?b=c"),
            ("sec-websocket-version", "13"),
        ];
        let expected = "CONNECT /a?b=c HTTP/2\n:protocol: websocket\nsec-websocket-version: 13\n\n";
        let check = |line: &dyn Fn(usize, &str, &str) -> String, rest: &str| {
            let lines = lines.iter().enumerate();
            let text: String = lines
                .map(|(number, (name, value))| line(number, name, value))
                .collect();
            check(&text, rest, expected);
        };
        check(
            &|_, name, value| format!("{name}: {value}\n"),
            ":status: 200\n",
        );
        check(
            &|_, name, value| format!("          {name}: {value}\n"),
            "[  0.013] recv (stream_id=13) :status: 200\n",
        );
        check(
            &|number, name, value| format!("[  0.01{number}] send (stream_id=1) {name}: {value}\n"),
            "[  0.013] send HEADERS frame <length=88, flags=0x24, stream_id=13>\n",
        );
        check(
            &|number, name, value| {
                format!("10:00:0{number} http2: header \"{name}\" = \"{value}\"\n")
            },
            "",
        );
        check(&|_, name, value| format!("  '{name}': '{value}',\n"), "}\n");
        check(
            &|_, name, value| format!("\"{name}\" => \"{value}\",\n"),
            ")\n",
        );
        check(
            &|_, name, value| format!("Header: {name}: {value}\r\n"),
            "Padding: 0\n",
        );
        check(
            &|number, name, value| {
                let sign = if number == 0 { "--> " } else { "    " };
                format!("     {sign}{name}: {value}\n")
            },
            "     --> stream_id = 5\n",
        );
        check(
            &|_, name, value| format!("hpack: Decoded (b'{name}', b'{value}'), 9 bytes\n"),
            "",
        );
    }

    #[test]
    fn a_response_has_a_status() {
        check(":status: 200\n\n", "8105\n", "HTTP/2 200\n\n");
        check(
            "> [:status: 200]\n> [server: a]\n",
            "",
            "HTTP/2 200\nserver: a\n\n",
        );
        check("':status': 200,\n'a': 'b'\n", "}\n", "HTTP/2 200\na: b\n\n");
        check(":status: 200\n", ":status: 404\n", "HTTP/2 200\n\n");
    }

    #[test]
    fn other_lines_are_no_heads() {
        for text in [
            "",
            ":method: GET\n",
            ":status: ok\nserver: a\n",
            "a:method: GET\nb:path: /\n",
            ":methods: GET\n:paths: /\n",
            "* [HTTP/2] [1] [:method: GET]\n* [HTTP/2] [1] [:path: /]\n",
            ":scheme: https\n:path: /\n",
        ] {
            assert_eq!(head(text), None, "{text}");
        }
    }
}
