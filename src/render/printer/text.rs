//! Events as text: a frame on a line or in a table, a finding below what it is about.

use super::{EventContext, EventPrinter, FramePosition};
use crate::diagnosis::Finding;
use crate::render::deferred::DeferredPayload;
use crate::render::excerpt::Excerpt;
use crate::render::frame::{self, ShownFrame};
use crate::render::live_log::{self, LinePrefix, NoticeLine};
use crate::render::style::Style;
use crate::render::time::{Clock, TimeOfDay};
use crate::render::{fields, finding};
use crate::ws::session::{ConnectionEvent, FrameInfo};
use crate::ws::{Direction, Message, Role};

/// What a frame looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameLayout {
    /// A line.
    Line,
    /// A table of its header fields.
    Table,
}

/// Prints events as text.
pub struct TextPrinter {
    style: Style,
    layout: FrameLayout,
    /// Whether long payloads are shown in full.
    full: bool,
    /// The direction of events whose context names none.
    direction: Direction,
    is_first: bool,
    log: Option<Log>,
    /// The large payloads that were left out.
    deferred: Vec<(usize, DeferredPayload)>,
}

/// What the printer of a log keeps in addition.
struct Log {
    clock: Clock,
    /// Whether all headers of a handshake are shown.
    all_headers: bool,
    /// The width of the terminal; None if the log does not go to one.
    width: Option<usize>,
    /// The rules of which a finding has been printed in full.
    explained: Vec<&'static str>,
}

impl TextPrinter {
    /// A printer for events that went in `direction` unless their context names another.
    pub const fn new(style: Style, layout: FrameLayout, full: bool, direction: Direction) -> Self {
        Self {
            style,
            layout,
            full,
            direction,
            is_first: true,
            log: None,
            deferred: Vec::new(),
        }
    }

    /// A printer for a log, whose lines begin with the time and the number of the connection.
    /// `width` is that of the terminal, if it goes to one.
    pub fn for_log(style: Style, full: bool, all_headers: bool, width: Option<usize>) -> Self {
        let log = Log {
            clock: Clock::local(),
            all_headers,
            width,
            explained: Vec::new(),
        };
        Self {
            log: Some(log),
            ..Self::new(style, FrameLayout::Line, full, Direction::Incoming)
        }
    }

    /// The time of an event, as a log shows it.
    fn time(&self, context: &EventContext) -> Option<TimeOfDay> {
        let log = self.log.as_ref()?;
        Some(log.clock.time_of_day(context.time?))
    }

    fn live_frame(
        &mut self,
        prefix: LinePrefix<'_>,
        direction: Direction,
        frame: &FrameInfo<'_>,
        out: &mut Vec<u8>,
    ) {
        live_log::push_prefix(out, self.style, prefix);
        let shown = ShownFrame::live(frame, self.full);
        if let Some(deferred) = frame::push_line(out, self.style, direction, &shown) {
            self.deferred.push(deferred);
        }
    }

    /// Appends an empty line between two tables.
    fn separate_tables(&mut self, out: &mut Vec<u8>) {
        if self.layout == FrameLayout::Table && !std::mem::take(&mut self.is_first) {
            out.push(b'\n');
        }
    }
}

impl EventPrinter for TextPrinter {
    fn head(&mut self, context: &EventContext, from: Role, head: &[u8], out: &mut Vec<u8>) {
        let direction = context.direction.unwrap_or(self.direction);
        frame::push_head(out, self.style, direction, from, head);
    }

    fn frame(
        &mut self,
        context: &EventContext,
        position: Option<FramePosition>,
        frame: &ShownFrame<'_>,
        out: &mut Vec<u8>,
    ) {
        self.separate_tables(out);
        if let (FrameLayout::Table, Some(position)) = (self.layout, position) {
            fields::push_table(out, self.style, position, frame);
        } else {
            let direction = context.direction.or(context.arrow);
            let direction = direction.unwrap_or(self.direction);
            frame::push_line(out, self.style, direction, frame);
        }
    }

    fn gap(
        &mut self,
        _context: &EventContext,
        offset: u64,
        bytes: &Excerpt<'_>,
        out: &mut Vec<u8>,
    ) {
        self.separate_tables(out);
        match self.layout {
            FrameLayout::Table => fields::push_gap(out, self.style, offset, bytes, self.full),
            FrameLayout::Line => frame::push_gap(out, self.style, bytes, self.full),
        }
    }

