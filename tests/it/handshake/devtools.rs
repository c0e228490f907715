//! `wsctl handshake` of the header list in a browser's network panel.

use crate::helpers::run::wsctl_reading;

/// The list of Chrome, with a heading above each part and each value below its name.
const CHROME: &str = "\
General
Request URL:
ws://localhost:9527/chat?room=1
Request Method:
GET
Status Code:
101 Switching Protocols
Response Headers
Raw
Connection:
Upgrade
Sec-Websocket-Accept:
lCaWI6ZCGd5I25+0bJrVqBOcDYc=
Upgrade:
websocket
Request Headers
Raw
Accept-Encoding:
gzip, deflate, br
Connection:
Upgrade
Host:
localhost:9527
Origin:
http://localhost:8000
Sec-Websocket-Extensions:
permessage-deflate; client_max_window_bits
Sec-Websocket-Key:
kJXuOKsrl3AR1KeFngRElQ==
Sec-Websocket-Version:
13
Upgrade:
websocket
";

const PAGE: &str = "\
request   GET /chat?room=1 HTTP/1.1
  ok       Connection                Upgrade
  ok       Host                      localhost:9527
           Origin                    http://localhost:8000
  ok       Sec-Websocket-Extensions  permessage-deflate; client_max_window_bits
  ok       Sec-Websocket-Key         kJXuOKsrl3AR1KeFngRElQ==
  ok       Sec-Websocket-Version     13
  ok       Upgrade                   websocket
           1 more header

response  HTTP/1.1 101 Switching Protocols
  ok       Connection                Upgrade
  ok       Sec-Websocket-Accept      lCaWI6ZCGd5I25+0bJrVqBOcDYc=
  ok       Upgrade                   websocket

accept        lCaWI6ZCGd5I25+0bJrVqBOcDYc= is right for kJXuOKsrl3AR1KeFngRElQ==
extensions    offered permessage-deflate; client_max_window_bits
              none chosen
";

#[track_caller]
fn check(text: &str) {
    let note = "wsctl: read as what a browser's network panel lists, which shows no first lines\n";
    let outcome = wsctl_reading(["handshake"], text.as_bytes());
    assert_eq!(
        outcome.to_string(),
        format!("{PAGE}--- stderr\n{note}"),
        "{text}"
    );
}

#[test]
fn values_below_or_after_their_names_are_the_same_headers() {
    check(CHROME);
    check(&CHROME.replace(":\n", ": ").replace('\n', "\r\n"));
    let is_heading = |line: &&str| line.ends_with("Headers") || ["General", "Raw"].contains(line);
    let lines = CHROME.lines().filter(|line| !is_heading(line));
    check(&lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn findings_are_those_of_the_raw_headers() {
    let wrong = CHROME.replace("Sec-Websocket-Version:\n13\n", "");
    let outcome = wsctl_reading(["handshake", "-q", "-f", "json"], wrong.as_bytes());
    assert_eq!((outcome.stderr.as_str(), outcome.status), ("", 1));
    let outcome = wsctl_reading(["handshake"], wrong.as_bytes());
    let first = "error[req-version]: the request has no `Sec-WebSocket-Version: 13` header";
    assert!(
        outcome.to_string().lines().any(|line| line == first),
        "{outcome}"
    );
}

#[test]
fn provisional_headers_are_not_checked() {
    let text = "Request URL: ws://localhost/\nRequest Method: GET\nStatus Code: 404 Not Found\n\
                Request Headers\nProvisional headers are shown\nSec-WebSocket-Version: 13\n";
    let outcome = wsctl_reading(["handshake"], text.as_bytes()).to_string();
    assert!(
        outcome.starts_with("response  HTTP/1.1 404 Not Found\n"),
        "{outcome}"
    );
    let note = "wsctl: read as what a browser's network panel lists; its provisional headers are \
                not what was sent, and are left out\n";
    assert!(outcome.contains(note), "{outcome}");
    assert!(!outcome.contains("request  "), "{outcome}");
}
