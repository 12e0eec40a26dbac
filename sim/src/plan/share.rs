//! Shares of users, in whole billionths.

use std::collections::BTreeMap;

/// A share of the users of a name, in billionths.
pub type Share = u32;

/// All of them.
pub const WHOLE: Share = 1_000_000_000;

/// A share divided by weights; the last takes what rounding left.
pub fn split<T>(of: impl Iterator<Item = (T, u64)> + Clone, share: Share) -> Vec<(T, Share)> {
    let total: u64 = of.clone().map(|(_, weight)| weight).sum();
    let (mut weights, mut given) = (0, 0);
    let part = |(which, weight)| {
        weights += weight;
        // A weight may be a sum of shares of shares: the product does not fit in 64 bits.
        let until = (u128::from(share) * u128::from(weights)).checked_div(total.into()).unwrap_or(0) as Share;
        let part = (which, until - given);
        given = until;
        part
    };
    of.map(part).collect()
}

/// The mean of shares by their sums over so many: together they are what the sums are together, with no rest for rounding.
pub fn mean<T: Copy>(sums: &BTreeMap<T, u64>, over: u64) -> Vec<(T, Share)> {
    let total: u64 = sums.values().sum();
    split(sums.iter().map(|(which, sum)| (*which, *sum)), total.checked_div(over).unwrap_or(0) as Share)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 60 who are led to two places, 1 to the first: 1/60 and 59/60 of a billionth thousand million are the whole. Of three, one is
    /// led nowhere: the others are two thirds, and the rest stays.
    #[test]
    fn a_mean_of_wholes_is_the_whole() {
        let whole = u64::from(WHOLE);
        let led = mean(&BTreeMap::from([(0, whole), (1, 59 * whole)]), 60);
        assert_eq!(led, [(0, 16_666_666), (1, 983_333_334)]);
        let some = mean(&BTreeMap::from([(0, whole), (1, whole)]), 3);
        assert_eq!(some, [(0, 333_333_333), (1, 333_333_333)]);
    }

    /// 1 : 2 of a billionth thousand is 333 and 667; by nobody nothing is given out.
    #[test]
    fn a_share_is_divided_without_rest() {
        assert_eq!(split([(4, 1), (7, 2)].into_iter(), 1000), [(4, 333), (7, 667)]);
        assert_eq!(
            split([(0, 1), (1, 1), (2, 1)].into_iter(), WHOLE).iter().map(|(_, share)| share).sum::<u32>(),
            WHOLE
        );
        assert!(split(std::iter::empty::<(u16, u64)>(), WHOLE).is_empty());
    }
}
