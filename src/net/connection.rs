//! One connection, from its first octet to its last.

use std::io;
use std::mem;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::SystemTime;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use super::journal::Happening;
use super::server::Shared;
use crate::ws::endpoint::{Ending, Endpoint, Event};
use crate::ws::handshake::{RequestFault, RequestHead, Response, judge};
use crate::ws::{CloseCode, FrameHeader, Opcode, Role, Unread};

/// Serves a connection to its end.
pub(super) async fn serve(shared: Rc<Shared>, stream: TcpStream, peer: SocketAddr, number: u64) {
    let mut connection = Connection {
        shared,
        stream,
        peer,
        number,
        begun: Instant::now(),
        log: Vec::new(),
    };
    let deadline = connection.begun + connection.shared.config.head_patience;
    let mut stopping = connection.shared.stopping.clone();
    let mut octets = Vec::new();
    let asked = tokio::select! {
        asked = timeout_at(deadline, connection.read_head(&mut octets)) => asked,
        _ = stopping.wait_for(|stopping| *stopping) => return,
    };
    match asked.unwrap_or(Asked::Wrong(RequestFault::HeadTooSlow)) {
        Asked::Right(head, size) => connection.answer(&head, octets.split_off(size)).await,
        Asked::Wrong(fault) => connection.refuse(None, vec![fault]).await,
        Asked::Nothing(ending) => connection.end_before_it_began(&ending).await,
    }
}

/// What a client's first octets come to.
enum Asked {
    /// A request, of so many octets.
    Right(RequestHead, usize),
    /// No request.
    Wrong(RequestFault),
    /// The client went away before.
    Nothing(Ending),
}

struct Connection {
    shared: Rc<Shared>,
    stream: TcpStream,
    peer: SocketAddr,
    number: u64,
    begun: Instant,
    /// What was recorded and not yet handed to the printer.
    log: Vec<u8>,
}

impl Connection {
    /// Reads until the head of a request is whole. A head can only become whole, or
    /// wrong, with the end of a line, or with its first octets.
    async fn read_head(&mut self, octets: &mut Vec<u8>) -> Asked {
        let limit = self.shared.config.max_head;
        loop {
            let mut piece = Vec::new();
            match self.read(|octets| piece.extend_from_slice(octets)).await {
                Ok(0) => return Asked::Nothing(Ending::Fin),
                Ok(_) => {}
                Err(error) => return Asked::Nothing(ending_of(&error)),
            }
            let is_worth_a_look = octets.is_empty() || piece.contains(&b'\n');
            octets.append(&mut piece);
            if is_worth_a_look {
                match RequestHead::parse(octets) {
                    Ok(Some((head, size))) if size <= limit => return Asked::Right(head, size),
                    Ok(_) => {}
                    Err(fault) => return Asked::Wrong(RequestFault::Malformed(fault)),
                }
            }
            if octets.len() > limit {
                return Asked::Wrong(RequestFault::HeadTooLarge(limit));
            }
        }
    }

    /// Answers a request; `early` is what the client sent behind it.
    async fn answer(mut self, head: &RequestHead, early: Vec<u8>) {
        let upgrade = match judge(head) {
            Ok(upgrade) => upgrade,
            Err(faults) => return self.refuse(Some(head), faults).await,
        };
        let response = Response::switching_protocols(&upgrade.accept);
        let peer = self.peer;
        self.record(&Happening::Answered {
            peer,
            request: Some(head),
            response: &response,
        });
        self.print().await;
        if let Err(error) = self.stream.write_all(&response.encode()).await {
            return self.end_before_it_began(&ending_of(&error)).await;
        }
        self.shared.open.update(|open| open + 1);
        self.converse(early).await;
    }

    async fn refuse(mut self, head: Option<&RequestHead>, faults: Vec<RequestFault>) {
        let Some(first) = faults.first() else { return };
        let mut response = Response::refusal(first);
        if head.is_some_and(|head| head.method == "HEAD") {
            response.body.clear();
        }
        let peer = self.peer;
        self.record(&Happening::Answered {
            peer,
            request: head,
            response: &response,
        });
        for fault in &faults {
            self.record(&Happening::RequestFault(fault));
        }
        self.print().await;
        if self.stream.write_all(&response.encode()).await.is_ok() {
            self.hang_up().await;
        }
    }

