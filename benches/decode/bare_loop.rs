//! The bare loop: the decoder that does the least work possible. It unmasks frames into a buffer,
//! a line each, validates the buffer as a whole, and writes it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use super::common::Fallible;
use super::common::frame_reader::{UNMASK_STEP, parse_header, unmask};

/// How many bytes are read at once.
const BUFFER: usize = 128 << 10;

/// Prints the payloads of the frames in a file.
///
/// # Errors
///
/// An I/O error, a frame that is not a text message, or invalid UTF-8.
pub(crate) fn decode(path: &Path) -> Fallible<()> {
    let mut file = File::open(path)?;
    let mut stdout = io::stdout().lock();
    let mut input = vec![0; BUFFER + UNMASK_STEP];
    let mut decoder = Decoder {
        masking_key: [0; 4],
        remaining: 0,
        text: vec![0; 2 * BUFFER + UNMASK_STEP],
        text_length: 0,
    };
    let mut kept = 0;
    loop {
        let length = file.read(&mut input[kept..BUFFER])?;
        if length == 0 {
            return Ok(());
        }
        let input_length = kept + length;
        kept = decoder.feed(&input, input_length)?;
        input.copy_within(input_length - kept..input_length, 0);
        decoder.write_text(&mut stdout)?;
    }
}

/// The state of the current frame, and the text that is not written yet.
struct Decoder {
    masking_key: [u8; 4],
    /// How many bytes of the payload have not come yet.
    remaining: u64,
    text: Vec<u8>,
    /// How many bytes of `text` are filled.
    text_length: usize,
}

impl Decoder {
    /// Appends the payloads in the first `input_length` bytes of the input to the text. Returns how
    /// many bytes at the end are an incomplete header.
    fn feed(&mut self, input: &[u8], input_length: usize) -> Fallible<usize> {
        let mut position = 0;
        loop {
            if self.remaining == 0 {
                let bytes = &input[position..input_length];
                let Some(header) = parse_header(bytes) else {
                    return Ok(bytes.len());
                };
                if header.first_byte != 0x81 {
                    return Err("expected a text message".into());
                }
                self.masking_key = header.masking_key;
                self.remaining = header.payload_length;
                position = input_length - header.rest.len();
            }
            let available = input_length - position;
            let length = usize::try_from(self.remaining).map_or(available, |it| it.min(available));
            let out = &mut self.text[self.text_length..];
            unmask(self.masking_key, &input[position..], length, out);
            self.text_length += length;
            position += length;
            self.remaining -= length as u64;
            if self.remaining > 0 {
                self.masking_key.rotate_left(length % 4);
                return Ok(0);
            }
            // The line feed also ends a truncated character, so that validation fails at it.
            self.text[self.text_length] = b'\n';
            self.text_length += 1;
        }
    }

    /// Validates and writes the text. A last character that may be incomplete is kept.
    fn write_text(&mut self, out: &mut impl io::Write) -> Fallible<()> {
        let text = &self.text[..self.text_length];
        let is_start = |byte: &u8| byte & 0xc0 != 0x80;
        let complete = match text.last() {
            Some(byte) if !byte.is_ascii() => text.iter().rposition(is_start).unwrap_or(0),
            _ => text.len(),
        };
        simdutf8::basic::from_utf8(&text[..complete])?;
        out.write_all(&text[..complete])?;
        self.text.copy_within(complete..self.text_length, 0);
        self.text_length -= complete;
        Ok(())
    }
}
