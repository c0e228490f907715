//! Which way each chunk of a log went.
//!
//! A head and the MASK bit of a frame say who sent it. Words and marks (`recv`, `>`) say it from the
//! view of the program that wrote the log: chunks that have both tell whose log it is.

use super::chunk::{Chunk, Content};
use super::direction::Sent;
use super::evidence::Judge;
use super::http_head::HeadKind;
use crate::input::{Direction, InputNotice};

/// What is known of the program that wrote a log.
#[derive(Debug, Default)]
pub(super) struct LogOwner {
    /// How many chunks say that it is a client, or a server. A head counts for two.
    as_client: usize,
    as_server: usize,
    /// How many chunks say which end sent them, whose log it may be, and are right or wrong.
    right: usize,
    wrong: usize,
    /// Whether words or marks said who sent bytes.
    is_told: bool,
    /// How many chunks had a mark in front of them, and no word.
    marks: usize,
    /// Whether a conflict was told.
    has_told: bool,
    /// The direction of the last chunk.
    last: Option<Direction>,
}

impl LogOwner {
    /// Sets the directions of the chunks that came next, and returns what is to be told of them.
    pub(super) fn set_directions(
        &mut self,
        chunks: &mut [Chunk],
        judge: Judge,
        notices: &mut Vec<InputNotice>,
    ) {
        self.drop_prompts(chunks);
        let by_bytes: Vec<_> = chunks.iter().map(|chunk| of_bytes(chunk, judge)).collect();
        for (chunk, by_bytes) in chunks.iter().zip(&by_bytes) {
            self.learn(chunk, *by_bytes);
        }
        for (chunk, by_bytes) in chunks.iter_mut().zip(by_bytes) {
            let by_words = chunk.sent.map(|sent| sent.direction(self.is_servers()));
            if self.is_told {
                let trusted = by_words.filter(|_| self.trusts_words());
                chunk.direction = trusted.or(by_bytes).or(by_words);
            }
            if let (Some(words), Some(bytes)) = (by_words, by_bytes)
                && words != bytes
                && !self.trusts_words()
                && !std::mem::replace(&mut self.has_told, true)
            {
                notices.push(InputNotice::SenderDiffers { words });
            }
            // One that the text says nothing of goes with the one before.
            self.last = chunk.direction.or(self.last);
            chunk.direction = self.last;
        }
    }

    /// A `>` in front of the only bytes of a text is a prompt.
    fn drop_prompts(&mut self, chunks: &mut [Chunk]) {
        self.marks += chunks.iter().filter(|chunk| chunk.is_marked).count();
        if self.marks != 1 {
            return;
        }
        let is_prompt = |chunk: &&mut Chunk| {
            let is_head = matches!(chunk.content, Content::Head(_));
            chunk.is_marked && !is_head && chunk.sent == Some(Sent::Out)
        };
        for chunk in chunks.iter_mut().filter(is_prompt) {
            chunk.sent = None;
        }
    }

    fn learn(&mut self, chunk: &Chunk, by_bytes: Option<Direction>) {
        let is_head = matches!(chunk.content, Content::Head(_));
        self.is_told |= chunk.sent.is_some() && !is_head;
        let (Some(sent), Some(by_bytes)) = (chunk.sent, by_bytes) else {
            return;
        };
        let count = if is_head { 2 } else { 1 };
        let is_as_client = sent.direction(false) == by_bytes;
        let counter = match (sent.is_relative(), is_as_client) {
            (true, true) => &mut self.as_client,
            (true, false) => &mut self.as_server,
            (false, true) => &mut self.right,
            (false, false) => &mut self.wrong,
        };
        *counter += count;
    }

    /// Whether the words were right so often that they are believed where the MASK bit says
    /// something else: then the MASK bit is wrong.
    const fn trusts_words(&self) -> bool {
        const ENOUGH: usize = 2;
        self.as_client.abs_diff(self.as_server) >= ENOUGH || self.right >= self.wrong + ENOUGH
    }

    const fn is_servers(&self) -> bool {
        self.as_server > self.as_client
    }
}

/// The direction that the bytes themselves tell.
fn of_bytes(chunk: &Chunk, judge: Judge) -> Option<Direction> {
    match &chunk.content {
        Content::Head(head) => Some(match head.kind {
            HeadKind::Request => Direction::Outgoing,
            HeadKind::Response => Direction::Incoming,
        }),
        Content::Bytes { bytes, .. } => judge(bytes).sender,
        Content::Message(_) | Content::Characters(_) => None,
    }
}
