//! The table of real clients in `src/commands/check/README.md`: what they fail. The tests run the
//! clients of `tests/foreign` with `wsctl check --exec`, and compare the table, or write it with
//! `SNAPSHOTS=overwrite`; and with `--listen`, where the cases that both have must end alike.

use std::process::Command;

use serde_json::Value;

use super::ids;
use super::listening::Listening;
use super::real_servers::grouped;
use crate::helpers::documents::{check_document, document};
use crate::helpers::real_servers::{node, python};
use crate::helpers::run::wsctl;

const DOCUMENT: &str = "src/commands/check/README.md";

/// The line above the rows of the table.
const HEADING: &str =
    "| client | passed | failed | warnings | cases that fail |\n|---|---:|---:|---:|---|\n";

/// A client in Python or JavaScript: the argument of the script, and the name in the table.
type Client = (
    fn(&str) -> Command,
    &'static str,
    &'static str,
    &'static str,
);

const SCRIPTS: [Client; 9] = [
    (python, "check_clients.py", "websockets", "websockets"),
    (python, "check_clients.py", "aiohttp", "aiohttp"),
    (python, "check_clients.py", "tornado", "tornado"),
    (
        python,
        "check_clients.py",
        "websocket-client",
        "websocket-client",
    ),
    (node, "check_clients.js", "ws", "ws"),
    (node, "check_clients.js", "undici", "undici"),
    (node, "check_clients.js", "faye-websocket", "faye-websocket"),
    (
        node,
        "check_clients.js",
        "permessage-deflate",
        "faye-websocket",
    ),
    (node, "check_clients.js", "websocket", "WebSocket-Node"),
];

/// The objects of a report.
fn objects(text: &str) -> Vec<Value> {
    let lines = text.lines().map(|it| serde_json::from_str(it).unwrap());
    lines.collect()
}

/// What a program prints.
fn output(command: &mut Command) -> String {
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

/// A row of the table. `command` runs the client, but for its last argument.
fn row(name: &str, mut command: Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<String> = words.map(|it| format!("'{}'", it.display())).collect();
    let client = format!("{} --once {{url}}", words.join(" "));
    let version = output(command.arg("--version"));
    let outcome = wsctl(["check", "--exec", &client, "-f", "json"]);
    let objects = objects(outcome.text());
    let summary = objects.last().unwrap();
    assert_eq!(summary["flaky"], 0, "{name}");
    format!(
        "| {name} {} | {} | {} | {} | {} |\n",
        version.trim(),
        summary["passed"],
        summary["failed"],
        summary["warning"],
        grouped(&ids(&objects, "failed")).join("; ")
    )
}

#[test]
#[ignore = "needs Python and Node with the libraries of the table"]
fn the_table_is_what_real_clients_do() {
    let mut table = String::new();
    for (program, script, library, name) in SCRIPTS {
        let mut command = program(script);
        command.arg(library);
        table += &row(name, command);
    }
    let text = document(DOCUMENT);
    let (before, rest) = text.split_once(HEADING).unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    check_document(DOCUMENT, &format!("{before}{HEADING}{table}\n{after}"));
}

/// What the row of a client says.
fn ids_of_row(name: &str, version: &str) -> String {
    let text = document(DOCUMENT);
    let (_, table) = text.split_once(HEADING).unwrap();
    let start = format!("| {name} {version} |");
    let row = table.lines().find(|it| it.starts_with(&start)).unwrap();
    row.to_owned()
}

#[test]
#[ignore = "needs Python and Node with the libraries of the table"]
fn clients_that_connect_by_themselves_fail_the_same_cases() {
    for (program, script, library, name) in SCRIPTS {
        let version = output(program(script).args([library, "--version"]));
        let server = Listening::start(&["-f", "json"]);
        output(program(script).args([library, &format!("{}/", server.url)]));
        let objects = objects(server.interrupt().text());
        let row = ids_of_row(name, version.trim());
        let failed = ids(&objects, "failed");
        // After a message that cannot be inflated, and a reason that is not UTF-8, tornado's client
        // closes late, or never.
        let is_late = |it: &&&str| {
            it.starts_with("7692/7.2.2/") || **it == "6455/8.1/reason-bad-utf8" && name == "tornado"
        };
        let failed = failed.iter().filter(|it| !is_late(it));
        for id in failed {
            let (_, case) = id.rsplit_once('/').unwrap();
            assert!(row.contains(case), "{name}: {id}");
        }
        let is_left_out = |it: &&Value| it["cause"] == "the client did not run it";
        assert_eq!(objects.iter().filter(is_left_out).count(), 0, "{name}");
    }
}
