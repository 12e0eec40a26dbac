//! Draws: a stream is named by a seed and by words, and shares nothing with another.
//!
//! The bits are those of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), from a start that is mixed of the seed and of every word.

/// A stream of draws.
#[derive(Clone, Debug)]
pub struct Stream(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

impl Stream {
    /// The stream of a seed and of words that say what is drawn.
    #[must_use]
    pub fn new(seed: u64, words: &[u64]) -> Self {
        let start = mix(seed.wrapping_add(STEP));
        Self(words.iter().fold(start, |bits, word| mix(bits.wrapping_add(STEP) ^ mix(word.wrapping_add(STEP)))))
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number in [0, 1) with 53 random bits.
    pub const fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// A whole number below `n`, which is far below 2^64: the product is cut, and what that favours is less than one in 2^32.
    pub fn below(&mut self, n: usize) -> usize {
        assert!(n > 0 && n <= 1 << 32, "{n} is no range of a draw");
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    /// A standard normal number (Box and Muller's method, the cosine branch).
    pub fn normal(&mut self) -> f64 {
        let u = 1.0 - self.unit();
        let v = self.unit();
        libm::sqrt(-2.0 * libm::log(u)) * libm::cos(std::f64::consts::TAU * v)
    }

    /// A permutation of what is in a list (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// As many points of the unit cube as are asked for, of which each coordinate has one in each of as many even cells (McKay, Beckman and
/// Conover, Technometrics 21 (1979) 239).
#[must_use]
pub fn latin(count: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut points = vec![vec![0.0; dimensions]; count];
    for dimension in 0..dimensions {
        let mut stream = Stream::new(seed, &[0x1a71, dimension as u64]);
        let mut cells: Vec<usize> = (0..count).collect();
        stream.shuffle(&mut cells);
        for (point, cell) in points.iter_mut().zip(cells) {
            point[dimension] = (cell as f64 + stream.unit()) / count as f64;
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs of SplitMix64 from the state 0, as its reference program prints them.
    #[test]
    fn the_bits_are_those_of_the_reference() {
        let mut stream = Stream(0);
        assert_eq!([stream.bits(), stream.bits()], [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]);
    }

    #[test]
    fn streams_are_named_by_the_seed_and_every_word_in_its_place() {
        let first = |seed: u64, words: &[u64]| Stream::new(seed, words).bits();
        let all = [first(1, &[1, 2]), first(1, &[2, 1]), first(2, &[1, 2]), first(1, &[1]), first(1, &[1, 2, 0])];
        for (at, one) in all.iter().enumerate() {
            assert!(!all[..at].contains(one));
        }
        assert_eq!(all[0], first(1, &[1, 2]));
    }

    /// Of ten points, each coordinate has one in each tenth.
    #[test]
    fn a_latin_hypercube_has_one_point_in_each_cell() {
        let points = latin(10, 3, 7);
        for dimension in 0..3 {
            let mut cells: Vec<usize> = points.iter().map(|point| (point[dimension] * 10.0) as usize).collect();
            cells.sort_unstable();
            assert_eq!(cells, (0..10).collect::<Vec<_>>());
        }
    }

    /// The mean of 4,000 normal draws has a standard error of 0.0158, their variance one of 0.0224: four of each.
    #[test]
    fn normal_draws_have_their_moments() {
        let mut stream = Stream::new(3, &[]);
        let draws: Vec<f64> = (0..4000).map(|_| stream.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 4000.0;
        let variance = draws.iter().map(|x| x * x).sum::<f64>() / 4000.0;
        assert!(mean.abs() < 0.064 && (variance - 1.0).abs() < 0.09, "{mean} {variance}");
    }
}
