//! Other spellings that people type, and the errors about what they type.

use std::fs;

use crate::helpers::run::{program, wsctl};
use crate::helpers::server::start_unread;

/// What people type from habit does what is meant.
#[test]
fn other_spellings_of_an_option_or_a_command_work() {
    let cases = [
        ("decode --json 8100", "decode -f json 8100"),
        (
            "handshake --json tests/data/handshake.txt",
            "handshake -f json tests/data/handshake.txt",
        ),
        ("completions bash", "generate bash"),
        ("completion zsh", "generate zsh"),
        ("man", "generate man"),
    ];
    for (typed, meant) in cases {
        let (typed, meant) = (wsctl(typed.split(' ')), wsctl(meant.split(' ')));
        assert!(meant.status < 2, "{meant}");
        assert_eq!(typed.to_string(), meant.to_string());
    }
    let (mut serve, first_line, _) = start_unread(&["--json"]);
    serve.kill().unwrap();
    serve.wait().unwrap();
    let listening = r#"{"type":"listening","url":"ws://127.0.0.1:"#;
    assert!(first_line.starts_with(listening), "{first_line}");
}

/// `wsctl serve 9527` listens on that port. The port of the first server is taken, which the
/// error of the second one says.
#[test]
fn the_port_of_serve_needs_no_option() {
    let (mut serve, first_line, _) = start_unread(&[]);
    let url = first_line.split_whitespace().nth(2).unwrap();
    let port = url.trim_end_matches('/').rsplit(':').next().unwrap();
    let outcome = wsctl(["serve", port]);
    serve.kill().unwrap();
    serve.wait().unwrap();
    let start = format!("--- stderr\nwsctl: cannot listen on 127.0.0.1:{port}: another program");
    assert!(outcome.to_string().starts_with(&start), "{outcome}");
    let twice = wsctl(["serve", port, "--port", port]);
    assert_eq!((twice.status, twice.text()), (2, ""));
}

/// A word that is not bytes, but the name of a file, is that file.
#[test]
fn decode_reads_a_file_that_is_named_without_an_option() {
    let folder = tempfile::tempdir().unwrap();
    let decode = |name: &str| {
        fs::write(folder.path().join(name), b"\x81\x02hi").unwrap();
        let mut program = program();
        let output = program.current_dir(&folder).args(["decode", name]);
        let output = output.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&output.stdout), text(&output.stderr))
    };
    let file = decode("frames.bin");
    assert_eq!(file.0, "hi\n");
    assert!(!file.1.contains("reads the file"), "{}", file.1);
    let bytes = decode("8100");
    assert_eq!(bytes.0, "\n");
    let note = "wsctl: `8100` is read as bytes; --file 8100 reads the file of that name\n";
    assert!(bytes.1.starts_with(note), "{}", bytes.1);
}

/// An error about the arguments cannot control the terminal.
#[test]
fn an_error_about_the_arguments_escapes_what_it_quotes() {
    for arguments in [
        &["\x1b[31mred"][..],
        &["decode", "--from", "\x1b]0;title\x07"],
        &["serve", "--port", "\u{9b}2J"],
        &["encode", "--no-such-\u{202e}option", "x"],
    ] {
        let outcome = wsctl(arguments);
        assert_eq!(outcome.status, 2, "{outcome}");
        let is_plain = |char: char| char == '\n' || !wsctl::render::escape::is_unsafe(char);
        assert!(outcome.stderr.chars().all(is_plain), "{outcome}");
        assert!(outcome.stderr.contains('\\'), "{outcome}");
    }
}
