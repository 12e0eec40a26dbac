//! The arithmetic of autoscale: which count a rule asks for, and which count would not flap. Nothing here has a state.

use crate::plan::{Operator, ScaleChange, ScaleDirection, ScaleRule};
use crate::rules::choice::AutoscalePercentRound as Rounding;

/// So many percent of a count, as a whole number of at least 1 (`autoscale.percent_round`).
fn percent_of(of: u32, percent: u32, direction: ScaleDirection, rounding: Rounding) -> u32 {
    let exact = u64::from(of) * u64::from(percent);
    let rounded = match rounding {
        Rounding::TowardsCapacity if direction == ScaleDirection::Increase => exact.div_ceil(100),
        Rounding::Nearest => (exact + 50) / 100,
        Rounding::TowardsCapacity | Rounding::Floor => exact / 100,
    };
    u32::try_from(rounded).unwrap_or(u32::MAX).max(1)
}

/// The count that a rule asks for, without regard to the limits of its profile (AS-10).
#[must_use]
pub fn target(rule: &ScaleRule, current: u32, rounding: Rounding) -> u32 {
    let out = match rule.direction {
        ScaleDirection::None => return current,
        ScaleDirection::Increase => true,
        ScaleDirection::Decrease => false,
    };
    let by = match rule.change {
        ScaleChange::Exact(count) => return if out { count.max(current) } else { count.min(current) },
        ScaleChange::Count(count) => count,
        ScaleChange::Percent(percent) => percent_of(current, percent, rule.direction, rounding),
        ScaleChange::NextAllowed => 1,
    };
    if out { current.saturating_add(by) } else { current.saturating_sub(by) }
}

/// A scale-out rule as the projection sees it: what it reads now, and what it fires at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Watch {
    /// The rule, by its place in the profile.
    pub rule: u16,
    /// The value now.
    pub value: f64,
    /// `operator`.
    pub operator: Operator,
    /// `threshold`.
    pub threshold: f64,
}

impl Watch {
    /// What the value would be with another count (AS-18).
    #[must_use]
    pub fn projected(&self, current: u32, count: u32) -> f64 {
        if count == 0 { f64::INFINITY } else { self.value * f64::from(current) / f64::from(count) }
    }

    fn fires(&self, current: u32, count: u32) -> bool {
        let value = self.projected(current, count);
        // Nobody is left to read a load of nothing from.
        if count == 0 && self.value == 0.0 {
            return self.operator.holds(0.0, self.threshold);
        }
        self.operator.holds(value, self.threshold)
    }
}

/// The first rule that would scale out again if the count were this.
#[must_use]
pub fn would_fire(watched: &[Watch], current: u32, count: u32) -> Option<Watch> {
    watched.iter().copied().find(|watch| watch.fires(current, count))
}

/// The smallest count from the target up to one below the current that makes no scale-out rule fire (AS-19).
#[must_use]
pub fn smallest_passing(watched: &[Watch], current: u32, target: u32) -> Option<u32> {
    (target..current).find(|&count| would_fire(watched, current, count).is_none())
}
