//! One thing that is wrong, and where.

use super::catalogue::{self, RulePage};
use crate::ws::deflate::{InflateError, InflateErrorKind};
use crate::ws::endpoint::{CompressedMessageErrorKind, Failure};
use crate::ws::handshake::{HeadError, KeyError, OfferError, RequestError};
use crate::ws::{Direction, IncompleteFrame, LengthForm, Reference, Rsv, Rule, Violation};

/// Something worth telling about bytes or a handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is, in the catalogue.
    pub entry: &'static RulePage,
    /// How grave it is here.
    pub severity: Severity,
    /// Where it shows, if it does in bytes.
    pub place: Option<Place>,
    /// What is wrong, in lower case, with the value in it.
    pub message: String,
    /// What is to be said beside the bytes in question.
    pub label: Option<String>,
    /// Where the rule is written down, where that is known better than by the entry.
    pub reference: Option<Reference>,
    /// Why it is so, where these bytes say more than the entry.
    pub cause: Option<Cause>,
    /// What to change, where these bytes say more than the entry.
    pub fix: Option<String>,
    /// What else these bytes show.
    pub notes: Vec<String>,
}

/// Why something is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The bytes prove it.
    Shown(String),
    /// They do not speak against it.
    Perhaps(String),
}

/// A place in a stream of frames, or in a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What it is a place in.
    pub within: Within,
    /// Where the bytes in question begin: in the stream of frames, or in the head.
    pub offset: u64,
    /// How many they are.
    pub length: u64,
    /// Which way they went, where both ways are shown.
    pub direction: Option<Direction>,
    /// What stands there and around it.
    pub extract: Option<Extract>,
}

/// What a place is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// A frame, counted from 1.
    Frame(u64),
    /// Bytes of the stream that are no frame.
    Stream,
    /// The head of the request.
    Request,
    /// The head of the response.
    Response,
}

/// A few bytes, to show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extract {
    /// Bytes as they are on the wire.
    Bytes {
        /// Where the first of them stands.
        start: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// A line of a head.
    Line {
        /// Its number, counted from 1.
        number: usize,
        /// Where the line begins in the head.
        start: u64,
        /// The line, without its end.
        text: String,
    },
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// A MUST is broken.
    Violation,
    /// Allowed, or not decided yet, but hardly meant so.
    Suspicious,
    /// Right as it is, but some peers stumble over it.
    PeerBug,
}

impl Severity {
    /// The word for it in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Violation => "violation",
            Self::Suspicious => "suspicious",
            Self::PeerBug => "peer-bug",
        }
    }
}

impl Place {
    /// A place in a stream of frames, with nothing to show.
    pub const fn in_frame(number: u64, offset: u64, length: u64) -> Self {
        Self {
            within: Within::Frame(number),
            offset,
            length,
            direction: None,
            extract: None,
        }
    }
}

impl Finding {
    /// A finding of this kind, with what is wrong in these bytes.
    pub fn new(entry: &'static RulePage, message: impl Into<String>) -> Self {
        Self {
            entry,
            severity: entry.severity,
            place: None,
            message: message.into(),
            label: None,
            reference: None,
            cause: None,
            fix: None,
            notes: Vec::new(),
        }
    }

