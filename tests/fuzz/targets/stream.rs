//! The analysis of a stream, and its output in each format.

use wsctl::diagnosis::stream::{AnalyzerOptions, CompressionState, ConnectionAnalyzer, Event};
use wsctl::render::printer::{Options, StreamPrinter};
use wsctl::render::{Format, Style, finding};
use wsctl::ws::extension::DeflateParameters;
use wsctl::ws::{Direction, Role};

use super::{Choices, shown};

/// Checks that each byte is reported, and none many times, and that the output is safe on a terminal,
/// or is JSON.
pub fn holds(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let settings = AnalyzerOptions {
        from: [None, Some(Role::Client), Some(Role::Server)][usize::from(choices.up_to(2))],
        deflate: choices
            .flag()
            .then(|| CompressionState::Agreed(DeflateParameters::default())),
        limit: choices.size(),
    };
    let is_two_way = choices.flag();
    let format =
        [Format::Text, Format::Frames, Format::Fields, Format::Json][usize::from(choices.up_to(3))];
    let full = choices.flag();
    let is_cut_off = choices.flag();
    let pieces = choices.pieces();
    let mut reader = EventReader::new(format, full, settings.limit, pieces.concat().len());
    let mut analyzer = ConnectionAnalyzer::new(settings);
    let mut on_event = |direction, event: Event<'_>| reader.event(direction, event);
    for (number, piece) in pieces.iter().enumerate() {
        let direction = match number % 2 {
            _ if !is_two_way => None,
            0 => Some(Direction::Outgoing),
            _ => Some(Direction::Incoming),
        };
        let is_last = number + 1 == pieces.len() && !is_cut_off;
        analyzer.take(direction, piece, is_last, &mut on_event);
    }
    if is_cut_off {
        analyzer.abort(&mut on_event);
    } else {
        analyzer.finish(&mut on_event);
        if !is_two_way {
            reader.assert_all_reported();
        }
    }
    reader.assert_safe(format);
}

/// Receives the events of a stream and prints them.
struct EventReader {
    format: Format,
    printers: [StreamPrinter; 2],
    out: Vec<u8>,
    findings: Vec<u8>,
    /// Which bytes of the stream were reported.
    reported: Vec<bool>,
    /// The offset of the next head or piece of payload.
    at: usize,
    events: usize,
}

impl EventReader {
    fn new(format: Format, full: bool, limit: usize, size: usize) -> Self {
        let options = Options {
            format,
            style: Style::PLAIN,
            to_terminal: true,
            full,
            limit,
            connection: None,
        };
        let printer = |direction| StreamPrinter::new(options, direction);
        Self {
            format,
            printers: [Direction::Incoming, Direction::Outgoing].map(printer),
            out: Vec::new(),
            findings: Vec::new(),
            reported: vec![false; size],
            at: 0,
            events: 0,
        }
    }

    fn event(&mut self, direction: Direction, event: Event<'_>) {
        self.events += 1;
        // The bytes of a wrong frame may be reported once more as other frames, but not again.
        assert!(self.events <= 20 * self.reported.len() + 100, "{event:?}");
        let [incoming, outgoing] = &mut self.printers;
        let printer = match direction {
            Direction::Incoming => incoming,
            Direction::Outgoing => outgoing,
        };
        let shown = printer.event(&event, &mut self.out);
        self.out.extend_from_slice(shown);
        match event {
            Event::Head(_, bytes) | Event::Payload(bytes) | Event::PayloadAlone(_, bytes, _) => {
                self.mark_reported(bytes.len());
            }
            Event::Frame(frame) => {
                self.at = usize::try_from(frame.offset).unwrap();
                self.mark_reported(frame.header.size());
            }
            Event::Gap(offset) => self.at = usize::try_from(offset).unwrap(),
            Event::PlainBatch(batch) => {
                for (frame, payload) in batch.frames() {
                    self.at = usize::try_from(frame.offset).unwrap();
                    self.mark_reported(frame.header.size() + payload.len());
                }
            }
            Event::Inflated(_) | Event::End(_) => {}
            Event::Assumption(assumption) => assert!(!assumption.to_string().is_empty()),
            Event::Finding(found) if self.format == Format::Json => {
                printer.finding(&found, &mut self.out);
            }
            Event::Finding(found) => {
                finding::push_in_full(&mut self.findings, Style::PLAIN, &found);
                finding::push_brief_line(&mut self.findings, Style::PLAIN, &found);
            }
        }
    }

    fn mark_reported(&mut self, size: usize) {
        for reported in self.reported.iter_mut().skip(self.at).take(size) {
            *reported = true;
        }
        self.at += size;
    }

    /// Checks that all bytes were reported, except those of an incomplete header, which a finding reports.
    fn assert_all_reported(&self) {
        const LONGEST: usize = 13;
        let end = self.reported.len().saturating_sub(LONGEST);
        let unreported = self.reported[..end].iter().position(|reported| !reported);
        assert_eq!(unreported, None);
    }

    fn assert_safe(&mut self, format: Format) {
        for printer in &mut self.printers {
            printer.finish(&mut self.out);
        }
        shown::drives_nothing(&self.findings);
        shown::drives_nothing(&self.out);
        if format == Format::Json {
            shown::is_json_lines(&self.out);
        }
    }
}
