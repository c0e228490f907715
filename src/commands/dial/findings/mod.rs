//! Turns a [`DialError`] into findings: the step that failed, why, and what to change.

mod proxy;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use super::Dialling;
use super::notices::steps_before;
use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::{Finding, Severity, diagnose_handshake, diagnose_other_bytes};
use crate::net::dial::{AddressFamily, DialError, DialFailure, DialStep, system_text};
use crate::ws::Role;
use crate::ws::handshake::{Handshake, LineEnds};
use crate::ws::other_protocol::OtherProtocol;

/// The findings for a connection that could not be opened. The first one says why, and names the
/// proxy if that is the reason, and the redirects that led to the target.
pub(in crate::commands) fn findings(error: &DialError, dialling: &Dialling) -> Vec<Finding> {
    let mut first = finding(error, dialling);
    first.severity = Severity::Violation;
    if proxy::is_at_fault(error, dialling) {
        first = proxy::named(first, dialling);
    }
    first = first.note(steps_before(&error.completed, error.step));
    for redirect in &dialling.redirects {
        first = first.note(redirect.to_string());
    }
    let mut findings = vec![first];
    if let DialFailure::HeadCut(bytes) = &error.reason {
        let head = Handshake::read(None, Some(bytes), LineEnds::OnTheWire);
        let others = diagnose_handshake(&head).into_iter();
        findings.extend(others.filter(|it| it.page == &catalogue::HTTP_BAD_LINES));
    }
    findings
        .into_iter()
        .map(Finding::without_credentials)
        .collect()
}

fn finding(error: &DialError, dialling: &Dialling) -> Finding {
    let step = error.step;
    match &error.reason {
        DialFailure::NameNotFound(why) => name_not_found(why, error, dialling),
        DialFailure::NoAddressOfFamily => no_address_of_family(error, dialling),
        DialFailure::NotConnected(tried) => not_connected(tried),
        DialFailure::UnixSocket(why) => unix_socket(why, dialling),
        DialFailure::TimedOut(time) => timed_out(step, *time),
        DialFailure::Closed(_) if lacks_certificate(error, dialling) => tls::closed(),
        DialFailure::Closed(why) => closed(step, why, dialling),
        DialFailure::ProxyRefused(why) => proxy::refused(why),
        DialFailure::NotAProxy => proxy::not_a_proxy(dialling),
        DialFailure::Tls(problem) => tls::failed(problem, server_name(error, dialling), dialling),
        DialFailure::HeadTooLarge(limit) => {
            let message = format!("the response head has no end in {limit} bytes");
            Finding::new(&catalogue::HTTP_BAD_LINES, message)
                .possible_cause("a server that sends no empty line after the headers")
                .fixed_by(r"end the response head with `\r\n\r\n`")
        }
        DialFailure::NotHttp(bytes) => not_http(bytes),
        DialFailure::HeadCut(bytes) => head_cut(bytes),
    }
}

/// The name that is resolved: that of the proxy, or of the target.
fn name<'a>(error: &DialError, dialling: &'a Dialling) -> &'a str {
    match (&dialling.options.proxy, &dialling.options.connect_to) {
        (Some(proxy), _) if proxy::is_at_fault(error, dialling) => &proxy.host,
        (_, Some((host, _))) => host,
        _ => &dialling.target.host,
    }
}

/// The name that the certificate must have: that of the proxy, or of the target.
fn server_name<'a>(error: &DialError, dialling: &'a Dialling) -> &'a str {
    match (&dialling.options.proxy, &dialling.options.server_name) {
        (Some(proxy), _) if proxy::is_at_fault(error, dialling) => &proxy.host,
        (_, Some(name)) => name,
        _ => &dialling.target.host,
    }
}

fn name_not_found(why: &str, error: &DialError, dialling: &Dialling) -> Finding {
    let why = why.strip_prefix("failed to lookup address information: ");
    let why = why.map(|it| format!(": {it}")).unwrap_or_default();
    let message = format!("`{}` has no address{why}", name(error, dialling));
    let finding = Finding::new(&catalogue::HOST_NOT_FOUND, message);
    if why.contains("Temporary failure") {
        return finding
            .possible_cause("a name server that this machine cannot reach")
            .fixed_by("check the network, and the name servers in `/etc/resolv.conf`");
    }
    finding
}

fn no_address_of_family(error: &DialError, dialling: &Dialling) -> Finding {
    let (family, option) = match dialling.options.family {
        Some(AddressFamily::V6) => ("IPv6", "-6"),
        _ => ("IPv4", "-4"),
    };
    let name = name(error, dialling);
    Finding::new(
        &catalogue::HOST_NOT_FOUND,
        format!("`{name}` has no {family} address"),
    )
    .certain_cause(format!(
        "the option {option} excludes the addresses that it has"
    ))
    .fixed_by(format!("leave {option} out"))
}

/// Each address with what the system said. The page is that of the error that tells most.
fn not_connected(tried: &[(SocketAddr, io::Error)]) -> Finding {
    let is = |kind| tried.iter().any(|(_, error)| error.kind() == kind);
    let page = if is(io::ErrorKind::ConnectionRefused) {
        &catalogue::CONNECTION_REFUSED
    } else if is(io::ErrorKind::TimedOut) {
        &catalogue::HANDSHAKE_TIMEOUT
    } else if is(io::ErrorKind::ConnectionReset) {
        &catalogue::CLOSED_BEFORE_RESPONSE
    } else {
        &catalogue::NETWORK_UNREACHABLE
    };
    let outcomes = tried.iter().map(|(address, error)| match error.kind() {
        io::ErrorKind::ConnectionRefused => format!("{address} refuses the connection"),
        _ => format!("{address}: {}", system_text(error)),
    });
    let finding = Finding::new(page, outcomes.collect::<Vec<_>>().join("; "));
    let is_local = tried.iter().all(|(address, _)| address.ip().is_loopback());
    if page == &catalogue::HANDSHAKE_TIMEOUT {
        return finding
            .possible_cause("a firewall that drops the packets, or an address that no machine has")
            .fixed_by("check the address, and the firewalls between here and the server");
    }
    if is_local && page == &catalogue::CONNECTION_REFUSED {
        return finding
            .possible_cause("a server that is not running, or that listens on another port");
    }
    finding
}

