//! The servers under load, each in a process of its own.

use std::env;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::Fallible;
use super::rows::Duty;

/// Who serves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bare,
    Wsctl,
    TokioTungstenite,
    TokioWebsockets,
    Fastwebsockets,
    Yawc,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] = [
        Self::Bare,
        Self::Wsctl,
        Self::TokioTungstenite,
        Self::TokioWebsockets,
        Self::Fastwebsockets,
        Self::Yawc,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Wsctl => "wsctl",
            Self::TokioTungstenite => "tokio-tungstenite",
            Self::TokioWebsockets => "tokio-websockets",
            Self::Fastwebsockets => "fastwebsockets",
            Self::Yawc => "yawc",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The program: wsctl, or this one again.
    fn command(self, duty: Duty) -> Fallible<Command> {
        if self != Self::Wsctl {
            let mut command = Command::new(env::current_exe()?);
            command.args(["peer", self.name()]);
            match duty {
                Duty::Echo | Duty::Idle => {}
                Duty::Print => _ = command.arg("print"),
                Duty::Deflate => _ = command.arg("deflate"),
            }
            return Ok(command);
        }
        let program =
            env::var_os("WSCTL").map_or(env!("CARGO_BIN_EXE_wsctl").into(), PathBuf::from);
        let mut command = Command::new(program);
        command.args(["serve", "--port", "0"]);
        match duty {
            Duty::Echo | Duty::Idle => _ = command.arg("-q"),
            Duty::Print => {}
            Duty::Deflate => _ = command.args(["-q", "--deflate"]),
        }
        Ok(command)
    }
}

/// A server that runs, until it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    output: PathBuf,
}

impl Server {
    /// Starts one, which writes its address, and whatever it prints, to a file.
    pub(crate) fn start(kind: Kind, duty: Duty) -> Fallible<Self> {
        let name = format!("echo-{}-{}.log", std::process::id(), kind.name());
        let output = folder().join(name);
        let log = File::create(&output)?;
        let mut command = kind.command(duty)?;
        let child = command.stdin(Stdio::null()).stdout(log).spawn();
        let mut child = child.map_err(|error| format!("{}: {error}", kind.name()))?;
        match listening(&output) {
            Ok(address) => Ok(Self {
                child,
                address,
                output,
            }),
            Err(error) => {
                child.kill()?;
                child.wait()?;
                Err(format!("{}: {error}", kind.name()).into())
            }
        }
    }

    /// The memory it holds, in KiB, where the system tells.
    pub(crate) fn resident(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already, and so may its file.
        self.child.kill().ok();
        self.child.wait().ok();
        fs::remove_file(&self.output).ok();
    }
}

/// Where the outputs go: a folder of the build, or of the system if that is elsewhere.
fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    if folder.is_dir() {
        folder.to_owned()
    } else {
        env::temp_dir()
    }
}

/// The address in the first line of the output, `listening on ws://127.0.0.1:9527/`.
fn listening(output: &Path) -> Fallible<SocketAddr> {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        let text = fs::read_to_string(output)?;
        if let Some((line, _)) = text.split_once('\n') {
            let address = line.split('/').nth(2).unwrap_or_default();
            return Ok(address
                .parse()
                .map_err(|error| format!("{line}: {error}"))?);
        }
        thread::sleep(Duration::from_millis(2));
    }
    Err("it does not say where it listens".into())
}

/// Lets this process, and those it starts, have as many connections as they may.
pub(crate) fn allow_many_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        eprintln!("the number of open files stays as it is: {error}");
    }
}
