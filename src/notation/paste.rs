//! What is pasted where octets are expected: heads of HTTP in front of them, and marks in
//! front of the lines that say who sent them.

use super::transcript::Start;
use super::{Notation, NotationError};

/// The mark in front of a line, as `curl -v` sets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `>`: it went out.
    Out,
    /// `<`: it came in.
    In,
}

/// Octets that somebody sent in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which way they went, where the lines are marked.
    pub mark: Option<Mark>,
    /// The octets.
    pub octets: Vec<u8>,
}

/// All that was read of a text.
#[derive(Debug, PartialEq, Eq)]
pub struct Paste {
    /// The octets, in their order.
    pub runs: Vec<Run>,
    /// The notation of those that are in one; None if there are only heads.
    pub notation: Option<Notation>,
    /// Where reading stopped.
    pub fault: Option<(Notation, NotationError)>,
}

impl Paste {
    /// Reads a text: lines marked with `>` and `<`, or unmarked ones; in each direction
    /// heads of HTTP first, then octets in the notation that was said, or that they seem
    /// to be in.
    pub fn read(text: &[u8], said: Option<Notation>) -> Self {
        let mut paste = Self {
            runs: Vec::new(),
            notation: None,
            fault: None,
        };
        for Lines { mark, before, text } in split(text) {
            let mut octets = Vec::new();
            let rest = take_heads(&text, &mut octets);
            if octets.is_empty() || !rest.trim_ascii().is_empty() {
                let notation = said.unwrap_or_else(|| notation_of(&rest));
                paste.notation.get_or_insert(notation);
                let fault = notation.read(&rest, &mut octets).err();
                paste.fault = fault.map(|fault| (notation, fault.behind_lines(before)));
            }
            paste.runs.push(Run { mark, octets });
            if paste.fault.is_some() {
                break;
            }
        }
        paste
    }
}

/// The notation that a text seems to be in; hexadecimal if it can be read so, and not as
/// what it seems.
fn notation_of(text: &[u8]) -> Notation {
    let seems = Notation::guess(text);
    let reads = |notation: Notation| notation.read(text, &mut Vec::new()).is_ok();
    if seems == Notation::Hexdump && !reads(seems) && reads(Notation::Hex) {
        return Notation::Hex;
    }
    seems
}

/// Lines that have the same mark, with a space in its place.
struct Lines {
    mark: Option<Mark>,
    /// How many lines stand in front of them.
    before: usize,
    text: Vec<u8>,
}

/// The runs of lines that have the same mark.
fn split(text: &[u8]) -> Vec<Lines> {
    if !is_marked(text) {
        return vec![Lines {
            mark: None,
            before: 0,
            text: text.to_vec(),
        }];
    }
    let mut runs: Vec<Lines> = Vec::new();
    let lines = text.split_inclusive(|octet| *octet == b'\n');
    for (lines_before, line) in lines.enumerate() {
        let mark = mark(line);
        if mark.is_some() && runs.last().map(|run| run.mark) != Some(mark) {
            runs.push(Lines {
                mark,
                before: lines_before,
                text: Vec::new(),
            });
        }
        if let Some(Lines { text: run, .. }) = runs.last_mut() {
            let unmarked = mark.map(|_| line.split_at(mark_at(line) + 1));
            match unmarked {
                Some((before, rest)) => {
                    run.resize(run.len() + before.len(), b' ');
                    run.extend_from_slice(rest);
                }
                // Remarks, and nothing.
                None => run.push(b'\n'),
            }
        }
    }
    runs
}

/// Whether the lines of a text are marked. A single `>` may be a prompt; `<` is none, nor
/// is one in front of a head, nor are several.
fn is_marked(text: &[u8]) -> bool {
    let mut has_sign = false;
    let mut outgoing = 0;
    for line in text.split(|octet| *octet == b'\n') {
        let line = line.trim_ascii();
        let is_remark = matches!(line, [b'*' | b'{' | b'}', ..]) || line.is_empty();
        match mark(line) {
            None if is_remark => {}
            None => return false,
            Some(Mark::In) => has_sign = true,
            Some(Mark::Out) => {
                outgoing += 1;
                has_sign |= outgoing > 1 || Start::of(line.get(1..).unwrap_or_default()).is_some();
            }
        }
    }
    has_sign
}

/// The mark of a line, and the line without it and the space behind it.
pub(super) fn marked(line: &[u8]) -> Option<(Mark, &[u8])> {
    let mark = mark(line)?;
    let rest = line.get(mark_at(line) + 1..).unwrap_or_default();
    Some((mark, rest.strip_prefix(b" ").unwrap_or(rest)))
}

