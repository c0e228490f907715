//! Each option in the help is used in a test, and `--color` and `-q` work the same in each command.

use std::fs::{self, File};
use std::path::Path;

use crate::helpers::documents::{DOCUMENTS, document};
use crate::helpers::run::{COMMANDS, program, wsctl};
use crate::helpers::server::start_unread;

/// The options of a command: the long name, and the short one if there is one.
fn options(command: &str) -> Vec<Vec<String>> {
    let help = wsctl([command, "--help"]);
    let declaration = help.text().split("\nExamples:").next().unwrap();
    let declared = declaration.lines().filter(|line| {
        let name = line.trim_start();
        name.starts_with('-') && (2..=6).contains(&(line.len() - name.len()))
    });
    let names = |line: &str| {
        let words = line
            .split_whitespace()
            .take_while(|word| word.starts_with('-'));
        let names = words.map(|word| word.split([',', '[', '=']).next().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    let options = declared.map(names);
    // `--help` is used here.
    options
        .filter(|names| names.iter().all(|name| name != "--help"))
        .collect()
}

/// Where options are used: command lines in documents, and statements in tests.
fn uses() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut uses = Vec::new();
    for path in DOCUMENTS {
        uses.extend(document(path).split("```console\n").skip(1).flat_map(lines));
    }
    for text in texts(&root.join("tests/data")) {
        uses.extend(lines(&text));
    }
    for text in texts(&root.join("tests/it")) {
        // Most options in this file are not used but refused.
        if !text.contains("//! Each option in the help") {
            uses.extend(text.split(";\n").map(|it| {
                it.replace("start(", "serve ")
                    .replace("start_unread(", "serve ")
            }));
        }
    }
    for text in texts(&root.join("tests/it/connect")) {
        uses.extend(text.split(";\n").map(|it| format!("connect {it}")));
    }
    let mut own = include_str!("options.rs").rsplit("fn color_and_quiet");
    uses.extend(own.next().map(str::to_owned));
    uses
}

/// The `$ command` lines of a document.
fn lines(text: &str) -> Vec<String> {
    let text = text.split("```\n").next().unwrap_or_default();
    let commands = text.lines().filter_map(|line| line.strip_prefix("$ "));
    commands.map(str::to_owned).collect()
}

/// The content of all text files in a folder and its subfolders.
fn texts(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(self::texts(&path));
        } else {
            texts.extend(fs::read_to_string(&path));
        }
    }
    texts
}

/// Whether a text contains `word` as a whole word.
fn has(text: &str, word: &str) -> bool {
    let is_part = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_');
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[test]
fn each_option_is_used_in_a_test() {
    let uses = uses();
    let (mut count, mut unused) = (0, Vec::new());
    for command in COMMANDS {
        let uses: Vec<&String> = uses.iter().filter(|text| has(text, command)).collect();
        for names in options(command) {
            count += 1;
            if !uses
                .iter()
                .any(|text| names.iter().any(|name| has(text, name)))
            {
                unused.push(format!("{command} {}", names.join(" ")));
            }
        }
    }
    assert_eq!(unused, [""; 0]);
    assert!(count > 60, "the help was read: {count}");
}

#[test]
fn an_invalid_number_is_refused_with_what_was_expected() {
    let cases = [
        ("encode --fragment -1 a", "a number, at least 1"),
        (
            "encode --fragment 18446744073709551616 a",
            "a number up to 18446744073709551615",
        ),
        ("encode --close -5", "a number from 0 to 65535"),
        ("encode --opcode -1 a", "a number from 0 to 15"),
        ("encode --rsv -1 a", "a number from 0 to 7"),
        ("serve --port -1", "a number from 0 to 65535"),
        ("connect a --expect -1", "a number, at least 0"),
        ("serve --port http", "a number from 0 to 65535"),
        ("serve --port 65536", "a number from 0 to 65535"),
        (
            "serve --fault mask --seed 18446744073709551616",
            "a number up to 18446744073709551615",
        ),
        ("serve --max-connections -1", "a number, at least 1"),
        ("serve --idle-timeout -1", "a duration, as"),
        ("decode --max-message -5 8100", "a number of bytes, as"),
        ("decode --max-message 99999999999999999999 8100", "at most "),
        (
            "serve --host [::1]:80",
            "an address or a name without a port, as",
        ),
        (
            "serve http",
            "a number from 0 to 65535; an address is given with --host",
        ),
        (
            "serve localhost:80",
            "a number from 0 to 65535; type --host localhost --port 80",
        ),
    ];
    for (line, expected) in cases {
        let outcome = wsctl(line.split(' '));
        let first = outcome.stderr.lines().next().unwrap();
        assert!(first.contains(&format!(": expected {expected}")), "{first}");
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}");
    }
}

#[test]
fn a_field_without_recipients_is_refused() {
    let outcome = wsctl(["serve", "--port", "0", "--addressee-field", "to"]);
    assert_eq!(
        outcome.to_string(),
        "--- stderr\nwsctl: --addressee-field is for --to addressee, which was not asked for\n\
         --- status 2\n"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_reported() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = program().arg("--help").stdout(full).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "wsctl: cannot write the output: No space left on device\n"
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn color_and_quiet_do_not_change_the_results() {
    let wrong = ["--check", "wrong", "dGhlIHNhbXBsZSBub25jZQ=="];
    let cases: [(&str, &[&str], bool); 7] = [
        ("accept", &wrong, true),
        ("check", &["--list", "--only", "*/valid-nul"], true),
        ("decode", &["-v", "817e0001", "61"], true),
        ("encode", &["hi"], false),
        ("handshake", &["tests/data/handshake.txt"], true),
        ("explain", &["len16-not-minimal"], true),
        ("generate", &["bash"], false),
    ];
    for (command, arguments, is_coloured) in cases {
        let run = |option: &[&str]| wsctl([&[command], option, arguments].concat());
        let plain = run(&["--color", "never"]).to_string();
        let coloured = run(&["--color", "always"]).to_string();
        assert_eq!(coloured.contains("\x1b["), is_coloured, "{command}");
        assert_eq!(without_color(&coloured), plain, "{command}");
        let quiet = run(&["-q"]);
        assert_eq!(quiet.stderr, "", "{command}");
        assert!(plain.starts_with(quiet.text()), "{command}");
    }
    let (mut serve, greeting, _) = start_unread(&["--color", "always"]);
    serve.kill().unwrap();
    serve.wait().unwrap();
    assert!(greeting.starts_with("listening on \x1b["), "{greeting}");
    assert!(without_color(&greeting).starts_with("listening on ws://127.0.0.1:"));
}

fn without_color(text: &str) -> String {
    let mut parts = text.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').unwrap().1)
}
