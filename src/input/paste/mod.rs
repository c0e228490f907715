//! Reads what people paste: logs, source code and traces with bytes or heads in them.
//!
//! A text goes through three steps. `encoding` makes UTF-8 of it. For each line `envelope` removes the
//! text before the bytes (`timestamp`, `direction`), then `http_head` looks for a head, `dumps` for the rows
//! of a dump, and `literals` for bytes in a notation. Out come [`Chunk`]s. `Input` is the caller, for
//! `decode`; `handshake` asks for the heads alone.
//!
//! Which numbers of a line are bytes is decided by an [`EvidenceFn`], a function of the command that says
//! how well bytes fit as frames: this module knows no WebSocket.
//!
//! To add the format of a tool, write a module in `dumps` (bytes in rows) or `traces` (heads and
//! bytes between other lines) with one function of the type `formats::Format`, and add it to
//! the list in `formats`.

mod chunk;
mod common_prefix;
mod connections;
mod digit_lines;
mod direction;
mod dumps;
mod encoding;
mod envelope;
mod evidence;
mod formats;
mod http_head;
mod line_prefix;
mod line_reader;
mod literals;
mod log_owner;
mod named_notation;
mod not_bytes;
mod numbered_lines;
mod reader;
mod reading_choice;
mod single_notation;
pub(super) mod terminal_sequences;
mod timestamp;
mod traces;

pub use chunk::{Chunk, Content};
pub(super) use encoding::{BYTE_ORDER_MARK, in_utf8, is_utf16, without_mark};
pub use evidence::{Evidence, EvidenceFn, Fit};
pub use http_head::{Head, HeadKind, MOST_HEAD};
pub(super) use reader::PasteReader;
pub(super) use single_notation::PasteError;

/// The length of the first line of a text, its end included.
fn line_size(text: &str) -> usize {
    memchr::memchr(b'\n', text.as_bytes()).map_or(text.len(), |end| end + 1)
}

/// The first bytes of a text, at most `most`, up to the end of a character.
fn start_of(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}
