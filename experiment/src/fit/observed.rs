//! What a scenario says was observed, as evidence.

use super::{Evidence, Judged};
use crate::observed::{run, score};
use windtunnel_claims::observed::Observed;
use windtunnel_input::Loaded;
use windtunnel_sim::plan::Plan;

/// The observations of a scenario.
#[derive(Clone, Debug)]
pub struct Observations(Observed);

impl Observations {
    /// Those of this scenario; none where nothing was observed.
    #[must_use]
    pub fn of(loaded: &Loaded) -> Option<Self> {
        (!loaded.observed.is_empty()).then(|| Self(loaded.observed.clone()))
    }
}

impl Evidence for Observations {
    /// A run that comes to more than it may is not the incident, which had an end.
    fn log_likelihood(&self, plan: &Plan, seed: u64) -> f64 {
        run(plan, seed, &self.0).map_or(f64::NEG_INFINITY, |seen| seen.log_likelihood(&self.0))
    }

    fn judged(&self, plan: &Plan, seed: u64) -> Vec<Judged> {
        let Ok(score) = score(plan, seed, &self.0) else { return Vec::new() };
        let rows = score.rows.into_iter();
        let points = rows.flat_map(|row| {
            let name = row.name;
            row.points.into_iter().map(move |point| Judged {
                name: name.clone(),
                from: point.from,
                until: point.until,
                observed: point.observed.number(),
                simulated: point.simulated.and_then(|simulated| simulated.number()),
                within: point.within == Some(true),
            })
        });
        points.collect()
    }
}
