//! What `connect` sends: arguments, or standard input, line by line or as one message.

use std::io::{self, BufRead, BufReader, IsTerminal as _, Read, Write};

use super::output::{StopError, StopReason};
use super::terminal::{LineEditor, TypedLine};
use super::typed::{self, Typed};
use crate::Error;
use crate::cli::ConnectArgs;
use crate::input::InputError;
use crate::net::{Action, ActionQueue, ActionSender, read_input};
use crate::notation::Notation;
use crate::render::escape;
use crate::ws::Opcode;

/// Where the messages come from, and what they are.
pub(super) struct MessageInput {
    source: InputSource,
    format: InputFormat,
}

enum InputSource {
    Arguments(Vec<String>),
    /// Each line of standard input.
    Lines,
    /// All of standard input.
    Whole,
    /// The lines of a terminal that edits them.
    Editor(LineEditor),
    /// The lines of another terminal.
    Terminal,
}

/// How text becomes something to send.
#[derive(Clone, Copy, Debug)]
pub(super) struct InputFormat {
    /// The notation of the bytes; None if the text itself is sent.
    notation: Option<Notation>,
    /// Whether the notation is guessed.
    is_guessed: bool,
    sent_as: SentAs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SentAs {
    Message(Opcode),
    Bytes,
}

impl MessageInput {
    /// The input that the options name.
    pub(super) fn of(args: &ConnectArgs) -> Self {
        let source = if args.whole {
            InputSource::Whole
        } else if !args.messages.is_empty() {
            InputSource::Arguments(args.messages.clone())
        } else if !io::stdin().is_terminal() {
            InputSource::Lines
        } else {
            LineEditor::open().map_or(InputSource::Terminal, InputSource::Editor)
        };
        let format = InputFormat::of(args);
        Self { source, format }
    }

    /// The line editor, if lines are typed.
    pub(super) const fn editor(&mut self) -> Option<&mut LineEditor> {
        match &mut self.source {
            InputSource::Editor(editor) => Some(editor),
            _ => None,
        }
    }

    /// Starts to read. An error stops the client.
    pub(super) fn start(self, stop: &StopReason) -> ActionQueue {
        let stop = stop.clone();
        read_input(move |sender| {
            let read = match self.source {
                InputSource::Arguments(words) => {
                    send_all(words.iter().map(String::as_bytes), self.format, sender)
                }
                InputSource::Lines => send_lines(self.format, sender),
                InputSource::Whole => send_whole(self.format, sender),
                InputSource::Editor(editor) => {
                    send_edited(editor, self.format, sender, &stop);
                    Ok(())
                }
                InputSource::Terminal => send_typed(self.format, sender),
            };
            sender.flush();
            if let Err(error) = read {
                stop.fail(StopError::Input(error));
            }
        })
    }
}

impl InputFormat {
    fn of(args: &ConnectArgs) -> Self {
        let sent_as = if args.raw {
            SentAs::Bytes
        } else if args.binary || (args.input.is_some() && !args.text) {
            SentAs::Message(Opcode::BINARY)
        } else {
            SentAs::Message(Opcode::TEXT)
        };
        Self {
            notation: args.input,
            is_guessed: args.raw && args.input.is_none(),
            sent_as,
        }
    }

    /// What to send for a text. `name` names it in an error.
    fn action(self, text: &[u8], name: impl FnOnce() -> String) -> Result<Action, Error> {
        let notation = match self.notation {
            None if self.is_guessed => Some(Notation::guess(text)),
            notation => notation,
        };
        let Some(notation) = notation else {
            return self.plain(text, name);
        };
        let mut bytes = Vec::new();
        notation.read(text, &mut bytes).map_err(|error| {
            Error::Input(InputError::Notation {
                source: name(),
                notation,
                error: Box::new(error),
                hint: None,
            })
        })?;
        Ok(match self.sent_as {
            SentAs::Bytes => Action::Bytes(bytes),
            SentAs::Message(opcode) => Action::Message(opcode, bytes),
        })
    }

