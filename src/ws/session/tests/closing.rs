//! How connections end.

use super::*;

#[test]
fn after_the_closing_handshake_the_server_ends_first_and_the_client_waits_for_it() {
    let now = Instant::now();
    for first in [Role::Client, Role::Server] {
        let (mut client, mut server) = pair(&config(), now);
        match first {
            Role::Client => client.close(now),
            Role::Server => server.close(now),
        }
        exchange(&mut client, &mut server, now);
        let side = |role| {
            if role == first {
                Side::Local
            } else {
                Side::Peer
            }
        };
        let by_server = EndReason::ClosingHandshake(side(Role::Server));
        let by_client = EndReason::ClosingHandshake(side(Role::Client));
        assert_eq!(server.end(), Some(by_server));
        assert_eq!(client.end(), None);
        assert_eq!(client.session.poll_timeout(), Some(now + SECOND));
        client.eof(now);
        assert_eq!(client.end(), Some(by_client.clone()));
        let end = client.session.into_end(SECOND);
        assert_eq!(end.reason, by_client);
        assert_eq!(end.close, b"\x03\xe8bye");
        assert_eq!((end.frames_in, end.frames_out), (1, 1));
    }
}

#[test]
fn a_client_ends_after_the_timeout_if_the_server_does_not() {
    let now = Instant::now();
    let (mut client, mut server) = pair(&config(), now);
    client.close(now);
    exchange(&mut client, &mut server, now);
    client.timeout(now + SECOND / 2);
    assert_eq!(client.end(), None);
    client.timeout(now + SECOND);
    let reason = EndReason::ClosingHandshake(Side::Local);
    assert_eq!(client.end(), Some(reason));
}

#[test]
fn a_close_frame_without_an_answer_has_a_deadline() {
    let now = Instant::now();
    for end in [End::client, End::server] {
        let mut end = end(&config(), now);
        end.close(now);
        end.written(now);
        end.events.take();
        assert_eq!(end.session.poll_timeout(), Some(now + SECOND));
        end.timeout(now + SECOND);
        assert_eq!(end.end(), Some(EndReason::CloseUnanswered));
        assert_eq!(
            end.events.take(),
            ["CloseMissing { is_answer: true, has_disconnected: false }"]
        );
    }
}

#[test]
fn a_stream_that_ends_without_a_close_frame_is_reported() {
    let now = Instant::now();
    let header = FrameHeader::new(Opcode::TEXT, 5).encode();
    let cases: [(&[u8], &[&str]); 4] = [
        (
            b"",
            &["CloseMissing { is_answer: false, has_disconnected: true }"],
        ),
        (
            b"\x01\x01a",
            &[
                "< text \"a\"",
                "MessageCut { frame: 1, offset: 3 }",
                "CloseMissing { is_answer: false, has_disconnected: true }",
            ],
        ),
        (
            &header,
            &["FrameCut(Payload { offset: 0, header: HEADER, received: 0 }, 1)"],
        ),
        (
            b"\x81",
            &["FrameCut(Header { offset: 0, bytes: [129], missing: 1 }, 1)"],
        ),
    ];
    for (bytes, expected) in cases {
        let mut client = End::client(&config(), now);
        client.receive(now, bytes);
        client.eof(now);
        assert_eq!(client.end(), Some(EndReason::Fin));
        let shown = format!("{:?}", FrameHeader::new(Opcode::TEXT, 5));
        let lines = client.events.take();
        let lines: Vec<_> = lines
            .iter()
            .map(|line| line.replace(&shown, "HEADER"))
            .collect();
        assert_eq!(lines, expected);
    }
}

#[test]
fn a_violation_is_answered_with_a_close_frame_and_ends_either_role() {
    let now = Instant::now();
    let unmasked = b"\x81\x01a";
    let masked = b"\x81\x81\x00\x00\x00\x00a";
    let cases = [
        (
            End::server(&config(), now),
            &unmasked[..],
            "a frame from the client is not masked",
        ),
        (
            End::client(&config(), now),
            &masked[..],
            "a frame from the server is masked",
        ),
    ];
    for (mut end, bytes, violation) in cases {
        end.receive(now, bytes);
        assert!(end.session.is_close_pending());
        assert!(!end.written(now).is_empty());
        assert_eq!(end.end(), Some(EndReason::Failed));
        let lines = end.events.take();
        assert!(lines.iter().any(|line| line == violation), "{lines:#?}");
        assert!(lines.last().unwrap().starts_with("> close"), "{lines:#?}");
    }
}

#[test]
fn a_violation_after_the_own_close_frame_has_no_close_frame_of_its_own() {
    let now = Instant::now();
    let mut client = End::client(&config(), now);
    client.close(now);
    client.written(now);
    client.receive(now, b"\x81\x81\x00\x00\x00\x00a");
    assert_eq!(client.written(now), b"");
    let failed = EndReason::FailedAfterClose(CloseCode::PROTOCOL_ERROR);
    assert_eq!(client.end(), Some(failed));
    let end = client.session.into_end(Duration::ZERO);
    assert_eq!(end.close, b"\x03\xe8bye");
}

