//! Explains a wrong `Sec-WebSocket-Accept`: which mistake computed it.
//!
//! `wsctl accept --check` and the diagnosis of a handshake use it.

use super::Finding;
use super::catalogue::{self, RulePage};
use crate::ws::Reference;
use crate::ws::handshake::{Digest, GUID, accept_value, decode_base64};

/// The finding for a `Sec-WebSocket-Accept` in the response to this key. None if the value is
/// right.
///
/// Each known mistake is repeated with this key, until one gives the same value. If none does,
/// the length of the value suggests a cause.
pub fn diagnose_accept(key: &[u8], given: &str) -> Option<Finding> {
    let expected = accept_value(key);
    if given == expected {
        return None;
    }
    let mistake = wrong_encoding(key, &expected, given)
        .or_else(|| wrong_guid(key, given))
        .or_else(|| mangled_key(key, given))
        .or_else(|| other_key(key, given))
        .unwrap_or_else(|| by_length(given));
    let reference = Reference {
        rfc: 6455,
        section: "4.2.2",
    };
    let finding = Finding::new(mistake.page, mistake.message);
    let finding = finding.reference(reference).fixed_by(mistake.fix);
    Some(match mistake.cause {
        Some(cause) => finding.possible_cause(cause),
        None => finding,
    })
}

/// The cause of a value that was computed without the key.
const NOT_FOUND: &str = "the server looks the header name up with case, or computes the value before it has read the head";

/// The fix for that.
const FIND_IT: &str =
    "look `Sec-WebSocket-Key` up without case, and send an error if it is missing";

struct Mistake {
    page: &'static RulePage,
    message: String,
    fix: &'static str,
    /// The cause, if it differs from that of the page.
    cause: Option<&'static str>,
}

impl Mistake {
    fn new(page: &'static RulePage, message: impl Into<String>, fix: &'static str) -> Self {
        Self {
            page,
            message: message.into(),
            fix,
            cause: None,
        }
    }

    const fn possible_cause(mut self, cause: &'static str) -> Self {
        self.cause = Some(cause);
        self
    }
}

/// The right digest in another encoding.
fn wrong_encoding(key: &[u8], expected: &str, given: &str) -> Option<Mistake> {
    let digest = Digest::of(&[key, GUID.as_bytes()]);
    let fix = "encode the 20 bytes of digest(), not hexdigest()";
    if given == digest.base64_of_hexadecimal() {
        let message = "the value is base64 of the digest in hexadecimal instead of its 20 bytes";
        return Some(Mistake::new(&catalogue::ACCEPT_HEXDIGEST, message, fix));
    }
    if given.eq_ignore_ascii_case(&digest.hexadecimal()) {
        let message = "the value is the digest in hexadecimal instead of base64 of its 20 bytes";
        return Some(Mistake::new(&catalogue::ACCEPT_HEXDIGEST, message, fix));
    }
    if given.trim_end_matches(['\r', '\n']) == expected {
        let message = "the value is right, but ends with a line feed";
        let fix = "use `b64encode`, or `strip()` the value";
        return Some(Mistake::new(&catalogue::ACCEPT_B64_NEWLINE, message, fix));
    }
    if given == format!("b'{expected}'") {
        let message = "the value is right, but printed as Python bytes: b'…'";
        let fix = "decode() the bytes before you insert them into the head";
        return Some(
            Mistake::new(&catalogue::ACCEPT_WRONG, message, fix).possible_cause(
                "`b64encode` returns bytes, and an f-string or `str()` formats them",
            ),
        );
    }
    if given.replace('-', "+").replace('_', "/") == expected {
        let message = "the value is right, but in the URL-safe alphabet";
        return Some(
            Mistake::new(
                &catalogue::ACCEPT_WRONG,
                message,
                "use the standard alphabet of base64, with + and /",
            )
            .possible_cause("`urlsafe_b64encode` or a similar function"),
        );
    }
    if given == expected.trim_end_matches('=') {
        let message = "the value is right, but has no padding";
        return Some(
            Mistake::new(&catalogue::ACCEPT_WRONG, message, "keep the = at the end")
                .possible_cause("an encoder without padding, or code that strips `=`"),
        );
    }
    None
}

/// The digest of the key with a wrong GUID.
fn wrong_guid(key: &[u8], given: &str) -> Option<Mistake> {
    let is_it = |guid: &str| given == Digest::of(&[key, guid.as_bytes()]).base64();
    let (guid, how) = wrong_guids().find(|(guid, _)| is_it(guid))?;
    let message = format!("the value was computed with {how}: {guid}");
    let fix = "the GUID is 258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    Some(Mistake::new(&catalogue::ACCEPT_WRONG_GUID, message, fix))
}

