//! Diagnoses an opening handshake: what is wrong, at which bytes, and the probable cause.
//!
//! `ws::handshake` lists the errors of both heads; this module makes findings of them, and adds
//! what only the two heads together show. `wsctl handshake`, `decode` and `serve` use it.

mod after_head;
mod extended_connect;
mod key;
mod lines;
mod locate;
mod other_bytes;
mod proxy;
mod refusal_text;
mod repeated;
mod request;
mod response;
mod status;
mod strict_peers;

pub use other_bytes::diagnose_other_bytes;

use super::{Finding, LocationScope};
use crate::ws::handshake::Handshake;
use locate::HeaderLocator;

/// Diagnoses a handshake. The findings are in the order of the bytes: before the first head,
/// the request, after the request, the response, after the response.
pub fn diagnose_handshake(handshake: &Handshake) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(other_bytes::diagnose_prefix(handshake));
    if let Some(request) = &handshake.request {
        let locate = HeaderLocator::new(LocationScope::Request, &request.lines);
        findings.extend(request::diagnose(request, &locate, handshake));
        findings.extend(after_head::diagnose_request(request, handshake));
    }
    if let Some(response) = &handshake.response {
        let locate = HeaderLocator::new(LocationScope::Response, &response.lines);
        findings.extend(response::diagnose(response, &locate, handshake));
        findings.extend(after_head::diagnose_response(response, handshake));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::catalogue::{self, Example};
    use crate::ws::handshake::LineEnds;
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// The rules of all findings for a request, a response, or both.
    fn rules(text: &str) -> Vec<&'static str> {
        let at = text.find("HTTP/1.1 ").filter(|at| {
            let before = text.get(..*at).unwrap_or_default();
            before.is_empty() || before.ends_with('\n')
        });
        let at = at.or_else(|| text.find("\nHTTP/").map(|at| at + 1));
        let (request, response) = text.split_at(at.unwrap_or(text.len()));
        let part = |part: &'static str| Some(part.as_bytes()).filter(|part| !part.is_empty());
        let (request, response) = (request.to_owned().leak(), response.to_owned().leak());
        let handshake = Handshake::read(part(request), part(response), LineEnds::AsPasted);
        diagnose_handshake(&handshake)
            .iter()
            .map(Finding::rule)
            .collect()
    }

    const BOTH: [&str; 2] = [
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Protocol: a, b\r\n\
         Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\r\nSec-WebSocket-Protocol: b\r\n\
         Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=12\r\n\r\n",
    ];

    #[test]
    fn a_valid_handshake_has_no_findings() {
        let [request, response] = BOTH.map(|head| Some(head.as_bytes()));
        let handshake = Handshake::read(request, response, LineEnds::OnTheWire);
        assert_eq!(diagnose_handshake(&handshake), []);
    }

    proptest! {
        /// The location of each finding is inside the head it names, whatever bytes change.
        #[test]
        fn locations_are_inside_the_head(changes in vec((0..2_usize, 0..400_usize, any::<u8>()), 1..6)) {
            let mut heads = BOTH.map(|head| head.as_bytes().to_vec());
            for (which, at, byte) in changes {
                let at = at % heads[which].len();
                heads[which][at] = byte;
            }
            let [request, response] = &heads;
            let handshake = Handshake::read(Some(request), Some(response), LineEnds::OnTheWire);
            for finding in diagnose_handshake(&handshake) {
                let location = finding.location.clone().unwrap_or_else(|| panic!("{finding:?}"));
                let head = match location.scope {
                    LocationScope::Request => request,
                    _ => response,
                };
                prop_assert!(location.offset + location.length <= head.len() as u64);
            }
        }
    }

    #[test]
    fn each_example_of_the_catalogue_has_a_finding_of_its_rule() {
        for entry in catalogue::all() {
            let Example::Handshake(heads) = entry.example else {
                continue;
            };
            let rules = rules(&heads.to_string());
            assert!(rules.contains(&entry.id), "{}: {rules:?}", entry.id);
        }
    }
}
