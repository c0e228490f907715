//! A Buffer as Node prints it: `<Buffer 81 87 0e … 37 more bytes>`. `Notation` uses it.

use super::error::NotationError;

const OPENING: &[u8] = b"<Buffer";

/// The number of omitted bytes if the text does not say how many.
pub const UNKNOWN_COUNT: u64 = u64::MAX;

/// Whether a text is a Buffer.
pub(super) fn looks_like(text: &[u8]) -> bool {
    text.starts_with(OPENING)
}

/// Reads the bytes of a Buffer. Returns how many more bytes it had, which Node did not print.
pub(super) fn read(text: &[u8], start: usize, bytes: &mut Vec<u8>) -> Result<u64, NotationError> {
    let error = |at, expected| NotationError::new(text, at, expected);
    let rest = text.get(start..).unwrap_or_default();
    if !looks_like(rest) {
        return Err(error(start, "<Buffer"));
    }
    let mut at = start + OPENING.len();
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let word = rest.trim_ascii_start();
        at += rest.len() - word.len();
        match word {
            [b'>', after @ ..] => {
                let closes = |byte: &u8| byte.is_ascii_whitespace() || b",;)}]".contains(byte);
                let end = after.iter().position(|byte| !closes(byte));
                return end.map_or(Ok(0), |end| Err(error(at + 1 + end, "the end")));
            }
            [b'.', b'.', b'.', ..] | [0xe2, 0x80, 0xa6, ..] => {
                return omitted_bytes(word)
                    .ok_or_else(|| error(at, "... and how many more bytes>"));
            }
            [high, low, b' ' | b'\n' | b'\r' | b'\t' | b'>', ..] => {
                let pair = hex::decode([*high, *low]);
                bytes.extend(pair.map_err(|_| error(at, "two hexadecimal digits"))?);
                at += 2;
            }
            _ => return Err(error(at, "two hexadecimal digits, or >")),
        }
    }
}

/// Writes bytes as Node prints them, but always all of them.
pub(super) fn write(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("<Buffer {}>", pairs.join(" "))
}

/// The number in `... 37 more bytes>`; [`UNKNOWN_COUNT`] for `...>`, which people write.
fn omitted_bytes(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?.trim_end();
    let text = text.trim_end_matches([',', ';', ')', '}', ']']);
    let after = text
        .strip_prefix("...")
        .or_else(|| text.strip_prefix('…'))?;
    let count = after.strip_suffix('>')?.trim();
    if count.is_empty() {
        return Some(UNKNOWN_COUNT);
    }
    count
        .strip_suffix(" more bytes")
        .or_else(|| count.strip_suffix(" more byte"))?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Result<(Vec<u8>, u64), (Vec<u8>, String)> {
        let mut bytes = Vec::new();
        match read(text.as_bytes(), 0, &mut bytes) {
            Ok(omitted_bytes) => Ok((bytes, omitted_bytes)),
            Err(error) => Err((bytes, error.to_string())),
        }
    }

    #[test]
    fn whole_and_cut() {
        assert_eq!(bytes("<Buffer 81 05 48>"), Ok((vec![0x81, 5, 0x48], 0)));
        assert_eq!(
            bytes("<Buffer 81 05\n  48 ... 37 more bytes>\n"),
            Ok((vec![0x81, 5, 0x48], 37))
        );
        assert_eq!(bytes("<Buffer 81 ... 1 more byte>"), Ok((vec![0x81], 1)));
        assert_eq!(bytes("<Buffer >"), Ok((vec![], 0)));
    }

    #[test]
    fn what_is_no_buffer() {
        let fault = |message: &str| Err((vec![0x81], message.to_owned()));
        assert_eq!(
            bytes("<Buffer 81 5>"),
            fault("column 12: expected two hexadecimal digits, or >, found `5`")
        );
        assert_eq!(
            bytes("<Buffer 81 zz>"),
            fault("column 12: expected two hexadecimal digits, found `z`")
        );
        assert_eq!(
            bytes("<Buffer 81"),
            Err((
                vec![],
                "column 9: expected two hexadecimal digits, or >, found `8`".into()
            ))
        );
        assert_eq!(
            bytes("<Buffer 81 ... many>"),
            fault("column 12: expected ... and how many more bytes>, found `.`")
        );
    }
}
