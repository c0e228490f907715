//! `wsctl check --exec`: the cases of clients against `wsctl connect --echo`, and against a client
//! in memory that accepts any response.

use std::time::{Duration, Instant};

use wsctl::check::{
    Case, CaseResult, CaseStep, Expect, Observation, PeerEnd, Probe, ProbeOptions, RequestBase,
    ResultKind, Timing, Transmit, client_cases,
};
use wsctl::ws::{FrameHeader, Opcode, Role};

use serde_json::Value;

use crate::helpers::run::{self, wsctl};

#[test]
fn connect_passes_all_cases_strictly() {
    let program = env!("CARGO_BIN_EXE_wsctl");
    let command = format!("{program} connect --echo --wait never --deflate -q {{url}}");
    let check = ["check", "--exec", &command, "--strict", "-f", "json"];
    let outcome = wsctl(check);
    let lines = outcome.text().lines();
    let objects: Vec<Value> = lines.map(|it| serde_json::from_str(it).unwrap()).collect();
    let is_wrong = |it: &&Value| {
        ["failed", "flaky", "warning"].contains(&it["result"].as_str().unwrap_or_default())
    };
    let wrong: Vec<&Value> = objects.iter().filter(is_wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let skipped = objects.iter().filter(|it| it["result"] == "skipped");
    assert!(
        skipped.clone().all(|it| it["cause"] == "no --limits"),
        "{outcome}"
    );
    assert_eq!(objects.last().unwrap()["cases"], client_cases().len());
    assert_eq!(outcome.status, 0);
}

#[test]
fn a_client_that_does_not_compress_is_not_asked_to() {
    let program = env!("CARGO_BIN_EXE_wsctl");
    let command = format!("{program} connect --echo --wait never -q {{url}}");
    let check = [
        "check",
        "--exec",
        &command,
        "--only",
        "7692/7.2.3.1/*",
        "-v",
    ];
    let outcome = wsctl(check);
    let first =
        "skipped  7692/7.2.3.1/example:\n         the peer does not agree to permessage-deflate\n";
    assert!(outcome.text().starts_with(first), "{outcome}");
}

#[test]
fn a_program_that_does_not_connect_is_told() {
    let check = ["check", "--exec", "true {url}"];
    assert_eq!(
        wsctl(check).to_string(),
        "--- stderr\nwsctl: no case was run: the program ends without a connection: exit status: \
         0\n--- status 2\n"
    );
    run::check(
        "check --exec client",
        "--- stderr\nwsctl: --exec: the command has no {url}, which is replaced by the URL to \
         connect to\n--- status 2\n",
    );
}

#[test]
fn cases_of_clients_are_listed() {
    run::check(
        "check --list --clients --only */accept-hex*",
        "6455/4.1/accept-hexadecimal  must       the digest in hexadecimal\n",
    );
    let listed = wsctl(["check", "--list", "--clients"]);
    assert_eq!(listed.text().lines().count(), client_cases().len());
}

/// Each case of a response that must be rejected fails on a client that looks at nothing.
#[test]
fn a_client_that_accepts_any_response_fails() {
    let rejects = |case: &&Case| {
        let is_rejection = |step: &CaseStep| matches!(step, CaseStep::Expect(Expect::Rejected));
        case.steps.iter().any(is_rejection)
    };
    let cases = client_cases();
    let mut count = 0;
    for case in cases.iter().filter(rejects) {
        let result = CaseResult::of(case, accept_anything(case), true);
        let expected = if case.id.ends_with("status-302") {
            ResultKind::Info
        } else {
            ResultKind::Failed
        };
        assert_eq!(result.kind, expected, "{}", case.id);
        count += 1;
    }
    assert_eq!(count, 32);
}

/// The connection of a client that does not look at the response, and answers pings unmasked.
#[test]
fn a_client_that_does_not_mask_fails() {
    let cases = client_cases();
    let case = cases
        .iter()
        .find(|it| it.id.ends_with("/answers-masked-pong"))
        .unwrap();
    let result = CaseResult::of(case, accept_anything(case), false);
    assert_eq!(result.kind, ResultKind::Failed);
}

fn accept_anything(case: &Case) -> Observation {
    let base = RequestBase::default();
    let options = ProbeOptions {
        own: Role::Server,
        base: &base,
        keys_before: &[],
        timing: Timing::new(Duration::from_secs(2), Duration::ZERO, Duration::ZERO),
        server_closes: None,
        number: 0,
        answers_pings: true,
        is_alone: true,
        closes: false,
    };
    let mut now = Instant::now();
    let mut probe = Probe::new(case, options, now);
    let mut request = b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\
        Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
        .to_vec();
    probe.handle_bytes(now, &mut request);
    let mut received = Vec::new();
    while !probe.is_done() {
        while let Some(transmit) = probe.poll_transmit(now) {
            match transmit {
                Transmit::Bytes(bytes) => received.extend(bytes),
                Transmit::Fin | Transmit::Reset => probe.handle_end(now, PeerEnd::Fin),
            }
        }
        if let Some(mut pong) = pong_of(&received) {
            received.clear();
            probe.handle_bytes(now, &mut pong);
            continue;
        }
        if let Some(next) = probe.poll_timeout() {
            now = now.max(next);
            probe.handle_timeout(now);
        }
    }
    probe.finish(now)
}

/// The pong for the ping that is the last frame after the head.
fn pong_of(received: &[u8]) -> Option<Vec<u8>> {
    let end = received.windows(4).position(|it| it == b"\r\n\r\n");
    let mut rest = &received[end.map_or(0, |at| at + 4)..];
    while let Ok((header, size)) = FrameHeader::parse(rest) {
        let length = usize::try_from(header.payload_length.value()).unwrap();
        let payload = rest.get(size..size + length)?;
        if header.opcode == Opcode::PING {
            let header = FrameHeader::new(Opcode::PONG, length as u64);
            return Some([&header.encode()[..], payload].concat());
        }
        rest = &rest[size + length..];
    }
    None
}
