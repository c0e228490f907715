//! The report of `wsctl check`: as text, as JSON lines, for `JUnit`, and in Markdown. Each is a
//! function from the results to bytes; `commands::check` writes them.

mod json;
mod junit;
mod markdown;
mod text;

use crate::check::{Case, CaseFailure, CaseStep, CheckedCase, Report, ResultKind};
use crate::render::words::push_hex;
use crate::ws::Role;

pub use json::{harness_info, harness_status, push as push_json, push_list as push_json_list};
pub use junit::junit;
pub use markdown::markdown;
pub use text::{push as push_text, push_agent, push_line, push_list};

/// The most bytes of what was sent that a report shows.
const SHOWN: usize = 256;

/// What came, in words.
fn observed(checked: &CheckedCase) -> String {
    match &checked.result.observation {
        Some(observation) if observation.observed.is_empty() => "nothing".to_owned(),
        Some(observation) => observation.observed.join(", "),
        None => "no connection".to_owned(),
    }
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

fn fix(checked: &CheckedCase) -> Option<String> {
    checked
        .result
        .failure()
        .map(|it: &CaseFailure| it.fix(&checked.case))
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
