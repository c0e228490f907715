//! Bytes in logs, in source code and in the output of tools.

use std::fs;

use crate::helpers::run::wsctl_reading;

/// What `decode` prints of a paste: standard output, and the exit status.
#[track_caller]
fn check(paste: &str, stdout: &str, status: i32) {
    check_with(&["decode"], paste, stdout, status);
}

#[track_caller]
fn check_with(arguments: &[&str], paste: &str, stdout: &str, status: i32) {
    let outcome = wsctl_reading(arguments, paste.as_bytes());
    assert_eq!(
        (outcome.text(), outcome.status),
        (stdout, status),
        "{paste}\n{}",
        outcome.stderr
    );
}

/// A masked text `Hello` after what many programs write in front of it.
#[test]
fn prefixes_of_logs_are_taken_off() {
    for prefix in [
        "",
        "recv 11 bytes: ",
        "10:49:21.331 RX: ",
        "2026-11-26T14:24:08.123Z DEBUG recv: ",
        "2026-11-26 14:24:08,123 DEBUG received data=",
        "[2026/11/26 14:24:08:0001] N: ",
        "17:43:13.645 -> received: ",
        "Nov 26 14:24:08 host data: ",
        "[WS] >> ",
        "// ",
        "# received: ",
        "<- ",
        "let frame = ",
    ] {
        for bytes in [
            "81 85 37 fa 21 3d 7f 9f 4d 51 58",
            r"b'\x81\x857\xfa!=\x7f\x9fMQX'",
            "[129, 133, 55, 250, 33, 61, 127, 159, 77, 81, 88]",
            "<Buffer 81 85 37 fa 21 3d 7f 9f 4d 51 58>",
        ] {
            check(&format!("{prefix}{bytes}\n"), "Hello\n", 0);
        }
    }
}

/// `payload=` is base64 by its digits, and a name here.
#[test]
fn a_name_before_an_equals_sign_is_no_base64() {
    for before in ["", "18:22:41 main.go:42: ", "2024/11/03 18:22:41 ", "[ws] "] {
        for name in ["payload=", "hex=", "frame=", "data="] {
            for bytes in [
                "82049a3c51e7",
                "8204 9a3c51e7",
                "ggSaPFHn",
                "82 04 9a 3c 51 e7",
            ] {
                let paste = format!("{before}{name}{bytes}\n");
                let frame = "< binary 9a 3c 51 e7 [4 bytes]\n";
                check_with(&["decode", "-f", "frames"], &paste, frame, 0);
            }
        }
    }
}

#[test]
fn line_ends_may_be_mixed() {
    check("81 05\r\n48 65\n6c 6c\r6f\r\n", "Hello\n", 0);
    check("recv: 81 03 48 65 6c\rrecv: 81 02 6c 6f\n", "Hel\nlo\n", 0);
    check(
        "recv: 81 03 48 65 6c\r\r\nrecv: 81 02 6c 6f\r\r\n",
        "Hel\nlo\n",
        0,
    );
}

#[test]
fn letters_for_client_and_server_say_who_sent_bytes() {
    for (to_server, to_client) in [
        ("C->S", "S->C"),
        ("12:00:01 [C->S]", "12:00:02 [S->C]"),
        ("S <- C:", "C <- S:"),
        ("c2s", "s2c"),
    ] {
        let paste = format!("{to_server} 8182000000006869\n{to_client} 81026869\n");
        let frames = "> text \"hi\" [2 bytes, masked 00000000]\n< text \"hi\" [2 bytes]\n";
        check_with(&["decode", "-f", "frames"], &paste, frames, 0);
    }
}

#[test]
fn numbers_are_read_as_what_makes_frames() {
    for bytes in [
        "81 5 48 65 6c 6c 6f",
        "ffffff81 5 48 65 6c 6c 6f",
        "0xffffff81 0x05 0x48 0x65 0x6c 0x6c 0x6f",
        "81h 05h 48h 65h 6ch 6ch 6fh",
        "$81 $05 $48 $65 $6c $6c $6f",
        "%81%05%48%65%6c%6c%6f",
        "81|05|48|65|6c|6c|6f",
        "#81 #05 #48 #65 #6c #6c #6f",
        "10000001 00000101 01001000 01100101 01101100 01101100 01101111",
        "x = 10000001 00000101 01001000 01100101 01101100 01101100 01101111",
        "-127 5 72 101 108 108 111",
        "data:application/octet-stream;base64,gQVIZWxsbw==",
    ] {
        check(bytes, "Hello\n", 0);
    }
}

