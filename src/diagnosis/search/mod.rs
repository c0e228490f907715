//! The rules behind an error text, as loosely as people quote it.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{self, PeerMessage, RulePage};

/// A rule that may be behind some words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SearchHit {
    /// The rule.
    pub entry: &'static RulePage,
    /// How well it fits; only to be compared with others of the same search.
    pub score: f64,
    /// Who prints words like these, and how, where that is why it fits.
    pub seen: Option<(&'static str, &'static str)>,
}

/// The rules that fit some words, the best first; none where nothing in them means anything.
pub fn search(words: &str) -> Vec<SearchHit> {
    let vocabulary = Vocabulary::of_catalogue();
    let asked = Text::new(without_address(words), &vocabulary);
    let mut hits: Vec<SearchHit> = catalogue::all()
        .map(|entry| rate(entry, &asked, &vocabulary))
        .collect();
    // The sort keeps the order of the catalogue among equals.
    hits.sort_by(|left, right| right.score.total_cmp(&left.score));
    let best = hits.first().map_or(0.0, |found| found.score);
    let least = LEAST.max(best * WORTH_TELLING);
    hits.retain(|found| found.score >= least);
    hits.truncate(MOST);
    hits
}

/// The rules whose names come nearest to this one, if any comes near.
pub fn similar_ids(name: &str) -> Vec<&'static str> {
    let name = name.to_lowercase();
    let most = (name.chars().count() / 5).min(3);
    let distances = catalogue::all().map(|rule| distance(&name, rule.id));
    let nearest = distances.min().filter(|nearest| *nearest <= most);
    catalogue::all()
        .map(|rule| rule.id)
        .filter(|id| Some(distance(&name, id)) == nearest)
        .collect()
}

/// What a browser says behind the address: `WebSocket connection to '…' failed: …`, where it
/// often says no more.
fn without_address(words: &str) -> &str {
    match words.split_once("WebSocket connection to '") {
        Some((_, rest)) => rest.split_once("' failed:").map_or(words, |(_, said)| said),
        None => words,
    }
}

/// How many rules are worth reading about.
const MOST: usize = 8;

/// A rule with less than this part of the best one's score does not fit.
const WORTH_TELLING: f64 = 0.15;

/// What is less was a chance: a common word or two.
const LEAST: f64 = 0.6;

/// What words weigh that no peer prints: in the name and the title of a rule, in its cause
/// and its fix, and in name and title beside what a peer prints.
const IN_NAME: f64 = 0.4;
const IN_ADVICE: f64 = 0.25;
const IN_PASSING: f64 = 0.25;

/// How well a rule fits: as well as the best of the texts that peers print, or, where that
/// is better, as what we say of it. Its name and title tell those apart of which a peer
/// prints the same.
fn rate(entry: &'static RulePage, asked: &Text, vocabulary: &Vocabulary) -> SearchHit {
    let fits = |words: &str| fit(asked, &Text::new(words, vocabulary));
    let seen = printed(entry).map(|seen| (fits(seen.1), *seen));
    let (in_seen, seen) = seen
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .unwrap_or_default();
    let in_name = IN_NAME * (fits(entry.id) + fits(entry.title));
    let in_our_words = in_name + IN_ADVICE * (fits(entry.cause) + fits(entry.fix));
    SearchHit {
        entry,
        score: in_seen.max(in_our_words) + IN_PASSING * in_name,
        seen: (in_seen >= in_our_words).then_some(seen),
    }
}

/// All that peers print for a rule.
fn printed(rule: &RulePage) -> impl Iterator<Item = &'static PeerMessage> {
    rule.peer_messages.iter().chain(rule.quoted_messages)
}

/// How much of what was asked stands in a text: in its order, better where it stands
/// together, and better where not much else is there.
fn fit(asked: &Text, text: &Text) -> f64 {
    let in_order = common_subsequence(asked, text);
    let together: f64 = pairs(text)
        .filter(|pair| pairs(asked).any(|other| other.0 == pair.0))
        .map(|(_, weight)| weight)
        .sum();
    let coverage = in_order / text.weight_for(asked);
    (in_order + together) * (0.4 + 0.6 * coverage)
}

