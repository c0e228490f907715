//! The least that any server or reader of WebSocket frames must do: find the frame,
//! unmask it, validate its text.

/// A masked frame at the start of what was read.
pub(crate) struct Bare<'a> {
    /// The first octet: FIN, RSV and the opcode.
    pub(crate) first: u8,
    pub(crate) key: [u8; 4],
    pub(crate) payload: &'a [u8],
    pub(crate) rest: &'a [u8],
}

/// The first frame of these octets; `None` until it is whole.
pub(crate) fn parse(octets: &[u8]) -> Option<Bare<'_>> {
    let (&[first, second], rest) = octets.split_first_chunk()?;
    let (length, rest) = match second & 0x7f {
        126 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        127 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::try_from(u64::from_be_bytes(*length)).ok()?, rest)
        }
        length => (usize::from(length), rest),
    };
    let (&key, rest) = rest.split_first_chunk()?;
    let (payload, rest) = rest.split_at_checked(length)?;
    Some(Bare {
        first,
        key,
        payload,
        rest,
    })
}

/// Appends the payload, unmasked, eight octets at a time.
pub(crate) fn unmask_into(out: &mut Vec<u8>, key: [u8; 4], payload: &[u8]) {
    let [a, b, c, d] = key;
    let word = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let start = out.len();
    out.extend_from_slice(payload);
    let (words, rest) = out
        .get_mut(start..)
        .unwrap_or_default()
        .as_chunks_mut::<8>();
    for chunk in words {
        *chunk = (u64::from_ne_bytes(*chunk) ^ word).to_ne_bytes();
    }
    for (octet, key) in rest.iter_mut().zip([a, b, c, d, a, b, c]) {
        *octet ^= key;
    }
}
