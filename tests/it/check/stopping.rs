//! Servers that stop while they are checked.

use std::io::{self, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use super::ids;
use super::plain_server::{self, read_more};
use crate::helpers::run::wsctl;

/// A server that answers pings, and stops when a frame begins with a certain byte.
#[derive(Clone)]
struct StoppingServer {
    address: String,
    /// The first byte of the frame at which it stops.
    stops_at: u8,
    open: Arc<Mutex<Connections>>,
}

#[derive(Default)]
struct Connections {
    all: Vec<TcpStream>,
    has_stopped: bool,
}

impl StoppingServer {
    fn start(stops_at: u8) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap().to_string(),
            stops_at,
            open: Arc::default(),
        };
        let own = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let mut open = own.open.lock().unwrap();
                if open.has_stopped {
                    return;
                }
                open.all.push(stream.try_clone().unwrap());
                let own = own.clone();
                thread::spawn(move || own.serve(stream));
            }
        });
        server
    }

    /// Ends all connections, as the end of a process does, and the listener.
    fn stop(&self) {
        let mut open = self.open.lock().unwrap();
        open.has_stopped = true;
        for stream in &open.all {
            let _ = stream.shutdown(Shutdown::Both);
        }
        drop(open);
        let _ = TcpStream::connect(&self.address);
    }

    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut bytes = Vec::new();
        let size = plain_server::open(&mut stream, &mut bytes)?;
        bytes.drain(..size);
        loop {
            // All frames of these cases are masked and short.
            while bytes.len() < 6 || bytes.len() < 6 + usize::from(bytes[1] & 0x7f) {
                read_more(&mut stream, &mut bytes)?;
            }
            let frame: Vec<u8> = bytes.drain(..6 + usize::from(bytes[1] & 0x7f)).collect();
            if frame[0] == self.stops_at {
                self.stop();
                return Ok(());
            }
            let payload = frame[6..].iter().zip(frame[2..6].iter().cycle());
            let payload: Vec<u8> = payload.map(|(byte, key)| byte ^ key).collect();
            let length = frame[1] & 0x7f;
            match frame[0] {
                0x89 => stream.write_all(&[&[0x8a, length], &payload[..]].concat())?,
                0x81 => {}
                _ => {
                    stream.write_all(b"\x88\x02\x03\xea")?;
                    return stream.shutdown(Shutdown::Both);
                }
            }
        }
    }
}

fn check(server: &StoppingServer, options: &[&str]) -> Vec<Value> {
    let check = ["check", &server.address, "-f", "json"];
    let outcome = wsctl(check.iter().chain(options));
    assert_eq!(
        (outcome.stderr.as_str(), outcome.status),
        ("", 1),
        "{outcome}"
    );
    let lines = outcome.text().lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

const CASES: [&str; 6] = [
    "--only",
    "6455/5.2/opcode-*",
    "--only",
    "6455/5.2/rsv-3",
    "--only",
    "6455/5.5.2/sanity-*",
];

#[test]
fn the_case_that_stops_a_server_fails_and_no_other() {
    let server = StoppingServer::start(0x80 | 5);
    let objects = check(&server, &[&CASES[..], &["--jobs", "1"]].concat());
    assert_eq!(ids(&objects, "failed"), ["6455/5.2/opcode-5"]);
    let failed = objects.iter().find(|it| it["result"] == "failed").unwrap();
    assert_eq!(
        failed["cause"],
        "after this case the peer does not answer any more"
    );
    assert_eq!(failed.get("fix"), None);
    let skipped = objects.iter().filter(|it| it["result"] == "skipped");
    let causes: Vec<&str> = skipped.map(|it| it["cause"].as_str().unwrap()).collect();
    assert!(!causes.is_empty());
    for cause in causes {
        assert_eq!(cause, "the peer does not answer any more");
    }
    assert!(ids(&objects, "skipped").contains(&"6455/5.5.2/sanity-last"));
    assert_eq!(ids(&objects, "flaky"), [""; 0]);
}

/// Which of the cases that ran at the same time it was is not known: one fails, and names all.
#[test]
fn one_of_the_cases_that_ran_together_fails() {
    let server = StoppingServer::start(0x80 | 5);
    let objects = check(&server, &CASES);
    assert_eq!(ids(&objects, "failed").len(), 1, "{objects:#?}");
    let failed = objects.iter().find(|it| it["result"] == "failed").unwrap();
    let cause = failed["cause"].as_str().unwrap();
    assert!(cause.contains("does not answer any more"), "{cause}");
    let is_named = cause.contains("6455/5.2/opcode-5") || failed["case"] == "6455/5.2/opcode-5";
    assert!(is_named, "{failed}");
    assert_eq!(ids(&objects, "flaky"), [""; 0]);
}
