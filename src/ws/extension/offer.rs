//! A client's offer of permessage-deflate, and the responses to it (RFC 7692 sections 5 and 7.1).

use std::fmt;

use super::named_parameters::NamedParameters;
use super::parameters::MOST_BITS;
use super::{DeflateParameters, Extension, Parameter, ParameterError};

/// An offer of permessage-deflate. Its text is that of the request's header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeflateOffer {
    /// The client requires the server to drop its context after each message (section 7.1.1.1).
    pub server_no_context_takeover: bool,
    /// The client is ready to drop its own context after each message (section 7.1.1.2).
    pub client_no_context_takeover: bool,
    /// The client requires the server to use at most this many window bits, 8 to 15
    /// (section 7.1.2.1).
    pub server_max_window_bits: Option<u8>,
    /// What the server may require of the client's window (section 7.1.2.2).
    pub client_window: ClientWindow,
}

/// The parameter `client_max_window_bits` of an offer (RFC 7692 section 7.1.2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientWindow {
    /// The parameter is absent: the server must not require a smaller window.
    #[default]
    Unlimited,
    /// The parameter has no value: the server may require any window.
    Limitable,
    /// The client uses at most this many bits, 8 to 15.
    AtMost(u8),
}

impl DeflateOffer {
    /// Reads an offer from an extension of a request.
    ///
    /// # Errors
    ///
    /// The first [`ParameterError`]. A server must decline such an offer (section 7).
    pub fn parse(request: &Extension) -> Result<Self, ParameterError> {
        let named = NamedParameters::parse(request)?;
        Ok(Self {
            server_no_context_takeover: named.server_no_context_takeover,
            client_no_context_takeover: named.client_no_context_takeover,
            server_max_window_bits: named.server_max_window_bits,
            client_window: match named.client_max_window_bits {
                None => ClientWindow::Unlimited,
                Some(None) => ClientWindow::Limitable,
                Some(Some(bits)) => ClientWindow::AtMost(bits),
            },
        })
    }

    /// The parameters with which a server that prefers `preferred` accepts the offer. None if it
    /// declines, because it requires a smaller window than the client allows.
    ///
    /// A context is dropped after each message if either side wants that. A window is the
    /// smaller of the two.
    pub fn accept(&self, preferred: &DeflateParameters) -> Option<DeflateParameters> {
        let server_bits = self.server_max_window_bits.unwrap_or(MOST_BITS);
        let wanted = preferred.client_max_window_bits;
        let client_bits = match self.client_window {
            // "If a received extension negotiation offer doesn't have the
            // 'client_max_window_bits' extension parameter, the corresponding extension
            // negotiation response to the offer MUST NOT include" it (section 7.1.2.2).
            ClientWindow::Unlimited if wanted < MOST_BITS => return None,
            ClientWindow::Unlimited | ClientWindow::Limitable => wanted,
            ClientWindow::AtMost(bits) => bits.min(wanted),
        };
        Some(DeflateParameters {
            server_no_context_takeover: self.server_no_context_takeover
                || preferred.server_no_context_takeover,
            client_no_context_takeover: self.client_no_context_takeover
                || preferred.client_no_context_takeover,
            server_max_window_bits: server_bits.min(preferred.server_max_window_bits),
            client_max_window_bits: client_bits,
        })
    }

    /// The parameters for the first acceptable offer. A client lists its offers in the order of
    /// preference (sections 5.1 and 7.1).
    pub fn accept_one_of(
        offers: &[Self],
        preferred: &DeflateParameters,
    ) -> Option<DeflateParameters> {
        offers.iter().find_map(|offer| offer.accept(preferred))
    }

