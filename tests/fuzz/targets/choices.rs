//! Turns the input of a fuzz target into choices.

/// The remaining input. Each choice consumes bytes; without bytes, each choice is 0.
pub(crate) struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    pub(crate) fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// 0 to `most`.
    pub(crate) fn up_to(&mut self, most: u8) -> u8 {
        self.byte() % (most + 1)
    }

    /// A size: small numbers, and some large ones.
    pub(crate) fn size(&mut self) -> usize {
        match self.byte() {
            small @ 0..=239 => small.into(),
            large => 100 << (large - 240),
        }
    }

    /// The next `size` bytes, or all if there are fewer.
    pub(crate) fn bytes(&mut self, size: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(size.min(self.0.len()));
        self.0 = rest;
        taken
    }

    pub(crate) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All remaining bytes in pieces; the first bytes choose the sizes.
    pub(crate) fn pieces(&mut self) -> Vec<&'a [u8]> {
        let count = self.up_to(15);
        let sizes = self.bytes(count.into());
        let mut pieces: Vec<&[u8]> = sizes
            .iter()
            .map(|size| self.bytes(usize::from(*size)))
            .collect();
        pieces.push(self.rest());
        pieces
    }
}
