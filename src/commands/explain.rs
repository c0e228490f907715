//! `wsctl explain`.

use super::screen::Console;
use crate::cli::ExplainArgs;
use crate::diagnosis::catalogue::{self, RulePage};
use crate::diagnosis::{search, similar_ids};
use crate::render::{page, rules};
use crate::{Error, Outcome};

pub(super) fn run(args: &ExplainArgs, screen: &mut Console) -> Result<Outcome, Error> {
    let words = args.words.join(" ");
    let words = words.trim();
    let mut out = Vec::new();
    if words.is_empty() {
        rules::push_all(&mut out, screen.style(), WIDTH);
    } else if let Some(entry) = named(words) {
        page::push(&mut out, screen.style(), entry, WIDTH);
    } else {
        let similar = similar_ids(words);
        let found = search(words);
        if !similar.is_empty() || found.is_empty() {
            return Err(unknown(words, &similar));
        }
        rules::push_found(&mut out, screen.style(), &found, WIDTH);
    }
    screen.print(&mut out)?;
    Ok(Outcome::Clean)
}

/// The columns of a screen.
const WIDTH: usize = 80;

/// How many characters of what was asked are said again.
const MOST_QUOTED: usize = 200;

/// The rule of this name, also as a finding is headed: `error[len64-not-minimal]`.
fn named(words: &str) -> Option<&'static RulePage> {
    let inside = words
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'));
    let name = inside.map_or(words, |(inside, _)| inside);
    catalogue::rule(&name.to_lowercase())
}

fn unknown(words: &str, similar: &[&str]) -> Error {
    let end = words.char_indices().nth(MOST_QUOTED).map(|(end, _)| end);
    let quoted = end.map_or_else(
        || words.to_owned(),
        |end| words.get(..end).unwrap_or_default().to_owned() + "…",
    );
    let mut sentence = format!("nothing is known of `{quoted}`");
    if !similar.is_empty() {
        let names: Vec<String> = similar.iter().map(|name| format!("`{name}`")).collect();
        sentence.extend([" (perhaps ", &names.join(" or "), " was meant)"]);
    }
    Error::Usage(sentence)
}
