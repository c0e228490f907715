//! Texts that look like bytes and are something else.
//!
//! A word, a date or an identifier may have only hexadecimal digits. Some programs print the name of
//! an object in place of its bytes. The reader of pastes uses it if it found no frame.

use super::envelope::Envelope;
use super::timestamp;

/// What a text is, for a sentence, if it contains no bytes; None if it may be bytes.
pub(super) fn kind(text: &str) -> Option<&'static str> {
    identifier(text)
        .or_else(|| address(text))
        .or_else(|| word(text))
}

/// The texts that programs print for objects, with what they are and how to print the bytes.
const OBJECTS: &[(&str, &str)] = &[
    (
        "[B@",
        "the identity of an array of Java, without its bytes: print `Arrays.toString(bytes)`",
    ),
    (
        "ByteBuffer[pos",
        "a ByteBuffer of Java without its bytes: print `Arrays.toString(buffer.array())`",
    ),
    (
        "ByteBuf(ridx",
        "a ByteBuf of Netty without its bytes: print `ByteBufUtil.hexDump(buffer)`",
    ),
    (
        "System.Byte[]",
        "the type of an array of .NET, without its bytes: print `BitConverter.ToString(bytes)`",
    ),
    (
        "[object ArrayBuffer]",
        "an ArrayBuffer of JavaScript without its bytes: print `new Uint8Array(data)`",
    ),
    (
        "ArrayBuffer(",
        "an ArrayBuffer of JavaScript without its bytes: print `new Uint8Array(data)`",
    ),
    (
        "[object Blob]",
        "a Blob of JavaScript without its bytes: print `new Uint8Array(await blob.arrayBuffer())`",
    ),
    (
        "Blob {",
        "a Blob of JavaScript without its bytes: print `new Uint8Array(await blob.arrayBuffer())`",
    ),
    (
        "Blob(",
        "a Blob of JavaScript without its bytes: print `new Uint8Array(await blob.arrayBuffer())`",
    ),
    (
        "[object Object]",
        "an object of JavaScript without its values: print `JSON.stringify(value)`",
    ),
    (
        "<memory at 0x",
        "a memoryview of Python without its bytes: print `bytes(view)`",
    ),
];

/// What a text is, if it is the name of an object that was printed in place of its bytes.
pub(super) fn object(text: &str) -> Option<&'static str> {
    let found = OBJECTS.iter().find(|(name, _)| text.contains(name));
    found.map(|(_, what)| *what)
}

/// What a text is, if it is an identifier, a date or a number. Its digits are no bytes, even if they
/// are a frame.
pub(super) fn identifier(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if timestamp::is_all(text) {
        Some("a date or a time")
    } else if all_words(text, is_uuid) {
        Some("a UUID")
    } else if is_color(text) {
        Some("a colour")
    } else if all_words(text, is_date) {
        Some("a date")
    } else if all_words(text, is_epoch) {
        Some("a time in seconds or milliseconds")
    } else {
        is_card(text).then_some("groups of four decimal digits")
    }
}

/// What a text is, if it is a word of letters or a short number, which are bytes only if they are a
/// whole frame.
fn word(text: &str) -> Option<&'static str> {
    const SHORTEST_WORD: usize = 3;
    const LONGEST_NUMBER: usize = 4;
    const BYTE: usize = 2;
    let is_word = |word: &str| {
        word.len() >= SHORTEST_WORD && word.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let is_number = |word: &str| {
        word.len() <= LONGEST_NUMBER
            && word.len() != BYTE
            && !begins_bytes(word)
            && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let text = text.trim();
    let is_hexadecimal = text
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit() || byte == b' ');
    if is_hexadecimal && all_words(text, is_word) {
        Some("a word: `--input hex` reads it as bytes")
    } else if is_number(text) && !text.is_empty() {
        Some("a number: `--input hex` reads it as bytes")
    } else {
        is_account(text).then_some("a number of a bank account")
    }
}

/// What a text is, if it is an address, a digest or a short list, which are bytes only if they are a
/// whole frame.
pub(super) fn address(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if is_hardware_address(text) {
        Some("a hardware address: `--input hex` reads it as bytes")
    } else if is_ipv6_address(text) {
        Some("an IPv6 address")
    } else if is_digest(text) {
        Some("a digest, and the name of a file")
    } else {
        is_small_list(text).then_some("a list of small numbers: `--input c` reads it as bytes")
    }
}

