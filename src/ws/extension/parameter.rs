//! A parameter of permessage-deflate, and what may be wrong with one.

use std::fmt;

/// The name of the extension (RFC 7692 section 7).
pub(super) const EXTENSION: &str = "permessage-deflate";

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
                write!(f, "the extension is `{name}`, not {EXTENSION}")
            }
            Self::Unknown(name) => {
                write!(f, "{EXTENSION} has no parameter `{name}`")
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
