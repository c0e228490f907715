//! Findings made from the violations and errors of `ws`: each gets the catalogue page of its rule.
//!
//! `stream`, `handshake` and `accept` make findings with it and add the cause; `commands` uses it
//! for errors that need no further analysis.

use super::catalogue::{self, RulePage};
use super::{Finding, Location};
use crate::ws::deflate::{CompressedMessageError, InflateError, InflateErrorKind};
use crate::ws::endpoint::{CompressedFailure, Failure};
use crate::ws::handshake::{HeadError, KeyError, OfferError, RequestError};
use crate::ws::{IncompleteFrame, LengthForm, Reference, Rsv, Rule, Violation};

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
            Failure::TooBig { .. } | Failure::TooMuchInAll(_) => {
                Self::new(&catalogue::MESSAGE_TOO_BIG, failure.to_string())
            }
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
    fn from(error: &RequestError) -> Self {
        Self::new(page_of_request_error(error), error.to_string()).reference(error.reference())
    }
}

impl From<&KeyError> for Finding {
    fn from(error: &KeyError) -> Self {
        let message = format!("this is not a Sec-WebSocket-Key: {error}");
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

fn page_of_request_error(error: &RequestError) -> &'static RulePage {
    match error {
        RequestError::Malformed(HeadError::HeaderLine) | RequestError::HeadCut => {
            &catalogue::HTTP_BAD_LINES
        }
        RequestError::Malformed(HeadError::TooManyHeaders) | RequestError::HeadTooLarge(_) => {
            &catalogue::REQ_HEAD_TOO_LARGE
        }
        RequestError::HeadTooSlow => &catalogue::REQ_HEAD_TOO_SLOW,
        RequestError::Body => &catalogue::REQ_BODY,
        RequestError::Tls => &catalogue::REQ_TLS_TO_PLAIN,
        RequestError::NotTls => &catalogue::REQ_PLAIN_TO_TLS,
        RequestError::Malformed(HeadError::Version) | RequestError::HttpVersion => {
            &catalogue::HTTP_1_0
        }
        RequestError::Malformed(_) => &catalogue::REQ_NOT_HTTP,
        RequestError::NotUpgrade(_) => &catalogue::REQ_NOT_UPGRADE,
        RequestError::Method(_) => &catalogue::REQ_NOT_GET,
        RequestError::Target(_) | RequestError::TargetFragment(_) => &catalogue::REQ_TARGET_BAD,
        RequestError::HostEmpty | RequestError::HostValue(_) => &catalogue::REQ_HOST_BAD,
        RequestError::Host(_) => &catalogue::REQ_NO_HOST,
        RequestError::OriginCount(_) => &catalogue::REQ_ORIGIN_TWICE,
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
    fn a_header_without_its_second_byte_lacks_at_least_one_byte() {
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
