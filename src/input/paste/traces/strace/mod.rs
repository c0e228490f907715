//! System calls as strace, ltrace and dtruss print them: `read(4, "\201\5Hello", 4096) = 7`.
//!
//! Only what is read from and written to sockets counts: a file descriptor is a socket if a call
//! says so (`connect`, `recvfrom`), if the line does (`3<TCP:[…]>`), or if its bytes begin with a
//! request or a response. A string that strace has cut (`"GET / HT"...`) lacks the rest.
//!
//! `call` parses a line, `descriptors` follows what each file descriptor is, and `transfer` makes
//! chunks of what was read and written.

mod call;
mod descriptors;
mod transfer;

use super::lines::{Lines, first_line};
use crate::input::paste::chunk::Taken;
use call::{Call, after_process_and_time};
use descriptors::Trace;

/// Reads the system calls at the start of a text.
pub(in crate::input::paste) fn read(text: &str, _is_end: bool) -> Option<Taken> {
    Call::parse(first_line(text))?;
    let mut trace = Trace::default();
    let mut size = 0;
    let mut others = 0;
    for (line, end) in Lines::new(text) {
        if let Some(call) = Call::parse(line) {
            trace.call(&call);
        } else if let Some(row) = row_of_dump(line) {
            trace.row(row);
        } else if !is_other_line(line) {
            others += 1;
            if others > MOST_OTHERS {
                break;
            }
            continue;
        }
        others = 0;
        size = end;
    }
    trace.finish(size)
}

/// How many lines of the program itself may stand between two calls.
const MOST_OTHERS: usize = 8;

/// A signal, the end of a process, or what strace says itself.
fn is_other_line(line: &str) -> bool {
    let rest = after_process_and_time(line).0;
    ["+++ ", "--- ", "strace: "]
        .iter()
        .any(|start| rest.starts_with(start))
}

/// A row of `strace -e read=3`: ` | 00000  81 05 48 …  ..H… |`.
fn row_of_dump(line: &str) -> Option<&str> {
    let inside = line.trim().strip_prefix("| ")?;
    let inside = inside.trim_end().strip_suffix('|').unwrap_or(inside);
    let digits = inside.bytes().take_while(u8::is_ascii_hexdigit).count();
    (digits >= 5).then(|| inside.get(digits..)).flatten()
}
