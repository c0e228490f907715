//! The findings in a stream do not depend on the pieces in which it arrives.
//!
//! With one exception: a piece that ends exactly where a suspect frame would end is taken for that
//! frame, so that a live stream is shown as it arrives.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use wsctl::diagnosis::stream::{AnalyzerOptions, ConnectionAnalyzer, Event};
use wsctl::notation::Notation;
use wsctl::ws::{Direction, Role};

/// The bytes that the commands in `data/findings` decode, and their sender.
fn streams() -> Vec<(String, Option<Role>, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/findings");
    let files = fs::read_dir(folder).unwrap();
    let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let commands = texts.flat_map(|text| {
        let lines = text.lines();
        let commands = lines.filter_map(|line| line.strip_prefix("$ wsctl decode "));
        commands.map(str::to_owned).collect::<Vec<_>>()
    });
    commands.filter_map(stream).collect()
}

/// The stream of a `decode` command; `None` if the command has other options or input.
fn stream(command: String) -> Option<(String, Option<Role>, Vec<u8>)> {
    let mut text = command.as_str();
    let mut from = None;
    while let Some(rest) = text.strip_prefix('-') {
        let (option, rest) = rest.split_once(' ')?;
        let (value, rest) = match option {
            "-from" | "f" => rest.split_once(' ')?,
            "v" | "q" => ("", rest),
            _ => return None,
        };
        from = match value {
            "client" => Some(Role::Client),
            "server" => Some(Role::Server),
            _ => from,
        };
        text = rest;
    }
    let is_plain = !text.contains(['|', '<', '$', '-']) || text.starts_with("\"b'");
    let text = text.trim_matches('"');
    let mut bytes = Vec::new();
    let notation = Notation::guess(text.as_bytes());
    let is_read = notation.read(text.as_bytes(), &mut bytes).is_ok();
    (is_plain && is_read).then_some((command, from, bytes))
}

/// The rules of the findings in a stream that arrives in pieces of `size` bytes.
fn findings_in_pieces(
    from: Option<Role>,
    bytes: &[u8],
    size: usize,
    knows_the_end: bool,
) -> Vec<&'static str> {
    let mut analyzer = ConnectionAnalyzer::new(AnalyzerOptions {
        from,
        deflate: None,
        limit: 1 << 20,
    });
    let mut rules = Vec::new();
    let mut on_event = |_, event: Event<'_>| {
        if let Event::Finding(finding) = event {
            rules.push(finding.page.id);
        }
    };
    let count = bytes.len().div_ceil(size);
    for (at, piece) in bytes.chunks(size).enumerate() {
        let is_last = knows_the_end && at + 1 == count;
        analyzer.take(None, piece, is_last, &mut on_event);
    }
    analyzer.finish(&mut on_event);
    rules
}

#[test]
fn pieces_of_any_size_give_the_same_findings() {
    let streams = streams();
    assert!(streams.len() > 50, "{}", streams.len());
    for (command, from, bytes) in streams {
        let whole = findings_in_pieces(from, &bytes, bytes.len().max(1), true);
        for size in [7, 50, 1 << 10] {
            for knows_the_end in [false, true] {
                assert_eq!(
                    findings_in_pieces(from, &bytes, size, knows_the_end),
                    whole,
                    "{command} in pieces of {size}, the end known: {knows_the_end}"
                );
            }
        }
    }
}

/// Bytes that are similar to frames more often than random bytes.
fn bytes_like_frames() -> impl Strategy<Value = Vec<u8>> {
    let header = prop::sample::select(vec![
        0x01, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8a, 0xc1, 0x00, 0x02, 0x05, 0x7e, 0x7f, 0x85, 0xfe,
    ]);
    let byte = prop_oneof![3 => header, 2 => b' '..b'~', 1 => any::<u8>()];
    prop::collection::vec(byte, 0..200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_analyzed_to_their_end(bytes in bytes_like_frames(), size in 1_usize..100) {
        let mut analyzer = ConnectionAnalyzer::new(AnalyzerOptions {
            from: None,
            deflate: None,
            limit: 1 << 10,
        });
        // The bytes of a wrong frame may be reported once more as other frames, but not again.
        let most = 20 * bytes.len() + 100;
        let mut told = 0;
        let mut on_event = |_, _: Event<'_>| {
            told += 1;
            assert!(told <= most, "{told} events");
        };
        for piece in bytes.chunks(size) {
            analyzer.take(None, piece, false, &mut on_event);
        }
        analyzer.finish(&mut on_event);
    }
}

#[test]
fn a_frame_continues_in_the_next_piece_of_its_direction() {
    let mut bytes = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\r\nSec-WebSocket-Version: 13\r\n\r\n\
        HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\r\n\r\n"
        .to_vec();
    bytes.extend(b"\x81\xc0\0\0\0\x01".iter().chain(&[b'a'; 64]));
    bytes.extend(b"\x81\x40".iter().chain(&[b'b'; 64]));
    let mut analyzer = ConnectionAnalyzer::new(AnalyzerOptions {
        from: None,
        deflate: None,
        limit: 1 << 10,
    });
    let mut told = [0; 2];
    let mut on_event = |direction, event: Event<'_>| {
        if let Event::Payload(piece) = event {
            told[usize::from(direction == Direction::Outgoing)] += piece.len();
        }
    };
    for piece in bytes.chunks(20) {
        analyzer.take(None, piece, false, &mut on_event);
    }
    analyzer.finish(&mut on_event);
    assert_eq!(told, [64, 64]);
}
