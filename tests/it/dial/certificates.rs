//! TLS: each way in which it fails, and the options that choose what is trusted.

use std::fs;
use std::path::{Path, PathBuf};

use super::servers::{
    Authority, Identity, SWITCHING, answering, answering_tls, closing, requesting_certificates,
};
use super::{Document, failure, opened};
use crate::helpers::run::wsctl;

/// Writes a file and returns its path.
fn file(folder: &Path, name: &str, content: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path
}

#[test]
fn certificates_that_are_not_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Ours");
    let trust = file(folder.path(), "authority.pem", &authority.pem());
    let trust = format!("--cacert {}", trust.display());
    let mut document = Document::new("certificates");
    let mut add = |title: &str, name: &str, years: (i32, i32), options: &str| {
        let identity = authority.signs(name, years.0, years.1);
        let server = answering_tls(identity.server(None, &[]), SWITCHING.as_bytes());
        let port = server.port();
        document.add(
            title,
            &failure(
                &format!("wss://localhost:{port}/ {options} --connect-to {server}"),
                port,
            ),
        );
    };
    add("Another name", "a.example", (2000, 2100), &trust);
    add("Expired", "localhost", (2000, 2001), &trust);
    add("Not valid yet", "localhost", (2090, 2100), &trust);
    add("Unknown authority", "localhost", (2000, 2100), "");
    // As `openssl req -x509` makes it.
    let identity = Identity::of_an_authority("localhost");
    let own = file(folder.path(), "own.pem", &identity.certificate_pem());
    let server = answering_tls(identity.server(None, &[]), SWITCHING.as_bytes());
    let line = format!(
        "wss://localhost/ --connect-to {server} --cacert {}",
        own.display()
    );
    let said = failure(&line, server.port());
    document.add("A certificate of an authority", &said);
    document.check();
}

#[test]
fn handshakes_that_do_not_succeed() {
    let authority = Authority::new("Ours");
    let identity = authority.signs("localhost", 2000, 2100);
    let mut document = Document::new("tls");
    let mut add = |title: &str, server: std::net::SocketAddr, options: &str| {
        let port = server.port();
        let said = failure(&format!("wss://{server}/ -k {options}"), port);
        document.add(title, &said);
    };
    let config = identity.server(Some(&authority), &[]);
    add(
        "A client certificate is required",
        answering_tls(config, SWITCHING.as_bytes()),
        "",
    );
    add(
        "A client certificate is requested, and the server closes",
        requesting_certificates(&authority),
        "",
    );
    let folder = tempfile::tempdir().unwrap();
    let other = Authority::new("Other").signs("client", 2000, 2100);
    let cert = file(folder.path(), "cert.pem", &other.certificate_pem());
    let key = file(folder.path(), "key.pem", &other.key_pem());
    let config = identity.server(Some(&authority), &[]);
    let given = format!("--cert {} --key {}", cert.display(), key.display());
    add(
        "A client certificate of another authority",
        answering_tls(config, SWITCHING.as_bytes()),
        &given,
    );
    let config = identity.server(None, &["h2"]);
    add(
        "A server that only offers HTTP/2",
        answering_tls(config, SWITCHING.as_bytes()),
        "",
    );
    let plain = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    add("A port without TLS", answering(plain), "");
    // A fatal alert, protocol_version (RFC 8446 section 6).
    add(
        "A server with old versions of TLS",
        answering(b"\x15\x03\x01\x00\x02\x02\x46"),
        "",
    );
    // The same, unrecognized_name (RFC 6066 section 3).
    add(
        "A server without a certificate for the name",
        answering(b"\x15\x03\x03\x00\x02\x02\x70"),
        "",
    );
    add("A server that closes", closing(), "");
    document.check();
}

/// In TLS 1.3 the alert comes after the handshake, in place of the response.
#[test]
fn check_tells_that_a_certificate_of_the_client_is_required() {
    let authority = Authority::new("Ours");
    let identity = authority.signs("localhost", 2000, 2100);
    let server = answering_tls(identity.server(Some(&authority), &[]), SWITCHING.as_bytes());
    let outcome = wsctl(["check", &format!("wss://{server}/"), "-k", "--no-proxy"]);
    // The alert is lost if the server resets the connection before it is read.
    let first = "error[tls-client-certificate]: ";
    assert!(outcome.stderr.starts_with(first), "{outcome}");
    let last = "wsctl: no case was run, because there is no connection\n";
    assert!(outcome.stderr.ends_with(last), "{outcome}");
    assert_eq!((outcome.text(), outcome.status), ("", 2), "{outcome}");
}

#[test]
fn certificates_are_accepted_as_the_options_say() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Ours");
    let trust = file(folder.path(), "authority.pem", &authority.pem());
    let client = authority.signs("client", 2000, 2100);
    let cert = file(folder.path(), "cert.pem", &client.certificate_pem());
    let key = file(folder.path(), "key.pem", &client.key_pem());
    let identity = authority.signs("a.example", 2000, 2100);
    let config = identity.server(Some(&authority), &["h2", "http/1.1"]);
    let server = answering_tls(config, SWITCHING.as_bytes());
    let identity = format!("--cert {} --key {}", cert.display(), key.display());
    let expected = "tcp, tls (TLS 1.3), upgrade\n101 Switching Protocols\n";
    for options in [
        "-k".to_owned(),
        format!("--cacert {} --servername a.example", trust.display()),
    ] {
        let line = format!("wss://{server}/ {options} {identity}");
        assert_eq!(opened(&line, 0), expected, "{options}");
    }
    let line = format!(
        "wss://a.example/ --connect-to {server} --cacert {}",
        trust.display()
    );
    assert_eq!(opened(&format!("{line} {identity}"), 0), expected);
}