/// The weight of the heaviest words that stand in both texts, in the same order.
fn common_subsequence(asked: &Text, text: &Text) -> f64 {
    let mut heaviest = vec![0.0_f64; text.0.len() + 1];
    for (word, weight) in &asked.0 {
        let mut diagonal = 0.0;
        let mut left = 0.0;
        for ((other, _), above) in text.0.iter().zip(heaviest.iter_mut().skip(1)) {
            let with_it = if word == other {
                diagonal + weight
            } else {
                0.0
            };
            diagonal = *above;
            *above = above.max(left).max(with_it);
            left = *above;
        }
    }
    heaviest.last().copied().unwrap_or(0.0)
}

/// Words that stand side by side, and what that weighs.
fn pairs(text: &Text) -> impl Iterator<Item = ((&str, &str), f64)> {
    let next = text.0.iter().skip(1);
    text.0
        .iter()
        .zip(next)
        .map(|(left, right)| ((&*left.0, &*right.0), f64::midpoint(left.1, right.1)))
}

/// The words of a text, each with its weight.
struct Text(Vec<(String, f64)>);

impl Text {
    fn new(text: &str, vocabulary: &Vocabulary) -> Self {
        let weigh = |word: String| {
            let weight = vocabulary.weight(&word);
            (word, weight)
        };
        Self(words(text).into_iter().map(weigh).collect())
    }

    /// What all of it weighs, at least something, but for close codes that were not asked
    /// for: hardly anybody quotes those.
    fn weight_for(&self, asked: &Self) -> f64 {
        let counts =
            |word: &String| !is_close_code(word) || asked.0.iter().any(|(other, _)| other == word);
        let words = self.0.iter().filter(|(word, _)| counts(word));
        words.map(|(_, weight)| weight).sum::<f64>().max(1.0)
    }
}

/// The natural logarithm, to three figures: what n (x^(1/n) - 1) comes to as n grows. The
/// one of the system's library of mathematics would have that loaded at each start.
fn logarithm(number: f64) -> f64 {
    const HALVINGS: i32 = 10;
    let root = (0..HALVINGS).fold(number, |root, _| root.sqrt());
    f64::from(1 << HALVINGS) * (root - 1.0)
}

/// In how many entries each word stands.
struct Vocabulary(BTreeMap<String, u32>);

impl Vocabulary {
    fn of_catalogue() -> Self {
        let mut counts = BTreeMap::new();
        for entry in catalogue::all() {
            let seen = printed(entry).map(|(_, words)| *words);
            let texts = [entry.id, entry.title, entry.cause, entry.fix]
                .into_iter()
                .chain(seen);
            for word in texts.flat_map(words).collect::<BTreeSet<String>>() {
                *counts.entry(word).or_default() += 1;
            }
        }
        Self(counts)
    }

    /// The rarer a word, the more it says; one that stands nowhere says nothing. A number
    /// is often another one each time, but if it is a close code.
    fn weight(&self, word: &str) -> f64 {
        let entries = f64::from(u32::try_from(catalogue::all().count()).unwrap_or(u32::MAX));
        let rarity = |count: &u32| logarithm(entries / f64::from(*count));
        let part = if is_number(word) && !is_close_code(word) {
            0.5
        } else {
            1.0
        };
        part * self.0.get(word).map_or(0.0, rarity)
    }
}

/// The words and numbers of a text in lower case. The reserved bits have one name, and
/// stand only where they are set: `reserved1 = 1, reserved2 = 0` is `rsv1`. So has UTF-8.
fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase().replace("utf8", "utf-8");
    let mut parts = lower
        .split(|char: char| !char.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .peekable();
    let mut words = Vec::new();
    while let Some(part) = parts.next() {
        let Some(number) = bit(part) else {
            words.push(part.to_owned());
            continue;
        };
        let value = parts.next_if(|next| matches!(*next, "0" | "1"));
        if value != Some("0") {
            words.push(format!("rsv{number}"));
        }
    }
    words
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|octet| octet.is_ascii_digit())
}

fn is_close_code(word: &str) -> bool {
    is_number(word) && word.len() == 4
}

/// The number of a reserved bit, by either of its names.
fn bit(word: &str) -> Option<&str> {
    let number = word
        .strip_prefix("reserved")
        .or_else(|| word.strip_prefix("rsv"))?;
    matches!(number, "1" | "2" | "3").then_some(number)
}

/// How many letters must be put in, left out or changed to make one word of another.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (at, letter) in from.chars().enumerate() {
        let mut diagonal = at;
        let mut left = at + 1;
        for (other, cell) in to.chars().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(letter != other);
            diagonal = *cell;
            *cell = changed.min(*cell + 1).min(left + 1);
            left = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
