//! What is wrong with an opening handshake, where it shows, and what speaks for a cause.

mod behind;
mod foreign;
mod heading;
mod key;
mod kinds;
mod lines;
mod proxy;
mod request;
mod response;
mod status;

pub use foreign::judge_foreign;

use super::{Finding, LocationScope};
use crate::ws::handshake::Handshake;
use heading::HeaderLocator;

/// Everything that is wrong or doubtful in a handshake: what stands in front of it, then
/// the request, then the response, each from its first line to what follows it.
pub fn judge_handshake(handshake: &Handshake) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(foreign::judge_lead(handshake));
    if let Some(request) = &handshake.request {
        let heading = HeaderLocator::new(LocationScope::Request, &request.lines);
        findings.extend(request::judge(request, &heading, handshake));
        findings.extend(behind::judge_request(request, handshake));
    }
    if let Some(response) = &handshake.response {
        let heading = HeaderLocator::new(LocationScope::Response, &response.lines);
        findings.extend(response::judge(response, &heading, handshake));
        findings.extend(behind::judge_response(response, handshake));
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

    /// The rules of all findings about a text with a request, a response, or both.
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
        judge_handshake(&handshake)
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
    fn a_right_handshake_has_no_findings_on_the_wire() {
        let [request, response] = BOTH.map(|head| Some(head.as_bytes()));
        let handshake = Handshake::read(request, response, LineEnds::OnTheWire);
        assert_eq!(judge_handshake(&handshake), []);
    }

    proptest! {
        /// Whatever is changed in a handshake, what is pointed at is a part of it.
        #[test]
        fn places_are_inside(changes in vec((0..2_usize, 0..400_usize, any::<u8>()), 1..6)) {
            let mut heads = BOTH.map(|head| head.as_bytes().to_vec());
            for (which, at, byte) in changes {
                let at = at % heads[which].len();
                heads[which][at] = byte;
            }
            let [request, response] = &heads;
            let handshake = Handshake::read(Some(request), Some(response), LineEnds::OnTheWire);
            for finding in judge_handshake(&handshake) {
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
    fn the_examples_of_the_catalogue_show_their_mistakes() {
        for entry in catalogue::all() {
            let Example::Handshake(heads) = entry.example else {
                continue;
            };
            let rules = rules(&heads.to_string());
            assert!(rules.contains(&entry.id), "{}: {rules:?}", entry.id);
        }
    }
}
