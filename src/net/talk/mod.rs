//! The conversation on an open connection: what comes in is answered, printed, and only
//! then sent.

mod ending;

use std::future::pending;
use std::mem;
use std::pin::pin;
use std::rc::Rc;

use tokio::time::{Instant, sleep_until};

use super::connection::{Connection, ending_of};
use super::exchange::Replies;
use super::note::Notice;
use super::outbox::SentFrames;
use crate::ws::endpoint::{Endpoint, Event, FrameSender, ReceivedFrame};
use crate::ws::extension::DeflateParameters;
use crate::ws::fault::SendStep;
use crate::ws::session::{ConnectionEvent, EndReason, FrameInfo, KeepAlive, KeepAliveAction, Side};
use crate::ws::{CloseCode, InputBuf, Opcode};

pub(super) struct Session {
    connection: Connection,
    endpoint: Endpoint,
    exchange: Replies,
    outbox: SentFrames,
    heartbeat: KeepAlive,
    /// Frames that were written to the socket.
    frames_out: u64,
    /// How the client left, when it no longer takes what is written. What it had sent
    /// before is still there to be read.
    departure: Option<EndReason>,
    /// The payload of the close frame that is to be sent when all else is said.
    parting: Option<Vec<u8>>,
    /// Until when the client has to say its last words.
    deadline: Option<Instant>,
}

impl Session {
    pub(super) fn new(
        connection: Connection,
        deflate: Option<DeflateParameters>,
        exchange: Replies,
    ) -> Box<Self> {
        let config = &connection.shared.config;
        let endpoint = Endpoint::server(config.max_message, deflate);
        let heartbeat = KeepAlive::new(
            config.ping_interval,
            config.idle_timeout,
            Instant::now().into_std(),
        );
        Box::new(Self {
            connection,
            endpoint,
            exchange,
            outbox: SentFrames::default(),
            heartbeat,
            frames_out: 0,
            departure: None,
            parting: None,
            deadline: None,
        })
    }

    /// Begins. `head` is what is yet to be sent of the handshake, in one write with what is
    /// glued to it; `bytes_after_head` is what the client sent with its request.
    pub(super) fn begin(
        &mut self,
        head: Vec<u8>,
        frames_with_101: Vec<SendStep>,
        bytes_after_head: &mut [u8],
    ) {
        *self.endpoint.sender.output() = head;
        self.play(frames_with_101);
        let opened = self.connection.injector.as_mut().map(|it| it.opened());
        self.play(opened.unwrap_or_default());
        self.hear(bytes_after_head);
    }

    /// Talks to the end.
    pub(super) async fn run(mut self: Box<Self>) {
        let shared = Rc::clone(&self.connection.shared);
        shared.open.update(|open| open + 1);
        let mut stopped = pin!(shared.stopped());
        let ending = loop {
            self.connection.print().await;
            self.trade();
            if !self.exchange.has_mail() {
                self.part();
            }
            if !self.endpoint.sender.output().is_empty() {
                self.connection.set_pace();
            }
            self.connection.print().await;
            self.speak().await;
            if let Some(ending) = self.purposeful_ending() {
                break ending;
            }
            if self.endpoint.is_finished() && !self.outbox.is_close_withheld {
                break self.own_ending();
            }
            if self.parting.is_some() {
                // The rest of its mail goes out first.
                continue;
            }
            if let Err(ending) = self.listen(stopped.as_mut()).await {
                break ending;
            }
        };
        shared.open.update(|open| open - 1);
        self.record_what_is_missing(&ending);
        let Self {
            connection,
            endpoint,
            exchange,
            outbox,
            frames_out,
            ..
        } = *self;
        // From here on it is reachable for nobody.
        drop(exchange);
        let frames_in = endpoint.receiver.frames();
        let end = connection.end(ending, outbox.close, frames_in, frames_out);
        Box::pin(end).await;
    }

