//! The grammar of `Sec-WebSocket-Extensions` (RFC 6455 §9.1).

use std::fmt;

/// One extension with its parameters, as a header names them: `foo; bar; baz=2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The name in the case it came in.
    pub name: String,
    /// The parameters in their order, values without quotes.
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

/// As a header says it. Whatever [`parse`] gives consists of tokens, and needs no quotes.
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

/// Reads the value of a `Sec-WebSocket-Extensions` header; of several such headers, their
/// values joined with commas (RFC 6455 §9.1).
///
/// White space may stand around each token, and list elements may be empty, as `1#` allows
/// (RFC 2616 §2.1, RFC 9110 §5.6.1.2). Whether a name or a parameter is known is not asked.
///
/// # Errors
///
/// The first [`ExtensionError`]; a list without any extension is one too.
pub fn parse(value: &str) -> Result<Vec<Extension>, ExtensionError> {
    let mut reader = Reader { value, offset: 0 };
    let mut extensions = Vec::new();
    loop {
        while reader.skip(',') {}
        if reader.next().is_none() && !extensions.is_empty() {
            return Ok(extensions);
        }
        extensions.push(reader.extension()?);
    }
}

/// Where the value of a header leaves the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtensionError {
    /// Where in the value the wrong character stands, in bytes.
    pub offset: usize,
    /// What should stand there.
    pub expected: Expected,
    /// What does; None at the end of the value.
    pub found: Option<char>,
}

/// What should stand somewhere in the value of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
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

impl fmt::Display for Expected {
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

/// A place in the value of a header.
struct Reader<'a> {
    value: &'a str,
    offset: usize,
}

impl<'a> Reader<'a> {
    fn extension(&mut self) -> Result<Extension, ExtensionError> {
        let name = self.token(Expected::Name)?.to_owned();
        let mut parameters = Vec::new();
        while self.skip(';') {
            parameters.push(self.parameter()?);
        }
        let expected = match parameters.last() {
            Some((_, None)) => Expected::ValueOrSeparator,
            _ => Expected::Separator,
        };
        match self.next() {
            None | Some(',') => Ok(Extension { name, parameters }),
            Some(_) => Err(self.fault(expected)),
        }
    }

    fn parameter(&mut self) -> Result<(String, Option<String>), ExtensionError> {
        let name = self.token(Expected::Parameter)?.to_owned();
        if !self.skip('=') {
            return Ok((name, None));
        }
        let value = match self.next() {
            Some('"') => self.quoted()?,
            _ => self.token(Expected::Value)?.to_owned(),
        };
        Ok((name, Some(value)))
    }

    fn token(&mut self, expected: Expected) -> Result<&'a str, ExtensionError> {
        self.skip_space();
        let rest = self.rest();
        let end = rest.find(|char| !is_token_char(char)).unwrap_or(rest.len());
        let token = rest.get(..end).unwrap_or_default();
        if token.is_empty() {
            return Err(self.fault(expected));
        }
        self.offset += end;
        Ok(token)
    }

    /// A token in quotes, perhaps with backslashes in it.
    fn quoted(&mut self) -> Result<String, ExtensionError> {
        let mut token = String::new();
        self.offset += 1;
        loop {
            let escaped = self.rest().starts_with('\\');
            self.offset += usize::from(escaped);
            match self.rest().chars().next() {
                Some(char) if is_token_char(char) => token.push(char),
                Some('"') if !escaped && !token.is_empty() => break,
                _ => return Err(self.fault(Expected::QuotedToken)),
            }
            self.offset += 1;
        }
        self.offset += 1;
        Ok(token)
    }

    /// Takes this character, and the white space before it, if it is the next one.
    fn skip(&mut self, char: char) -> bool {
        let is_next = self.next() == Some(char);
        self.offset += usize::from(is_next);
        is_next
    }

    /// The next character that is no white space.
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

    fn fault(&self, expected: Expected) -> ExtensionError {
        ExtensionError {
            offset: self.offset,
            expected,
            found: self.rest().chars().next(),
        }
    }
}

