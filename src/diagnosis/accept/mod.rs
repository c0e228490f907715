//! Explains a wrong `Sec-WebSocket-Accept`: which mistake computed it.
//!
//! `wsctl accept --check` and the diagnosis of a handshake use it.

mod wrong_guid;

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
        .or_else(|| wrong_guid::find(key, given))
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
mod tests;
