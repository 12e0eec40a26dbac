//! Baselines: what the runs of a scenario came to when somebody looked at them and found them good.
//!
//! One file a scenario. It keeps the values of every seed, so that later runs are compared with it as `test --against` compares two
//! sides: seed by seed, by the same judge, whatever the scenario has become since. Beside the values it has means in words for whoever
//! reviews it, and what is expected, so that nothing is expected less in silence.

pub(crate) mod asks;
pub mod changes;
mod file;

use super::against::{self, Row, WasTested};
use super::column::Column;
use super::never;
use super::rows::Rows;
use super::suite::File;
use anyhow::{Context, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use windtunnel_claims::asks::Asks;
use windtunnel_claims::margin::Margins;
use windtunnel_input::files::{Files, Unreadable};
use windtunnel_input::formats::BASELINE;
use windtunnel_input::identity::{MODEL_VERSION, simulated};
use windtunnel_input::read::read_text;
use windtunnel_input::{Problem, Problems, Report};

/// The most runs of a policy that a test makes: as many as `--replications` takes.
pub const REPLICATIONS_MOST: u64 = 1_000_000;
/// The most runs of a policy that a baseline keeps.
pub const KEPT_MOST: usize = 10_000;
/// No baseline is larger.
const BYTES_MOST: u64 = 64 << 20;

/// The baseline of one scenario.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// The scenario: stem of its file name.
    pub scenario: String,
    /// Where its file is, from the folder of the baselines.
    pub file: String,
    /// The version of the rules and assumptions that the runs followed.
    pub rulebook: String,
    /// The seed of replication 0.
    pub first_seed: u64,
    /// Runs of each policy.
    pub replications: usize,
    /// What is expected, by name.
    pub expects: Vec<(String, Asks)>,
    /// By policy.
    pub policies: BTreeMap<String, Kept>,
}

/// What is kept of a policy.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The hash of what is simulated under it.
    pub simulated: String,
    /// The values of its runs.
    pub rows: Rows,
}

/// The runs of a policy beside those that are kept.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Every measure of the whole fleet, decided.
    pub rows: Vec<Row>,
    /// What keeps a rollout from beginning that is wanted, and began before.
    pub stopped: Option<never::Kept>,
    /// Whether the same is simulated.
    pub is_same: bool,
}

/// Whether the values of a column are kept: those of the whole fleet, and what says which rollouts began.
fn is_kept(column: &Column) -> bool {
    column.part.is_none() || never::reads(column)
}

impl Baseline {
    /// The baseline that runs of a scenario make. `at` is where its file is, from the folder of the baselines.
    #[must_use]
    pub fn of(file: &File, at: String, rows: impl IntoIterator<Item = Rows>) -> Option<Self> {
        let kept = |rows: Rows| {
            let plan = &file.loaded.plan(&rows.policy).expect("it was run").plan;
            (rows.policy.clone(), Kept { simulated: simulated(plan), rows })
        };
        let policies: BTreeMap<String, Kept> = rows.into_iter().map(kept).collect();
        let first = &policies.values().next()?.rows;
        Some(Self {
            scenario: file.loaded.name.clone(),
            file: at,
            rulebook: MODEL_VERSION.to_owned(),
            first_seed: first.first_seed,
            replications: first.runs.whole(),
            expects: WasTested::of(file).expects,
            policies,
        })
    }

    /// Where the baseline of a scenario stands.
    #[must_use]
    pub fn path(folder: &Path, scenario: &str) -> PathBuf {
        folder.join(format!("{scenario}.json"))
    }

