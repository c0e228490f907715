//! Pairs of sessions without a socket, with a clock that the tests set.

mod closing;
mod faults;
mod slices;

use super::*;
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

/// An echo without a log, for which plain frames are no events.
struct PlainEcho;

impl EventSink for PlainEcho {
    fn event(&mut self, _: &ConnectionEvent<'_>) {}

    fn reply(&mut self, _: &Message<'_>) -> Option<Reply> {
        Some(Reply::Echo)
    }

    fn is_plain_echo(&self) -> bool {
        true
    }
}

#[test]
fn a_plain_echo_answers_all_frames_of_a_read_and_counts_them() {
    let start = Instant::now();
    let mut session = Session::server(&config(), None, start);
    let receive = |session: &mut Session, bytes: &[u8], now| {
        session.handle_bytes(now, &mut bytes.to_vec(), &mut PlainEcho);
        let Some(Transmit::Bytes(sent, _)) = session.poll_transmit(now, &mut PlainEcho) else {
            panic!("nothing to write");
        };
        sent
    };
    let text = b"\x81\x82\0\0\0\0hi";
    let ping = b"\x89\x81\0\0\0\0p";
    let sent = receive(&mut session, &[&text[..], ping, text].concat(), start);
    assert_eq!(sent, b"\x81\x02hi\x8a\x01p\x81\x02hi");
    session.handle_written(start, Ok(()));
    assert_eq!(receive(&mut session, text, start + SECOND), b"\x81\x02hi");
    session.handle_eof(start + 4 * SECOND, Disconnect::Fin, &mut PlainEcho);
    let end = session.into_end(SECOND);
    assert_eq!((end.frames_in, end.frames_out), (4, 3));
    assert_eq!(end.silence, 3 * SECOND, "since the last read");
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