/// Wrong GUIDs, with what is wrong with each. Some wrong last groups are frequent; otherwise one
/// character is missing, added or changed, or two are swapped.
fn wrong_guids() -> impl Iterator<Item = (String, &'static str)> {
    let endings = [
        "5AB0DC85B11F",
        "5AB9DC11B5AB",
        "C5AB9DC11B5AB",
        "5AB53ADF711E",
    ];
    let wrong_endings = endings.map(|ending| format!("258EAFA5-E914-47DA-95CA-{ending}"));
    let lower = GUID.to_ascii_lowercase();
    let decorated = [
        (format!("{{{GUID}}}"), "the GUID in braces"),
        (format!("{{{lower}}}"), "the GUID in braces, in lower case"),
        (format!("\"{GUID}\""), "the GUID in quotes"),
        (GUID.replace('-', ""), "the GUID without its hyphens"),
        (
            lower.replace('-', ""),
            "the GUID without its hyphens, in lower case",
        ),
        (lower, "the GUID in lower case"),
    ];
    let wrong_end = |guid| (guid, "a GUID whose last group is wrong");
    let wrong_character = |guid| (guid, "a GUID in which one character is wrong");
    let known = decorated
        .into_iter()
        .chain(wrong_endings.into_iter().map(wrong_end));
    known.chain(mistyped().map(wrong_character))
}

/// The GUID with each mistake in a single character, or two swapped ones.
fn mistyped() -> impl Iterator<Item = String> {
    let with = |at: usize, cut: usize, put: &str| {
        let (before, rest) = GUID.split_at(at);
        [before, put, rest.get(cut..).unwrap_or_default()].concat()
    };
    let places = 0..GUID.len();
    let digits = || {
        "0123456789ABCDEF-"
            .split("")
            .filter(|digit| !digit.is_empty())
    };
    let missing = places.clone().map(move |at| with(at, 1, ""));
    let swapped = GUID.char_indices().zip(GUID.chars().skip(1));
    let swapped = swapped.map(move |((at, one), two)| with(at, 2, &format!("{two}{one}")));
    let other = places
        .clone()
        .flat_map(move |at| digits().map(move |digit| with(at, 1, digit)));
    let added = (0..=places.end).flat_map(move |at| digits().map(move |digit| with(at, 0, digit)));
    missing.chain(swapped).chain(other).chain(added)
}

/// The digest of something other than the text of the key followed by the GUID.
fn mangled_key(key: &[u8], given: &str) -> Option<Mistake> {
    const HASHED: &str =
        "hash the text of the key, without white space around it, followed by the GUID";
    let guid = GUID.as_bytes();
    let decoded = decode_base64(key).unwrap_or_default();
    let without_padding = key.strip_suffix(b"==").unwrap_or(key);
    let mistakes: [(&[&[u8]], &str); 17] = [
        (&[&decoded, guid], "with the key decoded from base64"),
        (&[key], "without the GUID"),
        (&[guid, key], "with the GUID before the key"),
        (&[guid], "without the key"),
        (&[b" ", key, guid], "with a space before the key"),
        (&[key, b" ", guid], "with a space after the key"),
        (&[key, b"\r", guid], "with a CR after the key"),
        (&[key, b"\n", guid], "with an LF after the key"),
        (&[key, b"\r\n", guid], "with a CR LF after the key"),
        (&[key, b"\0", guid], "with a NUL after the key"),
        (&[key, guid, b"\0"], "with a NUL after the GUID"),
        (&[key, guid, b"\r\n"], "with a CR LF after the GUID"),
        (&[key, guid, b"\n"], "with an LF after the GUID"),
        (&[key, guid, b"\r"], "with a CR after the GUID"),
        (&[key, guid, b" "], "with a space after the GUID"),
        (&[without_padding, guid], "with a key without its =="),
        (
            &[b"b'", key, b"'", guid],
            "with a key printed as Python bytes: b'…'",
        ),
    ];
    let value_of = |texts: &[&[u8]]| Digest::of(texts).base64() == given;
    let (texts, how) = mistakes.into_iter().find(|(texts, _)| value_of(texts))?;
    let message = format!("the value was computed {how}");
    Some(if texts == [guid] {
        Mistake::new(&catalogue::ACCEPT_STALE, message, FIND_IT).possible_cause(NOT_FOUND)
    } else {
        Mistake::new(&catalogue::ACCEPT_KEY_MANGLED, message, HASHED)
    })
}

