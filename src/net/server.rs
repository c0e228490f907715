//! The server: accepts connections, and says goodbye to them.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::net;
use std::rc::Rc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{self, LocalOptions};
use tokio::sync::watch;
use tokio::task::{JoinSet, spawn_local};
use tokio::time::{sleep, timeout};

use super::answers::ReplyPolicy;
use super::connection;
use super::desk::{LogWriter, stopped};
use super::hub::Hub;
use super::journal::EventLog;
use super::note::{Notice, NoticeScope, in_words};
use super::printer::WriterThread;
use super::program::{self, Program};
use super::record::{RecordOutput, RecordWriter};
use super::tls::Tls;
use crate::ws::fault::{FaultInjector, InjectedFault};
use crate::ws::handshake::{AdmissionError, Response, ServerSupport};

/// What a server puts up with, and what it has to show.
#[derive(Clone, Debug)]
pub struct Config {
    /// The largest message, in bytes.
    pub max_message: usize,
    /// The largest head of a request, in bytes.
    pub max_head: usize,
    /// How long a client may take for its head.
    pub head_timeout: Duration,
    /// How long a client may take to answer a close frame, to hang up afterwards, and to
    /// read what it was sent when the server stops.
    pub close_timeout: Duration,
    /// What messages are answered with, and to whom.
    pub answers: ReplyPolicy,
    /// What it does wrong on purpose.
    pub faults: Vec<InjectedFault>,
    /// What the choices of the faults are made from.
    pub seed: u64,
    /// The only origins that are let in; none for any.
    pub origins: Vec<String>,
    /// How many connections may be open at once.
    pub max_connections: Option<usize>,
    /// How often to ping.
    pub ping_interval: Option<Duration>,
    /// How long a client may send nothing, or read nothing of what waits for it.
    pub idle_timeout: Option<Duration>,
    /// What is agreed to, if a client offers it.
    pub server_support: ServerSupport,
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
            head_timeout: Duration::from_secs(10),
            close_timeout: CLOSE_TIMEOUT,
            answers: ReplyPolicy::default(),
            faults: Vec::new(),
            seed: 0,
            origins: Vec::new(),
            max_connections: None,
            ping_interval: None,
            idle_timeout: None,
            server_support: ServerSupport::default(),
            page: None,
            tls: None,
        }
    }
}

/// A server on a socket of its own.
pub struct Server {
    config: Config,
    listener: net::TcpListener,
    record: Option<RecordOutput>,
}

/// What all connections of a server share; they take turns on one thread.
pub(super) struct Shared {
    pub(super) config: Config,
    /// What happens is written there.
    pub(super) desk: LogWriter,
    /// Turns true when the server stops.
    stopping: watch::Receiver<bool>,
    /// What the connection whose turn it is reads into.
    pub(super) buffer: RefCell<Vec<u8>>,
    /// What it writes from, when that is empty.
    spare: RefCell<Vec<u8>>,
    /// How many connections are open, their handshakes done.
    pub(super) open: Cell<usize>,
    pub(super) hub: Hub,
    /// The program that answers, if one does.
    pub(super) program: Option<Program>,
    /// How many of those that may be open at once are taken.
    seats: Cell<usize>,
}

impl Server {
    /// Binds the socket; port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// What the system says, as that the port is taken.
    pub fn bind(host: &str, port: u16, config: Config) -> io::Result<Self> {
        let listener = net::TcpListener::bind((host, port))?;
        // As many may come at once. The standard library lets 128 wait, and who comes behind
        // them is left standing for a second.
        #[cfg(unix)]
        rustix::net::listen(&listener, 1024)?;
        Ok(Self {
            config,
            listener,
            record: None,
        })
    }

    /// The same with a record beside the log: what the journal writes on that page.
    #[must_use]
    pub fn recording(self, record: RecordOutput) -> Self {
        let record = Some(record);
        Self { record, ..self }
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
        journal: Option<Box<dyn EventLog>>,
        output: impl Write + Send + 'static,
        start: impl FnOnce() -> io::Result<S>,
        farewell: impl FnOnce(usize) -> Vec<u8>,
    ) -> io::Result<()> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build_local(LocalOptions::default())?;
        runtime.block_on(async {
            self.listener.set_nonblocking(true)?;
            let listener = TcpListener::from_std(self.listener)?;
            let answers = &self.config.answers;
            let child = answers.exec.as_deref().map(program::start).transpose()?;
            let program = child.is_some().then(|| Program::new(answers.to));
            let stop = start()?;
            let (printer, end) = WriterThread::start(output, drop);
            let (stopper, stopping) = watch::channel(false);
            let (recorder, tape) = self.record.map(RecordWriter::start).unzip();
            let shared = Rc::new(Shared {
                config: self.config,
                desk: LogWriter::new(journal, printer, recorder, stopping.clone()),
                stopping,
                buffer: RefCell::new(vec![0; READ_SIZE]),
                spare: RefCell::default(),
                open: Cell::new(0),
                hub: Hub::default(),
                program,
                seats: Cell::new(0),
            });
            let tape = tape.map(|tape| tape.watched_by(&shared));
            let printing = spawn_local(keep_printing(Rc::clone(&shared)));
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
            let _ = timeout(SHUTDOWN_TIMEOUT, ended).await;
            if let Some(tape) = tape {
                tape.finish(&shared, goodbyes).await;
            }
            shared.desk.end_log(&farewell(goodbyes));
            printing.abort();
            end.wait(PRINT_TIMEOUT).await;
            Ok(())
        })
    }
}

