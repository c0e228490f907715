//! Close codes and the payload of a close frame (RFC 6455 §5.5.1, §7.4).

use std::fmt;

/// A close code: any 16 bits. RFC 6455 §7.4 and the registry of IANA define some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CloseCode(pub u16);

impl CloseCode {
    /// 1000: the purpose of the connection is fulfilled.
    pub const NORMAL_CLOSURE: Self = Self(1000);
    /// 1001: the server goes down, or the browser left the page.
    pub const GOING_AWAY: Self = Self(1001);
    /// 1002: the peer broke a rule of the protocol.
    pub const PROTOCOL_ERROR: Self = Self(1002);
    /// 1007: the payload does not fit its type, such as a text that is not UTF-8.
    pub const INVALID_PAYLOAD: Self = Self(1007);
    /// 1009: the message is larger than the receiver accepts.
    pub const MESSAGE_TOO_BIG: Self = Self(1009);

    /// The name in the registry of IANA, in lower case; `private use` for 4000–4999. None for
    /// a code without a name.
    pub const fn name(self) -> Option<&'static str> {
        match self.0 {
            1000 => Some("normal closure"),
            1001 => Some("going away"),
            1002 => Some("protocol error"),
            1003 => Some("unsupported data"),
            1004 => Some("reserved"),
            1005 => Some("no status received"),
            1006 => Some("abnormal closure"),
            1007 => Some("invalid frame payload data"),
            1008 => Some("policy violation"),
            1009 => Some("message too big"),
            1010 => Some("mandatory extension"),
            1011 => Some("internal error"),
            1012 => Some("service restart"),
            1013 => Some("try again later"),
            1014 => Some("bad gateway"),
            1015 => Some("TLS handshake"),
            3000 => Some("unauthorized"),
            3003 => Some("forbidden"),
            3008 => Some("timeout"),
            4000..=4999 => Some("private use"),
            _ => None,
        }
    }

    /// Whether a close frame may contain it: a defined code, or 3000–4999 (RFC 6455 §7.4.2).
    /// 1005, 1006 and 1015 only occur in reports of an endpoint (§7.4.1).
    pub const fn may_be_sent(self) -> bool {
        matches!(self.0, 1000..=1003 | 1007..=1014 | 3000..=4999)
    }
}

/// `1000 (normal closure)`, or the number alone.
impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{} ({name})", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}

/// The payload of a close frame that was received (RFC 6455 §5.5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseBody<'a> {
    /// No code and no reason.
    Empty,
    /// One byte, which is not allowed: a code has two.
    OneByte(u8),
    /// A code, and a reason that must be UTF-8.
    Code(CloseCode, &'a [u8]),
}

impl<'a> CloseBody<'a> {
    /// Parses any payload.
    pub fn parse(payload: &'a [u8]) -> Self {
        match payload {
            [] => Self::Empty,
            [byte] => Self::OneByte(*byte),
            [high, low, reason @ ..] => {
                Self::Code(CloseCode(u16::from_be_bytes([*high, *low])), reason)
            }
        }
    }

    /// The code, if there is one.
    pub const fn code(&self) -> Option<CloseCode> {
        match self {
            Self::Code(code, _) => Some(*code),
            Self::Empty | Self::OneByte(_) => None,
        }
    }
}

/// The payload of a close frame that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosePayload(Vec<u8>);

impl ClosePayload {
    /// A code and a reason as they are. A reason of more than 123 bytes, or a code that must not
    /// be sent, makes a frame that breaks a rule.
    pub fn exactly(code: CloseCode, reason: &[u8]) -> Self {
        Self([&code.0.to_be_bytes(), reason].concat())
    }

    /// A code and a reason, which is cut between two characters so that the payload has at most
    /// 125 bytes.
    pub fn fitting(code: CloseCode, reason: &str) -> Self {
        let mut ends = (0..=reason.len().min(MAX_REASON)).rev();
        let end = ends
            .find(|end| reason.is_char_boundary(*end))
            .unwrap_or_default();
        Self::exactly(code, reason.get(..end).unwrap_or_default().as_bytes())
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

/// "All control frames MUST have a payload length of 125 bytes or less" (RFC 6455 §5.5),
/// of which a close frame's code takes two.
const MAX_REASON: usize = 123;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_outside_the_ranges_of_section_7_4_may_not_be_sent() {
        let sendable: Vec<u16> = (0..=u16::MAX)
            .filter(|code| CloseCode(*code).may_be_sent())
            .collect();
        let expected: Vec<u16> = (1000..=1003)
            .chain(1007..=1014)
            .chain(3000..=4999)
            .collect();
        assert_eq!(sendable, expected);
    }

    #[test]
    fn names_are_those_of_iana() {
        assert_eq!(CloseCode(1000).to_string(), "1000 (normal closure)");
        assert_eq!(CloseCode(1015).to_string(), "1015 (TLS handshake)");
        assert_eq!(CloseCode(1016).to_string(), "1016");
        assert_eq!(CloseCode(2999).to_string(), "2999");
        assert_eq!(CloseCode(3003).to_string(), "3003 (forbidden)");
        assert_eq!(CloseCode(3004).to_string(), "3004");
        assert_eq!(CloseCode(4000).to_string(), "4000 (private use)");
        assert_eq!(CloseCode(4999).to_string(), "4999 (private use)");
        assert_eq!(CloseCode(5000).to_string(), "5000");
    }

    #[test]
    fn parses_every_payload() {
        assert_eq!(CloseBody::parse(b""), CloseBody::Empty);
        assert_eq!(CloseBody::parse(b"\x03"), CloseBody::OneByte(3));
        assert_eq!(
            CloseBody::parse(b"\x03\xe8bye"),
            CloseBody::Code(CloseCode(1000), b"bye")
        );
    }

    #[test]
    fn a_long_reason_is_cut_between_two_characters() {
        let payload = ClosePayload::fitting(CloseCode(1000), &"你".repeat(50));
        assert_eq!(payload.as_slice().len(), 2 + 41 * 3);
        let payload = ClosePayload::fitting(CloseCode(1000), &format!("a{}", "你".repeat(50)));
        assert_eq!(payload.as_slice().len(), 2 + 1 + 40 * 3);
    }
}
