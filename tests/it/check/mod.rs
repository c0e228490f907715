//! `wsctl check`: its cases against `wsctl serve`, its options, and its reports.

mod clients;
mod commands;
mod deviations;
mod dialling;
mod listening;
mod one_at_a_time;
mod options;
mod peer;
mod plain_server;
mod real_clients;
mod real_servers;
mod reports;
mod stopping;

use serde_json::Value;

use crate::helpers::run::wsctl;
use crate::helpers::server::Server;

/// Runs `wsctl check` against a server. Returns its JSON objects and its exit status.
fn check(server: &Server, options: &[&str]) -> (Vec<Value>, i32) {
    let arguments = ["check", server.url(), "-f", "json"];
    let outcome = wsctl(arguments.iter().chain(options));
    assert_eq!(outcome.stderr, "");
    let lines = outcome.text().lines();
    let objects = lines.map(|line| serde_json::from_str(line).unwrap());
    (objects.collect(), outcome.status)
}

/// The ids of the cases with a result.
fn ids<'a>(objects: &'a [Value], result: &str) -> Vec<&'a str> {
    let chosen = objects.iter().filter(|it| it["result"] == result);
    chosen.map(|it| it["case"].as_str().unwrap()).collect()
}

#[test]
fn serve_passes_all_cases_strictly() {
    let server = Server::start(&["-q", "--deflate", "--subprotocol", "chat"]);
    let (objects, status) = check(&server, &["--strict", "--limits", "-s", "chat"]);
    for result in ["failed", "flaky", "warning"] {
        let wrong: Vec<&Value> = objects.iter().filter(|it| it["result"] == result).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
    let skipped = ids(&objects, "skipped");
    assert_eq!(
        skipped,
        [
            "6455/4.2.1/never-finished",
            "6455/5.5.1/answer-to-own-close"
        ]
    );
    let summary = objects.last().unwrap();
    assert_eq!(summary["type"], "summary");
    assert_eq!(summary["cases"], 333);
    assert_eq!(status, 0);
}

/// A server that does not compress, and does not send messages back.
#[test]
fn cases_that_a_server_cannot_take_part_in_are_skipped() {
    let server = Server::start(&["-q", "--to", "none"]);
    let (objects, status) = check(
        &server,
        &[
            "--only",
            "6455/8.1/valid-*",
            "--only",
            "7692/*",
            "--case-timeout",
            "300ms",
        ],
    );
    let skipped = ids(&objects, "skipped");
    assert_eq!(skipped.len() + 1, objects.len());
    let why = |index: usize| objects[index]["cause"].as_str().unwrap();
    let text = objects
        .iter()
        .position(|it| it["group"] == "UTF-8")
        .unwrap();
    assert_eq!(why(text), "the peer does not send texts back");
    assert_eq!(why(0), "the peer does not agree to permessage-deflate");
    assert_eq!(status, 0);
}

#[test]
fn a_server_that_closes_by_itself_answers_the_close_once() {
    let server = Server::start(&["-q", "--fault", "close-after=1"]);
    let (objects, status) = check(
        &server,
        &["--only", "*/answer-to-own-close", "--server-closes", "bye"],
    );
    assert_eq!(ids(&objects, "passed"), ["6455/5.5.1/answer-to-own-close"]);
    assert_eq!(status, 0);
}

/// The cases wait for a close instead of a pong, and those that are about pings fail.
#[test]
fn a_server_that_answers_no_pings_is_checked() {
    let server = Server::start(&["-q", "--fault", "no-pong"]);
    let (objects, status) = check(
        &server,
        &[
            "--only",
            "6455/5.2/rsv-3",
            "--only",
            "6455/5.2/125-text",
            "--only",
            "6455/5.3/key-*",
            "--only",
            "6455/5.5.2/*-0",
        ],
    );
    assert_eq!(
        ids(&objects, "failed"),
        ["6455/5.5.2/ping-0", "6455/5.5.2/sanity-first"]
    );
    let sanity = objects.iter().find(|it| it["group"] == "sanity").unwrap();
    assert_eq!(
        sanity["cause"],
        "the server does not answer the ping with its payload"
    );
    assert_eq!(ids(&objects, "skipped"), ["6455/5.5.2/sanity-last"]);
    assert_eq!(ids(&objects, "flaky"), [""; 0]);
    assert_eq!(status, 1);
}
