//! The program that replies instead of the server: a line in for each message, a line out for
//! each reply.
//!
//! Its queue is bounded, and no connection waits for it: a message that does not fit is dropped,
//! and the log says so. The server continues when the program exits.

mod lines;
mod process;
mod queue;
mod rate;

use std::rc::Rc;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::{ChildStderr, ChildStdin, ChildStdout};
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until, timeout};

pub(super) use process::{EXIT_TIMEOUT, ProgramProcess};
pub(super) use queue::ProgramQueue;

use super::context::{NetContext, now};
use super::log::{Notice, NoticeScope};
use super::relay::{Address, Relay, SharedMessage};
use crate::reply::{Recipients, recipient};
use crate::ws::Opcode;
use lines::{ProgramLine, ProgramLineReader};
use queue::ProgramReply;
use rate::LineRate;

/// The longest line of its standard error, in bytes.
const MAX_ERROR_LINE: usize = 8 << 10;

/// How long its output is read after it has exited: a process that it started may hold the
/// output open.
pub(super) const OUTPUT_DRAIN_TIMEOUT: Duration = Duration::from_millis(200);

/// The program of a server, and where its replies go.
pub(super) struct Program {
    pub(super) context: Rc<NetContext>,
    pub(super) relay: Rc<Relay>,
    pub(super) queue: Rc<ProgramQueue>,
    /// The recipients of its replies.
    pub(super) recipients: Recipients,
    /// The fields of a JSON reply that name its recipient.
    pub(super) recipient_fields: Vec<String>,
    /// After which time without a reply the log says so.
    pub(super) silence: Duration,
}

impl Program {
    /// Passes lines to and from the program until it exits or the server stops, and ends all its
    /// processes.
    pub(super) async fn run(self, mut process: ProgramProcess) {
        let program = Rc::new(self);
        let mut input = JoinSet::new();
        let mut output = JoinSet::new();
        if let Some(stdin) = process.child.stdin.take() {
            input.spawn_local(Rc::clone(&program).write_stdin(stdin));
        }
        input.spawn_local(Rc::clone(&program).report_slow_replies());
        if let Some(stdout) = process.child.stdout.take() {
            output.spawn_local(Rc::clone(&program).read_stdout(stdout));
        }
        if let Some(stderr) = process.child.stderr.take() {
            output.spawn_local(Rc::clone(&program).read_stderr(stderr));
        }
        let status = tokio::select! {
            status = process.wait() => status.ok(),
            () = program.context.stop.stopped() => None,
        };
        let drain = async || {
            drop(input);
            let _ = timeout(OUTPUT_DRAIN_TIMEOUT, output.join_all()).await;
        };
        if let Some(status) = status {
            drain().await;
            program.queue.close_input();
            program.notify(&Notice::ProgramExited(status));
            process.end_rest().await;
        } else {
            if process.end().await {
                program.notify(&Notice::ProgramKilled);
            }
            drain().await;
        }
    }

    /// Writes the queued lines to its standard input, until the server stops.
    async fn write_stdin(self: Rc<Self>, mut stdin: ChildStdin) {
        loop {
            let written = tokio::select! {
                written = async { stdin.write_all(&self.queue.next_lines().await).await } => written,
                () = self.context.stop.stopped() => return,
            };
            if written.is_err() {
                self.queue.close_input();
                // If it has exited, that is reported instead, and this task is dropped.
                sleep(OUTPUT_DRAIN_TIMEOUT).await;
                return self.notify(&Notice::ProgramInputClosed);
            }
        }
    }

    /// Reports when a reply takes too long, once until the next reply.
    async fn report_slow_replies(self: Rc<Self>) {
        if self.recipients == Recipients::None {
            return;
        }
        let mut reported = None;
        loop {
            match self.queue.waiting_since() {
                Some(since) if reported != Some(since) => {
                    sleep_until(since + self.silence).await;
                    if self.queue.waiting_since() == Some(since) {
                        reported = Some(since);
                        self.notify(&Notice::ProgramSilent(self.silence));
                    }
                }
                _ => self.queue.line_sent().await,
            }
        }
    }

