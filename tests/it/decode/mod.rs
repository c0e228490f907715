//! `wsctl decode`.

mod after_head;
mod captures;
mod colours;
mod dumps;
mod linear_time;
mod live;
mod memory;
mod not_bytes;
mod notations;
mod one_connection;
mod packet_formats;
mod pastes;
mod pieces;
mod program_logs;
mod reports;
mod round_trip;
mod traces;

use std::io::Write as _;
use std::process::Stdio;

use crate::helpers::run::{check, check_reading, program, wsctl, wsctl_reading};

#[test]
fn the_examples_of_rfc_6455_section_5_7_are_decoded() {
    check("decode 81 05 48 65 6c 6c 6f", "Hello\n");
    check("decode 81 85 37 fa 21 3d 7f 9f 4d 51 58", "Hello\n");
    check("decode 01 03 48 65 6c 80 02 6c 6f", "Hello\n");
    check(
        "decode -q -v 89 05 48 65 6c 6c 6f",
        "< ping \"Hello\" [5 bytes]\n",
    );
    check(
        "decode -q -v 8a 85 37 fa 21 3d 7f 9f 4d 51 58",
        "> pong \"Hello\" [5 bytes, masked 37fa213d]\n",
    );
    let binary = |header: &str, length: usize| {
        let hex = format!("{header}{}", "00".repeat(length));
        let outcome = wsctl_reading(["decode", "-f", "raw"], hex.as_bytes());
        assert_eq!((outcome.status, outcome.stdout), (0, vec![0; length]));
    };
    binary("827e0100", 256);
    binary("827f0000000000010000", 65536);
}

#[test]
fn lengths_are_decoded_in_each_form_that_can_hold_them() {
    for length in [0_u64, 1, 125, 126, 127, 65535, 65536] {
        for (form, most) in [("7", 125), ("16", 65535), ("64", u64::MAX)] {
            if length > most {
                continue;
            }
            let text = "a".repeat(usize::try_from(length).unwrap());
            let arguments = [
                "encode",
                "-q",
                "--length-form",
                form,
                "--output",
                "raw",
                "-",
            ];
            let bytes = wsctl_reading(arguments, text.as_bytes()).stdout;
            let outcome = wsctl_reading(["decode", "-q"], &bytes);
            assert_eq!(
                outcome.text(),
                format!("{text}\n"),
                "{length} in {form} bits"
            );
            let shortest = if length <= 125 {
                "7"
            } else if length <= 65535 {
                "16"
            } else {
                "64"
            };
            assert_eq!(
                outcome.status,
                i32::from(form != shortest),
                "{length} in {form} bits"
            );
        }
    }
}

#[test]
fn fragments_are_joined_around_control_frames() {
    check(
        "decode 0103 48656c 8900 8002 6c6f 8805 03e8 627965",
        "Hello\n",
    );
    check(
        "decode -v 0103 48656c 8900 8002 6c6f 8805 03e8 627965",
        "< text \"Hel\" [3 bytes, not final]\n\
         < ping [0 bytes]\n\
         < continuation \"lo\" [2 bytes]\n\
         < close 1000 (normal closure) \"bye\" [5 bytes]\n\
         --- stderr\n\
         wsctl: read as hexadecimal\n\
         wsctl: taken as sent by the server, by the MASK bit of the first frame\n",
    );
}

#[test]
fn fields_are_drawn_with_bytes_and_bits() {
    check(
        "decode -q -vv 81870ec3f3cd3bf6c6f83bf6c6 88 05 03 e8 62 79 65",
        "\
frame 1 at byte 0: text, final, masked, 7 bytes of payload

  byte  bytes         bits       field
     0  81            1... ....  FIN             1, the end of the message
                      .000 ....  RSV1-3          0
                      .... 0001  opcode          1, text
     1  87            1... ....  MASK            1, a client's frame
                      .000 0111  payload length  7
     2  0e c3 f3 cd              masking key
     6  3b f6 c6 f8 3b f6 c6     payload
        35 35 35 35 35 35 35     unmasked        5555555

frame 2 at byte 13: close, final, not masked, 5 bytes of payload

  byte  bytes         bits       field
    13  88            1... ....  FIN             1, the end of the message
                      .000 ....  RSV1-3          0
                      .... 1000  opcode          8, close
    14  05            0... ....  MASK            0, a server's frame
                      .000 0101  payload length  5
    15  03 e8                    close code      1000 (normal closure)
    17  62 79 65                 close reason    bye
",
    );
}

