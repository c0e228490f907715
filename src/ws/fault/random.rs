//! The random choices of a [`FaultInjector`](super::FaultInjector), determined by a seed.

/// The generator splitmix64. It is deterministic, and not secure.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The generator of one connection. Each connection has its own, so that the order in which
    /// connections send changes nothing.
    pub(super) const fn new(seed: u64, connection: u64) -> Self {
        Self(seed ^ connection.wrapping_mul(STEP))
    }

    /// The next number.
    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// True in `percent` of 100 cases.
    pub(super) fn chance(&mut self, percent: u8) -> bool {
        percent >= 100 || self.next() % 100 < u64::from(percent)
    }

    /// A number from 0 to `end` - 1; 0 if `end` is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let number = self.next() % (end.max(1) as u64);
        usize::try_from(number).unwrap_or_default()
    }

    /// Four bytes, for a masking key.
    pub(super) const fn bytes(&mut self) -> [u8; 4] {
        let [a, b, c, d, ..] = self.next().to_be_bytes();
        [a, b, c, d]
    }
}

/// 2^64 divided by the golden ratio. It is odd, so that the state takes every value.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_seed_and_the_connection_determine_the_numbers() {
        let numbers = |seed, connection| {
            let mut random = Random::new(seed, connection);
            [random.next(), random.next(), random.next()]
        };
        assert_eq!(numbers(7, 1), numbers(7, 1));
        assert_ne!(numbers(7, 1), numbers(7, 2));
        assert_ne!(numbers(7, 1), numbers(8, 1));
    }

    #[test]
    fn a_chance_of_25_percent_is_true_in_a_quarter_of_the_cases() {
        let mut random = Random::new(1, 1);
        let count = (0..10_000).filter(|_| random.chance(25)).count();
        assert!((2_300..2_700).contains(&count), "{count}");
        assert!((0..100).all(|_| random.chance(100)));
        assert!((0..100).all(|_| random.below(3) < 3));
    }
}
