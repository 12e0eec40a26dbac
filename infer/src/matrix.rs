//! Small symmetric matrices: covariances and their roots.

/// The covariance of weighted rows, about their mean; the weights need not come to one.
#[must_use]
pub fn covariance(rows: &[Vec<f64>], weights: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = rows.first().map_or(0, Vec::len);
    let total: f64 = weights.iter().sum();
    let mut mean = vec![0.0; size];
    for (row, weight) in rows.iter().zip(weights) {
        mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value / total);
    }
    let mut matrix = vec![vec![0.0; size]; size];
    for (row, weight) in rows.iter().zip(weights) {
        let off: Vec<f64> = row.iter().zip(&mean).map(|(value, mean)| value - mean).collect();
        for (line, one) in matrix.iter_mut().zip(&off) {
            line.iter_mut().zip(&off).for_each(|(cell, other)| *cell += weight * one * other / total);
        }
    }
    (mean, matrix)
}

/// The lower triangle whose square is a covariance, with so much added to its diagonal (Cholesky).
#[must_use]
pub fn root(matrix: &[Vec<f64>], ridge: f64) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let mut lower = vec![vec![0.0; size]; size];
    for i in 0..size {
        for j in 0..=i {
            let done: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let left = matrix[i][j] - done;
            lower[i][j] = match i == j {
                true => (left + ridge).max(ridge.max(1e-300)).sqrt(),
                false => left / lower[j][j],
            };
        }
    }
    lower
}

/// A lower triangle times a column.
#[must_use]
pub fn times(lower: &[Vec<f64>], column: &[f64]) -> Vec<f64> {
    lower.iter().map(|row| row.iter().zip(column).map(|(a, b)| a * b).sum()).collect()
}

/// The column that a lower triangle makes of this one.
#[must_use]
pub fn solve(lower: &[Vec<f64>], column: &[f64]) -> Vec<f64> {
    let mut found: Vec<f64> = Vec::with_capacity(column.len());
    for (at, row) in lower.iter().enumerate() {
        let done: f64 = row.iter().zip(&found).map(|(a, b)| a * b).sum();
        found.push((column[at] - done) / row[at]);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (0, 0), (2, 0), (0, 2), (2, 2) with weights 1, 1, 1 and 3: the mean is 8/6 of both; the second moment of one is 16/6, the mixed
    /// one 12/6.
    #[test]
    fn a_covariance_is_that_of_the_hand() {
        let rows = [vec![0.0, 0.0], vec![2.0, 0.0], vec![0.0, 2.0], vec![2.0, 2.0]];
        let (mean, matrix) = covariance(&rows, &[1.0, 1.0, 1.0, 3.0]);
        let near = |is: f64, wanted: f64| assert!((is - wanted).abs() < 1e-12, "{is} is not {wanted}");
        near(mean[0], 4.0 / 3.0);
        near(matrix[0][0], 16.0 / 6.0 - 16.0 / 9.0);
        near(matrix[1][0], 2.0 - 16.0 / 9.0);
        near(matrix[0][1], matrix[1][0]);
    }

    /// [[4, 2], [2, 10]] is the square of [[2, 0], [1, 3]].
    #[test]
    fn the_root_is_that_of_the_hand_and_undoes_itself() {
        let lower = root(&[vec![4.0, 2.0], vec![2.0, 10.0]], 0.0);
        assert_eq!(lower, [vec![2.0, 0.0], vec![1.0, 3.0]]);
        assert_eq!(times(&lower, &[1.0, 2.0]), [2.0, 7.0]);
        assert_eq!(solve(&lower, &[2.0, 7.0]), [1.0, 2.0]);
    }
}
