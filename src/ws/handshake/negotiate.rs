//! What a request and a response agree on: a subprotocol, and compression.
//!
//! A server chooses with [`ServerSupport::negotiate`]. A client, and a report, read the choice
//! of a response with [`Negotiated::of`].

use std::fmt;

use super::head::{RequestHead, ResponseHead};
use super::offers::{extensions, offered_extensions, offered_subprotocols};
use super::response_rules::ResponseError;
use super::shortened;
use super::token::is_token_word;
use crate::ws::extension::{DeflateOffer, DeflateParameters, Extension, ParameterError};

/// What the handshake decided for the frames after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Negotiated {
    /// The subprotocol that the server chose.
    pub subprotocol: Option<String>,
    /// The parameters of permessage-deflate. None if messages are not compressed.
    pub deflate: Option<DeflateParameters>,
}

impl Negotiated {
    /// What a response agrees to. None if its status is not 101. A choice that the request, if
    /// known, did not offer does not count.
    ///
    /// Wrong parameters of permessage-deflate count as none, because peers that ignore the
    /// error compress with the defaults.
    pub fn of(request: Option<&RequestHead>, response: &ResponseHead) -> Option<Self> {
        (response.status == 101).then(|| Self::whatever_status(request, response))
    }

    /// The same for a response of HTTP/2 or 3, which opens a WebSocket with the status 200 (RFC
    /// 8441 section 5).
    pub fn on_a_stream(request: Option<&RequestHead>, response: &ResponseHead) -> Option<Self> {
        (response.status == 200).then(|| Self::whatever_status(request, response))
    }

    fn whatever_status(request: Option<&RequestHead>, response: &ResponseHead) -> Self {
        let chosen = response.headers.first("Sec-WebSocket-Protocol");
        let subprotocol = chosen.filter(|word| {
            let is_offered = |request| offered_subprotocols(request).contains(word);
            is_token_word(word) && request.is_none_or(is_offered)
        });
        Self {
            subprotocol,
            deflate: chosen_deflate(request, response),
        }
    }

    /// The error of a response that chooses none of the offered subprotocols.
    pub fn subprotocol_missing(&self, request: &RequestHead) -> Option<ResponseError> {
        let offered = offered_subprotocols(request);
        let is_missing = self.subprotocol.is_none() && !offered.is_empty();
        is_missing.then_some(ResponseError::SubprotocolUnanswered(offered))
    }
}

fn chosen_deflate(
    request: Option<&RequestHead>,
    response: &ResponseHead,
) -> Option<DeflateParameters> {
    let is_deflate = |extension: &Extension| extension.name == DeflateParameters::EXTENSION;
    if let Some(request) = request {
        offered_extensions(request)
            .ok()??
            .iter()
            .find(|it| is_deflate(it))?;
    }
    let chosen = extensions(&response.headers).ok()??;
    let deflate = chosen.iter().find(|it| is_deflate(it))?;
    Some(DeflateParameters::parse(deflate).unwrap_or_default())
}

/// What a server accepts if a client offers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerSupport {
    /// The subprotocols that the server supports.
    pub subprotocols: Vec<String>,
    /// The parameters of permessage-deflate that the server prefers. None if it does not
    /// compress.
    pub deflate: Option<DeflateParameters>,
}

impl ServerSupport {
    /// What the server agrees to for this request.
    pub fn negotiate(&self, request: &RequestHead) -> Negotiated {
        let is_supported = |offered: &String| self.subprotocols.contains(offered);
        Negotiated {
            // "The value chosen MUST be derived from the client's handshake, specifically by
            // selecting one of the values" (RFC 6455 section 4.2.2). The client orders them
            // "by preference" (section 4.1, item 10).
            subprotocol: offered_subprotocols(request).into_iter().find(is_supported),
            deflate: self
                .deflate
                .and_then(|preferred| accept_deflate(request, preferred)),
        }
    }

