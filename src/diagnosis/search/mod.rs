//! Finds the rules that an error text belongs to. `wsctl explain` uses it.

mod distance;
mod index;
mod subject;
#[cfg(test)]
mod tests;
mod words;

use super::catalogue::{self, PeerMessage, RulePage};
pub use distance::similar_ids;
use index::{Index, Query, RuleTexts, Word};

/// A rule that an error text may belong to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SearchHit {
    /// The rule.
    pub rule: &'static RulePage,
    /// How well it fits; only comparable within one search.
    pub score: f64,
    /// The peer's text that fits, unless the words of the page fit better.
    pub message: Option<PeerMessage>,
}

/// The most rules that a search returns.
const MOST: usize = 8;

/// A rule with less than this part of the best score does not fit.
const WORTH_TELLING: f64 = 0.15;

/// The weights of the words of a page, beside those that peers print (1.0): id and title;
/// cause and fix; id and title in addition to a peer's text.
const IN_NAME: f64 = 0.4;
const IN_ADVICE: f64 = 0.25;
const IN_PASSING: f64 = 0.25;

/// Rules for whose breach peers print the text of another rule, which follows from it.
const CONSEQUENCES: [&RulePage; 14] = [
    &catalogue::ACCEPT_B64_NEWLINE,
    &catalogue::DESYNC,
    &catalogue::HEADER_THROUGH_UTF8,
    &catalogue::HEADER_NAME_CASE,
    &catalogue::HTTP_IN_STREAM,
    &catalogue::LEN7_OVERFLOW,
    &catalogue::LEN_FIELD_WIDTH,
    &catalogue::LEN_IN_CHARS,
    &catalogue::OTHER_PROTOCOL_IN_STREAM,
    &catalogue::PAYLOAD_NOT_XORED,
    &catalogue::PMD_RSV1_NOT_FIRST,
    &catalogue::RAW_TEXT_UNFRAMED,
    &catalogue::RESP_CHUNKED,
    &catalogue::WRITES_INTERLEAVED,
];

/// Texts that a peer prints for many rules, in lower case, and the rules that are broken most
/// often where it prints them. Chrome reports all that its frame parser and its inflater refuse
/// with the first of these: most often the bytes are not frames at all. lua-resty-websocket has
/// one text for all reserved bits.
const COMMONEST: [(&str, &[&RulePage]); 2] = [
    (
        "invalid frame header",
        &[
            &catalogue::HTTP_IN_STREAM,
            &catalogue::RAW_TEXT_UNFRAMED,
            &catalogue::LEN16_NOT_MINIMAL,
            &catalogue::PMD_CONTEXT,
        ],
    ),
    (
        "bad rsv1, rsv2, or rsv3 bits",
        &[&catalogue::RSV23_OR_OPCODE, &catalogue::RSV1_NOT_NEGOTIATED],
    ),
];

/// The rules that fit a text, the best first. Empty if the evidence is weak: a few words in
/// common with some text are not evidence, most of a peer's text or of the query is.
pub fn search(text: &str) -> Vec<SearchHit> {
    search_in(&Index::of_catalogue(), text)
}

/// The same with an index that is there already.
fn search_in(index: &Index, text: &str) -> Vec<SearchHit> {
    if subject::is_of_another_program(text) {
        return Vec::new();
    }
    let query = index.query(text);
    let rated: Vec<Rated> = index
        .rules
        .iter()
        .map(|rule| rate(index, &query, rule))
        .collect();
    if !rated.iter().any(|rated| rated.is_evident) {
        return Vec::new();
    }
    let mut hits: Vec<SearchHit> = rated.into_iter().map(|rated| rated.hit).collect();
    // The sort keeps the order of the catalogue among equals.
    hits.sort_by(|left, right| right.score.total_cmp(&left.score));
    let best = hits.first().map_or(0.0, |hit| hit.score);
    hits.retain(|hit| hit.score > 0.0 && hit.score >= best * WORTH_TELLING);
    put_commonest_first(text, &mut hits);
    hits.truncate(MOST);
    hits
}

/// Puts the [`COMMONEST`] rules of a text first.
fn put_commonest_first(text: &str, hits: &mut [SearchHit]) {
    let text = text.to_ascii_lowercase();
    let Some((_, rules)) = COMMONEST.iter().find(|(words, _)| text.contains(words)) else {
        return;
    };
    let place = |hit: &SearchHit| rules.iter().position(|rule| rule.id == hit.rule.id);
    hits.sort_by_key(|hit| place(hit).unwrap_or(rules.len()));
}

/// A rule, and whether enough of a text is found in it.
struct Rated {
    hit: SearchHit,
    is_evident: bool,
}

