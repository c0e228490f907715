//! Received bytes that are consumed from the front.

/// Received bytes that nothing has consumed yet. [`FrameDecoder`](super::FrameDecoder) and the
/// readers above it take what they need from the front and unmask it in place.
#[derive(Debug, PartialEq, Eq)]
pub struct InputBuf<'a>(&'a mut [u8]);

impl<'a> InputBuf<'a> {
    /// A buffer of which nothing is consumed.
    pub const fn new(bytes: &'a mut [u8]) -> Self {
        Self(bytes)
    }

    /// Whether all bytes are consumed.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes that are not consumed.
    pub const fn as_slice(&self) -> &[u8] {
        self.0
    }

    /// Consumes `size` bytes, or as many as there are, and returns them.
    pub fn take(&mut self, size: usize) -> &'a mut [u8] {
        let all = std::mem::take(&mut self.0);
        let (piece, rest) = all.split_at_mut(size.min(all.len()));
        self.0 = rest;
        piece
    }

    /// The bytes that are not consumed, to be changed in place.
    pub(in crate::ws) const fn as_mut_slice(&mut self) -> &mut [u8] {
        self.0
    }
}
