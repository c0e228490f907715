//! Warnings about heads that are valid and that some peers refuse; malformed targets and hosts.
//! Whole outputs are in `tests/data/findings` and `tests/data/transcripts`.

use super::{REQUEST, RESPONSE, check, check_request, check_response};

#[test]
fn a_101_without_its_reason_phrase_is_a_finding() {
    let short = "peer-bug resp-reason-phrase 1:0+12 the status line has no reason phrase";
    check_response("", " Switching Protocols", "", &[short]);
    let short = "peer-bug resp-reason-phrase 1:0+13 the status line has no reason phrase";
    check_response("", "Switching Protocols", "", &[short]);
    let other = "peer-bug resp-reason-phrase 1:13+29 the reason phrase is `Web Socket Protocol \
                 Handshake` instead of `Switching Protocols`";
    check_response(
        "",
        "Switching Protocols",
        "Web Socket Protocol Handshake",
        &[other],
    );
    check_response("", "Switching Protocols", "switching protocols", &[]);
    check(
        &format!("{REQUEST}HTTP/1.1 400\n\n"),
        &["violation resp-status 1:9+3 the status is 400 instead of 101"],
    );
}

#[test]
fn a_101_with_the_reason_phrase_null_is_a_finding() {
    let undefined = "peer-bug resp-reason-phrase 1:13+9 the reason phrase is `undefined` instead \
                     of `Switching Protocols`";
    check_response("", "Switching Protocols", "undefined", &[undefined]);
}

#[test]
fn the_accept_header_in_another_case_is_a_finding() {
    let lower = "peer-bug header-name-case 4:72+20 `sec-websocket-accept` is not in the usual \
                 case, `Sec-WebSocket-Accept`";
    check_response("", "Sec-WebSocket-Accept", "sec-websocket-accept", &[lower]);
    check_response("", "Upgrade: w", "upgrade: w", &[]);
}

#[test]
fn the_key_header_in_another_case_is_a_finding() {
    let go = "peer-bug header-name-case 5:62+17 `Sec-Websocket-Key` is not in the usual case, \
              `Sec-WebSocket-Key`";
    check_request("Sec-WebSocket-Key", "Sec-Websocket-Key", &[go]);
    let lower = "peer-bug header-name-case 5:62+17 `sec-websocket-key` is not in the usual case, \
                 `Sec-WebSocket-Key`";
    check_request("Sec-WebSocket-Key", "sec-websocket-key", &[lower]);
    check_request("Host", "host", &[]);
    // The server found the key.
    let request = REQUEST.replace("Sec-WebSocket-Key", "sec-websocket-key");
    check(&format!("{request}{RESPONSE}"), &[]);
}

#[test]
fn connection_and_upgrade_on_several_lines_are_a_finding() {
    let upgrade = "peer-bug header-repeated 4:51+9 there are 2 `Upgrade` headers, which mean \
                   `Upgrade: websocket, websocket`";
    let line = "Upgrade: websocket\n";
    check_request(line, &format!("{line}{line}"), &[upgrade]);
    let three = "peer-bug header-repeated 5:74+5 there are 3 `Connection` headers, which mean \
                 `Connection: Upgrade, close, x`";
    let line = "Connection: Upgrade\n";
    let lines = format!("{line}Connection: close\nConnection: x\n");
    check_request(line, &lines, &[three]);
    let response = "peer-bug header-repeated 4:84+10 there are 2 `Connection` headers, which mean \
                    `Connection: Upgrade, keep-alive`";
    let lines = format!("{line}connection: keep-alive\n");
    check_response("", line, &lines, &[response]);
    check_request("Host: a\n", "Host: a\nVia: b\nVia: c\n", &[]);
}

#[test]
fn a_list_in_the_connection_header_of_a_response_is_a_finding() {
    let list = "peer-bug connection-list-refused 3:64+19 the response has the list `Connection: \
                Keep-Alive, Upgrade`";
    check_response(
        "",
        "Connection: Upgrade",
        "Connection: Keep-Alive, Upgrade",
        &[list],
    );
    let firefox = REQUEST.replace("Connection: Upgrade", "Connection: keep-alive, Upgrade");
    check(&format!("{firefox}{RESPONSE}"), &[]);
}

#[test]
fn a_request_target_that_is_not_a_path_is_a_finding() {
    let chat = "violation req-target-bad 1:4+4 the request target must be a path, and is `chat`";
    check_request("GET /", "GET chat", &[chat]);
    let fragment = "violation req-target-bad 1:9+1 the request target `/chat#room` has a fragment";
    check_request("GET /", "GET /chat#room", &[fragment]);
    check_request("GET /", "GET http://a/chat?x=%23", &[]);
}

#[test]
fn a_host_that_is_empty_or_has_a_space_is_a_finding() {
    let space = "violation req-host-bad 2:21+3 the `Host` header must be a host and a port, and \
                 is `a b`";
    check_request("Host: a", "Host: a b", &[space]);
    let url = "violation req-host-bad 2:21+12 the `Host` header must be a host and a port, and \
               is `ws://a.b:800`";
    check_request("Host: a", "Host: ws://a.b:800", &[url]);
    check_request("Host: a", "Host: [::1]:9527 ", &[]);
}

#[test]
fn an_extended_connect_is_answered_with_200() {
    let status = "violation resp-status 1:7+3 the status is 200 instead of 101";
    check(&format!("{REQUEST}HTTP/2 200\nserver: a\n\n"), &[status]);
}
