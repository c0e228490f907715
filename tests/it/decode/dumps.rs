//! Dumps as tools print them, of the same 51 bytes, and other lines that stand among their rows.

use crate::helpers::run::wsctl_reading;

/// What `decode -f frames` prints of each dump.
const FRAMES: &str = "\
> text \"Hello\" [5 bytes, masked 37fa213d]
> text \"Hello World, this is wsctl\" [26 bytes, masked a1b2c3d4]
> close 1000 (normal closure) [2 bytes, masked fedcba98]
";

/// The command or the program, and what it prints.
const DUMPS: &[(&str, &str)] = &[
    (
        "hexdump -C, hd",
        "\
00000000  81 85 37 fa 21 3d 7f 9f  4d 51 58 81 9a a1 b2 c3  |..7.!=..MQX.....|
00000010  d4 e9 d7 af b8 ce 92 94  bb d3 de a7 f8 81 c6 ab  |................|
00000020  bd d2 92 aa a7 81 c5 b0  b7 d5 de 88 82 fe dc ba  |................|
00000030  98 fd 34                                          |..4|
00000033
",
    ),
    (
        "xxd",
        "\
00000000: 8185 37fa 213d 7f9f 4d51 5881 9aa1 b2c3  ..7.!=..MQX.....
00000010: d4e9 d7af b8ce 9294 bbd3 dea7 f881 c6ab  ................
00000020: bdd2 92aa a781 c5b0 b7d5 de88 82fe dcba  ................
00000030: 98fd 34                                  ..4
",
    ),
    (
        "od -A x -t x1z",
        "\
000000 81 85 37 fa 21 3d 7f 9f 4d 51 58 81 9a a1 b2 c3  >..7.!=..MQX.....<
000010 d4 e9 d7 af b8 ce 92 94 bb d3 de a7 f8 81 c6 ab  >................<
000020 bd d2 92 aa a7 81 c5 b0 b7 d5 de 88 82 fe dc ba  >................<
000030 98 fd 34                                         >..4<
000033
",
    ),
    (
        "od -b",
        "\
0000000 201 205 067 372 041 075 177 237 115 121 130 201 232 241 262 303
0000020 324 351 327 257 270 316 222 224 273 323 336 247 370 201 306 253
0000040 275 322 222 252 247 201 305 260 267 325 336 210 202 376 334 272
0000060 230 375 064
0000063
",
    ),
    (
        "od -c",
        "\
0000000 201 205   7 372   !   = 177 237   M   Q   X 201 232 241 262 303
0000020 324 351 327 257 270 316 222 224 273 323 336 247 370 201 306 253
0000040 275 322 222 252 247 201 305 260 267 325 336 210 202 376 334 272
0000060 230 375   4
0000063
",
    ),
    (
        "od -x",
        "\
0000000 8581 fa37 3d21 9f7f 514d 8158 a19a c3b2
0000020 e9d4 afd7 ceb8 9492 d3bb a7de 81f8 abc6
0000040 d2bd aa92 81a7 b0c5 d5b7 88de fe82 badc
0000060 fd98 0034
0000063
",
    ),
    (
        "od",
        "\
0000000 102601 175067 036441 117577 050515 100530 120632 141662
0000020 164724 127727 147270 112222 151673 123736 100770 125706
0000040 151275 125222 100647 130305 152667 104336 177202 135334
0000060 176630 000064
0000063
",
    ),
    (
        "od -A d -t u1",
        "\
0000000 129 133  55 250  33  61 127 159  77  81  88 129 154 161 178 195
0000016 212 233 215 175 184 206 146 148 187 211 222 167 248 129 198 171
0000032 189 210 146 170 167 129 197 176 183 213 222 136 130 254 220 186
0000048 152 253  52
0000051
",
    ),
    (
        "od -t d1",
        "\
0000000 -127 -123   55   -6   33   61  127  -97   77   81   88 -127 -102  -95  -78  -61
0000020  -44  -23  -41  -81  -72  -50 -110 -108  -69  -45  -34  -89   -8 -127  -58  -85
0000040  -67  -46 -110  -86  -89 -127  -59  -80  -73  -43  -34 -120 -126   -2  -36  -70
0000060 -104   -3   52
0000063
",
    ),
    (
        "od -t x1c",
        "\
0000000  81  85  37  fa  21  3d  7f  9f  4d  51  58  81  9a  a1  b2  c3
        201 205   7 372   !   = 177 237   M   Q   X 201 232 241 262 303
0000020  d4  e9  d7  af  b8  ce  92  94  bb  d3  de  a7  f8  81  c6  ab
        324 351 327 257 270 316 222 224 273 323 336 247 370 201 306 253
0000040  bd  d2  92  aa  a7  81  c5  b0  b7  d5  de  88  82  fe  dc  ba
        275 322 222 252 247 201 305 260 267 325 336 210 202 376 334 272
0000060  98  fd  34
        230 375   4
0000063
",
    ),
    (
        "od -bc",
        "\
0000000 201 205 067 372 041 075 177 237 115 121 130 201 232 241 262 303
        201 205   7 372   !   = 177 237   M   Q   X 201 232 241 262 303
0000020 324 351 327 257 270 316 222 224 273 323 336 247 370 201 306 253
        324 351 327 257 270 316 222 224 273 323 336 247 370 201 306 253
0000040 275 322 222 252 247 201 305 260 267 325 336 210 202 376 334 272
        275 322 222 252 247 201 305 260 267 325 336 210 202 376 334 272
0000060 230 375 064
        230 375   4
0000063
",
    ),
    (
        "hexdump",
        "\
0000000 8581 fa37 3d21 9f7f 514d 8158 a19a c3b2
0000010 e9d4 afd7 ceb8 9492 d3bb a7de 81f8 abc6
0000020 d2bd aa92 81a7 b0c5 d5b7 88de fe82 badc
0000030 fd98 0034                             \x20
0000033
",
    ),
    (
        "hexdump -c",
        "\
0000000 201 205   7 372   !   = 177 237   M   Q   X 201 232 241 262 303
0000010 324 351 327 257 270 316 222 224 273 323 336 247 370 201 306 253
0000020 275 322 222 252 247 201 305 260 267 325 336 210 202 376 334 272
0000030 230 375   4                                                   \x20
0000033
",
    ),
    (
        "xxd -e",
        "\
00000000: fa378581 9f7f3d21 8158514d c3b2a19a  ..7.!=..MQX.....
00000010: afd7e9d4 9492ceb8 a7ded3bb abc681f8  ................
00000020: aa92d2bd b0c581a7 88ded5b7 badcfe82  ................
00000030:   34fd98                             ..4
",
    ),
    (
        "xxd -b",
        "\
00000000: 10000001 10000101 00110111 11111010 00100001 00111101  ..7.!=
00000006: 01111111 10011111 01001101 01010001 01011000 10000001  ..MQX.
0000000c: 10011010 10100001 10110010 11000011 11010100 11101001  ......
00000012: 11010111 10101111 10111000 11001110 10010010 10010100  ......
00000018: 10111011 11010011 11011110 10100111 11111000 10000001  ......
0000001e: 11000110 10101011 10111101 11010010 10010010 10101010  ......
00000024: 10100111 10000001 11000101 10110000 10110111 11010101  ......
0000002a: 11011110 10001000 10000010 11111110 11011100 10111010  ......
00000030: 10011000 11111101 00110100                             ..4
",
    ),
    (
        "the table of Netty",
        "\
\x20        +-------------------------------------------------+
         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |
+--------+-------------------------------------------------+----------------+
|00000000| 81 85 37 fa 21 3d 7f 9f 4d 51 58 81 9a a1 b2 c3 |..7.!=..MQX.....|
|00000010| d4 e9 d7 af b8 ce 92 94 bb d3 de a7 f8 81 c6 ab |................|
|00000020| bd d2 92 aa a7 81 c5 b0 b7 d5 de 88 82 fe dc ba |................|
|00000030| 98 fd 34                                        |..4             |
+--------+-------------------------------------------------+----------------+
",
    ),
    (
        "x/51xb of gdb",
        "\
0x7fffffffe040 <buf>:\t0x81\t0x85\t0x37\t0xfa\t0x21\t0x3d\t0x7f\t0x9f
0x7fffffffe048 <buf+8>:\t0x4d\t0x51\t0x58\t0x81\t0x9a\t0xa1\t0xb2\t0xc3
0x7fffffffe050 <buf+16>:\t0xd4\t0xe9\t0xd7\t0xaf\t0xb8\t0xce\t0x92\t0x94
0x7fffffffe058 <buf+24>:\t0xbb\t0xd3\t0xde\t0xa7\t0xf8\t0x81\t0xc6\t0xab
0x7fffffffe060 <buf+32>:\t0xbd\t0xd2\t0x92\t0xaa\t0xa7\t0x81\t0xc5\t0xb0
0x7fffffffe068 <buf+40>:\t0xb7\t0xd5\t0xde\t0x88\t0x82\t0xfe\t0xdc\t0xba
0x7fffffffe070 <buf+48>:\t0x98\t0xfd\t0x34
",
    ),
    (
        "memory read of lldb",
        "\
0x16fdff2a0: 81 85 37 fa 21 3d 7f 9f 4d 51 58 81 9a a1 b2 c3  ..7.!=..MQX.....
0x16fdff2b0: d4 e9 d7 af b8 ce 92 94 bb d3 de a7 f8 81 c6 ab  ................
0x16fdff2c0: bd d2 92 aa a7 81 c5 b0 b7 d5 de 88 82 fe dc ba  ................
0x16fdff2d0: 98 fd 34                                         ..4
",
    ),
    (
        "the trace of System.Net.Sockets",
        "\
System.Net.Sockets Verbose: 0 : [19292] 00000000 : 81 85 37 FA 21 3D 7F 9F-4D 51 58 81 9A A1 B2 C3 : ..7.!=..MQX.....
System.Net.Sockets Verbose: 0 : [19292] 00000010 : D4 E9 D7 AF B8 CE 92 94-BB D3 DE A7 F8 81 C6 AB : ................
System.Net.Sockets Verbose: 0 : [19292] 00000020 : BD D2 92 AA A7 81 C5 B0-B7 D5 DE 88 82 FE DC BA : ................
System.Net.Sockets Verbose: 0 : [19292] 00000030 : 98 FD 34                                        : ..4
",
    ),
    (
        "lwsl_hexdump",
        "\
[2026/11/26 10:49:21:7890] N: 0000: 81 85 37 FA 21 3D 7F 9F 4D 51 58 81 9A A1 B2 C3    ..7.!=..MQX.....   \x20
[2026/11/26 10:49:21:7890] N: 0010: D4 E9 D7 AF B8 CE 92 94 BB D3 DE A7 F8 81 C6 AB    ................   \x20
[2026/11/26 10:49:21:7890] N: 0020: BD D2 92 AA A7 81 C5 B0 B7 D5 DE 88 82 FE DC BA    ................   \x20
[2026/11/26 10:49:21:7890] N: 0030: 98 FD 34                                           ..4   \x20
",
    ),
    (
        "ncat --hex-dump",
        "\
0000   81 85 37 fa 21 3d 7f 9f  4d 51 58 81 9a a1 b2 c3  ..7.!=..MQX.....
0010   d4 e9 d7 af b8 ce 92 94  bb d3 de a7 f8 81 c6 ab  ................
0020   bd d2 92 aa a7 81 c5 b0  b7 d5 de 88 82 fe dc ba  ................
0030   98 fd 34                                          ..4            \x20
",
    ),
];

