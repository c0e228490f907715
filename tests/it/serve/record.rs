//! `--record`, and full disks.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tungstenite::Message;

use crate::helpers::client::frame;
#[cfg(target_os = "linux")]
use crate::helpers::run::memory;
use crate::helpers::run::wsctl;
use crate::helpers::server::Server;

fn records(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_record_is_complete_after_ctrl_c() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.jsonl");
    let server = Server::start(&["--record", path.to_str().unwrap(), "-q"]);
    let mut client = server.client();
    client.send(Message::text("hello")).unwrap();
    client.read().unwrap();
    let silent = server.open_with(&frame(0x81, b"last words"));
    (&silent).read_exact(&mut [0; 12]).unwrap();
    assert_eq!(server.stop(), 0);
    let records = records(&path);
    let types: Vec<&str> = records
        .iter()
        .filter(|record| record["connection"] != 2)
        .map(|record| record["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        types[..5],
        ["listening", "opened", "frame", "message", "frame"]
    );
    assert_eq!(types.last(), Some(&"stopped"));
    let count = |connection: u64, name: &str| {
        let of = |record: &&Value| record["connection"] == connection && record["type"] == name;
        records.iter().filter(of).count()
    };
    assert_eq!((count(1, "closed"), count(2, "closed")), (1, 1));
    assert_eq!(count(2, "message"), 1);
}

#[test]
fn a_record_equals_the_json_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.jsonl");
    let server = Server::start(&["--record", path.to_str().unwrap(), "-f", "json"]);
    server.answer_to(&[frame(0x89, b"hi"), frame(0x88, b"")].concat());
    let mut log = vec![server.line()];
    while !log.iter().any(|line| line.contains("\"closed\"")) {
        log.push(server.line());
    }
    server.interrupt();
    log.push(server.line());
    let without_time = |line: &str| {
        let mut record: Value = serde_json::from_str(line).unwrap();
        record.as_object_mut().unwrap().remove("time");
        record
    };
    // Each line is recorded before it is printed.
    let text = std::fs::read_to_string(&path).unwrap();
    let recorded: Vec<Value> = text.lines().skip(1).map(without_time).collect();
    let logged: Vec<Value> = log.iter().map(|line| without_time(line)).collect();
    assert_eq!(recorded, logged);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported_once_and_the_server_continues() {
    let server = Server::start(&["--record", "/dev/full"]);
    assert_eq!(
        server.line().split_once(' ').unwrap().1,
        "! cannot write the record: /dev/full: No space left on device; the rest is \
         not recorded"
    );
    let mut client = server.client();
    for _ in 0..3 {
        client.send(Message::text("hello")).unwrap();
        assert_eq!(client.read().unwrap(), Message::text("hello"));
    }
    server.interrupt();
    let log = server.log_until("stopped: ");
    assert!(
        log.iter().all(|line| !line.contains("cannot write")),
        "{log:#?}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_that_cannot_be_written_is_reported_on_standard_error() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut child = crate::helpers::run::program()
        .args(["serve", "--port", "0"])
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut first = String::new();
    stderr.read_line(&mut first).unwrap();
    assert_eq!(
        first,
        "wsctl: cannot write the log: No space left on device; the server continues without it\n"
    );
    assert_eq!(child.try_wait().unwrap(), None, "it goes on");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_record_that_cannot_be_opened_is_reported_in_one_line() {
    let outcome = wsctl(["serve", "--port", "0", "--record", "/nowhere/talk.jsonl"]);
    assert_eq!(
        outcome.to_string(),
        "--- stderr\nwsctl: cannot write /nowhere/talk.jsonl: No such file or directory\n\
         --- status 2\n"
    );
}

#[test]
fn a_long_payload_is_recorded_with_its_beginning_length_and_digest() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.jsonl");
    let file = path.to_str().unwrap();
    let text = "é".repeat(50_000);
    for is_full in [false, true] {
        let full = is_full.then_some("--full");
        let arguments: Vec<&str> = ["-q", "--record", file].into_iter().chain(full).collect();
        let server = Server::start(&arguments);
        let mut client = server.client();
        client.send(Message::text(&*text)).unwrap();
        client.read().unwrap();
        assert_eq!(server.stop(), 0);
        let records = records(&path);
        let is_payload = |record: &&Value| record.get("text").is_some() && record["opcode"] == 1;
        let payloads: Vec<&Value> = records.iter().filter(is_payload).collect();
        assert_eq!(payloads.len(), 3, "received, message, echo");
        for record in payloads {
            if is_full {
                assert_eq!(record["text"], text);
                assert_eq!((record.get("left_out"), record.get("sha256")), (None, None));
            } else {
                assert_eq!(record["text"], "é".repeat(32 << 10));
                assert_eq!(record["left_out"], 100_000 - (64 << 10));
                // printf 'é%.0s' {1..50000} | sha256sum
                assert_eq!(
                    record["sha256"],
                    "e7b09b8c3b2a4d494a6274451095b59b1022311a8bcd9a10ae1a9ffb08a91440"
                );
            }
        }
    }
}

/// The record is a FIFO, which is read after the server began to stop.
#[cfg(target_os = "linux")]
#[test]
fn each_line_of_a_record_is_whole_although_a_signal_comes_while_a_large_payload_is_written() {
    const SIZE: usize = 12 << 20;
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fifo");
    mknodat(CWD, &path, FileType::Fifo, Mode::RWXU, 0).unwrap();
    let server = Server::start(&["--full", "-q", "--record", path.to_str().unwrap()]);
    let mut reader = BufReader::new(File::open(&path).unwrap());
    let mut client = server.client();
    client.send(Message::binary(vec![0; SIZE])).unwrap();
    assert_eq!(client.read().unwrap().len(), SIZE);
    server.interrupt();
    assert!(matches!(client.read().unwrap(), Message::Close(_)));
    let mut record = String::new();
    reader.read_to_string(&mut record).unwrap();
    let records: Vec<Value> = record
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let is_payload = |record: &&Value| record["opcode"] == 2;
    let payloads: Vec<&Value> = records.iter().filter(is_payload).collect();
    assert_eq!(payloads.len(), 3, "received, message, echo");
    for payload in payloads {
        let written = payload["text"].as_str().unwrap().len();
        let left_out = payload.get("left_out").map_or(0, |it| it.as_u64().unwrap());
        assert_eq!(written as u64 + left_out, SIZE as u64);
    }
    assert_eq!(records.last().unwrap()["type"], "stopped");
}

/// A message of zeros takes six times as much in JSON, and is there three times.
#[cfg(target_os = "linux")]
#[test]
fn a_large_payload_is_written_without_more_memory_than_the_message() {
    const SIZE: usize = 8 << 20;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.jsonl");
    let file = path.to_str().unwrap();
    let max = format!("{}M", SIZE >> 20);
    let server = Server::start(&["-q", "--full", "--max-message", &max, "--record", file]);
    let before = memory(server.id(), "VmRSS");
    let stream = server.open_with(&frame(0x82, &vec![0; SIZE]));
    let mut echo = BufReader::new(&stream).take(10 + SIZE as u64);
    let size = std::io::copy(&mut echo, &mut std::io::sink()).unwrap();
    assert_eq!(size, 10 + SIZE as u64);
    let grown = (memory(server.id(), "VmHWM") - before) >> 10;
    assert!(grown <= 8 + 8, "{grown} MiB");
    assert_eq!(server.stop(), 0);
}

/// The record waits for its reader, not the server.
#[cfg(target_os = "linux")]
#[test]
fn a_fifo_without_a_reader_does_not_block_the_start() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fifo");
    mknodat(CWD, &path, FileType::Fifo, Mode::RWXU, 0).unwrap();
    let server = Server::start(&["--record", path.to_str().unwrap(), "-q"]);
    let mut client = server.client();
    client.send(Message::text("hello")).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("hello"));
    let mut reader = BufReader::new(File::open(&path).unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    assert!(first.starts_with(r#"{"type":"listening","#), "{first}");
    assert_eq!(server.stop(), 0);
    let mut rest = String::new();
    reader.read_to_string(&mut rest).unwrap();
    assert!(
        rest.ends_with("{\"type\":\"stopped\",\"connections\":1,\"code\":1001}\n"),
        "{rest}"
    );
}