fn mark(line: &[u8]) -> Option<Mark> {
    let (sign, rest) = line.get(mark_at(line)..)?.split_first()?;
    let stands_alone = rest.first().is_none_or(u8::is_ascii_whitespace);
    match sign {
        b'>' if stands_alone => Some(Mark::Out),
        b'<' if stands_alone => Some(Mark::In),
        _ => None,
    }
}

/// Where the first character of a line stands.
fn mark_at(line: &[u8]) -> usize {
    line.len() - line.trim_ascii_start().len()
}

/// Appends the heads that a text begins with, as they are on the wire; what is left of the
/// text has empty lines in their place.
fn take_heads(text: &[u8], octets: &mut Vec<u8>) -> Vec<u8> {
    let mut rest = Vec::new();
    let mut in_head = false;
    let mut lines = text.split_inclusive(|octet| *octet == b'\n');
    for line in lines.by_ref() {
        let content = line.trim_ascii();
        let is_header = in_head && content.contains(&b':');
        if Start::of(content).is_some() || is_header {
            in_head = true;
            octets.extend_from_slice(content);
            octets.extend_from_slice(b"\r\n");
        } else if content.is_empty() && (in_head || octets.is_empty()) {
            if std::mem::take(&mut in_head) {
                octets.extend_from_slice(b"\r\n");
            }
        } else if !content.is_empty() {
            rest.extend_from_slice(line);
            break;
        }
        rest.push(b'\n');
    }
    if in_head {
        // The blank line is easily lost when a text is copied.
        octets.extend_from_slice(b"\r\n");
    }
    if octets.is_empty() {
        return text.to_vec();
    }
    rest.extend(lines.flatten());
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(text: &str) -> Vec<(Option<Mark>, Vec<u8>)> {
        let paste = Paste::read(text.as_bytes(), None);
        assert_eq!(paste.fault, None);
        let runs = paste.runs.into_iter();
        runs.map(|run| (run.mark, run.octets)).collect()
    }

    #[test]
    fn a_text_without_marks_is_one_run() {
        assert_eq!(runs("81 00"), [(None, b"\x81\0".to_vec())]);
        // A prompt is no mark.
        assert_eq!(runs("> 81 00"), [(None, b"\x81\0".to_vec())]);
    }

    #[test]
    fn several_lines_with_the_same_mark_are_marked() {
        let octets = b"\x81\x80\x01\x02\x03\x04\x8a\0".to_vec();
        assert_eq!(
            runs("> 8180 01020304\n> 8a00\n"),
            [(Some(Mark::Out), octets)]
        );
        assert_eq!(
            runs("< 0000\n< 8000\n"),
            [(Some(Mark::In), b"\0\0\x80\0".to_vec())]
        );
    }

    #[test]
    fn marks_tell_two_directions() {
        assert_eq!(
            runs(
                "> 81 80\n> 01 02 03 04\n\n< b'\\x81\\x00'\n* closed\n< b'\\x88\\x00'\n>\n> 8800\n"
            ),
            [
                (Some(Mark::Out), b"\x81\x80\x01\x02\x03\x04".to_vec()),
                (Some(Mark::In), b"\x81\0\x88\0".to_vec()),
                (Some(Mark::Out), b"\x88\0".to_vec()),
            ]
        );
    }

    #[test]
    fn heads_stand_in_front_of_octets() {
        let head = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".to_vec();
        assert_eq!(runs("GET / HTTP/1.1\nHost: a\n"), [(None, head.clone())]);
        let with = |octets: &[u8]| [&head[..], octets].concat();
        assert_eq!(
            runs("GET / HTTP/1.1\nHost: a\n\n81 00"),
            [(None, with(b"\x81\0"))]
        );
        assert_eq!(
            runs("> GET / HTTP/1.1\r\n> Host: a\r\n> \r\n> 81 00"),
            [(Some(Mark::Out), with(b"\x81\0"))]
        );
        let both = "GET / HTTP/1.1\nHost: a\n\nHTTP/1.1 101 x\n\n81 00";
        let both_octets = with(b"HTTP/1.1 101 x\r\n\r\n\x81\0");
        assert_eq!(runs(both), [(None, both_octets)]);
    }

    #[test]
    fn a_fault_has_its_place_in_the_whole_text() {
        let paste = Paste::read(b"< 81 00\n> 82 0z\n", None);
        let (_, fault) = paste.fault.unwrap();
        assert_eq!((fault.line, fault.column), (2, 7));
        assert_eq!(paste.runs[1].octets, b"\x82");
        let paste = Paste::read(b"GET / HTTP/1.1\n\n82 0z\n", None);
        let (_, fault) = paste.fault.unwrap();
        assert_eq!((fault.line, fault.column), (3, 5));
    }
}
