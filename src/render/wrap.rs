//! Breaks text into lines for a terminal. Findings, rule pages and the log use it.
//!
//! Widths are in columns: a Chinese character or an emoji takes two, a combining mark none.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Breaks a text at spaces into lines of at most `width` columns.
///
/// Code between backquotes is not broken. A word that is wider than a line is broken between
/// wide characters, as Chinese and Japanese are; without such a place it is a line by
/// itself. Of several spaces, which a quoted payload may contain, only the one at the break
/// is removed.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(text) {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.extend([" ", word]);
            }
            _ => push_word(&mut lines, word, width),
        }
    }
    lines
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    let ends = move |char: char| {
        is_code ^= char == '`';
        char == ' ' && !is_code
    };
    text.split(ends).skip(usize::from(text.is_empty()))
}

/// Adds a word as a line, or as several if it is too wide and may be broken.
fn push_word(lines: &mut Vec<String>, word: &str, width: usize) {
    let mut rest = word;
    while columns(rest) > width {
        let fits = |end: &usize| columns(rest.get(..*end).unwrap_or_default()) <= width;
        let Some(end) = breaks(rest).take_while(fits).last() else {
            break;
        };
        let (line, after) = rest.split_at(end);
        lines.push(line.to_owned());
        rest = after;
    }
    lines.push(rest.to_owned());
}

/// The offsets at which a word may be broken: next to a wide character, but not inside what
/// is displayed as one (an emoji with its joiners and selectors, a letter with its accent).
fn breaks(word: &str) -> impl Iterator<Item = usize> {
    let chars = word.char_indices().zip(word.chars().skip(1));
    chars.filter_map(|((at, before), after)| {
        let is_wide = width_of(before) == 2 || width_of(after) == 2;
        let is_joined = before == ZERO_WIDTH_JOINER || width_of(after) == 0;
        (is_wide && !is_joined).then_some(at + before.len_utf8())
    })
}

/// Joins emoji, as in a family or a profession.
const ZERO_WIDTH_JOINER: char = '\u{200d}';

fn width_of(char: char) -> usize {
    char.width().unwrap_or(0)
}

/// Appends a text after `indent` columns of the current line; the following lines are
/// indented to the same column.
pub(super) fn push_hanging(out: &mut Vec<u8>, text: &str, indent: usize, width: usize) {
    push_lines(out, &wrap(text, width.saturating_sub(indent)), indent);
}

/// Appends lines after `indent` columns of the current line, all at the same column.
pub(super) fn push_lines(out: &mut Vec<u8>, lines: &[String], indent: usize) {
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            push_blanks(out, indent);
        }
        out.extend_from_slice(line.as_bytes());
        out.push(b'\n');
    }
}

/// Two texts side by side, each wrapped: the left one in `left_width` columns, the right
/// one, two columns after it, in the rest of `width`.
pub(super) fn side_by_side(
    left: &str,
    left_width: usize,
    right: &str,
    width: usize,
) -> Vec<String> {
    let gap = left_width + 2;
    let (left, right) = (
        wrap(left, left_width),
        wrap(right, width.saturating_sub(gap)),
    );
    let line = |lines: &[String], at: usize| lines.get(at).cloned().unwrap_or_default();
    (0..left.len().max(right.len()))
        .map(|at| padded(&line(&left, at), gap) + &line(&right, at))
        .map(|row| row.trim_end().to_owned())
        .collect()
}

/// The text, with blanks after it up to `width` columns.
fn padded(text: &str, width: usize) -> String {
    let blanks = width.saturating_sub(columns(text));
    [text, &" ".repeat(blanks)].concat()
}

/// Appends `count` blanks.
pub(super) fn push_blanks(out: &mut Vec<u8>, count: usize) {
    out.resize(out.len() + count, b' ');
}

/// How many columns a text takes on a terminal.
pub(super) fn columns(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.width()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_filled_up_to_the_width() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("one two three", 6), ["one", "two", "three"]);
        assert_eq!(wrap("a 0011223344 b", 4), ["a", "0011223344", "b"]);
        assert_eq!(wrap("… … …", 3), ["… …", "…"]);
        assert_eq!(wrap("", 7), [""; 0]);
    }

    #[test]
    fn a_wide_character_takes_two_columns_and_a_combining_mark_none() {
        assert_eq!(columns("天气"), 4);
        assert_eq!(columns("cafe\u{301}"), 4);
        assert_eq!(columns("👩\u{200d}💻"), 2);
        assert_eq!(wrap("天气 很好", 8), ["天气", "很好"]);
        assert_eq!(wrap("天气 很好", 9), ["天气 很好"]);
        assert_eq!(wrap("e\u{301}e\u{301} a", 4), ["e\u{301}e\u{301} a"]);
    }

    #[test]
    fn a_word_too_wide_for_a_line_is_broken_between_wide_characters() {
        assert_eq!(
            wrap("\"今天天气很好\" (7)", 8),
            ["\"今天天", "气很好\"", "(7)"]
        );
        assert_eq!(wrap("🎉🎉👩\u{200d}💻", 5), ["🎉🎉", "👩\u{200d}💻"]);
        assert_eq!(wrap("天e\u{301}天", 2), ["天", "e\u{301}", "天"]);
        assert_eq!(wrap("天", 1), ["天"]);
    }

    #[test]
    fn no_line_of_chinese_is_wider_than_a_screen() {
        let text = "服务器收到的消息不是文本，".repeat(40);
        for width in 2..=120 {
            for line in wrap(&text, width) {
                assert!(columns(&line) <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn spaces_of_a_payload_are_kept() {
        assert_eq!(wrap("\"a   b\" c", 9), ["\"a   b\" c"]);
        assert_eq!(wrap("\"a   b\"", 3), ["\"a ", " b\""]);
    }

    #[test]
    fn code_is_not_broken() {
        assert_eq!(wrap("so `a < b` is", 9), ["so", "`a < b`", "is"]);
        assert_eq!(wrap("`a < b` c", 9), ["`a < b` c"]);
    }

    #[test]
    fn following_lines_are_indented_to_the_first() {
        let mut out = b"why  ".to_vec();
        push_hanging(&mut out, "one two three", 5, 12);
        assert_eq!(out, b"why  one two\n     three\n");
    }

    #[test]
    fn two_texts_are_wrapped_side_by_side() {
        assert_eq!(
            side_by_side("Chrome, of LF", 7, "Invalid frame header", 20),
            ["Chrome,  Invalid", "of LF    frame", "         header"]
        );
        assert_eq!(side_by_side("a long one", 6, "b", 20), ["a long  b", "one"]);
        assert_eq!(side_by_side("天", 4, "b", 20), ["天    b"]);
    }
}
