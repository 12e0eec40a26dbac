//! What becomes of requests while connections move: curves with at most two turns.

/// A straight line and two terms that decay: `line[0] + line[1] t + ∑ terms e^(−rates t)`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Curve {
    pub(super) line: [f64; 2],
    pub(super) terms: [f64; 2],
    pub(super) rates: [f64; 2],
}

impl Curve {
    pub(super) fn at(&self, t: f64) -> f64 {
        let [a, b] = self.rates.map(|rate| libm::exp(-rate * t));
        self.line[0] + self.line[1] * t + self.terms[0] * a + self.terms[1] * b
    }

    pub(super) fn slope(&self, t: f64) -> f64 {
        let [a, b] = self.rates.map(|rate| rate * libm::exp(-rate * t));
        self.line[1] - self.terms[0] * a - self.terms[1] * b
    }

    /// Where a function passes zero after 0 whose own slope has the sign of what bends this curve: once on either side of
    /// where it bends the other way.
    pub(super) fn turns(&self, slope: impl Fn(f64) -> f64) -> [Option<f64>; 2] {
        let [p, q] = [0, 1].map(|i| self.terms[i] * self.rates[i] * self.rates[i]);
        // p e^(−r t) + q e^(−s t) = 0.
        let bend = libm::log(-p / q) / (self.rates[0] - self.rates[1]);
        // After forty times the longest life nothing moves any more.
        let slowest = self.rates.into_iter().filter(|rate| *rate > 0.0).fold(f64::INFINITY, f64::min);
        let far = 40.0 / slowest;
        let middle = if bend > 0.0 && bend < far { bend } else { far };
        [root(&slope, 0.0, middle), root(&slope, middle, far)]
    }

    /// For how many of the first `length` seconds it is above zero.
    pub(super) fn seconds_above_zero(&self, length: f64) -> f64 {
        let [first, second] = self.turns(|t| self.slope(t)).map(|turn| turn.map_or(length, |turn| turn.min(length)));
        let value = |t| self.at(t);
        let borders = [0.0, first.min(second), first.max(second), length];
        let mut above = 0.0;
        for border in borders.windows(2).filter(|border| border[1] > border[0]) {
            let [from, until] = [border[0], border[1]];
            let crossing = root(value, from, until).unwrap_or(until);
            above += if value(f64::midpoint(from, crossing)) > 0.0 { crossing - from } else { until - crossing };
        }
        above
    }
}

/// Where a monotone function passes zero between two numbers, if it does.
fn root(of: impl Fn(f64) -> f64, from: f64, until: f64) -> Option<f64> {
    let (mut low, mut high) = (from, until);
    let ends = of(high) > 0.0;
    if (of(low) > 0.0) == ends {
        return None;
    }
    // Halved as often as a number has digits, and some more for a root near zero.
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if (of(middle) > 0.0) == ends { high = middle } else { low = middle }
    }
    Some(f64::midpoint(low, high))
}
