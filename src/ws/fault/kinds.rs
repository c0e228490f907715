//! The faults, in one table: their names, what they do, and which rule they break.

use std::fmt;
use std::str::FromStr;

use crate::ws::{CloseCode, Opcode};

/// A fault as it was asked for: `close-after=3:1011%50`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InjectedFault {
    /// What it does.
    pub kind: InjectedFaultKind,
    /// In how many of a hundred cases it acts, 1 to 100.
    pub percent: u8,
    /// The words it was asked for with.
    words: String,
}

/// What a fault does, with its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InjectedFaultKind {
    /// The request is refused with this status.
    Reject(u16),
    /// The accept value is wrong.
    BadAccept,
    /// There is no accept value.
    NoAccept,
    /// A first frame is in the same write as the 101.
    Glue,
    /// Each write waits so many milliseconds.
    Delay(u64),
    /// Writes are of so many bytes.
    Split(usize),
    /// Messages are in fragments of so many bytes.
    Fragment(usize),
    /// Frames are masked.
    Mask,
    /// Messages have RSV1.
    Rsv1,
    /// Messages have this opcode.
    Opcode(Opcode),
    /// An byte of a text message is ff.
    BadUtf8,
    /// Lengths are in 64 bits.
    LongLength,
    /// A page of HTTP stands where a message should.
    Http,
    /// Pings are not answered.
    NoPong,
    /// Pongs have another payload than their pings.
    WrongPong,
    /// After so many messages the server closes, with this code.
    CloseAfter(u64, CloseCode),
    /// Close frames have this code.
    CloseCode(CloseCode),
    /// No close frame is sent.
    NoClose,
    /// After so many messages the server hangs up.
    DropAfter(u64),
    /// After so many messages the server resets the connection.
    ResetAfter(u64),
    /// Half of a message, and the server hangs up.
    Truncate,
    /// Half of a message, and then nothing.
    Stall,
}

/// A row of the table.
#[derive(Debug)]
pub struct FaultInfo {
    /// Its name.
    pub name: &'static str,
    /// How its argument is written, or nothing: `=N`.
    pub argument: &'static str,
    /// What the server does, in a few words.
    pub does: &'static str,
    /// What that shows in a client.
    pub shows: &'static str,
    /// The rule of the catalogue that a client may name for it.
    pub rule: Option<&'static str>,
    make: Make,
}

/// How a kind is made of its argument.
#[derive(Debug)]
enum Make {
    Plain(InjectedFaultKind),
    /// Of a text, or what is expected instead of it.
    Of(fn(&str) -> Option<InjectedFaultKind>, &'static str),
}

impl FaultInfo {
    const fn plain(name: &'static str, kind: InjectedFaultKind) -> Self {
        Self::with(name, "", Make::Plain(kind))
    }

    const fn of(
        name: &'static str,
        argument: &'static str,
        make: fn(&str) -> Option<InjectedFaultKind>,
        expected: &'static str,
    ) -> Self {
        Self::with(name, argument, Make::Of(make, expected))
    }

