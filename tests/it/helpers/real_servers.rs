//! Echo servers of real libraries: the scripts of `tests/foreign`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::{env, thread};

/// A library whose server a script of `tests/foreign` runs.
pub(crate) struct Library {
    /// The argument of the script.
    pub(crate) argument: &'static str,
    /// The name in tables.
    pub(crate) name: &'static str,
    script: &'static str,
}

impl Library {
    /// A library in Python.
    pub(crate) const fn python(argument: &'static str, name: &'static str) -> Self {
        let script = "servers.py";
        Self {
            argument,
            name,
            script,
        }
    }

    /// A library in JavaScript.
    pub(crate) const fn node(argument: &'static str, name: &'static str) -> Self {
        let script = "servers.js";
        Self {
            argument,
            name,
            script,
        }
    }

    /// Starts the server. `certificate` has the PEM files of a certificate and its key, for TLS.
    pub(crate) fn start(&self, certificate: Option<[&str; 2]>) -> RealServer {
        let python = env::var("WSCTL_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let program = match self.script {
            "servers.py" => &*python,
            _ => "node",
        };
        let path = format!(
            "{}/tests/foreign/{}",
            env!("CARGO_MANIFEST_DIR"),
            self.script
        );
        let mut process = Command::new(program)
            .args([&path, self.argument])
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
