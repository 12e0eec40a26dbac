//! Policies judged under a posterior: each draw of the unknowns and of the seed is the incident as it may have been, and every policy is
//! played on the same draws.

use super::SEEDS;
use anyhow::{anyhow, bail};
use serde_json::Value;
use windtunnel_infer::stream::Stream;
use windtunnel_input::drawable::Drawable;
use windtunnel_sim::engine::random::VARIATIONS;
use windtunnel_sim::plan::Plan;

/// Draws of a posterior, and the scenario of which they are.
#[derive(Debug)]
pub struct Given {
    drawable: Drawable,
    draws: Vec<(Vec<f64>, u64)>,
}

impl Given {
    /// Draws as a fit keeps them, for this scenario.
    ///
    /// # Errors
    ///
    /// They are of other unknowns, or no draws.
    pub fn of(drawable: Drawable, fit: &Value) -> anyhow::Result<Self> {
        let names = fit["unknowns"].as_array().ok_or_else(|| anyhow!("it is no fit: it has no `unknowns`"))?;
        let names: Vec<&str> = names.iter().filter_map(|one| one["name"].as_str()).collect();
        let own: Vec<&str> = drawable.unknowns.iter().map(|one| one.name.as_str()).collect();
        let thought = |at: usize| fit["unknowns"][at]["prior"].as_str().unwrap_or_default();
        if names != own {
            let (names, own) = (names.join(", "), own.join(", "));
            bail!("the fit is of {names}, and the scenario has the unknowns {own}; fit it again");
        }
        if let Some((_, other)) = drawable.unknowns.iter().enumerate().find(|(at, one)| one.thought() != thought(*at)) {
            bail!("`{}` has another prior than it had for the fit; fit it again", other.name);
        }
        let rows = fit["draws"].as_array().filter(|rows| !rows.is_empty());
        let rows = rows.ok_or_else(|| anyhow!("the fit has no draws"))?;
        let draw = |row: &Value| {
            let shares: Vec<f64> = row["shares"].as_array()?.iter().filter_map(Value::as_f64).collect();
            (shares.len() == own.len()).then_some((shares, row["seed"].as_str()?.parse().ok()?))
        };
        let draws: Option<Vec<(Vec<f64>, u64)>> = rows.iter().map(draw).collect();
        let mut draws = draws.ok_or_else(|| anyhow!("a draw of the fit cannot be read; fit it again"))?;
        // Draws of one particle stand together: in any order, the first of them are as good as all.
        Stream::new(1, &[0x61_7e4]).shuffle(&mut draws);
        Ok(Self { drawable, draws })
    }

    /// How many draws there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.draws.len()
    }

    /// The plan and the seed of a replication. Beyond the last draw they come again, with other seeds: what is unknown of the world is as
    /// the fit says, and chance is no longer that of the incident.
    #[must_use]
    pub fn plan(&self, policy: &str, replication: usize) -> Option<(Plan, u64)> {
        let (shares, _) = &self.draws[replication % self.draws.len()];
        Some((self.drawable.plan(policy, shares)?, self.seed(replication)))
    }

    /// The seed of a replication.
    #[must_use]
    pub fn seed(&self, replication: usize) -> u64 {
        let (_, seed) = self.draws[replication % self.draws.len()];
        let again = (replication / self.draws.len()) as u64 * SEEDS.1;
        // Another plain seed; variations of it stay.
        let plain = (1 << VARIATIONS.shift) - 1;
        seed & !plain | seed.wrapping_add(again) & plain
    }

    /// The unknowns that a policy decides itself.
    #[must_use]
    pub fn decided(&self, policy: &str) -> Vec<&str> {
        self.drawable.decided(policy)
    }

    /// The hash of the draws, by which one fit is known from another.
    #[must_use]
    pub fn hash(&self) -> String {
        blake3::hash(format!("{:?}", self.draws).as_bytes()).to_hex()[..16].to_owned()
    }

    /// The names of the unknowns.
    pub fn unknowns(&self) -> impl Iterator<Item = &str> {
        self.drawable.unknowns.iter().map(|one| one.name.as_str())
    }
}
