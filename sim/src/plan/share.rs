//! Shares of users, in whole billionths.

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
        let until = (u64::from(share) * weights).checked_div(total).unwrap_or(0) as Share;
        let part = (which, until - given);
        given = until;
        part
    };
    of.map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
