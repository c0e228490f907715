//! One connection, from its first octet to its last.

use std::future::pending;
use std::io;
use std::mem;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::exchange::Exchange;
use super::journal::Happening;
use super::note::Note;
use super::policy::{Refusal, check_origin};
use super::server::{Config, Seat, Shared};
use super::stream::{Stream, TlsFailure};
use super::talk::Talk;
use crate::ws::Role;
use crate::ws::endpoint::Ending;
use crate::ws::extension::DeflateParameters;
use crate::ws::fault::{Act, Pace, Saboteur};
use crate::ws::handshake::{Asked, Foreign, RequestFault, RequestHead, Response, judge};

/// Serves a connection to its end.
pub(super) async fn serve(shared: Rc<Shared>, stream: TcpStream, peer: SocketAddr, number: u64) {
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
        () = shared.stopped() => return,
    };
    let (stream, failure) = match secured {
        Ok(stream) => (stream, None),
        Err(TlsFailure { stream, reason }) => (stream, Some(Ending::Broken(reason))),
    };
    let connection = Connection {
        shared,
        stream,
        peer,
        number,
        begun,
        log: Vec::new(),
        tape: Vec::new(),
        saboteur,
        pace: Pace::default(),
        seat: None,
    };
    match failure {
        Some(ending) => connection.end(&ending, &[], 0, 0).await,
        None => connection.begin(deadline).await,
    }
}

/// What a client's first octets come to.
enum Head {
    /// A request, of so many octets.
    Right(RequestHead, usize),
    /// No request.
    Wrong(RequestFault),
    /// Not an octet.
    Nothing(Ending),
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
    /// What was recorded and not yet handed to the printer.
    log: Vec<u8>,
    /// The same for the record.
    tape: Vec<u8>,
    /// Who spoils what is sent, if that is wanted.
    pub(super) saboteur: Option<Box<Saboteur>>,
    /// How the next octets are written.
    pace: Pace,
}

impl Connection {
    /// Hears what the client asks for, and answers it.
    async fn begin(mut self, deadline: Instant) {
        let shared = Rc::clone(&self.shared);
        let mut octets = Vec::new();
        let head = tokio::select! {
            head = timeout_at(deadline, self.read_head(&mut octets)) => head,
            () = shared.stopped() => return,
        };
        let lacks_tls = shared.config.tls.is_some() && self.stream.is_plain();
        match head.unwrap_or(Head::Wrong(RequestFault::HeadTooSlow)) {
            Head::Nothing(ending) => self.end(&ending, &[], 0, 0).await,
            Head::Right(head, _) if lacks_tls => {
                let asked = Asked::Request(&head);
                self.refuse(asked, &[RequestFault::NotTls]).await;
            }
            Head::Wrong(_) if lacks_tls && !octets.is_empty() => {
                let asked = Asked::Octets(&octets);
                self.refuse(asked, &[RequestFault::NotTls]).await;
            }
            Head::Right(head, size) => self.answer(&head, octets.split_off(size)).await,
            Head::Wrong(_) if self.stream.is_plain() && is_client_hello(&octets) => {
                self.alert(&octets).await;
            }
            Head::Wrong(fault) => self.refuse(Asked::Octets(&octets), &[fault]).await,
        }
    }

    /// Reads until the head of a request is whole. A head can only become whole, or
    /// wrong, with the end of a line, or with its first octets.
    async fn read_head(&mut self, octets: &mut Vec<u8>) -> Head {
        let limit = self.shared.config.max_head;
        loop {
            let mut piece = Vec::new();
            match self.read(|octets| piece.extend_from_slice(octets)).await {
                Ok(0) if octets.is_empty() => return Head::Nothing(Ending::NoRequest),
                Ok(0) => return Head::Wrong(RequestFault::HeadCut),
                Ok(_) => {}
                Err(error) => return Head::Nothing(ending_of(&error)),
            }
            let is_worth_a_look = octets.len() < 3 || piece.contains(&b'\n');
            octets.append(&mut piece);
            // Three octets tell TLS from a line that is none.
            let may_be_tls = matches!(octets.as_slice(), [0x16] | [0x16, 3]);
            if is_worth_a_look && !may_be_tls {
                match RequestHead::parse(octets) {
                    Ok(Some((head, size))) if size <= limit => return Head::Right(head, size),
                    Ok(_) => {}
                    Err(fault) => return Head::Wrong(RequestFault::Malformed(fault)),
                }
            }
            if octets.len() > limit {
                return Head::Wrong(RequestFault::HeadTooLarge(limit));
            }
        }
    }

