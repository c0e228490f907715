//! Connections through a real proxy: pproxy, in Python, for HTTP and SOCKS 5; and TLS of OpenSSL, by
//! Python. `.ci/run` installs them.

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

use super::servers::{Authority, SWITCHING, answering, answering_tls};
use super::{failure, opened};

/// A program that ends with the test, and its port.
struct Program {
    child: Child,
    port: u16,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn python() -> Command {
    Command::new(env::var("WSCTL_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned()))
}

/// Starts pproxy with this protocol, which prints its address.
fn start(protocol: &str, credentials: &str) -> Program {
    let mut child = python()
        .args(["-u", "-m", "pproxy", "-l"])
        .arg(format!("{protocol}://127.0.0.1:0{credentials}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let (_, after) = line.split_once("127.0.0.1:").unwrap();
    let port = after.split(' ').next().unwrap().parse().unwrap();
    // It stops if its output is closed.
    thread::spawn(move || output.lines().map_while(Result::ok).count());
    Program { child, port }
}

/// Connects through a proxy to a server without TLS and to one with it.
fn both_servers_are_reached(proxy: &str, shown: &str) {
    let authority = Authority::new("Ours");
    let identity = authority.signs("localhost", 2000, 2100);
    let plain = answering(SWITCHING.as_bytes());
    let secure = answering_tls(identity.server(None, &[]), SWITCHING.as_bytes());
    let after = format!("upgrade\n101 Switching Protocols\nthrough the proxy {shown}\n");
    // The proxy resolves the name, which is not resolved here.
    let line = format!("ws://localhost:{}/ --proxy {proxy}", plain.port());
    assert_eq!(opened(&line, 0), format!("tcp, proxy, {after}"));
    let line = format!("wss://localhost:{}/ -k --proxy {proxy}", secure.port());
    assert_eq!(
        opened(&line, 0),
        format!("tcp, proxy, tls (TLS 1.3), {after}")
    );
}

/// Connects through a proxy without a password, and through one that wants it: first without,
/// then with it.
fn check(protocol: &str, scheme: &str, refusal: &str) {
    let proxy = start(protocol, "");
    let url = format!("{scheme}://127.0.0.1:{}", proxy.port);
    both_servers_are_reached(&url, &url);
    let proxy = start(protocol, "#me:secret");
    let url = format!("{scheme}://127.0.0.1:{}", proxy.port);
    let said = failure(&format!("ws://localhost:1/ --proxy {url}"), proxy.port);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.starts_with(refusal), "{said}");
    both_servers_are_reached(&url.replace("://", "://me:secret@"), &url);
}

#[test]
#[ignore = "needs Python with pproxy, which .ci/run installs"]
fn connections_through_an_http_proxy() {
    check(
        "http",
        "http",
        "error[proxy-failed]: the proxy refuses the connection: 407 ",
    );
}

#[test]
#[ignore = "needs Python with pproxy, which .ci/run installs"]
fn connections_through_a_socks_proxy() {
    check(
        "socks5",
        "socks5h",
        "error[proxy-failed]: the proxy closed the connection before the reply",
    );
}

/// OpenSSL answers with the alert `handshake_failure` in TLS 1.2.
#[test]
#[ignore = "needs Python, which .ci/run installs"]
fn python_s_openssl_requires_a_client_certificate_in_tls_1_2() {
    const SERVER: &str = "
import socket, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.maximum_version = ssl.TLSVersion.TLSv1_2
context.verify_mode = ssl.CERT_REQUIRED
context.load_cert_chain(sys.argv[1], sys.argv[2])
context.load_verify_locations(sys.argv[3])
listener = socket.create_server(('127.0.0.1', 0))
print(listener.getsockname()[1], flush=True)
try:
    context.wrap_socket(listener.accept()[0], server_side=True)
except ssl.SSLError:
    pass
";
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Ours");
    let identity = authority.signs("localhost", 2000, 2100);
    let contents = [
        identity.certificate_pem(),
        identity.key_pem(),
        authority.pem(),
    ];
    let files = ["cert", "key", "authority"].map(|name| folder.path().join(name));
    for (file, content) in files.iter().zip(contents) {
        fs::write(file, content).unwrap();
    }
    let mut child = python()
        .args(["-c", SERVER])
        .args(&files)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let port = line.trim().parse().unwrap();
    let _server = Program { child, port };
    let said = failure(&format!("wss://127.0.0.1:{port}/ -k"), port);
    // The alert is lost if the server resets the connection before it is read.
    assert!(
        said.starts_with("error[tls-client-certificate]: "),
        "{said}"
    );
}
