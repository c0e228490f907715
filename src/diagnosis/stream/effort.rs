//! A limit on the work that explanations may cost, in proportion to the bytes of the stream.
//!
//! An explanation tries many readings of a few bytes. Hostile bytes can make every header wrong,
//! and each reading as long as possible. So each look at a byte window is counted here, and when
//! the limit is reached, frames are reported with the rules that they break, without a cause, until
//! more bytes came. The count is the same in every run, which tests use.

use std::cell::Cell;

/// The work that a stream may cost before its first byte: far more than any single explanation.
const BASE: u64 = 1 << 22;

/// The work that each byte of the stream may cost in addition.
const PER_BYTE: u64 = 64;

/// The work that was spent on a stream, in units of about a parsed header or 32 validated bytes.
#[derive(Debug, Default)]
pub(super) struct Effort {
    spent: Cell<u64>,
    /// How many bytes of the stream came.
    bytes: Cell<u64>,
}

impl Effort {
    /// Counts bytes of the stream that came.
    pub(super) fn receive(&self, bytes: usize) {
        self.bytes.set(self.bytes.get() + bytes as u64);
    }

    /// Counts work.
    pub(super) fn spend(&self, units: u64) {
        self.spent.set(self.spent.get().saturating_add(units));
    }

    /// Counts the work of examining this many bytes.
    pub(super) fn spend_on(&self, bytes: usize) {
        const PER_UNIT: u64 = 32;
        self.spend(1 + bytes as u64 / PER_UNIT);
    }

    /// Whether the limit is reached.
    pub(super) fn is_exhausted(&self) -> bool {
        self.spent.get() > limit(self.bytes.get())
    }

    /// The work so far.
    #[cfg(test)]
    pub(super) fn spent(&self) -> u64 {
        self.spent.get()
    }
}

/// The work limit for a stream of this many bytes.
pub(super) const fn limit(bytes: u64) -> u64 {
    BASE.saturating_add(PER_BYTE.saturating_mul(bytes))
}
