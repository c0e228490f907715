//! What is asked of the program, and who waits for its answers.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::mem;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::net::note::Notice;
use crate::reply::Recipients;

/// What is asked of the program.
#[derive(Debug, Default)]
pub(in crate::net) struct Program {
    state: RefCell<State>,
    /// There is something to write.
    news: Notify,
    /// It was asked something.
    asked: Notify,
    /// Whether it matters whose message a line answers.
    answers_one: bool,
}

#[derive(Debug, Default)]
struct State {
    /// Lines that it was not yet given.
    input: Vec<u8>,
    /// Who waits for an answer, in the order they asked.
    askers: VecDeque<u64>,
    /// Since when it owes an answer.
    owes_since: Option<Instant>,
    /// How many messages it was not given, since it does not keep up.
    refused: u64,
    /// It takes nothing more.
    is_deaf: bool,
}

/// How many bytes may wait for it. A larger message is taken if it is the only one.
const INPUT_ROOM: usize = 1 << 20;

/// How many messages may wait for an answer, where it matters whose they are.
const MAX_ASKERS: usize = 4096;

impl Program {
    /// `ReplyPolicy` will go to these.
    pub(in crate::net) fn new(to: Recipients) -> Self {
        Self {
            answers_one: matches!(to, Recipients::Sender | Recipients::Others),
            ..Self::default()
        }
    }

    /// Gives it a message as a line, or says why not; that is said once, not each time.
    pub(in crate::net) fn ask(&self, asker: u64, text: &str) -> Option<Notice<'static>> {
        let mut state = self.state.borrow_mut();
        if state.is_deaf {
            return None;
        }
        if !state.has_room(text.len() + 1) {
            state.refused += 1;
            return (state.refused == 1).then_some(Notice::ProgramBehind);
        }
        push_line(&mut state.input, text);
        if self.answers_one {
            state.askers.push_back(asker);
        }
        state.owes_since.get_or_insert_with(Instant::now);
        self.news.notify_one();
        self.asked.notify_one();
        let refused = mem::take(&mut state.refused);
        (refused > 0).then_some(Notice::ProgramBack(refused))
    }

    /// It has said a line; who asked for it, if that matters and is known.
    pub(super) fn heard(&self) -> Option<u64> {
        let mut state = self.state.borrow_mut();
        let asker = state.askers.pop_front();
        state.owes_since = (!state.askers.is_empty()).then(Instant::now);
        asker
    }

    /// Done when it was asked something since the last time.
    pub(super) async fn asked(&self) {
        self.asked.notified().await;
    }

    /// Since when it owes an answer, if it does.
    pub(super) fn owes_since(&self) -> Option<Instant> {
        self.state.borrow().owes_since
    }

    /// It takes nothing more, and is asked nothing more.
    pub(super) fn go_deaf(&self) {
        self.state.borrow_mut().is_deaf = true;
    }

    /// What it is to be given next.
    pub(super) async fn input(&self) -> Vec<u8> {
        loop {
            let input = mem::take(&mut self.state.borrow_mut().input);
            if !input.is_empty() {
                return input;
            }
            self.news.notified().await;
        }
    }
}

impl State {
    /// Whether a line fits in. Once it does not, much has to go before another one does,
    /// so that the log does not tell of each.
    fn has_room(&self, size: usize) -> bool {
        if self.refused > 0 {
            return self.input.is_empty() && self.askers.len() <= MAX_ASKERS / 2;
        }
        let fits = self.input.is_empty() || self.input.len().saturating_add(size) <= INPUT_ROOM;
        fits && self.askers.len() < MAX_ASKERS
    }
}

/// A message is one line, so the ends of lines in it become spaces: that is the same to
/// JSON, which has them nowhere but between its words. At its end they are left out.
fn push_line(input: &mut Vec<u8>, text: &str) {
    let bytes = text.trim_end_matches(['\r', '\n']).bytes();
    input.extend(bytes.map(|byte| {
        if matches!(byte, b'\r' | b'\n') {
            b' '
        } else {
            byte
        }
    }));
    input.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(note: Option<Notice<'_>>) -> Option<&'static str> {
        note.map(|note| note.name())
    }

    #[test]
    fn a_message_is_one_line() {
        let mut input = Vec::new();
        push_line(&mut input, "{\n\"a\":\r\n1}\r\n");
        push_line(&mut input, "");
        assert_eq!(input, b"{ \"a\":  1}\n\n");
    }

    #[test]
    fn what_waits_for_a_program_is_bounded_and_said_once() {
        let program = Program::new(Recipients::All);
        let half = "x".repeat(INPUT_ROOM / 2 - 1);
        let asked = || name(program.ask(1, &half));
        assert_eq!(
            [asked(), asked(), asked()],
            [None, None, Some("program-behind")]
        );
        assert_eq!(
            name(program.ask(1, "a")),
            None,
            "refused like the one before it"
        );
        program.state.borrow_mut().input.clear();
        assert!(matches!(program.ask(1, "a"), Some(Notice::ProgramBack(2))));
        assert!(program.state.borrow().askers.is_empty());
    }

    #[test]
    fn those_who_wait_for_an_answer_are_bounded() {
        let program = Program::new(Recipients::Sender);
        for asker in 0..MAX_ASKERS as u64 {
            assert_eq!(name(program.ask(asker, "")), None);
        }
        program.state.borrow_mut().input.clear();
        assert_eq!(name(program.ask(1, "")), Some("program-behind"));
        assert_eq!(program.heard(), Some(0));
        assert_eq!(name(program.ask(1, "")), None, "half of them first");
        for _ in 0..MAX_ASKERS / 2 {
            program.heard();
        }
        assert!(matches!(program.ask(1, ""), Some(Notice::ProgramBack(2))));
    }
}
