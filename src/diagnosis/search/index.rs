//! The texts of the catalogue as lists of numbered words, with the weight of each word.

use std::collections::{BTreeMap, BTreeSet};

use super::subject;
use super::words::{is_close_code, is_number, words};
use crate::diagnosis::catalogue::{self, PeerMessage, RulePage};

/// A word of the catalogue, by its number.
pub(super) type Word = u32;

/// The texts of all rules.
pub(super) struct Index {
    /// The number of each word.
    numbers: BTreeMap<String, Word>,
    /// The weight of each word, by its number.
    weights: Vec<f64>,
    /// Whether each word can be a close code, and whether it is a number.
    close_codes: Vec<bool>,
    are_numbers: Vec<bool>,
    /// The texts of each rule, in the order of the catalogue.
    pub(super) rules: Vec<RuleTexts>,
}

/// The texts of a rule, as words.
pub(super) struct RuleTexts {
    pub(super) rule: &'static RulePage,
    pub(super) id: Vec<Word>,
    pub(super) title: Vec<Word>,
    pub(super) cause: Vec<Word>,
    pub(super) fix: Vec<Word>,
    /// What peers print, and its words.
    pub(super) messages: Vec<(PeerMessage, Vec<Word>)>,
}

/// The words of a query. A word that the catalogue does not have is None.
pub(super) struct Query {
    pub(super) words: Vec<Option<Word>>,
    /// Each two adjacent words.
    pairs: BTreeSet<(Word, Word)>,
    /// Each different word that the catalogue has.
    known: BTreeSet<Word>,
    /// Its words as they are, to find the names of peers.
    spelled: BTreeSet<String>,
    /// Whether it names WebSocket or a library for it.
    pub(super) is_about_websocket: bool,
}

impl Query {
    /// Whether the query names a peer: `aiohttp` of "aiohttp, of a response".
    pub(super) fn names(&self, peer: &str) -> bool {
        let name = peer.split(',').next().unwrap_or_default();
        let name = words(name);
        !name.is_empty() && name.iter().all(|word| self.spelled.contains(word))
    }

    /// Whether two words are adjacent in the query.
    pub(super) fn has_pair(&self, left: Word, right: Word) -> bool {
        self.pairs.contains(&(left, right))
    }

    /// The number of different words of a text that are in the query.
    pub(super) fn count_in(&self, text: &[Word]) -> usize {
        let mut found: Vec<Word> = text.to_vec();
        found.retain(|word| self.known.contains(word));
        found.sort_unstable();
        found.dedup();
        found.len()
    }
}

/// The most words of a query that are looked at.
const MOST_WORDS: usize = 4_000;

/// Words of examples, which tell nothing.
const PLACEHOLDERS: [&str; 6] = ["foo", "bar", "hello", "helh", "world", "example"];

/// The weight of a word of a query that the catalogue does not have.
const UNKNOWN: f64 = 2.0;

impl Index {
    /// Numbers and weighs the words of the catalogue.
    pub(super) fn of_catalogue() -> Self {
        let mut index = Self {
            numbers: BTreeMap::new(),
            weights: Vec::new(),
            close_codes: Vec::new(),
            are_numbers: Vec::new(),
            rules: Vec::new(),
        };
        index.rules = catalogue::all().map(|rule| index.add(rule)).collect();
        index.weigh();
        index
    }

    /// Numbers the words of a rule.
    fn add(&mut self, rule: &'static RulePage) -> RuleTexts {
        let messages = rule.peer_messages.iter().chain(rule.quoted_messages);
        RuleTexts {
            rule,
            id: self.number(rule.id),
            title: self.number(rule.title),
            cause: self.number(rule.cause),
            fix: self.number(rule.fix),
            messages: messages
                .map(|message| (*message, self.number(message.1)))
                .collect(),
        }
    }

    fn number(&mut self, text: &str) -> Vec<Word> {
        let mut numbered = Vec::new();
        for word in words(text) {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            numbered.push(*self.numbers.entry(word).or_insert(next));
        }
        numbered
    }

