//! What happens on connections, for whoever keeps a record of it.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use super::heartbeat::PingFault;
use super::note::{About, Note};
use super::policy::Refusal;
use crate::ws::endpoint::{Ending, Failure};
use crate::ws::fault::Act;
use crate::ws::handshake::{Asked, RequestFault, Response, ResponseFault};
use crate::ws::{Cut, FrameHeader, Message};

/// Keeps a record of what happens at a server.
pub trait Journal {
    /// Begins the record of a connection, by its number.
    fn begin(&self, connection: u64) -> Box<dyn Chapter>;

    /// Appends a note.
    fn note(&self, moment: SystemTime, about: About, note: &Note<'_>, pages: &mut Pages);
}

/// Keeps the record of one connection.
pub trait Chapter {
    /// Appends what is to be recorded.
    fn record(&mut self, moment: SystemTime, happening: &Happening<'_>, pages: &mut Pages);
}

/// What was recorded and is not yet printed.
#[derive(Debug, Default)]
pub struct Pages {
    /// The log, which somebody watches.
    pub log: Vec<u8>,
    /// The record beside it, which goes to a file.
    pub record: Vec<u8>,
}

/// A frame that came in, or that goes out.
#[derive(Clone, Copy, Debug)]
pub struct PassingFrame<'a> {
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
pub enum Happening<'a> {
    /// A request was answered: with a 101, a page, or a refusal.
    Answered {
        /// Who asked.
        peer: SocketAddr,
        /// For what.
        asked: Asked<'a>,
        /// The answer.
        response: &'a Response,
    },
    /// TLS came where a plain request belongs, and was answered with an alert.
    Alerted {
        /// Who sent it.
        peer: SocketAddr,
        /// Its beginning.
        octets: &'a [u8],
    },
    /// What is wrong with the request.
    RequestFault(&'a RequestFault),
    /// The request is right, and refused for all that.
    Refused(&'a Refusal),
    /// A fault that was asked for acts on what comes next.
    Fault(&'a Act),
    /// The pong above answers a ping that was sent so long ago.
    RoundTrip(Duration),
    /// A ping was not answered as it must be.
    Ping(&'a PingFault),
    /// Nothing came for so long that the server gives up.
    Idle(Duration),
    /// The connection ends without a close frame from the client.
    CloseMissing {
        /// Whether it had one to answer.
        is_answer: bool,
    },
    /// What is wrong with the answer that opened the connection.
    AnswerFault(&'a ResponseFault),
    /// A frame came in, whole unless a failure follows.
    Received {
        /// The frame; of a refused one what is there.
        frame: PassingFrame<'a>,
        /// Whether no failure follows.
        is_accepted: bool,
    },
    /// A message is complete.
    Message(&'a Message<'a>),
    /// A frame is about to go out.
    Sent(PassingFrame<'a>),
    /// The peer gave a reason to fail the connection.
    Failure(&'a Failure),
    /// The connection ended inside this frame, the given number of which it is.
    Cut(&'a Cut, u64),
    /// The connection ended inside a message, behind the frame of this number and at this
    /// octet of the stream.
    MessageCut(u64, u64),
    /// The connection has ended.
    Ended {
        /// How.
        ending: &'a Ending,
        /// The payload of the close frame that counts, or nothing.
        close: &'a [u8],
        /// From the first octet to the end.
        duration: Duration,
        /// How many frames came in.
        frames_in: u64,
        /// How many went out.
        frames_out: u64,
    },
}
