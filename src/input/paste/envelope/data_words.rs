//! Words for bytes.

use crate::input::paste::direction::{self, Sent};

/// Words for bytes.
const DATA: &[&str] = &[
    "data", "payload", "bytes", "byte", "frame", "frames", "hex", "raw", "packet", "pkt",
    "message", "msg", "buf", "buffer", "content", "body", "bytes", "dump", "stream", "chunk",
    "binary", "hexdump", "数据", "消息", "字节",
];

/// Whether words say that bytes follow.
pub(super) fn names_data(words: &str) -> bool {
    let is_data = |word: &str| {
        let word = word.to_ascii_lowercase();
        DATA.contains(&word.as_str())
    };
    words
        .split(|char: char| !char.is_alphanumeric())
        .any(is_data)
        || direction::of_words(words).is_some_and(Sent::is_relative)
}
