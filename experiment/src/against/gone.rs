//! What was tested before and is not any more, or less strictly: a way to make any change green.

use super::Before;
use crate::suite::File;
use windtunnel_claims::asks::Asks;

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
}

impl WasTested {
    /// What is tested of a scenario.
    #[must_use]
    pub fn of(file: &File) -> Self {
        Self {
            scenario: file.loaded.name.clone(),
            policies: file.loaded.policies().map(str::to_owned).collect(),
            expects: file.loaded.expectations.iter().map(|one| (one.name.clone(), Asks::from(one))).collect(),
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
                None => push(None, format!("nothing expects `{name}` any more")),
                Some((_, new)) => {
                    if let Some(how) = new.less_than(old) {
                        push(None, format!("`{name}` expects less: {how}"));
                    }
                }
            }
        }
        all
    }
}

/// What was tested before, and no longer is.
#[must_use]
pub fn gone(before: &Before, now: &[File]) -> Vec<Gone> {
    let now: Vec<WasTested> = now.iter().map(WasTested::of).collect();
    let was = before.files.iter().map(WasTested::of);
    was.flat_map(|was| was.gone(now.iter().find(|one| one.scenario == was.scenario))).collect()
}
