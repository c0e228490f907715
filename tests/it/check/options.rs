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
    let expect_fail = [&only[..], &["--expect-fail", paths[0]]].concat();
    let (objects, status) = check(&server, &expect_fail);
    assert_eq!(ids(&objects, "expected-failure").len(), 3);
    assert_eq!(status, 0);

    fs::write(
        &known,
        "6455/5.2/echo-minimal-*\n6455/5.2/echo-minimal-65536\n",
    )
    .unwrap();
    let (objects, status) = check(&server, &expect_fail);
    let fixed = &objects.last().unwrap()["fixed"];
    assert_eq!(fixed, &serde_json::json!(["6455/5.2/echo-minimal-65536"]));
    assert_eq!(status, 1);

    // A line of a case of clients is no mistake: both kinds of peer may share a file.
    fs::write(
        &known,
        "6455/5.2/echo-minimal-1*\n6455/5.2/echo-minimal-65535\n6455/4.1/accept-none\nno-case\n\
         6455/5.2/rsv-9 # none\n",
    )
    .unwrap();
    let outcome = wsctl(
        ["check", server.url(), "--expect-fail", paths[0]]
            .iter()
            .chain(&only),
    );
    assert_eq!(
        outcome.stderr,
        format!(
            "wsctl: warning: {}: no case matches `no-case`, `6455/5.2/rsv-9`\n",
            paths[0]
        )
    );
    assert_eq!(outcome.status, 0);
}

#[test]
fn a_pattern_that_matches_no_case_is_an_error() {
    for (options, expected) in [
        (
            "--only 6455/5.2/rsv-* --only nothing --only */rsv-9 localhost:1",
            "--only: no case matches `nothing`, `*/rsv-9`; `wsctl check --list` lists all",
        ),
        (
            "--list --skip 6455/4.1/accept-none",
            "--skip: no case matches `6455/4.1/accept-none`; `wsctl check --list` lists all",
        ),
        (
            "--exec true{url} --skip 6455/4.2.1/valid",
            "--skip: no case matches `6455/4.2.1/valid`; `wsctl check --list --clients` lists all",
        ),
        (
            "--listen 0 --only 6455/4.1/accept-none",
            "--only: no case matches `6455/4.1/accept-none`; `wsctl check --list --listen 0` lists \
             all",
        ),
        (
            "--list --only 6455/5.2/rsv-3 --skip *",
            "--skip leaves no case; `wsctl check --list` lists all",
        ),
    ] {
        let expected = format!("--- stderr\nwsctl: {expected}\n--- status 2\n");
        run::check(&format!("check {options}"), &expected);
    }
}

/// Before a case is run, and without a change of the files.
#[test]
fn a_file_that_cannot_be_written_is_an_error_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let [old, new, missing] = ["old.md", "new.xml", "no/file"].map(|name| folder.path().join(name));
    fs::write(&old, "before").unwrap();
    let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    for option in ["--junit", "--markdown", "--write-expected"] {
        for (file, why) in [
            (path(&missing), "No such file or directory"),
            (path(folder.path()), "Is a directory"),
        ] {
            let expected = format!("--- stderr\nwsctl: cannot write {file}: {why}\n--- status 2\n");
            run::check(&format!("check localhost:1 {option} {file}"), &expected);
        }
    }
    let outcome = wsctl([
        "check",
        "ws://127.0.0.1:1/",
        "--junit",
        &path(&new),
        "--markdown",
        &path(&old),
    ]);
    assert_eq!(outcome.status, 2);
    assert_eq!(fs::read_to_string(&old).unwrap(), "before");
    assert!(!new.exists());
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
    let outcome = wsctl(["check", server.url()]);
    assert!(
        outcome.stderr.starts_with("error[resp-status]: "),
        "{outcome}"
    );
    assert!(
        outcome.stderr.ends_with(
            "wsctl: the server does not pass the first case, a valid request and a ping; \
             it sent: HTTP 503\n"
        ),
        "{outcome}"
    );
    assert_eq!(outcome.status, 2);
}

/// The finding is that of `wsctl connect`.
#[test]
fn a_wrong_path_is_told_as_connect_tells_it() {
    let server = Server::start(&["-q", "--fault", "reject=404"]);
    let url = format!("{}chat?room=1", server.url());
    let outcome = wsctl(["check", &url]);
    let last = "\nwsctl: the server does not pass the first case, a valid request and a ping; \
                it sent: HTTP 404\n";
    assert!(outcome.stderr.ends_with(last), "{outcome}");
    let connected = wsctl(["connect", &url, "-f", "json"]);
    let mut objects = connected.text().lines().map(|line| {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        object
    });
    let finding = objects.find(|it| it["type"] == "finding").unwrap();
    assert!(
        finding["cause"]
            .as_str()
            .unwrap()
            .contains("a wrong path `/chat?room=1`")
    );
    let words: Vec<&str> = outcome.stderr.split_whitespace().collect();
    for field in ["message", "cause", "fix"] {
        let text = finding[field].as_str().unwrap();
        assert!(words.join(" ").contains(text), "{text}: {outcome}");
    }
}
