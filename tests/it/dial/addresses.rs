//! Names, addresses and Unix sockets.

use std::net::ToSocketAddrs as _;
use std::os::unix::net::UnixListener;
use std::thread;

use super::servers::{SWITCHING, answer, answering, closed_port, start, start_at};
use super::{Document, failure, opened};

#[test]
fn addresses_that_cannot_be_connected_to() {
    let port = closed_port();
    let mut document = Document::new("addresses");
    document.add(
        "Nothing listens",
        &failure(&format!("ws://127.0.0.1:{port}/"), port),
    );
    document.add(
        "A name that does not exist",
        &failure("ws://no-such-host.invalid/", 0),
    );
    document.add(
        "An address of the other family",
        &failure(&format!("ws://127.0.0.1:{port}/ -6"), port),
    );
    let silent = start(|socket| {
        thread::park();
        drop(socket);
    });
    document.add(
        "A server that accepts and is silent",
        &failure(
            &format!("ws://{silent}/ --connect-timeout 50ms"),
            silent.port(),
        ),
    );
    document.check();
}

#[test]
fn each_address_of_a_name_is_tried_and_named() {
    let port = closed_port();
    let said = failure(&format!("ws://localhost:{port}/"), port);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for address in ("localhost", 0).to_socket_addrs().unwrap() {
        let address = address.to_string();
        let host = address.trim_end_matches(":0");
        let sentence = format!("{host}:PORT refuses the connection");
        assert!(said.contains(&sentence), "{said}");
    }
}

#[test]
fn ipv6_addresses_are_dialled() {
    let server = start_at("[::1]:0", |socket| answer(socket, SWITCHING.as_bytes()));
    assert_eq!(
        opened(&format!("ws://{server}/ -6"), 0),
        "tcp, upgrade\n101 Switching Protocols\n"
    );
}

#[test]
fn connect_to_replaces_the_address_of_the_url() {
    let server = answering(SWITCHING.as_bytes());
    assert_eq!(
        opened(&format!("ws://a.invalid:1/ --connect-to {server}"), 0),
        "tcp, upgrade\n101 Switching Protocols\n"
    );
}

#[test]
fn a_unix_socket_is_dialled() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let listener = UnixListener::bind(&path).unwrap();
    let line = format!("ws://localhost/ --unix {}", path.display());
    let server = thread::spawn(move || {
        let (socket, _) = listener.accept().unwrap();
        answer(socket, SWITCHING.as_bytes());
    });
    assert_eq!(opened(&line, 0), "tcp, upgrade\n101 Switching Protocols\n");
    server.join().unwrap();
    let mut document = Document::new("unix");
    let folder_name = folder.path().display().to_string();
    let said = failure(&line, 0).replace(&folder_name, "FOLDER");
    document.add("A Unix socket whose server has ended", &said);
    let other = line.replace("/s", "/none");
    let said = failure(&other, 0).replace(&folder_name, "FOLDER");
    document.add("A Unix socket that is not there", &said);
    document.check();
}
