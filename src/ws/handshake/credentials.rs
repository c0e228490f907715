//! Credentials in the headers of a head, which must not be logged (RFC 9110 section 11, RFC 6265).
//!
//! Logs print [`Header::redacted`], findings show a line by [`masked_line`], and the client names
//! a URL by [`without_userinfo`].

use std::ops::Range;

use super::headers::Header;

impl Header {
    /// Whether the value is a credential, or has one in a URL, which must not be logged (RFC 9110
    /// section 11, RFC 6265).
    pub fn is_secret(&self) -> bool {
        self.is_credential() || without_userinfo(&self.text()).is_some()
    }

    fn is_credential(&self) -> bool {
        const NAMES: [&str; 6] = [
            "Authorization",
            "Proxy-Authorization",
            "Cookie",
            "Set-Cookie",
            "X-Api-Key",
            "X-Auth-Token",
        ];
        NAMES.iter().any(|name| self.is_named(name))
    }

    /// The value as text, for a log: of a credential only the scheme and the length are
    /// kept, as `Bearer (20 bytes hidden)`, of a URL all but the user name and the password.
    pub fn redacted(&self) -> String {
        let text = self.text();
        if !self.is_credential() {
            return without_userinfo(&text).unwrap_or(text);
        }
        let is_scheme = |word: &&str| {
            self.name.to_ascii_lowercase().ends_with("authorization")
                && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        let scheme = text.split_once(' ').map(|(word, _)| word);
        match scheme.filter(is_scheme) {
            Some(scheme) => {
                let hidden = self.value.len() - scheme.len() - 1;
                format!("{scheme} ({hidden} bytes hidden)")
            }
            None => format!("({} bytes hidden)", self.value.len()),
        }
    }
}

/// A text with a URL, without the user name and the password of that: `http://(hidden)@host/` for
/// `http://user:password@host/`. None if it has none.
pub fn without_userinfo(text: &str) -> Option<String> {
    let Range { start, end } = userinfo(text)?;
    Some([text.get(..start)?, "(hidden)", text.get(end..)?].concat())
}

/// A line of a head with each character of a credential in it replaced by as many `*` as it has
/// bytes, so that positions in the line stay. None if it has none.
pub fn masked_line(line: &str) -> Option<String> {
    let (name, value) = line.split_once(':')?;
    let header = Header::new(name.trim(), value);
    let start = name.len() + 1;
    let hidden = if header.is_credential() {
        start..line.len()
    } else {
        let userinfo = userinfo(value)?;
        start + userinfo.start..start + userinfo.end
    };
    let asterisks = line.get(hidden.clone())?.chars().map(|char| match char {
        ' ' | '\t' => char.to_string(),
        char => "*".repeat(char.len_utf8()),
    });
    let asterisks: String = asterisks.collect();
    Some(
        [
            line.get(..hidden.start)?,
            &asterisks,
            line.get(hidden.end..)?,
        ]
        .concat(),
    )
}

/// Where the user name and the password of a URL are in a text. None if it has none.
fn userinfo(text: &str) -> Option<Range<usize>> {
    let start = text.find("//")? + "//".len();
    let (before, after) = text.split_at_checked(start)?;
    if before.trim_start() != "//" && !before.ends_with("://") {
        return None;
    }
    let end = after.find(['/', '?', '#', ' ']).unwrap_or(after.len());
    let at = after.get(..end)?.rfind('@')?;
    Some(start..start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_in_a_line_is_masked_in_its_place() {
        let masked = |line: &str| masked_line(line).unwrap_or_else(|| "as it is".to_owned());
        assert_eq!(masked("Set-Cookie : a=1; \u{e9}"), "Set-Cookie : **** **");
        assert_eq!(masked("Location: ws://me:x@h/"), "Location: ws://****@h/");
        assert_eq!(masked("Location: //me@h"), "Location: //**@h");
        for line in [
            "Host: a",
            "GET / HTTP/1.1",
            "Location: ws://h/a@b",
            "Cookie",
        ] {
            assert_eq!(masked(line), "as it is", "{line}");
        }
    }

    #[test]
    fn a_password_in_a_url_is_redacted() {
        let shown = |value: &str| Header::new("Location", value).redacted();
        assert_eq!(shown("ws://me:p@ss@h:1/x@y"), "ws://(hidden)@h:1/x@y");
        assert_eq!(shown("//me@h"), "//(hidden)@h");
        for other in ["ws://h/x@y", "/x//y@z", "a@b", "http://h?a@b"] {
            assert_eq!(shown(other), other);
            assert!(!Header::new("Location", other).is_secret());
        }
    }

    #[test]
    fn a_credential_is_redacted() {
        let shown = |name, value| Header::new(name, value).redacted();
        assert_eq!(
            shown("authorization", "Bearer abcdef"),
            "Bearer (6 bytes hidden)"
        );
        assert_eq!(shown("Authorization", "abcdef"), "(6 bytes hidden)");
        assert_eq!(shown("Cookie", "session=1 2"), "(11 bytes hidden)");
        assert_eq!(shown("Origin", "http://a"), "http://a");
    }
}
