//! One line of a trace of system calls.

use crate::input::paste::timestamp;
use crate::input::paste::traces::lines::c_string;

/// What a line has after `[pid 12]`, `12` and a time, and the process and the time.
pub(super) fn after_process_and_time(line: &str) -> (&str, &str, Option<&str>) {
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
pub(super) struct Call<'t> {
    pub(super) name: &'t str,
    pub(super) process: &'t str,
    pub(super) time: Option<&'t str>,
    /// What stands in the parentheses; up to where it was interrupted.
    pub(super) arguments: &'t str,
    /// What the call returned; None of one that was interrupted.
    pub(super) result: Option<i64>,
    pub(super) half: Half,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Whole,
    /// `read(3, <unfinished ...>`
    First,
    /// `<... read resumed>"\201\5", 2) = 2`
    Second,
}

impl<'t> Call<'t> {
    pub(super) fn parse(line: &'t str) -> Option<Self> {
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
    pub(super) fn descriptor(&self) -> Option<(i64, &'t str)> {
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
    pub(super) fn is_datagram(&self) -> bool {
        ["SOCK_DGRAM", "AF_NETLINK", "SOCK_RAW"]
            .iter()
            .any(|name| self.arguments.contains(name))
    }

    /// All strings of the arguments, and whether one of them was cut.
    pub(super) fn bytes(&self) -> Option<(Vec<u8>, bool)> {
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
pub(super) enum Kind {
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

/// What the call of a name does.
pub(super) fn kind(name: &str) -> Kind {
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
