//! The values of `--fault`, and the effect of the faults on what the server sends.

use wsctl::ws::fault::{FaultInjector, InjectedFault, SendStep};
use wsctl::ws::handshake::Response;
use wsctl::ws::{FrameHeader, Opcode, Role};

use super::Choices;

/// Checks that any text is a fault or is refused with a reason, and that a fault adds few bytes to a
/// frame.
pub fn holds(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let seed = choices.byte().into();
    let size = choices.size();
    let (words, payload) = {
        let rest = choices.rest();
        rest.split_at(
            rest.iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(rest.len()),
        )
    };
    let (mut faults, mut client_faults) = (Vec::new(), Vec::new());
    for words in String::from_utf8_lossy(words).split_whitespace() {
        for (sender, faults) in [
            (Role::Server, &mut faults),
            (Role::Client, &mut client_faults),
        ] {
            match InjectedFault::parse(words, sender) {
                Ok(fault) => {
                    assert_eq!(fault.to_string(), words);
                    assert!((1..=100).contains(&fault.percent));
                    faults.push(fault);
                }
                Err(reason) => assert!(!reason.is_empty()),
            }
        }
    }
    let payload = payload.repeat(size.min(1 << 10));
    let mut injector = FaultInjector::new(faults, seed, 1);
    let mut response = Response::switching_protocols("lCaWI6ZCGd5I25+0bJrVqBOcDYc=");
    injector.change_response(&mut response);
    assert!(response.encode().starts_with(b"HTTP/1.1 "));
    injector.glue();
    check_frames(injector, &payload);
    let mut injector = FaultInjector::for_client(client_faults, seed);
    injector.change_request();
    check_frames(injector, &payload);
}

/// Checks that faults add few bytes to each kind of frame.
fn check_frames(mut injector: FaultInjector, payload: &[u8]) {
    const MOST_ADDED: usize = 1 << 10;
    injector.opened();
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
        let sent: usize = injector.frame(header, payload).iter().map(bytes_of).sum();
        let frames = payload.len() + 1;
        assert!(
            sent <= payload.len() + frames * 14 + MOST_ADDED,
            "{sent} bytes"
        );
        let (pacing, _) = injector.pacing();
        assert_ne!(pacing.split, Some(0));
    }
}

/// The number of bytes that a step sends.
fn bytes_of(step: &SendStep) -> usize {
    match step {
        SendStep::Frame(frame) | SendStep::Half(frame) => {
            let size = frame.payload.len();
            assert_eq!(frame.header.payload_length.value(), size as u64);
            frame.header.size() + size
        }
        SendStep::Bytes(bytes) => bytes.len(),
        _ => 0,
    }
}
