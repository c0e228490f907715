//! Puts lines together out of bytes that come in pieces. The searches for heads and keys in a paste
//! use it.

/// The line that is not complete yet.
#[derive(Debug, Default)]
pub(super) struct LineBuffer {
    line: Vec<u8>,
}

/// How many bytes of a line are kept.
pub(super) const LONGEST_LINE: usize = 64 << 10;

impl LineBuffer {
    /// Takes a piece, and gives the lines that end in it, each with its line feed. Of a line longer
    /// than [`LONGEST_LINE`] that comes in pieces only the beginning is given.
    pub(super) fn push(&mut self, bytes: &[u8], mut on_line: impl FnMut(&[u8])) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.line.is_empty() && part.ends_with(b"\n") {
                on_line(part);
                continue;
            }
            let room = LONGEST_LINE.saturating_sub(self.line.len());
            self.line
                .extend_from_slice(part.get(..room).unwrap_or(part));
            if part.ends_with(b"\n") {
                on_line(&self.line);
                self.line.clear();
            }
        }
    }

    /// Gives the last line, if no line feed ends it.
    pub(super) fn finish(&mut self, mut on_line: impl FnMut(&[u8])) {
        if !self.line.is_empty() {
            on_line(&self.line);
            self.line.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
        let mut lines = Vec::new();
        let mut buffer = LineBuffer::default();
        for piece in pieces {
            buffer.push(piece, |line| lines.push(line.to_vec()));
        }
        buffer.finish(|line| lines.push(line.to_vec()));
        lines
    }

    #[test]
    fn lines_are_the_same_in_pieces_of_any_size() {
        let text = b"one\r\n\ntwo\nthree";
        let expected = [&b"one\r\n"[..], b"\n", b"two\n", b"three"];
        for size in 1..=text.len() {
            let pieces: Vec<&[u8]> = text.chunks(size).collect();
            assert_eq!(lines(&pieces), expected, "{size}");
        }
    }

    #[test]
    fn a_long_line_in_pieces_is_cut() {
        let piece = vec![b'a'; LONGEST_LINE];
        let found = lines(&[&piece, &piece, b"b\nc"]);
        assert_eq!(found, [piece, b"c".to_vec()]);
    }
}
