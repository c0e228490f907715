//! Pages for the header fields of the opening handshake.

use super::{TopicPage, after_words};
use crate::diagnosis::catalogue::{self, RulePage};

/// A header field.
struct HeaderEntry {
    name: &'static str,
    title: &'static str,
    section: &'static str,
    request: &'static str,
    response: &'static str,
    rules: &'static [&'static RulePage],
}

/// Declares the table: name, title, section, what each side sends, rules.
macro_rules! headers {
    ($($name:literal $title:literal in $section:literal {
        request $request:literal
        response $response:literal
        rules $($rule:ident)*
    })+) => {
        static ENTRIES: &[HeaderEntry] = &[$(HeaderEntry {
            name: $name,
            title: $title,
            section: $section,
            request: $request,
            response: $response,
            rules: &[$(&catalogue::$rule),*],
        }),+];

        /// The names of all header fields with a page.
        #[cfg(test)]
        pub(super) const NAMES: &[&str] = &[$($name),+];
    };
}

headers! {
    "Host" "the name and port of the server" in "RFC 6455 section 4.1; RFC 9112 section 3.2" {
        request "exactly one; the port is left out if it is 80 for ws, or 443 for wss: `Host: example.com:8080`"
        response "not sent"
        rules REQ_NO_HOST REQ_HOST_BAD HOST_FOREIGN
    }
    "Upgrade" "the protocol to change to" in "RFC 6455 section 4.1; RFC 9110 section 7.8" {
        request "`Upgrade: websocket`; the case of the value does not matter"
        response "`Upgrade: websocket`, once"
        rules REQ_NOT_UPGRADE RESP_UPGRADE_CONNECTION HEADER_REPEATED
    }
    "Connection" "names the headers that a proxy must not pass on" in "RFC 6455 section 4.1; RFC 9110 section 7.6.1" {
        request "`Connection: Upgrade`, or a list with it: Firefox sends `keep-alive, Upgrade`"
        response "`Connection: Upgrade`, or a list with it"
        rules REQ_CONNECTION_NO_UPGRADE CONNECTION_LIST_REFUSED RESP_UPGRADE_CONNECTION HEADER_REPEATED
    }
    "Sec-WebSocket-Key" "a random value for this handshake" in "RFC 6455 sections 4.1, 11.3.1" {
        request "base64 of 16 random bytes, 24 characters, another one for each connection"
        response "not sent: its hash is in `Sec-WebSocket-Accept`"
        rules REQ_KEY_BAD REQ_KEY_CONSTANT REQ_HIXIE76 ACCEPT_STALE
    }
    "Sec-WebSocket-Accept" "the proof that the server has read the key" in "RFC 6455 sections 4.2.2, 11.3.3" {
        request "not sent"
        response "base64 of the SHA-1 of the key and `258EAFA5-E914-47DA-95CA-C5AB0DC85B11`: `wsctl accept KEY` prints it"
        rules ACCEPT_MISSING ACCEPT_WRONG ACCEPT_HEXDIGEST ACCEPT_WRONG_GUID ACCEPT_KEY_MANGLED ACCEPT_STALE ACCEPT_B64_NEWLINE HEADER_NAME_CASE
    }
    "Sec-WebSocket-Version" "the version of the protocol" in "RFC 6455 sections 4.1, 4.4, 11.3.5" {
        request "`Sec-WebSocket-Version: 13`"
        response "only in a refusal with status 426: the versions that the server knows"
        rules REQ_VERSION
    }
    "Sec-WebSocket-Protocol" "the subprotocol, spoken inside the messages" in "RFC 6455 sections 1.9, 4.2.2, 11.3.4" {
        request "the names that the client offers, separated by commas; left out if there is none"
        response "one of the names that were offered, or no such header"
        rules REQ_SUBPROTOCOL_BAD RESP_SUBPROTOCOL_MISSING RESP_SUBPROTOCOL_WRONG
    }
    "Sec-WebSocket-Extensions" "extensions such as permessage-deflate" in "RFC 6455 sections 9.1, 11.3.2; RFC 7692 section 7" {
        request "what the client offers: browsers send `permessage-deflate; client_max_window_bits`"
        response "what the server accepts of the offer, or no such header"
        rules REQ_EXTENSIONS_BAD RESP_EXTENSION_UNREQUESTED RESP_EXTENSION_PARAMS PMD_CONTEXT PMD_WINDOW
    }
    "Origin" "the page that opens the connection" in "RFC 6455 sections 4.1, 10.2" {
        request "sent by browsers: scheme, host and port of the page, or `null`; other clients may leave it out"
        response "not sent; a server that does not accept the origin answers with status 403"
        rules REQ_ORIGIN_TWICE ORIGIN_FOREIGN RESP_STATUS
    }
    "Content-Length" "the length of a body" in "RFC 9110 section 8.6" {
        request "not sent: the request has no body"
        response "not sent in a 101: frames follow the head, not a body"
        rules REQ_BODY RESP_CONTENT_LENGTH
    }
    "Transfer-Encoding" "the encoding of a body in chunks" in "RFC 9112 section 6.1" {
        request "not sent: the request has no body"
        response "not sent in a 101: frames follow the head, not a body"
        rules REQ_BODY RESP_CHUNKED
    }
    "Sec-WebSocket-Key1" "a header of the draft Hixie-76" in "no rule of RFC 6455" {
        request "not sent by clients of RFC 6455: they send `Sec-WebSocket-Key`"
        response "not sent"
        rules REQ_HIXIE76
    }
    "WebSocket-Location" "a header of the draft Hixie-75" in "no rule of RFC 6455" {
        request "not sent"
        response "not sent by servers of RFC 6455; clients ignore it"
        rules RESP_DRAFT_HEADERS
    }
}

/// The page of `Sec-WebSocket-Key`, `header upgrade`, `upgrade header` or a line of a head.
pub(super) fn page(query: &str) -> Option<TopicPage> {
    let name = after_words(query, &["header", "field", "the"]);
    // A whole line, if the value is short: `Upgrade: websocket`.
    let name = match name.split_once(": ") {
        Some((name, value)) if value.split(' ').count() <= 3 => name,
        Some(_) => return None,
        None => name.strip_suffix(" header").unwrap_or(name),
    };
    let is_named = |entry: &&HeaderEntry| entry.name.eq_ignore_ascii_case(name);
    let entry = ENTRIES.iter().find(is_named)?;
    Some(TopicPage {
        subject: format!("header {}", entry.name),
        title: entry.title.to_owned(),
        fields: vec![
            ("client", entry.request.to_owned()),
            ("server", entry.response.to_owned()),
            ("rule", entry.section.to_owned()),
        ],
        rules: entry.rules.to_vec(),
        example: None,
    })
}
