//! Who is in rotation and does not serve users well: since when, by what, where it comes from; and why nothing takes it out.

use super::standing::Standing;
use super::{Kind, Reason, who};
use crate::harm::chain;
use crate::replay::Replay;
use std::collections::BTreeMap;
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::plan::{Pool, ProbeProtocol};
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::{AutoscaleFact, Fact, Record, RepairsFact, RolloutFact, Service, SpotFact};
use windtunnel_sim::world::ids::{Entry, EntryPointId, ImageId, InstanceId, PoolId};
use windtunnel_words::clock::civil;
use windtunnel_words::describe::sentence;

/// Those that came to it in the same way.
struct Group {
    /// What they do with users.
    lane: LaneState,
    /// The image on the first.
    image: ImageId,
    instances: Vec<InstanceId>,
    /// The entries with which the first and the last of them did.
    first: Record,
    last: Record,
    /// What it came of on the first.
    by: Option<Record>,
    /// The act, by somebody or by a controller, that brought them to it.
    origin: Option<Record>,
}

/// What tells groups apart: what the instances do, what that came of, and the act behind it.
type Key = (LaneState, Option<&'static str>, Option<Entry>);

pub(super) fn reasons(replay: &Replay<'_>, standing: &Standing<'_>, entry_point: EntryPointId) -> Vec<Reason> {
    let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
    let mut kept: BTreeMap<PoolId, Vec<(InstanceId, bool)>> = BTreeMap::new();
    for (instance, unit) in standing.behind(entry_point) {
        let Some((pool, held_up)) = standing.pool(entry_point, unit) else { continue };
        let Some(lane) = unit.lane().filter(|lane| lane.harms()) else { continue };
        kept.entry(pool).or_default().push((instance, held_up));
        let life = standing.life(instance);
        let Some(service) = life.service else { continue };
        // Whose process has started since without serving does not serve by what is on it.
        let cannot = lane == LaneState::NotServing && unit.is_up();
        let anew = life.started.filter(|started| cannot && started.entry > service.entry);
        let service = anew.unwrap_or(service);
        let by = anew.or_else(|| chain(&replay.ledger, &service).nth(1).copied());
        let origin = by.as_ref().and_then(|by| chain(&replay.ledger, by).find(|record| brings(&record.fact)).copied());
        let key = (lane, by.map(|by| by.fact.kind().name), origin.map(|origin| origin.entry));
        let image = unit.image;
        let new = || Group { lane, image, instances: Vec::new(), first: service, last: service, by, origin };
        let group = groups.entry(key).or_insert_with(new);
        group.instances.push(instance);
        group.last = if service.entry > group.last.entry { service } else { group.last };
        if service.entry < group.first.entry {
            (group.first, group.by, group.image) = (service, by, image);
        }
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by_key(|group| group.first.entry);
    let mut reasons: Vec<Reason> = groups.iter().map(|group| in_words(replay, group)).collect();
    for (pool, instances) in kept {
        reasons.extend(in_rotation(replay, standing, pool, &instances));
    }
    reasons
}

/// Whether somebody or a controller brings something about with an entry.
const fn brings(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::ActionTaken { .. }
            | Fact::Autoscale(AutoscaleFact::Decided { .. })
            | Fact::Rollout(RolloutFact::BatchStarted { .. })
            | Fact::Repairs(RepairsFact::Started { .. })
            | Fact::Spot(SpotFact::Evicted { .. })
    )
}

/// A group in words.
fn in_words(replay: &Replay<'_>, group: &Group) -> Reason {
    let names = &replay.names;
    let plan = names.plan();
    let does = match group.lane {
        LaneState::StaleServing => "with code older than users need",
        _ => "without serving them",
    };
    let (since, until) = (civil(plan, group.first.time), civil(plan, group.last.time));
    let since =
        if since == until { format!("since {since}") } else { format!("since {since}, the last since {until}") };
    let is = if group.instances.len() == 1 { "takes" } else { "take" };
    let mut text = format!("{} {is} users {does}, {since}", who(names, &group.instances));
    match &group.by {
        Some(by) if by.entry == group.first.entry => {
            let image = names.image(group.image);
            text += &format!(": {image} runs there and does not serve");
        }
        Some(by) if Some(by.entry) != group.origin.map(|origin| origin.entry) => {
            text += &format!(": {}", sentence(names, &by.fact));
        }
        _ => {}
    }
    if let Some(origin) = &group.origin {
        let at = civil(plan, origin.time);
        text += &format!(", which goes back to {} of {at}", origin_words(replay, origin));
    }
    let rule = group.by.map_or(group.first.rule, |by| by.rule);
    Reason::new(Kind::Cause, text, rule).by(&group.first)
}

/// An act in a few words, as what something goes back to.
fn origin_words(replay: &Replay<'_>, origin: &Record) -> String {
    let names = &replay.names;
    match origin.fact {
        Fact::ActionTaken { action } => format!("“{}”", names.action(action)),
        Fact::Rollout(RolloutFact::BatchStarted { set, batch, .. }) => {
            format!("batch {batch} of the upgrade of {}", names.set(set))
        }
        Fact::Autoscale(AutoscaleFact::Decided { .. }) => "the scale-out by autoscale".to_owned(),
        Fact::Repairs(_) => "the repair".to_owned(),
        _ => "the eviction".to_owned(),
    }
}

/// Why those who do not serve well are in rotation in a pool: its probe takes them out later, or nothing does.
fn in_rotation(
    replay: &Replay<'_>,
    standing: &Standing<'_>,
    pool: PoolId,
    instances: &[(InstanceId, bool)],
) -> Vec<Reason> {
    let of = &replay.plan().pools[pool.index()];
    let names = &replay.names;
    if of.probe.is_some() && of.all_probed_up && instances.iter().all(|(_, held_up)| !held_up) {
        let text =
            format!("every backend of {} is probed down, so that it sends users to all of them", names.pool(pool));
        return vec![Reason::new(Kind::Cause, text, rules::LB_20)];
    }
    let noticed = |instance: InstanceId| of.probe.as_ref().and_then(|_| noticed(replay, standing, (instance, pool)));
    let (soon, never): (Vec<_>, Vec<_>) =
        instances.iter().map(|(instance, _)| (*instance, noticed(*instance))).partition(|(_, by)| by.is_some());
    let mut reasons = Vec::new();
    if let Some(last) = soon.iter().filter_map(|(_, by)| *by).max_by_key(|by| by.entry) {
        let those: Vec<InstanceId> = soon.iter().map(|(instance, _)| *instance).collect();
        let at = civil(names.plan(), last.time);
        let text =
            format!("nothing has taken {} out of rotation yet: {} does so by {at}", who(names, &those), probe(of));
        reasons.push(Reason::new(Kind::Absent, text, last.rule).by(&last));
    }
    if !never.is_empty() {
        let those: Vec<InstanceId> = never.iter().map(|(instance, _)| *instance).collect();
        let (why, rule) = match &of.probe {
            None => ("no probe asks".to_owned(), rules::LB_14),
            Some(one) if one.protocol == ProbeProtocol::Tcp => {
                (format!("{} asks for a handshake alone, and gets it", probe(of)), rules::LB_03)
            }
            Some(one) => {
                let path = &names.plan().application.endpoints[usize::from(one.endpoint)].path;
                (format!("{} asks for {path}, which goes on answering 200", probe(of)), rules::LB_04)
            }
        };
        let text = format!("nothing takes {} out of rotation: {why}", who(names, &those));
        reasons.push(Reason::new(Kind::Absent, text, rule));
    }
    reasons
}

/// The probe of a pool by name.
fn probe(of: &Pool) -> String {
    of.probe.as_ref().map_or_else(String::new, |probe| format!("the probe “{}” of {}", probe.name, of.balancer))
}

/// The entry with which the probe finds an instance to be down before it serves well again, or is gone, or somebody works on it.
fn noticed(replay: &Replay<'_>, standing: &Standing<'_>, (instance, pool): (InstanceId, PoolId)) -> Option<Record> {
    let own = replay.ledger[standing.entries..].iter().filter(|record| record.fact.instance() == Some(instance));
    let mut telling = own.filter(|record| {
        matches!(
            record.fact,
            Fact::ProbeDown { .. }
                | Fact::ServiceChanged { to: Service::Ready, .. }
                | Fact::UpdateStarted { .. }
                | Fact::InstanceDeleting { .. }
        )
    });
    telling.next().filter(|record| matches!(record.fact, Fact::ProbeDown { pool: of, .. } if of == pool)).copied()
}
