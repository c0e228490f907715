//! Extensions in the opening handshake, and the parameters of permessage-deflate.
//!
//! [`parse`] reads the value of `Sec-WebSocket-Extensions` (RFC 6455 section 9.1). A client
//! sends a [`DeflateOffer`]; a server accepts it and answers with [`DeflateParameters`]
//! (RFC 7692 section 7.1), which then hold for the frames. `ws::handshake` uses all of it.

mod header;
mod named_parameters;
mod offer;
mod parameter;
mod parameters;

pub use header::{ExpectedPart, Extension, ExtensionError, parse};
pub use offer::{ClientWindow, DeflateOffer};
pub use parameter::{Parameter, ParameterError};
pub use parameters::{DeflateParameters, SenderParameters};
