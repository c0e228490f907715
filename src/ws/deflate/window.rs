//! The last inflated bytes, which later messages may refer to.

/// The last 32 KiB of a stream, the longest distance of DEFLATE (RFC 1951 §2).
#[derive(Debug, Default)]
pub(super) struct Window {
    /// Up to twice as many bytes, so that they are rarely moved.
    bytes: Vec<u8>,
}

impl Window {
    const SIZE: usize = 1 << 15;

    pub(super) fn push(&mut self, piece: &[u8]) {
        let piece = last(piece);
        if self.bytes.len() + piece.len() > 2 * Self::SIZE {
            let kept = last(&self.bytes).len();
            let start = self.bytes.len() - kept;
            self.bytes.copy_within(start.., 0);
            self.bytes.truncate(kept);
        }
        self.bytes.extend_from_slice(piece);
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        last(&self.bytes)
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }
}

fn last(bytes: &[u8]) -> &[u8] {
    let start = bytes.len().saturating_sub(Window::SIZE);
    bytes.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_last_32_kib_and_no_more_than_128_kib() {
        let all: Vec<u8> = (0..300_000_u32)
            .map(|number| (number % 251) as u8)
            .collect();
        for size in [1, 7, 1000, 32_768, 40_000, 300_000] {
            let mut window = Window::default();
            for piece in all.chunks(size) {
                window.push(piece);
            }
            assert_eq!(window.as_slice(), &all[all.len() - 32_768..], "{size}");
            assert!(window.bytes.capacity() <= 131_072);
        }
        let mut window = Window::default();
        window.push(b"abc");
        assert_eq!(window.as_slice(), b"abc");
    }
}
