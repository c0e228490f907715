//! Compressed messages (RFC 7692 §7.2.2): a limit, and the UTF-8 of what they inflate to.
//!
//! Compressed payload goes in, a piece at a time, and the inflated bytes go to a sink of the
//! caller's. The receiver of an endpoint keeps them; the analyzer of `decode` shows them.

use std::fmt;

use super::{InflateError, InflateErrorKind, Inflater};
use crate::ws::extension::SenderParameters;
use crate::ws::{CloseCode, Opcode, Utf8Validator};

/// Inflates the compressed messages that one end sends, each up to a limit, and checks the
/// UTF-8 of texts.
#[derive(Debug)]
pub struct MessageInflater {
    inflater: Inflater,
    /// The most bytes that a message may inflate to.
    limit: usize,
    /// None between compressed messages.
    message: Option<OpenMessage>,
}

/// The compressed message whose end has not come.
#[derive(Debug)]
struct OpenMessage {
    /// Checks the text; None for a binary message.
    utf8: Option<Utf8Validator>,
    /// How many bytes it inflated to so far, at most the limit.
    length: usize,
    /// What was wrong with it; the rest of its payload is ignored then.
    error: Option<CompressedMessageError>,
}

/// What is wrong with a compressed message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompressedMessageError {
    /// It cannot be inflated, or does not end as it must.
    Inflate(InflateError),
    /// It inflates to more than this many bytes, which are the limit.
    TooLarge(usize),
    /// Its text is not UTF-8 from this byte on, counted in inflated bytes.
    NotUtf8(u64),
}

impl CompressedMessageError {
    /// The close code of an endpoint that fails the connection because of it (RFC 6455
    /// §7.4.1). RFC 7692 names none for data that cannot be inflated; 1007 is for "data within
    /// a message that was not consistent with the type of the message".
    pub const fn close_code(&self) -> CloseCode {
        match self {
            Self::Inflate(_) | Self::NotUtf8(_) => CloseCode::INVALID_PAYLOAD,
            Self::TooLarge(_) => CloseCode::MESSAGE_TOO_BIG,
        }
    }

    /// Whether the payload had no bytes at all. An empty message takes the byte 00 (RFC 7692
    /// §7.2.3.6), but peers accept none, and nothing is lost by that.
    pub const fn is_empty_payload(&self) -> bool {
        matches!(
            self,
            Self::Inflate(InflateError {
                kind: InflateErrorKind::EndMissing,
                offset: 0,
            })
        )
    }
}

/// The sentence, without a full stop.
impl fmt::Display for CompressedMessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inflate(error) => error.fmt(f),
            Self::TooLarge(limit) => {
                write!(f, "the message inflates to more than {limit} bytes")
            }
            Self::NotUtf8(offset) => {
                write!(
                    f,
                    "the text, inflated, is not UTF-8 from its byte {offset} on"
                )
            }
        }
    }
}

impl MessageInflater {
    /// Inflates what is sent with these parameters, each message to at most `limit` bytes.
    pub fn new(parameters: SenderParameters, limit: usize) -> Self {
        Self {
            inflater: Inflater::new(parameters),
            limit,
            message: None,
        }
    }

    /// Begins a compressed message with this opcode. A message that was not finished is
    /// dropped.
    pub fn start(&mut self, opcode: Opcode) {
        self.inflater.start();
        self.message = Some(OpenMessage {
            utf8: (opcode == Opcode::TEXT).then(Utf8Validator::default),
            length: 0,
            error: None,
        });
    }

    /// Drops the message that was not finished, if there is one.
    pub fn abandon(&mut self) {
        if self.message.take().is_some() {
            self.inflater.start();
        }
    }

    /// Whether a compressed message was begun and its end has not come.
    pub const fn is_open(&self) -> bool {
        self.message.is_some()
    }

    /// The longest compressed payload that can be within the limit: no DEFLATE code takes more
    /// than 9 bits for a byte where 8 would do (RFC 1951 §3.2.6), and blocks take a few bytes.
    pub const fn max_payload(&self) -> usize {
        const BLOCKS: usize = 1 << 10;
        self.limit
            .saturating_add(self.limit / 8)
            .saturating_add(BLOCKS)
    }

    /// Inflates a piece of the message's payload. The inflated bytes go to `sink`, up to the
    /// limit.
    ///
    /// # Errors
    ///
    /// The first [`CompressedMessageError`] of the message, once. What follows it is ignored.
    pub fn push(
        &mut self,
        mut piece: &[u8],
        sink: impl FnMut(&[u8]),
    ) -> Result<(), CompressedMessageError> {
        self.push_some(&mut piece, usize::MAX, sink).map(|_| ())
    }

    /// Inflates from the front of a piece until `most` bytes came out, or up to 16 KiB more.
    /// Returns whether the piece is done. If it is not, the rest of the piece comes next, even an
    /// empty one.
    ///
    /// # Errors
    ///
    /// As those of [`push`](Self::push).
    pub fn push_some(
        &mut self,
        piece: &mut &[u8],
        most: usize,
        mut sink: impl FnMut(&[u8]),
    ) -> Result<bool, CompressedMessageError> {
        let Some(message) = &mut self.message else {
            return Ok(true);
        };
        if message.error.is_some() {
            return Ok(true);
        }
        let mut count = 0;
        while count < most {
            let error = match self.inflater.next(piece) {
                Ok(None) => return Ok(true),
                Ok(Some(inflated)) => {
                    count += inflated.len();
                    match message.take(inflated, self.limit, &mut sink) {
                        Ok(()) => continue,
                        Err(error) => error,
                    }
                }
                Err(error) => CompressedMessageError::Inflate(error),
            };
            message.error = Some(error);
            return Err(error);
        }
        Ok(false)
    }

