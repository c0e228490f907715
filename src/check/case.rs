//! A case: what is sent to a peer and what must be observed, as data. The tables in `cases`
//! write them, `probe` carries them out, and reports print them.

use std::fmt;

use super::frame::Frame;
use super::reply::ReplyChange;
use super::request::{Change, Delivery, EXTENSIONS, PROTOCOL};
use crate::diagnosis::catalogue::RulePage;
use crate::ws::{Opcode, Role};

/// A case of the check.
#[derive(Clone, Debug)]
pub struct Case {
    /// The id, which does not change between releases: `6455/5.2/rsv-3`.
    pub id: String,
    /// The group.
    pub group: Group,
    /// What a failure means.
    pub grade: Grade,
    /// What the peer or the user must provide, or else the case is skipped.
    pub needs: Vec<Need>,
    /// What is sent, in words.
    pub sends: String,
    /// The page of the catalogue with the rule.
    pub page: &'static RulePage,
    /// What is to be said of a rule that can be read in two ways, or that is little known.
    pub note: Option<&'static str>,
    /// The opening handshake.
    pub opening: Opening,
    /// What is done on the open connection.
    pub steps: Vec<Step>,
    /// How many connections are made, each with a random key of its own.
    pub connections: usize,
}

/// The groups of cases, in the order of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
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
pub struct Opening {
    /// How the request differs from the valid one.
    pub changes: Vec<Change>,
    /// The key. None for a random one.
    pub key: Option<&'static str>,
    /// How the response to a client differs from the valid one.
    pub reply: Vec<ReplyChange>,
    /// How the head is written.
    pub delivery: Delivery,
    /// What the response must be like.
    pub answer: Answer,
}

/// What the response must be like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// A 101 to websocket.
    #[default]
    Accepted,
    /// A 101 to websocket in which the headers with these names break no rule.
    Valid(&'static [&'static str]),
    /// No 101 to websocket.
    Refused,
    /// No 101 to websocket, and a list of versions that includes 13.
    RefusedWithVersions,
    /// No 101, or one that chooses no subprotocol.
    NoSubprotocol,
    /// A 101 that chooses the subprotocol of the user, once.
    Subprotocol,
    /// No 101, or one without permessage-deflate.
    DeflateDeclined,
    /// A 101 that chooses no extension.
    NoExtension,
    /// A 101 with permessage-deflate. The case is skipped without it.
    Deflate,
    /// The same, with parameters that answer the offer.
    DeflateValid,
    /// The request of a client obeys this rule.
    Request(RequestRule),
    /// Anything: it is reported.
    Any,
    /// No response; the connection is closed in time.
    ClosedInTime,
}

/// A rule of the request that a client sends (RFC 6455 section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestRule {
    /// The method is GET.
    Method,
    /// The version of HTTP is 1.1.
    HttpVersion,
    /// There is one `Host`, with a host.
    Host,
    /// `Upgrade` lists websocket.
    Upgrade,
    /// `Connection` lists upgrade.
    Connection,
    /// There is one key, of 16 bytes.
    Key,
    /// The key is another one for each connection.
    FreshKey,
    /// The version is 13.
    Version,
    /// The offers of subprotocols and extensions match their grammar.
    Offers,
}

/// A step on the open connection.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends frames.
    Send(Vec<Frame>, Delivery),
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

/// What must be observed on the open connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// A ping that is sent now is answered.
    Taken,
    /// These messages come back, in this order.
    Echo(Vec<EchoedMessage>),
    /// A pong with this payload comes.
    Pong(Vec<u8>),
    /// The same, before any message.
    PongFirst(Vec<u8>),
    /// A ping that is sent now is answered, and no pong has this payload.
    NoPong(Vec<u8>),
    /// The connection is failed: closed with one of these codes, or ended without a close frame.
    Failed(&'static [u16]),
    /// The close frame that was sent is not accepted: the answer has one of these codes, or the
    /// connection ends without a close frame.
    CloseRefused(&'static [u16]),
    /// The close frame that was sent is answered.
    CloseAnswered(CloseAnswer),
    /// The peer ends the stream of TCP.
    TcpEnd,
    /// Until the stream of TCP ends, no frame comes after the first close frame, and none with
    /// this payload.
    NothingAfterClose(Vec<u8>),
    /// The peer sends a close frame.
    PeerCloses,
    /// The connection ends, with a close frame or without.
    LetsGo,
    /// The connection is failed without any frame, because of the response.
    Rejected,
    /// The connection is closed, or nothing comes.
    ClosedOrWaits,
    /// A message of this length comes back, or the connection is closed because of its size.
    EchoOrClosed(u64),
    /// All frames that came so far obey a rule.
    Frames(FrameRule),
    /// Anything: it is reported.
    Report,
}

/// What the close frame that answers must be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseAnswer {
    /// It does not report an error of the protocol, other than the one with this code that was
    /// sent.
    Accepted(u16),
    /// It has the same code.
    SameCode(u16),
    /// Anything: it is reported whether it has a code.
    Reported,
}

/// A message that the peer sends back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EchoedMessage {
    /// Text or binary.
    pub opcode: Opcode,
    /// The payload, inflated.
    pub payload: Vec<u8>,
}

