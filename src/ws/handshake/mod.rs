//! The opening handshake (RFC 6455 §4): heads, the accept value, the server's
//! verdict on a request and the client's on the answer.
//!
//! Like the rest of `ws` it takes octets and gives octets; who reads them from where, and
//! how long it waits, is for `net`.

mod abilities;
mod accept;
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

pub use abilities::{Abilities, Decline};
pub use accept::{Digest, GUID, KeyFault, accept_value, check_key, decode_base64};
pub use agreement::{Agreement, offered_extensions};
pub use answer::{ResponseFault, judge_response};
pub use exchange::{Handshake, Received};
pub use foreign::Foreign;
pub use head::{HeadFault, Header, RequestHead, ResponseHead};
pub use lines::{HeadLine, HeadLines, LineBreach, LineEnd, LineEnds, LineFault, LineKind};
pub use offers::{OfferFault, RequestDoubt, doubts, is_token_word, offered_subprotocols};
pub use request::{Asked, RequestFault, Upgrade, judge};
pub use response::Response;