impl Shared {
    /// Done when the server stops.
    pub(super) async fn stopped(&self) {
        stopped(&self.stopping).await;
    }

    /// An empty buffer to write from. Whoever idles holds none.
    pub(super) fn borrowed(&self) -> Vec<u8> {
        self.spare.take()
    }

    /// Takes such a buffer back, unless it has grown too large to be kept.
    pub(super) fn lend_again(&self, mut buffer: Vec<u8>) {
        const KEPT: usize = 64 << 10;
        if buffer.capacity() <= KEPT {
            buffer.clear();
            self.spare.replace(buffer);
        }
    }

    /// Prints a note that stands on its own.
    pub(super) async fn tell(&self, about: NoticeScope, note: &Notice<'_>) {
        self.desk.note(about, note);
        self.desk.print().await;
    }

    /// Who spoils what the connection of this number sends, if that is wanted.
    pub(super) fn injector(&self, number: u64) -> Option<Box<FaultInjector>> {
        let Config { faults, seed, .. } = &self.config;
        let is_wanted = !faults.is_empty();
        is_wanted.then(|| Box::new(FaultInjector::new(faults.clone(), *seed, number)))
    }
}

/// One of the connections that may be open at once.
pub(super) struct ConnectionPermit(Rc<Shared>);

impl ConnectionPermit {
    /// A seat, if there is one.
    pub(super) fn take(shared: &Rc<Shared>) -> Result<Self, AdmissionError> {
        let taken = shared.seats.get();
        match shared.config.max_connections {
            Some(most) if taken >= most => Err(AdmissionError::Full(most)),
            _ => {
                shared.seats.set(taken + 1);
                Ok(Self(Rc::clone(shared)))
            }
        }
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        self.0.seats.update(|taken| taken - 1);
    }
}

/// How much is read at once, which also bounds what is answered and printed at once.
pub(super) const READ_SIZE: usize = 32 << 10;

/// How long a client may take for its last words.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(700);

/// How long a stopping server waits for all its connections to end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// And how long for its last words to be printed.
pub(super) const PRINT_TIMEOUT: Duration = Duration::from_millis(500);

/// Ctrl-C ends the server within two seconds, whoever does not answer or read, and after
/// each connection, and the program, has had its time.
const _: () = {
    assert!(CLOSE_TIMEOUT.as_millis() + 200 < SHUTDOWN_TIMEOUT.as_millis());
    let program = 2 * program::END_TIMEOUT.as_millis() + program::OUTPUT_DRAIN_TIMEOUT.as_millis();
    assert!(program + 100 < SHUTDOWN_TIMEOUT.as_millis());
    assert!(SHUTDOWN_TIMEOUT.as_millis() + PRINT_TIMEOUT.as_millis() < 2_000);
};

/// Accepts connections for ever. One that cannot be accepted, because no file descriptor
/// is left perhaps, leaves the others alone, and waits.
async fn accept(listener: &TcpListener, shared: &Rc<Shared>, connections: &mut JoinSet<()>) {
    const PAUSE: Duration = Duration::from_millis(50);
    /// How long nothing must fail before all is said to be well.
    const RECOVERY_DELAY: Duration = Duration::from_millis(500);
    let mut number = 0;
    let (mut is_exhausted, mut is_recovering) = (false, false);
    loop {
        let accepted = if is_recovering {
            timeout(RECOVERY_DELAY, listener.accept()).await.ok()
        } else {
            Some(listener.accept().await)
        };
        match accepted {
            Some(Ok((stream, peer))) => {
                number += 1;
                is_recovering = is_exhausted;
                begin(stream, peer, number, shared, connections);
            }
            Some(Err(error)) => {
                is_recovering = false;
                if !is_exhausted && error.kind() != io::ErrorKind::ConnectionAborted {
                    is_exhausted = true;
                    let why = in_words(&error);
                    shared
                        .tell(NoticeScope::Server, &Notice::CannotAccept(why))
                        .await;
                }
                sleep(PAUSE).await;
            }
            None => {
                (is_exhausted, is_recovering) = (false, false);
                shared
                    .tell(NoticeScope::Server, &Notice::AcceptsAgain)
                    .await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn keep_printing(shared: Rc<Shared>) {
    shared.desk.keep_printing().await;
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
