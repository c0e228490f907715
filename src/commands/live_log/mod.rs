//! The log of live connections: the events that `net` reports, with the findings about the
//! peer, go to a printer of text or JSON, and to the record. `serve` uses it.

mod peer_findings;
mod timing_findings;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::SystemTime;

use crate::cli::LogFormat;
use crate::net::{ConnectionObserver, EventLog, LogBuffers, Notice, NoticeScope};
use crate::render::Style;
use crate::render::live_log::NoticeLine;
use crate::render::printer::{EventContext, EventPrinter, JsonPrinter, TextPrinter};
use crate::ws::session::ConnectionEvent;
use peer_findings::PeerFindings;

/// What is logged, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogOptions {
    /// The format of the log; None if there is only a record.
    pub(super) format: Option<LogFormat>,
    /// Whether everything is recorded in a file too, as JSON.
    pub(super) is_recorded: bool,
    /// The colours of the log.
    pub(super) style: Style,
    /// Whether long payloads are shown in full.
    pub(super) full: bool,
    /// Whether all headers of a handshake are shown.
    pub(super) all_headers: bool,
}

/// The most bytes of a payload in JSON, unless it is shown in full: writing tens of MiB takes
/// time in which other connections wait.
const JSON_LIMIT: usize = 256 << 10;

/// The log and the record, or one of them; None if there is neither.
pub(super) fn new(options: LogOptions) -> Option<Box<dyn EventLog>> {
    let LogOptions {
        style,
        full,
        all_headers,
        ..
    } = options;
    let limit = if full { usize::MAX } else { JSON_LIMIT };
    let json = || -> SharedPrinter { Rc::new(RefCell::new(JsonPrinter::new(limit))) };
    let text = || -> SharedPrinter {
        let printer = TextPrinter::for_log(style, full, all_headers);
        Rc::new(RefCell::new(printer))
    };
    let log = options.format.map(|format| match format {
        LogFormat::Json => json(),
        LogFormat::Frames => text(),
    });
    let record = options.is_recorded.then(json);
    let is_needed = log.is_some() || record.is_some();
    is_needed.then(|| Box::new(CombinedLog { log, record }) as Box<dyn EventLog>)
}

/// A printer that all connections share.
type SharedPrinter = Rc<RefCell<dyn EventPrinter>>;

/// Writes each event to the log and to the record.
#[derive(Clone)]
struct CombinedLog {
    log: Option<SharedPrinter>,
    record: Option<SharedPrinter>,
}

impl CombinedLog {
    fn print(&self, buffers: &mut LogBuffers, print: impl Fn(&mut dyn EventPrinter, &mut Vec<u8>)) {
        if let Some(log) = &self.log {
            print(&mut *log.borrow_mut(), &mut buffers.log);
        }
        if let Some(record) = &self.record {
            print(&mut *record.borrow_mut(), &mut buffers.record);
        }
    }
}

impl EventLog for CombinedLog {
    fn observe(&self, connection: u64) -> Box<dyn ConnectionObserver> {
        Box::new(LoggedConnection {
            connection,
            findings: PeerFindings::default(),
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
        self.print(buffers, |printer, out| printer.notice(&context, &line, out));
    }
}

/// Whether bytes were no valid request. The findings come before such bytes, which are of another
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
        let context = EventContext::live(time, self.connection);
        let findings = self.findings.of_event(event);
        let is_first = is_refusal(event);
        self.log.print(buffers, |printer, out| {
            if !is_first {
                printer.connection_event(&context, event, out);
            }
            for finding in &findings {
                printer.finding(&context, finding, out);
            }
            if is_first {
                printer.connection_event(&context, event, out);
            }
        });
    }

    fn bytes_received(&mut self, bytes: &[u8]) {
        self.findings.bytes_received(bytes);
    }
}
