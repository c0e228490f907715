//! The opening handshake (RFC 6455 §4): heads, the accept value, the server's
//! verdict on a request and the client's on the answer.
//!
//! Like the rest of `ws` it takes bytes and gives bytes; who reads them from where, and
//! how long it waits, is for `net`.

mod accept;
mod admission;
mod agreement;
mod answer;
mod browser;
mod exchange;
mod foreign;
mod head;
mod lines;
mod offers;
mod request;
mod response;
mod server_support;

pub use accept::{Digest, GUID, KeyError, accept_value, check_key, decode_base64};
pub use admission::{AdmissionError, check_origin};
pub use agreement::{Negotiated, offered_extensions};
pub use answer::{ResponseError, judge_response};
pub use exchange::{Handshake, ParsedHead};
pub use foreign::OtherProtocol;
pub use head::{HeadError, Header, RequestHead, ResponseHead};
pub use lines::{HeadLine, HeadLines, HeaderLineError, LineEnd, LineEnds, LineError, LineKind};
pub use offers::{OfferError, RequestWarning, doubts, is_token_word, offered_subprotocols};
pub use request::{RequestError, RequestKind, Upgrade, judge};
pub use response::Response;
pub use server_support::{DeclineReason, ServerSupport};
