//! Requests that a browser's network panel copies as a command or as code: "Copy as cURL", "Copy as
//! fetch" and "Copy as `PowerShell`".

use super::lines::{Lines, first_line};
use super::url::{host_of, target_of};
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::direction::Sent;
use crate::input::paste::http_head::{Head, HeadKind};

/// More text than a copied request has.
const LONGEST: usize = 64 << 10;

/// Reads a command line of curl, over several lines if they end in `\` or `^`.
pub(in crate::input::paste) fn read_curl(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text).trim_start();
    let command = first
        .strip_prefix("$ ")
        .or_else(|| first.strip_prefix("% "))
        .unwrap_or(first);
    if !(command.starts_with("curl ") || command.starts_with("curl.exe ")) {
        return None;
    }
    let mut size = 0;
    let mut line = String::new();
    for (part, end) in Lines::new(text) {
        size = end;
        let bare = part.trim_end();
        let goes_on = bare.strip_suffix('\\').or_else(|| bare.strip_suffix('^'));
        line.push_str(goes_on.unwrap_or(bare));
        line.push(' ');
        if goes_on.is_none() || line.len() > LONGEST {
            break;
        }
    }
    let is_cmd = line.contains("^\"");
    let line = if is_cmd { line.replace('^', "") } else { line };
    let start = line.find("curl")?;
    let request = CurlRequest::of_words(&words(line.get(start..)?))?;
    Some(Taken::new(vec![request.chunk()?], size))
}

/// What the words of a command line ask for.
#[derive(Default)]
struct CurlRequest {
    url: String,
    method: String,
    headers: Vec<String>,
}

impl CurlRequest {
    fn of_words(words: &[String]) -> Option<Self> {
        /// Options with a value that is no header and no URL.
        const WITH_VALUE: &[&str] = &[
            "-o",
            "--output",
            "-d",
            "--data",
            "--data-raw",
            "--max-time",
            "-m",
            "--cacert",
            "-E",
            "--cert",
            "--key",
            "-u",
            "--user",
            "-x",
            "--proxy",
            "--resolve",
            "--connect-to",
            "-w",
            "--trace",
            "--trace-ascii",
            "--connect-timeout",
            "-c",
            "--cookie-jar",
        ];
        let mut request = Self {
            method: "GET".to_owned(),
            ..Self::default()
        };
        let mut words = words.iter().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "-H" | "--header" => request.headers.push(words.next()?.clone()),
                "-X" | "--request" => request.method.clone_from(words.next()?),
                "--url" => request.url.clone_from(words.next()?),
                "-A" | "--user-agent" => request
                    .headers
                    .push(format!("User-Agent: {}", words.next()?)),
                "-e" | "--referer" => request.headers.push(format!("Referer: {}", words.next()?)),
                "-b" | "--cookie" => request.headers.push(format!("Cookie: {}", words.next()?)),
                word if WITH_VALUE.contains(&word) => {
                    words.next()?;
                }
                word if word.starts_with("-H") => {
                    request.headers.extend(word.get(2..).map(str::to_owned));
                }
                word if word.starts_with('-') => {}
                ";" | "|" | "&&" => break,
                word => word.clone_into(&mut request.url),
            }
        }
        (!request.url.is_empty()).then_some(request)
    }

    /// The request that curl sends, if it is about a WebSocket.
    fn chunk(self) -> Option<Chunk> {
        let is_socket = self.url.starts_with("ws:") || self.url.starts_with("wss:");
        let has = |name: &str| {
            self.headers.iter().any(|header| {
                header
                    .split(':')
                    .next()
                    .is_some_and(|it| it.trim().eq_ignore_ascii_case(name))
            })
        };
        let names_socket =
            has("upgrade") || has("sec-websocket-key") || has("sec-websocket-version");
        if !is_socket && !names_socket {
            return None;
        }
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, target_of(&self.url));
        if !has("host") {
            text = text + "Host: " + host_of(&self.url) + "\r\n";
        }
        for header in &self.headers {
            text = text + header.trim() + "\r\n";
        }
        text += "\r\n";
        let head = Head::of_lines(HeadKind::Request, text.into_bytes());
        Some(Chunk::new(Content::Head(head), Some(Sent::ByClient)))
    }
}

