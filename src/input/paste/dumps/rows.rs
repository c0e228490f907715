//! The rows of a dump whose end is told by a line, with other lines among them.
//!
//! `netty` and `traces::java` are the users.

/// What the rows at the start of a text have.
#[derive(Debug, Default)]
pub(in crate::input::paste) struct Rows {
    pub(in crate::input::paste) bytes: Vec<u8>,
    /// How many bytes are missing between the rows.
    pub(in crate::input::paste) omitted: u64,
    /// How much of the text they take, their last line included.
    pub(in crate::input::paste) size: usize,
    /// The last line is there.
    pub(in crate::input::paste) is_closed: bool,
}

/// How many other lines may stand between two rows.
const MOST_OTHERS: usize = 3;

/// More bytes than the rows that get lost when a text is copied.
const MOST_MISSING: u64 = 4096;

impl Rows {
    /// Reads rows. `row` gives the offset and the bytes of a row, `is_last` knows the line below the
    /// last row.
    pub(in crate::input::paste) fn read(
        text: &str,
        row: impl Fn(&str) -> Option<(u64, Vec<u8>)>,
        is_last: impl Fn(&str) -> bool,
    ) -> Self {
        let mut rows = Self::default();
        let mut at = 0;
        let mut others = 0;
        for line in text.split_inclusive('\n') {
            at += line.len();
            if let Some((offset, bytes)) = row(line) {
                let expected = rows.bytes.len() as u64 + rows.omitted;
                match offset.checked_sub(expected) {
                    Some(missing) if missing <= MOST_MISSING => rows.omitted += missing,
                    _ => break,
                }
                rows.bytes.extend(bytes);
                rows.size = at;
                others = 0;
            } else if is_last(line) {
                rows.size = at;
                rows.is_closed = true;
                break;
            } else if others < MOST_OTHERS {
                others += 1;
            } else {
                break;
            }
        }
        rows
    }
}
