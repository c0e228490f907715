//! `wsctl explain`.

use wsctl::diagnosis::catalogue;
use wsctl::render::{Style, page};

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
        assert!(page.starts_with(&format!("{rule}: ")), "{page}");
        assert_fits(rule, &page);
        count += 1;
    }
    assert_eq!(count, catalogue::all().count());
}

#[test]
fn pages_of_numbers_and_names_fit_a_screen() {
    let codes = ["0", "1004", "2999", "3000", "4000", "5000"];
    let codes = codes.map(|code| format!("close code {code}"));
    let others = ["RFC 6455", "4xxx", "origin"].map(str::to_owned);
    let numbers = (1000..=1015).map(|code| code.to_string());
    let opcodes = (0..16).map(|opcode| format!("opcode {opcode}"));
    let queries = codes.into_iter().chain(numbers).chain(opcodes);
    for query in queries.chain(others) {
        let outcome = wsctl(["explain", &query]);
        let page = outcome.to_string();
        assert!(!page.contains("--- status"), "{query}: {page}");
        assert_fits(&query, &page);
    }
}

/// Every page of the catalogue, in the colours of a terminal: colour adds no column.
#[test]
fn each_page_fits_80_columns_with_and_without_colour() {
    let push_rule = |out: &mut Vec<u8>, coloured, rule| {
        page::push(out, Style::new(coloured), rule, 80);
    };
    for rule in catalogue::all() {
        assert_same_in_colour(rule.id, |out, coloured| push_rule(out, coloured, rule));
    }
    let chapters = (1..=14).map(|chapter| chapter.to_string());
    let sections = (1..=14).flat_map(|chapter| (1..=12).map(move |at| format!("{chapter}.{at}")));
    let parts = (4..=9).flat_map(|chapter| {
        let parts = (1..=7).flat_map(|at| (1..=4).map(move |part| (at, part)));
        parts.map(move |(at, part)| format!("{chapter}.{at}.{part}"))
    });
    let sections: Vec<String> = chapters.chain(sections).chain(parts).collect();
    let of_rfc = |rfc: &'static str| sections.iter().map(move |at| format!("RFC {rfc} {at}"));
    let codes = (0..=5100).map(|code| format!("close code {code}"));
    let opcodes = (0..16).map(|opcode| format!("opcode {opcode}"));
    let headers = ["Host", "Origin", "Upgrade", "Connection", "Content-Length"].map(str::to_owned);
    let own = ["Key", "Accept", "Version", "Protocol", "Extensions"];
    let own = own.map(|name| format!("Sec-WebSocket-{name}"));
    let queries = of_rfc("6455")
        .chain(of_rfc("7692"))
        .chain(codes)
        .chain(opcodes);
    let pages = queries
        .chain(headers)
        .chain(own)
        .filter_map(|query| Some((catalogue::topic(&query)?, query)));
    let mut count = 0;
    for (topic, query) in pages {
        let push = |out: &mut Vec<u8>, coloured| {
            page::push_topic(out, Style::new(coloured), &topic, 80);
        };
        assert_same_in_colour(&query, push);
        count += 1;
    }
    assert!(count > 5_100, "{count}");
}

/// Asserts that a page fits 80 columns, and that its colours add nothing but escape sequences.
fn assert_same_in_colour(query: &str, push: impl Fn(&mut Vec<u8>, bool)) {
    let page = |coloured| {
        let mut out = Vec::new();
        push(&mut out, coloured);
        String::from_utf8(out).unwrap()
    };
    let plain = page(false);
    assert_eq!(without_colours(&page(true)), plain, "{query}");
    assert_fits(query, &plain);
}

/// Asserts that the lines of a page fit 80 columns, but for commands to copy.
fn assert_fits(query: &str, page: &str) {
    for line in page.lines().take_while(|line| !line.starts_with("wsctl ")) {
        assert!(line.chars().count() <= 80, "{query}: {line}");
    }
}

/// The text without the escape sequences of colours.
fn without_colours(text: &str) -> String {
    let mut parts = text.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').unwrap().1)
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
        assert_eq!(without_colours(&coloured), plain);
    }
}
