//! The table of real clients in `src/commands/check/README.md`: what they fail. Each client is the
//! program of `wsctl check --exec`, and the table is compared, or written with
//! `SNAPSHOTS=overwrite`. With `--listen`, where a client needs one process for all its cases, they
//! must end as the table says; this takes seconds, and `.ci/run` does it.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

use serde_json::Value;

use super::ids;
use super::listening::Listening;
use super::real_servers::grouped;
use crate::helpers::documents::{check_document, document};
use crate::helpers::real_servers::{node, python};
use crate::helpers::run::wsctl;
use crate::helpers::rust_clients::{Connect, connect_fastwebsockets, connect_tungstenite};
use crate::helpers::rust_servers;

const DOCUMENT: &str = "src/commands/check/README.md";

/// The line above the rows of the table.
const HEADING: &str =
    "| client | passed | failed | warnings | cases that fail |\n|---|---:|---:|---:|---|\n";

/// A client of a library.
struct Client {
    /// The name in the table.
    name: &'static str,
    program: Program,
}

enum Program {
    /// The script in Python, with the argument that names the library.
    Python(&'static str),
    /// The same in JavaScript.
    Node(&'static str),
    /// A client in this process; for `--exec` the test of this name is the program.
    Rust(Connect, &'static str),
}

const CLIENTS: [Client; 11] = [
    Client::new("websockets", Program::Python("websockets")),
    Client::new("aiohttp", Program::Python("aiohttp")),
    Client::new("tornado", Program::Python("tornado")),
    Client::new("websocket-client", Program::Python("websocket-client")),
    Client::new("ws", Program::Node("ws")),
    Client::new("undici", Program::Node("undici")),
    Client::new("faye-websocket", Program::Node("faye-websocket")),
    Client::new("faye-websocket", Program::Node("permessage-deflate")),
    Client::new("WebSocket-Node", Program::Node("websocket")),
    Client::new(
        "tungstenite",
        Program::Rust(connect_tungstenite, "tungstenite"),
    ),
    Client::new(
        "fastwebsockets",
        Program::Rust(connect_fastwebsockets, "fastwebsockets"),
    ),
];

impl Client {
    const fn new(name: &'static str, program: Program) -> Self {
        Self { name, program }
    }

    /// The script, with the name of the library. None for a client in Rust.
    fn script(&self) -> Option<Command> {
        let (mut command, library) = match self.program {
            Program::Python(library) => (python("check_clients.py"), library),
            Program::Node(library) => (node("check_clients.js"), library),
            Program::Rust(..) => return None,
        };
        command.arg(library);
        Some(command)
    }

    /// What the row of the table begins with.
    fn title(&self) -> String {
        let version = match self.script() {
            Some(mut script) => output(script.arg("--version")),
            None => rust_servers::version(self.name).to_owned(),
        };
        format!("| {} {} |", self.name, version.trim())
    }

    /// The command of `--exec`.
    fn command(&self) -> String {
        let Program::Rust(_, test) = self.program else {
            let script = self.script().unwrap();
            let words = std::iter::once(script.get_program()).chain(script.get_args());
            let words: Vec<String> = words.map(|it| format!("'{}'", it.display())).collect();
            return format!("{} --once {{url}}", words.join(" "));
        };
        let tests = env::current_exe().unwrap();
        format!(
            "env {URL}={{url}} '{}' --ignored --exact check::real_clients::{test}",
            tests.display()
        )
    }

    /// Runs all cases of `--listen`.
    fn run_cases(&self, url: &str) {
        let Program::Rust(connect, name) = self.program else {
            let mut script = self.script().unwrap();
            output(script.arg(format!("{url}/")));
            return;
        };
        let count = connect(&format!("{url}/getCaseCount"), false).remove(0);
        let count: usize = String::from_utf8(count).unwrap().parse().unwrap();
        for case in 1..=count {
            connect(&format!("{url}/runCase?case={case}&agent={name}"), true);
        }
        connect(&format!("{url}/updateReports?agent={name}"), false);
    }
}

/// The variable with the URL that a client in Rust connects to.
const URL: &str = "WSCTL_TEST_CLIENT_URL";

#[test]
#[ignore = "a client, which the test of the table runs with a URL"]
fn tungstenite() {
    env::var(URL).map_or_else(|_| Vec::new(), |url| connect_tungstenite(&url, true));
}

#[test]
#[ignore = "a client, which the test of the table runs with a URL"]
fn fastwebsockets() {
    env::var(URL).map_or_else(|_| Vec::new(), |url| connect_fastwebsockets(&url, true));
}

/// The objects of a report.
fn objects(text: &str) -> Vec<Value> {
    let lines = text.lines().map(|it| serde_json::from_str(it).unwrap());
    lines.collect()
}

/// What a program prints.
fn output(command: &mut Command) -> String {
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

/// A row of the table.
fn row(client: &Client) -> String {
    let title = client.title();
    let outcome = wsctl(["check", "--exec", &client.command(), "-f", "json"]);
    let objects = objects(outcome.text());
    let summary = objects.last().unwrap();
    assert_eq!(summary["flaky"], 0, "{title}");
    format!(
        "{title} {} | {} | {} | {} |\n",
        summary["passed"],
        summary["failed"],
        summary["warning"],
        grouped(&ids(&objects, "failed")).join("; ")
    )
}

#[test]
#[ignore = "needs Python and Node with the libraries of the table, and some ten minutes"]
fn the_table_is_what_real_clients_do() {
    let table: String = CLIENTS.iter().map(row).collect();
    let text = document(DOCUMENT);
    let (before, rest) = text.split_once(HEADING).unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    check_document(DOCUMENT, &format!("{before}{HEADING}{table}\n{after}"));
}

/// The cases that fail as the row with this title says.
fn failed_in_table(title: &str) -> BTreeSet<String> {
    let text = document(DOCUMENT);
    let (_, table) = text.split_once(HEADING).unwrap();
    let row = table.lines().find(|it| it.starts_with(title));
    let row = row.unwrap_or_else(|| panic!("the table has no row that begins with {title}"));
    let cell = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
    let groups = cell.split("; ").filter_map(|it| it.split_once(": "));
    let ids = groups.flat_map(|(section, names)| {
        names
            .split(", ")
            .map(move |name| format!("{section}/{name}"))
    });
    ids.collect()
}

/// Whether the client closes the connection too late, if at all: after a message that cannot be
/// inflated, and a reason that is not UTF-8, tornado's client waits for the garbage collection.
fn is_late(client: &Client, id: &str) -> bool {
    const LATE: [&str; 5] = [
        "7692/7.2.2/broken-block",
        "7692/7.2.2/distance-too-far",
        "7692/7.2.2/gzip",
        "7692/7.2.2/zlib",
        "6455/8.1/reason-bad-utf8",
    ];
    client.name == "tornado" && LATE.contains(&id)
}

#[test]
#[ignore = "needs Python and Node with the libraries of the table, which .ci/run installs"]
fn with_listen_they_fail_what_the_table_says() {
    for client in &CLIENTS {
        let title = client.title();
        let in_table = failed_in_table(&title);
        let server = Listening::start(&["-f", "json"]);
        client.run_cases(&server.url);
        let objects = objects(server.interrupt().text());
        let is_case = |id: &String| objects.iter().any(|it| it["case"] == id.as_str());
        let expected: BTreeSet<String> = in_table.into_iter().filter(is_case).collect();
        let failed = ids(&objects, "failed").into_iter();
        let failed: BTreeSet<String> = failed
            .filter(|id| !is_late(client, id))
            .map(str::to_owned)
            .collect();
        assert_eq!(failed, expected, "{title}");
        let is_left_out = |it: &&Value| it["cause"] == "the client did not run it";
        assert_eq!(objects.iter().filter(is_left_out).count(), 0, "{title}");
    }
}
