//! `wsctl serve` when peers, clocks, disks and the system are against it.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tungstenite::Message;
use tungstenite::protocol::frame::coding::CloseCode;

use crate::helpers::run::wsctl;
use crate::serve::{REQUEST, Server, frame};

/// What a raw client gets for a request, until the connection ends.
fn answer(server: &Server, request: &str) -> String {
    let mut stream = server.connect();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn from_origin(origin: &str) -> String {
    REQUEST.replace("\r\n\r\n", &format!("\r\nOrigin: {origin}\r\n\r\n"))
}

#[test]
fn other_origins_are_refused() {
    let server = Server::start(&["--origin", "http://a:3000/", "--origin", "https://b"]);
    let refused = answer(&server, &from_origin("http://a:3001"));
    assert!(
        refused.starts_with("HTTP/1.1 403 Forbidden\r\n"),
        "{refused}"
    );
    assert!(
        refused.ends_with("\r\n\r\nThe origin `http://a:3001` is not one that is let in.\n"),
        "{refused}"
    );
    assert_eq!(
        server.log_until("refused")[1..],
        [
            "                  Origin: http://a:3001",
            "                  answered with HTTP/1.1 403 Forbidden",
            "10:02:12.003 #1 ! refused: the origin `http://a:3001` is not one that is let in",
        ]
    );
    assert!(answer(&server, REQUEST).contains("has no `Origin` header"));
    let mut stream = server.connect();
    stream
        .write_all(from_origin("HTTPS://B").as_bytes())
        .unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 101");
}

#[test]
fn no_more_connections_than_are_wanted() {
    let server = Server::start(&["--max-connections", "2"]);
    let mut first = server.client();
    let _second = server.client();
    let refused = answer(&server, REQUEST);
    assert!(
        refused.starts_with("HTTP/1.1 503 Service Unavailable\r\n"),
        "{refused}"
    );
    assert!(refused.ends_with("2 connections are open, and no more are taken.\n"));
    let line = server.log_until("refused").pop().unwrap();
    assert_eq!(
        line,
        "10:02:12.003 #3 ! refused: 2 connections are open, and no more are taken"
    );
    // Whoever leaves makes room.
    first.close(None).unwrap();
    while first.read().is_ok() {}
    drop(first);
    server.log_until(" - ");
    let mut third = server.client();
    third.send(Message::text("room")).unwrap();
    assert_eq!(third.read().unwrap(), Message::text("room"));
}

#[test]
fn pings_are_timed() {
    let server = Server::start(&["--ping-interval", "20ms"]);
    let mut client = server.client();
    assert_eq!(
        client.read().unwrap(),
        Message::Ping(vec![255, 0, 0, 1].into())
    );
    // The answer goes out with the next read.
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
    assert!(finding[1].starts_with("                  cause: perhaps the opcode is not looked at"));
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
fn a_silent_connection_is_closed() {
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
            "10:02:12.003 #1 ! warning[idle-timeout]: nothing came for 0.05 s (no rule: RFC \
             6455 section 7.1.5 calls such an end 1006)",
            "                  cause: `--idle-timeout` ends such a connection here, as",
            "                         proxies do",
            "                  fix: ping every 20 to 30 seconds, or let the server ping:",
            "                       `--ping-interval`",
            "10:02:12.003 #1 > close 1001 (going away) \"nothing came for too long\" [27 bytes]",
        ]
    );
}

#[test]
fn a_client_that_never_reads_is_dropped_when_there_is_a_limit() {
    let server = Server::start(&["--idle-timeout", "200ms"]);
    let mut stuck = server.open_with(b"");
    let message = frame(0x82, &vec![0; 100_000]);
    // Until the server has hung up.
    while stuck.write_all(&message).is_ok() {}
    let end = server.log_until(" - ").pop().unwrap();
    assert!(
        end.contains("the client did not read what was sent"),
        "{end}"
    );
}

/// A server that may have few files open, and its log.
fn start_with_few_files() -> (
    std::process::Child,
    String,
    BufReader<std::process::ChildStdout>,
) {
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -n 20 && exec \"$0\" serve --port 0"])
        .arg(env!("CARGO_BIN_EXE_wsctl"))
        .env("TZ", "UTC")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    log.read_line(&mut first).unwrap();
    let url = first.split_whitespace().nth(2).unwrap().to_owned();
    (child, url, log)
}

