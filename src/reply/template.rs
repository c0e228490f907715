//! Templates of replies, whose placeholders are replaced for each message.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use jiff::Timestamp;

/// A text with the placeholders `{text}`, `{name}`, `{id}`, `{path}`, `{count}` and `{time}`.
/// With `|json` after the word, as in `{text|json}`, the value is a JSON string or number.
/// Other braces are kept, since JSON has many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    segments: Vec<TemplatePart>,
}

/// The values of the placeholders.
#[derive(Clone, Copy, Debug)]
pub struct TemplateValues<'a> {
    /// The payload of the message, as text.
    pub text: &'a str,
    /// The name of its connection.
    pub name: &'a str,
    /// The number of the connection.
    pub id: u64,
    /// The path of its request.
    pub path: &'a str,
    /// The number of the message on its connection, from 1.
    pub count: u64,
    /// When the message was received.
    pub moment: SystemTime,
}

/// A placeholder with an unknown form after `|`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The placeholder, as it was written.
    placeholder: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum TemplatePart {
    Literal(String),
    Placeholder(Placeholder),
    /// The same as JSON.
    Json(Placeholder),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Placeholder {
    Text,
    Name,
    Id,
    Path,
    Count,
    Time,
}

const PLACEHOLDERS: [(&str, Placeholder); 6] = [
    ("text", Placeholder::Text),
    ("name", Placeholder::Name),
    ("id", Placeholder::Id),
    ("path", Placeholder::Path),
    ("count", Placeholder::Count),
    ("time", Placeholder::Time),
];

impl Template {
    /// The reply to a message.
    pub fn fill(&self, values: &TemplateValues<'_>) -> String {
        let mut out = String::with_capacity(values.text.len());
        for segment in &self.segments {
            match segment {
                TemplatePart::Literal(text) => out.push_str(text),
                TemplatePart::Placeholder(placeholder) => {
                    placeholder.push(&mut out, values, str::to_owned);
                }
                TemplatePart::Json(placeholder) => placeholder.push(&mut out, values, quoted),
            }
        }
        out
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let mut segments = Vec::new();
        let (mut rest, mut literal) = (text, String::new());
        while let Some((before, after)) = rest.split_once('{') {
            literal.push_str(before);
            if let Some((segment, after)) = parse_placeholder(after)? {
                segments.extend([TemplatePart::Literal(std::mem::take(&mut literal)), segment]);
                rest = after;
            } else {
                literal.push('{');
                rest = after;
            }
        }
        literal.push_str(rest);
        segments.push(TemplatePart::Literal(literal));
        segments
            .retain(|segment| !matches!(segment, TemplatePart::Literal(text) if text.is_empty()));
        Ok(Self { segments })
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not known, only `|json` is", self.placeholder)
    }
}

impl std::error::Error for TemplateError {}

impl Placeholder {
    /// Appends the value: a text through `written`, a number unchanged.
    fn push(self, out: &mut String, values: &TemplateValues<'_>, written: impl Fn(&str) -> String) {
        match self {
            Self::Text => out.push_str(&written(values.text)),
            Self::Name => out.push_str(&written(values.name)),
            Self::Path => out.push_str(&written(values.path)),
            Self::Id => out.push_str(&values.id.to_string()),
            Self::Count => out.push_str(&values.count.to_string()),
            Self::Time => {
                let moment = Timestamp::try_from(values.moment).unwrap_or_default();
                out.push_str(&written(&format!("{moment:.3}")));
            }
        }
    }
}

/// Parses a placeholder after an opening brace. Returns it and the text after it, or None if it
/// is none. A known word with a `|` can only be a placeholder, so an unknown form is an error.
fn parse_placeholder(after: &str) -> Result<Option<(TemplatePart, &str)>, TemplateError> {
    let Some((word, rest)) = after.split_once('}') else {
        return Ok(None);
    };
    let (name, form) = word
        .split_once('|')
        .map_or((word, None), |(name, form)| (name, Some(form)));
    let Some((_, placeholder)) = PLACEHOLDERS.iter().find(|(known, _)| *known == name) else {
        return Ok(None);
    };
    match form {
        None => Ok(Some((TemplatePart::Placeholder(*placeholder), rest))),
        Some("json") => Ok(Some((TemplatePart::Json(*placeholder), rest))),
        Some(_) => Err(TemplateError {
            placeholder: format!("{{{word}}}"),
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
        let values = TemplateValues {
            text,
            name: "alice",
            id: 7,
            path: "/ws/alice",
            count: 3,
            moment: UNIX_EPOCH + Duration::from_millis(1_795_255_332_003),
        };
        template.parse::<Template>().unwrap().fill(&values)
    }

    #[test]
    fn placeholders_are_replaced() {
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
    fn the_text_is_quoted_for_json_and_is_no_template() {
        let template = r#"{"sender":{name|json},"msg":{text|json}}"#;
        assert_eq!(
            fill(template, "a \"b\"\n{name}"),
            r#"{"sender":"alice","msg":"a \"b\"\n{name}"}"#
        );
    }

    #[test]
    fn other_braces_are_kept() {
        for text in [
            "", "{}", "{", "}", "{{x}}", "{ text }", "{texts}", "{te{xt}", "{Text}",
        ] {
            assert_eq!(fill(text, "!"), text);
        }
        assert_eq!(fill("{{text}}", "!"), "{!}");
        assert_eq!(fill(r#"{"a":{"b":{text}}}"#, "1"), r#"{"a":{"b":1}}"#);
    }

    #[test]
    fn an_unknown_form_is_an_error() {
        let error = "a {text|xml}".parse::<Template>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`{text|xml}` is not known, only `|json` is"
        );
        assert_eq!(fill("{a|b}", ""), "{a|b}");
    }
}
