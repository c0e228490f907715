//! Which mistake made a wrong `Sec-WebSocket-Accept`.

use super::Finding;
use super::catalogue::{self, RulePage};
use crate::ws::Reference;
use crate::ws::handshake::{Digest, GUID, accept_value, decode_base64};

/// What is wrong with a `Sec-WebSocket-Accept` that should answer a key; None if it does.
///
/// The mistakes are made again with this key, and the one that gives the same value is
/// named. Where none does, the length of the value says what it perhaps is.
pub fn judge_accept(key: &[u8], given: &str) -> Option<Finding> {
    let expected = accept_value(key);
    if given == expected {
        return None;
    }
    let mistake = miswritten(key, &expected, given)
        .or_else(|| wrong_guid(key, given))
        .or_else(|| mangled_key(key, given))
        .or_else(|| other_key(key, given))
        .unwrap_or_else(|| by_length(given));
    let reference = Reference {
        rfc: 6455,
        section: "4.2.2",
    };
    let finding = Finding::new(mistake.entry, mistake.message);
    let finding = finding.reference(reference).fixed_by(mistake.fix);
    Some(match mistake.cause {
        Some(cause) => finding.possible_cause(cause),
        None => finding,
    })
}

/// The usual reason for a key that is none.
const NOT_FOUND: &str =
    "the server looks for the key under a name in another case, or hashes before it has the head";

/// What to change then.
const FIND_IT: &str =
    "look `Sec-WebSocket-Key` up in any case, and send an error if it is not there";

struct Mistake {
    entry: &'static RulePage,
    message: String,
    fix: &'static str,
    /// Why it was made, where that is not as the entry says.
    cause: Option<&'static str>,
}

