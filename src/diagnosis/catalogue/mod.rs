//! The catalogue: a page for each rule, with its id, title, section, cause, fix and what
//! peers print.
//!
//! `ws` and the rest of `diagnosis` find that a rule is broken and name its page in a
//! `Finding`; `render` prints pages and findings; `diagnosis::search` looks texts up in the
//! pages. Each rule is a static, so that a misspelt one does not compile.

#[macro_use]
mod macros;

mod application;
mod connection;
mod control;
mod example;
mod extension;
mod frame;
mod head;
mod message;
mod payload;
mod program;
mod request;
mod response;
mod topics;
mod transport;

pub use application::*;
pub use connection::*;
pub use control::*;
pub use example::{Example, HandshakeExample, HeadChange};
pub use extension::*;
pub use frame::*;
pub use head::*;
pub use message::*;
pub use payload::*;
pub use program::*;
pub use request::*;
pub use response::*;
pub use topics::{TopicPage, close_code_in, missing_section, topic};
pub use transport::*;

/// The page of a rule: what is wrong, why, and what to change.
#[derive(Debug, PartialEq, Eq)]
pub struct RulePage {
    /// The rule's id, which does not change between releases: `len16-not-minimal`.
    pub id: &'static str,
    /// The part of a connection that the rule is about.
    pub phase: Phase,
    /// How serious a breach is, unless a finding says otherwise.
    pub severity: Severity,
    /// Whether the data may only be cut short: something has begun and not ended.
    pub is_cut: bool,
    /// Where the rule is written down: `RFC 6455 sections 5.2, 5.5`.
    pub section: &'static str,
    /// What is wrong, in at most 60 characters.
    pub title: &'static str,
    /// The usual cause: a phrase that can follow "perhaps".
    pub cause: &'static str,
    /// What to change: a phrase that begins with a verb in the imperative.
    pub fix: &'static str,
    /// What peers print or do ("accepts it"), as it was observed.
    pub peer_messages: &'static [PeerMessage],
    /// What other peers are quoted with. Searched, but not printed on the page.
    pub quoted_messages: &'static [PeerMessage],
    /// How to see it.
    pub example: Example,
}

/// How serious a finding, or a breach of a rule, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// A MUST is broken, or a connection could not be opened.
    Violation,
    /// Allowed, or not yet complete, but probably a mistake.
    Suspicious,
    /// Valid, but some implementations reject it.
    PeerBug,
    /// Nothing is wrong: an explanation.
    Note,
}

impl Severity {
    /// The word for it in JSON, which does not change between releases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Violation => "violation",
            Self::Suspicious => "suspicious",
            Self::PeerBug => "peer-bug",
            Self::Note => "note",
        }
    }
}

/// The peer, with the variant where there are several ("ws, of CRLF"), and what it prints.
pub type PeerMessage = (&'static str, &'static str);

/// A part of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before the opening request is read.
    Connection,
    /// The opening request.
    Request,
    /// The opening request or the response to it.
    Handshake,
    /// The response to the opening request.
    Response,
    /// The stream of bytes: what is not a frame, and how frames and reads relate.
    Transport,
    /// The header of a frame.
    Frame,
    /// Control frames.
    Control,
    /// Fragments and messages.
    Message,
    /// The payload of a text message.
    Payload,
    /// permessage-deflate.
    Extension,
    /// The protocol inside the messages.
    Application,
    /// The use of a WebSocket API or of a socket by a program.
    Program,
}

