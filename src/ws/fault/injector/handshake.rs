//! The faults of the opening handshake: in the request of a client, and in the 101 of a server.

use super::FaultInjector;
use crate::ws::fault::kinds::InjectedFaultKind;
use crate::ws::fault::step::{FaultEvent, SendStep};
use crate::ws::handshake::{Header, Response, accept_value};
use crate::ws::{FrameHeader, MaskingKey, Opcode};

/// What the faults change in the request of a client.
#[derive(Debug, Default)]
pub struct RequestFaults {
    /// Headers that take the place of those of the same names.
    pub headers: Vec<Header>,
    /// A frame to send right after the request, and its payload, which is not masked.
    pub early_frame: Option<(FrameHeader, Vec<u8>)>,
    /// What the faults did.
    pub events: Vec<FaultEvent>,
}

impl FaultInjector {
    /// What is wrong with the request of a client: `wrong-version`, `short-key` and
    /// `early-frames`.
    pub fn change_request(&mut self) -> RequestFaults {
        let mut changed = RequestFaults::default();
        if let Some((fault, version)) = self.first_acting(|kind| match kind {
            InjectedFaultKind::WrongVersion(version) => Some(version.to_string()),
            _ => None,
        }) {
            let what = format!("the request asks for version {version}");
            changed.events.push(FaultEvent::new(fault, what));
            let header = Header::new("Sec-WebSocket-Version", version);
            changed.headers.push(header);
        }
        if let Some(fault) = self.acts(InjectedFaultKind::ShortKey) {
            let what = "Sec-WebSocket-Key has 8 bytes";
            changed.events.push(FaultEvent::new(fault, what));
            let header = Header::new("Sec-WebSocket-Key", "c2hvcnRrZXk=");
            changed.headers.push(header);
        }
        if let Some(fault) = self.acts(InjectedFaultKind::EarlyFrames) {
            let what = "a message is sent before the response came";
            changed.events.push(FaultEvent::new(fault, what));
            let payload = b"before the response".to_vec();
            let header = FrameHeader {
                masking_key: Some(MaskingKey(self.random.bytes())),
                ..FrameHeader::new(Opcode::TEXT, payload.len() as u64)
            };
            changed.early_frame = Some((header, payload));
        }
        changed
    }

    /// Changes the 101, and returns what was changed.
    pub fn change_response(&mut self, response: &mut Response) -> Vec<FaultEvent> {
        const ACCEPT: &str = "Sec-WebSocket-Accept";
        let mut events = Vec::new();
        if let Some((fault, status)) = self.first_acting(|kind| match kind {
            InjectedFaultKind::Reject(status) => Some(*status),
            _ => None,
        }) {
            *response = Response::refused(status, "refused on purpose, by `--fault reject`");
            events.push(FaultEvent::new(
                fault,
                format!("the request is refused with {status}"),
            ));
            return events;
        }
        if let Some(fault) = self.acts(InjectedFaultKind::BadAccept) {
            // The accept value of the accept value is never the accept value.
            let right = response.headers.first(ACCEPT).unwrap_or_default();
            let wrong = accept_value(right.as_bytes());
            response.headers.set(ACCEPT, &wrong);
            events.push(FaultEvent::new(fault, "the accept value is wrong"));
        }
        if let Some(fault) = self.acts(InjectedFaultKind::NoAccept) {
            response.headers.remove(ACCEPT);
            events.push(FaultEvent::new(fault, "the accept value is missing"));
        }
        events
    }

    /// The steps of `glue`: a frame to send in the same write as the 101.
    pub fn glue(&mut self) -> Vec<SendStep> {
        let Some(fault) = self.acts(InjectedFaultKind::Glue) else {
            return Vec::new();
        };
        let payload = b"in one write with the 101";
        let header = FrameHeader::new(Opcode::TEXT, payload.len() as u64);
        let report = SendStep::Report(FaultEvent::new(
            fault,
            "a message is in the same write as the 101",
        ));
        let frames = self.frame(header, payload);
        [report].into_iter().chain(frames).collect()
    }
}
