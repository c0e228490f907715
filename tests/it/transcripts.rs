//! Transcripts: files with commands and their whole output.
//!
//! `tests/data/findings` has a file per rule: first the example of the rule's page, then other cases,
//! then cases that look similar and must not be reported as this rule. `tests/data/transcripts` has the
//! others. `SNAPSHOTS=overwrite` writes the files anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use wsctl::diagnosis::catalogue::{self, Example, RulePage};

use crate::helpers::run::shell;
use crate::helpers::snapshots::check_file;

/// A command with its output.
struct Step {
    /// The lines before it, as a heading.
    before: String,
    /// The command; it has several lines if it has a here-document.
    command: String,
    output: String,
    /// Whether it is below the heading [`NEAR_MISS`].
    is_near_miss: bool,
}

const NEAR_MISS: &str = "## Not so";

/// Parses a transcript.
fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut before = String::new();
    let mut is_near_miss = false;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(command) = line.strip_prefix("$ ") {
            let mut command = command.to_owned();
            if command.contains("<<'END'") {
                while !command.ends_with("\nEND") {
                    let more = lines.next().expect("a here-document ends with END");
                    let more = more.strip_prefix("> ").unwrap_or(&more[1..]);
                    command.extend(["\n", more]);
                }
            }
            steps.push(Step {
                before: std::mem::take(&mut before),
                command,
                output: String::new(),
                is_near_miss,
            });
        } else if line.starts_with("## ") || before.starts_with("## ") {
            is_near_miss |= line.starts_with(NEAR_MISS);
            before.extend([line, "\n"]);
        } else {
            let step = steps
                .last_mut()
                .expect("a transcript begins with a heading");
            step.output.extend([line, "\n"]);
        }
    }
    steps
}

/// The transcript with the current output of its commands.
fn with_outputs(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        text += &step.before;
        let mut lines = step.command.lines();
        text.extend(["$ ", lines.next().unwrap(), "\n"]);
        for line in lines {
            text.extend(["> ", line].map(str::to_owned));
            text = text.trim_end_matches(' ').to_owned() + "\n";
        }
        text += &shell(&step.command);
    }
    text
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn files() -> Vec<PathBuf> {
    let folders = ["findings", "transcripts"].map(folder);
    let entries = folders
        .into_iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn the_program_prints_each_transcript() {
    for file in files() {
        let text = fs::read_to_string(&file).unwrap();
        check_file(&file, &with_outputs(&steps(&text)));
    }
}

/// The command that shows an example.
fn command(example: &Example) -> Option<String> {
    match example {
        Example::Command(words) => Some(format!("wsctl {words}")),
        Example::Handshake(heads) => Some(format!(
            "wsctl handshake <<'END'\n{}\nEND",
            heads.to_string().trim_end()
        )),
        Example::NotVisible(_) => None,
    }
}

#[test]
fn each_visible_rule_has_a_transcript_that_shows_it() {
    let mut missing = BTreeSet::new();
    for entry in catalogue::all() {
        let Some(command) = command(&entry.example) else {
            continue;
        };
        let Ok(text) = fs::read_to_string(folder("findings").join(format!("{}.txt", entry.id)))
        else {
            missing.insert(entry.id);
            continue;
        };
        let steps = steps(&text);
        assert_eq!(steps[0].command.trim_end(), command, "{}", entry.id);
        let shown = steps.iter().filter(|step| !step.is_near_miss);
        for step in shown {
            assert!(is_named(entry, &step.output), "$ {}", step.command);
        }
        for step in steps.iter().filter(|step| step.is_near_miss) {
            assert!(!is_named(entry, &step.output), "$ {}", step.command);
        }
        let near_misses = steps.iter().filter(|step| step.is_near_miss).count();
        assert!(
            steps.len() - near_misses >= 2 && near_misses >= 1,
            "{} has no second example, or no near miss",
            entry.id
        );
    }
    assert_eq!(missing, BTreeSet::new());
}

fn is_named(entry: &RulePage, output: &str) -> bool {
    output.contains(&format!("[{}]", entry.id))
}

#[test]
fn lines_fit_80_columns() {
    for file in files() {
        let text = fs::read_to_string(&file).unwrap();
        for step in steps(&text) {
            for line in step.output.lines() {
                let is_data = line.starts_with(['<', '>', '?', '{']) || !line.contains(' ');
                // Errors of wsctl itself, and repeated findings, are one line of any length.
                let is_data = is_data || line.starts_with("wsctl: ");
                let is_again = line.contains("]: frame ") || line.contains("]: byte ");
                assert!(
                    line.chars().count() <= 80 || is_data || is_again,
                    "{}: {line}",
                    file.display()
                );
            }
        }
    }
}
