//! How a connection's octets are written: when, in which pieces, and with how much patience.

use std::future::pending;
use std::io;
use std::mem;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::time::sleep;

use super::{Connection, ending_of};
use crate::net::server::Config;
use crate::ws::endpoint::Ending;
use crate::ws::fault::Pace;

impl Connection {
    /// Writes all of it; when the server stops, only to those who read it at once.
    pub(in crate::net) async fn write(&mut self, octets: &[u8]) -> Result<(), Ending> {
        if octets.is_empty() {
            return Ok(());
        }
        let pace = mem::take(&mut self.pace);
        if pace != Pace::default() {
            return Box::pin(self.write_paced(octets, pace)).await;
        }
        // Mostly the system takes all of it, and nothing has to be waited for.
        match self.stream.try_write(octets) {
            Ok(written) if written == octets.len() => Ok(()),
            Ok(written) => {
                let rest = octets.get(written..).unwrap_or_default();
                Box::pin(self.write_at_once(rest)).await
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                Box::pin(self.write_at_once(octets)).await
            }
            Err(error) => Err(ending_of(&error)),
        }
    }

    async fn write_paced(&mut self, octets: &[u8], pace: Pace) -> Result<(), Ending> {
        /// Pieces that are written apart; it would take for ever with all of a long message.
        const APART: usize = 1_000;
        let Pace { delay, split } = pace;
        if delay > 0 {
            self.pause(Duration::from_millis(delay)).await;
        }
        let Some(size) = split else {
            return self.write_at_once(octets).await;
        };
        for (number, piece) in octets.chunks(size).enumerate() {
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

    async fn write_at_once(&mut self, mut octets: &[u8]) -> Result<(), Ending> {
        let Config {
            close_patience,
            idle_timeout,
            ..
        } = self.shared.config;
        let shared = &self.shared;
        let too_long = async {
            shared.stopped().await;
            sleep(close_patience).await;
        };
        tokio::pin!(too_long);
        while !octets.is_empty() {
            let unread = async {
                match idle_timeout {
                    Some(patience) => sleep(patience).await,
                    None => pending().await,
                }
            };
            let written = tokio::select! {
                biased;
                written = self.stream.write(octets) => written.map_err(|it| ending_of(&it))?,
                () = &mut too_long => return Err(Ending::Unread),
                () = unread => return Err(Ending::Unread),
            };
            if written == 0 {
                return Err(Ending::Reset);
            }
            octets = octets.get(written..).unwrap_or_default();
        }
        tokio::select! {
            biased;
            flushed = self.stream.flush() => flushed.map_err(|it| ending_of(&it)),
            () = &mut too_long => Err(Ending::Unread),
        }
    }

    /// Lets the faults say how the next octets are written.
    pub(in crate::net) fn set_pace(&mut self) {
        if let Some(saboteur) = &mut self.saboteur {
            let (pace, acts) = saboteur.pace();
            self.pace = pace;
            self.record_acts(&acts);
        }
    }
}
