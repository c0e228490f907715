//! What a source file declares, imports and names, tests left out.

use std::collections::{BTreeMap, BTreeSet};

use super::tokens::{Token, tokens};

/// A path as it stands in the source: `["crate", "net", "Server"]`.
pub(super) type Path = Vec<String>;

/// A source file without its tests.
#[derive(Debug, Default)]
pub(super) struct Source {
    /// `mod name;`, with the value of its `#[path]`.
    pub(super) submodules: Vec<(String, Option<String>)>,
    /// The submodules that only tests use.
    pub(super) test_submodules: BTreeSet<String>,
    /// Functions, types, constants and macros outside all blocks.
    pub(super) items: BTreeSet<String>,
    /// The names that `use` declares, with their paths.
    pub(super) imports: BTreeMap<String, Path>,
    /// The modules of `use module::*`.
    pub(super) globs: Vec<Path>,
    /// The imported names that are re-exported with `pub use`.
    pub(super) reexports: BTreeSet<String>,
    /// The paths in the code outside `use`, of two words at least.
    pub(super) paths: BTreeSet<Path>,
    /// The words in the code outside `use`.
    pub(super) words: BTreeSet<String>,
}

impl Source {
    pub(super) fn parse(source: &str) -> Self {
        let tokens = tokens(source);
        let mut parser = Parser {
            rest: &tokens,
            depth: 0,
            source: Self::default(),
        };
        while !parser.rest.is_empty() {
            parser.next();
        }
        parser.source
    }

    /// All paths of the code and of `use`.
    pub(super) fn all_paths(&self) -> impl Iterator<Item = &Path> {
        self.paths
            .iter()
            .chain(self.imports.values())
            .chain(&self.globs)
    }
}

struct Parser<'a> {
    rest: &'a [Token],
    /// How many braces are open.
    depth: usize,
    source: Source,
}

impl<'a> Parser<'a> {
    fn next(&mut self) {
        match self.rest {
            [Token::Symbol('#'), Token::Symbol('['), ..] => self.attribute(),
            [Token::Word(word), Token::Word(name), Token::Symbol(';'), ..] if word == "mod" => {
                self.source.submodules.push((name.clone(), None));
                self.skip(3);
            }
            [Token::Word(word), rest @ ..] if word == "pub" => {
                self.rest = rest;
                if self.rest.first().is_some_and(|it| it.is_symbol('(')) {
                    self.block('(', ')');
                }
                if self.rest.first().is_some_and(|it| it.is_word("use")) {
                    self.import(true);
                }
            }
            [Token::Word(word), ..] if word == "use" => self.import(false),
            [Token::Word(word), Token::Word(name), ..] if is_item(word) && self.depth == 0 => {
                self.source.items.insert(name.clone());
                self.skip(1);
            }
            [Token::Word(word), Token::Symbol('!'), Token::Word(name), ..]
                if word == "macro_rules" =>
            {
                self.source.items.insert(name.clone());
                self.skip(3);
            }
            [Token::Word(_), ..] => self.path(),
            [token, rest @ ..] => {
                match token {
                    Token::Symbol('{') => self.depth += 1,
                    Token::Symbol('}') => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                self.rest = rest;
            }
            [] => {}
        }
    }

    fn skip(&mut self, count: usize) {
        self.rest = &self.rest[count..];
    }

    /// Skips a block in brackets and returns its tokens.
    fn block(&mut self, open: char, close: char) -> &'a [Token] {
        let mut depth = 0;
        for (at, token) in self.rest.iter().enumerate() {
            if token.is_symbol(open) {
                depth += 1;
            } else if token.is_symbol(close) {
                depth -= 1;
                if depth == 0 {
                    let block = &self.rest[1..at];
                    self.skip(at + 1);
                    return block;
                }
            }
        }
        let block = self.rest;
        self.rest = &[];
        block
    }

