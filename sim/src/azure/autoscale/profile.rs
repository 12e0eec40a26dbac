//! Which profile rules (AS-04, AS-05).

use crate::plan::{Autoscale, ProfileWhen};
use crate::rules::{self, RuleId};
use crate::world::cx::Cx;

/// Which of the profiles of a setting rules now, and by which rule: one with a fixed date, else the recurring one that started last, else
/// the default. `None` where no profile is for now.
#[must_use]
pub fn choose(setting: &Autoscale, profiles: &[u16], cx: &Cx<'_>) -> Option<(u16, RuleId)> {
    let now = cx.now().ms().cast_signed();
    if !cx.on(rules::AS_04) {
        return profiles.first().map(|index| (*index, rules::AS_04));
    }
    let mut fixed = None;
    let mut recurring: Option<(i64, u16)> = None;
    let mut default = None;
    for &index in profiles {
        match &setting.profile(index).when {
            ProfileWhen::Fixed { from_ms, until_ms } if (*from_ms..*until_ms).contains(&now) => {
                fixed = fixed.or(Some(index));
            }
            ProfileWhen::Fixed { .. } => {}
            ProfileWhen::Recurring { starts_ms } => {
                let begun = starts_ms.partition_point(|start| *start <= now);
                let start = begun.checked_sub(1).map(|at| starts_ms[at]);
                // Of two that start at once, the first of the file.
                if let Some(start) = start.filter(|start| recurring.is_none_or(|(last, _)| last < *start)) {
                    recurring = Some((start, index));
                }
            }
            ProfileWhen::Default => default = default.or(Some(index)),
        }
    }
    let recurring = recurring.filter(|_| cx.on(rules::AS_05)).map(|(_, index)| (index, rules::AS_05));
    fixed.map(|index| (index, rules::AS_04)).or(recurring).or_else(|| default.map(|index| (index, rules::AS_04)))
}