/// The words of a command line of a shell.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            ' ' | '\t' => words.extend(word.take()),
            '$' if chars.peek() == Some(&'\'') => {}
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                while let Some(inside) = chars.next().filter(|inside| *inside != char) {
                    let is_escape = inside == '\\' && char == '"';
                    word.extend(if is_escape {
                        chars.next()
                    } else {
                        Some(inside)
                    });
                }
            }
            '\\' => word.get_or_insert_default().extend(chars.next()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

/// Reads a call of `fetch`: the headers that the browser lists, which are fewer than it sends.
pub(in crate::input::paste) fn read_fetch(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text).trim_start();
    let first = first.strip_prefix("await ").unwrap_or(first);
    let rest = first.strip_prefix("fetch(")?;
    let quote = rest
        .chars()
        .next()
        .filter(|char| matches!(char, '"' | '\'' | '`'))?;
    let url = rest.get(1..)?.split(quote).next()?;
    let mut text_of_head = String::new();
    let mut is_header = false;
    let mut names_socket = false;
    let mut size = 0;
    for (line, end) in Lines::new(text) {
        size = end;
        let trimmed = line.trim();
        if is_header && trimmed.starts_with('}') {
            is_header = false;
        } else if is_header {
            let (name, value) = trimmed.split_once(':')?;
            let bare = |text: &str| {
                let text = text.trim().trim_end_matches(',');
                text.trim_matches(['"', '\'']).replace("\\\"", "\"")
            };
            let name = bare(name);
            names_socket |= name.to_ascii_lowercase().starts_with("sec-websocket-");
            text_of_head = text_of_head + &name + ": " + &bare(value) + "\n";
        } else if trimmed.contains("headers") && trimmed.ends_with('{') {
            is_header = true;
        }
        if trimmed.starts_with("})") || end > LONGEST {
            break;
        }
    }
    let is_socket = url.starts_with("ws:") || url.starts_with("wss:") || names_socket;
    if !is_socket {
        return None;
    }
    Some(Taken::new(vec![browsers_request(url, &text_of_head)], size))
}

/// A request for a URL with headers of which the browser's list lacks some.
fn browsers_request(url: &str, headers: &str) -> Chunk {
    let is_host = |line: &str| line.to_ascii_lowercase().starts_with("host:");
    let host = if headers.lines().any(is_host) {
        String::new()
    } else {
        format!("Host: {}\n", host_of(url))
    };
    let text = format!("{host}{headers}\n");
    let mut head = Head::of_lines(HeadKind::Request, text.into_bytes());
    head.has_no_first_line = true;
    head.has_exact_names = false;
    head.known_first_line = Some(format!("GET {} HTTP/1.1", target_of(url)));
    Chunk::new(Content::Head(head), Some(Sent::ByClient))
}

/// Reads the lines of "Copy as `PowerShell`": a session with the user agent, then `Invoke-WebRequest`
/// with a URL and headers.
pub(in crate::input::paste) fn read_powershell(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text);
    if !first.starts_with("$session = New-Object ") && !first.starts_with("Invoke-WebRequest ") {
        return None;
    }
    let mut url = None;
    let mut headers = String::new();
    let mut size = 0;
    let mut is_header = false;
    for (line, end) in Lines::new(text) {
        size = end;
        let trimmed = line.trim();
        if let Some((_, rest)) = line.split_once("-Uri \"") {
            url = rest.split('"').next();
        }
        if let Some(agent) = trimmed.strip_prefix("$session.UserAgent = ") {
            headers = headers + "User-Agent: " + &powershell_string(agent) + "\n";
        } else if is_header && trimmed.starts_with('}') {
            break;
        } else if is_header {
            let (name, value) = trimmed.split_once('=')?;
            headers = headers + &powershell_string(name) + ": " + &powershell_string(value) + "\n";
        } else if trimmed.ends_with("@{") {
            is_header = true;
        }
        if end > LONGEST {
            break;
        }
    }
    let url = url?;
    let is_socket = url.starts_with("ws:") || url.starts_with("wss:");
    let names_socket = headers.to_ascii_lowercase().contains("sec-websocket-");
    if !is_socket && !names_socket {
        return None;
    }
    Some(Taken::new(vec![browsers_request(url, &headers)], size))
}

/// A string of `PowerShell`, in which a backquote escapes.
fn powershell_string(text: &str) -> String {
    text.trim().trim_matches('"').replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_shell_have_quotes_and_escapes() {
        let line = r#"curl -H 'A: b c' "d \"e\"" f\ g $'h'"#;
        assert_eq!(words(line), ["curl", "-H", "A: b c", "d \"e\"", "f g", "h"]);
    }

    #[test]
    fn a_command_about_something_else_is_none() {
        assert!(read_curl("curl -s https://example.org/\n", true).is_none());
        assert!(read_curl("curl: (7) Failed to connect\n", true).is_none());
        assert!(read_fetch("fetch(\"https://example.org/\");\n", true).is_none());
    }
}
