//! One thing that is wrong, and where.

use crate::ws::endpoint::Failure;
use crate::ws::handshake::{HeadFault, KeyFault, RequestFault};
use crate::ws::{Cut, LengthForm, Reference, Rsv, Rule, Violation};

/// Something worth telling about octets or a handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its rule in the catalogue.
    pub rule: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Where in a stream of frames it shows, if it does there.
    pub place: Option<Place>,
    /// What is wrong, in lower case, with the value in it.
    pub message: String,
    /// Where the rule is written down, if it is.
    pub reference: Option<Reference>,
    /// What to change, where that is known.
    pub fix: Option<&'static str>,
}

/// A place in a stream of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The frame, counted from 1.
    pub frame: u64,
    /// Where in the stream the octets in question begin.
    pub offset: u64,
    /// How many they are.
    pub length: u64,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// A MUST is broken.
    Violation,
    /// Allowed, or not decided yet, but hardly meant so.
    Suspicious,
}

impl Severity {
    /// The word for it in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Violation => "violation",
            Self::Suspicious => "suspicious",
        }
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
        Self {
            rule: id_of_rule(rule),
            severity: Severity::Violation,
            place: Some(Place {
                frame,
                offset,
                length,
            }),
            message: rule.to_string(),
            reference: Some(rule.reference()),
            fix: None,
        }
    }
}

impl From<&Failure> for Finding {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Violation(violation) => violation.into(),
            Failure::TooBig { .. } => Self {
                rule: "message-too-big",
                severity: Severity::Suspicious,
                place: None,
                message: failure.to_string(),
                reference: Some(Reference {
                    rfc: 6455,
                    section: "10.4",
                }),
                fix: None,
            },
        }
    }
}

impl From<&RequestFault> for Finding {
    fn from(fault: &RequestFault) -> Self {
        Self {
            rule: id_of_request_fault(fault),
            severity: Severity::Violation,
            place: None,
            message: fault.to_string(),
            reference: Some(fault.reference()),
            fix: None,
        }
    }
}

impl From<&KeyFault> for Finding {
    fn from(fault: &KeyFault) -> Self {
        Self {
            rule: "req-key-bad",
            severity: Severity::Violation,
            place: None,
            message: format!("this is no Sec-WebSocket-Key: {fault}"),
            reference: Some(Reference {
                rfc: 6455,
                section: "4.1",
            }),
            fix: None,
        }
    }
}

impl Finding {
    /// A frame that goes on beyond the octets there are; `frame` is its number.
    pub fn of_cut(cut: &Cut, frame: u64) -> Self {
        let (rule, place, message) = match cut {
            Cut::Header {
                offset,
                octets,
                missing,
            } => {
                let have = octets.len() as u64;
                let least = if have < 2 { "at least " } else { "" };
                let whole = have + *missing as u64;
                let message = format!("{least}{missing} of {least}{whole} header bytes missing");
                (
                    "header-cut",
                    Place {
                        frame,
                        offset: *offset,
                        length: have,
                    },
                    message,
                )
            }
            Cut::Payload {
                offset,
                header,
                received,
            } => {
                let declared = header.payload_length.value();
                let missing = declared - received;
                let place = Place {
                    frame,
                    offset: offset + 1,
                    length: 1 + header.payload_length.form().extended_octets() as u64,
                };
                (
                    "len-beyond-data",
                    place,
                    format!("{missing} of {declared} payload bytes missing"),
                )
            }
        };
        Self {
            rule,
            severity: Severity::Suspicious,
            place: Some(place),
            message,
            reference: Some(Reference {
                rfc: 6455,
                section: "5.2",
            }),
            fix: None,
        }
    }

    /// A message whose last fragment has not come; `place` is the end of the stream.
    pub fn of_open_message(place: Place) -> Self {
        Self {
            rule: "fin-never-set",
            severity: Severity::Suspicious,
            place: Some(place),
            message: "the message is unfinished: no frame with FIN came".to_owned(),
            reference: Some(Reference {
                rfc: 6455,
                section: "5.4",
            }),
            fix: None,
        }
    }
}

fn id_of_rule(rule: Rule) -> &'static str {
    match rule {
        Rule::ReservedBits(rsv) if Some(rsv) == Rsv::new(4) => "rsv1-not-negotiated",
        Rule::ReservedBits(_) | Rule::ReservedOpcode(_) => "rsv23-or-opcode",
        Rule::LengthNotShortest(length) if length.form() == LengthForm::Sixteen => {
            "len16-not-minimal"
        }
        Rule::LengthNotShortest(_) => "len64-not-minimal",
        Rule::LengthHighestBit(_) => "len64-msb",
        Rule::ServerMasks => "server-masks",
        Rule::ClientDoesNotMask => "client-unmasked",
        Rule::ControlFragmented(_) => "control-fragmented",
        Rule::ControlTooLong(..) => "control-too-long",
        Rule::ContinuationWithoutStart => "continuation-without-start",
        Rule::MessageUnfinished(_) => "new-message-mid-fragments",
        Rule::DataAfterClose(_) => "data-after-close",
        Rule::CloseOneOctet => "close-1-byte",
        Rule::CloseCodeNotAllowed(_) => "close-reserved-code",
        Rule::CloseReasonNotUtf8 => "close-reason-utf8",
        Rule::TextNotUtf8 => "text-not-utf8",
    }
}

const fn id_of_request_fault(fault: &RequestFault) -> &'static str {
    match fault {
        RequestFault::Malformed(HeadFault::HeaderLine) | RequestFault::HeadCut => "http-bad-lines",
        RequestFault::Malformed(HeadFault::TooManyHeaders) | RequestFault::HeadTooLarge(_) => {
            "req-head-too-large"
        }
        RequestFault::Malformed(_) => "req-not-http",
        RequestFault::HeadTooSlow => "req-head-too-slow",
        RequestFault::Body => "req-body",
        RequestFault::HttpVersion => "http-1.0",
        RequestFault::NotUpgrade(_) => "req-not-upgrade",
        RequestFault::Method(_) => "req-not-get",
        RequestFault::Host(_) => "req-no-host",
        RequestFault::Connection(_) => "req-connection-no-upgrade",
        RequestFault::KeyCount(_) | RequestFault::Key(_) => "req-key-bad",
        RequestFault::WebSocketVersion(_) | RequestFault::WebSocketVersionCount(_) => "req-version",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::{FrameHeader, Opcode};

    #[test]
    fn a_cut_payload_says_how_much_is_missing() {
        let cut = Cut::Payload {
            offset: 10,
            header: FrameHeader::new(Opcode::TEXT, 732),
            received: 20,
        };
        let finding = Finding::of_cut(&cut, 3);
        assert_eq!(finding.message, "712 of 732 payload bytes missing");
        assert_eq!(
            finding.place,
            Some(Place {
                frame: 3,
                offset: 11,
                length: 3
            })
        );
    }

    #[test]
    fn a_cut_header_says_at_least_where_that_is_all_that_is_known() {
        let message = |octets: &[u8], missing| {
            let cut = Cut::Header {
                offset: 0,
                octets: octets.to_vec(),
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
