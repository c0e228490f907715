//! Prints the page of a rule, of a close code, an opcode, a header field or a section.
//! `wsctl explain` uses it.

use super::rules::push_titles;
use super::style::{Style, StyleRole};
use super::wrap::{columns, push_blanks, push_hanging, push_lines, side_by_side, wrap};
use crate::diagnosis::Severity;
use crate::diagnosis::catalogue::{Example, PeerMessage, RulePage, TopicPage};
use crate::ws::Role;
use crate::ws::fault::faults_of;

/// The column at which the text of a field begins.
const INDENT: usize = 10;

/// The most columns for the names of peers.
const MOST_FOR_NAMES: usize = 26;

/// Appends the page of a rule in lines of at most `width` columns. Commands to copy are on
/// lines of their own, whatever their length.
pub fn push(out: &mut Vec<u8>, style: Style, rule: &RulePage, width: usize) {
    push_heading(out, style, rule.id, rule.title, width);
    push_label(out, style, "kind");
    push_kind(out, style, rule);
    let fields = [
        ("where", rule.phase.name()),
        ("rule", rule.section),
        ("why", rule.cause),
        ("fix", rule.fix),
    ];
    for (label, text) in fields {
        push_field(out, style, label, text, width);
    }
    push_messages(out, style, rule.peer_messages, width);
    push_faults(out, style, rule, width);
    push_example(out, style, rule.example, width);
}

/// Appends the page of a topic in the same form.
pub fn push_topic(out: &mut Vec<u8>, style: Style, page: &TopicPage, width: usize) {
    push_heading(out, style, &page.subject, &page.title, width);
    for (label, text) in &page.fields {
        push_field(out, style, label, text, width);
    }
    if !page.rules.is_empty() {
        out.push(b'\n');
        push_label(out, style, "rules");
        let mut titles = Vec::new();
        push_titles(&mut titles, style, &page.rules, INDENT, width);
        // The first line follows its label.
        out.extend_from_slice(titles.get(INDENT..).unwrap_or_default());
    }
    if let Some(arguments) = &page.example {
        out.push(b'\n');
        push_label(out, style, "see it");
        out.extend_from_slice(format!("with\n\nwsctl {arguments}\n").as_bytes());
    }
}

/// Appends `len16-not-minimal: a payload length …` and an empty line.
fn push_heading(out: &mut Vec<u8>, style: Style, subject: &str, title: &str, width: usize) {
    style.push(out, StyleRole::Name, subject);
    out.extend_from_slice(b": ");
    push_hanging(out, title, subject.len() + 2, width);
    out.push(b'\n');
}

fn push_field(out: &mut Vec<u8>, style: Style, label: &str, text: &str, width: usize) {
    push_label(out, style, label);
    push_hanging(out, text, INDENT, width);
}

fn push_label(out: &mut Vec<u8>, style: Style, label: &str) {
    push_blanks(out, 2);
    style.push(out, StyleRole::Aside, label);
    push_blanks(out, INDENT - 2 - label.len());
}

/// Appends how serious a breach is.
fn push_kind(out: &mut Vec<u8>, style: Style, rule: &RulePage) {
    let (colour, word, sentence) = match rule.severity {
        Severity::Violation => (StyleRole::Violation, "violation", "a rule is broken"),
        Severity::Suspicious if rule.is_cut => (
            StyleRole::Suspicion,
            "suspicious",
            "cut short, or not complete yet",
        ),
        Severity::Suspicious => (
            StyleRole::Suspicion,
            "suspicious",
            "allowed, but probably a mistake",
        ),
        Severity::PeerBug => (
            StyleRole::Suspicion,
            "peer bug",
            "valid, but some implementations reject it",
        ),
        Severity::Note => (StyleRole::Name, "note", "no rule of the protocol is broken"),
    };
    style.push(out, colour, word);
    out.extend_from_slice(format!(": {sentence}\n").as_bytes());
}

/// Appends what peers print: the peers in one column, their texts in another.
fn push_messages(out: &mut Vec<u8>, style: Style, messages: &[PeerMessage], width: usize) {
    out.push(b'\n');
    let names = messages
        .iter()
        .flat_map(|(peer, _)| wrap(peer, MOST_FOR_NAMES))
        .map(|line| columns(&line))
        .max()
        .unwrap_or_default();
    let rows: Vec<String> = messages
        .iter()
        .flat_map(|(peer, text)| side_by_side(peer, names, text, width - INDENT))
        .collect();
    push_label(out, style, "seen");
    push_lines(out, &rows, INDENT);
}

/// Appends the options of `wsctl serve` and `wsctl connect` that break the rule, to test a client
/// and a server with.
fn push_faults(out: &mut Vec<u8>, style: Style, rule: &RulePage, width: usize) {
    let commands = |sender: Role, command: &str| {
        let faults = faults_of(sender).filter(|fault| fault.rule == Some(rule.id));
        let commands: Vec<String> = faults
            .map(|fault| format!("`wsctl {command} --fault {}`", fault.form()))
            .collect();
        let tested = format!("on a {}: {}", sender.peer(), commands.join(", "));
        (!commands.is_empty()).then_some(tested)
    };
    let tested = [
        commands(Role::Server, "serve"),
        commands(Role::Client, "connect"),
    ];
    let tested: Vec<String> = tested.into_iter().flatten().collect();
    if !tested.is_empty() {
        out.push(b'\n');
        push_field(out, style, "try it", &tested.join("; "), width);
    }
}

/// Appends the example, ready to be copied.
fn push_example(out: &mut Vec<u8>, style: Style, example: Example, width: usize) {
    out.push(b'\n');
    push_label(out, style, "see it");
    match example {
        Example::NotVisible(sentence) => push_hanging(out, sentence, INDENT, width),
        Example::Command(arguments) => {
            out.extend_from_slice(format!("with\n\nwsctl {arguments}\n").as_bytes());
        }
        Example::Handshake(heads) => {
            let command = format!("with\n\nwsctl handshake <<'END'\n{heads}END\n");
            out.extend_from_slice(command.as_bytes());
        }
    }
}
