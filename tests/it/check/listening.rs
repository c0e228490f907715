//! `wsctl check --listen`: the URLs of Autobahn's fuzzing server, asked by a test harness that uses
//! tungstenite as libraries use themselves.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::thread::{self, JoinHandle};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tungstenite::{Message, connect};

use crate::helpers::run::{self, Outcome, program, wsctl};

/// A running `wsctl check --listen 0`.
pub(super) struct Listening {
    child: Child,
    /// Reads what is printed after the first line, so that wsctl never waits for the reader.
    output: JoinHandle<Vec<u8>>,
    /// `ws://127.0.0.1:PORT`.
    pub(super) url: String,
}

impl Listening {
    pub(super) fn start(options: &[&str]) -> Self {
        let mut child = program()
            .args(["check", "--listen", "0"])
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let at = line.find("ws://").unwrap();
        let end = line[at + 5..].find('/').unwrap();
        let url = line[at..at + 5 + end].to_owned();
        let output = thread::spawn(move || {
            let mut rest = Vec::new();
            output.read_to_end(&mut rest).unwrap();
            rest
        });
        Self { child, output, url }
    }

    /// Sends messages back until the connection ends. Returns those that came.
    fn harness(&self, target: &str, echoes: bool) -> Vec<String> {
        let (mut client, _) = connect(format!("{}{target}", self.url)).unwrap();
        let mut messages = Vec::new();
        while let Ok(message) = client.read() {
            if let Message::Text(text) = &message {
                messages.push(text.to_string());
            }
            if echoes && (message.is_text() || message.is_binary()) {
                // The next read tells that the connection has ended.
                let _ = client.send(message);
            }
        }
        messages
    }

    fn ask(&self, target: &str) -> Vec<String> {
        self.harness(target, false)
    }

    /// The answer to a request that is refused.
    fn refusal(&self, request: &str) -> String {
        let mut socket = TcpStream::connect(&self.url[5..]).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        format!("{}: {body}", head.lines().next().unwrap())
    }

    /// Presses Ctrl-C. Returns what was printed after the first line.
    pub(super) fn interrupt(self) -> Outcome {
        let id = Pid::from_raw(self.child.id().cast_signed()).unwrap();
        kill_process(id, Signal::INT).unwrap();
        self.wait()
    }

    fn wait(self) -> Outcome {
        let mut output = self.child.wait_with_output().unwrap();
        output.stdout = self.output.join().unwrap();
        Outcome::of(output)
    }
}