    /// Answers a request; `early` is what the client sent behind it.
    async fn answer(mut self, head: &RequestHead, early: Vec<u8>) {
        let upgrade = match judge(head) {
            Ok(upgrade) => upgrade,
            Err(faults) => {
                let shared = Rc::clone(&self.shared);
                return match &shared.config.page {
                    Some(page) if head.wants_page() => self.show(head, page).await,
                    _ => self.refuse(Asked::Request(head), &faults).await,
                };
            }
        };
        match self.admit(head) {
            Ok(seat) => self.seat = Some(seat),
            Err(refusal) => return self.turn_away(head, &refusal).await,
        }
        let agreement = self.shared.config.abilities.agree(head);
        let mut response = Response::switching_protocols(&upgrade.accept).agreeing(&agreement);
        let acts = self.saboteur.as_mut().map(|it| it.answer(&mut response));
        self.record_answer(Asked::Request(head), &response);
        self.record_acts(&acts.unwrap_or_default());
        if response.status != 101 {
            return self.refuse_with(&response).await;
        }
        if let Some(fault) = agreement.subprotocol_missing(head) {
            self.record(&Happening::AnswerFault(&fault));
        }
        let target = &head.target;
        for decline in self.shared.config.abilities.declines(head) {
            self.note(&Note::Uncompressed(&decline));
        }
        self.open(&response.encode(), agreement.deflate, target, early)
            .await;
    }

    /// Sends the 101, alone or with what is glued to it, and begins to talk.
    async fn open(
        mut self,
        response: &[u8],
        deflate: Option<DeflateParameters>,
        target: &str,
        early: Vec<u8>,
    ) {
        let glue = self.saboteur.as_mut().map(|it| it.glue());
        let glue = glue.unwrap_or_default();
        if !glue.is_empty() {
            let exchange = Exchange::join(&self.shared, self.number, target);
            let talk = Talk::new(self, deflate, exchange);
            return talk.run(response.to_vec(), glue, early).await;
        }
        self.set_pace();
        self.print().await;
        // Whoever was answered is reachable.
        let exchange = Exchange::join(&self.shared, self.number, target);
        match self.write(response).await {
            Ok(()) => {
                let talk = Talk::new(self, deflate, exchange);
                talk.run(Vec::new(), glue, early).await;
            }
            Err(ending) => self.end(&ending, &[], 0, 0).await,
        }
    }

    /// Whether the request, right as it is, is let in.
    fn admit(&self, head: &RequestHead) -> Result<Seat, Refusal> {
        check_origin(&self.shared.config.origins, head)?;
        Seat::take(&self.shared)
    }

    async fn turn_away(mut self, head: &RequestHead, refusal: &Refusal) {
        let response = Response::refused(refusal.status(), &refusal.to_string());
        self.record_answer(Asked::Request(head), &response);
        self.record(&Happening::Refused(refusal));
        self.refuse_with(&response).await;
    }

    /// Gives a browser its page.
    async fn show(self, head: &RequestHead, page: &Response) {
        self.reply(Asked::Request(head), page.clone(), &[]).await;
    }

    async fn refuse(self, asked: Asked<'_>, faults: &[RequestFault]) {
        let Some(first) = faults.first() else { return };
        self.reply(asked, Response::refusal(first), faults).await;
    }

    /// Answers a `ClientHello` in its own language: nothing else would be understood.
    async fn alert(mut self, octets: &[u8]) {
        /// A fatal alert, `protocol_version` (RFC 8446 §6), in a record of TLS 1.0, which
        /// clients of all versions read.
        const PROTOCOL_VERSION: [u8; 7] = [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46];
        let peer = self.peer;
        self.record(&Happening::Alerted { peer, octets });
        self.record(&Happening::RequestFault(&RequestFault::Tls));
        self.print().await;
        if self.write(&PROTOCOL_VERSION).await.is_ok() {
            self.hang_up().await;
        }
    }

