//! Text in lines that are not wider than a screen.

/// The words of a text in lines of at most `width` characters; only a word that is longer
/// by itself is wider. Code between backquotes is one word. Where several spaces follow one
/// another, which a quoted payload may have, all are kept but the one that a line ends at.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(text) {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.extend([" ", word]);
            }
            _ => lines.push(word.to_owned()),
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

/// Appends a text behind what takes up `indent` columns of the line already; its further
/// lines begin below its first.
pub(super) fn push_hanging(out: &mut Vec<u8>, text: &str, indent: usize, width: usize) {
    push_lines(out, &wrap(text, width.saturating_sub(indent)), indent);
}

/// Appends lines behind what takes up `indent` columns already, one below the other.
pub(super) fn push_lines(out: &mut Vec<u8>, lines: &[String], indent: usize) {
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            push_blanks(out, indent);
        }
        out.extend_from_slice(line.as_bytes());
        out.push(b'\n');
    }
}

/// Two texts side by side, each going on below itself: the left one in `left_width`
/// columns, and two columns apart from it the right one in what is left of `width`.
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
        .map(|at| format!("{:gap$}{}", line(&left, at), line(&right, at)))
        .map(|row| row.trim_end().to_owned())
        .collect()
}

/// Appends so many blanks.
pub(super) fn push_blanks(out: &mut Vec<u8>, count: usize) {
    out.resize(out.len() + count, b' ');
}

/// How many columns a text of ours takes up: it has no wide characters.
pub(super) fn columns(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_long_as_they_may_be() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("one two three", 6), ["one", "two", "three"]);
        assert_eq!(wrap("a 0011223344 b", 4), ["a", "0011223344", "b"]);
        assert_eq!(wrap("… … …", 3), ["… …", "…"]);
        assert_eq!(wrap("", 7), [""; 0]);
    }

    #[test]
    fn spaces_of_a_payload_are_kept() {
        assert_eq!(wrap("\"a   b\" c", 9), ["\"a   b\" c"]);
        assert_eq!(wrap("\"a   b\"", 3), ["\"a ", " b\""]);
    }

    #[test]
    fn code_stays_together() {
        assert_eq!(wrap("so `a < b` is", 9), ["so", "`a < b`", "is"]);
        assert_eq!(wrap("`a < b` c", 9), ["`a < b` c"]);
    }

    #[test]
    fn further_lines_hang_below_the_first() {
        let mut out = b"why  ".to_vec();
        push_hanging(&mut out, "one two three", 5, 12);
        assert_eq!(out, b"why  one two\n     three\n");
    }

    #[test]
    fn two_texts_side_by_side() {
        assert_eq!(
            side_by_side("Chrome, of LF", 7, "Invalid frame header", 20),
            ["Chrome,  Invalid", "of LF    frame", "         header"]
        );
        assert_eq!(side_by_side("a long one", 6, "b", 20), ["a long  b", "one"]);
    }
}