#[test]
fn without_file_descriptors_it_serves_on_and_recovers() {
    let (mut child, url, log) = start_with_few_files();
    let address = &url["ws://".len()..url.len() - 1];
    let (mut client, _) = tungstenite::connect(&url).unwrap();
    let waiting: Vec<TcpStream> = (0..30)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    let mut lines = log.lines().map_while(Result::ok);
    let said = lines.find(|line| line.contains("cannot accept")).unwrap();
    assert!(
        said.ends_with(
            " ! cannot accept connections: Too many open files; who is connected is served, \
             others wait"
        ),
        "{said}"
    );
    client.send(Message::text("hello")).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("hello"));
    drop(waiting);
    let before: Vec<String> = lines
        .by_ref()
        .take_while(|line| !line.ends_with(" ! accepts connections again"))
        .collect();
    assert!(
        before.iter().all(|line| !line.contains("cannot accept")),
        "{before:#?}"
    );
    let (mut another, _) = tungstenite::connect(&url).unwrap();
    another.send(Message::text("me too")).unwrap();
    assert_eq!(another.read().unwrap(), Message::text("me too"));
    child.kill().unwrap();
    child.wait().unwrap();
}

fn records(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_record_is_complete_after_ctrl_c() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.jsonl");
    let server = Server::start(&["--record", path.to_str().unwrap(), "-q"]);
    let mut client = server.client();
    client.send(Message::text("hello")).unwrap();
    client.read().unwrap();
    let silent = server.open_with(&frame(0x81, b"last words"));
    (&silent).read_exact(&mut [0; 12]).unwrap();
    assert_eq!(server.stop(), 0);
    let records = records(&path);
    let types: Vec<&str> = records
        .iter()
        .filter(|record| record["connection"] != 2)
        .map(|record| record["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        types[..5],
        ["listening", "opened", "frame", "message", "frame"]
    );
    assert_eq!(types.last(), Some(&"stopped"));
    let count = |connection: u64, name: &str| {
        let of = |record: &&Value| record["connection"] == connection && record["type"] == name;
        records.iter().filter(of).count()
    };
    assert_eq!((count(1, "closed"), count(2, "closed")), (1, 1));
    assert_eq!(count(2, "message"), 1);
}

#[test]
fn a_record_is_what_the_log_says_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.jsonl");
    let server = Server::start(&["--record", path.to_str().unwrap(), "-f", "json"]);
    server.answer_to(&[frame(0x89, b"hi"), frame(0x88, b"")].concat());
    let mut log = vec![server.line()];
    while !log.iter().any(|line| line.contains("\"closed\"")) {
        log.push(server.line());
    }
    server.interrupt();
    log.push(server.line());
    let without_time = |line: &str| {
        let mut record: Value = serde_json::from_str(line).unwrap();
        record.as_object_mut().unwrap().remove("time");
        record
    };
    // What was printed last was recorded before.
    let text = std::fs::read_to_string(&path).unwrap();
    let recorded: Vec<Value> = text.lines().skip(1).map(without_time).collect();
    let logged: Vec<Value> = log.iter().map(|line| without_time(line)).collect();
    assert_eq!(recorded, logged);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_once_and_the_server_goes_on() {
    let server = Server::start(&["--record", "/dev/full"]);
    assert_eq!(
        server.line().split_once(' ').unwrap().1,
        "! cannot write the record: /dev/full: No space left on device; the server goes on \
         without it"
    );
    let mut client = server.client();
    for _ in 0..3 {
        client.send(Message::text("hello")).unwrap();
        assert_eq!(client.read().unwrap(), Message::text("hello"));
    }
    server.interrupt();
    let log = server.log_until("goodbye");
    assert!(
        log.iter().all(|line| !line.contains("cannot write")),
        "{log:#?}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_that_cannot_be_written_is_told_on_standard_error() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut child = crate::helpers::run::program()
        .args(["serve", "--port", "0"])
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut first = String::new();
    stderr.read_line(&mut first).unwrap();
    assert_eq!(
        first,
        "wsctl: cannot write the log: No space left on device; the server goes on without it\n"
    );
    assert_eq!(child.try_wait().unwrap(), None, "it goes on");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_record_that_cannot_be_begun_is_one_clear_line() {
    let outcome = wsctl(["serve", "--port", "0", "--record", "/nowhere/talk.jsonl"]);
    assert_eq!(
        outcome.to_string(),
        "--- stderr\nwsctl: cannot write /nowhere/talk.jsonl: No such file or directory\n\
         --- status 2\n"
    );
}

#[test]
fn listening_to_strangers_is_said() {
    let mut child = crate::helpers::run::program()
        .args(["serve", "--port", "0", "--host", "0.0.0.0"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    stderr.read_line(&mut first).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(
        first,
        "wsctl: listening on 0.0.0.0: everyone on any network of this machine can connect, \
         and is in this log\n"
    );
}

#[test]
fn a_duration_is_written_as_people_do() {
    let outcome = wsctl(["serve", "--port", "0", "--ping-interval", "soon"]);
    let first = outcome.stderr.lines().next().unwrap();
    assert_eq!(
        first,
        "error: invalid value 'soon' for '--ping-interval <TIME>': expected a duration, as \
         500ms, 30s, 2m or 1h; a number alone counts seconds"
    );
}
