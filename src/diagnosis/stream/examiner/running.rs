//! Runs of messages about which there is nothing to say.

use super::{StreamAnalyzer, Witness};
use crate::diagnosis::stream::event::Event;
use crate::diagnosis::stream::run::{Page, PlainBatch, PlainBatcher};
use crate::diagnosis::stream::side::SenderStates;
use crate::ws::Opcode;

impl StreamAnalyzer {
    /// Takes whole text messages from the front of `bytes`, as long as there is nothing to
    /// say about them; `page` is where they are unmasked to.
    pub(super) fn run(&mut self, bytes: &mut &[u8], page: &mut Page, witness: &mut Witness<'_>) {
        while let Some(run) = self.next_run(bytes, page) {
            self.flush(witness);
            witness(Event::PlainBatch(run));
            self.pass(run);
            let size = usize::try_from(run.end() - run.offset).unwrap_or(usize::MAX);
            *bytes = bytes.get(size..).unwrap_or_default();
        }
    }

    fn next_run<'a>(&mut self, bytes: &[u8], page: &'a mut Page) -> Option<PlainBatch<'a>> {
        if Opcode::of_first_byte(*bytes.first()?) != Opcode::TEXT {
            return None;
        }
        let SenderStates::One(side) = &mut self.sides else {
            return None;
        };
        let usual = PlainBatcher {
            expected: self.reader.expected_plain(usize::MAX)?,
            last_key: side.last_key,
            told: &self.told,
        };
        page.read(
            bytes,
            usual,
            PlainBatch::starting_at(self.number + 1, self.reader.offset(), side.sender.known()),
        )
    }

    /// Takes note of a run that was told.
    fn pass(&mut self, run: PlainBatch<'_>) {
        let Some(last) = run.last() else {
            return;
        };
        let side = self.sides.of(&last.header);
        let count = last.number - self.number;
        side.last_key = last.header.masking_key;
        side.fragment = Some((last.number, last.offset));
        if let Some(compression) = side.compression(&last.header) {
            compression.header(&last.header);
        }
        self.number = last.number;
        self.last = side.fragment;
        self.reader.accept_plain(count, last.offset, &last.header);
    }
}
