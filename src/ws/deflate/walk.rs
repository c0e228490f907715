//! Walks over the symbols of a compressed payload without inflating it, to find how far it
//! refers back.
//!
//! zlib-rs inflates with the largest window whatever was negotiated, so it does not notice a
//! distance beyond a smaller one. The analyzer of `decode` asks here where the negotiated window
//! is small. The tests of the inflater and the deflater compare them with it, since it is
//! independent of zlib-rs.

/// What a compressed payload consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeflateWalk {
    /// Whether it ends where a message ends.
    pub is_complete: bool,
    /// The size of the first message, which ends right after the header of a stored block where
    /// 00 00 ff ff was removed (RFC 7692 §7.2.1); None if no such place was found.
    pub message_size: Option<usize>,
    /// The longest distance of its back-references, in bytes; 0 if there is none.
    pub farthest: usize,
}

/// Walks over a payload to its end, or to the first error.
pub fn walk(payload: &[u8]) -> DeflateWalk {
    let mut bits = Bits::new(payload);
    let mut walk = DeflateWalk::default();
    while walk_block(&mut bits, &mut walk).is_some() {}
    walk.message_size = walk.message_size.map(|rest| payload.len() - rest);
    walk.is_complete = walk.message_size == Some(payload.len());
    walk
}

/// Walks over a block (RFC 1951 §3.2.3); None at an error, or where bits are missing.
fn walk_block(bits: &mut Bits<'_>, walk: &mut DeflateWalk) -> Option<()> {
    let is_final = bits.take(1)? == 1;
    match bits.take(2)? {
        0 => {
            bits.align();
            let rest = bits.rest.len();
            match (bits.take(16), bits.take(16)) {
                (Some(length), Some(check)) if check == !length & 0xffff => {
                    bits.skip_bytes(length)?;
                }
                _ => {
                    // The number of bytes after it, for now.
                    walk.message_size = Some(rest);
                    return None;
                }
            }
        }
        1 => walk_symbols(bits, &fixed_literals(), &HuffmanCode::new(&[5; 30]), walk)?,
        2 => {
            let (literals, distances) = read_codes(bits)?;
            walk_symbols(bits, &literals, &distances, walk)?;
        }
        _ => return None,
    }
    if is_final {
        bits.align();
    }
    Some(())
}

/// The code of literals and lengths in blocks with fixed codes (RFC 1951 §3.2.6).
fn fixed_literals() -> HuffmanCode {
    let lengths: Vec<u8> = (0..288)
        .map(|symbol| match symbol {
            144..=255 => 9,
            256..=279 => 7,
            _ => 8,
        })
        .collect();
    HuffmanCode::new(&lengths)
}

/// Reads the two codes of a block with dynamic codes (RFC 1951 §3.2.7).
fn read_codes(bits: &mut Bits<'_>) -> Option<(HuffmanCode, HuffmanCode)> {
    const ORDER: [usize; 19] = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ];
    let literals = 257 + bits.take(5)?;
    let distances = 1 + bits.take(5)?;
    let mut lengths_of_lengths = [0; 19];
    let count = 4 + bits.take(4)?;
    for place in ORDER.iter().take(count) {
        *lengths_of_lengths.get_mut(*place)? = u8::try_from(bits.take(3)?).ok()?;
    }
    let code = HuffmanCode::new(&lengths_of_lengths);
    let mut lengths: Vec<u8> = Vec::with_capacity(literals + distances);
    while lengths.len() < literals + distances {
        let (length, times) = match code.read(bits)? {
            16 => (*lengths.last()?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (u8::try_from(length).ok()?, 1),
        };
        lengths.extend(std::iter::repeat_n(length, times));
    }
    let (literals, distances) = lengths.split_at_checked(literals)?;
    Some((HuffmanCode::new(literals), HuffmanCode::new(distances)))
}

