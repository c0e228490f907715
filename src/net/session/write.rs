//! Writes what a session has to send. A client reads meanwhile, so that two ends that only write
//! do not wait for each other.

use std::mem;
use std::pin::Pin;

use tokio::task::yield_now;

use super::{Application, SessionDriver, Wake, completes, until};
use crate::net::connection::{IoProgress, disconnect};
use crate::net::context::now;
use crate::ws::SharedBytes;
use crate::ws::fault::WritePacing;
use crate::ws::session::{Disconnect, Transmit};

/// How many bytes may wait to be written before no more are read.
const MAX_UNWRITTEN: usize = 1 << 20;

/// How many bytes may be moved to free those before them.
const MAX_MOVED: usize = 64 << 10;

impl<A: Application> SessionDriver<A> {
    /// Writes all that the session has to send.
    pub(super) async fn write_all(&mut self, mut stopped: Pin<&mut impl Future<Output = ()>>) {
        loop {
            let time = self.now.into_std();
            let (session, mut sink) = self.parts();
            let Some(transmit) = session.poll_transmit(time, &mut sink) else {
                return;
            };
            self.connection.log.flush();
            let written = match transmit {
                Transmit::Bytes(mut bytes, pacing) => {
                    let written = self.write(&mut bytes, pacing, stopped.as_mut()).await;
                    let buffers = &self.connection.context.buffers;
                    if let Some(large) = buffers.return_buffer(bytes) {
                        free(large.into()).await;
                    }
                    written
                }
                Transmit::Shared(payload) => {
                    let pacing = WritePacing::default();
                    let written = self.connection.write(&payload, pacing).await;
                    free(payload).await;
                    self.now = now();
                    written
                }
                Transmit::Free(buffer) => {
                    free(buffer).await;
                    continue;
                }
            };
            self.session.handle_written(self.now.into_std(), written);
            if self.session.poll_end().is_some() {
                return;
            }
        }
    }

    /// Writes all bytes. While the peer does not read, no more than the rest is kept of them.
    async fn write(
        &mut self,
        bytes: &mut Vec<u8>,
        pacing: WritePacing,
        stopped: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<(), Disconnect> {
        let is_paced = pacing != WritePacing::default();
        let mut written = 0;
        if !is_paced {
            written = self.connection.try_write(bytes)?;
            if written == bytes.len() {
                return Ok(());
            }
            if bytes.len() <= MAX_MOVED {
                bytes.drain(..mem::take(&mut written));
                bytes.shrink_to_fit();
            }
        }
        let rest = bytes.get(written..).unwrap_or_default();
        let written = if A::READS_WHILE_WRITING && !is_paced {
            // In a box, so that the sessions of a server are no larger for it.
            Box::pin(self.write_and_read(rest, stopped)).await
        } else {
            self.connection.write(rest, pacing).await
        };
        self.now = now();
        written
    }

    /// Writes all bytes, and processes what the peer sends meanwhile. Ends early if the session
    /// does.
    async fn write_and_read(
        &mut self,
        mut rest: &[u8],
        mut stopped: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<(), Disconnect> {
        while self.session.poll_end().is_none() {
            self.take_or_free_memory();
            let deadline = self.deadline();
            let is_busy = self.session.is_busy();
            let is_log_full = self.connection.log.is_full();
            let room = is_log_full.then(|| Box::pin(self.connection.log.room()));
            let has_room = self.session.unwritten() < MAX_UNWRITTEN && !is_log_full;
            let may_read = self.application.may_read() && has_room && !is_busy;
            let wake = tokio::select! {
                biased;
                () = stopped.as_mut(), if !self.is_stopping => Wake::Stop,
                () = until(deadline), if deadline.is_some() => Wake::Deadline,
                () = yield_now(), if is_busy && has_room => Wake::Work,
                () = completes(room), if is_log_full => Wake::Ready,
                progress = self.connection.write_or_read(rest, may_read) => match progress {
                    IoProgress::Written(Ok(0)) if rest.is_empty() => break,
                    IoProgress::Written(Ok(0)) => return Err(Disconnect::Reset),
                    IoProgress::Written(Ok(size)) => {
                        rest = rest.get(size..).unwrap_or_default();
                        continue;
                    }
                    IoProgress::Written(Err(error)) => return Err(disconnect(&error)),
                    IoProgress::Read(read) => Wake::Read(read),
                },
            };
            self.handle(wake);
            self.connection.log.flush();
        }
        Ok(())
    }
}

/// Frees a large buffer, unless it has another owner, and lets other connections work between two
/// pieces: to free 60 MiB at once takes 10 ms.
///
/// The last piece is small. The allocator of glibc takes the size of what is freed as a sign that
/// such buffers are frequent, and no longer gives their memory back to the operating system.
async fn free(buffer: SharedBytes) {
    const PIECE: usize = 1 << 20;
    const LAST_PIECE: usize = 64 << 10;
    let Some(mut bytes) = buffer.into_vec() else {
        return;
    };
    while bytes.capacity() > PIECE {
        bytes.truncate(bytes.capacity() - PIECE);
        bytes.shrink_to(bytes.capacity() - PIECE);
        yield_now().await;
    }
    bytes.truncate(LAST_PIECE);
    bytes.shrink_to(LAST_PIECE);
}
