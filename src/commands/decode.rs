//! `wsctl decode`: reads bytes, analyses them, and prints messages, frames and findings.

use std::path::Path;

use super::console::Console;
use super::deflate;
use super::evidence::evidence;
use crate::cli::{DecodeArgs, SenderArg};
use crate::diagnosis::Finding;
use crate::diagnosis::stream::{
    AnalyzerOptions, Assumption, CompressionState, ConnectionAnalyzer, Event,
};
use crate::input::{self, Input, InputChunk, InputError, MessageKind, Source};
use crate::notation::Notation;
use crate::render::Format;
use crate::render::printer::{Options, StreamPrinter};
use crate::ws::{self, Direction, Opcode, Role};
use crate::{Error, Outcome};

pub(super) fn run(args: &DecodeArgs, console: &mut Console) -> Result<Outcome, Error> {
    let options = options(args, console);
    if options.format == Format::Raw && options.to_terminal {
        return Err(raw_on_a_terminal("--format"));
    }
    let source = source(args, console);
    console.prompt_for_input(&source, "frames");
    let mut input = Input::open(source, args.input, evidence)?;
    let analyzer_options = AnalyzerOptions {
        from: from(args),
        deflate: deflate(args)?,
        limit: args.max_message,
    };
    let mut run = DecodeRun {
        analyzer_options,
        options,
        connection: None,
        has_bytes: false,
        has_messages: false,
        analyzer: ConnectionAnalyzer::new(analyzer_options),
        printer: OutputPrinter::new(options, args.verbose > 0),
    };
    loop {
        let has_chunk = input.advance();
        tell(&mut input, args.verbose > 0, console);
        match has_chunk {
            Ok(true) => run.take(input.chunk(), console)?,
            Ok(false) => return run.finish(console),
            Err(error) => return Err(run.abort(error, console)),
        }
    }
}

/// Tells how the input was read.
fn tell(input: &mut Input, is_verbose: bool, console: &mut Console) {
    for notice in input.notices() {
        if is_verbose || !notice.is_detail() {
            console.notice(&notice.to_string());
        }
    }
}

/// The source of the frames. A single word that is no bytes but the name of a file is that
/// file.
fn source(args: &DecodeArgs, console: &mut Console) -> Source {
    if let Some(path) = &args.file {
        return Source::of_path(path.clone());
    }
    let words = Source::of_words(args.bytes.clone());
    let [word] = args.bytes.as_slice() else {
        return words;
    };
    let path = Path::new(word);
    if words == Source::Stdin || !path.is_file() {
        return words;
    }
    if !are_bytes(words.clone(), args.input) {
        return Source::File(path.to_owned());
    }
    console.notice(&format!(
        "`{0}` is read as bytes; --file {0} reads the file of that name",
        path.display()
    ));
    words
}

/// Whether all of a source is bytes in a notation.
fn are_bytes(source: Source, notation: Option<Notation>) -> bool {
    let Ok(mut input) = Input::open(source, notation, evidence) else {
        return false;
    };
    let mut is_empty = true;
    loop {
        match input.advance() {
            Ok(true) => is_empty = false,
            Ok(false) => return !is_empty,
            Err(_) => return false,
        }
    }
}

fn options(args: &DecodeArgs, console: &Console) -> Options {
    Options {
        format: args.chosen_format(),
        style: console.style(),
        to_terminal: console.is_terminal(),
        full: args.full,
        limit: args.max_message,
        connection: None,
    }
}

const fn opcode_of(kind: MessageKind) -> Opcode {
    match kind {
        MessageKind::Continuation => Opcode::CONTINUATION,
        MessageKind::Text => Opcode::TEXT,
        MessageKind::Binary => Opcode::BINARY,
        MessageKind::Close => Opcode::CLOSE,
        MessageKind::Ping => Opcode::PING,
        MessageKind::Pong => Opcode::PONG,
    }
}

fn from(args: &DecodeArgs) -> Option<Role> {
    args.from.map(|sender| match sender {
        SenderArg::Client => Role::Client,
        SenderArg::Server => Role::Server,
    })
}

fn deflate(args: &DecodeArgs) -> Result<Option<CompressionState>, Error> {
    // A value after a blank is a word of its own.
    let first = args.bytes.first().and_then(|word| word.to_str());
    if args.deflate.as_deref() == Some("")
        && let Some(word) = first.filter(|word| deflate::names_parameters(word))
    {
        return Err(Error::Usage(format!(
            "the parameters of --deflate follow an equals sign: --deflate='{word}'"
        )));
    }
    let parameters = args.deflate.as_deref().map(deflate::parameters);
    Ok(parameters.transpose()?.map(CompressionState::Agreed))
}