impl Mistake {
    fn new(entry: &'static RulePage, message: impl Into<String>, fix: &'static str) -> Self {
        Self {
            entry,
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

/// The right digest, written in another way.
fn miswritten(key: &[u8], expected: &str, given: &str) -> Option<Mistake> {
    let digest = Digest::of(&[key, GUID.as_bytes()]);
    let fix = "base64 of the 20 bytes of digest(), not of hexdigest()";
    if given == digest.base64_of_hexadecimal() {
        let message =
            "this is base64 of the digest in hexadecimal; it should be base64 of its 20 bytes";
        return Some(Mistake::new(&catalogue::ACCEPT_HEXDIGEST, message, fix));
    }
    if given.eq_ignore_ascii_case(&digest.hexadecimal()) {
        let message = "this is the digest in hexadecimal; it should be base64 of its 20 bytes";
        return Some(Mistake::new(&catalogue::ACCEPT_HEXDIGEST, message, fix));
    }
    if given.trim_end_matches(['\r', '\n']) == expected {
        let message = "this is the right value with a line feed at its end";
        let fix = "`b64encode`, or a `strip()` of the value";
        return Some(Mistake::new(&catalogue::ACCEPT_B64_NEWLINE, message, fix));
    }
    if given == format!("b'{expected}'") {
        let message = "this is the right value as Python writes bytes: b'…'";
        let fix = "decode() the bytes before they are put into the head";
        return Some(
            Mistake::new(&catalogue::ACCEPT_WRONG, message, fix).possible_cause(
                "`b64encode` gives bytes, and an f-string or `str()` was put around it",
            ),
        );
    }
    if given.replace('-', "+").replace('_', "/") == expected {
        let message = "this is the right value in the URL-safe alphabet";
        return Some(
            Mistake::new(
                &catalogue::ACCEPT_WRONG,
                message,
                "the usual base64, with + and /",
            )
            .possible_cause("`urlsafe_b64encode` or its like"),
        );
    }
    if given == expected.trim_end_matches('=') {
        let message = "this is the right value without its padding";
        return Some(
            Mistake::new(
                &catalogue::ACCEPT_WRONG,
                message,
                "base64 with the = at its end",
            )
            .possible_cause("an encoder without padding, or a `=` that was stripped"),
        );
    }
    None
}

/// The key with a GUID that is not the RFC's.
fn wrong_guid(key: &[u8], given: &str) -> Option<Mistake> {
    let is_it = |guid: &str| given == Digest::of(&[key, guid.as_bytes()]).base64();
    let (guid, how) = slips().find(|(guid, _)| is_it(guid))?;
    let message = format!("this was computed with {how}: {guid}");
    let fix = "the GUID is 258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    Some(Mistake::new(&catalogue::ACCEPT_WRONG_GUID, message, fix))
}

/// The GUID as people get it wrong, and what is wrong with it. Some last groups are made up
/// again and again; else one character is missing, too many, another, or two are swapped.
fn slips() -> impl Iterator<Item = (String, &'static str)> {
    let endings = [
        "5AB0DC85B11F",
        "5AB9DC11B5AB",
        "C5AB9DC11B5AB",
        "5AB53ADF711E",
    ];
    let made_up = endings.map(|ending| format!("258EAFA5-E914-47DA-95CA-{ending}"));
    let lower = GUID.to_ascii_lowercase();
    let dressed = [
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
    let known = dressed
        .into_iter()
        .chain(made_up.into_iter().map(wrong_end));
    known.chain(mistyped().map(wrong_character))
}

/// The GUID with each slip that a single character can suffer.
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

/// Something else than the key's text and the GUID behind it.
fn mangled_key(key: &[u8], given: &str) -> Option<Mistake> {
    const HASHED: &str = "the text of the key, without the space around it, and the GUID behind it";
    let guid = GUID.as_bytes();
    let decoded = decode_base64(key).unwrap_or_default();
    let without_padding = key.strip_suffix(b"==").unwrap_or(key);
    let mistakes: [(&[&[u8]], &str); 17] = [
        (&[&decoded, guid], "with the key decoded from base64"),
        (&[key], "without the GUID"),
        (&[guid, key], "with the GUID in front of the key"),
        (&[guid], "without the key"),
        (&[b" ", key, guid], "with the space in front of the key"),
        (&[key, b" ", guid], "with a space behind the key"),
        (&[key, b"\r", guid], "with the CR behind the key"),
        (&[key, b"\n", guid], "with the LF behind the key"),
        (&[key, b"\r\n", guid], "with the CRLF behind the key"),
        (&[key, b"\0", guid], "with a NUL behind the key"),
        (&[key, guid, b"\0"], "with a NUL behind the GUID"),
        (&[key, guid, b"\r\n"], "with a CRLF behind the GUID"),
        (&[key, guid, b"\n"], "with an LF behind the GUID"),
        (&[key, guid, b"\r"], "with a CR behind the GUID"),
        (&[key, guid, b" "], "with a space behind the GUID"),
        (&[without_padding, guid], "with a key whose == was cut off"),
        (
            &[b"b'", key, b"'", guid],
            "with a key that Python wrote as b'…'",
        ),
    ];
    let made = |texts: &[&[u8]]| Digest::of(texts).base64() == given;
    let (texts, how) = mistakes.into_iter().find(|(texts, _)| made(texts))?;
    let message = format!("this was computed {how}");
    Some(if texts == [guid] {
        Mistake::new(&catalogue::ACCEPT_STALE, message, FIND_IT).possible_cause(NOT_FOUND)
    } else {
        Mistake::new(&catalogue::ACCEPT_KEY_MANGLED, message, HASHED)
    })
}

/// The value of another key.
fn other_key(key: &[u8], given: &str) -> Option<Mistake> {
    const SAMPLE: &[u8] = b"dGhlIHNhbXBsZSBub25jZQ==";
    let nothing: [&[u8]; 4] = [b"None", b"undefined", b"null", b"nil"];
    if given.as_bytes() == key {
        let message = "this is the key itself";
        return Some(
            Mistake::new(
                &catalogue::ACCEPT_WRONG,
                message,
                "base64 of the SHA-1 of key and GUID",
            )
            .possible_cause("the key was sent back as it came"),
        );
    }
    if given == accept_value(SAMPLE) {
        let message = "this is the value of the RFC's sample key, a constant perhaps";
        return Some(
            Mistake::new(
                &catalogue::ACCEPT_STALE,
                message,
                "compute it for each connection",
            )
            .possible_cause("the value was copied from the RFC or a tutorial"),
        );
    }
    if nothing.into_iter().any(|word| accept_value(word) == given) {
        let message = "this was computed with a variable that held no key";
        let mistake = Mistake::new(&catalogue::ACCEPT_STALE, message, FIND_IT);
        return Some(mistake.possible_cause(NOT_FOUND));
    }
    None
}

/// What the length alone says, which is not much.
fn by_length(given: &str) -> Mistake {
    const RIGHT: &str = "base64 of the 20 bytes of the SHA-1 of key and GUID";
    let is_hexadecimal = given.len() == 40 && given.bytes().all(|octet| octet.is_ascii_hexdigit());
    let message = match decode_base64(given.as_bytes()).map(|octets| octets.len()) {
        _ if is_hexadecimal => "this is perhaps a SHA-1 in hexadecimal, and of something else",
        Some(20) => "this is a SHA-1 of something else, perhaps of another connection's key",
        Some(16) => "this is as long as an MD5, and perhaps one",
        Some(32) => "this is as long as a SHA-256, and perhaps one",
        Some(40) => "this is perhaps base64 of a digest in hexadecimal, and of something else",
        _ => "this is not the Sec-WebSocket-Accept of the key",
    };
    Mistake::new(&catalogue::ACCEPT_WRONG, message, RIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"dGhlIHNhbXBsZSBub25jZQ==";

    /// Wrong values for the RFC's key, seen in the wild: the value, its rule, and words of
    /// what is said of it.
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
        2OZf2Seed9yzIpkj+zvC9KS9Mjw= accept-key-mangled in front of the key
        s3mCG3XUBfFRrUGpYOBQiHm5i8g= accept-key-mangled space in front
        zvnId+CMmoYWpbuFiCx6kU/bpAw= accept-key-mangled the CR behind
        kex8Ji4w0ek1Mc3Dwcf4mOpf5b4= accept-key-mangled the CRLF behind
        wRn3T1d05f86S/JjgrE2dZ0BqLI= accept-key-mangled NUL behind the GUID
        ENhfyOH3bzAxCPh+tpSqexhz57w= accept-key-mangled NUL behind the key
        RZWuh2JK/hL0RMgTNJFfZIAppXg= accept-key-mangled == was cut off
        iLIfL26ZDItGMJM9mokJKdfDkxs= accept-key-mangled b'…'
        Kfh9QIsMVZcl6xEPYxPHzW8SZ8w= accept-stale without the key
        XQrm6Chk/7FvMjgNsAUNcO619pQ= accept-stale held no key
        gH2cR3x4MfGXKljgIwL3fMYv0sY= accept-stale held no key
        s3pPLMBiTxaQ9kYGzzhZRbK-xOo= accept-wrong URL-safe
        s3pPLMBiTxaQ9kYGzzhZRbK+xOo accept-wrong padding
        b's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' accept-wrong as Python writes bytes
        dGhlIHNhbXBsZSBub25jZQ== accept-wrong the key itself
        c8qeCxwB8sJPxkSckeL76bKL7f642+KYzDiR7EbKyTY= accept-wrong SHA-256
        fI/F95pFHyUax3HLt0ktmQ== accept-wrong MD5
        lCaWI6ZCGd5I25+0bJrVqBOcDYc= accept-wrong another connection's key
        nonsense accept-wrong not the Sec-WebSocket-Accept
    ";

    #[test]
    fn mistakes_that_were_made() {
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
            let finding = judge_accept(KEY, given).unwrap();
            assert_eq!(finding.rule(), rule, "{line}");
            assert!(
                finding.message.contains(words),
                "{line}: {}",
                finding.message
            );
        }
    }

    #[test]
    fn the_guid_as_it_was_used_is_found_and_told() {
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
            let finding = judge_accept(KEY, &given).unwrap();
            assert_eq!(finding.rule(), "accept-wrong-guid", "{guid}");
            let message = &finding.message;
            assert!(message.contains(how), "{message}");
            assert!(message.ends_with(&format!(": {guid}")), "{message}");
        }
        let given = Digest::of(&[KEY, b"258EAFA5-E914-47DA-95CA-C5AB0DC85C22"]).base64();
        assert_eq!(judge_accept(KEY, &given).unwrap().rule(), "accept-wrong");
    }

    #[test]
    fn a_line_end_of_its_own_is_told() {
        let right = accept_value(KEY);
        for end in ["\n", "\r\n"] {
            let finding = judge_accept(KEY, &format!("{right}{end}")).unwrap();
            assert_eq!(finding.rule(), "accept-b64-newline");
        }
        for end in ["\n", "\r\n", "\r", " "] {
            let given = Digest::of(&[KEY, GUID.as_bytes(), end.as_bytes()]).base64();
            let finding = judge_accept(KEY, &given).unwrap();
            assert_eq!(finding.rule(), "accept-key-mangled");
            assert!(finding.message.ends_with("behind the GUID"));
        }
    }

    #[test]
    fn the_same_for_any_key() {
        let key = b"kJXuOKsrl3AR1KeFngRElQ==";
        assert_eq!(judge_accept(key, "lCaWI6ZCGd5I25+0bJrVqBOcDYc="), None);
        let rule = |given: &str| judge_accept(key, given).unwrap().rule();
        assert_eq!(
            rule(&Digest::of(&[key, b"\r", GUID.as_bytes()]).base64()),
            "accept-key-mangled"
        );
        assert_eq!(
            rule(&Digest::of(&[key, GUID.as_bytes()]).hexadecimal()),
            "accept-hexdigest"
        );
        assert_eq!(rule("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "accept-stale");
        // A near miss: the CR kept in the RFC's key says nothing of this one.
        assert_eq!(rule("zvnId+CMmoYWpbuFiCx6kU/bpAw="), "accept-wrong");
    }
}
