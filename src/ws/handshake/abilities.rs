//! What a server can do beside exchanging plain frames, and what of it a client may have.

use std::fmt;

use super::agreement::{Agreement, offered_extensions};
use super::head::RequestHead;
use super::offers::offered_subprotocols;
use super::request::shortened;
use crate::ws::extension::{DeflateOffer, DeflateParameters, Extension, ParameterFault};

/// What a server agrees to, if a client offers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Abilities {
    /// The subprotocols that it knows.
    pub subprotocols: Vec<String>,
    /// What it wants of permessage-deflate; None if it does not compress.
    pub deflate: Option<DeflateParameters>,
}

impl Abilities {
    /// What a server with these abilities agrees on with this client.
    pub fn agree(&self, request: &RequestHead) -> Agreement {
        let is_known = |offered: &String| self.subprotocols.contains(offered);
        Agreement {
            // "The value chosen MUST be derived from the client's handshake, specifically by
            // selecting one of the values" (RFC 6455 §4.2.2); the client's order is "by
            // preference" (§4.1, 10).
            subprotocol: offered_subprotocols(request).into_iter().find(is_known),
            deflate: self
                .deflate
                .and_then(|preferred| agree_on_deflate(request, preferred)),
        }
    }

    /// Why a server that would compress does not with this client, offer by offer; nothing
    /// if it does.
    pub fn declines(&self, request: &RequestHead) -> Vec<Decline> {
        let Some(wanted) = self.deflate else {
            return Vec::new();
        };
        let mut declines = Vec::new();
        for extension in offered_extensions(request)
            .ok()
            .flatten()
            .unwrap_or_default()
        {
            match DeflateOffer::parse(&extension) {
                Err(ParameterFault::OtherExtension(_)) => {}
                Err(fault) => declines.push(Decline::Malformed(extension, fault)),
                Ok(offer) if offer.accept(&wanted).is_some() => return Vec::new(),
                Ok(_) => declines.push(Decline::Window(extension, wanted.client_max_window_bits)),
            }
        }
        if declines.is_empty() {
            declines.push(Decline::NotOffered);
        }
        declines
    }
}

/// Why nothing is compressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decline {
    /// The client does not offer it.
    NotOffered,
    /// It offers what a server must decline (RFC 7692 §7).
    Malformed(Extension, ParameterFault),
    /// It does not offer to use a window of no more bits than these, which are wanted
    /// (RFC 7692 §7.1.2.2).
    Window(Extension, u8),
}

/// The sentence, without its full stop.
impl fmt::Display for Decline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = DeflateParameters::EXTENSION;
        let said = |offer: &Extension| shortened(&offer.to_string());
        match self {
            Self::NotOffered => write!(f, "the client does not offer {name}"),
            Self::Malformed(offer, fault) => write!(f, "`{}` is declined: {fault}", said(offer)),
            Self::Window(offer, bits) => write!(
                f,
                "`{}` is declined: it lacks client_max_window_bits, and {bits} are wanted",
                said(offer)
            ),
        }
    }
}

/// The answer to the first acceptable offer. One that is malformed is declined (RFC 7692 §7);
/// a list that cannot be read has been refused before.
fn agree_on_deflate(
    request: &RequestHead,
    preferred: DeflateParameters,
) -> Option<DeflateParameters> {
    let offered = offered_extensions(request).ok()??;
    let offers = offered
        .iter()
        .filter_map(|extension| DeflateOffer::parse(extension).ok());
    DeflateOffer::accept_one_of(&offers.collect::<Vec<_>>(), &preferred)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(lines: &str) -> RequestHead {
        let octets = format!("GET / HTTP/1.1\r\n{lines}\r\n");
        RequestHead::parse(octets.as_bytes()).unwrap().unwrap().0
    }

    #[test]
    fn the_clients_order_decides_which_subprotocol_it_is() {
        let abilities = Abilities {
            subprotocols: vec!["chat".into(), "mqtt".into()],
            deflate: None,
        };
        let chosen = |lines: &str| abilities.agree(&request(lines)).subprotocol;
        let two = "Sec-WebSocket-Protocol: soap, mqtt\r\nSec-WebSocket-Protocol: chat\r\n";
        assert_eq!(chosen(two), Some("mqtt".to_owned()));
        assert_eq!(chosen("Sec-WebSocket-Protocol: Chat\r\n"), None);
        assert_eq!(chosen(""), None);
    }

    #[test]
    fn the_first_acceptable_offer_is_answered() {
        let agreed = |preferred: DeflateParameters, offers: &str| {
            let abilities = Abilities {
                subprotocols: Vec::new(),
                deflate: Some(preferred),
            };
            let lines = format!("Sec-WebSocket-Extensions: {offers}\r\n");
            let deflate = abilities.agree(&request(&lines)).deflate;
            deflate.map(|agreed| agreed.to_string()).unwrap_or_default()
        };
        let any = DeflateParameters::default();
        assert_eq!(
            agreed(
                any,
                "x-webkit-deflate-frame, permessage-deflate; server_max_window_bits=7, \
                 permessage-deflate; server_max_window_bits=10, permessage-deflate"
            ),
            "permessage-deflate; server_max_window_bits=10"
        );
        assert_eq!(agreed(any, "permessage-deflate; mux=1"), "");
        assert_eq!(agreed(any, "permessage-deflate;;"), "");
        let small = DeflateParameters {
            client_max_window_bits: 9,
            ..any
        };
        assert_eq!(
            agreed(
                small,
                "permessage-deflate, permessage-deflate; client_max_window_bits"
            ),
            "permessage-deflate; client_max_window_bits=9"
        );
    }

    #[test]
    fn what_is_declined_has_its_reason() {
        let declines = |bits, lines: &str| {
            let deflate = Some(DeflateParameters {
                client_max_window_bits: bits,
                ..DeflateParameters::default()
            });
            let abilities = Abilities {
                deflate,
                ..Abilities::default()
            };
            let request = request(lines);
            let declines = abilities.declines(&request);
            let agreed = abilities.agree(&request).deflate;
            assert_eq!(agreed.is_some(), declines.is_empty(), "{lines}");
            declines.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let offer = |offers: &str| format!("Sec-WebSocket-Extensions: {offers}\r\n");
        let none = "the client does not offer permessage-deflate";
        assert_eq!(declines(15, ""), [none]);
        assert_eq!(declines(15, &offer("x-webkit-deflate-frame")), [none]);
        assert_eq!(
            declines(15, &offer("permessage-deflate; a, permessage-deflate")),
            [""; 0]
        );
        assert_eq!(
            declines(
                9,
                &offer("permessage-deflate, permessage-deflate; max=9, x-own")
            ),
            [
                "`permessage-deflate` is declined: it lacks client_max_window_bits, and 9 are \
                 wanted",
                "`permessage-deflate; max=9` is declined: permessage-deflate has no parameter \
                 `max`",
            ]
        );
        assert_eq!(
            declines(9, &offer("permessage-deflate; client_max_window_bits=11")),
            [""; 0]
        );
        assert_eq!(Abilities::default().declines(&request("")), []);
    }
}
