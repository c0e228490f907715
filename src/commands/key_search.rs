//! Finds the keys and the accept values in a paste: in request heads, in logs and in source code.
//!
//! In: the heads and bytes that `input` finds in a paste, and the lines of the paste as they stand
//! there. Out: the keys, each once, with the accept value that follows each. `accept` answers them;
//! `handshake` takes the key for a response from it whose request was not pasted.

use std::borrow::Cow;
use std::collections::HashMap;

use super::line_buffer::LineBuffer;
use crate::input::InputChunk;
use crate::ws::handshake::{GUID, accept_value, check_key, without_guid};

/// A key that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FoundKey {
    /// The key. The GUID may follow it, as it stands in the paste.
    pub(super) key: Vec<u8>,
    /// The word in front of it that ends in `key`, such as the name of the header.
    pub(super) name: Option<Cow<'static, str>>,
    /// It stands on two lines in the paste.
    pub(super) is_joined: bool,
    /// The accept value that follows it, if it is not the right one.
    pub(super) wrong_accept: Option<Vec<u8>>,
}

impl FoundKey {
    /// A key that stands alone.
    pub(super) const fn alone(key: Vec<u8>) -> Self {
        Self {
            key,
            name: None,
            is_joined: false,
            wrong_accept: None,
        }
    }

    /// Compares an accept value that follows with the right one. The first wrong one is kept.
    pub(super) fn answer(&mut self, value: &[u8]) {
        let key = without_guid(&self.key).unwrap_or(&self.key);
        if !value.is_empty() && accept_value(key).as_bytes() != value {
            self.wrong_accept.get_or_insert_with(|| value.to_vec());
        }
    }
}

/// Searches a paste, chunk by chunk.
#[derive(Debug, Default)]
pub(super) struct KeySearch {
    /// In the heads and the bytes of the connection.
    wire: TextSearch,
    /// In the lines of the paste.
    text: TextSearch,
}

impl KeySearch {
    /// Takes the next head or the next bytes of a paste.
    pub(super) fn take_found(&mut self, chunk: &InputChunk<'_>) {
        match chunk.head {
            Some(head) => self.wire.push(&head.text),
            None => self.wire.push(chunk.bytes),
        }
    }

    /// Takes the next lines of a paste.
    pub(super) fn take_lines(&mut self, lines: &[u8]) {
        self.text.push(lines);
    }

    /// Whether a head, or bytes that are one, has a key.
    pub(super) fn has_key_of_head(&self) -> bool {
        !self.wire.found.headers.keys.is_empty() || self.wire.found.begun.is_some()
    }

    /// The keys that were found. Those in heads and bytes count most, then those after the name of the
    /// header, then those after another word that ends in `key`, then any word that is a key.
    pub(super) fn finish(self) -> Vec<FoundKey> {
        let (wire, text) = (self.wire.finish(), self.text.finish());
        let lists = [
            wire.headers,
            text.headers,
            text.named,
            text.words,
            wire.named,
            wire.words,
        ];
        let found = lists.into_iter().find(|list| !list.keys.is_empty());
        found.map_or_else(Vec::new, |list| list.keys)
    }
}

/// Searches a text that comes in pieces.
#[derive(Debug, Default)]
struct TextSearch {
    lines: LineBuffer,
    found: KeysInLines,
}

impl TextSearch {
    fn push(&mut self, bytes: &[u8]) {
        self.lines.push(bytes, |line| self.found.take_line(line));
    }

    fn finish(mut self) -> KeysInLines {
        self.lines.finish(|line| self.found.take_line(line));
        self.found.end_key(b"");
        self.found
    }
}

/// The keys in the lines so far.
#[derive(Debug, Default)]
struct KeysInLines {
    /// After the name of the header.
    headers: KeyList,
    /// After another word that ends in `key`.
    named: KeyList,
    /// Any other words that are keys.
    words: KeyList,
    /// The beginning of a key after the name of the header, which the end of its line cuts.
    begun: Option<Vec<u8>>,
    /// The last word of the line before, if that ends in `key`.
    name_before: Option<String>,
}

/// The name of the header of a key.
const HEADER_NAME: Option<Cow<'static, str>> = Some(Cow::Borrowed("Sec-WebSocket-Key"));

const KEY_HEADER: &[u8] = b"sec-websocket-key";
const ACCEPT_HEADER: &[u8] = b"sec-websocket-accept";

impl KeysInLines {
    fn take_line(&mut self, line: &[u8]) {
        let line = line.trim_ascii_end();
        self.end_key(line);
        for end in memchr::memmem::find_iter(line, b"==") {
            self.take_word(line, end + 2);
        }
        // An accept value answers a key in front of it.
        for at in memchr::memchr2_iter(b's', b'S', line) {
            let rest = line.get(at..).unwrap_or_default();
            if let Some(value) = after_name(rest, KEY_HEADER) {
                self.take_header_value(value);
            } else if let Some(value) = after_name(rest, ACCEPT_HEADER) {
                self.take_accept(base64_word(value));
            }
        }
        if !line.is_empty() {
            self.name_before = name_at_end(line);
        }
    }

