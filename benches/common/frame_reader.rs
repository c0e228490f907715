//! The least work with which a program can read masked frames: parse the header, unmask the
//! payload. Both bare loops use it.

/// The header of a masked frame, and the bytes after it.
pub(crate) struct Header<'a> {
    /// The first byte: FIN, RSV and the opcode.
    pub(crate) first_byte: u8,
    pub(crate) payload_length: u64,
    pub(crate) masking_key: [u8; 4],
    /// The bytes after the header.
    pub(crate) rest: &'a [u8],
}

/// Parses the header of a masked frame at the start of `bytes`; `None` until it is complete.
pub(crate) fn parse_header(bytes: &[u8]) -> Option<Header<'_>> {
    let (&[first_byte, second_byte], rest) = bytes.split_first_chunk()?;
    let (payload_length, rest) = match second_byte & 0x7f {
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
    let (&masking_key, rest) = rest.split_first_chunk()?;
    Some(Header {
        first_byte,
        payload_length,
        masking_key,
        rest,
    })
}

/// How many bytes [`unmask`] handles at a time. It may read and write up to this many bytes
/// after the end of the payload. Most payloads need one step, so that the processor predicts
/// the loop well.
pub(crate) const UNMASK_STEP: usize = 128;

/// Unmasks `length` bytes of `payload` into `out`, in whole steps: both slices need
/// [`UNMASK_STEP`] spare bytes at their end.
pub(crate) fn unmask(masking_key: [u8; 4], payload: &[u8], length: usize, out: &mut [u8]) {
    let [a, b, c, d] = masking_key;
    let key = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let steps = length.div_ceil(UNMASK_STEP);
    let (from, _) = payload.as_chunks::<UNMASK_STEP>();
    let (to, _) = out.as_chunks_mut::<UNMASK_STEP>();
    for (to, from) in to[..steps].iter_mut().zip(&from[..steps]) {
        let (words, _) = from.as_chunks::<8>();
        for (to, from) in to.as_chunks_mut::<8>().0.iter_mut().zip(words) {
            *to = (u64::from_ne_bytes(*from) ^ key).to_ne_bytes();
        }
    }
}
