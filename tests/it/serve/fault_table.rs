//! What `src/commands/serve/README.md` says that each fault shows in clients, held against what it does show.

use wsctl::ws::fault::FAULTS;

use crate::helpers::documents::document;
use crate::helpers::server::Server;

/// The columns of its table.
#[derive(Clone, Copy)]
pub(crate) enum Column {
    Chrome = 2,
    Ws = 3,
    Websockets = 4,
}

/// What is to be seen: `show` is given the URL of a server with each fault in turn, and the
/// manner in which a client meets it, and gives what that shows.
#[track_caller]
pub(crate) fn check(column: Column, mut show: impl FnMut(&str, &str) -> String) {
    let (mut count, mut wrong) = (0, Vec::new());
    for row in rows() {
        for fault in faults_of(&row[1]) {
            let server = Server::start(&["-q", "--seed", "1", "--fault", &fault]);
            let cell = &row[column as usize];
            let shown = show(server.url(), manner_for(&fault));
            if !cell.starts_with('(') && !shows(&shown, cell) {
                wrong.push(format!(
                    "{fault} is said to show `{cell}`, and shows `{shown}`"
                ));
            }
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(count, FAULTS.len());
}

/// The cells of the table's rows, an empty one first.
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

/// The faults that a row is about, their arguments filled in.
fn faults_of(cell: &str) -> Vec<String> {
    let fault = |words: &str| {
        let words = words.trim_matches('`').replace("[:CODE]", "");
        let words = words.replace("STATUS", "503").replace("MS", "60");
        let number = if words.contains("after") { "1" } else { "2" };
        words.replace("=N", &format!("={number}"))
    };
    cell.split(", ").map(fault).collect()
}

/// What a client does that meets this fault: it closes after a message, or waits for the
/// server to end it; it pings, or does not wait for an answer to its close frame; or it waits
/// for a message that does not come.
fn manner_for(fault: &str) -> &'static str {
    match fault.split('=').next().unwrap() {
        "no-pong" | "wrong-pong" => "pings",
        "stall" => "stalls",
        "no-close" => "hurries",
        "close-after" | "drop-after" | "reset-after" => "waits",
        _ => "closes",
    }
}

/// Whether everything that a cell says is there, in its order.
fn shows(shown: &str, cell: &str) -> bool {
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
fn the_readme_has_every_fault_once() {
    let named: Vec<String> = rows().iter().flat_map(|row| faults_of(&row[1])).collect();
    let name = |fault: &String| fault.split('=').next().unwrap().to_owned();
    let named: Vec<String> = named.iter().map(name).collect();
    let known: Vec<&str> = FAULTS.iter().map(|kind| kind.name).collect();
    assert_eq!(named, known);
}
