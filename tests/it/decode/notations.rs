//! The same frame in each way that languages and tools write and print bytes.

use std::fs;

use crate::helpers::run::wsctl_reading;

/// An unmasked text `Hello`.
const TEXTS: &[&str] = &[
    "array(7) {\n  [0]=>\n  int(129)\n  [1]=>\n  int(5)\n  [2]=>\n  int(72)\n  [3]=>\n  int(101)\n  [4]=>\n  int(108)\n  [5]=>\n  int(108)\n  [6]=>\n  int(111)\n}\n",
    "Array\n(\n    [0] => 129\n    [1] => 5\n    [2] => 72\n    [3] => 101\n    [4] => 108\n    [5] => 108\n    [6] => 111\n)\n",
    "Array\n(\n    [1] => 129\n    [2] => 5\n    [3] => 72\n    [4] => 101\n    [5] => 108\n    [6] => 108\n    [7] => 111\n)\n",
    "Array\n(\n    [0] => 81\n    [1] => 05\n    [2] => 48\n    [3] => 65\n    [4] => 6c\n    [5] => 6c\n    [6] => 6f\n)\n",
    r#"<<129,5,"Hello">>"#,
    "<<129,5,72,101,108,108,111>>",
    r#"2026-11-26 12:00:00 [debug] <0.123.0> received <<129,5,"Hello">>"#,
    "<<129, 5, 72, 101, 108, 108, 111>>",
    r#"<<0x81, 0x05, "Hello">>"#,
    r#""\u0081\u0005Hello""#,
    r"\u0081\u0005Hello",
    r#"{"data":"\u0081\u0005Hello"}"#,
    r#""\x{81}\x{5}Hello""#,
    r"\x{81}\x{05}Hello",
    r"$'\x81\x05Hello'",
    r"printf $'\x81\x05Hello'",
    r"printf '\201\005Hello'",
    r#""\129\5Hello""#,
    r#""\129\005Hello""#,
    r#"local s = "\129\5Hello""#,
    "byteArrayOf(0x81.toByte(), 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f)",
    "[-127, 5, 72, 101, 108, 108, 111]",
    "ubyteArrayOf(0x81u, 0x05u, 0x48u, 0x65u, 0x6cu, 0x6cu, 0x6fu)",
    "let d: [UInt8] = [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]",
    "Data([0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f])",
    "Optional([129, 5, 72, 101, 108, 108, 111])",
    "#(129 5 72 101 108 108 111)",
    "(129 5 72 101 108 108 111)",
    "#(#x81 #x05 #x48 #x65 #x6C #x6C #x6F)",
    "[-127 5 72 101 108 108 111]",
    "#u8(129 5 72 101 108 108 111)",
    "#vu8(129 5 72 101 108 108 111)",
    "[129,5,72,101,108,108,111]",
    "pack [0x81,0x05,0x48,0x65,0x6c,0x6c,0x6f]",
    r#""\129\ENQHello""#,
    r#""\129\5Hello""#,
    "data:application/octet-stream;base64,gQVIZWxsbw==",
    r#""data:;base64,gQVIZWxsbw==""#,
    "-127 5 72 101 108 108 111",
    "-127, 5, 72, 101, 108, 108, 111",
    "81|05|48|65|6c|6c|6f",
    "#81#05#48#65#6c#6c#6f",
    "#81 #05 #48 #65 #6c #6c #6f",
    "$81 $05 $48 $65 $6c $6c $6f",
    "$81,$05,$48,$65,$6c,$6c,$6f",
    "81h 05h 48h 65h 6ch 6ch 6fh",
    "81h,05h,48h,65h,6ch,6ch,6fh",
    "%81%05%48%65%6c%6c%6f",
    "%81% %05% %48% %65% %6c% %6c% %6f%",
    "%81%05%48%65%6c%6c%6f%",
    "81 5 48 65 6c 6c 6f",
    "ffffff81 05 48 65 6c 6c 6f",
    "FFFFFF81 5 48 65 6C 6C 6F",
    "0xffffff81,0x5,0x48,0x65,0x6c,0x6c,0x6f",
    "ffffff81:5:48:65:6c:6c:6f",
    r#""\x81\u0005Hello""#,
    "[129, 5, 72, 101, 108, 108, 111]",
    "81 05 48 65 6c 6c 6f",
    "[129 5 72 101 108 108 111]",
    r#""\x81\x05Hello""#,
    "[]byte{0x81, 0x5, 0x48, 0x65, 0x6c, 0x6c, 0x6f}",
    "[\n    129,\n    5,\n    72,\n    101,\n    108,\n    108,\n    111,\n]",
    r#"b"\x81\x05Hello""#,
    "[81, 05, 48, 65, 6c, 6c, 6f]",
    "[0x81, 0x5, 0x48, 0x65, 0x6c, 0x6c, 0x6f]",
    "new byte[] { 0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F }",
    "81-05-48-65-6C-6C-6F",
    "new byte[]{(byte) 0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}",
    "new Uint8Array([0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f])",
    "Uint8Array(7) [129, 5, 72, 101, 108, 108, 111, buffer: ArrayBuffer(7), byteLength: 7, byteOffset: 0, length: 7, Symbol(Symbol.toStringTag): 'Uint8Array']",
    "Uint8Array(7) [\n  129,   5,  72,\n  101, 108, 108,\n  111\n]",
    "ArrayBuffer { [Uint8Contents]: <81 05 48 65 6c 6c 6f>, byteLength: 7 }",
    "<81054865 6c6c6f>",
    "{length = 7, bytes = 0x810548656c6c6f}",
    r#"{"type":"Buffer","data":[129,5,72,101,108,108,111]}"#,
    r#"{"0":129,"1":5,"2":72,"3":101,"4":108,"5":108,"6":111}"#,
    "bytes.fromhex('81 05 48 65 6c 6c 6f')",
    "binascii.unhexlify(b'810548656c6c6f')",
    "Buffer.from('810548656c6c6f', 'hex')",
    r#"data, _ := hex.DecodeString("810548656c6c6f")"#,
    "base64.b64decode('gQVIZWxsbw==')",
    "X'810548656c6c6f'",
    r"\x810548656c6c6f",
    "0x810548656c6c6f",
    "['0x81', '0x5', '0x48', '0x65', '0x6c', '0x6c', '0x6f']",
    "['81', '05', '48', '65', '6c', '6c', '6f']",
    r"memoryview: b'\x81\x05Hello'",
    "10000001 00000101 01001000 01100101 01101100 01101100 01101111",
    "10000001000001010100100001100101011011000110110001101111",
    "['10000001', '00000101', '01001000', '01100101', '01101100', '01101100', '01101111']",
    "1000_0001 0000_0101 0100_1000 0110_0101 0110_1100 0110_1100 0110_1111",
    r#""\201\005Hello""#,
    "{ 0x81, 0x05, 'H', 'e', 'l', 'l', 'o' }",
    "129   5  72 101 108 108 111",
    r#"pack("C*", 129, 5, 72, 101, 108, 108, 111)"#,
    "pack('H*', '810548656c6c6f')",
    "0x81t 0x5t 0x48t 0x65t 0x6ct 0x6ct 0x6ft",
    "81 5 48 65 6C 6C 6F ",
    "I (1234) ws: 81 05 48 65 6c 6c 6f",
    "81\n05\n48\n65\n6c\n6c\n6f",
    "0x81\n0x05\n0x48\n0x65\n0x6c\n0x6c\n0x6f",
    "129\n5\n72\n101\n108\n108\n111",
    r#""81 05 48 65 6c 6c 6f""#,
    r"\x81 \x05 \x48 \x65 \x6c \x6c \x6f",
    r"\x81,\x05,\x48,\x65,\x6c,\x6c,\x6f",
    "0x7fffffffe000:\t0x81\t0x05\t0x48\t0x65\t0x6c\t0x6c\t0x6f",
    r#"$1 = "\201\005Hello""#,
    "0x16fdff2a0: 81 05 48 65 6c 6c 6f                             ..Hello",
    r"\x81\x05Hello",
    "b = [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]",
    "!!binary gQVIZWxsbw==",
    "[129, 5, 72, 101, 108, 108, 111]",
    "h'810548656c6c6f'",
    "0000000 81 05 48 65 6c 6c 6f\n0000007",
    "%81%05Hello",
    "GET body: %81%05Hel%6Co",
    "=81=05Hello",
    "&#129;&#5;Hello",
    "#129#5'Hello'",
    "s := #$81#$05'Hello';",
    "<81><05>Hello",
    "M-^A^EHello",
    "db 081h, 05h, 48h, 65h, 6ch, 6ch, 6fh",
    "frame: db 81h, 05h, \"Hello\" ; a text",
    ".byte 0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f",
    "0x81 0x05 \"Hello\"",
    "81 05 \"Hello\"",
    r#""\x81\x05" "Hello""#,
    r#"char frame[] = "\x81\x05""Hello";"#,
    r#"Chr(129) & Chr(5) & "Hello""#,
    "chr(129).chr(5).'Hello'",
    "ffffff810548656c6c6f",
    "ffffff81ffffff8537fffffffa213d7fffffff9f4d5158",
    "0x810x050x480x650x6c0x6c0x6f",
    "0b10000001,0b101,0b1001000,0b1100101,0b1101100,0b1101100,0b1101111",
    "16#81, 16#05, 16#48, 16#65, 16#6C, 16#6C, 16#6F",
    "U+0081 U+0005 U+0048 U+0065 U+006C U+006C U+006F",
    "bytes: 81.05.48.65.6c.6c.6f",
    "129.5.72.101.108.108.111",
    "  Columns 1 through 4\n\n   129     5    72   101\n\n  Columns 5 through 7\n\n   108   108   111\n",
    "1: 81 05 48\n2: 65 6c 6c\n3: 6f\n",
    "  9 | 81 05 48\n 10 | 65 6c 6c 6f\n",
    "1\t81 05 48\n2\t65 6c 6c 6f\n",
    "0: 129\n1: 5\n2: 72\n3: 101\n4: 108\n5: 108\n6: 111\n",
    "[0] 129\n[1] 5\n[2] 72\n[3] 101\n[4] 108\n[5] 108\n[6] 111\n",
    "f[0] = 0x81;\nf[1] = 0x05;\nf[2] = 0x48;\nf[3] = 0x65;\nf[4] = 0x6c;\nf[5] = 0x6c;\nf[6] = 0x6f;\n",
    "array([129,   5,  72, 101, 108, 108, 111], dtype=uint8)",
    "{tcp,#Port<0.6>,<<129,5,\"Hello\">>}",
    "81 05 48 65 6c 6c 6f.",
    "10000001 00000101 01001000 01100101\n01101100 01101100 01101111\n",
];

#[test]
fn a_frame_in_the_notations_of_many_languages() {
    for text in TEXTS {
        let outcome = wsctl_reading(["decode"], text.as_bytes());
        assert_eq!(outcome.to_string(), "Hello\n", "{text}");
    }
}

/// Each example in the table of the notations is the same frame.
#[test]
fn the_examples_in_the_document_of_the_notations_are_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/notation/README.md");
    let document = fs::read_to_string(path).unwrap();
    let (_, table) = document
        .split_once("| notation | looks like | found in |\n")
        .unwrap();
    let rows = table
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with('|'));
    let mut count = 0;
    for row in rows {
        let row = row.replace("\\|", "\0");
        let examples = row.split('|').nth(2).unwrap().split('`').skip(1).step_by(2);
        for example in examples.map(|example| example.replace('\0', "|")) {
            let outcome = wsctl_reading(["decode"], example.as_bytes());
            assert_eq!(outcome.to_string(), "Hello\n", "{example}");
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}
