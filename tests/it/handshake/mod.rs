//! `wsctl handshake`.

mod devtools;

use std::fmt::Write as _;

use crate::helpers::run::{check_reading, wsctl, wsctl_reading};

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

/// A request without anything that is not needed.
const REQUEST: &str = "\
GET / HTTP/1.1
Host: a
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==
Sec-WebSocket-Version: 13

";

/// The answer to it.
const RESPONSE: &str = "\
HTTP/1.1 101 Switching Protocols
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=

";

/// What is wrong with a handshake, a line for each finding, and the status:
/// `error req-version 6:90+1: …`.
fn findings(octets: &[u8]) -> String {
    let outcome = wsctl_reading(["handshake", "-f", "json"], octets);
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

/// All findings about a text, in the order they are told.
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

/// The same about the usual request with a line changed; nothing for no line.
#[track_caller]
fn check_request(old: &str, new: &str, expected: &[&str]) {
    assert!(REQUEST.contains(old));
    check(&REQUEST.replacen(old, new, 1), expected);
}

/// The same about the usual response, below the usual request with another line.
#[track_caller]
fn check_response(asked: &str, old: &str, new: &str, expected: &[&str]) {
    let request = REQUEST.replacen("Host: a\n", &format!("Host: a\n{asked}"), 1);
    assert!(RESPONSE.contains(old));
    let response = RESPONSE.replacen(old, new, 1);
    check(&format!("{request}{response}"), expected);
}

#[test]
fn a_request_of_chrome_is_right() {
    check_reading(
        "handshake",
        CHROME.as_bytes(),
        "\
request   GET /chat HTTP/1.1
  ok       Host                      server.example.com
  ok       Connection                Upgrade
  ok       Upgrade                   websocket
           Origin                    http://example.com
  ok       Sec-WebSocket-Version     13
  ok       Sec-WebSocket-Key         FUH2Nige4Npq/InFS0OoJQ==
  ok       Sec-WebSocket-Extensions  permessage-deflate; client_max_window_bits
           5 more headers

accept        +lZCKceYfJsmNj6q0GYPa9r9LXE= would answer FUH2Nige4Npq/InFS0OoJQ==
extensions    offered permessage-deflate; client_max_window_bits
",
    );
}

#[test]
fn a_request_of_firefox_and_its_answer_are_right() {
    let request = "\
GET /chat HTTP/1.1\r\nHost: localhost:9527\r\nUser-Agent: Mozilla/5.0 Firefox/128.0\r\n\
Accept: */*\r\nSec-WebSocket-Version: 13\r\nOrigin: null\r\n\
Sec-WebSocket-Protocol: chat, superchat\r\n\
Sec-WebSocket-Extensions: permessage-deflate\r\n\
Sec-WebSocket-Key: M/EoWjDzXy+RqE798wx4WA==\r\nConnection: keep-alive, Upgrade\r\n\
Sec-Fetch-Mode: websocket\r\nPragma: no-cache\r\nUpgrade: websocket\r\n\r\n\
HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
Sec-WebSocket-Accept: dp5EfotV/BKd8c58hFUJH3Pc0pk=\r\nSec-WebSocket-Protocol: chat\r\n\
Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n\
Date: Mon, 01 Jan 2024 00:00:00 GMT\r\nServer: Python/3.12 websockets/12.0\r\n\r\n";
    check_reading(
        "handshake -",
        request.as_bytes(),
        "\
request   GET /chat HTTP/1.1
  ok       Host                      localhost:9527
  ok       Sec-WebSocket-Version     13
           Origin                    null
  ok       Sec-WebSocket-Protocol    chat, superchat
  ok       Sec-WebSocket-Extensions  permessage-deflate
  ok       Sec-WebSocket-Key         M/EoWjDzXy+RqE798wx4WA==
  ok       Connection                keep-alive, Upgrade
  ok       Upgrade                   websocket
           4 more headers

response  HTTP/1.1 101 Switching Protocols
  ok       Upgrade                   websocket
  ok       Connection                Upgrade
  ok       Sec-WebSocket-Accept      dp5EfotV/BKd8c58hFUJH3Pc0pk=
  ok       Sec-WebSocket-Protocol    chat
  ok       Sec-WebSocket-Extensions  permessage-deflate; server_no_context_take…
           Server                    Python/3.12 websockets/12.0
           1 more header

accept        dp5EfotV/BKd8c58hFUJH3Pc0pk= is right for M/EoWjDzXy+RqE798wx4WA==
subprotocol   offered chat, superchat; chosen chat
extensions    offered permessage-deflate
              chosen permessage-deflate; server_no_context_takeover
",
    );
}

#[test]
fn what_curl_prints_is_read_without_its_marks() {
    check_reading(
        "handshake",
        b"*   Trying 127.0.0.1:9527...\n* Connected to 127.0.0.1\n\
          > GET /ws HTTP/1.1\r\n> Host: 127.0.0.1:9527\r\n> User-Agent: curl/8.5.0\r\n\
          > Accept: */*\r\n> Connection: Upgrade\r\n> Upgrade: websocket\r\n\
          > Sec-WebSocket-Version: 13\r\n> Sec-WebSocket-Key: 6wD9eV6CaTkUveZOuKi/kg==\r\n> \r\n\
          < HTTP/1.1 101 Switching Protocols\r\n< Upgrade: websocket\r\n\
          < Connection: Upgrade\r\n< Sec-WebSocket-Accept: cv7n8PT7Tia5padceNqX5+WCaKs=\r\n\
          < \r\n{ [7 bytes data]\n* Operation timed out\n",
        "\
request   GET /ws HTTP/1.1
  ok       Host                      127.0.0.1:9527
  ok       Connection                Upgrade
  ok       Upgrade                   websocket
  ok       Sec-WebSocket-Version     13
  ok       Sec-WebSocket-Key         6wD9eV6CaTkUveZOuKi/kg==
           2 more headers

response  HTTP/1.1 101 Switching Protocols
  ok       Upgrade                   websocket
  ok       Connection                Upgrade
  ok       Sec-WebSocket-Accept      cv7n8PT7Tia5padceNqX5+WCaKs=

accept        cv7n8PT7Tia5padceNqX5+WCaKs= is right for 6wD9eV6CaTkUveZOuKi/kg==
",
    );
}

#[test]
fn a_response_alone_cannot_be_checked_whole() {
    check_reading(
        "handshake",
        RESPONSE.trim_end().as_bytes(),
        "\
response  HTTP/1.1 101 Switching Protocols
  ok       Upgrade                   websocket
  ok       Connection                Upgrade
           Sec-WebSocket-Accept      lCaWI6ZCGd5I25+0bJrVqBOcDYc=
           no blank line, as pasted

accept        lCaWI6ZCGd5I25+0bJrVqBOcDYc= cannot be checked without the request
",
    );
}

#[test]
fn what_a_server_printed_is_read_as_it_came() {
    check_reading(
        "handshake",
        b"b'GET / HTTP/1.1\\r\\nHost: a\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\
          Sec-WebSocket-Key: kJXuOKsrl3AR1KeFngRElQ==\\r\\n\
          Sec-WebSocket-Version: 13\\r\\n\\r\\n'\n",
        "\
request   GET / HTTP/1.1
  ok       Host                      a
  ok       Upgrade                   websocket
  ok       Connection                Upgrade
  ok       Sec-WebSocket-Key         kJXuOKsrl3AR1KeFngRElQ==
  ok       Sec-WebSocket-Version     13

accept        lCaWI6ZCGd5I25+0bJrVqBOcDYc= would answer kJXuOKsrl3AR1KeFngRElQ==
--- stderr
wsctl: read as a Python literal
",
    );
}

#[test]
fn what_is_wrong_stands_in_the_table_too() {
    let request = REQUEST
        .replace("Host: a\n", "")
        .replace("Version: 13", "Version: 8");
    let response = "HTTP/1.1 400 Bad Request\nServer: b\nX-Long: c\n\nno\n";
    check_reading(
        "handshake -q",
        format!("{request}{response}").as_bytes(),
        "\
request   GET / HTTP/1.1
  ok       Upgrade                   websocket
  ok       Connection                Upgrade
  ok       Sec-WebSocket-Key         kJXuOKsrl3AR1KeFngRElQ==
  WRONG    Sec-WebSocket-Version     8  13 is needed
  MISSING  Host

response  HTTP/1.1 400 Bad Request
  WRONG    400                       the server does not like the request
           Server                    b
           1 more header; 3 bytes of a body follow

accept        lCaWI6ZCGd5I25+0bJrVqBOcDYc= would answer kJXuOKsrl3AR1KeFngRElQ==
--- status 1
",
    );
}

#[test]
fn a_finding_is_drawn_at_its_line() {
    let request = REQUEST.replace("Connection: Upgrade", "Connection: close\nVia: 1.1 b");
    let outcome = wsctl_reading(["handshake"], request.as_bytes());
    // What peers print is the catalogue's, and changes with it.
    let drawn: Vec<&str> = outcome
        .stderr
        .lines()
        .take_while(|line| !line.starts_with("  = fix"))
        .collect();
    assert_eq!(
        drawn.join("\n"),
        "\
error[req-connection-no-upgrade]: the `Connection` header must include
                                  `Upgrade`, it is `close`
 --> request, byte 54
  |
4 | Connection: close
  |             ^^^^^ `Upgrade` is needed
  |
  = rule: RFC 6455 section 4.2.1
  = cause: a proxy passed the request on (`Via: 1.1 b`), and left out what
           is for one hop only"
    );
    assert_eq!(outcome.status, 1);
}

#[test]
fn json_has_both_heads_and_what_was_agreed_on() {
    let outcome = wsctl_reading(
        ["handshake", "-f", "json"],
        format!("{REQUEST}{RESPONSE}").as_bytes(),
    );
    assert_eq!(
        outcome.to_string(),
        "{\"type\":\"handshake\",\"request\":{\"method\":\"GET\",\"target\":\"/\",\"headers\":[\
         [\"Host\",\"a\"],[\"Upgrade\",\"websocket\"],[\"Connection\",\"Upgrade\"],\
         [\"Sec-WebSocket-Key\",\"kJXuOKsrl3AR1KeFngRElQ==\"],\
         [\"Sec-WebSocket-Version\",\"13\"]]},\"response\":{\"status\":101,\
         \"reason\":\"Switching Protocols\",\"headers\":[[\"Upgrade\",\"websocket\"],\
         [\"Connection\",\"Upgrade\"],\
         [\"Sec-WebSocket-Accept\",\"lCaWI6ZCGd5I25+0bJrVqBOcDYc=\"]]},\
         \"expected_accept\":\"lCaWI6ZCGd5I25+0bJrVqBOcDYc=\",\"offered_subprotocols\":[],\
         \"agreed\":{\"subprotocol\":null,\"deflate\":null}}\n"
    );
}

#[test]
fn nothing_a_peer_sent_drives_the_terminal() {
    let request = REQUEST.replace("Host: a", "Host: a\u{1b}[2J\u{202e}\nOrigin: \u{9b}c");
    let outcome = wsctl_reading(["handshake"], request.as_bytes());
    let both = format!("{}{}", outcome.text(), outcome.stderr);
    let is_unsafe = |char: char| (char.is_control() && char != '\n') || char == '\u{202e}';
    assert!(!both.contains(is_unsafe), "{both}");
    assert!(outcome.text().contains(r"a\x1b[2J\u{202e}"), "{both}");
}

#[test]
fn no_line_is_wider_than_a_screen() {
    let long = "x".repeat(300);
    let request = REQUEST.replace("Host: a", &format!("Host: {long}\nOrigin: {long}"));
    let request = request.replace("GET /", &format!("GET /{long}"));
    let outcome = wsctl_reading(["handshake"], request.as_bytes());
    for line in outcome.text().lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert_eq!(outcome.status, 0);
}

#[test]
fn a_head_where_the_name_of_a_file_belongs_is_told_where_to_go() {
    for head in [
        "GET /chat HTTP/1.1\r\nHost: a\r\n",
        r"GET /chat HTTP/1.1\r\nHost: a\r\n",
    ] {
        assert_eq!(
            wsctl(["handshake", head]).to_string(),
            "--- stderr\nwsctl: expected the name of a file, found the text `GET /chat HTTP/1.1`: \
             paste it into standard input\n--- status 2\n"
        );
    }
}

#[test]
fn without_a_head_nothing_can_be_done() {
    let error = |input: &[u8], found: &str| {
        let expected = format!(
            "--- stderr\nwsctl: expected the head of a request or a response in standard input, \
             found {found}\n--- status 2\n"
        );
        check_reading("handshake", input, &expected);
    };
    error(b"", "nothing");
    error(b" \n", "nothing");
    error(b"hello\n", "the text `hello`");
    error(b"\0\x01", "2 other bytes");
    let outcome = wsctl(["handshake", "/nonexistent"]);
    let expected = "--- stderr\nwsctl: cannot read /nonexistent: No such file or directory\n\
                    --- status 2\n";
    assert_eq!(outcome.to_string(), expected);
}

#[test]
fn req_not_get_and_http_1_0() {
    let post = "violation req-not-get 1:0+4 the method must be GET, it is `POST`";
    check_request("GET", "POST", &[post]);
    let small = "violation req-not-get 1:0+3 the method must be GET, it is `get`";
    check_request("GET", "get", &[small]);
    let old = "violation http-1.0 1:6+8 the request is HTTP/1.0, and 1.1 is needed";
    check_request("HTTP/1.1", "HTTP/1.0", &[old]);
    let old = "violation http-1.0 1:0+8 the response is HTTP/1.0, and 1.1 is needed";
    check_response("", "HTTP/1.1", "HTTP/1.0", &[old]);
    check_request("GET /", "GET /POST?HTTP/1.0", &[]);
    let odd = "violation http-bad-lines 1:6+8 the version of HTTP is not 1.1";
    check_request("HTTP/1.1", "HTTP/0.9", &[odd]);
}

#[test]
fn req_no_host() {
    let none = "violation req-no-host 1:0+14 the request has no `Host` header";
    check_request("Host: a\n", "", &[none]);
    let two = "violation req-no-host 3:29+1 the request has 2 `Host` headers";
    check_request("Host: a\n", "Host: a\nhost: b\n", &[two]);
    check_request("Host: a\n", "hOST:a\n", &[]);
}

#[test]
fn req_not_upgrade_and_connection_no_upgrade() {
    let none = "violation req-not-upgrade 1:0+14 the request has no `Upgrade: websocket` header";
    check_request("Upgrade: websocket\n", "", &[none]);
    let h2c = "violation req-not-upgrade 3:32+3 the `Upgrade` header must include `websocket`, \
               it is `h2c`";
    check_request("Upgrade: websocket", "Upgrade: h2c", &[h2c]);
    check_request("Upgrade: websocket", "Upgrade: h2c, WebSocket", &[]);
    let none = "violation req-connection-no-upgrade 1:0+14 the request has no \
                `Connection: Upgrade` header";
    check_request("Connection: Upgrade\n", "", &[none]);
    let alive = "violation req-connection-no-upgrade 4:54+10 the `Connection` header must \
                 include `Upgrade`, it is `keep-alive`";
    check_request("Connection: Upgrade", "Connection: keep-alive", &[alive]);
    check_request(
        "Connection: Upgrade",
        "Connection: keep-alive, upgrade",
        &[],
    );
}

#[test]
fn connection_list_refused_needs_a_refusal() {
    let request = REQUEST.replace("Connection: Upgrade", "Connection: keep-alive, Upgrade");
    let status = |status: u16| {
        format!("violation resp-status 1:9+3 the status is {status}, and 101 is needed")
    };
    for refusal in [400, 426] {
        let list = format!(
            "peer-bug connection-list-refused 4:54+19 a right request with `Connection: \
             keep-alive, Upgrade` was refused with {refusal}"
        );
        let text = format!("{request}HTTP/1.1 {refusal} No\n\n");
        check(&text, &[&list, &status(refusal)]);
    }
    check(&format!("{request}{RESPONSE}"), &[]);
    check(&format!("{request}HTTP/1.1 404 No\n\n"), &[&status(404)]);
    check(&format!("{REQUEST}HTTP/1.1 400 No\n\n"), &[&status(400)]);
}

#[test]
fn header_name_case_needs_an_answer_without_the_key() {
    let small = REQUEST.replace("Sec-WebSocket-Key", "sec-websocket-key");
    let with = |request: &str, accept: &str| {
        let response = RESPONSE.replace("lCaWI6ZCGd5I25+0bJrVqBOcDYc=", accept);
        format!("{request}{response}")
    };
    let name = "peer-bug header-name-case 5:62+17 the server did not find the key under the \
                name `sec-websocket-key`";
    let stale = "violation accept-stale 4:94+28 the accept value is wrong: ";
    let empty = format!("{stale}this was computed without the key");
    check(
        &with(&small, "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w="),
        &[name, &empty],
    );
    let none = format!("{stale}this was computed with a variable that held no key");
    check(
        &with(&small, "XQrm6Chk/7FvMjgNsAUNcO619pQ="),
        &[name, &none],
    );
    check(&with(REQUEST, "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w="), &[&empty]);
    check(&with(&small, "lCaWI6ZCGd5I25+0bJrVqBOcDYc="), &[]);
}

#[test]
fn req_key_bad_and_constant() {
    let key = "kJXuOKsrl3AR1KeFngRElQ==";
    let bad = |key: &str, why: &str| {
        let length = key.len();
        format!("violation req-key-bad 5:81+{length} the `Sec-WebSocket-Key` is no key: {why}")
    };
    let long = "JCMCrKJENqcrTU9erFxGoiP5P8JhjeocERQs9vgR/Y4=";
    let why = "it is base64 of 32 bytes, 16 were expected";
    check_request(key, long, &[&bad(long, why)]);
    let cut = "kJXuOKsrl3AR1KeFngRElQ";
    let why = "it is not base64, with padding, of 16 bytes";
    check_request(key, cut, &[&bad(cut, why)]);
    let none = "violation req-key-bad 1:0+14 the request has no `Sec-WebSocket-Key` header";
    let line = format!("Sec-WebSocket-Key: {key}\n");
    check_request(&line, "", &[none]);
    let two = "violation req-key-bad 6:125+24 the request has 2 `Sec-WebSocket-Key` headers";
    check_request(&line, &format!("{line}{line}"), &[two]);
    for known in ["dGhlIHNhbXBsZSBub25jZQ==", "x3JJHMbDL1EzLkh9GBhXDw=="] {
        let constant = format!(
            "suspicious req-key-constant 5:81+24 the key `{known}` is a well-known example"
        );
        check_request(key, known, &[&constant]);
    }
    check_request(key, "eHl6IHNhbXBsZSBub25jZQ==", &[]);
}

#[test]
fn req_version() {
    let none = "violation req-version 1:0+14 the request has no `Sec-WebSocket-Version: 13` header";
    check_request("Sec-WebSocket-Version: 13\n", "", &[none]);
    for wrong in ["8", "13, 8"] {
        let length = wrong.len();
        let expected = format!(
            "violation req-version 6:129+{length} the `Sec-WebSocket-Version` must be 13, it is \
             `{wrong}`"
        );
        check_request("13\n", &format!("{wrong}\n"), &[&expected]);
    }
    check_request(
        "Sec-WebSocket-Version: 13",
        "sec-websocket-version:\t13 ",
        &[],
    );
}

#[test]
fn req_hixie76() {
    let keys = "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\n";
    let old = "GET / HTTP/1.1\nHost: a\nUpgrade: WebSocket\nConnection: Upgrade\n";
    let draft =
        "violation req-hixie76 5:62+18 `Sec-WebSocket-Key1` is of the draft hixie-76 of 2010";
    check(&format!("{old}{keys}\n^n:ds[4U"), &[draft]);
    let second = keys.lines().nth(1).unwrap();
    let draft =
        "violation req-hixie76 5:62+18 `Sec-WebSocket-Key2` is of the draft hixie-76 of 2010";
    check_request(
        "Sec-WebSocket-Key: kJX",
        &format!("{second}\nSec-WebSocket-Key: kJX"),
        &[draft],
    );
    check_request("Host: a\n", "Host: a\nX-Sec-WebSocket-Key1: b\n", &[]);
}

#[test]
fn http_bad_lines() {
    let space = "violation http-bad-lines 3:30+1 there is space between `Upgrade` and its colon";
    check_request("Upgrade:", "Upgrade :", &[space]);
    let folded = "violation http-bad-lines 4:42+7 line 4 goes on with the header above it";
    check_request("websocket\n", "websocket\n , WebS\n", &[folded]);
    let none = "violation http-bad-lines 3:23+8 line 3 is no header";
    check_request("Upgrade: w", "no colon\nUpgrade: w", &[none]);
    let mixed = REQUEST.replace('\n', "\r\n").replacen("a\r\n", "a\n", 1);
    let lf = "violation http-bad-lines 2:23+1 1 line ends in LF alone, and 5 in CR LF";
    check(&mixed, &[lf]);
    check(&REQUEST.replace('\n', "\r\n"), &[]);
    let cut = REQUEST.trim_end().replace('\n', "\r\n");
    let blank = "suspicious http-bad-lines 6:136+0 the head ends without its blank line";
    check(&cut, &[blank]);
    check(REQUEST.trim_end(), &[]);
    let exact = format!("b'{}'", REQUEST.replace('\n', "\\n"));
    let lf = "violation http-bad-lines 1:14+1 all 6 lines end in LF alone";
    check(&exact, &[lf]);
}

#[test]
fn req_subprotocol_bad() {
    let with = |value: &str, expected: &[&str]| {
        let line = format!("Host: a\nSec-WebSocket-Protocol: {value}\n");
        check_request("Host: a\n", &line, expected);
    };
    let rule = "violation req-subprotocol-bad 3:";
    let none = "the `Sec-WebSocket-Protocol` header names no subprotocol";
    with("", &[&format!("{rule}23+22 {none}")]);
    with(
        "a,,b",
        &[&format!("{rule}47+4 an empty subprotocol is offered")],
    );
    let no_token =
        |word: &str| format!("the subprotocol `{word}` in `Sec-WebSocket-Protocol` is no token");
    with("foo/bar", &[&format!("{rule}47+7 {}", no_token("foo/bar"))]);
    with("a, b c", &[&format!("{rule}50+3 {}", no_token("b c"))]);
    with(
        "a, b, a",
        &[&format!("{rule}53+1 the subprotocol `a` is offered twice")],
    );
    for word in ["null", "undefined"] {
        let length = word.len();
        let expected = format!(
            "suspicious req-subprotocol-bad 3:47+{length} a subprotocol called `{word}` is offered"
        );
        with(word, &[&expected]);
    }
    with("nullable, a, A, v12.stomp", &[]);
}

#[test]
fn req_extensions_bad() {
    let with = |value: &str, expected: &[&str]| {
        let line = format!("Host: a\nSec-WebSocket-Extensions: {value}\n");
        check_request("Host: a\n", &line, expected);
    };
    let rule = "violation req-extensions-bad 3:";
    let bits = format!("{rule}69+25 client_max_window_bits must be 8 to 15, it is `16`");
    with("permessage-deflate; client_max_window_bits=16", &[&bits]);
    let grammar = "the `Sec-WebSocket-Extensions` header is malformed: expected the name of";
    let twice = format!("{rule}68+1 {grammar} a parameter, found `;`");
    with("permessage-deflate;;", &[&twice]);
    let empty = format!("{rule}23+24 {grammar} an extension, found the end");
    with("", &[&empty]);
    with(
        "permessage-deflate; server_max_window_bits=10, x-foo; a",
        &[],
    );
}

#[test]
fn req_early_frames() {
    let frame = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
    let request = REQUEST.replace('\n', "\r\n").into_bytes();
    let response = RESPONSE.replace('\n', "\r\n").into_bytes();
    let expected = "violation req-early-frames -:140+11 a frame follows the request at once\n\
                    status 1\n";
    let newline = b"\r\n".to_vec();
    let both = [&request[..], frame, &newline, &response].concat();
    assert_eq!(findings(&both), expected.replace("+11", "+13"));
    let alone = "suspicious req-early-frames -:140+11 a frame follows the request at once\n";
    assert_eq!(findings(&[&request[..], frame].concat()), alone);
    let glued = [&request[..], &response, b"\x81\x05Hello"].concat();
    assert_eq!(findings(&glued), "");
}

#[test]
fn what_is_no_request() {
    let of = |octets: &[u8], expected: &str| {
        assert_eq!(
            findings(octets),
            format!("violation {expected}\nstatus 1\n")
        );
    };
    let hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    let tls = "req-tls-to-plain -:0+11 a TLS ClientHello stands where the request belongs";
    of(hello, tls);
    of(b"16 03 01 02 00 01 00 01 fc 03 03", tls);
    let preface = "req-h2-preface 1:0+14 this is the preface of HTTP/2, not a request of HTTP/1.1";
    of(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", preface);
    let h2 = "req-h2-preface 1:6+6 a request of HTTP/2 or 3 cannot be upgraded";
    of(b"> GET / HTTP/2\r\n> Host: a\r\n>\r\n", h2);
    check_request("GET /", "GET /HTTP/2", &[]);
    let json = "req-not-http 1:0+16 JSON stands where the request belongs";
    of(b"{\"type\":\"hello\"}\n", json);
    let frame = "req-not-http -:0+6 a WebSocket frame stands where the request belongs";
    of(b"81 85 37 fa 21 3d", frame);
    let proxy = "req-not-http 1:0+34 a header of the PROXY protocol, version 1 stands where the \
                 request belongs";
    let line = "PROXY TCP4 10.0.0.1 10.0.0.2 1 443\r\n";
    of(line.as_bytes(), proxy);
    of(
        format!("{line}{}", REQUEST.replace('\n', "\r\n")).as_bytes(),
        proxy,
    );
    assert_eq!(findings(format!("my request:\n{REQUEST}").as_bytes()), "");
}

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
        format!("{rule} 3:64+5 the `Connection` header must include `Upgrade`, it is `close`");
    check_response("", "Connection: Upgrade", "Connection: close", &[&close]);
    let none = format!("{rule} 1:0+32 the response has no `Connection: Upgrade` header");
    check_response("", "Connection: Upgrade\n", "", &[&none]);
    check_response(
        "",
        "Connection: Upgrade",
        "connection: keep-alive, upgrade",
        &[],
    );
}

#[test]
fn accept_values() {
    let line = "Sec-WebSocket-Accept: lCaWI6ZCGd5I25+0bJrVqBOcDYc=\n";
    let none = "violation accept-missing 1:0+32 the response has no `Sec-WebSocket-Accept` header";
    check_response("", line, "", &[none]);
    let two = "violation accept-wrong 5:145+28 the response has 2 `Sec-WebSocket-Accept` headers";
    check_response("", line, &format!("{line}{line}"), &[two]);
    let rfc = "violation accept-stale 4:94+28 the accept value is wrong: this is the value of the \
               RFC's sample key, a constant perhaps";
    let value = "lCaWI6ZCGd5I25+0bJrVqBOcDYc=";
    check_response("", value, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", &[rfc]);
    let hexadecimal = "violation accept-hexdigest 4:94+40 the accept value is wrong: this is the \
                       digest in hexadecimal; it should be base64 of its 20 bytes";
    let digits = "94269623a64219de48db9fb46c9ad5a8139c0d87";
    check_response("", value, digits, &[hexadecimal]);
}

#[test]
fn accept_b64_newline() {
    let request = REQUEST.replace('\n', "\r\n");
    let response = RESPONSE.replace('\n', "\r\n");
    let newline = "violation accept-b64-newline 4:97+28 the accept value ends in an LF of its own, \
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
        format!("{rule}147+4 the subprotocol `chat` is chosen, and only `mqtt` was offered");
    check_response(mqtt, old, &line("chat"), &[&other]);
    let unasked = format!("{rule}147+4 the subprotocol `chat` is chosen, and none was offered");
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
             chosen, and it was not offered"
        )
    };
    check(
        asked,
        "x-webkit-deflate-frame",
        &[&not("x-webkit-deflate-frame")],
    );
    check("", "permessage-deflate", &[&not("permessage-deflate")]);
    let rule = "violation resp-extension-params 5:";
    let bits = format!("{rule}169+25 server_max_window_bits must be 8 to 15, it is `16`");
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
fn what_does_not_belong_into_a_101() {
    let old = "Connection: Upgrade\n";
    let length = "violation resp-content-length 4:88+1 a 101 must not have a `Content-Length`, \
                  it is `0`";
    check_response("", old, &format!("{old}Content-Length: 0\n"), &[length]);
    let chunked = "violation resp-chunked 4:91+7 a 101 must not have a `Transfer-Encoding`, it is \
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
            "suspicious resp-draft-headers 4:72+{count} `{name}` is of a draft before RFC 6455"
        );
        check_response("", old, &format!("{old}{name}: ws://a\n"), &[&draft]);
    }
    let body = format!("{REQUEST}HTTP/1.1 404 No\nContent-Length: 2\n\nno");
    let status = "violation resp-status 1:9+3 the status is 404, and 101 is needed";
    check(&body, &[status]);
}

