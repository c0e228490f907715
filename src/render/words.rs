//! Sentences broken into lines.

/// The text with line breaks, so that no line is wider than `width` characters unless a
/// single word is.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    let mut lines = String::with_capacity(text.len());
    let mut column = 0;
    for word in text.split(' ') {
        let size = word.chars().count();
        if column > 0 && column + 1 + size > width {
            lines.push('\n');
            column = 0;
        } else if column > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += size;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_between_words() {
        assert_eq!(wrapped("one two three", 7), "one two\nthree");
        assert_eq!(wrapped("one two three", 6), "one\ntwo\nthree");
        assert_eq!(wrapped("incomprehensible a", 4), "incomprehensible\na");
        assert_eq!(wrapped("", 4), "");
    }
}
