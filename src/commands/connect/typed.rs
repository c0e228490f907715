//! What is typed in a terminal: a message, or a command that begins with a slash.

use crate::net::Action;
use crate::notation::Notation;
use crate::ws::{CloseCode, Opcode};

/// What a typed line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// Send this.
    Action(Action),
    /// Send the line, without the slash that quotes another one, as a line of a pipe.
    Line(String),
    /// List the commands.
    Help,
}

/// The commands, as `/help` lists them.
pub(super) const HELP: &str = "\
/ping [TEXT]            send a ping
/pong [TEXT]            send a pong
/close [CODE [REASON]]  send a close frame
/binary HEX             send a binary message
/raw BYTES              send bytes as they are, in any notation
/fragments N TEXT       send a text message in N frames
/help                   list the commands
//TEXT                  send /TEXT
Ctrl-D                  close with 1000; Ctrl-C: close with 1001
";

/// The longest payload of a control frame, in bytes (RFC 6455 section 5.5).
const MAX_CONTROL: usize = 125;

/// The most frames of a message.
const MAX_FRAMES: usize = 100_000;

/// Reads a line.
///
/// # Errors
///
/// What is wrong with a command, as a sentence.
pub(super) fn read(line: &str) -> Result<Typed, String> {
    let Some(command) = line.strip_prefix('/') else {
        return Ok(Typed::Line(line.to_owned()));
    };
    if command.starts_with('/') {
        return Ok(Typed::Line(command.to_owned()));
    }
    let (name, rest) = command.split_once(' ').unwrap_or((command, ""));
    let action = match name {
        "help" => return Ok(Typed::Help),
        "ping" => Action::Ping(control_payload(rest)?),
        "pong" => Action::Pong(control_payload(rest)?),
        "close" => close(rest)?,
        "binary" => Action::Message(Opcode::BINARY, bytes(rest, Notation::Hex)?),
        "raw" => Action::Bytes(bytes(rest, Notation::guess(rest.as_bytes()))?),
        "fragments" => fragments(rest)?,
        _ => {
            return Err(format!(
                "`/{name}` is not a command; /help lists them, //{name} sends it as text"
            ));
        }
    };
    Ok(Typed::Action(action))
}

fn control_payload(text: &str) -> Result<Vec<u8>, String> {
    if text.len() > MAX_CONTROL {
        return Err(format!(
            "a control frame has at most {MAX_CONTROL} bytes, this has {}; /raw sends any frame",
            text.len()
        ));
    }
    Ok(text.as_bytes().to_vec())
}

fn close(rest: &str) -> Result<Action, String> {
    let (code, reason) = rest
        .trim_start()
        .split_once(' ')
        .unwrap_or((rest.trim(), ""));
    if code.is_empty() {
        return Ok(Action::Close(None, String::new()));
    }
    let code = code
        .parse()
        .map_err(|_| "expected /close CODE, a number from 0 to 65535".to_owned())?;
    control_payload(&format!("CC{reason}"))?;
    Ok(Action::Close(Some(CloseCode(code)), reason.to_owned()))
}

fn bytes(text: &str, notation: Notation) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    match notation.read(text.as_bytes(), &mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) => Err(format!("{notation}, {error}")),
    }
}

fn fragments(rest: &str) -> Result<Action, String> {
    let (count, text) = rest.split_once(' ').unwrap_or((rest, ""));
    let count = count.parse().ok();
    let count = count.filter(|count| (1..=MAX_FRAMES).contains(count));
    let count =
        count.ok_or_else(|| format!("expected /fragments N TEXT, N from 1 to {MAX_FRAMES}"))?;
    Ok(Action::Fragments(
        Opcode::TEXT,
        text.as_bytes().to_vec(),
        count,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_message_and_two_slashes_are_one() {
        let line = |text: &str| Ok(Typed::Line(text.to_owned()));
        assert_eq!(read("hello /help"), line("hello /help"));
        assert_eq!(read(""), line(""));
        assert_eq!(read("//help"), line("/help"));
        assert_eq!(read(" /help"), line(" /help"));
        assert_eq!(read("/help"), Ok(Typed::Help));
    }

    #[test]
    fn a_command_becomes_what_is_sent() {
        let cases = [
            ("/ping", Action::Ping(Vec::new())),
            (
                "/ping are you there?",
                Action::Ping(b"are you there?".to_vec()),
            ),
            ("/pong x", Action::Pong(b"x".to_vec())),
            ("/close", Action::Close(None, String::new())),
            (
                "/close 1001",
                Action::Close(Some(CloseCode(1001)), String::new()),
            ),
            (
                "/close 4000 so long",
                Action::Close(Some(CloseCode(4000)), "so long".to_owned()),
            ),
            (
                "/binary 00 ff",
                Action::Message(Opcode::BINARY, vec![0, 255]),
            ),
            ("/raw 8100", Action::Bytes(vec![0x81, 0])),
            (r"/raw b'\x81\x00'", Action::Bytes(vec![0x81, 0])),
            (
                "/fragments 3 a b c",
                Action::Fragments(Opcode::TEXT, b"a b c".to_vec(), 3),
            ),
        ];
        for (line, action) in cases {
            assert_eq!(read(line), Ok(Typed::Action(action)), "{line}");
        }
    }

    #[test]
    fn a_wrong_command_is_told_what_is_expected() {
        let long = "x".repeat(126);
        for (line, expected) in [
            (
                "/pin",
                "`/pin` is not a command; /help lists them, //pin sends it as text",
            ),
            (
                "/close now",
                "expected /close CODE, a number from 0 to 65535",
            ),
            (
                "/close 70000",
                "expected /close CODE, a number from 0 to 65535",
            ),
            (
                "/fragments 0 x",
                "expected /fragments N TEXT, N from 1 to 100000",
            ),
            (
                "/fragments",
                "expected /fragments N TEXT, N from 1 to 100000",
            ),
            (
                &format!("/ping {long}"),
                "a control frame has at most 125 bytes, this has 126; /raw sends any frame",
            ),
        ] {
            assert_eq!(read(line), Err(expected.to_owned()), "{line}");
        }
        assert!(
            read("/binary 0x")
                .unwrap_err()
                .contains("expected a hexadecimal digit")
        );
        assert!(read(&format!("/close 1000 {}", &long[..123])).is_ok());
        assert!(read(&format!("/close 1000 {}", &long[..124])).is_err());
    }
}
