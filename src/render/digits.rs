//! Numbers and bytes as digits, written where they belong without a string in between.

/// Appends a number in decimal.
pub(super) fn push_number(out: &mut Vec<u8>, number: u64) {
    // The most digits that a u64 has.
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

/// Appends bytes in hexadecimal, with nothing between them.
pub(super) fn push_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        out.extend_from_slice(&hex_digits(*byte));
    }
}

/// The two digits of a byte.
pub(super) fn hex_digits(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 0xf].map(|value| {
        if value < 10 {
            b'0' + value
        } else {
            b'a' - 10 + value
        }
    })
}

/// `1 byte`, `7 bytes`.
pub(super) fn push_bytes(out: &mut Vec<u8>, count: u64) {
    push_number(out, count);
    out.extend_from_slice(if count == 1 { b" byte" } else { b" bytes" });
}

/// `1 byte`, `7 bytes`, for a sentence.
pub(super) fn byte_count(count: u64) -> String {
    let mut out = Vec::new();
    push_bytes(&mut out, count);
    String::from_utf8(out).expect("digits and words are ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_everywhere() {
        for number in [0, 1, 9, 10, 99, 100, 65_535, u64::MAX >> 1, u64::MAX] {
            let mut out = Vec::new();
            push_number(&mut out, number);
            assert_eq!(out, number.to_string().into_bytes());
        }
    }
}
