//! Notes for bytes that were not classified: what they may be. The first finding on the bytes gets
//! the note.

use super::{looks_random, readable};
use crate::diagnosis::catalogue::RulePage;
use crate::diagnosis::{Finding, catalogue};

/// What bytes may be, without enough evidence to classify them.
#[derive(Debug)]
pub(super) struct PendingNote {
    /// Where the bytes begin in the stream.
    offset: u64,
    /// The rules whose findings it belongs to.
    rules: &'static [&'static RulePage],
    pub(super) text: &'static str,
}

/// The rule of a payload that is longer than the data.
static LENGTH_RULES: &[&RulePage] = &[&catalogue::LEN_BEYOND_DATA];

/// The rule of text without a frame.
static TEXT_RULES: &[&RulePage] = &[&catalogue::RAW_TEXT_UNFRAMED];

/// The rules of a header that cannot begin a stream.
static HEADER_RULES: &[&RulePage] = &[
    &catalogue::RSV23_OR_OPCODE,
    &catalogue::CONTROL_FRAGMENTED,
    &catalogue::CONTINUATION_WITHOUT_START,
    &catalogue::PMD_RSV1_NOT_FIRST,
    &catalogue::DESYNC,
];

impl PendingNote {
    /// Whether the note is about the bytes of this finding.
    pub(super) fn belongs_to(&self, finding: &Finding) -> bool {
        let offset = finding.location.as_ref().map(|location| location.offset);
        offset == Some(self.offset) && self.rules.contains(&finding.page)
    }

    /// What may help where bytes at this offset are not named: text may be a payload alone, and
    /// not every compression leaves a trace.
    pub(super) fn of(bytes: &[u8], offset: u64) -> Option<Self> {
        const SHORTEST: usize = 24;
        if readable(bytes).is_some() {
            return Some(Self {
                offset,
                rules: TEXT_RULES,
                text: "this may be the payload of a message alone, as logs print it: then nothing \
                       is wrong",
            });
        }
        (bytes.len() >= SHORTEST && looks_random(bytes)).then_some(Self {
            offset,
            rules: HEADER_RULES,
            text: "as a payload alone the bytes are no raw DEFLATE, zlib or gzip; Brotli has no \
                   signature, and wsctl does not decode it",
        })
    }

    /// What may help where text follows the first byte of a text frame: a length below 32 is a
    /// control character, which is lost where a log prints text.
    pub(super) fn of_lost_length(bytes: &[u8], offset: u64) -> Option<Self> {
        let [0x81, text @ ..] = bytes else {
            return None;
        };
        let is_lost = (2..32).contains(&text.len()) && text.iter().all(|byte| *byte >= b' ');
        (is_lost && readable(text).is_some()).then_some(Self {
            offset: offset + 1,
            rules: LENGTH_RULES,
            text: "if all of this is text, the length is missing: a control character, which is \
                   lost where a log prints text",
        })
    }
}
