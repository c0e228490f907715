//! System calls as strace, ltrace and dtruss print them: `read(4, "\201\5Hello", 4096) = 7`.
//!
//! Only what is read from and written to sockets counts: a file descriptor is a socket if a call
//! says so (`connect`, `recvfrom`), if the line does (`3<TCP:[…]>`), or if its bytes begin with a
//! request or a response. A string that strace has cut (`"GET / HT"...`) lacks the rest.

use std::collections::HashMap;

use super::lines::{Lines, c_string, first_line};
use crate::input::paste::chunk::{Chunk, Taken};
use crate::input::paste::direction::Sent;
use crate::input::paste::dumps;
use crate::input::paste::timestamp;
use crate::notation::Notation;

/// Reads the system calls that a text begins with.
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

/// What a line has after `[pid 12]`, `12` and a time, and the process and the time.
fn after_process_and_time(line: &str) -> (&str, &str, Option<&str>) {
    let line = line.trim_start();
    let (process, rest) = match line.strip_prefix("[pid ") {
        Some(inside) => inside.split_once(']').unwrap_or(("", line)),
        None => match line.split_once(' ') {
            Some((number, rest)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                (number, rest)
            }
            _ => ("", line),
        },
    };
    let rest = rest.trim_start();
    let digits = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b':');
    let is_relative = rest.starts_with(|char: char| char.is_ascii_digit());
    let size = timestamp::length(rest)
        .or_else(|| is_relative.then(|| rest.bytes().take_while(|byte| digits(byte)).count()))
        .unwrap_or_default();
    let time = rest.get(..size).filter(|time| !time.is_empty());
    let rest = rest.get(size..).unwrap_or_default();
    // `strace -r` and `-ttt` may print both.
    (rest.trim_start(), process.trim(), time)
}

/// A call, or one of the two halves of a call that another one interrupted.
struct Call<'t> {
    name: &'t str,
    process: &'t str,
    time: Option<&'t str>,
    /// What stands in the parentheses; up to where it was interrupted.
    arguments: &'t str,
    /// What the call returned; None of one that was interrupted.
    result: Option<i64>,
    half: Half,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Whole,
    /// `read(3, <unfinished ...>`
    First,
    /// `<... read resumed>"\201\5", 2) = 2`
    Second,
}

impl<'t> Call<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let (rest, process, time) = after_process_and_time(line);
        let (name, after, half) = if let Some(resumed) = rest.strip_prefix("<... ") {
            let (name, after) = resumed.split_once(" resumed>")?;
            (name, after, Half::Second)
        } else {
            let (name, after) = rest.split_once('(')?;
            // ltrace prints the library: `libssl.so.3->SSL_read(…`.
            let name = name.rsplit("->").next().unwrap_or(name);
            (name, after, Half::Whole)
        };
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if name.is_empty() || !name.bytes().all(is_name) {
            return None;
        }
        if let Some(arguments) = after.trim_end().strip_suffix("<unfinished ...>") {
            return Some(Self {
                name,
                process,
                time,
                arguments,
                result: None,
                half: Half::First,
            });
        }
        let end = memchr::memmem::rfind(after.as_bytes(), b"= ")?;
        let arguments = after.get(..end)?.trim_end().strip_suffix(')')?;
        let result = after.get(end + 2..)?.trim_start();
        let size = result
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            .count();
        Some(Self {
            name,
            process,
            time,
            arguments,
            result: number(result.get(..size)?),
            half,
        })
    }

    /// The file descriptor, the first argument: `3`, `3<TCP:[…]>`, `0x3`; and what is told of it.
    fn descriptor(&self) -> Option<(i64, &'t str)> {
        let first = self.arguments.trim_start();
        let size = first.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let after = first.get(size..)?;
        let told = match after.strip_prefix('<') {
            Some(inside) => inside.split_once('>').map_or("", |_| inside),
            None => "",
        };
        Some((number(first.get(..size)?)?, told))
    }

    /// Whether a new socket is for datagrams or for the kernel.
    fn is_datagram(&self) -> bool {
        ["SOCK_DGRAM", "AF_NETLINK", "SOCK_RAW"]
            .iter()
            .any(|name| self.arguments.contains(name))
    }

    /// All strings of the arguments, and whether one of them was cut.
    fn bytes(&self) -> Option<(Vec<u8>, bool)> {
        let mut bytes = Vec::new();
        let mut rest = self.arguments;
        let mut is_cut = false;
        let mut count = 0;
        let vectors = rest.contains("iov_base=");
        while let Some((before, after)) = rest.split_once('"') {
            let (string, size) = c_string(after, b'"')?;
            rest = after.get(size + 1..)?;
            if !vectors || before.ends_with("iov_base=") {
                bytes.extend(string);
                is_cut |= rest.starts_with("...");
                count += 1;
            }
            if !vectors {
                break;
            }
        }
        (count > 0).then_some((bytes, is_cut))
    }
}

