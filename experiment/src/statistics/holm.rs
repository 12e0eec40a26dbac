//! Several verdicts at once: how improbable each must be, so that all of them together err seldom.

/// Which of these hypotheses are rejected, by their p-values and weights, so that the probability of rejecting any true one is at most
/// `alpha`, however they depend on each other (S. Holm, Scandinavian Journal of Statistics 6 (1979) 65, with the weights of its
/// section 4). One of twice the weight may be twice as probable.
#[must_use]
pub fn holm(hypotheses: &[(f64, f64)], alpha: f64) -> Vec<bool> {
    let by_weight = |at: usize| hypotheses[at].0 / hypotheses[at].1;
    let mut order: Vec<usize> = (0..hypotheses.len()).collect();
    order.sort_by(|&a, &b| by_weight(a).total_cmp(&by_weight(b)));
    let mut left: f64 = hypotheses.iter().map(|(_, weight)| weight).sum();
    let mut rejected = vec![false; hypotheses.len()];
    for at in order {
        if by_weight(at) > alpha / left {
            break;
        }
        rejected[at] = true;
        left -= hypotheses[at].1;
    }
    rejected
}

#[cfg(test)]
mod tests {
    use super::holm;

    fn equal(p_values: &[f64]) -> Vec<bool> {
        holm(&p_values.iter().map(|p| (*p, 1.0)).collect::<Vec<_>>(), 0.05)
    }

    /// Of four at 5 % the least may be 1.25 %, the next 1.67 %, 2.5 % and 5 %.
    #[test]
    fn each_next_one_has_more_room_until_one_has_too_little() {
        assert_eq!(equal(&[0.04, 0.012, 0.5, 0.016]), [false, true, false, true]);
        assert_eq!(equal(&[0.024, 0.012, 0.016, 0.049]), [true; 4]);
        // The second fails at 1.67 %, and so the third is not looked at, though 2.4 % would do.
        assert_eq!(equal(&[0.012, 0.017, 0.024, 0.04]), [true, false, false, false]);
        assert_eq!(equal(&[]), [false; 0]);
    }

    /// Of weights 3 and 1 at 4 % the first may be 3 %, the second 1 %; once the first is rejected, the second may be 4 %.
    #[test]
    fn weight_is_room() {
        assert_eq!(holm(&[(0.029, 3.0), (0.039, 1.0)], 0.04), [true, true]);
        assert_eq!(holm(&[(0.031, 3.0), (0.011, 1.0)], 0.04), [false, false]);
        assert_eq!(holm(&[(0.031, 3.0), (0.009, 1.0)], 0.04), [true, true]);
    }
}
