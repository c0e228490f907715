//! Which cases are chosen, which failures are expected, and what cannot be run.

use std::fs;

use super::{check, ids};
use crate::helpers::run::{self, wsctl};
use crate::helpers::server::Server;

#[test]
fn cases_are_listed() {
    run::check(
        "check --list --only 6455/5.2/rsv-4* --skip *-ping",
        "\
6455/5.2/rsv-4               must       a text frame with RSV 4 of 7, which nothing negotiated
6455/5.2/rsv-4-continuation  must       a text frame without FIN, then a continuation with RSV 4 of 7
",
    );
    run::check(
        "check --list --only */ping-len16 -f json",
        "{\"type\":\"case\",\"case\":\"6455/5.5/ping-len16\",\"group\":\"lengths\",\
         \"section\":\"RFC 6455 section 5.5\",\"grade\":\"sender\",\"rule\":\"len16-not-minimal\",\
         \"sends\":\"a ping of 4 bytes with its length in 16 bits\",\
         \"expected\":\"the server fails the connection (1002 if it sends a close frame)\"}\n",
    );
    assert_eq!(wsctl(["check", "--list"]).text().lines().count(), 333);
}

#[test]
fn expected_failures_do_not_fail_the_run_and_fixed_ones_do() {
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known.txt");
    let written = folder.path().join("written.txt");
    let paths = [&known, &written].map(|path| path.to_str().unwrap());
    let server = Server::start(&["-q", "--fault", "long-length"]);
    let only = ["--only", "6455/5.2/echo-minimal-*"];

    let (objects, status) = check(
        &server,
        &[&only[..], &["--write-expected", paths[1], "--jobs", "2"]].concat(),
    );
    let failing =
        "6455/5.2/echo-minimal-125\n6455/5.2/echo-minimal-126\n6455/5.2/echo-minimal-65535\n";
    assert_eq!(ids(&objects, "failed").join("\n") + "\n", failing);
    assert_eq!(fs::read_to_string(&written).unwrap(), failing);
    assert_eq!(status, 1);

    fs::write(
        &known,
        "# of long-length\n6455/5.2/echo-minimal-1* # two\n*-65535\n",
    )
    .unwrap();
    let options = [&only[..], &["--expect-fail", paths[0]]].concat();
    let (objects, status) = check(&server, &options);
    assert_eq!(ids(&objects, "expected-failure").len(), 3);
    assert_eq!(status, 0);

    fs::write(
        &known,
        "6455/5.2/echo-minimal-*\n6455/5.2/echo-minimal-65536\n",
    )
    .unwrap();
    let (objects, status) = check(&server, &options);
    let fixed = &objects.last().unwrap()["fixed"];
    assert_eq!(fixed, &serde_json::json!(["6455/5.2/echo-minimal-65536"]));
    assert_eq!(status, 1);

    fs::write(&known, "6455/5.2/no-such-case\n").unwrap();
    let line = format!("check localhost:1 --expect-fail {}", paths[0]);
    let expected = format!(
        "--- stderr\nwsctl: {}: no case matches `6455/5.2/no-such-case`; `wsctl check --list` \
         lists all\n--- status 2\n",
        paths[0]
    );
    run::check(&line, &expected);
}

#[test]
fn a_slow_request_is_refused_in_time() {
    let server = Server::start(&["-q"]);
    let (objects, status) = check(
        &server,
        &["--only", "*/never-finished", "--slow-head", "200ms"],
    );
    // The server waits for 10 s.
    assert_eq!(ids(&objects, "info"), ["6455/4.2.1/never-finished"]);
    assert_eq!(objects[0]["observed"], "nothing");
    assert_eq!(status, 0);
}

#[test]
fn what_cannot_be_run_is_told() {
    let outcome = wsctl(["check", "ws://127.0.0.1:1/", "--yes"]);
    assert!(
        outcome.stderr.starts_with("error[connection-refused]: "),
        "{outcome}"
    );
    let last = "wsctl: no case was run, because there is no connection\n";
    assert!(outcome.stderr.ends_with(last), "{outcome}");
    assert_eq!(outcome.status, 2);
    run::check(
        "check localhost:1 --deflate",
        "--- stderr\nwsctl: check offers permessage-deflate where a case needs it; leave \
         --deflate out\n--- status 2\n",
    );
    let server = Server::start(&["-q", "--fault", "reject=503"]);
    run::check(
        &format!("check {}", server.url()),
        "--- stderr\nwsctl: the server does not pass the first case, a valid request and a ping; \
         it sent: HTTP 503\n--- status 2\n",
    );
}
