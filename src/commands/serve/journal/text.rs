//! The journal as lines for a person.

use std::cell::RefCell;
use std::time::SystemTime;

use super::{EventFormatter, EventTime};
use crate::cli::ServeArgs;
use crate::diagnosis::Finding;
use crate::net::{Notice, NoticeScope};
use crate::render::serve::{self as log, LinePrefix};
use crate::render::{Clock, Excerpt, ShownFrame, Style};
use crate::ws::Direction;
use crate::ws::session::{ConnectionEvent, FrameInfo};

pub(super) struct TextFormatter {
    clock: Clock,
    style: Style,
    all_headers: bool,
    /// Whether long payloads are shown whole.
    full: bool,
    /// The rules whose cause and fix were told.
    told: RefCell<Vec<&'static str>>,
}

impl TextFormatter {
    pub(super) fn new(args: &ServeArgs, style: Style) -> Self {
        Self {
            clock: Clock::local(),
            style,
            all_headers: args.verbose,
            full: args.full,
            told: RefCell::default(),
        }
    }

    fn push_frame(
        &self,
        stamp: LinePrefix<'_>,
        direction: Direction,
        frame: &FrameInfo<'_>,
        out: &mut Vec<u8>,
    ) {
        let shown = ShownFrame {
            header: frame.header,
            payload: Excerpt::whole(frame.payload),
            inflated: frame.inflated.map(Excerpt::whole),
            is_text: frame.is_text,
            full: self.full,
        };
        log::push_frame(out, self.style, stamp, direction, &shown);
    }
}

impl EventFormatter for TextFormatter {
    fn tell(&self, when: EventTime, happening: &ConnectionEvent<'_>, out: &mut Vec<u8>) {
        let style = self.style;
        let time = self.clock.time_of_day(when.moment);
        let stamp = LinePrefix {
            time: time.as_str(),
            connection: when.connection,
        };
        let push_event = |out, sign, text: &str| log::push_event(out, style, stamp, sign, text);
        match *happening {
            ConnectionEvent::HandshakeAnswered {
                peer,
                asked,
                response,
                ..
            } => {
                log::push_handshake(out, style, stamp, peer, asked, response, self.all_headers);
            }
            ConnectionEvent::TlsAlertSent { peer, bytes } => {
                log::push_alerted(out, style, stamp, peer, bytes);
            }
            ConnectionEvent::Received { frame, .. } => {
                self.push_frame(stamp, Direction::Incoming, &frame, out);
            }
            ConnectionEvent::Sent(frame) => {
                self.push_frame(stamp, Direction::Outgoing, &frame, out);
            }
            ConnectionEvent::Fault(act) => {
                push_event(out, "*", &format!("fault {}: {}", act.fault, act.what));
            }
            ConnectionEvent::RoundTrip(time) => {
                let time = time.as_secs_f64() * 1e3;
                push_event(out, "*", &format!("pong after {time:.1} ms"));
            }
            ConnectionEvent::Refused(refusal) => {
                push_event(out, "!", &format!("refused: {refusal}"));
            }
            ConnectionEvent::Ended(end) => {
                log::push_end(out, style, stamp, end);
            }
            // A message is seen by its frames. The rest are findings.
            _ => {}
        }
    }

    /// The first finding of its kind comes with cause and fix.
    fn find(&self, when: EventTime, finding: &Finding, out: &mut Vec<u8>) {
        let time = self.clock.time_of_day(when.moment);
        let stamp = LinePrefix {
            time: time.as_str(),
            connection: when.connection,
        };
        let mut told = self.told.borrow_mut();
        if told.contains(&finding.rule()) {
            log::push_finding(out, self.style, stamp, finding);
        } else {
            told.push(finding.rule());
            log::push_whole_finding(out, self.style, stamp, finding);
        }
    }

    fn note(&self, moment: SystemTime, about: NoticeScope, note: &Notice<'_>, out: &mut Vec<u8>) {
        let time = self.clock.time_of_day(moment);
        let is_quoted = matches!(note, Notice::ProgramError(_));
        let subject = match about {
            NoticeScope::Connection(connection) => format!(" #{connection}"),
            NoticeScope::Program => " exec".to_owned(),
            NoticeScope::Server => String::new(),
        };
        log::push_note(
            out,
            self.style,
            time.as_str(),
            &subject,
            is_quoted,
            &note.to_string(),
        );
    }
}
