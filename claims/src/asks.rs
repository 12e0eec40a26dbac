//! What an expectation asks for, apart from where it stands: what is kept of it, and what two versions of it are compared by.

use crate::expect::{Expectation, Over, Policies, Sense, Test, When};
use windtunnel_sim::measure::Part;
use windtunnel_words::clock::spoken;

/// What an expectation asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Asks {
    /// What is looked at, as a scenario names it.
    pub subject: String,
    /// What that is counted in.
    pub unit: String,
    /// The part of the fleet that it is about; `None` for all of it.
    pub part: Option<Part>,
    /// Of which policies it must hold.
    pub policies: Policies,
    /// When it must hold.
    pub when: When,
    /// Whether it must hold, or must not.
    pub sense: Sense,
    /// What is asked of many runs.
    pub over: Over,
    /// Whether it may hold since a rollout that was wanted never began.
    pub without_rollout: bool,
    /// What must hold.
    pub test: Test,
}

impl From<&Expectation> for Asks {
    fn from(of: &Expectation) -> Self {
        Self {
            subject: of.subject.name(),
            unit: of.subject.unit().symbol().to_owned(),
            part: of.part.clone(),
            policies: of.policies.clone(),
            when: of.when.clone(),
            sense: of.sense,
            over: of.over,
            without_rollout: of.without_rollout,
            test: of.test.clone(),
        }
    }
}

impl Asks {
    /// It in words: `never at least 1 instances`, `within PT10M at most 0 %`.
    #[must_use]
    pub fn wanted(&self) -> String {
        let bound = self.test.shown(&self.unit);
        let bound = bound.trim_end();
        let bound = match self.sense {
            Sense::Holds => bound.to_owned(),
            Sense::Never => format!("never {bound}"),
        };
        let bound = match &self.when {
            When::Throughout { from: None, until: None } => bound,
            When::Throughout { from: Some(from), until: None } => format!("{bound} from {from} on"),
            When::Throughout { from: None, until: Some(until) } => format!("{bound} until {until}"),
            When::Throughout { from: Some(from), until: Some(until) } => format!("{bound} from {from} to {until}"),
            When::At(at) => format!("{bound} at {at}"),
            When::Within { from: None, length } => format!("{bound} within {}", spoken(*length)),
            When::Within { from: Some(from), length } => format!("{bound} within {} of {from}", spoken(*length)),
        };
        match self.over {
            Over::Each => bound,
            Over::Stat { stat, .. } => format!("{stat} {bound}"),
            Over::Share { least, .. } => format!("{bound} in at least {least} % of runs"),
        }
    }

    /// How it asks for less than `old` did; `None` where it asks for the same or more, in every respect.
    #[must_use]
    pub fn less_than(&self, old: &Self) -> Option<String> {
        if old.subject != self.subject || old.part != self.part {
            return Some(format!("of {}, and no more of {}", self.subject, old.subject));
        }
        let fewer = match (&old.policies, &self.policies) {
            (_, Policies::All) => false,
            (Policies::All, Policies::These(_)) => true,
            (Policies::These(old), Policies::These(new)) => old.iter().any(|policy| !new.contains(policy)),
        };
        if fewer {
            return Some("of fewer policies".to_owned());
        }
        // What must never be is asked for more strictly where more of it must never be.
        let (loose, strict) = if old.sense == Sense::Never { (&self.test, &old.test) } else { (&old.test, &self.test) };
        let is_less = !is_as_strict(loose, strict)
            || old.sense != self.sense
            || old.when != self.when
            || !asks_as_often(old.over, self.over)
            || (self.without_rollout && !old.without_rollout);
        is_less.then(|| format!("{}, and was {}", self.wanted(), old.wanted()))
    }
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
