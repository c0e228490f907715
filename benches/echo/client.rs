//! A client under load. It never blocks, and it compares every byte that it receives.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::time::Instant;

use flate2::{Decompress, FlushDecompress};
use mio::net::TcpStream;

use super::common::Fallible;
use super::messages::Batch;

/// A client. It sends its batch again as soon as all echoes of the batch have come.
pub(crate) struct Client<'a> {
    pub(crate) stream: TcpStream,
    batch: &'a Batch,
    /// How many bytes of the batch are written.
    written: usize,
    /// How many of the expected bytes have come.
    received: usize,
    /// When the batch was started.
    started: Instant,
    inflater: Option<Box<Inflater>>,
}

impl<'a> Client<'a> {
    pub(crate) fn new(stream: TcpStream, batch: &'a Batch, is_compressed: bool) -> Self {
        Self {
            stream,
            batch,
            written: 0,
            received: 0,
            started: Instant::now(),
            inflater: is_compressed.then(Box::default),
        }
    }

    /// Starts to send the batch.
    pub(crate) fn start_batch(&mut self) -> Fallible<()> {
        self.written = 0;
        self.received = 0;
        self.started = Instant::now();
        self.write()
    }

    /// Writes the rest of the batch, until the socket would block.
    pub(crate) fn write(&mut self) -> Fallible<()> {
        while let Some(rest) = self.batch.frames.get(self.written..)
            && !rest.is_empty()
        {
            match self.stream.write(rest) {
                Ok(length) => self.written += length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Reads until the socket would block. When all echoes have come, starts the batch again
    /// and calls `on_batch` with the times of its start and its end.
    pub(crate) fn read(
        &mut self,
        buffer: &mut [u8],
        mut on_batch: impl FnMut(Instant, Instant),
    ) -> Fallible<()> {
        loop {
            let length = match self.stream.read(buffer) {
                Ok(0) => return Err("the server closed the connection".into()),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            self.compare(&buffer[..length])?;
            let is_drained = length < buffer.len();
            if self.received == self.batch.expected.len() {
                let started = self.started;
                self.start_batch()?;
                on_batch(started, self.started);
            }
            if is_drained {
                return Ok(());
            }
        }
    }

    /// Compares received bytes with the expected ones.
    fn compare(&mut self, bytes: &[u8]) -> Fallible<()> {
        let expected = &self.batch.expected[self.received..];
        let received = match &mut self.inflater {
            None => bytes,
            Some(inflater) => {
                inflater.feed(bytes)?;
                &inflater.texts
            }
        };
        if !expected.starts_with(received) {
            return Err("an echo differs from its message".into());
        }
        self.received += received.len();
        Ok(())
    }
}

/// Decompresses the messages of unfragmented frames.
struct Inflater {
    inflate: Decompress,
    /// Received bytes that are not a complete frame yet.
    frames: Vec<u8>,
    /// The texts of the frames that the last call of `feed` completed.
    texts: Vec<u8>,
}

impl Default for Inflater {
    fn default() -> Self {
        Self {
            inflate: Decompress::new(false),
            frames: Vec::new(),
            texts: Vec::with_capacity(1 << 16),
        }
    }
}

impl Inflater {
    fn feed(&mut self, bytes: &[u8]) -> Fallible<()> {
        self.texts.clear();
        self.frames.extend_from_slice(bytes);
        let mut frames = self.frames.as_slice();
        while let Some((first_byte, payload, rest)) = split_frame(frames) {
            match first_byte {
                0x81 => self.texts.extend_from_slice(payload),
                0xc1 => {
                    for part in [payload, &[0, 0, 0xff, 0xff]] {
                        inflate(&mut self.inflate, part, &mut self.texts)?;
                    }
                }
                _ => return Err(format!("expected a text message, found {first_byte:02x}").into()),
            }
            frames = rest;
        }
        let taken = self.frames.len() - frames.len();
        self.frames.drain(..taken);
        Ok(())
    }
}

/// Decompresses `part` and appends the result to `texts`.
fn inflate(inflate: &mut Decompress, mut part: &[u8], texts: &mut Vec<u8>) -> io::Result<()> {
    while !part.is_empty() {
        texts.reserve(4096);
        let before = inflate.total_in();
        inflate.decompress_vec(part, texts, FlushDecompress::Sync)?;
        let taken = usize::try_from(inflate.total_in() - before).unwrap_or_default();
        part = &part[taken..];
    }
    Ok(())
}

/// Splits off the first frame of a server: its first byte, its payload, and the bytes after it.
/// `None` until the frame is complete.
fn split_frame(frames: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[first_byte, length], rest) = frames.split_first_chunk()?;
    let (length, rest) = match length {
        126 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        length => (usize::from(length), rest),
    };
    let (payload, rest) = rest.split_at_checked(length)?;
    Some((first_byte, payload, rest))
}
