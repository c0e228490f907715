//! The grammar of hexadecimal: runs of digits, prefixes and separators. The readers of whole texts
//! and of pieces use it.

use super::digits::{self, Before};
use super::{is_separator, without_prefix};

/// The state of the parser. It continues with the next piece of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Items {
    /// At the start, or after a separator.
    #[default]
    Item,
    /// In a run of digits, after a pair.
    Run,
    /// After white space after a run.
    Space,
}

/// The result of reading a piece.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many bytes of the text were read. Without an error, at most three are left, which are the
    /// start of an item: the next piece begins with them.
    pub read: usize,
    /// How many bytes were written.
    pub written: usize,
    /// Whether the text after the bytes that were read is wrong.
    pub has_error: bool,
}

impl Items {
    /// The state after a run and this separator.
    pub(super) const fn after(separator: u8) -> Self {
        if separator.is_ascii_whitespace() {
            Self::Space
        } else {
            Self::Item
        }
    }

    /// Reads a piece of a text. `bytes` must have room for half as many bytes. A single digit at the
    /// end of the piece is an error if `is_end`, and waits for the next piece otherwise.
    pub(super) fn read(&mut self, text: &[u8], bytes: &mut [u8], is_end: bool) -> Progress {
        let mut progress = Progress::default();
        loop {
            let rest = text.get(progress.read..).unwrap_or_default();
            let room = bytes.get_mut(progress.written..).unwrap_or_default();
            let next = match self {
                Self::Item => item(rest, room, is_end),
                Self::Run => run(rest, room, is_end),
                Self::Space => space(rest),
            };
            progress.read += next.read;
            progress.written += next.written;
            match next.then {
                NextState::Go(items) => *self = items,
                NextState::Wait => return progress,
                NextState::Fault => {
                    progress.has_error = true;
                    return progress;
                }
            }
        }
    }
}

/// A step of reading.
struct ReadStep {
    read: usize,
    written: usize,
    then: NextState,
}

enum NextState {
    Go(Items),
    /// The piece has no more complete items.
    Wait,
    /// The next character is wrong.
    Fault,
}

impl ReadStep {
    const fn new(read: usize, then: NextState) -> Self {
        Self {
            read,
            written: 0,
            then,
        }
    }
}

/// Reads white space, a prefix, and a pair of digits; or many pairs with separators.
fn item(text: &[u8], bytes: &mut [u8], is_end: bool) -> ReadStep {
    let item = text.trim_ascii_start();
    let at = text.len() - item.len();
    let (read, written, before) = digits::items(item, bytes);
    if written > 0 {
        let items = match before {
            Before::Nothing => Items::Item,
            Before::Pair => Items::Run,
            Before::Separator(separator) => Items::after(separator),
        };
        return ReadStep {
            read: at + read,
            written,
            then: NextState::Go(items),
        };
    }
    let digits = without_prefix(item);
    let digits_at = text.len() - digits.len();
    match digits {
        [] if item.is_empty() || !is_end => ReadStep::new(at, NextState::Wait),
        [b'\\'] if !is_end => ReadStep::new(at, NextState::Wait),
        [digit] if !is_end && digit.is_ascii_hexdigit() => ReadStep::new(at, NextState::Wait),
        [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            ReadStep::new(digits_at, NextState::Go(Items::Run))
        }
        [digit, ..] if digit.is_ascii_hexdigit() => ReadStep::new(digits_at + 1, NextState::Fault),
        _ => ReadStep::new(digits_at, NextState::Fault),
    }
}

/// Reads pairs of digits, and the separator after them.
fn run(text: &[u8], bytes: &mut [u8], is_end: bool) -> ReadStep {
    let written = digits::run(text, bytes);
    let at = 2 * written;
    let (read, then) = match text.get(at..).unwrap_or_default() {
        [] => (at, NextState::Wait),
        [b'\\', ..] => (at, NextState::Go(Items::Item)),
        [byte, ..] if is_separator(*byte) => (at + 1, NextState::Go(Items::after(*byte))),
        [digit] if digit.is_ascii_hexdigit() && !is_end => (at, NextState::Wait),
        [digit, ..] if digit.is_ascii_hexdigit() => (at + 1, NextState::Fault),
        _ => (at, NextState::Fault),
    };
    ReadStep {
        read,
        written,
        then,
    }
}

/// Reads white space after a run, and one separator that is no white space.
fn space(text: &[u8]) -> ReadStep {
    let rest = text.trim_ascii_start();
    let at = text.len() - rest.len();
    match rest {
        [] => ReadStep::new(at, NextState::Wait),
        [byte, ..] if is_separator(*byte) => ReadStep::new(at + 1, NextState::Go(Items::Item)),
        _ => ReadStep::new(at, NextState::Go(Items::Item)),
    }
}