    /// Ends the message: its last frame is complete.
    ///
    /// # Errors
    ///
    /// A [`CompressedMessageError`] if the message ends too early, or inside a character.
    /// After an error of [`push`](Self::push) there is no other.
    pub fn finish(&mut self) -> Result<(), CompressedMessageError> {
        let Some(message) = self.message.take() else {
            return Ok(());
        };
        match message.error {
            None => {}
            Some(CompressedMessageError::NotUtf8(_)) => {
                // All of it may have been inflated; then the context is complete.
                let _ = self.inflater.finish();
                return Ok(());
            }
            Some(_) => {
                self.inflater.start();
                return Ok(());
            }
        }
        self.inflater
            .finish()
            .map_err(CompressedMessageError::Inflate)?;
        let utf8 = message.utf8.as_ref().map_or(Ok(()), Utf8Validator::finish);
        utf8.map_err(|error| CompressedMessageError::NotUtf8(error.offset))
    }
}

impl OpenMessage {
    /// Hands on what was inflated, up to the limit. A wrong byte within the limit counts before
    /// the limit does.
    fn take(
        &mut self,
        inflated: &[u8],
        limit: usize,
        sink: &mut impl FnMut(&[u8]),
    ) -> Result<(), CompressedMessageError> {
        let allowed = inflated.get(..limit - self.length).unwrap_or(inflated);
        self.length += allowed.len();
        sink(allowed);
        if let Some(utf8) = &mut self.utf8 {
            utf8.push(allowed)
                .map_err(|error| CompressedMessageError::NotUtf8(error.offset))?;
        }
        if allowed.len() < inflated.len() {
            return Err(CompressedMessageError::TooLarge(limit));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::deflate::InflateErrorKind;

    const HELLO: &[u8] = b"\xf2\x48\xcd\xc9\xc9\x07\x00";
    const HELLO_AGAIN: &[u8] = b"\xf2\x00\x11\x00\x00";

    fn inflater(limit: usize) -> MessageInflater {
        let parameters = SenderParameters {
            no_context_takeover: false,
            window_bits: 15,
        };
        MessageInflater::new(parameters, limit)
    }

    /// Inflates a message given in pieces: the bytes, and the result of each call.
    fn inflate(
        inflater: &mut MessageInflater,
        opcode: Opcode,
        pieces: &[&[u8]],
    ) -> (Vec<u8>, Vec<Result<(), CompressedMessageError>>) {
        let mut bytes = Vec::new();
        inflater.start(opcode);
        let mut results: Vec<_> = pieces
            .iter()
            .map(|piece| inflater.push(piece, |inflated| bytes.extend_from_slice(inflated)))
            .collect();
        results.push(inflater.finish());
        (bytes, results)
    }

    #[test]
    fn messages_share_a_context() {
        let mut inflater = inflater(5);
        let (head, tail) = HELLO.split_at(3);
        assert_eq!(
            inflate(&mut inflater, Opcode::TEXT, &[head, tail]),
            (b"Hello".to_vec(), vec![Ok(()); 3])
        );
        assert_eq!(
            inflate(&mut inflater, Opcode::BINARY, &[HELLO_AGAIN]),
            (b"Hello".to_vec(), vec![Ok(()); 2])
        );
        assert!(!inflater.is_open());
    }

    #[test]
    fn the_first_error_is_returned_once() {
        let mut inflater = inflater(4);
        let error = Err(CompressedMessageError::TooLarge(4));
        assert_eq!(
            inflate(&mut inflater, Opcode::TEXT, &[HELLO, HELLO]),
            (b"Hell".to_vec(), vec![error, Ok(()), Ok(())])
        );
        // A stored block: "a", then a byte that begins no character, then more than the limit.
        let stored = b"\x00\x06\x00\xf9\xffa\xe9bcde\x00";
        let error = Err(CompressedMessageError::NotUtf8(1));
        assert_eq!(
            inflate(&mut inflater, Opcode::TEXT, &[stored]),
            (b"a\xe9bc".to_vec(), vec![error, Ok(())])
        );
    }

    #[test]
    fn a_text_that_ends_inside_a_character_is_not_utf8() {
        let stored = b"\x00\x02\x00\xfd\xffa\xe4\x00";
        let error = Err(CompressedMessageError::NotUtf8(1));
        assert_eq!(
            inflate(&mut inflater(9), Opcode::TEXT, &[stored]).1,
            [Ok(()), error]
        );
        assert_eq!(
            inflate(&mut inflater(9), Opcode::BINARY, &[stored]).1,
            [Ok(()), Ok(())]
        );
    }

    #[test]
    fn an_empty_payload_is_an_error_that_peers_ignore() {
        let (_, results) = inflate(&mut inflater(9), Opcode::TEXT, &[]);
        let [Err(error)] = results[..] else {
            panic!("{results:?}");
        };
        assert!(error.is_empty_payload());
        let (_, results) = inflate(&mut inflater(9), Opcode::TEXT, &[&HELLO[..4]]);
        let [Ok(()), Err(CompressedMessageError::Inflate(error))] = results[..] else {
            panic!("{results:?}");
        };
        assert_eq!(error.kind, InflateErrorKind::Cut);
    }
}
