//! A reference decoder of DEFLATE that reads bit by bit. The tests compare the inflater and the
//! deflater with it.

/// What was read of a compressed message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// Whether it ends right after the header of a stored block, as a message must.
    pub(super) is_whole: bool,
    /// The longest distance of its back-references.
    pub(super) farthest: usize,
}

/// Reads a message to its end, or to the first error.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let mut bits = Bits { bytes, at: 0 };
    let mut reading = Reading::default();
    while read_block(&mut bits, &mut reading).is_some() && !reading.is_whole {}
    reading
}

fn read_block(bits: &mut Bits<'_>, reading: &mut Reading) -> Option<()> {
    let is_final = bits.take(1)? == 1;
    match bits.take(2)? {
        0 => {
            bits.align();
            if bits.at == 8 * bits.bytes.len() {
                reading.is_whole = true;
                return Some(());
            }
            let length = bits.take(16)?;
            if bits.take(16)? != !length & 0xffff {
                return None;
            }
            for _ in 0..length {
                bits.take(8)?;
            }
        }
        1 => {
            let lengths = |number| match number {
                144..=255 => 9,
                256..=279 => 7,
                _ => 8,
            };
            let literals: Vec<usize> = (0..288).map(lengths).collect();
            read_symbols(bits, &literals, &[5; 30], reading)?;
        }
        2 => {
            let (literals, distances) = read_lengths(bits)?;
            read_symbols(bits, &literals, &distances, reading)?;
        }
        _ => return None,
    }
    if is_final {
        bits.align();
    }
    Some(())
}

fn read_lengths(bits: &mut Bits<'_>) -> Option<(Vec<usize>, Vec<usize>)> {
    const ORDER: [usize; 19] = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ];
    let literals = 257 + bits.take(5)?;
    let distances = 1 + bits.take(5)?;
    let mut code = [0; 19];
    let count = 4 + bits.take(4)?;
    for place in ORDER.iter().take(count) {
        code[*place] = bits.take(3)?;
    }
    let mut lengths: Vec<usize> = Vec::new();
    while lengths.len() < literals + distances {
        let (length, times) = match symbol(bits, &code)? {
            16 => (*lengths.last()?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (length, 1),
        };
        lengths.extend(std::iter::repeat_n(length, times));
    }
    let distances = lengths.split_off(literals);
    Some((lengths, distances))
}

fn read_symbols(
    bits: &mut Bits<'_>,
    literals: &[usize],
    distances: &[usize],
    reading: &mut Reading,
) -> Option<()> {
    loop {
        let extra = match symbol(bits, literals)? {
            0..=255 => continue,
            256 => return Some(()),
            number @ 257..=284 => (number - 257).saturating_sub(4) / 4,
            _ => 0,
        };
        bits.take(extra)?;
        let number = symbol(bits, distances)?;
        let extra = number.saturating_sub(2) / 2;
        let base = match number {
            0..=3 => 1 + number,
            _ => 1 + ((2 + number % 2) << extra),
        };
        reading.farthest = reading.farthest.max(base + bits.take(extra)?);
    }
}

/// The next symbol of a canonical Huffman code (RFC 1951 §3.2.2).
fn symbol(bits: &mut Bits<'_>, lengths: &[usize]) -> Option<usize> {
    let (mut code, mut first) = (0, 0);
    for length in 1..=15 {
        code = code << 1 | bits.take(1)?;
        let mut symbols = (0..lengths.len()).filter(|symbol| lengths[*symbol] == length);
        let count = symbols.clone().count();
        if code < first + count {
            return symbols.nth(code - first);
        }
        first = (first + count) << 1;
    }
    None
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<usize> {
        let mut number = 0;
        for place in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            number |= usize::from(byte >> (self.at % 8) & 1) << place;
            self.at += 1;
        }
        Some(number)
    }

    const fn align(&mut self) {
        self.at = self.at.div_ceil(8) * 8;
    }
}
