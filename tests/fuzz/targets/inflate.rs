//! Decompression: any bytes, and messages compressed by our own deflater.

use wsctl::ws::deflate::probe::{self, Container};
use wsctl::ws::deflate::{Deflater, InflateError, Inflater};
use wsctl::ws::extension::SenderParameters;

use super::Choices;

/// The limit of a decompressed message.
const LIMIT: usize = 1 << 18;

/// Checks that the pieces in which data arrives do not change the result, that the limit holds, and that
/// a compressed message is decompressed to itself.
pub fn holds(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let parameters = SenderParameters {
        no_context_takeover: choices.flag(),
        window_bits: 8 + choices.up_to(7),
    };
    if choices.flag() {
        comes_back(parameters, choices);
    } else {
        is_inflated_alike(parameters, choices);
    }
}

fn comes_back(parameters: SenderParameters, mut choices: Choices<'_>) {
    let mut deflater = Deflater::new(parameters, choices.up_to(9));
    let mut inflater = Inflater::new(parameters);
    while !choices.is_empty() {
        let (size, times) = (choices.size(), choices.size());
        let message = choices.bytes(size);
        let message = message.repeat(times.min(LIMIT / message.len().max(1)));
        let payload = deflater.deflate(&message);
        assert_eq!(inflate(&mut inflater, &[payload]), (message, Ok(())));
    }
}

fn is_inflated_alike(parameters: SenderParameters, mut choices: Choices<'_>) {
    let (mut one, mut other) = (Inflater::new(parameters), Inflater::new(parameters));
    while !choices.is_empty() {
        let size = choices.size();
        let mut message = Choices::new(choices.bytes(size));
        let pieces = message.pieces();
        let whole = pieces.concat();
        assert_eq!(inflate(&mut one, &[&whole]), inflate(&mut other, &pieces));
        assert_eq!(one.context(), other.context());
        assert_eq!(one.context_is_complete(), other.context_is_complete());
        let guess = Container::of_header(&whole).unwrap_or(Container::Raw);
        for (wrapping, limit) in [(Container::Raw, 100), (guess, LIMIT)] {
            if let Some(inflated) = probe::inflate(&whole, wrapping, limit) {
                assert!(inflated.bytes.len() <= limit);
                inflated.text();
            }
        }
    }
}

/// The decompressed message up to the limit, and the result.
fn inflate(inflater: &mut Inflater, pieces: &[&[u8]]) -> (Vec<u8>, Result<(), InflateError>) {
    const PIECE: usize = 16 * 1024;
    inflater.start();
    let mut said = Vec::new();
    for piece in pieces {
        let mut rest = *piece;
        loop {
            match inflater.next(&mut rest) {
                Ok(None) => break,
                Ok(Some(bytes)) => {
                    assert!((1..=PIECE).contains(&bytes.len()));
                    said.extend_from_slice(bytes);
                }
                Err(fault) => return (said, Err(fault)),
            }
            if said.len() > LIMIT {
                said.truncate(LIMIT);
                return (said, Ok(()));
            }
        }
        assert!(rest.is_empty());
    }
    (said, inflater.finish())
}
