//! One connection, from its first byte to its last.

mod opening;
mod writing;

use std::future::poll_fn;
use std::io;
use std::mem;
use std::net::SocketAddr;
use std::rc::Rc;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::yield_now;
use tokio::time::{Instant, timeout};

use super::journal::ConnectionLog;
use super::note::{Notice, NoticeScope};
use super::server::{ConnectionPermit, READ_SIZE, Shared};
use super::stream::{TlsFailure, Transport};
use super::talk::Session;
use crate::ws::Role;
use crate::ws::fault::{FaultEvent, FaultInjector, WritePacing};
use crate::ws::session::{ConnectionEvent, EndReason, SessionEnd};

/// Serves a connection to its end.
pub(super) async fn serve(shared: Rc<Shared>, stream: TcpStream, peer: SocketAddr, number: u64) {
    // What the opening takes is given back when the conversation begins, which may idle.
    let talk = Box::pin(open(shared, stream, peer, number)).await;
    if let Some(talk) = talk {
        talk.run().await;
    }
}

/// Opens a connection; None if it has ended.
async fn open(
    shared: Rc<Shared>,
    stream: TcpStream,
    peer: SocketAddr,
    number: u64,
) -> Option<Box<Session>> {
    let begun = Instant::now();
    let deadline = begun + shared.config.head_timeout;
    let injector = shared.injector(number);
    let secured = async {
        match &shared.config.tls {
            Some(tls) => Transport::accept(stream, tls, deadline).await,
            None => Ok(Transport::Plain(stream)),
        }
    };
    let secured = tokio::select! {
        secured = secured => secured,
        () = shared.stopped() => return None,
    };
    let (stream, failure) = match secured {
        Ok(stream) => (stream, None),
        Err(TlsFailure { stream, reason }) => (stream, Some(EndReason::IoError(reason))),
    };
    let chapter = shared.desk.begin(number);
    let connection = Connection {
        shared,
        stream,
        peer,
        number,
        begun,
        chapter,
        head: Vec::new(),
        injector,
        pace: WritePacing::default(),
        has_more: false,
        seat: None,
    };
    match failure {
        Some(ending) => {
            connection.end(ending, Vec::new(), 0, 0).await;
            None
        }
        None => connection.begin(deadline).await,
    }
}

/// A socket, and what belongs to it.
pub(super) struct Connection {
    pub(super) shared: Rc<Shared>,
    stream: Transport,
    peer: SocketAddr,
    number: u64,
    begun: Instant,
    /// Its place among those that may be open at once, once it has one.
    seat: Option<ConnectionPermit>,
    /// Its record; None if nobody wants to know.
    chapter: Option<Box<dyn ConnectionLog>>,
    /// The head of its request as it came, until that is recorded.
    head: Vec<u8>,
    /// Who spoils what is sent, if that is wanted.
    pub(super) injector: Option<Box<FaultInjector>>,
    /// How the next bytes are written.
    pace: WritePacing,
    /// There may be more to be read than was.
    has_more: bool,
}

impl Connection {
    /// Records how it ended, and ends it.
    pub(super) async fn end(
        mut self,
        reason: EndReason,
        close: Vec<u8>,
        frames_in: u64,
        frames_out: u64,
    ) {
        // Whoever reads that it ended may take its place.
        self.seat = None;
        let end = SessionEnd {
            local: Role::Server,
            reason,
            close,
            duration: self.begun.elapsed(),
            frames_in,
            frames_out,
        };
        self.record(&ConnectionEvent::Ended(&end));
        self.print().await;
        if end.reason == (EndReason::EndedOnPurpose { reset: true }) {
            // Closing it then sends RST instead of FIN.
            let _ = self.stream.set_zero_linger();
            return;
        }
        self.hang_up().await;
    }

    /// Waits for bytes; how many there are now at the front of the buffer that all
    /// connections share, until the next one reads.
    pub(super) async fn read(&mut self) -> io::Result<usize> {
        if mem::take(&mut self.has_more) {
            // A client that never stops sending must not keep the others from their turn.
            yield_now().await;
        }
        let Self { shared, stream, .. } = self;
        let size = poll_fn(|context| {
            let mut buffer = shared.buffer.borrow_mut();
            stream.poll_read(context, &mut buffer)
        })
        .await?;
        self.has_more = size == READ_SIZE || !self.stream.is_plain();
        Ok(size)
    }

    /// Ends the connection gently: if bytes that nobody reads were left behind, the
    /// system would reset it, and the client might never see our last words.
    async fn hang_up(mut self) {
        if self.stream.shutdown().await.is_err() {
            return;
        }
        let shared = Rc::clone(&self.shared);
        let drained = async { while self.read().await.is_ok_and(|size| size > 0) {} };
        tokio::select! {
            _ = timeout(shared.config.close_timeout, drained) => {}
            () = shared.stopped() => {}
        }
    }

    fn record_acts(&mut self, acts: &[FaultEvent]) {
        for act in acts {
            self.record(&ConnectionEvent::Fault(act));
        }
    }

    pub(super) fn record(&mut self, happening: &ConnectionEvent<'_>) {
        if let Some(chapter) = &mut self.chapter {
            self.shared.desk.record(&mut **chapter, happening);
        }
    }

    /// Whether anybody wants to know what happens.
    pub(super) const fn is_watched(&self) -> bool {
        self.chapter.is_some()
    }

    /// Shows the journal what came, before the endpoint unmasks it.
    pub(super) fn show_bytes(&mut self, bytes: &[u8]) {
        if let Some(chapter) = &mut self.chapter {
            chapter.hear(bytes);
        }
    }

    /// Records a note about this connection.
    pub(super) fn note(&mut self, note: &Notice<'_>) {
        self.note_of(NoticeScope::Connection(self.number), note);
    }

    /// Records a note about any connection, or about the program.
    pub(super) fn note_of(&mut self, about: NoticeScope, note: &Notice<'_>) {
        self.shared.desk.note(about, note);
    }

    /// Lets what was recorded be printed, which may take its time.
    pub(super) async fn print(&self) {
        self.shared.desk.print().await;
    }
}

pub(super) fn ending_of(error: &io::Error) -> EndReason {
    match error.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => EndReason::Reset,
        // TLS that ends without a `close_notify`, which a peer that hangs up does.
        io::ErrorKind::UnexpectedEof => EndReason::Fin,
        _ => EndReason::IoError(error.to_string()),
    }
}