/// Hardware description languages, and `NSData` and `Data` of Swift.
#[test]
fn bytes_have_the_form_of_a_language() {
    for bytes in [
        "8'h81, 8'h05, 8'h48, 8'h65, 8'h6c, 8'h6c, 8'h6f",
        "assign frame = {8'h81,8'h05,8'h48,8'h65,8'h6C,8'h6C,8'h6F};",
        "constant FRAME : bytes := (x\"81\", x\"05\", x\"48\", x\"65\", x\"6c\", x\"6c\", x\"6f\");",
        "<81054865 6c6c6f>",
        "Optional(<81054865 6c6c6f>)",
        "{length = 7, bytes = 0x81054865 6c6c6f}",
        "received Optional({length = 7, bytes = 0x81054865 6c6c6f})",
        "Some([129, 5, 72, 101, 108, 108, 111])",
        "Ok([81, 05, 48, 65, 6c, 6c, 6f])",
        "0000   81 05 48 65 6c 6c 6f",
        "00000000  81 05 48 65 6c 6c 6f",
    ] {
        check(bytes, "Hello\n", 0);
    }
    let long =
        "{length = 36, bytes = 0x81224865 6c6c6f20 576f726c 642c2074 ... 20656e64 206f6620 }\n";
    let outcome = wsctl_reading(["decode", "-f", "frames"], long.as_bytes());
    assert_eq!(
        outcome.text(),
        "< text \"Hello World, t\" [14 of 34 bytes]\n"
    );
    let told = "wsctl: hexadecimal that is cut short: 20 more bytes are missing\n";
    assert!(outcome.stderr.starts_with(told), "{outcome}");
}

/// Comments between the numbers of an array that lost its brackets, or never had some.
#[test]
fn comments_between_numbers_are_no_bytes() {
    for numbers in [
        "0x81, // FIN, text\n0x05, // length\n0x48, 0x65, 0x6c, 0x6c, 0x6f // Hello\n",
        "0x81, /* FIN, text */ 0x05, /* length */ 0x48, 0x65, 0x6c, 0x6c, 0x6f\n",
        "81 # FIN, text\n05 # length 5\n48 65 6c 6c 6f # Hello\n",
        "129,  -- first byte\n5,  -- length\n72, 101, 108, 108, 111 -- Hello\n",
        "81 ; FIN, text\n05 ; length\n48 65 6c 6c 6f\n",
        "81 05 /* 2 bytes */\n48 65 6c 6c 6f /* é: 5 bytes */\n",
    ] {
        check(numbers, "Hello\n", 0);
    }
}

#[test]
fn counts_in_front_of_bytes_are_no_bytes() {
    check("len:7 193 5 81 05 48 65 6c 6c 6f\n", "Hello\n", 0);
    let line = "recv 7 bytes: 81 05 48 65 6c 6c 6f\n";
    check(&line.repeat(3), "Hello\nHello\nHello\n", 0);
    check("bytes: 81 05 48 65 6c 6c 6f\nbytes: 89 00\n", "Hello\n", 0);
    check("RX 7 81 05 48 65 6c 6c 6f\nTX 2 89 00\n", "Hello\n", 0);
    check("[0] (7) 81 05 48 65 6c 6c 6f\n", "Hello\n", 0);
}

#[test]
fn what_follows_a_literal_is_skipped() {
    let literal = r"b'\x81\x05Hello'";
    for paste in [
        format!("{literal}==========Hello"),
        format!("('192.0.2.1', 51034) 发送: {literal}  # Hello"),
        format!("服务器收到 {literal}"),
        format!("got {literal} from 192.0.2.1"),
    ] {
        check(&paste, "Hello\n", 0);
    }
}

#[test]
fn rows_of_a_dump_may_have_a_prefix_and_two_directions() {
    check(
        "[2026/11/26 10:00:00:0001] N: \n\
         [2026/11/26 10:00:00:0001] N: 0000: 81 85 37 FA 21 3D 7F 9F 4D 51 58       ..7.!=..MQX\n",
        "Hello\n",
        0,
    );
    check(
        "00000000  81 85 37 fa 21 3d 7f 9f  4d 51 58                ..7.!=.. MQX\n\
         \x20   00000000  81 05 48 65 6c 6c 6f                             ..Hello\n",
        "Hello\nHello\n",
        0,
    );
}

/// A masked frame goes to the server, whatever a server's log calls that.
#[test]
fn a_servers_log_is_turned_round() {
    let log = "recv: 81 85 37 fa 21 3d 7f 9f 4d 51 58\nsend: 81 05 48 65 6c 6c 6f\n";
    let lines = "> text \"Hello\" [5 bytes, masked 37fa213d]\n< text \"Hello\" [5 bytes]\n";
    check_with(&["decode", "-v"], log, lines, 0);
    let log = log.replace("recv", "tx").replace("send", "rx");
    check_with(&["decode", "-v"], &log, lines, 0);
}

