//! One connection, from its first octet to its last.

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

use super::journal::{Chapter, Happening};
use super::note::{About, Note};
use super::server::{READ_SIZE, Seat, Shared};
use super::stream::{Stream, TlsFailure};
use super::talk::Talk;
use crate::ws::endpoint::Ending;
use crate::ws::fault::{Act, Pace, Saboteur};

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
) -> Option<Box<Talk>> {
    let begun = Instant::now();
    let deadline = begun + shared.config.head_patience;
    let saboteur = shared.saboteur(number);
    let secured = async {
        match &shared.config.tls {
            Some(tls) => Stream::accept(stream, tls, deadline).await,
            None => Ok(Stream::Plain(stream)),
        }
    };
    let secured = tokio::select! {
        secured = secured => secured,
        () = shared.stopped() => return None,
    };
    let (stream, failure) = match secured {
        Ok(stream) => (stream, None),
        Err(TlsFailure { stream, reason }) => (stream, Some(Ending::Broken(reason))),
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
        saboteur,
        pace: Pace::default(),
        has_more: false,
        seat: None,
    };
    match failure {
        Some(ending) => {
            connection.end(&ending, &[], 0, 0).await;
            None
        }
        None => connection.begin(deadline).await,
    }
}

/// A socket, and what belongs to it.
pub(super) struct Connection {
    pub(super) shared: Rc<Shared>,
    stream: Stream,
    peer: SocketAddr,
    number: u64,
    begun: Instant,
    /// Its place among those that may be open at once, once it has one.
    seat: Option<Seat>,
    /// Its record; None if nobody wants to know.
    chapter: Option<Box<dyn Chapter>>,
    /// The head of its request as it came, until that is recorded.
    head: Vec<u8>,
    /// Who spoils what is sent, if that is wanted.
    pub(super) saboteur: Option<Box<Saboteur>>,
    /// How the next octets are written.
    pace: Pace,
    /// There may be more to be read than was.
    has_more: bool,
}

impl Connection {
    /// Records how it ended, and ends it.
    pub(super) async fn end(
        mut self,
        ending: &Ending,
        close: &[u8],
        frames_in: u64,
        frames_out: u64,
    ) {
        // Whoever reads that it ended may take its place.
        self.seat = None;
        let duration = self.begun.elapsed();
        self.record(&Happening::Ended {
            ending,
            close,
            duration,
            frames_in,
            frames_out,
        });
        self.print().await;
        if *ending == (Ending::Dropped { reset: true }) {
            // Closing it then sends RST instead of FIN.
            let _ = self.stream.set_zero_linger();
            return;
        }
        self.hang_up().await;
    }

    /// Waits for octets; how many there are now at the front of the buffer that all
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

    /// Ends the connection gently: if octets that nobody reads were left behind, the
    /// system would reset it, and the client might never see our last words.
    async fn hang_up(mut self) {
        if self.stream.shutdown().await.is_err() {
            return;
        }
        let shared = Rc::clone(&self.shared);
        let drained = async { while self.read().await.is_ok_and(|size| size > 0) {} };
        tokio::select! {
            _ = timeout(shared.config.close_patience, drained) => {}
            () = shared.stopped() => {}
        }
    }

    fn record_acts(&mut self, acts: &[Act]) {
        for act in acts {
            self.record(&Happening::Fault(act));
        }
    }

    pub(super) fn record(&mut self, happening: &Happening<'_>) {
        if let Some(chapter) = &mut self.chapter {
            self.shared.desk.record(&mut **chapter, happening);
        }
    }

    /// Whether anybody wants to know what happens.
    pub(super) const fn is_watched(&self) -> bool {
        self.chapter.is_some()
    }

    /// Shows the journal what came, before the endpoint unmasks it.
    pub(super) fn show_octets(&mut self, octets: &[u8]) {
        if let Some(chapter) = &mut self.chapter {
            chapter.hear(octets);
        }
    }

    /// Records a note about this connection.
    pub(super) fn note(&mut self, note: &Note<'_>) {
        self.note_of(About::Connection(self.number), note);
    }

    /// Records a note about any connection, or about the program.
    pub(super) fn note_of(&mut self, about: About, note: &Note<'_>) {
        self.shared.desk.note(about, note);
    }

    /// Lets what was recorded be printed, which may take its time.
    pub(super) async fn print(&self) {
        self.shared.desk.print().await;
    }
}

pub(super) fn ending_of(error: &io::Error) -> Ending {
    match error.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Ending::Reset,
        // TLS that ends without a `close_notify`, which a peer that hangs up does.
        io::ErrorKind::UnexpectedEof => Ending::Fin,
        _ => Ending::Broken(error.to_string()),
    }
}
