//! The page of a rule: what it is, why it is broken, what to change, who notices.

use super::style::{Style, StyleRole};
use super::wrap::{columns, push_blanks, push_hanging, push_lines, side_by_side, wrap};
use crate::diagnosis::Severity;
use crate::diagnosis::catalogue::{Example, RulePage};
use crate::ws::fault::FAULTS;

/// Appends the page of a rule in lines of at most `width` characters. Commands to copy
/// stand on lines of their own, as long as they are.
pub fn push(out: &mut Vec<u8>, style: Style, entry: &RulePage, width: usize) {
    style.push(out, StyleRole::Name, entry.id);
    out.extend_from_slice(b": ");
    push_hanging(out, entry.title, entry.id.len() + 2, width);
    out.push(b'\n');
    push_label(out, style, "kind");
    push_kind(out, style, entry);
    let fields = [
        ("where", entry.phase.name()),
        ("rule", entry.section),
        ("why", entry.cause),
        ("fix", entry.fix),
    ];
    for (label, text) in fields {
        push_label(out, style, label);
        push_hanging(out, text, INDENT, width);
    }
    push_seen(out, style, entry.peer_messages, width);
    push_faults(out, style, entry, width);
    push_example(out, style, entry.example, width);
}

/// How `wsctl serve` makes the mistake, so that a client can be watched.
fn push_faults(out: &mut Vec<u8>, style: Style, entry: &RulePage, width: usize) {
    let faults = FAULTS.iter().filter(|kind| kind.rule == Some(entry.id));
    let words: Vec<String> = faults
        .map(|kind| format!("`wsctl serve --fault {}{}`", kind.name, kind.argument))
        .collect();
    if !words.is_empty() {
        out.push(b'\n');
        push_label(out, style, "try it");
        let text = format!("on a client: {}", words.join(", "));
        push_hanging(out, &text, INDENT, width);
    }
}

/// Where the fields of a page begin, behind their labels.
const INDENT: usize = 10;

/// The names of peers take up no more columns than this; the rest is for their words.
const MOST_FOR_NAMES: usize = 26;

fn push_label(out: &mut Vec<u8>, style: Style, label: &str) {
    push_blanks(out, 2);
    style.push(out, StyleRole::Aside, label);
    push_blanks(out, INDENT - 2 - label.len());
}

/// How grave it is, in words.
fn push_kind(out: &mut Vec<u8>, style: Style, entry: &RulePage) {
    let (meaning, word, sentence) = match entry.severity {
        Severity::Violation => (StyleRole::Violation, "violation", "a rule is broken"),
        Severity::Suspicious if entry.is_cut => (
            StyleRole::Suspicion,
            "suspicious",
            "cut short, or not all there yet",
        ),
        Severity::Suspicious => (
            StyleRole::Suspicion,
            "suspicious",
            "no rule is broken, but it is hardly meant so",
        ),
        Severity::PeerBug => (
            StyleRole::Name,
            "peer bug",
            "right as it is, but some peers stumble over it",
        ),
        Severity::Note => (StyleRole::Name, "note", "no rule of the protocol is broken"),
    };
    style.push(out, meaning, word);
    out.extend_from_slice(format!(": {sentence}\n").as_bytes());
}

/// What peers print: who in one column, the words in another.
fn push_seen(out: &mut Vec<u8>, style: Style, seen: &[(&str, &str)], width: usize) {
    out.push(b'\n');
    let names = seen
        .iter()
        .flat_map(|(who, _)| wrap(who, MOST_FOR_NAMES))
        .map(|line| columns(&line))
        .max()
        .unwrap_or_default();
    let rows: Vec<String> = seen
        .iter()
        .flat_map(|(who, words)| side_by_side(who, names, words, width - INDENT))
        .collect();
    push_label(out, style, "seen");
    push_lines(out, &rows, INDENT);
}

/// How to see it, to be copied as it stands.
fn push_example(out: &mut Vec<u8>, style: Style, example: Example, width: usize) {
    out.push(b'\n');
    push_label(out, style, "see it");
    match example {
        Example::NotVisible(sentence) => push_hanging(out, sentence, INDENT, width),
        Example::Command(words) => {
            out.extend_from_slice(format!("with\n\nwsctl {words}\n").as_bytes());
        }
        Example::Handshake(heads) => {
            let command = format!("with\n\nwsctl handshake <<'END'\n{heads}END\n");
            out.extend_from_slice(command.as_bytes());
        }
    }
}