/// The word after the digits begins as hexadecimal does, and is no slip in them.
#[test]
fn binary_digits_before_a_word_are_read_as_binary() {
    let line = "// 10000010 00000010 01001000 01101001 from ('127.0.0.1', 51034)\n";
    check(line, "Hi\n", 0);
}

/// `recv: <<130,2,72,105>> len` is no name of a variable in front of `=`.
#[test]
fn a_count_after_a_list_is_skipped() {
    for list in ["<<130,2,72,105>>", "[130, 2, 72, 105]", "{130,2,72,105}"] {
        check(&format!("recv: {list} len=13\n"), "Hi\n", 0);
    }
    check("recv: <<138,2,0,0>> len=13\n", "", 0);
}

#[test]
fn utf_16_is_text() {
    let text = "\u{feff}81 05 48 65 6c 6c 6f\r\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let outcome = wsctl_reading(["decode"], &bytes);
    assert_eq!((outcome.text(), outcome.status), ("Hello\n", 0));
}

/// Hundreds of lines of many programs, each alone and all together.
#[test]
fn no_frame_is_found_in_logs_without_frames() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/pastes/logs-without-frames.txt"
    );
    let log = fs::read_to_string(path).unwrap();
    assert!(log.lines().count() >= 300);
    for paste in log.lines().chain([log.as_str()]) {
        let outcome = wsctl_reading(["decode", "-v"], paste.as_bytes());
        let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
        assert_eq!((text.as_str(), outcome.status), ("", 2), "{paste}");
        assert!(outcome.stderr.contains("expected"), "{}", outcome.stderr);
    }
}

/// The packets of `tcpdump -X`, one of them an acknowledgment: both directions of the stream inside.
#[test]
fn the_headers_of_packets_are_taken_off() {
    let paste = "\
12:00:00.000000 IP 127.0.0.1.51034 > 127.0.0.1.9527: Flags [P.], seq 1:12, ack 1, win 512, length 11
\t0x0000:  4500 0033 0000 4000 4006 3cc3 7f00 0001  E..3..@.@.<.....
\t0x0010:  7f00 0001 c75a 2537 0000 0001 0000 0001  .....Z%7........
\t0x0020:  5018 0200 fe27 0000 8185 37fa 213d 7f9f  P....'....7.!=..
\t0x0030:  4d51 58                                  MQX
12:00:00.000100 IP 127.0.0.1.9527 > 127.0.0.1.51034: Flags [.], ack 12, win 512, length 0
\t0x0000:  4500 0028 0000 4000 4006 3cce 7f00 0001  E..(..@.@.<.....
\t0x0010:  7f00 0001 2537 c75a 0000 0001 0000 000c  ....%7.Z........
\t0x0020:  5010 0200 fe1c 0000                      P.......
12:00:00.000200 IP 127.0.0.1.9527 > 127.0.0.1.51034: Flags [P.], seq 1:8, ack 12, win 512, length 7
\t0x0000:  4500 002f 0000 4000 4006 3cc7 7f00 0001  E../..@.@.<.....
\t0x0010:  7f00 0001 2537 c75a 0000 0001 0000 000c  ....%7.Z........
\t0x0020:  5018 0200 fe23 0000 8105 4865 6c6c 6f    P....#....Hello
";
    let frames = "> text \"Hello\" [5 bytes, masked 37fa213d]\n< text \"Hello\" [5 bytes]\n";
    check_with(&["decode", "-f", "frames"], paste, frames, 0);
}

/// The places in a compiler's output are pairs of digits after an arrow.
#[test]
fn the_places_of_a_compiler_are_no_bytes() {
    let place = |(line, column): (u32, u32)| {
        format!("error: unresolved link\n --> src/diagnosis/stream/mod.rs:{line}:{column}\n  |\n")
    };
    let places = [(6, 35), (6, 73), (8, 20), (9, 19), (10, 48), (10, 63)];
    check(&places.map(place).concat(), "", 2);
}

/// The MASK bit tells who sent a frame, also where only another frame has a word in front of it.
#[test]
fn a_frame_without_words_has_the_direction_of_its_mask() {
    let paste = r"'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n'
b'\x81\x87\x04\x0e\x19\xe21;,\xd71;,'
recv data: b'\x81\x87\x04\x0e\x19\xe31;,\xd71;,' 13
";
    let frames = "< HTTP/1.1 101 Switching Protocols [response, 129 bytes]\n\
                  > text \"5555555\" [7 bytes, masked 040e19e2]\n\
                  > text \"5554555\" [7 bytes, masked 040e19e3]\n";
    check_with(&["decode", "-q", "-f", "frames"], paste, frames, 0);
}
