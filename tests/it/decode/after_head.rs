//! Bytes after a head: on its line, on the next one, in source code and in logs. None is lost.

use crate::helpers::run::wsctl_reading;

const LINES: [&str; 4] = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
];

const LITERALS: [&str; 12] = [
    "Buffer.from([0x81,0x05,0x48,0x65,0x6c,0x6c,0x6f])",
    "new Uint8Array([129, 5, 72, 101, 108, 108, 111])",
    r"b'\x81\x05Hello'",
    r#""\x81\x05Hello""#,
    r#"b"\x81\x05" b"Hello""#,
    "bytes([0x81, 5]) + b'Hello'",
    "[129, 5, 72, 101, 108, 108, 111]",
    "bytes.fromhex('810548656c6c6f')",
    "Buffer.from('810548656c6c6f', 'hex')",
    "Buffer.from('gQVIZWxsbw==', 'base64')",
    "<Buffer 81 05 48 65 6c 6c 6f>",
    "<<129,5,72,101,108,108,111>>",
];

/// The head and the frame are shown, and nothing else.
#[track_caller]
fn check(text: &str) {
    let outcome = wsctl_reading(["decode", "-q", "-f", "frames"], text.as_bytes());
    let expected = "< HTTP/1.1 101 Switching Protocols [response, 129 bytes]\n\
                    < text \"Hello\" [5 bytes]\n";
    assert_eq!(
        (outcome.text(), outcome.status),
        (expected, 0),
        "{text}\n{outcome}"
    );
}

#[test]
fn literals_on_the_line_of_a_quoted_head_are_read() {
    let head = LINES.join("\\r\\n") + "\\r\\n\\r\\n";
    for literal in LITERALS {
        for text in [
            format!("socket.write('{head}'); socket.write({literal});\n"),
            format!("socket.write(Buffer.concat([Buffer.from(\"{head}\"), {literal}]));\n"),
            format!("[b'{head}', {literal}]\n"),
            format!("recv b'{head}' {literal}\n"),
            format!("b'{head}' + {literal}\n"),
            format!("socket.write('{head}');\nsocket.write({literal});\n"),
            format!("const head = `{head}`;\nconst frame = {literal};\n"),
            format!("socket.write(\n  '{head}'\n);\nsocket.write(\n  {literal}\n);\n"),
        ] {
            check(&text);
        }
    }
}

#[test]
fn a_list_that_is_joined_has_no_line_end_more() {
    let items = LINES.map(|line| format!("  '{line}',\n")).concat();
    for literal in LITERALS {
        check(&format!(
            "socket.write([\n{items}  '', ''\n].join('\\r\\n'));\nsocket.write({literal});\n"
        ));
    }
}

/// The empty line of the head was not copied.
#[test]
fn literals_on_the_line_below_a_head_are_no_headers() {
    let head = LINES.join("\n");
    for literal in LITERALS {
        for text in [
            format!("{head}\n{literal}\n"),
            format!("{head}\nsocket.write({literal});\n"),
            format!("{head}\nframe = {literal}\n"),
        ] {
            check(&text);
        }
    }
    for line in [
        "recv: <Buffer 81 05 48 65 6c 6c 6f>",
        "81 05 48 65 6c 6c 6f",
        "data: 81 05 48 65 6c 6c 6f",
        "recv: gQVIZWxsbw==",
        "00000000  81 05 48 65 6c 6c 6f                              |..Hello|",
    ] {
        check(&format!("{head}\n{line}\n"));
    }
}

#[test]
fn each_list_of_a_line_is_read_if_it_is_a_frame() {
    let text = "frames = [129, 2, 104, 105], [138, 0], then [1, 2, 3]\n";
    let outcome = wsctl_reading(["decode", "-q", "-f", "frames"], text.as_bytes());
    let expected = "< text \"hi\" [2 bytes]\n< pong [0 bytes]\n";
    assert_eq!((outcome.text(), outcome.status), (expected, 0), "{outcome}");
}
