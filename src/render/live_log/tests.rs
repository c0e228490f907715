//! The lines of a log.

use std::time::Duration;

use super::*;
use crate::ws::Role;
use crate::ws::handshake::RequestHead;
use crate::ws::session::Side;

const PREFIX: LinePrefix<'_> = LinePrefix {
    time: "10:02:11.480",
    connection: Some(12),
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
        log(|out| push_notice(out, Style::PLAIN, PREFIX.time, &notice))
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
        log(|out| push_end(out, Style::PLAIN, PREFIX, &end, None))
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
            log(|out| push_end(out, Style::PLAIN, PREFIX, &end, None)),
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
        log(|out| push_end(out, Style::PLAIN, PREFIX, &end, Some(80)))
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
    let long = "an error of the system whose text is long, ".repeat(4);
    let shown = show(EndReason::IoError(long), 0);
    assert!(shown.lines().all(|line| line.len() <= 80), "{shown}");
}
