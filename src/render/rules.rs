//! Prints lists of rules: all of them, or the hits of a search. `wsctl explain` uses it.

use super::style::{Style, StyleRole};
use super::wrap::{push_blanks, push_hanging, wrap};
use crate::diagnosis::SearchHit;
use crate::diagnosis::catalogue::{Phase, RulePage};

/// Appends all rules with their titles, grouped by phase, in lines of at most `width`
/// columns.
pub fn push_all(out: &mut Vec<u8>, style: Style, width: usize) {
    for (at, (phase, rules)) in Phase::ALL.into_iter().enumerate() {
        if at > 0 {
            out.push(b'\n');
        }
        style.push(out, StyleRole::Aside, phase.name());
        out.push(b'\n');
        push_titles(out, style, rules, 2, width);
    }
}

/// Appends rules with their titles, a line or more for each, indented by `indent` columns.
pub(super) fn push_titles(
    out: &mut Vec<u8>,
    style: Style,
    rules: &[&RulePage],
    indent: usize,
    width: usize,
) {
    let column = column_of_titles(rules);
    for rule in rules {
        push_blanks(out, indent);
        push_id(out, style, rule, column);
        push_hanging(out, rule.title, indent + column, width);
    }
}

/// Appends the hits of a search, the best ones with the peer's text that fits.
pub fn push_found(out: &mut Vec<u8>, style: Style, hits: &[SearchHit], width: usize) {
    let rules: Vec<&RulePage> = hits.iter().map(|hit| hit.rule).collect();
    let column = column_of_titles(&rules);
    let best = hits.first().map_or(0.0, |hit| hit.score);
    for (at, hit) in hits.iter().enumerate() {
        push_id(out, style, hit.rule, column);
        push_hanging(out, hit.rule.title, column, width);
        let fits_well = at < MOST_WITH_TEXT && hit.score >= best / 2.0;
        if let Some((peer, text)) = hit.message.filter(|_| fits_well) {
            for line in wrap(&format!("{peer}: {text}"), width - column) {
                push_blanks(out, column);
                style.push(out, StyleRole::Aside, &line);
                out.push(b'\n');
            }
        }
    }
}

/// The most hits that are shown with a peer's text.
const MOST_WITH_TEXT: usize = 3;

/// The column at which titles begin, two after the longest id.
fn column_of_titles(rules: &[&RulePage]) -> usize {
    let longest = rules.iter().map(|rule| rule.id.len()).max();
    longest.unwrap_or_default() + 2
}

/// Appends the id, and blanks up to the title.
fn push_id(out: &mut Vec<u8>, style: Style, rule: &RulePage, column: usize) {
    style.push(out, StyleRole::Name, rule.id);
    push_blanks(out, column - rule.id.len());
}
