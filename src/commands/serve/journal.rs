//! The record of what happens: told as lines for a person, or as JSON for a program.

use std::time::SystemTime;

use crate::cli::{LogFormat, ServeArgs};
use crate::diagnosis::{Finding, Place};
use crate::net::{Happening, Journal};
use crate::render::json::{self, Circumstance};
use crate::render::serve::{self as log, End, Stamp};
use crate::render::{Clock, Excerpt, ShownFrame, Style};
use crate::ws::handshake::{Asked, Response};
use crate::ws::{Direction, FrameHeader, Message, Opcode};

/// The journal that was asked for.
pub(super) fn of(args: &ServeArgs, style: Style) -> Box<dyn Journal> {
    let (all_headers, full) = (args.verbose, args.full);
    match args.format {
        LogFormat::Json => Box::new(JsonLog {
            limit: if full { usize::MAX } else { JSON_LIMIT },
        }),
        LogFormat::Frames => Box::new(TextLog {
            clock: Clock::local(),
            style,
            all_headers,
            full,
        }),
    }
}

/// The log as lines for a person.
struct TextLog {
    clock: Clock,
    style: Style,
    all_headers: bool,
    /// Whether long payloads are shown whole.
    full: bool,
}

impl Journal for TextLog {
    fn record(
        &self,
        moment: SystemTime,
        connection: u64,
        happening: &Happening<'_>,
        out: &mut Vec<u8>,
    ) {
        let time = self.clock.time_of_day(moment);
        let stamp = Stamp {
            time: &time,
            connection,
        };
        match Told::of(happening) {
            Told::Handshake {
                peer,
                asked,
                response,
            } => {
                log::push_handshake(
                    out,
                    self.style,
                    stamp,
                    &peer,
                    asked,
                    response,
                    self.all_headers,
                );
            }
            Told::Alert { peer, octets } => {
                log::push_alerted(out, self.style, stamp, &peer, octets);
            }
            Told::Frame {
                direction,
                header,
                payload,
                inflated,
                is_text,
            } => {
                let payload = Excerpt::whole(payload);
                let shown = ShownFrame {
                    header,
                    payload,
                    inflated: inflated.map(Excerpt::whole),
                    is_text,
                    full: self.full,
                };
                log::push_frame(out, self.style, stamp, direction, &shown);
            }
            Told::Message(_) => {}
            Told::Finding(finding) => log::push_finding(out, self.style, stamp, &finding),
            Told::End(end) => log::push_end(out, self.style, stamp, &end),
        }
    }
}

/// The log as JSON for a program.
struct JsonLog {
    /// How many octets of a payload are shown.
    limit: usize,
}

/// Unless all is asked for: writing tens of MiB takes its time, in which others wait.
const JSON_LIMIT: usize = 256 << 10;

impl Journal for JsonLog {
    fn record(
        &self,
        moment: SystemTime,
        connection: u64,
        happening: &Happening<'_>,
        out: &mut Vec<u8>,
    ) {
        let circumstance = Circumstance::live(moment, connection);
        match Told::of(happening) {
            Told::Handshake {
                peer,
                asked,
                response,
            } => {
                json::push_handshake(out, &circumstance, &peer, asked, response);
            }
            Told::Alert { peer, octets } => {
                json::push_alerted(out, &circumstance, &peer, octets);
            }
            Told::Frame {
                direction,
                header,
                payload,
                inflated,
                is_text,
            } => {
                let beginning = |octets| Excerpt::beginning(octets, self.limit);
                let shown = ShownFrame {
                    header,
                    payload: beginning(payload),
                    inflated: inflated.map(beginning),
                    is_text,
                    full: true,
                };
                json::push_frame(out, &circumstance.going(direction), None, None, &shown);
            }
            Told::Message(message) => {
                let payload = message.payload.get(..self.limit).unwrap_or(message.payload);
                let circumstance = circumstance.going(Direction::Incoming);
                json::push_message(
                    out,
                    &circumstance,
                    &Message {
                        payload,
                        ..*message
                    },
                );
            }
            Told::Finding(finding) => json::push_finding(out, &circumstance, &finding),
            Told::End(end) => json::push_closed(out, &circumstance, &end),
        }
    }
}

/// What happened, in the words of `render`.
enum Told<'a> {
    Handshake {
        peer: String,
        asked: Asked<'a>,
        response: &'a Response,
    },
    Alert {
        peer: String,
        octets: &'a [u8],
    },
    Frame {
        direction: Direction,
        header: &'a FrameHeader,
        payload: &'a [u8],
        inflated: Option<&'a [u8]>,
        is_text: bool,
    },
    Message(&'a Message<'a>),
    Finding(Finding),
    End(End<'a>),
}

impl<'a> Told<'a> {
    fn of(happening: &Happening<'a>) -> Self {
        match *happening {
            Happening::Answered {
                peer,
                asked,
                response,
            } => Self::Handshake {
                peer: peer.to_string(),
                asked,
                response,
            },
            Happening::Alerted { peer, octets } => Self::Alert {
                peer: peer.to_string(),
                octets,
            },
            Happening::Received {
                header,
                payload,
                inflated,
                is_text,
            } => Self::Frame {
                direction: Direction::Incoming,
                header,
                payload,
                inflated,
                is_text,
            },
            Happening::Sent {
                header,
                payload,
                inflated,
            } => {
                let is_text = header.opcode == Opcode::TEXT;
                Self::Frame {
                    direction: Direction::Outgoing,
                    header,
                    payload,
                    inflated,
                    is_text,
                }
            }
            Happening::Message(message) => Self::Message(message),
            Happening::RequestFault(fault) => Self::Finding(fault.into()),
            Happening::AnswerFault(fault) => Self::Finding(Finding::of_answer(fault)),
            Happening::Failure(failure) => Self::Finding(failure.into()),
            Happening::Cut(cut, frame) => Self::Finding(Finding::of_cut(cut, frame)),
            Happening::MessageCut(frame, offset) => {
                Self::Finding(Finding::of_open_message(Place::in_frame(frame, offset, 0)))
            }
            Happening::Ended {
                ending,
                close,
                duration,
                frames_in,
                frames_out,
            } => Self::End(End {
                ending,
                close,
                duration,
                frames_in,
                frames_out,
            }),
        }
    }
}
