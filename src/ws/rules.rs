//! The rules that frames can break, each with its section and the close code it calls for.
//!
//! [`FrameValidator`](super::FrameValidator) finds violations; an endpoint fails the connection
//! for one, and `diagnosis` explains it.

use std::fmt;

use super::{CloseCode, LengthForm, Opcode, PayloadLength, Role, Rsv};

/// Bytes of a stream that break a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule, with the wrong value.
    pub rule: Rule,
    /// The number of the frame, counted from 1.
    pub frame: u64,
    /// The stream offset of the wrong bytes.
    pub offset: u64,
    /// How many bytes are wrong, at least 1.
    pub length: u64,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule.fmt(f)
    }
}

/// A MUST of RFC 6455 or RFC 7692 about frames, with the value that breaks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// "MUST be 0 unless an extension is negotiated that defines meanings for non-zero
    /// values" (§5.2).
    ReservedBits(Rsv),
    /// "An endpoint MUST NOT set the 'Per-Message Compressed' bit of control frames and
    /// non-first fragments of a data message" (RFC 7692 §6.1); with the opcode of the frame.
    CompressedNotFirst(Opcode),
    /// "If an unknown opcode is received, the receiving endpoint MUST _Fail the
    /// WebSocket Connection_" (§5.2).
    ReservedOpcode(Opcode),
    /// "The minimal number of bytes MUST be used to encode the length" (§5.2).
    LengthNotShortest(PayloadLength),
    /// "The most significant bit MUST be 0" (§5.2).
    LengthHighestBit(PayloadLength),
    /// "A server MUST NOT mask any frames that it sends to the client" (§5.1).
    ServerMasks,
    /// "A client MUST mask all frames that it sends to the server" (§5.1).
    ClientDoesNotMask,
    /// "All control frames … MUST NOT be fragmented" (§5.5).
    ControlFragmented(Opcode),
    /// "All control frames MUST have a payload length of 125 bytes or less" (§5.5).
    ControlTooLong(Opcode, u64),
    /// The first frame of a message must have an opcode other than 0 (§5.4).
    ContinuationWithoutStart,
    /// "The fragments of one message MUST NOT be interleaved between the fragments of
    /// another message" (§5.4); with the opcode of the frame that interrupts.
    MessageUnfinished(Opcode),
    /// "The application MUST NOT send any more data frames after sending a Close frame"
    /// (§5.5.1).
    DataAfterClose(Opcode),
    /// "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned
    /// integer" (§5.5.1).
    CloseOneByte,
    /// 1005, 1006 and 1015 MUST NOT be set by an endpoint (§7.4.1). 0–999 are not used, the
    /// undefined ones from 1000 to 2999 are reserved, and 5000 and above have no meaning
    /// (§7.4.2).
    CloseCodeNotAllowed(CloseCode),
    /// The reason after the close code must be UTF-8 (§5.5.1, §8.1).
    CloseReasonNotUtf8,
    /// "When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte
    /// stream is not, in fact, a valid UTF-8 stream, that endpoint MUST _Fail the
    /// WebSocket Connection_" (§8.1).
    TextNotUtf8,
}

impl Rule {
    /// Where the rule is written down.
    pub const fn reference(self) -> Reference {
        let section = match self {
            Self::CompressedNotFirst(_) => {
                return Reference {
                    rfc: 7692,
                    section: "6.1",
                };
            }
            Self::ReservedBits(_)
            | Self::ReservedOpcode(_)
            | Self::LengthNotShortest(_)
            | Self::LengthHighestBit(_) => "5.2",
            Self::ServerMasks | Self::ClientDoesNotMask => "5.1",
            Self::ControlFragmented(_) | Self::ControlTooLong(..) => "5.5",
            Self::ContinuationWithoutStart | Self::MessageUnfinished(_) => "5.4",
            Self::DataAfterClose(_) | Self::CloseOneByte => "5.5.1",
            Self::CloseCodeNotAllowed(CloseCode(1004..=1006 | 1015)) => "7.4.1",
            Self::CloseCodeNotAllowed(_) => "7.4.2",
            Self::CloseReasonNotUtf8 | Self::TextNotUtf8 => "8.1",
        };
        Reference { rfc: 6455, section }
    }

    /// The code with which an endpoint fails the connection (§7.4.1).
    pub const fn close_code(self) -> CloseCode {
        match self {
            Self::CloseReasonNotUtf8 | Self::TextNotUtf8 => CloseCode::INVALID_PAYLOAD,
            _ => CloseCode::PROTOCOL_ERROR,
        }
    }

    /// The rule on masking that a frame from `sender` breaks.
    pub(super) const fn of_masking(sender: Role) -> Self {
        match sender {
            Role::Client => Self::ClientDoesNotMask,
            Role::Server => Self::ServerMasks,
        }
    }
}

/// The sentence, in lower case: what the bytes say, and what they must say.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReservedBits(rsv) if rsv.value().is_power_of_two() => {
                write!(f, "{rsv} is set, but no negotiated extension defines it")
            }
            Self::ReservedBits(rsv) => {
                write!(f, "{rsv} are set, but no negotiated extension defines them")
            }
            Self::CompressedNotFirst(opcode) => write!(
                f,
                "RSV1 is set on a frame ({opcode}), but only the first frame of a message may set it"
            ),
            Self::ReservedOpcode(opcode) => write!(f, "opcode {} is reserved", opcode.value()),
            Self::LengthNotShortest(length) => write!(
                f,
                "payload length {} uses the {}-bit form, but must use the {}-bit form",
                length.value(),
                length.form().bits(),
                LengthForm::shortest(length.value()).bits(),
            ),
            Self::LengthHighestBit(length) => write!(
                f,
                "payload length {} has its highest bit set, but this bit must be 0",
                length.value()
            ),
            Self::ServerMasks => f.write_str("a frame from the server is masked"),
            Self::ClientDoesNotMask => f.write_str("a frame from the client is not masked"),
            Self::ControlFragmented(opcode) => {
                write!(
                    f,
                    "a control frame ({opcode}) has FIN 0, but must not be fragmented"
                )
            }
            Self::ControlTooLong(opcode, length) => write!(
                f,
                "a control frame ({opcode}) has {length} bytes of payload, but may have at most 125"
            ),
            Self::ContinuationWithoutStart => {
                f.write_str("a continuation frame has no message to continue")
            }
            Self::MessageUnfinished(opcode) => write!(
                f,
                "a {opcode} frame starts a message, but the previous message is unfinished"
            ),
            Self::DataAfterClose(opcode) => {
                write!(f, "a data frame ({opcode}) was sent after a close frame")
            }
            Self::CloseOneByte => {
                f.write_str("a close frame has 1 byte of payload, but a close code is 2 bytes")
            }
            Self::CloseCodeNotAllowed(code) => write!(f, "close code {code} must not be sent"),
            Self::CloseReasonNotUtf8 => f.write_str("the close reason is not UTF-8"),
            Self::TextNotUtf8 => f.write_str("the text is not UTF-8"),
        }
    }
}

/// Where a rule is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The number of the RFC.
    pub rfc: u16,
    /// The section in it.
    pub section: &'static str,
}

/// `RFC 6455 section 5.2`.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RFC {} section {}", self.rfc, self.section)
    }
}
