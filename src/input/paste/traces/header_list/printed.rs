//! Headers as programs print them: arrays of names and values, objects and maps on one line.
//!
//! Known forms: Node's `rawHeaders` (`[ 'Host', 'a', 'Upgrade', 'websocket' ]`), JSON, Python's
//! dictionaries and lists of pairs, Erlang's `[{<<"host">>,<<"a">>}]`, Go's `map[Connection:[Upgrade]]`; those of HTTP/2 have
//! pseudo-headers. `http_head` and `pseudo_headers` read objects with a header on each line.

use super::printed_head;
use super::pseudo_headers::{self, is_pseudo_header};
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::envelope::Envelope;
use crate::input::paste::traces::lines::{Lines, first_line};

/// More text than the headers of a request have.
const LONGEST: usize = 16 << 10;

/// Reads headers that begin with a bracket on the first line.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let line = first_line(text);
    let (open, pairs, size) = first_print(text, line)?;
    let names_socket =
        |(name, _): &(String, String)| name.to_ascii_lowercase().starts_with("sec-websocket-");
    let headers = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let envelope = Envelope::up_to(line, open);
    let rest = text.get(open + size..).unwrap_or_default();
    let to_line_end = Lines::new(rest).next().map_or(0, |(_, end)| end);
    let taken = |head| {
        let chunk = Chunk::new(Content::Head(head), envelope.sent()).at(envelope.time());
        Taken::new(vec![chunk], open + size + to_line_end).complete()
    };
    if pairs.iter().any(|(name, _)| is_pseudo_header(name)) {
        return pseudo_headers::head_of(headers).map(taken);
    }
    if pairs.len() < 2 || !pairs.iter().any(names_socket) {
        return None;
    }
    Some(taken(printed_head(None, &pairs)))
}

/// Names and values.
type Headers = Vec<(String, String)>;

/// The first print of headers that opens on this line, the first one of the text: the offset of its
/// bracket, its names and values, and its length.
fn first_print(text: &str, line: &str) -> Option<(usize, Headers, usize)> {
    let erlang = line.find("[{<<\"");
    // Node prints it before the headers of HTTP/2.
    let class = line.find(NODE_CLASS).map_or(0, |at| at + NODE_CLASS.len());
    let bracket_from = |from: usize| Some(from + line.get(from..)?.find(['[', '{'])?);
    let first = erlang.or_else(|| bracket_from(class));
    // `headers: {…}` in the print of a request, `'headers': […]` in a scope of ASGI.
    let after_name = memchr::memmem::find(line.as_bytes(), b"headers").and_then(bracket_from);
    let is_go = |open: usize| {
        line.get(..open)
            .is_some_and(|before| before.ends_with("map"))
    };
    let may_open = |open: &usize| erlang.is_some() || is_go(*open) || *open <= LONGEST_NAME;
    let mut opens = [first, after_name].into_iter().flatten().filter(may_open);
    opens.find_map(|open| {
        let inside = text.get(open..)?;
        let (pairs, size) = if is_go(open) {
            go_map(inside)?
        } else {
            java_map(inside).or_else(|| pairs(inside))?
        };
        Some((open, pairs, size))
    })
}

const NODE_CLASS: &str = "[Object: null prototype] ";

/// How many brackets are nested in a print of headers.
const MOST_DEPTH: usize = 8;

/// The longest words before the headers: a name, or the words of a log.
const LONGEST_NAME: usize = 120;

/// The names and values between brackets, and the size of the text up to the closing one.
fn pairs(text: &str) -> Option<(Headers, usize)> {
    let mut depth = 0_usize;
    let mut words: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|_| at < LONGEST) {
        let char = rest.chars().next()?;
        let mut size = char.len_utf8();
        match char {
            '[' if rest.starts_with(GO_SLICE) => {
                depth += 1;
                size = GO_SLICE.len();
            }
            // A header has no object as its value.
            '{' if depth > 0 && text.starts_with('{') => return None,
            // Headers are not as deep, and lines that only open are not searched again and again.
            '[' | '{' | '(' if depth == MOST_DEPTH => return None,
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some((paired(words)?, at + size));
                }
            }
            '\'' | '"' => {
                let (word, length) = quoted(rest)?;
                words.push(word);
                size = length;
            }
            // PHP's `var_dump` counts: `string(4) "a:80"`.
            's' if rest.starts_with("string(") => size = rest.find(')')? + 1,
            'b' if rest.starts_with("b'") || rest.starts_with("b\"") => {}
            char if char.is_whitespace() || matches!(char, ',' | ':' | '=' | '>' | '<') => {}
            char if char.is_alphanumeric() || char == '-' => {
                let is_bare =
                    |char: char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.');
                size = rest.find(|char| !is_bare(char))?;
                words.push(rest.get(..size)?.to_owned());
            }
            _ => return None,
        }
        at += size;
    }
    None
}

/// What Go prints before the values of a header with `%#v`.
const GO_SLICE: &str = "[]string{";

/// The text between the quotes at the start of a text, and how much of it they take.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut chars = text.char_indices();
    let (_, quote) = chars.next()?;
    let mut inside = String::new();
    loop {
        match chars.next()? {
            (at, char) if char == quote => return Some((inside, at + char.len_utf8())),
            (_, '\\') => inside.push(chars.next()?.1),
            (_, '\n') => return None,
            (_, char) => inside.push(char),
        }
    }
}

