//! The table of real clients in `src/commands/check/README.md`: what they fail. The test runs the
//! clients of `tests/foreign` against `wsctl check --listen`, and compares the table, or writes it
//! with `SNAPSHOTS=overwrite`.

use std::env;
use std::process::Command;

use serde_json::Value;

use super::listening::Listening;
use super::real_servers::grouped;
use crate::helpers::documents::{check_document, document};

const DOCUMENT: &str = "src/commands/check/README.md";

/// The line above the rows of the table.
const HEADING: &str =
    "| client | passed | failed | warnings | cases that fail |\n|---|---:|---:|---:|---|\n";

/// The clients in Python and in JavaScript: the argument of the script, and the name in the table.
const PYTHON: &[(&str, &str)] = &[
    ("websockets", "websockets"),
    ("aiohttp", "aiohttp"),
    ("tornado", "tornado"),
    ("websocket-client", "websocket-client"),
];
const NODE: &[(&str, &str)] = &[
    ("ws", "ws"),
    ("faye-websocket", "faye-websocket"),
    ("websocket", "WebSocket-Node"),
];

/// Runs a script. Returns what it prints.
fn script(program: &str, script: &str, library: &str, url: &str) -> String {
    let path = format!("{}/tests/foreign/{script}", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(program).args([&path, library, url]).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

/// A row of the table.
fn row(program: &str, name: &str, script_name: &str, library: &str) -> String {
    let version = script(program, script_name, library, "--version");
    let server = Listening::start(&["-f", "json"]);
    let url = format!("{}/", server.url);
    script(program, script_name, library, &url);
    let outcome = server.interrupt();
    let lines = outcome.text().lines();
    let objects: Vec<Value> = lines.map(|it| serde_json::from_str(it).unwrap()).collect();
    let summary = objects.last().unwrap();
    let failed = objects.iter().filter(|it| it["result"] == "failed");
    let failed: Vec<&str> = failed.map(|it| it["case"].as_str().unwrap()).collect();
    let is_left_out = |it: &&Value| it["cause"] == "the client did not run it";
    assert_eq!(objects.iter().filter(is_left_out).count(), 0, "{name}");
    format!(
        "| {name} {} | {} | {} | {} | {} |\n",
        version.trim(),
        summary["passed"],
        summary["failed"],
        summary["warning"],
        grouped(&failed).join("; ")
    )
}

#[test]
#[ignore = "needs Python and Node with the libraries of the table"]
fn the_table_is_what_real_clients_do() {
    let python = env::var("WSCTL_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut table = String::new();
    let scripts = [
        (python.as_str(), "check_clients.py", PYTHON),
        ("node", "check_clients.js", NODE),
    ];
    for (program, script_name, libraries) in scripts {
        for (library, name) in libraries {
            table += &row(program, name, script_name, library);
        }
    }
    let text = document(DOCUMENT);
    let (before, rest) = text.split_once(HEADING).unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    check_document(DOCUMENT, &format!("{before}{HEADING}{table}\n{after}"));
}
