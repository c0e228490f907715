//! Bytes that were damaged before they were given: in conversions between bytes and text, or
//! because they are the first bytes of TLS.

use super::{are_frames, readable};
use crate::diagnosis::{Finding, Severity, catalogue};
use crate::ws::FrameHeader;

/// Whether bytes begin with a character from U+0080 to U+00FF in UTF-8, as the first byte of a
/// frame does that was written as a character.
pub(super) fn may_be_encoded(bytes: &[u8]) -> bool {
    matches!(bytes, [0xc2 | 0xc3, 0x80..=0xbf, ..])
}

/// Whether all bytes so far may be such a text. Frames that begin so are compressed and masked:
/// few of their bytes are UTF-8.
pub(super) fn may_become_encoded(bytes: &[u8]) -> bool {
    may_be_encoded(bytes)
        && std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// A frame whose header was written as text and encoded as UTF-8: each byte from 80 on became
/// two.
pub(super) fn header_through_utf8(bytes: &[u8]) -> Option<Finding> {
    if !may_be_encoded(bytes) || are_frames(bytes) {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let header = encoded_header(text)?;
    let shown: Vec<String> = header
        .encode()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let encoded: usize = text.chars().take(header.size()).map(char::len_utf8).sum();
    let before = bytes.get(..encoded).unwrap_or(bytes);
    let before: Vec<String> = before.iter().map(|byte| format!("{byte:02x}")).collect();
    let message = format!(
        "the header went through UTF-8: {} is the text of {}",
        before.join(" "),
        shown.join(" ")
    );
    let cause = "the frame was built as a string, and the string was encoded as UTF-8";
    Some(Finding::new(&catalogue::HEADER_THROUGH_UTF8, message).certain_cause(cause))
}

/// The header that the first characters are, one a byte, if its length fits the rest: counted in
/// bytes, characters or UTF-16 units, or up to another such header.
fn encoded_header(text: &str) -> Option<FrameHeader> {
    const LONGEST: usize = 14;
    let latin1: Vec<u8> = text
        .chars()
        .take(LONGEST)
        .map_while(|char| u8::try_from(u32::from(char)).ok())
        .collect();
    let (header, size) = FrameHeader::parse(&latin1).ok()?;
    let length = usize::try_from(header.payload_length.value()).ok()?;
    if super::starts_wrong(&latin1) || length == 0 {
        return None;
    }
    let rest: Vec<char> = text.chars().skip(size).collect();
    let units: usize = rest.iter().map(|char| char.len_utf16()).sum();
    let bytes: usize = rest.iter().map(|char| char.len_utf8()).sum();
    let is_followed_by_another = || {
        matches!(
            rest.get(length),
            Some('\u{81}' | '\u{82}' | '\u{88}'..='\u{8a}')
        )
    };
    let fits = [rest.len(), units, bytes].contains(&length) || is_followed_by_another();
    fits.then_some(header)
}

/// Text with U+FFFD in place of the bytes that were no UTF-8.
pub(super) fn replaced(bytes: &[u8]) -> Option<Finding> {
    const REPLACEMENT: char = '\u{fffd}';
    const LONGEST_HEADER: usize = 14;
    let text = std::str::from_utf8(bytes).ok()?;
    let count = text.matches(REPLACEMENT).count();
    let first = text
        .find(REPLACEMENT)
        .filter(|first| *first < LONGEST_HEADER)?;
    let (verb, noun) = if count == 1 {
        ("stands", "a byte that was")
    } else {
        ("stand", "bytes that were")
    };
    let message =
        format!("{count} × ef bf bd (U+FFFD) {verb} for {noun} lost, the first at byte {first}");
    let finding = Finding::new(&catalogue::TEXT_DAMAGED, message);
    let rest = text.trim_start_matches(REPLACEMENT);
    let lacks_controls = first == 0 && count == 1 && !rest.contains(char::is_control);
    Some(if lacks_controls && !rest.is_empty() {
        finding.note("control characters are missing, too: those of the header were not printed")
    } else {
        finding
    })
}

/// The first two bytes of a TLS record. The third would prove it.
pub(super) fn tls(bytes: &[u8]) -> Option<Finding> {
    let [kind @ 0x14..=0x17, 3] = bytes else {
        return None;
    };
    let record = match kind {
        0x14 => "a change of ciphers",
        0x15 => "an alert",
        0x16 => "a handshake message",
        _ => "encrypted data",
    };
    let message = format!("these two bytes begin a TLS record, perhaps: {record}");
    Some(
        Finding::new(&catalogue::OTHER_PROTOCOL_IN_STREAM, message)
            .possible_cause("the peer speaks TLS (`wss:`) where plain frames are read (`ws:`)")
            .fixed_by("use `wss:` on both ends, or `ws:` on both; decrypt before frames are read"),
    )
}

/// The rest of a request or response head from the middle of a line on, as a second read returns
/// it. One that begins with a whole line is known as HTTP in the stream.
pub(super) fn rest_of_head(bytes: &[u8]) -> Option<Finding> {
    let (first, rest) = readable(bytes)?.split_once('\n')?;
    let is_whole_line = first.contains(": ") || first.contains("HTTP/");
    let lines = || rest.lines().take_while(|line| !line.is_empty());
    let mut complete_lines = lines().take(lines().count().saturating_sub(1));
    let has_known_name = lines().any(|line| header_name(line).is_some_and(is_of_upgrade));
    if is_whole_line || !has_known_name || complete_lines.any(|line| header_name(line).is_none()) {
        return None;
    }
    let message = format!(
        "this is the rest of an HTTP head, from the middle of a line on: {}",
        first.trim_end()
    );
    let finding = Finding::new(&catalogue::HEAD_LARGER_THAN_READ, message);
    // Whatever the cause, these are not frames.
    Some(Finding {
        severity: Severity::Violation,
        ..finding
    })
}

/// The name in a header line.
fn header_name(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(':')?;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (!name.is_empty() && name.bytes().all(is_token)).then_some(name)
}

/// Whether a header belongs to an opening handshake.
fn is_of_upgrade(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "upgrade" | "connection" | "host") || name.starts_with("sec-websocket-")
}
