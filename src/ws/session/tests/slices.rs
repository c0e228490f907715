//! Large messages: work in slices, and the memory that it needs.

use super::*;

/// The config of a server that allows messages of 4 MiB and compresses.
fn compressing() -> SessionConfig {
    SessionConfig {
        max_message: 4 << 20,
        deflate: Some(DeflateParameters::default()),
        ..config()
    }
}

/// A message of 3 MiB that is compressed to 3 KiB, as a client sends it.
fn bomb(now: Instant) -> Vec<u8> {
    let mut client = End::client(&compressing(), now);
    assert!(client.send(&"a".repeat(3 << 20)));
    let bytes = client.written(now);
    assert!(bytes.len() < 4 << 10);
    bytes
}

#[test]
fn a_message_that_inflates_to_much_is_inflated_and_answered_in_slices() {
    let now = Instant::now();
    let mut server = End::server(&compressing(), now);
    server.events.echoes = true;
    let ping = b"\x89\x80\0\0\0\0";
    server.receive(now, &[&bomb(now)[..], ping].concat());
    let mut slices = 1;
    let mut sizes = vec![server.session.held_memory()];
    let mut written = Vec::new();
    while server.session.is_busy() {
        let before = sizes[sizes.len() - 1];
        server.session.proceed(now, &mut server.events);
        written.extend(server.written(now));
        slices += 1;
        let size = server.session.held_memory();
        assert!(size == 0 || size - before <= (256 << 10) + (16 << 10));
        sizes.push(size);
    }
    // 12 slices of 256 KiB, and 96 of 32 KiB; the last of the first kind starts the second one.
    assert!((103..113).contains(&slices), "{slices}");
    written.extend(server.written(now));
    let lines = server.events.take();
    let text = format!("{:?}", "a".repeat(20));
    assert_eq!(
        lines.last_chunk().unwrap(),
        &[
            format!("> text {text}"),
            "< ping masked \"\"".into(),
            "> pong \"\"".into()
        ]
    );
    let mut client = End::client(&compressing(), now);
    client.receive(now, &written);
    while client.session.is_busy() {
        client.session.proceed(now, &mut client.events);
        client.written(now);
    }
    assert_eq!(
        client.events.take(),
        [
            format!("< text {text}"),
            "message of 3145728 bytes".into(),
            "< pong \"\"".into()
        ]
    );
}

#[test]
fn a_session_waits_for_the_memory_of_a_message_and_fails_without_it() {
    let now = Instant::now();
    for is_refused in [false, true] {
        let mut server = End::server(&compressing(), now);
        server.session.allow_memory(1 << 20);
        server.receive(now, &bomb(now));
        while server.session.is_busy() && !server.session.needs_memory() {
            server.session.proceed(now, &mut server.events);
        }
        let held = server.session.held_memory();
        assert!((1 << 20..(1 << 20) + (16 << 10)).contains(&held), "{held}");
        server.session.proceed(now, &mut server.events);
        assert_eq!(server.session.held_memory(), held);
        assert!(server.session.needs_memory());
        if is_refused {
            server.session.refuse_memory(5 << 20);
        } else {
            server.session.allow_memory(usize::MAX);
        }
        let mut written = Vec::new();
        while server.session.is_busy() {
            assert!(!server.session.needs_memory());
            server.session.proceed(now, &mut server.events);
            written.extend(server.written(now));
        }
        let why = "the messages of all clients together take more than 5242880 bytes";
        let expected = if is_refused {
            let close = format!("> close \"\\u{{3}}\u{fffd}{}\"", &why[..18]);
            let frame = format!("< text masked {:?}", "a".repeat(20));
            vec![frame, why.to_owned(), close]
        } else {
            let start = "a".repeat(20);
            vec![
                format!("< text masked {start:?}"),
                "message of 3145728 bytes".to_owned(),
            ]
        };
        assert_eq!(server.events.take(), expected);
        assert_eq!(server.session.held_memory(), 0);
        assert_eq!(written.starts_with(b"\x88"), is_refused);
    }
}

#[test]
fn a_message_sent_while_a_reply_is_half_compressed_follows_it() {
    let now = Instant::now();
    let mut server = End::server(&compressing(), now);
    server.events.echoes = true;
    server.receive(now, &bomb(now));
    while server.events.lines.len() < 2 {
        server.session.proceed(now, &mut server.events);
    }
    assert!(server.session.is_busy());
    assert!(server.send("another"));
    while server.session.is_busy() {
        server.session.proceed(now, &mut server.events);
        server.written(now);
    }
    let lines = server.events.take();
    let text = "a".repeat(20);
    assert_eq!(
        lines[lines.len() - 2..],
        [format!("> text {text:?}"), "> text \"another\"".to_owned()]
    );
}
