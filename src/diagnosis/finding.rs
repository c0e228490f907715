//! A finding: one thing that is wrong or worth a note in bytes or in a handshake, where it
//! is, why, and what to change. The rest of `diagnosis` makes findings; `render` prints them.

use super::catalogue::{self, RulePage};
use crate::ws::deflate::{CompressedMessageError, InflateError, InflateErrorKind};
use crate::ws::endpoint::{CompressedFailure, Failure};
use crate::ws::handshake::{HeadError, KeyError, OfferError, RequestError};
use crate::ws::{Direction, IncompleteFrame, LengthForm, Reference, Rsv, Rule, Violation};

/// One thing that is wrong, or worth a note, in bytes or in a handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The page of its rule.
    pub page: &'static RulePage,
    /// How serious it is here; the page has the usual severity.
    pub severity: Severity,
    /// Where it is, if bytes show it.
    pub location: Option<Location>,
    /// What is wrong, in lower case, with the value in it.
    pub message: String,
    /// A few words beside the underlined bytes.
    pub label: Option<String>,
    /// The section of the rule, where it is more exact than that of the page.
    pub reference: Option<Reference>,
    /// The cause, where these bytes tell more than the page.
    pub cause: Option<Cause>,
    /// What to change, where these bytes tell more than the page.
    pub fix: Option<String>,
    /// Further facts about these bytes.
    pub notes: Vec<String>,
}

/// Why a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The bytes prove this cause.
    Certain(String),
    /// The usual cause, or one that the bytes allow.
    Possible(String),
}

/// A range of bytes in a stream of frames or in a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// What the range is in.
    pub scope: LocationScope,
    /// The offset of the first byte in the stream of frames or in the head.
    pub offset: u64,
    /// The number of bytes.
    pub length: u64,
    /// The direction of the bytes, where both directions are shown.
    pub direction: Option<Direction>,
    /// The bytes or the line to show.
    pub snippet: Option<Snippet>,
}

/// What a location is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocationScope {
    /// The frame of this number, counted from 1.
    Frame(u64),
    /// Bytes of the stream outside a frame.
    Stream,
    /// The head of the request.
    Request,
    /// The head of the response.
    Response,
}

/// The bytes or the line that a location is in, to be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Snippet {
    /// Bytes as they are on the wire.
    Bytes {
        /// The offset of the first byte.
        start: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// A line of a request or response head.
    Line {
        /// The number of the line, counted from 1.
        number: usize,
        /// The offset of the line in the head.
        start: u64,
        /// The line, without its end.
        text: String,
    },
}

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// A MUST is broken, or a connection could not be opened.
    Violation,
    /// Allowed, or not yet complete, but probably a mistake.
    Suspicious,
    /// Valid, but some implementations reject it.
    PeerBug,
    /// Nothing is wrong: an explanation.
    Note,
}

impl Severity {
    /// The word for it in JSON, which does not change between releases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Violation => "violation",
            Self::Suspicious => "suspicious",
            Self::PeerBug => "peer-bug",
            Self::Note => "note",
        }
    }
}

impl Location {
    /// A location in a frame, without a snippet.
    pub const fn in_frame(number: u64, offset: u64, length: u64) -> Self {
        Self {
            scope: LocationScope::Frame(number),
            offset,
            length,
            direction: None,
            snippet: None,
        }
    }
}

impl Finding {
    /// A finding of this rule. The message says what is wrong in these bytes.
    pub fn new(page: &'static RulePage, message: impl Into<String>) -> Self {
        Self {
            page,
            severity: page.severity,
            location: None,
            message: message.into(),
            label: None,
            reference: None,
            cause: None,
            fix: None,
            notes: Vec::new(),
        }
    }

