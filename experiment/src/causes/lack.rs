//! Demand is above what those who are ready can serve: by how much, which instances lack and why, and why nothing adds any.

use super::standing::{Life, Standing, fails};
use super::{Kind, Reason, who};
use crate::harm::chain;
use crate::replay::Replay;
use std::collections::{BTreeMap, BTreeSet};
use windtunnel_sim::measure::entry_point::Stretch;
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::plan::ScaleDirection;
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::{AutoscaleFact, Fact, Record};
use windtunnel_sim::world::ids::{EntryPointId, InstanceId, SetId};
use windtunnel_words::clock::civil;
use windtunnel_words::describe::{condition, sentence};
use windtunnel_words::number::{count, decimals};

pub(super) fn reasons(
    replay: &Replay<'_>,
    standing: &Standing<'_>,
    entry_point: EntryPointId,
    stretch: &Stretch,
) -> Vec<Reason> {
    let names = &replay.names;
    let ready = standing.behind(entry_point).filter(|(_, unit)| unit.lane() == Some(LaneState::Serving)).count();
    let (demand, room) = (stretch.at(standing.at).demand, stretch.ready_room());
    let can = if ready == 1 { "the one that is ready".to_owned() } else { format!("the {ready} that are ready") };
    let text = format!(
        "demand at {} is {} rps, and {can} can serve {} rps",
        names.entry_point(entry_point),
        decimals(demand, 1),
        decimals(room, 1)
    );
    let mut reasons = vec![Reason::new(Kind::Cause, text, rules::WT_10)];
    reasons.extend(absent(replay, standing, entry_point));
    let sets: BTreeSet<SetId> = standing.behind(entry_point).map(|(_, unit)| unit.set).collect();
    reasons.extend(sets.into_iter().map(|set| nothing_adds(replay, standing, set)));
    reasons
}

/// The instances that are there and serve nobody, and why.
fn absent(replay: &Replay<'_>, standing: &Standing<'_>, entry_point: EntryPointId) -> Vec<Reason> {
    let mut groups: BTreeMap<(SetId, LaneState), Vec<InstanceId>> = BTreeMap::new();
    for (instance, unit) in standing.behind(entry_point) {
        let Some(lane) = unit.lane() else { continue };
        // Those who take users and harm them have their own reason.
        if lane != LaneState::Serving && !lane.harms() {
            let coming = matches!(lane, LaneState::Creating | LaneState::Booting | LaneState::Starting);
            let lane = if coming { LaneState::Creating } else { lane };
            groups.entry((unit.set, lane)).or_default().push(instance);
        }
    }
    groups.into_iter().map(|((set, lane), those)| lacks(replay, standing, (set, lane), &those)).collect()
}

fn lacks(
    replay: &Replay<'_>,
    standing: &Standing<'_>,
    (set, lane): (SetId, LaneState),
    those: &[InstanceId],
) -> Reason {
    let names = &replay.names;
    let plan = names.plan();
    let of = format!("{} of the {} of {}", those.len(), standing.capacity[set.index()], names.set(set));
    let is = if those.len() == 1 { "is" } else { "are" };
    let first = |of: fn(&Life) -> Option<Record>| {
        those.iter().filter_map(|one| of(&standing.life(*one))).min_by_key(|record| record.entry)
    };
    let (text, by) = match lane {
        LaneState::Failed => ("did not come up".to_owned(), first(|life| life.failed)),
        LaneState::Creating => {
            let created = first(|life| life.created);
            let since = created.map_or_else(String::new, |one| format!(", asked for at {}", civil(plan, one.time)));
            match never(replay, standing, those) {
                Some(failed) => (format!("{is} not up{since}, and will not come up"), Some(failed)),
                None => {
                    let text = format!("{is} not up yet{since}");
                    return Reason::new(Kind::Cause, format!("{of} {text}: {}", who(names, those)), rules::IN_02);
                }
            }
        }
        LaneState::Ready => (format!("{is} ready and out of rotation"), first(|life| life.out)),
        LaneState::Deleting => (format!("{is} being deleted"), first(|life| life.out)),
        _ => ("cannot serve and have no users".to_owned(), first(|life| life.service)),
    };
    let mut text = format!("{of} {text}: {}", who(names, those));
    match by {
        Some(by) => {
            text += &format!(", since {}", sentence(names, &by.fact));
            if by.time > standing.at {
                text += &format!(" at {}", civil(plan, by.time));
            }
            Reason::new(Kind::Cause, text, by.rule).by(&by)
        }
        None => Reason::new(Kind::Cause, text, rules::IN_02),
    }
}

