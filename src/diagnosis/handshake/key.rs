//! Explains a wrong `Sec-WebSocket-Key`: what was encoded instead of 16 random bytes.

use crate::diagnosis::Finding;
use crate::ws::handshake::{check_key, decode_base64};

/// Adds the cause that the key itself proves, if there is one.
pub(super) fn explained(finding: Finding, key: &str) -> Finding {
    match decode_base64(key.as_bytes()) {
        Some(bytes) => explained_by_bytes(finding, &bytes),
        None => explained_by_text(finding, key),
    }
}

fn explained_by_bytes(finding: Finding, bytes: &[u8]) -> Finding {
    let count = bytes.len();
    if count == 0 {
        return finding
            .label("no key")
            .possible_cause("the variable with the key was empty when the head was written");
    }
    let finding = finding.label(format!("base64 of {count} bytes, 16 are needed"));
    if is_uuid(bytes) {
        finding
            .certain_cause("the text of a UUID was encoded, not its 16 bytes")
            .fixed_by("encode 16 random bytes")
    } else if count >= 32 && bytes.iter().all(u8::is_ascii_hexdigit) {
        finding
            .certain_cause("hexadecimal digits were encoded, not the bytes they stand for")
            .fixed_by("encode the 16 bytes themselves")
    } else if check_key(bytes).is_ok() {
        finding
            .certain_cause("base64 was applied twice")
            .fixed_by("apply it once")
    } else if count > 0
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'.')
    {
        finding
            .certain_cause("a number was encoded as text")
            .fixed_by("encode 16 random bytes")
    } else {
        finding
    }
}

fn explained_by_text(finding: Finding, key: &str) -> Finding {
    let padded = format!("{}==", key.trim_end_matches('='));
    let usual = key.replace('-', "+").replace('_', "/");
    if check_key(padded.as_bytes()).is_ok() {
        finding
            .label("its padding is `==`")
            .certain_cause("the padding was cut off")
            .fixed_by(format!("send `{padded}`"))
    } else if check_key(usual.as_bytes()).is_ok() {
        finding
            .label("the URL-safe alphabet")
            .certain_cause("the key was encoded in the URL-safe alphabet")
            .fixed_by(format!(
                "send `{usual}`, in the standard alphabet with + and /"
            ))
    } else if is_uuid(key.as_bytes()) {
        finding
            .label("a UUID")
            .certain_cause("a UUID was sent as it is")
            .fixed_by("send base64 of 16 random bytes")
    } else if key.len() == 24 && key.ends_with("==") {
        finding.label("not base64 of 16 bytes")
    } else {
        finding.label("not base64")
    }
}

/// `2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d`.
fn is_uuid(text: &[u8]) -> bool {
    let mut groups = text.split(|byte| *byte == b'-');
    let is_group = |group: Option<&[u8]>, size| {
        group.is_some_and(|group| group.len() == size && group.iter().all(u8::is_ascii_hexdigit))
    };
    [8, 4, 4, 4, 12]
        .into_iter()
        .all(|size| is_group(groups.next(), size))
        && groups.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::{Cause, catalogue};

    fn cause(key: &str) -> Option<Cause> {
        explained(Finding::new(&catalogue::REQ_KEY_BAD, ""), key).cause
    }

    #[test]
    fn each_wrong_key_has_its_cause() {
        let shown = |words: &str| Some(Cause::Certain(words.to_owned()));
        let uuid = "the text of a UUID was encoded, not its 16 bytes";
        let key = "MmM1ZWE0YzAtNDA2Ny0xMWU5LThiYWQtOWIxZGViNGQzYjdk";
        assert_eq!(cause(key), shown(uuid));
        let hexadecimal = "hexadecimal digits were encoded, not the bytes they stand for";
        let key = "MDAxMTIyMzM0NDU1NjY3Nzg4OTlhYWJiY2NkZGVlZmY=";
        assert_eq!(cause(key), shown(hexadecimal));
        let twice = "ZEdobElITmhiWEJzWlNCdWIyNWpaUT09";
        assert_eq!(cause(twice), shown("base64 was applied twice"));
        let number = "MC44NDQ0MjE4NTE1MjUwNDgx";
        assert_eq!(cause(number), shown("a number was encoded as text"));
        let cut = "dGhlIHNhbXBsZSBub25jZQ";
        assert_eq!(cause(cut), shown("the padding was cut off"));
        let safe = "_-EoWjDzXy-RqE798wx4WA==";
        assert_eq!(
            cause(safe),
            shown("the key was encoded in the URL-safe alphabet")
        );
        let bare = "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d";
        assert_eq!(cause(bare), shown("a UUID was sent as it is"));
        assert_eq!(cause("JCMCrKJENqcrTU9erFxGoiP5P8JhjeocERQs9vgR/Y4="), None);
        assert_eq!(cause("YWFhYWFhYWFhYWFh"), None);
        let none = "the variable with the key was empty when the head was written";
        assert_eq!(cause(""), Some(Cause::Possible(none.to_owned())));
    }
}