    /// The parameters that a response to this offer agrees to.
    ///
    /// # Errors
    ///
    /// The first [`ParameterError`]. A client must fail the connection (section 7).
    pub fn answered_by(&self, response: &Extension) -> Result<DeflateParameters, ParameterError> {
        let named = NamedParameters::parse(response)?;
        let parameters = DeflateParameters::parse(response)?;
        // "A server accepts an extension negotiation offer that includes the
        // 'server_no_context_takeover' extension parameter by including" it (section 7.1.1.1).
        if self.server_no_context_takeover && !named.server_no_context_takeover {
            return Err(ParameterError::NotAnswered(
                Parameter::ServerNoContextTakeover,
            ));
        }
        self.validate_server_window(named)?;
        self.validate_client_window(named)?;
        Ok(parameters)
    }

    fn validate_server_window(self, named: NamedParameters) -> Result<(), ParameterError> {
        let parameter = Parameter::ServerMaxWindowBits;
        match (self.server_max_window_bits, named.server_max_window_bits) {
            // 15 bits are not a limit.
            (None | Some(MOST_BITS), _) => Ok(()),
            (Some(_), None) => Err(ParameterError::NotAnswered(parameter)),
            (Some(offered), Some(answered)) => at_most(parameter, answered, offered),
        }
    }

    fn validate_client_window(self, named: NamedParameters) -> Result<(), ParameterError> {
        let parameter = Parameter::ClientMaxWindowBits;
        match (self.client_window, named.client_max_window_bits.flatten()) {
            (_, None) | (ClientWindow::Limitable, Some(_)) => Ok(()),
            (ClientWindow::Unlimited, Some(_)) => Err(ParameterError::NotOffered(parameter)),
            (ClientWindow::AtMost(offered), Some(answered)) => {
                at_most(parameter, answered, offered)
            }
        }
    }
}

impl fmt::Display for DeflateOffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        NamedParameters {
            server_no_context_takeover: self.server_no_context_takeover,
            client_no_context_takeover: self.client_no_context_takeover,
            server_max_window_bits: self.server_max_window_bits,
            client_max_window_bits: match self.client_window {
                ClientWindow::Unlimited => None,
                ClientWindow::Limitable => Some(None),
                ClientWindow::AtMost(bits) => Some(Some(bits)),
            },
        }
        .fmt(f)
    }
}

