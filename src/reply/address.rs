//! Names: of a connection, by its path, and of the recipient of a message.

use std::fmt;

use serde_json::Value;

/// The path of a request target, without a query, and without a scheme and a host.
pub fn path_in(target: &str) -> &str {
    let path = match target.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .map_or("/", |at| rest.get(at..).unwrap_or("/")),
        None => target,
    };
    path.split(['?', '#']).next().unwrap_or(path)
}

/// The name of a connection: the last segment of its path that is not empty, `alice` for
/// `/ws/alice` and `/ws/alice/`, percent-decoded if the result is UTF-8.
pub fn name_in(path: &str) -> Option<String> {
    let segment = path.rsplit('/').find(|segment| !segment.is_empty())?;
    Some(String::from_utf8(percent_decoded(segment)).unwrap_or_else(|_| segment.to_owned()))
}

/// Why a message has no recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipientError {
    /// It is not a JSON object.
    NotAnObject,
    /// It has none of these fields with a name.
    NoField(Vec<String>),
}

impl fmt::Display for RecipientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject => f.write_str("the message is not a JSON object"),
            Self::NoField(fields) => {
                write!(f, "the message has no name in `{}`", fields.join("` or `"))
            }
        }
    }
}

/// The recipient of a message: the value of the first of these fields that has one. A number
/// is a name too, that of a connection on the path `/`.
///
/// # Errors
///
/// [`RecipientError`] if the message names none.
pub fn recipient(message: &[u8], fields: &[String]) -> Result<String, RecipientError> {
    let Ok(Value::Object(message)) = serde_json::from_slice(message) else {
        return Err(RecipientError::NotAnObject);
    };
    let mut values = fields.iter().filter_map(|field| message.get(field));
    values
        .find_map(|value| match value {
            Value::String(name) => Some(name.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .ok_or_else(|| RecipientError::NoField(fields.to_vec()))
}

/// Percent-decodes a text. A `%` without two digits after it is kept.
fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = (first == b'%').then(|| after.split_first_chunk()).flatten();
        if let Some((byte, after)) =
            escaped.and_then(|(digits, after)| hex_byte(*digits).map(|byte| (byte, after)))
        {
            bytes.push(byte);
            rest = after;
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    bytes
}

fn hex_byte(digits: [u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? << 4 | low?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_last_segment_of_the_path() {
        let name = |target| name_in(path_in(target));
        for (target, expected) in [
            ("/ws/alice", "alice"),
            ("/ws/alice/", "alice"),
            ("/ws/alice?room=1/2", "alice"),
            ("/%E5%BC%A0%20%e4%b8%89", "张 三"),
            ("/100%", "100%"),
            ("/%ff", "%ff"),
            ("/a%2Fb", "a/b"),
            ("http://localhost:9527/ws/bob", "bob"),
        ] {
            assert_eq!(name(target).as_deref(), Some(expected), "{target}");
        }
        for target in ["/", "//", "/?name=alice", "http://localhost", "*?"] {
            assert!(name(target).is_none_or(|name| name == "*"), "{target}");
        }
    }

    #[test]
    fn a_field_of_a_message_names_the_recipient() {
        let fields = ["to_user".to_owned(), "to".to_owned()];
        let found = |message: &str| recipient(message.as_bytes(), &fields);
        assert_eq!(found(r#"{"to":"a","to_user":"bob"}"#), Ok("bob".to_owned()));
        assert_eq!(found(r#"{"to_user":null,"to":7}"#), Ok("7".to_owned()));
        assert_eq!(found("hello"), Err(RecipientError::NotAnObject));
        assert_eq!(found("[1]"), Err(RecipientError::NotAnObject));
        assert_eq!(
            found(r#"{"for":"bob"}"#).unwrap_err().to_string(),
            "the message has no name in `to_user` or `to`"
        );
    }
}
