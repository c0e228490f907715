//! The report of `wsctl check`: as text, as JSON lines, for `JUnit`, and in Markdown. Each is a
//! function from the results to bytes; `commands::check` writes them.

mod failure;
mod groups;
mod json;
mod junit;
mod markdown;
mod text;

use crate::check::{
    Case, CaseFailure, CaseResult, CaseStep, CheckedCase, Observed, Report, ResultKind,
};
use crate::render::escape;
use crate::render::style::StyleRole;
use crate::render::words::push_hex;
use crate::ws::Role;

pub use json::{harness_info, harness_status, push as push_json, push_list as push_json_list};
pub use junit::junit;
pub use markdown::markdown;
pub use text::{push as push_text, push_agent, push_line, push_list};

/// The most bytes of what was sent that a report shows.
const SHOWN: usize = 256;

/// What came, in words: `HTTP 101, text "\xff", pong "wsctl 1"`.
pub fn observed(result: &CaseResult) -> String {
    match &result.observation {
        Some(observation) if observation.observed.is_empty() => "nothing".to_owned(),
        Some(observation) => {
            let words: Vec<String> = observation.observed.iter().map(with_payload).collect();
            words.join(", ")
        }
        None => "no connection".to_owned(),
    }
}

/// `HTTP 101`, `text "\xff"`, `binary (65536 bytes)`.
fn with_payload(observed: &Observed) -> String {
    let mut words = observed.name.clone().into_bytes();
    if observed.length > 0 && observed.payload.is_empty() {
        words.extend_from_slice(format!(" ({} bytes)", observed.length).as_bytes());
    } else if observed.length > 0 {
        words.push(b' ');
        escape::push_quoted(&mut words, &observed.payload);
    }
    String::from_utf8_lossy(&words).into_owned()
}

/// Why a case has its result: the cause of a failure, or why it was not carried out.
fn cause(checked: &CheckedCase, peer: Role) -> Option<String> {
    let result = &checked.result;
    let failure = result.failure().map(|it| it.cause(&checked.case, peer));
    let own = result.why.clone();
    match (own, failure) {
        (Some(own), Some(failure)) if result.kind == ResultKind::Flaky => {
            Some(format!("{failure}; {own}"))
        }
        (Some(own), _) => Some(own),
        (None, failure) => failure,
    }
}

/// What to change. None if the case fails for another reason than its verdict.
fn fix(checked: &CheckedCase) -> Option<String> {
    if checked.result.kind == ResultKind::Failed && checked.result.why.is_some() {
        return None;
    }
    checked
        .result
        .failure()
        .map(|it: &CaseFailure| it.fix(&checked.case))
}

/// The colour of a result.
const fn role_of(kind: ResultKind) -> StyleRole {
    match kind {
        ResultKind::Failed | ResultKind::Flaky => StyleRole::Violation,
        ResultKind::Warning | ResultKind::ExpectedFailure => StyleRole::Suspicion,
        ResultKind::Passed | ResultKind::Info | ResultKind::Skipped => StyleRole::Aside,
    }
}

/// Whether a request or a response is what the case is about, and no frame.
fn is_about_head(case: &Case) -> bool {
    let sends = |step: &CaseStep| {
        matches!(
            step,
            CaseStep::Send(..) | CaseStep::Bytes(_) | CaseStep::ServerCloses
        )
    };
    !case.steps.iter().any(sends)
}

/// What was sent: the frames, or the request or the response if there were none.
fn sent(checked: &CheckedCase) -> &[u8] {
    let observation = checked.result.observation.as_ref();
    observation.map_or(&[], |it| {
        if !is_about_head(&checked.case) {
            &it.sent
        } else if it.reply.is_empty() {
            &it.request
        } else {
            &it.reply
        }
    })
}

/// The command that sends the same, if it is short enough to be typed.
fn command(report: &Report<'_>, checked: &CheckedCase) -> Option<String> {
    let bytes = sent(checked);
    if bytes.is_empty() || bytes.len() > SHOWN || report.peer == Role::Client {
        return None;
    }
    if !is_about_head(&checked.case) {
        let headers = checked.case.extension_headers();
        let headers = headers.iter().map(|line| format!(" -H '{line}'"));
        let headers: String = headers.collect();
        let mut digits = Vec::new();
        push_hex(&mut digits, bytes);
        return Some(format!(
            "wsctl connect {}{}{headers} --raw {}",
            report.target,
            report.options,
            String::from_utf8_lossy(&digits)
        ));
    }
    let address = report.target.strip_prefix("ws://")?;
    let (host, port) = address.split('/').next()?.rsplit_once(':')?;
    let mut quoted = String::new();
    for byte in bytes {
        match byte {
            b'\r' => quoted.push_str("\\r"),
            b'\n' => quoted.push_str("\\n"),
            b'%' => quoted.push_str("%%"),
            b' '..=b'~' if !b"\\'".contains(byte) => quoted.push(char::from(*byte)),
            other => quoted.extend(format!("\\{other:03o}").chars()),
        }
    }
    let host = host.trim_matches(['[', ']']);
    Some(format!("printf '{quoted}' | nc {host} {port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_quoted_and_what_is_no_text_in_it_is_escaped() {
        let cases: [(&[u8], u64, &str); 7] = [
            (b"", 0, "text"),
            (b"wsctl 1", 7, "text \"wsctl 1\""),
            (b"06050805", 8, "text \"06050805\""),
            (b"\x06\x05a", 3, "text \"\\x06\\x05a\""),
            (b"a\"\\", 3, "text \"a\\\"\\\\\""),
            (b"\x80", 1, "text \"\\x80\""),
            (b"", 65536, "text (65536 bytes)"),
        ];
        for (payload, length, expected) in cases {
            let observed = Observed {
                name: "text".to_owned(),
                payload: payload.to_vec(),
                length,
            };
            assert_eq!(with_payload(&observed), expected);
        }
    }
}