#[test]
fn fields_of_a_long_incomplete_frame_are_drawn() {
    let bytes = format!("817e0100{}", "e4bda0".repeat(40));
    check(
        &format!("decode -q -f fields {bytes}"),
        "\
frame 1 at byte 0: text, final, not masked, 256 bytes of payload

  byte  bytes         bits       field
     0  81            1... ....  FIN             1, the end of the message
                      .000 ....  RSV1-3          0
                      .... 0001  opcode          1, text
     1  7e            0... ....  MASK            0, a server's frame
                      .111 1110  payload length  126: the next 2 bytes
     2  01 00                    payload length  256
     4  e4 bd a0 e4 bd a0 e4 bd  payload         你你你
    12  a0 e4 bd a0 e4 bd a0 e4                  你你你
    20  bd a0 e4 bd a0 e4 bd a0                  你你
    28  e4 bd a0 e4 bd a0 e4 bd                  你你你
    36  a0 e4 bd a0 e4 bd a0 e4                  你你你
    44  bd a0 e4 bd a0 e4 bd a0                  你你
    52  e4 bd a0 e4 bd a0 e4 bd                  你你你
    60  a0 e4 bd a0 e4 bd a0 e4                  你你你
        … 40 bytes more, --full shows them
   108  a0 e4 bd a0 e4 bd a0 e4                  你你你
   116  bd a0 e4 bd a0 e4 bd a0                  你你
        136 of 256 bytes missing
--- status 1
",
    );
}

#[test]
fn json_output_has_an_object_per_line() {
    check(
        "decode -f json --from server 0103 48656c 8002 6c6f 8202 00ff 8800",
        concat!(
            r#"{"type":"frame","from":"server","frame":1,"offset":0,"fin":false,"rsv":0,"opcode":1,"name":"text","mask":false,"payload_length":3,"length_bits":7,"text":"Hel"}"#,
            "\n",
            r#"{"type":"frame","from":"server","frame":2,"offset":5,"fin":true,"rsv":0,"opcode":0,"name":"continuation","mask":false,"payload_length":2,"length_bits":7,"text":"lo"}"#,
            "\n",
            r#"{"type":"message","from":"server","opcode":1,"name":"text","frames":2,"length":5,"text":"Hello"}"#,
            "\n",
            r#"{"type":"frame","from":"server","frame":3,"offset":9,"fin":true,"rsv":0,"opcode":2,"name":"binary","mask":false,"payload_length":2,"length_bits":7,"hex":"00ff"}"#,
            "\n",
            r#"{"type":"message","from":"server","opcode":2,"name":"binary","frames":1,"length":2,"hex":"00ff"}"#,
            "\n",
            r#"{"type":"frame","from":"server","frame":4,"offset":13,"fin":true,"rsv":0,"opcode":8,"name":"close","mask":false,"payload_length":0,"length_bits":7,"text":""}"#,
            "\n",
        ),
    );
    check(
        "decode -q -f json c1 80 37fa213d",
        concat!(
            r#"{"type":"frame","frame":1,"offset":0,"fin":true,"rsv":4,"opcode":1,"name":"text","mask":true,"masking_key":"37fa213d","payload_length":0,"length_bits":7,"text":""}"#,
            "\n",
            r#"{"type":"message","opcode":1,"name":"text","frames":1,"length":0,"text":""}"#,
            "\n--- status 1\n",
        ),
    );
    check(
        "decode -f json --from client 8100",
        concat!(
            r#"{"type":"frame","from":"client","frame":1,"offset":0,"fin":true,"rsv":0,"opcode":1,"name":"text","mask":false,"payload_length":0,"length_bits":7,"text":""}"#,
            "\n",
            r#"{"type":"message","from":"client","opcode":1,"name":"text","frames":1,"length":0,"text":""}"#,
            "\n",
            r#"{"type":"finding","from":"client","rule":"client-unmasked","severity":"violation","frame":1,"offset":1,"length":1,"section":"RFC 6455 section 5.1","message":"a frame from the client is not masked","cause":"perhaps the sender masks text and binary frames only, or no empty payload","fix":"set MASK (80), write 4 random bytes, XOR the payload with them"}"#,
            "\n--- status 1\n",
        ),
    );
}

#[test]
fn json_has_at_most_max_message_bytes_of_a_payload() {
    let outcome = wsctl([
        "decode",
        "-f",
        "json",
        "--max-message",
        "3",
        "8105 48656c6c6f",
    ]);
    let records: Vec<serde_json::Value> = outcome
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for record in &records {
        assert_eq!(
            (&record["text"], &record["left_out"]),
            (&"Hel".into(), &2.into()),
            "{record}"
        );
    }
    assert_eq!((records.len(), outcome.status), (2, 0));
}

#[test]
fn raw_is_the_payload_alone() {
    let outcome = wsctl([
        "decode",
        "-f",
        "raw",
        r"b'\x02\x02\x00\xff\x89\x01!\x80\x01\n'",
    ]);
    assert_eq!(
        (outcome.status, outcome.stdout),
        (0, b"\x00\xff\n".to_vec())
    );
}

