//! What listings look like.

use super::*;
use crate::ws::FrameHeader;

fn text(to_terminal: bool, pieces: &[&[u8]]) -> Vec<u8> {
    let mut listing = Text::new(to_terminal);
    let mut out = Vec::new();
    listing.start(
        &FrameStart {
            number: 1,
            offset: 0,
            header: FrameHeader::new(Opcode::TEXT, 0),
            is_text: true,
            is_compressed: false,
            sender: None,
            direction: None,
        },
        &mut out,
    );
    for piece in pieces {
        let shown = listing.payload(piece, &mut out);
        out.extend_from_slice(shown);
    }
    listing.end(true, &mut out);
    out
}

#[test]
fn a_pipe_gets_the_text_as_it_is() {
    let pieces: [&[u8]; 2] = [b"\x1b[2J\xe4", b"\xbd\xff"];
    assert_eq!(text(false, &pieces), b"\x1b[2J\xe4\xbd\xff\n");
}

#[test]
fn a_terminal_gets_escapes_and_whole_characters() {
    let pieces: [&[u8]; 4] = [b"\xe4", b"\xbd", b"\xa0\xc2", b"\x9b2J"];
    assert_eq!(text(true, &pieces), "你\\u{9b}2J\n".as_bytes());
    assert_eq!(text(true, &[b"a\xff\xe4", b"\xbd"]), b"a\\xff\\xe4\\xbd\n");
}
