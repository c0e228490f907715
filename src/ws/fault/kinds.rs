//! The table of faults, and the parser of `--fault` values such as `close-after=3:1011%50`.

use std::fmt;
use std::str::FromStr;

use crate::ws::{CloseCode, Opcode};

/// A value of `--fault`: a kind, its argument and a probability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InjectedFault {
    /// What it does.
    pub kind: InjectedFaultKind,
    /// In how many of 100 cases it acts, from 1 to 100.
    pub percent: u8,
    /// The value as the user wrote it.
    words: String,
}

/// What a fault does, with its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InjectedFaultKind {
    /// Refuse the request with this status.
    Reject(u16),
    /// Send a wrong `Sec-WebSocket-Accept`.
    BadAccept,
    /// Send no `Sec-WebSocket-Accept`.
    NoAccept,
    /// Send a frame in the same write as the 101.
    Glue,
    /// Delay each write by this many milliseconds.
    Delay(u64),
    /// Write at most this many bytes at once.
    Split(usize),
    /// Send messages in fragments of this many bytes.
    Fragment(usize),
    /// Mask frames.
    Mask,
    /// Set RSV1 on messages.
    Rsv1,
    /// Send messages with this opcode.
    Opcode(Opcode),
    /// Replace a byte of a text message by ff.
    BadUtf8,
    /// Write lengths in the 64-bit form.
    LongLength,
    /// Send an HTTP response instead of a message.
    Http,
    /// Answer no ping.
    NoPong,
    /// Answer pings with another payload.
    WrongPong,
    /// Close after this many messages, with this code.
    CloseAfter(u64, CloseCode),
    /// Send close frames with this code.
    CloseCode(CloseCode),
    /// Send no close frame.
    NoClose,
    /// End the stream (FIN) after this many messages.
    DropAfter(u64),
    /// Reset the connection (RST) after this many messages.
    ResetAfter(u64),
    /// Send half of a message, then end the stream (FIN).
    Truncate,
    /// Send half of a message, then nothing.
    Stall,
}

/// A row of [`FAULTS`].
#[derive(Debug)]
pub struct FaultInfo {
    /// The name in `--fault`.
    pub name: &'static str,
    /// The form of the argument, as `=N`; empty if the fault takes none.
    pub argument: &'static str,
    /// What the server does: at most 46 characters, a column of the help.
    pub does: &'static str,
    /// What a client does or shows then: at most 46 characters.
    pub shows: &'static str,
    /// The id of the catalogue rule that a client may report, if there is one.
    pub rule: Option<&'static str>,
    parse: ParseKind,
}

/// How the kind is parsed from the argument.
#[derive(Debug)]
enum ParseKind {
    /// The fault takes no argument.
    NoArgument(InjectedFaultKind),
    /// The parser of the argument, and what it expects.
    Argument(fn(&str) -> Option<InjectedFaultKind>, &'static str),
}

impl FaultInfo {
    const fn without_argument(name: &'static str, kind: InjectedFaultKind) -> Self {
        Self::new(name, "", ParseKind::NoArgument(kind))
    }

    const fn with_argument(
        name: &'static str,
        argument: &'static str,
        parse: fn(&str) -> Option<InjectedFaultKind>,
        expected: &'static str,
    ) -> Self {
        Self::new(name, argument, ParseKind::Argument(parse, expected))
    }

    const fn new(name: &'static str, argument: &'static str, parse: ParseKind) -> Self {
        Self {
            name,
            argument,
            does: "",
            shows: "",
            rule: None,
            parse,
        }
    }

    const fn does(mut self, does: &'static str) -> Self {
        self.does = does;
        self
    }

    const fn shows(mut self, shows: &'static str) -> Self {
        self.shows = shows;
        self
    }