#[track_caller]
fn check(name: &str, text: &str) {
    let outcome = wsctl_reading(["decode", "-f", "frames"], text.as_bytes());
    let printed = (outcome.text(), told(&outcome.stderr), outcome.status);
    assert_eq!(printed, (FRAMES, "", 0), "{name}\n{text}");
}

/// What is told besides the order of the bytes in words.
fn told(stderr: &str) -> &str {
    let words = stderr.strip_prefix("wsctl: the dump has little-endian words of ");
    let after = words.and_then(|words| words.split_once('\n'));
    after.map_or(stderr, |(_, after)| after)
}

fn lines(dump: &str) -> Vec<&str> {
    dump.split_inclusive('\n').collect()
}

/// Where the second row of a dump begins.
fn second_row(lines: &[&str]) -> usize {
    let is_row = |line: &str| !line.starts_with([' ', '+']);
    let mut rows = (0..lines.len()).filter(|at| is_row(lines[*at]));
    rows.nth(1).unwrap()
}

#[test]
fn dumps_of_many_tools_give_the_same_frames() {
    for (name, dump) in DUMPS {
        check(name, dump);
        check(name, &dump.replace('\n', "\r\n"));
        check(name, dump.trim_end());
    }
}

/// The dump of each direction has a line above it that says so.
#[test]
fn a_line_above_a_dump_tells_its_direction() {
    for (name, dump) in DUMPS {
        let text = format!("Sent:\n{dump}Received:\n00000000  8a 00 81 02 68 69   |....hi|\n");
        let outcome = wsctl_reading(["decode", "-f", "frames"], text.as_bytes());
        let frames = FRAMES.to_owned() + "< pong [0 bytes]\n< text \"hi\" [2 bytes]\n";
        let printed = (outcome.text(), outcome.status);
        assert_eq!(printed, (frames.as_str(), 0), "{name}\n{outcome}");
    }
}