fn number(text: &str) -> Option<i64> {
    match text.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Read,
    Write,
    /// It reads or writes what can only be a socket.
    Receive,
    Send,
    /// It returns a socket.
    Opens,
    /// Its first argument is a socket.
    OfSocket,
    /// It returns the descriptor of a file.
    OpensFile,
    Closes,
    Other,
}

fn kind(name: &str) -> Kind {
    match name {
        "read" | "readv" | "pread" | "pread64" | "read_nocancel" => Kind::Read,
        "write" | "writev" | "pwrite" | "pwrite64" | "write_nocancel" => Kind::Write,
        "recv" | "recvfrom" | "recvmsg" | "SSL_read" | "SSL_read_ex" | "gnutls_record_recv"
        | "recvfrom_nocancel" => Kind::Receive,
        "send" | "sendto" | "sendmsg" | "SSL_write" | "SSL_write_ex" | "gnutls_record_send"
        | "sendto_nocancel" => Kind::Send,
        "socket" | "accept" | "accept4" => Kind::Opens,
        "connect" | "bind" | "listen" | "shutdown" | "setsockopt" | "getsockopt"
        | "getpeername" | "getsockname" => Kind::OfSocket,
        "open" | "openat" | "pipe" | "eventfd2" | "epoll_create1" | "memfd_create" => {
            Kind::OpensFile
        }
        "close" => Kind::Closes,
        _ => Kind::Other,
    }
}

/// What is known of the calls so far.
#[derive(Default)]
struct Trace<'t> {
    parts: Vec<Part>,
    /// The connection that a descriptor has now, by its place in `descriptors`.
    current: HashMap<i64, usize>,
    descriptors: Vec<Descriptor>,
    /// The first halves of calls, by process.
    halves: HashMap<&'t str, (i64, Option<usize>)>,
    /// Where the rows of a dump belong.
    dumped: Option<usize>,
    calls: usize,
}

/// One use of a file descriptor, from its opening to its closing.
#[derive(Default)]
struct Descriptor {
    socket: bool,
    file: bool,
    /// Whether this process is the client.
    client: Option<bool>,
}

/// What was read or written at once.
struct Part {
    descriptor: usize,
    is_sent: bool,
    bytes: Vec<u8>,
    size: u64,
    is_cut: bool,
    /// A dump below has all bytes.
    has_rows: bool,
    time: Option<String>,
}

impl<'t> Trace<'t> {
    fn call(&mut self, call: &Call<'t>) {
        self.calls += 1;
        self.dumped = None;
        let kind = kind(call.name);
        match kind {
            Kind::Opens | Kind::OpensFile => {
                if let Some(opened) = call.result.filter(|result| *result >= 0) {
                    self.current.remove(&opened);
                    let place = self.place(opened);
                    let is_stream = kind == Kind::Opens && !call.is_datagram();
                    self.set(place, |new| {
                        new.socket = is_stream;
                        new.file = !is_stream;
                    });
                }
            }
            Kind::OfSocket => {
                if let Some((number, _)) = call.descriptor() {
                    let place = self.place(number);
                    self.set(place, |descriptor| descriptor.socket |= !descriptor.file);
                }
            }
            Kind::Closes => {
                if let Some((number, _)) = call.descriptor() {
                    self.current.remove(&number);
                }
            }
            Kind::Read | Kind::Write | Kind::Receive | Kind::Send => self.transfer(call, kind),
            Kind::Other => {}
        }
    }

    /// The place of the current use of a descriptor.
    fn place(&mut self, number: i64) -> usize {
        let next = self.descriptors.len();
        let place = *self.current.entry(number).or_insert(next);
        if place == next {
            self.descriptors.push(Descriptor {
                // Standard input, output and error.
                file: (0..=2).contains(&number),
                ..Descriptor::default()
            });
        }
        place
    }

    fn set(&mut self, place: usize, set: impl FnOnce(&mut Descriptor)) {
        if let Some(descriptor) = self.descriptors.get_mut(place) {
            set(descriptor);
        }
    }

