//! Requests that are refused, slow, or no HTTP.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use wsctl::net::{self, Config};

use crate::helpers::client::{REQUEST, RESPONSE, frame};
use crate::helpers::server::Server;

#[test]
fn bytes_that_are_not_a_request_are_logged() {
    let server = Server::start(&[]);
    let shown = |bytes: &[u8]| {
        let mut stream = server.connect();
        stream.write_all(bytes).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
        let log = server.log_until(if bytes.is_empty() {
            " - "
        } else {
            "answered with"
        });
        // The cause and the fix are not compared here.
        let is_more = |line: &str| {
            line.trim_start().starts_with("cause: ")
                || line.trim_start().starts_with("fix: ")
                || line.starts_with(&" ".repeat(18 + "fix: ".len()))
        };
        let log = log.iter().filter(|line| !is_more(line));
        log.map(|line| {
            line.split_once("51034 ")
                .map_or(line.as_str(), |it| it.1)
                .to_owned()
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(
        shown(b"\x05\x01\x00\x02\x00\x01"),
        [
            "10:02:12.003 #1 ! error[req-not-http]: this is not an HTTP request \
             (RFC 9112 section 3)",
            "05 01 00 02 00 01 [6 bytes]",
            "                  answered with HTTP/1.1 400 Bad Request",
        ]
    );
    assert_eq!(
        shown(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        [
            "10:02:12.003 #2 ! error[req-h2-preface]: request, byte 0: expected a request, found the \
             HTTP/2 connection preface (RFC 9113 section 3.4; RFC 8441)",
            "                  PRI * HTTP/2.0",
            "                  ^^^^^^^^^^^^^^ `GET … HTTP/1.1` is needed",
            "\"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n\" [24 bytes]",
            "                  answered with HTTP/1.1 505 HTTP Version Not Supported",
        ]
    );
    assert_eq!(
        shown(b"GET / HTTP/1.1\r\nHost: a\r\n"),
        [
            "10:02:12.003 #3 ! error[http-bad-lines]: the head of the request ends before its \
             empty line (RFC 9112 section 2.1)",
            "\"GET / HTTP/1.1\\r\\nHost: a\\r\\n\" [25 bytes]",
            "                  answered with HTTP/1.1 400 Bad Request",
        ]
    );
    assert_eq!(
        shown(b""),
        [
            "10:02:12.003 #4 - the client disconnected without sending a request after 3.6 s; \
          0 frames in, 0 out"
        ]
    );
}

#[test]
fn a_plain_request_has_one_finding() {
    let server = Server::start(&[]);
    for request in ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", REQUEST] {
        let mut stream = server.connect();
        stream.write_all(request.as_bytes()).unwrap();
        stream.read_exact(&mut [0; 12]).unwrap();
    }
    let log = server.log_until("#2 + ");
    let findings: Vec<&String> = log.iter().filter(|line| line.contains("error[")).collect();
    assert_eq!(findings.len(), 1, "{log:?}");
    assert!(findings[0].contains("error[req-not-upgrade]"), "{log:?}");
}

#[test]
fn a_refusal_has_its_status_and_its_reason() {
    let server = Server::start(&[]);
    let answer = |request: &str| {
        let mut stream = server.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert_eq!(
        answer("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        "HTTP/1.1 426 Upgrade Required\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Length: 48\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Upgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\n\
         Connection: Upgrade, close\r\n\
         \r\n\
         The request has no `Upgrade: websocket` header.\n"
    );
    assert_eq!(
        server.log_until("answered with"),
        [
            "10:02:12.003 #1 ! error[req-not-upgrade]: request, byte 0: the request has no `Upgrade: websocket` \
             header (RFC 6455 section 4.2.1)",
            "                  GET / HTTP/1.1",
            "                  ^^^^^^^^^^^^^^ no `Upgrade: websocket` follows",
            "                  cause: perhaps a proxy removed the `Upgrade` header, which",
            "                         proxies do by default, or a browser or `fetch` opened",
            "                         the URL as a page",
            "                  fix: in the proxy, pass on `Upgrade $http_upgrade` and",
            "                       `Connection \"upgrade\"`; otherwise use a WebSocket client",
            "10:02:12.003 #1 ! 127.0.0.1:51034 GET /",
            "                  answered with HTTP/1.1 426 Upgrade Required",
        ]
    );
    let cases = [
        (
            REQUEST.replace("GET", "POST"),
            "405 Method Not Allowed",
            "method must be GET",
        ),
        (
            REQUEST.replace("Host: localhost\r\n", ""),
            "400 Bad Request",
            "no `Host` header",
        ),
        (
            REQUEST.replacen("GET /", "GET /#", 1),
            "400 Bad Request",
            "has a fragment",
        ),
        (
            REQUEST.replace("localhost", "local host"),
            "400 Bad Request",
            "must be a host and a port",
        ),
        (
            REQUEST.replace("==", ""),
            "400 Bad Request",
            "it is not base64",
        ),
        (
            REQUEST.replace("Version: 13", "Version: 8"),
            "426 Upgrade Required",
            "must be 13",
        ),
        (
            REQUEST.replace("HTTP/1.1", "HTTP/1.0"),
            "505 HTTP Version Not Supported",
            "HTTP/1.0 instead of HTTP/1.1",
        ),
        (
            REQUEST.replace("localhost", &"a".repeat(20_000)),
            "431 Request Header Fields Too Large",
            "16384",
        ),
        (
            "\x05\x01\x00\x02\x00\x01".to_owned(),
            "400 Bad Request",
            "not an HTTP request",
        ),
    ];
    for (request, status, sentence) in cases {
        let answer = answer(&request);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}\r\n")),
            "{answer}"
        );
        assert!(
            answer.split("\r\n\r\n").nth(1).unwrap().contains(sentence),
            "{answer}"
        );
    }
}

#[test]
fn a_request_may_come_byte_by_byte_with_frames_after_it() {
    let server = Server::start(&["-q"]);
    let mut stream = server.connect();
    let bytes = [REQUEST.as_bytes(), &frame(0x81, b"early")].concat();
    for byte in bytes {
        stream.write_all(&[byte]).unwrap();
    }
    let mut answer = vec![0; RESPONSE.len() + 7];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer[RESPONSE.len()..], b"\x81\x05early");
}

#[test]
fn an_incomplete_request_is_refused_after_the_timeout() {
    let config = Config {
        head_timeout: Duration::from_millis(20),
        ..Config::default()
    };
    let server = net::Server::bind("127.0.0.1", 0, config).unwrap();
    let url = server.url().unwrap();
    thread::spawn(|| {
        server.run(
            None,
            std::io::sink(),
            || Ok(std::future::pending()),
            |_| vec![],
        )
    });
    let mut stream = TcpStream::connect(&url[5..url.len() - 1]).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"),
        "{answer}"
    );
    assert!(answer.ends_with("\r\n\r\nThe head of the request was not complete in time.\n"));
}
