//! Redirects, and what is sent to the target of one.

use std::io::{Read as _, Write as _};
use std::sync::mpsc;

use super::servers::{closed_port, start};
use super::{failure, opened};

#[test]
fn a_redirect_is_followed_with_location() {
    let (sender, requests) = mpsc::channel();
    let last = {
        let sender = sender.clone();
        start(move |mut socket| {
            let mut request = [0; 4096];
            let size = socket.read(&mut request).unwrap();
            sender
                .send(String::from_utf8_lossy(&request[..size]).into_owned())
                .unwrap();
            socket
                .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
                .unwrap();
        })
    };
    let first = start(move |mut socket| {
        let mut request = [0; 4096];
        let size = socket.read(&mut request).unwrap();
        sender
            .send(String::from_utf8_lossy(&request[..size]).into_owned())
            .unwrap();
        let head = format!(
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://me:secret@{last}/new\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).unwrap();
    });
    let line = format!("ws://{first}/old -H Cookie:a=1 -H X-Own:1");
    assert_eq!(
        opened(&line, 0),
        format!(
            "tcp, upgrade\n307 Temporary Redirect\n-L follows the redirect to ws://{last}/new\n"
        )
    );
    let _ = requests.recv().unwrap();
    let said = opened(&format!("{line} -L"), 0);
    assert_eq!(
        said,
        format!(
            "tcp, upgrade\n204 No Content\nws://{first}/old redirects (307) to ws://{last}/new\n"
        )
    );
    let (one, two) = (requests.recv().unwrap(), requests.recv().unwrap());
    assert!(
        one.starts_with("GET /old HTTP/1.1\r\n") && one.contains("\r\nCookie: a=1\r\n"),
        "{one}"
    );
    assert!(
        two.starts_with("GET /new HTTP/1.1\r\n") && two.contains("\r\nX-Own: 1\r\n"),
        "{two}"
    );
    assert!(two.contains(&format!("\r\nHost: {last}\r\n")), "{two}");
    assert!(!two.contains("Cookie"), "{two}");
    let key = |request: &str| {
        let line = request
            .lines()
            .find(|line| line.starts_with("Sec-WebSocket-Key"));
        line.unwrap().to_owned()
    };
    assert_ne!(key(&one), key(&two));
}

#[test]
fn a_target_that_cannot_be_connected_to_is_told_with_the_redirect() {
    let closed = closed_port();
    let first = start(move |mut socket| {
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).unwrap();
        let location = format!("http://me:secret@127.0.0.1:{closed}/new");
        let head = format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n");
        socket.write_all(head.as_bytes()).unwrap();
    });
    let said = failure(&format!("ws://{first}/old -L"), closed);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let first_line = "error[connection-refused]: 127.0.0.1:PORT refuses the connection";
    let notes = format!(
        " = note: tcp failed = note: ws://{first}/old redirects (302) to ws://127.0.0.1:PORT/new ="
    );
    assert!(
        said.starts_with(first_line) && said.contains(&notes),
        "{said}"
    );
}

#[test]
fn a_loop_of_redirects_ends() {
    let server = start(|mut socket| {
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).unwrap();
        socket
            .write_all(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n")
            .unwrap();
    });
    let said = opened(&format!("ws://{server}/ -L"), server.port());
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 2 + 10 + 1, "{said}");
    assert_eq!(
        lines[2],
        "ws://127.0.0.1:PORT/ redirects (302) to ws://127.0.0.1:PORT/"
    );
    assert_eq!(lines[12], "after 10 redirects no more are followed");
}
