//! A comparison of a scenario in which nobody can be harmed: by what its policies are to be judged.

use crate::assessment::listed;
use crate::compare::{Comparison, PolicyResult};
use windtunnel_sim::measure::catalogue::{HARMED, tables};

/// Measures that lead a comparison without harm, at most.
const LEADS_MOST: usize = 4;

/// Why there is no harm to compare, where no run of any policy has any; harm that is open at the end is some.
#[must_use]
pub fn unharmed(comparison: &Comparison) -> Option<&str> {
    let at = comparison.column(HARMED)?;
    let none = |policy: &PolicyResult| policy.summaries[at].valued() + policy.summaries[at].open == 0;
    let why = comparison.policies.iter().find_map(|policy| policy.summaries[at].why_not.as_deref());
    why.filter(|_| comparison.policies.iter().all(none))
}

/// The measures that lead where there is no harm: of those with a table, the first in which the runs differ.
#[must_use]
pub fn leads(comparison: &Comparison) -> Vec<(&'static str, usize)> {
    let differs = |&(_, at): &(&str, usize)| {
        comparison.policies.iter().any(|policy| policy.summaries[at].mean.is_some())
            && comparison.constant(at).is_none()
    };
    let known = tables().filter_map(|name| Some((name, comparison.column(name)?)));
    known.filter(differs).take(LEADS_MOST).collect()
}

/// In what the policies differ where there is no harm.
pub(crate) fn differing(comparison: &Comparison) -> String {
    let names: Vec<&str> = leads(comparison).into_iter().map(|(name, _)| name).collect();
    match &names[..] {
        [] => "The policies differ in no measure that has a table.".to_owned(),
        names => format!("Judge the policies by what they are for: {}.", listed(names)),
    }
}
