//! What is wrong with what a client does.

use std::mem;

use super::concern;
use crate::diagnosis::stream::LiveAnalyzer;
use crate::diagnosis::{Finding, Location, diagnose_handshake, diagnose_other_bytes};
use crate::ws::Role;
use crate::ws::handshake::{Handshake, LineEnds, RequestError, RequestKind, Response};
use crate::ws::session::ConnectionEvent;

/// A client, as the diagnosis sees it.
#[derive(Default)]
pub(super) struct PeerFindings {
    /// Who accompanies it behind its handshake.
    watch: Option<LiveAnalyzer>,
    /// What is wrong with its request, and waits for the server to say so.
    request: Vec<Finding>,
}

impl PeerFindings {
    /// Bytes behind the handshake, as they came.
    pub(super) fn hear(&mut self, bytes: &[u8]) {
        if let Some(watch) = &mut self.watch {
            watch.push(bytes);
        }
    }

    /// The findings that a happening comes to.
    pub(super) fn findings(&mut self, happening: &ConnectionEvent<'_>) -> Vec<Finding> {
        let one = match *happening {
            ConnectionEvent::Received { .. }
            | ConnectionEvent::Message(_)
            | ConnectionEvent::Failure(_)
            | ConnectionEvent::FrameCut(..) => return self.of_frames(happening),
            ConnectionEvent::HandshakeAnswered {
                asked,
                head,
                response,
                ..
            } => return self.answered(asked, head, response),
            ConnectionEvent::RequestError(fault) => self.of_request(fault),
            ConnectionEvent::ResponseError(fault) => Finding::of_answer(fault),
            ConnectionEvent::MessageCut { frame, offset } => {
                Finding::of_open_message(Location::in_frame(frame, offset, 0))
            }
            ConnectionEvent::Ping(fault) => concern::of_ping(fault),
            ConnectionEvent::Idle(time) => concern::of_silence(time),
            ConnectionEvent::CloseMissing { is_answer } => concern::of_missing_close(is_answer),
            _ => return Vec::new(),
        };
        vec![one]
    }

    fn of_frames(&mut self, happening: &ConnectionEvent<'_>) -> Vec<Finding> {
        let Some(watch) = &mut self.watch else {
            return Vec::new();
        };
        match *happening {
            ConnectionEvent::Received { frame, is_accepted } => {
                if is_accepted {
                    return watch.accepted(frame.header, frame.payload, frame.inflated);
                }
                watch.refused(frame.header, frame.inflated);
                Vec::new()
            }
            ConnectionEvent::Message(message) => watch.completed(message).into_iter().collect(),
            ConnectionEvent::Failure(failure) => watch.failed(failure),
            ConnectionEvent::FrameCut(cut, _) => watch.cut(cut),
            _ => Vec::new(),
        }
    }

    /// The request was answered. What is odd about one that was accepted is told at once.
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
        self.watch = Some(LiveAnalyzer::new(Role::Client, is_compressing));
        // This server found the key, whatever the case of its name.
        self.request
            .retain(|finding| finding.rule() != "header-name-case");
        mem::take(&mut self.request)
    }

    /// What keeps the request from being accepted, with all that is known about it.
    fn of_request(&mut self, fault: &RequestError) -> Finding {
        let plain = Finding::from(fault);
        let mut known = self.request.iter();
        let known = known.position(|known| known.rule() == plain.rule());
        known.map_or(plain, |index| self.request.remove(index))
    }
}