    /// The name of its rule.
    pub const fn rule(&self) -> &'static str {
        self.entry.id
    }

    /// Whether the bytes are not as they should be: a rule is broken, or something is cut
    /// short.
    pub fn is_fault(&self) -> bool {
        self.severity == Severity::Violation || self.entry.is_cut
    }

    /// Where its rule is written down.
    pub fn section(&self) -> String {
        self.reference.map_or_else(
            || self.entry.section.to_owned(),
            |reference| reference.to_string(),
        )
    }

    /// Why it is so, as far as that is known.
    pub fn cause(&self) -> Cause {
        let usual = || Cause::Perhaps(self.entry.cause.to_owned());
        self.cause.clone().unwrap_or_else(usual)
    }

    /// What to change.
    pub fn fix(&self) -> &str {
        self.fix.as_deref().unwrap_or(self.entry.fix)
    }

    /// The same at this place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same by this rule.
    #[must_use]
    pub const fn by(mut self, reference: Reference) -> Self {
        self.reference = Some(reference);
        self
    }

    /// The same with words beside the bytes.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same with a cause that the bytes prove.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(Cause::Shown(cause.into()));
        self
    }

    /// The same with a cause that the bytes do not speak against.
    #[must_use]
    pub fn perhaps(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(Cause::Perhaps(cause.into()));
        self
    }

    /// The same with what to change here.
    #[must_use]
    pub fn fixed_by(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// The same with one more fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

impl From<&Violation> for Finding {
    fn from(violation: &Violation) -> Self {
        let Violation {
            rule,
            frame,
            offset,
            length,
        } = *violation;
        Self::new(entry_of_rule(rule), rule.to_string())
            .at(Place::in_frame(frame, offset, length))
            .by(rule.reference())
    }
}

impl From<&Failure> for Finding {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Violation(violation) => violation.into(),
            Failure::TooBig { .. } => Self::new(&catalogue::MESSAGE_TOO_BIG, failure.to_string()),
            Failure::Compressed(fault) => Self::new(
                entry_of_compressed(fault.kind),
                fault.to_string(),
            )
            .at(Place::in_frame(fault.frame, fault.offset, fault.length)),
        }
    }
}

impl From<&RequestError> for Finding {
    fn from(fault: &RequestError) -> Self {
        Self::new(entry_of_request_fault(fault), fault.to_string()).by(fault.reference())
    }
}

impl From<&KeyError> for Finding {
    fn from(fault: &KeyError) -> Self {
        let message = format!("this is no Sec-WebSocket-Key: {fault}");
        Self::new(&catalogue::REQ_KEY_BAD, message).by(Reference {
            rfc: 6455,
            section: "4.1",
        })
    }
}

impl Finding {
    /// A frame that goes on beyond the bytes there are; `frame` is its number.
    pub fn of_cut(cut: &IncompleteFrame, frame: u64) -> Self {
        match cut {
            IncompleteFrame::Header {
                offset,
                bytes,
                missing,
            } => {
                let have = bytes.len() as u64;
                let least = if have < 2 { "at least " } else { "" };
                let whole = have + *missing as u64;
                let message = format!("{least}{missing} of {least}{whole} header bytes missing");
                Self::new(&catalogue::HEADER_CUT, message).at(Place::in_frame(frame, *offset, have))
            }
            IncompleteFrame::Payload {
                offset,
                header,
                received,
            } => {
                let declared = header.payload_length.value();
                let missing = declared - received;
                let field = 1 + header.payload_length.form().extended_bytes() as u64;
                let message = format!("{missing} of {declared} payload bytes missing");
                Self::new(&catalogue::LEN_BEYOND_DATA, message).at(Place::in_frame(
                    frame,
                    offset + 1,
                    field,
                ))
            }
        }
    }

    /// A message whose last fragment has not come; `place` is the end of the stream.
    pub fn of_open_message(place: Place) -> Self {
        let message = "the message is unfinished: no frame with FIN came";
        Self::new(&catalogue::FIN_NEVER_SET, message).at(place)
    }
}

fn entry_of_rule(rule: Rule) -> &'static RulePage {
    match rule {
        Rule::ReservedBits(rsv) if rsv == Rsv::RSV1 => &catalogue::RSV1_NOT_NEGOTIATED,
        Rule::ReservedBits(_) | Rule::ReservedOpcode(_) => &catalogue::RSV23_OR_OPCODE,
        Rule::CompressedNotFirst(_) => &catalogue::PMD_RSV1_NOT_FIRST,
        Rule::LengthNotShortest(length) if length.form() == LengthForm::Sixteen => {
            &catalogue::LEN16_NOT_MINIMAL
        }
        Rule::LengthNotShortest(_) => &catalogue::LEN64_NOT_MINIMAL,
        Rule::LengthHighestBit(_) => &catalogue::LEN64_MSB,
        Rule::ServerMasks => &catalogue::SERVER_MASKS,
        Rule::ClientDoesNotMask => &catalogue::CLIENT_UNMASKED,
        Rule::ControlFragmented(_) => &catalogue::CONTROL_FRAGMENTED,
        Rule::ControlTooLong(..) => &catalogue::CONTROL_TOO_LONG,
        Rule::ContinuationWithoutStart => &catalogue::CONTINUATION_WITHOUT_START,
        Rule::MessageUnfinished(_) => &catalogue::NEW_MESSAGE_MID_FRAGMENTS,
        Rule::DataAfterClose(_) => &catalogue::DATA_AFTER_CLOSE,
        Rule::CloseOneOctet => &catalogue::CLOSE_1_BYTE,
        Rule::CloseCodeNotAllowed(_) => &catalogue::CLOSE_RESERVED_CODE,
        Rule::CloseReasonNotUtf8 => &catalogue::CLOSE_REASON_UTF8,
        Rule::TextNotUtf8 => &catalogue::TEXT_NOT_UTF8,
    }
}

