//! `wsctl explain`: prints the page of a rule, a close code, an opcode, a header field or a
//! section; the rules that an error text belongs to; or all rules.

use super::console::Console;
use crate::cli::ExplainArgs;
use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::{search, similar_ids};
use crate::render::{page, rules};
use crate::{Error, Outcome};

/// The columns of the output.
const WIDTH: usize = 80;

/// The most characters of a query that are repeated in a message.
const MOST_QUOTED: usize = 200;

/// Runs the command. `ProblemFound` if no rule matches.
pub(super) fn run(args: &ExplainArgs, console: &mut Console) -> Result<Outcome, Error> {
    let query = args.words.join(" ");
    let query = query.trim();
    let mut out = Vec::new();
    if query.is_empty() {
        rules::push_all(&mut out, console.style(), WIDTH);
    } else if let Some(rule) = rule_of_id(query) {
        page::push(&mut out, console.style(), rule, WIDTH);
    } else if let Some(topic) = catalogue::topic(query) {
        page::push_topic(&mut out, console.style(), &topic, WIDTH);
    } else if let Some(missing) = catalogue::missing_section(query) {
        console.notice(&missing);
        return Ok(Outcome::ProblemFound);
    } else {
        // An id has no blanks.
        let similar = if query.contains(' ') {
            Vec::new()
        } else {
            similar_ids(query)
        };
        let hits = if similar.is_empty() {
            search(query)
        } else {
            Vec::new()
        };
        let code = catalogue::close_code_in(query).filter(|_| hits.is_empty());
        if let Some(topic) = code {
            page::push_topic(&mut out, console.style(), &topic, WIDTH);
        } else if hits.is_empty() {
            console.notice(&no_match(query, &similar));
            return Ok(Outcome::ProblemFound);
        } else {
            rules::push_found(&mut out, console.style(), &hits, WIDTH);
        }
    }
    console.print(&mut out)?;
    Ok(Outcome::Clean)
}

/// The rule of an id, also with blanks in place of hyphens, or in the first line of a finding:
/// `error[len64-not-minimal]`. An HTTP status is one of the rule about them.
fn rule_of_id(query: &str) -> Option<&'static RulePage> {
    if is_http_status(query) {
        return Some(&catalogue::RESP_STATUS);
    }
    let in_brackets = query
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'));
    let id = in_brackets.map_or(query, |(inside, _)| inside);
    let id = id.to_lowercase();
    catalogue::rule(&id).or_else(|| catalogue::rule(&id.replace(' ', "-")))
}

/// Whether a query is an HTTP status other than 101: `403`, `HTTP 502`, `status code 404`.
fn is_http_status(query: &str) -> bool {
    let lower = query.to_lowercase();
    let mut words = lower.split_whitespace().rev();
    let number = words.next().and_then(|word| word.parse().ok());
    matches!(number, Some(200..=599_u16))
        && words.all(|word| matches!(word, "http" | "status" | "code" | "error" | "response"))
}

/// The sentence for a query that nothing matches, with ids that are spelled like it.
fn no_match(query: &str, similar: &[&str]) -> String {
    let end = query.char_indices().nth(MOST_QUOTED).map(|(end, _)| end);
    let quoted = end.map_or_else(
        || query.to_owned(),
        |end| query.get(..end).unwrap_or_default().to_owned() + "…",
    );
    if similar.is_empty() {
        return format!("no rule matches `{quoted}`; `wsctl explain` lists all");
    }
    let ids: Vec<String> = similar.iter().map(|id| format!("`{id}`")).collect();
    format!(
        "no rule is called `{quoted}`; did you mean {}?",
        ids.join(" or ")
    )
}
