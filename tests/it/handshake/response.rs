//! The findings for a response, rule by rule.

use super::{REQUEST, RESPONSE, check, check_response, findings};
use crate::helpers::run::wsctl_reading;

#[test]
fn resp_status() {
    for (line, fix) in [
        (
            "301 Moved\nLocation: http://a/ws/",
            "connect to `ws://a/ws/`",
        ),
        ("308 Moved\nLocation: https://a/", "connect to `wss://a/`"),
    ] {
        let response = format!("{REQUEST}HTTP/1.1 {line}\n\n");
        let outcome = wsctl_reading(["handshake", "-f", "json"], response.as_bytes());
        let last = outcome.text().lines().last().unwrap().to_owned();
        let record: serde_json::Value = serde_json::from_str(&last).unwrap();
        assert_eq!(
            (&record["rule"], &record["fix"]),
            (&"resp-status".into(), &fix.into())
        );
    }
    check_response("", "", "", &[]);
}

#[test]
fn resp_upgrade_connection() {
    let rule = "violation resp-upgrade-connection";
    let none = format!("{rule} 1:0+32 the response has no `Upgrade: websocket` header");
    check_response("", "Upgrade: websocket\n", "", &[&none]);
    let two = format!("{rule} 3:61+9 the response has 2 `Upgrade` headers");
    let line = "Upgrade: websocket\n";
    check_response("", line, &format!("{line}{line}"), &[&two]);
    let close =
        format!("{rule} 3:64+5 the `Connection` header must include `Upgrade`, and is `close`");
    check_response("", "Connection: Upgrade", "Connection: close", &[&close]);
    let none = format!("{rule} 1:0+32 the response has no `Connection: Upgrade` header");
    check_response("", "Connection: Upgrade\n", "", &[&none]);
    check_response("", "Connection: Upgrade", "connection: upgrade", &[]);
}