/// Checks for "the same or smaller value" than the offered one (sections 7.1.2.1 and 7.1.2.2).
const fn at_most(parameter: Parameter, answered: u8, offered: u8) -> Result<(), ParameterError> {
    if answered <= offered {
        return Ok(());
    }
    Err(ParameterError::LargerThanOffered {
        parameter,
        answered,
        offered,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::extension::parse;

    fn offers(value: &str) -> Vec<DeflateOffer> {
        let extensions = parse(value).unwrap();
        let offers = extensions.iter().map(DeflateOffer::parse);
        offers.collect::<Result<_, _>>().unwrap()
    }

    fn answered(offer: &str, response: &str) -> Result<DeflateParameters, String> {
        let extension = |parameters: &str| {
            let value = format!("permessage-deflate{parameters}");
            parse(&value).unwrap().remove(0)
        };
        let offer = DeflateOffer::parse(&extension(offer)).unwrap();
        let answer = offer.answered_by(&extension(response));
        answer.map_err(|error| error.to_string())
    }

    #[test]
    fn the_examples_of_rfc_7692_section_7_1_3_are_parsed() {
        let default = DeflateParameters::default();
        assert_eq!(offers("permessage-deflate"), [DeflateOffer::default()]);
        assert_eq!(answered("", ""), Ok(default));
        let offered = offers(
            "permessage-deflate; client_max_window_bits; server_max_window_bits=10, \
             permessage-deflate; client_max_window_bits",
        );
        assert_eq!(
            offered[0],
            DeflateOffer {
                server_max_window_bits: Some(10),
                client_window: ClientWindow::Limitable,
                ..DeflateOffer::default()
            }
        );
        assert_eq!(
            DeflateOffer::accept_one_of(&offered, &default)
                .unwrap()
                .to_string(),
            "permessage-deflate; server_max_window_bits=10"
        );
        let offer = "; client_max_window_bits; server_max_window_bits=10";
        let agreed = answered(offer, "; server_max_window_bits=10").unwrap();
        assert_eq!(agreed.server_max_window_bits, 10);
        assert_eq!(answered("; client_max_window_bits", ""), Ok(default));
    }

    #[test]
    fn an_offer_is_printed_as_it_was_parsed() {
        for text in [
            "permessage-deflate",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            "permessage-deflate; server_max_window_bits=15; client_max_window_bits",
            "permessage-deflate; client_max_window_bits=8",
        ] {
            assert_eq!(offers(text)[0].to_string(), text);
        }
        let error = |value: &str| {
            let offer = DeflateOffer::parse(&parse(value).unwrap()[0]);
            offer.unwrap_err().to_string()
        };
        assert_eq!(
            error("permessage-deflate; client_max_window_bits=16"),
            "client_max_window_bits must be 8 to 15, and is `16`"
        );
        assert_eq!(
            error("permessage-deflate; client_max_window_bits; client_max_window_bits=9"),
            "client_max_window_bits occurs twice"
        );
        assert_eq!(
            error("permessage-deflate; server_max_window_bits"),
            "server_max_window_bits needs a value, 8 to 15"
        );
    }

    #[test]
    fn responses_that_do_not_answer_the_offer_are_errors() {
        let check = |offer, response, expected: &str| {
            assert_eq!(answered(offer, response), Err(expected.to_owned()));
        };
        check(
            "",
            "; client_max_window_bits=15",
            "client_max_window_bits is in the response, but not in the offer",
        );
        check(
            "; client_max_window_bits=10",
            "; client_max_window_bits=11",
            "client_max_window_bits is 11 in the response, and at most 10 in the offer",
        );
        check(
            "; client_max_window_bits",
            "; client_max_window_bits",
            "client_max_window_bits needs a value, 8 to 15",
        );
        check(
            "; server_max_window_bits=10",
            "; server_max_window_bits=11",
            "server_max_window_bits is 11 in the response, and at most 10 in the offer",
        );
        check(
            "; server_max_window_bits=10",
            "",
            "server_max_window_bits is in the offer, but not in the response",
        );
        check(
            "; server_no_context_takeover",
            "; client_no_context_takeover",
            "server_no_context_takeover is in the offer, but not in the response",
        );
    }

    #[test]
    fn a_response_may_require_more_than_was_offered_where_the_rfc_allows_it() {
        for (offer, response) in [
            (
                "",
                "; server_no_context_takeover; client_no_context_takeover",
            ),
            ("", "; server_max_window_bits=8"),
            ("; client_no_context_takeover", ""),
            ("; client_max_window_bits=10", ""),
            ("; client_max_window_bits=10", "; client_max_window_bits=8"),
            ("; server_max_window_bits=15", ""),
        ] {
            assert!(answered(offer, response).is_ok(), "{offer} / {response}");
        }
    }

    #[test]
    fn each_accepted_response_matches_the_offer() {
        let windows = [
            ClientWindow::Unlimited,
            ClientWindow::Limitable,
            ClientWindow::AtMost(8),
            ClientWindow::AtMost(15),
        ];
        let mut declined = 0;
        for case in 0_u8..64 {
            let bit = |number: u8| case >> number & 1 == 1;
            let offer = DeflateOffer {
                server_no_context_takeover: bit(0),
                client_no_context_takeover: bit(1),
                server_max_window_bits: bit(2).then_some(9),
                client_window: windows[usize::from(case >> 4)],
            };
            let preferred = DeflateParameters {
                server_no_context_takeover: bit(1),
                client_max_window_bits: if bit(3) { 12 } else { 15 },
                ..DeflateParameters::default()
            };
            let Some(accepted) = offer.accept(&preferred) else {
                assert_eq!(offer.client_window, ClientWindow::Unlimited);
                declined += 1;
                continue;
            };
            let response = parse(&accepted.to_string()).unwrap().remove(0);
            assert_eq!(offer.answered_by(&response), Ok(accepted), "{offer}");
        }
        assert_eq!(declined, 8);
    }
}
