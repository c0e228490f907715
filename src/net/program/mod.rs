//! The program that answers instead of the server: a line in for each message, a line out
//! for each answer.
//!
//! What waits for it is bounded, and nobody waits: a message that it cannot take is
//! dropped, and the log says so. Whatever becomes of it, the server goes on.

mod process;
mod queue;

use std::rc::Rc;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until, timeout};

pub(super) use process::{END_TIMEOUT, start};
pub(super) use queue::Program;

use super::hub::{Address, SharedMessage};
use super::lines::{Line, Lines};
use super::note::{Notice, NoticeScope};
use super::server::Shared;
use crate::reply::{Recipients, addressee};
use crate::ws::Opcode;

/// The longest line of its standard error.
const MAX_ERROR: usize = 8 << 10;

/// How long its last words may take when it has ended: who it started may still hold its
/// output.
pub(super) const OUTPUT_DRAIN_TIMEOUT: Duration = Duration::from_millis(200);

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
        process::end(&shared, &mut child).await;
    }
    drop(input);
    let _ = timeout(OUTPUT_DRAIN_TIMEOUT, output.join_all()).await;
    if let Some(status) = status {
        if let Some(program) = &shared.program {
            program.go_deaf();
        }
        shared
            .tell(NoticeScope::Program, &Notice::ProgramEnded(status))
            .await;
    }
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
            program.go_deaf();
            // If it has ended, that is said instead, and this is not reached.
            sleep(OUTPUT_DRAIN_TIMEOUT).await;
            return shared
                .tell(NoticeScope::Program, &Notice::ProgramDeaf)
                .await;
        }
    }
}

/// Says when it owes an answer for too long, once until it gives one.
async fn watch(shared: Rc<Shared>) {
    let answers = &shared.config.answers;
    let Some(program) = &shared.program else {
        return;
    };
    if answers.to == Recipients::None {
        return;
    }
    let mut told = None;
    loop {
        match program.owes_since() {
            Some(since) if told != Some(since) => {
                sleep_until(since + answers.silence).await;
                if program.owes_since() == Some(since) {
                    told = Some(since);
                    shared
                        .tell(
                            NoticeScope::Program,
                            &Notice::ProgramSilent(answers.silence),
                        )
                        .await;
                }
            }
            _ => program.asked().await,
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
                    .tell(NoticeScope::Program, &Notice::ProgramTooLong(limit))
                    .await;
            }
        }
    }
}

/// Sends a line as a text message, or as a binary one if it is no text.
async fn pass_on(shared: &Shared, asker: Option<u64>, line: &[u8]) {
    let address = match address(shared, asker, line) {
        Ok(address) => address,
        Err(note) => return shared.tell(NoticeScope::Program, &note).await,
    };
    let is_text = std::str::from_utf8(line).is_ok();
    let opcode = if is_text {
        Opcode::TEXT
    } else {
        Opcode::BINARY
    };
    let letter = SharedMessage::new(opcode, line);
    let mut delivery = shared.hub.deliver(&letter, &address);
    for number in delivery.overflowing {
        shared
            .tell(NoticeScope::Connection(number), &Notice::Unread)
            .await;
    }
    let missed = match &address {
        Address::Named(name) => Notice::NobodyNamed(name),
        _ => Notice::ProgramUnasked(line),
    };
    // A line for everyone is fine even if there is nobody.
    if !delivery.has_receiver && matches!(address, Address::Named(_) | Address::Only(_)) {
        shared.tell(NoticeScope::Program, &missed).await;
    }
    delivery.crowded.dissolve().await;
}

/// Whom a line is for.
fn address<'a>(shared: &Shared, asker: Option<u64>, line: &'a [u8]) -> Result<Address, Notice<'a>> {
    let answers = &shared.config.answers;
    match (answers.to, asker) {
        (Recipients::All, _) => Ok(Address::All),
        (Recipients::Sender, Some(asker)) => Ok(Address::Only(asker)),
        (Recipients::Others, Some(asker)) => Ok(Address::Except(asker)),
        (Recipients::Addressee, _) => addressee(line, &answers.addressee_fields)
            .map(Address::Named)
            .map_err(Notice::Unaddressed),
        (Recipients::None, _) | (Recipients::Sender | Recipients::Others, None) => {
            Err(Notice::ProgramUnasked(line))
        }
    }
}

/// Prints its complaints.
async fn complain(shared: Rc<Shared>, stderr: ChildStderr) {
    let mut lines = Lines::new(stderr, MAX_ERROR);
    while let Some(line) = lines.next().await {
        let note = match &line {
            Line::Whole(line) => Notice::ProgramError(line),
            Line::TooLong => Notice::ProgramTooLong(MAX_ERROR),
        };
        shared.tell(NoticeScope::Program, &note).await;
    }
}
