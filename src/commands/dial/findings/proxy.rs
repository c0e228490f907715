//! Findings about the proxy.

use crate::commands::dial::Dialling;
use crate::diagnosis::{Finding, catalogue};
use crate::net::dial::{DialError, DialStep, ProxyKind};

/// The proxy answered that it does not open the connection.
pub(super) fn refused(why: &str) -> Finding {
    let finding = Finding::new(
        &catalogue::PROXY_FAILED,
        format!("the proxy refuses the connection: {why}"),
    );
    let status = why.get(..3).and_then(|digits| digits.parse::<u16>().ok());
    match status {
        Some(407) => finding
            .certain_cause("the proxy wants a user name and a password, or other ones")
            .fixed_by("write them into the URL of the proxy: `http://USER:PASSWORD@HOST:PORT`"),
        Some(403 | 405) => finding
            .possible_cause("a proxy that allows CONNECT for some ports or hosts only, often 443")
            .fixed_by("allow the host and the port in the proxy, or use `wss://` on port 443"),
        Some(500..=599) => finding
            .possible_cause("a proxy that cannot resolve the name or reach the server")
            .fixed_by("check the host and the port from the machine of the proxy"),
        Some(_) => finding,
        None if why.contains("auth") || why.contains("Auth") => finding
            .certain_cause("the proxy wants a user name and a password, or other ones")
            .fixed_by("write them into the URL of the proxy: `socks5h://USER:PASSWORD@HOST:PORT`"),
        None => finding
            .possible_cause("a proxy that cannot resolve the name or reach the server")
            .fixed_by("check the host and the port from the machine of the proxy"),
    }
}

/// What answered is no proxy of the kind that was expected.
pub(super) fn not_a_proxy(dialling: &Dialling) -> Finding {
    let kind = match dialling.options.proxy.as_ref().map(|proxy| proxy.kind) {
        Some(ProxyKind::Socks5) => "SOCKS 5",
        _ => "HTTP",
    };
    Finding::new(
        &catalogue::PROXY_FAILED,
        format!("the reply is not that of a proxy that speaks {kind}"),
    )
    .possible_cause("a proxy of another kind, or another server on this port")
    .fixed_by("check the scheme and the port of the proxy: `http://` or `socks5h://`")
}

/// Whether the step that failed is one with the proxy.
pub(super) fn is_at_fault(error: &DialError, dialling: &Dialling) -> bool {
    let is_asked = error
        .completed
        .iter()
        .any(|step| step.step == DialStep::Proxy);
    let is_before = matches!(
        error.step,
        DialStep::Dns | DialStep::Tcp | DialStep::Proxy | DialStep::Tls
    );
    dialling.options.proxy.is_some() && is_before && !is_asked
}

/// The finding with the proxy, and what named it.
pub(super) fn named(mut finding: Finding, dialling: &Dialling) -> Finding {
    let Some(proxy) = &dialling.options.proxy else {
        return finding;
    };
    if finding.page == &catalogue::CONNECTION_REFUSED {
        finding =
            finding.possible_cause("a proxy that is not running, or that listens on another port");
    }
    if finding.page != &catalogue::PROXY_FAILED {
        finding.page = &catalogue::PROXY_FAILED;
        finding.message = format!("the proxy cannot be used: {}", finding.message);
    }
    match dialling.proxy_variable {
        Some(variable) => finding
            .note(format!(
                "the environment variable {variable} names the proxy {proxy}"
            ))
            .note("--no-proxy connects without a proxy"),
        None => finding.note(format!("--proxy names the proxy {proxy}")),
    }
}
