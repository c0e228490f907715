//! What a connection has to do with the others: where the answers to its messages go, and
//! what the others have for it.

use std::borrow::Cow;
use std::mem;
use std::rc::Rc;
use std::time::SystemTime;

use super::answers::ReplyPolicy;
use super::connection::Connection;
use super::hub::{Address, Backpressure, Received, SharedMessage, Subscriber};
use super::note::{Notice, NoticeScope};
use super::server::Shared;
use crate::reply::{RecipientError, Recipients, Template, TemplateValues, addressee, text_of};
use crate::ws::endpoint::FrameSender;
use crate::ws::{Message, Opcode};

/// A connection's place among the others, which it leaves with this.
pub(super) struct Replies {
    shared: Rc<Shared>,
    member: Rc<Subscriber>,
    /// Each message goes back as it came.
    is_echo: bool,
    /// How many messages have come.
    count: u64,
    /// What waits until the messages it comes from are printed.
    outbox: Vec<DeferredAction>,
    /// Whom to wait for before more is read.
    crowd: Backpressure,
}

/// Something to be done with a message, elsewhere.
enum DeferredAction {
    Deliver(SharedMessage, Address),
    /// It is for the program; None if it cannot be.
    Ask(Option<String>),
    Explain(RecipientError),
}

impl Replies {
    /// Joins the others: from now on, what they have for this connection is kept for it.
    pub(super) fn join(shared: &Rc<Shared>, number: u64, target: &str) -> Self {
        Self {
            shared: Rc::clone(shared),
            member: shared.hub.join(number, target),
            is_echo: shared.config.answers.is_echo(),
            count: 0,
            outbox: Vec::new(),
            crowd: Backpressure::default(),
        }
    }

    /// Whether each message goes back as it came.
    pub(super) const fn is_echo(&self) -> bool {
        self.is_echo
    }

    /// Answers a message, at once if the answer is for its sender, else in a while. What
    /// the answer is, whoever it is for.
    #[inline]
    pub(super) fn answer<'m>(
        &mut self,
        message: &Message<'m>,
        sender: &mut FrameSender,
    ) -> Cow<'m, [u8]> {
        if self.is_echo {
            sender.message(message.opcode, message.payload);
            return Cow::Borrowed(message.payload);
        }
        self.answer_as_told(message, sender)
    }

    fn answer_as_told<'m>(
        &mut self,
        message: &Message<'m>,
        sender: &mut FrameSender,
    ) -> Cow<'m, [u8]> {
        let answers = &self.shared.config.answers;
        let (mut opcode, mut answer) = (message.opcode, Cow::Borrowed(message.payload));
        self.count += 1;
        if self.shared.program.is_some() {
            let text = (opcode == Opcode::TEXT).then(|| text_of(message.payload));
            self.outbox.push(DeferredAction::Ask(text.map(Into::into)));
            return answer;
        }
        if let Some(reply) = &answers.reply {
            opcode = Opcode::TEXT;
            answer = Cow::Owned(self.fill(reply, message).into_bytes());
        }
        let errand = match self.address(answers, message) {
            None => return answer,
            Some(Ok(Address::Only(_))) => {
                sender.message(opcode, &answer);
                return answer;
            }
            Some(Ok(address)) => {
                DeferredAction::Deliver(SharedMessage::new(opcode, &answer), address)
            }
            Some(Err(fault)) => DeferredAction::Explain(fault),
        };
        self.outbox.push(errand);
        answer
    }

    /// The answer that a template makes of a message.
    fn fill(&self, reply: &Template, message: &Message<'_>) -> String {
        reply.fill(&TemplateValues {
            text: &text_of(message.payload),
            name: &self.member.name,
            id: self.member.number,
            path: &self.member.path,
            count: self.count,
            moment: SystemTime::now(),
        })
    }

    /// Whom the answer to a message is for; None if it is for nobody.
    fn address(
        &self,
        answers: &ReplyPolicy,
        message: &Message<'_>,
    ) -> Option<Result<Address, RecipientError>> {
        let fields = &answers.addressee_fields;
        match answers.to {
            Recipients::Sender => Some(Ok(Address::Only(self.member.number))),
            Recipients::Others => Some(Ok(Address::Except(self.member.number))),
            Recipients::All => Some(Ok(Address::All)),
            Recipients::None => None,
            Recipients::Addressee => Some(addressee(message.payload, fields).map(Address::Named)),
        }
    }

    /// Does what waited for the messages to be printed.
    pub(super) fn run_errands(&mut self, connection: &mut Connection) {
        for errand in mem::take(&mut self.outbox) {
            match errand {
                DeferredAction::Deliver(letter, address) => {
                    self.deliver(&letter, &address, connection);
                }
                DeferredAction::Explain(fault) => connection.note(&Notice::Unaddressed(fault)),
                DeferredAction::Ask(None) => connection.note(&Notice::NoLine),
                DeferredAction::Ask(Some(text)) => {
                    let program = self.shared.program.as_ref();
                    let number = self.member.number;
                    if let Some(note) = program.and_then(|program| program.ask(number, &text)) {
                        connection.note_of(NoticeScope::Program, &note);
                    }
                }
            }
        }
    }

    fn deliver(&mut self, letter: &SharedMessage, address: &Address, connection: &mut Connection) {
        let delivery = self.shared.hub.deliver(letter, address);
        for number in delivery.overflowing {
            connection.note_of(NoticeScope::Connection(number), &Notice::Unread);
        }
        if let (false, Address::Named(name)) = (delivery.has_receiver, address) {
            connection.note(&Notice::NobodyNamed(name));
        }
        self.crowd.extend(&delivery.crowded);
    }

    /// Takes what the others have for this connection, or some of it if that is much.
    pub(super) fn mail(&self) -> Received {
        self.member.collect()
    }

    /// Whether they have more for it.
    pub(super) fn has_mail(&self) -> bool {
        self.member.has_mail()
    }

    /// Leaves the others, who have nothing for it from now on.
    pub(super) fn leave(&self) {
        self.shared.hub.leave(self.member.number);
    }

    /// Whether this connection had better not be read: somebody could not take more.
    pub(super) const fn is_holding(&self) -> bool {
        !self.crowd.is_empty()
    }

    /// Done when the others have something, or when this connection may be read again.
    pub(super) async fn next(&mut self) {
        let is_holding = self.is_holding();
        tokio::select! {
            () = self.member.news() => {}
            () = self.crowd.dissolve(), if is_holding => {}
        }
    }
}

impl Drop for Replies {
    fn drop(&mut self) {
        self.leave();
    }
}
