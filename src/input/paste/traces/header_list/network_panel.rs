//! The headers of a request and its response as the network panel of a browser lists them: no first
//! lines, but names and values under headings.
//!
//! In: a text from the line `General` or `Request URL` on. Out: the heads, whose first lines are
//! made of what the panel says.

use super::head;
use super::pseudo_headers::{self, is_pseudo_header};
use crate::input::paste::chunk::{Chunk, Content, Taken};
use crate::input::paste::http_head::{Head, HeadKind};
use crate::input::paste::traces::url::target_of;

/// Reads a list with a `Request URL`, each value after its name or on the line below it. The list
/// continues to the end of the text.
///
/// Headers without a heading are told apart by their order: each part is sorted, the response first.
/// Headers that the browser only meant to send, which it calls provisional, are left out.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    let listed = Listed::read(text)?;
    let (response, request) = listed.parts();
    let note = if listed.is_provisional {
        PROVISIONAL
    } else {
        LISTED
    };
    let chunk = |mut head: Head| {
        head.has_exact_names = false;
        head.note = Some(note);
        Chunk::new(Content::Head(head), None)
    };
    let version = if is_http_2(&request) {
        "HTTP/2"
    } else {
        "HTTP/1.1"
    };
    let heads = [
        listed.request(&request),
        listed.response(&response, version),
    ];
    let chunks: Vec<Chunk> = heads.into_iter().flatten().map(chunk).collect();
    (!chunks.is_empty()).then(|| Taken::new(chunks, text.len()))
}

const LISTED: &str = "read as what a browser's network panel lists, which shows no first lines";
const PROVISIONAL: &str = "read as what a browser's network panel lists; its provisional headers \
                           are not what was sent, and are left out";

/// A name and its value.
type Field<'a> = (&'a str, &'a str);

/// What stands in a panel.
#[derive(Debug, Default)]
struct Listed<'a> {
    url: &'a str,
    method: &'a str,
    status: &'a str,
    is_provisional: bool,
    /// Headers below the heading of their part.
    of_response: Vec<Field<'a>>,
    of_request: Vec<Field<'a>>,
    /// Headers that no heading stands above.
    others: Vec<Field<'a>>,
}

/// Which headers follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PanelHeading {
    Response,
    Request,
    /// What belongs to no head.
    Other,
}

impl PanelHeading {
    /// `Response Headers (5)`, `▼ Request Headersview source`.
    fn of(line: &str) -> Option<Self> {
        let begins = |heading| begins_with(line, heading) && !line.contains(':');
        if begins("Response Headers") {
            Some(Self::Response)
        } else if begins("Request Headers") {
            Some(Self::Request)
        } else {
            let is_other = begins("Query String Parameters") || begins("Request Payload");
            is_other.then_some(Self::Other)
        }
    }
}

