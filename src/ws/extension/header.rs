//! The grammar of `Sec-WebSocket-Extensions` (RFC 6455 section 9.1).

use std::fmt;

/// An extension with its parameters: `foo; bar; baz=2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The name, spelled as it was received.
    pub name: String,
    /// The parameters in their order: name, and value without quotes.
    pub parameters: Vec<(String, Option<String>)>,
}

impl Extension {
    /// An extension without parameters.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            parameters: Vec::new(),
        }
    }
}

/// The text of a header. The result of [`parse`] consists of tokens, which need no quotes.
impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        for (name, value) in &self.parameters {
            write!(f, "; {name}")?;
            if let Some(value) = value {
                write!(f, "={value}")?;
            }
        }
        Ok(())
    }
}

/// Parses the value of a `Sec-WebSocket-Extensions` header, or the values of several joined
/// with commas (RFC 6455 section 9.1).
///
/// White space is allowed around each token, and elements of the list may be empty (RFC 2616
/// section 2.1, RFC 9110 section 5.6.1.2). Any name and any parameter is accepted.
///
/// # Errors
///
/// The first [`ExtensionError`]. A list without any extension is an error.
pub fn parse(value: &str) -> Result<Vec<Extension>, ExtensionError> {
    let mut reader = HeaderReader { value, offset: 0 };
    let mut extensions = Vec::new();
    loop {
        while reader.skip(',') {}
        if reader.next().is_none() && !extensions.is_empty() {
            return Ok(extensions);
        }
        extensions.push(reader.extension()?);
    }
}

/// The position at which the value of a header does not match the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtensionError {
    /// The offset of the wrong character in the value, in bytes.
    pub offset: usize,
    /// What the grammar requires there.
    pub expected: ExpectedPart,
    /// The wrong character. None at the end of the value.
    pub found: Option<char>,
}

/// What the grammar requires at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedPart {
    /// The name of an extension.
    Name,
    /// The name of a parameter.
    Parameter,
    /// The value of a parameter.
    Value,
    /// A character of a token: "the value after quoted-string unescaping MUST conform to
    /// the 'token' ABNF".
    QuotedToken,
    /// The end of an extension, or of one of its parameters.
    Separator,
    /// `=`, or the end of a parameter.
    ValueOrSeparator,
}

impl fmt::Display for ExpectedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "the name of an extension",
            Self::Parameter => "the name of a parameter",
            Self::Value => "the value of the parameter",
            Self::QuotedToken => "a character of a token, or the closing quote",
            Self::Separator => "`;`, `,` or the end",
            Self::ValueOrSeparator => "`=`, `;`, `,` or the end",
        })
    }
}

impl fmt::Display for ExtensionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found ", self.expected)?;
        match self.found {
            None => f.write_str("the end"),
            Some(' ' | '\t') => f.write_str("white space"),
            Some(char @ ('"' | '\'' | '\\')) => write!(f, "`{char}`"),
            Some(char) => write!(f, "`{}`", char.escape_debug()),
        }
    }
}

/// A position in the value of a header.
struct HeaderReader<'a> {
    value: &'a str,
    offset: usize,
}

impl<'a> HeaderReader<'a> {
    fn extension(&mut self) -> Result<Extension, ExtensionError> {
        let name = self.token(ExpectedPart::Name)?.to_owned();
        let mut parameters = Vec::new();
        while self.skip(';') {
            parameters.push(self.parameter()?);
        }
        let expected = match parameters.last() {
            Some((_, None)) => ExpectedPart::ValueOrSeparator,
            _ => ExpectedPart::Separator,
        };
        match self.next() {
            None | Some(',') => Ok(Extension { name, parameters }),
            Some(_) => Err(self.error(expected)),
        }
    }

    fn parameter(&mut self) -> Result<(String, Option<String>), ExtensionError> {
        let name = self.token(ExpectedPart::Parameter)?.to_owned();
        if !self.skip('=') {
            return Ok((name, None));
        }
        let value = match self.next() {
            Some('"') => self.quoted()?,
            _ => self.token(ExpectedPart::Value)?.to_owned(),
        };
        Ok((name, Some(value)))
    }

    fn token(&mut self, expected: ExpectedPart) -> Result<&'a str, ExtensionError> {
        self.skip_space();
        let rest = self.rest();
        let end = rest.find(|char| !is_token_char(char)).unwrap_or(rest.len());
        let token = rest.get(..end).unwrap_or_default();
        if token.is_empty() {
            return Err(self.error(expected));
        }
        self.offset += end;
        Ok(token)
    }

    /// Reads a quoted token. A backslash may stand before each character.
    fn quoted(&mut self) -> Result<String, ExtensionError> {
        let mut token = String::new();
        self.offset += 1;
        loop {
            let escaped = self.rest().starts_with('\\');
            self.offset += usize::from(escaped);
            match self.rest().chars().next() {
                Some(char) if is_token_char(char) => token.push(char),
                Some('"') if !escaped && !token.is_empty() => break,
                _ => return Err(self.error(ExpectedPart::QuotedToken)),
            }
            self.offset += 1;
        }
        self.offset += 1;
        Ok(token)
    }

    /// Consumes this character and the white space before it, if it is the next one.
    fn skip(&mut self, char: char) -> bool {
        let is_next = self.next() == Some(char);
        self.offset += usize::from(is_next);
        is_next
    }

    /// The next character after white space.
    fn next(&mut self) -> Option<char> {
        self.skip_space();
        self.rest().chars().next()
    }

    fn skip_space(&mut self) {
        self.offset = self.value.len() - self.rest().trim_start_matches([' ', '\t']).len();
    }

    fn rest(&self) -> &'a str {
        self.value.get(self.offset..).unwrap_or_default()
    }

    fn error(&self, expected: ExpectedPart) -> ExtensionError {
        ExtensionError {
            offset: self.offset,
            expected,
            found: self.rest().chars().next(),
        }
    }
}

