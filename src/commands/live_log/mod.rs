//! The log of live connections: the events that `net` reports, with the findings about the
//! peer, go to a printer of text or JSON, and to the record; messages may go to an output of
//! their own. `serve` and `connect` use it.

mod peer_findings;
mod secrets;
mod timing_findings;

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::time::SystemTime;

use crate::cli::LogFormat;
use crate::diagnosis::Finding;
use crate::net::{
    ConnectionObserver, DeferredOutput, EventLog, LogBuffer, LogBuffers, Notice, NoticeScope,
};
use crate::render::live_log::NoticeLine;
use crate::render::printer::{EventContext, EventPrinter, JsonPrinter, TextPrinter};
use crate::render::{DeferredPayload, PayloadForm, Style, escape};
use crate::ws::session::ConnectionEvent;
use crate::ws::{Message, Role};
use peer_findings::PeerFindings;
use secrets::HiddenSecrets;

/// What is logged, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogOptions {
    /// The role of this end.
    pub(super) local: Role,
    /// The format of the log; None if there is none.
    pub(super) format: Option<LogFormat>,
    /// Which events the log has.
    pub(super) events: LoggedEvents,
    /// How the messages that come are written, if they have an output of their own.
    pub(super) messages: Option<MessageFormat>,
    /// Whether everything is recorded in a file too, as JSON.
    pub(super) is_recorded: bool,
    /// The colours of the log.
    pub(super) style: Style,
    /// The width of the terminal; None if the log does not go to one.
    pub(super) width: Option<usize>,
    /// Whether long payloads are shown in full.
    pub(super) full: bool,
    /// Whether all headers of a handshake are shown.
    pub(super) all_headers: bool,
    /// Whether credentials are shown.
    pub(super) shows_secrets: bool,
}

/// Which events a log has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LoggedEvents {
    /// All, with findings and notices.
    All,
    /// All, without findings and notices.
    WithoutFindings,
    /// Findings, notices, a refused handshake, and the end: what is not the messages.
    Unusual,
}

/// How a message is written where only messages are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MessageFormat {
    /// Each on a line, escaped for a terminal.
    Escaped,
    /// Each on a line, as it is.
    Lines,
    /// As it is, one after the other.
    Raw,
}

/// The most bytes of a payload in JSON, unless it is shown in full: a message of a thousand bytes
/// may decompress to a million, which stand there for the frame, the message and the echo.
const JSON_LIMIT: usize = 64 << 10;

/// The log of a process with these options, and whether it has findings of a fault; None if
/// nothing is written.
pub(super) fn new(options: LogOptions) -> (Option<Box<dyn EventLog>>, Rc<Cell<bool>>) {
    let LogOptions {
        style,
        width,
        full,
        all_headers,
        ..
    } = options;
    let limit = if full { usize::MAX } else { JSON_LIMIT };
    let json = || -> SharedPrinter { Rc::new(RefCell::new(JsonPrinter::for_log(limit))) };
    let text = || -> SharedPrinter {
        let printer = TextPrinter::for_log(style, full, all_headers, width);
        Rc::new(RefCell::new(printer))
    };
    let log = options.format.map(|format| match format {
        LogFormat::Json => json(),
        LogFormat::Frames => text(),
    });
    let record = options.is_recorded.then(json);
    let has_fault = Rc::new(Cell::new(false));
    // A client has a status that its findings decide.
    let is_needed = log.is_some() || record.is_some() || options.local == Role::Client;
    let combined = CombinedLog {
        options,
        log,
        record,
        has_fault: Rc::clone(&has_fault),
    };
    let events = is_needed.then(|| Box::new(combined) as Box<dyn EventLog>);
    (events, has_fault)
}

/// A printer that all connections share.
type SharedPrinter = Rc<RefCell<dyn EventPrinter>>;

/// Writes each event to the log, to the record, and to the output of the messages.
#[derive(Clone)]
struct CombinedLog {
    options: LogOptions,
    log: Option<SharedPrinter>,
    record: Option<SharedPrinter>,
    /// Whether there was a finding of a fault.
    has_fault: Rc<Cell<bool>>,
}

impl CombinedLog {
    /// Prints to the record, and to the log if `is_logged`.
    fn print(
        &self,
        buffers: &mut LogBuffers,
        is_logged: bool,
        print: impl Fn(&mut dyn EventPrinter, &mut Vec<u8>),
    ) {
        let print = |printer: &mut dyn EventPrinter, buffer: &mut LogBuffer| {
            print(printer, &mut buffer.bytes);
            for (place, payload) in printer.deferred().drain(..) {
                buffer.defer(place, Box::new(payload));
            }
        };
        if let Some(log) = self.log.as_ref().filter(|_| is_logged) {
            print(&mut *log.borrow_mut(), &mut buffers.log);
        }
        if let Some(record) = &self.record {
            print(&mut *record.borrow_mut(), &mut buffers.record);
        }
    }

