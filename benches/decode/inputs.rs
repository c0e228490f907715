//! The files that are decoded, the same in every run.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use wsctl::ws::MaskingKey;

use super::Fallible;
use super::frames::{self, Random};
use super::program;

/// What a file contains.
#[derive(Clone, Copy)]
pub(crate) enum Input {
    /// A million frames of 20 to 100 bytes of ASCII.
    Ascii,
    /// The same with letters of two to four bytes.
    Mixed,
    /// The first one as hexadecimal digits, a line for each frame.
    Hex,
    /// All of its digits in one line.
    HexRun,
    /// In one line too, with a space behind each pair.
    HexPairs,
    /// 256 MiB in frames of 64 KiB.
    Medium,
    /// One frame of 512 MiB.
    One,
}

const FRAMES: usize = 1_000_000;
const MEDIUM: usize = 64 << 10;
const ALL_MEDIUM: usize = 256 << 20;
const ONE: usize = 512 << 20;

/// Writes such a file, and says where it is.
pub(crate) fn write(input: Input) -> Fallible<PathBuf> {
    let path = program::folder().join(format!("decode-{}.frames", std::process::id()));
    let mut file = BufWriter::with_capacity(1 << 20, File::create(&path)?);
    let mut random = Random(0x5eed);
    match input {
        Input::Ascii => small(&mut file, &mut random, frames::ascii, <[u8]>::to_vec)?,
        Input::Mixed => small(&mut file, &mut random, mixed, <[u8]>::to_vec)?,
        Input::Hex => small(&mut file, &mut random, frames::ascii, |frame| {
            let mut line = hex::encode(frame).into_bytes();
            line.push(b'\n');
            line
        })?,
        Input::HexRun => small(&mut file, &mut random, frames::ascii, |frame| {
            hex::encode(frame).into_bytes()
        })?,
        Input::HexPairs => small(&mut file, &mut random, frames::ascii, pairs)?,
        Input::Medium => {
            let mut frame = Vec::new();
            for _ in 0..ALL_MEDIUM / MEDIUM {
                let text = frames::ascii(&mut random, MEDIUM);
                frame.clear();
                frames::masked(&mut frame, &mut random, 0x81, &text);
                file.write_all(&frame)?;
            }
        }
        Input::One => one(&mut file, &mut random)?,
    }
    file.flush()?;
    Ok(path)
}

/// Writes the small frames, of texts made this way and written that way.
fn small(
    file: &mut impl std::io::Write,
    random: &mut Random,
    text: fn(&mut Random, usize) -> Vec<u8>,
    notation: fn(&[u8]) -> Vec<u8>,
) -> Fallible<()> {
    let mut frame = Vec::new();
    for _ in 0..FRAMES {
        let length = 20 + random.below(81);
        let text = text(random, length);
        frame.clear();
        frames::masked(&mut frame, random, 0x81, &text);
        file.write_all(&notation(&frame))?;
    }
    Ok(())
}

/// The digits of bytes, with a space behind each pair.
fn pairs(bytes: &[u8]) -> Vec<u8> {
    let pair = |octet: &u8| format!("{octet:02x} ").into_bytes();
    bytes.iter().flat_map(pair).collect()
}

/// Writes the frame of 512 MiB, of which a part at a time is in memory.
fn one(file: &mut impl std::io::Write, random: &mut Random) -> Fallible<()> {
    const PART: usize = 1 << 20;
    let mut header = Vec::new();
    frames::header(&mut header, 0x81, 0x80, ONE);
    let key = MaskingKey([0x37, 0xfa, 0x21, 0x3d]);
    header.extend_from_slice(&key.0);
    file.write_all(&header)?;
    for _ in 0..ONE / PART {
        let mut part = frames::ascii(random, PART);
        key.apply(0, &mut part);
        file.write_all(&part)?;
    }
    Ok(())
}

/// So many bytes of text in several scripts.
fn mixed(random: &mut Random, length: usize) -> Vec<u8> {
    const LETTERS: [char; 16] = [
        'a', 'e', 'n', 't', ' ', 'é', 'ß', 'ж', 'д', 'λ', '中', '文', '字', '€', '😀', '🦀',
    ];
    let mut text = String::new();
    while text.len() + 4 <= length {
        text.extend(LETTERS.get(random.below(LETTERS.len())));
    }
    while text.len() < length {
        text.push('.');
    }
    text.into_bytes()
}
