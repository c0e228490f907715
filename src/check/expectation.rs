//! What a case expects: what the response must be like, and what must be observed on the open
//! connection, as data and in words. [`Case`](super::Case) has them, `probe` compares them with
//! what it observes.

use super::request::{EXTENSIONS, PROTOCOL};
use crate::ws::{Opcode, Role};

/// What the response must be like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// A 101 to websocket.
    #[default]
    Accepted,
    /// A 101 to websocket in which the headers with these names break no rule.
    Valid(&'static [&'static str]),
    /// A 101 of HTTP/1.1.
    HttpVersion,
    /// A 101 in which each line ends with CRLF.
    LineEnds,
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
    /// A 101 with permessage-deflate, and with parameters that answer the offer.
    DeflateValid,
    /// The request of a client obeys this rule.
    Request(RequestRule),
    /// Any response; it is reported.
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
    /// Each offer of permessage-deflate has parameters that RFC 7692 allows.
    DeflateOffer,
    /// Each line ends with CRLF.
    LineEnds,
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
    /// A pong with this payload comes before any message.
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
    /// Anything; it is reported.
    Report,
}

/// What the close frame in answer must be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseAnswer {
    /// It does not report an error of the protocol, other than the one with this code that was
    /// sent.
    Accepted(u16),
    /// It has the same code.
    SameCode(u16),
    /// Any payload; the report says whether it has a code.
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
    /// Frames with this opcode, or all of messages, obey the rules of frames, other than those of
    /// masks.
    Valid(Opcode),
    /// The length is in the shortest form.
    ShortestLength,
    /// No two frames have the same masking key.
    FreshKeys,
    /// No masking key is zero.
    KeysNotZero,
    /// No back-reference of a compressed message is longer than a window of this many bits.
    Window(u8),
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
    pub(super) fn words(self) -> Option<String> {
        let words = match self {
            Self::Accepted | Self::Deflate => return None,
            Self::Valid(["Content-Length"]) => "a 101 without Content-Length",
            Self::Valid(["Transfer-Encoding"]) => "a 101 without Transfer-Encoding",
            Self::Valid([EXTENSIONS | PROTOCOL]) => "a 101 that chooses only what was offered",
            Self::Valid(names) => return Some(format!("a 101 with a valid {}", names.join(", "))),
            Self::HttpVersion => "HTTP/1.1 in the status line of the 101",
            Self::LineEnds => "CRLF at the end of each line of the 101",
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
    pub(super) fn words(&self, peer: Role) -> String {
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
    pub(super) fn words(self, peer: &str) -> String {
        match self {
            Self::MaskedByRole(_) if peer == Role::Client.name() => {
                "all frames are masked".to_owned()
            }
            Self::MaskedByRole(_) => "no frame is masked".to_owned(),
            Self::Valid(opcode) if opcode.is_control() => {
                format!("a {opcode} that obeys the rules of frames")
            }
            Self::Valid(_) => "frames that obey the rules".to_owned(),
            Self::ShortestLength => "each length is in its shortest form".to_owned(),
            Self::FreshKeys => "each frame has another masking key".to_owned(),
            Self::KeysNotZero => "no masking key is zero".to_owned(),
            Self::Window(bits) => {
                format!("no distance is longer than the window of {bits} bits")
            }
        }
    }
}