/// Rates a rule: by the peer's text that fits best or, where that is better, by the words of
/// the page. Id and title tell rules apart for which a peer prints the same.
fn rate(index: &Index, query: &Query, texts: &RuleTexts) -> Rated {
    let fit = |words: &[Word]| QueryFit::new(index, query, words);
    let messages: Vec<(QueryFit, PeerMessage)> = texts
        .messages
        .iter()
        .map(|(message, words)| (fit(words).of_message(query, texts.rule, *message), *message))
        .collect();
    let best = messages
        .iter()
        .max_by(|left, right| left.0.score.total_cmp(&right.0.score));
    let (in_message, message) =
        best.map_or((0.0, None), |(fit, message)| (fit.score, Some(*message)));
    let own = [&texts.id, &texts.title, &texts.cause, &texts.fix].map(|words| fit(words));
    let [id, title, cause, fix] = &own;
    let in_name = IN_NAME * (id.score + title.score);
    let in_page = in_name + IN_ADVICE * (cause.score + fix.score);
    let score = in_message.max(in_page) + IN_PASSING * in_name;
    Rated {
        hit: SearchHit {
            rule: texts.rule,
            score,
            message: message.filter(|_| in_message >= in_page),
        },
        is_evident: messages
            .iter()
            .any(|(fit, _)| fit.is_evident(query.is_about_websocket))
            || own.iter().any(QueryFit::is_evident_in_page)
            || (score > 0.0 && index.is_one_rare_word(query)),
    }
}

/// How a query fits a text.
struct QueryFit {
    /// What is in both, in the same order; better if adjacent, and better if the text has
    /// not much else.
    score: f64,
    /// The weight of the words in both.
    common: f64,
    /// Which part of the text that is, and which part of the query.
    of_text: f64,
    of_query: f64,
    /// The number of different words of the query that are in the text.
    words: usize,
}

impl QueryFit {
    fn new(index: &Index, query: &Query, text: &[Word]) -> Self {
        let common = common_subsequence(index, query, text);
        if common == 0.0 {
            return Self {
                score: 0.0,
                common,
                of_text: 0.0,
                of_query: 0.0,
                words: 0,
            };
        }
        let of_text = common / index.weight_of_text(text, query).max(1.0);
        Self {
            score: (common + adjacent(index, query, text)) * (0.4 + 0.6 * of_text),
            common,
            of_text,
            of_query: common / index.weight_of_query(query).max(1.0),
            words: query.count_in(text),
        }
    }

    /// The fit of a peer's text. It fits less well where the rule is one of
    /// [`CONSEQUENCES`], or the peer prints it of a variant ("ws, for HTTP/2"): such a text is
    /// more often that of another rule. It fits better where the query names the peer.
    fn of_message(mut self, query: &Query, rule: &RulePage, message: PeerMessage) -> Self {
        const VARIANTS: [&str; 6] = [
            ", for ", ", with ", ", after ", ", where ", ", as ", ", older",
        ];
        let is_variant = VARIANTS.iter().any(|variant| message.0.contains(variant));
        if is_variant || CONSEQUENCES.iter().any(|other| other.id == rule.id) {
            self.score *= 0.85;
        }
        if query.names(message.0) {
            self.score *= 1.25;
        }
        self
    }

    /// Whether a peer's text is found: most of it, most of the query, or much of both. Less
    /// is enough if the query names WebSocket or a library for it.
    fn is_evident(&self, is_about_websocket: bool) -> bool {
        let Self {
            common,
            of_text,
            of_query,
            words,
            ..
        } = *self;
        let most_of_text = of_text >= 0.6 && common >= 8.0 && words >= 3;
        let most_of_query = of_query >= 0.6 && of_text >= 0.3 && common >= 3.5 && words >= 3;
        let half_of_both = of_text >= 0.5 && of_query >= 0.5 && common >= 5.0 && words >= 4;
        let most_of_both = of_text >= 0.6 && of_query >= 0.6 && common >= 4.0 && words >= 2;
        let nearly_the_same = of_text >= 0.9 && of_query >= 0.9 && common >= 1.5 && words >= 2;
        let is_enough = (common >= 3.0 && words >= 2) || (common >= 1.8 && words >= 3);
        let in_context = is_about_websocket && of_text >= 0.6 && is_enough;
        most_of_text
            || most_of_query
            || half_of_both
            || most_of_both
            || nearly_the_same
            || in_context
    }

    /// Whether the words of a page are found: nearly all words of the query.
    const fn is_evident_in_page(&self) -> bool {
        self.of_query >= 0.8 && self.common >= 3.0 && self.words >= 2
    }
}

/// The weight of the heaviest words that are in both texts in the same order.
fn common_subsequence(index: &Index, query: &Query, text: &[Word]) -> f64 {
    let mut heaviest = vec![0.0_f64; text.len() + 1];
    for word in query.words.iter().flatten() {
        if !text.contains(word) {
            continue;
        }
        let weight = index.weight(*word);
        let mut diagonal = 0.0;
        let mut left = 0.0;
        for (other, above) in text.iter().zip(heaviest.iter_mut().skip(1)) {
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

/// The weight of the pairs of adjacent words that are in both.
fn adjacent(index: &Index, query: &Query, text: &[Word]) -> f64 {
    let pairs = text.iter().zip(text.iter().skip(1));
    pairs
        .filter(|(left, right)| query.has_pair(**left, **right))
        .map(|(left, right)| f64::midpoint(index.weight(*left), index.weight(*right)))
        .sum()
}