    /// A client that came and went without a request is worth a line too.
    async fn end_before_it_began(mut self, ending: &Ending) {
        let duration = self.begun.elapsed();
        self.record(&Happening::Ended {
            ending,
            close: &[],
            duration,
            frames_in: 0,
            frames_out: 0,
        });
        self.print().await;
    }

    /// The open connection: what comes in is answered, printed, and only then sent.
    async fn converse(mut self, mut early: Vec<u8>) {
        let mut talk = Talk::new(self.shared.config.max_message);
        talk.hear(&mut early, &mut self);
        drop(early);
        let ending = loop {
            self.print().await;
            if let Err(error) = self.write(talk.endpoint.sender.output()).await {
                break ending_of(&error);
            }
            if talk.endpoint.is_finished() {
                break talk.ending();
            }
            match self.wait(&mut talk).await {
                Ok(()) => {}
                Err(ending) => break ending,
            }
        };
        self.shared.open.update(|open| open - 1);
        if let Some(cut) = talk.endpoint.receiver.unfinished()
            && !talk.endpoint.is_finished()
        {
            let frame = talk.endpoint.receiver.frames();
            self.record(&Happening::Cut(&cut, frame));
        }
        let duration = self.begun.elapsed();
        self.record(&Happening::Ended {
            ending: &ending,
            close: &talk.close,
            duration,
            frames_in: talk.endpoint.receiver.frames(),
            frames_out: talk.frames_out,
        });
        self.print().await;
        self.hang_up().await;
    }

    /// Waits for octets, or for the server to stop, or for the patience to end with a
    /// client that owes an answer to a close frame.
    async fn wait(&mut self, talk: &mut Talk) -> Result<(), Ending> {
        let shared = Rc::clone(&self.shared);
        let mut stopping = shared.stopping.clone();
        let answer_due = talk.answer_due;
        tokio::select! {
            readable = self.stream.readable() => readable.map_err(|error| ending_of(&error))?,
            _ = stopping.wait_for(|stopping| *stopping), if answer_due.is_none() => {
                talk.say_goodbye(self);
                return Ok(());
            }
            () = sleep_until(answer_due.unwrap_or(self.begun)), if answer_due.is_some() => {
                return Err(Ending::Unanswered);
            }
        }
        let mut buffer = shared.buffer.borrow_mut();
        match self.stream.try_read(&mut buffer) {
            Ok(0) => Err(Ending::Fin),
            Ok(size) => {
                talk.hear(buffer.get_mut(..size).unwrap_or_default(), self);
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(ending_of(&error)),
        }
    }

    /// Reads once, into the buffer that all share; how much.
    async fn read(&mut self, taken: impl FnOnce(&[u8])) -> io::Result<usize> {
        loop {
            self.stream.readable().await?;
            let mut buffer = self.shared.buffer.borrow_mut();
            match self.stream.try_read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
                Ok(size) => {
                    taken(buffer.get(..size).unwrap_or_default());
                    return Ok(size);
                }
            }
        }
    }

    /// Writes all of it, and keeps no large buffer.
    async fn write(&mut self, output: &mut Vec<u8>) -> io::Result<()> {
        const KEPT: usize = 64 << 10;
        self.stream.write_all(output).await?;
        output.clear();
        output.shrink_to(KEPT);
        Ok(())
    }

