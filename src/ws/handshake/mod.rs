//! The opening handshake (RFC 6455 section 4): heads, the accept value, the rules of both
//! heads, and what they agree on.
//!
//! Bytes go in; heads, errors and bytes to send come out. A server parses a [`RequestHead`],
//! validates it with [`validate_request`], negotiates with [`ServerSupport`] and sends a
//! [`Response`]. A client sends the head of a [`ClientRequest`] and gives the [`ResponseHead`] to
//! [`Negotiated::for_client`]. Reports read a whole [`Handshake`]. `net` does the reading,
//! writing and waiting.

mod accept;
mod admission;
mod body;
mod browser;
mod client;
mod credentials;
mod head;
mod headers;
mod lines;
mod negotiate;
mod offers;
mod other_bytes;
mod parsed;
mod request_rules;
mod response;
mod response_rules;
mod start_line;
mod token;

pub use accept::{Digest, GUID, KeyError, accept_value, check_key, decode_base64, without_guid};
pub use admission::{AdmissionError, AdmissionPolicy, ForeignSite};
pub use body::{Body, BodyFraming};
pub use client::{ClientRequest, ClientSupport};
pub use credentials::{masked_line, without_userinfo};
pub use head::{HeadError, RequestHead, ResponseHead};
pub use headers::{Header, HeaderError, Headers};
pub use lines::{HeadLine, HeadLines, HeaderLineError, LineEnd, LineEnds, LineError, LineKind};
pub use negotiate::{DeclineReason, Negotiated, ServerSupport};
pub use offers::{offered_extensions, offered_subprotocols};
pub use other_bytes::OtherBytes;
pub use parsed::{Handshake, ParsedHead, RequestKind};
pub use request_rules::{
    OfferError, RequestError, RequestWarning, Upgrade, request_warnings, validate_request,
};
pub use response::Response;
pub use response_rules::{ResponseError, validate_response};
pub use start_line::StartLine;
pub use token::is_token_word;

/// Text of a peer, cut to 60 characters, for a sentence.
fn shortened(text: &str) -> String {
    const LIMIT: usize = 60;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The same of a text that may be missing.
fn shortened_if_any(text: Option<String>) -> Option<String> {
    text.map(|text| shortened(&text))
}
