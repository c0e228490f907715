//! The server: accepts connections, and says goodbye to them.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::net;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::watch;
use tokio::task::{JoinSet, LocalSet, spawn_local};
use tokio::time::{sleep, timeout};

use super::answers::Answers;
use super::connection;
use super::hub::Hub;
use super::journal::Journal;
use super::note::Note;
use super::printer::Printer;
use super::program::{self, Program};
use crate::ws::handshake::Abilities;

/// What a server puts up with.
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
    /// What messages are answered with, and to whom.
    pub answers: Answers,
    /// What is agreed to, if a client offers it.
    pub abilities: Abilities,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_message: 64 << 20,
            max_head: 16 << 10,
            head_patience: Duration::from_secs(10),
            close_patience: CLOSE_PATIENCE,
            answers: Answers::default(),
            abilities: Abilities::default(),
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
    pub(super) hub: Hub,
    /// The program that answers, if one does.
    pub(super) program: Option<Program>,
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
        Ok(format!("ws://{}/", self.listener.local_addr()?))
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
            let answers = &self.config.answers;
            let child = answers.exec.as_deref().map(program::start).transpose()?;
            let program = child.is_some().then(|| Program::new(answers.to));
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
                hub: Hub::default(),
                program,
            });
            let program = child.map(|child| spawn_local(program::run(Rc::clone(&shared), child)));
            let mut connections = JoinSet::new();
            tokio::select! {
                () = accept(&listener, &shared, &mut connections) => {}
                () = stop => {}
            }
            drop(listener);
            let goodbyes = shared.open.get();
            let _ = stopper.send(true);
            let ended = async {
                connections.join_all().await;
                if let Some(program) = program {
                    let _ = program.await;
                }
            };
            let _ = timeout(GOODBYE_PATIENCE, ended).await;
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

    /// Prints a remark that stands on its own.
    pub(super) async fn tell(&self, connection: Option<u64>, note: &Note<'_>) {
        let mut log = Vec::new();
        if let Some(journal) = &self.journal {
            journal.note(SystemTime::now(), connection, note, &mut log);
            self.print(log).await;
        }
    }

    /// Hands a text to the printer, which may take its time.
    pub(super) async fn print(&self, text: Vec<u8>) {
        const LAST_WORDS: Duration = Duration::from_millis(50);
        let hurry = async {
            self.stopped().await;
            sleep(LAST_WORDS).await;
        };
        self.printer.print(text, hurry).await;
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
/// each connection, and the program, has had its time.
const _: () = {
    assert!(CLOSE_PATIENCE.as_millis() + 200 < GOODBYE_PATIENCE.as_millis());
    let program = 2 * program::END_PATIENCE.as_millis() + program::LAST_WORDS.as_millis();
    assert!(program + 100 < GOODBYE_PATIENCE.as_millis());
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
