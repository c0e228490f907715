//! What is worth telling of a connection that was opened, or of the steps before a failure.

use super::{Answered, Dialling, MAX_REDIRECTS, Redirect, redirect};
use crate::net::dial::{CompletedStep, DialStep, system_text};

/// Sentences about the way to the server: the redirects that were followed, the proxy and what
/// named it, and addresses that did not accept the connection.
pub(in crate::commands) fn notices(answered: &Answered) -> Vec<String> {
    let Answered {
        dialling, opened, ..
    } = answered;
    let redirects = &dialling.redirects;
    let mut notices: Vec<String> = redirects.iter().map(Redirect::to_string).collect();
    if let Some(next) = redirect(&dialling.target, opened) {
        notices.push(if redirects.len() == MAX_REDIRECTS {
            format!("after {MAX_REDIRECTS} redirects no more are followed")
        } else {
            format!("-L follows the redirect to {}", next.to)
        });
    }
    notices.extend(proxy(dialling));
    notices.extend(opened.steps.iter().filter_map(other_addresses));
    notices.extend(opened.response.interim.iter().map(|head| {
        let line = head.split(|byte| *byte == b'\r' || *byte == b'\n').next();
        let line = String::from_utf8_lossy(line.unwrap_or_default()).into_owned();
        format!("the server sent an interim response first: {line}")
    }));
    notices
}

/// The proxy, and what named it.
fn proxy(dialling: &Dialling) -> Option<String> {
    let proxy = dialling.options.proxy.as_ref()?;
    Some(match dialling.proxy_variable {
        Some(variable) => format!("through the proxy {proxy}, which {variable} names"),
        None => format!("through the proxy {proxy}"),
    })
}

/// Which addresses did not accept the connection before one did.
fn other_addresses(step: &CompletedStep) -> Option<String> {
    let address = step.address.filter(|_| !step.refused.is_empty())?;
    let refused = step.refused.iter();
    let refused = refused.map(|(address, error)| format!("{address}: {}", system_text(error)));
    let refused: Vec<String> = refused.collect();
    Some(format!(
        "connected to {address}, after {}",
        refused.join("; ")
    ))
}

/// The steps that were complete, with their times, and the one that failed:
/// `dns 2 ms, tcp 11 ms, tls failed`.
pub(super) fn steps_before(completed: &[CompletedStep], failed: DialStep) -> String {
    let complete = completed.iter().map(|step| {
        let version = step.tls_version.as_ref().map(|it| format!(" ({it})"));
        let milliseconds = step.time.as_secs_f64() * 1e3;
        let digits = usize::from(milliseconds < 10.0);
        let name = step.step.name();
        format!(
            "{name} {milliseconds:.digits$} ms{}",
            version.unwrap_or_default()
        )
    });
    let failed = format!("{} failed", failed.name());
    complete.chain([failed]).collect::<Vec<_>>().join(", ")
}
