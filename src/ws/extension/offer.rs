//! What a client offers of permessage-deflate, and which answers fit (RFC 7692 §5, §7.1).

use std::fmt;

use super::parameters::{MOST_BITS, NamedParameters};
use super::{DeflateParameters, Extension, Parameter, ParameterError};

/// An offer of permessage-deflate; its text is the extension as a request names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeflateOffer {
    /// The server shall forget its context after each message (§7.1.1.1).
    pub server_no_context_takeover: bool,
    /// The client will forget its own anyway, if the server likes that (§7.1.1.2).
    pub client_no_context_takeover: bool,
    /// The server's window shall have no more bits than these, 8 to 15 (§7.1.2.1).
    pub server_max_window_bits: Option<u8>,
    /// What the server may ask of the client's window (§7.1.2.2).
    pub client_window: ClientWindow,
}

/// What `client_max_window_bits` says in an offer (RFC 7692 §7.1.2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientWindow {
    /// It is absent: the client cannot be told to use a smaller window.
    #[default]
    Unlimited,
    /// It has no value: the server may choose.
    Limitable,
    /// It has a value: the client uses no more bits than these, 8 to 15.
    AtMost(u8),
}

impl DeflateOffer {
    /// Reads the extension of a request.
    ///
    /// # Errors
    ///
    /// The first [`ParameterError`], for which a server must decline the offer (§7).
    pub fn parse(request: &Extension) -> Result<Self, ParameterError> {
        let said = NamedParameters::parse(request)?;
        Ok(Self {
            server_no_context_takeover: said.server_no_context_takeover,
            client_no_context_takeover: said.client_no_context_takeover,
            server_max_window_bits: said.server_max_window_bits,
            client_window: match said.client_max_window_bits {
                None => ClientWindow::Unlimited,
                Some(None) => ClientWindow::Limitable,
                Some(Some(bits)) => ClientWindow::AtMost(bits),
            },
        })
    }

    /// What a server that prefers these parameters makes of the offer; None if it `reasons_not_compressed`,
    /// which it does where the client cannot limit its window as it should.
    ///
    /// A context that one of them wants forgotten is, and a window is the smaller of both.
    pub fn accept(&self, preferred: &DeflateParameters) -> Option<DeflateParameters> {
        let server_bits = self.server_max_window_bits.unwrap_or(MOST_BITS);
        let wanted = preferred.client_max_window_bits;
        let client_bits = match self.client_window {
            // "If a received extension negotiation offer doesn't have the
            // 'client_max_window_bits' extension parameter, the corresponding extension
            // negotiation response to the offer MUST NOT include" it (§7.1.2.2).
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

    /// The answer to the first of several offers that is acceptable: a client lists them in
    /// the order it prefers (§5.1, §7.1).
    pub fn accept_one_of(
        offers: &[Self],
        preferred: &DeflateParameters,
    ) -> Option<DeflateParameters> {
        offers.iter().find_map(|offer| offer.accept(preferred))
    }

    /// What was agreed on if this response answers the offer.
    ///
    /// # Errors
    ///
    /// The first [`ParameterError`], for which a client must fail the connection (§7).
    pub fn answered_by(&self, response: &Extension) -> Result<DeflateParameters, ParameterError> {
        let said = NamedParameters::parse(response)?;
        let parameters = DeflateParameters::parse(response)?;
        // "A server accepts an extension negotiation offer that includes the
        // 'server_no_context_takeover' extension parameter by including" it (§7.1.1.1).
        if self.server_no_context_takeover && !said.server_no_context_takeover {
            return Err(ParameterError::NotAnswered(
                Parameter::ServerNoContextTakeover,
            ));
        }
        self.judge_server_window(said)?;
        self.judge_client_window(said)?;
        Ok(parameters)
    }

    fn judge_server_window(self, said: NamedParameters) -> Result<(), ParameterError> {
        let parameter = Parameter::ServerMaxWindowBits;
        match (self.server_max_window_bits, said.server_max_window_bits) {
            // Without a limit there are 15 bits anyway.
            (None | Some(MOST_BITS), _) => Ok(()),
            (Some(_), None) => Err(ParameterError::NotAnswered(parameter)),
            (Some(offered), Some(answered)) => at_most(parameter, answered, offered),
        }
    }

    fn judge_client_window(self, said: NamedParameters) -> Result<(), ParameterError> {
        let parameter = Parameter::ClientMaxWindowBits;
        match (self.client_window, said.client_max_window_bits.flatten()) {
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

/// A window of "the same or smaller value" than the offered one (§7.1.2.1, §7.1.2.2).
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
        answer.map_err(|fault| fault.to_string())
    }

    #[test]
    fn the_examples_of_rfc_7692_section_7_1_3() {
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
    fn an_offer_comes_back_as_it_was() {
        for text in [
            "permessage-deflate",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            "permessage-deflate; server_max_window_bits=15; client_max_window_bits",
            "permessage-deflate; client_max_window_bits=8",
        ] {
            assert_eq!(offers(text)[0].to_string(), text);
        }
        let fault = |value: &str| {
            let fault = DeflateOffer::parse(&parse(value).unwrap()[0]);
            fault.unwrap_err().to_string()
        };
        assert_eq!(
            fault("permessage-deflate; client_max_window_bits=16"),
            "client_max_window_bits must be 8 to 15, it is `16`"
        );
        assert_eq!(
            fault("permessage-deflate; client_max_window_bits; client_max_window_bits=9"),
            "client_max_window_bits is there twice"
        );
        assert_eq!(
            fault("permessage-deflate; server_max_window_bits"),
            "server_max_window_bits needs a value, 8 to 15"
        );
    }

    #[test]
    fn answers_that_do_not_fit() {
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
            "client_max_window_bits is 11 in the response, at most 10 were offered",
        );
        check(
            "; client_max_window_bits",
            "; client_max_window_bits",
            "client_max_window_bits needs a value, 8 to 15",
        );
        check(
            "; server_max_window_bits=10",
            "; server_max_window_bits=11",
            "server_max_window_bits is 11 in the response, at most 10 were offered",
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
    fn answers_that_ask_for_more_than_was_offered_and_may() {
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
    fn whatever_is_accepted_answers_the_offer() {
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