/// A rule that all frames of the peer must obey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameRule {
    /// Frames with this opcode are masked if and only if the peer is a client.
    MaskedByRole(Opcode),
    /// The length is in the shortest form.
    ShortestLength,
    /// No two frames have the same masking key.
    FreshKeys,
    /// No masking key is zero.
    KeysNotZero,
    /// No back-reference of a compressed message is longer than a window of this many bits.
    Window(u8),
}

impl Case {
    /// A case of a connection that opens as it should.
    pub fn new(id: &str, grade: Grade, page: &'static RulePage, sends: impl Into<String>) -> Self {
        Self {
            id: id.to_owned(),
            group: Group::Sanity,
            grade,
            needs: Vec::new(),
            sends: sends.into(),
            page,
            note: None,
            opening: Opening::default(),
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
    pub fn send(self, frames: impl IntoIterator<Item = Frame>) -> Self {
        self.step(Step::Send(frames.into_iter().collect(), Delivery::AtOnce))
    }

    /// Then does this.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Then waits until this is observed.
    #[must_use]
    pub fn expect(self, expect: Expect) -> Self {
        self.step(Step::Expect(expect))
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
            Step::Expect(expect) => Some(expect.words(peer)),
            _ => None,
        });
        let mut parts: Vec<String> = answer.into_iter().chain(expects).collect();
        parts.dedup();
        parts.join("; ")
    }
}

/// A text message that comes back.
pub(super) fn text_message(payload: impl Into<Vec<u8>>) -> EchoedMessage {
    EchoedMessage {
        opcode: Opcode::TEXT,
        payload: payload.into(),
    }
}

/// A binary message that comes back.
pub(super) fn binary_message(payload: impl Into<Vec<u8>>) -> EchoedMessage {
    EchoedMessage {
        opcode: Opcode::BINARY,
        payload: payload.into(),
    }
}

impl Answer {
    /// What the response must be like. None if it is only the beginning of the case.
    fn words(self) -> Option<String> {
        let words = match self {
            Self::Accepted | Self::Deflate => return None,
            Self::Valid(["Content-Length"]) => "a 101 without Content-Length",
            Self::Valid(["Transfer-Encoding"]) => "a 101 without Transfer-Encoding",
            Self::Valid([EXTENSIONS | PROTOCOL]) => "a 101 that chooses only what was offered",
            Self::Valid(names) => return Some(format!("a 101 with a valid {}", names.join(", "))),
            Self::Refused => "no 101",
            Self::RefusedWithVersions => "no 101, and a Sec-WebSocket-Version header that lists 13",
            Self::NoSubprotocol => "no subprotocol in the response",
            Self::Subprotocol => "a 101 that chooses the subprotocol, once",
            Self::NoExtension => "a 101 that chooses no extension",
            Self::DeflateDeclined => "no permessage-deflate in the response",
            Self::DeflateValid => "parameters in the response that answer the offer",
            Self::Request(_) => "a request that obeys this rule",
            Self::Any => "anything, which is reported",
            Self::ClosedInTime => "the connection is closed in time",
        };
        Some(words.to_owned())
    }
}

impl Expect {
    /// What must be observed, in words.
    fn words(&self, peer: Role) -> String {
        let peer = peer.name();
        match self {
            Self::Taken => "the connection goes on".to_owned(),
            Self::Echo(messages) if messages.len() == 1 => "the message comes back".to_owned(),
            Self::Echo(messages) => format!("{} messages come back", messages.len()),
            Self::Pong(_) => "a pong with the same payload".to_owned(),
            Self::PongFirst(_) => "the pong before the message".to_owned(),
            Self::NoPong(_) => "no answer, and the connection goes on".to_owned(),
            Self::Failed(codes) | Self::CloseRefused(codes) => {
                let codes: Vec<String> = codes.iter().map(u16::to_string).collect();
                format!(
                    "the {peer} fails the connection ({} if it sends a close frame)",
                    codes.join(" or ")
                )
            }
            Self::CloseAnswered(CloseAnswer::Accepted(_)) => "a close frame in answer".to_owned(),
            Self::CloseAnswered(CloseAnswer::SameCode(code)) => {
                format!("a close frame with {code} in answer")
            }
            Self::TcpEnd => format!("the {peer} ends the TCP connection"),
            Self::NothingAfterClose(_) => "one close frame, and nothing after it".to_owned(),
            Self::PeerCloses => format!("a close frame from the {peer}"),
            Self::LetsGo => format!("the {peer} ends the connection"),
            Self::Rejected => format!("the {peer} ends the connection without sending a frame"),
            Self::ClosedOrWaits => "a close with 1009, or nothing".to_owned(),
            Self::EchoOrClosed(_) => "the message comes back, or a close with 1009".to_owned(),
            Self::Frames(rule) => rule.words(peer),
            Self::CloseAnswered(CloseAnswer::Reported) | Self::Report => {
                "anything, which is reported".to_owned()
            }
        }
    }
}

impl FrameRule {
    fn words(self, peer: &str) -> String {
        match self {
            Self::MaskedByRole(_) if peer == Role::Client.name() => {
                "all frames are masked".to_owned()
            }
            Self::MaskedByRole(_) => "no frame is masked".to_owned(),
            Self::ShortestLength => "each length is in its shortest form".to_owned(),
            Self::FreshKeys => "each frame has another masking key".to_owned(),
            Self::KeysNotZero => "no masking key is zero".to_owned(),
            Self::Window(bits) => {
                format!("no distance is longer than the window of {bits} bits")
            }
        }
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

impl Group {
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
