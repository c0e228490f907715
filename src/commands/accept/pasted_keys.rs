//! The keys in what a user pastes: keys alone, a line each, or a request head, a log or source code.
//!
//! In: a source. Out: its keys, for `accept`, which answers them.

use super::value_of_key;
use crate::Error;
use crate::commands::evidence::evidence;
use crate::commands::key_search::{FoundKey, KeySearch};
use crate::commands::line_buffer::LineBuffer;
use crate::input::{Input, InputError, Source};
use crate::ws::handshake::check_key;

/// The keys of a source.
pub(super) enum PastedKeys {
    /// Lines with a key each, alone or after the name of the header. No line is empty.
    Lines(Vec<u8>),
    /// Keys that were found in other text.
    Found(Vec<FoundKey>),
}

/// Reads the keys of a source.
///
/// # Errors
///
/// [`InputError`] if the source cannot be read.
pub(super) fn read(source: Source) -> Result<PastedKeys, Error> {
    let mut input = Input::open_with_lines(source, evidence)?;
    let mut paste = Paste::default();
    loop {
        match input.advance() {
            Ok(true) => {}
            Err(error @ InputError::Unreadable { .. }) => return Err(error.into()),
            // Text that is no bytes may have a key.
            Ok(false) | Err(_) => return Ok(paste.finish()),
        }
        let chunk = input.chunk();
        if let Some(lines) = chunk.lines {
            paste.take_lines(lines);
            continue;
        }
        if input.is_raw() {
            paste.take_lines(chunk.bytes);
        }
        paste.search.take_found(&chunk);
    }
}

impl PastedKeys {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Lines(lines) => lines.is_empty(),
            Self::Found(keys) => keys.is_empty(),
        }
    }
}

/// A paste that is being read.
#[derive(Default)]
struct Paste {
    lines: LineBuffer,
    key_lines: KeyLines,
    search: KeySearch,
}

impl Paste {
    fn take_lines(&mut self, bytes: &[u8]) {
        let Self {
            lines,
            key_lines,
            search,
        } = self;
        lines.push(bytes, |line| key_lines.take(line, search));
    }

    fn finish(mut self) -> PastedKeys {
        let Self {
            lines,
            key_lines,
            search,
        } = &mut self;
        lines.finish(|line| key_lines.take(line, search));
        if self.key_lines.has_other && !self.key_lines.is_one_line()
            || self.search.has_key_of_head()
        {
            return PastedKeys::Found(self.search.finish());
        }
        let found = self.search.finish();
        if found.is_empty() {
            PastedKeys::Lines(self.key_lines.text)
        } else {
            PastedKeys::Found(found)
        }
    }
}

/// Longer lines are never taken for a wrong key.
const LONGEST_KEY: usize = 256;

/// The lines of a text as long as each could be a key.
#[derive(Default)]
struct KeyLines {
    /// The lines. Of a text with other lines only its first line.
    text: Vec<u8>,
    /// How many lines were taken, without the empty ones.
    count: usize,
    /// There is a line that is no key, but a header or words.
    has_other: bool,
}

impl KeyLines {
    fn is_one_line(&self) -> bool {
        self.count == 1
    }

    fn take(&mut self, line: &[u8], search: &mut KeySearch) {
        let value = value_of_key(line);
        if value.is_empty() {
            return;
        }
        self.count += 1;
        let is_alone = line.trim_ascii() == value;
        let has_words = || value.iter().any(|byte| matches!(byte, b' ' | b':' | b'\t'));
        let is_other = is_alone && (value.len() > LONGEST_KEY || has_words());
        if is_other && !self.has_other {
            self.has_other = true;
            search.take_lines(&std::mem::take(&mut self.text));
        }
        if self.has_other {
            search.take_lines(line);
        }
        if !self.has_other || self.count == 1 && value.len() <= LONGEST_KEY {
            self.text.extend_from_slice(line);
            if !line.ends_with(b"\n") {
                self.text.push(b'\n');
            }
        }
    }
}

/// Gives the keys of lines with a key each. A key on two lines is put together.
pub(super) fn each_in_lines(
    lines: &[u8],
    mut on_key: impl FnMut(FoundKey) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut values = lines
        .split(|byte| *byte == b'\n')
        .map(value_of_key)
        .filter(|value| !value.is_empty())
        .peekable();
    while let Some(value) = values.next() {
        let next = values.peek().copied().unwrap_or_default();
        let joined = [value, next].concat();
        let is_joined = check_key(value).is_err() && check_key(&joined).is_ok();
        if is_joined {
            values.next();
        }
        on_key(FoundKey {
            is_joined,
            ..FoundKey::alone(if is_joined { joined } else { value.to_vec() })
        })?;
    }
    Ok(())
}
