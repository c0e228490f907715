//! Connections through a real proxy: pproxy, in Python, for HTTP and SOCKS 5. `.ci/run` installs it.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

use super::servers::{Authority, SWITCHING, answering, answering_tls};
use super::{failure, opened};

/// A proxy that ends with the test.
struct Proxy {
    child: Child,
    port: u16,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts pproxy with this protocol, which prints its address.
fn start(protocol: &str, credentials: &str) -> Proxy {
    let python = env::var("WSCTL_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut child = Command::new(python)
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
    Proxy { child, port }
}

/// Connects through a proxy to a server without TLS and to one with it.
fn both_servers_are_reached(proxy: &str, shown: &str) {
    let authority = Authority::new("Ours");
    let identity = authority.signs("localhost", 2000, 2100);
    let plain = answering(SWITCHING.as_bytes());
    let secure = answering_tls(identity.server(None, &[]), SWITCHING.as_bytes());
    let after = format!("upgrade\nHTTP/1.1 101 Switching Protocols\nthrough the proxy {shown}\n");
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
