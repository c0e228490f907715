//! Pairs of sessions without a socket, with a clock that the tests set.

use super::*;
use crate::ws::fault::InjectedFault;
use crate::ws::{FrameHeader, Message, Opcode};

const SECOND: Duration = Duration::from_secs(1);

/// Keeps a line for each event, and echoes messages if it is asked to.
#[derive(Default)]
struct Recorder {
    lines: Vec<String>,
    echoes: bool,
}

impl Recorder {
    fn take(&mut self) -> Vec<String> {
        mem::take(&mut self.lines)
    }
}

impl EventSink for Recorder {
    fn event(&mut self, event: &ConnectionEvent<'_>) {
        let frame = |sign: char, frame: &FrameInfo<'_>| {
            let mask = if frame.header.masking_key.is_some() {
                " masked"
            } else {
                ""
            };
            let payload = frame.inflated.unwrap_or(frame.payload);
            let payload = String::from_utf8_lossy(payload.get(..20).unwrap_or(payload));
            format!("{sign} {}{mask} {payload:?}", frame.header.opcode)
        };
        self.lines.push(match event {
            ConnectionEvent::Received { frame: info, .. } => frame('<', info),
            ConnectionEvent::Sent(info) => frame('>', info),
            ConnectionEvent::Message(message) => {
                format!("message of {} bytes", message.payload.len())
            }
            ConnectionEvent::Failure(failure) => failure.to_string(),
            ConnectionEvent::Fault(event) => format!("fault: {}", event.what),
            other => format!("{other:?}"),
        });
    }

    fn reply(&mut self, _: &Message<'_>) -> Option<Reply> {
        self.echoes.then_some(Reply::Echo)
    }
}

/// One end: its session and its events.
struct End {
    session: Session,
    events: Recorder,
}

impl End {
    fn server(config: &SessionConfig, now: Instant) -> Self {
        let session = Session::server(config, None, now);
        Self::new(session)
    }

    fn client(config: &SessionConfig, now: Instant) -> Self {
        let mut count = 0_u32;
        let keys = move || {
            count += 0x0102_0304;
            MaskingKey(count.to_be_bytes())
        };
        Self::new(Session::client(config, keys, None, now))
    }

    fn new(session: Session) -> Self {
        let events = Recorder::default();
        Self { session, events }
    }

    /// All bytes that it has to write now.
    fn written(&mut self, now: Instant) -> Vec<u8> {
        let mut bytes = Vec::new();
        while let Some(transmit) = self.session.poll_transmit(now, &mut self.events) {
            match transmit {
                Transmit::Bytes(piece, _) => bytes.extend(piece),
                Transmit::Shared(payload) => bytes.extend_from_slice(&payload),
                Transmit::Free(_) => {}
            }
            self.session.handle_written(now, Ok(()));
        }
        bytes
    }

    fn receive(&mut self, now: Instant, bytes: &[u8]) {
        let mut bytes = bytes.to_vec();
        self.session.handle_bytes(now, &mut bytes, &mut self.events);
    }

    fn send(&mut self, text: &str) -> bool {
        let payload = text.as_bytes();
        self.session.send(Opcode::TEXT, payload, &mut self.events)
    }

    fn close(&mut self, now: Instant) {
        let code = CloseCode::NORMAL_CLOSURE;
        self.session.close(now, code, "bye", &mut self.events);
    }

    fn eof(&mut self, now: Instant) {
        self.session
            .handle_eof(now, Disconnect::Fin, &mut self.events);
    }

    fn timeout(&mut self, now: Instant) {
        self.session.handle_timeout(now, &mut self.events);
    }

    fn end(&self) -> Option<EndReason> {
        self.session.poll_end().cloned()
    }
}

fn config() -> SessionConfig {
    SessionConfig {
        max_message: 4 << 20,
        deflate: None,
        ping_interval: None,
        idle_timeout: None,
        close_timeout: SECOND,
    }
}

fn pair(config: &SessionConfig, now: Instant) -> (End, End) {
    (End::client(config, now), End::server(config, now))
}

/// Carries what each end writes to the other, until both write nothing.
fn exchange(one: &mut End, other: &mut End, now: Instant) {
    loop {
        let from_one = one.written(now);
        let from_other = other.written(now);
        if from_one.is_empty() && from_other.is_empty() {
            return;
        }
        other.receive(now, &from_one);
        one.receive(now, &from_other);
    }
}

fn fault(words: &str) -> InjectedFault {
    InjectedFault::parse(words, Role::Server).unwrap()
}

