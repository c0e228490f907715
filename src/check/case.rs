//! A case: what is sent to a peer and what must be observed, as data. The tables in `cases`
//! write them, `probe` carries them out, and reports print them.

use std::fmt;

use super::expectation::{Answer, EchoedMessage, Expect};
use super::frame::CaseFrame;
use super::reply::ReplyChange;
use super::request::{Change, Delivery, EXTENSIONS};
use crate::diagnosis::catalogue::RulePage;
use crate::ws::{Opcode, Role};

/// A case of the check.
#[derive(Clone, Debug)]
pub struct Case {
    /// The id, which does not change between releases: `6455/5.2/rsv-3`.
    pub id: String,
    /// The group.
    pub group: CaseGroup,
    /// What a failure means.
    pub grade: Grade,
    /// What the peer or the user must provide, or else the case is skipped.
    pub needs: Vec<Need>,
    /// What is sent, in words.
    pub sends: String,
    /// The page of the catalogue with the rule.
    pub page: &'static RulePage,
    /// A sentence about a rule that can be read in two ways, or that few people know.
    pub note: Option<&'static str>,
    /// The opening handshake.
    pub opening: CaseOpening,
    /// What is done on the open connection.
    pub steps: Vec<CaseStep>,
    /// How many connections are made, each with a key of its own.
    pub connections: usize,
}

/// The groups of cases, in the order of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseGroup {
    /// The opening request, which a server reads.
    Request,
    /// The response to it.
    Response,
    /// The negotiation of extensions.
    Extensions,
    /// Masking.
    Masks,
    /// Payload lengths.
    Lengths,
    /// Reserved bits and opcodes.
    Reserved,
    /// Control frames.
    Control,
    /// Fragments.
    Fragments,
    /// UTF-8.
    Utf8,
    /// The closing handshake.
    Closing,
    /// permessage-deflate.
    Deflate,
    /// How the bytes are cut into segments.
    Tcp,
    /// Whether the peer works at all.
    Sanity,
}

/// What a failed case means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// An RFC says MUST.
    Must,
    /// The text binds the sender or leaves the receiver free, and libraries agree.
    Consensus,
    /// An RFC says SHOULD.
    Should,
    /// The text binds the sender, and libraries differ.
    Sender,
    /// What is observed is reported and is never a failure.
    Info,
}

/// What a case needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The peer sends text messages back.
    EchoText,
    /// The peer sends binary messages back.
    EchoBinary,
    /// The peer agrees to permessage-deflate.
    Deflate,
    /// The user names a subprotocol that the server accepts.
    Subprotocol,
    /// The user names a text at which the server closes the connection.
    ServerCloses,
    /// The user allows large inputs.
    Limits,
    /// The user gives the time after which a slow request must be refused.
    SlowHead,
}

/// The opening handshake of a case.
#[derive(Clone, Debug, Default)]
pub struct CaseOpening {
    /// How the request differs from the valid one.
    pub changes: Vec<Change>,
    /// The key. None for one that no other case has.
    pub key: Option<&'static str>,
    /// How the response to a client differs from the valid one.
    pub reply: Vec<ReplyChange>,
    /// How the head is written.
    pub delivery: Delivery,
    /// What the response must be like.
    pub answer: Answer,
}

/// A step on the open connection.
#[derive(Clone, Debug)]
pub enum CaseStep {
    /// Sends frames.
    Send(Vec<CaseFrame>, Delivery),
    /// Sends bytes that are no frame.
    Bytes(Vec<u8>),
    /// Sends the text at which the server closes the connection.
    ServerCloses,
    /// Ends the outgoing stream of TCP.
    Fin,
    /// Resets the connection.
    Reset,
    /// Waits until this is observed.
    Expect(Expect),
}

impl Case {
    /// A case of a connection that opens as it should.
    pub fn new(id: &str, grade: Grade, page: &'static RulePage, sends: impl Into<String>) -> Self {
        Self {
            id: id.to_owned(),
            group: CaseGroup::Sanity,
            grade,
            needs: Vec::new(),
            sends: sends.into(),
            page,
            note: None,
            opening: CaseOpening::default(),
            steps: Vec::new(),
            connections: 1,
        }
    }

    /// With these changes of the request.
    #[must_use]
    pub fn request(mut self, changes: impl IntoIterator<Item = Change>) -> Self {
        self.opening.changes.extend(changes);
        self
    }

