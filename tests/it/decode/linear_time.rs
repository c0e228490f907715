//! What is wrong everywhere costs as much as there is of it, and not the square of that: the
//! streams here are so long that a look at the whole of them for each frame takes hours.

use wsctl::diagnosis::stream::{AnalyzerOptions, ConnectionAnalyzer, Event};

/// So many frames of two bytes, which are all in sight at once.
const FRAMES: usize = 1 << 19;

/// How many frames and findings there are in so many empty frames with these first bytes,
/// one after the other.
fn told(first_bytes: &[u8]) -> (usize, usize) {
    let first_bytes = first_bytes.iter().cycle().take(FRAMES);
    let bytes: Vec<u8> = first_bytes.flat_map(|first| [*first, 0]).collect();
    let mut conversation = ConnectionAnalyzer::new(AnalyzerOptions {
        from: None,
        deflate: None,
        limit: 1 << 20,
    });
    let (mut frames, mut findings) = (0, 0);
    let mut witness = |_, event: Event<'_>| match event {
        Event::Frame(_) => frames += 1,
        Event::Finding(_) => findings += 1,
        _ => {}
    };
    conversation.take(None, &bytes, true, &mut witness);
    conversation.finish(&mut witness);
    (frames, findings)
}

/// Each could be the first line of something else than a frame; no line ends anywhere.
#[test]
fn a_first_line_is_not_looked_for_in_all_that_follows() {
    assert_eq!(told(b"\x83"), (FRAMES, FRAMES));
}

/// No two of these follow one another, and nowhere does a frame begin that could be trusted.
#[test]
fn where_no_frame_begins_is_not_searched_again_for_each_frame() {
    assert_eq!(told(b"\x83\x84"), (FRAMES, FRAMES));
}