/// `00:1b:21:81:85:37`, `00-1B-21-81-85-37`, `001b.2181.8537`.
fn is_hardware_address(text: &str) -> bool {
    let forms = [(':', 6, 2), ('-', 6, 2), ('.', 3, 4)];
    forms.into_iter().any(|(separator, groups, digits)| {
        let is_group = |group: &str| {
            group.len() == digits && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        text.split(separator).count() == groups && text.split(separator).all(is_group)
    })
}

/// An address with a group of more than two digits; others may be bytes with colons between them.
fn is_ipv6_address(text: &str) -> bool {
    let address = text.split(['/', '%']).next().unwrap_or_default();
    let groups = || address.split(':').filter(|group| !group.is_empty());
    let is_group =
        |group: &str| group.len() <= 4 && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_whole = match address.matches("::").count() {
        0 => groups().count() == 8,
        1 => groups().count() < 8 && !address.contains(":::"),
        _ => false,
    };
    is_whole && groups().all(is_group) && groups().any(|group| group.len() > 2)
}

/// `d41d8cd98f00b204e9800998ecf8427e  -`, as `md5sum` and `sha256sum` print it.
fn is_digest(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let digits = words.next().unwrap_or_default();
    let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hexadecimal
        && matches!(digits.len(), 32 | 40 | 56 | 64 | 96 | 128)
        && words.next() == Some("-")
        && words.next().is_none()
}

/// `[1, 2, 3]`, `versions [1, 2, 3]`, `{"versions":[13, 8]}`: a list of which the first number is no
/// header with FIN set.
fn is_small_list(text: &str) -> bool {
    const MOST: usize = 4;
    let has_digit = |text: &str| text.contains(|char: char| char.is_ascii_digit());
    let Some((before, rest)) = text.split_once('[') else {
        return false;
    };
    let Some((inside, after)) = rest.split_once(']') else {
        return false;
    };
    if has_digit(before) || has_digit(after) || Envelope::of(before).names_data() {
        return false;
    }
    let numbers = inside.split(',').map(|number| number.trim().parse::<u8>());
    numbers.clone().count() <= MOST
        && numbers
            .clone()
            .all(|number| number.is_ok_and(|it| it < 0x80))
}

/// Whether a short number may be the beginning of bytes: a header with FIN set, a TLS record, or a byte
/// with its leading zero.
fn begins_bytes(number: &str) -> bool {
    const TLS: [&str; 3] = ["1503", "1603", "1703"];
    let is_header = number.len() == 4 && number.starts_with(['8', '9']);
    let is_padded = number.len() > 1 && number.starts_with('0');
    is_header || is_padded || TLS.contains(&number)
}

/// Whether a label before digits says that they are no bytes of a connection.
pub(super) fn is_other_label(label: &str) -> bool {
    const OTHERS: &[&str] = &[
        "mac", "serial", "hresult", "password", "passwd", "token", "id", "uuid", "guid", "hash",
        "sha1", "sha256", "md5", "commit", "checksum", "etag", "color", "colour", "iban", "phone",
        "version", "status", "error", "code", "port", "pid",
    ];
    let last = label
        .trim_end_matches([':', '=', ' '])
        .rsplit(|char: char| !char.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    OTHERS.iter().any(|other| last.eq_ignore_ascii_case(other)) || names_identifier(label)
}

/// Whether words and a blank are before the digits or the bracket that a text has: `ports [129, 5]`.
pub(super) fn is_after_words(text: &str) -> bool {
    const SHORTEST: usize = 3;
    let is_start = |char: char| char.is_ascii_digit() || "[{(<\"'`\\#$%".contains(char);
    let before = text.split(is_start).next().unwrap_or_default();
    let last = before.split_whitespace().next_back().unwrap_or_default();
    let is_word = last.len() >= SHORTEST && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word && before.len() < text.len() && before.ends_with(' ')
}

/// Whether a word before digits says that they identify something: `MD5 (frame.bin) = `.
pub(super) fn names_identifier(words: &str) -> bool {
    const IDENTIFIERS: &[&str] = &[
        "md5",
        "sha1",
        "sha256",
        "sha512",
        "imei",
        "iccid",
        "serial",
        "uuid",
        "guid",
        "checksum",
        "fingerprint",
        "thumbprint",
        "keyid",
    ];
    let is_identifier = |word: &str| {
        IDENTIFIERS
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name))
    };
    words
        .split(|char: char| !char.is_ascii_alphanumeric())
        .any(is_identifier)
}

/// A line of a certificate or of a key between `-----BEGIN` and `-----END`, if its bytes are no text.
pub(super) fn is_line_of_certificate(line: &str, bytes: &[u8]) -> bool {
    const WIDTH: usize = 64;
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    line.len() == WIDTH && line.bytes().all(is_digit) && std::str::from_utf8(bytes).is_err()
}

fn all_words(text: &str, is_kind: impl Fn(&str) -> bool) -> bool {
    !text.trim().is_empty() && text.split_whitespace().all(is_kind)
}

