//! The lines of a log.

use std::time::{Duration, Instant};

use super::*;
use crate::diagnosis::catalogue;
use crate::ws::handshake::RequestHead;
use crate::ws::session::{
    ConnectionEvent, Disconnect, EndReason, EventSink, Session, SessionConfig, SessionEnd, Side,
};
use crate::ws::{CloseCode, MaskingKey, Role};

const PREFIX: LinePrefix<'_> = LinePrefix {
    time: "10:02:11.480",
    connection: Some(12),
    width: None,
};

/// The same on a terminal.
const ON_TERMINAL: LinePrefix<'_> = LinePrefix {
    width: Some(80),
    ..PREFIX
};

fn log(push: impl Fn(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    push(&mut out);
    String::from_utf8(out).unwrap()
}

fn request() -> RequestHead {
    let bytes = b"GET /\xe4\xbd\xa0 HTTP/1.1\r\nHost: a\r\nOrigin: http://\xc2\x9b\r\n\
                   Sec-WebSocket-Key: k\r\n\r\n";
    RequestHead::parse(bytes).unwrap().unwrap().0
}

#[test]
fn a_handshake_shows_few_headers_or_all_and_escapes_them() {
    let response = Response::switching_protocols("a");
    let show = |all| {
        log(|out| {
            let request = request();
            push_handshake(
                out,
                Style::PLAIN,
                PREFIX,
                "[::1]:9",
                RequestKind::Request(&request),
                &response,
                all,
            );
        })
    };
    assert_eq!(
        show(false),
        "10:02:11.480 #12 + [::1]:9 GET /你\n\
         \x20                  Origin: http://\\u{9b}\n\
         \x20                  key k, accept a\n"
    );
    assert_eq!(
        show(true),
        "10:02:11.480 #12 + [::1]:9 GET /你\n\
         \x20                  < Host: a\n\
         \x20                  < Origin: http://\\u{9b}\n\
         \x20                  < Sec-WebSocket-Key: k\n\
         \x20                  > HTTP/1.1 101 Switching Protocols\n\
         \x20                  > Upgrade: websocket\n\
         \x20                  > Connection: Upgrade\n\
         \x20                  > Sec-WebSocket-Accept: a\n"
    );
}

#[test]
fn a_notice_names_its_subject_and_is_escaped() {
    let show = |subject, is_program_output, text| {
        let notice = NoticeLine {
            subject,
            name: "unused",
            text,
            is_program_output,
        };
        log(|out| push_notice(out, Style::PLAIN, PREFIX.time, &notice, None))
    };
    assert_eq!(
        show(" #12", false, "no connection is called `\u{1b}[2J`"),
        "10:02:11.480 #12 ! no connection is called `\\x1b[2J`\n"
    );
    assert_eq!(
        show(" exec", true, "counting"),
        "10:02:11.480 exec | counting\n"
    );
    assert_eq!(show("", false, "full"), "10:02:11.480 ! full\n");
}

#[test]
fn the_last_line_counts_the_connections() {
    let show =
        |connections, to_terminal| log(|out| push_stopped_line(out, connections, to_terminal));
    assert_eq!(show(0, false), "stopped: no connection was open\n");
    assert_eq!(show(1, true), "\nstopped: 1 connection closed with 1001\n");
    assert_eq!(
        show(300, false),
        "stopped: 300 connections closed with 1001\n"
    );
}

#[test]
fn the_end_names_the_roles_of_both_sides() {
    let show = |local, reason, close: &[u8]| {
        let end = SessionEnd {
            silence: Duration::ZERO,
            local,
            reason,
            close: close.to_vec(),
            answer: Vec::new(),
            duration: Duration::from_millis(3_600),
            frames_in: 1,
            frames_out: 2,
        };
        log(|out| push_end(out, Style::PLAIN, PREFIX, &end))
    };
    let closed_by_peer = EndReason::ClosingHandshake(Side::Peer);
    assert_eq!(
        show(Role::Server, closed_by_peer, b"\x03\xe8bye"),
        "10:02:11.480 #12 - the client closed with 1000 (normal closure) after 3.6 s; \
         1 frame in, 2 out\n"
    );
    assert_eq!(
        show(Role::Server, EndReason::Fin, b""),
        "10:02:11.480 #12 - the client ended the stream (FIN) without a close frame after 3.6 s; \
         1 frame in, 2 out\n"
    );
    assert_eq!(
        show(Role::Client, EndReason::CloseUnanswered, b"\x03\xe9"),
        "10:02:11.480 #12 - the client closed with 1001 (going away), the server did not \
         answer, after 3.6 s; 1 frame in, 2 out\n"
    );
    let failed = EndReason::FailedAfterClose(CloseCode::PROTOCOL_ERROR);
    assert_eq!(
        show(Role::Client, failed, b"\x03\xe8"),
        "10:02:11.480 #12 - the client closed with 1000 (normal closure), then failed the \
         connection (1002, protocol error), after 3.6 s; 1 frame in, 2 out\n"
    );
    for reason in [EndReason::Failed, EndReason::ClosingHandshake(Side::Local)] {
        let mut end = SessionEnd::before_frames(Role::Client, reason, Duration::ZERO);
        end.close = b"\x03\xe8".to_vec();
        end.answer = b"\x03\xed".to_vec();
        assert_eq!(
            log(|out| push_end(out, Style::PLAIN, PREFIX, &end)),
            "10:02:11.480 #12 - the client closed with 1000 (normal closure), the server answered \
             with 1005 (no status received), after 0.0 s; 0 frames in, 0 out\n"
        );
    }
}

#[test]
fn the_end_fits_a_terminal() {
    let show = |reason, silence| {
        let duration = Duration::from_secs(120);
        let mut end = SessionEnd::before_frames(Role::Client, reason, duration);
        end.close = b"\x03\xe8".to_vec();
        end.silence = Duration::from_secs(silence);
        end.frames_in = 12;
        log(|out| push_end(out, Style::PLAIN, ON_TERMINAL, &end))
    };
    assert_eq!(
        show(EndReason::Reset, 0),
        "10:02:11.480 #12 - the server reset the connection (RST) after 120.0 s;\n\
         \x20                  12 frames in, 0 out\n"
    );
    assert_eq!(
        show(EndReason::Fin, 60),
        "10:02:11.480 #12 - the server ended the stream (FIN) without a close frame after\n\
         \x20                  120.0 s, 60.0 s after the last frame, probably the idle\n\
         \x20                  time-out of a proxy;\n\
         \x20                  12 frames in, 0 out\n"
    );
    let text = "a fault that is told in a sentence that is longer than a line of the terminal";
    assert_eq!(
        log(|out| push_event(out, Style::PLAIN, ON_TERMINAL, "*", text)),
        "10:02:11.480 #12 * a fault that is told in a sentence that is longer than a line\n\
         \x20                  of the terminal\n"
    );
    let notice = NoticeLine {
        subject: " #12",
        name: "unused",
        text: "8 messages did not fit into the queue; the client reads again after a long time",
        is_program_output: false,
    };
    assert_eq!(
        log(|out| push_notice(out, Style::PLAIN, PREFIX.time, &notice, Some(80))),
        "10:02:11.480 #12 ! 8 messages did not fit into the queue; the client reads again\n\
         \x20                  after a long time\n"
    );
    let long = "an error of the system whose text is long, ".repeat(4);
    let shown = show(EndReason::IoError(long), 0);
    assert!(shown.lines().all(|line| line.len() <= 80), "{shown}");
}

#[test]
fn a_finding_fits_a_terminal() {
    let message = "the reason phrase is `S` instead of `Switching Protocols`";
    let finding = Finding::new(&catalogue::RESP_REASON_PHRASE, message);
    let show = |prefix, style| log(|out| push_finding(out, style, prefix, &finding));
    assert_eq!(
        show(ON_TERMINAL, Style::PLAIN),
        "10:02:11.480 #12 ! warning[resp-reason-phrase]: the reason phrase is `S` instead\n\
         \x20                  of `Switching Protocols` (RFC 9112 section 4)\n"
    );
    let joined = show(ON_TERMINAL, Style::PLAIN).replace("\n                   ", " ");
    assert_eq!(joined, show(PREFIX, Style::PLAIN));
    let finding = Finding::new(
        &catalogue::RESP_REASON_PHRASE,
        "a text of which the last line is full",
    );
    assert_eq!(
        log(|out| push_finding(out, Style::PLAIN, ON_TERMINAL, &finding)),
        "10:02:11.480 #12 ! warning[resp-reason-phrase]: a text of which the last line is\n\
         \x20                  full (RFC 9112 section 4)\n"
    );
}

/// A sink for events that are not looked at.
struct NoEvents;

impl EventSink for NoEvents {
    fn event(&mut self, _event: &ConnectionEvent<'_>) {}
}

/// The last line of a client that receives a text message one second after its start, and whose
/// connection ends `silence` later: by FIN, or after these bytes.
fn end_after(silence: Duration, bytes: &[u8]) -> String {
    let start = Instant::now();
    let config = SessionConfig {
        max_message: 100,
        deflate: None,
        ping_interval: None,
        idle_timeout: None,
        close_timeout: Duration::from_secs(3),
    };
    let keys = || MaskingKey([0; 4]);
    let mut session = Session::client(&config, keys, None, start);
    let message = start + Duration::from_secs(1);
    session.handle_bytes(message, &mut b"\x81\x01a".to_owned(), &mut NoEvents);
    let end = message + silence;
    session.handle_bytes(end, &mut bytes.to_owned(), &mut NoEvents);
    session.handle_eof(end, Disconnect::Fin, &mut NoEvents);
    let end = session.into_end(end - start);
    log(|out| push_end(out, Style::PLAIN, PREFIX, &end))
}

#[test]
fn an_end_after_a_minute_to_the_second_is_probably_that_of_a_proxy() {
    let line = |seconds| end_after(Duration::from_millis(seconds), b"");
    let fin = "10:02:11.480 #12 - the server ended the stream (FIN) without a close frame after";
    assert_eq!(
        line(60_020),
        format!(
            "{fin} 61.0 s, 60.0 s after the last frame, probably the idle time-out of a proxy; \
             1 frame in, 0 out\n"
        )
    );
    assert_eq!(
        line(57_000),
        format!("{fin} 58.0 s, 57.0 s after the last frame; 1 frame in, 0 out\n")
    );
    let going_away = end_after(Duration::from_secs(60), b"\x88\x02\x03\xe9");
    assert_eq!(
        going_away,
        "10:02:11.480 #12 - the server closed with 1001 (going away) after 61.0 s, 60.0 s after \
         the last frame, probably the idle time-out of a proxy; 2 frames in, 0 out\n"
    );
}
