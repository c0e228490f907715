//! Formatted output on its way to a writer thread, and output that this thread makes itself.

use std::fmt;
use std::io::{self, Write};
use std::mem;
use std::sync::Arc;

/// Output that the writer thread makes while it writes: a payload of any size takes no more memory
/// than a piece of it. The connection of a very large one waits until it is written.
pub trait DeferredOutput: fmt::Debug + Send {
    /// How many bytes of memory it holds until it is written.
    fn size(&self) -> usize;

    /// Writes it. Once `is_urgent` returns true, the process ends: the rest of a payload is left
    /// out, and the line says so.
    ///
    /// # Errors
    ///
    /// The error of `out`.
    fn write(&self, out: &mut dyn Write, is_urgent: &dyn Fn() -> bool) -> io::Result<()>;
}

/// Formatted output that is not written yet.
#[derive(Debug, Default)]
pub struct LogBuffer {
    /// The formatted bytes.
    pub bytes: Vec<u8>,
    /// What comes between them, in order.
    deferred: Vec<Deferred>,
}

#[derive(Debug)]
pub(super) struct Deferred {
    /// How many of the formatted bytes come before it.
    offset: usize,
    output: Box<dyn DeferredOutput>,
    /// Of a very large one.
    token: Option<OutputToken>,
}

/// From which size on a connection waits for its output, in bytes.
const VERY_LARGE: usize = 1 << 20;

/// Exists until the output of a connection is written that was deferred. The connection keeps a
/// clone and waits meanwhile.
pub(super) type OutputToken = Arc<()>;

/// What a writer thread writes in one go.
#[derive(Debug)]
pub(super) enum LogPiece {
    /// Formatted bytes.
    Bytes(Vec<u8>),
    /// Output that is made now.
    Deferred(Deferred),
}

impl LogBuffer {
    /// Puts output after the first `offset` formatted bytes, and after all that was deferred
    /// before.
    pub fn defer(&mut self, offset: usize, output: Box<dyn DeferredOutput>) {
        self.deferred.push(Deferred {
            offset,
            output,
            token: None,
        });
    }

    /// A buffer with these bytes.
    pub(super) const fn of(bytes: Vec<u8>) -> Self {
        let deferred = Vec::new();
        Self { bytes, deferred }
    }

    /// Whether there is output that the thread makes.
    pub(super) const fn has_deferred(&self) -> bool {
        !self.deferred.is_empty()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.deferred.is_empty()
    }

    /// Marks the very large output that has no mark with this token.
    pub(super) fn mark(&mut self, token: &mut Option<OutputToken>) {
        for deferred in &mut self.deferred {
            if deferred.token.is_none() && deferred.output.size() > VERY_LARGE {
                let token = token.get_or_insert_default();
                deferred.token = Some(Arc::clone(token));
            }
        }
    }

    /// Takes everything, in pieces.
    pub(super) fn take_pieces(&mut self) -> Vec<LogPiece> {
        let mut rest = mem::take(&mut self.bytes);
        let mut pieces = Vec::new();
        let mut start = 0;
        for deferred in self.deferred.drain(..) {
            let size = (deferred.offset - start).min(rest.len());
            let after = rest.split_off(size);
            start = deferred.offset;
            pieces.push(LogPiece::Bytes(mem::replace(&mut rest, after)));
            pieces.push(LogPiece::Deferred(deferred));
        }
        pieces.push(LogPiece::Bytes(rest));
        pieces
    }
}

impl LogPiece {
    /// How many bytes of memory it counts for. A very large payload does not slow down other
    /// connections.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Deferred(deferred) if deferred.token.is_some() => 0,
            Self::Deferred(deferred) => deferred.output.size(),
        }
    }

    /// Writes it.
    pub(super) fn write(
        &self,
        out: &mut dyn Write,
        is_urgent: &dyn Fn() -> bool,
    ) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => out.write_all(bytes),
            Self::Deferred(deferred) => deferred.output.write(out, is_urgent),
        }
    }
}
