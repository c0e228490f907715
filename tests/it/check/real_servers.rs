//! The table of real servers in `src/commands/check/README.md`: what they fail. The test starts
//! each server, checks it, and compares the table, or writes it with `SNAPSHOTS=overwrite`. It is
//! a test because the program that it runs is the one that was built, and because the table has
//! to be true.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::{env, thread};

use serde_json::Value;

use crate::helpers::documents::{check_document, document};
use crate::helpers::run::wsctl;

const DOCUMENT: &str = "src/commands/check/README.md";

/// The servers in Python and in JavaScript: the argument of the script, and the name in the table.
const PYTHON: &[(&str, &str)] = &[
    ("websockets", "websockets"),
    ("aiohttp", "aiohttp"),
    ("tornado", "tornado"),
    ("uvicorn-wsproto", "uvicorn"),
    ("hypercorn", "hypercorn"),
];
const NODE: &[(&str, &str)] = &[
    ("ws", "ws"),
    ("faye-websocket", "faye-websocket"),
    ("websocket", "WebSocket-Node"),
];

/// A server that is killed at the end.
struct RealServer(Child);

impl Drop for RealServer {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Starts a script of `tests/foreign`. Returns the version and the port that it prints.
fn start(program: &str, script: &str, library: &str) -> (RealServer, String, String) {
    let path = format!("{}/tests/foreign/{script}", env!("CARGO_MANIFEST_DIR"));
    let mut child = Command::new(program)
        .args([&path, library])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    // What a server prints later must not block it.
    thread::spawn(move || output.lines().map_while(Result::ok).for_each(drop));
    let (version, port) = line.trim().rsplit_once(' ').unwrap();
    (RealServer(child), version.to_owned(), port.to_owned())
}

/// A row of the table.
fn row(name: &str, version: &str, url: &str) -> String {
    let outcome = wsctl(["check", url, "-f", "json"]);
    let lines = outcome.text().lines();
    let objects: Vec<Value> = lines.map(|it| serde_json::from_str(it).unwrap()).collect();
    let summary = objects.last().unwrap();
    let failed = objects.iter().filter(|it| it["result"] == "failed");
    let failed: Vec<&str> = failed.map(|it| it["case"].as_str().unwrap()).collect();
    assert_eq!(summary["flaky"], 0, "{name}");
    format!(
        "| {name} {version} | {} | {} | {} | {} |\n",
        summary["passed"],
        summary["failed"],
        summary["warning"],
        grouped(&failed).join("; ")
    )
}

/// The ids of cases, those of a section together: `6455/4.2.1: no-host, host-twice`.
fn grouped(ids: &[&str]) -> Vec<String> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for id in ids {
        let (section, name) = id.rsplit_once('/').unwrap();
        match groups.iter_mut().find(|it| it.0 == section) {
            Some((_, names)) => names.push(name),
            None => groups.push((section, vec![name])),
        }
    }
    let text = |(section, names): (&str, Vec<&str>)| format!("{section}: {}", names.join(", "));
    groups.into_iter().map(text).collect()
}

#[test]
#[ignore = "needs Python and Node with the libraries of the table"]
fn the_table_is_what_real_servers_do() {
    let python = env::var("WSCTL_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut table = String::new();
    let scripts = [
        (python.as_str(), "servers.py", PYTHON),
        ("node", "servers.js", NODE),
    ];
    for (program, script, libraries) in scripts {
        for (library, name) in libraries {
            let (_server, version, port) = start(program, script, library);
            table += &row(name, &version, &format!("ws://127.0.0.1:{port}/"));
        }
    }
    let text = document(DOCUMENT);
    let (before, rest) = text.split_once("|---|---:|---:|---:|---|\n").unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    let expected = format!("{before}|---|---:|---:|---:|---|\n{table}\n{after}");
    check_document(DOCUMENT, &expected);
}
