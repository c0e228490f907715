//! Heads of HTTP as people paste them: bare, or out of a log that marks each line.

use super::paste::marked;

/// A request and a response found in a text, with what follows each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// From the request line to the response, or to the end.
    pub request: Option<Vec<u8>>,
    /// From the status line to the request, or to the end.
    pub response: Option<Vec<u8>>,
    /// What stands in front of the first of them.
    pub lead: Vec<u8>,
    /// Whether each line had a mark, as `curl -v` sets them.
    pub is_marked: bool,
}

impl Transcript {
    /// Finds the heads in a text. Marks `> ` and `< ` in front of lines are taken away,
    /// whichever of them is the request's (a server's log has them the other way round),
    /// and so are all lines without one; of several exchanges the last one counts. In a
    /// text without marks the indentation of the first line is taken away from all.
    pub fn read(text: &[u8]) -> Self {
        let marked = read_marked(text);
        if marked.request.is_some() || marked.response.is_some() {
            return marked;
        }
        read_bare(text)
    }

    /// Whether there is a head at all.
    pub const fn has_head(&self) -> bool {
        self.request.is_some() || self.response.is_some()
    }
}

/// Which head a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Request,
    Response,
}

impl Start {
    /// `GET /chat HTTP/1.1`, `HTTP/1.1 101 Switching Protocols`.
    pub(super) fn of(line: &[u8]) -> Option<Self> {
        let mut words = line.trim_ascii().split(|octet| *octet == b' ');
        let first = words.next()?;
        if is_version(first) {
            let status = words.next()?;
            let is_number = !status.is_empty() && status.iter().all(u8::is_ascii_digit);
            return is_number.then_some(Self::Response);
        }
        let is_method = !first.is_empty() && first.iter().all(u8::is_ascii_alphabetic);
        // A target stands between them, even if it is none.
        let last = words.skip(1).last()?;
        (is_method && is_version(last)).then_some(Self::Request)
    }
}

/// `HTTP/1.1`, `HTTP/2`.
fn is_version(word: &[u8]) -> bool {
    let number = word.strip_prefix(b"HTTP/").unwrap_or_default();
    number.first().is_some_and(u8::is_ascii_digit)
        && number
            .iter()
            .all(|octet| octet.is_ascii_digit() || *octet == b'.')
}

/// What some editors write in front of a text, and some servers in front of a response.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|octet| *octet == b'\n')
}

fn read_bare(text: &[u8]) -> Transcript {
    let mut found = Transcript::default();
    let mut current = None;
    let mut indentation = 0;
    if let Some(text) = text.strip_prefix(BYTE_ORDER_MARK) {
        found = read_bare(text);
        found.lead.splice(..0, BYTE_ORDER_MARK.iter().copied());
        return found;
    }
    for line in lines(text) {
        let start = Start::of(line).filter(|start| match start {
            Start::Request => found.request.is_none(),
            Start::Response => found.response.is_none(),
        });
        if let Some(start) = start {
            if current.is_none() {
                indentation = line.len() - line.trim_ascii_start().len();
            }
            current = Some(start);
        }
        let part = match current {
            None => &mut found.lead,
            Some(Start::Request) => found.request.get_or_insert_default(),
            Some(Start::Response) => found.response.get_or_insert_default(),
        };
        part.extend_from_slice(without_indentation(line, indentation));
    }
    found
}

fn without_indentation(line: &[u8], indentation: usize) -> &[u8] {
    let have = line
        .iter()
        .take(indentation)
        .take_while(|octet| matches!(octet, b' ' | b'\t'));
    line.get(have.count()..).unwrap_or_default()
}

fn read_marked(text: &[u8]) -> Transcript {
    let mut found = Transcript {
        is_marked: true,
        ..Transcript::default()
    };
    let (mut of_request, mut of_response) = (None, None);
    for line in lines(text) {
        let Some((mark, line)) = marked(line) else {
            // A remark, a body, the progress so far: no line of a head.
            continue;
        };
        match Start::of(line) {
            Some(Start::Request) => {
                found.request = Some(Vec::new());
                found.response = None;
                (of_request, of_response) = (Some(mark), None);
            }
            Some(Start::Response) => {
                found.response = Some(Vec::new());
                of_response = Some(mark);
            }
            None => {}
        }
        let part = if Some(mark) == of_request {
            found.request.as_mut()
        } else if Some(mark) == of_response {
            found.response.as_mut()
        } else {
            None
        };
        if let Some(part) = part {
            part.extend_from_slice(line);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The request and the response that are found, `-` for none.
    #[track_caller]
    fn check(text: &str, request: &str, response: &str) {
        let found = Transcript::read(text.as_bytes());
        let shown = |part: &Option<Vec<u8>>| {
            let text = |octets: &Vec<u8>| String::from_utf8(octets.clone()).unwrap();
            part.as_ref().map_or("-".to_owned(), text)
        };
        assert_eq!(shown(&found.request), request);
        assert_eq!(shown(&found.response), response);
    }

    #[test]
    fn bare_heads_in_either_order() {
        let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        let response = "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\n\n\u{81}";
        check(request, request, "-");
        check(response, "-", response);
        check(&format!("{request}{response}"), request, response);
        check(
            &format!("{response}\n{request}"),
            request,
            &format!("{response}\n"),
        );
        check(&format!("log:\n{request}"), request, "-");
    }

    #[test]
    fn what_is_no_head_is_the_lead() {
        let found = Transcript::read(b"GET /\nHello HTTP/1.1\nHTTP/1.1\n");
        assert!(!found.has_head());
        assert_eq!(found.lead, b"GET /\nHello HTTP/1.1\nHTTP/1.1\n");
    }

    #[test]
    fn a_second_response_follows_the_first() {
        let text = "HTTP/1.1 101 A\n\nHTTP/1.1 400 B\n\n";
        check(text, "-", text);
    }

    #[test]
    fn an_indented_paste() {
        check(
            "    GET / HTTP/1.1\n    Host: a\n\n    HTTP/1.1 101 A\n      folded\n",
            "GET / HTTP/1.1\nHost: a\n\n",
            "HTTP/1.1 101 A\n  folded\n",
        );
    }

    #[test]
    fn what_curl_prints() {
        check(
            "* Trying 127.0.0.1:80...\n> GET / HTTP/1.1\r\n> Host: a\r\n>\r\n* Request sent\n\
             < HTTP/1.1 400 Bad Request\r\n< Server: b\r\n< \r\n{ [5 bytes data]\nHello\n\
             * Connection #0 left intact\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\nServer: b\r\n\r\n",
        );
    }

    #[test]
    fn a_log_of_a_server_and_one_with_a_redirect() {
        check(
            "= connection is CONNECTING\n< GET / HTTP/1.1\n< Host: a\n> HTTP/1.1 101 A\n> B: c\n",
            "GET / HTTP/1.1\nHost: a\n",
            "HTTP/1.1 101 A\nB: c\n",
        );
        check(
            "> GET /a HTTP/1.1\n>\n< HTTP/1.1 301 A\n<\n> GET /b HTTP/1.1\n>\n< HTTP/1.1 200 B\n<\n",
            "GET /b HTTP/1.1\n\n",
            "HTTP/1.1 200 B\n\n",
        );
    }
}
