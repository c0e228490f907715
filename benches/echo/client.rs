//! A client's end of a connection, which never waits and checks every byte.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::time::Instant;

use flate2::{Decompress, FlushDecompress};
use mio::net::TcpStream;

use super::Fallible;
use super::script::Script;

/// A connection under load.
pub(crate) struct Client<'a> {
    pub(crate) stream: TcpStream,
    script: &'a Script,
    /// How much of the request is written.
    written: usize,
    /// How much of the answer has come.
    heard: usize,
    /// When the turn began.
    began: Instant,
    inflater: Option<Box<Inflater>>,
}

impl<'a> Client<'a> {
    pub(crate) fn new(stream: TcpStream, script: &'a Script, is_compressed: bool) -> Self {
        Self {
            stream,
            script,
            written: 0,
            heard: 0,
            began: Instant::now(),
            inflater: is_compressed.then(Box::default),
        }
    }

    /// Begins a turn.
    pub(crate) fn begin(&mut self) -> Fallible<()> {
        self.written = 0;
        self.heard = 0;
        self.began = Instant::now();
        self.write()
    }

    /// Writes what is left of the request, as far as the socket takes it.
    pub(crate) fn write(&mut self) -> Fallible<()> {
        while let Some(rest) = self.script.request.get(self.written..)
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

    /// Reads what is there, and calls `done` with the time that a turn took when all of
    /// its answers are there, upon which the next turn begins.
    pub(crate) fn read(
        &mut self,
        buffer: &mut [u8],
        mut done: impl FnMut(Instant, Instant),
    ) -> Fallible<()> {
        loop {
            let length = match self.stream.read(buffer) {
                Ok(0) => return Err("the server hung up".into()),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            self.hear(&buffer[..length])?;
            let is_drained = length < buffer.len();
            if self.heard == self.script.answer.len() {
                let began = self.began;
                self.begin()?;
                done(began, self.began);
            }
            if is_drained {
                return Ok(());
            }
        }
    }

    /// Compares bytes with what they should be.
    fn hear(&mut self, bytes: &[u8]) -> Fallible<()> {
        let expected = &self.script.answer[self.heard..];
        let heard = match &mut self.inflater {
            None => bytes,
            Some(inflater) => {
                inflater.feed(bytes)?;
                &inflater.texts
            }
        };
        if !expected.starts_with(heard) {
            return Err("an echo differs from what was sent".into());
        }
        self.heard += heard.len();
        Ok(())
    }
}

/// Takes compressed messages out of their frames, each of which must be whole in the end.
struct Inflater {
    inflate: Decompress,
    /// Frames, and perhaps the beginning of one more.
    frames: Vec<u8>,
    /// What the latest frames said.
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
        while let Some((first, payload, rest)) = unmasked(frames) {
            match first {
                0x81 => self.texts.extend_from_slice(payload),
                0xc1 => {
                    for part in [payload, &[0, 0, 0xff, 0xff]] {
                        inflate(&mut self.inflate, part, &mut self.texts)?;
                    }
                }
                _ => return Err(format!("expected a text message, found {first:02x}").into()),
            }
            frames = rest;
        }
        let taken = self.frames.len() - frames.len();
        self.frames.drain(..taken);
        Ok(())
    }
}

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

/// The first of these frames, which a server does not mask: its first byte, its payload
/// and what follows.
fn unmasked(frames: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[first, length], rest) = frames.split_first_chunk()?;
    let (length, rest) = match length {
        126 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        length => (usize::from(length), rest),
    };
    let (payload, rest) = rest.split_at_checked(length)?;
    Some((first, payload, rest))
}
