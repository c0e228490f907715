//! The command lines that a report prints send the bytes of their cases.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use wsctl::check::{Case, CaseResult, CheckedCase, Report, server_cases};
use wsctl::render::check::push_json;
use wsctl::ws::Role;

use super::peer::observations;
use super::plain_server::{self, read_more};

/// The command that a report prints for a case, and the bytes that the case sends.
struct Printed {
    id: String,
    command: String,
    sent: Vec<u8>,
    /// The header lines that offer extensions.
    headers: Vec<String>,
}

/// The address of the server in the commands.
const ADDRESS: &str = "127.0.0.1:65535";

/// The commands for all cases.
fn printed() -> Vec<Printed> {
    let cases = server_cases();
    let observations = observations(&cases);
    let checked: Vec<CheckedCase> = cases
        .iter()
        .zip(observations)
        .map(|(case, observation)| CheckedCase {
            case: case.clone(),
            result: CaseResult::of(case, observation, true),
        })
        .collect();
    let mut json = Vec::new();
    let report = Report {
        peer: Role::Server,
        target: &format!("ws://{ADDRESS}/"),
        agent: None,
        options: "",
        checked: &checked,
        fixed: &[],
        duration: Duration::ZERO,
    };
    push_json(&mut json, &report);
    let json = String::from_utf8(json).unwrap();
    let objects = json.lines().zip(&cases).filter_map(|(line, case)| {
        let object: Value = serde_json::from_str(line).unwrap();
        of_object(&object, case)
    });
    objects.collect()
}

fn of_object(object: &Value, case: &Case) -> Option<Printed> {
    Some(Printed {
        id: case.id.clone(),
        command: object["command"].as_str()?.to_owned(),
        sent: hex::decode(object["sent"].as_str()?).unwrap(),
        headers: case.extension_headers().to_vec(),
    })
}

/// Runs a command line, in which `wsctl` is the program under test.
fn sh(line: &str) -> Command {
    let folder = Path::new(env!("CARGO_BIN_EXE_wsctl")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("sh");
    command
        .args(["-c", line])
        .env("PATH", format!("{}:{path}", folder.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The request head of a connection, and the next bytes, as many as these.
fn received(listener: &TcpListener, size: usize) -> io::Result<(String, Vec<u8>)> {
    let (mut stream, _) = listener.accept()?;
    let mut bytes = Vec::new();
    let end = plain_server::open(&mut stream, &mut bytes)?;
    while bytes.len() < end + size {
        read_more(&mut stream, &mut bytes)?;
    }
    stream.shutdown(Shutdown::Both)?;
    let rest = bytes.split_off(end);
    let rest = rest.get(..size).unwrap_or(&rest).to_vec();
    Ok((String::from_utf8_lossy(&bytes).into_owned(), rest))
}

/// Why a command does not send the bytes of its case; None if it does.
fn difference(printed: &Printed) -> Option<String> {
    let Printed { id, command, .. } = printed;
    if let Some((print, _)) = command.split_once(" | nc ") {
        let sent = sh(print).output().unwrap().stdout;
        return (sent != printed.sent).then(|| format!("{id}: {command}: {sent:x?}"));
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let line = command.replace(ADDRESS, &address.to_string());
    let size = printed.sent.len();
    let server = thread::spawn(move || received(&listener, size));
    let output = sh(&line).output().unwrap();
    // Of a program that did not connect the server must not wait.
    let _ = TcpStream::connect(address);
    let received = server.join().unwrap();
    let is_right = |(head, sent): &(String, Vec<u8>)| {
        *sent == printed.sent && printed.headers.iter().all(|line| head.contains(line))
    };
    if received.as_ref().is_ok_and(is_right) {
        return None;
    }
    Some(format!("{id}: {command}: {received:x?} {output:?}"))
}

#[test]
fn each_printed_command_sends_the_bytes_of_its_case() {
    const WORKERS: usize = 4;
    let all = printed();
    let (heads, frames): (Vec<_>, Vec<_>) =
        all.iter().partition(|it| it.command.starts_with("printf "));
    assert!(
        heads.len() > 80 && frames.len() > 180,
        "{} {}",
        heads.len(),
        frames.len()
    );
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (all, wrong) = (&all, &wrong);
            scope.spawn(move || {
                for printed in all.iter().skip(worker).step_by(WORKERS) {
                    let difference = difference(printed);
                    wrong.lock().unwrap().extend(difference);
                }
            });
        }
    });
    assert_eq!(wrong.into_inner().unwrap(), [""; 0]);
}
