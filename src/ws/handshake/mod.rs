//! The opening handshake (RFC 6455 §4): heads, the accept value, and the server's verdict.
//!
//! Like the rest of `ws` it takes octets and gives octets; who reads them from where, and
//! how long it waits, is for `net`.

mod accept;
mod head;
mod lines;
mod request;
mod response;

pub use accept::{Digest, GUID, KeyFault, accept_value, check_key, decode_base64};
pub use head::{HeadFault, Header, RequestHead, ResponseHead};
pub use lines::{HeadLine, HeadLines, LineBreach, LineEnd, LineEnds, LineFault, LineKind};
pub use request::{Asked, RequestFault, Upgrade, judge};
pub use response::Response;