/// The error that refuses to write raw bytes to a terminal, which they could control.
pub(super) fn raw_on_a_terminal(option: &str) -> Error {
    Error::Usage(format!(
        "raw bytes are not written to a terminal: redirect the output, or choose another {option}"
    ))
}

/// Output of more than this many bytes is written before the next event.
const MOST_UNPRINTED: usize = 1 << 18;

/// Payload of at most this many bytes is copied into the output, instead of written by
/// itself.
const MOST_COPIED: usize = 1 << 13;

/// A connection that is being decoded, the current one of several.
struct DecodeRun {
    analyzer_options: AnalyzerOptions,
    options: Options,
    connection: Option<u32>,
    /// Whether bytes of the current connection came.
    has_bytes: bool,
    /// It was told that the input has messages without frames.
    has_messages: bool,
    analyzer: ConnectionAnalyzer,
    printer: OutputPrinter,
}

impl DecodeRun {
    fn take(&mut self, chunk: InputChunk<'_>, console: &mut Console) -> Result<(), Error> {
        let InputChunk {
            bytes,
            message,
            direction,
            connection,
            is_cut,
            is_last,
            ..
        } = chunk;
        if connection != self.connection {
            self.begin_connection(connection, console)?;
        }
        self.has_bytes = true;
        let direction = direction.map(|direction| match direction {
            input::Direction::Incoming => Direction::Incoming,
            input::Direction::Outgoing => Direction::Outgoing,
        });
        if let Some(message) = message {
            if !std::mem::replace(&mut self.has_messages, true) {
                console.notice(&format!(
                    "{} tells messages without their frames: only their text is shown",
                    message.source
                ));
            }
            self.printer.message_alone(direction, message);
            return self.printer.flush(console);
        }
        let printer = &mut self.printer;
        self.analyzer
            .take(direction, bytes, is_last, &mut |direction, event| {
                printer.take(direction, event, console);
            });
        if is_cut && !is_last {
            self.analyzer.take_gap(direction, &mut |direction, event| {
                printer.take(direction, event, console);
            });
            printer.print_with(
                direction.unwrap_or(Direction::Incoming),
                StreamPrinter::finish,
            );
        }
        self.printer.flush(console)
    }

    /// Ends the previous connection, and reports that the bytes of another one follow.
    fn begin_connection(
        &mut self,
        connection: Option<u32>,
        console: &mut Console,
    ) -> Result<(), Error> {
        if std::mem::take(&mut self.has_bytes) {
            self.end_connection(console)?;
        }
        self.connection = connection;
        let options = Options {
            connection,
            ..self.options
        };
        let printer = OutputPrinter::new(options, self.printer.is_verbose);
        let before = std::mem::replace(&mut self.printer, printer);
        self.printer.has_problem = before.has_problem;
        self.analyzer = ConnectionAnalyzer::new(self.analyzer_options);
        if let Some(number) = connection {
            console.notice(&format!("connection {number} of the input:"));
        }
        Ok(())
    }

    /// Ends the stream, between two frames or inside one.
    fn end_connection(&mut self, console: &mut Console) -> Result<(), Error> {
        let printer = &mut self.printer;
        self.analyzer
            .finish(&mut |direction, event| printer.take(direction, event, console));
        self.printer.finish(console)
    }

    fn finish(mut self, console: &mut Console) -> Result<Outcome, Error> {
        self.end_connection(console)?;
        Ok(Outcome::problem_if(self.printer.has_problem))
    }

    /// Prints what was read before the input could not be read any more. The missing rest is
    /// no finding.
    fn abort(mut self, error: InputError, console: &mut Console) -> Error {
        let printer = &mut self.printer;
        self.analyzer
            .abort(&mut |direction, event| printer.take(direction, event, console));
        let shown = self.printer.finish(console);
        shown.err().unwrap_or_else(|| error.into())
    }
}

/// Prints what the analyzer finds out: events to standard output, findings and notices to
/// standard error, each after what it is about.
struct OutputPrinter {
    incoming: DirectionOutput,
    outgoing: DirectionOutput,
    /// Whether the input has both directions.
    is_two_way: bool,
    out: Vec<u8>,
    /// Findings that wait for the end of a line.
    findings: Vec<(Direction, Finding)>,
    /// Whether findings are part of the output.
    is_json: bool,
    has_problem: bool,
    is_verbose: bool,
    /// Why the output could not be written.
    failure: Option<Error>,
}

