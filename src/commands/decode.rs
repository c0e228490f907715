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
use crate::render::listing::{self, Listing};
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

fn options(args: &DecodeArgs, screen: &Console) -> listing::Options {
    listing::Options {
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

/// What is found out, on its way to the screen.
struct OutputPrinter {
    /// What came in, and what went out.
    channels: [DirectionOutput; 2],
    /// Both ways are heard.
    is_two_way: bool,
    out: Vec<u8>,
    /// Findings that wait for the listing to come to the end of a line.
    findings: Vec<(Direction, Finding)>,
    is_faulty: bool,
    is_verbose: bool,
    /// The screen took no more.
    failure: Option<Error>,
}

/// What is listed of one direction.
struct DirectionOutput {
    listing: Box<dyn Listing>,
    /// A line that is not at its end, where the other direction may have a word in between.
    line: Vec<u8>,
}

impl OutputPrinter {
    fn new(options: listing::Options, is_verbose: bool) -> Self {
        let channel = |direction| DirectionOutput {
            listing: listing::of_format(options, direction),
            line: Vec::new(),
        };
        Self {
            channels: [Direction::Incoming, Direction::Outgoing].map(channel),
            is_two_way: false,
            out: Vec::new(),
            findings: Vec::new(),
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
            Event::Frame(frame) => {
                self.is_two_way |= frame.direction.is_some();
                self.list(direction, |listing, out| listing.start(&frame, out));
            }
            Event::Head(role, head) => {
                self.list(direction, |listing, out| listing.head(role, head, out));
            }
            Event::PayloadAlone(kind, bytes, text) => {
                self.list(direction, |listing, out| {
                    listing.payload_alone(kind, bytes, text, out);
                });
            }
            Event::Gap(offset) => self.list(direction, |listing, out| listing.gap(offset, out)),
            Event::PlainBatch(run) => {
                self.is_two_way |= run.direction.is_some();
                self.show(direction, screen, |listing, out| listing.run(run, out));
                self.print_if_much(screen);
            }
            Event::Payload(piece) => {
                self.show(direction, screen, |listing, out| {
                    listing.payload(piece, out)
                });
            }
            Event::Inflated(piece) => {
                self.show(direction, screen, |listing, out| {
                    listing.inflated(piece, out)
                });
            }
            Event::End(is_whole) => {
                self.list(direction, |listing, out| listing.end(is_whole, out));
                self.print_if_much(screen);
            }
        }
    }

    /// Lets the listing of a direction write.
    fn list(&mut self, direction: Direction, write: impl FnOnce(&mut dyn Listing, &mut Vec<u8>)) {
        let [incoming, outgoing] = &mut self.channels;
        let DirectionOutput { listing, line } = match direction {
            Direction::Incoming => incoming,
            Direction::Outgoing => outgoing,
        };
        if !self.is_two_way {
            write(listing.as_mut(), &mut self.out);
            return;
        }
        write(listing.as_mut(), line);
        if listing.is_at_line_start() {
            self.out.append(line);
        }
    }

    /// Lets the listing of a direction write, and behind it show bytes as they are.
    fn show<'a>(
        &mut self,
        direction: Direction,
        screen: &mut Console,
        write: impl FnOnce(&mut dyn Listing, &mut Vec<u8>) -> &'a [u8],
    ) {
        let most_copied = if self.is_two_way {
            usize::MAX
        } else {
            MOST_COPIED
        };
        let mut shown: &[u8] = &[];
        self.list(direction, |listing, out| {
            shown = write(listing, out);
            if shown.len() <= most_copied {
                out.extend_from_slice(shown);
            }
        });
        if shown.len() > most_copied {
            self.print(screen);
            let printed = screen.print_bytes(shown);
            self.failure = self.failure.take().or(printed.err());
        }
    }

    fn note(&mut self, assumption: Assumption, screen: &mut Console) {
        self.print(screen);
        if self.is_verbose || !assumption.is_usual() {
            screen.note(&assumption.to_string());
        }
    }

    fn print_if_much(&mut self, screen: &mut Console) {
        if self.out.len() > MOST_UNPRINTED {
            self.print(screen);
        }
    }

    fn print(&mut self, screen: &mut Console) {
        let printed = screen.print(&mut self.out);
        self.failure = self.failure.take().or(printed.err());
        self.out.clear();
    }

    /// Tells the findings, behind what was listed before them, as soon as they do not
    /// stand in the middle of a line.
    fn report(&mut self, screen: &mut Console) {
        const MOST_WAITING: usize = 100;
        let is_in_line = |channel: &DirectionOutput| !channel.listing.is_at_line_start();
        if self.channels.iter().any(is_in_line) && self.findings.len() < MOST_WAITING {
            return;
        }
        for (direction, finding) in std::mem::take(&mut self.findings) {
            if screen.is_quiet() {
                continue;
            }
            let mut is_listed = false;
            self.list(direction, |listing, out| {
                is_listed = listing.finding(&finding, out);
            });
            if !is_listed {
                self.print(screen);
                screen.report(&finding);
            }
        }
    }

    fn flush(&mut self, screen: &mut Console) -> Result<(), Error> {
        self.report(screen);
        self.print(screen);
        self.failure.take().map_or(Ok(()), Err)
    }

    fn finish(&mut self, screen: &mut Console) -> Result<(), Error> {
        for direction in [Direction::Outgoing, Direction::Incoming] {
            self.list(direction, |listing, out| listing.finish(out));
        }
        self.flush(screen)
    }
}