impl<'a> Listed<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut lines = lines.peekable();
        lines.next_if(|line| begins_with(line, "General"));
        lines
            .peek()
            .filter(|line| begins_with(line, "Request URL:"))?;
        let mut listed = Self::default();
        let mut heading = None;
        while let Some(line) = lines.next() {
            if let Some(next) = PanelHeading::of(line) {
                heading = Some(next);
                continue;
            }
            listed.is_provisional |= begins_with(line, "Provisional headers are shown");
            let Some((name, after)) = field(line) else {
                continue;
            };
            let value = if after.is_empty() {
                lines.next_if(|line| is_value(line)).unwrap_or_default()
            } else {
                after
            };
            listed.put(heading, name, value);
        }
        Some(listed)
    }

    fn put(&mut self, heading: Option<PanelHeading>, name: &'a str, value: &'a str) {
        match (heading, name) {
            (None, "Request URL") => self.url = value,
            (None, "Request Method") => self.method = value,
            (None, "Status Code") => self.status = value,
            (_, "Remote Address" | "Referrer Policy") | (Some(PanelHeading::Other), _) => {}
            (None, _) => self.others.push((name, value)),
            (Some(PanelHeading::Response), _) => self.of_response.push((name, value)),
            (Some(PanelHeading::Request), _) => self.of_request.push((name, value)),
        }
    }

    /// The headers of the response, and those of the request.
    fn parts(&self) -> (Vec<Field<'a>>, Vec<Field<'a>>) {
        let small = |(name, _): &Field<'_>| name.to_ascii_lowercase();
        let turn = self
            .others
            .windows(2)
            .position(|pair| matches!(pair, [one, next] if small(next) < small(one)));
        let is_sent = |(name, _): &Field<'_>| {
            let names = ["Host", "Sec-WebSocket-Key", "User-Agent"];
            names.iter().any(|sent| sent.eq_ignore_ascii_case(name))
        };
        let (first, second) = match turn {
            Some(at) => self.others.split_at(at + 1),
            None if self.others.iter().any(is_sent) => self.others.split_at(0),
            None => self.others.split_at(self.others.len()),
        };
        (
            [&self.of_response, first].concat(),
            [&self.of_request, second].concat(),
        )
    }

    fn request(&self, headers: &[Field<'_>]) -> Option<Head> {
        if headers.is_empty() || self.is_provisional {
            return None;
        }
        if is_http_2(headers) {
            return pseudo_headers::head_of(headers.iter().copied());
        }
        let method = if self.method.is_empty() {
            "GET"
        } else {
            self.method
        };
        let first = format!("{method} {} HTTP/1.1", target_of(self.url));
        Some(head(
            HeadKind::Request,
            Some(&first),
            headers.iter().copied(),
        ))
    }

    /// The response; none where a 101 stands alone, whose headers were not copied.
    fn response(&self, headers: &[Field<'_>], version: &str) -> Option<Head> {
        // A dot may be before it, green or red.
        let status = self
            .status
            .trim_start_matches(|char: char| !char.is_ascii_digit());
        if status.is_empty() || (headers.is_empty() && status.starts_with("101")) {
            return None;
        }
        let first = format!("{version} {status}");
        let headers = headers.iter().copied();
        let headers = headers.filter(|(name, _)| !is_pseudo_header(name));
        Some(head(HeadKind::Response, Some(&first), headers))
    }
}

/// Whether headers are those of a request of HTTP/2 or 3.
fn is_http_2(headers: &[Field<'_>]) -> bool {
    headers.iter().any(|(name, _)| *name == ":method")
}

/// A line's name and what stands after its colon.
fn field(line: &str) -> Option<Field<'_>> {
    let after_first = line.get(1..).filter(|_| line.starts_with(':'));
    let colon = match after_first {
        Some(rest) => 1 + rest.find(':')?,
        None => line.find(':')?,
    };
    let (name, value) = (line.get(..colon)?, line.get(colon + 1..)?);
    let is_general = [
        "Request URL",
        "Request Method",
        "Status Code",
        "Remote Address",
        "Referrer Policy",
    ]
    .contains(&name);
    let is_token = |char: char| char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char);
    let is_name = !name.is_empty() && name.chars().all(is_token);
    (is_general || is_name || is_pseudo_header(name)).then(|| (name, value.trim()))
}

/// Whether a line below a name is its value, and no heading or name itself.
fn is_value(line: &str) -> bool {
    let is_name = field(line).is_some_and(|(_, value)| value.is_empty() || line.contains(": "));
    !is_name && PanelHeading::of(line).is_none()
}

