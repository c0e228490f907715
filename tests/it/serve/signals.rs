//! The signals that end `serve`, as SIGTERM does: close frames, the end of the record, and the process
//! group of the program.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::fs::{Mode, mkfifoat};
use rustix::process::Signal;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tungstenite::Message;
use tungstenite::protocol::frame::coding::CloseCode;

use crate::helpers::run::handle_ignored_signals;
use crate::helpers::server::{connect, signal, start_unread, url_in, wait_for_writers};

/// The last line of a record.
fn last_record(path: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

#[test]
fn a_signal_ends_the_server_its_record_and_all_processes_of_its_program() {
    for kind in [Signal::HUP, Signal::QUIT, Signal::USR1, Signal::TERM] {
        let folder = tempfile::tempdir().unwrap();
        let (record, fifo) = (folder.path().join("record"), folder.path().join("fifo"));
        mkfifoat(rustix::fs::CWD, &fifo, Mode::RUSR | Mode::WUSR).unwrap();
        // A process that the program leaves in the background has the FIFO open until it ends.
        let program = format!("sleep 1000 >{} & exec cat", fifo.display());
        let options = ["--exec", &program, "--record", record.to_str().unwrap()];
        let (mut child, greeting, _log) = start_unread(&options);
        let mut client = connect(&url_in(&greeting));
        let background = File::open(&fifo).unwrap();
        signal(&child, kind);
        let close = client.read().unwrap();
        assert!(matches!(close, Message::Close(Some(frame)) if frame.code == CloseCode::Away));
        assert_eq!(child.wait().unwrap().code(), Some(0), "{kind:?}");
        assert_eq!(last_record(&record)["type"], "stopped", "{kind:?}");
        wait_for_writers(background);
    }
}

#[test]
fn a_terminal_that_closes_ends_the_server() {
    handle_ignored_signals();
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record");
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let path = std::ffi::OsStr::from_bytes(name.as_bytes());
    let terminal = File::options().read(true).write(true).open(path).unwrap();
    // The terminal is that of the server's session.
    let mut command = Command::new("setsid");
    command
        .args([
            "--ctty",
            env!("CARGO_BIN_EXE_wsctl"),
            "serve",
            "--port",
            "0",
        ])
        .args(["--color", "never", "--record"])
        .arg(&record)
        .stdin(Stdio::from(terminal.try_clone().unwrap()))
        .stdout(Stdio::from(terminal.try_clone().unwrap()))
        .stderr(Stdio::from(terminal));
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut screen = BufReader::new(File::from(master));
    let mut greeting = String::new();
    screen.read_line(&mut greeting).unwrap();
    let mut client = connect(&url_in(greeting.trim_end()));
    drop(screen);
    let close = client.read().unwrap();
    assert!(matches!(close, Message::Close(Some(frame)) if frame.code == CloseCode::Away));
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(last_record(&record)["type"], "stopped");
}

/// As `nohup` starts it, or a shell script in the background.
#[test]
fn a_signal_that_is_ignored_stays_ignored() {
    let mut child = Command::new("sh")
        .args(["-c", "trap '' HUP INT QUIT; exec \"$0\" serve --port 0"])
        .arg(env!("CARGO_BIN_EXE_wsctl"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stdout.take().unwrap());
    let mut greeting = String::new();
    log.read_line(&mut greeting).unwrap();
    for kind in [Signal::HUP, Signal::INT, Signal::QUIT] {
        signal(&child, kind);
    }
    let mut client = connect(&url_in(greeting.trim_end()));
    client.send(Message::text("still here")).unwrap();
    assert_eq!(client.read().unwrap(), Message::text("still here"));
    signal(&child, Signal::TERM);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