#[test]
fn wrong_accept_values_are_explained() {
    let line = "Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n";
    let none = "violation accept-missing 1:0+32 the response has no `Sec-WebSocket-Accept` header";
    check_response("", line, "", &[none]);
    let two = "violation accept-wrong 5:145+28 the response has 2 `Sec-WebSocket-Accept` headers";
    check_response("", line, &format!("{line}{line}"), &[two]);
    let rfc = "violation accept-stale 4:94+28 the accept value is that of the \
               sample key in RFC 6455";
    let value = "lCaWI6ZCGd5I25+0bJrVqBOcDYc=";
    check_response("", value, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", &[rfc]);
    let hexadecimal = "violation accept-hexdigest 4:94+40 the accept value is \
                       the digest in hexadecimal instead of base64 of its 20 bytes";
    let digits = "94269623a64219de48db9fb46c9ad5a8139c0d87";
    check_response("", value, digits, &[hexadecimal]);
}

#[test]
fn accept_b64_newline() {
    let request = REQUEST.replace('\n', "\r\n");
    let response = RESPONSE.replace('\n', "\r\n");
    let newline = "violation accept-b64-newline 4:97+28 the accept value ends with a line feed, \
                   which ends the head";
    let last = response.replacen("Yc=\r\n", "Yc=\n\r\n", 1);
    check(&format!("{request}{last}"), &[newline]);
    check(&format!("{request}{last}").replace('\r', ""), &[]);
    let accept = "Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n";
    let moved = RESPONSE.replace(accept, "");
    let moved = moved.replacen("Connection", &format!("{accept}\nConnection"), 1);
    let early = newline.replace("4:97", "3:74");
    check(&format!("{REQUEST}{moved}"), &[&early]);
    check(&format!("{request}{response}"), &[]);
}

#[test]
fn resp_subprotocol() {
    let line = |value: &str| {
        format!("Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\nSec-WebSocket-Protocol: {value}\n")
    };
    let old = "Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n";
    let mqtt = "Sec-WebSocket-Protocol: mqtt\n";
    let none = "suspicious resp-subprotocol-missing 1:0+32 none of the subprotocols offered is \
                chosen: `mqtt`";
    check_response(mqtt, "", "", &[none]);
    let rule = "violation resp-subprotocol-wrong 5:";
    let other =
        format!("{rule}147+4 the subprotocol `chat` is chosen, but only `mqtt` was offered");
    check_response(mqtt, old, &line("chat"), &[&other]);
    let unasked = format!("{rule}147+4 the subprotocol `chat` is chosen, but none was offered");
    check_response("", old, &line("chat"), &[&unasked]);
    let several = format!("{rule}147+4 several subprotocols are chosen: `a, b`");
    let asked = "Sec-WebSocket-Protocol: a, b\n";
    check_response(asked, old, &line("a, b"), &[&several]);
    let empty = format!("{rule}123+22 the subprotocol chosen is empty");
    check_response(asked, old, &line(""), &[&empty]);
    check_response(asked, old, &line("b"), &[]);
}

#[test]
fn resp_extensions() {
    let line = |value: &str| {
        format!("Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\nSec-WebSocket-Extensions: {value}\n")
    };
    let old = "Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n";
    let asked = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\n";
    let check = |asked: &str, answer: &str, expected: &[&str]| {
        check_response(asked, old, &line(answer), expected);
    };
    let not = |name: &str| {
        let length = name.len();
        format!(
            "violation resp-extension-unrequested 5:149+{length} the extension `{name}` is \
             chosen but was not offered"
        )
    };
    check(
        asked,
        "x-webkit-deflate-frame",
        &[&not("x-webkit-deflate-frame")],
    );
    check("", "permessage-deflate", &[&not("permessage-deflate")]);
    let rule = "violation resp-extension-params 5:";
    let bits = format!("{rule}169+25 server_max_window_bits must be 8 to 15, and is `16`");
    check(
        asked,
        "permessage-deflate; server_max_window_bits=16",
        &[&bits],
    );
    let copied = format!("{rule}169+22 client_max_window_bits needs a value, 8 to 15");
    check(
        asked,
        "permessage-deflate; client_max_window_bits",
        &[&copied],
    );
    let unknown = format!("{rule}169+3 permessage-deflate has no parameter `foo`");
    check(asked, "permessage-deflate; foo", &[&unknown]);
    let empty = format!(
        "{rule}123+24 the list of extensions is malformed: expected the name of an extension, \
         found the end"
    );
    check(asked, "", &[&empty]);
    check(asked, "permessage-deflate; client_max_window_bits=12", &[]);
}

#[test]
fn framing_and_draft_headers_in_a_101_are_findings() {
    let old = "Connection: Upgrade\n";
    let length = "violation resp-content-length 4:88+1 a 101 must not have a `Content-Length`, \
                  and has `0`";
    check_response("", old, &format!("{old}Content-Length: 0\n"), &[length]);
    let chunked = "violation resp-chunked 4:91+7 a 101 must not have a `Transfer-Encoding`, and has \
                   `chunked`";
    check_response(
        "",
        old,
        &format!("{old}Transfer-Encoding: chunked\n"),
        &[chunked],
    );
    for name in ["WebSocket-Location", "Sec-WebSocket-Origin"] {
        let count = name.len();
        let draft = format!(
            "suspicious resp-draft-headers 4:72+{count} `{name}` belongs to a draft before RFC 6455"
        );
        check_response("", old, &format!("{old}{name}: ws://a\n"), &[&draft]);
    }
    let body = format!("{REQUEST}HTTP/1.1 404 No\nContent-Length: 2\n\nno");
    let status = "violation resp-status 1:9+3 the status is 404 instead of 101";
    check(&body, &[status]);
}

#[test]
fn bytes_after_a_101_are_explained() {
    let head = format!("{REQUEST}{RESPONSE}")
        .replace('\n', "\r\n")
        .into_bytes();
    let of = |after: &[u8], expected: &str| {
        assert_eq!(findings(&[&head[..], after].concat()), expected);
    };
    let trailing = |count: u8, what: &str| {
        format!(
            "violation resp-trailing-bytes -:129+{count} there is one {what} too many after the \
             101\nstatus 1\n"
        )
    };
    of(b"\r\n\x81\x05Hello", &trailing(2, "CR LF"));
    of(b"\n\x81\x05Hello", &trailing(1, "LF"));
    of(b"\0\x81\x05Hello", &trailing(1, "NUL"));
    of(b"\x81\x05Hello", "");
    let second = "violation http-in-stream -:129+16 a second response follows the 101: \
                  HTTP/1.1 400 Bad Request\nstatus 1\n";
    of(b"HTTP/1.1 400 Bad Request\r\n\r\n", second);
}

#[test]
fn bytes_instead_of_a_response_are_explained() {
    let of = |bytes: &[u8], expected: &str| {
        assert_eq!(findings(bytes), format!("{expected}\nstatus 1\n"));
    };
    let rule = "violation resp-not-http";
    let alert = format!("{rule} -:0+7 expected a response, found a TLS alert");
    of(b"15 03 03 00 02 02 28", &alert);
    let frame = format!("{rule} -:0+7 expected a response, found a WebSocket frame");
    of(b"\x81\x05Hello", &frame);
    let mark = format!("{rule} -:0+3 expected a response, found a byte-order mark");
    let bare = RESPONSE.replace('\n', "\r\n");
    of(
        format!(
            "b'\\xef\\xbb\\xbf{}'",
            bare.replace('\r', "\\r").replace('\n', "\\n")
        )
        .as_bytes(),
        &mark,
    );
    let banner =
        format!("{rule} 1:0+24 expected a response, found the text `NOTICE * :*** Looking up`");
    of(
        format!("{REQUEST}NOTICE * :*** Looking up\n").as_bytes(),
        &banner,
    );
    let outcome = wsctl_reading(
        ["handshake", "--from", "server", "-f", "json"],
        b"NOTICE * :*** Looking up\r\n",
    );
    assert!(outcome.text().contains("\"rule\":\"resp-not-http\""));
    assert_eq!(findings(format!("\u{feff}{REQUEST}").as_bytes()), "");
    let pasted = "suspicious resp-not-http -:0+3 expected a response, found a byte-order mark\n";
    assert_eq!(findings(format!("\u{feff}{RESPONSE}").as_bytes()), pasted);
}