/// Groups of 8, 4, 4, 4 and 12 digits (RFC 9562 section 4).
fn is_uuid(word: &str) -> bool {
    const SIZES: [usize; 5] = [8, 4, 4, 4, 12];
    let word = word.trim_matches(['{', '}', ',', '"']);
    let word = word.rsplit(':').next().unwrap_or_default();
    // `GPU-81054865-…`
    let word = word.trim_start_matches(|char: char| !char.is_ascii_hexdigit());
    let is_group = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    word.split('-').map(str::len).eq(SIZES) && word.split('-').all(is_group)
}

/// `#8a0548`, with or without transparency.
fn is_color(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    matches!(digits.len(), 3 | 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `20261126`, `20261126104921`.
fn is_date(word: &str) -> bool {
    let number = |from, to| {
        let digits = word.get(from..to).unwrap_or_default();
        digits.parse().unwrap_or(0_u16)
    };
    matches!(word.len(), 8 | 14)
        && word.bytes().all(|byte| byte.is_ascii_digit())
        && (1970..2100).contains(&number(0, 4))
        && (1..=12).contains(&number(4, 6))
        && (1..=31).contains(&number(6, 8))
}

/// `1764153600`, `1764153600331`.
fn is_epoch(word: &str) -> bool {
    matches!(word.len(), 10 | 13)
        && word.starts_with('1')
        && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `4111-1111-1111-1111`.
fn is_card(text: &str) -> bool {
    let is_group =
        |group: &str| group.len() == 4 && group.bytes().all(|byte| byte.is_ascii_digit());
    text.split('-').count() == 4 && text.split('-').all(is_group)
}

/// `DE89 3704 0044 0532 0130 00` (ISO 13616).
fn is_account(text: &str) -> bool {
    const FEWEST_GROUPS: usize = 4;
    let (country, rest) = text.split_at_checked(2).unwrap_or_default();
    let mut groups = rest.split(' ');
    let is_check = groups.next().is_some_and(is_digits_of(2..=2));
    let count = rest.split(' ').count();
    country.bytes().all(|byte| byte.is_ascii_uppercase())
        && !country.is_empty()
        && is_check
        && count >= FEWEST_GROUPS
        && groups.all(is_digits_of(1..=4))
}

fn is_digits_of(sizes: std::ops::RangeInclusive<usize>) -> impl Fn(&str) -> bool {
    move |group| sizes.contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_dates_and_identifiers_are_named() {
        for (text, what) in [
            ("deadbeef", "a word: `--input hex` reads it as bytes"),
            ("feed face", "a word: `--input hex` reads it as bytes"),
            ("1234", "a number: `--input hex` reads it as bytes"),
            ("10:20:30", "a date or a time"),
            ("20261126", "a date"),
            ("1764153600 1764153601", "a time in seconds or milliseconds"),
            ("810548ee-6c6c-4f20-8148-656c6c6f8105", "a UUID"),
            ("#8A0548", "a colour"),
            ("#8a0548ff", "a colour"),
            ("4111-1111-1111-1111", "groups of four decimal digits"),
            ("DE89 3704 0044 0532 0130 00", "a number of a bank account"),
            ("GPU-810548ee-6c6c-4f20-8148-656c6c6f8105", "a UUID"),
            (
                "82:05:48:65:6c:6c",
                "a hardware address: `--input hex` reads it as bytes",
            ),
            (
                "8205.4865.6c6c",
                "a hardware address: `--input hex` reads it as bytes",
            ),
            ("2001:0db8:8105:4865:6c6c:6f81:0548:656c", "an IPv6 address"),
            ("fe80::225:90ff:fe81:548/64", "an IPv6 address"),
            (
                "81054865656c6c6f81054865656c6c6f  -",
                "a digest, and the name of a file",
            ),
            (
                "versions [1, 2, 3]",
                "a list of small numbers: `--input c` reads it as bytes",
            ),
            (
                r#"{"versions":[13,8,7]}"#,
                "a list of small numbers: `--input c` reads it as bytes",
            ),
            (
                "[1, 2, 3]",
                "a list of small numbers: `--input c` reads it as bytes",
            ),
        ] {
            assert_eq!(kind(text), Some(what), "{text}");
        }
    }

    #[test]
    fn bytes_are_no_words() {
        for text in [
            "81 05 48",
            "8105486c",
            "03ea",
            "0900",
            "8880",
            "1703",
            "81",
            "DE 89 37 04",
            "ab cd ef",
            "0x1234",
            "1234 5678",
            "81054865-6c6c6f81",
            "81:06:48:65:6c:6c:6f:21",
            "81:05:48:65:6c",
            "[129, 5]",
            "[1, 5, 72, 101, 108, 108, 111]",
            "",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn a_label_may_say_that_digits_are_no_bytes() {
        assert!(is_other_label("MAC"));
        assert!(is_other_label("user password"));
        assert!(!is_other_label("data"));
        assert!(!is_other_label("packet"));
        assert!(is_other_label("MD5 (frame.bin) "));
        assert!(!is_other_label("error: received data"));
    }
}