/// Walks over the literals and back-references of a block (RFC 1951 §3.2.5).
fn walk_symbols(
    bits: &mut Bits<'_>,
    literals: &HuffmanCode,
    distances: &HuffmanCode,
    walk: &mut DeflateWalk,
) -> Option<()> {
    loop {
        let extra_length_bits = match literals.read(bits)? {
            0..=255 => continue,
            256 => return Some(()),
            symbol @ 257..=284 => (symbol - 257).saturating_sub(4) / 4,
            _ => 0,
        };
        bits.take(extra_length_bits)?;
        let symbol = distances.read(bits)?;
        let extra_bits = symbol.saturating_sub(2) / 2;
        let base = match symbol {
            0..=3 => 1 + symbol,
            _ => 1 + ((2 + symbol % 2) << extra_bits),
        };
        walk.farthest = walk.farthest.max(base + bits.take(extra_bits)?);
    }
}

/// A canonical Huffman code (RFC 1951 §3.2.2).
struct HuffmanCode {
    /// How many symbols have a code of each length, from 1 to 15 bits.
    counts: [usize; MAX_BITS],
    /// The symbols in the order of their codes.
    symbols: Vec<usize>,
}

const MAX_BITS: usize = 15;

impl HuffmanCode {
    /// The code in which each symbol has a code of this length; 0 is none.
    fn new(lengths: &[u8]) -> Self {
        let mut counts = [0; MAX_BITS];
        let mut symbols = Vec::with_capacity(lengths.len());
        for (length, count) in (1..).zip(&mut counts) {
            let before = symbols.len();
            let with_length = lengths
                .iter()
                .enumerate()
                .filter(|(_, own)| **own == length);
            symbols.extend(with_length.map(|(symbol, _)| symbol));
            *count = symbols.len() - before;
        }
        Self { counts, symbols }
    }

    /// Reads the next symbol; None if the bits are not a code, or are missing.
    fn read(&self, bits: &mut Bits<'_>) -> Option<usize> {
        let (mut code, mut first, mut index) = (0, 0, 0);
        for count in self.counts {
            code |= bits.take(1)?;
            if code < first + count {
                return self.symbols.get(index + (code - first)).copied();
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

/// Reads bits, the lowest one of each byte first (RFC 1951 §3.1.1).
struct Bits<'a> {
    rest: &'a [u8],
    /// The bits of the current byte that were not read.
    byte: usize,
    count: usize,
}

impl<'a> Bits<'a> {
    const fn new(rest: &'a [u8]) -> Self {
        Self {
            rest,
            byte: 0,
            count: 0,
        }
    }

    fn take(&mut self, count: usize) -> Option<usize> {
        let mut number = 0;
        for place in 0..count {
            if self.count == 0 {
                let (byte, rest) = self.rest.split_first()?;
                (self.byte, self.rest, self.count) = (usize::from(*byte), rest, 8);
            }
            number |= (self.byte & 1) << place;
            self.byte >>= 1;
            self.count -= 1;
        }
        Some(number)
    }

    /// Skips the rest of the current byte.
    const fn align(&mut self) {
        self.count = 0;
    }

    fn skip_bytes(&mut self, count: usize) -> Option<()> {
        self.rest = self.rest.get(count..)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_longest_distance() {
        // "Hello", and "Hello" again by a distance of 5: fixed codes.
        let hello = walk(b"\xf2\x48\xcd\xc9\xc9\x07\x00");
        assert_eq!((hello.is_complete, hello.farthest), (true, 0));
        let again = walk(b"\xf2\x00\x11\x00\x00");
        assert_eq!((again.is_complete, again.farthest), (true, 5));
    }

    #[test]
    fn stops_at_the_end_and_at_errors() {
        for payload in [
            &b""[..],
            b"\xf2\x48",
            b"\x07",
            b"\x00\x05\x00\xfa\xffHel",
            b"\x00\x05\x00\xfb\xffHello\x00",
        ] {
            assert!(!walk(payload).is_complete, "{payload:?}");
        }
        assert!(walk(b"\x00\x05\x00\xfa\xffHello\x00").is_complete);
    }

    #[test]
    fn finds_the_end_of_the_first_of_several_messages() {
        let messages = b"\xf2\x48\xcd\xc9\xc9\x07\x00\xf2\x00\x11\x00\x00";
        let first = walk(messages);
        assert_eq!((first.is_complete, first.message_size), (false, Some(7)));
        let second = walk(&messages[7..]);
        assert_eq!((second.is_complete, second.message_size), (true, Some(5)));
    }
}
