//! What a server can do beside exchanging plain frames, and what of it a client may have.

use std::fmt;

use super::agreement::{Negotiated, offered_extensions};
use super::head::RequestHead;
use super::offers::offered_subprotocols;
use super::request::shortened;
use crate::ws::extension::{DeflateOffer, DeflateParameters, Extension, ParameterError};

/// What a server agrees to, if a client offers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerSupport {
    /// The subprotocols that it knows.
    pub subprotocols: Vec<String>,
    /// What it wants of permessage-deflate; None if it does not compress.
    pub deflate: Option<DeflateParameters>,
}

impl ServerSupport {
    /// What a server with these `server_support` agrees on with this client.
    pub fn agree(&self, request: &RequestHead) -> Negotiated {
        let is_known = |offered: &String| self.subprotocols.contains(offered);
        Negotiated {
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
    pub fn reasons_not_compressed(&self, request: &RequestHead) -> Vec<DeclineReason> {
        let Some(wanted) = self.deflate else {
            return Vec::new();
        };
        let mut reasons_not_compressed = Vec::new();
        for extension in offered_extensions(request)
            .ok()
            .flatten()
            .unwrap_or_default()
        {
            match DeflateOffer::parse(&extension) {
                Err(ParameterError::OtherExtension(_)) => {}
                Err(fault) => {
                    reasons_not_compressed.push(DeclineReason::Malformed(extension, fault));
                }
                Ok(offer) if offer.accept(&wanted).is_some() => return Vec::new(),
                Ok(_) => reasons_not_compressed.push(DeclineReason::Window(
                    extension,
                    wanted.client_max_window_bits,
                )),
            }
        }
        if reasons_not_compressed.is_empty() {
            reasons_not_compressed.push(DeclineReason::NotOffered);
        }
        reasons_not_compressed
    }
}

/// Why nothing is compressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeclineReason {
    /// The client does not offer it.
    NotOffered,
    /// It offers what a server must decline (RFC 7692 §7).
    Malformed(Extension, ParameterError),
    /// It does not offer to use a window of no more bits than these, which are wanted
    /// (RFC 7692 §7.1.2.2).
    Window(Extension, u8),
}

/// The sentence, without its full stop.
impl fmt::Display for DeclineReason {
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
        let bytes = format!("GET / HTTP/1.1\r\n{lines}\r\n");
        RequestHead::parse(bytes.as_bytes()).unwrap().unwrap().0
    }

    #[test]
    fn the_clients_order_decides_which_subprotocol_it_is() {
        let server_support = ServerSupport {
            subprotocols: vec!["chat".into(), "mqtt".into()],
            deflate: None,
        };
        let chosen = |lines: &str| server_support.agree(&request(lines)).subprotocol;
        let two = "Sec-WebSocket-Protocol: soap, mqtt\r\nSec-WebSocket-Protocol: chat\r\n";
        assert_eq!(chosen(two), Some("mqtt".to_owned()));
        assert_eq!(chosen("Sec-WebSocket-Protocol: Chat\r\n"), None);
        assert_eq!(chosen(""), None);
    }

    #[test]
    fn the_first_acceptable_offer_is_answered() {
        let agreed = |preferred: DeflateParameters, offers: &str| {
            let server_support = ServerSupport {
                subprotocols: Vec::new(),
                deflate: Some(preferred),
            };
            let lines = format!("Sec-WebSocket-Extensions: {offers}\r\n");
            let deflate = server_support.agree(&request(&lines)).deflate;
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
        let reasons_not_compressed = |bits, lines: &str| {
            let deflate = Some(DeflateParameters {
                client_max_window_bits: bits,
                ..DeflateParameters::default()
            });
            let server_support = ServerSupport {
                deflate,
                ..ServerSupport::default()
            };
            let request = request(lines);
            let reasons_not_compressed = server_support.reasons_not_compressed(&request);
            let agreed = server_support.agree(&request).deflate;
            assert_eq!(
                agreed.is_some(),
                reasons_not_compressed.is_empty(),
                "{lines}"
            );
            reasons_not_compressed
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        let offer = |offers: &str| format!("Sec-WebSocket-Extensions: {offers}\r\n");
        let none = "the client does not offer permessage-deflate";
        assert_eq!(reasons_not_compressed(15, ""), [none]);
        assert_eq!(
            reasons_not_compressed(15, &offer("x-webkit-deflate-frame")),
            [none]
        );
        assert_eq!(
            reasons_not_compressed(15, &offer("permessage-deflate; a, permessage-deflate")),
            [""; 0]
        );
        assert_eq!(
            reasons_not_compressed(
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
            reasons_not_compressed(9, &offer("permessage-deflate; client_max_window_bits=11")),
            [""; 0]
        );
        assert_eq!(
            ServerSupport::default().reasons_not_compressed(&request("")),
            []
        );
    }
}
