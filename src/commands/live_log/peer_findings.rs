//! The findings about the peer: a client of `serve` or the server of `connect`. Its half of the
//! handshake, its frames, its timing.

use super::timing_findings;
use crate::diagnosis::stream::LiveAnalyzer;
use crate::diagnosis::{
    Finding, Location, LocationScope, catalogue, diagnose_handshake, diagnose_other_bytes,
};
use crate::ws::Role;
use crate::ws::handshake::{ForeignSite, Handshake, LineEnds, RequestError, RequestKind, Response};
use crate::ws::session::{ClientHandshake, ConnectionEvent};

/// Collects the findings about a peer.
pub(super) struct PeerFindings {
    /// The role of this end.
    local: Role,
    /// Analyses the frames, after the handshake.
    analyzer: Option<LiveAnalyzer>,
}

impl PeerFindings {
    /// Findings about the peer of an end with the role `local`.
    pub(super) const fn new(local: Role) -> Self {
        Self {
            local,
            analyzer: None,
        }
    }

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
                errors,
                ..
            } => return self.answered(asked, head, response, errors),
            ConnectionEvent::TlsAlertSent { .. } => Finding::from(&RequestError::Tls),
            ConnectionEvent::HandshakeReceived(ref handshake) => return self.received(handshake),
            ConnectionEvent::Foreign { site, is_refused } => of_foreign_site(site, is_refused),
            ConnectionEvent::ResponseError(error) => Finding::of_answer(error),
            ConnectionEvent::MessageCut { frame, offset } => {
                Finding::of_open_message(Location::in_frame(frame, offset, 0))
            }
            ConnectionEvent::Ping(error) => timing_findings::of_ping(error),
            ConnectionEvent::Idle(time) => timing_findings::of_idle(time),
            ConnectionEvent::CloseMissing {
                is_answer,
                has_disconnected,
            } => timing_findings::of_missing_close(self.local, is_answer, has_disconnected),
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

    /// The findings about a request that was answered: those of an accepted one, or why it was
    /// refused.
    fn answered(
        &mut self,
        asked: RequestKind<'_>,
        head: &[u8],
        response: &Response,
        errors: &[RequestError],
    ) -> Vec<Finding> {
        let mut findings: Vec<Finding> = match asked {
            RequestKind::Request(_) => {
                let handshake = Handshake::read(Some(head), None, LineEnds::OnTheWire);
                diagnose_handshake(&handshake)
            }
            RequestKind::OtherBytes(bytes) => diagnose_other_bytes(bytes, Some(Role::Client))
                .into_iter()
                .collect(),
        };
        if response.status != 101 {
            let reported = RequestError::reported(errors);
            return reported
                .map(|error| of_error(error, &mut findings))
                .collect();
        }
        let is_compressing = response
            .headers
            .iter()
            .any(|header| header.name.eq_ignore_ascii_case("Sec-WebSocket-Extensions"));
        self.analyzer = Some(LiveAnalyzer::new(Role::Client, is_compressing));
        // This server found the key, whatever the case of its name.
        findings.retain(|finding| finding.rule() != "header-name-case");
        findings
    }

    /// Checks the response to a request. What is wrong with the request is told if it was
    /// refused: the user may have changed it.
    fn received(&mut self, handshake: &ClientHandshake<'_>) -> Vec<Finding> {
        if let Some(negotiated) = handshake.negotiated {
            let is_compressing = negotiated.deflate.is_some();
            self.analyzer = Some(LiveAnalyzer::new(Role::Server, is_compressing));
        }
        let request = handshake.request.encode();
        let response = handshake.response;
        let both = Handshake::read(Some(&request), Some(response), LineEnds::OnTheWire);
        if both.response.is_none() {
            let found = diagnose_other_bytes(response, Some(Role::Server));
            return found.into_iter().collect();
        }
        let mut findings = diagnose_handshake(&both);
        findings.retain(|finding| {
            let scope = finding.location.as_ref().map(|location| location.scope);
            handshake.negotiated.is_none() || scope != Some(LocationScope::Request)
        });
        findings
    }
}

/// The finding for the error in a request: one of these, with its location and cause, if there is
/// one of the rule.
fn of_error(error: &RequestError, findings: &mut Vec<Finding>) -> Finding {
    let plain = Finding::from(error);
    let is_version = plain.page == &catalogue::HTTP_1_0;
    let known = findings.iter().position(|known| {
        known.rule() == plain.rule() || is_version && known.page == &catalogue::REQ_H2_PREFACE
    });
    known.map_or(plain, |index| findings.remove(index))
}

/// The finding for a request from another site. The fix says what to type.
fn of_foreign_site(site: &ForeignSite, is_refused: bool) -> Finding {
    let (page, name) = match site {
        ForeignSite::Origin(_) => (&catalogue::ORIGIN_FOREIGN, "ORIGIN"),
        ForeignSite::Host(_) => (&catalogue::HOST_FOREIGN, "http://NAME"),
    };
    let outcome = if is_refused {
        "and is refused"
    } else {
        "and is admitted: it gets only replies to its own messages"
    };
    let origin = site.origin_to_allow();
    let origin = origin.as_deref().unwrap_or(name);
    let fix = match site {
        _ if is_refused => format!("to admit it: `wsctl serve --origin {origin}`"),
        ForeignSite::Origin(_) => format!(
            "to admit this page and no other, without a warning: `wsctl serve --origin {origin}`"
        ),
        ForeignSite::Host(_) => {
            format!("to admit this name without a warning: `wsctl serve --origin {origin}`")
        }
    };
    let finding = Finding::new(page, format!("{site}, {outcome}"));
    match site {
        ForeignSite::Origin(_) => finding.certain_cause(page.cause).fixed_by(fix),
        ForeignSite::Host(_) => finding.fixed_by(fix),
    }
}
