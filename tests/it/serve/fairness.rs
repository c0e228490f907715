//! A client of `wsctl serve` whose messages inflate to much does not delay the others.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use flate2::{Compress, Compression, FlushCompress};
use rustix::process::{Pid, Signal, kill_process};

use crate::helpers::client::frame;
use crate::helpers::server::Server;

/// The first byte of the only frame of a compressed binary message.
const COMPRESSED: u8 = 0xc2;

/// How much the server reads at once.
const READ_SIZE: usize = 32 << 10;

/// The payload of a compressed message of so many zeros.
fn compressed(size: usize) -> Vec<u8> {
    let mut compressor = Compress::new(Compression::default(), false);
    let mut payload = Vec::with_capacity((64 << 10) + size / 500);
    let zeros = vec![0; size];
    compressor
        .compress_vec(&zeros, &mut payload, FlushCompress::Sync)
        .unwrap();
    // RFC 7692 section 7.2.1: without the empty block at the end.
    payload.truncate(payload.len() - 4);
    payload
}

/// The offer of a client whose messages do not refer to each other.
const OFFER: &str = "permessage-deflate; client_no_context_takeover";

/// Sends `bombs` on connection 1, and a message before and after them on two others, to a server
/// that does not run meanwhile. So all of them wait for it, and it takes the bombs before one of the
/// messages. The log has the order in which it handles them.
fn assert_others_are_answered_before(
    bombs: &[u8],
    last: &str,
    server: &Server,
    mut first: TcpStream,
) {
    let [mut before, mut after] = [(); 2].map(|()| server.open_with(&frame(0x81, b"hello")));
    for stream in [&mut before, &mut after] {
        read_answer(stream);
    }
    for connection in ["#2", "#3"] {
        server.log_until(&format!("{connection} > text \"ok\""));
    }
    let id = Pid::from_raw(server.id().try_into().unwrap()).unwrap();
    kill_process(id, Signal::STOP).unwrap();
    before.write_all(&frame(0x81, b"before")).unwrap();
    first.write_all(bombs).unwrap();
    after.write_all(&frame(0x81, b"after")).unwrap();
    kill_process(id, Signal::CONT).unwrap();
    let log = server.log_until(last);
    for connection in ["#2", "#3"] {
        let answer = format!("{connection} > text \"ok\"");
        assert!(log.iter().any(|line| line.contains(&answer)), "{log:#?}");
    }
    for stream in [&mut before, &mut after] {
        read_answer(stream);
    }
}

fn read_answer(stream: &mut TcpStream) {
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer, *b"\x81\x02ok");
}

/// Each is shorter than what a connection may hold at any time, so it does not wait for memory. The
/// server receives them all in one read.
#[test]
fn others_are_answered_before_the_last_of_many_bombs() {
    let server = Server::start(&["--deflate", "--reply", "ok"]);
    let first = server.open_offering(OFFER);
    let mut bombs = frame(COMPRESSED, &compressed(60_000)).repeat(100);
    assert!(bombs.len() < READ_SIZE);
    bombs.extend(frame(0x81, b"last"));
    assert_others_are_answered_before(&bombs, "#1 < text \"last\"", &server, first);
}

/// The connection has the memory of a large message when the second fragment comes.
#[test]
fn others_are_answered_before_a_bomb_is_inflated() {
    let server = Server::start(&["--deflate", "--reply", "ok"]);
    let mut first = server.open_offering(OFFER);
    let payload = compressed(16 << 20);
    // The log would write a longer payload of one frame later.
    let mut fragments: Vec<_> = payload.chunks(500).map(|it| frame(0x00, it)).collect();
    fragments[0][0] = COMPRESSED & 0x7f;
    fragments.push(frame(0x80, b""));
    let (start, rest) = fragments.split_at(10);
    let ping_frame = frame(0x89, b"");
    first
        .write_all(&[&start.concat()[..], &ping_frame].concat())
        .unwrap();
    let mut answer = [0; 2];
    first.read_exact(&mut answer).unwrap();
    assert_eq!(answer, *b"\x8a\0");
    let rest = rest.concat();
    assert!(rest.len() < READ_SIZE);
    assert_others_are_answered_before(&rest, "#1 > text", &server, first);
}
