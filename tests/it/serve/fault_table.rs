//! Compares the table of faults in `src/commands/serve/README.md` with what clients really show.

use wsctl::ws::{Role, fault};

use crate::helpers::documents::document;
use crate::helpers::server::Server;

/// The columns of the table.
#[derive(Clone, Copy)]
pub(crate) enum Column {
    Chrome = 2,
    Ws = 3,
    Websockets = 4,
}

/// Checks a column. `show` gets the URL of a server with a fault and the behavior of the client,
/// and returns what the client shows.
#[track_caller]
pub(crate) fn check(column: Column, mut show: impl FnMut(&str, &str) -> String) {
    let (mut count, mut wrong) = (0, Vec::new());
    for row in rows() {
        for fault in faults_of(&row[1]) {
            let server = Server::start(&["-q", "--seed", "1", "--fault", &fault]);
            let cell = &row[column as usize];
            let shown = show(server.url(), behavior_for(&fault));
            if !cell.starts_with('(') && !has_in_order(&shown, cell) {
                wrong.push(format!("{fault}: expected `{cell}`, found `{shown}`"));
            }
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(count, fault::faults_of(Role::Server).count());
}

/// The cells of each row. The first cell, before the first `|`, is empty.
fn rows() -> Vec<Vec<String>> {
    let document = document("src/commands/serve/README.md");
    let table = document.split("| fault | Chrome |").nth(1).unwrap();
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    rows.map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

/// The faults in the first column of a row, with values for their parameters.
fn faults_of(cell: &str) -> Vec<String> {
    let fault = |words: &str| {
        let words = words.trim_matches('`').replace("[:CODE]", "");
        let words = words.replace("STATUS", "503").replace("MS", "60");
        let number = if words.contains("after") { "1" } else { "2" };
        words.replace("=N", &format!("={number}"))
    };
    cell.split(", ").map(fault).collect()
}

/// What the client does: `closes` after a message, `waits` until the server ends the connection,
/// `pings`, `hurries` (does not wait for the answer to its close frame), or `stalls` (waits for a
/// message that does not come).
fn behavior_for(fault: &str) -> &'static str {
    match fault.split('=').next().unwrap() {
        "no-pong" | "wrong-pong" => "pings",
        "stall" => "stalls",
        "no-close" => "hurries",
        "close-after" | "drop-after" | "reset-after" => "waits",
        _ => "closes",
    }
}

/// Whether all parts of a cell are in `shown`, in this order.
fn has_in_order(shown: &str, cell: &str) -> bool {
    let mut rest = shown;
    cell.split("; ")
        .flat_map(|part| part.split('…'))
        .all(|part| {
            let found = rest.split_once(part.trim());
            rest = found.map_or("", |(_, after)| after);
            found.is_some()
        })
}

#[test]
fn the_table_has_each_fault_once() {
    let named: Vec<String> = rows().iter().flat_map(|row| faults_of(&row[1])).collect();
    let name = |fault: &String| fault.split('=').next().unwrap().to_owned();
    let named: Vec<String> = named.iter().map(name).collect();
    let known: Vec<&str> = fault::faults_of(Role::Server)
        .map(|kind| kind.name)
        .collect();
    assert_eq!(named, known);
}
