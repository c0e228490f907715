//! The bare loop: it finds frames, unmasks them into a buffer, a line each, validates that
//! as a whole, and writes it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use super::Fallible;
use super::frame::{self, SLACK};

/// How much is read at once.
const BUFFER: usize = 128 << 10;

/// Prints the payloads of the frames in a file.
pub(crate) fn decode(path: &Path) -> Fallible<()> {
    let mut file = File::open(path)?;
    let mut stdout = io::stdout().lock();
    let mut input = vec![0; BUFFER + SLACK];
    let mut decoder = Decoder {
        key: [0; 4],
        left: 0,
        text: vec![0; 2 * BUFFER + SLACK],
        end: 0,
    };
    let mut kept = 0;
    loop {
        let length = file.read(&mut input[kept..BUFFER])?;
        if length == 0 {
            return Ok(());
        }
        let whole = kept + length;
        kept = decoder.feed(&input, whole)?;
        input.copy_within(whole - kept..whole, 0);
        decoder.write(&mut stdout)?;
    }
}

/// Where in a frame the input is, and the text that is not written yet.
struct Decoder {
    key: [u8; 4],
    /// How much of the payload is still to come.
    left: u64,
    text: Vec<u8>,
    /// Where the text ends.
    end: usize,
}

impl Decoder {
    /// Appends the payloads in so much of the input to the text; gives how many bytes are
    /// the beginning of a header.
    fn feed(&mut self, input: &[u8], whole: usize) -> Fallible<usize> {
        let mut place = 0;
        loop {
            if self.left == 0 {
                let bytes = &input[place..whole];
                let Some(header) = frame::header(bytes) else {
                    return Ok(bytes.len());
                };
                if header.first != 0x81 {
                    return Err("expected a text message".into());
                }
                self.key = header.key;
                self.left = header.length;
                place = whole - header.rest.len();
            }
            let here = whole - place;
            let length = usize::try_from(self.left).map_or(here, |left| left.min(here));
            let out = &mut self.text[self.end..];
            frame::unmask(self.key, &input[place..], length, out);
            self.end += length;
            place += length;
            self.left -= length as u64;
            if self.left > 0 {
                self.key.rotate_left(length % 4);
                return Ok(0);
            }
            // No character can reach over it into the next message.
            self.text[self.end] = b'\n';
            self.end += 1;
        }
    }

    /// Validates and writes the text, but for its last character if that may go on.
    fn write(&mut self, out: &mut impl io::Write) -> Fallible<()> {
        let text = &self.text[..self.end];
        let is_start = |byte: &u8| byte & 0xc0 != 0x80;
        let whole = match text.last() {
            Some(byte) if !byte.is_ascii() => text.iter().rposition(is_start).unwrap_or(0),
            _ => text.len(),
        };
        simdutf8::basic::from_utf8(&text[..whole])?;
        out.write_all(&text[..whole])?;
        self.text.copy_within(whole..self.end, 0);
        self.end -= whole;
        Ok(())
    }
}