#[test]
fn close_codes_are_checked_on_both_sides_of_each_boundary() {
    let boundaries = [
        0, 999, 1000, 1003, 1004, 1006, 1007, 1014, 1015, 2999, 3000, 4999, 5000, 65535,
    ];
    for code in boundaries {
        let is_allowed = matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
        let outcome = wsctl(["decode", "-q", &format!("8802{code:04x}")]);
        assert_eq!(outcome.status, i32::from(!is_allowed), "{code}");
    }
}

#[test]
fn an_error_in_a_notation_keeps_the_frames_before_it() {
    let error = "--- stderr\nwsctl: the arguments as hex, column";
    check(
        "decode 81zz",
        &format!(
            "{error} 3: expected a hexadecimal digit, found `z`\n  81zz\n    ^\n--- status 2\n"
        ),
    );
    check(
        "decode 8102 6869 8105 4865 6czz",
        &format!(
            "hi\nHel\n{error} 23: expected a hexadecimal digit, found `z`\n  8102 6869 8105 4865 6czz\n                        ^\n--- status 2\n"
        ),
    );
    check_reading(
        "decode",
        b"81 02 68 69\n81 0",
        "hi\n--- stderr\nwsctl: standard input as hex, line 2, column 5: \
         expected a hexadecimal digit, found the end\n\
         \x20 81 0\n      ^\n  --input raw takes these bytes as they are\n--- status 2\n",
    );
}

/// The same frame in each notation.
#[test]
fn each_notation_is_recognized() {
    let frame: &[u8] = b"\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6";
    let texts = [
        ("hexadecimal", "81870ec3 f3cd3bf6 c6f83bf6 c6"),
        (
            "hexadecimal",
            "0x81,0x87,0x0e,0xc3,0xf3,0xcd,0x3b,0xf6,0xc6,0xf8,0x3b,0xf6,0xc6",
        ),
        (
            "a Python literal",
            r">>> print(b'\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6')",
        ),
        (
            "text with escapes",
            r#""\201\207\016\303\363\315;\366\306\370;\366\306""#,
        ),
        (
            "text with escapes",
            r"\x81\x87\x0e\xc3\xf3\xcd;\xf6\xc6\xf8;\xf6\xc6",
        ),
        (
            "an array of numbers",
            "unsigned char b[] = {0x81, 0x87, 0xe, 0xc3, 0xf3, 0xcd, 0x3b,\n  0xf6, 0xc6, 0xf8, 0x3b, 0xf6, 0xc6};",
        ),
        (
            "hexadecimal",
            "frame = bytes.fromhex('81 87 0e c3 f3 cd 3b f6 c6 f8 3b f6 c6')",
        ),
        ("hexadecimal", "<81870ec3 f3cd3bf6 c6f83bf6 c6>"),
        (
            "decimal numbers",
            "129 135 14 195 243 205 59 246 198 248 59 246 198",
        ),
        (
            "an array of numbers",
            "<<129,135,14,195,243,205,59,246,198,248,59,246,198>>",
        ),
        (
            "an array of numbers",
            r#"{"type":"Buffer","data":[129,135,14,195,243,205,59,246,198,248,59,246,198]}"#,
        ),
        (
            "an array of numbers",
            "[129, 135, 14, 195, 243, 205, 59, 246, 198, 248, 59, 246, 198]",
        ),
        (
            "an array of numbers",
            "Uint8Array(13) [\n  129, 135,  14, 195, 243,\n  205,  59, 246, 198, 248,\n   59, 246, 198\n]",
        ),
        (
            "an array of numbers",
            "[-127, -121, 14, -61, -13, -51, 59, -10, -58, -8, 59, -10, -58]",
        ),
        (
            "a Buffer of Node",
            "<Buffer 81 87 0e c3 f3 cd 3b f6 c6 f8 3b f6 c6>",
        ),
        ("base64", "gYcOw/PNO/bG+Dv2xg=="),
        (
            "a hexdump",
            "00000000  81 87 0e c3 f3 cd 3b f6  c6 f8 3b f6 c6           |......;...;..|\n0000000d",
        ),
        (
            "a hexdump",
            "00000000: 8187 0ec3 f3cd 3bf6 c6f8 3bf6 c6         ......;...;..",
        ),
        ("raw bytes", ""),
    ];
    for (notation, text) in texts {
        let input = if text.is_empty() {
            frame
        } else {
            text.as_bytes()
        };
        let outcome = wsctl_reading(["decode", "-v"], input);
        let expected = format!(
            "> text \"5555555\" [7 bytes, masked 0ec3f3cd]\n--- stderr\n\
             wsctl: read as {notation}\n\
             wsctl: taken as sent by the client, by the MASK bit of the first frame\n"
        );
        assert_eq!(outcome.to_string(), expected, "{text}");
        if !text.is_empty() {
            assert_eq!(wsctl(["decode", text]).text(), "5555555\n", "{text}");
        }
    }
}

