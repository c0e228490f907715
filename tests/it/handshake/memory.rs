//! The memory for long pastes.
#![cfg(target_os = "linux")]

use crate::helpers::memory::{MIB, run_with_input};

/// How many MiB a paste has.
const SIZE: usize = 24;

/// Checks the peak of memory in MiB while a paste of [`SIZE`] MiB is read.
#[track_caller]
fn check(first: &str, line: &str, most: u64) {
    let piece = line.repeat(MIB / line.len()).into_bytes();
    let pieces = std::iter::once(first.as_bytes().to_vec());
    let pieces = pieces.chain(std::iter::repeat_n(piece, SIZE));
    let (_, peak) = run_with_input(&["handshake"], pieces);
    assert!(peak < most << 10, "{peak} KiB: {first}{line}");
}

#[test]
fn a_large_head_needs_less_than_twice_its_size() {
    let line = "X-Header: a long value of a header that is like any other one\r\n";
    check("GET / HTTP/1.1\r\nHost: a\r\n", line, 2 * SIZE as u64);
}

#[test]
fn a_long_line_needs_less_than_twice_its_size() {
    check("b'", "GET / HTTP/1.1\\r\\nHost: a\\r\\n", 2 * SIZE as u64);
}

#[test]
fn long_hexadecimal_and_raw_bytes_need_constant_memory() {
    check("", "818537fa213d7f9f4d5158", 8);
    check("\u{81}", "\0\u{1}\n\u{2}", 8);
}
