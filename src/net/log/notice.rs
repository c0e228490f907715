//! Notices: what a user must know about messages, the program and the server, and for which the
//! protocol has no rule.

use std::fmt;
use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use crate::reply::RecipientError;
use crate::ws::handshake::DeclineReason;

/// A line of the log that is not an event of the protocol.
#[derive(Debug)]
pub enum Notice<'a> {
    /// A message, or a line of the program, does not name its recipient.
    NoRecipient(RecipientError),
    /// The named recipient is not connected.
    UnknownRecipient(&'a str),
    /// The connection does not read what is sent to it.
    SlowReader,
    /// It reads again; the number of messages that were dropped.
    ReadsAgain(u64),
    /// The server supports compression, and the offer of the client does not allow it.
    NotCompressed(&'a DeclineReason),
    /// A message cannot be a line for the program.
    NotALine,
    /// The program wrote this line to its standard error.
    ProgramError(&'a [u8]),
    /// The program does not read its input, or does not reply.
    ProgramSlow,
    /// The program keeps up again; the number of messages that it did not get.
    ProgramKeepsUp(u64),
    /// The program has not replied for this time.
    ProgramSilent(Duration),
    /// The program has closed its standard input.
    ProgramInputClosed,
    /// The program wrote a line that has no recipient.
    ProgramUnasked(&'a [u8]),
    /// The program wrote a line of more than this many bytes.
    ProgramLineTooLong(usize),
    /// The program has exited.
    ProgramExited(ExitStatus),
    /// The program did not exit when its input ended, and was killed.
    ProgramKilled,
    /// New connections wait; the error of the operating system.
    CannotAccept(String),
    /// New connections are accepted again.
    AcceptsAgain,
    /// The outputs were too slow for this time, in which clients waited; the number of events that
    /// were dropped.
    LogUnread(Duration, u64),
    /// The program prints more than this many lines a second that nothing asked for.
    ProgramFloods(u32),
    /// The record ends here; the error of the operating system.
    RecordFailed(String),
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeScope {
    /// A connection, by its number.
    Connection(u64),
    /// The program that replies.
    Program,
    /// The server as a whole.
    Server,
}

impl Notice<'_> {
    /// The value of `name` in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NoRecipient(_) => "unaddressed",
            Self::UnknownRecipient(_) => "unknown-recipient",
            Self::SlowReader => "unread",
            Self::ReadsAgain(_) => "read-again",
            Self::NotCompressed(_) => "uncompressed",
            Self::NotALine => "no-line",
            Self::ProgramError(_) => "program-stderr",
            Self::ProgramSlow => "program-slow",
            Self::ProgramKeepsUp(_) => "program-keeps-up",
            Self::ProgramSilent(_) => "program-silent",
            Self::ProgramInputClosed => "program-input-closed",
            Self::ProgramUnasked(_) => "program-unasked",
            Self::ProgramLineTooLong(_) => "program-too-long",
            Self::ProgramExited(_) => "program-ended",
            Self::ProgramKilled => "program-killed",
            Self::CannotAccept(_) => "cannot-accept",
            Self::AcceptsAgain => "accepts-again",
            Self::LogUnread(..) => "log-unread",
            Self::ProgramFloods(_) => "program-floods",
            Self::RecordFailed(_) => "record-failed",
        }
    }
}

impl fmt::Display for Notice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecipient(error) => write!(f, "not sent: {error}"),
            Self::UnknownRecipient(name) => {
                write!(f, "not sent: no connection is named `{name}`")
            }
            Self::SlowReader => f.write_str(
                "the client does not read what it is sent; until it does, messages for it \
                 are dropped",
            ),
            Self::ReadsAgain(dropped) => {
                write!(f, "the client reads again; {} dropped", messages(*dropped))
            }
            Self::NotCompressed(why) => write!(f, "nothing is compressed: {why}"),
            Self::NotALine => {
                f.write_str("not sent to the program: a binary message is not a line")
            }
            Self::ProgramError(line) => f.write_str(&String::from_utf8_lossy(line)),
            Self::ProgramSlow => f.write_str(
                "the program does not keep up; until it does, messages are not sent to it",
            ),
            Self::ProgramKeepsUp(refused) => {
                let count = messages(*refused);
                write!(f, "the program keeps up again; {count} not sent to it")
            }
            Self::ProgramSilent(time) => write!(
                f,
                "the program has not replied for {} s; does it flush each line it prints?",
                time.as_secs_f64()
            ),
            Self::ProgramInputClosed => f.write_str(
                "the program has closed its standard input; messages get no reply from now on",
            ),
            Self::ProgramUnasked(line) => {
                write!(f, "no recipient for: {}", String::from_utf8_lossy(line))
            }
            Self::ProgramLineTooLong(limit) => {
                write!(f, "skipped a line of more than {limit} bytes")
            }
            Self::ProgramExited(status) => write!(
                f,
                "the program has exited ({status}); messages get no reply from now on"
            ),
            Self::ProgramKilled => {
                f.write_str("the program did not exit when its input ended, and was killed")
            }
            Self::CannotAccept(why) => write!(
                f,
                "cannot accept connections: {why}; open connections are served, new ones wait"
            ),
            Self::AcceptsAgain => f.write_str("accepts connections again"),
            Self::LogUnread(waited, dropped) => {
                let seconds = waited.as_secs_f64();
                write!(
                    f,
                    "the log or the record was not read: clients waited for {seconds:.1} s"
                )?;
                match dropped {
                    0 => Ok(()),
                    1 => f.write_str("; 1 event is missing above"),
                    _ => write!(f, "; {dropped} events are missing above"),
                }
            }
            Self::ProgramFloods(limit) => write!(
                f,
                "the program prints more than {limit} lines a second that nothing asked for; it \
                 is slowed down"
            ),
            Self::RecordFailed(why) => write!(
                f,
                "cannot write the record: {why}; the rest is not recorded"
            ),
        }
    }
}

fn messages(count: u64) -> String {
    match count {
        1 => "1 message was".to_owned(),
        _ => format!("{count} messages were"),
    }
}

/// The text of an I/O error, without the number that the operating system has for it.
pub(in crate::net) fn io_error_text(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error ").unwrap_or(text.len());
    text.get(..end).unwrap_or_default().to_owned()
}
