//! How a connection's bytes are written: when, in which pieces, and with how much patience.

use std::future::pending;
use std::io;
use std::mem;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::time::sleep;

use super::{Connection, ending_of};
use crate::net::server::Config;
use crate::ws::fault::WritePacing;
use crate::ws::session::EndReason;

impl Connection {
    /// Writes all of it; when the server stops, only to those who read it at once.
    pub(in crate::net) async fn write(&mut self, bytes: &[u8]) -> Result<(), EndReason> {
        if bytes.is_empty() {
            return Ok(());
        }
        let pace = mem::take(&mut self.pace);
        if pace != WritePacing::default() {
            return Box::pin(self.write_paced(bytes, pace)).await;
        }
        // Mostly the system takes all of it, and nothing has to be waited for.
        match self.stream.try_write(bytes) {
            Ok(written) if written == bytes.len() => Ok(()),
            Ok(written) => {
                let rest = bytes.get(written..).unwrap_or_default();
                Box::pin(self.write_at_once(rest)).await
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                Box::pin(self.write_at_once(bytes)).await
            }
            Err(error) => Err(ending_of(&error)),
        }
    }

    async fn write_paced(&mut self, bytes: &[u8], pace: WritePacing) -> Result<(), EndReason> {
        /// Pieces that are written apart; it would take for ever with all of a long message.
        const APART: usize = 1_000;
        let WritePacing { delay, split } = pace;
        if delay > 0 {
            self.pause(Duration::from_millis(delay)).await;
        }
        let Some(size) = split else {
            return self.write_at_once(bytes).await;
        };
        for (number, piece) in bytes.chunks(size).enumerate() {
            if (1..APART).contains(&number) {
                self.pause(Duration::from_millis(1)).await;
            }
            self.write_at_once(piece).await?;
        }
        Ok(())
    }

    async fn pause(&self, duration: Duration) {
        tokio::select! {
            () = sleep(duration) => {}
            () = self.shared.stopped() => {}
        }
    }

    async fn write_at_once(&mut self, mut bytes: &[u8]) -> Result<(), EndReason> {
        let Config {
            close_timeout,
            idle_timeout,
            ..
        } = self.shared.config;
        let shared = &self.shared;
        let too_long = async {
            shared.stopped().await;
            sleep(close_timeout).await;
        };
        tokio::pin!(too_long);
        while !bytes.is_empty() {
            let unread = async {
                match idle_timeout {
                    Some(patience) => sleep(patience).await,
                    None => pending().await,
                }
            };
            let written = tokio::select! {
                biased;
                written = self.stream.write(bytes) => written.map_err(|it| ending_of(&it))?,
                () = &mut too_long => return Err(EndReason::PeerDoesNotRead),
                () = unread => return Err(EndReason::PeerDoesNotRead),
            };
            if written == 0 {
                return Err(EndReason::Reset);
            }
            bytes = bytes.get(written..).unwrap_or_default();
        }
        tokio::select! {
            biased;
            flushed = self.stream.flush() => flushed.map_err(|it| ending_of(&it)),
            () = &mut too_long => Err(EndReason::PeerDoesNotRead),
        }
    }

    /// Lets the faults say how the next bytes are written.
    pub(in crate::net) fn set_pace(&mut self) {
        if let Some(injector) = &mut self.injector {
            let (pace, acts) = injector.pace();
            self.pace = pace;
            self.record_acts(&acts);
        }
    }
}
