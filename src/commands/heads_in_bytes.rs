//! The request head and the response head in bytes of a connection that come in pieces.
//! `pasted_heads` is the caller, for `wsctl handshake`.

use crate::input::{Head, HeadKind, MOST_HEAD};

/// The heads in bytes, each up to the other one or to the end.
#[derive(Debug, Default)]
pub(super) struct HeadsInBytes {
    /// The bytes in front of the first head, [`MOST_HEAD`] of them at most.
    pub(super) prefix: Vec<u8>,
    pub(super) request: Option<HeadInBytes>,
    pub(super) response: Option<HeadInBytes>,
    /// How many bytes were taken.
    pub(super) size: u64,
    /// The head that the next bytes belong to.
    current: Option<HeadKind>,
    /// The beginning of a line that may be the first one of a head.
    line: Vec<u8>,
    /// The next bytes go on in a line of which the beginning was looked at.
    is_in_line: bool,
}

/// A head with the bytes that follow it.
#[derive(Debug, Default)]
pub(super) struct HeadInBytes {
    /// The bytes, [`MOST_KEPT`] of them at most.
    pub(super) bytes: Vec<u8>,
    /// How many bytes are left out after these.
    pub(super) omitted: usize,
}

/// How many bytes of a head and of what follows it are kept.
const MOST_KEPT: usize = 2 * MOST_HEAD;

impl HeadInBytes {
    fn push(&mut self, bytes: &[u8]) {
        let room = MOST_KEPT.saturating_sub(self.bytes.len());
        let kept = bytes.get(..room).unwrap_or(bytes);
        self.bytes.extend_from_slice(kept);
        self.omitted += bytes.len() - kept.len();
    }

    /// The head with what follows it, or the beginning of a head that is too large.
    pub(super) fn kept(&self) -> &[u8] {
        let most = if self.is_too_large() {
            MOST_HEAD
        } else {
            MOST_KEPT
        };
        self.bytes.get(..most).unwrap_or(&self.bytes)
    }

    /// Whether no empty line ends the head in the first [`MOST_HEAD`] bytes.
    pub(super) fn is_too_large(&self) -> bool {
        let has_end = |end: &[u8]| memchr::memmem::find(&self.bytes, end).is_some();
        self.bytes.len() > MOST_HEAD && !has_end(b"\n\r\n") && !has_end(b"\n\n")
    }
}

impl HeadsInBytes {
    /// Takes the next bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        if self.has_both() && self.line.is_empty() {
            self.keep(bytes);
            return;
        }
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let is_end = part.ends_with(b"\n");
            if self.is_in_line {
                self.keep(part);
            } else if is_end && self.line.is_empty() {
                self.take_line(part);
            } else {
                self.line.extend_from_slice(part);
                if is_end || self.line.len() >= MOST_HEAD {
                    let line = std::mem::take(&mut self.line);
                    self.take_line(&line);
                    self.is_in_line = true;
                }
            }
            self.is_in_line &= !is_end;
        }
    }

    /// Ends the last line.
    pub(super) fn finish(&mut self) {
        let line = std::mem::take(&mut self.line);
        self.take_line(&line);
    }

    fn has_both(&self) -> bool {
        self.request.is_some() && self.response.is_some()
    }

    /// Takes a line, which may be the first one of a head. Of each kind the first head counts.
    fn take_line(&mut self, line: &[u8]) {
        let mut line = line;
        let is_first = self.current.is_none() && self.prefix.is_empty();
        if let Some(rest) = line.strip_prefix(BYTE_ORDER_MARK).filter(|_| is_first) {
            self.prefix.extend_from_slice(BYTE_ORDER_MARK);
            line = rest;
        }
        let kind = Head::kind_of_line(line.get(..MOST_HEAD).unwrap_or(line));
        let head = match kind {
            Some(HeadKind::Request) => &mut self.request,
            Some(HeadKind::Response) => &mut self.response,
            None => return self.keep(line),
        };
        if head.is_none() {
            *head = Some(HeadInBytes::default());
            self.current = kind;
        }
        self.keep(line);
    }

    fn keep(&mut self, bytes: &[u8]) {
        let head = match self.current {
            Some(HeadKind::Request) => &mut self.request,
            Some(HeadKind::Response) => &mut self.response,
            None => {
                let room = MOST_HEAD.saturating_sub(self.prefix.len());
                let kept = bytes.get(..room).unwrap_or(bytes);
                self.prefix.extend_from_slice(kept);
                return;
            }
        };
        if let Some(head) = head {
            head.push(bytes);
        }
    }
}

/// What some editors write in front of a text, and some servers in front of a response.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

#[cfg(test)]
mod tests {
    use super::*;

    /// The prefix, the request and the response in bytes, in pieces of every size.
    #[track_caller]
    fn check(bytes: &[u8], prefix: &[u8], request: Option<&[u8]>, response: Option<&[u8]>) {
        for size in 1..=bytes.len() {
            let mut heads = HeadsInBytes::default();
            bytes.chunks(size).for_each(|piece| heads.push(piece));
            heads.finish();
            let bytes_of = |head: Option<HeadInBytes>| head.map(|head| head.bytes);
            assert_eq!(heads.prefix, prefix, "{size}");
            assert_eq!(bytes_of(heads.request).as_deref(), request, "{size}");
            assert_eq!(bytes_of(heads.response).as_deref(), response, "{size}");
        }
    }

    #[test]
    fn heads_are_found_in_pieces_of_any_size() {
        let request = &b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"[..];
        let response = &b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x05Hello"[..];
        check(
            &[request, response].concat(),
            b"",
            Some(request),
            Some(response),
        );
        let plain = &b"HTTP/1.1 101 Switching Protocols\r\n\r\n"[..];
        let turned = [plain, request].concat();
        check(&turned, b"", Some(request), Some(plain));
        let marked = [BYTE_ORDER_MARK, request].concat();
        check(&marked, BYTE_ORDER_MARK, Some(request), None);
        check(b"\x81\x05Hello", b"\x81\x05Hello", None, None);
        check(
            &[&b"a\n"[..], request, request].concat(),
            b"a\n",
            Some(&request.repeat(2)),
            None,
        );
    }

    #[test]
    fn a_large_head_is_not_kept_whole() {
        let mut heads = HeadsInBytes::default();
        heads.push(b"GET / HTTP/1.1\r\n");
        let lines = b"a: b\r\n".repeat(MOST_KEPT);
        heads.push(&lines);
        heads.finish();
        let head = heads.request.unwrap();
        assert!(head.is_too_large());
        assert_eq!(head.bytes.len(), MOST_KEPT);
        assert_eq!(head.bytes.len() + head.omitted, 16 + lines.len());
    }
}
