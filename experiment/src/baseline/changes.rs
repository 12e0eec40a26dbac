//! What would change in the baselines, change by change, and what a baseline is once some of them are accepted.

use super::{Baseline, Compared, Kept, file};
use crate::against::said;
use crate::statistics::{CONFIDENCE, summarise};
use windtunnel_claims::margin::Margins;
use windtunnel_sim::measure::Seen;

/// A change that would be made in the baselines; each is accepted or not.
#[derive(Clone, Debug)]
pub struct Change {
    /// The scenario.
    pub scenario: String,
    /// The policy, where it is of one.
    pub policy: Option<String>,
    /// What would change.
    pub kind: Kind,
}

/// What would change.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Nothing is kept of it yet.
    New,
    /// No scenario has it any more; in words.
    Gone(String),
    /// What is kept cannot be compared with, and why; all of it is written anew.
    Anew(String),
    /// What is expected, or where the scenario is, a sentence each.
    Expected(Vec<String>),
    /// Values.
    Values {
        /// The numbers, seed by seed.
        compared: Box<Compared>,
        /// What is no number, a sentence each.
        words: Vec<String>,
    },
}

impl Kind {
    /// The word for it, as programs read it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Gone(_) => "gone",
            Self::Anew(_) => "anew",
            Self::Expected(_) => "expected",
            Self::Values { .. } => "values",
        }
    }
}

impl Change {
    /// The name by which it is accepted: the scenario, and the policy where it is of one.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.policy {
            Some(policy) => format!("{}::{policy}", self.scenario),
            None => self.scenario.clone(),
        }
    }

    /// Whether a name means it: its own, or that of its scenario.
    #[must_use]
    pub fn is_meant_by(&self, name: &str) -> bool {
        name == self.scenario || name == self.name()
    }

    /// Whether something is kept that no scenario has.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        matches!(self.kind, Kind::Gone(_))
    }
}

/// What of a scenario would change: `was` is kept of it, and `now` is what its runs make. `terms` gives the objective of a policy, and
/// `error` is that of [`Baseline::compare`].
#[must_use]
pub fn changes(
    was: &Baseline,
    now: &Baseline,
    margins: &Margins,
    objective: &dyn Fn(&str) -> Option<f64>,
    error: f64,
) -> Vec<Change> {
    let change =
        |policy: Option<&String>, kind| Change { scenario: now.scenario.clone(), policy: policy.cloned(), kind };
    let runs = |of: &Baseline| format!("{} runs from seed {}", of.replications, of.first_seed);
    if was.rulebook != now.rulebook {
        let why = format!("it was made with rulebook {}, and this is {}", was.rulebook, now.rulebook);
        return vec![change(None, Kind::Anew(why))];
    }
    if runs(was) != runs(now) {
        return vec![change(None, Kind::Anew(format!("it has {}, and would have {}", runs(was), runs(now))))];
    }
    let mut all = Vec::new();
    let expected = expected(was, now);
    if !expected.is_empty() {
        all.push(change(None, Kind::Expected(expected)));
    }
    for (policy, kept) in &now.policies {
        match was.policies.get(policy) {
            None => all.push(change(Some(policy), Kind::New)),
            Some(before) if is_same(before, kept) => {}
            Some(before) => {
                let kind = match was.compare(&kept.rows, &kept.simulated, (margins, objective(policy)), error) {
                    Ok(compared) => Kind::Values { compared: Box::new(compared), words: words(before, kept) },
                    Err(why) => Kind::Anew(why),
                };
                all.push(change(Some(policy), kind));
            }
        }
    }
    for policy in was.policies.keys().filter(|policy| !now.policies.contains_key(*policy)) {
        all.push(change(Some(policy), Kind::Gone(format!("the policy `{policy}` is no longer tested"))));
    }
    all
}

/// Whether the file has the same lines of both.
fn is_same(was: &Kept, now: &Kept) -> bool {
    was.simulated == now.simulated && file::by_name(&was.rows) == file::by_name(&now.rows)
}

/// What differs in what is expected, and in where the scenario is.
fn expected(was: &Baseline, now: &Baseline) -> Vec<String> {
    let mut said: Vec<String> = was
        .tested()
        .gone(Some(&now.tested()))
        .into_iter()
        .filter(|gone| gone.policy.is_none())
        .map(|gone| gone.what)
        .collect();
    for (name, asks) in &now.expects {
        match was.expects.iter().find(|(known, _)| known == name) {
            None => said.push(format!("`{name}` is new: {}", asks.wanted())),
            Some((_, old)) if old != asks && asks.less_than(old).is_none() => {
                said.push(format!("`{name}` expects {}, and expected {}", asks.wanted(), old.wanted()));
            }
            Some(_) => {}
        }
    }
    let order = |of: &Baseline| of.expects.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    if said.is_empty() && order(was) != order(now) {
        said.push("the expectations stand in another order".to_owned());
    }
    if was.file != now.file {
        said.push(format!("the scenario is at {}, and was at {}", now.file, was.file));
    }
    said
}

/// The values that are no numbers, and differ: words, and those of scale sets.
fn words(was: &Kept, now: &Kept) -> Vec<String> {
    let said = now.rows.columns.iter().filter_map(|column| {
        let (before, after) = (was.rows.values(column)?, now.rows.values(column)?);
        let is_word = |value: Seen<'_>| matches!(value, Seen::Word(_));
        if column.part.is_none() && !before.iter().chain(after).any(is_word) {
            return None;
        }
        let shown = [before, after].map(|values| said::value(&summarise(values, CONFIDENCE), &column.unit));
        let is_other =
            before.len() != after.len() || before.iter().zip(after).any(|(one, other)| !file::is_alike(one, other));
        is_other.then(|| match &shown {
            [was, is] if was == is => format!("{}: {is} as before, in other runs", column.name),
            [was, is] => format!("{}: was {was}, is {is}", column.name),
        })
    });
    said.collect()
}

/// What is kept of a scenario once these changes of it are accepted; nothing where all of it is gone.
#[must_use]
pub fn accepted(was: Option<&Baseline>, now: Option<&Baseline>, changes: &[&Change]) -> Option<Baseline> {
    let is_whole = |change: &&Change| change.policy.is_none() && matches!(change.kind, Kind::New | Kind::Anew(_));
    if changes.iter().any(|change| change.policy.is_none() && change.is_gone()) {
        return None;
    }
    let Some(mut kept) = was.filter(|_| !changes.iter().any(is_whole)).cloned() else { return now.cloned() };
    for change in changes {
        match (&change.policy, &change.kind, now) {
            (None, _, Some(now)) => (kept.expects, kept.file) = (now.expects.clone(), now.file.clone()),
            (Some(policy), Kind::Gone(_), _) => _ = kept.policies.remove(policy),
            (Some(policy), _, Some(now)) => {
                kept.policies.extend(now.policies.get(policy).map(|of| (policy.clone(), of.clone())));
            }
            (_, _, None) => {}
        }
    }
    Some(kept).filter(|kept| !kept.policies.is_empty())
}
