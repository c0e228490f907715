//! `wsctl serve` over TLS, with a client that trusts the printed fingerprint, and with clients that use
//! the wrong protocol or do not trust the certificate.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};
use sha2::{Digest as _, Sha256};
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    StreamOwned,
};
use tungstenite::protocol::frame::CloseFrame;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::{Message, WebSocket};

use crate::helpers::pem::pem;
use crate::helpers::run::wsctl;
use crate::helpers::server::{Server, TIMEOUT};

type TlsClient = StreamOwned<ClientConnection, TcpStream>;

/// Trusts the certificate with this fingerprint.
#[derive(Debug)]
struct Pinned {
    fingerprint: String,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let digest = Sha256::digest(certificate);
        let pairs: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
        assert_eq!(pairs.join(":"), self.fingerprint);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = self.provider.signature_verification_algorithms;
        tokio_rustls::rustls::crypto::verify_tls12_signature(
            message,
            certificate,
            signed,
            &algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = self.provider.signature_verification_algorithms;
        tokio_rustls::rustls::crypto::verify_tls13_signature(
            message,
            certificate,
            signed,
            &algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// A server with TLS, and the fingerprint that it prints.
fn start(arguments: &[&str]) -> (Server, String) {
    let server = Server::start(&[&["--tls"], arguments].concat());
    assert!(
        server
            .listening_line()
            .starts_with("listening on wss://127.")
    );
    let origin = server.line();
    assert_eq!(origin, "certificate: new, self-signed; SHA-256");
    let fingerprint = server.line().trim_start().to_owned();
    (server, fingerprint)
}

/// A TLS connection to the server before its TLS handshake.
fn connect(server: &Server, config: ClientConfig) -> TlsClient {
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let session = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(session, server.connect())
}

fn trusting(fingerprint: &str) -> ClientConfig {
    let provider = Arc::new(ring::default_provider());
    let pinned = Pinned {
        fingerprint: fingerprint.to_owned(),
        provider: Arc::clone(&provider),
    };
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(pinned))
        .with_no_client_auth()
}

/// A client that trusts certificates signed by `roots`.
fn with_roots(roots: RootCertStore) -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

fn open(server: &Server, config: ClientConfig) -> WebSocket<TlsClient> {
    let stream = connect(server, config);
    let (client, response) = tungstenite::client("wss://127.0.0.1/ws/alice", stream).unwrap();
    assert_eq!(response.status(), 101);
    client
}

#[test]
fn messages_of_each_size_are_echoed_over_tls() {
    let (server, fingerprint) = start(&["-q"]);
    let mut client = open(&server, trusting(&fingerprint));
    for size in [0, 1, 125, 126, 16_383, 16_385, 65_536, 5 << 20] {
        let binary: Vec<u8> = (0..=255).cycle().take(size).collect();
        for message in [Message::text("é".repeat(size / 2)), Message::binary(binary)] {
            client.send(message.clone()).unwrap();
            assert!(client.read().unwrap() == message, "{size}");
        }
    }
    client.send(Message::Ping(vec![1, 2].into())).unwrap();
    assert_eq!(client.read().unwrap(), Message::Pong(vec![1, 2].into()));
}

#[test]
fn many_small_messages_in_flight_are_all_echoed() {
    let (server, fingerprint) = start(&["-q"]);
    let mut client = open(&server, trusting(&fingerprint));
    for number in 0..2_000 {
        client.write(Message::text(number.to_string())).unwrap();
    }
    client.flush().unwrap();
    for number in 0..2_000 {
        assert_eq!(client.read().unwrap(), Message::text(number.to_string()));
    }
}

#[test]
fn the_connection_and_then_tls_are_closed_by_both_ends() {
    let (server, fingerprint) = start(&[]);
    let mut client = open(&server, trusting(&fingerprint));
    let close = CloseFrame {
        code: CloseCode::from(4001),
        reason: "bye".into(),
    };
    client.close(Some(close)).unwrap();
    assert!(matches!(client.read().unwrap(), Message::Close(Some(_))));
    let end = client.read().unwrap_err();
    assert!(matches!(end, tungstenite::Error::ConnectionClosed), "{end}");
    // Without a close_notify, this would fail.
    assert_eq!(client.get_mut().read(&mut [0]).unwrap(), 0);
    let end = server.log_until(" - ").pop().unwrap();
    assert!(end.contains("the client closed with 4001"), "{end}");
    let client = open(&server, trusting(&fingerprint));
    client.get_ref().sock.shutdown(Shutdown::Write).unwrap();
    let end = server.log_until(" - ").pop().unwrap();
    assert!(
        end.contains("ended the stream (FIN) without a close frame"),
        "{end}"
    );
}

#[test]
fn a_stopping_server_sends_close_frames_over_tls() {
    let (server, fingerprint) = start(&[]);
    let mut client = open(&server, trusting(&fingerprint));
    server.log_until("accept");
    server.interrupt();
    let received = client.read().unwrap();
    assert!(matches!(received, Message::Close(Some(frame)) if frame.code == CloseCode::Away));
    client.flush().unwrap();
    let log = server.log_until("stopped: ");
    assert!(log[2].contains("the server closed with 1001"), "{log:?}");
}

#[test]
fn a_client_that_does_not_trust_the_certificate_is_logged() {
    let (server, _) = start(&[]);
    let mut stream = connect(&server, with_roots(RootCertStore::empty()));
    let error = stream.write_all(b"GET").unwrap_err();
    assert!(error.to_string().contains("UnknownIssuer"), "{error}");
    let _ = stream.flush();
    let end = server.log_until(" - ").pop().unwrap();
    let sentence = "#1 - the connection failed (the TLS handshake failed: received fatal alert: ";
    assert!(end.contains(sentence), "{end}");
}

#[test]
fn a_plain_client_on_the_tls_port_is_told_to_use_wss() {
    let (server, _) = start(&[]);
    let answer = |bytes: &[u8]| {
        let mut stream = server.connect();
        stream.write_all(bytes).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let sentence = "The request is not encrypted, and this port requires TLS: use `wss://`.\n";
    let expected = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Length: {}\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{sentence}",
        sentence.len()
    );
    assert_eq!(answer(b"GET /ws HTTP/1.1\r\nHost: a\r\n\r\n"), expected);
    assert_eq!(
        server.log_until("answered with"),
        [
            "10:02:12.003 #1 ! error[req-plain-to-tls]: the request is not encrypted, and \
             this port requires TLS: use `wss://` (RFC 6455 section 3)",
            "                  cause: perhaps the URL begins with `ws://` but the server uses",
            "                         TLS, or a proxy ends TLS and sends plain HTTP to a TLS",
            "                         port",
            "                  fix: use `wss://`, or disable TLS on this port",
            "10:02:12.003 #1 ! 127.0.0.1:51034 GET /ws",
            "                  answered with HTTP/1.1 400 Bad Request",
        ]
    );
    assert_eq!(answer(b"hello\r\n"), expected);
    let port = server.page("");
    let port = port.rsplit_once(':').unwrap().1.trim_end_matches('/');
    let refused = tungstenite::connect(format!("ws://127.0.0.1:{port}/")).unwrap_err();
    assert!(refused.to_string().contains("400"), "{refused}");
}

#[test]
fn tls_on_the_plain_port_is_named_and_answered_with_an_alert() {
    let server = Server::start(&[]);
    let mut stream = connect(&server, trusting(""));
    let error = stream.write_all(b"GET").unwrap_err();
    assert!(error.to_string().contains("ProtocolVersion"), "{error}");
    let log = server.log_until("answered with");
    let [first, .., bytes, answered] = &log[..] else {
        panic!("{log:?}");
    };
    assert_eq!(
        first,
        "10:02:12.003 #1 ! error[req-tls-to-plain]: expected a request, found a TLS ClientHello \
         (RFC 6455 section 4.1)"
    );
    assert!(bytes.contains("#1 ! 127.0.0.1:51034 16 03 01 "), "{log:?}");
    assert_eq!(
        answered,
        "                  answered with a TLS alert, protocol_version"
    );
    // In pieces of any size.
    let mut stream = server.connect();
    for byte in b"\x16\x03\x01\x02" {
        stream.write_all(&[*byte]).unwrap();
        std::thread::sleep(Duration::from_millis(2));
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert_eq!(answer, b"\x15\x03\x01\x00\x02\x02\x46");
}

#[test]
fn the_json_log_has_the_fingerprint_and_the_alert() {
    let (server, record) = {
        let server = Server::start(&["--tls", "-f", "json"]);
        let record: serde_json::Value = serde_json::from_str(server.listening_line()).unwrap();
        (server, record)
    };
    let page = record["page"].as_str().unwrap();
    assert!(page.starts_with("https://127.0.0.1:"), "{page}");
    let fingerprint = record["fingerprint"].as_str().unwrap();
    drop(open(&server, trusting(fingerprint)));
    let server = Server::start(&["-f", "json"]);
    let mut stream = server.connect();
    stream.write_all(b"\x16\x03\x01\x02\xfc").unwrap();
    let finding: serde_json::Value = serde_json::from_str(&server.line()).unwrap();
    assert_eq!(finding["rule"], "req-tls-to-plain");
    let record: serde_json::Value = serde_json::from_str(&server.line()).unwrap();
    assert_eq!(
        (&record["type"], &record["hex"], &record["alert"]),
        (
            &"refused".into(),
            &"16030102fc".into(),
            &"protocol_version".into()
        )
    );
}

/// A certificate and its key, in PEM, and the certificate itself.
fn certificate() -> (String, String, CertificateDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let der = certificate.der().clone();
    (
        pem("CERTIFICATE", &der),
        pem("PRIVATE KEY", &key.serialize_der()),
        der,
    )
}

#[test]
fn a_given_certificate_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (cert, key, der) = certificate();
    fs::write(file("cert.pem"), cert).unwrap();
    fs::write(file("key.pem"), key).unwrap();
    let server = Server::start(&["--cert", &file("cert.pem"), "--key", &file("key.pem")]);
    let origin = format!("certificate: from {}; SHA-256", file("cert.pem"));
    assert_eq!(server.line(), origin);
    let mut roots = RootCertStore::empty();
    roots.add(der).unwrap();
    let mut client = open(&server, with_roots(roots));
    client.send(Message::text("hello")).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("hello"));
}

#[test]
fn an_unusable_certificate_is_reported_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let ((cert, key, _), (_, other_key, _)) = (certificate(), certificate());
    fs::write(file("cert.pem"), &cert).unwrap();
    fs::write(file("key.pem"), key).unwrap();
    fs::write(file("other.pem"), other_key).unwrap();
    let bad = pem("CERTIFICATE", b"no certificate");
    fs::write(file("bad.pem"), bad).unwrap();
    let cases = [
        (
            "missing.pem",
            "key.pem",
            "cannot read {missing.pem}: No such file or directory",
        ),
        (
            "cert.pem",
            "missing.pem",
            "cannot read {missing.pem}: No such file or directory",
        ),
        (
            "key.pem",
            "key.pem",
            "cannot use {key.pem}: it has no certificate in PEM",
        ),
        (
            "cert.pem",
            "cert.pem",
            "cannot use {cert.pem}: it has no private key in PEM, or only an encrypted one",
        ),
        (
            "cert.pem",
            "other.pem",
            "cannot use {other.pem}: the key belongs to another certificate",
        ),
        (
            "bad.pem",
            "key.pem",
            "cannot use {bad.pem}: invalid peer certificate: BadEncoding",
        ),
    ];
    for (cert, key, sentence) in cases {
        let outcome = wsctl(["serve", "--cert", &file(cert), "--key", &file(key)]);
        let (before, rest) = sentence.split_once('{').unwrap();
        let (name, after) = rest.split_once('}').unwrap();
        let expected = format!(
            "--- stderr\nwsctl: {before}{}{after}\n--- status 2\n",
            file(name)
        );
        assert_eq!(outcome.to_string(), expected);
    }
    let outcome = wsctl(["serve", "--cert", &file("cert.pem")]);
    assert_eq!(outcome.status, 2);
    assert!(
        outcome.stderr.contains("--key <FILE>"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_client_that_stops_in_the_tls_handshake_does_not_block_the_others() {
    let (server, fingerprint) = start(&[]);
    let mut half = server.connect();
    half.set_read_timeout(Some(TIMEOUT)).unwrap();
    half.write_all(b"\x16\x03\x01\x02\x00\x01").unwrap();
    let silent = server.connect();
    let mut client = open(&server, trusting(&fingerprint));
    client.send(Message::text("hello")).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("hello"));
    drop((half, silent));
    let log = server.log_until("#1 - ");
    let end = log.last().unwrap();
    assert!(
        end.contains("the connection failed (the TLS handshake failed: "),
        "{end}"
    );
}