    /// The text itself as a message.
    fn plain(self, text: &[u8], name: impl FnOnce() -> String) -> Result<Action, Error> {
        let opcode = match self.sent_as {
            SentAs::Message(opcode) => opcode,
            SentAs::Bytes => Opcode::BINARY,
        };
        if opcode == Opcode::TEXT && std::str::from_utf8(text).is_err() {
            let name = name();
            return Err(Error::Usage(format!(
                "{name} is not UTF-8, as a text message must be; --binary sends it as a binary one"
            )));
        }
        Ok(Action::Message(opcode, text.to_vec()))
    }
}

fn send_all<'a>(
    texts: impl Iterator<Item = &'a [u8]>,
    format: InputFormat,
    sender: &mut ActionSender,
) -> Result<(), Error> {
    for (text, number) in texts.zip(1..) {
        let action = format.action(text, || format!("message {number}"))?;
        if !sender.push(action) {
            break;
        }
    }
    Ok(())
}

fn send_lines(format: InputFormat, sender: &mut ActionSender) -> Result<(), Error> {
    let mut reader = stdin().map_err(unreadable)?;
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
            break;
        }
        if line.pop_if(|byte| *byte == b'\n').is_some() {
            line.pop_if(|byte| *byte == b'\r');
        }
        let action = format.action(&line, || format!("line {number} of standard input"))?;
        // A line is sent at once if no other one has arrived.
        let is_sent = sender.push(action) && (!reader.buffer().is_empty() || sender.flush());
        if !is_sent {
            break;
        }
    }
    Ok(())
}

/// Sends the lines of the editor. What is wrong with a line is printed, and not sent.
fn send_edited(
    mut editor: LineEditor,
    format: InputFormat,
    sender: &mut ActionSender,
    stop: &StopReason,
) {
    let Some(mut output) = editor.output() else {
        return;
    };
    loop {
        match editor.read() {
            TypedLine::Line(line) => {
                if !send_typed_line(&line, format, sender, &mut output) {
                    return;
                }
            }
            TypedLine::Interrupted => return stop.stop(),
            TypedLine::End => return,
        }
    }
}

/// Sends the lines of a terminal without an editor.
fn send_typed(format: InputFormat, sender: &mut ActionSender) -> Result<(), Error> {
    for line in io::stdin().lines() {
        let line = line.map_err(unreadable)?;
        if !send_typed_line(&line, format, sender, &mut io::stderr()) {
            break;
        }
    }
    Ok(())
}

/// Sends a typed line, or prints what is wrong with it; false if the client has ended.
fn send_typed_line(
    line: &str,
    format: InputFormat,
    sender: &mut ActionSender,
    output: &mut impl Write,
) -> bool {
    let typed = typed::read(line);
    let action = match typed {
        Ok(Typed::Action(action)) => Ok(action),
        Ok(Typed::Line(line)) => format
            .action(line.as_bytes(), || "the line".to_owned())
            .map_err(|error| error.to_string()),
        Ok(Typed::Help) => {
            // An error on the terminal cannot be reported anywhere.
            let _ = output.write_all(typed::HELP.as_bytes());
            return true;
        }
        Err(why) => Err(why),
    };
    match action {
        Ok(action) => sender.push(action) && sender.flush(),
        Err(why) => {
            let _ = output.write_all(format!("wsctl: {}\n", escape::text(&why)).as_bytes());
            true
        }
    }
}

fn send_whole(format: InputFormat, sender: &mut ActionSender) -> Result<(), Error> {
    let mut text = Vec::new();
    let mut reader = stdin().map_err(unreadable)?;
    reader.read_to_end(&mut text).map_err(unreadable)?;
    sender.push(format.action(&text, || "standard input".to_owned())?);
    Ok(())
}

fn unreadable(error: io::Error) -> Error {
    Error::Input(InputError::Unreadable {
        source: "standard input".to_owned(),
        error,
    })
}

/// Standard input with a buffer that can be looked into.
#[cfg(unix)]
fn stdin() -> io::Result<BufReader<std::fs::File>> {
    use std::os::fd::AsFd as _;
    let file: std::fs::File = io::stdin().as_fd().try_clone_to_owned()?.into();
    Ok(BufReader::with_capacity(BUFFER, file))
}

#[cfg(not(unix))]
fn stdin() -> io::Result<BufReader<io::Stdin>> {
    Ok(BufReader::with_capacity(BUFFER, io::stdin()))
}

const BUFFER: usize = 64 << 10;
