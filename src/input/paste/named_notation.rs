//! A text in the notation that the user named. It is read strictly: a character that is not part of the
//! notation is an error. Only request and response heads, a `>` or `<` at the start of every line, and
//! the words before the first literal are skipped.

use super::chunk::{Chunk, Content};
use super::direction::{self, Sent};
use super::envelope::Envelope;
use super::single_notation::PasteError;
use super::{formats, line_size};
use crate::notation::{Notation, NotationError};

/// The bytes of a text, and the first place that is not in the notation.
pub(in crate::input) fn read(text: &str, notation: Notation) -> (Vec<Chunk>, Option<PasteError>) {
    let mut chunks = Vec::new();
    for run in runs(text) {
        let (literal, lines_before) = match run {
            LineBlock::Head(chunk) => {
                chunks.push(*chunk);
                continue;
            }
            LineBlock::Lines { sent, text, before } => {
                let mut bytes = Vec::new();
                let result = literal(&text, notation, &mut bytes);
                let omitted = notation.omitted_bytes(text.as_bytes());
                let content = Content::Bytes {
                    bytes,
                    notation,
                    omitted,
                };
                chunks.push(Chunk::new(content, sent));
                (result, before)
            }
        };
        if let Err(error) = literal {
            let fault = PasteError { notation, error };
            return (chunks, Some(fault.after_lines(lines_before)));
        }
    }
    (chunks, None)
}

/// Reads one literal. If that fails, the words before it in its first line are skipped.
fn literal(text: &str, notation: Notation, bytes: &mut Vec<u8>) -> Result<(), NotationError> {
    let error = match notation.read(text.as_bytes(), bytes) {
        Ok(()) => return Ok(()),
        Err(error) => error,
    };
    let blanks = text.len() - text.trim_start().len();
    let line = text.get(blanks..).unwrap_or_default();
    let envelope = Envelope::of(line.get(..line_size(line)).unwrap_or_default());
    let mut plain = text.as_bytes().to_vec();
    plain
        .iter_mut()
        .skip(blanks)
        .take(envelope.length)
        .for_each(|byte| *byte = b' ');
    let mut others = Vec::new();
    if notation.read(&plain, &mut others).is_ok() {
        *bytes = others;
        return Ok(());
    }
    Err(error)
}

/// Consecutive lines that are read as one.
enum LineBlock {
    Head(Box<Chunk>),
    Lines {
        sent: Option<Sent>,
        /// The lines, with blanks in place of their marks.
        text: String,
        /// How many lines are before them.
        before: usize,
    },
}

fn runs(text: &str) -> Vec<LineBlock> {
    let is_marked = is_marked(text);
    let mut runs = Vec::new();
    let (mut at, mut lines) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(head) = formats::read_head(rest, true) {
            let size = head.size.max(1);
            lines += rest.get(..size).unwrap_or(rest).lines().count();
            at += size;
            runs.extend(
                head.chunks
                    .into_iter()
                    .map(|chunk| LineBlock::Head(Box::new(chunk))),
            );
            continue;
        }
        let line = rest.get(..line_size(rest)).unwrap_or_default();
        at += line.len();
        add_line(&mut runs, line, is_marked, lines);
        lines += 1;
    }
    runs
}

/// Adds a line to the last block, if it has the same mark.
fn add_line(runs: &mut Vec<LineBlock>, line: &str, is_marked: bool, lines: usize) {
    let mark = Some(line).filter(|_| is_marked).and_then(mark);
    let plain = match mark {
        Some((_, size)) => [
            " ".repeat(size).as_str(),
            line.get(size..).unwrap_or_default(),
        ]
        .concat(),
        None => line.to_owned(),
    };
    let mark = mark.map(|(sent, _)| sent);
    match runs.last_mut() {
        Some(LineBlock::Lines { sent, text, .. }) if *sent == mark || line.trim().is_empty() => {
            text.push_str(&plain);
        }
        _ if line.trim().is_empty() => {}
        _ => runs.push(LineBlock::Lines {
            sent: mark,
            text: plain,
            before: lines,
        }),
    }
}

/// The mark of a line, and its length with the blanks around it.
fn mark(line: &str) -> Option<(Sent, usize)> {
    let rest = line.trim_start();
    let (sent, size) = direction::of_arrow(rest)?;
    Some((sent, line.len() - rest.len() + size))
}

/// Whether the lines of a text are marked. A single `>` is a prompt.
fn is_marked(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let marks: Vec<_> = lines.map(|line| mark(line).map(|(sent, _)| sent)).collect();
    marks.iter().all(Option::is_some) && (marks.len() > 1 || marks.contains(&Some(Sent::In)))
}