    /// Gives what came from here to the others, and takes what came from them. What was
    /// heard is printed by now: nobody is seen to be sent it before.
    fn trade(&mut self) {
        self.exchange.run_errands(&mut self.connection);
        if self.parting.is_some() {
            self.exchange.leave();
        }
        let mail = self.exchange.mail();
        if mail.dropped > 0 && self.departure.is_none() {
            self.connection.note(&Notice::ReadAgain(mail.dropped));
        }
        for letter in mail.letters {
            if self.departure.is_some() || self.outbox.is_shut() {
                break;
            }
            let sender = &mut self.endpoint.sender;
            if !self.outbox.post(letter, sender, &mut self.connection) {
                break;
            }
        }
    }

    /// Answers a close frame, or fails the connection. What the client is to be sent of its
    /// own last messages has gone before.
    fn part(&mut self) {
        if let Some(payload) = self.parting.take() {
            self.say(|sender| sender.part(&payload));
        }
    }

    fn play(&mut self, steps: Vec<SendStep>) {
        self.outbox
            .play(steps, None, &mut self.endpoint.sender, &mut self.connection);
    }

    /// Writes what is to be said. If the client does not take it, what it sent before it
    /// left is still worth reading.
    async fn speak(&mut self) {
        let output = mem::take(self.endpoint.sender.output());
        let waiting = mem::take(&mut self.outbox.frames_waiting);
        let mut written = self.connection.write(&output).await;
        if let (Ok(()), Some(payload)) = (&written, self.outbox.enclosure()) {
            written = self.connection.write(&payload).await;
        }
        match written {
            Ok(()) => self.frames_out += waiting,
            Err(departure) => {
                self.departure = Some(departure);
                self.expect_last_words();
            }
        }
        self.connection.shared.lend_again(output);
    }

    fn expect_last_words(&mut self) {
        let patience = self.connection.shared.config.close_timeout;
        self.deadline
            .get_or_insert_with(|| Instant::now() + patience);
    }

    /// Waits for bytes, or for the server to stop, or for the clock.
    async fn listen(&mut self, stopped: impl Future<Output = ()>) -> Result<(), EndReason> {
        let is_echo = self.connection.shared.config.answers.is_echo();
        let deadline = self.deadline;
        // Whoever is expected to leave is asked nothing more.
        let alarm = deadline.or_else(|| self.heartbeat.next_deadline().map(Instant::from_std));
        let read = tokio::select! {
            biased;
            () = stopped, if deadline.is_none() => {
                self.say_goodbye(CloseCode::GOING_AWAY, "");
                return Ok(());
            }
            () = until(alarm), if alarm.is_some() => {
                if deadline.is_some() {
                    return Err(self.departure.take().unwrap_or(EndReason::CloseUnanswered));
                }
                self.beat();
                return Ok(());
            }
            () = self.exchange.next(), if !is_echo => return Ok(()),
            read = self.connection.read(), if !self.exchange.is_holding() => read,
        };
        match read {
            Ok(0) => Err(self.end_of_stream(EndReason::Fin)),
            Ok(size) => {
                self.heartbeat.bytes_received(Instant::now().into_std());
                let shared = Rc::clone(&self.connection.shared);
                let mut buffer = shared.buffer.borrow_mut();
                self.hear(buffer.get_mut(..size).unwrap_or_default());
                Ok(())
            }
            Err(error) => Err(self.end_of_stream(ending_of(&error))),
        }
    }

