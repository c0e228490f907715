//! What `wsctl connect --fault` sends and prints, with `wsctl serve` and with a scripted server.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::thread;

use wsctl::ws::Role;
use wsctl::ws::fault::faults_of;

use super::scripted_server::{ScriptedServer, read_all};
use super::{connect, shown};
use crate::helpers::run::wsctl;
use crate::helpers::server::Server;
use crate::helpers::snapshots::check_file;

/// The faults of a client but for those of pongs, with values for their parameters.
const FAULTS: [&str; 20] = [
    "wrong-version=8",
    "short-key",
    "early-frames",
    "delay=20",
    "split=3",
    "fragment=2",
    "no-mask",
    "constant-key=00000000",
    "rsv1",
    "opcode=3",
    "bad-utf8",
    "long-length",
    "http",
    "close-after=1",
    "close-code=1005",
    "no-close",
    "drop-after=1",
    "reset-after=1",
    "truncate",
    "stall",
];

/// The output of all faults, each of which sends one message to a server that echoes.
/// `early-frames` sends none, so that there is one order of the messages only.
fn outputs() -> String {
    let server = Server::start(&["-q"]);
    let url = server.url();
    let run = |fault: &str| {
        let always = ["connect", url, "-f", "frames", "--wait", "100ms"];
        let options = ["--seed", "1", "--fault", fault];
        let message = (fault != "early-frames").then_some("hello");
        let words = always.iter().chain(&options).copied().chain(message);
        format!("## {fault}\n\n{}\n", shown(&wsctl(words)))
    };
    let run = &run;
    thread::scope(|scope| {
        let threads = FAULTS.map(|fault| scope.spawn(move || run(fault)));
        threads.map(|thread| thread.join().unwrap()).concat()
    })
}

#[test]
fn each_fault_of_a_client_is_told_with_what_the_server_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/connect/faults.txt");
    check_file(&path, &outputs());
}

#[test]
fn the_outputs_have_each_fault() {
    for fault in faults_of(Role::Client) {
        let is_in = FAULTS
            .iter()
            .chain(&["no-pong", "wrong-pong"])
            .any(|words| words.split('=').next() == Some(fault.name));
        assert!(is_in, "{}", fault.name);
    }
}

/// The outcome with a server that pings with `a` and closes, and what the server received.
fn pinged(fault: &str) -> (String, Vec<u8>) {
    let (sender, received) = std::sync::mpsc::channel();
    let server = ScriptedServer::start(move |mut stream, _| {
        stream.write_all(b"\x89\x01a\x88\x02\x03\xe8").unwrap();
        sender.send(read_all(&stream)).unwrap();
    });
    let constant = "constant-key=00000000";
    let options = ["-f", "frames", "--fault", fault, "--fault", constant];
    let outcome = server.connect(&options);
    (shown(&outcome), received.recv().unwrap())
}

#[test]
fn pongs_are_withheld_or_have_another_payload() {
    let close = b"\x88\x82\0\0\0\0\x03\xe8";
    let (output, received) = pinged("no-pong");
    assert_eq!(received, close);
    assert_eq!(
        output,
        "\
10:02:12.003 + ws://127.0.0.1:51034/
               tcp 2 ms, upgrade 2 ms
               key KEY, accept ACCEPT
10:02:12.003 < ping \"a\" [1 byte]
10:02:12.003 * fault no-pong: the ping is not answered
10:02:12.003 < close 1000 (normal closure) [2 bytes]
10:02:12.003 * fault constant-key=00000000: the frame is masked with the constant key
10:02:12.003 > close 1000 (normal closure) [2 bytes, masked 0ec3f3cd]
10:02:12.003 - the server closed with 1000 (normal closure) after 3.6 s; 2 frames in, 1 out
"
    );
    let (output, received) = pinged("wrong-pong");
    assert_eq!(received, [&b"\x8a\x81\0\0\0\0`"[..], close].concat());
    assert!(
        output.contains("* fault wrong-pong: the pong has another payload than the ping\n"),
        "{output}"
    );
}

#[test]
fn a_seed_repeats_the_choices_and_is_printed_without_one() {
    let server = Server::start(&["-q"]);
    let run = |options: &str| {
        let options = format!("1 2 3 4 5 6 7 8 --expect 8 -f frames --fault opcode=2%50 {options}");
        connect(&server, &options)
    };
    let sent = |options: &str| {
        let mut sent = String::new();
        for line in run(options).text().lines() {
            let line = line.get(13..).unwrap();
            if line.starts_with("> text") || line.starts_with("> binary") {
                writeln!(sent, "{}", line.split(' ').nth(1).unwrap()).unwrap();
            }
        }
        sent
    };
    let first = sent("--seed 7");
    assert_eq!(first.lines().count(), 8);
    assert!(
        first.contains("text") && first.contains("binary"),
        "{first}"
    );
    assert_eq!(sent("--seed 7"), first);
    let outcome = run("");
    let seed = outcome.stderr.strip_prefix("wsctl: --seed ").unwrap();
    let seed = seed.strip_suffix(" repeats the random choices of this run\n");
    seed.unwrap().parse::<u32>().unwrap();
}

#[test]
fn an_unknown_fault_and_a_useless_one_are_refused() {
    let outcome = wsctl(["connect", "localhost:1", "--fault", "glue"]);
    assert_eq!(outcome.status, 2);
    let first = outcome.stderr.lines().next().unwrap();
    assert!(
        first.starts_with(
            "error: invalid value 'glue' for '--fault <KIND>': the faults are wrong-version=N, \
             short-key, early-frames, delay=MS, "
        ),
        "{first}"
    );
    let outcome = wsctl(["connect", "localhost:1", "--deflate", "--fault", "rsv1"]);
    assert_eq!(
        outcome.to_string(),
        "--- stderr\nwsctl: --fault rsv1 has no effect with --deflate: each compressed message has \
         RSV1; leave out one of the two options\n--- status 2\n"
    );
}

#[test]
fn help_and_rule_pages_name_each_fault_of_a_client() {
    let help = wsctl(["connect", "--help"]);
    for fault in faults_of(Role::Client) {
        for words in [&fault.form(), fault.does, fault.in_server.unwrap()] {
            assert!(help.text().contains(words), "{words}");
        }
        if let Some(rule) = fault.rule {
            let page = wsctl(["explain", rule]);
            let words = format!("wsctl connect --fault {}`", fault.form());
            let text = page.text().split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(&words), "{rule}: {text}");
        }
    }
}
