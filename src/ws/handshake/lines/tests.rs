//! The lines of heads, and their errors.

use super::*;

const RIGHT: &[u8] = b"GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade:\twebsocket \r\n\r\n\x81\x80";

/// Each error as `kind line:offset+length`.
fn errors(bytes: &[u8], ends: LineEnds) -> Vec<String> {
    let lines = HeadLines::read(bytes);
    let show = |error: &LineError| {
        let LineError {
            kind,
            line,
            offset,
            length,
        } = error;
        format!("{kind:?} {line}:{offset}+{length}")
    };
    lines.errors(ends).iter().map(show).collect()
}

#[test]
fn a_valid_head_has_the_parsers_headers_and_no_errors() {
    let lines = HeadLines::read(RIGHT);
    let (head, size) = RequestHead::parse(RIGHT).unwrap().unwrap();
    assert_eq!((lines.request(), lines.size()), (Some(head), size));
    assert_eq!(lines.response(), None);
    assert_eq!(errors(RIGHT, LineEnds::OnTheWire), [""; 0]);
    let line = lines.headers("upgrade").next().unwrap();
    assert_eq!((line.number, line.start), (3, 29));
    assert_eq!(line.value(), Some(&b"websocket"[..]));
    let bytes = b"HTTP/1.1 101\r\nA: b, c\r\n\r\n";
    let (head, size) = ResponseHead::parse(bytes).unwrap().unwrap();
    let lines = HeadLines::read(bytes);
    assert_eq!((lines.response(), lines.size()), (Some(head), size));
}

#[test]
fn bare_lf_in_a_paste_is_an_error_only_beside_cr_lf() {
    let text = b"GET / HTTP/1.1\nHost: a\n\n";
    assert_eq!(errors(text, LineEnds::AsPasted), [""; 0]);
    assert_eq!(errors(&text[..23], LineEnds::AsPasted), [""; 0]);
    assert_eq!(
        errors(text, LineEnds::OnTheWire),
        ["BareLf { bare: 2, right: 0 } 1:14+1"]
    );
    let mixed = b"GET / HTTP/1.1\r\nHost: a\nA: b\r\n\r\n";
    for ends in [LineEnds::AsPasted, LineEnds::OnTheWire] {
        assert_eq!(errors(mixed, ends), ["BareLf { bare: 1, right: 2 } 2:23+1"]);
    }
}

#[test]
fn a_head_without_its_empty_line_is_an_error() {
    let bytes = b"GET / HTTP/1.1\r\nHost: a\r\n";
    assert_eq!(errors(bytes, LineEnds::OnTheWire), ["NoBlankLine 2:25+0"]);
    assert_eq!(
        errors(&bytes[..20], LineEnds::OnTheWire),
        ["NotAHeader 2:16+4", "NoBlankLine 2:20+0"]
    );
}

#[test]
fn malformed_lines_each_have_an_error() {
    let lines = b"GET  / HTTP/1.1\r\nUpgrade : websocket\r\n  , h2c\r\nno colon\r\n\
                  b a: c\r\nd: e\x00f\r\n\r\n";
    assert_eq!(
        errors(lines, LineEnds::AsPasted),
        [
            "FirstLine 1:0+15",
            "SpaceBeforeColon 2:24+1",
            "Folded 3:38+7",
            "NotAHeader 4:47+8",
            "NotAHeader 5:57+6",
            "Control(0) 6:69+1",
        ]
    );
    let head = HeadLines::read(lines).request().unwrap();
    assert_eq!(head.target, "/");
    assert!(head.headers.lists("Upgrade", "h2c"));
}

#[test]
fn a_head_of_another_version_is_read() {
    let lines = HeadLines::read(b"HTTP/2 400\r\nserver: a\r\n\r\n");
    assert_eq!(lines.response().unwrap().status, 400);
    assert_eq!(
        lines.errors(LineEnds::AsPasted)[0].kind,
        HeaderLineError::Version
    );
    let lines = HeadLines::read(b"GET / HTTP/1.0\r\n\r\n");
    assert_eq!(lines.request().unwrap().minor_version, 0);
    assert_eq!(lines.errors(LineEnds::AsPasted), []);
}
