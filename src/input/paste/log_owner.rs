//! The direction of each chunk of a log. `PasteReader` uses it.
//!
//! A head and the MASK bit of a frame show who sent it. Words and marks (`recv`, `>`) say it from the
//! view of the program that wrote the log. Chunks with both show which end that program is.

use super::chunk::{Chunk, Content};
use super::direction::Sent;
use super::evidence::EvidenceFn;
use super::http_head::HeadKind;
use crate::input::{Direction, InputNotice};

/// What is known of the program that wrote a log.
#[derive(Debug, Default)]
pub(super) struct LogOwner {
    /// The votes of heads, which decide.
    heads: Votes,
    /// The votes of the MASK bits of frames.
    frames: Votes,
    /// Whether words or marks said who sent bytes.
    is_told: bool,
    /// How many chunks have a mark before them, and no word.
    marks: usize,
    /// Whether a notice about a contradiction was made.
    has_told: bool,
    /// The direction of the last chunk.
    last: Option<Direction>,
}

/// How many chunks agree with the words before them, for each end that may have written the log.
#[derive(Clone, Copy, Debug, Default)]
struct Votes {
    /// If a client wrote the log.
    as_client: usize,
    as_server: usize,
    /// Words that name the sender, and mean the same in the log of either end: right, or wrong.
    right: usize,
    wrong: usize,
}

impl Votes {
    /// Whether so many chunks agree with the words that the words decide.
    const fn trust_words(self, margin: usize) -> bool {
        self.as_client.abs_diff(self.as_server) >= margin || self.right >= self.wrong + margin
    }
}

impl LogOwner {
    /// Sets the directions of the next chunks, and adds notices about contradictions.
    pub(super) fn set_directions(
        &mut self,
        chunks: &mut [Chunk],
        evidence_of: EvidenceFn,
        notices: &mut Vec<InputNotice>,
    ) {
        self.drop_prompts(chunks);
        let by_bytes: Vec<_> = chunks
            .iter()
            .map(|chunk| of_bytes(chunk, evidence_of))
            .collect();
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
                && !self.heads.trust_words(1)
                && !std::mem::replace(&mut self.has_told, true)
            {
                // If a head shows who wrote the log, the MASK bit is wrong, and the frame has a finding.
                let follows_words = self.trusts_words();
                notices.push(InputNotice::SenderDiffers {
                    words,
                    follows_words,
                });
            }
            // A chunk without words has the direction of the one before.
            self.last = chunk.direction.or(self.last);
            chunk.direction = self.last;
        }
    }

    /// Removes the mark of a single chunk: a `>` before the only bytes of a text is a prompt.
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
        let votes = if chunk.is_of_client().is_some() {
            &mut self.heads
        } else {
            &mut self.frames
        };
        let is_as_client = sent.direction(false) == by_bytes;
        let counter = match (sent.is_relative(), is_as_client) {
            (true, true) => &mut votes.as_client,
            (true, false) => &mut votes.as_server,
            (false, true) => &mut votes.right,
            (false, false) => &mut votes.wrong,
        };
        *counter += 1;
    }

    /// Whether the words decide if the MASK bit contradicts them. Then the MASK bit is wrong. One head
    /// that agrees with them is enough, or two frames more than contradict.
    const fn trusts_words(&self) -> bool {
        self.heads.trust_words(1) || self.frames.trust_words(2)
    }

    const fn is_servers(&self) -> bool {
        let (heads, frames) = (self.heads, self.frames);
        if heads.as_server == heads.as_client {
            frames.as_server > frames.as_client
        } else {
            heads.as_server > heads.as_client
        }
    }
}

/// The direction that the bytes themselves show.
fn of_bytes(chunk: &Chunk, evidence_of: EvidenceFn) -> Option<Direction> {
    match &chunk.content {
        Content::Head(head) => Some(match head.kind {
            HeadKind::Request => Direction::Outgoing,
            HeadKind::Response => Direction::Incoming,
        }),
        Content::Bytes { bytes, .. } => evidence_of(bytes).sender,
        Content::Message(_) | Content::Characters(_) => None,
    }
}
