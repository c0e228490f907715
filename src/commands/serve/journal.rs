//! The record of what happens: told as lines for a person, or as JSON for a program.

use std::cell::RefCell;
use std::time::{Duration, SystemTime};

use super::concern;
use crate::cli::{LogFormat, ServeArgs};
use crate::diagnosis::{Finding, Place};
use crate::net::{Happening, Journal, Note, Refusal, Remark};
use crate::render::json::{self, Circumstance};
use crate::render::serve::{self as log, End, Stamp};
use crate::render::{Clock, Excerpt, ShownFrame, Style};
use crate::ws::fault::Act;
use crate::ws::handshake::{Asked, Response};
use crate::ws::{Direction, FrameHeader, Message, Opcode};

/// The journal that was asked for.
pub(super) fn of(args: &ServeArgs, style: Style) -> Box<dyn Journal> {
    let (all_headers, full) = (args.verbose, args.full);
    match args.format {
        LogFormat::Json => json(args),
        LogFormat::Frames => Box::new(TextLog {
            clock: Clock::local(),
            style,
            all_headers,
            full,
            told: RefCell::default(),
        }),
    }
}

/// The journal as JSON, whatever the log looks like.
pub(super) fn json(args: &ServeArgs) -> Box<dyn Journal + Send> {
    Box::new(JsonLog {
        limit: if args.full { usize::MAX } else { JSON_LIMIT },
    })
}

/// The log as lines for a person.
struct TextLog {
    clock: Clock,
    style: Style,
    all_headers: bool,
    /// Whether long payloads are shown whole.
    full: bool,
    /// The rules whose cause and fix were told.
    told: RefCell<Vec<&'static str>>,
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
            Told::Concern(finding) => self.push_concern(out, stamp, &finding),
            Told::Fault(act) => {
                let text = format!("fault {}: {}", act.fault, act.what);
                log::push_event(out, self.style, stamp, "*", &text);
            }
            Told::RoundTrip(time) => {
                let text = format!("pong after {:.1} ms", time.as_secs_f64() * 1e3);
                log::push_event(out, self.style, stamp, "*", &text);
            }
            Told::Refused(refusal) => {
                log::push_event(out, self.style, stamp, "!", &format!("refused: {refusal}"));
            }
            Told::End(end) => log::push_end(out, self.style, stamp, &end),
        }
    }

    fn note(
        &self,
        moment: SystemTime,
        connection: Option<u64>,
        note: &Note<'_>,
        out: &mut Vec<u8>,
    ) {
        let time = self.clock.time_of_day(moment);
        let is_quoted = matches!(note, Note::ProgramError(_));
        log::push_note(
            out,
            self.style,
            &time,
            connection,
            is_quoted,
            &note.to_string(),
        );
    }

    fn remark(&self, moment: SystemTime, remark: &Remark, out: &mut Vec<u8>) {
        let time = self.clock.time_of_day(moment);
        log::push_remark(out, self.style, &time, &remark.to_string());
    }
}

impl TextLog {
    /// Something about a whole conversation: the first of its kind with cause and fix.
    fn push_concern(&self, out: &mut Vec<u8>, stamp: Stamp<'_>, finding: &Finding) {
        let mut told = self.told.borrow_mut();
        if told.contains(&finding.rule()) {
            log::push_finding(out, self.style, stamp, finding);
        } else {
            told.push(finding.rule());
            log::push_whole_finding(out, self.style, stamp, finding);
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
            Told::Finding(finding) | Told::Concern(finding) => {
                json::push_finding(out, &circumstance, &finding);
            }
            Told::Fault(act) => json::push_fault(out, &circumstance, &act.fault, &act.what),
            Told::RoundTrip(time) => json::push_round_trip(out, &circumstance, time),
            // The body of the answer says it.
            Told::Refused(_) => {}
            Told::End(end) => json::push_closed(out, &circumstance, &end),
        }
    }

    fn note(
        &self,
        moment: SystemTime,
        connection: Option<u64>,
        note: &Note<'_>,
        out: &mut Vec<u8>,
    ) {
        let circumstance = Circumstance::live(moment, connection);
        json::push_note(out, &circumstance, note.name(), &note.to_string());
    }

    fn remark(&self, moment: SystemTime, remark: &Remark, out: &mut Vec<u8>) {
        json::push_remark(out, moment, remark.name(), &remark.to_string());
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
    /// A finding about more than the frame above.
    Concern(Finding),
    Fault(&'a Act),
    RoundTrip(Duration),
    Refused(&'a Refusal),
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
            Happening::Fault(act) => Self::Fault(act),
            Happening::RoundTrip(time) => Self::RoundTrip(time),
            Happening::Refused(refusal) => Self::Refused(refusal),
            Happening::Ping(fault) => Self::Concern(concern::of_ping(fault)),
            Happening::Idle(time) => Self::Concern(concern::of_silence(time)),
            Happening::CloseMissing { is_answer } => {
                Self::Concern(concern::of_missing_close(is_answer))
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
