//! What was tested before and is not any more, or less strictly: a way to make any change green.

use super::{Before, judged};
use crate::suite::File;
use windtunnel_claims::asks::Asks;
use windtunnel_input::AS_WRITTEN;
use windtunnel_words::number::{count, percentage};

/// So many measures are named that may get worse by more.
const MARGINS_MOST: usize = 3;

/// Something that was tested before, and no longer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The scenario.
    pub scenario: String,
    /// The policy, where it is one that is no longer tested.
    pub policy: Option<String>,
    /// What of it, in words.
    pub what: String,
}

/// What of a scenario was tested.
#[derive(Clone, Debug, PartialEq)]
pub struct WasTested {
    /// The scenario.
    pub scenario: String,
    /// Its policies.
    pub policies: Vec<String>,
    /// What was expected of them, by name.
    pub expects: Vec<(String, Asks)>,
    /// By what share each measure that was judged might get worse; `None` where that is not known.
    pub margins: Option<Vec<(&'static str, f64)>>,
    /// What share of its requests was to be served well; `None` where that is not known, or where there is no objective.
    pub objective: Option<f64>,
}

impl WasTested {
    /// What is tested of a scenario.
    #[must_use]
    pub fn of(file: &File) -> Self {
        Self {
            scenario: file.loaded.name.clone(),
            policies: file.loaded.policies().map(str::to_owned).collect(),
            expects: file.loaded.expectations.iter().map(|one| (one.name.clone(), Asks::from(one))).collect(),
            margins: Some(judged(file).filter_map(|row| Some((row.name, file.loaded.margins.of(row)?))).collect()),
            objective: file.loaded.plan(AS_WRITTEN).ok().and_then(|planned| planned.plan.objective),
        }
    }

    /// What of it is no longer tested of the scenario as it is now; all of it where there is none.
    #[must_use]
    pub fn gone(&self, now: Option<&Self>) -> Vec<Gone> {
        let mut all = Vec::new();
        let mut push = |policy: Option<&String>, what| {
            all.push(Gone { scenario: self.scenario.clone(), policy: policy.cloned(), what })
        };
        let Some(now) = now else {
            push(None, "the incident is no longer tested".to_owned());
            return all;
        };
        for policy in self.policies.iter().filter(|policy| !now.policies.contains(policy)) {
            push(Some(policy), format!("the policy `{policy}` is no longer tested"));
        }
        for (name, old) in &self.expects {
            match now.expects.iter().find(|(known, _)| known == name) {
                None if self.is_renamed(old, now) => {}
                None => push(None, format!("nothing expects `{name}` any more")),
                Some((_, new)) => {
                    if let Some(how) = new.less_than(old) {
                        push(None, format!("`{name}` expects less: {how}"));
                    }
                }
            }
        }
        for what in self.judged_less(now) {
            push(None, what);
        }
        all
    }

    /// Whether an expectation that is new by its name asks for as much as an old one did, so that only the name is another.
    fn is_renamed(&self, old: &Asks, now: &Self) -> bool {
        let is_new = |name: &String| self.expects.iter().all(|(known, _)| known != name);
        now.expects.iter().any(|(name, new)| is_new(name) && new.less_than(old).is_none())
    }

    /// What may get worse now by more than before, and an objective that asks for less.
    fn judged_less(&self, now: &Self) -> Vec<String> {
        let mut all = Vec::new();
        if let (Some(old), Some(new)) = (&self.margins, &now.margins) {
            let of = |name: &str| new.iter().find(|(known, _)| *known == name).map(|(_, share)| *share);
            let wider: Vec<(&str, f64, Option<f64>)> = old
                .iter()
                .map(|&(name, was)| (name, was, of(name)))
                .filter(|(_, was, now)| now.is_none_or(|now| now > *was))
                .collect();
            // Of many that one entry makes wider, the first are named.
            for (name, was, now) in wider.iter().take(MARGINS_MOST) {
                let percent = |share: f64| percentage(100.0 * share);
                all.push(match now {
                    Some(now) => format!("`{name}` may get worse by {}, before by {}", percent(*now), percent(*was)),
                    None => format!("whether `{name}` gets worse is no longer judged"),
                });
            }
            if wider.len() > MARGINS_MOST {
                all.push(format!("{} may get worse by more", count(wider.len() - MARGINS_MOST, "other measure")));
            }
        }
        if let Some(was) = self.objective {
            match now.objective {
                Some(now) if now < was => {
                    let (was, now) = (percentage(100.0 * was), percentage(100.0 * now));
                    all.push(format!("the objective asks for less: {now}, before {was}"));
                }
                None => all.push("there is no objective any more".to_owned()),
                Some(_) => {}
            }
        }
        all
    }
}

/// Whether a scenario expects and judges the same as before. What was no scenario before expects nothing.
#[must_use]
pub fn is_held_to_the_same(before: &Before, now: &File) -> bool {
    let was = before.files.iter().find(|was| was.loaded.name == now.loaded.name).map(WasTested::of);
    let now = WasTested::of(now);
    was.is_some_and(|was| was.expects == now.expects && was.margins == now.margins)
}

/// What was tested before, and no longer is.
#[must_use]
pub fn gone(before: &Before, now: &[File]) -> Vec<Gone> {
    let now: Vec<WasTested> = now.iter().map(WasTested::of).collect();
    let was = before.files.iter().map(WasTested::of);
    was.flat_map(|was| was.gone(now.iter().find(|one| one.scenario == was.scenario))).collect()
}
