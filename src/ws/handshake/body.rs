//! The body of a response: where it ends, and its bytes without the chunks of a transfer coding
//! (RFC 9112 sections 6 and 7). A client shows the body of a refusal.

use super::head::ResponseHead;

/// How the end of a body is found (RFC 9112 section 6.3), for a response to GET.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFraming {
    /// It has this many bytes.
    Length(u64),
    /// It is in chunks, of which the last one is empty.
    Chunked,
    /// It ends with the connection.
    UntilClose,
}

/// The part of a body that was received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether the end was received.
    pub is_whole: bool,
}

impl BodyFraming {
    /// The framing that a response head announces. Of several different lengths the first one is
    /// used.
    pub fn of(head: &ResponseHead) -> Self {
        let length = head.headers.elements("Content-Length").next();
        if matches!(head.status, 100..=199 | 204 | 304) {
            return Self::Length(0);
        }
        if head.headers.lists("Transfer-Encoding", "chunked") {
            return Self::Chunked;
        }
        match length.and_then(|length| length.parse().ok()) {
            Some(length) => Self::Length(length),
            None => Self::UntilClose,
        }
    }

    /// Decodes what was received of a body. Bytes that are not a chunk are kept as they are.
    pub fn decode(self, received: &[u8]) -> Body {
        match self {
            Self::Length(length) => {
                let whole = usize::try_from(length).ok();
                let bytes = whole.and_then(|length| received.get(..length));
                Body {
                    bytes: bytes.unwrap_or(received).to_vec(),
                    is_whole: bytes.is_some(),
                }
            }
            Self::UntilClose => Body {
                bytes: received.to_vec(),
                is_whole: false,
            },
            Self::Chunked => decode_chunks(received),
        }
    }
}

fn decode_chunks(received: &[u8]) -> Body {
    let mut bytes = Vec::new();
    let mut rest = received;
    loop {
        let (start, size) = match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete(found)) => found,
            Ok(httparse::Status::Partial) => {
                return Body {
                    bytes,
                    is_whole: false,
                };
            }
            Err(_) => {
                bytes.extend_from_slice(rest);
                return Body {
                    bytes,
                    is_whole: true,
                };
            }
        };
        if size == 0 {
            return Body {
                bytes,
                is_whole: true,
            };
        }
        let data = rest.get(start..).unwrap_or_default();
        let end = usize::try_from(size).ok().filter(|end| *end <= data.len());
        let (chunk, after) = data.split_at(end.unwrap_or(data.len()));
        bytes.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n").unwrap_or(after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(headers: &str, received: &str) -> (String, bool) {
        let text = format!("HTTP/1.1 400 Bad Request\r\n{headers}\r\n");
        let (head, _) = ResponseHead::parse(text.as_bytes()).unwrap().unwrap();
        let body = BodyFraming::of(&head).decode(received.as_bytes());
        (String::from_utf8(body.bytes).unwrap(), body.is_whole)
    }

    #[test]
    fn a_length_says_where_a_body_ends() {
        let whole = |text: &str| (text.to_owned(), true);
        assert_eq!(body("Content-Length: 5\r\n", "HelloX"), whole("Hello"));
        assert_eq!(body("Content-Length: 0\r\n", ""), whole(""));
        let part = ("Hel".to_owned(), false);
        assert_eq!(body("Content-Length: 5\r\n", "Hel"), part);
        assert_eq!(
            body("Content-Length: 99999999999999999999\r\n", "Hel"),
            part
        );
        assert_eq!(body("", "Hel"), part);
    }

    #[test]
    fn chunks_are_joined() {
        let chunked = |received| body("Transfer-Encoding: chunked\r\n", received);
        let all = "4\r\nWiki\r\n6;a=b\r\npedia \r\n0\r\n\r\n";
        assert_eq!(chunked(all), ("Wikipedia ".to_owned(), true));
        assert_eq!(chunked("4\r\nWi"), ("Wi".to_owned(), false));
        assert_eq!(chunked("4\r\nWiki\r\n"), ("Wiki".to_owned(), false));
        assert_eq!(chunked("4\r"), (String::new(), false));
        assert_eq!(chunked("no chunk"), ("no chunk".to_owned(), true));
        let claimed = "ffffffffffffffff\r\nabc";
        assert_eq!(chunked(claimed), ("abc".to_owned(), false));
    }

    #[test]
    fn a_status_may_exclude_a_body() {
        let (head, _) = ResponseHead::parse(b"HTTP/1.1 304 Not Modified\r\n\r\n")
            .unwrap()
            .unwrap();
        assert_eq!(BodyFraming::of(&head), BodyFraming::Length(0));
    }
}
