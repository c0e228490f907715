//! What was observed on the connection of a case, for a report. `probe` notes it, `render` prints
//! it.

use super::received::{PeerEnd, ReceivedFrame, ReceivedMessage};
use crate::ws::{CloseBody, Opcode};

/// The longest payload that is shown.
const SHOWN: u64 = 40;

/// Something that came: `HTTP 101`, a frame, a message, the end of the stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// What it is: `pong`, `close 1002 (protocol error)`.
    pub name: String,
    /// The payload; empty if it is longer than what is shown.
    pub payload: Vec<u8>,
    /// The whole length of the payload.
    pub length: u64,
}

impl Observed {
    /// Without payload.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    fn with_payload(name: String, payload: &[u8], length: u64) -> Self {
        let shown = if length > SHOWN { &[] } else { payload };
        Self {
            name,
            payload: shown.to_vec(),
            length,
        }
    }
}

impl From<&ReceivedFrame> for Observed {
    fn from(frame: &ReceivedFrame) -> Self {
        let opcode = frame.header.opcode;
        let (name, payload) = match CloseBody::parse(&frame.payload) {
            CloseBody::Code(code, reason) if opcode == Opcode::CLOSE => {
                (format!("{opcode} {code}"), reason)
            }
            _ => (opcode.to_string(), frame.payload.as_slice()),
        };
        Self::with_payload(name, payload, payload.len() as u64)
    }
}

impl From<&ReceivedMessage> for Observed {
    fn from(message: &ReceivedMessage) -> Self {
        Self::with_payload(message.opcode.to_string(), &message.payload, message.length)
    }
}

impl From<PeerEnd> for Observed {
    fn from(end: PeerEnd) -> Self {
        Self::new(match end {
            PeerEnd::Fin => "FIN",
            PeerEnd::Reset => "RST",
        })
    }
}
