//! The servers that are measured, and what is asked of each.

use std::env;
use std::process::Command;

use super::common::{Fallible, paths};

/// What a server has to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workload {
    /// Echo each message.
    Echo,
    /// Echo each message, and print a line for it.
    Print,
    /// Decompress each message and echo it compressed.
    Deflate,
    /// Keep connections open on which no messages are sent.
    Idle,
}

impl Workload {
    /// The name on the command line and in the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Print => "print",
            Self::Deflate => "deflate",
            Self::Idle => "idle",
        }
    }
}

/// An echo server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ServerProgram {
    Bare,
    Wsctl,
    TokioTungstenite,
    TokioWebsockets,
    Fastwebsockets,
    Yawc,
}

impl ServerProgram {
    pub(crate) const ALL: [Self; 6] = [
        Self::Bare,
        Self::Wsctl,
        Self::TokioTungstenite,
        Self::TokioWebsockets,
        Self::Fastwebsockets,
        Self::Yawc,
    ];

    /// The servers that support a workload.
    pub(crate) fn supporting(workload: Workload) -> &'static [Self] {
        match workload {
            Workload::Deflate => &[Self::Wsctl, Self::Yawc],
            _ => &Self::ALL,
        }
    }

    /// The name on the command line and in the table.
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

    /// The server with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|program| program.name() == name)
    }

    /// The command that starts it: wsctl, or this benchmark with the argument `peer`.
    pub(crate) fn command(self, workload: Workload) -> Fallible<Command> {
        let mut command = if self == Self::Wsctl {
            Command::new(paths::wsctl())
        } else {
            Command::new(env::current_exe()?)
        };
        if self == Self::Wsctl {
            command.args(["serve", "--port", "0"]);
            match workload {
                Workload::Echo | Workload::Idle => _ = command.arg("-q"),
                Workload::Print => {}
                Workload::Deflate => _ = command.args(["-q", "--deflate"]),
            }
        } else {
            command.args(["peer", self.name(), workload.name()]);
        }
        Ok(command)
    }
}
