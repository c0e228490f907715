//! The client in memory: its request, what it checks in the response, and then its frames.

use wsctl::ws::Role;
use wsctl::ws::handshake::{
    Negotiated, RequestHead, ResponseError, ResponseHead, validate_response,
};

use super::Action;
use super::deviation::Deviation;
use super::frames::Frames;

/// A connection of the client.
pub(super) struct Client<'d> {
    deviation: Option<&'d Deviation>,
    request: Vec<u8>,
    head: Vec<u8>,
    /// None before the response.
    frames: Option<Frames<'d>>,
    is_over: bool,
}

impl<'d> Client<'d> {
    /// Begins the connection of this number of a case: the request is to be sent.
    pub(super) fn new(number: usize, deviation: Option<&'d Deviation>) -> (Self, Vec<Action>) {
        let key = ["dGhlIHNhbXBsZSBub25jZQ==", "AQIDBAUGBwgJCgsMDQ4PEA=="][number];
        let mut request = format!(
            "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
        );
        if let Some(Deviation::Requests(change)) = deviation {
            request = change(&request);
        }
        let client = Self {
            deviation,
            request: request.clone().into_bytes(),
            head: Vec::new(),
            frames: None,
            is_over: false,
        };
        (client, vec![Action::Send(request.into_bytes())])
    }

    /// Takes the bytes of one read.
    pub(super) fn handle_bytes(&mut self, bytes: &[u8]) -> Vec<Action> {
        if self.is_over {
            return Vec::new();
        }
        let mut rest = bytes.to_vec();
        if self.frames.is_none() {
            self.head.extend_from_slice(bytes);
            let needs_whole = matches!(self.deviation, Some(Deviation::NeedsWholeHead(_)));
            let parsed = ResponseHead::parse(&self.head);
            if matches!(parsed, Ok(None)) && !needs_whole {
                return Vec::new();
            }
            let negotiated = parsed.ok().flatten().and_then(|(head, size)| {
                rest = self.head.split_off(size);
                self.negotiated(&head)
            });
            let Some(negotiated) = negotiated else {
                self.is_over = true;
                return vec![Action::Fin];
            };
            if matches!(self.deviation, Some(Deviation::DropsGlued)) {
                rest.clear();
            }
            self.frames = Some(Frames::new(&negotiated, self.deviation, Role::Client));
        }
        let frames = self.frames.as_mut().unwrap();
        frames.handle_bytes(&rest);
        let actions = frames.take_actions();
        self.is_over = frames.is_over();
        actions
    }

    /// What the response negotiates; None if it is rejected.
    fn negotiated(&self, head: &ResponseHead) -> Option<Negotiated> {
        let request = RequestHead::parse(&self.request).ok().flatten();
        let request = request.as_ref().map(|(request, _)| request);
        let ignores = |error| matches!(self.deviation, Some(Deviation::IgnoresResponse(ignores)) if ignores(error));
        if validate_response(head, request)
            .iter()
            .any(|it| !ignores(it) && is_fatal(it))
        {
            return None;
        }
        let refuses = matches!(self.deviation, Some(Deviation::Refuses(refuses))
            if refuses(&String::from_utf8_lossy(&self.head)));
        (!refuses).then(|| Negotiated::of(request, head).unwrap_or_default())
    }

    /// The server has ended its stream.
    pub(super) fn handle_fin(&mut self) -> Vec<Action> {
        let keeps = matches!(self.deviation, Some(Deviation::IgnoresFin));
        if self.is_over || keeps {
            return Vec::new();
        }
        self.is_over = true;
        vec![Action::Fin]
    }
}

/// Whether a client that conforms rejects a response for this. A body is none of its business.
fn is_fatal(error: &ResponseError) -> bool {
    !matches!(error.header(), Some("Content-Length" | "Transfer-Encoding"))
}
