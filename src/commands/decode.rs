//! `wsctl decode`.

use super::screen::Screen;
use crate::cli::{DecodeArgs, Sender};
use crate::diagnosis::{Finding, Place};
use crate::input::{Input, InputError, Source};
use crate::render::Format;
use crate::render::listing::{self, FrameStart, Listing};
use crate::ws::{Cut, FrameDecoder, Part, Referee, Role, Unread, Violation};
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
    let mut decoding = Decoding {
        decoder: FrameDecoder::default(),
        referee: Referee::new(options.from),
        listing: listing::of_format(options),
        out: Vec::new(),
        violations: Vec::new(),
        findings: Vec::new(),
        is_faulty: false,
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
            Sender::Client => Role::Client,
            Sender::Server => Role::Server,
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
    decoder: FrameDecoder,
    referee: Referee,
    listing: Box<dyn Listing>,
    out: Vec<u8>,
    violations: Vec<Violation>,
    /// Findings that wait for the listing to come to the end of a line.
    findings: Vec<Finding>,
    is_faulty: bool,
}

impl Decoding {
    fn take(&mut self, piece: &mut [u8], screen: &mut Screen) -> Result<(), Error> {
        let mut unread = Unread::new(piece);
        while let Some(part) = self.decoder.next(&mut unread) {
            match part {
                Part::Header { offset, header } => {
                    self.referee.header(offset, &header, &mut self.violations);
                    let (number, is_text) = (self.referee.frames(), self.referee.is_text());
                    let frame = FrameStart {
                        number,
                        offset,
                        header,
                        is_text,
                    };
                    self.listing.start(&frame, &mut self.out);
                }
                Part::Payload(piece) => {
                    self.referee.payload(piece, &mut self.violations);
                    self.listing.payload(piece, &mut self.out);
                }
                Part::End => {
                    self.referee.end(&mut self.violations);
                    self.listing.end(true, &mut self.out);
                    if self.out.len() > MOST_UNPRINTED {
                        screen.print(&mut self.out)?;
                    }
                    if !self.violations.is_empty() {
                        self.note_violations();
                    }
                    if !self.findings.is_empty() {
                        self.report(screen)?;
                    }
                }
            }
        }
        screen.print(&mut self.out)
    }

    /// The stream has ended: between two frames, or inside one.
    fn finish(mut self, screen: &mut Screen) -> Result<Verdict, Error> {
        let cut = self.decoder.cut();
        self.end_listing(cut.as_ref());
        let number = self.referee.frames();
        match &cut {
            Some(cut @ Cut::Header { .. }) => self.findings.push(Finding::of_cut(cut, number + 1)),
            Some(cut @ Cut::Payload { .. }) => self.findings.push(Finding::of_cut(cut, number)),
            None if self.referee.message_is_open() => {
                let offset = self.decoder.offset();
                let place = Place::in_frame(number, offset, 0);
                self.findings.push(Finding::of_open_message(place));
            }
            None => {}
        }
        self.report(screen)?;
        screen.print(&mut self.out)?;
        Ok(Verdict::faulty_if(self.is_faulty))
    }

    /// The input broke off; what was readable is shown, and no fault found in what was
    /// not.
    fn give_up(mut self, error: InputError, screen: &mut Screen) -> Error {
        self.end_listing(self.decoder.cut().as_ref());
        let shown = self
            .report(screen)
            .and_then(|()| screen.print(&mut self.out));
        shown.err().unwrap_or_else(|| error.into())
    }

    fn end_listing(&mut self, cut: Option<&Cut>) {
        if matches!(cut, Some(Cut::Payload { .. })) {
            self.listing.end(false, &mut self.out);
        }
        self.listing.finish(&mut self.out);
        self.note_violations();
    }

    fn note_violations(&mut self) {
        self.findings.extend(
            self.violations
                .drain(..)
                .map(|violation| (&violation).into()),
        );
        self.is_faulty |= !self.findings.is_empty();
    }

    /// Tells the findings, behind what was listed before them, as soon as they do not
    /// stand in the middle of a line.
    fn report(&mut self, screen: &mut Screen) -> Result<(), Error> {
        const MOST_WAITING: usize = 100;
        if !self.listing.is_at_line_start() && self.findings.len() < MOST_WAITING {
            return Ok(());
        }
        self.is_faulty |= !self.findings.is_empty();
        for finding in std::mem::take(&mut self.findings) {
            if screen.is_quiet() {
                continue;
            }
            if !self.listing.finding(&finding, &mut self.out) {
                screen.print(&mut self.out)?;
                screen.report(&finding);
            }
        }
        Ok(())
    }
}
