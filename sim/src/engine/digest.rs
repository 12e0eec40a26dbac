//! The digest of a run: a 64-bit hash that runs along with the ledger.
//!
//! Two runs with the same digest said the same facts in the same order (but for a collision, one in 2⁶⁴). It is ours, so
//! that no upgrade of a crate moves it, and it reads only integers of fixed width.

/// A running hash over 64-bit words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

impl Default for Digest {
    fn default() -> Self {
        Self(0x5749_4e44_5455_4e4e)
    }
}

impl Digest {
    /// Takes in one word.
    #[inline]
    pub fn word(&mut self, word: u64) {
        // Multiply and rotate, as FxHash does; the finish scrambles what that leaves in the low bits.
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER);
    }

    /// The hash of everything taken in so far.
    #[must_use]
    pub const fn finish(self) -> u64 {
        // The finaliser of SplitMix64.
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }
}
