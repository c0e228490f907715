//! What happens on connections, for whoever keeps a record of it.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use super::heartbeat::PingError;
use super::note::{Notice, NoticeScope};
use super::policy::AdmissionError;
use crate::ws::endpoint::{EndReason, Failure};
use crate::ws::fault::FaultEvent;
use crate::ws::handshake::{RequestError, RequestKind, Response, ResponseError};
use crate::ws::{FrameHeader, IncompleteFrame, Message};

/// Keeps a record of what happens at a server.
pub trait EventLog {
    /// Begins the record of a connection, by its number.
    fn begin(&self, connection: u64) -> Box<dyn ConnectionLog>;

    /// Appends a note.
    fn note(
        &self,
        moment: SystemTime,
        about: NoticeScope,
        note: &Notice<'_>,
        pages: &mut LogBuffers,
    );
}

/// Keeps the record of one connection.
pub trait ConnectionLog {
    /// Appends what is to be recorded.
    fn record(
        &mut self,
        moment: SystemTime,
        happening: &ConnectionEvent<'_>,
        pages: &mut LogBuffers,
    );

    /// Takes note of bytes behind the handshake as they came, before anything else happens
    /// because of them.
    fn hear(&mut self, bytes: &[u8]);
}

/// What was recorded and is not yet printed.
#[derive(Debug, Default)]
pub struct LogBuffers {
    /// The log, which somebody watches.
    pub log: Vec<u8>,
    /// The record beside it, which goes to a file.
    pub record: Vec<u8>,
}

/// A frame that came in, or that goes out.
#[derive(Clone, Copy, Debug)]
pub struct FrameInfo<'a> {
    /// Its header.
    pub header: &'a FrameHeader,
    /// Its payload, not masked.
    pub payload: &'a [u8],
    /// What that inflates to, if it belongs to a compressed message.
    pub inflated: Option<&'a [u8]>,
    /// Whether it belongs to a text message.
    pub is_text: bool,
}

/// Something that happened on a connection.
#[derive(Debug)]
pub enum ConnectionEvent<'a> {
    /// A request was answered: with a 101, a page, or a refusal.
    HandshakeAnswered {
        /// Who asked.
        peer: SocketAddr,
        /// For what.
        asked: RequestKind<'a>,
        /// The head of the request as it came; nothing if there was none.
        head: &'a [u8],
        /// The answer.
        response: &'a Response,
    },
    /// TLS came where a plain request belongs, and was answered with an alert.
    TlsAlertSent {
        /// Who sent it.
        peer: SocketAddr,
        /// Its beginning.
        bytes: &'a [u8],
    },
    /// What is wrong with the request.
    RequestError(&'a RequestError),
    /// The request is right, and refused for all that.
    Refused(&'a AdmissionError),
    /// A fault that was asked for acts on what comes next.
    Fault(&'a FaultEvent),
    /// The pong above answers a ping that was sent so long ago.
    RoundTrip(Duration),
    /// A ping was not answered as it must be.
    Ping(&'a PingError),
    /// Nothing came for so long that the server gives up.
    Idle(Duration),
    /// The connection ends without a close frame from the client.
    CloseMissing {
        /// Whether it had one to answer.
        is_answer: bool,
    },
    /// What is wrong with the answer that opened the connection.
    AnswerFault(&'a ResponseError),
    /// A frame came in, whole unless a failure follows.
    Received {
        /// The frame; of a refused one what is there.
        frame: FrameInfo<'a>,
        /// Whether no failure follows.
        is_accepted: bool,
    },
    /// A message is complete.
    Message(&'a Message<'a>),
    /// A frame is about to go out.
    Sent(FrameInfo<'a>),
    /// The peer gave a reason to fail the connection.
    Failure(&'a Failure),
    /// The connection ended inside this frame, the given number of which it is.
    Cut(&'a IncompleteFrame, u64),
    /// The connection ended inside a message, behind the frame of this number and at this
    /// byte of the stream.
    MessageCut(u64, u64),
    /// The connection has ended.
    Ended {
        /// How.
        ending: &'a EndReason,
        /// The payload of the close frame that counts, or nothing.
        close: &'a [u8],
        /// From the first byte to the end.
        duration: Duration,
        /// How many frames came in.
        frames_in: u64,
        /// How many went out.
        frames_out: u64,
    },
}
