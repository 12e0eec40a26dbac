//! Simulation-based calibration (Talts and others, arXiv 1804.06788): where what was drawn from a prior lies among the draws of the
//! posterior that its data lead to. If all is right, every rank is equally likely.

use crate::special::chi_square_above;

/// The rank of a truth among draws, spread over so many cells; equal draws count half by `tie`, from 0 to 1.
#[must_use]
pub fn cell(truth: f64, draws: &[f64], cells: usize, tie: f64) -> usize {
    let below = draws.iter().filter(|draw| **draw < truth).count();
    let same = draws.iter().filter(|draw| **draw == truth).count();
    let rank = below as f64 + tie * (same + 1) as f64;
    ((rank / (draws.len() + 1) as f64 * cells as f64) as usize).min(cells - 1)
}

/// How probable it is that ranks which are uniform come out as uneven as these, or more so: the χ² test over cells.
#[must_use]
pub fn uniform(counts: &[usize]) -> f64 {
    let all: usize = counts.iter().sum();
    let expected = all as f64 / counts.len() as f64;
    let off: f64 = counts.iter().map(|count| (*count as f64 - expected) * (*count as f64 - expected) / expected).sum();
    chi_square_above(off, counts.len() as u32 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of four draws there are five ranks; 20 and 30 against 25 each give 1 + 1 = 2, which one degree exceeds in 15.73 % of cases.
    #[test]
    fn ranks_and_their_test_are_those_of_the_hand() {
        let draws = [1.0, 2.0, 3.0, 4.0];
        assert_eq!([0.5, 2.5, 9.0].map(|truth| cell(truth, &draws, 5, 0.5)), [0, 2, 4]);
        assert_eq!([0.1, 0.9].map(|tie| cell(2.0, &draws, 5, tie)), [1, 2]);
        assert!((uniform(&[20, 30]) - 0.157_299).abs() < 1e-5);
        assert!(uniform(&[25, 25, 25]) > 0.999);
    }
}
