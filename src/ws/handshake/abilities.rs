//! What a server can do beside exchanging plain frames, and what of it a client may have.

use super::agreement::{Agreement, offered_extensions};
use super::head::RequestHead;
use super::offers::offered_subprotocols;
use crate::ws::extension::{DeflateOffer, DeflateParameters};

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
}
