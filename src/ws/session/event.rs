//! The events of a connection, for a log and for findings.

use std::time::Duration;

use super::{PingError, SessionEnd};
use crate::ws::endpoint::Failure;
use crate::ws::fault::FaultEvent;
use crate::ws::handshake::{
    AdmissionError, Body, ForeignSite, Negotiated, RequestError, RequestHead, RequestKind,
    Response, ResponseError,
};
use crate::ws::{FrameHeader, IncompleteFrame, Message, Opcode, SharedBytes};

/// A frame that was received, or that is sent.
#[derive(Clone, Copy, Debug)]
pub struct FrameInfo<'a> {
    /// Its header.
    pub header: &'a FrameHeader,
    /// Its payload, unmasked.
    pub payload: &'a [u8],
    /// The decompressed payload, if the frame belongs to a compressed message.
    pub inflated: Option<&'a [u8]>,
    /// Whether it belongs to a text message.
    pub is_text: bool,
    /// The buffer that the payload is in, or the decompressed one, if it can be kept without a
    /// copy.
    pub buffer: Option<&'a SharedBytes>,
}

/// The opening handshake of a client, with its response.
#[derive(Clone, Copy, Debug)]
pub struct ClientHandshake<'a> {
    /// The URL that was dialled, without credentials.
    pub url: &'a str,
    /// The steps before the frames.
    pub steps: &'a [OpeningStep],
    /// The request that was sent.
    pub request: &'a RequestHead,
    /// The head of the response as received.
    pub response: &'a [u8],
    /// The body of a refusal, as far as it was read.
    pub body: Option<&'a Body>,
    /// What was negotiated; None if the connection is not open.
    pub negotiated: Option<&'a Negotiated>,
}

/// A step of opening a connection, with its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningStep {
    /// Its name: `dns`, `tcp`, `proxy`, `tls` or `upgrade`.
    pub name: &'static str,
    /// How long it took.
    pub time: Duration,
    /// What else is known: the version of TLS.
    pub detail: Option<String>,
}

/// An event on a connection.
#[derive(Debug)]
pub enum ConnectionEvent<'a> {
    /// This server answered a request: with 101, with the page, or with a refusal.
    HandshakeAnswered {
        /// The address of the client.
        peer: &'a str,
        /// The request.
        asked: RequestKind<'a>,
        /// The request head as received; empty if there was none.
        head: &'a [u8],
        /// The response.
        response: &'a Response,
        /// Why the request is refused, if it breaks rules.
        errors: &'a [RequestError],
    },
    /// The server answered the request of this client.
    HandshakeReceived(ClientHandshake<'a>),
    /// A TLS handshake arrived at a server without TLS, which answered with a TLS alert. This is
    /// [`RequestError::Tls`].
    TlsAlertSent {
        /// The address of the client.
        peer: &'a str,
        /// The first bytes received.
        bytes: &'a [u8],
    },
    /// The request is valid, but this server does not admit the client. A foreign site is a
    /// [`Foreign`](Self::Foreign) event too.
    Refused(&'a AdmissionError),
    /// The request comes from another site.
    Foreign {
        /// What shows it.
        site: &'a ForeignSite,
        /// Whether it is refused.
        is_refused: bool,
    },
    /// The response that opened the connection breaks a rule.
    ResponseError(&'a ResponseError),
    /// An injected fault changes what is sent next.
    Fault(&'a FaultEvent),
    /// A frame was received, whole unless a failure follows.
    Received {
        /// The frame; of a refused one, as much as was received.
        frame: FrameInfo<'a>,
        /// False if a failure follows.
        is_accepted: bool,
    },
    /// The last received frame completes this message.
    Message(&'a Message<'a>),
    /// A frame is about to be sent.
    Sent(FrameInfo<'a>),
    /// Bytes are about to be sent that are not a whole frame.
    SentBytes(&'a [u8]),
    /// A reason to fail the connection.
    Failure(&'a Failure),
    /// The last received pong answers a ping; the time between them.
    RoundTrip(Duration),
    /// A ping got no pong, or a wrong one.
    Ping(&'a PingError),
    /// Nothing was received for the idle time-out, and this end closes the connection.
    Idle(Duration),
    /// The stream ended inside the frame of this number, counted from 1.
    FrameCut(&'a IncompleteFrame, u64),
    /// The stream ended inside a fragmented message.
    MessageCut {
        /// The number of the last frame.
        frame: u64,
        /// Where the stream ends.
        offset: u64,
    },
    /// The connection ended without a close frame from the peer.
    CloseMissing {
        /// Whether this end had sent one, which the peer had to answer.
        is_answer: bool,
        /// Whether the peer ended the connection, and not the time-out of this end.
        has_disconnected: bool,
    },
    /// The connection has ended.
    Ended(&'a SessionEnd),
}

/// Takes the events of a session, and decides what it replies.
pub trait EventSink {
    /// Bytes were received; they are not unmasked yet. The events that they cause follow.
    fn bytes_received(&mut self, _bytes: &[u8]) {}

    /// An event, in the order of the connection: a received frame comes before the frames that
    /// answer it.
    fn event(&mut self, event: &ConnectionEvent<'_>);

    /// The reply to a received message, sent at once; None for no reply.
    fn reply(&mut self, _message: &Message<'_>) -> Option<Reply> {
        None
    }

    /// Whether no more events are wanted now: the buffer of a payload is still needed. The session
    /// stops between two frames and [is busy](super::Session::is_busy).
    fn is_paused(&self) -> bool {
        false
    }

    /// Whether all messages are echoed and no event of a frame is wanted: the session then
    /// echoes many frames at once, and reports only what is unusual.
    fn is_plain_echo(&self) -> bool {
        false
    }
}

/// The reply to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The message itself.
    Echo,
    /// A message with this opcode and payload.
    Message(Opcode, Vec<u8>),
}
