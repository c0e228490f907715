//! The least that any reader of WebSocket frames must do: find the frame and unmask it.

/// The header of a masked frame.
pub(crate) struct Header<'a> {
    /// FIN, RSV and the opcode.
    pub(crate) first: u8,
    /// The length of the payload.
    pub(crate) length: u64,
    pub(crate) key: [u8; 4],
    /// What follows.
    pub(crate) rest: &'a [u8],
}

/// The header at the start of these bytes; `None` until it is whole.
pub(crate) fn header(bytes: &[u8]) -> Option<Header<'_>> {
    let (&[first, second], rest) = bytes.split_first_chunk()?;
    let (length, rest) = match second & 0x7f {
        126 => {
            let (length, rest) = rest.split_first_chunk()?;
            (u64::from(u16::from_be_bytes(*length)), rest)
        }
        127 => {
            let (length, rest) = rest.split_first_chunk()?;
            (u64::from_be_bytes(*length), rest)
        }
        length => (u64::from(length), rest),
    };
    let (&key, rest) = rest.split_first_chunk()?;
    Some(Header {
        first,
        length,
        key,
        rest,
    })
}

/// How far beyond a payload [`unmask`] may read, and beyond its place it may write.
/// Most frames are one step: how often a loop runs cannot be guessed wrong.
pub(crate) const SLACK: usize = 128;

/// Writes a payload of this length, unmasked, to the start of `out`, in whole steps: what
/// is behind the payload, and behind its place, must be [`SLACK`] bytes at least.
pub(crate) fn unmask(key: [u8; 4], payload: &[u8], length: usize, out: &mut [u8]) {
    let [a, b, c, d] = key;
    let word = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let steps = length.div_ceil(SLACK);
    let (from, _) = payload.as_chunks::<SLACK>();
    let (to, _) = out.as_chunks_mut::<SLACK>();
    for (to, from) in to[..steps].iter_mut().zip(&from[..steps]) {
        let (words, _) = from.as_chunks::<8>();
        for (to, from) in to.as_chunks_mut::<8>().0.iter_mut().zip(words) {
            *to = (u64::from_ne_bytes(*from) ^ word).to_ne_bytes();
        }
    }
}
