//! Writes a JSON object on a line, member by member.

use serde::Serialize;

use super::SafeFormatter;
use crate::render::{escape, words};

/// An object that is being written. Names need no escapes: they are wsctl's own.
///
/// Since a recording may have millions of frames, members are written into the buffer
/// directly. Nested values are serialised by serde.
pub(in crate::render) struct JsonObject<'a> {
    out: &'a mut Vec<u8>,
}

impl<'a> JsonObject<'a> {
    /// Begins an object of this `type`.
    pub(in crate::render) fn new(out: &'a mut Vec<u8>, kind: &str) -> Self {
        out.extend_from_slice(b"{\"type\":\"");
        out.extend_from_slice(kind.as_bytes());
        out.push(b'"');
        Self { out }
    }

    /// Ends the object and the line.
    pub(in crate::render) fn end(self) {
        self.out.extend_from_slice(b"}\n");
    }

    /// How many bytes the buffer has.
    pub(in crate::render) const fn position(&self) -> usize {
        self.out.len()
    }

    pub(in crate::render) fn number(&mut self, name: &str, value: impl Into<u64>) {
        self.name(name);
        words::push_number(self.out, value.into());
    }

    pub(in crate::render) fn truth(&mut self, name: &str, value: bool) {
        self.name(name);
        self.out
            .extend_from_slice(if value { b"true" } else { b"false" });
    }

    pub(in crate::render) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        push_string(self.out, value);
    }

    /// Adds bytes as a string of hexadecimal digits.
    pub(in crate::render) fn hex(&mut self, name: &str, bytes: &[u8]) {
        self.name(name);
        self.out.push(b'"');
        words::push_hex(self.out, bytes);
        self.out.push(b'"');
    }

    pub(in crate::render) fn value(&mut self, name: &str, value: &impl Serialize) {
        self.name(name);
        let mut serializer = serde_json::Serializer::with_formatter(&mut *self.out, SafeFormatter);
        value
            .serialize(&mut serializer)
            .expect("writing to a Vec cannot fail");
    }

    fn name(&mut self, name: &str) {
        self.out.extend_from_slice(b",\"");
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }
}

/// Appends a string. Characters that can control a terminal are escaped, as `\u009b`.
fn push_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escape::push_json(out, text);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_escaped_as_serde_escapes_it() {
        let everything: String = (0..=0x0010_ffff).filter_map(char::from_u32).collect();
        let mut written = Vec::new();
        push_string(&mut written, &everything);
        let mut expected = Vec::new();
        let mut serializer = serde_json::Serializer::with_formatter(&mut expected, SafeFormatter);
        everything.serialize(&mut serializer).unwrap();
        assert!(written == expected);
    }
}