    /// The rarer a word, the higher its weight: the logarithm of the number of rules for each
    /// that has it. A number weighs half, as it is often another one each time, but a close
    /// code does not.
    fn weigh(&mut self) {
        let mut counts = vec![0_u32; self.numbers.len()];
        for rule in &self.rules {
            let texts = [&rule.id, &rule.title, &rule.cause, &rule.fix].into_iter();
            let messages = rule.messages.iter().map(|(_, words)| words);
            let mut used: Vec<Word> = texts.chain(messages).flatten().copied().collect();
            used.sort_unstable();
            used.dedup();
            for word in used {
                if let Some(count) = counts.get_mut(word as usize) {
                    *count += 1;
                }
            }
        }
        let rules = f64::from(u32::try_from(self.rules.len()).unwrap_or(u32::MAX));
        self.weights = counts
            .iter()
            .map(|count| logarithm(rules / f64::from((*count).max(1))))
            .collect();
        self.close_codes = vec![false; self.numbers.len()];
        self.are_numbers = vec![false; self.numbers.len()];
        for (word, number) in &self.numbers {
            let at = *number as usize;
            if let Some(is_code) = self.close_codes.get_mut(at) {
                *is_code = is_close_code(word);
            }
            if let Some(is_a_number) = self.are_numbers.get_mut(at) {
                *is_a_number = is_number(word);
            }
            if let Some(weight) = self.weights.get_mut(at)
                && is_number(word)
                && !is_close_code(word)
            {
                *weight /= 2.0;
            }
            if let Some(weight) = self.weights.get_mut(at)
                && PLACEHOLDERS.contains(&word.as_str())
            {
                *weight = 0.0;
            }
        }
    }

    /// The words of a query.
    pub(super) fn query(&self, text: &str) -> Query {
        let mut words = words(text);
        words.truncate(MOST_WORDS);
        let known = words.iter().map(|word| self.numbers.get(word).copied());
        // A number that the catalogue does not have tells nothing.
        let kept = known
            .zip(&words)
            .filter(|(known, word)| known.is_some() || !is_number(word));
        let kept: Vec<Option<Word>> = kept.map(|(known, _)| known).collect();
        let next = kept.iter().skip(1);
        let pairs = kept
            .iter()
            .zip(next)
            .filter_map(|(left, right)| Some(((*left)?, (*right)?)))
            .collect();
        Query {
            pairs,
            known: kept.iter().flatten().copied().collect(),
            words: kept,
            spelled: words.iter().cloned().collect(),
            is_about_websocket: subject::is_about_websocket(text),
        }
    }

    /// Whether a query is one word that at most two rules have, such as `ECONNREFUSED`, or a
    /// few rules if it is a word of WebSocket, such as `RSV1`.
    pub(super) fn is_one_rare_word(&self, query: &Query) -> bool {
        let rules = f64::from(u32::try_from(self.rules.len()).unwrap_or(u32::MAX));
        let most = if query.is_about_websocket { 15.5 } else { 2.5 };
        match query.words.as_slice() {
            [Some(word)] => self.weight(*word) >= logarithm(rules / most),
            _ => false,
        }
    }

    /// Whether a word is a number.
    fn is_number(&self, word: Word) -> bool {
        self.are_numbers.get(word as usize) == Some(&true)
    }

    /// The weight of a word.
    pub(super) fn weight(&self, word: Word) -> f64 {
        self.weights.get(word as usize).copied().unwrap_or(0.0)
    }

    /// The weight of a query, without numbers: they are often other ones each time.
    pub(super) fn weight_of_query(&self, query: &Query) -> f64 {
        let weight = |word: &Option<Word>| match word {
            Some(word) if self.is_number(*word) => 0.0,
            Some(word) => self.weight(*word),
            None => UNKNOWN,
        };
        query.words.iter().map(weight).sum()
    }

    /// The weight of a text, without close codes that were not asked for: they are seldom
    /// quoted with it.
    pub(super) fn weight_of_text(&self, text: &[Word], query: &Query) -> f64 {
        let counts = |word: &&Word| {
            let is_code = self.close_codes.get(**word as usize).copied();
            is_code != Some(true) || query.words.contains(&Some(**word))
        };
        text.iter()
            .filter(counts)
            .map(|word| self.weight(*word))
            .sum()
    }
}

/// The natural logarithm, to three figures: the limit of n (x^(1/n) - 1). The one of the C
/// library for mathematics would have that library loaded at each start of the program.
fn logarithm(number: f64) -> f64 {
    const HALVINGS: i32 = 10;
    let root = (0..HALVINGS).fold(number, |root, _| root.sqrt());
    f64::from(1 << HALVINGS) * (root - 1.0)
}
