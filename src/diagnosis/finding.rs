//! A finding: one thing that is wrong or worth a note in bytes or in a handshake, where it
//! is, why, and what to change. The rest of `diagnosis` makes findings; `render` prints them.

use super::catalogue::{RulePage, Severity};
use crate::ws::handshake::masked_line;
use crate::ws::{Direction, Reference};

/// One thing that is wrong, or worth a note, in bytes or in a handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The page of its rule.
    pub page: &'static RulePage,
    /// How serious it is here; the page has the usual severity.
    pub severity: Severity,
    /// Where it is, if bytes show it.
    pub location: Option<Location>,
    /// What is wrong, in lower case, with the value in it.
    pub message: String,
    /// A few words beside the underlined bytes.
    pub label: Option<String>,
    /// The section of the rule, where it is more exact than that of the page.
    pub reference: Option<Reference>,
    /// The cause, where these bytes tell more than the page.
    pub cause: Option<Cause>,
    /// What to change, where these bytes tell more than the page.
    pub fix: Option<String>,
    /// Further facts about these bytes.
    pub notes: Vec<String>,
}

/// Why a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The bytes prove this cause.
    Certain(String),
    /// The usual cause, or one that the bytes allow.
    Possible(String),
}

/// A range of bytes in a stream of frames or in a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// What the range is in.
    pub scope: LocationScope,
    /// The offset of the first byte in the stream of frames or in the head.
    pub offset: u64,
    /// The number of bytes.
    pub length: u64,
    /// The direction of the bytes, where both directions are shown.
    pub direction: Option<Direction>,
    /// The bytes or the line to show.
    pub snippet: Option<Snippet>,
}

/// What a location is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocationScope {
    /// The frame of this number, counted from 1.
    Frame(u64),
    /// Bytes of the stream outside a frame.
    Stream,
    /// The head of the request.
    Request,
    /// The head of the response.
    Response,
}

/// The bytes or the line that a location is in, to be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Snippet {
    /// Bytes as they are on the wire.
    Bytes {
        /// The offset of the first byte.
        start: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// A line of a request or response head.
    Line {
        /// The number of the line, counted from 1.
        number: usize,
        /// The offset of the line in the head.
        start: u64,
        /// The line, without its end.
        text: String,
    },
}

impl Location {
    /// A location in a frame, without a snippet.
    pub const fn in_frame(number: u64, offset: u64, length: u64) -> Self {
        Self {
            scope: LocationScope::Frame(number),
            offset,
            length,
            direction: None,
            snippet: None,
        }
    }
}

impl Finding {
    /// A finding of this rule. The message says what is wrong in these bytes.
    pub fn new(page: &'static RulePage, message: impl Into<String>) -> Self {
        Self {
            page,
            severity: page.severity,
            location: None,
            message: message.into(),
            label: None,
            reference: None,
            cause: None,
            fix: None,
            notes: Vec::new(),
        }
    }

    /// The id of its rule.
    pub const fn rule(&self) -> &'static str {
        self.page.id
    }

    /// Whether the exit status is 1: a rule is broken, or the data is cut short.
    pub fn is_problem(&self) -> bool {
        self.severity == Severity::Violation || self.page.is_cut
    }

    /// The section of its rule, as text.
    pub fn section(&self) -> String {
        self.reference.map_or_else(
            || self.page.section.to_owned(),
            |reference| reference.to_string(),
        )
    }

    /// The cause: its own, or the usual one of the page.
    pub fn cause(&self) -> Cause {
        let usual = || Cause::Possible(self.page.cause.to_owned());
        self.cause.clone().unwrap_or_else(usual)
    }

    /// What to change: its own text, or that of the page.
    pub fn fix(&self) -> &str {
        self.fix.as_deref().unwrap_or(self.page.fix)
    }

    /// Sets the location.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Sets the section of the rule.
    #[must_use]
    pub const fn reference(mut self, reference: Reference) -> Self {
        self.reference = Some(reference);
        self
    }

    /// Sets the words beside the underlined bytes.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets a cause that the bytes prove.
    #[must_use]
    pub fn certain_cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(Cause::Certain(cause.into()));
        self
    }

    /// Sets a cause that the bytes allow but do not prove.
    #[must_use]
    pub fn possible_cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(Cause::Possible(cause.into()));
        self
    }

    /// Sets what to change.
    #[must_use]
    pub fn fixed_by(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Replaces credentials in the line that it shows by `*`.
    #[must_use]
    pub fn without_credentials(mut self) -> Self {
        let location = self.location.as_mut();
        if let Some(Snippet::Line { text, .. }) = location.and_then(|it| it.snippet.as_mut())
            && let Some(masked) = masked_line(text)
        {
            *text = masked;
        }
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}