/// The value for another key, or the key itself.
fn other_key(key: &[u8], given: &str) -> Option<Mistake> {
    const SAMPLE: &[u8] = b"dGhlIHNhbXBsZSBub25jZQ==";
    let nothing: [&[u8]; 4] = [b"None", b"undefined", b"null", b"nil"];
    if given.as_bytes() == key {
        let message = "the value is the key itself";
        return Some(
            Mistake::new(
                &catalogue::ACCEPT_WRONG,
                message,
                "send base64 of the SHA-1 of the key and the GUID",
            )
            .possible_cause("the server sends the key back"),
        );
    }
    if given == accept_value(SAMPLE) {
        let message = "the value is that of the sample key in RFC 6455";
        return Some(
            Mistake::new(
                &catalogue::ACCEPT_STALE,
                message,
                "compute the value for each connection",
            )
            .possible_cause("the value was copied from the RFC or a tutorial"),
        );
    }
    if nothing.into_iter().any(|word| accept_value(word) == given) {
        let message = "the value was computed from an empty variable instead of the key";
        let mistake = Mistake::new(&catalogue::ACCEPT_STALE, message, FIND_IT);
        return Some(mistake.possible_cause(NOT_FOUND));
    }
    None
}

/// A possible cause that the length of the value suggests.
fn by_length(given: &str) -> Mistake {
    const RIGHT: &str = "send base64 of the 20 bytes of the SHA-1 of the key and the GUID";
    let is_hexadecimal = given.len() == 40 && given.bytes().all(|byte| byte.is_ascii_hexdigit());
    let message = match decode_base64(given.as_bytes()).map(|bytes| bytes.len()) {
        _ if is_hexadecimal => {
            "the value has the form of a SHA-1 in hexadecimal, of something else"
        }
        Some(20) => "the value is a SHA-1 of something else, perhaps of another connection's key",
        Some(16) => "the value has the length of an MD5",
        Some(32) => "the value has the length of a SHA-256",
        Some(40) => {
            "the value has the form of base64 of a digest in hexadecimal, of something else"
        }
        _ => "the value is not the Sec-WebSocket-Accept of the key",
    };
    Mistake::new(&catalogue::ACCEPT_WRONG, message, RIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"dGhlIHNhbXBsZSBub25jZQ==";

    /// Wrong values for the RFC's key, from public reports: the value, its rule, and words of the
    /// message.
    const MADE: &str = "
        YjM3YTRmMmNjMDYyNGYxNjkwZjY0NjA2Y2YzODU5NDViMmJlYzRlYQ== accept-hexdigest base64 of the digest in hex
        b37a4f2cc0624f1690f64606cf385945b2bec4ea accept-hexdigest the digest in hexadecimal
        B37A4F2CC0624F1690F64606CF385945B2BEC4EA accept-hexdigest the digest in hexadecimal
        WJfwerbIozKsJXHxxI0JTO1SQgU= accept-wrong-guid in lower case: 258eafa5-e914-47da-95ca-c5ab0dc85b11
        tF+4yo8PvjWV9zMFht911yVrKKY= accept-wrong-guid last group
        FlscFByo7EQHPKXToHKEWjb17RQ= accept-wrong-guid last group
        4wIsy0je5ufcA080FDfQMQ0PUYM= accept-wrong-guid last group
        BXhwxM0SZasKmCD9S4BfpPmCnEw= accept-key-mangled decoded
        hHLtf2V1k8aDQZfNjw3Ia1hCwt0= accept-key-mangled without the GUID
        2OZf2Seed9yzIpkj+zvC9KS9Mjw= accept-key-mangled GUID before the key
        s3mCG3XUBfFRrUGpYOBQiHm5i8g= accept-key-mangled space before
        zvnId+CMmoYWpbuFiCx6kU/bpAw= accept-key-mangled CR after
        kex8Ji4w0ek1Mc3Dwcf4mOpf5b4= accept-key-mangled CR LF after
        wRn3T1d05f86S/JjgrE2dZ0BqLI= accept-key-mangled NUL after the GUID
        ENhfyOH3bzAxCPh+tpSqexhz57w= accept-key-mangled NUL after the key
        RZWuh2JK/hL0RMgTNJFfZIAppXg= accept-key-mangled without its ==
        iLIfL26ZDItGMJM9mokJKdfDkxs= accept-key-mangled b'…'
        Kfh9QIsMVZcl6xEPYxPHzW8SZ8w= accept-stale without the key
        XQrm6Chk/7FvMjgNsAUNcO619pQ= accept-stale empty variable
        gH2cR3x4MfGXKljgIwL3fMYv0sY= accept-stale empty variable
        s3pPLMBiTxaQ9kYGzzhZRbK-xOo= accept-wrong URL-safe
        s3pPLMBiTxaQ9kYGzzhZRbK+xOo accept-wrong padding
        b's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' accept-wrong printed as Python bytes
        dGhlIHNhbXBsZSBub25jZQ== accept-wrong the key itself
        c8qeCxwB8sJPxkSckeL76bKL7f642+KYzDiR7EbKyTY= accept-wrong SHA-256
        fI/F95pFHyUax3HLt0ktmQ== accept-wrong MD5
        lCaWI6ZCGd5I25+0bJrVqBOcDYc= accept-wrong another connection's key
        nonsense accept-wrong not the Sec-WebSocket-Accept
    ";

    #[test]
    fn each_reported_mistake_is_recognised() {
        let lines: Vec<&str> = MADE
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        assert_eq!(lines.len(), 28);
        for line in lines {
            let mut columns = line.splitn(3, ' ');
            let mut column = || columns.next().unwrap();
            let (given, rule, words) = (column(), column(), column());
            let finding = diagnose_accept(KEY, given).unwrap();
            assert_eq!(finding.rule(), rule, "{line}");
            assert!(
                finding.message.contains(words),
                "{line}: {}",
                finding.message
            );
        }
    }

    #[test]
    fn a_wrong_guid_is_found_and_shown() {
        let used = [
            (
                "258EAFA5-E914-47DA-95CA-C5AB9DC11B5AB",
                "last group is wrong",
            ),
            ("{258EAFA5-E914-47DA-95CA-C5AB0DC85B11}", "in braces"),
            (
                "{258eafa5-e914-47da-95ca-c5ab0dc85b11}",
                "in braces, in lower",
            ),
            ("258EAFA5E91447DA95CAC5AB0DC85B11", "without its hyphens"),
            ("258EAFA5-E914-47DA-95CA-C5AB0DC85B1", "one character"),
            ("258EAFA5-E914-47DA-95CA-C5AB0DC85B12", "one character"),
            ("258EAFA5-E914-47AD-95CA-C5AB0DC85B11", "one character"),
            ("258EAFA5-E914-47DA-95CA-C5AB0DC85B11F", "one character"),
            ("2258EAFA5-E914-47DA-95CA-C5AB0DC85B11", "one character"),
        ];
        for (guid, how) in used {
            let given = Digest::of(&[KEY, guid.as_bytes()]).base64();
            let finding = diagnose_accept(KEY, &given).unwrap();
            assert_eq!(finding.rule(), "accept-wrong-guid", "{guid}");
            let message = &finding.message;
            assert!(message.contains(how), "{message}");
            assert!(message.ends_with(&format!(": {guid}")), "{message}");
        }
        let given = Digest::of(&[KEY, b"258EAFA5-E914-47DA-95CA-C5AB0DC85C22"]).base64();
        assert_eq!(diagnose_accept(KEY, &given).unwrap().rule(), "accept-wrong");
    }

    #[test]
    fn a_line_end_in_the_value_or_the_hashed_text_is_recognised() {
        let right = accept_value(KEY);
        for end in ["\n", "\r\n"] {
            let finding = diagnose_accept(KEY, &format!("{right}{end}")).unwrap();
            assert_eq!(finding.rule(), "accept-b64-newline");
        }
        for end in ["\n", "\r\n", "\r", " "] {
            let given = Digest::of(&[KEY, GUID.as_bytes(), end.as_bytes()]).base64();
            let finding = diagnose_accept(KEY, &given).unwrap();
            assert_eq!(finding.rule(), "accept-key-mangled");
            assert!(finding.message.ends_with("after the GUID"));
        }
    }

    #[test]
    fn mistakes_are_recognised_with_any_key() {
        let key = b"kJXuOKsrl3AR1KeFngRElQ==";
        assert_eq!(diagnose_accept(key, "lCaWI6ZCGd5I25+0bJrVqBOcDYc="), None);
        let rule = |given: &str| diagnose_accept(key, given).unwrap().rule();
        assert_eq!(
            rule(&Digest::of(&[key, b"\r", GUID.as_bytes()]).base64()),
            "accept-key-mangled"
        );
        assert_eq!(
            rule(&Digest::of(&[key, GUID.as_bytes()]).hexadecimal()),
            "accept-hexdigest"
        );
        assert_eq!(rule("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "accept-stale");
        // A near miss: the value for the RFC's key with a CR, which proves nothing here.
        assert_eq!(rule("zvnId+CMmoYWpbuFiCx6kU/bpAw="), "accept-wrong");
    }
}
