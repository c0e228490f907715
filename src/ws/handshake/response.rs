//! What a server answers: the 101, or a refusal that says why.

use super::agreement::Negotiated;
use super::head::Header;
use super::request::RequestError;

/// The head of a response, and its body (RFC 9112 §2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers in their order.
    pub headers: Vec<Header>,
    /// The body, empty for a 101.
    pub body: String,
}

impl Response {
    /// The 101 that opens the connection (RFC 6455 §4.2.2).
    pub fn switching_protocols(accept: &str) -> Self {
        let headers = vec![
            Header::new("Upgrade", "websocket"),
            Header::new("Connection", "Upgrade"),
            Header::new("Sec-WebSocket-Accept", accept),
        ];
        Self {
            status: 101,
            headers,
            body: String::new(),
        }
    }

    /// The same, naming what both ends agree on (RFC 6455 §4.2.2).
    #[must_use]
    pub fn agreeing(mut self, agreement: &Negotiated) -> Self {
        let subprotocol = agreement.subprotocol.as_ref();
        self.headers
            .extend(subprotocol.map(|name| Header::new("Sec-WebSocket-Protocol", name.as_str())));
        let deflate = agreement.deflate.as_ref();
        self.headers.extend(
            deflate
                .map(|parameters| Header::new("Sec-WebSocket-Extensions", parameters.to_string())),
        );
        self
    }

    /// The refusal of a request: a body of one sentence that says what is wrong with it.
    pub fn refusal(fault: &RequestError) -> Self {
        Self::refused(fault.status(), &fault.to_string())
    }

    /// A refusal with this status, whose body is this sentence.
    ///
    /// A 426 names what to upgrade to (RFC 9110 §15.5.22) and the version that is spoken
    /// (RFC 6455 §4.4), a 405 the method that is allowed (RFC 9110 §15.5.6).
    pub fn refused(status: u16, sentence: &str) -> Self {
        let body = format!("{}.\n", capitalised(sentence));
        let mut headers = vec![
            Header::new("Content-Type", "text/plain; charset=utf-8"),
            Header::new("Content-Length", body.len().to_string()),
        ];
        if status == 426 {
            headers.push(Header::new("Upgrade", "websocket"));
            headers.push(Header::new("Sec-WebSocket-Version", "13"));
            headers.push(Header::new("Connection", "Upgrade, close"));
        } else {
            headers.push(Header::new("Connection", "close"));
        }
        if status == 405 {
            headers.push(Header::new("Allow", "GET"));
        }
        Self {
            status,
            headers,
            body,
        }
    }

    /// The status line, without its CRLF: `HTTP/1.1 101 Switching Protocols`.
    pub fn status_line(&self) -> String {
        format!("HTTP/1.1 {} {}", self.status, reason_phrase(self.status))
    }

    /// The bytes to send.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = format!("{}\r\n", self.status_line()).into_bytes();
        for header in &self.headers {
            bytes.extend_from_slice(header.name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(&header.value);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(self.body.as_bytes());
        bytes
    }
}

/// The phrase beside a status that this server sends (RFC 9110 §15, RFC 6585 §5).
const fn reason_phrase(status: u16) -> &'static str {
    match status {
        101 => "Switching Protocols",
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        426 => "Upgrade Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => "",
    }
}

fn capitalised(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(response: &Response) -> String {
        String::from_utf8(response.encode()).unwrap()
    }

    #[test]
    fn the_101_of_section_1_3() {
        assert_eq!(
            text(&Response::switching_protocols(
                "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
            )),
            "HTTP/1.1 101 Switching Protocols\r\n\
             Upgrade: websocket\r\n\
             Connection: Upgrade\r\n\
             Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\
             \r\n"
        );
    }

    #[test]
    fn a_426_says_which_version_is_spoken() {
        assert_eq!(
            text(&Response::refusal(&RequestError::WebSocketVersion(Some(
                "8".into()
            )))),
            "HTTP/1.1 426 Upgrade Required\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\
             Content-Length: 51\r\n\
             Upgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\n\
             Connection: Upgrade, close\r\n\
             \r\n\
             The `Sec-WebSocket-Version` must be 13, it is `8`.\n"
        );
    }

    #[test]
    fn a_405_says_which_method_is_allowed() {
        let response = Response::refusal(&RequestError::Method("POST".into()));
        assert!(response.headers.contains(&Header::new("Allow", "GET")));
    }
}
