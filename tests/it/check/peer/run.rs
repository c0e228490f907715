//! Runs cases against the server in memory.

use std::time::{Duration, Instant};

use wsctl::check::{
    Case, CaseResult, CaseStep, Observation, PeerEnd, Probe, ProbeOptions, RequestBase, ResultKind,
    Timing, Transmit, Verdict, sanity_cases,
};

use wsctl::ws::Role;

use super::deviation::Deviation;
use super::{Action, CLOSES_AT, Client, Peer};

/// The ids of these cases that a server with this deviation does not pass.
pub(in crate::check) fn failing(deviation: Option<&Deviation>, cases: &[Case]) -> Vec<String> {
    let [sanity, _] = sanity_cases();
    let mut failing = Vec::new();
    for case in cases {
        let mut server = Server {
            deviation,
            is_dead: false,
        };
        let observation = server.run(case);
        let is_dead = {
            let may_hurt = case
                .steps
                .iter()
                .any(|step| matches!(step, CaseStep::Reset));
            may_hurt && server.run(&sanity).verdict != Verdict::Passed
        };
        let result = CaseResult::of(case, observation, true);
        if is_dead || !matches!(result.kind, ResultKind::Passed | ResultKind::Info) {
            failing.push(case.id.clone());
        }
    }
    failing
}

/// What is observed in these cases of a server that conforms.
pub(in crate::check) fn observations(cases: &[Case]) -> Vec<Observation> {
    let mut server = Server {
        deviation: None,
        is_dead: false,
    };
    cases.iter().map(|case| server.run(case)).collect()
}

/// The ids of these cases of clients that a client with this deviation does not pass.
pub(in crate::check) fn failing_clients(
    deviation: Option<&Deviation>,
    cases: &[Case],
) -> Vec<String> {
    let mut failing = Vec::new();
    for case in cases {
        let mut observation = Observation::default();
        let mut keys: Vec<String> = Vec::new();
        for number in 0..case.connections {
            observation = connect_client(case, number, &keys, deviation);
            keys.extend(observation.key.clone());
            if observation.verdict != Verdict::Passed {
                break;
            }
        }
        let result = CaseResult::of(case, observation, true);
        if !matches!(result.kind, ResultKind::Passed | ResultKind::Info) {
            failing.push(case.id.clone());
        }
    }
    failing
}

fn connect_client(
    case: &Case,
    number: usize,
    keys: &[String],
    deviation: Option<&Deviation>,
) -> Observation {
    let base = RequestBase::default();
    let options = ProbeOptions {
        own: Role::Server,
        base: &base,
        keys_before: keys,
        timing: Timing::new(Duration::from_secs(2), Duration::ZERO, Duration::ZERO),
        server_closes: None,
        number,
        answers_pings: true,
        is_alone: true,
        closes: false,
    };
    let mut now = Instant::now();
    let mut probe = Probe::new(case, options, now);
    let (mut client, mut actions) = Client::new(number, deviation);
    loop {
        for action in actions {
            match action {
                Action::Send(mut bytes) => probe.handle_bytes(now, &mut bytes),
                Action::Fin => probe.handle_end(now, PeerEnd::Fin),
            }
        }
        actions = Vec::new();
        while let Some(transmit) = probe.poll_transmit(now) {
            actions.extend(match transmit {
                Transmit::Bytes(bytes) => client.handle_bytes(&bytes),
                Transmit::Fin => client.handle_fin(),
                Transmit::Reset => Vec::new(),
            });
        }
        if !actions.is_empty() {
            continue;
        }
        if probe.is_done() {
            return probe.finish(now);
        }
        let next = probe
            .poll_timeout()
            .expect("a probe that waits has a deadline");
        now = now.max(next);
        probe.handle_timeout(now);
    }
}

struct Server<'d> {
    deviation: Option<&'d Deviation>,
    is_dead: bool,
}

impl Server<'_> {
    fn run(&mut self, case: &Case) -> Observation {
        let mut observation = Observation::default();
        // The keys are those of the last connection too, so that one key may be wrong.
        for number in 0..case.connections {
            observation = self.connect(case, number);
            if observation.verdict != Verdict::Passed {
                break;
            }
        }
        observation
    }

    fn connect(&mut self, case: &Case, number: usize) -> Observation {
        let base = RequestBase {
            target: "/".to_owned(),
            host: "localhost".to_owned(),
            extra: Vec::new(),
            subprotocols: vec!["chat".to_owned()],
        };
        let slow_head = Duration::from_secs(1);
        let options = ProbeOptions {
            own: Role::Client,
            base: &base,
            keys_before: &[],
            timing: Timing::new(Duration::from_secs(2), slow_head, Duration::ZERO),
            server_closes: Some(CLOSES_AT),
            number,
            answers_pings: true,
            is_alone: true,
            closes: false,
        };
        let mut now = Instant::now();
        let mut probe = Probe::new(case, options, now);
        let mut peer = Peer::new(self.deviation);
        loop {
            while let Some(transmit) = probe.poll_transmit(now) {
                let actions = match transmit {
                    _ if self.is_dead => Vec::new(),
                    Transmit::Bytes(bytes) => peer.handle_bytes(&bytes),
                    Transmit::Fin => peer.handle_fin(),
                    Transmit::Reset => {
                        self.is_dead = matches!(self.deviation, Some(Deviation::DiesOfReset));
                        probe.handle_end(now, PeerEnd::Reset);
                        Vec::new()
                    }
                };
                for action in actions {
                    match action {
                        Action::Send(mut bytes) => probe.handle_bytes(now, &mut bytes),
                        Action::Fin => probe.handle_end(now, PeerEnd::Fin),
                    }
                }
            }
            if probe.is_done() {
                return probe.finish(now);
            }
            let next = probe
                .poll_timeout()
                .expect("a probe that waits has a deadline");
            now = now.max(next);
            probe.handle_timeout(now);
        }
    }
}
