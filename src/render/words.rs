//! Numbers and bytes in decimal and hexadecimal, appended without a string in between.

/// Appends a number in decimal.
pub(super) fn push_number(out: &mut Vec<u8>, number: u64) {
    // Most numbers are the length of a short payload, or the number of a connection.
    if number < 100 {
        let digits = [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8];
        let shown = if number < 10 { 1.. } else { 0.. };
        out.extend_from_slice(digits.get(shown).unwrap_or_default());
        return;
    }
    // A u64 has at most 20 digits.
    let mut digits = [0; 20];
    let mut rest = number;
    let mut first = digits.len();
    for (at, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        first = at;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(first..).unwrap_or_default());
}

/// Appends bytes in hexadecimal without spaces: `0ec3f3cd`.
pub(super) fn push_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        out.extend_from_slice(&hex_digits(*byte));
    }
}

/// Appends bytes in hexadecimal with spaces: `0e c3 f3 cd`.
pub(super) fn push_spaced_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(&hex_digits(*byte));
    }
}

/// Bytes in hexadecimal with spaces, for a sentence.
pub fn hex(bytes: &[u8]) -> String {
    written(|out| push_spaced_hex(out, bytes))
}

/// The two digits of a byte.
pub(super) fn hex_digits(byte: u8) -> [u8; 2] {
    // Without a branch, for the digits of a masking key are random.
    const AFTER_NINE: u8 = b'a' - b'9' - 1;
    [byte >> 4, byte & 0xf].map(|value| b'0' + value + u8::from(value > 9) * AFTER_NINE)
}

/// Appends a count of bytes: `1 byte`, `7 bytes`.
pub(super) fn push_bytes(out: &mut Vec<u8>, count: u64) {
    push_number(out, count);
    out.extend_from_slice(if count == 1 { b" byte" } else { b" bytes" });
}

/// A count of bytes, for a sentence.
pub(super) fn byte_count(count: u64) -> String {
    written(|out| push_bytes(out, count))
}

fn written(push: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    push(&mut out);
    String::from_utf8(out).expect("digits and words are ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_the_standard_library_writes_it() {
        for number in [0, 1, 9, 10, 99, 100, 65_535, u64::MAX >> 1, u64::MAX] {
            let mut out = Vec::new();
            push_number(&mut out, number);
            assert_eq!(out, number.to_string().into_bytes());
        }
    }

    #[test]
    fn bytes_are_pairs_of_digits() {
        assert_eq!(hex(b"\x0e\xc3\xff"), "0e c3 ff");
        assert_eq!(hex(b""), "");
    }
}