    /// Takes bytes in, and answers them: with what the RFC demands, and with the message
    /// itself.
    fn hear(&mut self, bytes: &mut [u8]) {
        let is_plain_echo = self.is_plain_echo();
        let Self {
            connection,
            endpoint,
            exchange,
            outbox,
            heartbeat,
            parting,
            ..
        } = self;
        connection.show_bytes(bytes);
        if endpoint.sender.output().capacity() == 0 {
            *endpoint.sender.output() = connection.shared.borrowed();
        }
        let mut unread = InputBuf::new(bytes);
        loop {
            if is_plain_echo && parting.is_none() {
                outbox.frames_waiting += endpoint.echo(&mut unread);
            }
            let Endpoint { receiver, sender } = endpoint;
            let Some(event) = receiver.next(&mut unread) else {
                break;
            };
            record(&event, connection);
            match accepted(&event) {
                Some(frame) if frame.header.opcode == Opcode::CLOSE => {
                    outbox.closed_by(Side::Peer, frame.payload);
                }
                Some(frame) if frame.header.opcode == Opcode::PONG => {
                    if let Some(time) =
                        heartbeat.pong_received(frame.payload, Instant::now().into_std())
                    {
                        connection.record(&ConnectionEvent::RoundTrip(time));
                    }
                }
                _ => {}
            }
            if self.departure.is_some() || outbox.is_shut() || parting.is_some() {
                continue;
            }
            *parting = FrameSender::parting(&event);
            if parting.is_some() {
                continue;
            }
            let said = sender.output().len();
            sender.react(&event);
            let message = accepted(&event).and_then(|frame| frame.message);
            let answer = message.map(|message| exchange.answer(&message, sender));
            outbox.settle(said, answer.as_deref(), sender, connection);
        }
    }

    /// Whether messages go back as they came, and nobody watches them or meddles with them.
    fn is_plain_echo(&self) -> bool {
        let is_free = !self.connection.is_watched() && self.connection.injector.is_none();
        let goes_on = self.departure.is_none() && !self.outbox.is_shut();
        is_free && goes_on && self.exchange.is_echo()
    }

    /// Does what it is time for.
    fn beat(&mut self) {
        let now = Instant::now().into_std();
        match self.heartbeat.action(now) {
            Some(KeepAliveAction::Ping(payload)) => {
                if let Some(fault) = self.heartbeat.check(now) {
                    self.connection.record(&ConnectionEvent::Ping(&fault));
                }
                if self.say(|sender| sender.ping(&payload)) {
                    self.heartbeat.ping_sent(payload, now);
                }
            }
            Some(KeepAliveAction::Idle(time)) => {
                self.connection.record(&ConnectionEvent::Idle(time));
                self.say_goodbye(CloseCode::GOING_AWAY, "nothing came for too long");
            }
            None => {}
        }
    }

    /// Says something on its own account; whether it could.
    fn say(&mut self, speak: impl FnOnce(&mut FrameSender) -> bool) -> bool {
        if self.departure.is_some() || self.outbox.is_shut() {
            return false;
        }
        let sender = &mut self.endpoint.sender;
        let said = sender.output().len();
        let is_said = speak(sender);
        self.outbox.settle(said, None, sender, &mut self.connection);
        is_said
    }

    /// Begins the closing handshake, since the server stops, or has waited long enough.
    fn say_goodbye(&mut self, code: CloseCode, reason: &str) {
        self.say(|sender| sender.close(Some(code), reason));
        self.outbox.closed_by(Side::Local, &[]);
        self.expect_last_words();
    }
}

fn record(event: &Event<'_>, connection: &mut Connection) {
    match event {
        Event::Frame(frame) => {
            let passing = FrameInfo {
                header: &frame.header,
                payload: frame.payload,
                inflated: frame.inflated,
                is_text: frame.is_text,
            };
            connection.record(&ConnectionEvent::Received {
                frame: passing,
                is_accepted: frame.accepted,
            });
            if let Some(message) = &frame.message {
                connection.record(&ConnectionEvent::Message(message));
            }
        }
        Event::Failure(failure) => connection.record(&ConnectionEvent::Failure(failure)),
    }
}

/// Done at that time, if there is one.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => pending().await,
    }
}

/// A frame that no failure follows.
const fn accepted<'e, 'a>(event: &'e Event<'a>) -> Option<&'e ReceivedFrame<'a>> {
    match event {
        Event::Frame(frame) if frame.accepted => Some(frame),
        Event::Frame(_) | Event::Failure(_) => None,
    }
}