#[test]
fn other_lines_among_the_rows_change_nothing() {
    let others = [
        "$ \n",
        "user@host:~$ ls\n",
        "# the interesting one\n",
        "// 81 05 is a header\n",
        "\n",
        "...\n",
        "[sudo] password for user:\n",
        "^C\n",
        "81 05\n",
    ];
    for (name, dump) in DUMPS {
        let mut lines = lines(dump);
        let at = second_row(&lines);
        for other in others {
            lines.insert(at, other);
            check(name, &lines.concat());
            lines.remove(at);
        }
    }
}

#[test]
fn what_stands_around_a_dump_changes_nothing() {
    for (name, dump) in DUMPS {
        check(name, &format!("```\n{dump}```\n"));
        check(
            name,
            &format!("```text\n{dump}\n```\n\nWhat is wrong with it?\n"),
        );
        check(name, &format!("$ tool frames.bin\n{dump}$ \n"));
        check(
            name,
            &format!("Hello,\n\nthis is what arrives:\n\n{dump}\nThanks!\n"),
        );
    }
}

fn quoted(text: &str) -> String {
    let lines = lines(text).into_iter();
    lines.flat_map(|line| ["> ", line]).collect()
}

#[test]
fn dumps_in_a_quotation_or_with_line_numbers_are_read() {
    for (name, dump) in DUMPS {
        let quoted = quoted(dump);
        check(name, &quoted);
        check(
            name,
            &format!("On Thursday someone wrote:\n{quoted}\nIt is the server.\n"),
        );
        let twice = self::quoted(&quoted);
        check(name, &twice);
        for sign in [": ", " ", "\t", "| "] {
            let lines = lines(dump);
            let numbered = lines.iter().enumerate();
            let numbered = numbered.map(|(at, line)| format!("{:3}{sign}{line}", at + 8));
            check(name, &numbered.collect::<String>());
        }
    }
}