#[test]
fn what_follows_a_101() {
    let head = format!("{REQUEST}{RESPONSE}")
        .replace('\n', "\r\n")
        .into_bytes();
    let of = |behind: &[u8], expected: &str| {
        assert_eq!(findings(&[&head[..], behind].concat()), expected);
    };
    let trailing = |count: u8, what: &str| {
        format!(
            "violation resp-trailing-bytes -:129+{count} there is one {what} too many behind the \
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
fn what_is_no_response() {
    let of = |octets: &[u8], expected: &str| {
        assert_eq!(findings(octets), format!("{expected}\nstatus 1\n"));
    };
    let rule = "violation resp-not-http";
    let alert = format!("{rule} -:0+7 a TLS alert stands where the response belongs");
    of(b"15 03 03 00 02 02 28", &alert);
    let frame = format!("{rule} -:0+7 a WebSocket frame stands where the response belongs");
    of(b"\x81\x05Hello", &frame);
    let mark = format!("{rule} -:0+3 a byte-order mark stands where the response belongs");
    let bare = RESPONSE.replace('\n', "\r\n");
    of(
        format!(
            "b'\\xef\\xbb\\xbf{}'",
            bare.replace('\r', "\\r").replace('\n', "\\n")
        )
        .as_bytes(),
        &mark,
    );
    let banner = format!(
        "{rule} 1:0+24 the text `NOTICE * :*** Looking up` stands where the response belongs"
    );
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
    let pasted = "suspicious resp-not-http -:0+3 a byte-order mark stands where the response \
                  belongs\n";
    assert_eq!(findings(format!("\u{feff}{RESPONSE}").as_bytes()), pasted);
}