    /// Reads a baseline; `None` where there is none.
    ///
    /// # Errors
    ///
    /// The file is there and is not one, is of another version of the format, or asks for more runs than there may be: that
    /// is a [`Report`] with the place.
    pub fn read(files: &dyn Files, path: &Path) -> anyhow::Result<Option<Self>> {
        let bytes = match files.read(path, BYTES_MOST) {
            Ok(bytes) => bytes,
            Err(Unreadable::Missing) => return Ok(None),
            Err(why) => bail!("cannot read {}: {why}", path.display()),
        };
        let text = String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", path.display()))?;
        let json: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?;
        BASELINE.check(path, &json)?;
        if json["replications"].as_u64().is_some_and(|count| count > KEPT_MOST as u64) {
            return Err(too_many(path, text).into());
        }
        let read = file::of(&json).with_context(|| format!("{} is not a complete baseline", path.display()))?;
        let own: Value = serde_json::from_str(&read.text()).context("a baseline is JSON")?;
        if let Some(place) = file::first_difference(&own, &json, "") {
            bail!("{}: `{place}` does not follow from the values in it; {}", path.display(), BASELINE.otherwise);
        }
        Ok(Some(read))
    }

    /// The file: what is expected, what is kept of each policy in words, and its values, a line a measure.
    #[must_use]
    pub fn text(&self) -> String {
        file::text(self)
    }

    /// What was tested when it was written.
    #[must_use]
    pub fn tested(&self) -> WasTested {
        let policies = self.policies.keys().cloned().collect();
        // A baseline does not keep them.
        let (margins, objective) = (None, None);
        WasTested { scenario: self.scenario.clone(), policies, expects: self.expects.clone(), margins, objective }
    }

    /// Compares the runs of a policy with those that are kept, seed by seed. `error` is with what probability any measure may be called
    /// worse that is not.
    ///
    /// # Errors
    ///
    /// They cannot be compared, and why.
    pub fn compare(
        &self,
        now: &Rows,
        hash: &str,
        (margins, objective): (&Margins, Option<f64>),
        error: f64,
    ) -> Result<Compared, String> {
        let Some(kept) = self.policies.get(&now.policy) else {
            return Err(format!("the baseline has no policy `{}`", now.policy));
        };
        if self.rulebook != MODEL_VERSION {
            return Err(format!("the baseline was made with rulebook {}, but this is {MODEL_VERSION}", self.rulebook));
        }
        if kept.rows.shared(now).is_none() {
            let seeds = |rows: &Rows| {
                format!("{} to {}", rows.first_seed, rows.first_seed + (rows.runs.whole() as u64).saturating_sub(1))
            };
            return Err(format!("the baseline has the seeds {}, and none of {}", seeds(&kept.rows), seeds(now)));
        }
        let is_judged =
            |column: &&Column| column.part.is_none() && column.definition().and_then(|row| margins.of(row)).is_some();
        let unknown = now.columns.iter().filter(is_judged).filter(|column| kept.rows.values(column).is_none());
        let unknown: Vec<&str> = unknown.map(|column| column.name.as_str()).collect();
        if !unknown.is_empty() {
            return Err(format!("the baseline has no {}", unknown.join(", ")));
        }
        let mut rows = against::compared(margins, objective, (&kept.rows, now));
        against::decide(&mut rows.iter_mut().collect::<Vec<_>>(), error);
        Ok(Compared { rows, stopped: against::stopped(&kept.rows, now), is_same: kept.simulated == hash })
    }
}

/// What is wrong with a baseline that asks for too many runs.
fn too_many(path: &Path, text: String) -> Report {
    let mut problems = Problems::new();
    let root = read_text(&path.display().to_string().replace('\\', "/"), text, &mut problems);
    if let Some(node) = root.as_ref().and_then(|root| root.get("replications")) {
        let count = node.text().unwrap_or_default();
        let message =
            format!("the baseline has {count} runs of each policy, more than the {KEPT_MOST} that are possible");
        let help = "record it again: `windtunnel test SCENARIO --baseline DIR --update-baseline --replications 1000`";
        problems.push(Problem::error("E0590", message).at(&node.span, "more than possible").help(help));
    }
    problems.into()
}

#[cfg(test)]
mod tests;
