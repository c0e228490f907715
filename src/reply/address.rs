//! Names: the one a connection has by its path, and the one a message asks for.

use std::fmt;

use serde_json::Value;

/// The path of a request target: no query, and no scheme and host in front of it.
pub fn path_in(target: &str) -> &str {
    let path = match target.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .map_or("/", |at| rest.get(at..).unwrap_or("/")),
        None => target,
    };
    path.split(['?', '#']).next().unwrap_or(path)
}

/// The name in a path: its last segment that is not empty, `alice` of `/ws/alice` and of
/// `/ws/alice/`, percent-decoded where that gives a text.
pub fn name_in(path: &str) -> Option<String> {
    let segment = path.rsplit('/').find(|segment| !segment.is_empty())?;
    Some(String::from_utf8(percent_decoded(segment)).unwrap_or_else(|_| segment.to_owned()))
}

/// Why a message names nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipientError {
    /// It is not a JSON object.
    NotAnObject,
    /// It has none of these fields, or no name in them.
    NoField(Vec<String>),
}

impl fmt::Display for RecipientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject => f.write_str("the message is not a JSON object"),
            Self::NoField(fields) => {
                write!(f, "the message names nobody in `{}`", fields.join("` or `"))
            }
        }
    }
}

/// Whom a message is for: the first of these fields that it has. A number is a name too,
/// since connections without one go by their numbers.
///
/// # Errors
///
/// [`RecipientError`] if it does not say.
pub fn addressee(message: &[u8], fields: &[String]) -> Result<String, RecipientError> {
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

/// The bytes that a text stands for; a `%` that no two digits follow is itself.
fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let escaped = (first == b'%')
            .then(|| behind.split_first_chunk())
            .flatten();
        if let Some((byte, behind)) =
            escaped.and_then(|(digits, behind)| hex_octet(*digits).map(|byte| (byte, behind)))
        {
            bytes.push(byte);
            rest = behind;
        } else {
            bytes.push(first);
            rest = behind;
        }
    }
    bytes
}

fn hex_octet(digits: [u8; 2]) -> Option<u8> {
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
    fn a_message_names_its_addressee() {
        let fields = ["to_user".to_owned(), "to".to_owned()];
        let found = |message: &str| addressee(message.as_bytes(), &fields);
        assert_eq!(found(r#"{"to":"a","to_user":"bob"}"#), Ok("bob".to_owned()));
        assert_eq!(found(r#"{"to_user":null,"to":7}"#), Ok("7".to_owned()));
        assert_eq!(found("hello"), Err(RecipientError::NotAnObject));
        assert_eq!(found("[1]"), Err(RecipientError::NotAnObject));
        assert_eq!(
            found(r#"{"for":"bob"}"#).unwrap_err().to_string(),
            "the message names nobody in `to_user` or `to`"
        );
    }
}
