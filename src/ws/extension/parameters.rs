//! The negotiated parameters of permessage-deflate, and their errors (RFC 7692 section 7.1).

use std::fmt;

use super::Extension;
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
    pub const EXTENSION: &str = "permessage-deflate";

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

/// A parameter of permessage-deflate (RFC 7692 section 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// `server_no_context_takeover`.
    ServerNoContextTakeover,
    /// `client_no_context_takeover`.
    ClientNoContextTakeover,
    /// `server_max_window_bits`.
    ServerMaxWindowBits,
    /// `client_max_window_bits`.
    ClientMaxWindowBits,
}

impl Parameter {
    /// All parameters, in the order of the RFC.
    pub const ALL: [Self; 4] = [
        Self::ServerNoContextTakeover,
        Self::ClientNoContextTakeover,
        Self::ServerMaxWindowBits,
        Self::ClientMaxWindowBits,
    ];

    /// The name in a header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ServerNoContextTakeover => "server_no_context_takeover",
            Self::ClientNoContextTakeover => "client_no_context_takeover",
            Self::ServerMaxWindowBits => "server_max_window_bits",
            Self::ClientMaxWindowBits => "client_max_window_bits",
        }
    }

    /// The parameter of this name, compared with case.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is wrong with an offer of permessage-deflate, or with the response to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterError {
    /// The extension is this one instead.
    OtherExtension(String),
    /// RFC 7692 defines no parameter of this name (section 7).
    Unknown(String),
    /// The parameter occurs more than once (section 7).
    Twice(Parameter),
    /// The parameter requires a value and has none (section 7.1.2).
    ValueMissing(Parameter),
    /// The parameter has this value and must have none (section 7.1.1).
    ValueNotAllowed(Parameter, String),
    /// This value is no "decimal integer value without leading zeroes between 8 to 15"
    /// (section 7.1.2).
    WindowBits(Parameter, String),
    /// The parameter is in the response and not in the offer (section 7.1.2.2).
    NotOffered(Parameter),
    /// The parameter is in the offer and not in the response, which must have it
    /// (sections 7.1.1.1 and 7.1.2.1).
    NotAnswered(Parameter),
    /// The window in the response is larger than in the offer (section 7.1.2).
    LargerThanOffered {
        /// The parameter.
        parameter: Parameter,
        /// The bits in the response.
        answered: u8,
        /// The bits in the offer.
        offered: u8,
    },
}

/// The sentence, without a full stop.
impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherExtension(name) => {
                let expected = DeflateParameters::EXTENSION;
                write!(f, "the extension is `{name}`, not {expected}")
            }
            Self::Unknown(name) => {
                let extension = DeflateParameters::EXTENSION;
                write!(f, "{extension} has no parameter `{name}`")
            }
            Self::Twice(parameter) => write!(f, "{parameter} occurs twice"),
            Self::ValueMissing(parameter) => write!(f, "{parameter} needs a value, 8 to 15"),
            Self::ValueNotAllowed(parameter, value) => {
                write!(f, "{parameter} must have no value, and has `{value}`")
            }
            Self::WindowBits(parameter, value) => {
                write!(f, "{parameter} must be 8 to 15, and is `{value}`")
            }
            Self::NotOffered(parameter) => {
                write!(f, "{parameter} is in the response, but not in the offer")
            }
            Self::NotAnswered(parameter) => {
                write!(f, "{parameter} is in the offer, but not in the response")
            }
            Self::LargerThanOffered {
                parameter,
                answered,
                offered,
            } => write!(
                f,
                "{parameter} is {answered} in the response, and at most {offered} in the offer"
            ),
        }
    }
}

/// The most window bits that DEFLATE allows (RFC 1951 section 2).
pub(super) const MOST_BITS: u8 = 15;

/// The parameters of an offer or a response, as its header names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct NamedParameters {
    pub(super) server_no_context_takeover: bool,
    pub(super) client_no_context_takeover: bool,
    pub(super) server_max_window_bits: Option<u8>,
    #[expect(
        clippy::option_option,
        reason = "the parameter may be absent, and its value too"
    )]
    pub(super) client_max_window_bits: Option<Option<u8>>,
}

impl NamedParameters {
    /// Reads the parameters, with the rules that offers and responses share.
    pub(super) fn parse(extension: &Extension) -> Result<Self, ParameterError> {
        // RFC 7692 does not say that case is ignored, and peers compare with case.
        if extension.name != DeflateParameters::EXTENSION {
            return Err(ParameterError::OtherExtension(extension.name.clone()));
        }
        let mut named = Self::default();
        for (name, value) in &extension.parameters {
            let parameter =
                Parameter::of_name(name).ok_or_else(|| ParameterError::Unknown(name.clone()))?;
            if named.set(parameter, value.as_deref())? {
                return Err(ParameterError::Twice(parameter));
            }
        }
        Ok(named)
    }

    /// Sets one parameter. Returns whether it was set before.
    fn set(&mut self, parameter: Parameter, value: Option<&str>) -> Result<bool, ParameterError> {
        Ok(match parameter {
            Parameter::ServerNoContextTakeover => {
                no_value(parameter, value)?;
                std::mem::replace(&mut self.server_no_context_takeover, true)
            }
            Parameter::ClientNoContextTakeover => {
                no_value(parameter, value)?;
                std::mem::replace(&mut self.client_no_context_takeover, true)
            }
            Parameter::ServerMaxWindowBits => {
                let value = value.ok_or(ParameterError::ValueMissing(parameter))?;
                let bits = window_bits(parameter, value)?;
                self.server_max_window_bits.replace(bits).is_some()
            }
            Parameter::ClientMaxWindowBits => {
                let bits = value.map(|value| window_bits(parameter, value));
                let bits = bits.transpose()?;
                self.client_max_window_bits.replace(bits).is_some()
            }
        })
    }
}

impl fmt::Display for NamedParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(DeflateParameters::EXTENSION)?;
        if self.server_no_context_takeover {
            write!(f, "; {}", Parameter::ServerNoContextTakeover)?;
        }
        if self.client_no_context_takeover {
            write!(f, "; {}", Parameter::ClientNoContextTakeover)?;
        }
        if let Some(bits) = self.server_max_window_bits {
            write!(f, "; {}={bits}", Parameter::ServerMaxWindowBits)?;
        }
        match self.client_max_window_bits {
            None => Ok(()),
            Some(None) => write!(f, "; {}", Parameter::ClientMaxWindowBits),
            Some(Some(bits)) => write!(f, "; {}={bits}", Parameter::ClientMaxWindowBits),
        }
    }
}

fn no_value(parameter: Parameter, value: Option<&str>) -> Result<(), ParameterError> {
    value.map_or(Ok(()), |value| {
        let value = value.to_owned();
        Err(ParameterError::ValueNotAllowed(parameter, value))
    })
}

/// "This parameter has a decimal integer value without leading zeroes between 8 to 15,
/// inclusive" (RFC 7692 section 7.1.2.1).
fn window_bits(parameter: Parameter, value: &str) -> Result<u8, ParameterError> {
    match value {
        "8" => Ok(8),
        "9" => Ok(9),
        "10" => Ok(10),
        "11" => Ok(11),
        "12" => Ok(12),
        "13" => Ok(13),
        "14" => Ok(14),
        "15" => Ok(15),
        _ => Err(ParameterError::WindowBits(parameter, value.to_owned())),
    }
}

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
