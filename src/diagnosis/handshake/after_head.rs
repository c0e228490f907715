//! Diagnoses the bytes after a head, where the first frame is expected.

use super::diagnose_other_bytes;
use crate::diagnosis::{Finding, Location, LocationScope, Severity, Snippet, catalogue};
use crate::ws::Role;
use crate::ws::handshake::{
    Handshake, HeadLine, HeadLines, LineEnd, LineEnds, LineKind, OtherBytes, ParsedHead,
    RequestHead, ResponseHead,
};

/// "Once the client's opening handshake has been sent, the client MUST wait for a response
/// from the server before sending any further data" (RFC 6455 §4.1).
pub(super) fn diagnose_request(
    request: &ParsedHead<RequestHead>,
    handshake: &Handshake,
) -> Option<Finding> {
    if OtherBytes::of(&request.rest) != Some(OtherBytes::Frame(Role::Client)) {
        return instead_of_the_response(request, handshake);
    }
    let finding = Finding::new(
        &catalogue::REQ_EARLY_FRAMES,
        "a frame follows the request without waiting for the response",
    );
    let mut finding = finding
        .at(location(
            LocationScope::Request,
            &request.lines,
            &request.rest,
        ))
        .label("the client must wait for the 101");
    if handshake.response.is_none() {
        // A recording of one direction does not show when the frame was sent.
        finding.severity = Severity::Suspicious;
        finding = finding.possible_cause("the response is missing in this recording");
    }
    Some(finding)
}

/// Diagnoses what was pasted after a request, where a response is expected. In a recording of
/// one direction these bytes are the client's, and nothing is reported.
fn instead_of_the_response(
    request: &ParsedHead<RequestHead>,
    handshake: &Handshake,
) -> Option<Finding> {
    // A request of the draft Hixie-76 has a body of eight bytes.
    let has_body = ["Content-Length", "Transfer-Encoding", "Sec-WebSocket-Key1"]
        .iter()
        .any(|name| request.head.headers.count(name) > 0);
    let is_pasted = handshake.ends == LineEnds::AsPasted;
    let is_http_1 = request.head.method != "PRI";
    if handshake.response.is_some() || has_body || !is_pasted || !is_http_1 {
        return None;
    }
    diagnose_other_bytes(request.rest.trim_ascii_start(), Some(Role::Server))
}

/// Diagnoses bytes between a 101 and the first frame.
pub(super) fn diagnose_response(
    response: &ParsedHead<ResponseHead>,
    handshake: &Handshake,
) -> Option<Finding> {
    let rest = response.rest.as_slice();
    if response.head.status != 101 || newline_of_base64(response).is_some() {
        return None;
    }
    if rest.trim_ascii_start().starts_with(b"HTTP/1.") {
        let line = rest.trim_ascii_start().split(|byte| *byte == b'\n').next();
        let line = String::from_utf8_lossy(line.unwrap_or_default())
            .trim()
            .to_owned();
        let message = format!("a second response follows the 101: {line}");
        let location = location(LocationScope::Response, &response.lines, rest);
        return Some(Finding::new(&catalogue::HTTP_IN_STREAM, message).at(location));
    }
    // Empty lines at the end of a paste may come from the editor.
    if handshake.ends == LineEnds::AsPasted && response.lines.are_lf_only() {
        return None;
    }
    let (count, what) = match rest {
        [b'\r', b'\n', ..] => (2, "CR LF"),
        [b'\n', ..] => (1, "LF"),
        [0, ..] => (1, "NUL"),
        _ => return None,
    };
    let message = format!("there is one {what} too many after the 101");
    let mut location = location(LocationScope::Response, &response.lines, rest);
    location.length = count;
    let finding = Finding::new(&catalogue::RESP_TRAILING_BYTES, message);
    Some(finding.at(location).label("read as the first frame"))
}

/// Diagnoses a line feed that an encoder put at the end of the accept value. It ends the line
/// early, so that the CR LF of the line looks like the empty line, and the other headers come
/// after the head.
pub(super) fn newline_of_base64(response: &ParsedHead<ResponseHead>) -> Option<Finding> {
    let (last, others) = response.lines.lines().split_last()?;
    let is_accept = last
        .name()
        .is_some_and(|name| name.eq_ignore_ascii_case(b"Sec-WebSocket-Accept"));
    let is_alone = last.end == LineEnd::Lf && others.iter().all(|line| line.end == LineEnd::CrLf);
    if !is_accept || !(is_alone || has_any_header(response)) {
        return None;
    }
    let message = "the accept value ends with a line feed, which ends the head";
    let finding = Finding::new(&catalogue::ACCEPT_B64_NEWLINE, message)
        .label("followed by LF, then by the CR LF of the line");
    Some(finding)
}

/// Whether a header of this name comes after the head.
pub(super) fn has_header(response: &ParsedHead<ResponseHead>, name: &str) -> bool {
    let lines = HeadLines::read(&response.rest);
    lines
        .lines()
        .iter()
        .filter_map(name_of)
        .any(|found| found.eq_ignore_ascii_case(name))
}

/// Whether headers come after the head.
fn has_any_header(response: &ParsedHead<ResponseHead>) -> bool {
    let lines = HeadLines::read(&response.rest);
    let first = lines.lines().first().and_then(name_of);
    first.is_some_and(|name| !name.is_empty() && response.head.status == 101)
}

/// The name before the colon of a line. Unlike [`HeadLine::name`], it also takes a first line.
fn name_of(line: &HeadLine) -> Option<&str> {
    if matches!(line.kind, LineKind::Folded) {
        return None;
    }
    let colon = line.bytes.iter().position(|byte| *byte == b':')?;
    let name = std::str::from_utf8(line.bytes.get(..colon)?).ok()?;
    let is_name = |char: char| char.is_ascii_alphanumeric() || char == '-';
    name.chars().all(is_name).then_some(name)
}

/// The location of the first bytes after a head.
fn location(scope: LocationScope, lines: &HeadLines, rest: &[u8]) -> Location {
    const MOST: usize = 16;
    let bytes = rest.get(..MOST).unwrap_or(rest).to_vec();
    Location {
        scope,
        offset: lines.size() as u64,
        length: bytes.len() as u64,
        direction: None,
        snippet: Some(Snippet::Bytes {
            start: lines.size() as u64,
            bytes,
        }),
    }
}