    const fn breaks(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }
}

/// All faults: those of the handshake, of writes, of messages, of control frames, of the end.
pub static FAULTS: [FaultInfo; 22] = [
    FaultInfo::with_argument(
        "reject",
        "=STATUS",
        parse_status,
        "a status from 200 to 599",
    )
    .does("answer the request with STATUS")
    .shows("the client fails; browsers show 1006 only")
    .breaks("resp-status"),
    FaultInfo::without_argument("bad-accept", InjectedFaultKind::BadAccept)
        .does("answer with a wrong Sec-WebSocket-Accept")
        .shows("the client fails: the accept value is wrong")
        .breaks("accept-wrong"),
    FaultInfo::without_argument("no-accept", InjectedFaultKind::NoAccept)
        .does("answer without Sec-WebSocket-Accept")
        .shows("the client fails: the header is missing")
        .breaks("accept-missing"),
    FaultInfo::without_argument("glue", InjectedFaultKind::Glue)
        .does("send a message in one write with the 101")
        .shows("clients that drop bytes after the 101 lose it")
        .breaks("resp-frame-glued"),
    FaultInfo::with_argument("delay", "=MS", parse_delay, "milliseconds, up to 3600000")
        .does("delay each write by MS milliseconds")
        .shows("a client with time-outs reports them"),
    FaultInfo::with_argument("split", "=N", parse_split, "a number of bytes, at least 1")
        .does("write N bytes at a time, a millisecond apart")
        .shows("clients that assume one read is one frame fail")
        .breaks("read-is-not-frame"),
    FaultInfo::with_argument(
        "fragment",
        "=N",
        parse_fragment,
        "a number of bytes, at least 1",
    )
    .does("send messages in fragments of N bytes")
    .shows("clients that ignore FIN show pieces")
    .breaks("fragments-ignored-by-receiver"),
    FaultInfo::without_argument("mask", InjectedFaultKind::Mask)
        .does("mask frames, as only a client must")
        .shows("the client closes with 1002")
        .breaks("server-masks"),
    FaultInfo::without_argument("rsv1", InjectedFaultKind::Rsv1)
        .does("set RSV1, as if the message were compressed")
        .shows("the client closes with 1002")
        .breaks("rsv1-not-negotiated"),
    FaultInfo::with_argument("opcode", "=N", parse_opcode, "an opcode from 0 to 15")
        .does("send messages with opcode N")
        .shows("the client closes with 1002 if N is reserved")
        .breaks("rsv23-or-opcode"),
    FaultInfo::without_argument("bad-utf8", InjectedFaultKind::BadUtf8)
        .does("replace a byte of a text message with ff")
        .shows("the client closes with 1007")
        .breaks("text-not-utf8"),
    FaultInfo::without_argument("long-length", InjectedFaultKind::LongLength)
        .does("write every length in 64 bits")
        .shows("Chrome closes with 1002")
        .breaks("len64-not-minimal"),
    FaultInfo::without_argument("http", InjectedFaultKind::Http)
        .does("send an HTTP error page instead of a message")
        .shows("the client closes with 1002: not a frame")
        .breaks("http-in-stream"),
    FaultInfo::without_argument("no-pong", InjectedFaultKind::NoPong)
        .does("answer no ping")
        .shows("clients that send pings time out")
        .breaks("ping-without-pong"),
    FaultInfo::without_argument("wrong-pong", InjectedFaultKind::WrongPong)
        .does("answer pings with another payload")
        .shows("clients that compare payloads time out")
        .breaks("pong-wrong-payload"),
    FaultInfo::with_argument(
        "close-after",
        "=N[:CODE]",
        parse_close_after,
        "a number of messages, optionally a colon and a close code",
    )
    .does("close after N messages, with CODE or 1001")
    .shows("the client reports the code"),
    FaultInfo::with_argument(
        "close-code",
        "=CODE",
        parse_close_code,
        "a number from 0 to 65535",
    )
    .does("write CODE into every close frame")
    .shows("the client reports the code; 1002 if reserved")
    .breaks("close-reserved-code"),
    FaultInfo::without_argument("no-close", InjectedFaultKind::NoClose)
        .does("send no close frame, keep the connection open")
        .shows("the client closes, times out and reports 1006")
        .breaks("close-not-completed"),
    FaultInfo::with_argument("drop-after", "=N", parse_drop_after, "a number of messages")
        .does("end the stream (FIN) after N messages")
        .shows("the client reports 1006 or an unexpected end")
        .breaks("close-not-completed"),
    FaultInfo::with_argument(
        "reset-after",
        "=N",
        parse_reset_after,
        "a number of messages",
    )
    .does("reset the connection (RST) after N messages")
    .shows("the client reports 1006 or a reset")
    .breaks("close-not-completed"),
    FaultInfo::without_argument("truncate", InjectedFaultKind::Truncate)
        .does("send half of a message, end the stream (FIN)")
        .shows("the client reports 1006 and no message")
        .breaks("len-beyond-data"),
    FaultInfo::without_argument("stall", InjectedFaultKind::Stall)
        .does("send half of a message, then nothing")
        .shows("the client waits until a time-out"),
];

impl InjectedFault {
    /// The fault `no-pong`: no ping is answered.
    pub fn no_pong() -> Self {
        Self {
            kind: InjectedFaultKind::NoPong,
            percent: 100,
            words: "no-pong".to_owned(),
        }
    }

    /// Whether it makes random choices, so that the seed matters.
    pub const fn is_random(&self) -> bool {
        self.percent < 100
            || matches!(
                self.kind,
                InjectedFaultKind::Mask | InjectedFaultKind::BadUtf8
            )
    }
}

impl fmt::Display for InjectedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl FromStr for InjectedFault {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        let (rest, percent) = match words.rsplit_once('%') {
            None => (words, 100),
            Some((rest, percent)) => (rest, percentage(percent)?),
        };
        let (name, argument) = match rest.split_once('=') {
            None => (rest, None),
            Some((name, argument)) => (name, Some(argument)),
        };
        let info = FAULTS.iter().find(|info| info.name == name);
        let info = info.ok_or_else(unknown_name)?;
        let kind = match (&info.parse, argument) {
            (ParseKind::NoArgument(kind), None) => *kind,
            (ParseKind::NoArgument(_), Some(_)) => {
                return Err(format!("`{name}` takes no argument"));
            }
            (ParseKind::Argument(parse, expected), argument) => argument
                .and_then(parse)
                .ok_or_else(|| format!("expected {name}{}: {expected}", info.argument))?,
        };
        let words = words.to_owned();
        Ok(Self {
            kind,
            percent,
            words,
        })
    }
}

