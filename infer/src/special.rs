//! The functions behind every interval: the incomplete beta function and its inverse, the normal distribution and χ².

/// The regularised incomplete beta function `I_x(a, b)`, by the continued fraction of DLMF 8.17.22 in Lentz's form.
#[must_use]
pub fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    assert!(a > 0.0 && b > 0.0 && (0.0..=1.0).contains(&x), "I_{x}({a}, {b}) is not defined");
    if x == 0.0 || x == 1.0 {
        return x;
    }
    let front = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x);
    let front = libm::exp(front);
    // The fraction converges fast on this side of the mean; the other side is its mirror.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    }
}

/// More terms than this no argument below a thousand million needs: they grow as the root of the larger one.
const TERMS: u32 = 100_000;

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for term in 1..=TERMS {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        value *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

/// The `x` with `I_x(a, b) = p`, by bisection: slow, certain, and the same everywhere.
#[must_use]
pub fn inverse_incomplete_beta(a: f64, b: f64, p: f64) -> f64 {
    assert!((0.0..=1.0).contains(&p), "{p} is not a probability");
    if p == 0.0 || p == 1.0 {
        return p;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if incomplete_beta(a, b, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Student's t: the value that a deviate with this many degrees of freedom stays within, on both sides of zero, with
/// probability `confidence`. From `P(|T| > t) = I_{ν/(ν+t²)}(ν/2, 1/2)`.
#[must_use]
pub fn student_t(confidence: f64, degrees: f64) -> f64 {
    assert!(degrees >= 1.0, "Student's t with {degrees} degrees of freedom is not defined");
    let x = inverse_incomplete_beta(degrees / 2.0, 0.5, 1.0 - confidence);
    (degrees * (1.0 - x) / x).sqrt()
}

/// How probable it is that Student's t with so many degrees of freedom comes out above `t`.
#[must_use]
pub fn student_above(t: f64, degrees: f64) -> f64 {
    assert!(degrees >= 1.0, "Student's t with {degrees} degrees of freedom is not defined");
    let beyond = incomplete_beta(degrees / 2.0, 0.5, degrees / (degrees + t * t)) / 2.0;
    if t > 0.0 { beyond } else { 1.0 - beyond }
}

/// How probable it is that of `count` fair coins at least `heads` show heads.
#[must_use]
pub fn coins_at_least(heads: usize, count: usize) -> f64 {
    assert!(heads <= count, "{heads} of {count} is no number of heads");
    if heads == 0 { 1.0 } else { incomplete_beta(heads as f64, (count - heads + 1) as f64, 0.5) }
}

/// The share of the standard normal below a value.
#[must_use]
pub fn normal_below(z: f64) -> f64 {
    libm::erfc(-z / std::f64::consts::SQRT_2) / 2.0
}

/// The quantile of the standard normal, by halving: `erfc` is what `libm` has.
#[must_use]
pub fn normal_quantile(q: f64) -> f64 {
    let (mut low, mut high) = (-10.0, 10.0);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        let below = 1.0 - libm::erfc(middle / std::f64::consts::SQRT_2) / 2.0;
        if below < q { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// The chance of a χ² of so many degrees of freedom above `x`.
#[must_use]
pub fn chi_square_above(x: f64, degrees: u32) -> f64 {
    if degrees == 0 || x <= 0.0 {
        return 1.0;
    }
    // From two degrees less: the next term of the series of the incomplete gamma function.
    let half = x / 2.0;
    let (mut tail, mut at) = match degrees % 2 {
        0 => (libm::exp(-half), 2),
        _ => (libm::erfc(libm::sqrt(half)), 1),
    };
    while at < degrees {
        let k = f64::from(at) / 2.0;
        tail += libm::exp(k * libm::log(half) - half - libm::lgamma(k + 1.0));
        at += 2;
    }
    tail.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(found: f64, wanted: f64, within: f64) {
        assert!((found - wanted).abs() <= within, "{found} is not {wanted}");
    }

    /// NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2.
    #[test]
    fn student_is_that_of_the_table() {
        let table = [
            (1.0, 12.706, 63.657),
            (2.0, 4.303, 9.925),
            (5.0, 2.571, 4.032),
            (10.0, 2.228, 3.169),
            (19.0, 2.093, 2.861),
            (29.0, 2.045, 2.756),
            (60.0, 2.000, 2.660),
            (100.0, 1.984, 2.626),
        ];
        for (degrees, at_95, at_99) in table {
            near(student_t(0.95, degrees), at_95, 5e-4);
            near(student_t(0.99, degrees), at_99, 5e-4);
        }
        // And the normal distribution at the far end.
        near(student_t(0.95, 1e7), 1.959_964, 1e-6);
    }

    #[test]
    fn the_beta_function_has_its_closed_forms() {
        for x in [0.001, 0.1, 0.37, 0.5, 0.9, 0.999] {
            near(incomplete_beta(1.0, 1.0, x), x, 1e-14);
            near(incomplete_beta(2.0, 1.0, x), x * x, 1e-14);
            near(incomplete_beta(1.0, 3.0, x), 1.0 - (1.0 - x) * (1.0 - x) * (1.0 - x), 1e-14);
            near(incomplete_beta(2.5, 4.0, x) + incomplete_beta(4.0, 2.5, 1.0 - x), 1.0, 1e-13);
            // The arcsine law.
            near(incomplete_beta(0.5, 0.5, x), 2.0 / std::f64::consts::PI * libm::asin(x.sqrt()), 1e-13);
        }
    }

    #[test]
    fn the_beta_function_is_the_tail_of_the_binomial() {
        // P(Bin(10, 0.3) ≥ 4) = 0.350 389 2816, summed by hand.
        near(incomplete_beta(4.0, 7.0, 0.3), 0.350_389_281_6, 1e-10);
    }

    #[test]
    fn the_inverse_is_one() {
        for (a, b) in [(0.5, 0.5), (1.0, 200.0), (30.0, 2.0), (5_000.0, 5_001.0)] {
            for p in [1e-6, 0.025, 0.5, 0.975] {
                let x = inverse_incomplete_beta(a, b, p);
                near(incomplete_beta(a, b, x), p, 1e-9);
            }
        }
        assert_eq!([0.0, 1.0].map(|p| inverse_incomplete_beta(2.0, 3.0, p)), [0.0, 1.0]);
    }

    /// The table above read backwards: 2.5 % lie above what 95 % stay within. And the sums of the binomial coefficients:
    /// of ten coins at least eight, (45 + 10 + 1) ÷ 1,024.
    #[test]
    fn what_lies_above_is_half_of_what_lies_outside() {
        for degrees in [1.0, 5.0, 99.0] {
            near(student_above(student_t(0.95, degrees), degrees), 0.025, 1e-12);
            near(student_above(-student_t(0.95, degrees), degrees), 0.975, 1e-12);
            near(student_above(0.0, degrees), 0.5, 1e-12);
        }
        near(coins_at_least(8, 10), 56.0 / 1024.0, 1e-12);
        near(coins_at_least(10, 10), 1.0 / 1024.0, 1e-15);
        near(coins_at_least(0, 10), 1.0, 0.0);
    }

    #[test]
    fn the_tail_of_chi_square_is_that_of_the_tables() {
        // 5 % lie above 3.841, 5.991, 7.815 and 11.070 with 1, 2, 3 and 5 degrees of freedom.
        for (degrees, at) in [(1, 3.841_459), (2, 5.991_465), (3, 7.814_728), (5, 11.070_498)] {
            near(chi_square_above(at, degrees), 0.05, 1e-6);
        }
        near(chi_square_above(0.0, 4), 1.0, 0.0);
    }
}
