//! The server: accepts connections, and says goodbye to them.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::net;
use std::rc::Rc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::watch;
use tokio::task::{JoinSet, LocalSet};
use tokio::time::{sleep, timeout};

use super::connection;
use super::journal::Journal;
use super::printer::Printer;
use super::tls::Tls;
use crate::ws::handshake::{Abilities, Response};

/// What a server puts up with, and what it has to show.
#[derive(Clone, Debug)]
pub struct Config {
    /// The largest message, in octets.
    pub max_message: usize,
    /// The largest head of a request, in octets.
    pub max_head: usize,
    /// How long a client may take for its head.
    pub head_patience: Duration,
    /// How long a client may take to answer a close frame, to hang up afterwards, and to
    /// read what it was sent when the server stops.
    pub close_patience: Duration,
    /// What is agreed to, if a client offers it.
    pub abilities: Abilities,
    /// What a browser gets that asks for a page; None if there is none for it.
    pub page: Option<Response>,
    /// The certificate to speak TLS with, if it does.
    pub tls: Option<Tls>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_message: 64 << 20,
            max_head: 16 << 10,
            head_patience: Duration::from_secs(10),
            close_patience: CLOSE_PATIENCE,
            abilities: Abilities::default(),
            page: None,
            tls: None,
        }
    }
}

/// A server on a socket of its own.
#[derive(Debug)]
pub struct Server {
    config: Config,
    listener: net::TcpListener,
}

/// What all connections of a server share; they take turns on one thread.
pub(super) struct Shared {
    pub(super) config: Config,
    /// None if nobody wants to know.
    pub(super) journal: Option<Box<dyn Journal>>,
    pub(super) printer: Printer,
    /// Turns true when the server stops.
    stopping: watch::Receiver<bool>,
    /// What the connection whose turn it is reads into.
    pub(super) buffer: RefCell<Vec<u8>>,
    /// How many connections are open, their handshakes done.
    pub(super) open: Cell<usize>,
}

impl Server {
    /// Binds the socket; port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// What the system says, as that the port is taken.
    pub fn bind(host: &str, port: u16, config: Config) -> io::Result<Self> {
        let listener = net::TcpListener::bind((host, port))?;
        Ok(Self { config, listener })
    }

    /// The URL to reach it at.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn url(&self) -> io::Result<String> {
        let scheme = if self.config.tls.is_some() {
            "wss"
        } else {
            "ws"
        };
        Ok(format!("{scheme}://{}/", self.listener.local_addr()?))
    }

    /// Serves until `stop` is done, then says goodbye to everyone. `start` is called when
    /// all is ready, and gives `stop`; `farewell` is told how many connections were open,
    /// and gives the last words of the log.
    ///
    /// # Errors
    ///
    /// What the system says when it cannot start.
    pub fn run<S: Future<Output = ()>>(
        self,
        journal: Option<Box<dyn Journal>>,
        output: impl Write + Send + 'static,
        start: impl FnOnce() -> io::Result<S>,
        farewell: impl FnOnce(usize) -> Vec<u8>,
    ) -> io::Result<()> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(LocalSet::new().run_until(async {
            self.listener.set_nonblocking(true)?;
            let listener = TcpListener::from_std(self.listener)?;
            let stop = start()?;
            let (printer, end) = Printer::start(output);
            let (stopper, stopping) = watch::channel(false);
            let shared = Rc::new(Shared {
                config: self.config,
                journal,
                printer,
                stopping,
                buffer: RefCell::new(vec![0; READ_SIZE]),
                open: Cell::new(0),
            });
            let mut connections = JoinSet::new();
            tokio::select! {
                () = accept(&listener, &shared, &mut connections) => {}
                () = stop => {}
            }
            drop(listener);
            let goodbyes = shared.open.get();
            let _ = stopper.send(true);
            let _ = timeout(GOODBYE_PATIENCE, connections.join_all()).await;
            let last_words = farewell(goodbyes);
            shared
                .printer
                .print(last_words, std::future::ready(()))
                .await;
            drop(shared);
            end.wait(PRINT_PATIENCE).await;
            Ok(())
        }))
    }
}

impl Shared {
    /// Done when the server stops.
    pub(super) async fn stopped(&self) {
        let mut stopping = self.stopping.clone();
        // If who would say so is gone, the server has stopped.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }
}

/// How much is read at once, which also bounds what is answered and printed at once.
const READ_SIZE: usize = 32 << 10;

/// How long a client may take for its last words.
const CLOSE_PATIENCE: Duration = Duration::from_millis(700);

/// How long a stopping server waits for all its connections to end.
const GOODBYE_PATIENCE: Duration = Duration::from_secs(1);

/// And how long for its last words to be printed.
const PRINT_PATIENCE: Duration = Duration::from_millis(500);

/// Ctrl-C ends the server within two seconds, whoever does not answer or read, and after
/// each connection has had its time.
const _: () = {
    assert!(CLOSE_PATIENCE.as_millis() + 200 < GOODBYE_PATIENCE.as_millis());
    assert!(GOODBYE_PATIENCE.as_millis() + PRINT_PATIENCE.as_millis() < 2_000);
};

/// Accepts connections for ever. One that cannot be accepted, because no file descriptor
/// is left perhaps, leaves the others alone.
async fn accept(listener: &TcpListener, shared: &Rc<Shared>, connections: &mut JoinSet<()>) {
    const PAUSE: Duration = Duration::from_millis(50);
    let mut number = 0;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                number += 1;
                begin(stream, peer, number, shared, connections);
            }
            Err(_) => sleep(PAUSE).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

fn begin(
    stream: TcpStream,
    peer: net::SocketAddr,
    number: u64,
    shared: &Rc<Shared>,
    connections: &mut JoinSet<()>,
) {
    // Without this, a small answer may wait for the acknowledgement of the last one.
    let _ = stream.set_nodelay(true);
    connections.spawn_local(connection::serve(Rc::clone(shared), stream, peer, number));
}
