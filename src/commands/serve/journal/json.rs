//! The journal as JSON for a program.

use std::time::SystemTime;

use super::{EventFormatter, EventTime};
use crate::cli::ServeArgs;
use crate::diagnosis::Finding;
use crate::net::{Notice, NoticeScope};
use crate::render::json;
use crate::render::printer::EventContext;
use crate::render::{Excerpt, ShownFrame};
use crate::ws::session::{ConnectionEvent, FrameInfo};
use crate::ws::{Direction, Message};

pub(super) struct JsonFormatter {
    /// How many bytes of a payload are shown.
    limit: usize,
}

/// Unless all is asked for: writing tens of MiB takes its time, in which others wait.
const LIMIT: usize = 256 << 10;

impl JsonFormatter {
    pub(super) const fn new(args: &ServeArgs) -> Self {
        let limit = if args.full { usize::MAX } else { LIMIT };
        Self { limit }
    }

    fn push_frame(&self, now: &EventContext, frame: &FrameInfo<'_>, out: &mut Vec<u8>) {
        let shown = ShownFrame {
            header: frame.header,
            payload: Excerpt::beginning(frame.payload, self.limit),
            inflated: frame.inflated.map(|it| Excerpt::beginning(it, self.limit)),
            is_text: frame.is_text,
            full: true,
        };
        json::push_frame(out, now, None, &shown);
    }

    fn push_message(&self, now: &EventContext, message: &Message<'_>, out: &mut Vec<u8>) {
        let payload = message.payload.get(..self.limit).unwrap_or(message.payload);
        let shown = Message {
            payload,
            ..*message
        };
        json::push_message(out, now, &shown);
    }
}

impl EventFormatter for JsonFormatter {
    fn tell(&self, when: EventTime, happening: &ConnectionEvent<'_>, out: &mut Vec<u8>) {
        let now = EventContext::of(when);
        match *happening {
            ConnectionEvent::HandshakeAnswered {
                peer,
                asked,
                response,
                ..
            } => json::push_handshake(out, &now, peer, asked, response),
            ConnectionEvent::TlsAlertSent { peer, bytes } => {
                json::push_alerted(out, &now, peer, bytes);
            }
            ConnectionEvent::Received { frame, .. } => {
                self.push_frame(&now.going(Direction::Incoming), &frame, out);
            }
            ConnectionEvent::Sent(frame) => {
                self.push_frame(&now.going(Direction::Outgoing), &frame, out);
            }
            ConnectionEvent::Message(message) => {
                self.push_message(&now.going(Direction::Incoming), message, out);
            }
            ConnectionEvent::Fault(act) => json::push_fault(out, &now, &act.fault, &act.what),
            ConnectionEvent::RoundTrip(time) => json::push_round_trip(out, &now, time),
            ConnectionEvent::Ended(end) => {
                json::push_closed(out, &now, end);
            }
            // The body of the answer says why it was refused. The rest are findings.
            _ => {}
        }
    }

    fn find(&self, when: EventTime, finding: &Finding, out: &mut Vec<u8>) {
        json::push_finding(out, &EventContext::of(when), finding);
    }

    fn note(&self, moment: SystemTime, about: NoticeScope, note: &Notice<'_>, out: &mut Vec<u8>) {
        let connection = match about {
            NoticeScope::Connection(connection) => Some(connection),
            NoticeScope::Program | NoticeScope::Server => None,
        };
        let circumstance = EventContext::live(moment, connection);
        json::push_note(out, &circumstance, note.name(), &note.to_string());
    }
}

impl EventContext {
    fn of(when: EventTime) -> Self {
        Self::live(when.moment, when.connection)
    }
}
