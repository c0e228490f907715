//! Splits Rust source into the tokens that the tests of the layers look at.

/// A part of a source file. Comments, numbers' suffixes and white space are not tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// An identifier, a keyword or a number.
    Word(String),
    /// The content of a string literal.
    Text(String),
    /// `::`
    PathSeparator,
    /// Any other character.
    Symbol(char),
}

impl Token {
    pub(super) fn is_symbol(&self, symbol: char) -> bool {
        *self == Self::Symbol(symbol)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(it) if it == word)
    }
}

/// The tokens of a source.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(length) = block_comment(rest) {
            length
        } else if let Some((length, text)) = string(rest) {
            tokens.push(Token::Text(text.to_owned()));
            length
        } else if first == '\'' {
            quote(rest)
        } else if is_word(first) {
            let length = rest.find(|char| !is_word(char)).unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..length].to_owned()));
            length
        } else if rest.starts_with("::") {
            tokens.push(Token::PathSeparator);
            2
        } else {
            if !first.is_whitespace() {
                tokens.push(Token::Symbol(first));
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// The length of the block comment at the start of `source`. Nested comments are not supported.
fn block_comment(source: &str) -> Option<usize> {
    source.strip_prefix("/*")?;
    Some(source.find("*/").map_or(source.len(), |end| end + 2))
}

/// The length and the content of the string literal at the start of `source`.
fn string(source: &str) -> Option<(usize, &str)> {
    let literal = source.trim_start_matches(['b', 'c', 'r']);
    let prefix = &source[..source.len() - literal.len()];
    if prefix.len() > 2 {
        return None;
    }
    let hashes = literal.len() - literal.trim_start_matches('#').len();
    let content = literal[hashes..].strip_prefix('"')?;
    let is_raw = prefix.ends_with('r');
    let (length, quote) = if is_raw {
        let quote = format!("\"{}", "#".repeat(hashes));
        (content.find(&quote)?, quote.len())
    } else if hashes == 0 {
        (end_of_string(content)?, 1)
    } else {
        return None;
    };
    let start = source.len() - content.len();
    Some((start + length + quote, &content[..length]))
}

/// Where the closing quote of a string without `r` is.
fn end_of_string(content: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, byte) in content.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return Some(at),
            _ => {}
        }
    }
    None
}

/// The length of the character literal at the start of `source`, or that of the quote of a
/// lifetime.
fn quote(source: &str) -> usize {
    let content = &source[1..];
    let char = content.chars().next().map_or(0, char::len_utf8);
    if content.starts_with('\\') {
        // `'\''` and `'\u{1f}'`
        return content[2..].find('\'').map_or(1, |end| 1 + 2 + end + 1);
    }
    if content[char..].starts_with('\'') {
        1 + char + 1
    } else {
        1
    }
}
