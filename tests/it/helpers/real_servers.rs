//! Echo servers of real libraries: the programs of `tests/foreign`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::{env, thread};

/// A library whose server a program of `tests/foreign` runs.
pub(crate) struct Library {
    /// The argument of the program.
    pub(crate) argument: &'static str,
    /// The name in tables.
    pub(crate) name: &'static str,
    program: Program,
}

/// The programs of `tests/foreign`.
#[derive(Clone, Copy)]
enum Program {
    Python,
    Node,
    Rust,
}

impl Library {
    /// A library in Python.
    pub(crate) const fn python(argument: &'static str, name: &'static str) -> Self {
        let program = Program::Python;
        Self {
            argument,
            name,
            program,
        }
    }

    /// A library in JavaScript.
    pub(crate) const fn node(argument: &'static str, name: &'static str) -> Self {
        let program = Program::Node;
        Self {
            argument,
            name,
            program,
        }
    }

    /// A library in Rust, without TLS.
    pub(crate) const fn rust(argument: &'static str, name: &'static str) -> Self {
        let program = Program::Rust;
        Self {
            argument,
            name,
            program,
        }
    }

    /// Starts the server. `certificate` has the PEM files of a certificate and its key, for TLS.
    pub(crate) fn start(&self, certificate: Option<[&str; 2]>) -> RealServer {
        let mut command = match self.program {
            Program::Python => python("servers.py"),
            Program::Node => node("servers.js"),
            Program::Rust => rust(&["server"]),
        };
        let mut process = command
            .arg(self.argument)
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
        let scheme = if certificate.is_some() { "wss" } else { "ws" };
        RealServer {
            process,
            version: version.to_owned(),
            url: format!("{scheme}://127.0.0.1:{port}/"),
        }
    }
}

/// Runs a script of `tests/foreign` in Python.
pub(crate) fn python(script: &str) -> Command {
    let program = env::var("WSCTL_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    with_script(Command::new(program), script)
}

/// Runs a script of `tests/foreign` in JavaScript.
pub(crate) fn node(script: &str) -> Command {
    let mut command = Command::new("node");
    // Node 20 has a WebSocket only with this option.
    command.arg("--experimental-websocket");
    with_script(command, script)
}

fn with_script(mut command: Command, script: &str) -> Command {
    command.arg(format!("{FOLDER}/{script}"));
    command
}

/// Builds and runs the program of `tests/foreign/rust`.
pub(crate) fn rust(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    let manifest = format!("{FOLDER}/rust/Cargo.toml");
    command.args(["run", "--quiet", "--manifest-path", &manifest, "--"]);
    command.args(arguments);
    command
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign");

/// A server that is killed at the end.
pub(crate) struct RealServer {
    process: Child,
    /// The version of the library.
    pub(crate) version: String,
    /// The URL of the server.
    pub(crate) url: String,
}

impl Drop for RealServer {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
