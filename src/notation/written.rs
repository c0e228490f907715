//! The notations that are only written.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// `{0x81, 0x05}`, twelve octets a line where one line is not enough.
pub(super) fn c_array(octets: &[u8]) -> String {
    let line = |octets: &[u8]| {
        let items: Vec<String> = octets
            .iter()
            .map(|octet| format!("0x{octet:02x}"))
            .collect();
        items.join(", ")
    };
    if octets.len() <= OCTETS_A_LINE {
        return format!("{{{}}}", line(octets));
    }
    let lines: Vec<String> = octets.chunks(OCTETS_A_LINE).map(line).collect();
    format!("{{\n  {}\n}}", lines.join(",\n  "))
}

/// Base64 with its usual alphabet and padding.
pub(super) fn base64(octets: &[u8]) -> String {
    BASE64.encode(octets)
}

/// As `hexdump -Cv` prints it: sixteen octets a line, and the length at the end.
pub(super) fn hexdump(octets: &[u8]) -> String {
    let rows = octets.chunks(16).enumerate().map(|(number, row)| {
        let (left, right) = row.split_at(row.len().min(8));
        let characters: String = row.iter().map(|octet| printable(*octet)).collect();
        let (left, right) = (spaced(left), spaced(right));
        format!("{:08x}  {left:<24} {right:<24} |{characters}|", number * 16)
    });
    let length = format!("{:08x}", octets.len());
    rows.chain([length]).collect::<Vec<String>>().join("\n")
}

const OCTETS_A_LINE: usize = 12;

fn spaced(octets: &[u8]) -> String {
    let pairs: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    pairs.join(" ")
}

const fn printable(octet: u8) -> char {
    match octet {
        b' '..=b'~' => octet as char,
        _ => '.',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_c_array_wraps_after_twelve() {
        assert_eq!(c_array(b""), "{}");
        assert_eq!(c_array(b"\x81\x05H"), "{0x81, 0x05, 0x48}");
        assert_eq!(
            c_array(b"\x81\x0bHello world"),
            "{\n  0x81, 0x0b, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x20, 0x77, 0x6f, 0x72, 0x6c,\n  0x64\n}"
        );
    }

    #[test]
    fn a_hexdump_is_hexdump_s() {
        assert_eq!(
            hexdump(b"\x81\x12Hello, hexdump -C"),
            "00000000  81 12 48 65 6c 6c 6f 2c  20 68 65 78 64 75 6d 70  |..Hello, hexdump|\n\
             00000010  20 2d 43                                          | -C|\n\
             00000013"
        );
    }

    #[test]
    fn base64_is_padded() {
        assert_eq!(base64(b"\x81\x05Hello"), "gQVIZWxsbw==");
    }
}
