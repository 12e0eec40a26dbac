//! Summaries of draws: quantiles, how far an observation has narrowed a prior, and what goes together.

/// The quantile `q` of values that are in order, between the two nearest.
#[must_use]
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    assert!(!sorted.is_empty(), "a quantile of nothing");
    let at = q * (sorted.len() - 1) as f64;
    let low = at as usize;
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (sorted[high] - sorted[low]) * (at - low as f64)
}

/// The same of values that are in no order.
#[must_use]
pub fn quantiles<const N: usize>(values: impl IntoIterator<Item = f64>, q: [f64; N]) -> [f64; N] {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    q.map(|q| quantile(&sorted, q))
}

/// By how much the variance of shares of a prior is below that of the prior, 1/12: 1 where all is known, 0 where nothing was learnt.
#[must_use]
pub fn contraction(shares: &[f64]) -> f64 {
    let n = shares.len() as f64;
    let mean = shares.iter().sum::<f64>() / n;
    let variance = shares.iter().map(|share| (share - mean) * (share - mean)).sum::<f64>() / n;
    1.0 - 12.0 * variance
}

/// The ranks of values, from 0 on; equal values share the middle of theirs.
#[must_use]
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let same = order[from..].iter().take_while(|at| values[**at] == values[order[from]]).count();
        let middle = from as f64 + (same - 1) as f64 / 2.0;
        order[from..from + same].iter().for_each(|at| ranks[*at] = middle);
        from += same;
    }
    ranks
}

/// How far two lists go together, −1 to 1 (Pearson); 0 where one does not vary.
#[must_use]
pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (x, y) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let sum = |of: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(a, b)| of(a - x, b - y)).sum::<f64>();
    let (xx, yy, xy) = (sum(&|a, _| a * a), sum(&|_, b| b * b), sum(&|a, b| a * b));
    if xx <= 0.0 || yy <= 0.0 { 0.0 } else { xy / libm::sqrt(xx * yy) }
}

/// The same of their ranks (Spearman).
#[must_use]
pub fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    correlation(&ranks(a), &ranks(b))
}

/// By how much the second changes with the first, by least squares.
#[must_use]
pub fn slope(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (x, y) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let along: f64 = a.iter().map(|a| (a - x) * (a - x)).sum();
    let both: f64 = a.iter().zip(b).map(|(a, b)| (a - x) * (b - y)).sum();
    if along > 0.0 { both / along } else { 0.0 }
}

/// The logarithm of the sum of exponentials.
#[must_use]
pub fn log_sum(logs: &[f64]) -> f64 {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY { most } else { most + libm::log(logs.iter().map(|log| libm::exp(log - most)).sum()) }
}

/// Of how many even draws weights are worth (Kish).
#[must_use]
pub fn effective(weights: &[f64]) -> f64 {
    let (sum, squares) = weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

/// So many places by their weights, evenly (systematic resampling): each place comes as often as its weight says, but for one.
#[must_use]
pub fn resample(weights: &[f64], count: usize, start: f64) -> Vec<usize> {
    let total: f64 = weights.iter().sum();
    let step = total / count as f64;
    let (mut at, mut below, mut taken) = (0, weights[0], Vec::with_capacity(count));
    for one in 0..count {
        let wanted = (one as f64 + start) * step;
        while below <= wanted && at + 1 < weights.len() {
            at += 1;
            below += weights[at];
        }
        taken.push(at);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_those_of_the_hand() {
        // Of 1, 2, 3, 4 the half lies half way from the second to the third, and 5 % at 0.15 of the way from the first.
        assert_eq!(quantiles([4.0, 1.0, 3.0, 2.0], [0.5]), [2.5]);
        assert!((quantiles([4.0, 1.0, 3.0, 2.0], [0.05])[0] - 1.15).abs() < 1e-12);
        // 2 and 3 of 1, 2, 2, 5 share the ranks 1 and 2.
        assert_eq!(ranks(&[2.0, 1.0, 5.0, 2.0]), [1.5, 0.0, 3.0, 1.5]);
        // Any order that rises has a rank correlation of 1.
        assert!((rank_correlation(&[1.0, 2.0, 3.0], &[1.0, 8.0, 9.0]) - 1.0).abs() < 1e-12);
        assert_eq!(correlation(&[1.0, 1.0], &[1.0, 2.0]), 0.0);
        assert_eq!(slope(&[0.0, 1.0, 2.0], &[5.0, 3.0, 1.0]), -2.0);
        // Weights of 1, 1 and 2: 16 ÷ 6.
        assert!((effective(&[1.0, 1.0, 2.0]) - 16.0 / 6.0).abs() < 1e-12);
        assert!((log_sum(&[-1000.0, -1000.0]) - (-1000.0 + std::f64::consts::LN_2)).abs() < 1e-9);
        // A uniform share has nothing learnt: the middles of four cells have the variance 1/12 − 1/192.
        assert!((contraction(&[0.125, 0.375, 0.625, 0.875]) - 12.0 / 192.0).abs() < 1e-12);
        assert_eq!(contraction(&[0.3, 0.3]), 1.0);
    }

    /// Weights of 1, 2 and 1 give four places as 0, 1, 1, 2, wherever the first stands.
    #[test]
    fn places_come_as_often_as_their_weights_say() {
        for start in [0.01, 0.5, 0.99] {
            assert_eq!(resample(&[1.0, 2.0, 1.0], 4, start), [0, 1, 1, 2]);
        }
        assert_eq!(resample(&[0.0, 5.0], 3, 0.0), [1, 1, 1]);
    }
}
