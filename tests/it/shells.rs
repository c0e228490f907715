//! Runs the completions in their shells, and the man page in mandoc and groff. `.ci/run` installs
//! them.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// Lines, and what the Tab key after them offers, apart from options.
const LINES: &[(&str, &str)] = &[
    ("wsctl ge", "generate"),
    ("wsctl generate ", "bash elvish fish man powershell zsh"),
    ("wsctl decode --format ", "fields frames json raw text"),
    ("wsctl decode --format=f", "fields frames"),
    ("wsctl decode -q --input he", "hex hexdump"),
    ("wsctl encode --length-form ", "16 64 7"),
    ("wsctl encode --close 300", "3000 3003 3008"),
    ("wsctl serve --to=o", "others"),
    ("wsctl serve --fault re", "reject= reset-after="),
    ("wsctl serve --color al", "always"),
    ("wsctl explain len6", "len64-msb len64-not-minimal"),
    ("wsctl explain http-in", "http-in-stream"),
    ("wsctl decode --file LIC", "LICENSE"),
    ("wsctl serve --port ", ""),
    ("wsctl accept ", ""),
];

#[track_caller]
fn check(offers: impl Fn(&str) -> String) {
    for (line, expected) in LINES {
        let offers = offers(line);
        let offers = offers.lines().filter_map(|offer| {
            let option_value = offer
                .strip_prefix("--")
                .and_then(|rest| rest.split_once('='));
            let word = option_value.map_or(offer, |(_, value)| value);
            (!word.is_empty() && !word.starts_with('-')).then_some(word)
        });
        let mut words: Vec<&str> = offers.collect();
        words.sort_unstable();
        assert_eq!(words.join(" "), *expected, "{line}");
    }
}

fn completions(name: &str) -> String {
    format!("{}/completions/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Runs a shell on a terminal of its own. When it prints READY, types a line and Tab, then ends it.
/// Returns what the start-up file of the shell wrote to the file `hits`.
fn typed(shell: &str, folder: &Path, line: &str) -> String {
    let hits = folder.join("hits");
    fs::write(&hits, "").unwrap();
    let mut child = Command::new("script")
        .args(["-q", "-c", shell, "/dev/null"])
        .env("TERM", "dumb")
        .env("ZDOTDIR", folder)
        .env("HITS", &hits)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut screen = child.stdout.take().unwrap();
    let mut shown = Vec::new();
    while !shown.ends_with(b"READY") {
        let mut byte = [0];
        assert_eq!(screen.read(&mut byte).unwrap(), 1, "{shell} has ended");
        shown.extend(byte);
    }
    let mut keys = child.stdin.take().unwrap();
    // Ctrl-U deletes the line.
    writeln!(keys, "{line}\t\x15exit").unwrap();
    let _ = screen.read_to_end(&mut shown);
    child.wait().unwrap();
    fs::read_to_string(hits).unwrap()
}

#[test]
#[ignore = "needs bash, which .ci/run installs"]
fn bash_completes_values() {
    let folder = tempfile::tempdir().unwrap();
    let start = folder.path().join("bashrc");
    let script = format!(
        "PS1=READY\nsource '{}'\n\
         probe() {{ _wsctl \"$@\"; printf '%s\\n' \"${{COMPREPLY[@]}}\" > \"$HITS\"; }}\n\
         complete -F probe -o nosort -o bashdefault -o default wsctl\n",
        completions("wsctl.bash")
    );
    fs::write(&start, script).unwrap();
    let shell = format!("bash --noprofile --rcfile '{}' -i", start.display());
    check(|line| typed(&shell, folder.path(), line));
}

/// zsh passes each offer to `compadd`; with `-O`, `-A` and `-D` that only filters.
const ZSHRC: &str = r#"
autoload -Uz compinit
compinit -D -u
compadd() {
    if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)* ]]; then
        local -a words
        builtin compadd -O words "$@"
        print -rl -- $words >> $HITS
    fi
    builtin compadd "$@"
}
PROMPT=READY
"#;

#[test]
#[ignore = "needs zsh, which .ci/run installs"]
fn zsh_completes_values() {
    let folder = tempfile::tempdir().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let script = format!("fpath=('{}' $fpath)\n{ZSHRC}", path.display());
    fs::write(folder.path().join(".zshrc"), script).unwrap();
    check(|line| typed("zsh -i", folder.path(), line));
}

#[test]
#[ignore = "needs fish, which .ci/run installs"]
fn fish_completes_values() {
    let home = tempfile::tempdir().unwrap();
    check(|line| {
        let command = format!(
            "source '{}'; complete -C '{line}'",
            completions("wsctl.fish")
        );
        let output = Command::new("fish")
            .args(["--no-config", "-c", &command])
            .env("HOME", home.path())
            .output()
            .unwrap();
        assert!(output.stderr.is_empty());
        let offers = String::from_utf8(output.stdout).unwrap();
        // The description comes after a tab.
        let words = offers.lines().filter_map(|offer| offer.split('\t').next());
        words.collect::<Vec<&str>>().join("\n")
    });
}

#[test]
#[ignore = "needs mandoc and groff, which .ci/run installs"]
fn the_man_page_has_no_warnings() {
    let page = completions("wsctl.1");
    let readers: [&[&str]; 2] = [
        &["mandoc", "-T", "lint", "-W", "warning"],
        &["groff", "-ww", "-man", "-T", "ascii", "-z"],
    ];
    for reader in readers {
        let output = Command::new(reader[0])
            .args(&reader[1..])
            .arg(&page)
            .output()
            .unwrap();
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8(printed).unwrap();
        // The page has no date, since it would change with each generation.
        let is_worth = |line: &&str| !line.contains("missing date");
        let warnings: Vec<&str> = printed.lines().filter(is_worth).collect();
        assert_eq!(warnings, [""; 0], "{}", reader[0]);
    }
}