#[test]
fn an_idle_peer_gets_a_close_frame_and_is_then_disconnected() {
    let now = Instant::now();
    let config = SessionConfig {
        idle_timeout: Some(5 * SECOND),
        ..config()
    };
    let mut server = End::server(&config, now);
    server.timeout(now + 5 * SECOND);
    let lines = server.events.take();
    assert_eq!(lines.first().unwrap(), "Idle(5s)");
    assert!(!server.written(now + 5 * SECOND).is_empty());
    assert_eq!(server.session.poll_timeout(), Some(now + 6 * SECOND));
    server.timeout(now + 6 * SECOND);
    assert_eq!(server.end(), Some(EndReason::CloseUnanswered));
}

#[test]
fn what_a_peer_sent_before_it_disconnected_is_still_read() {
    let now = Instant::now();
    let mut server = End::server(&config(), now);
    server.send("hello");
    let transmit = server.session.poll_transmit(now, &mut server.events);
    assert!(matches!(transmit, Some(Transmit::Bytes(..))));
    server.session.handle_written(now, Err(Disconnect::Reset));
    assert!(!server.send("not sent"));
    server.receive(now, b"\x81\x81\x00\x00\x00\x00a");
    assert_eq!(server.events.take().last().unwrap(), "message of 1 bytes");
    server.timeout(now + SECOND);
    assert_eq!(server.end(), Some(EndReason::Reset));
    assert_eq!(server.session.into_end(SECOND).frames_out, 0);
}

#[test]
fn a_close_frame_follows_the_payload_of_a_shared_message() {
    let now = Instant::now();
    let (mut client, mut server) = pair(&config(), now);
    client.close(now);
    let bytes = client.written(now);
    server.receive(now, &bytes);
    server.session.hold_close(true);
    assert!(server.written(now).is_empty(), "the close frame is held");
    let large = SharedBytes::from(vec![b'x'; 100_000]);
    server
        .session
        .send_shared(Opcode::TEXT, large, true, &mut server.events);
    server.session.hold_close(false);
    let bytes = server.written(now);
    client.events.take();
    client.receive(now, &bytes);
    assert_eq!(
        client.events.take(),
        [
            "< text \"xxxxxxxxxxxxxxxxxxxx\"",
            "message of 100000 bytes",
            "< close \"\\u{3}\u{fffd}bye\"",
        ]
    );
}

#[test]
fn the_silence_before_the_end_is_measured() {
    let start = Instant::now();
    let later = |seconds| start + seconds * SECOND;
    let talk = || {
        let (mut client, mut server) = pair(&config(), start);
        client.send("Hello");
        let bytes = client.written(later(1));
        server.receive(later(2), &bytes);
        (client, server)
    };
    let silence = |end: End| end.session.into_end(SECOND).silence;
    let (mut client, mut server) = talk();
    client.eof(later(61));
    assert_eq!(silence(client), 60 * SECOND, "since the last write");
    server.close(later(5));
    let bytes = server.written(later(5));
    assert_eq!(silence(server), 3 * SECOND, "since the last read");
    let (mut client, _) = talk();
    client.receive(later(6), &bytes);
    client.eof(later(7));
    assert_eq!(silence(client), 5 * SECOND, "until the close frame");
}

#[test]
fn the_handshake_is_no_frame_in_the_silence_before_the_end() {
    let start = Instant::now();
    let mut server = End::server(&config(), start);
    let head = b"HTTP/1.1 101 Switching Protocols".to_vec();
    server.session.start(head, Vec::new(), &mut server.events);
    server.written(start + SECOND);
    server.eof(start + 61 * SECOND);
    assert_eq!(server.session.into_end(SECOND).silence, 61 * SECOND);
}

#[test]
fn a_failed_write_does_not_delay_the_close_deadline() {
    let now = Instant::now();
    let mut server = End::server(&config(), now);
    server.close(now);
    let transmit = server.session.poll_transmit(now, &mut server.events);
    assert!(matches!(transmit, Some(Transmit::Bytes(..))));
    let reset = Err(Disconnect::Reset);
    server.session.handle_written(now + SECOND / 2, reset);
    assert_eq!(server.session.poll_timeout(), Some(now + SECOND));
}

#[test]
fn a_client_does_not_wait_for_a_server_that_has_disconnected() {
    let now = Instant::now();
    let mut client = End::client(&config(), now);
    client.receive(now, b"\x88\x02\x03\xe8");
    let transmit = client.session.poll_transmit(now, &mut client.events);
    assert!(matches!(transmit, Some(Transmit::Bytes(..))));
    client.session.handle_written(now, Err(Disconnect::Reset));
    assert!(client.written(now).is_empty());
    let reason = EndReason::ClosingHandshake(Side::Peer);
    assert_eq!(client.end(), Some(reason));
}

#[test]
fn the_time_for_the_closing_handshake_can_be_shortened() {
    let now = Instant::now();
    let (mut client, _) = pair(&config(), now);
    client.session.limit_close(now);
    assert_eq!(client.session.poll_timeout(), None, "it has not begun");
    client.close(now);
    client.session.limit_close(now + SECOND / 4);
    client.session.limit_close(now + SECOND * 4);
    assert_eq!(client.session.poll_timeout(), Some(now + SECOND / 4));
}
