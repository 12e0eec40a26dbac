//! What was tested before and is not any more, or less strictly: a way to make any change green.

use super::Before;
use crate::suite::File;
use windtunnel_claims::expect::{Expectation, Over, Policies, Sense, Test};

/// Something that was tested before, and no longer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The scenario.
    pub scenario: String,
    /// The policy, where one is gone.
    pub policy: Option<String>,
    /// What of it, in words.
    pub what: String,
}

/// What was tested before, and no longer is.
#[must_use]
pub fn gone(before: &Before, now: &[File]) -> Vec<Gone> {
    let mut all = Vec::new();
    for was in &before.files {
        let scenario = was.loaded.name.clone();
        let mut add = |policy: Option<&str>, what: String| {
            all.push(Gone { scenario: scenario.clone(), policy: policy.map(str::to_owned), what });
        };
        let Some(is) = now.iter().find(|file| file.loaded.name == scenario) else {
            add(None, "the incident is no longer tested".to_owned());
            continue;
        };
        let policies: Vec<&str> = is.loaded.policies().collect();
        for policy in was.loaded.policies().filter(|policy| !policies.contains(policy)) {
            add(Some(policy), format!("the policy `{policy}` is no longer tested"));
        }
        for old in &was.loaded.expectations {
            match is.loaded.expectations.iter().find(|new| new.name == old.name) {
                None => add(None, format!("nothing expects `{}` any more", old.name)),
                Some(new) => {
                    if let Some(how) = loosened(old, new) {
                        add(None, format!("`{}` expects less: {how}", old.name));
                    }
                }
            }
        }
    }
    all
}

/// How an expectation asks for less than it did; `None` where it asks for the same or more, in every respect.
fn loosened(old: &Expectation, new: &Expectation) -> Option<String> {
    if old.subject.name() != new.subject.name() || old.part != new.part {
        return Some(format!("of {}, and no more of {}", new.subject.name(), old.subject.name()));
    }
    let fewer = match (&old.policies, &new.policies) {
        (_, Policies::All) => false,
        (Policies::All, Policies::These(_)) => true,
        (Policies::These(old), Policies::These(new)) => old.iter().any(|policy| !new.contains(policy)),
    };
    if fewer {
        return Some("of fewer policies".to_owned());
    }
    // What must never be is asked for more strictly where more of it must never be.
    let (loose, strict) = if old.sense == Sense::Never { (&new.test, &old.test) } else { (&old.test, &new.test) };
    let is_less = !is_as_strict(loose, strict)
        || old.sense != new.sense
        || old.when != new.when
        || !asks_as_often(old.over, new.over)
        || (new.without_rollout && !old.without_rollout);
    is_less.then(|| format!("{}, and was {}", new.wanted(), old.wanted()))
}

/// Whether all that passes the new test passed the old one.
fn is_as_strict(old: &Test, new: &Test) -> bool {
    let range = |test: &Test| match *test {
        Test::Is(bound) => Some((bound, bound)),
        Test::AtMost(bound) => Some((f64::NEG_INFINITY, bound)),
        Test::AtLeast(bound) => Some((bound, f64::INFINITY)),
        Test::Between(low, high) => Some((low, high)),
        Test::IsWord(_) | Test::IsFlag(_) => None,
    };
    match (range(old), range(new)) {
        (Some(old), Some(new)) => new.0 >= old.0 && new.1 <= old.1,
        _ => old == new,
    }
}

/// Whether it must hold in as many runs as before.
fn asks_as_often(old: Over, new: Over) -> bool {
    match (old, new) {
        (_, Over::Each) => true,
        (Over::Share { least: was, confidence: sure }, Over::Share { least, confidence }) => {
            least >= was && confidence >= sure
        }
        _ => old == new,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_that_lets_more_pass_is_less_strict() {
        assert!(is_as_strict(&Test::AtMost(2.0), &Test::AtMost(1.0)));
        assert!(is_as_strict(&Test::AtMost(2.0), &Test::Is(2.0)));
        assert!(!is_as_strict(&Test::AtMost(2.0), &Test::AtMost(90.0)));
        assert!(!is_as_strict(&Test::AtMost(2.0), &Test::AtLeast(0.0)));
        assert!(!is_as_strict(&Test::Between(1.0, 2.0), &Test::AtMost(2.0)));
        assert!(!is_as_strict(&Test::IsWord("halted".into()), &Test::IsWord("completed".into())));
        let share = |least| Over::Share { least, confidence: 0.95 };
        assert!(asks_as_often(share(90.0), Over::Each) && asks_as_often(share(90.0), share(95.0)));
        assert!(!asks_as_often(Over::Each, share(99.0)) && !asks_as_often(share(95.0), share(90.0)));
    }
}
