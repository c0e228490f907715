//! Numbers of bytes that words tell: `recv 7 bytes`, `len:31`.

/// The number of bytes that the first `size` bytes of a text say: `recv 7 bytes:`.
pub(super) fn byte_count(text: &str, size: usize) -> Option<u64> {
    let part = text.get(..size)?;
    let start = part.find(|char: char| char.is_ascii_digit())?;
    let digits = text.get(start..)?;
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let unit = digits.get(length..)?.trim_start();
    let is_unit = ["bytes", "Bytes", "byte ", "字节"];
    let is_unit = is_unit.iter().any(|name| unit.starts_with(name));
    let count = digits.get(..length)?.parse().ok()?;
    is_unit.then_some(count)
}

pub(super) fn is_count_word(words: &str) -> bool {
    let words = words.trim_end_matches([':', '=', ' ', '(']);
    let last = words
        .rsplit(|char: char| !char.is_alphabetic())
        .next()
        .unwrap_or_default();
    ["len", "length", "size", "count", "bytes", "nbytes", "长度"]
        .iter()
        .any(|word| last.eq_ignore_ascii_case(word))
        || last == "n"
}