/// Words two by two. In `{"name": "Host", "value": "a"}` the keys are left out.
fn paired(mut words: Vec<String>) -> Option<Vec<(String, String)>> {
    if words.first().is_some_and(|word| word == "name") {
        words.retain(|word| word != "name" && word != "value");
    }
    let mut words = words.into_iter();
    let mut pairs = Vec::new();
    while let (Some(name), Some(value)) = (words.next(), words.next()) {
        let name = name_of_variable(&name).unwrap_or(name);
        if !is_pseudo_header(&name) && !is_name(&name) {
            return None;
        }
        pairs.push((name, value));
    }
    Some(pairs)
}

/// The name of the header that a variable of CGI stands for: `HTTP_SEC_WEBSOCKET_KEY`.
pub(super) fn name_of_variable(name: &str) -> Option<String> {
    let words = name.strip_prefix("HTTP_")?;
    let is_letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let is_variable = !words.is_empty() && words.bytes().all(is_letter);
    is_variable.then(|| words.replace('_', "-").to_ascii_lowercase())
}

/// `[Connection:[Upgrade] Upgrade:[websocket]]`.
fn go_map(text: &str) -> Option<(Vec<(String, String)>, usize)> {
    let mut pairs = Vec::new();
    let mut at = 1;
    while at < LONGEST {
        let rest = text.get(at..)?;
        if rest.starts_with(']') {
            return Some((pairs, at + 1));
        }
        let first = rest.as_bytes().get(..LONGEST).unwrap_or(rest.as_bytes());
        let (name, after) = rest.split_at_checked(memchr::memmem::find(first, b":[")?)?;
        let after = after.get(2..)?;
        let (value, _) = after.split_once(']')?;
        pairs.push((name.trim().to_owned(), value.to_owned()));
        at += name.len() + 2 + value.len() + 1;
    }
    None
}

/// `{Host=[a], Upgrade=[websocket]}` or `{Host=a, Upgrade=websocket}`, on one line.
fn java_map(text: &str) -> Option<(Vec<(String, String)>, usize)> {
    let line = first_line(text);
    let end = line.rfind('}').filter(|end| *end < LONGEST)?;
    let inside = line.get(1..end).filter(|_| line.starts_with('{'))?;
    let mut pairs: Vec<(String, String)> = Vec::new();
    for part in inside.split(", ") {
        let named = part
            .split_once('=')
            .filter(|(name, value)| is_name(name) && !value.starts_with('>'));
        match (named, pairs.last_mut()) {
            (Some((name, value)), _) => pairs.push((name.to_owned(), value.to_owned())),
            (None, Some((_, value))) => value.extend([", ", part]),
            (None, None) => return None,
        }
    }
    for (_, value) in &mut pairs {
        let inside = value
            .strip_prefix('[')
            .and_then(|value| value.strip_suffix(']'));
        if let Some(inside) = inside {
            *value = inside.to_owned();
        }
    }
    Some((pairs, end + 1))
}

/// Whether a word is the name of a header.
fn is_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !name.is_empty() && name.bytes().all(is_token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::paste::http_head::HeadKind;

    fn head(text: &str) -> Option<(HeadKind, String)> {
        let taken = read(text, true)?;
        assert_eq!(taken.size, text.len());
        match taken.chunks.into_iter().next()?.content {
            Content::Head(head) => Some((head.kind, String::from_utf8(head.text).ok()?)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn headers_of_many_programs_are_read() {
        let expected = "Host: a:80\nSec-WebSocket-Version: 13\n\n";
        for text in [
            "[ 'Host', 'a:80', 'Sec-WebSocket-Version', '13' ]\n",
            "[\n  'Host',\n  'a:80',\n  'Sec-WebSocket-Version',\n  '13'\n]\n",
            "{\"Host\":\"a:80\",\"Sec-WebSocket-Version\":\"13\"}\n",
            "headers: {'Host': 'a:80', 'Sec-WebSocket-Version': '13'}\n",
            "{ Host: 'a:80', 'Sec-WebSocket-Version': 13 }\n",
            "[('Host', 'a:80'), ('Sec-WebSocket-Version', '13')]\n",
            "[{\"name\":\"Host\",\"value\":\"a:80\"},{\"name\":\"Sec-WebSocket-Version\",\"value\":\"13\"}]\n",
            "[(b'Host', b'a:80'), (b'Sec-WebSocket-Version', b'13')]\n",
            "http.Header{\"Host\":[]string{\"a:80\"}, \"Sec-WebSocket-Version\":[]string{\"13\"}}\n",
            "array(2) {\n  [\"Host\"]=>\n  string(4) \"a:80\"\n  [\"Sec-WebSocket-Version\"]=>\n  \
             string(2) \"13\"\n}\n",
            "{Host=[a:80], Sec-WebSocket-Version=[13]}\n",
            "headers: {Host=a:80, Sec-WebSocket-Version=13}\n",
            "{'path': '/', 'headers': [(b'Host', b'a:80'), (b'Sec-WebSocket-Version', b'13')]}\n",
            "2026/11/26 14:24:08 map[Host:[a:80] Sec-WebSocket-Version:[13]]\n",
        ] {
            assert_eq!(
                head(text),
                Some((HeadKind::Request, expected.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn other_brackets_are_no_headers() {
        for text in [
            "[129, 5, 72, 101, 108, 108, 111]\n",
            "{\"type\":\"Buffer\",\"data\":[129,5]}\n",
            "['0x81', '0x5']\n",
            "{ host: 'a', port: 80 }\n",
            "[main] sec-websocket-key missing\n",
        ] {
            assert_eq!(head(text), None, "{text}");
        }
    }
}
