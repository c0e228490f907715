//! The program that answers instead of the server: a line in for each message, a line out
//! for each answer.
//!
//! What waits for it is bounded, and nobody waits: a message that it cannot take is
//! dropped, and the log says so. Whatever becomes of it, the server goes on.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::mem;
use std::process::Stdio;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::hub::{Address, Letter};
use super::lines::{Line, Lines};
use super::note::{About, Note};
use super::server::Shared;
use crate::reply::{To, addressee};
use crate::ws::Opcode;

/// What is asked of the program.
#[derive(Debug, Default)]
pub(super) struct Program {
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

/// How many octets may wait for it. A larger message is taken if it is the only one.
const INPUT_ROOM: usize = 1 << 20;

/// How many messages may wait for an answer, where it matters whose they are.
const MAX_ASKERS: usize = 4096;

/// The longest line of its standard error.
const MAX_ERROR: usize = 8 << 10;

/// How long it may take to end when its input has ended, and how long when it was asked to.
pub(super) const END_PATIENCE: Duration = Duration::from_millis(300);

/// How long its last words may take when it has ended: who it started may still hold its
/// output.
pub(super) const LAST_WORDS: Duration = Duration::from_millis(200);

/// Starts a command line, as the system's shell understands it.
pub(super) fn start(command_line: &str) -> io::Result<Child> {
    let (shell, option) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let mut command = Command::new(shell);
    command
        .args([option, command_line])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    // Ctrl-C at the terminal is for the server, which then ends the program.
    #[cfg(unix)]
    command.process_group(0);
    command.spawn()
}

/// Lets the program answer until it, or the server, ends.
pub(super) async fn run(shared: Rc<Shared>, mut child: Child) {
    let mut input = JoinSet::new();
    let mut output = JoinSet::new();
    if let Some(stdin) = child.stdin.take() {
        input.spawn_local(feed(Rc::clone(&shared), stdin));
    }
    input.spawn_local(watch(Rc::clone(&shared)));
    if let Some(stdout) = child.stdout.take() {
        output.spawn_local(hear(Rc::clone(&shared), stdout));
    }
    if let Some(stderr) = child.stderr.take() {
        output.spawn_local(complain(Rc::clone(&shared), stderr));
    }
    let status = tokio::select! {
        status = child.wait() => status.ok(),
        () = shared.stopped() => None,
    };
    if status.is_none() {
        end(&shared, &mut child).await;
    }
    drop(input);
    let _ = timeout(LAST_WORDS, output.join_all()).await;
    if let Some(status) = status {
        if let Some(program) = &shared.program {
            program.state.borrow_mut().is_deaf = true;
        }
        shared
            .tell(About::Program, &Note::ProgramEnded(status))
            .await;
    }
}

impl Program {
    /// Answers will go to these.
    pub(super) fn new(to: To) -> Self {
        Self {
            answers_one: matches!(to, To::Sender | To::Others),
            ..Self::default()
        }
    }

    /// Gives it a message as a line, or says why not; that is said once, not each time.
    pub(super) fn ask(&self, asker: u64, text: &str) -> Option<Note<'static>> {
        let mut state = self.state.borrow_mut();
        if state.is_deaf {
            return None;
        }
        if !state.has_room(text.len() + 1) {
            state.refused += 1;
            return (state.refused == 1).then_some(Note::ProgramBehind);
        }
        push_line(&mut state.input, text);
        if self.answers_one {
            state.askers.push_back(asker);
        }
        state.owes_since.get_or_insert_with(Instant::now);
        self.news.notify_one();
        self.asked.notify_one();
        let refused = mem::take(&mut state.refused);
        (refused > 0).then_some(Note::ProgramBack(refused))
    }

    /// It has said a line; who asked for it, if that matters and is known.
    fn heard(&self) -> Option<u64> {
        let mut state = self.state.borrow_mut();
        let asker = state.askers.pop_front();
        state.owes_since = (!state.askers.is_empty()).then(Instant::now);
        asker
    }

