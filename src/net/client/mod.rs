//! The client: drives a session over a connection that `dial` opened, with its log, and ends it.
//!
//! `commands::connect` gives it a future that opens the connection, what to send, and what ends
//! the conversation, and gets a [`ClientEnd`].

mod actions;
mod conversation;
mod end_condition;
mod opening;

use std::io;
use std::rc::Rc;
use std::time::Duration;

use tokio::runtime::{self, LocalOptions};

pub use actions::{Action, ActionQueue, ActionSender, read_input};
pub use end_condition::EndRules;
pub use opening::ClientConnection;

use super::context::Limits;
use super::log::EventLog;
use super::outputs::{OUTPUT_TIMEOUT, OutputStreams, Outputs};
use super::session::STOP_TIMEOUT;
use super::stop;
use crate::ws::MaskingKey;
use crate::ws::fault::FaultInjector;
use crate::ws::session::SessionEnd;
use opening::ClientOpening;

/// Limits and settings of a client.
#[derive(Debug)]
pub struct ClientConfig {
    /// The largest message, in bytes.
    pub max_message: usize,
    /// How often to ping.
    pub ping_interval: Option<Duration>,
    /// Injects faults into what is sent; None without faults.
    pub faults: Option<Box<FaultInjector>>,
    /// Whether each message is sent back.
    pub echoes: bool,
    /// What ends the conversation.
    pub end: EndRules,
}

/// How a client ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientEnd {
    /// The process was stopped before the connection was open.
    Stopped,
    /// The server did not accept the connection, or its response breaks a rule.
    Refused,
    /// The connection was open, and ended like this.
    Ended {
        /// How it ended.
        end: SessionEnd,
        /// Whether an expectation was not met, and how many messages came.
        unmet: Option<u64>,
    },
}

/// The time-out of the closing handshake.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(3);

/// How long the server may take to end the stream once the session has ended.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(500);

/// A client ends within two seconds after a signal, whatever the server and the readers of its
/// output do.
const _: () = assert!(STOP_TIMEOUT.as_millis() + 3 * OUTPUT_TIMEOUT.as_millis() < 2_000);

/// Opens a connection with `open`, runs the session, and closes. `keys` makes the masking keys. The client
/// stops when `stopped` completes.
///
/// # Errors
///
/// The error of `open`, or that of the system if the client cannot start.
pub fn run<E: From<io::Error>, S: Future<Output = ()>>(
    config: ClientConfig,
    events: Option<Box<dyn EventLog>>,
    streams: OutputStreams,
    open: impl Future<Output = Result<ClientConnection, E>>,
    actions: impl FnOnce() -> ActionQueue,
    stopped: impl FnOnce() -> io::Result<S>,
    keys: impl FnMut() -> MaskingKey + Send + 'static,
) -> Result<ClientEnd, E> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build_local(LocalOptions::default())?;
    let client = async {
        let stopped = stopped()?;
        let (stop_sender, stop) = stop::channel();
        let limits = Limits {
            max_message: config.max_message,
            close_timeout: CLOSE_TIMEOUT,
            drain_timeout: DRAIN_TIMEOUT,
            write_timeout: None,
        };
        let outputs = Outputs::start(events, streams, limits, stop);
        let opening = ClientOpening {
            context: Rc::clone(&outputs.context),
            config,
        };
        let talk = async {
            let end = opening.run(open, actions, keys).await;
            outputs.finish(0, &[]).await;
            end
        };
        let stop = async {
            stopped.await;
            stop_sender.stop();
        };
        tokio::pin!(talk);
        tokio::select! {
            biased;
            end = &mut talk => return end,
            () = stop => {}
        }
        talk.await
    };
    runtime.block_on(client)
}
