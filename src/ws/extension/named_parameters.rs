//! The parameters of permessage-deflate as the header of an offer or of a response names them.
//!
//! In: an [`Extension`]. Out: [`NamedParameters`], of which [`parameters`](super::parameters) and
//! [`offer`](super::offer) make their types.

use std::fmt;

use super::Extension;
use super::parameter::{EXTENSION, Parameter, ParameterError};

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
        if extension.name != EXTENSION {
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
        f.write_str(EXTENSION)?;
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