/// Whether a line begins with these words; a sign may be before them.
fn begins_with(line: &str, words: &str) -> bool {
    let line = line.trim_start_matches(|char: char| !char.is_ascii_alphanumeric());
    let start = line.get(..words.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(text: &str) -> Option<Vec<Head>> {
        let chunks = read(text, true)?.chunks.into_iter();
        let head = |chunk: Chunk| match chunk.content {
            Content::Head(head) => Some(head),
            _ => None,
        };
        Some(chunks.filter_map(head).collect())
    }

    /// The request and the response that a panel lists, `-` for none.
    #[track_caller]
    fn check(text: &str, request: &str, response: &str) {
        let heads = heads(text).unwrap();
        let shown = |kind: HeadKind| {
            let head = heads.iter().find(|head| head.kind == kind);
            head.map_or("-".to_owned(), |head| {
                String::from_utf8(head.text.clone()).unwrap()
            })
        };
        assert_eq!(shown(HeadKind::Request), request);
        assert_eq!(shown(HeadKind::Response), response);
    }

    #[test]
    fn names_and_values_on_lines_of_their_own() {
        check(
            "General\nRequest URL:\nwss://a.example:8443/chat?room=1#top\nRequest Method:\nGET\n\
             Status Code:\n101 Switching Protocols\nResponse Headers\nRaw\nConnection:\nUpgrade\n\
             Server:\n\nUpgrade:\nwebsocket\nRequest Headers\nHost:\na.example:8443\n\
             Origin:\nhttps://a.example\nPragma:\nno-cache\n",
            "GET /chat?room=1 HTTP/1.1\nHost: a.example:8443\nOrigin: https://a.example\n\
             Pragma: no-cache\n\n",
            "HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nServer: \n\
             Upgrade: websocket\n\n",
        );
    }

    #[test]
    fn names_and_values_on_one_line() {
        check(
            "Request URL:ws://localhost\r\nRequest Method: GET\r\n\
             Status Code: \u{1f534} 403 Forbidden\r\nRemote Address: [::1]:80\r\n\
             Response Headersview source\r\nContent-Length: 0\r\nServer:\r\nVary: Origin\r\n\
             ▼ Request Headers (2)\r\nview source\r\nHost: localhost\r\nOrigin: null\r\n\
             Query String Parameters\r\nq: 1\r\n",
            "GET / HTTP/1.1\nHost: localhost\nOrigin: null\n\n",
            "HTTP/1.1 403 Forbidden\nContent-Length: 0\nServer: \nVary: Origin\n\n",
        );
    }

    #[test]
    fn without_headings_the_order_tells() {
        let general = "Request URL: ws://a/?b\nStatus Code: 101 A\n";
        check(
            &format!("{general}connection: Upgrade\nUpgrade: websocket\nAccept: b\nHost: a\n"),
            "GET /?b HTTP/1.1\nAccept: b\nHost: a\n\n",
            "HTTP/1.1 101 A\nconnection: Upgrade\nUpgrade: websocket\n\n",
        );
        check(
            &format!("{general}Connection: Upgrade\nHost: a\n"),
            "GET /?b HTTP/1.1\nConnection: Upgrade\nHost: a\n\n",
            "-",
        );
        check(
            &format!("{general}Connection: Upgrade\nUpgrade: websocket\n"),
            "-",
            "HTTP/1.1 101 A\nConnection: Upgrade\nUpgrade: websocket\n\n",
        );
    }

    #[test]
    fn provisional_headers_are_no_request() {
        let text = "Request URL: ws://a/\nStatus Code: 400 Bad Request\nRequest Headers\n\
                    ⚠ Provisional headers are shown\nSec-WebSocket-Version: 13\n";
        assert_eq!(heads(text).unwrap()[0].note, Some(PROVISIONAL));
        check(text, "-", "HTTP/1.1 400 Bad Request\n\n");
    }

    #[test]
    fn what_is_no_panel() {
        for text in [
            "GET / HTTP/1.1\nHost: a\n\n",
            "",
            // Nothing of a head but a 101.
            "Request URL: ws://a/\nStatus Code: 101 A\n",
            "Host: a\nOrigin: b\n",
        ] {
            assert_eq!(heads(text), None, "{text}");
        }
    }
}
