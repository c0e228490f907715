//! Whether a text is a message of an application: JSON, or a packet of Socket.IO.
//!
//! `Input` uses it if the words of a command line contain no bytes in a notation.

use serde::de::IgnoredAny;

/// Whether a text is a JSON object or array, or a packet of Engine.IO that contains one
/// (`42["chat","hi"]`).
pub(super) fn is_message(text: &[u8]) -> bool {
    let packet = text.trim_ascii();
    let digits = packet
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let json = packet.get(digits..).unwrap_or_default();
    let is_container = matches!(json, [b'{', .., b'}'] | [b'[', .., b']']);
    digits <= MOST_DIGITS && is_container && serde_json::from_slice::<IgnoredAny>(json).is_ok()
}

/// The most digits before the JSON: the packet types, and the number of an acknowledgement.
const MOST_DIGITS: usize = 8;

#[cfg(test)]
mod tests {
    use super::is_message;

    #[test]
    fn json_and_packets_of_socket_io_are_messages() {
        for text in [
            "{\"type\":\"message\",\"data\":\"hi\"}",
            "{\"a\":1}",
            "[\"join\",1]",
            "42[\"chat message\",\"hi\"]",
            "0{\"sid\":\"a\",\"upgrades\":[]}",
        ] {
            assert!(is_message(text.as_bytes()), "{text}");
        }
        for text in [
            "hello",
            "42",
            "{a}",
            "{\"a\":1",
            "\"text\"",
            "123456789[1]",
            "",
        ] {
            assert!(!is_message(text.as_bytes()), "{text}");
        }
    }
}
