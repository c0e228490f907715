//! The faults that a server is asked for: any words, and what they do to what it sends.

use wsctl::ws::fault::{Fault, Saboteur, Step};
use wsctl::ws::handshake::Response;
use wsctl::ws::{FrameHeader, Opcode};

use super::Choices;

/// Words are faults or are refused with a reason, and faults spoil what they are given without
/// adding more than a few octets to it.
pub fn holds(octets: &[u8]) {
    const MOST_ADDED: usize = 1 << 10;
    let mut choices = Choices::new(octets);
    let seed = choices.octet().into();
    let size = choices.size();
    let (words, payload) = {
        let rest = choices.rest();
        rest.split_at(
            rest.iter()
                .position(|octet| *octet == b'\n')
                .unwrap_or(rest.len()),
        )
    };
    let mut faults = Vec::<Fault>::new();
    for words in String::from_utf8_lossy(words).split_whitespace() {
        match words.parse::<Fault>() {
            Ok(fault) => {
                assert_eq!(fault.to_string(), words);
                assert!((1..=100).contains(&fault.percent));
                faults.push(fault);
            }
            Err(reason) => assert!(!reason.is_empty()),
        }
    }
    let mut saboteur = Saboteur::new(faults, seed, 1);
    let mut response = Response::switching_protocols("lCaWI6ZCGd5I25+0bJrVqBOcDYc=");
    saboteur.answer(&mut response);
    assert!(response.encode().starts_with(b"HTTP/1.1 "));
    saboteur.glue();
    saboteur.opened();
    let payload = payload.repeat(size.min(1 << 10));
    for opcode in [
        Opcode::TEXT,
        Opcode::BINARY,
        Opcode::PING,
        Opcode::PONG,
        Opcode::CLOSE,
    ] {
        let payload =
            &payload[..payload
                .len()
                .min(if opcode.is_control() { 125 } else { 1 << 16 })];
        let header = FrameHeader::new(opcode, payload.len() as u64);
        let sent: usize = saboteur.frame(header, payload).iter().map(octets_of).sum();
        let frames = payload.len() + 1;
        assert!(
            sent <= payload.len() + frames * 14 + MOST_ADDED,
            "{sent} octets"
        );
        let (pace, _) = saboteur.pace();
        assert_ne!(pace.split, Some(0));
    }
}

/// How many octets a step sends.
fn octets_of(step: &Step) -> usize {
    match step {
        Step::Frame(header, payload) | Step::Half(header, payload) => {
            assert_eq!(header.payload_length.value(), payload.len() as u64);
            header.size() + payload.len()
        }
        Step::Octets(octets) => octets.len(),
        _ => 0,
    }
}