/// The error for a name that is not in the table.
fn unknown_name() -> String {
    let all = FAULTS
        .iter()
        .map(|info| [info.name, info.argument].concat());
    format!("the faults are {}", all.collect::<Vec<_>>().join(", "))
}

/// Parses the text after `%`.
fn percentage(text: &str) -> Result<u8, String> {
    let percent = text.parse().ok();
    percent
        .filter(|percent| (1..=100).contains(percent))
        .ok_or_else(|| "expected a number from 1 to 100 after `%`".to_owned())
}

fn parse_status(text: &str) -> Option<InjectedFaultKind> {
    let status = text.parse().ok()?;
    (200..=599)
        .contains(&status)
        .then_some(InjectedFaultKind::Reject(status))
}

fn parse_delay(text: &str) -> Option<InjectedFaultKind> {
    let milliseconds = text.parse().ok()?;
    (milliseconds <= 3_600_000).then_some(InjectedFaultKind::Delay(milliseconds))
}

fn parse_split(text: &str) -> Option<InjectedFaultKind> {
    at_least_one(text).map(InjectedFaultKind::Split)
}

fn parse_fragment(text: &str) -> Option<InjectedFaultKind> {
    at_least_one(text).map(InjectedFaultKind::Fragment)
}

fn at_least_one(text: &str) -> Option<usize> {
    text.parse().ok().filter(|number| *number > 0)
}

fn parse_opcode(text: &str) -> Option<InjectedFaultKind> {
    let value = match text.strip_prefix("0x") {
        Some(digits) => u8::from_str_radix(digits, 16).ok()?,
        None => text.parse().ok()?,
    };
    Opcode::new(value).map(InjectedFaultKind::Opcode)
}

fn parse_close_after(text: &str) -> Option<InjectedFaultKind> {
    let (count, code) = match text.split_once(':') {
        None => (text, CloseCode::GOING_AWAY),
        Some((count, code)) => (count, CloseCode(code.parse().ok()?)),
    };
    Some(InjectedFaultKind::CloseAfter(count.parse().ok()?, code))
}

fn parse_close_code(text: &str) -> Option<InjectedFaultKind> {
    text.parse()
        .ok()
        .map(CloseCode)
        .map(InjectedFaultKind::CloseCode)
}

fn parse_drop_after(text: &str) -> Option<InjectedFaultKind> {
    text.parse().ok().map(InjectedFaultKind::DropAfter)
}

fn parse_reset_after(text: &str) -> Option<InjectedFaultKind> {
    text.parse().ok().map(InjectedFaultKind::ResetAfter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(words: &str) -> InjectedFaultKind {
        words.parse::<InjectedFault>().unwrap().kind
    }

    #[test]
    fn a_fault_has_a_name_an_argument_and_a_percentage() {
        assert_eq!(kind("mask"), InjectedFaultKind::Mask);
        assert_eq!(kind("reject=503"), InjectedFaultKind::Reject(503));
        assert_eq!(
            kind("close-after=3"),
            InjectedFaultKind::CloseAfter(3, CloseCode::GOING_AWAY)
        );
        assert_eq!(
            kind("close-after=0:1011"),
            InjectedFaultKind::CloseAfter(0, CloseCode(1011))
        );
        assert_eq!(kind("opcode=0xb"), kind("opcode=11"));
        let fault: InjectedFault = "delay=200%5".parse().unwrap();
        assert_eq!(
            (fault.kind, fault.percent),
            (InjectedFaultKind::Delay(200), 5)
        );
        assert_eq!(fault.to_string(), "delay=200%5");
    }

    #[test]
    fn an_invalid_fault_has_an_error_that_lists_what_is_valid() {
        let error = |words: &str| words.parse::<InjectedFault>().unwrap_err();
        assert!(error("maks").starts_with("the faults are reject=STATUS, bad-accept, "));
        assert_eq!(error("mask=1"), "`mask` takes no argument");
        assert_eq!(
            error("split=0"),
            "expected split=N: a number of bytes, at least 1"
        );
        assert_eq!(
            error("reject"),
            "expected reject=STATUS: a status from 200 to 599"
        );
        assert_eq!(error("reject=101"), error("reject=x"));
        assert_eq!(error("mask%0"), "expected a number from 1 to 100 after `%`");
    }

    #[test]
    fn the_descriptions_of_a_fault_fit_into_a_column_of_the_help() {
        for FaultInfo {
            name, does, shows, ..
        } in &FAULTS
        {
            assert!((1..=46).contains(&does.len()), "{name}");
            assert!((1..=46).contains(&shows.len()), "{name}");
        }
    }
}