    /// With a response that must be like this.
    #[must_use]
    pub const fn answer(mut self, answer: Answer) -> Self {
        self.opening.answer = answer;
        self
    }

    /// With another grade.
    #[must_use]
    pub const fn grade(mut self, grade: Grade) -> Self {
        self.grade = grade;
        self
    }

    /// With another page of the catalogue.
    #[must_use]
    pub const fn page(mut self, page: &'static RulePage) -> Self {
        self.page = page;
        self
    }

    /// With an id of another RFC.
    #[must_use]
    pub fn id_of(mut self, rfc: &str) -> Self {
        if let Some((_, rest)) = self.id.split_once('/') {
            self.id = format!("{rfc}/{rest}");
        }
        self
    }

    /// Needs this.
    #[must_use]
    pub fn needs(mut self, need: Need) -> Self {
        self.needs.push(need);
        self
    }

    /// With a sentence about the rule.
    #[must_use]
    pub const fn note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }

    /// Sends frames in one write.
    #[must_use]
    pub fn send(self, frames: impl IntoIterator<Item = CaseFrame>) -> Self {
        self.step(CaseStep::Send(
            frames.into_iter().collect(),
            Delivery::AtOnce,
        ))
    }

    /// Then does this.
    #[must_use]
    pub fn step(mut self, step: CaseStep) -> Self {
        self.steps.push(step);
        self
    }

    /// Then waits until this is observed.
    #[must_use]
    pub fn expect(self, expect: Expect) -> Self {
        self.step(CaseStep::Expect(expect))
    }

    /// Then waits until messages come back.
    #[must_use]
    pub fn echo(mut self, messages: Vec<EchoedMessage>) -> Self {
        for message in &messages {
            let need = match message.opcode {
                Opcode::TEXT => Need::EchoText,
                _ => Need::EchoBinary,
            };
            if !self.needs.contains(&need) {
                self.needs.push(need);
            }
        }
        self.expect(Expect::Echo(messages))
    }

    /// The section of the rule: `RFC 6455 section 5.2`.
    pub fn section(&self) -> String {
        let mut parts = self.id.split('/');
        let (rfc, section) = (parts.next().unwrap_or_default(), parts.next());
        format!("RFC {rfc} section {}", section.unwrap_or_default())
    }

    /// The header lines of the request that offer extensions.
    pub fn extension_headers(&self) -> &[String] {
        let mut changes = self.opening.changes.iter();
        let found = changes.find_map(|change| match change {
            Change::Lines(EXTENSIONS, lines) => Some(lines.as_slice()),
            _ => None,
        });
        found.unwrap_or_default()
    }

    /// What must be observed, in words.
    pub fn expected(&self, peer: Role) -> String {
        let answer = self.opening.answer.words();
        let expects = self.steps.iter().filter_map(|step| match step {
            CaseStep::Expect(expect) => Some(expect.words(peer)),
            _ => None,
        });
        let mut parts: Vec<String> = answer.into_iter().chain(expects).collect();
        parts.dedup();
        if parts.is_empty() && self.steps.is_empty() {
            return "a 101".to_owned();
        }
        parts.join("; ")
    }
}

impl Grade {
    /// Whether a failure fails the run.
    pub const fn is_required(self, strict: bool) -> bool {
        match self {
            Self::Must | Self::Consensus => true,
            Self::Should | Self::Sender => strict,
            Self::Info => false,
        }
    }

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Consensus => "consensus",
            Self::Should => "should",
            Self::Sender => "sender",
            Self::Info => "info",
        }
    }
}

impl CaseGroup {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "opening request",
            Self::Response => "response",
            Self::Extensions => "extensions",
            Self::Masks => "masks",
            Self::Lengths => "lengths",
            Self::Reserved => "reserved bits and opcodes",
            Self::Control => "control frames",
            Self::Fragments => "fragments",
            Self::Utf8 => "UTF-8",
            Self::Closing => "closing",
            Self::Deflate => "permessage-deflate",
            Self::Tcp => "TCP segments",
            Self::Sanity => "sanity",
        }
    }
}

/// Why a case that needs this is skipped.
impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EchoText => "the peer does not send texts back",
            Self::EchoBinary => "the peer does not send binary messages back",
            Self::Deflate => "the peer does not agree to permessage-deflate",
            Self::Subprotocol => "no --subprotocol",
            Self::ServerCloses => "no --server-closes",
            Self::Limits => "no --limits",
            Self::SlowHead => "no --slow-head",
        })
    }
}