    /// Delivers the lines of its standard output.
    async fn read_stdout(self: Rc<Self>, stdout: ChildStdout) {
        let limit = self.context.limits.max_message;
        let mut lines = ProgramLineReader::new(stdout, limit);
        let mut rate = LineRate::default();
        while let Some(line) = lines.next().await {
            let ProgramReply { asker, is_asked } = self.queue.reply_received(now());
            if !is_asked {
                self.slow_down(&mut rate).await;
            }
            self.context.log.wait_for_room().await;
            match line {
                ProgramLine::Whole(line) => self.deliver_line(asker, &line).await,
                ProgramLine::TooLong => self.notify(&Notice::ProgramLineTooLong(limit)),
            }
        }
    }

    /// Sends a line as a text message, or as a binary one if it is not UTF-8.
    async fn deliver_line(&self, asker: Option<u64>, line: &[u8]) {
        let address = match self.address(asker, line) {
            Ok(address) => address,
            Err(notice) => return self.notify(&notice),
        };
        let opcode = match std::str::from_utf8(line) {
            Ok(_) => Opcode::TEXT,
            Err(_) => Opcode::BINARY,
        };
        let message = SharedMessage::new(opcode, line.to_vec());
        let mut report = self.relay.deliver(&message, &address, now());
        for number in report.overflowing {
            let scope = NoticeScope::Connection(number);
            self.context.notify(scope, &Notice::SlowReader);
        }
        if !report.has_receiver {
            match &address {
                Address::Named(name) => self.notify(&Notice::UnknownRecipient(name)),
                Address::Only(_) => self.notify(&Notice::ProgramUnasked(line)),
                // A line for all connections is fine without any.
                Address::All | Address::Except(_) => {}
            }
        }
        report.slow_receivers.wait_for_room().await;
    }

    /// The recipients of a line; `asker` is the connection that it replies to.
    fn address<'a>(&self, asker: Option<u64>, line: &'a [u8]) -> Result<Address, Notice<'a>> {
        match (self.recipients, asker) {
            (Recipients::All, _) => Ok(Address::All),
            (Recipients::Sender, Some(asker)) => Ok(Address::Only(asker)),
            (Recipients::Others, Some(asker)) => Ok(Address::Except(asker)),
            (Recipients::Addressee, _) => recipient(line, &self.recipient_fields)
                .map(Address::Named)
                .map_err(Notice::NoRecipient),
            (Recipients::None, _) | (Recipients::Sender | Recipients::Others, None) => {
                Err(Notice::ProgramUnasked(line))
            }
        }
    }

    /// Copies the lines of its standard error to the log.
    async fn read_stderr(self: Rc<Self>, stderr: ChildStderr) {
        let mut lines = ProgramLineReader::new(stderr, MAX_ERROR_LINE);
        let mut rate = LineRate::default();
        while let Some(line) = lines.next().await {
            self.slow_down(&mut rate).await;
            self.context.log.wait_for_room().await;
            let notice = match &line {
                ProgramLine::Whole(line) => Notice::ProgramError(line),
                ProgramLine::TooLong => Notice::ProgramLineTooLong(MAX_ERROR_LINE),
            };
            self.notify(&notice);
        }
    }

    /// Waits if the program prints too fast. Then its pipe fills, and it waits too.
    async fn slow_down(&self, rate: &mut LineRate) {
        let Some(pause) = rate.line_printed(now()) else {
            return;
        };
        if pause.is_first {
            self.notify(&Notice::ProgramFloods(LineRate::LIMIT));
        }
        sleep_until(pause.end).await;
    }

    fn notify(&self, notice: &Notice<'_>) {
        self.context.notify(NoticeScope::Program, notice);
    }
}
