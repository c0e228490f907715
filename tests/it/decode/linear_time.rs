//! Streams in which each frame is invalid are analyzed in linear time, and so are pastes in which
//! something could begin at each place. They are so long that quadratic time would be minutes or hours.

use crate::helpers::run::wsctl_reading;
use wsctl::diagnosis::stream::{AnalyzerOptions, ConnectionAnalyzer, Event};

/// How many frames of two bytes the streams have.
const FRAMES: usize = 1 << 19;

/// How many frames and findings are in a stream of empty frames, whose first bytes take these values
/// in turn.
fn counts_of_frames_and_findings(first_bytes: &[u8]) -> (usize, usize) {
    let first_bytes = first_bytes.iter().cycle().take(FRAMES);
    let bytes: Vec<u8> = first_bytes.flat_map(|first| [*first, 0]).collect();
    let mut analyzer = ConnectionAnalyzer::new(AnalyzerOptions {
        from: None,
        deflate: None,
        limit: 1 << 20,
    });
    let (mut frames, mut findings) = (0, 0);
    let mut on_event = |_, event: Event<'_>| match event {
        Event::Frame(_) => frames += 1,
        Event::Finding(_) => findings += 1,
        _ => {}
    };
    analyzer.take(None, &bytes, true, &mut on_event);
    analyzer.finish(&mut on_event);
    (frames, findings)
}

/// Each frame could be the start of a line of HTTP, and no line ends.
#[test]
fn frames_that_may_be_a_first_line_take_linear_time() {
    assert_eq!(counts_of_frames_and_findings(b"\x83"), (FRAMES, FRAMES));
}

/// No two valid frames follow each other, so that the search for the next frame always fails.
#[test]
fn bytes_without_a_valid_frame_take_linear_time() {
    assert_eq!(counts_of_frames_and_findings(b"\x83\x84"), (FRAMES, FRAMES));
}

/// Each line could begin lines of base64.
#[test]
fn lines_of_a_letter_take_linear_time() {
    let outcome = wsctl_reading(["decode"], "n\n".repeat(1 << 17).as_bytes());
    assert_eq!(outcome.status, 2);
}

/// Each place of the line could begin a literal, a comment or a list that does not end.
#[test]
fn a_line_of_beginnings_takes_linear_time() {
    for beginning in [
        "<",
        "<<",
        "\\",
        "%",
        "^A",
        "d(",
        "data:0",
        "a/",
        "-- #",
        "'&#~'",
        "=C3 HTTP/1.1\tf:",
        "]1\"\"~",
        "; ",
        "'",
        "[|,",
        ")S<</*",
        "\"\"[\"@<Buffer ",
    ] {
        let line = beginning.repeat((1 << 17) / beginning.len());
        let outcome = wsctl_reading(["decode"], line.as_bytes());
        assert!(
            matches!(outcome.status, 1 | 2),
            "{beginning}: {}",
            outcome.status
        );
    }
}

/// Each line could begin the print of an object with headers.
#[test]
fn lines_that_open_lists_take_linear_time() {
    let line = "[SSec-WebSocket-Key: >>\n";
    let outcome = wsctl_reading(["decode"], line.repeat(1 << 14).as_bytes());
    assert_eq!(outcome.status, 2);
}

/// The last escape is cut, so that the text is no literal as a whole from any place.
#[test]
fn escapes_before_a_cut_one_take_linear_time() {
    let text = "<\\x81".repeat(1 << 14) + "<\\x8";
    let outcome = wsctl_reading(["decode"], text.as_bytes());
    assert!(matches!(outcome.status, 1 | 2), "{}", outcome.status);
}
