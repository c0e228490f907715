//! `wsctl decode`.

use super::screen::Screen;
use crate::cli::{self, DecodeArgs};
use crate::diagnosis::Finding;
use crate::diagnosis::stream::{Event, Examiner, Parties, Sender};
use crate::input::{Input, InputError, Piece, Source};
use crate::render::Format;
use crate::render::listing::{self, Listing};
use crate::ws::Role;
use crate::{Error, Verdict};

pub(super) fn run(args: &DecodeArgs, screen: &mut Screen) -> Result<Verdict, Error> {
    let options = options(args, screen);
    if options.format == Format::Raw && options.to_terminal {
        return Err(raw_on_a_terminal("--format"));
    }
    let source = match &args.file {
        Some(path) => Source::of_path(path.clone()),
        None => Source::of_words(args.bytes.clone()),
    };
    screen.invite(&source, "frames");
    let mut input = Input::open(source, args.input)?;
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
    let sender = options.from.map_or(Sender::Unknown, Sender::Known);
    let mut decoding = Decoding {
        examiner: Examiner::new(Parties::One(sender)),
        printing: Printing {
            listing: listing::of_format(options),
            out: Vec::new(),
            findings: Vec::new(),
            is_faulty: false,
            failure: None,
        },
    };
    loop {
        match input.next_piece() {
            Ok(Some(piece)) => decoding.take(piece, screen)?,
            Ok(None) => return decoding.finish(screen),
            Err(error) => return Err(decoding.give_up(error, screen)),
        }
    }
}

fn options(args: &DecodeArgs, screen: &Screen) -> listing::Options {
    listing::Options {
        format: args.chosen_format(),
        style: screen.style(),
        to_terminal: screen.is_terminal(),
        full: args.full,
        limit: args.max_message,
        from: args.from.map(|sender| match sender {
            cli::Sender::Client => Role::Client,
            cli::Sender::Server => Role::Server,
        }),
    }
}

/// Octets that are written as they are would drive a terminal.
pub(super) fn raw_on_a_terminal(option: &str) -> Error {
    Error::Usage(format!(
        "raw octets are not written to a terminal: redirect them, or choose another {option}"
    ))
}

/// How many octets of a listing are collected for one write, but for what a piece of
/// input comes to.
const MOST_UNPRINTED: usize = 1 << 18;

/// A stream that is being taken apart, judged and listed.
struct Decoding {
    examiner: Examiner,
    printing: Printing,
}

impl Decoding {
    fn take(&mut self, piece: Piece<'_>, screen: &mut Screen) -> Result<(), Error> {
        let printing = &mut self.printing;
        let mut witness = |event: Event<'_>| printing.take(event, screen);
        self.examiner
            .take(piece.octets, piece.is_last, &mut witness);
        self.printing.flush(screen)
    }

    /// The stream has ended: between two frames, or inside one.
    fn finish(mut self, screen: &mut Screen) -> Result<Verdict, Error> {
        let printing = &mut self.printing;
        let mut witness = |event: Event<'_>| printing.take(event, screen);
        self.examiner.finish(&mut witness);
        self.printing.finish(screen)?;
        Ok(Verdict::faulty_if(self.printing.is_faulty))
    }

    /// The input broke off; what was readable is shown, and no fault found in what was
    /// not.
    fn give_up(mut self, error: InputError, screen: &mut Screen) -> Error {
        let printing = &mut self.printing;
        let mut witness = |event: Event<'_>| printing.take(event, screen);
        self.examiner.give_up(&mut witness);
        let shown = self.printing.finish(screen);
        shown.err().unwrap_or_else(|| error.into())
    }
}

/// What is found out, on its way to the screen.
struct Printing {
    listing: Box<dyn Listing>,
    out: Vec<u8>,
    /// Findings that wait for the listing to come to the end of a line.
    findings: Vec<Finding>,
    is_faulty: bool,
    /// The screen took no more.
    failure: Option<Error>,
}

impl Printing {
    fn take(&mut self, event: Event<'_>, screen: &mut Screen) {
        match event {
            Event::Frame(frame) => self.listing.start(&frame, &mut self.out),
            Event::Gap(offset) => self.listing.gap(offset, &mut self.out),
            Event::Payload(piece) => self.listing.payload(piece, &mut self.out),
            Event::End(is_whole) => {
                self.listing.end(is_whole, &mut self.out);
                if self.out.len() > MOST_UNPRINTED {
                    self.print(screen);
                }
            }
            Event::Finding(finding) => {
                self.is_faulty |= finding.is_fault();
                self.findings.push(finding);
                self.report(screen);
            }
        }
    }

    fn print(&mut self, screen: &mut Screen) {
        let printed = screen.print(&mut self.out);
        self.failure = self.failure.take().or(printed.err());
        self.out.clear();
    }

    /// Tells the findings, behind what was listed before them, as soon as they do not
    /// stand in the middle of a line.
    fn report(&mut self, screen: &mut Screen) {
        const MOST_WAITING: usize = 100;
        if !self.listing.is_at_line_start() && self.findings.len() < MOST_WAITING {
            return;
        }
        for finding in std::mem::take(&mut self.findings) {
            if screen.is_quiet() {
                continue;
            }
            if !self.listing.finding(&finding, &mut self.out) {
                self.print(screen);
                screen.report(&finding);
            }
        }
    }

    fn flush(&mut self, screen: &mut Screen) -> Result<(), Error> {
        self.report(screen);
        self.print(screen);
        self.failure.take().map_or(Ok(()), Err)
    }

    fn finish(&mut self, screen: &mut Screen) -> Result<(), Error> {
        self.listing.finish(&mut self.out);
        self.flush(screen)
    }
}
