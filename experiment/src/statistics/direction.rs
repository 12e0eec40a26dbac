//! Which way of a measure is the good one.

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Less is better: harm, downtime, cost.
    Lower,
    /// More is better: what stays up.
    Higher,
    /// Neither: it tells what happened.
    Neutral,
}

/// Measures by the way that is better. A name that ends in a full stop stands for its whole family.
const TABLE: &[(&str, Direction)] = &[
    ("blast_radius.", Direction::Lower),
    ("downtime.", Direction::Lower),
    ("slo.budget_spent_pct", Direction::Lower),
    ("rollout.duration_s", Direction::Lower),
    ("rollout.", Direction::Neutral),
    ("time_to.", Direction::Lower),
    // A rolling upgrade mixes versions by design, and a short mix may be a short rollout or none.
    ("versions.mixed_s", Direction::Neutral),
    ("versions.stale_instance_s", Direction::Lower),
    ("capacity.min_pct", Direction::Higher),
    ("capacity.shortfall_s", Direction::Lower),
    ("capacity.peak_instances", Direction::Neutral),
    ("capacity.zone_gap_max", Direction::Lower),
    ("jobs.started", Direction::Neutral),
    ("jobs.finished", Direction::Higher),
    ("jobs.lost", Direction::Lower),
    ("repairs.", Direction::Lower),
    // Evictions are the world's doing, and scaling is what the policy was asked for.
    ("evictions.", Direction::Neutral),
    ("scale.flaps", Direction::Lower),
    ("scale.actions", Direction::Neutral),
    ("cost.", Direction::Lower),
    ("connections.", Direction::Lower),
    ("standby.", Direction::Neutral),
];

/// Which way of a measure is better; one that the table does not have is neutral.
#[must_use]
pub fn direction(measure: &str) -> Direction {
    let stands_for = |name: &str| if name.ends_with('.') { measure.starts_with(name) } else { measure == name };
    TABLE.iter().find(|(name, _)| stands_for(name)).map_or(Direction::Neutral, |&(_, direction)| direction)
}

impl Direction {
    /// As tables say it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Lower => "lower is better",
            Self::Higher => "higher is better",
            Self::Neutral => "neither way is better",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_a_direction_that_somebody_chose() {
        for definition in windtunnel_sim::measure::catalogue::DEFINITIONS {
            let chosen = TABLE.iter().any(|(name, _)| definition.name.starts_with(name));
            assert!(chosen, "{} is not in the table of directions", definition.name);
        }
        assert_eq!(direction("blast_radius.requests_pct"), Direction::Lower);
        assert_eq!(direction("capacity.min_pct"), Direction::Higher);
        assert_eq!(direction("rollout.duration_s"), Direction::Lower);
        assert_eq!(direction("rollout.batches"), Direction::Neutral);
        assert_eq!(direction("something.else"), Direction::Neutral);
    }
}
