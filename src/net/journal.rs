//! What happens on connections, for whoever keeps a record of it.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use super::heartbeat::PingFault;
use super::note::Note;
use super::policy::Refusal;
use super::remark::Remark;
use crate::ws::endpoint::{Ending, Failure};
use crate::ws::fault::Act;
use crate::ws::handshake::{Asked, RequestFault, Response, ResponseFault};
use crate::ws::{Cut, FrameHeader, Message};

/// Keeps a record of what happens.
pub trait Journal {
    /// Appends what is to be recorded to `out`, which is printed as a whole.
    fn record(
        &self,
        moment: SystemTime,
        connection: u64,
        happening: &Happening<'_>,
        out: &mut Vec<u8>,
    );

    /// Appends a remark about a connection, or about the program that answers.
    fn note(&self, moment: SystemTime, connection: Option<u64>, note: &Note<'_>, out: &mut Vec<u8>);

    /// Appends a remark about the server as a whole.
    fn remark(&self, moment: SystemTime, remark: &Remark, out: &mut Vec<u8>);
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
        /// Its header.
        header: &'a FrameHeader,
        /// Its payload, unmasked.
        payload: &'a [u8],
        /// What that inflates to, if it belongs to a compressed message.
        inflated: Option<&'a [u8]>,
        /// Whether it belongs to a text message.
        is_text: bool,
    },
    /// A message is complete.
    Message(&'a Message<'a>),
    /// A frame is about to go out.
    Sent {
        /// Its header.
        header: &'a FrameHeader,
        /// Its payload, before masking.
        payload: &'a [u8],
        /// What that inflates to, if it is compressed.
        inflated: Option<&'a [u8]>,
    },
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
