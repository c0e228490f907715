//! Extensions: what the opening handshake says of them, and what permessage-deflate agrees on.
//!
//! [`Extension`] is the grammar of `Sec-WebSocket-Extensions` (RFC 6455 §9.1);
//! [`DeflateOffer`] and [`DeflateParameters`] are what a client may offer and what both
//! ends then hold to (RFC 7692 §7.1).

mod header;
mod offer;
mod parameters;

pub use header::{Expected, Extension, ExtensionError, parse};
pub use offer::{ClientWindow, DeflateOffer};
pub use parameters::{DeflateParameters, Parameter, ParameterError, SenderParameters};
