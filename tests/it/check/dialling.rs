//! The options of `wsctl check` that say how to connect and what the requests have.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use super::{check, ids};
use crate::helpers::run::wsctl;
use crate::helpers::server::Server;

const ONE: [&str; 2] = ["--only", "6455/4.2.1/valid"];

/// Checks with one case that options work.
#[track_caller]
fn passes(url: &str, options: &[&str]) {
    let arguments = ["check", url, "-v"];
    let outcome = wsctl(arguments.iter().chain(&ONE).chain(options));
    let first = outcome.text().lines().next();
    assert_eq!(first, Some("passed   6455/4.2.1/valid"), "{outcome}");
}

#[test]
fn the_address_may_be_another_one() {
    let server = Server::start(&["-q"]);
    let address = server.address();
    let port = address.rsplit(':').next().unwrap();
    let check = ["--connect-to", address, "--no-proxy"];
    passes("ws://localhost/", &check);
    let check = ["-4", "--connect-timeout", "5s"];
    passes(&format!("localhost:{port}"), &check);
    let check = ["check", &format!("127.0.0.1:{port}"), "-6"];
    let outcome = wsctl(check);
    assert!(outcome.stderr.contains("host-not-found"), "{outcome}");
}

#[test]
fn a_unix_socket_or_a_proxy_that_is_not_there_is_told() {
    let check = ["check", "ws://localhost/", "--unix", "/no/such/socket"];
    let outcome = wsctl(check);
    assert!(outcome.stderr.contains("/no/such/socket"), "{outcome}");
    assert_eq!(outcome.status, 2);
    let check = [
        "check",
        "ws://127.0.0.1:1/",
        "--proxy",
        "http://127.0.0.1:2",
    ];
    let outcome = wsctl(check);
    assert!(outcome.stderr.contains("proxy"), "{outcome}");
    assert_eq!(outcome.status, 2);
}

#[test]
fn the_certificate_of_a_server_is_verified() {
    let server = Server::start(&["-q", "--tls"]);
    let check = ["check", server.url()];
    let outcome = wsctl(check);
    assert!(outcome.stderr.contains("tls-certificate"), "{outcome}");
    let check = ["-k", "--servername", "localhost"];
    passes(server.url(), &check);
    for options in [
        ["--cacert", "no.pem"].as_slice(),
        &["--cert", "no.pem", "--key", "key.pem"],
    ] {
        let check = ["check", server.url()];
        let outcome = wsctl(check.iter().chain(options));
        let expected =
            "--- stderr\nwsctl: cannot read no.pem: No such file or directory\n--- status 2\n";
        assert_eq!(outcome.to_string(), expected);
    }
}

#[test]
fn a_redirect_is_followed() {
    let server = Server::start(&["-q"]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let location = server.url().to_owned();
    let redirect = thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        assert!(client.read(&mut request).unwrap() > 0);
        let head = format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n");
        client.write_all(head.as_bytes()).unwrap();
    });
    let check = ["--location"];
    passes(&format!("ws://{address}/"), &check);
    redirect.join().unwrap();
}

#[test]
fn headers_are_in_each_request() {
    let server = Server::start(&["-q", "--origin", "http://a.example"]);
    let (objects, status) = check(
        &server,
        &["--origin", "http://a.example", "--only", "6455/5.3/*"],
    );
    assert_eq!(ids(&objects, "passed").len(), 3);
    assert_eq!(status, 0);

    let server = Server::start(&["-q", "--fault", "no-accept"]);
    let check = [
        "-H",
        "X-Own: 1",
        "-u",
        "me:secret",
        "--only",
        "*/upgrade-token",
        "--only",
        "*/accept",
    ];
    let shown = |options: &[&str]| {
        let check = ["check", server.url()];
        wsctl(check.iter().chain(options)).text().to_owned()
    };
    let hidden = shown(&check);
    let lines = "            X-Own: 1\n            Authorization: Basic (12 bytes hidden)\n";
    assert!(hidden.contains(lines), "{hidden}");
    let open = shown(&[&check[..], &["--show-secrets"]].concat());
    let lines = "            X-Own: 1\n            Authorization: Basic bWU6c2VjcmV0\n";
    assert!(open.contains(lines), "{open}");
}

/// The proxy is where a connection would arrive.
#[test]
fn a_public_host_is_checked_only_if_that_is_confirmed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let through_proxy = |url: &str, options: &[&str]| {
        let check = ["check", url, "--proxy", &proxy];
        wsctl(check.iter().chain(options))
    };
    for (url, options, why) in [
        ("ws://192.0.2.1:9000/", [].as_slice(), "192.0.2.1 is public"),
        ("ws://[2001:db8::1]/", &[], "2001:db8::1 is public"),
        ("ws://example.com/", &[], "example.com may be public"),
        ("ws://192.0.2.1/", &["--location"], "192.0.2.1 is public"),
        (
            "ws://localhost/",
            &["--connect-to", "192.0.2.1:80"],
            "192.0.2.1 is public",
        ),
    ] {
        let outcome = through_proxy(url, options);
        let expected =
            format!("--- stderr\nwsctl: {why}; --yes checks it all the same\n--- status 2\n");
        assert_eq!(outcome.to_string(), expected, "{url}");
    }
    listener.set_nonblocking(true).unwrap();
    let refused = listener.accept().unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::WouldBlock);
    listener.set_nonblocking(false).unwrap();

    let asked = thread::spawn(move || {
        let hosts = [
            "192.0.2.1:80",
            "example.com:80",
            "10.1.2.3:80",
            "localhost:80",
            "[fd00::1]:80",
        ];
        for host in hosts {
            let (mut client, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let size = client.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..size]).into_owned();
            assert!(
                request.starts_with(&format!("CONNECT {host} HTTP/1.1\r\n")),
                "{request}"
            );
            client
                .write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
                .unwrap();
        }
    });
    for (url, options) in [
        ("ws://192.0.2.1/", ["--yes"].as_slice()),
        ("ws://example.com/", &["--yes"]),
        ("ws://10.1.2.3/", &[]),
        ("ws://localhost/", &[]),
        ("ws://[fd00::1]/", &[]),
    ] {
        let outcome = through_proxy(url, options);
        assert!(outcome.stderr.contains("502"), "{outcome}");
    }
    asked.join().unwrap();
}

/// It is refused before it is dialled: nothing answers at this address.
#[test]
fn a_redirect_to_a_public_host_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let redirect = thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        assert!(client.read(&mut request).unwrap() > 0);
        let head = "HTTP/1.1 302 Found\r\nLocation: ws://192.0.2.1/\r\n\r\n";
        client.write_all(head.as_bytes()).unwrap();
    });
    let url = format!("ws://{address}/");
    let outcome = wsctl(["check", &url, "--location", "--no-proxy"]);
    let expected =
        "--- stderr\nwsctl: 192.0.2.1 is public; --yes checks it all the same\n--- status 2\n";
    assert_eq!(outcome.to_string(), expected);
    redirect.join().unwrap();
}

/// The unspecified address is this machine where it is dialled.
#[test]
fn the_unspecified_address_is_this_machine() {
    let server = Server::start(&["-q"]);
    let port = server.address().rsplit(':').next().unwrap();
    passes(&format!("ws://0.0.0.0:{port}/"), &["--no-proxy"]);
    let check = ["check", &format!("ws://[::]:{port}/"), "--no-proxy"];
    let outcome = wsctl(check);
    assert!(!outcome.stderr.contains("--yes"), "{outcome}");
}
