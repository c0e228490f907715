//! Pages for what a number or a name means: close codes, opcodes, header fields, sections.
//! `wsctl explain` prints them.

mod close_codes;
mod headers;
mod opcodes;
mod sections;

use super::RulePage;

/// A page about a close code, an opcode, a header field or a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicPage {
    /// What the page is about: `close code 1006`, `RFC 6455 section 5.2`.
    pub subject: String,
    /// Its name or title: `abnormal closure`.
    pub title: String,
    /// Labels of at most six characters, and sentences.
    pub fields: Vec<(&'static str, String)>,
    /// The rules about it.
    pub rules: Vec<&'static RulePage>,
    /// Arguments for wsctl that show it.
    pub example: Option<String>,
}

/// The page that a query asks for, if it is one of these: `1006`, `close code 1006`,
/// `opcode 9`, `ping`, `Sec-WebSocket-Key`, `5.2`, `RFC 7692 section 7.2.1`.
pub fn topic(query: &str) -> Option<TopicPage> {
    let query = query.trim().trim_end_matches([':', '.']).to_lowercase();
    close_codes::page(&query)
        .or_else(|| opcodes::page(&query))
        .or_else(|| headers::page(&query))
        .or_else(|| sections::page(&query))
}

/// What to say to a query that names a section of an RFC without a page: `RFC 6455 99`.
pub fn missing_section(query: &str) -> Option<String> {
    sections::missing(&query.trim().trim_end_matches([':', '.']).to_lowercase())
}

