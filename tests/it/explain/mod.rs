//! `wsctl explain`.

use wsctl::diagnosis::catalogue;

use crate::helpers::run::{check, wsctl};

/// The first line of a finding leads to the page of its rule.
#[test]
fn a_rule_is_found_by_the_first_line_of_a_finding() {
    let page = wsctl(["explain", "server-masks"]).to_string();
    assert!(page.starts_with("server-masks: a masked frame from the server\n"));
    for words in [
        "Server-Masks",
        " server-masks ",
        "error[server-masks]: frame 1, byte 1: a frame from the server is masked",
    ] {
        assert_eq!(wsctl(["explain", words]).to_string(), page, "{words}");
    }
}

#[test]
fn pages_fit_80_columns_except_commands() {
    let list = wsctl(["explain"]);
    let rules = list
        .text()
        .lines()
        .filter_map(|line| line.strip_prefix("  "));
    let mut count = 0;
    for rule in rules.map(|line| line.split(' ').next().unwrap()) {
        let page = wsctl(["explain", rule]).to_string();
        let mut lines = page.lines();
        assert!(lines.next().unwrap().starts_with(&format!("{rule}: ")));
        for line in lines.take_while(|line| !line.starts_with("wsctl ")) {
            assert!(line.chars().count() <= 80, "{rule}: {line}");
        }
        count += 1;
    }
    assert_eq!(count, catalogue::all().count());
}

#[test]
fn pages_of_numbers_and_names_fit_a_screen() {
    let codes = ["0", "1004", "2999", "3000", "4000", "5000"];
    let codes = codes.map(|code| format!("close code {code}"));
    let others = [
        "5.2",
        "7.4.1",
        "RFC 6455",
        "RFC 7692 7.2.1",
        "4xxx",
        "origin",
    ];
    let numbers = (1000..=1015).map(|code| code.to_string());
    let opcodes = (0..16).map(|opcode| format!("opcode {opcode}"));
    let others = others.map(str::to_owned);
    for query in codes
        .into_iter()
        .chain(numbers)
        .chain(opcodes)
        .chain(others)
    {
        let outcome = wsctl(["explain", &query]);
        let page = outcome.to_string();
        assert!(!page.contains("--- status"), "{query}: {page}");
        for line in page.lines() {
            assert!(line.chars().count() <= 80, "{query}: {line}");
        }
    }
}

#[test]
fn the_list_has_a_line_for_each_rule() {
    let list = wsctl(["explain"]).to_string();
    let is_rule = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    let listed: Vec<&str> = list.lines().filter(is_rule).collect();
    let rules: Vec<_> = catalogue::all().collect();
    assert_eq!(listed.len(), rules.len());
    for (line, rule) in listed.into_iter().zip(rules) {
        let (id, title) = line.trim_start().split_once(' ').unwrap();
        assert_eq!((id, title.trim_start()), (rule.id, rule.title));
    }
    assert!(list.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn several_arguments_are_joined() {
    let words = "Error -3 while decompressing data: invalid distance too far back";
    let quoted = wsctl(["explain", words]).to_string();
    assert!(quoted.starts_with("pmd-context "), "{quoted}");
    check(&format!("explain {words}"), &quoted);
}

/// Error texts as they are pasted, and the rule that is listed first.
const PASTED: &[(&str, &str)] = &[
    // Chrome
    (
        "WebSocket connection to 'ws://localhost:9527/' failed: A server must not mask any frames that it sends to the client.",
        "server-masks",
    ),
    (
        "WebSocket connection to 'wss://example.com/ws' failed: Error during WebSocket handshake: 'Sec-WebSocket-Accept' header is missing",
        "accept-missing",
    ),
    (
        "failed: could not decode a TEXT frame as utf-8",
        "text-not-utf8",
    ),
    (
        "received unexpected continuation frame",
        "continuation-without-start",
    ),
    ("Unrecognized frame opcode: 3", "rsv23-or-opcode"),
    (
        "WebSocket connection to 'ws://localhost:3000/' failed: Invalid frame header",
        "http-in-stream",
    ),
    // Safari
    (
        "compressed bit must be 0 if no negotiated extension",
        "rsv1-not-negotiated",
    ),
    // ws
    (
        "RangeError: Invalid WebSocket frame: MASK must be set (code: WS_ERR_EXPECTED_MASK)",
        "client-unmasked",
    ),
    (
        "Invalid WebSocket frame: invalid status code 25209",
        "close-code-garbled",
    ),
    (
        "Invalid WebSocket frame: FIN must be set",
        "control-fragmented",
    ),
    // websockets
    (
        "websockets.exceptions.ConnectionClosedError: no close frame received or sent",
        "close-not-completed",
    ),
    (
        "received 1011 keepalive ping timeout; then sent",
        "ping-without-pong",
    ),
    // aiohttp
    (
        "WebSocketError(1002, 'Control frame payload cannot be larger than 125 bytes')",
        "control-too-long",
    ),
    (
        "aiohttp: Invalid connection header",
        "resp-upgrade-connection",
    ),
    // tungstenite
    (
        "Protocol(\"Continue frame but nothing to continue\")",
        "continuation-without-start",
    ),
    (
        "WebSocket protocol error: Received an unmasked frame from client",
        "client-unmasked",
    ),
];

#[test]
fn inexact_error_texts_find_their_rule_first() {
    let first = |words| {
        let outcome = wsctl(["explain", words]);
        outcome.to_string().split(' ').next().unwrap().to_owned()
    };
    let found: Vec<_> = PASTED
        .iter()
        .map(|(words, _)| (*words, first(words)))
        .collect();
    let expected: Vec<_> = PASTED
        .iter()
        .map(|(words, rule)| (*words, (*rule).to_owned()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_text_that_no_rule_matches_is_an_answer_with_status_1() {
    check(
        "explain len64-not-minmal",
        "--- stderr\nwsctl: no rule is called `len64-not-minmal`; did you mean `len64-not-minimal`?\n--- status 1\n",
    );
    check(
        "explain npm ERR! missing script: start",
        "--- stderr\nwsctl: no rule matches `npm ERR! missing script: start`; `wsctl explain` lists all\n--- status 1\n",
    );
    check(
        "explain \u{1b}[2J",
        "--- stderr\nwsctl: no rule matches `\\x1b[2J`; `wsctl explain` lists all\n--- status 1\n",
    );
}

#[test]
fn colours_do_not_change_the_text() {
    for words in ["", "server-masks", "invalid frame header"] {
        let plain = wsctl(["explain", words]).to_string();
        let coloured = wsctl(["--color", "always", "explain", words]).to_string();
        assert!(coloured.contains("\x1b["), "{words}");
        let mut text = String::new();
        for (at, part) in coloured.split('\x1b').enumerate() {
            text.push_str(if at == 0 {
                part
            } else {
                part.split_once('m').unwrap().1
            });
        }
        assert_eq!(text, plain);
    }
}
