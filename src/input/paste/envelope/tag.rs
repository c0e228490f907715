//! Tags in brackets: `[main]`, `(28)`, `<logger>`.

use crate::input::paste::timestamp;

/// The length of a group in brackets that is a tag and no bytes: `[main]`, `(28)`, `<logger>`.
pub(super) fn tag(text: &str) -> Option<usize> {
    let close = match text.as_bytes().first()? {
        b'[' => ']',
        b'(' => ')',
        b'<' => '>',
        b'{' => '}',
        _ => return None,
    };
    let end = text
        .get(..text.len().min(LONGEST_TAG))
        .unwrap_or(text)
        .find(close)?;
    let inside = text.get(1..end)?;
    let after = text.get(end + 1..)?.trim_start();
    let is_angle = close == '>';
    let has_letter = inside
        .chars()
        .any(|char| char.is_alphabetic() && !char.is_ascii_hexdigit());
    let is_named = !is_angle || (has_letter && !inside.starts_with("Buffer"));
    let is_cast = close == ')'
        && CASTS.contains(&inside)
        && after.starts_with(|char: char| char.is_ascii_digit() || char == '-');
    let is_tag = is_named
        && !is_cast
        && !is_bytes(inside)
        && !inside.contains("0x")
        && !after.is_empty()
        && !inside.contains(['\'', '"', '\\', '{', '[']) | is_address(inside);
    is_tag.then_some(end + 1)
}

const CASTS: &[&str] = &["byte", "sbyte", "char", "unsigned char", "uint8_t", "u8"];

/// No tag of a log is as long.
pub(super) const LONGEST_TAG: usize = 120;

/// `'127.0.0.1', 51034`, as Python prints an address.
fn is_address(inside: &str) -> bool {
    let Some((host, port)) = inside.rsplit_once(',') else {
        return false;
    };
    host.trim_matches(['\'', '"'])
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".:-".contains(&byte))
        && port.trim().bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether what stands in brackets is a list of bytes: several numbers.
fn is_bytes(inside: &str) -> bool {
    let mut items = inside
        .split([',', ' '])
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .peekable();
    let is_number = |item: &str| {
        let digits = item
            .strip_prefix("0x")
            .or(item.strip_prefix('-'))
            .unwrap_or(item);
        digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
            || digits.len() == 8 && digits.bytes().all(|byte| matches!(byte, b'0' | b'1'))
    };
    let is_one = inside.trim().bytes().all(|byte| byte.is_ascii_digit());
    let is_time = timestamp::length(inside.trim()).is_some();
    !is_one && !is_time && items.peek().is_some() && items.all(is_number)
}