    /// What it is to be given next.
    async fn input(&self) -> Vec<u8> {
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
    let octets = text.trim_end_matches(['\r', '\n']).bytes();
    input.extend(octets.map(|octet| {
        if matches!(octet, b'\r' | b'\n') {
            b' '
        } else {
            octet
        }
    }));
    input.push(b'\n');
}

/// Writes to its standard input, which ends when the server stops.
async fn feed(shared: Rc<Shared>, mut stdin: ChildStdin) {
    let Some(program) = &shared.program else {
        return;
    };
    loop {
        let written = tokio::select! {
            written = async { stdin.write_all(&program.input().await).await } => written,
            () = shared.stopped() => return,
        };
        if written.is_err() {
            program.state.borrow_mut().is_deaf = true;
            // If it has ended, that is said instead, and this is not reached.
            sleep(LAST_WORDS).await;
            return shared.tell(About::Program, &Note::ProgramDeaf).await;
        }
    }
}

/// Says when it owes an answer for too long, once until it gives one.
async fn watch(shared: Rc<Shared>) {
    let answers = &shared.config.answers;
    let Some(program) = &shared.program else {
        return;
    };
    if answers.to == To::None {
        return;
    }
    let mut told = None;
    loop {
        let since = program.state.borrow().owes_since;
        match since {
            Some(since) if told != Some(since) => {
                sleep_until(since + answers.silence).await;
                if program.state.borrow().owes_since == Some(since) {
                    told = Some(since);
                    shared
                        .tell(About::Program, &Note::ProgramSilent(answers.silence))
                        .await;
                }
            }
            _ => program.asked.notified().await,
        }
    }
}

/// Sends what it says to whom it is for.
async fn hear(shared: Rc<Shared>, stdout: ChildStdout) {
    let mut lines = Lines::new(stdout, shared.config.max_message);
    while let Some(line) = lines.next().await {
        let asker = shared.program.as_ref().and_then(Program::heard);
        match line {
            Line::Whole(line) => pass_on(&shared, asker, &line).await,
            Line::TooLong => {
                let limit = shared.config.max_message;
                shared
                    .tell(About::Program, &Note::ProgramTooLong(limit))
                    .await;
            }
        }
    }
}

/// Sends a line as a text message, or as a binary one if it is no text.
async fn pass_on(shared: &Shared, asker: Option<u64>, line: &[u8]) {
    let address = match address(shared, asker, line) {
        Ok(address) => address,
        Err(note) => return shared.tell(About::Program, &note).await,
    };
    let is_text = std::str::from_utf8(line).is_ok();
    let opcode = if is_text {
        Opcode::TEXT
    } else {
        Opcode::BINARY
    };
    let letter = Letter::new(opcode, line);
    let mut delivery = shared.hub.deliver(&letter, &address);
    for number in delivery.overflowing {
        shared.tell(About::Connection(number), &Note::Unread).await;
    }
    let missed = match &address {
        Address::Named(name) => Note::NobodyNamed(name),
        _ => Note::ProgramUnasked(line),
    };
    // A line for everyone is fine even if there is nobody.
    if !delivery.has_receiver && matches!(address, Address::Named(_) | Address::Only(_)) {
        shared.tell(About::Program, &missed).await;
    }
    delivery.crowded.dissolve().await;
}

/// Whom a line is for.
fn address<'a>(shared: &Shared, asker: Option<u64>, line: &'a [u8]) -> Result<Address, Note<'a>> {
    let answers = &shared.config.answers;
    match (answers.to, asker) {
        (To::All, _) => Ok(Address::All),
        (To::Sender, Some(asker)) => Ok(Address::Only(asker)),
        (To::Others, Some(asker)) => Ok(Address::Except(asker)),
        (To::Addressee, _) => addressee(line, &answers.addressee_fields)
            .map(Address::Named)
            .map_err(Note::Unaddressed),
        (To::None, _) | (To::Sender | To::Others, None) => Err(Note::ProgramUnasked(line)),
    }
}

/// Prints its complaints.
async fn complain(shared: Rc<Shared>, stderr: ChildStderr) {
    let mut lines = Lines::new(stderr, MAX_ERROR);
    while let Some(line) = lines.next().await {
        let note = match &line {
            Line::Whole(line) => Note::ProgramError(line),
            Line::TooLong => Note::ProgramTooLong(MAX_ERROR),
        };
        shared.tell(About::Program, &note).await;
    }
}

/// Ends it, since the server stops: its input has ended, which is enough for most; for the
/// others there are signals.
async fn end(shared: &Shared, child: &mut Child) {
    if timeout(END_PATIENCE, child.wait()).await.is_ok() {
        return;
    }
    ask_to_end(child);
    if timeout(END_PATIENCE, child.wait()).await.is_err() {
        kill(child);
        let _ = child.wait().await;
    }
    shared.tell(About::Program, &Note::ProgramKilled).await;
}

/// Signals the program, and whatever it has started in its group.
#[cfg(unix)]
fn signal(child: &Child, signal: rustix::process::Signal) {
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    if let Some(group) = id.and_then(rustix::process::Pid::from_raw) {
        // It may have ended just now.
        let _ = rustix::process::kill_process_group(group, signal);
    }
}

#[cfg(unix)]
fn ask_to_end(child: &Child) {
    signal(child, rustix::process::Signal::TERM);
}

#[cfg(unix)]
fn kill(child: &Child) {
    signal(child, rustix::process::Signal::KILL);
}

#[cfg(not(unix))]
const fn ask_to_end(_: &Child) {}

#[cfg(not(unix))]
fn kill(child: &mut Child) {
    // It may have ended just now.
    let _ = child.start_kill();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(note: Option<Note<'_>>) -> Option<&'static str> {
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
        let program = Program::new(To::All);
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
        assert!(matches!(program.ask(1, "a"), Some(Note::ProgramBack(2))));
        assert!(program.state.borrow().askers.is_empty());
    }

    #[test]
    fn those_who_wait_for_an_answer_are_bounded() {
        let program = Program::new(To::Sender);
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
        assert!(matches!(program.ask(1, ""), Some(Note::ProgramBack(2))));
    }
}
