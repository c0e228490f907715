//! An examination that begins in the middle of a stream.

use super::{StreamAnalyzer, Witness};
use crate::diagnosis::stream::compression::CompressionState;
use crate::diagnosis::stream::event::Senders;
use crate::diagnosis::stream::side::{KnownSender, SenderStates};
use crate::diagnosis::stream::tape::{BytesWindow, RecentBytes};
use crate::ws::{FrameReader, FrameValidator, MaskingKey, Role};

/// What is known of a stream up to the frame that is to be examined.
#[derive(Debug)]
pub(in crate::diagnosis::stream) struct Resumption<'a> {
    /// Who sends.
    pub(in crate::diagnosis::stream) sender: Role,
    /// What was seen before the frame and behind it.
    pub(in crate::diagnosis::stream) window: BytesWindow<'a>,
    /// Where the frame begins.
    pub(in crate::diagnosis::stream) start: u64,
    /// How many frames came before it.
    pub(in crate::diagnosis::stream) frames: u64,
    /// Number and place of the last of those.
    pub(in crate::diagnosis::stream) last: Option<(u64, u64)>,
    /// Who watched over those.
    pub(in crate::diagnosis::stream) validator: &'a FrameValidator,
    /// The key of the last of those that had something to mask.
    pub(in crate::diagnosis::stream) last_key: Option<MaskingKey>,
    /// Whether messages may be compressed.
    pub(in crate::diagnosis::stream) is_compressing: bool,
    /// The most bytes that a message may inflate to.
    pub(in crate::diagnosis::stream) limit: usize,
    /// What is told once, and was.
    pub(in crate::diagnosis::stream) told: &'a [&'static str],
}

impl StreamAnalyzer {
    /// An examiner that goes on where others have accepted what came before, the
    /// handshake first. It is to be
    /// given what stands in the window from the frame on.
    pub(in crate::diagnosis::stream) fn resuming(resumption: &Resumption<'_>) -> Self {
        let Resumption { window, start, .. } = *resumption;
        let deflate = if resumption.is_compressing {
            CompressionState::AgreedWithoutHistory
        } else {
            CompressionState::Refused
        };
        let parties = Senders::One(KnownSender::Known(resumption.sender));
        let mut examiner = Self::new(parties, deflate, resumption.limit, start);
        let before = window.start();
        examiner.tape = RecentBytes::starting_at(before);
        examiner.tape.append(window.up_to(before, start));
        if let SenderStates::One(side) = &mut examiner.sides {
            side.last_key = resumption.last_key;
        }
        examiner.reader = FrameReader::new(resumption.validator.clone(), start);
        examiner.has_opened = true;
        examiner.number = resumption.frames;
        examiner.last = resumption.last;
        examiner.told = resumption.told.to_vec();
        examiner
    }

    /// Nothing more will be heard, though it may have been sent: what the bytes show is
    /// told as at the end of a stream, and not what is missing.
    pub(in crate::diagnosis::stream) fn settle(&mut self, witness: &mut Witness<'_>) {
        self.may_go_on = true;
        self.finish(witness);
    }
}