/// "token = 1*tchar" (RFC 9110 section 5.6.2).
const fn is_token_char(char: char) -> bool {
    char.is_ascii_alphanumeric()
        || matches!(
            char,
            '!' | '#'
                | '$'
                | '%'
                | '&'
                | '\''
                | '*'
                | '+'
                | '-'
                | '.'
                | '^'
                | '_'
                | '`'
                | '|'
                | '~'
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Checks the extensions of a value, written in our form.
    #[track_caller]
    fn check(value: &str, expected: &[&str]) {
        let extensions = parse(value).unwrap_or_else(|error| panic!("{value}: {error}"));
        let texts: Vec<String> = extensions.iter().map(Extension::to_string).collect();
        assert_eq!(texts, expected, "{value}");
        assert_eq!(parse(&texts.join(", ")), Ok(extensions), "{value}");
    }

    /// Checks the error of a value, and its position, which the caret marks.
    #[track_caller]
    fn check_error(value: &str, caret: &str, expected: &str) {
        let error = parse(value).unwrap_err();
        assert_eq!(error.to_string(), expected, "{value}");
        assert_eq!(error.offset, caret.len() - 1, "{value}");
    }

    #[test]
    fn the_examples_of_rfc_6455_section_9_1_are_parsed() {
        check("foo", &["foo"]);
        check("bar; baz=2", &["bar; baz=2"]);
        check("foo, bar; baz=2", &["foo", "bar; baz=2"]);
        check("deflate-stream", &["deflate-stream"]);
        check(
            "mux; max-channels=4; flow-control, deflate-stream",
            &["mux; max-channels=4; flow-control", "deflate-stream"],
        );
        check("private-extension", &["private-extension"]);
    }

    #[test]
    fn white_space_quotes_and_empty_elements_are_allowed() {
        check(" a\t;b = \"c\" ;d,e ", &["a; b=c; d", "e"]);
        check("a;b=\"1\\0\"", &["a; b=10"]);
        check(", ,a,, b ,", &["a", "b"]);
    }

    #[test]
    fn each_error_has_its_position() {
        check_error("", "^", "expected the name of an extension, found the end");
        check_error(
            ", ,",
            "   ^",
            "expected the name of an extension, found the end",
        );
        check_error(";;", "^", "expected the name of an extension, found `;`");
        check_error(
            "a;",
            "  ^",
            "expected the name of a parameter, found the end",
        );
        check_error(
            "a; ;b",
            "   ^",
            "expected the name of a parameter, found `;`",
        );
        check_error(
            "a; b=",
            "     ^",
            "expected the value of the parameter, found the end",
        );
        check_error(
            "a; b=, c",
            "     ^",
            "expected the value of the parameter, found `,`",
        );
        check_error("a b", "  ^", "expected `;`, `,` or the end, found `b`");
        check_error("a=1", " ^", "expected `;`, `,` or the end, found `=`");
        check_error(
            "a; b=1=2",
            "      ^",
            "expected `;`, `,` or the end, found `=`",
        );
        check_error(
            "a; b c",
            "     ^",
            "expected `=`, `;`, `,` or the end, found `c`",
        );
        check_error(
            "a; b=\"",
            "      ^",
            "expected a character of a token, or the closing quote, found the end",
        );
        check_error(
            "a; b=\"\"",
            "      ^",
            "expected a character of a token, or the closing quote, found `\"`",
        );
        check_error(
            "a; b=\"1 2\"",
            "       ^",
            "expected a character of a token, or the closing quote, found white space",
        );
        check_error(
            "a; b=\"1\\\"\"",
            "        ^",
            "expected a character of a token, or the closing quote, found `\"`",
        );
        check_error(
            "a;\u{1b}[31m",
            "  ^",
            "expected the name of a parameter, found `\\u{1b}`",
        );
        check_error(
            "gzip{é}",
            "    ^",
            "expected `;`, `,` or the end, found `{`",
        );
        check_error("é", "^", "expected the name of an extension, found `é`");
    }

    proptest! {
        #[test]
        fn any_text_has_extensions_or_an_error_inside_it(value in "[a-c;,=\"\\\\ é\t]{0,20}") {
            match parse(&value) {
                Ok(extensions) => {
                    let texts: Vec<String> = extensions.iter().map(Extension::to_string).collect();
                    prop_assert_eq!(parse(&texts.join(", ")), Ok(extensions));
                }
                Err(error) => {
                    prop_assert!(value.is_char_boundary(error.offset));
                    prop_assert_eq!(value[error.offset..].chars().next(), error.found);
                }
            }
        }
    }
}
