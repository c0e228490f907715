//! Reads the head of a response, and the body of a refusal, from a transport. `dial` reads the
//! head after it sent the request; `commands::dial` reads the body.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::time::{Instant, timeout_at};

use super::error::DialFailure;
use crate::ws::handshake::{Body, BodyFraming, HeadLines, ResponseHead};

/// The longest response head that is read, in bytes.
pub const MAX_RESPONSE_HEAD: usize = 64 * 1024;

/// How much of the body of a refusal is read, in bytes.
pub const MAX_REFUSAL_BODY: usize = 16 << 10;

/// The head of a response, and what came before and after it. All bytes are as received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseBytes {
    /// The heads of interim responses: status 1xx other than 101 (RFC 9110 section 15.2).
    pub interim: Vec<Vec<u8>>,
    /// The head of the final response, up to and with its empty line. Its lines may be wrong:
    /// `ws::handshake::HeadLines` reads them.
    pub head: Vec<u8>,
    /// The bytes that arrived with the head: frames after a 101, the start of a body after any
    /// other status.
    pub after_head: Vec<u8>,
}

/// Reads until the empty line that ends the head of the final response. A line may end in LF
/// alone. Cancelling the future loses the bytes that were read.
///
/// # Errors
///
/// [`DialFailure::NotHttp`] as soon as the bytes do not begin with `HTTP/`, `HeadCut`,
/// `HeadTooLarge`, `Closed`, or `Tls` for an alert of the peer.
pub async fn read_response<S: AsyncRead + Unpin>(
    stream: &mut S,
) -> Result<ResponseBytes, DialFailure> {
    let mut response = ResponseBytes::default();
    let mut bytes = Vec::new();
    let mut interim_size = 0;
    loop {
        let end = read_head(stream, &mut bytes, MAX_RESPONSE_HEAD - interim_size).await?;
        let after_head = bytes.split_off(end);
        let parsed = HeadLines::read(&bytes).response();
        let is_interim = parsed.is_some_and(|it| it.status / 100 == 1 && it.status != 101);
        if !is_interim {
            response.head = bytes;
            response.after_head = after_head;
            return Ok(response);
        }
        interim_size += end;
        response.interim.push(bytes);
        bytes = after_head;
    }
}

/// Reads the body of a response, up to `limit` bytes of it, until `deadline`. `received` are the
/// bytes of it that arrived with the head. What comes after an I/O error is missing.
pub async fn read_body<S: AsyncRead + Unpin>(
    stream: &mut S,
    head: &ResponseHead,
    received: Vec<u8>,
    limit: usize,
    deadline: Instant,
) -> Body {
    /// How many bytes may be read for a byte of the body, if that is in chunks.
    const OVERHEAD: usize = 4;
    let framing = BodyFraming::of(head);
    let mut received = received;
    loop {
        let mut body = framing.decode(&received);
        let is_over = body.bytes.len() > limit || received.len() > limit * OVERHEAD;
        if body.is_whole || is_over {
            body.is_whole &= body.bytes.len() <= limit;
            body.bytes.truncate(limit);
            return body;
        }
        match timeout_at(deadline, stream.read_buf(&mut received)).await {
            Ok(Ok(size)) if size > 0 => {}
            Ok(Ok(_)) if framing == BodyFraming::UntilClose => {
                body.is_whole = true;
                return body;
            }
            _ => return body,
        }
    }
}

/// Reads until `bytes` has a whole head of at most `limit` bytes, and returns its length.
async fn read_head<S: AsyncRead + Unpin>(
    stream: &mut S,
    bytes: &mut Vec<u8>,
    limit: usize,
) -> Result<usize, DialFailure> {
    const PREFIX: &[u8] = b"HTTP/";
    /// The empty line is found from its first LF on, at most this many bytes before a read.
    const OVERLAP: usize = 2;
    let mut searched = 0;
    loop {
        let size = bytes.len().min(PREFIX.len());
        if bytes.get(..size) != PREFIX.get(..size) {
            return Err(DialFailure::NotHttp(bytes.clone()));
        }
        match end_of_head(bytes, searched) {
            Some(end) if end <= limit => return Ok(end),
            None if bytes.len() < limit => searched = bytes.len().saturating_sub(OVERLAP),
            _ => return Err(DialFailure::HeadTooLarge(MAX_RESPONSE_HEAD)),
        }
        if stream.read_buf(bytes).await? == 0 {
            return Err(if bytes.is_empty() {
                DialFailure::Closed(io::ErrorKind::UnexpectedEof.into())
            } else {
                DialFailure::HeadCut(bytes.clone())
            });
        }
    }
}

