//! Headers in rows of a name and a value, with a tab or an arrow between them.
//!
//! Charles lists `Host<tab>a`, also below the first line. PHP prints `[Host] => a`, or the value as
//! `string(1) "a"` on the line below; Ruby prints `"HTTP_HOST" => "a",`. Tables have `| Host | a |`.

use super::printed::name_of_variable;
use super::printed_head;
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::http_head::Head;
use crate::input::paste::traces::lines::{Lines, first_line};

/// Reads the rows at the start of a text: two or more, one of them of a handshake. The first line of
/// a head may stand above them.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text);
    let start = Head::kind_of_line(first.as_bytes());
    let mut lines = Lines::new(text).peekable();
    if start.is_some() {
        lines.next();
    }
    let mut size = 0;
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut is_of_handshake = false;
    while let Some((line, end)) = lines.next().filter(|_| rows.len() < MOST_HEADERS) {
        // A text may have only rows.
        if rows.len() > MOST_BEFORE_HANDSHAKE && !is_of_handshake {
            return None;
        }
        let Some((name, value)) = row(line) else {
            break;
        };
        size = end;
        let value = match (value, lines.peek()) {
            ("", Some((below, end))) => {
                let value = value_of_var_dump(below)?;
                size = *end;
                lines.next();
                value
            }
            (value, _) => value,
        };
        is_of_handshake |= name.to_ascii_lowercase().starts_with("sec-websocket-");
        rows.push((name, value.to_owned()));
    }
    if rows.len() < 2 || !is_of_handshake {
        return None;
    }
    let head = printed_head(start.map(|kind| (kind, first.trim())), &rows);
    let chunk = Chunk::new(Content::Head(head), None);
    Some(Taken::new(vec![chunk], size))
}

/// How many rows are looked at for one of a handshake.
const MOST_BEFORE_HANDSHAKE: usize = 40;

/// More headers than any head has.
const MOST_HEADERS: usize = 1000;

/// The name and the value of a row. The value of `var_dump` is on the line below, and is empty here.
fn row(line: &str) -> Option<(String, &str)> {
    let line = line.trim();
    let table = line
        .strip_prefix('|')
        .and_then(|row| row.strip_suffix('|'))
        .and_then(|row| row.split_once('|'))
        .filter(|(_, value)| !value.contains('|'));
    let (name, value) = table
        .or_else(|| line.split_once('\t'))
        .or_else(|| line.split_once("=>"))?;
    let name = name.trim().trim_matches(['[', ']', '"', '\'', ':']);
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let name = name_of_variable(name).unwrap_or_else(|| name.to_owned());
    let is_header = name.starts_with(|char: char| char.is_ascii_alphabetic());
    (is_header && name.bytes().all(is_name)).then(|| (name, without_quotes(value.trim())))
}

/// A value without the comma after it and the quotes around it.
fn without_quotes(value: &str) -> &str {
    let bare = value.trim_end_matches(',');
    let quoted = ['"', '\''].into_iter().find_map(|quote| {
        let inside = bare.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inside.contains(quote)).then_some(inside)
    });
    quoted.unwrap_or(value)
}

/// `string(9) "websocket"`.
fn value_of_var_dump(line: &str) -> Option<&str> {
    let (_, value) = line.trim().strip_prefix("string(")?.split_once(") ")?;
    value.strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let taken = read(text, true).unwrap();
        assert_eq!(taken.size, text.len());
        let content = taken.chunks.into_iter().next().unwrap().content;
        let Content::Head(head) = content else {
            panic!("{content:?}");
        };
        assert_eq!(String::from_utf8(head.text).unwrap(), expected);
    }

    #[test]
    fn rows_of_names_and_values_are_headers() {
        let headers = "Host: a:80\nSec-WebSocket-Version: 13\n\n";
        check("Host\ta:80\nSec-WebSocket-Version\t13\n", headers);
        check(
            "    [Host] => a:80\n    [Sec-WebSocket-Version] => 13\n",
            headers,
        );
        check(
            "  \"Host\" => \"a:80\",\n  \"Sec-WebSocket-Version\" => \"13\",\n",
            headers,
        );
        check(
            "  [\"Host\"]=>\n  string(4) \"a:80\"\n  [\"Sec-WebSocket-Version\"]=>\n  string(2) \"13\"\n",
            headers,
        );
        check(
            "GET / HTTP/1.1\nHost\ta:80\nSec-WebSocket-Version\t13\n",
            &format!("GET / HTTP/1.1\n{headers}"),
        );
        check("| Host | a:80 |\n| Sec-WebSocket-Version | 13 |\n", headers);
        check(
            "    [HTTP_HOST] => a:80\n    [HTTP_SEC_WEBSOCKET_VERSION] => 13\n",
            "host: a:80\nsec-websocket-version: 13\n\n",
        );
    }

    #[test]
    fn other_rows_are_none() {
        for text in [
            "Host\ta:80\n",
            "Name\tValue\nHost\ta\n",
            "[0] => 129\n[1] => 5\n",
            "Host: a:80\nSec-WebSocket-Version: 13\n",
        ] {
            assert!(read(text, true).is_none(), "{text}");
        }
    }
}
