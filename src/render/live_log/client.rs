//! The lines of a log that only a client has: its handshake, and the silence before the end.

use super::{IndentedLines, LinePrefix, NEGOTIATED, push_prefix, value_of};
use crate::render::escape;
use crate::render::style::{Style, StyleRole};
use crate::ws::Role;
use crate::ws::handshake::{Body, HeadLines, ResponseHead};
use crate::ws::session::{ClientHandshake, EndReason, OpeningStep, SessionEnd, Side};

/// Appends the handshake of a client: the URL, the steps with their times, and the headers that
/// matter, or all headers of both heads; of a refusal the response and its body.
pub(in crate::render) fn push_client_handshake(
    out: &mut Vec<u8>,
    style: Style,
    prefix: LinePrefix<'_>,
    handshake: &ClientHandshake<'_>,
    all_headers: bool,
) {
    let is_open = handshake.negotiated.is_some();
    push_prefix(out, style, prefix);
    let (sign, role) = if is_open {
        ("+", StyleRole::Outgoing)
    } else {
        ("!", StyleRole::Violation)
    };
    style.push(out, role, sign);
    out.push(b' ');
    style.push(out, StyleRole::Name, &escape::text(handshake.url));
    out.push(b'\n');
    let mut lines = IndentedLines {
        indent: prefix.indent(),
        out,
        style,
    };
    lines.line(&steps(handshake.steps));
    let request = handshake.request;
    let response: Option<ResponseHead> = HeadLines::read(handshake.response).response();
    if all_headers {
        lines.line(&format!(
            "> {} {} HTTP/1.{}",
            request.method, request.target, request.minor_version
        ));
        lines.headers("> ", &request.headers);
    }
    match response {
        Some(response) if is_open && !all_headers => {
            push_essentials(&mut lines, handshake, &response);
        }
        Some(response) if is_open || all_headers => push_response(&mut lines, "< ", &response),
        Some(response) => {
            lines.line("answered with");
            push_response(&mut lines, "", &response);
        }
        None => {
            let first = handshake.response.split(|byte| *byte == b'\n').next();
            let first = String::from_utf8_lossy(first.unwrap_or_default());
            lines.line(&format!("answered with {}", first.trim_end()));
        }
    }
    if let Some(body) = handshake.body {
        push_body(&mut lines, body);
    }
}

/// The steps with their times: `dns 2 ms, tcp 11 ms, tls 24 ms (TLS 1.3), upgrade 8 ms`.
fn steps(steps: &[OpeningStep]) -> String {
    let words = steps.iter().map(|step| {
        let milliseconds = step.time.as_secs_f64() * 1e3;
        let detail = step.detail.as_ref().map(|detail| format!(" ({detail})"));
        let detail = detail.unwrap_or_default();
        if milliseconds < 10.0 {
            format!("{} {milliseconds:.1} ms{detail}", step.name)
        } else {
            format!("{} {milliseconds:.0} ms{detail}", step.name)
        }
    });
    words.collect::<Vec<_>>().join(", ")
}

/// The key, the accept value, and what was negotiated.
fn push_essentials(
    lines: &mut IndentedLines<'_>,
    handshake: &ClientHandshake<'_>,
    response: &ResponseHead,
) {
    let key = value_of(&handshake.request.headers, "Sec-WebSocket-Key").unwrap_or_default();
    let accept = value_of(&response.headers, "Sec-WebSocket-Accept").unwrap_or_default();
    lines.line(&format!("key {key}, accept {accept}"));
    for (what, name) in NEGOTIATED {
        if let Some(value) = value_of(&response.headers, name) {
            lines.line(&format!("negotiated {what}{value}"));
        }
    }
}

fn push_response(lines: &mut IndentedLines<'_>, sign: &str, response: &ResponseHead) {
    let ResponseHead {
        minor_version,
        status,
        reason,
        headers,
    } = response;
    let line = format!("{sign}HTTP/1.{minor_version} {status} {reason}");
    lines.line(line.trim_end());
    lines.headers(sign, headers);
}

/// The body of a refusal, after an empty line.
fn push_body(lines: &mut IndentedLines<'_>, body: &Body) {
    let text = String::from_utf8_lossy(&body.bytes);
    if text.trim().is_empty() {
        return;
    }
    lines.out.push(b'\n');
    for line in text.trim_end().lines() {
        lines.line(line);
    }
    if !body.is_whole {
        lines.line("… (the rest of the body was not read)");
    }
}

/// How long the connection was silent before the peer ended it, and what that tells.
pub(super) fn silence_words(end: &SessionEnd) -> String {
    let is_by_peer = end.reason.side() != Some(Side::Local);
    let seconds = end.silence.as_secs_f64();
    if end.local == Role::Server || !is_by_peer || seconds < 1.0 {
        return String::new();
    }
    let is_without_close = !matches!(end.reason, EndReason::ClosingHandshake(_));
    let cause = if is_idle_timeout(seconds) && (is_without_close || end.is_going_away()) {
        ", probably the idle time-out of a proxy"
    } else {
        ""
    };
    format!(", {seconds:.1} s after the last frame{cause}")
}

/// Whether a time is that of a common idle time-out, to the second.
fn is_idle_timeout(seconds: f64) -> bool {
    /// In seconds: the defaults of nginx (60), AWS (60, 350), Heroku (55), Cloudflare (100) and
    /// Azure (240), and others that are usual.
    const COMMON: [f64; 10] = [
        30.0, 55.0, 60.0, 100.0, 120.0, 240.0, 300.0, 350.0, 600.0, 3600.0,
    ];
    COMMON.iter().any(|common| (seconds - common).abs() < 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ws::CloseCode;
    use std::time::Duration;

    fn end(reason: EndReason, silence: f64) -> SessionEnd {
        SessionEnd {
            silence: Duration::from_secs_f64(silence),
            close: CloseCode::GOING_AWAY.0.to_be_bytes().to_vec(),
            ..SessionEnd::before_frames(Role::Client, reason, Duration::ZERO)
        }
    }

    #[test]
    fn a_silence_of_a_minute_to_the_second_is_probably_an_idle_timeout() {
        let words = |reason, silence| silence_words(&end(reason, silence));
        let proxy = ", 60.0 s after the last frame, probably the idle time-out of a proxy";
        assert_eq!(words(EndReason::Fin, 60.04), proxy);
        assert_eq!(words(EndReason::Reset, 60.04), proxy);
        assert_eq!(words(EndReason::ClosingHandshake(Side::Peer), 60.04), proxy);
        assert_eq!(words(EndReason::Fin, 63.2), ", 63.2 s after the last frame");
        assert_eq!(words(EndReason::Fin, 0.3), "");
        assert_eq!(words(EndReason::ClosingHandshake(Side::Local), 60.0), "");
        let server = SessionEnd {
            local: Role::Server,
            ..end(EndReason::Fin, 60.0)
        };
        assert_eq!(silence_words(&server), "");
    }

    #[test]
    fn a_step_has_its_time_and_the_version_of_tls() {
        let step = |name, milliseconds, detail: Option<&str>| OpeningStep {
            name,
            time: Duration::from_micros(milliseconds),
            detail: detail.map(str::to_owned),
        };
        assert_eq!(
            steps(&[
                step("tcp", 1_840, None),
                step("tls", 24_300, Some("TLS 1.3"))
            ]),
            "tcp 1.8 ms, tls 24 ms (TLS 1.3)"
        );
    }
}
