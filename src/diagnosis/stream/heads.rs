//! The heads of a handshake at the start of a connection: which are there, what they negotiated,
//! and the findings on them. The [`connection`](super::connection) analyzer gives it the heads.

use std::mem;

use super::compression::CompressionState;
use crate::diagnosis::handshake::diagnose_handshake;
use crate::diagnosis::{Finding, LocationScope, catalogue};
use crate::ws::Role;
use crate::ws::handshake::{Handshake, LineEnds, Negotiated, offered_extensions};

/// The heads that came so far.
#[derive(Debug)]
pub(super) struct Heads {
    request: Option<Vec<u8>>,
    response: Option<Vec<u8>>,
    diagnosed: DiagnosedHeads,
    /// Whether the client sent frames before the response.
    has_early_frames: bool,
}

/// The heads whose findings were reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DiagnosedHeads {
    None,
    Request,
    All,
}

impl Heads {
    /// No head.
    pub(super) const fn new() -> Self {
        Self {
            request: None,
            response: None,
            diagnosed: DiagnosedHeads::None,
            has_early_frames: false,
        }
    }

    /// Adds the head that this end sent.
    pub(super) fn push(&mut self, sender: Role, head: Vec<u8>) {
        match sender {
            Role::Client => self.request = Some(head),
            Role::Server => self.response = Some(head),
        }
    }

    /// Whether a head of this end may come now.
    pub(super) const fn may_be_next(&self, sender: Role) -> bool {
        match sender {
            Role::Client => !self.is_any_there(),
            Role::Server => self.response.is_none(),
        }
    }

    /// Whether the response is there.
    pub(super) const fn has_response(&self) -> bool {
        self.response.is_some()
    }

    /// Whether the response is there, and no request.
    pub(super) const fn is_response_alone(&self) -> bool {
        self.request.is_none() && self.response.is_some()
    }

    /// Whether a head is there.
    pub(super) const fn is_any_there(&self) -> bool {
        self.request.is_some() || self.response.is_some()
    }

    /// Whether both heads are there.
    pub(super) const fn are_both_there(&self) -> bool {
        self.request.is_some() && self.response.is_some()
    }

    /// Whether the request is there, and is the extended CONNECT of HTTP/2 or 3.
    pub(super) fn is_extended_connect(&self) -> bool {
        let request = self.request.as_deref();
        request.is_some_and(|head| head.starts_with(b"CONNECT "))
    }

    /// Whether the request is there, and no head was diagnosed.
    pub(super) fn is_request_undiagnosed(&self) -> bool {
        self.diagnosed == DiagnosedHeads::None && self.request.is_some()
    }

    /// Frames begin. `is_marked` says that each direction is a stream, so that frames before the
    /// response are the client's.
    pub(super) const fn frames_begin(&mut self, is_marked: bool) {
        self.has_early_frames = is_marked && self.response.is_none();
    }

    /// The compression that the heads negotiated.
    pub(super) fn compression(&self) -> CompressionState {
        let handshake = self.handshake();
        if let Some(response) = &handshake.response {
            let negotiated = if response.lines.is_http_2_or_3() {
                Negotiated::on_a_stream(handshake.request_head(), &response.head)
            } else {
                Negotiated::of(handshake.request_head(), &response.head)
            };
            let deflate = negotiated.and_then(|negotiated| negotiated.deflate);
            return deflate.map_or(CompressionState::Refused, CompressionState::Agreed);
        }
        let offers = handshake.request_head().map(offered_extensions);
        match offers {
            Some(Ok(None)) => CompressionState::Refused,
            _ => CompressionState::NotKnown,
        }
    }

    /// The findings on the heads that are there and were not diagnosed before.
    pub(super) fn diagnose(&mut self) -> Vec<Finding> {
        let before = self.diagnosed;
        self.diagnosed = match (&self.request, &self.response) {
            (None, None) => return Vec::new(),
            (Some(_), None) => DiagnosedHeads::Request,
            (_, Some(_)) => DiagnosedHeads::All,
        };
        if before == self.diagnosed {
            return Vec::new();
        }
        let is_new = |finding: &Finding| {
            let scope = finding.location.as_ref().map(|location| location.scope);
            before == DiagnosedHeads::None || scope == Some(LocationScope::Response)
        };
        let mut findings: Vec<Finding> = diagnose_handshake(&self.handshake());
        findings.retain(is_new);
        if mem::take(&mut self.has_early_frames) && self.diagnosed == DiagnosedHeads::All {
            let message = "the client sent frames before the response";
            findings.push(Finding::new(&catalogue::REQ_EARLY_FRAMES, message));
        }
        findings
    }

    fn handshake(&self) -> Handshake {
        let (request, response) = (self.request.as_deref(), self.response.as_deref());
        Handshake::read(request, response, LineEnds::OnTheWire)
    }
}

/// The size of a CRLF after a head of this size that ended too early, with a bare LF.
pub(super) fn surplus_line_end(bytes: &[u8], size: usize) -> usize {
    let (head, rest) = bytes.split_at(size.min(bytes.len()));
    let ends_early = head
        .strip_suffix(b"\r\n")
        .is_some_and(|head| head.ends_with(b"\n") && !head.ends_with(b"\r\n"));
    if ends_early && rest.starts_with(b"\r\n") {
        2
    } else {
        0
    }
}
