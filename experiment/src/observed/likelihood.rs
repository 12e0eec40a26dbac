//! How likely one value is, if a run is what happened.

use super::{ScoredPoint, Simulated};
use windtunnel_claims::observed::{Metric, Observation, Point, Tolerance, Value};
use windtunnel_sim::engine::time::SimTime;

/// One value in a hundred is wrong in a way that nobody foresees.
pub const COARSE: f64 = 0.01;

/// So many tolerances are a standard deviation.
const DEVIATIONS: f64 = 2.0;

/// How a value may differ from the true one: normally, or anyhow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likelihood {
    /// The standard deviation of the error.
    pub deviation: f64,
    /// The range in which a value lies that is wrong anyhow.
    pub range: f64,
}

impl Likelihood {
    /// The natural logarithm of the density of a difference.
    #[must_use]
    pub fn log(self, difference: f64) -> f64 {
        // A value that lies beyond the range makes it wider.
        let range = self.range.max(2.0 * difference.abs()).max(f64::MIN_POSITIVE);
        let coarse = COARSE / range;
        if self.deviation <= 0.0 {
            return libm::log(if difference == 0.0 { 1.0 - COARSE } else { coarse });
        }
        let z = difference / self.deviation;
        let normal = libm::exp(-0.5 * z * z) / (self.deviation * libm::sqrt(std::f64::consts::TAU));
        libm::log((1.0 - COARSE) * normal + coarse)
    }
}

/// A value with what a run has in its place.
pub(super) fn scored(row: &Observation, point: &Point, simulated: Option<Simulated>) -> ScoredPoint {
    let tolerance = point.tolerance.unwrap_or(row.tolerance);
    let blank = ScoredPoint {
        from: point.from,
        until: point.until,
        observed: point.value,
        simulated,
        residual: None,
        tolerance: 0.0,
        within: None,
        log_likelihood: 0.0,
    };
    match (simulated, point.value) {
        (None, _) => blank,
        (Some(Simulated::Number(value)), Value::Number(observed)) => number(blank, row, point, (observed, value)),
        (Some(Simulated::At(at)), _) => event(blank, tolerance, at),
        (Some(Simulated::Value(now)), seen) => {
            let within = now == Some(seen);
            // Of the ten states and the four healths any may be said in error.
            let log = libm::log(if within { 1.0 - COARSE } else { COARSE / 9.0 });
            ScoredPoint { within: Some(within), log_likelihood: log, ..blank }
        }
        (Some(Simulated::Number(_)), _) => blank,
    }
}

fn number(blank: ScoredPoint, row: &Observation, point: &Point, (observed, simulated): (f64, f64)) -> ScoredPoint {
    let given = point.tolerance.unwrap_or(row.tolerance);
    // Of a share of the value that of the greater counts, so that nothing beside something is not sure.
    let tolerance = given.at(observed.abs().max(simulated.abs()));
    let counting = match point.requests {
        Some(requests) if row.metric.is_share() && requests > 0.0 => {
            let p = (simulated / 100.0).clamp(0.0, 1.0);
            100.0 * libm::sqrt(p * (1.0 - p) / requests)
        }
        _ if row.metric.is_count() => libm::sqrt(simulated.max(0.0)),
        _ => 0.0,
    };
    let deviation = libm::hypot(tolerance / DEVIATIONS, counting);
    let range = if row.metric.is_share() { 100.0 } else { 2.0 * observed.abs().max(simulated.abs()).max(tolerance) };
    let residual = observed - simulated;
    let limit = tolerance.max(DEVIATIONS * deviation);
    ScoredPoint {
        residual: Some(residual),
        tolerance: limit,
        // The noise of floats is no difference.
        within: Some(residual.abs() <= limit * (1.0 + 1e-9) + 1e-9),
        log_likelihood: Likelihood { deviation, range }.log(residual),
        ..blank
    }
}

/// An event that happened otherwise, or never.
fn event(blank: ScoredPoint, tolerance: Tolerance, at: Option<SimTime>) -> ScoredPoint {
    /// Within a day of when it is said to have been, where it is wrong anyhow, in seconds.
    const DAY_S: f64 = 86_400.0;
    let limit = tolerance.at(0.0);
    let of = Likelihood { deviation: limit / DEVIATIONS, range: DAY_S };
    let residual = at.map(|at| blank.from.seconds() - at.seconds());
    ScoredPoint {
        residual,
        tolerance: limit,
        within: Some(residual.is_some_and(|residual| residual.abs() <= limit)),
        log_likelihood: residual.map_or_else(|| libm::log(COARSE / DAY_S), |residual| of.log(residual)),
        ..blank
    }
}

/// Whether values of a metric are compared by what is left of a difference.
#[must_use]
pub const fn has_residuals(metric: &Metric) -> bool {
    !matches!(metric, Metric::State { .. } | Metric::Health { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ln(0.99 ÷ (2 √(2π)) + 0.01 ÷ 100) = ln(0.197481 + 0.0001) = −1.621606; four deviations away
    /// 0.99 × 0.199471 × e^−8 + 0.0001 = 0.0000662 + 0.0001 = 0.0001662, ln = −8.7022; far away ln(0.0001) = −9.2103.
    #[test]
    fn a_wrong_minute_costs_what_a_hundredth_of_the_range_does() {
        let of = Likelihood { deviation: 2.0, range: 100.0 };
        let near = |value: f64, wanted: f64| assert!((value - wanted).abs() < 1e-3, "{value}, wanted {wanted}");
        near(of.log(0.0), -1.6216);
        near(of.log(8.0), -8.7022);
        near(of.log(40.0), -9.2103);
        // Without any error only what is equal is likely: ln 0.99, and ln(0.01 ÷ 100).
        near(Likelihood { deviation: 0.0, range: 100.0 }.log(0.0), -0.01005);
        near(Likelihood { deviation: 0.0, range: 100.0 }.log(1.0), -9.2103);
    }
}
