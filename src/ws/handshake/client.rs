//! The client's side of the opening handshake (RFC 6455 section 4.1): the request it sends, and
//! the validation of the response.
//!
//! A client builds a [`ClientRequest`] for each connection, sends its
//! [`head`](ClientRequest::head), and gives the response to [`Negotiated::for_client`].

use super::head::{RequestHead, ResponseHead};
use super::headers::{Header, Headers};
use super::negotiate::Negotiated;
use super::response_rules::{ResponseError, validate_response};
use crate::ws::extension::DeflateOffer;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// What a client offers to a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientSupport {
    /// The subprotocols, in the order of preference.
    pub subprotocols: Vec<String>,
    /// The offer of permessage-deflate. None if the client does not compress.
    pub deflate: Option<DeflateOffer>,
}

/// The parts of an opening request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRequest {
    /// The request target: the path and the query of the URL, as `/chat?room=1`.
    pub target: String,
    /// The value of `Host`: the host of the URL, with the port unless it is the default one.
    pub host: String,
    /// Sixteen random bytes, new for each connection. The key is base64 of them.
    pub nonce: [u8; 16],
    /// Headers that the user adds. One with the name of a header that the request has anyway
    /// takes its place.
    pub extra: Vec<Header>,
}

impl ClientRequest {
    /// The head to send.
    pub fn head(&self, support: &ClientSupport) -> RequestHead {
        let mut headers = Headers::default();
        headers.push("Host", self.host.as_str());
        headers.push("Upgrade", "websocket");
        headers.push("Connection", "Upgrade");
        headers.push("Sec-WebSocket-Key", BASE64.encode(self.nonce));
        headers.push("Sec-WebSocket-Version", "13");
        if !support.subprotocols.is_empty() {
            let list = support.subprotocols.join(", ");
            headers.push("Sec-WebSocket-Protocol", list);
        }
        if let Some(deflate) = &support.deflate {
            headers.push("Sec-WebSocket-Extensions", deflate.to_string());
        }
        for header in &self.extra {
            headers.remove(&header.name);
        }
        headers.extend(self.extra.iter().cloned());
        RequestHead {
            method: "GET".to_owned(),
            target: self.target.clone(),
            minor_version: 1,
            headers,
        }
    }
}

impl Negotiated {
    /// What a client and a server agreed to with this request and this response.
    ///
    /// # Errors
    ///
    /// The errors for which the client must fail the connection. If there are none, the
    /// other errors of [`validate_response`] do not prevent the connection.
    pub fn for_client(
        request: &RequestHead,
        response: &ResponseHead,
    ) -> Result<Self, Vec<ResponseError>> {
        let mut errors = validate_response(response, Some(request));
        errors.retain(ResponseError::is_fatal);
        match Self::of(Some(request), response) {
            Some(negotiated) if errors.is_empty() => Ok(negotiated),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Response, ServerSupport, request_warnings, validate_request};
    use super::*;
    use crate::ws::extension::{ClientWindow, DeflateParameters};

    fn request(extra: Vec<Header>) -> ClientRequest {
        ClientRequest {
            target: "/chat".to_owned(),
            host: "localhost:9527".to_owned(),
            nonce: *b"the sample nonce",
            extra,
        }
    }

    fn support() -> ClientSupport {
        ClientSupport {
            subprotocols: vec!["chat".to_owned(), "mqtt".to_owned()],
            deflate: Some(DeflateOffer {
                client_window: ClientWindow::Limitable,
                ..DeflateOffer::default()
            }),
        }
    }

    #[test]
    fn a_request_is_that_of_rfc_6455_section_1_3() {
        let head = request(Vec::new()).head(&support());
        let text = "GET /chat HTTP/1.1\r\nHost: localhost:9527\r\nUpgrade: websocket\r\n\
                    Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat, mqtt\r\n\
                    Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n";
        assert_eq!(String::from_utf8(head.encode()).unwrap(), text);
    }

    #[test]
    fn an_extra_header_replaces_that_of_the_same_name() {
        let extra = vec![
            Header::new("sec-websocket-version", "8"),
            Header::new("Cookie", "a=1"),
            Header::new("Cookie", "b=2"),
        ];
        let head = request(extra).head(&ClientSupport::default());
        let names: Vec<&str> = head.headers.iter().map(|it| it.name.as_str()).collect();
        let expected = [
            "Host",
            "Upgrade",
            "Connection",
            "Sec-WebSocket-Key",
            "sec-websocket-version",
            "Cookie",
            "Cookie",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn our_client_and_our_server_agree() {
        let mut nonced = request(Vec::new());
        nonced.nonce = [7; 16];
        let head = nonced.head(&support());
        assert_eq!(request_warnings(&head), []);
        let server = ServerSupport {
            subprotocols: vec!["mqtt".to_owned()],
            deflate: Some(DeflateParameters {
                client_max_window_bits: 10,
                ..DeflateParameters::default()
            }),
        };
        let upgrade = validate_request(&head).unwrap();
        let chosen = server.negotiate(&head);
        let response = Response::switching_protocols(&upgrade.accept).with_negotiated(&chosen);
        let (response, _) = ResponseHead::parse(&response.encode()).unwrap().unwrap();
        assert_eq!(chosen.subprotocol.as_deref(), Some("mqtt"));
        assert_eq!(Negotiated::for_client(&head, &response), Ok(chosen));
    }

    #[test]
    fn only_fatal_errors_of_a_response_prevent_the_connection() {
        let head = request(Vec::new()).head(&support());
        let upgrade = validate_request(&head).unwrap();
        let mut response = Response::switching_protocols(&upgrade.accept);
        response.headers.push("Content-Length", "0");
        let parse = |response: &Response| {
            let parsed = ResponseHead::parse(&response.encode()).unwrap();
            parsed.unwrap().0
        };
        let negotiated = Negotiated::for_client(&head, &parse(&response));
        assert_eq!(negotiated, Ok(Negotiated::default()));
        response.headers.push("Sec-WebSocket-Protocol", "soap");
        let errors = Negotiated::for_client(&head, &parse(&response)).unwrap_err();
        assert!(
            matches!(
                errors.as_slice(),
                [ResponseError::SubprotocolNotOffered { .. }]
            ),
            "{errors:?}"
        );
        response.status = 403;
        let errors = Negotiated::for_client(&head, &parse(&response)).unwrap_err();
        assert_eq!(errors, [ResponseError::Status(403)]);
    }
}
