//! Proxies: what is said of those that do not work. `foreign` connects through real ones.

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use tokio_rustls::rustls::{ServerConnection, StreamOwned};

use super::servers::{Authority, SWITCHING, answer, answering, closed_port, closing, start};
use super::{Document, failure, opened};

#[test]
fn proxies_that_do_not_open_the_connection() {
    let mut document = Document::new("proxies");
    let mut add = |title: &str, scheme: &str, port: u16| {
        let line = format!("ws://a.invalid:9000/ --proxy {scheme}://127.0.0.1:{port}");
        document.add(title, &failure(&line, port));
    };
    add("No proxy listens", "http", closed_port());
    let wants_password = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
    add(
        "A password is wanted",
        "http",
        answering(wants_password).port(),
    );
    let forbids = b"HTTP/1.1 403 Forbidden\r\n\r\n";
    add("The port is forbidden", "http", answering(forbids).port());
    let cannot = b"HTTP/1.1 503 Service Unavailable\r\n\r\n";
    add(
        "The server cannot be reached",
        "http",
        answering(cannot).port(),
    );
    add("No HTTP proxy", "http", answering(b"SSH-2.0-x\r\n").port());
    add("It closes", "http", closing().port());
    add("A SOCKS proxy that refuses", "socks5h", socks(5).port());
    add(
        "A SOCKS proxy that wants a password",
        "socks5h",
        answering(b"\x05\xff").port(),
    );
    add(
        "No SOCKS proxy",
        "socks5h",
        answering(b"HTTP/1.1 400 Bad Request\r\n\r\n").port(),
    );
    document.check();
}

/// A SOCKS 5 proxy that replies with this code (RFC 1928 section 6).
fn socks(code: u8) -> std::net::SocketAddr {
    start(move |mut socket| {
        let mut bytes = [0; 512];
        let _ = socket.read(&mut bytes).unwrap();
        socket.write_all(&[5, 0]).unwrap();
        let _ = socket.read(&mut bytes).unwrap();
        let _ = socket.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
    })
}

#[test]
fn what_follows_the_reply_of_a_proxy_is_the_server_s() {
    let proxy = start(|mut socket| {
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).unwrap();
        socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        answer(socket, SWITCHING.as_bytes());
    });
    let line = format!("ws://a.invalid/ --proxy http://me:secret@{proxy}");
    assert_eq!(
        opened(&line, proxy.port()),
        "tcp, proxy, upgrade\n101 Switching Protocols\nthrough the proxy \
         http://127.0.0.1:PORT\n"
    );
}

/// Opens a connection to a server through an HTTPS proxy, without TLS of its own and with it.
#[test]
fn an_https_proxy_is_reached_over_tls() {
    let identity = Authority::new("Ours").signs("localhost", 2000, 2100);
    let config = Arc::new(identity.server(None, &[]));
    let proxy = start(move |socket| {
        let session = || ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(session(), socket);
        let mut request = [0; 4096];
        let size = stream.read(&mut request).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        if request[..size].starts_with(b"CONNECT a.invalid:443 ") {
            answer(StreamOwned::new(session(), stream), SWITCHING.as_bytes());
        } else {
            answer(stream, SWITCHING.as_bytes());
        }
    });
    let after = "101 Switching Protocols\nthrough the proxy https://127.0.0.1:PORT\n";
    for (scheme, steps) in [
        ("ws", "tcp, tls (TLS 1.3), proxy, upgrade"),
        ("wss", "tcp, tls (TLS 1.3), proxy, tls (TLS 1.3), upgrade"),
    ] {
        let line = format!("{scheme}://a.invalid/ -k --proxy https://{proxy}");
        assert_eq!(opened(&line, proxy.port()), format!("{steps}\n{after}"));
    }
}
