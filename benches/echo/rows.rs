//! The rows of the table: what is asked of the servers.

use super::server::Kind;

/// What a server does beside its echoes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Duty {
    /// Nothing.
    Echo,
    /// It prints a line for each message to a file.
    Print,
    /// It inflates each message, and compresses what it sends.
    Deflate,
    /// It holds connections that say nothing.
    Idle,
}

impl Duty {
    fn name(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Print => "print",
            Self::Deflate => "deflate",
            Self::Idle => "idle",
        }
    }

    /// Those that can do it.
    pub(crate) fn servers(self) -> &'static [Kind] {
        match self {
            Self::Deflate => &[Kind::Wsctl, Kind::Yawc],
            _ => &Kind::ALL,
        }
    }
}

/// A load.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) duty: Duty,
    pub(crate) connections: usize,
    /// How many messages each connection sends before it reads their echoes.
    pub(crate) in_flight: usize,
    /// The length of a message.
    pub(crate) bytes: usize,
}

impl Row {
    /// Every row, in the order of the table.
    pub(crate) fn all() -> Vec<Self> {
        let mut rows = Vec::new();
        let mut push = |duty, connections, in_flight, bytes| {
            rows.push(Self {
                duty,
                connections,
                in_flight,
                bytes,
            });
        };
        for bytes in [20, 1024] {
            for connections in [1, 64, 1000] {
                for in_flight in [1, 16] {
                    push(Duty::Echo, connections, in_flight, bytes);
                }
            }
        }
        push(Duty::Print, 64, 1, 20);
        push(Duty::Print, 64, 16, 20);
        push(Duty::Deflate, 64, 1, 1024);
        push(Duty::Idle, 10_000, 0, 20);
        rows
    }

    /// What the table calls it.
    pub(crate) fn name(&self) -> String {
        let shape = format!("{}x{}x{}", self.connections, self.in_flight, self.bytes);
        match self.duty {
            Duty::Echo => shape,
            Duty::Idle => format!("idle-{}", self.connections),
            duty => format!("{}-{shape}", duty.name()),
        }
    }

    /// What it may be called: its own name, and that of its kind.
    pub(crate) fn names(&self) -> Vec<String> {
        vec![self.name(), self.duty.name().to_owned()]
    }
}
