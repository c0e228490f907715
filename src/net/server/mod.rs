//! The server: listens, serves each connection in a task of its own, and stops.

mod accept;
mod admission;
mod first_bytes;
mod opening;
mod replies;

use std::cell::Cell;
use std::io::{self, Write};
use std::net;
use std::rc::Rc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{self, LocalOptions};
use tokio::task::{JoinSet, spawn_local};
use tokio::time::{sleep, timeout};

pub use replies::ReplyPolicy;

use super::context::{Limits, NetContext};
use super::log::{EventLog, RecordOutput};
use super::outputs::{OUTPUT_TIMEOUT, OutputStreams, Outputs};
use super::program::{self, Program, ProgramProcess, ProgramQueue};
use super::relay::Relay;
use super::stop;
use super::transport::Tls;
use crate::ws::deflate::release_unused;
use crate::ws::fault::{FaultInjector, InjectedFault};
use crate::ws::handshake::{AdmissionPolicy, Response, ServerSupport};

/// Limits and settings of a server.
#[derive(Clone, Debug)]
pub struct Config {
    /// The largest message, in bytes.
    pub max_message: usize,
    /// The largest request head, in bytes.
    pub max_head: usize,
    /// How long a client may take for its request head.
    pub head_timeout: Duration,
    /// How long a client may take to answer a close frame, to end the stream afterwards, and to
    /// read what is left when the server stops.
    pub close_timeout: Duration,
    /// The replies to messages, and their recipients.
    pub replies: ReplyPolicy,
    /// The faults to inject.
    pub faults: Vec<InjectedFault>,
    /// The seed of the random choices of the faults.
    pub seed: u64,
    /// Which pages are admitted.
    pub admission: AdmissionPolicy,
    /// How many connections may be open at once.
    pub max_connections: Option<usize>,
    /// How often to ping.
    pub ping_interval: Option<Duration>,
    /// How long a client may send nothing, or read nothing of what is sent to it.
    pub idle_timeout: Option<Duration>,
    /// The subprotocols and extensions that the server supports.
    pub server_support: ServerSupport,
    /// The page for a browser that asks for one.
    pub page: Option<Response>,
    /// The certificate, for a server with TLS.
    pub tls: Option<Tls>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_message: 64 << 20,
            max_head: 16 << 10,
            head_timeout: Duration::from_secs(10),
            close_timeout: CLOSE_TIMEOUT,
            replies: ReplyPolicy::default(),
            faults: Vec::new(),
            seed: 0,
            admission: AdmissionPolicy::default(),
            max_connections: None,
            ping_interval: None,
            idle_timeout: None,
            server_support: ServerSupport::default(),
            page: None,
            tls: None,
        }
    }
}

/// A server with its listening socket.
pub struct Server {
    config: Config,
    listener: net::TcpListener,
    record: Option<RecordOutput>,
}

/// What the connections of a server share.
struct ServerState {
    context: Rc<NetContext>,
    config: Config,
    relay: Rc<Relay>,
    /// The program that replies, if there is one.
    program: Option<Rc<ProgramQueue>>,
    /// How many connections are open after their handshake.
    open: Cell<usize>,
    /// How many of `max_connections` are taken.
    permits: Cell<usize>,
}

/// The time-out of the closing handshake.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(700);

/// How long a server that stops waits for its connections and its program.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// A server ends within two seconds after a signal, whatever its clients, its program and the
/// readers of its output do.
const _: () = {
    assert!(CLOSE_TIMEOUT.as_millis() + 200 < SHUTDOWN_TIMEOUT.as_millis());
    let program = 2 * program::EXIT_TIMEOUT.as_millis() + program::OUTPUT_DRAIN_TIMEOUT.as_millis();
    assert!(program + 100 < SHUTDOWN_TIMEOUT.as_millis());
    // The record and the log.
    assert!(SHUTDOWN_TIMEOUT.as_millis() + 2 * OUTPUT_TIMEOUT.as_millis() < 2_000);
};

impl Server {
    /// Binds the socket; port 0 takes a free port.
    ///
    /// # Errors
    ///
    /// The error of the operating system, for instance if the port is taken.
    pub fn bind(host: &str, port: u16, config: Config) -> io::Result<Self> {
        let listener = net::TcpListener::bind((host, port))?;
        // The standard library lets 128 connections wait to be accepted. More at once would be
        // delayed by a second.
        #[cfg(unix)]
        rustix::net::listen(&listener, 1024)?;
        Ok(Self {
            config,
            listener,
            record: None,
        })
    }

    /// The same server with a record beside the log.
    #[must_use]
    pub fn recording(self, record: RecordOutput) -> Self {
        let record = Some(record);
        Self { record, ..self }
    }

