//! Echo servers of real libraries: those of Rust run in the process of the tests, the scripts of
//! `tests/foreign` run the others.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::{env, thread};

use super::rust_servers;

/// A library whose echo server can be started.
#[derive(Clone, Copy)]
pub(crate) struct Library {
    /// The name in tables.
    pub(crate) name: &'static str,
    /// Whether the server compresses messages if a client offers it.
    pub(crate) has_deflate: bool,
    program: Program,
}

#[derive(Clone, Copy)]
enum Program {
    /// The script in Python, with the argument that names the library.
    Python(&'static str),
    /// The same in JavaScript.
    Node(&'static str),
    /// Starts the server in this process.
    Rust(fn(Option<[&str; 2]>) -> SocketAddr),
}

impl Library {
    /// tungstenite has no permessage-deflate.
    pub(crate) const TUNGSTENITE: Self = Self {
        name: "tungstenite",
        has_deflate: false,
        program: Program::Rust(rust_servers::start_tungstenite),
    };

    /// fastwebsockets has no permessage-deflate.
    pub(crate) const FASTWEBSOCKETS: Self = Self {
        name: "fastwebsockets",
        has_deflate: false,
        program: Program::Rust(rust_servers::start_fastwebsockets),
    };

    /// A library in Python.
    pub(crate) const fn python(argument: &'static str, name: &'static str) -> Self {
        Self {
            name,
            has_deflate: true,
            program: Program::Python(argument),
        }
    }

    /// A library in JavaScript.
    pub(crate) const fn node(argument: &'static str, name: &'static str) -> Self {
        Self {
            name,
            has_deflate: true,
            program: Program::Node(argument),
        }
    }

    /// The same, but its server does not compress.
    pub(crate) const fn without_deflate(self) -> Self {
        Self {
            has_deflate: false,
            ..self
        }
    }

    /// Starts the server. `certificate` has the PEM files of a certificate and its key, for TLS.
    pub(crate) fn start(&self, certificate: Option<[&str; 2]>) -> RealServer {
        let (process, version, port) = match self.program {
            Program::Rust(start) => {
                let version = rust_servers::version(self.name).to_owned();
                (None, version, start(certificate).port())
            }
            Program::Python(argument) => run(python("servers.py"), argument, certificate),
            Program::Node(argument) => run(node("servers.js"), argument, certificate),
        };
        let scheme = if certificate.is_some() { "wss" } else { "ws" };
        RealServer {
            process,
            version,
            url: format!("{scheme}://127.0.0.1:{port}/"),
        }
    }
}

/// Runs a script. Returns its process, the version of the library and the port.
fn run(
    mut script: Command,
    argument: &str,
    certificate: Option<[&str; 2]>,
) -> (Option<Child>, String, u16) {
    let mut process = script
        .arg(argument)
        .args(certificate.into_iter().flatten())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    // What a server prints later must not block it.
    thread::spawn(move || output.lines().map_while(Result::ok).for_each(drop));
    let (version, port) = line.trim().rsplit_once(' ').unwrap();
    (Some(process), version.to_owned(), port.parse().unwrap())
}

/// Runs a script of `tests/foreign` in Python.
pub(crate) fn python(script: &str) -> Command {
    let program = env::var("WSCTL_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    with_script(Command::new(program), script)
}

/// Runs a script of `tests/foreign` in JavaScript.
pub(crate) fn node(script: &str) -> Command {
    with_script(Command::new("node"), script)
}

fn with_script(mut command: Command, script: &str) -> Command {
    command.arg(format!("{FOLDER}/{script}"));
    command
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign");

/// A server that is killed at the end, if it is a process.
pub(crate) struct RealServer {
    process: Option<Child>,
    /// The version of the library.
    pub(crate) version: String,
    /// The URL of the server.
    pub(crate) url: String,
}

impl Drop for RealServer {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }
}