    /// The id of its rule.
    pub const fn rule(&self) -> &'static str {
        self.page.id
    }

    /// Whether the exit status is 1: a rule is broken, or the data is cut short.
    pub fn is_fault(&self) -> bool {
        self.severity == Severity::Violation || self.page.is_cut
    }

    /// The section of its rule, as text.
    pub fn section(&self) -> String {
        self.reference.map_or_else(
            || self.page.section.to_owned(),
            |reference| reference.to_string(),
        )
    }

    /// The cause: its own, or the usual one of the page.
    pub fn cause(&self) -> Cause {
        let usual = || Cause::Possible(self.page.cause.to_owned());
        self.cause.clone().unwrap_or_else(usual)
    }

    /// What to change: its own text, or that of the page.
    pub fn fix(&self) -> &str {
        self.fix.as_deref().unwrap_or(self.page.fix)
    }

    /// Sets the location.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Sets the section of the rule.
    #[must_use]
    pub const fn reference(mut self, reference: Reference) -> Self {
        self.reference = Some(reference);
        self
    }

    /// Sets the words beside the underlined bytes.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets a cause that the bytes prove.
    #[must_use]
    pub fn certain_cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(Cause::Certain(cause.into()));
        self
    }

    /// Sets a cause that the bytes allow but do not prove.
    #[must_use]
    pub fn possible_cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(Cause::Possible(cause.into()));
        self
    }

    /// Sets what to change.
    #[must_use]
    pub fn fixed_by(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Adds a fact.
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
        Self::new(page_of_rule(rule), rule.to_string())
            .at(Location::in_frame(frame, offset, length))
            .reference(rule.reference())
    }
}

impl From<&Failure> for Finding {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Violation(violation) => violation.into(),
            Failure::TooBig { .. } => Self::new(&catalogue::MESSAGE_TOO_BIG, failure.to_string()),
            Failure::Compressed(CompressedFailure {
                error,
                frame,
                offset,
                length,
            }) => Self::new(page_of_compressed(*error), error.to_string())
                .at(Location::in_frame(*frame, *offset, *length)),
        }
    }
}

impl From<&RequestError> for Finding {
    fn from(fault: &RequestError) -> Self {
        Self::new(page_of_request_fault(fault), fault.to_string()).reference(fault.reference())
    }
}

impl From<&KeyError> for Finding {
    fn from(fault: &KeyError) -> Self {
        let message = format!("this is not a Sec-WebSocket-Key: {fault}");
        Self::new(&catalogue::REQ_KEY_BAD, message).reference(Reference {
            rfc: 6455,
            section: "4.1",
        })
    }
}

impl Finding {
    /// A frame whose end is missing. `frame` is its number, counted from 1.
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
                Self::new(&catalogue::HEADER_CUT, message)
                    .at(Location::in_frame(frame, *offset, have))
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
                Self::new(&catalogue::LEN_BEYOND_DATA, message).at(Location::in_frame(
                    frame,
                    offset + 1,
                    field,
                ))
            }
        }
    }

    /// A message without its last fragment. `location` is the end of the stream.
    pub fn of_open_message(location: Location) -> Self {
        let message = "the message is unfinished: no frame with FIN came";
        Self::new(&catalogue::FIN_NEVER_SET, message).at(location)
    }
}

fn page_of_rule(rule: Rule) -> &'static RulePage {
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
        Rule::CloseOneByte => &catalogue::CLOSE_1_BYTE,
        Rule::CloseCodeNotAllowed(_) => &catalogue::CLOSE_RESERVED_CODE,
        Rule::CloseReasonNotUtf8 => &catalogue::CLOSE_REASON_UTF8,
        Rule::TextNotUtf8 => &catalogue::TEXT_NOT_UTF8,
    }
}

const fn page_of_compressed(error: CompressedMessageError) -> &'static RulePage {
    match error {
        CompressedMessageError::TooLarge(_) => &catalogue::MESSAGE_TOO_BIG,
        CompressedMessageError::NotUtf8(_) => &catalogue::TEXT_NOT_UTF8,
        CompressedMessageError::Inflate(InflateError { kind, .. }) => match kind {
            InflateErrorKind::TooFarBack { .. } => &catalogue::PMD_CONTEXT,
            InflateErrorKind::Damaged(_) => &catalogue::PMD_FLAG_MISMATCH,
            InflateErrorKind::Cut | InflateErrorKind::EndMissing => &catalogue::PMD_CUT,
            InflateErrorKind::FinalBlock => &catalogue::PMD_FINAL_BLOCK,
            InflateErrorKind::TailKept => &catalogue::PMD_TAIL,
        },
    }
}

fn page_of_request_fault(fault: &RequestError) -> &'static RulePage {
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
        RequestError::Target(_) | RequestError::TargetFragment(_) => &catalogue::REQ_TARGET_BAD,
        RequestError::HostEmpty | RequestError::HostValue(_) => &catalogue::REQ_HOST_BAD,
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
        assert_eq!(finding.location, Some(Location::in_frame(3, 11, 3)));
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