#[test]
fn messages_are_echoed_and_events_are_in_the_order_of_the_connection() {
    let now = Instant::now();
    for deflate in [None, Some(DeflateParameters::default())] {
        let config = SessionConfig {
            deflate,
            ..config()
        };
        let (mut client, mut server) = pair(&config, now);
        server.events.echoes = true;
        assert!(client.send("hello"));
        assert!(client.session.ping(b"1", &mut client.events));
        exchange(&mut client, &mut server, now);
        assert_eq!(
            client.events.take(),
            [
                "> text masked \"hello\"",
                "> ping masked \"1\"",
                "< text \"hello\"",
                "message of 5 bytes",
                "< pong \"1\"",
            ]
        );
        assert_eq!(
            server.events.take(),
            [
                "< text masked \"hello\"",
                "message of 5 bytes",
                "> text \"hello\"",
                "< ping masked \"1\"",
                "> pong \"1\"",
            ]
        );
    }
}

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
        assert_eq!(end.events.take(), ["CloseMissing { is_answer: true }"]);
    }
}

#[test]
fn a_stream_that_ends_without_a_close_frame_is_reported() {
    let now = Instant::now();
    let header = FrameHeader::new(Opcode::TEXT, 5).encode();
    let cases: [(&[u8], &[&str]); 4] = [
        (b"", &["CloseMissing { is_answer: false }"]),
        (
            b"\x01\x01a",
            &[
                "< text \"a\"",
                "MessageCut { frame: 1, offset: 3 }",
                "CloseMissing { is_answer: false }",
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
fn pings_are_sent_at_the_interval_and_a_missing_pong_is_reported() {
    let now = Instant::now();
    let config = SessionConfig {
        ping_interval: Some(SECOND),
        ..config()
    };
    let (mut client, mut server) = pair(&config, now);
    assert_eq!(client.session.poll_timeout(), Some(now + SECOND));
    client.timeout(now + SECOND);
    let bytes = client.written(now + SECOND);
    server.receive(now + SECOND, &bytes);
    let pong = server.written(now + SECOND);
    client.receive(now + SECOND + SECOND / 4, &pong);
    let lines = client.events.take();
    assert_eq!(lines.last().unwrap(), "RoundTrip(250ms)");
    client.timeout(now + 2 * SECOND);
    client.timeout(now + 3 * SECOND);
    let lines = client.events.take();
    let missing = "Ping(Unanswered([255, 0, 0, 2], 1s))";
    assert_eq!(
        lines.iter().filter(|line| *line == missing).count(),
        1,
        "{lines:#?}"
    );
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
fn a_large_shared_message_is_sent_by_either_role_and_what_follows_is_not_lost() {
    let now = Instant::now();
    let large = SharedBytes::from(vec![b'x'; 100_000]);
    let small = SharedBytes::from(b"small".to_vec());
    for deflate in [None, Some(DeflateParameters::default())] {
        let config = SessionConfig {
            deflate,
            ..config()
        };
        let (mut client, mut server) = pair(&config, now);
        for end in [&mut client, &mut server] {
            for (payload, is_large) in [
                (&small, false),
                (&large, true),
                (&large, true),
                (&small, false),
            ] {
                let payload = payload.clone();
                assert!(
                    end.session
                        .send_shared(Opcode::TEXT, payload, is_large, &mut end.events)
                );
            }
            end.events.take();
        }
        exchange(&mut client, &mut server, now);
        for end in [&mut client, &mut server] {
            let lines = end.events.take();
            let messages: Vec<_> = lines
                .iter()
                .filter(|line| line.starts_with("message"))
                .collect();
            assert_eq!(
                messages,
                [
                    "message of 5 bytes",
                    "message of 100000 bytes",
                    "message of 100000 bytes",
                    "message of 5 bytes"
                ]
            );
        }
    }
}

#[test]
fn a_large_echo_is_written_from_the_buffer_of_its_message() {
    let now = Instant::now();
    let (mut client, mut server) = pair(&config(), now);
    server.events.echoes = true;
    client.send(&"x".repeat(2_000_000));
    client.send("small");
    for piece in client.written(now).chunks(60_000) {
        server.receive(now, piece);
    }
    let mut written = Vec::new();
    for _ in 0..2 {
        while let Some(transmit) = server.session.poll_transmit(now, &mut server.events) {
            written.push(match transmit {
                Transmit::Bytes(bytes, _) => format!("{} bytes", bytes.len()),
                Transmit::Shared(payload) => format!("a payload of {} bytes", payload.len()),
                Transmit::Free(buffer) => format!("free {} bytes", buffer.len()),
            });
            server.session.handle_written(now, Ok(()));
        }
        if server.session.is_busy() {
            server.session.proceed(now, &mut server.events);
        }
    }
    assert_eq!(
        written,
        [
            "10 bytes",
            "a payload of 2000000 bytes",
            "free 2000000 bytes",
            "7 bytes"
        ]
    );
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
fn a_fault_acts_before_the_mask_and_is_reported_before_the_frame() {
    let now = Instant::now();
    let faults: Vec<InjectedFault> = ["bad-utf8", "fragment=2"].map(fault).to_vec();
    let injector = Box::new(FaultInjector::new(faults, 1, 1));
    let keys = || MaskingKey([1, 2, 3, 4]);
    let mut client = End::new(Session::client(&config(), keys, Some(injector), now));
    assert!(client.send("abc"));
    let lines = client.events.take();
    assert_eq!(lines.len(), 4, "{lines:#?}");
    assert!(lines[0].starts_with("fault: byte "), "{lines:#?}");
    assert_eq!(lines[1], "fault: the message is in 2 frames");
    assert!(lines[2].starts_with("> text masked"), "{lines:#?}");
    assert!(lines[3].starts_with("> continuation masked"), "{lines:#?}");
    let mut server = End::server(&config(), now);
    let bytes = client.written(now);
    server.receive(now, &bytes);
    let lines = server.events.take();
    assert!(
        lines.iter().any(|line| line.contains("UTF-8")),
        "{lines:#?}"
    );
}

#[test]
fn a_fault_that_withholds_the_close_frame_leaves_the_peer_waiting() {
    let now = Instant::now();
    let faults = vec![fault("no-close")];
    let injector = Box::new(FaultInjector::new(faults, 1, 1));
    let mut server = End::new(Session::server(&config(), Some(injector), now));
    let mut client = End::client(&config(), now);
    client.close(now);
    exchange(&mut client, &mut server, now);
    assert_eq!(server.end(), None);
    client.timeout(now + SECOND);
    assert_eq!(client.end(), Some(EndReason::CloseUnanswered));
}

#[test]
fn an_abort_ends_the_connection_after_what_was_written_before() {
    let now = Instant::now();
    for (fault, reset) in [("drop-after=1", false), ("reset-after=1", true)] {
        let injector = Box::new(FaultInjector::new(vec![self::fault(fault)], 1, 1));
        let mut server = End::new(Session::server(&config(), Some(injector), now));
        assert!(server.send("last"));
        assert!(!server.send("too late"));
        assert_eq!(server.end(), None);
        assert_eq!(server.written(now), b"\x81\x04last");
        assert_eq!(server.end(), Some(EndReason::EndedOnPurpose { reset }));
    }
}

#[test]
fn a_message_is_sent_in_as_many_frames_as_wanted() {
    let now = Instant::now();
    for deflate in [None, Some(DeflateParameters::default())] {
        let config = SessionConfig {
            deflate,
            ..config()
        };
        for count in [1, 2, 3, 9] {
            let (mut client, mut server) = pair(&config, now);
            let session = &mut client.session;
            assert!(session.send_fragments(Opcode::TEXT, b"Hello", count, &mut client.events));
            let sent = client.events.take();
            assert_eq!(sent.len(), count);
            assert!(sent[0].starts_with("> text masked "), "{sent:#?}");
            exchange(&mut client, &mut server, now);
            let received = server.events.take();
            assert_eq!(received.len(), count + 1);
            assert_eq!(received[count], "message of 5 bytes");
        }
    }
}

#[test]
fn bytes_are_reported_as_frames_if_they_are_whole_frames() {
    let now = Instant::now();
    let (mut client, mut server) = pair(&config(), now);
    let mut send = |bytes: &[u8]| {
        assert!(client.session.send_bytes(bytes, &mut client.events));
        client.events.take()
    };
    assert_eq!(
        send(b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58\x89\x80abcd"),
        ["> text masked \"Hello\"", "> ping masked \"\""]
    );
    assert_eq!(send(b"\x81"), ["SentBytes([129])"]);
    assert_eq!(
        send(b"\x80abcd"),
        ["SentBytes([128, 97, 98, 99, 100])"],
        "the rest of a frame is none"
    );
    assert_eq!(send(b"\x88\x80abcd"), ["> close masked \"\""]);
    assert!(!client.send("after the close frame"));
    exchange(&mut client, &mut server, now);
    client.eof(now);
    let end = EndReason::ClosingHandshake(Side::Local);
    assert_eq!(client.end(), Some(end), "no second close frame is needed");
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
