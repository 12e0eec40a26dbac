//! What observations can tell: which unknowns they know, and which cannot be distinguished.

use crate::posterior::{contraction, correlation, quantiles, rank_correlation, slope};
use crate::profile::Profile;

/// What the observations say of one unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Its range is much narrower than what was thought before.
    Known,
    /// Something is learnt of it, and much is left open.
    Partly,
    /// Nearly all that was thought possible agrees with the observations.
    Unknown,
}

/// What is known of an unknown.
#[derive(Clone, Debug)]
pub struct Finding {
    /// In words.
    pub known: Known,
    /// The share of the prior that the 90 % range takes; of a choice, that of the things that are left.
    pub range: f64,
    /// The share of the prior that agrees with the observations, by the profile.
    pub agreeing: f64,
    /// By how much the variance fell.
    pub contraction: f64,
}

/// Two unknowns that cannot be distinguished: where one is more, the other is less or more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tied {
    /// The one.
    pub one: usize,
    /// The other.
    pub other: usize,
    /// How far they go together, −1 to 1, by ranks.
    pub correlation: f64,
    /// By how much the other changes with the one, in their own units.
    pub slope: f64,
}

/// A range that takes no more of the prior than this is known.
const NARROW: f64 = 0.4;
/// Of an unknown of which more than this agrees, nothing is known.
const OPEN: f64 = 0.75;
/// Unknowns that go together so far cannot be distinguished: of the variance of each, two thirds are the other's.
const TOGETHER: f64 = 0.82;

/// What draws of the shares of a prior and a profile say.
#[must_use]
pub fn finding(shares: &[f64], choice: Option<usize>, profile: &Profile) -> Finding {
    let agreeing = profile.agreeing();
    let range = match choice {
        None => {
            let [low, high] = quantiles(shares.iter().copied(), [0.05, 0.95]);
            (high - low) / 0.9
        }
        Some(count) => {
            let mut held = vec![0_usize; count];
            shares.iter().for_each(|share| held[((share * count as f64) as usize).min(count - 1)] += 1);
            held.sort_unstable_by(|a, b| b.cmp(a));
            let wanted = 0.9 * shares.len() as f64;
            let (mut sum, mut needed) = (0.0, 0);
            while sum < wanted && needed < count {
                sum += held[needed] as f64;
                needed += 1;
            }
            needed as f64 / count as f64
        }
    };
    let known = match () {
        () if agreeing >= OPEN && range >= 0.5 => Known::Unknown,
        () if range <= NARROW || choice.is_some_and(|count| range * count as f64 <= 1.0) => Known::Known,
        () => Known::Partly,
    };
    Finding { known, range, agreeing, contraction: contraction(shares) }
}

/// The pairs of unknowns that cannot be distinguished. `values` are the draws in the units of each, a list an unknown; none of a choice.
#[must_use]
pub fn tied(values: &[Option<Vec<f64>>]) -> Vec<Tied> {
    let mut all = Vec::new();
    for other in 0..values.len() {
        for one in 0..other {
            let (Some(a), Some(b)) = (&values[one], &values[other]) else { continue };
            let found = rank_correlation(a, b);
            if found.abs() >= TOGETHER && correlation(a, b).abs() >= TOGETHER / 2.0 {
                all.push(Tied { one, other, correlation: found, slope: slope(a, b) });
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Particle, Point};

    fn profile(drops: &[f64]) -> Profile {
        let of = |drop: &f64| Particle { point: Point { at: vec![0.0], seed: 0 }, log_likelihood: -drop };
        Profile { best: drops.iter().map(of).collect() }
    }

    /// Evenly over all, over the middle fifth, over the lower 60 %.
    #[test]
    fn what_is_known_goes_by_range_and_profile() {
        let even =
            |low: f64, high: f64| (0..=100).map(|at| low + (high - low) * f64::from(at) / 100.0).collect::<Vec<_>>();
        let all = finding(&even(0.0, 1.0), None, &profile(&[0.0, 0.1, 0.5, 1.9]));
        assert_eq!((all.known, all.agreeing), (Known::Unknown, 1.0));
        assert!((all.range - 1.0).abs() < 1e-9);
        let fifth = finding(&even(0.4, 0.6), None, &profile(&[9.0, 0.0, 9.0, 9.0]));
        assert_eq!((fifth.known, fifth.agreeing), (Known::Known, 0.25));
        assert!((fifth.range - 0.2).abs() < 1e-9 && (fifth.contraction - 0.96).abs() < 0.005, "{fifth:?}");
        let most = finding(&even(0.0, 0.6), None, &profile(&[0.0, 0.1, 9.0, 9.0]));
        assert_eq!(most.known, Known::Partly);
        // Of a choice of three, 95 of 100 are of one.
        let mut shares = vec![0.5; 95];
        shares.extend([0.1; 5]);
        let one = finding(&shares, Some(3), &profile(&[3.0, 0.0, 9.0]));
        assert_eq!(one.known, Known::Known);
        assert!((one.range - 1.0 / 3.0).abs() < 1e-9);
    }

    /// y = 10 − 2x cannot be known from x; z can.
    #[test]
    fn what_goes_together_is_named_with_its_rate() {
        let x: Vec<f64> = (0..50).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| 10.0 - 2.0 * x).collect();
        let z: Vec<f64> = (0..50).map(|at| f64::from(at * 17 % 50)).collect();
        let all = tied(&[Some(x), Some(y), None, Some(z)]);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].one, all[0].other), (0, 1));
        assert!((all[0].correlation + 1.0).abs() < 1e-9 && (all[0].slope + 2.0).abs() < 1e-9);
    }
}