    /// Prints an event, without its credentials unless they are to be shown.
    fn print_event(
        &self,
        context: &EventContext,
        event: &ConnectionEvent<'_>,
        buffers: &mut LogBuffers,
    ) {
        let is_logged = self.logs(event);
        match event {
            ConnectionEvent::HandshakeReceived(handshake) if !self.options.shows_secrets => {
                let hidden = HiddenSecrets::of(handshake);
                let event = ConnectionEvent::HandshakeReceived(hidden.handshake(handshake));
                self.print(buffers, is_logged, |printer, out| {
                    printer.connection_event(context, &event, out);
                });
            }
            event => self.print(buffers, is_logged, |printer, out| {
                printer.connection_event(context, event, out);
            }),
        }
    }

    /// Whether the log has findings and notices.
    fn has_findings(&self) -> bool {
        self.options.events != LoggedEvents::WithoutFindings
    }

    fn logs(&self, event: &ConnectionEvent<'_>) -> bool {
        match event {
            _ if self.options.events != LoggedEvents::Unusual => true,
            ConnectionEvent::HandshakeReceived(handshake) => handshake.negotiated.is_none(),
            ConnectionEvent::Ended(_) => true,
            _ => false,
        }
    }

    /// Writes a message to the output that has messages only.
    fn write_message(&self, message: &Message<'_>, buffer: &mut LogBuffer) {
        let Some(format) = self.options.messages else {
            return;
        };
        let (payload, out) = (message.payload, &mut buffer.bytes);
        let form = match format {
            MessageFormat::Escaped => PayloadForm::Escaped,
            MessageFormat::Lines | MessageFormat::Raw => PayloadForm::Raw,
        };
        if let Some(deferred) = DeferredPayload::new(message.buffer, payload, form) {
            let place = out.len();
            buffer.defer(place, Box::new(deferred));
        } else if format == MessageFormat::Escaped {
            escape::push_text(out, payload);
        } else {
            out.extend_from_slice(payload);
        }
        if format != MessageFormat::Raw {
            buffer.bytes.push(b'\n');
        }
    }

    /// The context of an event on a connection. A client has one connection only.
    fn context(&self, time: SystemTime, connection: u64) -> EventContext {
        let is_numbered = self.options.local == Role::Server;
        EventContext::live(time, is_numbered.then_some(connection))
    }
}

impl DeferredOutput for DeferredPayload {
    fn size(&self) -> usize {
        Self::size(self)
    }

    fn write(&self, out: &mut dyn io::Write, is_urgent: &dyn Fn() -> bool) -> io::Result<()> {
        Self::write(self, out, is_urgent)
    }
}

impl EventLog for CombinedLog {
    fn observe(&self, connection: u64) -> Box<dyn ConnectionObserver> {
        Box::new(LoggedConnection {
            connection,
            findings: PeerFindings::new(self.options.local),
            log: self.clone(),
        })
    }

    fn notice(
        &self,
        time: SystemTime,
        scope: NoticeScope,
        notice: &Notice<'_>,
        buffers: &mut LogBuffers,
    ) {
        let (connection, subject) = match scope {
            NoticeScope::Connection(_) if self.options.local == Role::Client => {
                (None, String::new())
            }
            NoticeScope::Connection(number) => (Some(number), format!(" #{number}")),
            NoticeScope::Program => (None, " exec".to_owned()),
            NoticeScope::Server => (None, String::new()),
        };
        let context = EventContext::live(time, connection);
        let text = notice.to_string();
        let line = NoticeLine {
            subject: &subject,
            name: notice.name(),
            text: &text,
            is_program_output: matches!(notice, Notice::ProgramError(_)),
        };
        self.print(buffers, self.has_findings(), |printer, out| {
            printer.notice(&context, &line, out);
        });
    }
}

/// Whether bytes were not a valid request. The findings come before such bytes, which are of another
/// kind than the reader of the log expects.
fn is_refusal(event: &ConnectionEvent<'_>) -> bool {
    match event {
        ConnectionEvent::HandshakeAnswered { errors, .. } => !errors.is_empty(),
        ConnectionEvent::TlsAlertSent { .. } => true,
        _ => false,
    }
}

/// The log of one connection.
struct LoggedConnection {
    connection: u64,
    findings: PeerFindings,
    log: CombinedLog,
}

impl ConnectionObserver for LoggedConnection {
    fn event(&mut self, time: SystemTime, event: &ConnectionEvent<'_>, buffers: &mut LogBuffers) {
        let log = &self.log;
        let context = log.context(time, self.connection);
        if let ConnectionEvent::Message(message) = event {
            log.write_message(message, &mut buffers.messages);
        }
        let mut findings = self.findings.of_event(event);
        if findings.is_empty() {
            return log.print_event(&context, event, buffers);
        }
        if log.options.local == Role::Client && !log.options.shows_secrets {
            let hidden = findings.into_iter().map(Finding::without_credentials);
            findings = hidden.collect();
        }
        if findings.iter().any(Finding::is_problem) {
            log.has_fault.set(true);
        }
        let is_first = is_refusal(event);
        if !is_first {
            log.print_event(&context, event, buffers);
        }
        log.print(buffers, log.has_findings(), |printer, out| {
            for finding in &findings {
                printer.finding(&context, finding, out);
            }
        });
        if is_first {
            log.print_event(&context, event, buffers);
        }
    }

    fn bytes_received(&mut self, bytes: &[u8]) {
        self.findings.bytes_received(bytes);
    }
}
