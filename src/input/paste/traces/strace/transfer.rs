//! What one system call read or wrote.

use crate::input::paste::chunk::Chunk;
use crate::input::paste::direction::Sent;
use crate::notation::Notation;

/// What was read or written at once.
pub(super) struct TransferPart {
    pub(super) descriptor: usize,
    pub(super) is_sent: bool,
    pub(super) bytes: Vec<u8>,
    pub(super) size: u64,
    pub(super) is_cut: bool,
    /// A dump below has all bytes.
    pub(super) has_rows: bool,
    pub(super) time: Option<String>,
}

impl TransferPart {
    /// The chunk of it. `is_client` says whether this process is the client, if that is known.
    pub(super) fn chunk(self, is_client: Option<bool>) -> Chunk {
        let sent = match (is_client, self.is_sent) {
            (Some(is_client), is_sent) if is_client == is_sent => Sent::ByClient,
            (Some(_), _) => Sent::ByServer,
            (None, true) => Sent::Out,
            (None, false) => Sent::In,
        };
        let is_head = self.bytes.starts_with(b"HTTP/1.") || self.bytes.starts_with(b"GET ");
        // A request or a response that is cut would only seem to be wrong.
        let bytes = if is_head && self.is_cut {
            Vec::new()
        } else {
            self.bytes
        };
        let omitted = self.size.saturating_sub(bytes.len() as u64);
        let mut chunk = Chunk::of_bytes(bytes, Notation::Escaped, Some(sent))
            .lacking(if self.is_cut { omitted } else { 0 })
            .at(self.time.as_deref());
        chunk.connection = u32::try_from(self.descriptor).ok();
        chunk
    }
}
