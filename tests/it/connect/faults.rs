//! What `wsctl connect` says of a server that misbehaves in each way of `wsctl serve --fault`.

use std::thread;

use wsctl::ws::Role;
use wsctl::ws::fault::faults_of;

use super::connect;
use crate::helpers::run::wsctl;
use crate::helpers::server::Server;

/// A fault, the rules that are named, the texts that are printed before, and the exit status.
type Row = (&'static str, &'static [&'static str], &'static str, i32);

/// Two messages are sent, with pings. The faults that are legal give 0.
const TABLE: &[Row] = &[
    ("reject=503", &["resp-status"], "", 1),
    ("bad-accept", &["accept-wrong"], "", 1),
    ("no-accept", &["accept-missing"], "", 1),
    ("glue", &[], "in one write with the 101\none\ntwo\n", 0),
    ("delay=20", &[], "one\ntwo\n", 0),
    ("split=2", &[], "one\ntwo\n", 0),
    ("fragment=2", &[], "one\ntwo\n", 0),
    ("mask", &["server-masks"], "", 1),
    ("rsv1", &["rsv1-not-negotiated", "pmd-flag-mismatch"], "", 1),
    ("opcode=3", &["rsv23-or-opcode"], "", 1),
    ("opcode=2", &[], "one\ntwo\n", 0),
    ("bad-utf8", &["text-not-utf8"], "", 1),
    ("long-length", &["len64-not-minimal"], "", 1),
    ("http", &["http-in-stream"], "", 1),
    ("no-pong", &["ping-without-pong"], "one\ntwo\n", 1),
    ("wrong-pong", &["pong-wrong-payload"], "one\ntwo\n", 1),
    ("close-after=1", &[], "one\n", 0),
    ("close-after=1:1000", &[], "one\n", 0),
    ("close-after=1:1011", &[], "one\n", 1),
    ("close-code=1005", &["close-reserved-code"], "one\ntwo\n", 1),
    ("no-close", &["close-not-completed"], "one\ntwo\n", 1),
    ("drop-after=1", &["close-not-completed"], "one\n", 1),
    ("reset-after=1", &["close-not-completed"], "one\n", 1),
    ("truncate", &["len-beyond-data"], "", 1),
    ("stall", &["ping-without-pong", "len-beyond-data"], "", 1),
];

/// The faults that `serve --deflate` refuses: compression hides them.
const USELESS_WITH_DEFLATE: [&str; 2] = ["rsv1", "bad-utf8"];

/// The rules that findings name.
fn rules(log: &str) -> Vec<&str> {
    let after_severity = |line: &str| line.find("! ").map(|at| at + 2);
    let lines = log
        .lines()
        .filter_map(|line| line.get(after_severity(line)?..));
    let named = lines.filter_map(|line| line.split_once('[')?.1.split_once("]:"));
    named.map(|(rule, _)| rule).collect()
}

/// What is wrong with the outcome of a row, if the server and the client have these options.
fn mistake(row: &Row, server: &[&str], client: &str) -> Option<String> {
    let (fault, expected, text, status) = row;
    let server = Server::start(&[&["-q", "--seed", "1", "--fault", fault], server].concat());
    let arguments = format!("one two --wait 700ms --ping-interval 300ms {client}");
    let outcome = connect(&server, &arguments);
    let named = rules(&outcome.stderr);
    let has_end = outcome.stderr.lines().last().unwrap().contains(" - ");
    let is_told = has_end || outcome.stderr.contains("answered with");
    let is_right = named == *expected && outcome.text() == *text && outcome.status == *status;
    (!is_right || !is_told).then(|| format!("{fault}: {named:?}\n{outcome}"))
}

/// Checks all rows, a few at the same time: most of the time they wait.
fn check(rows: &[&Row], server: &[&str], client: &str) {
    let mistakes = thread::scope(|scope| {
        let parts = rows.chunks(rows.len().div_ceil(4));
        let threads = parts.map(|part| {
            scope.spawn(move || {
                let mistakes = part.iter().filter_map(|row| mistake(row, server, client));
                mistakes.collect::<Vec<_>>()
            })
        });
        let threads: Vec<_> = threads.collect();
        let mistakes = threads.into_iter().flat_map(|it| it.join().unwrap());
        mistakes.collect::<Vec<_>>()
    });
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn each_fault_is_named_after_the_text_before_it() {
    check(&TABLE.iter().collect::<Vec<_>>(), &[], "");
}

#[test]
fn each_fault_is_named_if_the_server_declines_compression() {
    check(&TABLE.iter().collect::<Vec<_>>(), &[], "--deflate");
}

#[test]
fn each_fault_is_named_in_a_compressed_conversation() {
    let is_useful = |row: &&Row| !USELESS_WITH_DEFLATE.contains(&row.0);
    let rows: Vec<&Row> = TABLE.iter().filter(is_useful).collect();
    assert_eq!(rows.len() + USELESS_WITH_DEFLATE.len(), TABLE.len());
    check(&rows, &["--deflate"], "--deflate");
    for fault in USELESS_WITH_DEFLATE {
        let outcome = wsctl(["serve", "--port", "0", "--deflate", "--fault", fault]);
        let words = format!("wsctl: --fault {fault} has no effect with --deflate: ");
        assert!(outcome.stderr.starts_with(&words), "{outcome}");
        assert_eq!(outcome.status, 2, "{fault}");
    }
}

#[test]
fn the_table_has_each_fault() {
    for fault in faults_of(Role::Server) {
        let is_in = TABLE
            .iter()
            .any(|(words, ..)| words.split('=').next() == Some(fault.name));
        assert!(is_in, "{}", fault.name);
    }
}