    /// Ends the connection gently: if octets that nobody reads were left behind, the
    /// system would reset it, and the client might never see our last words.
    async fn hang_up(mut self) {
        if self.stream.shutdown().await.is_err() {
            return;
        }
        let patience = self.shared.config.close_patience;
        let mut stopping = self.shared.stopping.clone();
        let drained = async { while self.read(|_| ()).await.is_ok_and(|size| size > 0) {} };
        tokio::select! {
            _ = timeout(patience, drained) => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
    }

    fn record(&mut self, happening: &Happening<'_>) {
        if let Some(journal) = &self.shared.journal {
            journal.record(SystemTime::now(), self.number, happening, &mut self.log);
        }
    }

    /// Hands what was recorded to the printer, which may take its time.
    async fn print(&mut self) {
        if !self.log.is_empty() {
            self.shared.printer.print(mem::take(&mut self.log)).await;
        }
    }
}

/// The conversation on an open connection.
struct Talk {
    endpoint: Endpoint,
    /// Whose close frame was first.
    first_close: Option<Role>,
    /// The payload of the close frame that counts: the first one.
    close: Vec<u8>,
    frames_out: u64,
    /// Until when the client has to answer the server's close frame.
    answer_due: Option<Instant>,
}

impl Talk {
    fn new(max_message: usize) -> Self {
        let endpoint = Endpoint::server(max_message);
        Self {
            endpoint,
            first_close: None,
            close: Vec::new(),
            frames_out: 0,
            answer_due: None,
        }
    }

    /// Takes octets in, and answers them: with what the RFC demands, and with the message
    /// itself.
    fn hear(&mut self, octets: &mut [u8], connection: &mut Connection) {
        let mut unread = Unread::new(octets);
        let Endpoint { receiver, sender } = &mut self.endpoint;
        while let Some(event) = receiver.next(&mut unread) {
            let said = sender.output().len();
            record_event(&event, connection);
            if let Event::Frame(frame) = &event
                && frame.accepted
                && frame.header.opcode == Opcode::CLOSE
                && self.first_close.is_none()
            {
                self.first_close = Some(Role::Client);
                self.close = frame.payload.to_vec();
            }
            sender.react(&event);
            if let Event::Frame(frame) = event
                && let Some(message) = frame.message
            {
                sender.message(message.opcode, message.payload);
            }
            let new = sender.output().get(said..).unwrap_or_default();
            for (header, payload) in frames_in(new) {
                self.frames_out += 1;
                if header.opcode == Opcode::CLOSE && self.first_close.is_none() {
                    self.first_close = Some(Role::Server);
                    self.close = payload.to_vec();
                }
                connection.record(&Happening::Sent {
                    header: &header,
                    payload,
                });
            }
        }
    }

    /// Begins the closing handshake, since the server stops.
    fn say_goodbye(&mut self, connection: &mut Connection) {
        self.answer_due = Some(Instant::now() + connection.shared.config.close_patience);
        let sender = &mut self.endpoint.sender;
        let said = sender.output().len();
        sender.close(Some(CloseCode::GOING_AWAY), "");
        self.first_close = self.first_close.or(Some(Role::Server));
        for (header, payload) in frames_in(sender.output().get(said..).unwrap_or_default()) {
            self.frames_out += 1;
            self.close = payload.to_vec();
            connection.record(&Happening::Sent {
                header: &header,
                payload,
            });
        }
    }

    fn ending(&self) -> Ending {
        match self.first_close {
            Some(role) if self.endpoint.receiver.close_received() => Ending::Handshake(role),
            _ => Ending::Failed,
        }
    }
}

fn record_event(event: &Event<'_>, connection: &mut Connection) {
    match event {
        Event::Frame(frame) => {
            let (header, payload, is_text) = (&frame.header, frame.payload, frame.is_text);
            connection.record(&Happening::Received {
                header,
                payload,
                is_text,
            });
            if let Some(message) = &frame.message {
                connection.record(&Happening::Message(message));
            }
        }
        Event::Failure(failure) => connection.record(&Happening::Failure(failure)),
    }
}

/// The frames that were just put out: what is recorded is what goes over the wire.
fn frames_in(mut octets: &[u8]) -> impl Iterator<Item = (FrameHeader, &[u8])> {
    std::iter::from_fn(move || {
        let (header, size) = FrameHeader::parse(octets).ok()?;
        let length = usize::try_from(header.payload_length.value()).ok()?;
        let (payload, rest) = octets.get(size..)?.split_at_checked(length)?;
        octets = rest;
        Some((header, payload))
    })
}

fn ending_of(error: &io::Error) -> Ending {
    match error.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Ending::Reset,
        _ => Ending::Broken(error.to_string()),
    }
}
