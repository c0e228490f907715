//! Reads hexadecimal that comes in pieces, none of which is kept. `input` uses it for long texts.

use super::items::{Items, Progress};
use super::{EXPECTED, most_bytes};
use crate::notation::{NotationError, copied_prefix, hexdump};

/// Reads hexadecimal in pieces of any size.
#[derive(Debug, Default)]
pub struct HexReader {
    items: Items,
    place: TextPosition,
}

impl HexReader {
    /// A reader of a text with this many lines before the first piece.
    pub fn after_lines(lines: usize) -> Self {
        let place = TextPosition {
            lines,
            ..TextPosition::default()
        };
        Self {
            items: Items::default(),
            place,
        }
    }

    /// Whether a long text that begins like this can only be hexadecimal. The rest of the text is then
    /// not needed to decide. With `is_said`, the user named the notation, and other meanings of
    /// the digits do not count.
    pub fn is_sure_of(start: &[u8], is_said: bool) -> bool {
        let mut bytes = vec![0; most_bytes(start.len())];
        let progress = Items::default().read(start, &mut bytes, false);
        let space = start.len() - start.trim_ascii_start().len();
        !progress.has_error
            && progress.written > 0
            && copied_prefix::length(start) == space
            && (is_said || !is_doubtful(start.trim_ascii_start()))
    }

    /// Reads a piece. `bytes` must have room for half as many bytes as the piece has. At most three
    /// bytes of the piece are left: the next piece begins with them. After an error nothing more is
    /// read.
    pub fn read(&mut self, text: &[u8], bytes: &mut [u8], is_end: bool) -> Progress {
        let progress = self.items.read(text, bytes, is_end);
        self.place
            .pass(text.get(..progress.read).unwrap_or_default());
        progress
    }

    /// The error after all that was read. The caller gives it the rest of the text.
    pub fn error(self) -> HexError {
        HexError {
            place: self.place,
            after: Vec::new(),
            is_line_whole: false,
        }
    }
}

/// Whether a text that begins like this may be another notation: decimal numbers, bits, or a dump.
fn is_doubtful(start: &[u8]) -> bool {
    let begins_with_digit = start.first().is_some_and(u8::is_ascii_hexdigit);
    // Decimals have no letters, and bits none but the b of their prefix.
    let is_letter = |byte: &u8| matches!(byte.to_ascii_lowercase(), b'a' | b'c'..=b'f');
    // The last line may be incomplete.
    let lines = memchr::memrchr(b'\n', start).map_or(0, |end| end + 1);
    let lines = start.get(..lines).unwrap_or_default();
    let mut bytes = Vec::new();
    !begins_with_digit
        || !start.iter().any(is_letter)
        || hexdump::could_be_row(start)
        || hexdump::begins(start)
        || hexdump::begins(lines)
        || hexdump::read(lines, 0, &mut bytes).is_ok() && !bytes.is_empty()
}

/// The place in the text that reading has reached, and the line before it. All of the line is
/// ASCII.
#[derive(Debug, Default)]
struct TextPosition {
    /// The number of lines that have ended.
    lines: usize,
    /// The number of bytes of the line that are not kept.
    columns: usize,
    /// The last bytes of the line.
    line: Vec<u8>,
}

/// How many bytes of a line are kept on each side of an error: more than a message shows.
const KEPT: usize = 256;

impl TextPosition {
    fn pass(&mut self, text: &[u8]) {
        let line = match memchr::memrchr(b'\n', text) {
            Some(end) => {
                self.lines += memchr::memchr_iter(b'\n', text).count();
                self.columns = 0;
                self.line.clear();
                text.get(end + 1..).unwrap_or_default()
            }
            None => text,
        };
        let omitted_bytes = line.len().saturating_sub(KEPT);
        self.line.extend(line.iter().skip(omitted_bytes));
        let too_many = self.line.len().saturating_sub(KEPT);
        self.line.drain(..too_many);
        self.columns += omitted_bytes + too_many;
    }
}

/// The first place that is not hexadecimal, in a text that comes in pieces. It collects the text
/// that the message shows.
#[derive(Debug)]
pub struct HexError {
    place: TextPosition,
    /// The text from the place on, as far as the message shows it.
    after: Vec<u8>,
    /// Whether the line has ended. Later text only shows that there is another line.
    is_line_whole: bool,
}

impl HexError {
    /// Takes the next piece of the text, from the place on. Returns whether the message needs no more.
    pub fn take(&mut self, text: &[u8]) -> bool {
        let mut rest = text;
        if !self.is_line_whole {
            let end = memchr::memchr(b'\n', text);
            let (line, others) = text.split_at(end.unwrap_or(text.len()));
            self.keep(line);
            if end.is_some() {
                self.after.push(b'\n');
                self.is_line_whole = true;
            }
            rest = others;
        }
        if self.is_line_whole && !rest.trim_ascii_start().is_empty() {
            self.after.push(b'.');
            return true;
        }
        self.is_line_whole && self.place.lines > 0
    }

    /// Keeps a part of the line. Far after the place, only white space and other text are told apart.
    fn keep(&mut self, line: &[u8]) {
        let room = KEPT.saturating_sub(self.after.len());
        let (near, far) = line.split_at(room.min(line.len()));
        self.after.extend(near);
        let room = (2 * KEPT).saturating_sub(self.after.len());
        let is_ink = |byte: &&u8| !byte.is_ascii_whitespace();
        self.after.extend(far.iter().filter(is_ink).take(room));
    }