    fn transfer(&mut self, call: &Call<'t>, kind: Kind) {
        let (number, told) = match call.half {
            Half::Second => match self.halves.remove(call.process) {
                Some((number, part)) => {
                    if let Some(part) = part {
                        self.set_result(part, call.result);
                        return;
                    }
                    (number, "")
                }
                None => return,
            },
            _ => match call.descriptor() {
                Some(found) => found,
                None => return,
            },
        };
        let is_sent = matches!(kind, Kind::Write | Kind::Send);
        let descriptor = self.place(number);
        let is_socket = matches!(kind, Kind::Receive | Kind::Send)
            || ["TCP", "socket", "UNIX", "SSL"]
                .iter()
                .any(|name| told.starts_with(name));
        self.set(descriptor, |of_number| {
            of_number.socket |= is_socket && !of_number.file;
            of_number.file |= told.starts_with('/') || told.starts_with("pipe");
        });
        let Some((mut bytes, is_cut)) = call.bytes() else {
            if call.half == Half::First {
                self.halves.insert(call.process, (number, None));
            }
            return;
        };
        let size = match call.result {
            Some(result) => result,
            None if call.half == Half::First => i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            None => return,
        };
        let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) else {
            return;
        };
        bytes.truncate(size);
        self.note_head(descriptor, is_sent, &bytes);
        self.parts.push(Part {
            descriptor,
            is_sent,
            bytes,
            size: size as u64,
            is_cut,
            has_rows: false,
            time: call.time.map(str::to_owned),
        });
        let part = self.parts.len() - 1;
        if call.half == Half::First {
            self.halves.insert(call.process, (number, Some(part)));
        }
        self.dumped = Some(part);
    }

    /// The result of a call whose first half had the bytes.
    fn set_result(&mut self, part: usize, result: Option<i64>) {
        if let Some(part) = self.parts.get_mut(part) {
            let size = result
                .and_then(|it| usize::try_from(it).ok())
                .unwrap_or_default();
            part.bytes.truncate(size);
            part.size = size as u64;
        }
    }

    fn note_head(&mut self, descriptor: usize, is_sent: bool, bytes: &[u8]) {
        let is_request = bytes.starts_with(b"GET ");
        let is_response = bytes.starts_with(b"HTTP/1.");
        if let Some(descriptor) = self.descriptors.get_mut(descriptor)
            && (is_request || is_response)
        {
            descriptor.socket |= !descriptor.file;
            descriptor.client.get_or_insert(is_request == is_sent);
        }
    }

    /// A row of the dump below a call.
    fn row(&mut self, row: &str) {
        let Some(part) = self.dumped.and_then(|part| self.parts.get_mut(part)) else {
            return;
        };
        if !std::mem::replace(&mut part.has_rows, true) {
            part.bytes.clear();
            part.is_cut = false;
        }
        let left = usize::try_from(part.size).unwrap_or(usize::MAX) - part.bytes.len();
        let (mut bytes, _) = dumps::bytes_and_column(row.trim_start());
        bytes.truncate(left);
        part.bytes.extend(bytes);
    }

    fn finish(self, size: usize) -> Option<Taken> {
        let transfers = self.parts.len();
        let has_sockets = self.descriptors.iter().any(|descriptor| descriptor.socket);
        if transfers == 0 && self.calls < 2 {
            return None;
        }
        let descriptors = &self.descriptors;
        let chunks = self.parts.into_iter().filter_map(|part| {
            let descriptor = descriptors.get(part.descriptor)?;
            let is_wanted = if has_sockets {
                descriptor.socket
            } else {
                // Without any socket, what could be one.
                !descriptor.file && could_be_frames(&part.bytes)
            };
            (is_wanted && part.size > 0).then(|| part.chunk(descriptor))
        });
        Some(Taken::new(chunks.collect(), size))
    }
}

/// Whether the first byte has FIN or begins a fragmented message, and has no reserved bit but RSV1.
pub(super) fn could_be_frames(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [
            0x81 | 0x82 | 0x88..=0x8a | 0x80 | 0xc1 | 0xc2 | 0x01 | 0x02,
            ..
        ]
    )
}

impl Part {
    fn chunk(self, descriptor: &Descriptor) -> Chunk {
        let sent = match (descriptor.client, self.is_sent) {
            (Some(is_client), is_sent) if is_client == is_sent => Sent::ByClient,
            (Some(_), _) => Sent::ByServer,
            (None, true) => Sent::Out,
            (None, false) => Sent::In,
        };
        let is_head = self.bytes.starts_with(b"HTTP/1.") || self.bytes.starts_with(b"GET ");
        // A request or a response that is cut would only seem to be wrong.
        let bytes = if is_head && self.is_cut {
            Vec::new()
        } else {
            self.bytes
        };
        let omitted = self.size.saturating_sub(bytes.len() as u64);
        let mut chunk = Chunk::of_bytes(bytes, Notation::Escaped, Some(sent))
            .lacking(if self.is_cut { omitted } else { 0 })
            .at(self.time.as_deref());
        chunk.connection = u32::try_from(self.descriptor).ok();
        chunk
    }
}
