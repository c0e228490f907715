//! What is sent: arguments and standard input, as text, binary messages or bytes.

use super::{connect, connect_reading, shown};
use crate::helpers::server::Server;

/// The frames that the server received and sent, without those of the closing handshake.
fn frames(arguments: &str, input: &str) -> Vec<String> {
    let server = Server::start(&[]);
    let arguments = format!("-f frames --wait 1s {arguments}");
    let outcome = connect_reading(&server, &arguments, input);
    assert_eq!(outcome.status, 0, "{outcome}");
    let text = shown(&outcome);
    let frames = text.lines().filter_map(|line| line.get(13..));
    let frames = frames.filter(|line| line.starts_with(['>', '<']) && !line.contains(" close "));
    frames.map(str::to_owned).collect()
}

#[test]
fn each_line_of_standard_input_is_a_text_message() {
    let server = Server::start(&[]);
    let outcome = connect_reading(&server, "-q --wait 1s", "hello\nworld\r\n\nwithout an end");
    assert_eq!(outcome.to_string(), "hello\nworld\n\nwithout an end\n");
}

#[test]
fn arguments_are_messages_and_standard_input_is_not_read() {
    let server = Server::start(&[]);
    let outcome = connect_reading(&server, "one two -q --expect 2", "three\n");
    assert_eq!(outcome.to_string(), "one\ntwo\n");
}

#[test]
fn a_line_may_be_sent_as_a_binary_message() {
    assert_eq!(
        frames("--binary", "hi\n"),
        [
            "> binary \"hi\" [2 bytes, masked 0ec3f3cd]",
            "< binary \"hi\" [2 bytes]"
        ]
    );
}

#[test]
fn a_line_may_write_bytes_in_a_notation() {
    assert_eq!(
        frames("--input hex", "00 ff\n"),
        [
            "> binary 00 ff [2 bytes, masked 0ec3f3cd]",
            "< binary 00 ff [2 bytes]"
        ]
    );
    assert_eq!(
        frames("--input escaped --text", "a\\nb\n"),
        [
            "> text \"a\\nb\" [3 bytes, masked 0ec3f3cd]",
            "< text \"a\\nb\" [3 bytes]"
        ]
    );
}

#[test]
fn bytes_are_sent_as_they_are() {
    assert_eq!(
        frames(
            "--raw",
            "818537fa213d7f9f4d5158\n0180 00000000\n8080 00000000\n"
        ),
        [
            "> text \"Hello\" [5 bytes, masked 0ec3f3cd]",
            "> text \"\" [0 bytes, not final, masked 0ec3f3cd]",
            "> continuation [0 bytes, masked 0ec3f3cd]",
            "< text \"Hello\" [5 bytes]",
            "< text \"\" [0 bytes]"
        ]
    );
    assert_eq!(
        frames("--raw --input base64", "gQ==\ngAAAAAA=\n"),
        [
            "> bytes 81 [1 byte]",
            "> bytes 80 00 00 00 00 [5 bytes]",
            "< text \"\" [0 bytes]"
        ]
    );
}

#[test]
fn standard_input_may_be_one_message() {
    assert_eq!(
        frames("--whole", "two\nlines\n"),
        [
            "> text \"two\\nlines\\n\" [10 bytes, masked 0ec3f3cd]",
            "< text \"two\\nlines\\n\" [10 bytes]"
        ]
    );
}

#[test]
fn messages_are_sent_back() {
    let server = Server::start(&["--to", "none", "--fault", "glue"]);
    let outcome = connect_reading(&server, "--echo -f frames --wait 1s", "");
    let text = shown(&outcome);
    assert!(
        text.contains("> text \"in one write with the 101\" [25 bytes, masked 0ec3f3cd]"),
        "{text}"
    );
}

#[test]
fn a_line_that_cannot_be_sent_ends_the_connection() {
    let server = Server::start(&[]);
    let outcome = connect_reading(&server, "-q --input hex --wait never", "01\n0x\n02\n");
    assert_eq!(
        outcome.to_string(),
        "\u{1}\n--- stderr\n\
         wsctl: line 2 of standard input as hex, column 3: expected a hexadecimal digit, found \
         the end\n  0x\n    ^\n--- status 2\n"
    );
    let outcome = crate::helpers::run::wsctl_reading(
        ["connect", server.url(), "-q", "--wait", "never"],
        b"\xff\n",
    );
    assert_eq!(
        outcome.to_string(),
        "--- stderr\nwsctl: line 1 of standard input is not UTF-8, as a text message must be; \
         --binary sends it as a binary one\n--- status 2\n"
    );
}

#[test]
fn pings_are_sent_and_answered_or_not() {
    let server = Server::start(&["--ping-interval", "200ms"]);
    let outcome = connect(&server, "--ping-interval 200ms --timeout 900ms -f frames");
    for part in [
        "< ping ff",
        "> pong ff",
        "> ping ff",
        "< pong ff",
        "* pong after ",
    ] {
        assert!(outcome.text().contains(part), "{part}: {outcome}");
    }
    let outcome = connect(&server, "--no-pong --timeout 900ms -f frames");
    assert!(!outcome.text().contains("> pong"), "{outcome}");
    assert!(outcome.text().contains("* fault no-pong: "), "{outcome}");
}

#[test]
fn a_hundred_thousand_messages_come_back_in_order() {
    let server = Server::start(&["-q"]);
    let messages: Vec<String> = (0..100_000)
        .map(|number| format!("message {number}\n"))
        .collect();
    let input = messages.concat();
    let outcome = connect_reading(&server, "-q --expect 100000 --timeout 60s", &input);
    assert_eq!(outcome.status, 0);
    assert!(outcome.text() == input, "the messages differ");
}
