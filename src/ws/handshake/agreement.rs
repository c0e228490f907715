//! What both ends agreed on: a subprotocol, and compression.

use std::collections::HashSet;

use super::answer::ResponseError;
use super::head::{RequestHead, ResponseHead};
use super::offers::{RequestWarning, is_token_word, offered_subprotocols};
use crate::ws::extension::{self, DeflateOffer, DeflateParameters, Extension, ExtensionError};

/// What governs the frames behind a handshake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Negotiated {
    /// The subprotocol that the server chose.
    pub subprotocol: Option<String>,
    /// The parameters of permessage-deflate, if messages may be compressed.
    pub deflate: Option<DeflateParameters>,
}

impl Negotiated {
    /// What a response agrees to; None if it opens nothing. The request, where it is known,
    /// says what could be agreed on at all.
    ///
    /// Parameters that are wrong do not undo the agreement, since peers that let them pass
    /// compress all the same: such a response counts as one without parameters.
    pub fn of(request: Option<&RequestHead>, response: &ResponseHead) -> Option<Self> {
        if response.status != 101 {
            return None;
        }
        let mut chosen = response.values("Sec-WebSocket-Protocol");
        let subprotocol = chosen.next().filter(|word| {
            let is_offered = |request| offered_subprotocols(request).contains(word);
            is_token_word(word) && request.is_none_or(is_offered)
        });
        Some(Self {
            subprotocol,
            deflate: deflate_of(request, response),
        })
    }
}

impl Negotiated {
    /// What is wrong with the answer where subprotocols were offered and none is agreed on.
    pub fn subprotocol_missing(&self, request: &RequestHead) -> Option<ResponseError> {
        let offered = offered_subprotocols(request);
        let is_missing = self.subprotocol.is_none() && !offered.is_empty();
        is_missing.then_some(ResponseError::SubprotocolUnanswered(offered))
    }
}

fn deflate_of(request: Option<&RequestHead>, response: &ResponseHead) -> Option<DeflateParameters> {
    let is_deflate = |extension: &&Extension| extension.name == DeflateParameters::EXTENSION;
    let has_deflate = |head| {
        let offered = offered_extensions(head).ok()??;
        offered.iter().find(is_deflate).map(|_| ())
    };
    if request.is_some_and(|head| has_deflate(head).is_none()) {
        return None;
    }
    let answered = parse(joined_extensions(response.values(NAME))).ok()??;
    let answer = answered.iter().find(is_deflate)?;
    Some(DeflateParameters::parse(answer).unwrap_or_default())
}

const NAME: &str = "Sec-WebSocket-Extensions";

/// The extensions that a request offers; None if it has no such header.
///
/// # Errors
///
/// [`ExtensionError`] where the list leaves its grammar.
pub fn offered_extensions(head: &RequestHead) -> Result<Option<Vec<Extension>>, ExtensionError> {
    parse(joined_extensions(head.values(NAME)))
}

/// Several headers are one list (RFC 6455 §9.1).
fn joined_extensions(values: impl Iterator<Item = String>) -> Option<String> {
    let values: Vec<String> = values.collect();
    (!values.is_empty()).then(|| values.join(","))
}

fn parse(value: Option<String>) -> Result<Option<Vec<Extension>>, ExtensionError> {
    value.map(|value| extension::parse(&value)).transpose()
}

/// What is doubtful about the extensions that a request offers.
pub(super) fn doubts_of_extensions(head: &RequestHead) -> Vec<RequestWarning> {
    // A list that cannot be read is a fault.
    let offered = offered_extensions(head).ok().flatten().unwrap_or_default();
    let deflate = offered
        .iter()
        .filter(|extension| extension.name == DeflateParameters::EXTENSION);
    let faults = deflate.filter_map(|extension| DeflateOffer::parse(extension).err());
    faults.map(RequestWarning::DeflateOffer).collect()
}

