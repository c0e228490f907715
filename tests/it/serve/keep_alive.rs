//! Pings, and connections that are idle for too long.

use std::io::{Read as _, Write as _};

use tungstenite::Message;
use tungstenite::protocol::frame::coding::CloseCode;

use crate::helpers::client::frame;
use crate::helpers::run::wsctl;
use crate::helpers::server::Server;

#[test]
fn round_trips_are_logged() {
    let server = Server::start(&["--ping-interval", "20ms"]);
    let mut client = server.client();
    assert_eq!(
        client.read().unwrap(),
        Message::Ping(vec![255, 0, 0, 1].into())
    );
    // tungstenite sends the pong at the next read.
    assert_eq!(
        client.read().unwrap(),
        Message::Ping(vec![255, 0, 0, 2].into())
    );
    let log = server.log_until("pong after");
    let line = log.last().unwrap();
    let time = line.strip_prefix("10:02:12.003 #1 * pong after ").unwrap();
    assert!(
        time.strip_suffix(" ms").unwrap().parse::<f64>().is_ok(),
        "{line}"
    );
    assert!(log[log.len() - 2].contains(" < pong ff 00 00 01 [4 bytes, masked "));
}

#[test]
fn a_ping_without_a_pong_is_a_finding() {
    let server = Server::start(&["--ping-interval", "20ms"]);
    let _silent = server.open_with(b"");
    let log = server.log_until("fix: ");
    let first = log.iter().position(|line| line.contains(" ! ")).unwrap();
    let finding = &log[first..];
    assert!(
        finding[0].starts_with(
            "10:02:12.003 #1 ! error[ping-without-pong]: the ping ff 00 00 01 has no pong after "
        ),
        "{finding:#?}"
    );
    assert!(
        finding[1].starts_with("                  cause: perhaps the program ignores the opcode")
    );
    assert!(
        log.last()
            .unwrap()
            .starts_with("                  fix: answer opcode 9 ")
    );
}

#[test]
fn a_pong_with_another_payload_is_a_finding() {
    let server = Server::start(&["--ping-interval", "20ms"]);
    let mut stream = server.open_with(b"");
    let mut ping = [0; 6];
    stream.read_exact(&mut ping).unwrap();
    assert_eq!(&ping, b"\x89\x04\xff\0\0\x01");
    stream
        .write_all(&frame(0x8a, b"\xef\xbf\xbd\0\0\x01"))
        .unwrap();
    let log = server.log_until("cause: ");
    let finding = &log[log.len() - 2..];
    assert!(
        finding[0].contains(
            "error[pong-wrong-payload]: the ping ff 00 00 01 got a pong with ef bf bd 00 00 01"
        ),
        "{finding:#?}"
    );
    assert_eq!(
        finding[1],
        "                  cause: the payload went through a text: ff became ef bf bd"
    );
}

#[test]
fn an_idle_connection_is_closed() {
    let server = Server::start(&["--idle-timeout", "50ms"]);
    let mut client = server.client();
    let Message::Close(Some(close)) = client.read().unwrap() else {
        panic!("no close")
    };
    assert_eq!(close.code, CloseCode::Away);
    while client.read().is_ok() {}
    assert_eq!(
        server.log_until(" - ")[2..8],
        [
            "10:02:12.003 #1 ! warning[idle-timeout]: nothing was received for 0.05 s (no rule: RFC \
             6455 section 7.1.5 reports such an end as 1006)",
            "                  cause: `--idle-timeout` ends such a connection here, as",
            "                         proxies do",
            "                  fix: ping every 20 to 30 seconds, or let the server ping:",
            "                       `--ping-interval`",
            "10:02:12.003 #1 > close 1001 (going away) \"the connection was idle for too long\" [38 bytes]",
        ]
    );
}

#[test]
fn idle_timeout_drops_a_client_that_does_not_read() {
    let server = Server::start(&["--idle-timeout", "200ms"]);
    let mut stuck = server.open_with(b"");
    let message = frame(0x82, &vec![0; 100_000]);
    // Until the server has closed the connection.
    while stuck.write_all(&message).is_ok() {}
    let end = server.log_until(" - ").pop().unwrap();
    assert!(
        end.contains("the client did not read what was sent"),
        "{end}"
    );
}

#[test]
fn an_invalid_duration_is_refused() {
    let outcome = wsctl(["serve", "--port", "0", "--ping-interval", "soon"]);
    let first = outcome.stderr.lines().next().unwrap();
    assert_eq!(
        first,
        "error: invalid value 'soon' for '--ping-interval <TIME>': expected a duration, as \
         500ms, 30s, 2m or 1h; a number without a unit is in seconds"
    );
}
