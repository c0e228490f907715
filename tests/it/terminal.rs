//! Output on a terminal, and output to a pipe.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Stdio;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use wsctl::render::escape;

use crate::helpers::run::{program, wsctl};

/// Runs the program on a terminal of its own, and returns what the terminal received.
fn on_a_terminal(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let (master, terminal) = open_terminal();
    let mut command = program();
    command.args(arguments).envs(variables.iter().copied());
    command
        .stdout(Stdio::from(terminal.try_clone().unwrap()))
        .stderr(Stdio::from(terminal));
    let mut child = command.spawn().unwrap();
    // The command keeps the terminal open; the loop below waits for its end.
    drop(command);
    let mut screen = Vec::new();
    // Linux reports the end of a terminal as an error.
    let _ = File::from(master).read_to_end(&mut screen);
    child.wait().unwrap();
    String::from_utf8(screen).unwrap().replace("\r\n", "\n")
}

fn open_terminal() -> (OwnedFd, OwnedFd) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let path = std::ffi::OsStr::from_bytes(name.as_bytes());
    let terminal = File::options().read(true).write(true).open(path).unwrap();
    (master, terminal.into())
}

/// Clear screen, C1, right-to-left override, invalid bytes, bell.
const HOSTILE: &str = r"b'\x81\x12\x1b[2J\xc2\x9b2J\xe2\x80\xae\xff\x07\x7f\x9b\nz'";

/// Valid UTF-8, which JSON prints as text: C1, DEL, and each bidirectional control.
const HOSTILE_TEXT: &str = concat!(
    r"b'\x81\x25\xc2\x9b2J\x7f\x1b[2J\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xaa\xe2\x80\xae",
    r"\xe2\x80\xa8\xe2\x81\xa6\xe2\x81\xa9\x07!'",
);

#[test]
fn control_characters_are_escaped_on_a_terminal() {
    for format in ["text", "frames", "fields", "json"] {
        for payload in [HOSTILE, HOSTILE_TEXT] {
            let screen = on_a_terminal(&["decode", "--color", "never", "-f", format, payload], &[]);
            let harmful = |char: &char| escape::is_unsafe(*char) && *char != '\n';
            assert_eq!(screen.chars().find(harmful), None, "{format}: {screen:?}");
        }
    }
    let screen = on_a_terminal(&["decode", "-f", "json", HOSTILE_TEXT], &[]);
    assert!(
        screen.contains(r#""text":"\u009b2J\u007f\u001b[2J\u061c\u200e"#),
        "{screen}"
    );
    let screen = on_a_terminal(&["decode", "-q", HOSTILE], &[]);
    assert_eq!(
        screen,
        "\\x1b[2J\\u{9b}2J\\u{202e}\\xff\\x07\\x7f\\x9b\\nz\n"
    );
}

#[test]
fn a_pipe_gets_the_text_unchanged() {
    let outcome = wsctl(["decode", "-q", HOSTILE]);
    assert_eq!(
        outcome.stdout,
        b"\x1b[2J\xc2\x9b2J\xe2\x80\xae\xff\x07\x7f\x9b\nz\n"
    );
}

#[test]
fn raw_bytes_are_not_written_to_a_terminal() {
    let refusal =
        "wsctl: raw bytes are not written to a terminal: redirect the output, or choose another";
    assert_eq!(
        on_a_terminal(&["decode", "-f", "raw", HOSTILE], &[]),
        format!("{refusal} --format\n")
    );
    assert_eq!(
        on_a_terminal(&["encode", "-o", "raw", "a"], &[]),
        format!("{refusal} --output\n")
    );
}

#[test]
fn color_is_for_terminals_and_obeys_no_color() {
    let arguments = ["decode", "-v", "810161"];
    let coloured = |screen: &str| screen.contains("\x1b[");
    assert!(coloured(&on_a_terminal(&arguments, &[])));
    assert!(coloured(&on_a_terminal(&arguments, &[("NO_COLOR", "")])));
    assert!(!coloured(&on_a_terminal(&arguments, &[("NO_COLOR", "1")])));
    assert!(!coloured(&on_a_terminal(&arguments, &[("TERM", "dumb")])));
    assert!(!coloured(wsctl(arguments).text()));
    assert!(coloured(
        wsctl(["decode", "--color", "always", "-v", "810161"]).text()
    ));
}

#[test]
fn control_characters_in_an_error_are_escaped() {
    let screen = on_a_terminal(&["decode", "--file", "\x1b[2J"], &[]);
    assert_eq!(
        screen,
        "wsctl: cannot read \\x1b[2J: No such file or directory\n"
    );
}

#[test]
fn usage_errors_obey_color() {
    let coloured = wsctl(["decode", "--bogus", "--color", "always"]).stderr;
    let plain = wsctl(["decode", "--bogus", "--color=never"]).stderr;
    assert!(coloured.contains("\x1b[") && !plain.contains('\x1b'));
    assert_eq!(wsctl(["decode", "--bogus"]).stderr, plain);
    let on_a_terminal = on_a_terminal(&["decode", "--bogus", "--color=never"], &[]);
    assert_eq!(on_a_terminal, plain);
}
