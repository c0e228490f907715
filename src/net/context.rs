//! What all connections of the process use.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use tokio::time::Instant;

use super::log::{LogWriter, Notice, NoticeScope};
use super::memory::MessageMemory;
use super::stop::StopSignal;

/// The log, the buffers, the memory, the stop signal and the limits. All connections run on one thread.
pub(super) struct NetContext {
    pub(super) log: Rc<LogWriter>,
    pub(super) buffers: BufferPool,
    pub(super) memory: Rc<MessageMemory>,
    pub(super) stop: StopSignal,
    pub(super) limits: Limits,
}

/// The limits of every connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The largest message, in bytes.
    pub(super) max_message: usize,
    /// How long a peer may take to answer a close frame, and to read what is left when the
    /// process stops.
    pub(super) close_timeout: Duration,
    /// How long a peer may take to end the stream after this end has.
    pub(super) drain_timeout: Duration,
    /// How long a peer may read nothing of what is written.
    pub(super) write_timeout: Option<Duration>,
}

/// The buffers that the connections use in turn. An idle connection holds none.
pub(super) struct BufferPool {
    /// What a connection reads into. It is used until the bytes are decoded.
    pub(super) read: RefCell<Vec<u8>>,
    /// An empty buffer to write from, kept between two writes.
    write: RefCell<Vec<u8>>,
}

/// How much is read at once, in bytes. It also bounds what is answered and logged at once.
pub(super) const READ_SIZE: usize = 32 << 10;

/// The current time. `net` asks for it here alone.
pub(super) fn now() -> Instant {
    Instant::now()
}

impl NetContext {
    /// Writes a notice to the log, on its own.
    pub(super) fn notify(&self, scope: NoticeScope, notice: &Notice<'_>) {
        self.log.notice(scope, notice);
        self.log.flush();
    }
}

impl BufferPool {
    pub(super) fn new() -> Self {
        Self {
            read: RefCell::new(vec![0; READ_SIZE]),
            write: RefCell::default(),
        }
    }

    /// An empty buffer to write from.
    pub(super) fn take_buffer(&self) -> Vec<u8> {
        self.write.take()
    }

    /// Takes a buffer back. Returns it if it has grown too large to be kept.
    pub(super) fn return_buffer(&self, mut buffer: Vec<u8>) -> Option<Vec<u8>> {
        const MAX_KEPT: usize = 64 << 10;
        if buffer.capacity() > MAX_KEPT {
            return Some(buffer);
        }
        buffer.clear();
        self.write.replace(buffer);
        None
    }
}
