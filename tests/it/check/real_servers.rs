//! The table of real servers in `src/commands/check/README.md`: what they fail. The test starts
//! each server, checks it, and compares the table, or writes it with `SNAPSHOTS=overwrite`. It is
//! a test because the program that it runs is the one that was built, and because the table has
//! to be true.

use serde_json::Value;

use crate::helpers::documents::{check_document, document};
use crate::helpers::real_servers::Library;
use crate::helpers::run::wsctl;

const DOCUMENT: &str = "src/commands/check/README.md";

const LIBRARIES: [Library; 11] = [
    Library::python("websockets", "websockets"),
    Library::python("aiohttp", "aiohttp"),
    Library::python("tornado", "tornado"),
    Library::python("uvicorn-wsproto", "uvicorn"),
    Library::python("hypercorn", "hypercorn"),
    Library::node("ws", "ws"),
    Library::node("faye-websocket", "faye-websocket"),
    Library::node("permessage-deflate", "faye-websocket"),
    Library::node("websocket", "WebSocket-Node"),
    Library::TUNGSTENITE,
    Library::FASTWEBSOCKETS,
];

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
pub(super) fn grouped(ids: &[&str]) -> Vec<String> {
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
#[ignore = "needs Python and Node with the libraries of the table, which .ci/run installs"]
fn the_table_is_what_real_servers_do() {
    let mut table = String::new();
    for library in LIBRARIES {
        let server = library.start(None);
        table += &row(library.name, &server.version, &server.url);
    }
    let text = document(DOCUMENT);
    let (before, rest) = text.split_once("|---|---:|---:|---:|---|\n").unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    let expected = format!("{before}|---|---:|---:|---:|---|\n{table}\n{after}");
    check_document(DOCUMENT, &expected);
}
