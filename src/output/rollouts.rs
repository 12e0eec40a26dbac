//! How rollouts ended, in a sentence, and why one that was wanted never began.

use super::describe::{Names, sentence};
use super::unfinished::AT_THE_END;
use crate::experiment::replay::Replay;
use windtunnel_sim::measure::{Measure, Value};
use windtunnel_sim::plan::ScaleSet;
use windtunnel_sim::rules::RuleId;
use windtunnel_sim::world::fact::{End, Fact, GalleryFact, OsUpgradeFact, Record, RolloutFact};
use windtunnel_sim::world::ids::SetId;

/// The last upgrade of a set.
struct Last {
    set: SetId,
    batches: u32,
    /// A batch is under way.
    within: bool,
    end: Option<End>,
    left_out: Option<RuleId>,
}

/// How the last rollout of each set ended, and of a set that had none what kept it from one; `None` where nobody wanted one.
#[must_use]
pub fn told(names: &Names<'_>, ledger: &[Record]) -> Option<String> {
    let mut last: Vec<Last> = Vec::new();
    let mut kept: Vec<(SetId, &Record)> = Vec::new();
    let mut begun = None;
    for record in ledger {
        let fact = match record.fact {
            Fact::Rollout(RolloutFact::LeftOut { .. }) => {
                let of = last.iter_mut().find(|one| Some(one.set) == begun);
                of.into_iter().for_each(|one| one.left_out = Some(record.rule));
                continue;
            }
            Fact::Rollout(fact) => fact,
            Fact::OsUpgrade(fact) => {
                let known = |set: &SetId| kept.iter().any(|(other, _)| other == set);
                let idle = matches!(fact, OsUpgradeFact::AlreadyNewest { .. });
                // That everybody is on the newest is what remains after another version was kept from them.
                if let Some(set) = fact.set().filter(|set| fact.keeps_from_beginning() && !(idle && known(set))) {
                    kept.retain(|(other, _)| *other != set);
                    kept.push((set, record));
                }
                continue;
            }
            _ => continue,
        };
        let Some(set) = fact.set() else { continue };
        if let RolloutFact::Started { .. } = fact {
            begun = Some(set);
            let new = Last { set, batches: 0, within: false, end: None, left_out: None };
            match last.iter_mut().find(|one| one.set == set) {
                Some(one) => *one = new,
                None => last.push(new),
            }
        }
        let Some(one) = last.iter_mut().find(|one| one.set == set) else { continue };
        match fact {
            RolloutFact::BatchBegan { batch, .. } => (one.batches, one.within) = (batch, true),
            RolloutFact::BatchEnded { .. } => one.within = false,
            RolloutFact::Ended { end, .. } => one.end = Some(end),
            _ => {}
        }
    }
    let mut parts: Vec<String> = last.iter().map(|one| upgrade(names, one)).collect();
    kept.retain(|(set, _)| !last.iter().any(|one| one.set == *set));
    parts.extend(kept.iter().map(|(_, record)| format!("{} ({})", sentence(names, &record.fact), record.rule)));
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Of each set that nothing published ever reached, since nobody and nothing upgrades it, that its instances stay as they are.
#[must_use]
pub fn stays(replay: &Replay<'_>) -> Vec<String> {
    let plan = replay.plan();
    let told = |(at, row): (usize, &ScaleSet)| {
        let entry_point = (plan.sets.len() > 1).then_some(row.name.as_str());
        let by = |one: &Measure| one.name == "rollout.never_started_by" && one.entry_point.as_deref() == entry_point;
        let rule = replay.measures.iter().find(|one| by(one)).map(|one| &one.value);
        let published = |record: &&Record| {
            let fact =
                |set: SetId| set.index() == at && *rule.unwrap_or(&Value::Word("")) == Value::Word(record.rule.word());
            matches!(record.fact, Fact::Gallery(GalleryFact::InstancesStay { set, .. }) if fact(set))
        };
        let last = replay.ledger.iter().rev().find(published)?;
        Some(format!("{} ({})", sentence(&replay.names, &last.fact), last.rule))
    };
    plan.sets.iter().enumerate().filter_map(told).collect()
}

fn upgrade(names: &Names<'_>, one: &Last) -> String {
    let set = names.set(one.set);
    let batches = match one.batches {
        0 => "before its first batch".to_owned(),
        1 => "after 1 batch".to_owned(),
        n => format!("after {n} batches"),
    };
    match (one.end, one.batches, one.left_out) {
        (None, batch, _) if one.within => format!("{AT_THE_END} the upgrade of {set} is still in batch {batch}"),
        (None, ..) => format!("{AT_THE_END} the upgrade of {set} still runs, {batches}"),
        (Some(End::Completed), 0, Some(rule)) => {
            format!("the upgrade of {set} brought nobody anywhere, since all who are behind are left out ({rule})")
        }
        (Some(End::Completed), 0, None) => format!("the upgrade of {set} had nobody to bring: nobody is behind"),
        (Some(End::Completed), ..) => format!("the upgrade of {set} completed {batches}"),
        (Some(End::Cancelled), ..) => format!("the upgrade of {set} was cancelled {batches}"),
        (Some(End::Faulted { .. }), ..) => format!("the upgrade of {set} halted {batches}"),
    }
}
