//! The journal as JSON for a program.

use std::time::SystemTime;

use super::{Page, When};
use crate::cli::ServeArgs;
use crate::diagnosis::Finding;
use crate::net::{About, Happening, Note, PassingFrame};
use crate::render::json::{self, Circumstance};
use crate::render::serve::End;
use crate::render::{Excerpt, ShownFrame};
use crate::ws::{Direction, Message};

pub(super) struct JsonPage {
    /// How many octets of a payload are shown.
    limit: usize,
}

/// Unless all is asked for: writing tens of MiB takes its time, in which others wait.
const LIMIT: usize = 256 << 10;

impl JsonPage {
    pub(super) const fn new(args: &ServeArgs) -> Self {
        let limit = if args.full { usize::MAX } else { LIMIT };
        Self { limit }
    }

    fn push_frame(&self, now: &Circumstance, frame: &PassingFrame<'_>, out: &mut Vec<u8>) {
        let shown = ShownFrame {
            header: frame.header,
            payload: Excerpt::beginning(frame.payload, self.limit),
            inflated: frame.inflated.map(|it| Excerpt::beginning(it, self.limit)),
            is_text: frame.is_text,
            full: true,
        };
        json::push_frame(out, now, None, None, &shown);
    }

    fn push_message(&self, now: &Circumstance, message: &Message<'_>, out: &mut Vec<u8>) {
        let payload = message.payload.get(..self.limit).unwrap_or(message.payload);
        let shown = Message {
            payload,
            ..*message
        };
        json::push_message(out, now, &shown);
    }
}

impl Page for JsonPage {
    fn tell(&self, when: When, happening: &Happening<'_>, out: &mut Vec<u8>) {
        let now = Circumstance::of(when);
        match *happening {
            Happening::Answered {
                peer,
                asked,
                response,
            } => json::push_handshake(out, &now, &peer.to_string(), asked, response),
            Happening::Alerted { peer, octets } => {
                json::push_alerted(out, &now, &peer.to_string(), octets);
            }
            Happening::Received { frame, .. } => {
                self.push_frame(&now.going(Direction::Incoming), &frame, out);
            }
            Happening::Sent(frame) => {
                self.push_frame(&now.going(Direction::Outgoing), &frame, out);
            }
            Happening::Message(message) => {
                self.push_message(&now.going(Direction::Incoming), message, out);
            }
            Happening::Fault(act) => json::push_fault(out, &now, &act.fault, &act.what),
            Happening::RoundTrip(time) => json::push_round_trip(out, &now, time),
            Happening::Ended {
                ending,
                close,
                duration,
                frames_in,
                frames_out,
            } => {
                let end = End {
                    ending,
                    close,
                    duration,
                    frames_in,
                    frames_out,
                };
                json::push_closed(out, &now, &end);
            }
            // The body of the answer says why it was refused. The rest are findings.
            _ => {}
        }
    }

    fn find(&self, when: When, finding: &Finding, out: &mut Vec<u8>) {
        json::push_finding(out, &Circumstance::of(when), finding);
    }

    fn note(&self, moment: SystemTime, about: About, note: &Note<'_>, out: &mut Vec<u8>) {
        let connection = match about {
            About::Connection(connection) => Some(connection),
            About::Program | About::Server => None,
        };
        let circumstance = Circumstance::live(moment, connection);
        json::push_note(out, &circumstance, note.name(), &note.to_string());
    }
}

impl Circumstance {
    fn of(when: When) -> Self {
        Self::live(when.moment, when.connection)
    }
}
