//! `wsctl decode`.

use super::deflate;
use super::evidence::evidence;
use super::screen::Console;
use crate::cli::{DecodeArgs, SenderArg};
use crate::diagnosis::Finding;
use crate::diagnosis::stream::{
    AnalyzerOptions, Assumption, CompressionState, ConnectionAnalyzer, Event,
};
use crate::input::{self, Input, InputChunk, InputError, Source};
use crate::render::Format;
use crate::render::printer::{Options, StreamPrinter};
use crate::ws::{Direction, Role};
use crate::{Error, Outcome};

pub(super) fn run(args: &DecodeArgs, screen: &mut Console) -> Result<Outcome, Error> {
    let options = options(args, screen);
    if options.format == Format::Raw && options.to_terminal {
        return Err(raw_on_a_terminal("--format"));
    }
    let source = match &args.file {
        Some(path) => Source::of_path(path.clone()),
        None => Source::of_words(args.bytes.clone()),
    };
    screen.invite(&source, "frames");
    let mut input = Input::open(source, args.input, evidence)?;
    let taken = input.notation().description();
    match input.alternative() {
        Some(other) => screen.note(&format!("read as {taken}, which could also be {other}")),
        None if args.verbose > 0 => screen.note(&format!("read as {taken}")),
        None => {}
    }
    if input.left_out() > 0 {
        screen.note(&format!(
            "{taken} that is cut: it had {} more bytes",
            input.left_out()
        ));
    }
    let settings = AnalyzerOptions {
        from: from(args),
        deflate: deflate(args)?,
        limit: args.max_message,
    };
    let mut decoding = DecodeRun {
        conversation: ConnectionAnalyzer::new(settings),
        printing: OutputPrinter::new(options, args.verbose > 0),
    };
    loop {
        match input.next_chunk() {
            Ok(Some(chunk)) => decoding.take(chunk, screen)?,
            Ok(None) => return decoding.finish(screen),
            Err(error) => return Err(decoding.give_up(error, screen)),
        }
    }
}

fn options(args: &DecodeArgs, screen: &Console) -> Options {
    Options {
        format: args.chosen_format(),
        style: screen.style(),
        to_terminal: screen.is_terminal(),
        full: args.full,
        limit: args.max_message,
    }
}

fn from(args: &DecodeArgs) -> Option<Role> {
    args.from.map(|sender| match sender {
        SenderArg::Client => Role::Client,
        SenderArg::Server => Role::Server,
    })
}

fn deflate(args: &DecodeArgs) -> Result<Option<CompressionState>, Error> {
    let said = args.deflate.as_deref().map(deflate::parameters);
    Ok(said.transpose()?.map(CompressionState::Agreed))
}

/// Bytes that are written as they are would drive a terminal.
pub(super) fn raw_on_a_terminal(option: &str) -> Error {
    Error::Usage(format!(
        "raw octets are not written to a terminal: redirect them, or choose another {option}"
    ))
}

/// How many bytes of a listing are collected for one write, but for what a piece of
/// input comes to.
const MOST_UNPRINTED: usize = 1 << 18;

/// How many bytes are rather copied than written by themselves.
const MOST_COPIED: usize = 1 << 13;

/// A connection that is being taken apart, judged and listed.
struct DecodeRun {
    conversation: ConnectionAnalyzer,
    printing: OutputPrinter,
}

impl DecodeRun {
    fn take(&mut self, chunk: InputChunk<'_>, screen: &mut Console) -> Result<(), Error> {
        let InputChunk {
            bytes,
            direction,
            is_last,
        } = chunk;
        let direction = direction.map(|direction| match direction {
            input::Direction::Incoming => Direction::Incoming,
            input::Direction::Outgoing => Direction::Outgoing,
        });
        let printing = &mut self.printing;
        self.conversation
            .take(direction, bytes, is_last, &mut |direction, event| {
                printing.take(direction, event, screen);
            });
        self.printing.flush(screen)
    }

    /// The stream has ended: between two frames, or inside one.
    fn finish(mut self, screen: &mut Console) -> Result<Outcome, Error> {
        let printing = &mut self.printing;
        self.conversation
            .finish(&mut |direction, event| printing.take(direction, event, screen));
        self.printing.finish(screen)?;
        Ok(Outcome::faulty_if(self.printing.is_faulty))
    }

    /// The input broke off; what was readable is shown, and no fault found in what was
    /// not.
    fn give_up(mut self, error: InputError, screen: &mut Console) -> Error {
        let printing = &mut self.printing;
        self.conversation
            .abort(&mut |direction, event| printing.take(direction, event, screen));
        let shown = self.printing.finish(screen);
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
    is_faulty: bool,
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
            is_faulty: false,
            is_verbose,
            failure: None,
        }
    }

    fn take(&mut self, direction: Direction, event: Event<'_>, screen: &mut Console) {
        match event {
            Event::Finding(finding) => {
                self.is_faulty |= finding.is_fault();
                self.findings.push((direction, finding));
                self.report(screen);
            }
            Event::Assumption(assumption) => self.note(assumption, screen),
            event => {
                self.is_two_way |= match &event {
                    Event::Frame(frame) => frame.direction.is_some(),
                    Event::PlainBatch(batch) => batch.direction.is_some(),
                    _ => false,
                };
                self.show(direction, &event, screen);
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
    fn show(&mut self, direction: Direction, event: &Event<'_>, screen: &mut Console) {
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
            self.write(screen);
            let written = screen.print_bytes(rest);
            self.failure = self.failure.take().or(written.err());
        }
        if self.out.len() > MOST_UNPRINTED {
            self.write(screen);
        }
    }

    fn note(&mut self, assumption: Assumption, screen: &mut Console) {
        self.write(screen);
        if self.is_verbose || !assumption.is_usual() {
            screen.note(&assumption.to_string());
        }
    }

    fn write(&mut self, screen: &mut Console) {
        let written = screen.print(&mut self.out);
        self.failure = self.failure.take().or(written.err());
        self.out.clear();
    }

    /// Reports the findings, unless the output is in the middle of a line. When many wait,
    /// it does so even there.
    fn report(&mut self, screen: &mut Console) {
        const MOST_WAITING: usize = 100;
        let outputs = [&self.incoming, &self.outgoing];
        let is_in_line = outputs.iter().any(|it| !it.printer.is_at_line_start());
        if is_in_line && self.findings.len() < MOST_WAITING {
            return;
        }
        for (direction, finding) in std::mem::take(&mut self.findings) {
            if screen.is_quiet() {
                continue;
            }
            if self.is_json {
                self.print_with(direction, |printer, out| printer.finding(&finding, out));
            } else {
                self.write(screen);
                screen.report(&finding);
            }
        }
    }

    fn flush(&mut self, screen: &mut Console) -> Result<(), Error> {
        self.report(screen);
        self.write(screen);
        self.failure.take().map_or(Ok(()), Err)
    }

    fn finish(&mut self, screen: &mut Console) -> Result<(), Error> {
        for direction in [Direction::Outgoing, Direction::Incoming] {
            self.print_with(direction, StreamPrinter::finish);
        }
        self.flush(screen)
    }
}
