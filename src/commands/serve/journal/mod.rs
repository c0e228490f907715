//! The journal: what happens, told as lines for a person and as JSON for a program.

mod client;
mod concern;
mod json;
mod text;

use std::rc::Rc;
use std::time::SystemTime;

use crate::cli::{LogFormat, ServeArgs};
use crate::diagnosis::Finding;
use crate::net::{ConnectionObserver, EventLog, LogBuffers, Notice, NoticeScope};
use crate::render::Style;
use crate::ws::session::ConnectionEvent;
use client::PeerFindings;
use json::JsonFormatter;
use text::TextFormatter;

/// The journal that was asked for, if one was: a log, a record, or both.
pub(super) fn of(args: &ServeArgs, style: Style, is_quiet: bool) -> Option<Box<dyn EventLog>> {
    let log: Option<Rc<dyn EventFormatter>> = match args.chosen_format() {
        _ if is_quiet => None,
        LogFormat::Json => Some(Rc::new(JsonFormatter::new(args))),
        LogFormat::Frames => Some(Rc::new(TextFormatter::new(args, style))),
    };
    let record = args.record.as_ref();
    let record = record.map(|_| Rc::new(JsonFormatter::new(args)) as Rc<dyn EventFormatter>);
    let is_asked_for = log.is_some() || record.is_some();
    is_asked_for.then(|| Box::new(CombinedLog { log, record }) as Box<dyn EventLog>)
}

/// A way to write down what happens.
trait EventFormatter {
    /// Appends what happened on a connection, unless it is a finding.
    fn tell(&self, when: EventTime, happening: &ConnectionEvent<'_>, out: &mut Vec<u8>);

    /// Appends what is wrong with what was told before.
    fn find(&self, when: EventTime, finding: &Finding, out: &mut Vec<u8>);

    /// Appends a note.
    fn note(&self, moment: SystemTime, about: NoticeScope, note: &Notice<'_>, out: &mut Vec<u8>);
}

/// When something happened, and on which connection.
#[derive(Clone, Copy)]
struct EventTime {
    moment: SystemTime,
    connection: u64,
}

/// All that happens, on one page or on two.
#[derive(Clone)]
struct CombinedLog {
    log: Option<Rc<dyn EventFormatter>>,
    record: Option<Rc<dyn EventFormatter>>,
}

impl CombinedLog {
    /// Lets each page be written.
    fn write(&self, pages: &mut LogBuffers, write: impl Fn(&dyn EventFormatter, &mut Vec<u8>)) {
        if let Some(log) = &self.log {
            write(&**log, &mut pages.log);
        }
        if let Some(record) = &self.record {
            write(&**record, &mut pages.record);
        }
    }
}

impl EventLog for CombinedLog {
    fn observe(&self, connection: u64) -> Box<dyn ConnectionObserver> {
        Box::new(ConnectionLogFormatter {
            connection,
            client: PeerFindings::default(),
            chronicle: self.clone(),
        })
    }

    fn notice(
        &self,
        time: SystemTime,
        scope: NoticeScope,
        notice: &Notice<'_>,
        buffers: &mut LogBuffers,
    ) {
        self.write(buffers, |page, out| page.note(time, scope, notice, out));
    }
}

/// What happens on one connection.
struct ConnectionLogFormatter {
    connection: u64,
    client: PeerFindings,
    chronicle: CombinedLog,
}

impl ConnectionObserver for ConnectionLogFormatter {
    fn event(
        &mut self,
        moment: SystemTime,
        happening: &ConnectionEvent<'_>,
        pages: &mut LogBuffers,
    ) {
        let when = EventTime {
            moment,
            connection: self.connection,
        };
        let findings = self.client.findings(happening);
        self.chronicle.write(pages, |page, out| {
            page.tell(when, happening, out);
            for finding in &findings {
                page.find(when, finding, out);
            }
        });
    }

    fn bytes_received(&mut self, bytes: &[u8]) {
        self.client.hear(bytes);
    }
}