/// The first entry with which one of these fails, where none of them ever serves from this instant on.
fn never(replay: &Replay<'_>, standing: &Standing<'_>, those: &[InstanceId]) -> Option<Record> {
    let serves = |instance: &InstanceId| {
        let intervals = &replay.lanes.lanes[instance.index()].intervals;
        intervals.iter().any(|of| of.until > standing.at && of.state == LaneState::Serving)
    };
    if those.iter().any(serves) {
        return None;
    }
    let later = replay.ledger[standing.entries..].iter();
    later
        .filter(|record| fails(&record.fact))
        .find(|record| record.fact.instance().is_some_and(|instance| those.contains(&instance)))
        .copied()
}

/// Why nothing adds instances to a set.
fn nothing_adds(replay: &Replay<'_>, standing: &Standing<'_>, set: SetId) -> Reason {
    let (names, plan) = (&replay.names, replay.plan());
    let name = names.set(set);
    let absent =
        |why: String, rule| Reason::new(Kind::Absent, format!("nothing adds instances to {name}: {why}"), rule);
    let Some((number, setting)) = plan.autoscale.iter().enumerate().find(|(_, of)| of.set == set.0) else {
        return absent("autoscale does not look after it".to_owned(), rules::AS_01);
    };
    let is_of = |of: windtunnel_sim::world::ids::AutoscaleId| usize::from(of.0) == number;
    let until = &replay.ledger[..standing.entries];
    let last = until.iter().rev().find_map(|record| match record.fact {
        Fact::Autoscale(AutoscaleFact::ProfileChosen { setting, profile }) if is_of(setting) => Some(profile),
        _ => None,
    });
    let Some(profile) = last else {
        return absent("autoscale has not run yet".to_owned(), rules::AS_01);
    };
    let of = setting.profile(profile);
    if standing.capacity[set.index()] >= of.maximum {
        let most = count(of.maximum as usize, "instance");
        return absent(format!("its maximum of {most} in profile “{}” is reached", of.name), rules::AS_06);
    }
    let said = until.iter().rev().find(|record| match record.fact {
        Fact::Autoscale(AutoscaleFact::Deferred { setting, .. } | AutoscaleFact::MetricLost { setting, .. }) => {
            is_of(setting)
        }
        Fact::Autoscale(AutoscaleFact::Evaluated { setting, profile: of_profile, rule, .. }) => {
            is_of(setting) && of_profile == profile && of.rules[usize::from(rule)].direction == ScaleDirection::Increase
        }
        _ => false,
    });
    let Some(said) = said else {
        let rules_of = of.rules.iter().filter(|rule| rule.direction == ScaleDirection::Increase);
        let conditions: Vec<String> = rules_of.map(|rule| condition(plan, rule)).collect();
        let why = match conditions.as_slice() {
            [] => format!("profile “{}” has no rule that does", of.name),
            all => format!("no rule of autoscale has fired ({})", all.join("; ")),
        };
        return absent(why, rules::AS_11);
    };
    let at = civil(plan, said.time);
    let mut why = format!("at {at} {}", sentence(names, &said.fact));
    if let Fact::Autoscale(AutoscaleFact::Evaluated { .. }) = said.fact {
        let is_diluted = chain(&replay.ledger, said).nth(1).is_some_and(|read| read.rule == rules::AS_15);
        why += if is_diluted { ", as those without load lower the average" } else { "" };
        why += "; a run of autoscale that finds the same leaves no entry";
    }
    absent(why, said.rule).by(said)
}
