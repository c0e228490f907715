//! A head whose lines are in source code, in a table or a list, or have written line ends.
//!
//! `client.println("Upgrade: websocket");`, `'Upgrade: websocket',`, `2: Upgrade: websocket`,
//! `| Upgrade: websocket |`, `Upgrade: websocket<CR><LF>`. [`find`] removes the text around each
//! header. `http_head` uses the result if it has more headers than the usual reading.

use super::header_line::{header_name, is_plausible};
use super::start_line::FoundStartLine;
use super::{FoundHead, first_line, found};
use crate::input::paste::timestamp;

/// The head that begins with this start line, without the text around its lines; and its number of
/// headers. None if there are fewer than two.
pub(super) fn find<'t>(
    start: &FoundStartLine<'t>,
    text: &'t str,
) -> Option<(FoundHead<'t>, usize)> {
    let prefix = start.line.get(..start.at)?;
    let (_, mut size) = first_line(text);
    let mut head = clean(start.line.get(start.at..)?, prefix).to_owned();
    let mut count = 0;
    let mut is_double_spaced = false;
    while let Some(rest) = text.get(size..).filter(|rest| !rest.is_empty()) {
        if head.len() > LARGEST {
            return None;
        }
        let (line, length) = first_line(rest);
        let next = rest.get(length..).unwrap_or_default();
        if line.trim().is_empty() && (count == 0 || is_double_spaced) {
            // Web pages put a blank line between all lines.
            is_double_spaced = true;
            size += length;
            if header(first_line(next).0, prefix).is_none() {
                break;
            }
            continue;
        }
        let Some(content) = header(line, prefix) else {
            size += if is_end(line) { length } else { 0 };
            break;
        };
        head.push('\n');
        head.push_str(&content);
        count += 1;
        size += length;
    }
    head.push_str("\n\n");
    let found = found(start.kind, head.into_bytes(), false, size);
    (count > 1).then_some((found, count))
}

/// More than any head that people copy out of source code has.
const LARGEST: usize = 16 << 10;

/// How many lines of a head are headers without text around them.
pub(super) fn clean_headers(head: &[u8]) -> usize {
    let text = String::from_utf8_lossy(head);
    let is_clean = |line: &&str| {
        let line = line.trim_end();
        header_name(line).is_some_and(is_name) && clean(line, "").len() == line.len()
    };
    text.lines().skip(1).filter(is_clean).count()
}

/// A header in a line, without the text around it; None if there is none.
fn header(line: &str, prefix: &str) -> Option<String> {
    let starts = [
        line.strip_prefix(prefix),
        Some(line),
        after_timestamp(line, prefix),
        after_count(line),
        line.find(QUOTES).and_then(|at| {
            let rest = line.get(at..)?;
            rest.get(rest.chars().next()?.len_utf8()..)
        }),
    ];
    let is_header = |text: &&str| {
        let name = text.split([':', '：']).next().unwrap_or_default();
        text.len() > name.len() && is_name(name)
    };
    let content = starts.into_iter().flatten().find(is_header)?;
    let before = line.get(..line.len() - content.len())?;
    Some(clean(content, before).replacen('：', ": ", 1))
}

/// Whether a word is the name of a header, and no date.
fn is_name(name: &str) -> bool {
    let is_token = |char: char| char.is_ascii_alphanumeric() || char == '-';
    name.starts_with(|char: char| char.is_ascii_alphabetic())
        && name.chars().all(is_token)
        && is_plausible(name)
}

const QUOTES: [char; 4] = ['"', '\'', '`', '“'];

/// A line after its timestamp, and after the words that follow the timestamp of the first line.
fn after_timestamp<'l>(line: &'l str, prefix: &str) -> Option<&'l str> {
    let words = prefix.get(timestamp::length(prefix)?..)?;
    let rest = line.get(timestamp::length(line)?..)?;
    rest.strip_prefix(words)
}

/// A line after its number: `2: `, `[2] => `, `2.`, `2 | `.
fn after_count(line: &str) -> Option<&str> {
    let start = line.trim_start().trim_start_matches(['[', '(']);
    let size = start.bytes().take_while(u8::is_ascii_digit).count();
    let after = start.get(size..).filter(|_| size > 0)?;
    let after = after.trim_start_matches([']', ')']).trim_start();
    let sign = ["=>", ":", ".", "|"]
        .iter()
        .find_map(|sign| after.strip_prefix(sign));
    Some(sign.unwrap_or(after).trim_start())
}

/// Written line ends, with the text that may follow them.
const ENDS: &[&str] = &[
    "[\\r]", "[\\n]", "\\r", "\\n", "<CR>", "<LF>", "<br", "^M", "␍", "␊",
];

/// A line up to its end: the quote that closes one in `before`, the border of a table, or a written
/// line end.
fn clean<'l>(content: &'l str, before: &str) -> &'l str {
    let opened = before.trim_end().chars().next_back();
    let quote = opened.filter(|char| QUOTES.contains(char));
    let close = match quote {
        Some('“') => Some('”'),
        other => other,
    };
    let mut content = content;
    if let Some(end) = close.and_then(|close| content.find(close)) {
        content = content.get(..end).unwrap_or(content);
    }
    for end in ENDS {
        let found = content.find(end);
        content = found.and_then(|at| content.get(..at)).unwrap_or(content);
    }
    let content = content.trim_end();
    let is_cell = before.trim_start().starts_with('|') || before.is_empty();
    match content.strip_suffix('|') {
        Some(cell) if is_cell => cell.trim_end(),
        _ => content
            .strip_suffix(['"', '\'', '”'])
            .filter(|_| before.is_empty())
            .unwrap_or(content),
    }
}

/// Whether a line is an empty line of a head, with text around it.
fn is_end(line: &str) -> bool {
    let is_sign = |char: char| "\"'`+.,;()[]<>\\|^$ \trnM".contains(char);
    line.chars().all(is_sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [&str; 4] = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Protocol: a, b",
    ];

    #[track_caller]
    fn check(line: impl Fn(usize, &str) -> String) {
        let numbered = LINES.iter().enumerate();
        let text: String = numbered.map(|(number, text)| line(number, text)).collect();
        let start = FoundStartLine::find(first_line(&text).0).unwrap();
        let (found, count) = find(&start, &text).unwrap();
        let head = String::from_utf8(found.head.text).unwrap();
        assert_eq!(head, LINES.join("\n") + "\n\n", "{text}");
        assert_eq!((count, found.size), (3, text.len()), "{text}");
    }

    #[test]
    fn what_stands_around_each_line_is_taken_off() {
        check(|_, line| format!("client.println(\"{line}\");\n"));
        check(|_, line| format!("client.println(F(\"{line}\"));\n"));
        check(|_, line| format!("  $r .= \"{line}\\r\\n\";\n"));
        check(|_, line| format!("    '{line}',\n"));
        check(|_, line| format!("s = s & \"{line}\" & vbCrLf\n"));
        check(|_, line| format!("| {line} |\n"));
        check(|_, line| format!("{line}<CR><LF>\n"));
        check(|_, line| format!("{line}^M$\n"));
        check(|_, line| format!("{line}<br>\n"));
        check(|number, line| format!("{number}: {line}\n"));
        check(|number, line| format!("    [{number}] => {line}\n"));
        check(|number, line| format!("10:00:0{number} stdout F {line}\n"));
        check(|number, line| format!("2026-11-26T10:00:0{number}.123456789Z stdout F {line}\n"));
        check(|_, line| format!("web_1  | {line}\n"));
        check(|_, line| format!("{line}\n\n"));
        check(|_, line| line.replace(": ", "：") + "\n");
    }
}
