//! Events as JSON, one object a line.

use super::{EventContext, EventPrinter, FramePosition};
use crate::diagnosis::Finding;
use crate::render::deferred::DeferredPayload;
use crate::render::excerpt::Excerpt;
use crate::render::frame::ShownFrame;
use crate::render::json::{self, PayloadPrinter};
use crate::render::live_log::NoticeLine;
use crate::ws::session::ConnectionEvent;
use crate::ws::{Direction, Message, Role};

/// Prints events as JSON.
#[derive(Debug)]
pub struct JsonPrinter {
    payloads: PayloadPrinter,
}

impl JsonPrinter {
    /// Prints at most `limit` bytes of a payload.
    pub const fn new(limit: usize) -> Self {
        let payloads = PayloadPrinter::new(limit);
        Self { payloads }
    }

    /// The same for a log: [`deferred`](EventPrinter::deferred) has the large payloads.
    pub const fn for_log(limit: usize) -> Self {
        let payloads = PayloadPrinter::deferring(limit);
        Self { payloads }
    }
}

impl EventPrinter for JsonPrinter {
    fn head(&mut self, context: &EventContext, from: Role, head: &[u8], out: &mut Vec<u8>) {
        json::push_head(out, context, from, head);
    }

    fn frame(
        &mut self,
        context: &EventContext,
        position: Option<FramePosition>,
        frame: &ShownFrame<'_>,
        out: &mut Vec<u8>,
    ) {
        json::push_frame(out, context, position, frame, &mut self.payloads);
    }

    fn gap(&mut self, context: &EventContext, offset: u64, bytes: &Excerpt<'_>, out: &mut Vec<u8>) {
        json::push_gap(out, context, offset, bytes);
    }

    fn payload_alone(&mut self, kind: &str, bytes: &[u8], text: &str, out: &mut Vec<u8>) {
        json::push_payload_alone(out, kind, bytes, text);
    }

    fn message(&mut self, context: &EventContext, message: &Message<'_>, out: &mut Vec<u8>) {
        json::push_message(out, context, message, &mut self.payloads);
    }

    fn message_alone(&mut self, context: &EventContext, message: &Message<'_>, out: &mut Vec<u8>) {
        self.message(context, message, out);
    }

    fn connection_event(
        &mut self,
        context: &EventContext,
        event: &ConnectionEvent<'_>,
        out: &mut Vec<u8>,
    ) {
        match *event {
            ConnectionEvent::HandshakeAnswered {
                peer,
                asked,
                response,
                ..
            } => json::push_handshake(out, context, peer, asked, response),
            ConnectionEvent::HandshakeReceived(ref handshake) => {
                json::push_client_handshake(out, context, handshake);
            }
            ConnectionEvent::SentBytes(bytes) => {
                let context = context.going(Direction::Outgoing);
                let bytes = Excerpt::whole(bytes);
                json::push_sent_bytes(out, &context, &bytes, &mut self.payloads);
            }
            ConnectionEvent::TlsAlertSent { peer, bytes } => {
                json::push_tls_alert(out, context, peer, bytes);
            }
            ConnectionEvent::Received { frame, .. } => {
                let context = context.going(Direction::Incoming);
                self.frame(&context, None, &ShownFrame::live(&frame, true), out);
            }
            ConnectionEvent::Sent(frame) => {
                let context = context.going(Direction::Outgoing);
                self.frame(&context, None, &ShownFrame::live(&frame, true), out);
            }
            ConnectionEvent::Message(message) => {
                self.message(&context.going(Direction::Incoming), message, out);
            }
            ConnectionEvent::Fault(event) => {
                json::push_fault(out, context, &event.fault, &event.what);
            }
            ConnectionEvent::RoundTrip(time) => json::push_round_trip(out, context, time),
            ConnectionEvent::Ended(end) => json::push_closed(out, context, end),
            // The body of the response says why a request was refused. The other events are
            // findings.
            _ => {}
        }
    }

    fn notice(&mut self, context: &EventContext, notice: &NoticeLine<'_>, out: &mut Vec<u8>) {
        json::push_notice(out, context, notice.name, notice.text);
    }

    fn deferred(&mut self) -> &mut Vec<(usize, DeferredPayload)> {
        self.payloads.deferred()
    }

    fn finding(&mut self, context: &EventContext, finding: &Finding, out: &mut Vec<u8>) {
        json::push_finding(out, context, finding);
    }
}