#[test]
fn omitted_bytes_and_other_readings_are_reported() {
    let outcome = wsctl(["decode", "<Buffer 81 05 48 65 ... 3 more bytes>"]);
    let note = "wsctl: a Buffer of Node that is cut short: 3 more bytes are missing\n";
    assert!(outcome.stderr.starts_with(note), "{outcome}");
    assert!(outcome.stderr.contains("3 of 5 payload bytes missing"));
    assert_eq!((outcome.text(), outcome.status), ("He\n", 1));
    let outcome = wsctl(["decode", "[81, 01, 61]"]);
    assert_eq!(outcome.to_string(), "a\n");
    let outcome = wsctl(["decode", "[10, 10, 10, 10, 10]"]);
    let note =
        "wsctl: read as an array of numbers, which could also be an array of decimal numbers\n";
    assert!(outcome.stderr.starts_with(note), "{outcome}");
}

#[test]
fn an_argument_is_never_taken_for_raw_bytes() {
    let outcome = wsctl(["decode", "\u{a0}81\u{a0}05"]);
    let expected = "--- stderr\nwsctl: the arguments as hex, column 1: \
                    expected a hexadecimal digit, found `\\u{a0}`\n  ·81·05\n  ^\n--- status 2\n";
    assert_eq!(outcome.to_string(), expected);
}

#[test]
fn an_error_suggests_what_to_type() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    let outcome = wsctl(["decode", path]);
    let expected =
        format!("--- stderr\nwsctl: expected frames in {path}, found no bytes\n--- status 2\n");
    assert_eq!(outcome.to_string(), expected);
    let outcome = wsctl(["decode", "x81x05Hello"]);
    let hint = "\n  quote the bytes: the shell took the backslashes away\n";
    assert!(outcome.stderr.contains(hint), "{outcome}");
    let outcome = wsctl_reading(["decode"], "Hello wörld\n".as_bytes());
    assert!(
        outcome
            .stderr
            .contains("\n  --input raw takes these bytes as they are\n"),
        "{outcome}"
    );
    assert_eq!(
        wsctl_reading(["decode"], b"\xef\xbb\xbf8105 48656c6c6f").text(),
        "Hello\n"
    );
}

#[test]
fn quiet_prints_no_findings() {
    let outcome = wsctl(["decode", "-q", "-f", "json", "c100"]);
    assert_eq!(
        (
            outcome.text().lines().count(),
            outcome.stderr.as_str(),
            outcome.status
        ),
        (2, "", 1)
    );
}

#[test]
fn a_missing_file_and_empty_input_are_reported() {
    check(
        "decode --file no-such-file.bin",
        "--- stderr\nwsctl: cannot read no-such-file.bin: No such file or directory\n--- status 2\n",
    );
    check(
        "decode",
        "--- stderr\nwsctl: expected frames in standard input, found no bytes\n--- status 2\n",
    );
    check_reading(
        "decode --file -",
        b" \n",
        "--- stderr\nwsctl: expected frames in standard input, found no bytes\n--- status 2\n",
    );
}

#[test]
fn a_file_or_a_pipe_has_a_notation_or_raw_bytes() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"\x81\x05Hello").unwrap();
    let path = file.path().to_str().unwrap();
    assert_eq!(wsctl(["decode", "--file", path]).text(), "Hello\n");
    check_reading("decode", b"\x81\x05Hello", "Hello\n");
    check_reading("decode -", b"81 05 48 65\n6c 6c 6f\n", "Hello\n");
    check_reading("decode", b"b'\\x81\\x05Hello'\n", "Hello\n");
    check_reading("decode --input hex", b"8105 48656c6c6f", "Hello\n");
    check_reading("decode -q --input raw", b"810", "--- status 1\n");
    check_reading(
        "decode -q -v --input raw",
        b"\x01\x0281",
        "< text \"81\" [2 bytes, not final]\n--- status 1\n",
    );
}

#[test]
fn a_closed_pipe_is_silent_success() {
    let mut child = program()
        .args(["decode"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"\x81\x05Hello").unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), vec![]));
}

#[test]
fn frames_from_a_pipe_are_printed_as_they_arrive() {
    let mut child = program()
        .args(["decode"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    for text in ["first", "again"] {
        stdin.write_all(b"\x81\x05").unwrap();
        stdin.write_all(text.as_bytes()).unwrap();
        let mut line = String::new();
        // The read would not return if the program waited for the end of its input.
        std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
        assert_eq!(line, format!("{text}\n"));
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}