/// The page of the close code that a text names: `disconnected with code 1001`.
pub fn close_code_in(text: &str) -> Option<TopicPage> {
    const BEFORE: [&str; 8] = [
        "close",
        "closed",
        "closing",
        "code",
        "disconnected",
        "onclose",
        "received",
        "sent",
    ];
    /// Names that texts use in place of the number, without blanks or with them.
    const NAMES: [(&str, &str); 8] = [
        ("abnormal closure", "1006"),
        ("going away", "1001"),
        ("statusgoingaway", "1001"),
        ("normal closure", "1000"),
        ("statusnormalclosure", "1000"),
        ("policy violation", "1008"),
        ("statuspolicyviolation", "1008"),
        ("service restart", "1012"),
    ];
    let lower = text.to_lowercase();
    let words = lower.split(|char: char| !char.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let named = words.iter().enumerate().find(|(at, word)| {
        let is_code = matches!(word.parse(), Ok(1000..=1015 | 3000..=4999_u16));
        let mut before = words.iter().take(*at).rev().take(3);
        is_code && word.len() == 4 && before.any(|word| BEFORE.contains(word))
    });
    let by_name = || {
        let (_, code) = NAMES.iter().find(|(name, _)| lower.contains(name))?;
        Some(*code)
    };
    close_codes::page(named.map(|(_, code)| *code).or_else(by_name)?)
}

/// What follows one of these words, which may be repeated: `1006` of `close code 1006`.
fn after_words<'a>(query: &'a str, leading: &[&str]) -> &'a str {
    let mut rest = query;
    loop {
        let next = leading
            .iter()
            .find_map(|word| rest.strip_prefix(word))
            .filter(|next| next.starts_with([' ', ':', '=', '#']));
        match next {
            Some(next) => rest = next.trim_start_matches([' ', ':', '=', '#']),
            None => return rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_line(query: &str) -> String {
        topic(query).map_or_else(String::new, |page| {
            format!("{}: {}", page.subject, page.title)
        })
    }

    #[test]
    fn numbers_and_names_have_pages() {
        let pages = [
            ("1006", "close code 1006: abnormal closure"),
            ("close code 1006", "close code 1006: abnormal closure"),
            ("Code: 1000", "close code 1000: normal closure"),
            ("4001", "close code 4001: private use"),
            ("4xxx", "close code 4000 to 4999: private use"),
            (
                "3000-3999",
                "close code 3000 to 3999: for libraries and frameworks",
            ),
            (
                "close codes 4000–4999",
                "close code 4000 to 4999: private use",
            ),
            (
                "2999",
                "close code 2999: reserved for extensions of the protocol",
            ),
            ("3500", "close code 3500: for libraries and frameworks"),
            ("close code 999", "close code 999: not a close code"),
            ("opcode 9", "opcode 9: ping"),
            ("0x9", "opcode 9: ping"),
            ("opcode 3", "opcode 3: reserved for data frames"),
            ("opcode a", "opcode 10: pong"),
            ("opcode 0xb", "opcode 11: reserved for control frames"),
            ("ping", "opcode 9: ping"),
            (
                "sec-websocket-key",
                "header Sec-WebSocket-Key: a random value for this handshake",
            ),
            (
                "Upgrade: websocket",
                "header Upgrade: the protocol to change to",
            ),
            ("RFC 7692", "RFC 7692: Compression Extensions for WebSocket"),
            ("rfc6455", "RFC 6455: The WebSocket Protocol"),
            ("5.2", "RFC 6455 section 5.2: Base Framing Protocol"),
            ("RFC 6455 section 5.5.1", "RFC 6455 section 5.5.1: Close"),
            ("section 5.5.1 of RFC 6455", "RFC 6455 section 5.5.1: Close"),
            ("RFC 7692 7.2.1", "RFC 7692 section 7.2.1: Compression"),
            ("7692 §7.2.1", "RFC 7692 section 7.2.1: Compression"),
        ];
        for (query, expected) in pages {
            assert_eq!(first_line(query), expected, "{query}");
        }
    }

    #[test]
    fn texts_and_unknown_numbers_have_none() {
        for query in [
            "",
            "404",
            "close 1006 (abnormal closure): unexpected EOF",
            "opcode",
            "opcode 16",
            "opcode x",
            "99999",
            "9.9.9",
            "RFC 6455 section 99",
            "section",
            "1.2.3.4",
            "5.",
            "socket closed with 1006",
            "1e3",
            "RFC 1 section 2",
            "-1",
            "٣",
        ] {
            assert_eq!(topic(query).map(|page| page.subject), None, "{query}");
        }
    }

    #[test]
    fn a_section_without_a_page_is_named() {
        let sections = [
            (
                "99.1",
                "section 99.1 of RFC 6455; `wsctl explain RFC 6455` lists the sections",
            ),
            (
                "RFC 6455 section 99",
                "section 99 of RFC 6455; `wsctl explain RFC 6455` lists the sections",
            ),
            (
                "RFC 7692 7.9:",
                "section 7.9 of RFC 7692; `wsctl explain RFC 7692` lists the sections",
            ),
            ("RFC 1 section 2", ""),
            (
                "rfc 1234 5.6",
                "section 5.6 of RFC 1234; `wsctl explain` lists all rules",
            ),
        ];
        for (query, expected) in sections {
            let expected =
                (!expected.is_empty()).then(|| format!("there is no page for {expected}"));
            assert_eq!(missing_section(query), expected, "{query}");
        }
        for query in [
            "10.0.0.1",
            "8080 10",
            "404",
            "section",
            "invalid opcode 5.2",
            "-1",
        ] {
            assert_eq!(missing_section(query), None, "{query}");
        }
    }

    #[test]
    fn a_close_code_in_a_text_is_found() {
        let code = |text| close_code_in(text).map(|page| page.subject);
        let found = Some("close code 1001".to_owned());
        assert_eq!(code("Client disconnected, code: 1001"), found);
        assert_eq!(code("received 1001 (going away)"), found);
        assert_eq!(code("status = StatusGoingAway and reason ="), found);
        assert_eq!(code("abnormal closure"), Some("close code 1006".to_owned()));
        assert_eq!(code("it took 1001 ms"), None);
        assert_eq!(code("closed after 99 s"), None);
        assert_eq!(code("closed port 8080"), None);
    }

    #[test]
    fn each_close_code_has_one_page() {
        for code in 0..=u16::MAX {
            let page = topic(&format!("close code {code}")).unwrap();
            assert_eq!(page.subject, format!("close code {code}"));
        }
    }

    #[test]
    fn pages_are_complete() {
        let codes = (1000..=1015)
            .chain([3000, 3999, 4000])
            .map(|code| code.to_string());
        let opcodes = (0..16).map(|opcode| format!("opcode {opcode}"));
        let headers = headers::NAMES.iter().map(|name| (*name).to_owned());
        for query in codes.chain(opcodes).chain(headers) {
            let page = topic(&query).unwrap();
            assert!(!page.title.is_empty() && !page.fields.is_empty(), "{query}");
            for (label, text) in &page.fields {
                assert!(label.len() <= 6, "{query}: {label}");
                assert!(!text.is_empty() && !text.ends_with('.'), "{query}: {text}");
            }
        }
    }

    #[test]
    fn each_section_of_a_rule_has_a_page_that_lists_it() {
        for rule in super::super::all() {
            for (rfc, section) in sections::of_rule(rule) {
                let query = format!("RFC {rfc} section {section}");
                let page = topic(&query).unwrap_or_else(|| panic!("{}: {query}", rule.id));
                assert!(page.rules.contains(&rule), "{query}: {}", rule.id);
            }
        }
    }
}
