//! The response of a server: a 101, or a refusal that gives its reason. `net` sends it, and
//! `wsctl accept --response` prints it.

use super::headers::Headers;
use super::negotiate::Negotiated;
use super::request_rules::RequestError;

/// The head of a response and its body (RFC 9112 section 2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body. Empty for a 101.
    pub body: String,
}

impl Response {
    /// The 101 that opens the connection (RFC 6455 section 4.2.2), with this
    /// `Sec-WebSocket-Accept`.
    pub fn switching_protocols(accept: &str) -> Self {
        let mut headers = Headers::default();
        headers.push("Upgrade", "websocket");
        headers.push("Connection", "Upgrade");
        headers.push("Sec-WebSocket-Accept", accept);
        Self {
            status: 101,
            headers,
            body: String::new(),
        }
    }

    /// The response with the headers for the subprotocol and the extension that were
    /// negotiated (RFC 6455 section 4.2.2).
    #[must_use]
    pub fn with_negotiated(mut self, negotiated: &Negotiated) -> Self {
        if let Some(subprotocol) = &negotiated.subprotocol {
            self.headers
                .push("Sec-WebSocket-Protocol", subprotocol.as_str());
        }
        if let Some(deflate) = &negotiated.deflate {
            self.headers
                .push("Sec-WebSocket-Extensions", deflate.to_string());
        }
        self
    }

    /// The refusal of a request. The body is the sentence of the error.
    pub fn refusal(error: &RequestError) -> Self {
        Self::refused(error.status(), &error.to_string())
    }

    /// A refusal with this status and this sentence as its body.
    ///
    /// A 426 names the protocol to upgrade to (RFC 9110 section 15.5.22) and the supported
    /// version (RFC 6455 section 4.4), a 405 the allowed method (RFC 9110 section 15.5.6).
    pub fn refused(status: u16, sentence: &str) -> Self {
        let body = format!("{}.\n", capitalised(sentence));
        let mut headers = Headers::default();
        headers.push("Content-Type", "text/plain; charset=utf-8");
        headers.push("Content-Length", body.len().to_string());
        // The sentence may quote the request, and must not be read as HTML.
        headers.push("X-Content-Type-Options", "nosniff");
        if status == 426 {
            headers.push("Upgrade", "websocket");
            headers.push("Sec-WebSocket-Version", "13");
            headers.push("Connection", "Upgrade, close");
        } else {
            headers.push("Connection", "close");
        }
        if status == 405 {
            headers.push("Allow", "GET");
        }
        Self {
            status,
            headers,
            body,
        }
    }

    /// The status line without its CR LF: `HTTP/1.1 101 Switching Protocols`.
    pub fn status_line(&self) -> String {
        format!("HTTP/1.1 {} {}", self.status, reason_phrase(self.status))
    }

    /// The bytes to send.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = format!("{}\r\n", self.status_line()).into_bytes();
        self.headers.encode_onto(&mut bytes);
        bytes.extend_from_slice(self.body.as_bytes());
        bytes
    }
}

/// The reason phrase of a status that `serve` sends (RFC 9110 section 15, RFC 6585
/// section 5).
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
    fn the_101_is_that_of_rfc_6455_section_1_3() {
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
    fn a_426_names_the_supported_version() {
        assert_eq!(
            text(&Response::refusal(&RequestError::WebSocketVersion(Some(
                "8".into()
            )))),
            "HTTP/1.1 426 Upgrade Required\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\
             Content-Length: 52\r\n\
             X-Content-Type-Options: nosniff\r\n\
             Upgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\n\
             Connection: Upgrade, close\r\n\
             \r\n\
             The `Sec-WebSocket-Version` must be 13, and is `8`.\n"
        );
    }

    #[test]
    fn a_405_names_the_allowed_method() {
        let response = Response::refusal(&RequestError::Method("POST".into()));
        assert_eq!(response.headers.first("Allow").as_deref(), Some("GET"));
    }
}
