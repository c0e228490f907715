//! What a client is told to send, from the thread that reads its input.

use std::collections::VecDeque;
use std::mem;
use std::thread;

use tokio::sync::mpsc;

use crate::net::relay::SharedMessage;
use crate::net::session::Outgoing;
use crate::ws::{CloseCode, Opcode};

/// Something to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A message.
    Message(Opcode, Vec<u8>),
    /// A message in so many frames.
    Fragments(Opcode, Vec<u8>, usize),
    /// A ping of up to 125 bytes.
    Ping(Vec<u8>),
    /// A pong of up to 125 bytes.
    Pong(Vec<u8>),
    /// A close frame with this code and reason, or an empty one.
    Close(Option<CloseCode>, String),
    /// Bytes as they are, frames or not.
    Bytes(Vec<u8>),
}

/// Sends actions to the client.
#[derive(Debug)]
pub struct ActionSender {
    sender: mpsc::Sender<Vec<Action>>,
    batch: Vec<Action>,
    /// The size of the batch in bytes.
    size: usize,
}

/// The actions that wait to be carried out.
#[derive(Debug)]
pub struct ActionQueue {
    receiver: mpsc::Receiver<Vec<Action>>,
    queued: VecDeque<Action>,
    /// Nothing more comes.
    has_ended: bool,
}

/// How many bytes are sent in one batch, at least.
const BATCH_SIZE: usize = 64 << 10;

/// How many batches may wait. The thread that reads the input waits then.
const MAX_BATCHES: usize = 2;

/// What an action costs in a batch besides its payload, in bytes.
const OVERHEAD: usize = 16;

/// Starts a thread that reads input until it ends or until [`ActionSender`] says that the client
/// has ended. The process does not wait for the thread.
pub fn read_input(read: impl FnOnce(&mut ActionSender) + Send + 'static) -> ActionQueue {
    let (sender, receiver) = mpsc::channel(MAX_BATCHES);
    thread::spawn(move || {
        let mut sender = ActionSender {
            sender,
            batch: Vec::new(),
            size: 0,
        };
        read(&mut sender);
        sender.flush();
    });
    ActionQueue {
        receiver,
        queued: VecDeque::new(),
        has_ended: false,
    }
}

impl ActionSender {
    /// Adds an action to the batch, which is sent once it is large; false if the client has
    /// ended.
    pub fn push(&mut self, action: Action) -> bool {
        self.size += action.size() + OVERHEAD;
        self.batch.push(action);
        self.size < BATCH_SIZE || self.flush()
    }

    /// Sends the batch; false if the client has ended. This waits while the client is slower
    /// than its input.
    pub fn flush(&mut self) -> bool {
        self.size = 0;
        let batch = mem::take(&mut self.batch);
        batch.is_empty() || self.sender.blocking_send(batch).is_ok()
    }
}

impl ActionQueue {
    /// Completes when there are actions, or when the input has ended; false if it has. It can be
    /// dropped and called again.
    pub(super) async fn fill(&mut self) -> bool {
        if self.queued.is_empty() && !self.has_ended {
            match self.receiver.recv().await {
                Some(batch) => self.queued.extend(batch),
                None => self.has_ended = true,
            }
        }
        !self.has_ended
    }

    /// Whether nothing more comes.
    pub(super) const fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Takes actions, about as many bytes as one batch has.
    pub(super) fn take(&mut self) -> Vec<Action> {
        let mut size = 0;
        let mut taken = Vec::new();
        while size < BATCH_SIZE
            && let Some(action) = self.queued.pop_front()
        {
            size += action.size() + OVERHEAD;
            taken.push(action);
        }
        taken
    }
}

impl Action {
    fn size(&self) -> usize {
        match self {
            Self::Message(_, payload)
            | Self::Fragments(_, payload, _)
            | Self::Ping(payload)
            | Self::Pong(payload)
            | Self::Bytes(payload) => payload.len(),
            Self::Close(..) => 0,
        }
    }

    /// What the session sends for it.
    pub(super) fn outgoing(self) -> Outgoing {
        match self {
            Self::Message(opcode, payload) => {
                Outgoing::Message(SharedMessage::new(opcode, payload))
            }
            Self::Fragments(opcode, payload, count) => Outgoing::Fragments(opcode, payload, count),
            Self::Ping(payload) => Outgoing::Ping(payload),
            Self::Pong(payload) => Outgoing::Pong(payload),
            Self::Close(code, reason) => Outgoing::Close(code, reason),
            Self::Bytes(bytes) => Outgoing::Bytes(bytes),
        }
    }
}
