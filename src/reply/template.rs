//! Answers with gaps, which each message fills.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use jiff::Timestamp;

/// A text in which `{text}`, `{name}`, `{id}`, `{path}`, `{count}` and `{time}` stand for
/// what is known of a message; with `|json` behind the word, as a JSON string or number.
/// All other braces stand for themselves, as JSON has many of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

/// What fills the gaps.
#[derive(Clone, Copy, Debug)]
pub struct TemplateValues<'a> {
    /// What the message says.
    pub text: &'a str,
    /// What its connection is called.
    pub name: &'a str,
    /// The connection's number.
    pub id: u64,
    /// The path it asked for.
    pub path: &'a str,
    /// The number of the message on its connection, from 1.
    pub count: u64,
    /// When it came.
    pub moment: SystemTime,
}

/// A template that asks for what there is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The gap, as it was written.
    gap: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Gap(Gap),
    /// The same as JSON.
    Json(Gap),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    Text,
    Name,
    Id,
    Path,
    Count,
    Time,
}

const GAPS: [(&str, Gap); 6] = [
    ("text", Gap::Text),
    ("name", Gap::Name),
    ("id", Gap::Id),
    ("path", Gap::Path),
    ("count", Gap::Count),
    ("time", Gap::Time),
];

impl Template {
    /// The answer to a message.
    pub fn fill(&self, facts: &TemplateValues<'_>) -> String {
        let mut out = String::with_capacity(facts.text.len());
        for part in &self.parts {
            match part {
                Part::Literal(text) => out.push_str(text),
                Part::Gap(gap) => gap.push(&mut out, facts, str::to_owned),
                Part::Json(gap) => gap.push(&mut out, facts, quoted),
            }
        }
        out
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let (mut rest, mut literal) = (text, String::new());
        while let Some((before, behind)) = rest.split_once('{') {
            literal.push_str(before);
            if let Some((part, behind)) = part_at(behind)? {
                parts.extend([Part::Literal(std::mem::take(&mut literal)), part]);
                rest = behind;
            } else {
                literal.push('{');
                rest = behind;
            }
        }
        literal.push_str(rest);
        parts.push(Part::Literal(literal));
        parts.retain(|part| !matches!(part, Part::Literal(text) if text.is_empty()));
        Ok(Self { parts })
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not known, only `|json` can stand there",
            self.gap
        )
    }
}

impl std::error::Error for TemplateError {}

impl Gap {
    /// Appends what is known: a text through `written`, a number as it is.
    fn push(self, out: &mut String, facts: &TemplateValues<'_>, written: impl Fn(&str) -> String) {
        match self {
            Self::Text => out.push_str(&written(facts.text)),
            Self::Name => out.push_str(&written(facts.name)),
            Self::Path => out.push_str(&written(facts.path)),
            Self::Id => out.push_str(&facts.id.to_string()),
            Self::Count => out.push_str(&facts.count.to_string()),
            Self::Time => {
                let moment = Timestamp::try_from(facts.moment).unwrap_or_default();
                out.push_str(&written(&format!("{moment:.3}")));
            }
        }
    }
}

/// The gap behind an opening brace, if it is one, and what follows. A word of ours with a
/// `|` can be meant in no other way, so what stands behind that must be known.
fn part_at(behind: &str) -> Result<Option<(Part, &str)>, TemplateError> {
    let Some((word, rest)) = behind.split_once('}') else {
        return Ok(None);
    };
    let (name, form) = word
        .split_once('|')
        .map_or((word, None), |(name, form)| (name, Some(form)));
    let Some((_, gap)) = GAPS.iter().find(|(known, _)| *known == name) else {
        return Ok(None);
    };
    match form {
        None => Ok(Some((Part::Gap(*gap), rest))),
        Some("json") => Ok(Some((Part::Json(*gap), rest))),
        Some(_) => Err(TemplateError {
            gap: format!("{{{word}}}"),
        }),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    fn fill(template: &str, text: &str) -> String {
        let facts = TemplateValues {
            text,
            name: "alice",
            id: 7,
            path: "/ws/alice",
            count: 3,
            moment: UNIX_EPOCH + Duration::from_millis(1_795_255_332_003),
        };
        template.parse::<Template>().unwrap().fill(&facts)
    }

    #[test]
    fn gaps_are_filled() {
        assert_eq!(fill("接收数据: {text}", "你好"), "接收数据: 你好");
        assert_eq!(
            fill("{name} {id} {path} {count} {time}", ""),
            "alice 7 /ws/alice 3 2026-11-21T10:02:12.003Z"
        );
        assert_eq!(
            fill("[{name|json},{id|json},{time|json}]", ""),
            r#"["alice",7,"2026-11-21T10:02:12.003Z"]"#
        );
    }

    #[test]
    fn what_a_message_says_is_quoted_for_json_and_never_filled_again() {
        let template = r#"{"sender":{name|json},"msg":{text|json}}"#;
        assert_eq!(
            fill(template, "a \"b\"\n{name}"),
            r#"{"sender":"alice","msg":"a \"b\"\n{name}"}"#
        );
    }

    #[test]
    fn other_braces_stand_for_themselves() {
        for text in [
            "", "{}", "{", "}", "{{x}}", "{ text }", "{texts}", "{te{xt}", "{Text}",
        ] {
            assert_eq!(fill(text, "!"), text);
        }
        assert_eq!(fill("{{text}}", "!"), "{!}");
        assert_eq!(fill(r#"{"a":{"b":{text}}}"#, "1"), r#"{"a":{"b":1}}"#);
    }

    #[test]
    fn a_form_that_there_is_not_is_an_error() {
        let error = "a {text|xml}".parse::<Template>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`{text|xml}` is not known, only `|json` can stand there"
        );
        assert_eq!(fill("{a|b}", ""), "{a|b}");
    }
}
