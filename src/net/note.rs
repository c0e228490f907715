//! Notes for the log: what did not become of a message, and how the program and the server
//! do.

use std::fmt;
use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use crate::reply::RecipientError;
use crate::ws::handshake::DeclineReason;

/// Something that whoever watches should know. The protocol has no rule for it.
#[derive(Debug)]
pub enum Notice<'a> {
    /// A message, or a line of the program, does not say whom it is for.
    Unaddressed(RecipientError),
    /// It is for somebody who is not connected.
    NobodyNamed(&'a str),
    /// The connection does not read what it is sent.
    Unread,
    /// It reads again; how many messages were dropped.
    ReadAgain(u64),
    /// Nothing is compressed, though the server would.
    Uncompressed(&'a DeclineReason),
    /// A message cannot be a line for the program.
    NoLine,
    /// The program wrote this to its standard error.
    ProgramError(&'a [u8]),
    /// It does not take, or does not answer, what it is given.
    ProgramBehind,
    /// It does again; how many messages it was not given.
    ProgramBack(u64),
    /// It has said nothing for so long.
    ProgramSilent(Duration),
    /// It has closed its standard input.
    ProgramDeaf,
    /// It said a line that is for nobody.
    ProgramUnasked(&'a [u8]),
    /// It said a line longer than this many bytes.
    ProgramTooLong(usize),
    /// It has ended.
    ProgramEnded(ExitStatus),
    /// It did not end with its input, and was ended.
    ProgramKilled,
    /// Connections wait, for the system gives no more: what it says.
    CannotAccept(String),
    /// They are accepted again.
    AcceptsAgain,
    /// The recording ends here: what the system says.
    RecordFailed(String),
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeScope {
    /// A connection, by its number.
    Connection(u64),
    /// The program that answers.
    Program,
    /// The server as a whole.
    Server,
}

impl Notice<'_> {
    /// Its name, for a program.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unaddressed(_) => "unaddressed",
            Self::NobodyNamed(_) => "nobody-named",
            Self::Unread => "unread",
            Self::ReadAgain(_) => "read-again",
            Self::Uncompressed(_) => "uncompressed",
            Self::NoLine => "no-line",
            Self::ProgramError(_) => "program-stderr",
            Self::ProgramBehind => "program-behind",
            Self::ProgramBack(_) => "program-back",
            Self::ProgramSilent(_) => "program-silent",
            Self::ProgramDeaf => "program-deaf",
            Self::ProgramUnasked(_) => "program-unasked",
            Self::ProgramTooLong(_) => "program-too-long",
            Self::ProgramEnded(_) => "program-ended",
            Self::ProgramKilled => "program-killed",
            Self::CannotAccept(_) => "cannot-accept",
            Self::AcceptsAgain => "accepts-again",
            Self::RecordFailed(_) => "record-failed",
        }
    }
}

impl fmt::Display for Notice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unaddressed(fault) => write!(f, "not sent: {fault}"),
            Self::NobodyNamed(name) => write!(f, "not sent: nobody is called `{name}`"),
            Self::Unread => f.write_str(
                "the client does not read what it is sent; until it does, messages for it \
                 are dropped",
            ),
            Self::ReadAgain(dropped) => {
                write!(f, "the client reads again; {} dropped", messages(*dropped))
            }
            Self::Uncompressed(why) => write!(f, "nothing is compressed: {why}"),
            Self::NoLine => f.write_str("not given to the program: a binary message is no line"),
            Self::ProgramError(line) => f.write_str(&String::from_utf8_lossy(line)),
            Self::ProgramBehind => f.write_str(
                "the program does not keep up; until it does, messages are not given to it",
            ),
            Self::ProgramBack(refused) => {
                write!(
                    f,
                    "the program keeps up again; {} not given to it",
                    messages(*refused)
                )
            }
            Self::ProgramSilent(time) => {
                write!(
                    f,
                    "the program has not answered for {} s; does it flush each line it prints?",
                    time.as_secs_f64()
                )
            }
            Self::ProgramDeaf => f.write_str(
                "the program has closed its standard input; messages have no answer from now on",
            ),
            Self::ProgramUnasked(line) => {
                write!(f, "for nobody: {}", String::from_utf8_lossy(line))
            }
            Self::ProgramTooLong(limit) => {
                write!(f, "a line of more than {limit} bytes is left out")
            }
            Self::ProgramEnded(status) => write!(
                f,
                "the program has ended ({status}); messages have no answer from now on"
            ),
            Self::ProgramKilled => {
                f.write_str("the program did not end with its input, and was ended")
            }
            Self::CannotAccept(why) => write!(
                f,
                "cannot accept connections: {why}; who is connected is served, others wait"
            ),
            Self::AcceptsAgain => f.write_str("accepts connections again"),
            Self::RecordFailed(why) => {
                write!(
                    f,
                    "cannot write the record: {why}; the server goes on without it"
                )
            }
        }
    }
}

fn messages(count: u64) -> String {
    match count {
        1 => "1 message was".to_owned(),
        _ => format!("{count} messages were"),
    }
}

/// What the system says, without the number it has for it.
pub(super) fn in_words(error: &io::Error) -> String {
    let sentence = error.to_string();
    let end = sentence.find(" (os error ").unwrap_or(sentence.len());
    sentence.get(..end).unwrap_or_default().to_owned()
}