fn unix_socket(why: &io::Error, dialling: &Dialling) -> Finding {
    let path = dialling.options.unix.as_deref().unwrap_or("".as_ref());
    let path = path.display();
    let finding = Finding::new(
        &catalogue::CONNECTION_REFUSED,
        format!("the Unix socket {path}: {}", system_text(why)),
    );
    match why.kind() {
        io::ErrorKind::NotFound => finding
            .certain_cause("there is no file of this name")
            .fixed_by("start the server, and compare its path with that of --unix"),
        io::ErrorKind::ConnectionRefused => finding
            .certain_cause("no program listens on the socket: its server has ended")
            .fixed_by("start the server again"),
        io::ErrorKind::PermissionDenied => finding
            .certain_cause("this user may not write to the socket")
            .fixed_by("change the mode of the file, or use the user of the server"),
        _ => finding,
    }
}

fn timed_out(step: DialStep, time: Duration) -> Finding {
    let page: &RulePage = match step {
        DialStep::Dns => &catalogue::HOST_NOT_FOUND,
        DialStep::Proxy => &catalogue::PROXY_FAILED,
        DialStep::Tcp | DialStep::Tls | DialStep::Upgrade => &catalogue::HANDSHAKE_TIMEOUT,
    };
    let seconds = time.as_secs_f64();
    let finding = |message: &str| Finding::new(page, format!("{message} in {seconds} s"));
    match step {
        DialStep::Dns => finding("no answer of the name servers")
            .possible_cause("a name server that this machine cannot reach")
            .fixed_by("check the network, and the name servers in `/etc/resolv.conf`"),
        DialStep::Tcp => finding("the connection is not accepted")
            .possible_cause("a server that is too busy to accept it"),
        DialStep::Proxy => finding("no answer of the proxy to the request for a connection")
            .possible_cause("a proxy that cannot reach the server, or another kind of proxy")
            .fixed_by("check the scheme of the proxy's URL, and its log"),
        DialStep::Tls => finding("no answer to the TLS handshake")
            .possible_cause("a server without TLS on this port, which waits for a line of text")
            .fixed_by("connect with `ws://`, or to the port with TLS"),
        DialStep::Upgrade => finding("no response to the request"),
    }
}

/// Whether the server ended a connection on which it got no certificate of the client, which it
/// had requested.
fn lacks_certificate(error: &DialError, dialling: &Dialling) -> bool {
    let may_lack = matches!(error.step, DialStep::Tls | DialStep::Upgrade);
    may_lack && error.was_asked_for_certificate && !dialling.has_certificate
}

fn closed(step: DialStep, why: &io::Error, dialling: &Dialling) -> Finding {
    let is_reset = matches!(
        why.kind(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe
    );
    let who = if step == DialStep::Proxy {
        "the proxy"
    } else {
        "the server"
    };
    let what = match why.kind() {
        _ if is_reset => format!("{who} reset the connection"),
        io::ErrorKind::UnexpectedEof => format!("{who} closed the connection"),
        _ => format!("the connection broke ({})", system_text(why)),
    };
    let when = match step {
        DialStep::Tls => " during the TLS handshake",
        DialStep::Proxy => " before the reply to the request for a connection",
        _ => " before the response",
    };
    let page = if step == DialStep::Proxy {
        &catalogue::PROXY_FAILED
    } else {
        &catalogue::CLOSED_BEFORE_RESPONSE
    };
    let finding = Finding::new(page, what + when);
    match step {
        DialStep::Tls => finding
            .possible_cause("a server without TLS on this port, or a firewall that filters names")
            .fixed_by("connect with `ws://` if the server has no TLS"),
        DialStep::Upgrade if !dialling.target.is_secure => finding.possible_cause(
            "a server that crashed on the request, a port that needs TLS (`wss://`), or a port \
             of another protocol",
        ),
        _ => finding,
    }
}

fn not_http(bytes: &[u8]) -> Finding {
    let Some(finding) = diagnose_other_bytes(bytes, Some(Role::Server)) else {
        let count = bytes.len();
        let message = format!("expected a response, found {count} bytes that are not HTTP");
        return Finding::new(&catalogue::RESP_NOT_HTTP, message);
    };
    if OtherProtocol::of(bytes) == Some(OtherProtocol::Http2Settings) {
        return finding
            .certain_cause("the server only speaks HTTP/2 on this port")
            .fixed_by("enable HTTP/1.1 in the server: only HTTP/1.1 can be upgraded");
    }
    finding
}

/// A head that has no end.
fn head_cut(bytes: &[u8]) -> Finding {
    let count = bytes.len();
    let message = format!("the connection ended inside the response head, after {count} bytes");
    Finding::new(&catalogue::CLOSED_BEFORE_RESPONSE, message)
        .possible_cause("a server that sends no empty line after the headers")
        .fixed_by(r"end the response head with `\r\n\r\n`")
}
