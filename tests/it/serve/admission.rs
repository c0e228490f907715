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

/// The status that a request gets; of a 101 the connection stays open.
fn status(server: &Server, request: &str) -> String {
    let mut stream = server.connect();
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    String::from_utf8_lossy(&head[9..]).into_owned()
}

#[test]
fn other_origins_than_the_allowed_ones_are_refused() {
    let server = Server::start(&["--origin", "http://a:3000/", "--origin", "https://b"]);
    let refused = answer(&server, &request_with_origin("http://a:3001"));
    assert!(
        refused.starts_with("HTTP/1.1 403 Forbidden\r\n"),
        "{refused}"
    );
    assert!(
        refused.ends_with(
            "\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n\
             The request comes from a page of another site, `http://a:3001`; \
             `wsctl serve --origin http://a:3001` admits it.\n"
        ),
        "{refused}"
    );
    assert_eq!(
        server.log_until("fix: ")[1..],
        [
            "                  Origin: http://a:3001",
            "                  answered with HTTP/1.1 403 Forbidden",
            "10:02:12.003 #1 ! warning[origin-foreign]: the request comes from a page of another \
             site, `http://a:3001`, and is refused (RFC 6455 section 10.2)",
            "                  cause: a browser lets every page connect to a server on the",
            "                         user's machine, and sends the page's site as `Origin`;",
            "                         it is `null` for a file and a sandboxed frame",
            "                  fix: to admit it: `wsctl serve --origin http://a:3001`",
        ]
    );
    assert_eq!(status(&server, &request_with_origin("HTTPS://B")), "101");
    assert_eq!(status(&server, REQUEST), "101", "no browser");
}

/// Where only the sender gets answers, pages of other sites get in; elsewhere they do not.
#[test]
fn pages_of_other_sites_are_refused_where_they_could_reach_others() {
    let record = std::env::temp_dir().join(format!("wsctl-foreign-{}", std::process::id()));
    let record = record.to_str().unwrap();
    let requests = [
        request_with_origin("https://evil.example"),
        request_with_origin("null"),
        REQUEST.replace("localhost", "evil.example"),
        "GET / HTTP/1.1\r\nHost: evil.example\r\nAccept: text/html\r\n\r\n".to_owned(),
    ];
    for (options, expected) in [
        (&[][..], ["101", "101", "101", "200"]),
        (&["--reply", "hello"], ["101", "101", "101", "200"]),
        (&["--to", "none"], ["101", "101", "101", "200"]),
        (&["--to", "others"], ["403"; 4]),
        (&["--to", "all"], ["403"; 4]),
        (&["--to", "addressee"], ["403"; 4]),
        (&["--exec", "cat"], ["403"; 4]),
        (&["--record", record], ["403"; 4]),
        (
            &["--to", "all", "--origin", "https://evil.example"],
            ["101", "403", "101", "200"],
        ),
        (
            &["--to", "all", "--origin", "null"],
            ["403", "101", "403", "403"],
        ),
    ] {
        let server = Server::start(options);
        let statuses: Vec<String> = requests.iter().map(|it| status(&server, it)).collect();
        assert_eq!(statuses, expected, "{options:?}");
        if !options.contains(&"--origin") {
            for origin in ["http://localhost:3000", "http://LOCALHOST.:3000"] {
                let local = request_with_origin(origin);
                assert_eq!(status(&server, &local), "101", "{options:?} {origin}");
            }
            let local = REQUEST.replace("localhost", "LOCALHOST.:9527");
            assert_eq!(status(&server, &local), "101", "{options:?}");
        }
        assert_eq!(status(&server, REQUEST), "101", "{options:?}");
    }
    std::fs::remove_file(record).unwrap();
}

#[test]
fn an_admitted_page_of_another_site_has_a_finding() {
    let server = Server::start(&[]);
    assert_eq!(status(&server, &request_with_origin("null")), "101");
    let log = server.log_until("fix: ");
    assert_eq!(
        log[3],
        "10:02:12.003 #1 ! warning[origin-foreign]: the request comes from a page without a site, \
         from a file or a sandboxed frame (`Origin: null`), and is admitted: it gets only replies \
         to its own messages (RFC 6455 section 10.2)"
    );
    let foreign = REQUEST.replace("localhost", "evil.example");
    assert_eq!(status(&server, &foreign), "101");
    let log = server.log_until("without a warning");
    let finding = log.iter().find(|line| line.contains("#2 ! ")).unwrap();
    assert_eq!(
        finding,
        "10:02:12.003 #2 ! warning[host-foreign]: the request is for `evil.example`, which is not \
         a name of this server, and is admitted: it gets only replies to its own messages \
         (RFC 9110 section 7.2; RFC 6455 section 10.2)"
    );
}

#[test]
fn an_empty_host_and_two_origins_are_refused() {
    let server = Server::start(&[]);
    let empty = REQUEST.replace("Host: localhost", "Host:");
    let twice = request_with_origin("http://localhost\r\nOrigin: http://localhost");
    let page = |headers| format!("GET / HTTP/1.1\r\n{headers}Accept: text/html\r\n\r\n");
    for (request, sentence) in [
        (empty, "The `Host` header is empty.\n"),
        (twice, "The request has 2 `Origin` headers.\n"),
        (page("Host:\r\n"), "The `Host` header is empty.\n"),
        (page(""), "The request has no `Host` header.\n"),
        (
            page("Host: localhost\r\nOrigin: null\r\nOrigin: null\r\n"),
            "The request has 2 `Origin` headers.\n",
        ),
    ] {
        let answer = answer(&server, &request);
        assert!(
            answer.starts_with("HTTP/1.1 400 Bad Request\r\n"),
            "{answer}"
        );
        assert!(answer.ends_with(sentence), "{answer}");
    }
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

/// The runtime needs descriptors for signals, and panics without them.
#[test]
fn too_few_file_descriptors_are_reported_in_one_line() {
    for limit in 5..=12 {
        let outcome = Command::new("sh")
            .args([
                "-c",
                &format!("ulimit -n {limit} && exec \"$0\" serve --port 0"),
            ])
            .arg(env!("CARGO_BIN_EXE_wsctl"))
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8(outcome.stderr).unwrap(),
            "wsctl: cannot start the server: Too many open files\n",
            "{limit}"
        );
        assert_eq!(outcome.status.code(), Some(2), "{limit}");
    }
}
