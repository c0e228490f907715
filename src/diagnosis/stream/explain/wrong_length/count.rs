//! Lengths that count something other than the bytes of the payload.

use super::{SuspectFrame, WrongLength, bytes_follow};
use crate::diagnosis::stream::explain::words::{
    excerpt, length_bytes, size_of_characters, size_of_utf16_units,
};
use crate::diagnosis::{Finding, catalogue};
use crate::ws::Opcode;

impl SuspectFrame<'_> {
    /// The length counts the characters of a text, not its bytes.
    pub(super) fn counted_in_characters(&self) -> Option<WrongLength> {
        let header = self.header();
        if header.opcode != Opcode::TEXT || header.rsv.rsv1() {
            return None;
        }
        let said = header.payload_length.value();
        let payload = self.header_size();
        // A character takes at most four bytes, and one in UTF-16 units at most three.
        let most = self.at(payload).saturating_add(said.saturating_mul(4));
        let text = self.lookahead.text_between(self.at(payload), most, header);
        let meant = [
            size_of_characters(&text, said),
            size_of_utf16_units(&text, said),
        ]
        .into_iter()
        .flatten()
        .find(|size| *size > said && self.goes_on(self.at(payload + size)))?;
        let shown = text.get(..usize::try_from(meant).ok()?)?;
        let message = format!(
            "the length counts {said} characters, but \"{}\" has {meant} bytes",
            excerpt(shown)
        );
        let finding = Finding::new(&catalogue::LEN_IN_CHARS, message)
            .label(format!("{meant} bytes follow"))
            .certain_cause(format!(
                "{}; the length was computed before the text was encoded",
                self.exactly(&self.of_size(meant))
            ))
            .fixed_by(format!(
                "encode the text first, then compute the length: {}",
                length_bytes(meant, self.is_masked())
            ));
        let field = self.extended().max(1);
        let at = if field == 1 { 1 } else { 2 };
        Some(self.wrong_length(finding, at, field, &self.of_size(meant)))
    }

    /// The length counts the header, too, or a part of it.
    pub(super) fn header_counted(&self) -> Option<WrongLength> {
        let said = self.header().payload_length.value();
        let payload = self.header_size();
        let size = [payload, 2, self.key_size()]
            .into_iter()
            .filter(|size| (1..said).contains(size))
            .find(|size| self.fits(&self.of_size(said - size)))?;
        let meant = self.of_size(said - size);
        let is_end = self.at(meant.end()) == self.window().end();
        let counted = if size == payload {
            "the length counts the header, too".to_owned()
        } else if size == 4 {
            "the length counts the masking key, too".to_owned()
        } else {
            format!("the length counts the first {size} bytes, too")
        };
        let message = format!("{size} of {said} payload bytes missing");
        let finding = Finding::new(&catalogue::LEN_BEYOND_DATA, message)
            .label(bytes_follow(meant.size))
            .possible_cause(if is_end {
                format!("{counted}, or the last {size} bytes were not copied")
            } else {
                format!("{counted}: {}", self.exactly(&meant))
            })
            .fixed_by(format!(
                "let the length count the payload only: {}{}",
                length_bytes(meant.size, self.is_masked()),
                if is_end { "; or copy the rest" } else { "" }
            ));
        let field = self.extended();
        Some(self.wrong_length(finding, 1, 1 + field, &meant))
    }
}