    const fn with(name: &'static str, argument: &'static str, make: Make) -> Self {
        Self {
            name,
            argument,
            does: "",
            shows: "",
            rule: None,
            make,
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

/// All kinds, in the order of a connection.
pub static FAULTS: [FaultInfo; 22] = [
    FaultInfo::of("reject", "=STATUS", status, "a status from 200 to 599")
        .does("answer the request with STATUS")
        .shows("no connection; browsers hide the status: 1006")
        .breaks("resp-status"),
    FaultInfo::plain("bad-accept", InjectedFaultKind::BadAccept)
        .does("answer with a wrong Sec-WebSocket-Accept")
        .shows("no connection: the accept value is wrong")
        .breaks("accept-wrong"),
    FaultInfo::plain("no-accept", InjectedFaultKind::NoAccept)
        .does("answer without Sec-WebSocket-Accept")
        .shows("no connection: the header is missing")
        .breaks("accept-missing"),
    FaultInfo::plain("glue", InjectedFaultKind::Glue)
        .does("send a message in one write with the 101")
        .shows("clients that drop bytes after the 101 lose it")
        .breaks("resp-frame-glued"),
    FaultInfo::of("delay", "=MS", delay, "milliseconds, up to 3600000")
        .does("delay each write by MS milliseconds")
        .shows("time-outs, if the client has any"),
    FaultInfo::of("split", "=N", split, "a number of bytes, at least 1")
        .does("write N bytes at a time, a millisecond apart")
        .shows("a client that takes a read for a frame fails")
        .breaks("read-is-not-frame"),
    FaultInfo::of("fragment", "=N", fragment, "a number of bytes, at least 1")
        .does("send messages in fragments of N bytes")
        .shows("a client that ignores FIN gets pieces")
        .breaks("fragments-ignored-by-receiver"),
    FaultInfo::plain("mask", InjectedFaultKind::Mask)
        .does("mask the frame, as only a client must")
        .shows("closed with 1002")
        .breaks("server-masks"),
    FaultInfo::plain("rsv1", InjectedFaultKind::Rsv1)
        .does("set RSV1, as if the message were compressed")
        .shows("closed with 1002")
        .breaks("rsv1-not-negotiated"),
    FaultInfo::of("opcode", "=N", opcode, "an opcode from 0 to 15")
        .does("send messages with opcode N")
        .shows("closed with 1002, if N is reserved")
        .breaks("rsv23-or-opcode"),
    FaultInfo::plain("bad-utf8", InjectedFaultKind::BadUtf8)
        .does("replace a byte of a text message with ff")
        .shows("closed with 1007")
        .breaks("text-not-utf8"),
    FaultInfo::plain("long-length", InjectedFaultKind::LongLength)
        .does("write every length in 64 bits")
        .shows("closed with 1002 by Chrome")
        .breaks("len64-not-minimal"),
    FaultInfo::plain("http", InjectedFaultKind::Http)
        .does("send an HTTP error page instead of a message")
        .shows("closed with 1002: not a frame")
        .breaks("http-in-stream"),
    FaultInfo::plain("no-pong", InjectedFaultKind::NoPong)
        .does("answer no ping")
        .shows("a client that pings times out")
        .breaks("ping-without-pong"),
    FaultInfo::plain("wrong-pong", InjectedFaultKind::WrongPong)
        .does("answer pings with another payload")
        .shows("as no-pong, if the client compares payloads")
        .breaks("pong-wrong-payload"),
    FaultInfo::of(
        "close-after",
        "=N[:CODE]",
        close_after,
        "a number of messages, and perhaps a close code behind a colon",
    )
    .does("close after N messages, with CODE or 1001")
    .shows("onclose with the code"),
    FaultInfo::of(
        "close-code",
        "=CODE",
        close_code,
        "a number from 0 to 65535",
    )
    .does("write CODE into every close frame")
    .shows("onclose with the code; 1002 if it is reserved")
    .breaks("close-reserved-code"),
    FaultInfo::plain("no-close", InjectedFaultKind::NoClose)
        .does("send no close frame, keep the connection open")
        .shows("a client that closes times out: 1006")
        .breaks("close-not-completed"),
    FaultInfo::of("drop-after", "=N", drop_after, "a number of messages")
        .does("end the stream (FIN) after N messages")
        .shows("1006, or an unexpected end of the stream")
        .breaks("close-not-completed"),
    FaultInfo::of("reset-after", "=N", reset_after, "a number of messages")
        .does("reset the connection (RST) after N messages")
        .shows("1006, connection reset by peer")
        .breaks("close-not-completed"),
    FaultInfo::plain("truncate", InjectedFaultKind::Truncate)
        .does("send half of a message, end the stream (FIN)")
        .shows("1006, and no message")
        .breaks("len-beyond-data"),
    FaultInfo::plain("stall", InjectedFaultKind::Stall)
        .does("send half of a message, then nothing")
        .shows("nothing until a time-out"),
];

impl InjectedFault {
    /// Whether it makes choices, which a seed repeats.
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
        let row = FAULTS.iter().find(|kind| kind.name == name);
        let row = row.ok_or_else(unknown)?;
        let kind = match (&row.make, argument) {
            (Make::Plain(kind), None) => *kind,
            (Make::Plain(_), Some(_)) => return Err(format!("`{name}` takes no argument")),
            (Make::Of(make, expected), argument) => argument
                .and_then(make)
                .ok_or_else(|| format!("expected {name}{}: {expected}", row.argument))?,
        };
        let words = words.to_owned();
        Ok(Self {
            kind,
            percent,
            words,
        })
    }
}

fn unknown() -> String {
    let all = FAULTS
        .iter()
        .map(|kind| [kind.name, kind.argument].concat());
    format!("the faults are {}", all.collect::<Vec<_>>().join(", "))
}

fn percentage(text: &str) -> Result<u8, String> {
    let percent = text.parse().ok();
    percent
        .filter(|percent| (1..=100).contains(percent))
        .ok_or_else(|| "behind `%` comes a chance from 1 to 100".to_owned())
}

fn status(text: &str) -> Option<InjectedFaultKind> {
    let status = text.parse().ok()?;
    (200..=599)
        .contains(&status)
        .then_some(InjectedFaultKind::Reject(status))
}

fn delay(text: &str) -> Option<InjectedFaultKind> {
    let milliseconds = text.parse().ok()?;
    (milliseconds <= 3_600_000).then_some(InjectedFaultKind::Delay(milliseconds))
}

fn split(text: &str) -> Option<InjectedFaultKind> {
    at_least_one(text).map(InjectedFaultKind::Split)
}

fn fragment(text: &str) -> Option<InjectedFaultKind> {
    at_least_one(text).map(InjectedFaultKind::Fragment)
}

fn at_least_one(text: &str) -> Option<usize> {
    text.parse().ok().filter(|number| *number > 0)
}

fn opcode(text: &str) -> Option<InjectedFaultKind> {
    let value = match text.strip_prefix("0x") {
        Some(digits) => u8::from_str_radix(digits, 16).ok()?,
        None => text.parse().ok()?,
    };
    Opcode::new(value).map(InjectedFaultKind::Opcode)
}

fn close_after(text: &str) -> Option<InjectedFaultKind> {
    let (count, code) = match text.split_once(':') {
        None => (text, CloseCode::GOING_AWAY),
        Some((count, code)) => (count, CloseCode(code.parse().ok()?)),
    };
    Some(InjectedFaultKind::CloseAfter(count.parse().ok()?, code))
}

fn close_code(text: &str) -> Option<InjectedFaultKind> {
    text.parse()
        .ok()
        .map(CloseCode)
        .map(InjectedFaultKind::CloseCode)
}

fn drop_after(text: &str) -> Option<InjectedFaultKind> {
    text.parse().ok().map(InjectedFaultKind::DropAfter)
}

fn reset_after(text: &str) -> Option<InjectedFaultKind> {
    text.parse().ok().map(InjectedFaultKind::ResetAfter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(words: &str) -> InjectedFaultKind {
        words.parse::<InjectedFault>().unwrap().kind
    }

    #[test]
    fn a_fault_is_a_name_an_argument_and_a_chance() {
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
    fn what_is_no_fault_says_what_would_be_one() {
        let sentence = |words: &str| words.parse::<InjectedFault>().unwrap_err();
        assert!(sentence("maks").starts_with("the faults are reject=STATUS, bad-accept, "));
        assert_eq!(sentence("mask=1"), "`mask` takes no argument");
        assert_eq!(
            sentence("split=0"),
            "expected split=N: a number of bytes, at least 1"
        );
        assert_eq!(
            sentence("reject"),
            "expected reject=STATUS: a status from 200 to 599"
        );
        assert_eq!(sentence("reject=101"), sentence("reject=x"));
        assert_eq!(
            sentence("mask%0"),
            "behind `%` comes a chance from 1 to 100"
        );
    }

    #[test]
    fn every_kind_says_all_that_it_should() {
        for FaultInfo {
            name, does, shows, ..
        } in &FAULTS
        {
            // Both fit into a column of the help.
            assert!((1..=46).contains(&does.len()), "{name}");
            assert!((1..=46).contains(&shows.len()), "{name}");
        }
    }
}