/// "If the response includes a |Sec-WebSocket-Extensions| header field and this header
/// field indicates the use of an extension that was not present in the client's handshake
/// …, the client MUST _Fail the WebSocket Connection_" (RFC 6455 §4.1, 5).
pub(super) fn judge_extensions(
    head: &ResponseHead,
    asked: Option<&RequestHead>,
) -> Vec<ResponseError> {
    let answered = match parse(joined_extensions(head.values(NAME))) {
        Ok(answered) => answered.unwrap_or_default(),
        Err(fault) => return vec![ResponseError::ExtensionList(fault)],
    };
    // Where the offer cannot be read, it is not known what was offered.
    let offered = asked.and_then(|asked| Some(offered_extensions(asked).ok()?.unwrap_or_default()));
    let names = offered.as_deref().map(|offered| {
        let names = offered.iter().map(|extension| extension.name.as_str());
        names.collect::<HashSet<_>>()
    });
    let mut seen = HashSet::new();
    let mut faults = Vec::new();
    for extension in &answered {
        let name = extension.name.as_str();
        if !seen.insert(name) {
            faults.push(ResponseError::ExtensionTwice(extension.name.clone()));
        } else if names.as_ref().is_some_and(|names| !names.contains(name)) {
            faults.push(ResponseError::ExtensionNotOffered(extension.name.clone()));
        } else if extension.name == DeflateParameters::EXTENSION {
            faults.extend(judge_deflate(extension, offered.as_deref()));
        }
    }
    faults
}

/// Whether an answer fits one of the offers (RFC 7692 §7.1), or could fit one.
fn judge_deflate(answer: &Extension, offered: Option<&[Extension]>) -> Option<ResponseError> {
    if let Err(fault) = DeflateParameters::parse(answer) {
        return Some(ResponseError::DeflateParameters(fault));
    }
    let offers = offered.unwrap_or_default().iter();
    let mut verdicts = offers
        .filter_map(|offer| DeflateOffer::parse(offer).ok())
        .map(|offer| offer.answered_by(answer));
    let first = verdicts.next()?;
    if verdicts.any(|verdict| verdict.is_ok()) {
        return None;
    }
    first.err().map(ResponseError::DeflateParameters)
}

#[cfg(test)]
mod tests {
    use super::super::{doubts, judge_response};
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

    fn offering(value: &str) -> RequestHead {
        request(&format!(
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: {value}\r\n"
        ))
    }

    #[track_caller]
    fn check(offered: &str, answered: &str, expected: &[&str]) {
        let head = response(&format!("Sec-WebSocket-Extensions: {answered}\r\n"));
        let faults = judge_response(&head, Some(&offering(offered)));
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(faults, expected, "{offered} -> {answered}");
    }

    #[test]
    fn an_answer_fits_one_of_the_offers() {
        let offer = "permessage-deflate; client_max_window_bits";
        check(offer, "permessage-deflate", &[]);
        check(offer, "permessage-deflate; client_max_window_bits=9", &[]);
        let two = "permessage-deflate; server_max_window_bits=10, permessage-deflate";
        check(two, "permessage-deflate", &[]);
        check(two, "permessage-deflate;server_max_window_bits=\"9\"", &[]);
    }

    #[test]
    fn an_answer_that_was_not_offered() {
        let none = "the extension `x-webkit-deflate-frame` is chosen, and it was not offered";
        check("permessage-deflate", "x-webkit-deflate-frame", &[none]);
        let twice = "the extension `permessage-deflate` is chosen twice";
        check(
            "permessage-deflate",
            "permessage-deflate, permessage-deflate",
            &[twice],
        );
        let not = "client_max_window_bits is in the response, but not in the offer";
        let answer = "permessage-deflate; client_max_window_bits=15";
        check("permessage-deflate", answer, &[not]);
        let missing = "client_max_window_bits needs a value, 8 to 15";
        let offer = "permessage-deflate; client_max_window_bits";
        check(offer, offer, &[missing]);
        let bits = "server_max_window_bits must be 8 to 15, it is `16`";
        check(
            offer,
            "permessage-deflate; server_max_window_bits=16",
            &[bits],
        );
        let empty = "the list of extensions is malformed: expected the name of an extension, \
                     found the end";
        check(offer, "", &[empty]);
    }

    #[test]
    fn an_offer_can_be_wrong_by_itself() {
        let of = |value: &str| {
            let doubts = doubts(&offering(value)).into_iter().skip(1);
            doubts.map(|doubt| doubt.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of("permessage-deflate; client_max_window_bits"), [""; 0]);
        assert_eq!(of("x-unknown; a=1, permessage-deflate"), [""; 0]);
        assert_eq!(
            of("permessage-deflate; client_max_window_bits=16"),
            ["client_max_window_bits must be 8 to 15, it is `16`"]
        );
        assert_eq!(of("permessage-deflate;;"), [""; 0]);
    }

    #[test]
    fn what_is_agreed_on() {
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
