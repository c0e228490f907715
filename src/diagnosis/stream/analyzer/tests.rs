//! The work that hostile streams cost: counted, and not timed.

use super::*;
use crate::diagnosis::stream::compression::CompressionState;
use crate::diagnosis::stream::effort::limit;
use crate::diagnosis::stream::event::DirectionSource;
use crate::diagnosis::stream::event::Event;
use crate::diagnosis::stream::senders::KnownSender;
use crate::ws::{Direction, Role};

const KIB: usize = 1 << 10;

/// The work and the number of events for a unit repeated to this size, in pieces of 64 KiB.
fn cost(unit: &[u8], size: usize, sender: KnownSender) -> (u64, usize) {
    let bytes: Vec<u8> = unit.iter().copied().cycle().take(size).collect();
    let senders = Senders::one(sender, CompressionState::NotKnown, 1 << 20);
    let mut analyzer = StreamAnalyzer::new(senders, 1 << 20, 0, false);
    let mut events = 0;
    let mut on_event = |_, _: Event<'_>| events += 1;
    let source = DirectionSource::OneStream;
    let mut sink = EventSink::new(source, Direction::Incoming, &mut on_event);
    for piece in bytes.chunks(64 * KIB) {
        analyzer.take(piece, false, &mut sink);
    }
    analyzer.finish(EndKind::Closed, &mut sink);
    let work = analyzer.recent.effort().spent();
    (work, events)
}

#[track_caller]
fn check(unit: &[u8], size: usize, sender: KnownSender) {
    /// A step that begins below the limit may end above it.
    const STEP: u64 = 1 << 17;
    let (work, events) = cost(unit, size, sender);
    assert!(
        work <= limit(size as u64) + STEP,
        "{unit:02x?} {sender:?}: {work}"
    );
    assert!(events <= 20 * size, "{unit:02x?}: {events} events");
}

/// Frames of these bytes are masked and unmasked in turn, and no valid frame begins in them.
const MASKED_IN_TURN: &[u8] =
    b"\xbf\xc1\x00\x27\x88\xfd\x02\xbd\xc1\xfe\xc5\x02\x82\x10\x7f\x8a\x7d\x05\x80\xb5";

#[test]
fn alternately_masked_frames_take_linear_time() {
    check(MASKED_IN_TURN, 64 * KIB, KnownSender::Unknown);
    check(MASKED_IN_TURN, 256 * KIB, KnownSender::Unknown);
}

#[test]
fn repeated_random_bytes_take_linear_time() {
    const HEADERS: [u8; 16] = [
        0x00, 0x01, 0x02, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8a, 0xc1, 0x7e, 0x7f, 0x85, 0xfe, 0xff,
        0x05,
    ];
    let mut state = 0x5eed_u64;
    let mut random = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((state >> 33) % below).unwrap()
    };
    for round in 0..20 {
        let length = 2 + random(23);
        let unit: Vec<u8> = (0..length)
            .map(|_| match random(3) {
                0 => u8::try_from(random(256)).unwrap(),
                1 => b' ' + u8::try_from(random(95)).unwrap(),
                _ => HEADERS[random(16)],
            })
            .collect();
        let sender = match round % 3 {
            0 => KnownSender::Unknown,
            1 => KnownSender::Known(Role::Client),
            _ => KnownSender::Known(Role::Server),
        };
        check(&unit, 32 * KIB, sender);
    }
}