    /// Reads an attribute. After `#[cfg(test)]`, skips the item; after `#[path]`, reads the `mod`.
    fn attribute(&mut self) {
        self.skip(1);
        let attribute = self.block('[', ']');
        match attribute {
            [Token::Word(word), Token::Symbol('('), Token::Word(test), ..]
                if word == "cfg" && test == "test" =>
            {
                self.test_item();
            }
            [Token::Word(word), Token::Symbol('='), Token::Text(path)] if word == "path" => {
                if let [Token::Word(_), Token::Word(name), Token::Symbol(';'), ..] = self.rest {
                    let submodule = (name.clone(), Some(path.clone()));
                    self.source.submodules.push(submodule);
                    self.skip(3);
                }
            }
            _ => {
                let rest = std::mem::replace(&mut self.rest, attribute);
                while !self.rest.is_empty() {
                    self.next();
                }
                self.rest = rest;
            }
        }
    }

    /// Skips an item up to its semicolon or the end of its block.
    fn test_item(&mut self) {
        let mut depth = 0;
        while let [token, rest @ ..] = self.rest {
            match token {
                Token::Symbol('}') if depth == 0 => return,
                Token::Symbol('{' | '(' | '[') => depth += 1,
                Token::Symbol('}' | ')' | ']') => depth -= 1,
                Token::Word(word) if word == "mod" => {
                    if let [Token::Word(name), Token::Symbol(';'), ..] = rest {
                        self.source.test_submodules.insert(name.clone());
                    }
                }
                _ => {}
            }
            self.rest = rest;
            let is_end = token.is_symbol(';') || token.is_symbol('}');
            if is_end && depth == 0 {
                return;
            }
        }
    }

    /// Reads `use …;`.
    fn import(&mut self, is_public: bool) {
        let end = self.rest.iter().position(|token| token.is_symbol(';'));
        let end = end.unwrap_or(self.rest.len() - 1);
        let tree = &self.rest[1..end];
        self.skip(end + 1);
        self.import_tree(tree, &[], is_public);
    }

    /// Adds the names of a use tree, whose paths start with `prefix`.
    fn import_tree(&mut self, tree: &[Token], prefix: &[String], is_public: bool) {
        let mut path = prefix.to_vec();
        let mut rest = tree;
        loop {
            match rest {
                [Token::Symbol('{'), group @ .., Token::Symbol('}')] => {
                    for tree in split_at_commas(group) {
                        self.import_tree(tree, &path, is_public);
                    }
                    return;
                }
                [Token::Symbol('*')] => {
                    self.source.globs.push(path);
                    return;
                }
                [Token::Word(word), Token::Word(alias)] if word == "as" => {
                    self.add_import(alias, path, is_public);
                    return;
                }
                [Token::Word(word), after @ ..] => {
                    if word != "self" || path.is_empty() {
                        path.push(word.clone());
                    }
                    rest = after;
                }
                [Token::PathSeparator, after @ ..] => rest = after,
                _ => {
                    if let Some(name) = path.last().cloned() {
                        self.add_import(&name, path, is_public);
                    }
                    return;
                }
            }
        }
    }

    fn add_import(&mut self, name: &str, path: Path, is_public: bool) {
        if is_public {
            self.source.reexports.insert(name.to_owned());
        }
        // `use Read as _` twice must not lose one of the paths.
        let name = match name {
            "_" => path.join("::"),
            name => name.to_owned(),
        };
        self.source.imports.insert(name, path);
    }

    /// Reads a path, or a single word.
    fn path(&mut self) {
        let mut path = Path::new();
        while let [Token::Word(word), rest @ ..] = self.rest {
            path.push(word.clone());
            self.rest = rest;
            let [Token::PathSeparator, after @ ..] = rest else {
                break;
            };
            // `::<T>` ends a path.
            if !matches!(after, [Token::Word(_), ..]) {
                break;
            }
            self.rest = after;
        }
        self.source.words.insert(path[0].clone());
        if path.len() > 1 {
            self.source.paths.insert(path);
        }
    }
}

/// Whether a word declares the item that follows it.
fn is_item(word: &str) -> bool {
    [
        "fn", "struct", "enum", "union", "trait", "type", "const", "static",
    ]
    .contains(&word)
}

/// The trees of a group in `use`.
fn split_at_commas(group: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0;
    let parts = group.split(|token| {
        match token {
            Token::Symbol('{') => depth += 1,
            Token::Symbol('}') => depth -= 1,
            _ => {}
        }
        depth == 0 && token.is_symbol(',')
    });
    parts.filter(|part| !part.is_empty()).collect()
}
