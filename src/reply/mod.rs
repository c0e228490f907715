//! What a server answers, and whom: templates, names and addressees.
//!
//! All of it is text to text: a message and what is known of its connection come in, an
//! answer or a name goes out. Who is connected, and how an answer reaches them, is for
//! `net`; what the user may say on the command line, for `cli`.

mod address;
mod template;

pub use address::{RecipientError, addressee, name_in, path_in};
pub use template::{Template, TemplateError, TemplateValues};

use std::borrow::Cow;

/// Whom the answer to a message goes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recipients {
    /// Whoever sent the message.
    #[default]
    Sender,
    /// Everyone else.
    Others,
    /// Everyone.
    All,
    /// Nobody.
    None,
    /// The connection that the message names.
    Addressee,
}

/// What a message says: its text if it is UTF-8, text or binary, else its bytes as
/// hexadecimal digits.
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
    fn what_is_no_text_is_hex() {
        assert_eq!(text_of("你好".as_bytes()), "你好");
        assert_eq!(text_of(b"\x00\x1b\xff"), "001bff");
    }
}
