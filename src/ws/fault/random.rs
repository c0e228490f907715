//! Choices that a seed repeats.

/// A small generator (splitmix64): the same seed gives the same numbers.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The generator of one connection; each has its own, so that what one client does
    /// changes nothing for another.
    pub(super) const fn new(seed: u64, connection: u64) -> Self {
        Self(seed ^ connection.wrapping_mul(STEP))
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// True in so many of a hundred cases.
    pub(super) fn chance(&mut self, percent: u8) -> bool {
        percent >= 100 || self.next() % 100 < u64::from(percent)
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let number = self.next() % (end.max(1) as u64);
        usize::try_from(number).unwrap_or_default()
    }

    pub(super) const fn bytes(&mut self) -> [u8; 4] {
        let [a, b, c, d, ..] = self.next().to_be_bytes();
        [a, b, c, d]
    }
}

/// 2^64 divided by the golden ratio, which reaches every number once.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_seed_repeats_its_numbers_and_a_connection_has_its_own() {
        let numbers = |seed, connection| {
            let mut random = Random::new(seed, connection);
            [random.next(), random.next(), random.next()]
        };
        assert_eq!(numbers(7, 1), numbers(7, 1));
        assert_ne!(numbers(7, 1), numbers(7, 2));
        assert_ne!(numbers(7, 1), numbers(8, 1));
    }

    #[test]
    fn a_chance_of_one_in_four_comes_about_that_often() {
        let mut random = Random::new(1, 1);
        let struck = (0..10_000).filter(|_| random.chance(25)).count();
        assert!((2_300..2_700).contains(&struck), "{struck}");
        assert!((0..100).all(|_| random.chance(100)));
        assert!((0..100).all(|_| random.below(3) < 3));
    }
}