    /// The error, after the text that its message shows.
    pub fn error(self) -> NotationError {
        let TextPosition {
            lines,
            columns,
            mut line,
        } = self.place;
        let offset = line.len();
        line.extend(self.after);
        NotationError::new(&line, offset, EXPECTED)
            .after_lines(lines)
            .after_columns(columns)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::notation::hexadecimal;
    use proptest::prelude::*;

    /// The bytes, and all that an error tells.
    type Outcome = (Vec<u8>, Option<(String, [String; 2])>);

    fn told(error: &NotationError) -> (String, [String; 2]) {
        (error.to_string(), error.caret_lines())
    }

    fn whole(text: &[u8]) -> Outcome {
        let mut bytes = Vec::new();
        let error = hexadecimal::read(text, 0, &mut bytes).err();
        (bytes, error.as_ref().map(told))
    }

    /// The same of a text that is cut at these places.
    fn in_pieces(text: &[u8], cuts: &[usize]) -> Outcome {
        let mut reader = HexReader::default();
        let mut bytes = Vec::new();
        let mut held = Vec::new();
        let ends = cuts.iter().copied().chain([text.len()]);
        let mut starts = [0].into_iter().chain(cuts.iter().copied());
        let mut pieces = ends.map(|end| &text[starts.next().unwrap()..end]);
        let mut last = false;
        while !last {
            let piece = pieces.next();
            last = piece.is_none();
            held.extend_from_slice(piece.unwrap_or_default());
            let mut room = vec![0; held.len() / 2];
            let progress = reader.read(&held, &mut room, last);
            bytes.extend_from_slice(&room[..progress.written]);
            held.drain(..progress.read);
            if progress.has_error {
                let mut fault = reader.error();
                let _ = fault.take(&held) || pieces.any(|piece| fault.take(piece));
                return (bytes, Some(told(&fault.error())));
            }
            assert!(held.len() <= 3);
        }
        assert_eq!(held, b"");
        (bytes, None)
    }

    /// Parts of a text: most are of hexadecimal, some long enough for any way to read them.
    pub(in crate::notation::hexadecimal) fn part() -> impl Strategy<Value = String> {
        let one =
            |words: &'static [&'static str]| prop::sample::select(words).prop_map(str::to_owned);
        prop_oneof![
            8 => "([0-9a-fA-F]{2}){1,40}",
            4 => "([0-9a-f]{2}[ ,:_-]){1,20}",
            2 => "(0x[0-9a-f]{2}, ){1,9}",
            2 => "([0-9a-f]{4,8} ){1,9}",
            8 => one(&[" ", "\n", "\r\n", "\t", ", ", ",", ":", "\n\n", "\\x81", "0X05"]),
            1 => one(&["8", "0", "0x", "\\", "\\x", "x", "z", "é", "\u{3000}", "😀", "\0", "b'"]),
            1 => "[ é\t]{1,700}",
        ]
    }

    proptest! {
        #[test]
        fn cuts_do_not_matter(
            parts in prop::collection::vec(part(), 0..20),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            let text = parts.concat().into_bytes();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).collect();
            cuts.sort_unstable();
            prop_assert_eq!(in_pieces(&text, &cuts), whole(&text));
        }

        #[test]
        fn bytes_that_are_no_text_are_faults_too(
            start in "([0-9a-f]{2} ?){0,300}\n?",
            rest: Vec<u8>,
            cut: prop::sample::Index,
        ) {
            let text = [start.as_bytes(), &rest].concat();
            let cut = cut.index(text.len() + 1);
            prop_assert_eq!(in_pieces(&text, &[cut]), whole(&text));
        }
    }

    #[test]
    fn every_cut_of_a_text_with_everything() {
        let texts = [
            "\\x81 0x05,\r\n48:65 , 6c-6c_6f\n0X81818181\\x05 48",
            "81\\y",
            "8105 4\r\n65",
            "81 é\n05",
            "81\n05 0x\n",
            "8105 😀  \n\n",
        ];
        for text in texts.map(str::as_bytes) {
            for cut in 0..=text.len() {
                assert_eq!(in_pieces(text, &[cut]), whole(text), "{cut}");
            }
            let everywhere: Vec<usize> = (0..=text.len()).collect();
            assert_eq!(in_pieces(text, &everywhere), whole(text));
        }
    }

    #[test]
    fn the_beginning_says_what_can_only_be_hexadecimal() {
        let is_sure = |text: &str| HexReader::is_sure_of(text.as_bytes(), false);
        for text in [
            "81fe05",
            "81 fe 05",
            " \n81:fe:0",
            "0x81, 0xfe, 0x",
            "81fe\r\n0548",
            "8a00\n81fe\n",
            "8a00\n8a00\n",
            "81fe 0548\n6c6c 6f00\n",
        ] {
            assert!(is_sure(text), "{text}");
        }
        for (text, could_be) in [
            ("81 05 48", "decimal"),
            ("0b10000001 0b00000101", "bits"),
            ("0000 81 fe\n0002 48 65\n0004", "a dump"),
            ("0010 81 fe\n0012 48 65\n0014", "a dump"),
            ("00000000: 81fe 4865", "a dump"),
            ("0000 81 fe", "a row of a dump"),
            (r"\x81 \xfe", "text with escapes"),
            ("fe 0x81: 05", "something with a label"),
            ("81 fe z", "wrong"),
            ("", "anything"),
        ] {
            assert!(!is_sure(text), "{could_be}: {text}");
        }
        let is_read = |text: &str| HexReader::is_sure_of(text.as_bytes(), true);
        assert!(is_read("81 05 48") && is_read(r"\x81 \xfe"));
        assert!(!is_read("<81 05>") && !is_read("fe 0x81: 05") && !is_read("> 81"));
    }
}
