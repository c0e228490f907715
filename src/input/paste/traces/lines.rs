//! The lines of a trace, for the readers of formats.

/// The lines of a text, each without its end, with the offset after it.
#[derive(Clone, Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lines<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = (&'t str, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let size = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        self.at += size;
        let line = rest.get(..size)?;
        let line = line.strip_suffix('\n').unwrap_or(line);
        Some((line.strip_suffix('\r').unwrap_or(line), self.at))
    }
}

/// The first line of a text, without its end.
pub(super) fn first_line(text: &str) -> &str {
    Lines::new(text).next().map_or("", |(line, _)| line)
}

/// The bytes of a string with the escapes of C: `\n`, `\201`, `\x81`, `\"`. `text` begins after
/// the opening quote; returns also how long the text is up to the closing one. None if there is no
/// closing quote, or an escape is wrong.
pub(super) fn c_string(text: &str, quote: u8) -> Option<(Vec<u8>, usize)> {
    let mut bytes = Vec::new();
    let source = text.as_bytes();
    let mut at = 0;
    loop {
        let byte = *source.get(at)?;
        at += 1;
        if byte == quote {
            return Some((bytes, at - 1));
        }
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let escaped = *source.get(at)?;
        at += 1;
        bytes.push(match escaped {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0b,
            b'f' => 0x0c,
            b'a' => 0x07,
            b'b' => 0x08,
            b'e' => 0x1b,
            b'x' => {
                let digits = text.get(at..at + 2)?;
                at += 2;
                u8::from_str_radix(digits, 16).ok()?
            }
            b'0'..=b'7' => {
                let digits = source.get(at - 1..).unwrap_or_default().iter().take(3);
                let size = digits
                    .take_while(|digit| matches!(digit, b'0'..=b'7'))
                    .count();
                let digits = text.get(at - 1..at - 1 + size)?;
                at += size - 1;
                u8::from_str_radix(digits, 8).ok()?
            }
            other => other,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_no_ends() {
        let lines: Vec<_> = Lines::new("a\r\n\nb").collect();
        assert_eq!(lines, [("a", 3), ("", 4), ("b", 5)]);
    }

    #[test]
    fn escapes_of_c_are_bytes() {
        let text = r#"\201\5H\x65\"\n" rest"#;
        let (bytes, size) = c_string(text, b'"').unwrap();
        assert_eq!((bytes.as_slice(), size), (&b"\x81\x05He\"\n"[..], 15));
        assert_eq!(c_string(r"\0012", b'"'), None);
        assert_eq!(c_string(r#"\0012""#, b'"'), Some((b"\x012".to_vec(), 5)));
        assert_eq!(c_string(r#"\xzz""#, b'"'), None);
    }
}
