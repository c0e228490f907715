//! What `wsctl connect` says of a server that misbehaves in each way of `wsctl serve --fault`.

use wsctl::ws::Role;
use wsctl::ws::fault::faults_of;

use super::connect;
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

/// The rules that findings name.
fn rules(log: &str) -> Vec<&str> {
    let after_severity = |line: &str| line.find("! ").map(|at| at + 2);
    let lines = log
        .lines()
        .filter_map(|line| line.get(after_severity(line)?..));
    let named = lines.filter_map(|line| line.split_once('[')?.1.split_once("]:"));
    named.map(|(rule, _)| rule).collect()
}

#[test]
fn each_fault_is_named_after_the_text_before_it() {
    let mut wrong = Vec::new();
    for (fault, expected, text, status) in TABLE {
        let server = Server::start(&["-q", "--seed", "1", "--fault", fault]);
        let outcome = connect(&server, "one two --wait 500ms --ping-interval 200ms");
        let named = rules(&outcome.stderr);
        if named != *expected || outcome.text() != *text || outcome.status != *status {
            wrong.push(format!("{fault}: {named:?}\n{outcome}"));
        }
        let has_end = outcome.stderr.lines().last().unwrap().contains(" - ");
        assert!(
            has_end || outcome.stderr.contains("answered with"),
            "{fault}: {outcome}"
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