    fn payload_alone(&mut self, kind: &str, bytes: &[u8], text: &str, out: &mut Vec<u8>) {
        self.separate_tables(out);
        let text = Excerpt::whole(text.as_bytes());
        let length = bytes.len() as u64;
        frame::push_payload_alone(out, self.style, kind, length, &text, self.full);
    }

    /// The frames of a message show it.
    fn message(&mut self, _context: &EventContext, _message: &Message<'_>, _out: &mut Vec<u8>) {}

    fn message_alone(&mut self, context: &EventContext, message: &Message<'_>, out: &mut Vec<u8>) {
        self.separate_tables(out);
        let direction = context.direction.unwrap_or(self.direction);
        frame::push_message_alone(out, self.style, direction, message, self.full);
    }

    fn connection_event(
        &mut self,
        context: &EventContext,
        event: &ConnectionEvent<'_>,
        out: &mut Vec<u8>,
    ) {
        // The frames of a message show it.
        if matches!(event, ConnectionEvent::Message(_)) {
            return;
        }
        let (Some(time), Some(log)) = (self.time(context), &self.log) else {
            return;
        };
        let style = self.style;
        let prefix = LinePrefix {
            time: time.as_str(),
            connection: context.connection,
            width: log.width,
        };
        match *event {
            ConnectionEvent::HandshakeAnswered {
                peer,
                asked,
                response,
                ..
            } => {
                let all_headers = log.all_headers;
                live_log::push_handshake(out, style, prefix, peer, asked, response, all_headers);
            }
            ConnectionEvent::HandshakeReceived(ref handshake) => {
                let all_headers = log.all_headers;
                live_log::push_client_handshake(out, style, prefix, handshake, all_headers);
            }
            ConnectionEvent::TlsAlertSent { peer, bytes } => {
                live_log::push_tls_alert(out, style, prefix, peer, bytes);
            }
            ConnectionEvent::Received { ref frame, .. } => {
                self.live_frame(prefix, Direction::Incoming, frame, out);
            }
            ConnectionEvent::Sent(ref frame) => {
                self.live_frame(prefix, Direction::Outgoing, frame, out);
            }
            ConnectionEvent::SentBytes(bytes) => {
                live_log::push_prefix(out, style, prefix);
                frame::push_bytes_line(out, style, bytes, self.full);
            }
            ConnectionEvent::Fault(event) => {
                let text = format!("fault {}: {}", event.fault, event.what);
                live_log::push_event(out, style, prefix, "*", &text);
            }
            ConnectionEvent::RoundTrip(time) => {
                let text = format!("pong after {:.1} ms", time.as_secs_f64() * 1e3);
                live_log::push_event(out, style, prefix, "*", &text);
            }
            ConnectionEvent::Refused(error) => {
                let text = format!("refused: {error}");
                live_log::push_event(out, style, prefix, "!", &text);
            }
            ConnectionEvent::Ended(end) => live_log::push_end(out, style, prefix, end),
            // The other events are findings.
            _ => {}
        }
    }

    fn notice(&mut self, context: &EventContext, notice: &NoticeLine<'_>, out: &mut Vec<u8>) {
        if let (Some(time), Some(log)) = (self.time(context), &self.log) {
            live_log::push_notice(out, self.style, time.as_str(), notice, log.width);
        }
    }

    fn deferred(&mut self) -> &mut Vec<(usize, DeferredPayload)> {
        &mut self.deferred
    }

    /// The first finding of a rule is printed in full, further ones on a line each.
    fn finding(&mut self, context: &EventContext, finding: &Finding, out: &mut Vec<u8>) {
        let time = self.time(context);
        let (Some(time), Some(log)) = (time, &mut self.log) else {
            finding::push_line(out, self.style, finding);
            return;
        };
        let prefix = LinePrefix {
            time: time.as_str(),
            connection: context.connection,
            width: log.width,
        };
        if log.explained.contains(&finding.rule()) {
            live_log::push_finding(out, self.style, prefix, finding);
        } else {
            log.explained.push(finding.rule());
            live_log::push_finding_in_full(out, self.style, prefix, finding);
        }
    }
}
