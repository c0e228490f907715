//! Which connections are accepted: origins, limits, file descriptors.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use tungstenite::Message;

use crate::helpers::client::REQUEST;
use crate::helpers::server::Server;

/// What the server sends after a request, until the connection ends.
fn answer(server: &Server, request: &str) -> String {
    let mut stream = server.connect();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn request_with_origin(origin: &str) -> String {
    REQUEST.replace("\r\n\r\n", &format!("\r\nOrigin: {origin}\r\n\r\n"))
}

#[test]
fn other_origins_are_refused() {
    let server = Server::start(&["--origin", "http://a:3000/", "--origin", "https://b"]);
    let refused = answer(&server, &request_with_origin("http://a:3001"));
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
        .write_all(request_with_origin("HTTPS://B").as_bytes())
        .unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 101");
}

#[test]
fn max_connections_limits_connections() {
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
    // A connection that ends makes room for another.
    first.close(None).unwrap();
    while first.read().is_ok() {}
    drop(first);
    server.log_until(" - ");
    let mut third = server.client();
    third.send(Message::text("room")).unwrap();
    assert_eq!(third.read().unwrap(), Message::text("room"));
}

/// A server with a limit of 20 open files: its process, its URL and its log.
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
fn running_out_of_file_descriptors_is_reported_and_recovered() {
    let (mut child, url, log) = start_with_few_files();
    let address = &url["ws://".len()..url.len() - 1];
    let (mut client, _) = tungstenite::connect(&url).unwrap();
    let waiting: Vec<TcpStream> = (0..30)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    let mut lines = log.lines().map_while(Result::ok);
    let line = lines.find(|line| line.contains("cannot accept")).unwrap();
    assert!(
        line.ends_with(
            " ! cannot accept connections: Too many open files; open connections are served, \
             new ones wait"
        ),
        "{line}"
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

#[test]
fn listening_on_all_addresses_is_reported() {
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
        "wsctl: listening on 0.0.0.0: machines on all networks of this machine can connect\n"
    );
}