impl Phase {
    /// All phases with their rules, in the order of a connection.
    pub const ALL: [(Self, &'static [&'static RulePage]); 12] = [
        (Self::Connection, CONNECTION_RULES),
        (Self::Request, REQUEST_RULES),
        (Self::Handshake, HANDSHAKE_RULES),
        (Self::Response, RESPONSE_RULES),
        (Self::Transport, TRANSPORT_RULES),
        (Self::Frame, FRAME_RULES),
        (Self::Control, CONTROL_RULES),
        (Self::Message, MESSAGE_RULES),
        (Self::Payload, PAYLOAD_RULES),
        (Self::Extension, EXTENSION_RULES),
        (Self::Application, APPLICATION_RULES),
        (Self::Program, PROGRAM_RULES),
    ];

    /// The phase in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connection => "the connection, before the opening request",
            Self::Request => "the opening request",
            Self::Handshake => "the opening request or its response",
            Self::Response => "the response to the opening request",
            Self::Transport => "the stream of bytes",
            Self::Frame => "the header of a frame",
            Self::Control => "control frames",
            Self::Message => "fragments and messages",
            Self::Payload => "the payload of a text message",
            Self::Extension => "permessage-deflate",
            Self::Application => "the protocol inside the messages",
            Self::Program => "the program that uses the WebSocket",
        }
    }
}

/// All rules, in the order of a connection.
pub fn all() -> impl Iterator<Item = &'static RulePage> {
    Phase::ALL
        .into_iter()
        .flat_map(|(_, rules)| rules.iter().copied())
}

/// The rule of this id.
pub fn rule(id: &str) -> Option<&'static RulePage> {
    all().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Finding;
    use crate::ws::handshake::{RequestHead, validate_request};
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique() {
        let ids: BTreeSet<&str> = all().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), all().count());
        assert!(all().all(|listed| rule(listed.id) == Some(listed)));
    }

    #[test]
    fn pages_are_complete_and_short() {
        for page in all() {
            let id = page.id;
            let texts = [
                (page.title, 60),
                (page.cause, 200),
                (page.fix, 160),
                (page.section, 80),
            ];
            for (words, most) in texts {
                let length = words.chars().count();
                assert!((1..=most).contains(&length), "{id}: {length}: {words}");
                assert!(!words.ends_with('.'), "{id}: {words}");
                assert_eq!(words.matches('`').count() % 2, 0, "{id}: {words}");
            }
            assert!(!page.peer_messages.is_empty(), "{id}");
            for message in page.peer_messages.iter().chain(page.quoted_messages) {
                assert!(!message.0.is_empty() && !message.1.is_empty(), "{id}");
            }
            for quoted in page.quoted_messages {
                assert!(!page.peer_messages.contains(quoted), "{id}: {quoted:?}");
            }
        }
    }

    #[test]
    fn examples_have_the_right_form() {
        for RulePage { id, example, .. } in all() {
            match example {
                Example::Command(words) => assert!(words.starts_with("decode "), "{id}"),
                Example::Handshake(heads) => assert!(heads.to_string().ends_with("\n\n"), "{id}"),
                Example::NotVisible(sentence) => assert!(!sentence.ends_with('.'), "{id}"),
            }
        }
    }

    /// The request in an example breaks the rule of its page and no other, and is valid where
    /// the rule is about something else.
    #[test]
    fn an_example_request_breaks_its_own_rule_only() {
        for page in all() {
            let Example::Handshake(heads) = page.example else {
                continue;
            };
            if heads.request.is_none() {
                continue;
            }
            let bytes = heads.to_string().replace('\n', "\r\n");
            let (head, _) = RequestHead::parse(bytes.as_bytes()).unwrap().unwrap();
            let errors = validate_request(&head).err().unwrap_or_default();
            let rules = errors.iter().map(|error| Finding::from(error).rule());
            let expected: &[&str] = match page.id {
                // These open a connection all the same.
                "req-key-constant"
                | "req-extensions-bad"
                | "header-name-case"
                | "connection-list-refused" => &[],
                // A draft from before the key and the version.
                "req-hixie76" => &["req-key-bad", "req-version"],
                id if page.phase == Phase::Request => &[id],
                _ => &[],
            };
            assert_eq!(rules.collect::<Vec<_>>(), expected, "{}", page.id);
        }
    }
}
