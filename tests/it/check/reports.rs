//! The reports of `wsctl check`, whole.

use std::fs;
use std::path::{Path, PathBuf};

use crate::helpers::run::wsctl;
use crate::helpers::server::Server;
use crate::helpers::snapshots::check_file;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/check")
        .join(name)
}

/// A report without the address of the server, times and the key.
fn normalized(text: &str, server: &Server) -> String {
    let text = text.replace(server.address(), "ADDRESS");
    let port = server.address().rsplit(':').next().unwrap();
    let text = text.replace(&format!("nc 127.0.0.1 {port}"), "nc 127.0.0.1 PORT");
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let line = without_value(line, " in ", " s:");
        let line = without_value(&line, "Sec-WebSocket-Key: ", "\n");
        let line = without_value(&line, "Sec-WebSocket-Key: ", "\\r");
        let line = without_value(&line, "time=\"", "\"");
        let line = without_value(&line, "\"seconds\":", ",");
        let line = without_value(&line, "\"seconds\":", "}");
        out.push_str(&line);
    }
    out
}

/// A line with what is between two texts replaced, each time if it is a number or a key.
fn without_value(line: &str, before: &str, after: &str) -> String {
    let mut parts = line.split(before);
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out.push_str(before);
        match part.split_once(after) {
            Some((value, rest)) if value.parse::<f64>().is_ok() || value.ends_with("==") => {
                out.extend(["N", after, rest]);
            }
            _ => out.push_str(part),
        }
    }
    out
}

#[test]
fn a_failure_is_printed_with_all_that_is_known() {
    let server = Server::start(&["-q", "--fault", "long-length"]);
    let outcome = wsctl([
        "check",
        server.url(),
        "--only",
        "6455/5.2/echo-minimal-126",
        "--only",
        "6455/5.3/*",
        "--only",
        "6455/5.5.1/echo-of-empty",
        "-v",
    ]);
    check_file(
        &data("failure.txt"),
        &normalized(&outcome.to_string(), &server),
    );
}

#[test]
fn a_request_that_is_accepted_is_printed_with_its_lines() {
    // The response is replaced, whatever the request is.
    let server = Server::start(&["-q", "--fault", "no-accept"]);
    let outcome = wsctl(["check", server.url(), "--only", "6455/4.2.2/accept"]);
    check_file(
        &data("request.txt"),
        &normalized(&outcome.to_string(), &server),
    );
}

/// The failures of the sanity case and of pings come before those of the request, and the
/// summary says what several of them have in common.
#[test]
fn the_most_basic_failure_is_printed_first() {
    let server = Server::start(&["-q", "--fault", "no-pong"]);
    let outcome = wsctl([
        "check",
        server.url(),
        "--only",
        "6455/4.2.1/body",
        "--only",
        "6455/5.5.2/ping-0",
        "--only",
        "6455/5.5.2/sanity-*",
        "--case-timeout",
        "300ms",
        "-v",
    ]);
    check_file(
        &data("basic-first.txt"),
        &normalized(&outcome.to_string(), &server),
    );
}

/// One failure of a cause is printed in full, and the others are listed by rule.
#[test]
fn failures_with_the_same_cause_are_printed_together() {
    let server = Server::start(&["-q", "--fault", "no-pong"]);
    let outcome = wsctl([
        "check",
        server.url(),
        "--only",
        "6455/5.5.2/*",
        "--only",
        "6455/5.4/ping-in-message",
        "--only",
        "6455/5.2/byte-by-byte-ping",
        "--only",
        "6455/5.1/answers-*",
        "--case-timeout",
        "300ms",
    ]);
    check_file(
        &data("grouped.txt"),
        &normalized(&outcome.to_string(), &server),
    );
}

#[test]
fn reports_for_programs() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["report.xml", "report.md"].map(|name| folder.path().join(name));
    let server = Server::start(&["-q", "--fault", "long-length"]);
    let outcome = wsctl([
        "check",
        server.url(),
        "--only",
        "6455/5.2/echo-minimal-126",
        "--only",
        "6455/5.3/key-ff",
        "--only",
        "6455/4.2.1/never-finished",
        "-f",
        "json",
        "--junit",
        paths[0].to_str().unwrap(),
        "--markdown",
        paths[1].to_str().unwrap(),
    ]);
    check_file(
        &data("report.jsonl"),
        &normalized(&outcome.to_string(), &server),
    );
    let files = paths.map(|path| normalized(&fs::read_to_string(path).unwrap(), &server));
    check_file(&data("report.xml"), &files[0]);
    check_file(&data("report.md"), &files[1]);
}
