//! Sizes in bytes, as people write them.

use std::num::{IntErrorKind, ParseIntError};

/// Reads `65536`, `64k`, `64M`, `64MiB` or `1G`; a letter counts in powers of 1024.
///
/// # Errors
///
/// A sentence that says what was expected.
pub(super) fn parse(text: &str) -> Result<usize, String> {
    let end = text
        .find(|char: char| !char.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let factor: usize = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err(expected()),
    };
    let too_large = || format!("expected at most {} bytes", usize::MAX);
    let number: usize = digits
        .parse()
        .map_err(|why: ParseIntError| match why.kind() {
            IntErrorKind::PosOverflow => too_large(),
            _ => expected(),
        })?;
    number.checked_mul(factor).ok_or_else(too_large)
}

fn expected() -> String {
    "expected a number of bytes, as 65536, 64k, 64M or 1G".to_owned()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn letters_are_powers_of_1024() {
        assert_eq!(parse("0"), Ok(0));
        assert_eq!(parse("65536"), Ok(65536));
        assert_eq!(parse("64k"), Ok(65536));
        assert_eq!(parse("64MiB"), Ok(64 << 20));
        assert_eq!(parse("1G"), Ok(1 << 30));
    }

    #[test]
    fn what_is_no_size() {
        for text in ["", "k", "-1", "1.5M", "64X"] {
            assert!(
                parse(text).unwrap_err().starts_with("expected a number"),
                "{text}"
            );
        }
        for text in ["9999999999999G", "99999999999999999999"] {
            assert!(parse(text).unwrap_err().contains("at most"), "{text}");
        }
    }
}
