//! What is not a response of HTTP/1.1.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;

use super::servers::{Authority, answering, answering_tls, closing, start};
use super::{Document, connect, failure, opened};

#[test]
fn servers_that_send_no_response() {
    let mut document = Document::new("responses");
    let mut add = |title: &str, server: SocketAddr| {
        let said = failure(&format!("ws://{server}/"), server.port());
        document.add(title, &said);
    };
    add("Closed at once", closing());
    add(
        "Reset after the request",
        start(|mut socket| {
            let _ = socket.read(&mut [0; 1]);
            set_socket_linger(&socket, Some(Duration::ZERO)).unwrap();
        }),
    );
    add("SSH", answering(b"SSH-2.0-OpenSSH_9.2\r\n"));
    add(
        "HTTP/2",
        answering(b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"),
    );
    add("A frame", answering(b"\x81\x05Hello"));
    add("Unknown bytes", answering(b"\x00\x01\x02\x03"));
    let tls = Authority::new("Ours").signs("localhost", 2000, 2100);
    add("A port with TLS", answering_tls(tls.server(None, &[]), b""));
    add(
        "A head that is cut",
        start(|mut socket| {
            let mut request = [0; 4096];
            let _ = socket.read(&mut request);
            let _ = socket.write_all(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n");
        }),
    );
    let long: &'static [u8] =
        Vec::leak([b"HTTP/1.1 101 x\r\nA: ", &vec![b'a'; 70_000][..]].concat());
    add("A head without an end", answering(long));
    document.check();
}

#[test]
fn interim_responses_are_told() {
    let server =
        answering(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
    assert_eq!(
        opened(&format!("ws://{server}/"), 0),
        "tcp, upgrade\n200 OK\nthe server sent an interim response first: HTTP/1.1 103 \
         Early Hints\n"
    );
}

#[test]
fn a_finding_does_not_show_a_credential() {
    let head = b"HTTP/1.1 101 Switching Protocols\r\nSet-Cookie : id=s3cret\r\n\r\n";
    let url = format!("ws://{}/", answering(head));
    let said = connect(&url, &[]).stderr;
    assert!(said.contains("Set-Cookie : *********\n"), "{said}");
    assert!(!said.contains("s3cret"), "{said}");
    let said = connect(&format!("{url} --show-secrets"), &[]).stderr;
    assert!(said.contains("Set-Cookie : id=s3cret\n"), "{said}");
}
