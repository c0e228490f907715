//! The negotiated parameters of permessage-deflate (RFC 7692 section 7.1).

use std::fmt;

use super::Extension;
use super::named_parameters::NamedParameters;
use super::parameter::{self, Parameter, ParameterError};
use crate::ws::Role;

/// The parameters of permessage-deflate on a connection (RFC 7692 section 7.1).
///
/// The text is that of the response's header, without parameters that have their default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeflateParameters {
    /// The server drops its context after each message (section 7.1.1.1).
    pub server_no_context_takeover: bool,
    /// The client drops its context after each message (section 7.1.1.2).
    pub client_no_context_takeover: bool,
    /// The base-2 logarithm of the size of the server's window in bytes, 8 to 15
    /// (section 7.1.2.1).
    pub server_max_window_bits: u8,
    /// The base-2 logarithm of the size of the client's window in bytes, 8 to 15
    /// (section 7.1.2.2).
    pub client_max_window_bits: u8,
}

impl DeflateParameters {
    /// The name of the extension (RFC 7692 section 7).
    pub const EXTENSION: &str = parameter::EXTENSION;

    /// Reads an extension of a response.
    /// [`DeflateOffer::answered_by`](super::DeflateOffer::answered_by) compares it with an offer.
    ///
    /// # Errors
    ///
    /// The first [`ParameterError`] that does not depend on the offer.
    pub fn parse(response: &Extension) -> Result<Self, ParameterError> {
        let named = NamedParameters::parse(response)?;
        let client = match named.client_max_window_bits {
            Some(None) => Err(ParameterError::ValueMissing(Parameter::ClientMaxWindowBits)),
            Some(Some(bits)) => Ok(bits),
            None => Ok(MOST_BITS),
        };
        Ok(Self {
            server_no_context_takeover: named.server_no_context_takeover,
            client_no_context_takeover: named.client_no_context_takeover,
            server_max_window_bits: named.server_max_window_bits.unwrap_or(MOST_BITS),
            client_max_window_bits: client?,
        })
    }

    /// The parameters for the messages of one sender.
    pub const fn of(self, sender: Role) -> SenderParameters {
        match sender {
            Role::Client => SenderParameters {
                no_context_takeover: self.client_no_context_takeover,
                window_bits: self.client_max_window_bits,
            },
            Role::Server => SenderParameters {
                no_context_takeover: self.server_no_context_takeover,
                window_bits: self.server_max_window_bits,
            },
        }
    }
}

/// The parameters for the messages of one sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderParameters {
    /// The sender drops its context after each message.
    pub no_context_takeover: bool,
    /// The base-2 logarithm of the size of the window in bytes, 8 to 15.
    pub window_bits: u8,
}

/// Both contexts are kept, and both windows have the largest size.
impl Default for DeflateParameters {
    fn default() -> Self {
        Self {
            server_no_context_takeover: false,
            client_no_context_takeover: false,
            server_max_window_bits: MOST_BITS,
            client_max_window_bits: MOST_BITS,
        }
    }
}

impl fmt::Display for DeflateParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = |bits: u8| (bits < MOST_BITS).then_some(bits);
        NamedParameters {
            server_no_context_takeover: self.server_no_context_takeover,
            client_no_context_takeover: self.client_no_context_takeover,
            server_max_window_bits: bits(self.server_max_window_bits),
            client_max_window_bits: bits(self.client_max_window_bits).map(Some),
        }
        .fmt(f)
    }
}

/// The most window bits that DEFLATE allows (RFC 1951 section 2).
pub(super) const MOST_BITS: u8 = 15;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::extension::parse;

    fn parameters(text: &str) -> Result<DeflateParameters, String> {
        let extension = parse(text).unwrap().remove(0);
        DeflateParameters::parse(&extension).map_err(|error| error.to_string())
    }

    #[test]
    fn a_response_is_printed_as_it_was_parsed() {
        for text in [
            "permessage-deflate",
            "permessage-deflate; server_no_context_takeover",
            "permessage-deflate; client_no_context_takeover; server_max_window_bits=8",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; \
             server_max_window_bits=10; client_max_window_bits=14",
        ] {
            assert_eq!(parameters(text).unwrap().to_string(), text);
        }
        let quoted = "permessage-deflate; client_max_window_bits=\"15\"; server_max_window_bits=15";
        assert_eq!(parameters(quoted), Ok(DeflateParameters::default()));
    }

    #[test]
    fn each_wrong_parameter_has_its_error() {
        let check = |parameter: &str, expected: &str| {
            let text = format!("permessage-deflate; {parameter}");
            assert_eq!(parameters(&text), Err(expected.to_owned()), "{text}");
        };
        for value in [
            "7", "16", "08", "0", "010", "+8", "-8", "8.0", "0x8", "1e1", "300",
        ] {
            check(
                &format!("server_max_window_bits={value}"),
                &format!("server_max_window_bits must be 8 to 15, and is `{value}`"),
            );
        }
        check(
            "client_max_window_bits",
            "client_max_window_bits needs a value, 8 to 15",
        );
        check(
            "server_max_window_bits",
            "server_max_window_bits needs a value, 8 to 15",
        );
        check(
            "server_no_context_takeover=true",
            "server_no_context_takeover must have no value, and has `true`",
        );
        check(
            "client_no_context_takeover; client_no_context_takeover",
            "client_no_context_takeover occurs twice",
        );
        check(
            "server_max_window_bits=9; server_max_window_bits=9",
            "server_max_window_bits occurs twice",
        );
        check("level=9", "permessage-deflate has no parameter `level`");
        check(
            "Server_no_context_takeover",
            "permessage-deflate has no parameter `Server_no_context_takeover`",
        );
        assert_eq!(
            parameters("x-webkit-deflate-frame"),
            Err("the extension is `x-webkit-deflate-frame`, not permessage-deflate".to_owned())
        );
    }
}
