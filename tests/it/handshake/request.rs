//! The findings for a request, rule by rule.

use super::{REQUEST, RESPONSE, check, check_request, check_response, findings};

#[test]
fn req_not_get_and_http_1_0() {
    let post = "violation req-not-get 1:0+4 the method must be GET, and is `POST`";
    check_request("GET", "POST", &[post]);
    let small = "violation req-not-get 1:0+3 the method must be GET, and is `get`";
    check_request("GET", "get", &[small]);
    let old = "violation http-1.0 1:6+8 the request is HTTP/1.0 instead of HTTP/1.1";
    check_request("HTTP/1.1", "HTTP/1.0", &[old]);
    let old = "violation http-1.0 1:0+8 the response is HTTP/1.0 instead of HTTP/1.1";
    check_response("", "HTTP/1.1", "HTTP/1.0", &[old]);
    check_request("GET /", "GET /POST?HTTP/1.0", &[]);
}

/// Each of these lines is known by the header lines after it.
#[test]
fn another_version_is_an_error_of_the_version() {
    for (line, place) in [
        ("HTTP/0.9", "1:6+8"),
        ("HTTP/1.1x", "1:6+9"),
        ("http/1.1", "1:6+8"),
        ("HTTP", "1:6+4"),
    ] {
        let expected = format!(
            "violation http-1.0 {place} the version of HTTP is `{line}` instead of `HTTP/1.1`"
        );
        check_request("HTTP/1.1", line, &[&expected]);
        let expected = expected.replace("1:6", "1:0");
        check_response("", "HTTP/1.1", line, &[&expected]);
    }
    let none = "violation http-1.0 1:0+5 the first line has no version of HTTP";
    check_request(" HTTP/1.1", "", &[none]);
    let later = "violation http-1.0 1:0+6 the version of HTTP is `HTTP/2` instead of `HTTP/1.1`";
    check_response("", "HTTP/1.1", "HTTP/2", &[later]);
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
               and is `h2c`";
    check_request("Upgrade: websocket", "Upgrade: h2c", &[h2c]);
    check_request("Upgrade: websocket", "Upgrade: h2c, WebSocket", &[]);
    let none = "violation req-connection-no-upgrade 1:0+14 the request has no \
                `Connection: Upgrade` header";
    check_request("Connection: Upgrade\n", "", &[none]);
    let alive = "violation req-connection-no-upgrade 4:54+10 the `Connection` header must \
                 include `Upgrade`, and is `keep-alive`";
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
    let status =
        |status: u16| format!("violation resp-status 1:9+3 the status is {status} instead of 101");
    for refusal in [400, 426] {
        let list = format!(
            "peer-bug connection-list-refused 4:54+19 a valid request with `Connection: \
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
fn header_name_case_with_an_accept_value_computed_without_the_key() {
    let small = REQUEST.replace("Sec-WebSocket-Key", "sec-websocket-key");
    let with = |request: &str, accept: &str| {
        let response = RESPONSE.replace("lCaWI6ZCGd5I25+0bJrVqBOcDYc=", accept);
        format!("{request}{response}")
    };
    let name = "peer-bug header-name-case 5:62+17 the server did not find the key under the \
                name `sec-websocket-key`";
    let stale = "violation accept-stale 4:94+28";
    let empty = format!("{stale} the accept value was computed without the key");
    check(
        &with(&small, "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w="),
        &[name, &empty],
    );
    let none =
        format!("{stale} the accept value was computed from an empty variable instead of the key");
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
        format!("violation req-key-bad 5:81+{length} the `Sec-WebSocket-Key` is invalid: {why}")
    };
    let long = "JCMCrKJENqcrTU9erFxGoiP5P8JhjeocERQs9vgR/Y4=";
    let why = "it is base64 of 32 bytes instead of 16";
    check_request(key, long, &[&bad(long, why)]);
    let cut = "kJXuOKsrl3AR1KeFngRElQ";
    let why = "it is not base64 of 16 bytes with padding";
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
            "violation req-version 6:129+{length} the `Sec-WebSocket-Version` must be 13, and is \
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
        "violation req-hixie76 5:62+18 `Sec-WebSocket-Key1` belongs to the draft Hixie-76 of 2010";
    check(&format!("{old}{keys}\n^n:ds[4U"), &[draft]);
    let second = keys.lines().nth(1).unwrap();
    let draft =
        "violation req-hixie76 5:62+18 `Sec-WebSocket-Key2` belongs to the draft Hixie-76 of 2010";
    check_request(
        "Sec-WebSocket-Key: kJX",
        &format!("{second}\nSec-WebSocket-Key: kJX"),
        &[draft],
    );
    check_request("Host: a\n", "Host: a\nX-Sec-WebSocket-Key1: b\n", &[]);
}

#[test]
fn http_bad_lines() {
    let space =
        "violation http-bad-lines 3:30+1 there is white space between `Upgrade` and its colon";
    check_request("Upgrade:", "Upgrade :", &[space]);
    let folded = "violation http-bad-lines 4:42+7 line 4 continues the header above it";
    check_request("websocket\n", "websocket\n , WebS\n", &[folded]);
    let none = "violation http-bad-lines 3:23+8 line 3 is not a header";
    check_request("Upgrade: w", "no colon\nUpgrade: w", &[none]);
    let mixed = REQUEST.replace('\n', "\r\n").replacen("a\r\n", "a\n", 1);
    let lf = "violation http-bad-lines 2:23+1 1 line ends in LF alone, and 5 in CR LF";
    check(&mixed, &[lf]);
    check(&REQUEST.replace('\n', "\r\n"), &[]);
    let cut = REQUEST.trim_end().replace('\n', "\r\n");
    let blank = "suspicious http-bad-lines 6:136+0 the head ends without its empty line";
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
        |word: &str| format!("the subprotocol `{word}` in `Sec-WebSocket-Protocol` is not a token");
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
    let bits = format!("{rule}69+25 client_max_window_bits must be 8 to 15, and is `16`");
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
    let expected = "violation req-early-frames -:140+11 a frame follows the request without waiting for the response\n\
                    status 1\n";
    let newline = b"\r\n".to_vec();
    let both = [&request[..], frame, &newline, &response].concat();
    assert_eq!(findings(&both), expected.replace("+11", "+13"));
    let alone = "suspicious req-early-frames -:140+11 a frame follows the request without waiting for the response\n";
    assert_eq!(findings(&[&request[..], frame].concat()), alone);
    let glued = [&request[..], &response, b"\x81\x05Hello"].concat();
    assert_eq!(findings(&glued), "");
}

#[test]
fn bytes_instead_of_a_request_are_explained() {
    let of = |bytes: &[u8], expected: &str| {
        assert_eq!(findings(bytes), format!("violation {expected}\nstatus 1\n"));
    };
    let hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    let tls = "req-tls-to-plain -:0+11 expected a request, found a TLS ClientHello";
    of(hello, tls);
    of(b"16 03 01 02 00 01 00 01 fc 03 03", tls);
    let preface = "req-h2-preface 1:0+14 this is the preface of HTTP/2, not a request of HTTP/1.1";
    of(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", preface);
    let h2 = "req-h2-preface 1:6+6 a request of HTTP/2 or 3 cannot be upgraded";
    of(b"> GET / HTTP/2\r\n> Host: a\r\n>\r\n", h2);
    check_request("GET /", "GET /HTTP/2", &[]);
    let json = "req-not-http 1:0+16 expected a request, found JSON";
    of(b"{\"type\":\"hello\"}\n", json);
    let frame = "req-not-http -:0+6 expected a request, found a WebSocket frame";
    of(b"81 85 37 fa 21 3d", frame);
    let proxy = "req-not-http 1:0+34 expected a request, found a PROXY protocol \
                 line (version 1)";
    let line = "PROXY TCP4 10.0.0.1 10.0.0.2 1 443\r\n";
    of(line.as_bytes(), proxy);
    of(
        format!("{line}{}", REQUEST.replace('\n', "\r\n")).as_bytes(),
        proxy,
    );
    assert_eq!(findings(format!("my request:\n{REQUEST}").as_bytes()), "");
}
