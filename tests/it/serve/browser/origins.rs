//! Pages of several sites that connect: which of them get in.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::Value;

use crate::helpers::server::Server;
use crate::helpers::webdriver::Browser;

/// Serves an empty page to each request. Returns its port.
fn other_site() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            // Chromium opens connections that it may never use.
            thread::spawn(|| answer(stream.unwrap()));
        }
    });
    port
}

fn answer(mut stream: TcpStream) {
    let _ = stream.read(&mut [0; 4096]);
    let _ = stream.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\
          Connection: close\r\n\r\n<!doctype html>",
    );
}

/// What a WebSocket of this page to `url` gets: the echo of a message, or an error.
fn outcome(browser: &Browser, url: &str) -> Value {
    browser.value(&format!("({CONNECT})('{url}', window)"));
    browser.until("window.outcome");
    browser.value("window.outcome")
}

/// The same from a sandboxed frame in this page.
fn outcome_in_sandbox(browser: &Browser, url: &str) -> Value {
    let script =
        format!("({CONNECT})('{url}', {{set outcome(it) {{ parent.postMessage(it, '*') }}}})");
    browser.value(&format!(
        "(() => {{
            window.outcome = null;
            window.onmessage = (event) => window.outcome = event.data;
            const frame = document.createElement('iframe');
            frame.sandbox = 'allow-scripts';
            frame.srcdoc = '<script>' + {} + '</scr' + 'ipt>';
            document.body.append(frame);
        }})()",
        Value::from(script)
    ));
    browser.until("window.outcome");
    browser.value("window.outcome")
}

const CONNECT: &str = "(url, target) => {
    target.outcome = null;
    const socket = new WebSocket(url);
    socket.onopen = () => socket.send('hello');
    socket.onmessage = (event) => target.outcome = event.data;
    socket.onclose = () => target.outcome = 'refused';
}";

#[test]
#[ignore = "needs chromium and chromedriver, which .ci/run installs"]
fn pages_of_other_sites_get_in_only_where_nothing_is_to_be_had() {
    let browser = Browser::start();
    let port = other_site();
    let file = std::env::temp_dir().join(format!("wsctl-page-{}.html", std::process::id()));
    fs::write(&file, "<!doctype html>").unwrap();
    let pages = [
        format!("http://localhost:{port}/"),
        format!("http://evil.example:{port}/"),
        format!("file://{}", file.display()),
    ];
    for (options, expected) in [
        (&[][..], ["hello", "hello", "hello", "hello"]),
        (&["--to", "all"], ["hello", "refused", "refused", "refused"]),
        (
            &["--to", "all", "--origin", "null"],
            ["refused", "refused", "hello", "hello"],
        ),
    ] {
        let server = Server::start(options);
        let mut outcomes: Vec<Value> = Vec::new();
        for page in &pages {
            browser.open(page);
            outcomes.push(outcome(&browser, server.url()));
        }
        browser.open(&pages[0]);
        outcomes.push(outcome_in_sandbox(&browser, server.url()));
        assert_eq!(outcomes, expected, "{options:?}");
    }
    fs::remove_file(file).unwrap();
}
