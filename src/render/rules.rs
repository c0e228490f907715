//! Lists of rules: all of them, or those that were found.

use super::style::{Style, StyleRole};
use super::wrap::{push_blanks, push_hanging, wrap};
use crate::diagnosis::SearchHit;
use crate::diagnosis::catalogue::{Phase, RulePage};

/// Appends all rules with their titles, below the part of a connection they belong to, in
/// lines of at most `width` characters.
pub fn push_all(out: &mut Vec<u8>, style: Style, width: usize) {
    for (at, (phase, rules)) in Phase::ALL.into_iter().enumerate() {
        if at > 0 {
            out.push(b'\n');
        }
        style.push(out, StyleRole::Aside, phase.name());
        out.push(b'\n');
        let column = column_of_titles(rules) + 2;
        for entry in rules {
            push_blanks(out, 2);
            push_name(out, style, entry, column - 2);
            push_hanging(out, entry.title, column, width);
        }
    }
}

/// Appends the rules that were found, and for those that fit best, who prints such words.
pub fn push_found(out: &mut Vec<u8>, style: Style, found: &[SearchHit], width: usize) {
    let entries: Vec<&RulePage> = found.iter().map(|found| found.entry).collect();
    let column = column_of_titles(&entries);
    let best = found.first().map_or(0.0, |found| found.score);
    for (at, SearchHit { entry, score, seen }) in found.iter().enumerate() {
        push_name(out, style, entry, column);
        push_hanging(out, entry.title, column, width);
        let fits_well = at < MOST_WITH_WORDS && *score >= best / 2.0;
        if let Some((who, words)) = seen.filter(|_| fits_well) {
            for line in wrap(&format!("{who}: {words}"), width - column) {
                push_blanks(out, column);
                style.push(out, StyleRole::Aside, &line);
                out.push(b'\n');
            }
        }
    }
}

/// Of so many rules at most it is told who prints the words in question.
const MOST_WITH_WORDS: usize = 3;

/// Where the titles begin: behind the longest name.
fn column_of_titles(entries: &[&RulePage]) -> usize {
    let longest = entries.iter().map(|entry| entry.id.len()).max();
    longest.unwrap_or_default() + 2
}

/// The name, and blanks up to the title.
fn push_name(out: &mut Vec<u8>, style: Style, entry: &RulePage, column: usize) {
    style.push(out, StyleRole::Name, entry.id);
    push_blanks(out, column - entry.id.len());
}
