//! The table, the findings and the JSON of `wsctl handshake`.

use super::{CHROME, REQUEST, RESPONSE};
use crate::helpers::run::{check_reading, wsctl, wsctl_reading};

#[test]
fn a_request_of_chrome_is_valid() {
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

accept        +lZCKceYfJsmNj6q0GYPa9r9LXE= belongs to FUH2Nige4Npq/InFS0OoJQ==
extensions    offered permessage-deflate; client_max_window_bits
",
    );
}

#[test]
fn a_request_of_firefox_and_its_response_are_valid() {
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
fn the_output_of_curl_is_read() {
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
fn the_accept_value_of_a_response_alone_cannot_be_checked() {
    check_reading(
        "handshake",
        RESPONSE.trim_end().as_bytes(),
        "\
response  HTTP/1.1 101 Switching Protocols
  ok       Upgrade                   websocket
  ok       Connection                Upgrade
           Sec-WebSocket-Accept      lCaWI6ZCGd5I25+0bJrVqBOcDYc=
           no empty line, as pasted

accept        lCaWI6ZCGd5I25+0bJrVqBOcDYc= cannot be checked without the request
",
    );
}

#[test]
fn a_python_literal_is_read() {
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

accept        lCaWI6ZCGd5I25+0bJrVqBOcDYc= belongs to kJXuOKsrl3AR1KeFngRElQ==
--- stderr
wsctl: read as a Python literal
",
    );
}

#[test]
fn the_table_marks_wrong_and_missing_headers() {
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
  WRONG    400                       the server rejects the request
           Server                    b
           1 more header; 3 bytes of a body follow

accept        lCaWI6ZCGd5I25+0bJrVqBOcDYc= belongs to kJXuOKsrl3AR1KeFngRElQ==
--- status 1
",
    );
}

#[test]
fn a_finding_is_drawn_at_its_line() {
    let request = REQUEST.replace("Connection: Upgrade", "Connection: close\nVia: 1.1 b");
    let outcome = wsctl_reading(["handshake"], request.as_bytes());
    // The line with the messages of peers changes with the catalogue.
    let drawn: Vec<&str> = outcome
        .stderr
        .lines()
        .take_while(|line| !line.starts_with("  = fix"))
        .collect();
    assert_eq!(
        drawn.join("\n"),
        "\
error[req-connection-no-upgrade]: the `Connection` header must include
                                  `Upgrade`, and is `close`
 --> request, byte 54
  |
4 | Connection: close
  |             ^^^^^ `Upgrade` is needed
  |
  = rule: RFC 6455 section 4.2.1
  = cause: a proxy passed the request on without its hop-by-hop headers
           (`Via: 1.1 b`)"
    );
    assert_eq!(outcome.status, 1);
}

#[test]
fn json_has_both_heads_and_what_they_agree_on() {
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
fn control_characters_of_a_peer_are_escaped() {
    let request = REQUEST.replace("Host: a", "Host: a\u{1b}[2J\u{202e}\nOrigin: \u{9b}c");
    let outcome = wsctl_reading(["handshake"], request.as_bytes());
    let both = format!("{}{}", outcome.text(), outcome.stderr);
    let is_unsafe = |char: char| (char.is_control() && char != '\n') || char == '\u{202e}';
    assert!(!both.contains(is_unsafe), "{both}");
    assert!(outcome.text().contains(r"a\x1b[2J\u{202e}"), "{both}");
}

#[test]
fn no_line_is_wider_than_80_columns() {
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
fn a_head_instead_of_a_file_name_is_a_usage_error() {
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
fn input_without_a_head_is_a_usage_error() {
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
