//! What a server answers, as it was told.

use std::time::Duration;

use crate::reply::{Recipients, Template};

/// What the messages of clients are answered with, and to whom.
#[derive(Clone, Debug)]
pub struct ReplyPolicy {
    /// Whom an answer goes to.
    pub to: Recipients,
    /// What it says; None for the message itself.
    pub reply: Option<Template>,
    /// The fields of a message that name its addressee, the first that it has.
    pub addressee_fields: Vec<String>,
    /// The command line of the program that answers instead.
    pub exec: Option<String>,
    /// After how long without an answer the program is called silent.
    pub silence: Duration,
}

impl Default for ReplyPolicy {
    fn default() -> Self {
        Self {
            to: Recipients::Sender,
            reply: None,
            addressee_fields: vec!["to_user".to_owned(), "to".to_owned()],
            exec: None,
            silence: Duration::from_secs(5),
        }
    }
}

impl ReplyPolicy {
    /// Whether each message goes back as it came, which needs nobody else.
    pub(super) const fn is_echo(&self) -> bool {
        matches!(self.to, Recipients::Sender) && self.reply.is_none() && self.exec.is_none()
    }
}
