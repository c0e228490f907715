//! The memory for long streams.
#![cfg(target_os = "linux")]

use crate::helpers::memory::{MIB, peak_before_output, run_with_input};

/// A masked frame of `size` MiB, in pieces.
fn one_frame(size: usize) -> impl Iterator<Item = Vec<u8>> + Send + 'static {
    let length = (size * MIB) as u64;
    let header = [&[0x81, 0xff][..], &length.to_be_bytes(), &[0; 4]].concat();
    std::iter::once(header).chain(std::iter::repeat_n(vec![b'a'; MIB], size))
}

#[test]
fn a_frame_of_any_size_needs_constant_memory() {
    for format in ["text", "frames", "fields", "raw"] {
        let (printed, peak) = run_with_input(&["decode", "-f", format], one_frame(64));
        if matches!(format, "text" | "raw") {
            assert_eq!(
                printed,
                (64 * MIB) as u64 + u64::from(format == "text"),
                "{format}"
            );
        }
        assert!(peak < 8 * 1024, "{format}: {peak} KiB");
    }
}

#[test]
fn json_needs_memory_for_max_message() {
    let (printed, peak) = run_with_input(
        &["decode", "-f", "json", "--max-message", "1M"],
        one_frame(64),
    );
    assert!(
        (2 * MIB as u64..3 * MIB as u64).contains(&printed),
        "{printed}"
    );
    assert!(peak < 8 * 1024, "{peak} KiB");
}

#[test]
fn many_small_frames_need_constant_memory() {
    let piece = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58".repeat(MIB / 11);
    let frames = (MIB / 11 * 32) as u64;
    let (printed, peak) = run_with_input(&["decode"], std::iter::repeat_n(piece, 32));
    assert_eq!(printed, frames * 6);
    assert!(peak < 8 * 1024, "{peak} KiB");
}

#[test]
fn long_hexadecimal_needs_constant_memory() {
    let frame = "818537fa213d7f9f4d5158";
    let lines = [frame, "\n"].concat();
    let pairs = "81 85 37 fa 21 3d 7f 9f 4d 51 58 ";
    for (text, arguments) in [
        (frame, &["decode"][..]),
        (&lines, &["decode"]),
        (pairs, &["decode", "--input", "hex"]),
    ] {
        let piece = text.repeat(MIB / text.len()).into_bytes();
        let frames = (MIB / text.len() * 32) as u64;
        let (printed, peak) = run_with_input(arguments, std::iter::repeat_n(piece, 32));
        assert_eq!(printed, frames * 6);
        assert!(peak < 4 * 1024, "{peak} KiB: {text}");
    }
}

#[test]
fn a_claimed_length_allocates_nothing() {
    // When this text is printed, the program has read the header.
    let pieces = [
        b"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff".to_vec(),
        vec![b'x'; MIB],
    ];
    for format in ["text", "frames", "json"] {
        let arguments = ["decode", "-f", format, "--full", "--max-message", "100G"];
        let (_, peak) = run_with_input(&arguments, pieces.clone().into_iter());
        assert!(peak < 8 * 1024, "{format}: {peak} KiB");
    }
}

/// Rows of `hexdump -C` from an offset.
fn dump_rows(offset: usize) -> Vec<u8> {
    let row = |row: usize| {
        format!(
            "{:08x}  81 0e 61 62 63 64 65 66  67 68 69 6a 6b 6c 6d 6e  |..abcdefghijklmn|\n",
            offset + 16 * row
        )
    };
    (0..ROWS).map(row).collect::<String>().into_bytes()
}

/// How many rows [`dump_rows`] gives.
const ROWS: usize = 1024;

#[test]
fn a_long_paste_needs_twice_its_size_at_most() {
    const SIZE: usize = 16 * MIB;
    // What is read at once, and what the allocator keeps.
    const CONSTANT: u64 = 14 * 1024;
    let line = |start: &str, part: &str, end: &str| {
        let pieces = vec![part.repeat(MIB / part.len()).into_bytes(); SIZE / MIB];
        [vec![start.into()], pieces, vec![end.into()]].concat()
    };
    let frame = "129, 5, 72, 101, 108, 108, 111, ";
    let dump: Vec<_> = (0..SIZE / (78 * ROWS))
        .map(|piece| dump_rows(16 * ROWS * piece))
        .collect();
    for (pieces, name) in [
        (line("b'", "\\x81\\x05Hello", "'\n"), "a Python literal"),
        (line("[", frame, "129, 0]\n"), "an array"),
        (line("", "gQVIZWxsb4EFSGVsbG+BBUhlbGxv", "\n"), "base64"),
        (dump, "a hexdump"),
    ] {
        let size: usize = pieces.iter().map(Vec::len).sum();
        let peak = peak_before_output(&["decode"], pieces.into_iter());
        let most = 2 * size as u64 / 1024 + CONSTANT;
        assert!(peak < most, "{name}: {peak} KiB of {most}");
    }
}