const fn entry_of_compressed(kind: CompressedMessageErrorKind) -> &'static RulePage {
    match kind {
        CompressedMessageErrorKind::TooBig(_) => &catalogue::MESSAGE_TOO_BIG,
        CompressedMessageErrorKind::NotUtf8(_) => &catalogue::TEXT_NOT_UTF8,
        CompressedMessageErrorKind::Inflating(InflateError { kind, .. }) => match kind {
            InflateErrorKind::TooFarBack { .. } => &catalogue::PMD_CONTEXT,
            InflateErrorKind::Damaged(_) => &catalogue::PMD_FLAG_MISMATCH,
            InflateErrorKind::Cut | InflateErrorKind::EndMissing => &catalogue::PMD_CUT,
            InflateErrorKind::FinalBlock => &catalogue::PMD_FINAL_BLOCK,
            InflateErrorKind::TailKept => &catalogue::PMD_TAIL,
        },
    }
}

fn entry_of_request_fault(fault: &RequestError) -> &'static RulePage {
    match fault {
        RequestError::Malformed(HeadError::HeaderLine) | RequestError::HeadCut => {
            &catalogue::HTTP_BAD_LINES
        }
        RequestError::Malformed(HeadError::TooManyHeaders) | RequestError::HeadTooLarge(_) => {
            &catalogue::REQ_HEAD_TOO_LARGE
        }
        RequestError::Malformed(_) => &catalogue::REQ_NOT_HTTP,
        RequestError::HeadTooSlow => &catalogue::REQ_HEAD_TOO_SLOW,
        RequestError::Body => &catalogue::REQ_BODY,
        RequestError::Tls => &catalogue::REQ_TLS_TO_PLAIN,
        RequestError::NotTls => &catalogue::REQ_PLAIN_TO_TLS,
        RequestError::HttpVersion => &catalogue::HTTP_1_0,
        RequestError::NotUpgrade(_) => &catalogue::REQ_NOT_UPGRADE,
        RequestError::Method(_) => &catalogue::REQ_NOT_GET,
        RequestError::Host(_) => &catalogue::REQ_NO_HOST,
        RequestError::Connection(_) => &catalogue::REQ_CONNECTION_NO_UPGRADE,
        RequestError::KeyCount(_) | RequestError::Key(_) => &catalogue::REQ_KEY_BAD,
        RequestError::WebSocketVersion(_) | RequestError::WebSocketVersionCount(_) => {
            &catalogue::REQ_VERSION
        }
        RequestError::Offer(OfferError::ExtensionList(_)) => &catalogue::REQ_EXTENSIONS_BAD,
        RequestError::Offer(_) => &catalogue::REQ_SUBPROTOCOL_BAD,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::{FrameHeader, Opcode};

    #[test]
    fn a_cut_payload_says_how_much_is_missing() {
        let cut = IncompleteFrame::Payload {
            offset: 10,
            header: FrameHeader::new(Opcode::TEXT, 732),
            received: 20,
        };
        let finding = Finding::of_cut(&cut, 3);
        assert_eq!(finding.message, "712 of 732 payload bytes missing");
        assert_eq!(finding.place, Some(Place::in_frame(3, 11, 3)));
    }

    #[test]
    fn a_cut_header_says_at_least_where_that_is_all_that_is_known() {
        let message = |bytes: &[u8], missing| {
            let cut = IncompleteFrame::Header {
                offset: 0,
                bytes: bytes.to_vec(),
                missing,
            };
            Finding::of_cut(&cut, 1).message
        };
        assert_eq!(
            message(b"\x81", 1),
            "at least 1 of at least 2 header bytes missing"
        );
        assert_eq!(message(b"\x81\xfe\x02", 5), "5 of 8 header bytes missing");
    }
}