/// The end of the first empty line at or after `from`: of an LF and a line end after it.
fn end_of_head(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let mut line_ends = rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    line_ends.find_map(|(at, _)| match rest.get(at + 1..)? {
        [b'\n', ..] => Some(from + at + 2),
        [b'\r', b'\n', ..] => Some(from + at + 3),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const HEAD: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

    /// Reads a response of which the first bytes arrive before the others.
    fn read(first: &[u8], second: &[u8]) -> Result<ResponseBytes, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let mut stream = first.chain(second);
        let response = runtime.unwrap().block_on(read_response(&mut stream));
        response.map_err(|reason| format!("{reason:?}"))
    }

    #[test]
    fn frames_glued_to_the_head_are_kept_wherever_a_read_ends() {
        let bytes = [HEAD, b"\x81\x02hi"].concat();
        for at in 0..bytes.len() {
            let (first, second) = bytes.split_at(at);
            let response = read(first, second).unwrap();
            assert_eq!(response.head, HEAD, "split at {at}");
            let arrived: &[u8] = match at.checked_sub(HEAD.len()) {
                Some(size) => &b"\x81\x02hi"[..size],
                None => b"\x81\x02hi",
            };
            assert_eq!(response.after_head, arrived, "split at {at}");
        }
    }

    #[test]
    fn a_head_may_have_bare_line_feeds() {
        let response = read(b"HTTP/1.0 200 OK\n", b"A: b\n\nbody").unwrap();
        assert_eq!(response.head, b"HTTP/1.0 200 OK\nA: b\n\n");
        assert_eq!(response.after_head, b"body");
    }

    #[test]
    fn interim_responses_come_before_the_final_one() {
        let early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
        let response = read(&[early, HEAD].concat(), b"").unwrap();
        assert_eq!(response.interim, [early.to_vec()]);
        assert_eq!(response.head, HEAD);
        assert_eq!(response.after_head, b"");
    }

    #[test]
    fn a_body_ends_by_its_framing_or_the_limit() {
        let read = |head: &[u8], received: &[u8], mut rest: &[u8]| {
            let (head, _) = ResponseHead::parse(head).unwrap().unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build();
            let body = runtime.unwrap().block_on(async {
                let deadline = Instant::now() + Duration::from_secs(60);
                read_body(&mut rest, &head, received.to_vec(), 8, deadline).await
            });
            (body.bytes, body.is_whole)
        };
        let sized = b"HTTP/1.1 400 x\r\nContent-Length: 5\r\n\r\n";
        assert_eq!(
            read(sized, b"He", b"llo, and more"),
            (b"Hello".to_vec(), true)
        );
        assert_eq!(read(sized, b"He", b"l"), (b"Hel".to_vec(), false));
        let closed = b"HTTP/1.1 400 x\r\n\r\n";
        assert_eq!(read(closed, b"", b"Hello"), (b"Hello".to_vec(), true));
        assert_eq!(
            read(closed, b"", b"123456789"),
            (b"12345678".to_vec(), false)
        );
        let chunked = b"HTTP/1.1 400 x\r\nTransfer-Encoding: chunked\r\n\r\n";
        let pieces = read(chunked, b"2\r\nHe\r", b"\n3\r\nllo\r\n0\r\n\r\n");
        assert_eq!(pieces, (b"Hello".to_vec(), true));
    }

    #[test]
    fn other_bytes_are_returned_as_soon_as_they_differ() {
        let ssh = read(b"SSH-2.0-x\r\n", b"").unwrap_err();
        assert!(ssh.starts_with("NotHttp([83, 83, 72,"), "{ssh}");
        let second = read(b"HTT", b"X").unwrap_err();
        assert_eq!(second, "NotHttp([72, 84, 84, 88])");
    }

    #[test]
    fn a_head_without_an_end_is_an_error() {
        let cut = read(b"HTTP/1.1", b" 101").unwrap_err();
        assert!(cut.starts_with("HeadCut([72, 84, 84, 80,"), "{cut}");
        let none = read(b"", b"").unwrap_err();
        assert!(none.starts_with("Closed("), "{none}");
        let mut long = b"HTTP/1.1 101 x\r\nA: ".to_vec();
        long.resize(MAX_RESPONSE_HEAD, b'a');
        assert_eq!(read(&long, b"").unwrap_err(), "HeadTooLarge(65536)");
        long.truncate(MAX_RESPONSE_HEAD - 4);
        let response = read(&long, b"\r\n\r\n").unwrap();
        assert_eq!(response.head.len(), MAX_RESPONSE_HEAD);
    }
}
