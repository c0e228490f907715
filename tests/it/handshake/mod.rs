//! `wsctl handshake`.

mod devtools;
mod forms;
mod memory;
mod output;
mod pastes;
mod request;
mod response;
mod right;
mod strict_peers;

use std::fmt::Write as _;

use crate::helpers::run::wsctl_reading;

/// A request as Chrome sends it.
const CHROME: &str = "\
GET /chat HTTP/1.1
Host: server.example.com
Connection: Upgrade
Pragma: no-cache
Cache-Control: no-cache
User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36
Upgrade: websocket
Origin: http://example.com
Sec-WebSocket-Version: 13
Accept-Encoding: gzip, deflate, br
Accept-Language: en-US,en;q=0.9
Sec-WebSocket-Key: FUH2Nige4Npq/InFS0OoJQ==
Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits

";

/// A request with the required headers only.
const REQUEST: &str = "\
GET / HTTP/1.1
Host: a
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==
Sec-WebSocket-Version: 13

";

/// The response to it.
const RESPONSE: &str = "\
HTTP/1.1 101 Switching Protocols
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=

";

/// A line for each finding in a handshake, as `violation req-version 6:90+1 …` (severity, rule, line,
/// offset, length, message), and a line for the exit status unless it is 0.
fn findings(bytes: &[u8]) -> String {
    let outcome = wsctl_reading(["handshake", "-f", "json"], bytes);
    let mut lines = String::new();
    for line in outcome.text().lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        if record["type"] != "finding" {
            continue;
        }
        let word = |name: &str| record[name].as_str().unwrap_or("-").to_owned();
        let (severity, rule, message) = (word("severity"), word("rule"), word("message"));
        let place = format!(
            "{}:{}+{}",
            record["line"], record["offset"], record["length"]
        );
        let place = place.replace("null", "-");
        writeln!(lines, "{severity} {rule} {place} {message}").unwrap();
    }
    if outcome.status != 0 {
        writeln!(lines, "status {}", outcome.status).unwrap();
    }
    lines
}

/// Compares the findings in a text, in their order.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let status = expected.iter().any(|line| line.starts_with("violation"));
    let mut lines = expected
        .iter()
        .fold(String::new(), |lines, line| lines + line + "\n");
    if status {
        lines.push_str("status 1\n");
    }
    assert_eq!(findings(text.as_bytes()), lines, "{text}");
}

/// Compares the findings in [`REQUEST`] with `old` replaced by `new`.
#[track_caller]
fn check_request(old: &str, new: &str, expected: &[&str]) {
    assert!(REQUEST.contains(old));
    check(&REQUEST.replacen(old, new, 1), expected);
}

/// Compares the findings in [`REQUEST`], with the headers `asked` added, and [`RESPONSE`] with `old`
/// replaced by `new`.
#[track_caller]
fn check_response(asked: &str, old: &str, new: &str, expected: &[&str]) {
    let request = REQUEST.replacen("Host: a\n", &format!("Host: a\n{asked}"), 1);
    assert!(RESPONSE.contains(old));
    let response = RESPONSE.replacen(old, new, 1);
    check(&format!("{request}{response}"), expected);
}