    /// The URL of the server.
    ///
    /// # Errors
    ///
    /// The error of the operating system.
    pub fn url(&self) -> io::Result<String> {
        let scheme = if self.config.tls.is_some() {
            "wss"
        } else {
            "ws"
        };
        Ok(format!("{scheme}://{}/", self.listener.local_addr()?))
    }

    /// Serves until a future completes, then closes all connections. `start` is called when clients
    /// can connect, and returns that future. `last_line` makes the last bytes of the log from the
    /// number of connections that were open.
    ///
    /// # Errors
    ///
    /// The error of the operating system, if the server cannot start.
    pub fn run<S: Future<Output = ()>>(
        self,
        events: Option<Box<dyn EventLog>>,
        output: impl Write + Send + 'static,
        start: impl FnOnce() -> io::Result<S>,
        last_line: impl FnOnce(usize) -> Vec<u8>,
    ) -> io::Result<()> {
        check_descriptors(&self.listener)?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build_local(LocalOptions::default())?;
        runtime.block_on(self.serve(events, output, start, last_line))
    }

    async fn serve<S: Future<Output = ()>>(
        self,
        events: Option<Box<dyn EventLog>>,
        output: impl Write + Send + 'static,
        start: impl FnOnce() -> io::Result<S>,
        last_line: impl FnOnce(usize) -> Vec<u8>,
    ) -> io::Result<()> {
        self.listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(self.listener)?;
        let replies = &self.config.replies;
        let process = replies.exec.as_deref().map(ProgramProcess::start);
        let process = process.transpose()?;
        let stopped = start()?;
        let (stop_sender, stop) = stop::channel();
        let streams = OutputStreams {
            log: Box::new(output),
            messages: None,
            record: self.record,
        };
        let limits = Limits {
            max_message: self.config.max_message,
            close_timeout: self.config.close_timeout,
            drain_timeout: self.config.close_timeout,
            write_timeout: self.config.idle_timeout,
        };
        let outputs = Outputs::start(events, streams, limits, stop);
        let context = Rc::clone(&outputs.context);
        let state = ServerState::new(&context, self.config, process.is_some());
        let program = process.map(|process| spawn_local(state.program().run(process)));
        let state = Rc::new(state);
        if state.config.server_support.deflate.is_some() {
            spawn_local(release_compressors());
        }
        let mut connections = JoinSet::new();
        tokio::select! {
            () = accept::run(&listener, &state, &mut connections) => {}
            () = stopped => {}
        }
        drop(listener);
        let open = state.open.get();
        stop_sender.stop();
        let ended = async {
            connections.join_all().await;
            if let Some(program) = program {
                let _ = program.await;
            }
        };
        let _ = timeout(SHUTDOWN_TIMEOUT, ended).await;
        outputs.finish(open, &last_line(open)).await;
        Ok(())
    }
}

/// Frees the compressors that no connection has used for a while: they take up to 370 KiB each.
async fn release_compressors() {
    const INTERVAL: Duration = Duration::from_secs(1);
    loop {
        sleep(INTERVAL).await;
        release_unused();
    }
}

/// Checks that there are enough file descriptors for the runtime, whose signals need some and panic
/// without, and for a connection.
fn check_descriptors(listener: &net::TcpListener) -> io::Result<()> {
    const NEEDED: usize = 10;
    let copies: io::Result<Vec<_>> = (0..NEEDED).map(|_| listener.try_clone()).collect();
    copies.map(drop)
}

impl ServerState {
    fn new(context: &Rc<NetContext>, config: Config, has_program: bool) -> Self {
        let queue = || Rc::new(ProgramQueue::new(config.replies.to));
        Self {
            context: Rc::clone(context),
            program: has_program.then(queue),
            config,
            relay: Rc::default(),
            open: Cell::new(0),
            permits: Cell::new(0),
        }
    }

    /// The program, with all that it needs to pass lines on.
    fn program(&self) -> Program {
        let replies = &self.config.replies;
        Program {
            context: Rc::clone(&self.context),
            relay: Rc::clone(&self.relay),
            queue: self.program.clone().unwrap_or_default(),
            recipients: replies.to,
            recipient_fields: replies.recipient_fields.clone(),
            silence: replies.silence,
        }
    }

    /// The faults of the connection with this number, if any are wanted.
    fn faults(&self, number: u64) -> Option<Box<FaultInjector>> {
        let Config { faults, seed, .. } = &self.config;
        let is_wanted = !faults.is_empty();
        is_wanted.then(|| Box::new(FaultInjector::new(faults.clone(), *seed, number)))
    }
}
