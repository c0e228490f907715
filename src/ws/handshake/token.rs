//! Tokens (RFC 9110 section 5.6.2): the form of header names and of subprotocols.

/// Whether a word is a token (RFC 9110 section 5.6.2), as the names of subprotocols are.
pub fn is_token_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(is_token)
}

/// Whether a byte may be part of a token (RFC 9110 section 5.6.2).
pub(super) const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}