/// An output without times.
fn without_time(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once(" in ") {
        Some((before, after)) if after.contains(" s: ") => {
            let (_, after) = after.split_once(" s: ").unwrap();
            format!("{before} in N s: {after}\n")
        }
        _ => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn tungstenite_runs_all_cases() {
    let server = Listening::start(&[]);
    let count = server.ask("/getCaseCount");
    let listed = wsctl(["check", "--list", "--listen", "0"]);
    assert_eq!(count, [listed.text().lines().count().to_string()]);
    for case in 1..=count[0].parse().unwrap() {
        let case: u32 = case;
        server.harness(&format!("/runCase?case={case}&agent=tungstenite"), true);
    }
    server.ask("/updateReports?agent=tungstenite");
    let outcome = server.interrupt();
    assert!(!outcome.text().contains("failed"), "{outcome}");
    assert_eq!(outcome.stderr, "");
    assert_eq!(outcome.status, 0);
}

#[test]
fn a_report_comes_when_a_client_asks_for_it_and_at_the_end() {
    let server = Listening::start(&[
        "--only",
        "6455/5.2/0-text",
        "--only",
        "6455/5.2/rsv-1",
        "--only",
        "6455/5.5.2/ping-1",
        "-v",
        "--case-timeout",
        "300ms",
    ]);
    assert_eq!(server.ask("/getCaseCount"), ["3"]);
    assert_eq!(
        server.ask("/getCaseInfo?case=1"),
        [r#"{"description":"a text message of 0 bytes","id":"6455/5.2/0-text"}"#]
    );
    // The last result of a case counts, and the order is that of the list.
    server.harness("/runCase?case=2&agent=a%20b", true);
    server.harness("/runCase?case=1&agent=a%20b", false);
    assert_eq!(
        server.ask("/getCaseStatus?case=1&agent=a%20b"),
        [r#"{"behavior":"FAILED"}"#]
    );
    server.harness("/runCase?case=1&agent=a%20b", true);
    assert_eq!(
        server.ask("/getCaseStatus?case=1&agent=a%20b"),
        [r#"{"behavior":"OK"}"#]
    );
    assert_eq!(
        server.ask("/getCaseStatus?case=3&agent=a%20b"),
        [r#"{"behavior":"MISSING"}"#]
    );
    assert_eq!(server.ask("/updateReports?agent=a%20b"), [""; 0]);
    // Another client never asks for its report.
    server.harness("/runCase?case=1&agent=other", false);
    let outcome = server.interrupt();
    assert_eq!(
        without_time(outcome.text()),
        "\
a b:
passed   6455/5.2/rsv-1
failed   6455/5.2/0-text:
         the client does not send the message back, and goes on
passed   6455/5.2/0-text

lengths                    1 passed
reserved bits and opcodes  1 passed
control frames             1 skipped

a b: 3 cases in N s: 2 passed, 1 skipped
skipped 1: the client did not run it
other:
failed   6455/5.2/0-text:
         the client does not send the message back, and goes on

failed 6455/5.2/0-text (must)
  a text message of 0 bytes
  sent      81 00
  expected  the message comes back
  came      GET /runCase?case=1&agent=other
  rule      RFC 6455 section 5.2
  cause     the client does not send the message back, and goes on
  fix       handle it as any other message

lengths                    1 failed
reserved bits and opcodes  1 skipped
control frames             1 skipped

other: 3 cases in N s: 1 failed, 2 skipped
skipped 2: the client did not run it
"
    );
    assert_eq!(outcome.status, 1);
}

#[test]
fn files_have_the_reports_of_all_clients() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["report.xml", "report.md", "failed.txt"].map(|name| folder.path().join(name));
    let server = Listening::start(&[
        "--only",
        "6455/5.2/125-text",
        "-f",
        "json",
        "--case-timeout",
        "300ms",
        "--junit",
        paths[0].to_str().unwrap(),
        "--markdown",
        paths[1].to_str().unwrap(),
        "--write-expected",
        paths[2].to_str().unwrap(),
    ]);
    server.harness("/runCase?case=1&agent=one", true);
    server.harness("/runCase?case=1&agent=two", false);
    server.ask("/updateReports?agent=one");
    let [xml, markdown, failed] = paths.map(|path| fs::read_to_string(path).unwrap());
    server.ask("/updateReports?agent=two&shutdownOnComplete=true");
    let outcome = server.wait();
    assert_eq!(outcome.status, 1);
    let lines = outcome.text().lines();
    let objects: Vec<Value> = lines.map(|it| serde_json::from_str(it).unwrap()).collect();
    let shown: Vec<String> = objects
        .iter()
        .map(|it| format!("{} {} {}", it["type"], it["agent"], it["result"]))
        .collect();
    assert_eq!(
        shown,
        [
            r#""case" "one" "passed""#,
            r#""summary" null null"#,
            r#""case" "two" "failed""#,
            r#""summary" null null"#
        ]
    );
    let suites = [
        "<testsuites name=\"wsctl check one, two\" tests=\"2\" failures=\"1\" skipped=\"0\"",
        "<testsuite name=\"one: lengths\" tests=\"1\" failures=\"0\" skipped=\"0\">",
        "<testsuite name=\"two: lengths\" tests=\"1\" failures=\"1\" skipped=\"0\">",
    ];
    for suite in suites {
        assert!(xml.contains(suite), "{xml}");
    }
    let headings: Vec<&str> = markdown.lines().filter(|it| it.starts_with('#')).collect();
    assert_eq!(
        headings,
        ["# wsctl check `one`", "# wsctl check `two`", "## failed"]
    );
    assert_eq!(failed, "6455/5.2/125-text\n");
}

#[test]
fn several_clients_run_at_once() {
    let server = Listening::start(&["--only", "6455/5.2/opcode-*"]);
    thread::scope(|scope| {
        for agent in ["a", "b", "c", "d"] {
            let server = &server;
            scope.spawn(move || {
                for case in 1..=10 {
                    server.harness(&format!("/runCase?case={case}&agent={agent}"), true);
                }
                server.ask(&format!("/updateReports?agent={agent}"));
            });
        }
    });
    let outcome = server.interrupt();
    let mut summaries: Vec<String> = without_time(outcome.text())
        .lines()
        .filter(|line| line.contains(" in N s: "))
        .map(str::to_owned)
        .collect();
    summaries.sort();
    let expected = ["a", "b", "c", "d"].map(|agent| format!("{agent}: 10 cases in N s: 10 passed"));
    assert_eq!(summaries, expected);
    assert_eq!(outcome.status, 0);
}

#[test]
fn other_requests_are_refused() {
    let server = Listening::start(&["--only", "6455/5.2/rsv-1"]);
    let headers = "Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    let refusal = |target: &str| server.refusal(&format!("GET {target} HTTP/1.1\r\n{headers}"));
    assert_eq!(
        refusal("/runCase?case=2&agent=a"),
        "HTTP/1.1 400 Bad Request: Case=2 is not a number from 1 to 1.\n"
    );
    assert_eq!(
        refusal("/"),
        "HTTP/1.1 404 Not Found: The paths are /getCaseCount, /getCaseInfo, /getCaseStatus, \
         /runCase and /updateReports.\n"
    );
    let page = server.refusal("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(
        page.starts_with("HTTP/1.1 426 Upgrade Required: "),
        "{page}"
    );
    let outcome = server.interrupt();
    let last = "wsctl: no case was run: no client asked for one\n";
    assert!(outcome.stderr.ends_with(last), "{outcome}");
    assert_eq!(outcome.stderr.lines().count(), 4, "{outcome}");
    assert_eq!(outcome.status, 2);
}

#[test]
fn options_of_servers_are_refused() {
    for option in ["--yes", "-k", "--server-closes bye"] {
        let line = format!("check --listen 0 {option}");
        let outcome = wsctl(line.split(' '));
        assert!(outcome.stderr.contains("cannot be used with"), "{outcome}");
        assert_eq!(outcome.status, 2);
    }
    run::check(
        "check --listen 70000",
        "--- stderr\nerror: invalid value '70000' for '--listen <PORT>': expected a number from 0 to \
         65535\n\nFor more information, try '--help'.\n--- status 2\n",
    );
}
