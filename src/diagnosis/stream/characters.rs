//! How much of a text so many characters are.

/// How many bytes the first `count` characters take, if there are so many.
pub(super) fn size_of_characters(text: &[u8], count: u64) -> Option<u64> {
    let text = valid_part(text);
    let mut ends = text.char_indices().map(|(at, char)| at + char.len_utf8());
    let end = ends.nth(usize::try_from(count).ok()?.checked_sub(1)?)?;
    Some(end as u64)
}

/// How many bytes the characters take that make up `count` units of UTF-16.
pub(super) fn size_of_units(text: &[u8], count: u64) -> Option<u64> {
    let mut units = 0;
    for (at, char) in valid_part(text).char_indices() {
        units += char.len_utf16() as u64;
        if units == count {
            return Some((at + char.len_utf8()) as u64);
        }
    }
    None
}

/// The text as far as it is UTF-8.
fn valid_part(text: &[u8]) -> &str {
    let chunk = text.utf8_chunks().next();
    chunk.map_or("", |chunk| chunk.valid())
}
