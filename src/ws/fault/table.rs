//! The table of faults: their names, arguments and effects, for a server and for a client.
//!
//! The help, the completions, the pages of the rules and the parser of `--fault` read it.

use super::kinds::InjectedFaultKind;
use crate::ws::{CloseCode, MaskingKey, Opcode, Role};

/// A row of [`FAULTS`].
#[derive(Debug)]
pub struct FaultInfo {
    /// The name in `--fault`.
    pub name: &'static str,
    /// The form of the argument, as `=N`; empty if the fault takes none.
    pub argument: &'static str,
    /// What the sender does: at most 46 characters, a column of the help.
    pub does: &'static str,
    /// The effect in a client, if a server can do it: at most 46 characters.
    pub in_client: Option<&'static str>,
    /// The effect in a server, if a client can do it: at most 46 characters.
    pub in_server: Option<&'static str>,
    /// The id of the catalogue rule that the receiver may report, if there is one.
    pub rule: Option<&'static str>,
    pub(super) parse: ParseKind,
}

/// How the kind is parsed from the argument.
#[derive(Debug)]
pub(super) enum ParseKind {
    /// The fault takes no argument.
    NoArgument(InjectedFaultKind),
    /// The parser of the argument, and what it expects.
    Argument(fn(&str) -> Option<InjectedFaultKind>, &'static str),
}

impl FaultInfo {
    /// The name and the form of the argument: `split=N`.
    pub fn form(&self) -> String {
        [self.name, self.argument].concat()
    }

    /// The effect in the receiver; None if this sender cannot do it.
    pub const fn effect(&self, sender: Role) -> Option<&'static str> {
        match sender {
            Role::Server => self.in_client,
            Role::Client => self.in_server,
        }
    }

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
            in_client: None,
            in_server: None,
            rule: None,
            parse,
        }
    }

    const fn does(mut self, does: &'static str) -> Self {
        self.does = does;
        self
    }

    const fn in_client(mut self, effect: &'static str) -> Self {
        self.in_client = Some(effect);
        self
    }

    const fn in_server(mut self, effect: &'static str) -> Self {
        self.in_server = Some(effect);
        self
    }

    const fn breaks(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }
}

