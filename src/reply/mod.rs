//! The replies of a server: their text, and the connections that get them.
//!
//! Text in, text out: `net` calls this layer with a message and what is known of its
//! connection, and sends the reply. `cli` parses [`Template`] and [`Recipients`] out of the
//! arguments. Neither sockets nor the command line are known here.

mod address;
mod template;

pub use address::{RecipientError, name_in, path_in, recipient};
pub use template::{Template, TemplateError, TemplateValues};

use std::borrow::Cow;

/// The connections that get the reply to a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recipients {
    /// The sender of the message.
    #[default]
    Sender,
    /// All connections but the sender.
    Others,
    /// All connections.
    All,
    /// No connection.
    None,
    /// The connections that the message names.
    Addressee,
}

/// The payload of a message as text: unchanged if it is UTF-8, else in hexadecimal.
pub fn text_of(payload: &[u8]) -> Cow<'_, str> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| {
        DIGITS
            .get(usize::from(value))
            .map_or('?', |&digit| digit.into())
    };
    std::str::from_utf8(payload).map_or_else(
        |_| {
            let digits = payload.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            digits.map(digit).collect()
        },
        Cow::Borrowed,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf_8_are_hexadecimal() {
        assert_eq!(text_of("你好".as_bytes()), "你好");
        assert_eq!(text_of(b"\x00\x1b\xff"), "001bff");
    }
}