    /// Why a server that supports compression does not compress for this request: a reason for
    /// each offer. Empty if it does.
    pub fn reasons_not_compressed(&self, request: &RequestHead) -> Vec<DeclineReason> {
        let Some(preferred) = self.deflate else {
            return Vec::new();
        };
        let offered = offered_extensions(request);
        let mut reasons = Vec::new();
        for extension in offered.ok().flatten().unwrap_or_default() {
            match DeflateOffer::parse(&extension) {
                Err(ParameterError::OtherExtension(_)) => {}
                Err(error) => reasons.push(DeclineReason::Malformed(extension, error)),
                Ok(offer) if offer.accept(&preferred).is_some() => return Vec::new(),
                Ok(_) => {
                    let bits = preferred.client_max_window_bits;
                    reasons.push(DeclineReason::Window(extension, bits));
                }
            }
        }
        if reasons.is_empty() {
            reasons.push(DeclineReason::NotOffered);
        }
        reasons
    }
}

/// Why messages are not compressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeclineReason {
    /// The client does not offer permessage-deflate.
    NotOffered,
    /// A server must decline the offer because of this error (RFC 7692 section 7).
    Malformed(Extension, ParameterError),
    /// The server wants the client to use at most this many window bits, and the offer does
    /// not allow that (RFC 7692 section 7.1.2.2).
    Window(Extension, u8),
}

/// The sentence, without a full stop.
impl fmt::Display for DeclineReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = DeflateParameters::EXTENSION;
        let text = |offer: &Extension| shortened(&offer.to_string());
        match self {
            Self::NotOffered => write!(f, "the client does not offer {name}"),
            Self::Malformed(offer, error) => write!(f, "`{}` is declined: {error}", text(offer)),
            Self::Window(offer, bits) => write!(
                f,
                "`{}` is declined: it lacks client_max_window_bits, and {bits} are wanted",
                text(offer)
            ),
        }
    }
}

/// The parameters for the first acceptable offer. A malformed offer is declined (RFC 7692
/// section 7); a request with a malformed list has been refused before.
fn accept_deflate(
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

    fn response(lines: &str) -> ResponseHead {
        let bytes = format!(
            "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n{lines}\r\n"
        );
        ResponseHead::parse(bytes.as_bytes()).unwrap().unwrap().0
    }

    #[test]
    fn the_first_supported_subprotocol_of_the_client_is_chosen() {
        let server_support = ServerSupport {
            subprotocols: vec!["chat".into(), "mqtt".into()],
            deflate: None,
        };
        let chosen = |lines: &str| server_support.negotiate(&request(lines)).subprotocol;
        let two = "Sec-WebSocket-Protocol: soap, mqtt\r\nSec-WebSocket-Protocol: chat\r\n";
        assert_eq!(chosen(two), Some("mqtt".to_owned()));
        assert_eq!(chosen("Sec-WebSocket-Protocol: Chat\r\n"), None);
        assert_eq!(chosen(""), None);
    }

    #[test]
    fn the_first_acceptable_offer_is_accepted() {
        let agreed = |preferred: DeflateParameters, offers: &str| {
            let server_support = ServerSupport {
                subprotocols: Vec::new(),
                deflate: Some(preferred),
            };
            let lines = format!("Sec-WebSocket-Extensions: {offers}\r\n");
            let deflate = server_support.negotiate(&request(&lines)).deflate;
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
    fn each_declined_offer_has_its_reason() {
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
            let agreed = server_support.negotiate(&request).deflate;
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

    #[test]
    fn a_response_agrees_to_what_was_offered() {
        let both = request(
            "Sec-WebSocket-Protocol: a, b\r\nSec-WebSocket-Extensions: permessage-deflate\r\n",
        );
        let answer = response(
            "Sec-WebSocket-Protocol: b\r\n\
             Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n",
        );
        let deflate = DeflateParameters {
            server_no_context_takeover: true,
            ..DeflateParameters::default()
        };
        let agreed = Negotiated {
            subprotocol: Some("b".into()),
            deflate: Some(deflate),
        };
        assert_eq!(Negotiated::of(Some(&both), &answer), Some(agreed.clone()));
        assert_eq!(Negotiated::of(None, &answer), Some(agreed));
        let nothing = Some(Negotiated::default());
        assert_eq!(Negotiated::of(Some(&request("")), &answer), nothing);
        assert_eq!(Negotiated::of(Some(&both), &response("")), nothing);
        let refused = ResponseHead {
            status: 400,
            ..answer
        };
        assert_eq!(Negotiated::of(None, &refused), None);
    }
}