/// What is printed of one direction.
struct DirectionOutput {
    printer: StreamPrinter,
    /// A line that is not complete, if the other direction may print before its end.
    line: Vec<u8>,
}

impl OutputPrinter {
    fn new(options: Options, is_verbose: bool) -> Self {
        let output = |direction| DirectionOutput {
            printer: StreamPrinter::new(options, direction),
            line: Vec::new(),
        };
        Self {
            incoming: output(Direction::Incoming),
            outgoing: output(Direction::Outgoing),
            is_two_way: false,
            out: Vec::new(),
            findings: Vec::new(),
            is_json: options.format == Format::Json,
            has_problem: false,
            is_verbose,
            failure: None,
        }
    }

    fn take(&mut self, direction: Direction, event: Event<'_>, console: &mut Console) {
        match event {
            Event::Finding(finding) => {
                self.has_problem |= finding.is_problem();
                self.findings.push((direction, finding));
                self.report(console);
            }
            Event::Assumption(assumption) => self.note(assumption, console),
            event => {
                self.is_two_way |= match &event {
                    Event::Frame(frame) => frame.direction.is_some(),
                    Event::PlainBatch(batch) => batch.direction.is_some(),
                    _ => false,
                };
                self.show(direction, &event, console);
            }
        }
    }

    /// Lets the printer of a direction write.
    fn print_with<T>(
        &mut self,
        direction: Direction,
        write: impl FnOnce(&mut StreamPrinter, &mut Vec<u8>) -> T,
    ) -> T {
        let DirectionOutput { printer, line } = match direction {
            Direction::Incoming => &mut self.incoming,
            Direction::Outgoing => &mut self.outgoing,
        };
        if !self.is_two_way {
            return write(printer, &mut self.out);
        }
        let written = write(printer, line);
        if printer.is_at_line_start() {
            self.out.append(line);
        }
        written
    }

    /// Prints an event. Long pieces of payload are written out without a copy.
    fn show(&mut self, direction: Direction, event: &Event<'_>, console: &mut Console) {
        let most_copied = if self.is_two_way {
            usize::MAX
        } else {
            MOST_COPIED
        };
        let rest = self.print_with(direction, |printer, out| {
            let rest = printer.event(event, out);
            if rest.len() > most_copied {
                return rest;
            }
            out.extend_from_slice(rest);
            &[]
        });
        if !rest.is_empty() {
            self.write(console);
            let written = console.print_bytes(rest);
            self.failure = self.failure.take().or(written.err());
        }
        if self.out.len() > MOST_UNPRINTED {
            self.write(console);
        }
    }

    /// Prints a message that has no frame.
    fn message_alone(&mut self, direction: Option<Direction>, message: &input::Message) {
        let content = ws::Message {
            opcode: opcode_of(message.kind),
            payload: &message.payload,
            length: message.size,
            frames: 0,
            buffer: None,
        };
        self.print_with(direction.unwrap_or(Direction::Incoming), |printer, out| {
            printer.message_alone(direction, &content, out);
        });
    }

    fn note(&mut self, assumption: Assumption, console: &mut Console) {
        self.write(console);
        if self.is_verbose || !assumption.is_usual() {
            console.notice(&assumption.to_string());
        }
    }

    fn write(&mut self, console: &mut Console) {
        let written = console.print(&mut self.out);
        self.failure = self.failure.take().or(written.err());
        self.out.clear();
    }

    /// Reports the findings, unless the output is in the middle of a line. When many wait,
    /// it does so even there.
    fn report(&mut self, console: &mut Console) {
        const MOST_WAITING: usize = 100;
        let outputs = [&self.incoming, &self.outgoing];
        let is_in_line = outputs.iter().any(|it| !it.printer.is_at_line_start());
        if is_in_line && self.findings.len() < MOST_WAITING {
            return;
        }
        for (direction, finding) in std::mem::take(&mut self.findings) {
            if console.is_quiet() {
                continue;
            }
            if self.is_json {
                self.print_with(direction, |printer, out| printer.finding(&finding, out));
            } else {
                self.write(console);
                console.report(&finding);
            }
        }
    }

    fn flush(&mut self, console: &mut Console) -> Result<(), Error> {
        self.report(console);
        self.write(console);
        self.failure.take().map_or(Ok(()), Err)
    }

    fn finish(&mut self, console: &mut Console) -> Result<(), Error> {
        for direction in [Direction::Outgoing, Direction::Incoming] {
            self.print_with(direction, StreamPrinter::finish);
        }
        self.flush(console)
    }
}
