//! The log of `OkHttp`'s `HttpLoggingInterceptor`, with anything before each line.
//!
//! ```text
//! --> GET http://localhost:9527/chat
//! Upgrade: websocket
//! --> END GET
//! <-- 101 Switching Protocols http://localhost:9527/chat (12ms)
//! Upgrade: websocket
//! <-- END HTTP
//! ```

use super::lines::{Lines, first_line};
use super::url::{host_of, target_of};
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::envelope::Envelope;
use crate::input::paste::http_head::{Head, HeadKind};
use crate::input::paste::line_prefix::without_words;

/// Reads the head of a request or of a response, from its first line on.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let first = first_line(text);
    let at = first.find("--> ").or_else(|| first.find("<-- "))?;
    let (before, start) = first.split_at(at);
    let mut log = LoggedHead::parse(start)?;
    let mut size = 0;
    for (number, (line, end)) in Lines::new(text).enumerate() {
        if number > 0 {
            let Some(line) = without_words(line, before) else {
                break;
            };
            let is_end = line.starts_with("--> END") || line.starts_with("<-- END");
            if is_end {
                size = end;
                break;
            }
            let Some((name, value)) = line.split_once(':').filter(|_| is_header(line)) else {
                break;
            };
            log.add(name, value.trim());
        }
        size = end;
    }
    let chunk = log.chunk()?.at(Envelope::of(first).time());
    Some(Taken::new(vec![chunk], size))
}

fn is_header(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !name.is_empty() && name.bytes().all(is_name)
}

/// A head as far as the log has it.
struct LoggedHead {
    kind: HeadKind,
    /// The host of the URL, where the log leaves out the header.
    host: Option<String>,
    text: String,
    is_of_websocket: bool,
}

impl LoggedHead {
    /// `--> GET http://localhost/chat http/1.1`, `<-- 101 Switching Protocols http://localhost/chat (12ms)`.
    fn parse(line: &str) -> Option<Self> {
        let url = line.split(' ').find(|word| word.contains("://"))?;
        let (kind, first) = if let Some(rest) = line.strip_prefix("--> ") {
            let method = rest.split(' ').next()?;
            let is_method = method.bytes().all(|byte| byte.is_ascii_uppercase());
            let target = target_of(url);
            let first = is_method.then(|| format!("{method} {target} HTTP/1.1\n"))?;
            (HeadKind::Request, first)
        } else {
            let status = line.strip_prefix("<-- ")?.split(url).next()?.trim();
            let code = status.get(..3)?;
            code.parse::<u16>().ok()?;
            (HeadKind::Response, format!("HTTP/1.1 {status}\n"))
        };
        let is_socket = url.starts_with("ws");
        let is_request = kind == HeadKind::Request;
        Some(Self {
            kind,
            host: is_request.then(|| host_of(url).to_owned()),
            text: first,
            is_of_websocket: is_socket,
        })
    }

    fn add(&mut self, name: &str, value: &str) {
        if name.eq_ignore_ascii_case("host") {
            self.host = None;
        }
        let name_in_small = name.to_ascii_lowercase();
        self.is_of_websocket |= name_in_small.starts_with("sec-websocket-")
            || name_in_small == "upgrade" && value.eq_ignore_ascii_case("websocket");
        self.text.extend([name, ": ", value, "\n"]);
    }

    fn chunk(mut self) -> Option<Chunk> {
        if !self.is_of_websocket {
            return None;
        }
        if let Some(host) = self.host {
            self.text.extend(["Host: ", &host, "\n"]);
        }
        self.text.push('\n');
        let head = Head::of_lines(self.kind, self.text.into_bytes());
        Some(Chunk::new(Content::Head(head), None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_requests_and_arrows_are_none() {
        for text in [
            "--> GET https://a.example/items\nAccept: */*\n--> END GET\n",
            "--> 81 05 48\n",
            "12:00 --> ws://a.example\n",
            "<-- HTTP FAILED: java.net.SocketException: ws://a\n",
        ] {
            assert!(read(text, true).is_none(), "{text}");
        }
    }
}