    /// Answers with something else than a 101, which ends it.
    async fn reply(mut self, asked: Asked<'_>, mut response: Response, faults: &[RequestFault]) {
        if matches!(asked, Asked::Request(head) if head.method == "HEAD") {
            response.body.clear();
        }
        self.record_answer(asked, &response);
        for fault in faults {
            self.record(&Happening::RequestFault(fault));
        }
        self.refuse_with(&response).await;
    }

    async fn refuse_with(mut self, response: &Response) {
        self.set_pace();
        self.print().await;
        if self.write(&response.encode()).await.is_ok() {
            self.hang_up().await;
        }
    }

    fn record_answer(&mut self, asked: Asked<'_>, response: &Response) {
        self.record(&Happening::Answered {
            peer: self.peer,
            asked,
            response,
        });
    }

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

    /// Waits for octets, and lets the others have their turn: a client that never stops
    /// sending must not keep them from it.
    pub(super) async fn readable(&mut self) -> io::Result<()> {
        self.stream.readable().await?;
        yield_now().await;
        Ok(())
    }

    /// Reads what is there; None if nothing is, after all.
    pub(super) fn try_read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        match self.stream.try_read(buffer) {
            Ok(size) => Ok(Some(size)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads once, into the buffer that all connections share; how much.
    async fn read(&mut self, taken: impl FnOnce(&[u8])) -> io::Result<usize> {
        let shared = Rc::clone(&self.shared);
        loop {
            self.readable().await?;
            let mut buffer = shared.buffer.borrow_mut();
            if let Some(size) = self.try_read(&mut buffer)? {
                taken(buffer.get(..size).unwrap_or_default());
                return Ok(size);
            }
        }
    }

    /// Writes all of it; when the server stops, only to those who read it at once.
    pub(super) async fn write(&mut self, octets: &[u8]) -> Result<(), Ending> {
        /// Pieces that are written apart; it would take for ever with all of a long message.
        const APART: usize = 1_000;
        let Pace { delay, split } = mem::take(&mut self.pace);
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
    pub(super) fn set_pace(&mut self) {
        if let Some(saboteur) = &mut self.saboteur {
            let (pace, acts) = saboteur.pace();
            self.pace = pace;
            self.record_acts(&acts);
        }
    }

    fn record_acts(&mut self, acts: &[Act]) {
        for act in acts {
            self.record(&Happening::Fault(act));
        }
    }

    /// Ends the connection gently: if octets that nobody reads were left behind, the
    /// system would reset it, and the client might never see our last words.
    async fn hang_up(mut self) {
        if self.stream.shutdown().await.is_err() {
            return;
        }
        let shared = Rc::clone(&self.shared);
        let drained = async { while self.read(|_| ()).await.is_ok_and(|size| size > 0) {} };
        tokio::select! {
            _ = timeout(shared.config.close_patience, drained) => {}
            () = shared.stopped() => {}
        }
    }

    pub(super) fn record(&mut self, happening: &Happening<'_>) {
        let Self {
            shared,
            number,
            log,
            tape,
            ..
        } = self;
        if let Some(journal) = &shared.journal {
            journal.record(SystemTime::now(), *number, happening, log);
        }
        if let Some(journal) = &shared.record {
            journal.record(SystemTime::now(), *number, happening, tape);
        }
    }

    /// Records a remark about this connection.
    pub(super) fn note(&mut self, note: &Note<'_>) {
        self.note_of(Some(self.number), note);
    }

    /// Records a remark about any connection, or about the program.
    pub(super) fn note_of(&mut self, connection: Option<u64>, note: &Note<'_>) {
        if let Some(journal) = &self.shared.journal {
            journal.note(SystemTime::now(), connection, note, &mut self.log);
        }
    }

    /// Hands what was recorded to the printers, which may take their time.
    pub(super) async fn print(&mut self) {
        if !self.log.is_empty() {
            self.shared.print(mem::take(&mut self.log)).await;
        }
        if !self.tape.is_empty() {
            self.shared.tape(mem::take(&mut self.tape)).await;
        }
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

/// Whether these octets are the beginning of TLS.
fn is_client_hello(octets: &[u8]) -> bool {
    Foreign::of(octets) == Some(Foreign::TlsHandshake(Role::Client))
}