    /// Takes what follows the name of the key's header.
    fn take_header_value(&mut self, value: &[u8]) {
        let word = value
            .iter()
            .position(|byte| !is_base64(*byte) && *byte != b'-')
            .map_or(value, |end| value.get(..end).unwrap_or_default());
        let key = if without_guid(word).is_some() {
            word
        } else {
            base64_word(value)
        };
        if key.len() == value.len() && key.len() < KEY_LENGTH && !key.is_empty() {
            self.begun = Some(key.to_vec());
        } else if !key.is_empty() {
            self.headers.add(key, HEADER_NAME, false);
        }
    }

    /// Ends a key that the end of the line before cuts: with the first word of this line if both are
    /// a key together.
    fn end_key(&mut self, line: &[u8]) {
        let Some(begun) = self.begun.take() else {
            return;
        };
        let joined = [&begun, base64_word(line.trim_ascii_start())].concat();
        if check_key(&joined).is_ok() {
            self.headers.add(&joined, HEADER_NAME, true);
        } else {
            self.headers.add(&begun, HEADER_NAME, false);
        }
    }

    /// Takes the word that ends here, if it is a key.
    fn take_word(&mut self, line: &[u8], end: usize) {
        let Some(start) = end.checked_sub(KEY_LENGTH) else {
            return;
        };
        let (before, key) = (line.get(..start), line.get(start..end));
        let (Some(before), Some(key)) = (before, key) else {
            return;
        };
        let after = line.get(end..).unwrap_or_default();
        let guid = after.get(..GUID.len()).unwrap_or_default();
        let has_guid = guid.eq_ignore_ascii_case(GUID.as_bytes());
        let is_part = before.last().copied().is_some_and(is_base64)
            || !has_guid && after.first().copied().is_some_and(is_base64);
        if is_part || check_key(key).is_err() {
            return;
        }
        let end = if has_guid { end + GUID.len() } else { end };
        let key = line.get(start..end).unwrap_or_default();
        let words = before.trim_ascii();
        let name = if words.is_empty() {
            self.name_before.clone()
        } else {
            name_at_end(words)
        };
        let is_accept = without_separators(words)
            .to_ascii_lowercase()
            .ends_with(b"accept");
        match name {
            _ if is_accept => {}
            Some(name) => self.named.add(key, Some(name.into()), false),
            None => self.words.add(key, None, false),
        }
    }

    /// Takes an accept value, which answers the last key.
    fn take_accept(&mut self, value: &[u8]) {
        if value.is_empty() {
            return;
        }
        for list in [&mut self.headers, &mut self.named, &mut self.words] {
            list.answer(value);
        }
    }
}

/// Keys in their order, each once.
#[derive(Debug, Default)]
struct KeyList {
    keys: Vec<FoundKey>,
    indexes: HashMap<Vec<u8>, usize>,
    /// The index of the key that came last.
    last: usize,
}

impl KeyList {
    fn add(&mut self, key: &[u8], name: Option<Cow<'static, str>>, is_joined: bool) {
        if let Some(index) = self.indexes.get(key) {
            self.last = *index;
            return;
        }
        self.last = self.keys.len();
        self.indexes.insert(key.to_vec(), self.last);
        self.keys.push(FoundKey {
            name,
            is_joined,
            ..FoundKey::alone(key.to_vec())
        });
    }

    /// Compares an accept value with the one that the last key has.
    fn answer(&mut self, value: &[u8]) {
        if let Some(found) = self.keys.get_mut(self.last) {
            found.answer(value);
        }
    }
}

/// The length of base64 of 16 bytes.
const KEY_LENGTH: usize = 24;

/// What follows a name and a colon, or what a programming language writes in its place.
fn after_name<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(name.len())?;
    if !start.eq_ignore_ascii_case(name) {
        return None;
    }
    let is_between = |byte: &u8| {
        matches!(
            byte,
            b' ' | b'\t' | b':' | b'=' | b'"' | b'\'' | b'>' | b'[' | b','
        )
    };
    let skipped = rest.iter().take_while(|byte| is_between(byte)).count();
    let (between, value) = rest.split_at_checked(skipped)?;
    let is_separator = |byte: &u8| !matches!(byte, b' ' | b'\t');
    between.iter().any(is_separator).then_some(value)
}

/// The last word of a text without the separators after it, if it ends in `key`.
fn name_at_end(text: &[u8]) -> Option<String> {
    let text = without_separators(text);
    let end = text.len().checked_sub(3)?;
    if !text.get(end..)?.eq_ignore_ascii_case(b"key") {
        return None;
    }
    let start = text.iter().rposition(u8::is_ascii_whitespace);
    let word = text.get(start.map_or(0, |space| space + 1)..)?;
    Some(String::from_utf8_lossy(word).into_owned())
}

/// A text without the blanks, quotes, colons and equals signs at its end.
fn without_separators(text: &[u8]) -> &[u8] {
    let is_separator = |byte: &u8| {
        byte.is_ascii_whitespace()
            || matches!(byte, b':' | b'=' | b',' | b'"' | b'\'' | b'(' | b'[')
    };
    let end = text.iter().rposition(|byte| !is_separator(byte));
    text.get(..end.map_or(0, |last| last + 1))
        .unwrap_or_default()
}

/// The characters of base64 at the start of a text.
fn base64_word(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| !is_base64(*byte));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}