/// "token = 1*tchar" (RFC 9110 §5.6.2).
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

    /// Checks what a value says, in the form of ours.
    #[track_caller]
    fn check(value: &str, expected: &[&str]) {
        let extensions = parse(value).unwrap_or_else(|fault| panic!("{value}: {fault}"));
        let texts: Vec<String> = extensions.iter().map(Extension::to_string).collect();
        assert_eq!(texts, expected, "{value}");
        assert_eq!(parse(&texts.join(", ")), Ok(extensions), "{value}");
    }

    /// Checks the fault of a value, and that the caret stands under it.
    #[track_caller]
    fn check_fault(value: &str, caret: &str, expected: &str) {
        let fault = parse(value).unwrap_err();
        assert_eq!(fault.to_string(), expected, "{value}");
        assert_eq!(fault.offset, caret.len() - 1, "{value}");
    }

    #[test]
    fn the_examples_of_rfc_6455_section_9_1() {
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
    fn white_space_quotes_and_empty_elements() {
        check(" a\t;b = \"c\" ;d,e ", &["a; b=c; d", "e"]);
        check("a;b=\"1\\0\"", &["a; b=10"]);
        check(", ,a,, b ,", &["a", "b"]);
    }

    #[test]
    fn what_is_outside_the_grammar_has_a_place() {
        check_fault("", "^", "expected the name of an extension, found the end");
        check_fault(
            ", ,",
            "   ^",
            "expected the name of an extension, found the end",
        );
        check_fault(";;", "^", "expected the name of an extension, found `;`");
        check_fault(
            "a;",
            "  ^",
            "expected the name of a parameter, found the end",
        );
        check_fault(
            "a; ;b",
            "   ^",
            "expected the name of a parameter, found `;`",
        );
        check_fault(
            "a; b=",
            "     ^",
            "expected the value of the parameter, found the end",
        );
        check_fault(
            "a; b=, c",
            "     ^",
            "expected the value of the parameter, found `,`",
        );
        check_fault("a b", "  ^", "expected `;`, `,` or the end, found `b`");
        check_fault("a=1", " ^", "expected `;`, `,` or the end, found `=`");
        check_fault(
            "a; b=1=2",
            "      ^",
            "expected `;`, `,` or the end, found `=`",
        );
        check_fault(
            "a; b c",
            "     ^",
            "expected `=`, `;`, `,` or the end, found `c`",
        );
        check_fault(
            "a; b=\"",
            "      ^",
            "expected a character of a token, or the closing quote, found the end",
        );
        check_fault(
            "a; b=\"\"",
            "      ^",
            "expected a character of a token, or the closing quote, found `\"`",
        );
        check_fault(
            "a; b=\"1 2\"",
            "       ^",
            "expected a character of a token, or the closing quote, found white space",
        );
        check_fault(
            "a; b=\"1\\\"\"",
            "        ^",
            "expected a character of a token, or the closing quote, found `\"`",
        );
        check_fault(
            "a;\u{1b}[31m",
            "  ^",
            "expected the name of a parameter, found `\\u{1b}`",
        );
        check_fault(
            "gzip{é}",
            "    ^",
            "expected `;`, `,` or the end, found `{`",
        );
        check_fault("é", "^", "expected the name of an extension, found `é`");
    }

    proptest! {
        #[test]
        fn any_text_has_a_reading_or_a_fault_within_it(value in "[a-c;,=\"\\\\ é\t]{0,20}") {
            match parse(&value) {
                Ok(extensions) => {
                    let texts: Vec<String> = extensions.iter().map(Extension::to_string).collect();
                    prop_assert_eq!(parse(&texts.join(", ")), Ok(extensions));
                }
                Err(fault) => {
                    prop_assert!(value.is_char_boundary(fault.offset));
                    prop_assert_eq!(value[fault.offset..].chars().next(), fault.found);
                }
            }
        }
    }
}