/// A row that is missing, or was cut, is told, and the frame that lacks it does not take the bytes
/// of the next one.
#[test]
fn a_row_that_is_missing_is_told() {
    for (name, dump) in DUMPS {
        let mut lines = lines(dump);
        let at = second_row(&lines);
        let next = lines
            .get(at + 1)
            .is_some_and(|next| next.starts_with("        "));
        lines.drain(at..=at + usize::from(next));
        let outcome = wsctl_reading(["decode", "-f", "frames"], lines.concat().as_bytes());
        let count = match *name {
            "xxd -b" => 6,
            "x/51xb of gdb" => 8,
            _ => 16,
        };
        let cut = format!("wsctl: a hexdump that is cut short: {count} more bytes are missing\n");
        assert!(told(&outcome.stderr).starts_with(&cut), "{name}\n{outcome}");
    }
}

/// A terminal or a mail program wraps the rows of `hexdump -C` and of others with characters.
#[test]
fn rows_that_were_wrapped_are_read() {
    for (name, dump) in DUMPS {
        let is_wide = ["hexdump -C, hd", "xxd", "od -A x -t x1z", "lwsl_hexdump"].contains(name);
        for width in [40, 50, 60] {
            let mut wrapped = String::new();
            for line in lines(dump) {
                let (start, end) = line.split_at(line.len().min(width));
                let has_end = !end.trim().is_empty();
                wrapped.extend([start, if has_end { "\n" } else { "" }, end]);
            }
            if is_wide {
                check(name, &wrapped);
            }
        }
    }
}
