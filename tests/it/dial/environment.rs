//! Environment variables: those that name a proxy, and `SSLKEYLOGFILE`.

use std::fs;
use std::io::{Read as _, Write as _};

use super::connect;
use super::servers::{Authority, closed_port, forwarding, start};
use crate::helpers::server::Server;

#[test]
fn the_variable_that_names_the_proxy_is_told() {
    let port = closed_port();
    let proxy = format!("127.0.0.1:{port}");
    let said = connect("ws://localhost:1/", &[("http_proxy", &proxy)]).stderr;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let named = format!(
        "note: the environment variable http_proxy names the proxy http://{proxy} = note: \
         --no-proxy connects without a proxy"
    );
    assert!(said.contains(&named), "{said}");
}

#[test]
fn a_server_on_localhost_is_reached_through_the_proxy() {
    let (proxy, requests) = forwarding();
    let url = format!("http://me:s3cret@{proxy}");
    for (variable, options) in [
        ("http_proxy", &["-q"][..]),
        ("HTTPS_PROXY", &["-q", "--tls"]),
        ("ALL_PROXY", &["-q"]),
    ] {
        let server = Server::start(options);
        let target = server.url().replace("127.0.0.1", "localhost");
        let folder = tempfile::tempdir().unwrap();
        let record = folder.path().join("record");
        let mut shown = String::new();
        for format in ["text", "frames", "json"] {
            let line = format!(
                "{target} -k -v -f {format} --record {} -u bob:hunter2 -H Cookie:session=c00kie hello \
                 --expect 1",
                record.display()
            );
            let outcome = connect(&line, &[(variable, &url)]);
            assert_eq!(outcome.status, 0, "{variable} {format}: {outcome}");
            assert!(
                outcome.text().contains("hello"),
                "{variable} {format}: {outcome}"
            );
            let notice =
                format!("wsctl: through the proxy http://{proxy}, which {variable} names\n");
            assert!(
                outcome.stderr.contains(&notice),
                "{variable} {format}: {outcome}"
            );
            shown += &outcome.to_string();
            shown += &fs::read_to_string(&record).unwrap();
            let request = requests.recv().unwrap();
            let authority = server.address().replace("127.0.0.1", "localhost");
            let first = format!("CONNECT {authority} HTTP/1.1\r\n");
            assert!(request.starts_with(&first), "{request}");
            let header = "\r\nProxy-Authorization: Basic bWU6czNjcmV0\r\n";
            assert!(request.contains(header), "{request}");
        }
        for secret in [
            "s3cret",
            "bWU6czNjcmV0",
            "hunter2",
            "Ym9iOmh1bnRlcjI=",
            "c00kie",
        ] {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
    }
}

#[test]
fn no_proxy_and_its_variable_make_exceptions() {
    let server = Server::start(&["-q"]);
    let proxy = format!("http://127.0.0.1:{}", closed_port());
    let line = format!("{} hello --expect 1", server.url());
    for (option, exceptions) in [("--no-proxy", ""), ("", "127.0.0.0/8")] {
        let variables = [("ALL_PROXY", proxy.as_str()), ("NO_PROXY", exceptions)];
        let outcome = connect(&format!("{line} {option}"), &variables);
        assert_eq!(outcome.text(), "hello\n", "{outcome}");
    }
}

#[test]
fn the_password_of_a_proxy_is_sent_and_not_printed() {
    let (sender, requests) = std::sync::mpsc::channel();
    let proxy = start(move |mut socket| {
        let mut request = [0; 4096];
        let size = socket.read(&mut request).unwrap();
        let _ = sender.send(String::from_utf8_lossy(&request[..size]).into_owned());
        let _ = socket.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    let url = format!("http://me:s3cret@{proxy}");
    let said = connect("ws://localhost:1/", &[("all_proxy", &url)]).stderr;
    assert!(
        said.contains("all_proxy") && !said.contains("s3cret"),
        "{said}"
    );
    let request = requests.recv().unwrap();
    let header = "\r\nProxy-Authorization: Basic bWU6czNjcmV0\r\n";
    assert!(request.contains(header), "{request}");
}

#[test]
fn the_keys_of_tls_are_written_to_the_file_that_sslkeylogfile_names() {
    let server = Server::start(&["-q", "--tls"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys");
    let variables = [("SSLKEYLOGFILE", file.to_str().unwrap())];
    let outcome = connect(&format!("{} -k hello --expect 1", server.url()), &variables);
    assert_eq!(outcome.text(), "hello\n", "{outcome}");
    let keys = fs::read_to_string(&file).unwrap();
    assert!(keys.contains("CLIENT_TRAFFIC_SECRET_0 "), "{keys}");
}

#[test]
fn the_authorities_of_the_system_are_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Ours");
    let identity = authority.signs("localhost", 2000, 2100);
    let file = |name: &str, content: String| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (cert, key) = (
        file("cert.pem", identity.certificate_pem()),
        file("key.pem", identity.key_pem()),
    );
    let server = Server::start(&["-q", "--cert", &cert, "--key", &key]);
    let roots = file("roots.pem", authority.pem());
    // OpenSSL's variable for the file of the authorities, which the verifier of the platform reads.
    let line = format!(
        "wss://localhost/ --connect-to {} hello --expect 1",
        server.address()
    );
    let outcome = connect(&line, &[("SSL_CERT_FILE", &roots)]);
    assert_eq!(outcome.text(), "hello\n", "{outcome}");
}