/// All faults: those of the handshake, of writes, of messages, of control frames, of the end.
pub static FAULTS: [FaultInfo; 27] = [
    FaultInfo::with_argument(
        "reject",
        "=STATUS",
        parse_status,
        "a status from 200 to 599",
    )
    .does("answer the request with STATUS")
    .in_client("the client fails; browsers show 1006 only")
    .breaks("resp-status"),
    FaultInfo::without_argument("bad-accept", InjectedFaultKind::BadAccept)
        .does("answer with a wrong Sec-WebSocket-Accept")
        .in_client("the client fails: the accept value is wrong")
        .breaks("accept-wrong"),
    FaultInfo::without_argument("no-accept", InjectedFaultKind::NoAccept)
        .does("answer without Sec-WebSocket-Accept")
        .in_client("the client fails: the header is missing")
        .breaks("accept-missing"),
    FaultInfo::without_argument("glue", InjectedFaultKind::Glue)
        .does("send a message in one write with the 101")
        .in_client("clients that drop bytes after the 101 lose it")
        .breaks("resp-frame-glued"),
    FaultInfo::with_argument(
        "wrong-version",
        "=N",
        parse_version,
        "a number from 0 to 255",
    )
    .does("ask for version N instead of 13")
    .in_server("the server refuses with 426 or 400")
    .breaks("req-version"),
    FaultInfo::without_argument("short-key", InjectedFaultKind::ShortKey)
        .does("send a Sec-WebSocket-Key of 8 bytes, not 16")
        .in_server("the server refuses with 400, or accepts it")
        .breaks("req-key-bad"),
    FaultInfo::without_argument("early-frames", InjectedFaultKind::EarlyFrames)
        .does("send a message right after the request")
        .in_server("servers read it after the 101, or lose it")
        .breaks("req-early-frames"),
    FaultInfo::with_argument("delay", "=MS", parse_delay, "milliseconds, up to 3600000")
        .does("delay each write by MS milliseconds")
        .in_client("a client with time-outs reports them")
        .in_server("a server with time-outs reports them"),
    FaultInfo::with_argument("split", "=N", parse_split, "a number of bytes, at least 1")
        .does("write N bytes at a time, a millisecond apart")
        .in_client("clients that assume one read is one frame fail")
        .in_server("servers that assume one read is one frame fail")
        .breaks("read-is-not-frame"),
    FaultInfo::with_argument(
        "fragment",
        "=N",
        parse_fragment,
        "a number of bytes, at least 1",
    )
    .does("send messages in fragments of N bytes")
    .in_client("clients that ignore FIN show pieces")
    .in_server("servers that ignore FIN see pieces")
    .breaks("fragments-ignored-by-receiver"),
    FaultInfo::without_argument("mask", InjectedFaultKind::Mask)
        .does("mask frames, as only a client must")
        .in_client("the client closes with 1002")
        .breaks("server-masks"),
    FaultInfo::without_argument("no-mask", InjectedFaultKind::NoMask)
        .does("send frames without a mask")
        .in_server("the server closes with 1002")
        .breaks("client-unmasked"),
    FaultInfo::with_argument("constant-key", "=KEY", parse_key, "8 hexadecimal digits")
        .does("mask all frames with KEY, such as 00000000")
        .in_server("the server does not notice it")
        .breaks("mask-key-weak"),
    FaultInfo::without_argument("rsv1", InjectedFaultKind::Rsv1)
        .does("set RSV1, as if the message were compressed")
        .in_client("the client closes with 1002")
        .in_server("the server closes with 1002")
        .breaks("rsv1-not-negotiated"),
    FaultInfo::with_argument("opcode", "=N", parse_opcode, "an opcode from 0 to 15")
        .does("send messages with opcode N")
        .in_client("the client closes with 1002 if N is reserved")
        .in_server("the server closes with 1002 if N is reserved")
        .breaks("rsv23-or-opcode"),
    FaultInfo::without_argument("bad-utf8", InjectedFaultKind::BadUtf8)
        .does("replace a byte of a text message with ff")
        .in_client("the client closes with 1007")
        .in_server("the server closes with 1007")
        .breaks("text-not-utf8"),
    FaultInfo::without_argument("long-length", InjectedFaultKind::LongLength)
        .does("write every length in 64 bits")
        .in_client("Chrome closes with 1002")
        .in_server("most servers accept it")
        .breaks("len64-not-minimal"),
    FaultInfo::without_argument("http", InjectedFaultKind::Http)
        .does("send an HTTP error page instead of a message")
        .in_client("the client closes with 1002: not a frame")
        .in_server("the server closes with 1002: not a frame")
        .breaks("http-in-stream"),
    FaultInfo::without_argument("no-pong", InjectedFaultKind::NoPong)
        .does("answer no ping")
        .in_client("clients that send pings time out")
        .in_server("servers that send pings time out")
        .breaks("ping-without-pong"),
    FaultInfo::without_argument("wrong-pong", InjectedFaultKind::WrongPong)
        .does("answer pings with another payload")
        .in_client("clients that compare payloads time out")
        .in_server("servers that compare payloads time out")
        .breaks("pong-wrong-payload"),
    FaultInfo::with_argument(
        "close-after",
        "=N[:CODE]",
        parse_close_after,
        "a number of messages, optionally a colon and a close code",
    )
    .does("close after N messages, with CODE or 1001")
    .in_client("the client reports the code")
    .in_server("the server answers with the code"),
    FaultInfo::with_argument(
        "close-code",
        "=CODE",
        parse_close_code,
        "a number from 0 to 65535",
    )
    .does("write CODE into every close frame")
    .in_client("the client reports the code; 1002 if reserved")
    .in_server("the server closes with 1002 if it is reserved")
    .breaks("close-reserved-code"),
    FaultInfo::without_argument("no-close", InjectedFaultKind::NoClose)
        .does("send no close frame, keep the connection open")
        .in_client("the client closes, times out and reports 1006")
        .in_server("the server waits until a time-out")
        .breaks("close-not-completed"),
    FaultInfo::with_argument("drop-after", "=N", parse_drop_after, "a number of messages")
        .does("end the stream (FIN) after N messages")
        .in_client("the client reports 1006 or an unexpected end")
        .in_server("the server reports 1006 or an unexpected end")
        .breaks("close-not-completed"),
    FaultInfo::with_argument(
        "reset-after",
        "=N",
        parse_reset_after,
        "a number of messages",
    )
    .does("reset the connection (RST) after N messages")
    .in_client("the client reports 1006 or a reset")
    .in_server("the server reports 1006 or a reset")
    .breaks("close-not-completed"),
    FaultInfo::without_argument("truncate", InjectedFaultKind::Truncate)
        .does("send half of a message, end the stream (FIN)")
        .in_client("the client reports 1006 and no message")
        .in_server("the server reports 1006 and no message")
        .breaks("len-beyond-data"),
    FaultInfo::without_argument("stall", InjectedFaultKind::Stall)
        .does("send half of a message, then nothing")
        .in_client("the client waits until a time-out")
        .in_server("the server waits until a time-out"),
];

/// The faults of what a `sender` sends.
pub fn faults_of(sender: Role) -> impl Iterator<Item = &'static FaultInfo> {
    let can_send = move |info: &&FaultInfo| info.effect(sender).is_some();
    FAULTS.iter().filter(can_send)
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

fn parse_version(text: &str) -> Option<InjectedFaultKind> {
    text.parse().ok().map(InjectedFaultKind::WrongVersion)
}

fn parse_key(text: &str) -> Option<InjectedFaultKind> {
    let is_key = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let key = u32::from_str_radix(text, 16).ok().filter(|_| is_key)?;
    Some(InjectedFaultKind::ConstantKey(MaskingKey(
        key.to_be_bytes(),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptions_of_a_fault_fit_into_a_column_of_the_help() {
        for info in &FAULTS {
            let effects = [info.in_client, info.in_server].into_iter().flatten();
            assert!(effects.clone().count() > 0, "{}", info.name);
            for text in effects.chain([info.does]) {
                assert!((1..=46).contains(&text.len()), "{}: {text}", info.name);
            }
        }
    }

    #[test]
    fn a_server_and_a_client_share_most_faults() {
        assert_eq!(faults_of(Role::Server).count(), 22);
        assert_eq!(faults_of(Role::Client).count(), 22);
    }
}
