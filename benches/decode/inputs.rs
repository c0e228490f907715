//! The files that are decoded. They are the same in every run.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use wsctl::ws::MaskingKey;

use super::common::frame_writer::{Random, ascii_text, push_header, push_masked_frame};
use super::common::{Fallible, paths};

/// The content of a file.
#[derive(Clone, Copy)]
pub(crate) enum Input {
    /// A million frames of 20 to 100 bytes of ASCII text.
    Ascii,
    /// A million frames of 20 to 100 bytes, with characters of up to four bytes.
    Mixed,
    /// The frames of `Ascii` as hexadecimal digits, one line per frame.
    Hex,
    /// The frames of `Ascii` as hexadecimal digits, in one line.
    HexRun,
    /// The frames of `Ascii` as hexadecimal digits, in one line, with a space after each pair.
    HexPairs,
    /// 256 MiB in frames of 64 KiB.
    Medium,
    /// One frame of 512 MiB.
    One,
}

const SMALL_FRAMES: usize = 1_000_000;
const MEDIUM_PAYLOAD: usize = 64 << 10;
const MEDIUM_TOTAL: usize = 256 << 20;
const ONE_PAYLOAD: usize = 512 << 20;

/// Writes a temporary file and returns its path.
pub(crate) fn write(input: Input) -> Fallible<PathBuf> {
    let path = paths::temporary_folder().join(format!("decode-{}.frames", std::process::id()));
    let mut file = BufWriter::with_capacity(1 << 20, File::create(&path)?);
    let mut random = Random(0x5eed);
    match input {
        Input::Ascii => write_small_frames(&mut file, &mut random, ascii_text, <[u8]>::to_vec)?,
        Input::Mixed => write_small_frames(&mut file, &mut random, mixed_text, <[u8]>::to_vec)?,
        Input::Hex => write_small_frames(&mut file, &mut random, ascii_text, |frame| {
            let mut line = hex::encode(frame).into_bytes();
            line.push(b'\n');
            line
        })?,
        Input::HexRun => write_small_frames(&mut file, &mut random, ascii_text, |frame| {
            hex::encode(frame).into_bytes()
        })?,
        Input::HexPairs => write_small_frames(&mut file, &mut random, ascii_text, hex_pairs)?,
        Input::Medium => {
            let mut frame = Vec::new();
            for _ in 0..MEDIUM_TOTAL / MEDIUM_PAYLOAD {
                let text = ascii_text(&mut random, MEDIUM_PAYLOAD);
                frame.clear();
                push_masked_frame(&mut frame, &mut random, 0x81, &text);
                file.write_all(&frame)?;
            }
        }
        Input::One => write_one_frame(&mut file, &mut random)?,
    }
    file.flush()?;
    Ok(path)
}

/// Writes the small frames. `text` makes a text of a given length, and `notation` is applied to
/// each frame.
fn write_small_frames(
    file: &mut impl std::io::Write,
    random: &mut Random,
    text: fn(&mut Random, usize) -> Vec<u8>,
    notation: fn(&[u8]) -> Vec<u8>,
) -> Fallible<()> {
    let mut frame = Vec::new();
    for _ in 0..SMALL_FRAMES {
        let length = 20 + random.below(81);
        let text = text(random, length);
        frame.clear();
        push_masked_frame(&mut frame, random, 0x81, &text);
        file.write_all(&notation(&frame))?;
    }
    Ok(())
}

/// Hexadecimal digits with a space after each pair.
fn hex_pairs(bytes: &[u8]) -> Vec<u8> {
    let pair = |byte: &u8| format!("{byte:02x} ").into_bytes();
    bytes.iter().flat_map(pair).collect()
}

/// Writes the frame of 512 MiB in parts of 1 MiB.
fn write_one_frame(file: &mut impl std::io::Write, random: &mut Random) -> Fallible<()> {
    const PART: usize = 1 << 20;
    let mut header = Vec::new();
    push_header(&mut header, 0x81, 0x80, ONE_PAYLOAD);
    let key = MaskingKey([0x37, 0xfa, 0x21, 0x3d]);
    header.extend_from_slice(&key.0);
    file.write_all(&header)?;
    for _ in 0..ONE_PAYLOAD / PART {
        let mut part = ascii_text(random, PART);
        key.apply(0, &mut part);
        file.write_all(&part)?;
    }
    Ok(())
}

/// `length` bytes of text in several scripts.
fn mixed_text(random: &mut Random, length: usize) -> Vec<u8> {
    const CHARACTERS: [char; 16] = [
        'a', 'e', 'n', 't', ' ', 'é', 'ß', 'ж', 'д', 'λ', '中', '文', '字', '€', '😀', '🦀',
    ];
    let mut text = String::new();
    while text.len() + 4 <= length {
        text.extend(CHARACTERS.get(random.below(CHARACTERS.len())));
    }
    while text.len() < length {
        text.push('.');
    }
    text.into_bytes()
}
