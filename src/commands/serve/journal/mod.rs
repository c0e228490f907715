//! The journal: what happens, told as lines for a person and as JSON for a program.

mod concern;
mod findings;
mod json;
mod text;

use std::rc::Rc;
use std::time::SystemTime;

use crate::cli::{LogFormat, ServeArgs};
use crate::diagnosis::Finding;
use crate::net::{About, Chapter, Happening, Journal, Note, Pages};
use crate::render::Style;
use findings::findings;
use json::JsonPage;
use text::TextPage;

/// The journal that was asked for, if one was: a log, a record, or both.
pub(super) fn of(args: &ServeArgs, style: Style, is_quiet: bool) -> Option<Box<dyn Journal>> {
    let log: Option<Rc<dyn Page>> = match args.format {
        _ if is_quiet => None,
        LogFormat::Json => Some(Rc::new(JsonPage::new(args))),
        LogFormat::Frames => Some(Rc::new(TextPage::new(args, style))),
    };
    let record = args.record.as_ref();
    let record = record.map(|_| Rc::new(JsonPage::new(args)) as Rc<dyn Page>);
    let is_asked_for = log.is_some() || record.is_some();
    is_asked_for.then(|| Box::new(Chronicle { log, record }) as Box<dyn Journal>)
}

/// A way to write down what happens.
trait Page {
    /// Appends what happened on a connection, unless it is a finding.
    fn tell(&self, when: When, happening: &Happening<'_>, out: &mut Vec<u8>);

    /// Appends what is wrong with what was told before.
    fn find(&self, when: When, finding: &Finding, out: &mut Vec<u8>);

    /// Appends a note.
    fn note(&self, moment: SystemTime, about: About, note: &Note<'_>, out: &mut Vec<u8>);
}

/// When something happened, and on which connection.
#[derive(Clone, Copy)]
struct When {
    moment: SystemTime,
    connection: u64,
}

/// All that happens, on one page or on two.
#[derive(Clone)]
struct Chronicle {
    log: Option<Rc<dyn Page>>,
    record: Option<Rc<dyn Page>>,
}

impl Chronicle {
    /// Lets each page be written.
    fn write(&self, pages: &mut Pages, write: impl Fn(&dyn Page, &mut Vec<u8>)) {
        if let Some(log) = &self.log {
            write(&**log, &mut pages.log);
        }
        if let Some(record) = &self.record {
            write(&**record, &mut pages.record);
        }
    }
}

impl Journal for Chronicle {
    fn begin(&self, connection: u64) -> Box<dyn Chapter> {
        Box::new(Biography {
            connection,
            chronicle: self.clone(),
        })
    }

    fn note(&self, moment: SystemTime, about: About, note: &Note<'_>, pages: &mut Pages) {
        self.write(pages, |page, out| page.note(moment, about, note, out));
    }
}

/// What happens on one connection.
struct Biography {
    connection: u64,
    chronicle: Chronicle,
}

impl Chapter for Biography {
    fn record(&mut self, moment: SystemTime, happening: &Happening<'_>, pages: &mut Pages) {
        let when = When {
            moment,
            connection: self.connection,
        };
        let found = findings(happening);
        self.chronicle.write(pages, |page, out| {
            page.tell(when, happening, out);
            if let Some(finding) = &found {
                page.find(when, finding, out);
            }
        });
    }
}
