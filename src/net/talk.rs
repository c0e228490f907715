//! The conversation on an open connection: what comes in is answered, printed, and only
//! then sent.

use std::mem;
use std::rc::Rc;

use tokio::time::{Instant, sleep_until};

use super::connection::{Connection, ending_of};
use super::journal::Happening;
use crate::ws::endpoint::{Ending, Endpoint, Event, ReceivedFrame};
use crate::ws::extension::DeflateParameters;
use crate::ws::{CloseCode, Cut, FrameHeader, Opcode, Role, Unread};

pub(super) struct Talk {
    connection: Connection,
    endpoint: Endpoint,
    /// Whose close frame was first.
    first_close: Option<Role>,
    /// The payload of the close frame that counts: the first one.
    close: Vec<u8>,
    /// Frames that were written to the socket.
    frames_out: u64,
    /// Frames that are in the sender's output.
    frames_waiting: u64,
    /// How the client left, when it no longer takes what is written. What it had sent
    /// before is still there to be read.
    departure: Option<Ending>,
    /// Until when the client has to say its last words.
    deadline: Option<Instant>,
}

impl Talk {
    pub(super) fn new(connection: Connection, deflate: Option<DeflateParameters>) -> Self {
        let endpoint = Endpoint::server(connection.shared.config.max_message, deflate);
        Self {
            connection,
            endpoint,
            first_close: None,
            close: Vec::new(),
            frames_out: 0,
            frames_waiting: 0,
            departure: None,
            deadline: None,
        }
    }

    /// Talks to the end; `early` is what the client sent with its request.
    pub(super) async fn run(mut self, mut early: Vec<u8>) {
        let shared = Rc::clone(&self.connection.shared);
        shared.open.update(|open| open + 1);
        self.hear(&mut early);
        drop(early);
        let ending = loop {
            self.connection.print().await;
            self.speak().await;
            if self.endpoint.is_finished() {
                break self.own_ending();
            }
            if let Err(ending) = self.listen().await {
                break ending;
            }
        };
        shared.open.update(|open| open - 1);
        self.record_what_is_cut();
        let Self {
            connection,
            endpoint,
            close,
            frames_out,
            ..
        } = self;
        connection
            .end(&ending, &close, endpoint.receiver.frames(), frames_out)
            .await;
    }

    /// Writes what is to be said. If the client does not take it, what it sent before it
    /// left is still worth reading.
    async fn speak(&mut self) {
        const KEPT: usize = 64 << 10;
        let mut output = mem::take(self.endpoint.sender.output());
        let waiting = mem::take(&mut self.frames_waiting);
        match self.connection.write(&output).await {
            Ok(()) => self.frames_out += waiting,
            Err(departure) => {
                self.departure = Some(departure);
                self.expect_last_words();
            }
        }
        // The buffer is used again, but no large one is kept.
        output.clear();
        output.shrink_to(KEPT);
        *self.endpoint.sender.output() = output;
    }

    fn expect_last_words(&mut self) {
        let patience = self.connection.shared.config.close_patience;
        self.deadline
            .get_or_insert_with(|| Instant::now() + patience);
    }

    /// Waits for octets, or for the server to stop, or for the end of its patience.
    async fn listen(&mut self) -> Result<(), Ending> {
        let shared = Rc::clone(&self.connection.shared);
        let deadline = self.deadline;
        tokio::select! {
            readable = self.connection.readable() => {
                readable.map_err(|error| self.end_of_stream(ending_of(&error)))?;
            }
            () = shared.stopped(), if deadline.is_none() => {
                self.say_goodbye();
                return Ok(());
            }
            () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                return Err(self.departure.take().unwrap_or(Ending::Unanswered));
            }
        }
        let mut buffer = shared.buffer.borrow_mut();
        match self.connection.try_read(&mut buffer) {
            Ok(Some(0)) => Err(self.end_of_stream(Ending::Fin)),
            Ok(Some(size)) => {
                self.hear(buffer.get_mut(..size).unwrap_or_default());
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(error) => Err(self.end_of_stream(ending_of(&error))),
        }
    }

