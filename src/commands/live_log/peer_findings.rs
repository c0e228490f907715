//! The findings about a client of `serve`: its request, its frames, its timing.

use std::mem;

use super::timing_findings;
use crate::diagnosis::stream::LiveAnalyzer;
use crate::diagnosis::{Finding, Location, diagnose_handshake, diagnose_other_bytes};
use crate::ws::Role;
use crate::ws::handshake::{Handshake, LineEnds, RequestError, RequestKind, Response};
use crate::ws::session::ConnectionEvent;

/// Collects the findings about a client.
#[derive(Default)]
pub(super) struct PeerFindings {
    /// Analyses the frames, after the handshake.
    analyzer: Option<LiveAnalyzer>,
    /// The findings about a refused request, until the server reports why it refuses it.
    request: Vec<Finding>,
}

impl PeerFindings {
    /// Takes bytes after the handshake, before the events that they cause.
    pub(super) fn bytes_received(&mut self, bytes: &[u8]) {
        if let Some(analyzer) = &mut self.analyzer {
            analyzer.push(bytes);
        }
    }

    /// The findings about an event.
    pub(super) fn of_event(&mut self, event: &ConnectionEvent<'_>) -> Vec<Finding> {
        let one = match *event {
            ConnectionEvent::Received { .. }
            | ConnectionEvent::Message(_)
            | ConnectionEvent::Failure(_)
            | ConnectionEvent::FrameCut(..) => return self.of_frames(event),
            ConnectionEvent::HandshakeAnswered {
                asked,
                head,
                response,
                ..
            } => return self.answered(asked, head, response),
            ConnectionEvent::RequestError(error) => self.of_request(error),
            ConnectionEvent::ResponseError(error) => Finding::of_answer(error),
            ConnectionEvent::MessageCut { frame, offset } => {
                Finding::of_open_message(Location::in_frame(frame, offset, 0))
            }
            ConnectionEvent::Ping(error) => timing_findings::of_ping(error),
            ConnectionEvent::Idle(time) => timing_findings::of_idle(time),
            ConnectionEvent::CloseMissing { is_answer } => {
                timing_findings::of_missing_close(is_answer)
            }
            _ => return Vec::new(),
        };
        vec![one]
    }

    fn of_frames(&mut self, event: &ConnectionEvent<'_>) -> Vec<Finding> {
        let Some(analyzer) = &mut self.analyzer else {
            return Vec::new();
        };
        match *event {
            ConnectionEvent::Received { frame, is_accepted } => {
                if is_accepted {
                    return analyzer.accepted(frame.header, frame.payload, frame.inflated);
                }
                analyzer.refused(frame.header, frame.inflated);
                Vec::new()
            }
            ConnectionEvent::Message(message) => analyzer.completed(message).into_iter().collect(),
            ConnectionEvent::Failure(failure) => analyzer.failed(failure),
            ConnectionEvent::FrameCut(cut, _) => analyzer.cut(cut),
            _ => Vec::new(),
        }
    }

    /// Checks a request that was answered. The findings about an accepted one are reported at
    /// once.
    fn answered(
        &mut self,
        asked: RequestKind<'_>,
        head: &[u8],
        response: &Response,
    ) -> Vec<Finding> {
        self.request = match asked {
            RequestKind::Request(_) => {
                let handshake = Handshake::read(Some(head), None, LineEnds::OnTheWire);
                diagnose_handshake(&handshake)
            }
            RequestKind::OtherBytes(bytes) => diagnose_other_bytes(bytes, Some(Role::Client))
                .into_iter()
                .collect(),
        };
        if response.status != 101 {
            return Vec::new();
        }
        let is_compressing = response
            .headers
            .iter()
            .any(|header| header.name.eq_ignore_ascii_case("Sec-WebSocket-Extensions"));
        self.analyzer = Some(LiveAnalyzer::new(Role::Client, is_compressing));
        // This server found the key, whatever the case of its name.
        self.request
            .retain(|finding| finding.rule() != "header-name-case");
        mem::take(&mut self.request)
    }

    /// The finding for the error in a request, with its location and cause if they are known.
    fn of_request(&mut self, error: &RequestError) -> Finding {
        let plain = Finding::from(error);
        let mut known = self.request.iter();
        let known = known.position(|known| known.rule() == plain.rule());
        known.map_or(plain, |index| self.request.remove(index))
    }
}
