//! The scenarios: the rows of the table.

use super::programs::Workload;

/// A number of connections, and the messages that each of them sends.
#[derive(Clone)]
pub(crate) struct Scenario {
    pub(crate) workload: Workload,
    pub(crate) connections: usize,
    /// How many messages each connection sends before it reads their echoes.
    pub(crate) in_flight: usize,
    /// The length of a message in bytes.
    pub(crate) message_length: usize,
}

impl Scenario {
    /// Every scenario, in the order of the table.
    pub(crate) fn all() -> Vec<Self> {
        let mut scenarios = Vec::new();
        let mut push = |workload, connections, in_flight, message_length| {
            scenarios.push(Self {
                workload,
                connections,
                in_flight,
                message_length,
            });
        };
        for message_length in [20, 1024] {
            for connections in [1, 64, 1000] {
                for in_flight in [1, 16] {
                    push(Workload::Echo, connections, in_flight, message_length);
                }
            }
        }
        push(Workload::Print, 64, 1, 20);
        push(Workload::Print, 64, 16, 20);
        push(Workload::Deflate, 64, 1, 1024);
        push(Workload::Idle, 10_000, 0, 20);
        scenarios
    }

    /// Its name in the table, as `64x16x20` or `print-64x16x20`.
    pub(crate) fn name(&self) -> String {
        let shape = format!(
            "{}x{}x{}",
            self.connections, self.in_flight, self.message_length
        );
        match self.workload {
            Workload::Echo => shape,
            Workload::Idle => format!("idle-{}", self.connections),
            workload => format!("{}-{shape}", workload.name()),
        }
    }

    /// The names that choose it on the command line: its own, and that of its workload.
    pub(crate) fn names(&self) -> Vec<String> {
        vec![self.name(), self.workload.name().to_owned()]
    }
}
