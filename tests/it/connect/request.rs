//! The request and the connection that the options ask for.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::thread;

use rcgen::{CertificateParams, KeyPair};

use super::scripted_server::{ScriptedServer, response};
use super::{connect, shown};
use crate::helpers::pem::pem;
use crate::helpers::run::wsctl;
use crate::helpers::server::Server;

/// The lines of the handshake that `-v` prints, as far as they start with this sign.
fn headers(arguments: &[&str], sign: &str) -> Vec<String> {
    let server = Server::start(&[]);
    let all = [&["connect", server.url(), "-v", "--wait", "1ms"], arguments].concat();
    let outcome = wsctl(all);
    assert_eq!(outcome.status, 0, "{outcome}");
    let lines = outcome.stderr.lines().map(str::trim_start);
    let lines = lines.filter_map(|line| line.strip_prefix(sign));
    lines.map(str::to_owned).collect()
}

#[test]
fn headers_are_added_and_secrets_are_hidden() {
    let arguments = [
        "-H",
        "X-Room: 7",
        "--header",
        "Cookie: session=5",
        "--origin",
        "http://localhost",
        "-u",
        "me:secret",
    ];
    let sent = headers(&arguments, "> ");
    for line in [
        "X-Room: 7",
        "Origin: http://localhost",
        "Authorization: Basic (12 bytes hidden)",
        "Cookie: (9 bytes hidden)",
    ] {
        assert!(sent.iter().any(|sent| sent == line), "{line}: {sent:#?}");
    }
    let sent = headers(&[&arguments[..], &["--show-secrets"]].concat(), "> ");
    for line in ["Authorization: Basic bWU6c2VjcmV0", "Cookie: session=5"] {
        assert!(sent.iter().any(|sent| sent == line), "{line}: {sent:#?}");
    }
    let record = tempfile::NamedTempFile::new().unwrap();
    let path = record.path().to_str().unwrap();
    headers(&[&arguments[..], &["--record", path]].concat(), "> ");
    let record = fs::read_to_string(path).unwrap();
    assert!(record.contains("X-Room"), "{record}");
    assert!(!record.contains("bWU6c2VjcmV0"), "{record}");
}

#[test]
fn messages_are_compressed_and_limited() {
    let server = Server::start(&["--deflate"]);
    let outcome = connect(&server, "hello --expect 1 --deflate -f frames");
    let text = shown(&outcome);
    for part in [
        "negotiated permessage-deflate",
        "> text \"hello\" [7 bytes, compressed, 5 bytes inflated, masked 0ec3f3cd]",
        "< text \"hello\" [7 bytes, compressed, 5 bytes inflated]",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let outcome = connect(&server, "hello --expect 1 --max-message 4");
    assert_eq!(outcome.status, 1);
    assert!(outcome.stderr.contains("1009"), "{outcome}");
}

#[test]
fn another_address_is_dialled_than_that_of_the_url() {
    let server = Server::start(&[]);
    let address = server.address();
    let url = "ws://no-such-name.invalid/room";
    for family in ["-4", "--ipv4"] {
        let outcome = wsctl([
            "connect",
            url,
            "--connect-to",
            address,
            family,
            "--no-proxy",
            "-q",
            "hello",
            "--expect",
            "1",
        ]);
        assert_eq!(outcome.to_string(), "hello\n");
    }
    let outcome = wsctl(["connect", server.url(), "-6", "--connect-timeout", "5s"]);
    assert_eq!(outcome.status, 2, "{outcome}");
}

#[test]
fn a_unix_socket_is_dialled() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            request.extend(byte);
        }
        let request = String::from_utf8(request).unwrap();
        let response = response(&request, "");
        stream
            .write_all(&[response.as_bytes(), b"\x81\x05Hello\x88\x02\x03\xe8"].concat())
            .unwrap();
        let mut answer = [0; 8];
        stream.read_exact(&mut answer).unwrap();
    });
    let path = path.to_str().unwrap();
    let outcome = wsctl(["connect", "ws://localhost/", "--unix", path, "-q"]);
    assert_eq!(outcome.to_string(), "Hello\n");
    server.join().unwrap();
}

#[test]
fn a_redirect_is_followed() {
    let target = Server::start(&[]);
    for follows in [true, false] {
        let location = target.page("/there");
        let server = ScriptedServer::listening(move |mut stream, _| {
            write!(
                stream,
                "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
            )
            .unwrap();
        });
        let option = if follows { "-L" } else { "--full" };
        let outcome = server.connect(&["-q", "hello", "--expect", "1", option]);
        let expected = if follows { "hello\n" } else { "--- status 1\n" };
        assert_eq!(outcome.to_string(), expected);
    }
}

#[test]
fn a_proxy_that_is_none_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut line = String::new();
        BufReader::new(&stream).read_line(&mut line).unwrap();
        stream.write_all(b"220 mail.example ESMTP\r\n").unwrap();
        line
    });
    let outcome = wsctl(["connect", "ws://a.example/", "--proxy", &proxy]);
    assert_eq!(outcome.status, 2, "{outcome}");
    let received = server.join().unwrap();
    assert_eq!(received, "CONNECT a.example:80 HTTP/1.1\r\n");
}

#[test]
fn a_certificate_is_verified_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let key = KeyPair::generate().unwrap();
    let names = vec!["localhost".to_owned()];
    let certificate = CertificateParams::new(names)
        .unwrap()
        .self_signed(&key)
        .unwrap();
    fs::write(file("cert.pem"), pem("CERTIFICATE", certificate.der())).unwrap();
    fs::write(file("key.pem"), pem("PRIVATE KEY", &key.serialize_der())).unwrap();
    let server = Server::start(&["--cert", &file("cert.pem"), "--key", &file("key.pem")]);
    let url = server.url();
    let run = |arguments: &[&str]| {
        let always = ["connect", url, "hello", "--expect", "1", "-f", "frames"];
        wsctl([&always, arguments].concat())
    };
    let cert = file("cert.pem");
    let outcome = run(&["-k"]);
    assert!(outcome.text().contains("(TLS 1.3)"), "{outcome}");
    assert_eq!(outcome.status, 0, "{outcome}");
    let outcome = run(&["--cacert", &cert, "--servername", "localhost"]);
    assert_eq!(outcome.status, 0, "{outcome}");
    let outcome = run(&["--insecure", "--cert", &cert, "--key", &file("key.pem")]);
    assert_eq!(
        outcome.status, 0,
        "a certificate that the server does not ask for: {outcome}"
    );
    let outcome = run(&["--cacert", &cert]);
    assert_eq!(
        outcome.status, 2,
        "the certificate is not for 127.0.0.1: {outcome}"
    );
    let outcome = run(&[]);
    assert_eq!(outcome.status, 2, "no authority signed it: {outcome}");
}