    /// Takes octets in, and answers them: with what the RFC demands, and with the message
    /// itself.
    fn hear(&mut self, octets: &mut [u8]) {
        let Self {
            connection,
            endpoint: Endpoint { receiver, sender },
            ..
        } = self;
        let mut unread = Unread::new(octets);
        while let Some(event) = receiver.next(&mut unread) {
            record(&event, connection);
            if let Some(frame) = accepted(&event)
                && frame.header.opcode == Opcode::CLOSE
                && self.first_close.is_none()
            {
                self.first_close = Some(Role::Client);
                self.close = frame.payload.to_vec();
            }
            if self.departure.is_some() {
                continue;
            }
            let said = sender.output().len();
            sender.react(&event);
            let message = accepted(&event).and_then(|frame| frame.message);
            if let Some(message) = message {
                sender.message(message.opcode, message.payload);
            }
            for (header, payload) in frames_in(sender.output().get(said..).unwrap_or_default()) {
                self.frames_waiting += 1;
                if header.opcode == Opcode::CLOSE && self.first_close.is_none() {
                    self.first_close = Some(Role::Server);
                    self.close = payload.to_vec();
                }
                let message = message.filter(|_| header.rsv.rsv1());
                connection.record(&Happening::Sent {
                    header: &header,
                    payload,
                    inflated: message.map(|message| message.payload),
                });
            }
        }
    }

    /// Begins the closing handshake, since the server stops.
    fn say_goodbye(&mut self) {
        let sender = &mut self.endpoint.sender;
        let said = sender.output().len();
        sender.close(Some(CloseCode::GOING_AWAY), "");
        self.first_close = Some(Role::Server);
        for (header, payload) in frames_in(sender.output().get(said..).unwrap_or_default()) {
            self.frames_waiting += 1;
            self.close = payload.to_vec();
            self.connection.record(&Happening::Sent {
                header: &header,
                payload,
                inflated: None,
            });
        }
        self.expect_last_words();
    }

    /// How this end has ended it.
    const fn own_ending(&self) -> Ending {
        match self.first_close {
            Some(role) if self.endpoint.receiver.close_received() => Ending::Handshake(role),
            _ => Ending::Failed,
        }
    }

    /// How it ends when nothing more can be read.
    fn end_of_stream(&mut self, ending: Ending) -> Ending {
        if self.endpoint.receiver.close_received() {
            return self.first_close.map_or(ending, Ending::Handshake);
        }
        self.departure.take().unwrap_or(ending)
    }

    /// A frame or a message whose end will not come.
    fn record_what_is_cut(&mut self) {
        let receiver = &self.endpoint.receiver;
        if receiver.has_failed() {
            return;
        }
        let frames = receiver.frames();
        if let Some(cut) = receiver.unfinished() {
            let number = if matches!(cut, Cut::Header { .. }) {
                frames + 1
            } else {
                frames
            };
            self.connection.record(&Happening::Cut(&cut, number));
        } else if receiver.message_is_open() {
            let offset = receiver.offset();
            self.connection
                .record(&Happening::MessageCut(frames, offset));
        }
    }
}

fn record(event: &Event<'_>, connection: &mut Connection) {
    match event {
        Event::Frame(frame) => {
            let (header, payload, is_text) = (&frame.header, frame.payload, frame.is_text);
            connection.record(&Happening::Received {
                header,
                payload,
                inflated: frame.inflated,
                is_text,
            });
            if let Some(message) = &frame.message {
                connection.record(&Happening::Message(message));
            }
        }
        Event::Failure(failure) => connection.record(&Happening::Failure(failure)),
    }
}

/// A frame that no failure follows.
const fn accepted<'e, 'a>(event: &'e Event<'a>) -> Option<&'e ReceivedFrame<'a>> {
    match event {
        Event::Frame(frame) if frame.accepted => Some(frame),
        Event::Frame(_) | Event::Failure(_) => None,
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
