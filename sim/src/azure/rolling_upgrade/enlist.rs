//! Who takes part in an upgrade: those behind, but for the protected, and for those whose applications say otherwise.
//!
//! Rules: RU-35, RU-36, IX-01, HD-35, HD-37…HD-40; `rolling.model_change`. Custom metrics are read when the upgrade begins, of the answer
//! that the application would give then.

use super::wait::Wait;
use super::{Event, Kind, Member, Progress, Start, Upgrade, Walk, gate, steps};
use crate::azure::instances::{self, Provisioning, Row};
use crate::azure::scale_set;
use crate::demand::application;
use crate::plan::{AnswerKind, HealthSource, HealthVersion, ProbeProtocol, RollingMetrics, RollingPolicy};
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, LeftOut, RolloutFact};
use crate::world::ids::{Entry, InstanceId, SetId};

use std::collections::BTreeSet;

/// What an upgrade is for, and how.
type Purpose = (Kind, RollingPolicy);

/// Begins an upgrade. There must be none on the set.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, set: SetId, kind: Kind, start: Start, cause: Entry) {
    begin_on(world, cx, set, (kind, start), None, cause);
}

/// Begins an upgrade, where `only` is given on no instance but these. There must be none on the set.
pub fn begin_on(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (kind, start): (Kind, Start),
    only: Option<&BTreeSet<InstanceId>>,
    cause: Entry,
) {
    let Start { by, policy, rule, walk } = start;
    assert!(world.rolling_upgrade.running(set).is_none(), "one upgrade at a time");
    let image = match kind {
        Kind::Image { image, .. } => Some(image),
        Kind::Model | Kind::Extension { .. } | Kind::Extensions => None,
    };
    let entry = cx.record(Fact::Rollout(RolloutFact::Started { set, image, by }), cause, rule);
    let number = world.rolling_upgrade.upgrades[set.index()].len() as u32 + 1;
    world.rolling_upgrade.upgrades[set.index()].push(Upgrade {
        kind,
        by,
        policy,
        walk,
        empty_watched: false,
        started: cx.now(),
        cancelled: None,
        ended: None,
        members: Vec::new(),
        batches: 0,
        first_failed: None,
        left_out: 0,
        noticed: None,
        unhealthy: Vec::new(),
        open: 0,
        failed_in_batch: 0,
        batch_began: cx.now(),
        in_place: false,
        surges: false,
        pausing: false,
        held: false,
        changed: false,
        entry,
        // Timers of an earlier upgrade of the set are stale.
        epoch: number << EPOCH_BITS,
    });
    take_up(world, cx, set, only, entry);
    if cx.assume(key::RollingTimeoutEnabled) && cx.on(rules::RU_38) {
        let length = cx.assume(key::RollingTimeout);
        cx.after(length, Due::RollingUpgrade(Event::TimeIsUp { set, number }));
    }
    steps::next_batch(world, cx, set);
}

/// An upgrade has this many bits for the epochs of its timers.
const EPOCH_BITS: u32 = 16;

/// Takes into a running upgrade whoever is behind now, and is not in hand (`rolling.model_change`).
pub(super) fn take_up(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    only: Option<&BTreeSet<InstanceId>>,
    cause: Entry,
) {
    let upgrade = world.rolling_upgrade.running(set).expect("it runs");
    let purpose = (upgrade.kind, upgrade.policy);
    let walks = upgrade.walk != Walk::Behind;
    let (mut members, epoch) = (upgrade.members.clone(), upgrade.epoch);
    let mut left_out = 0;
    for &instance in &world.scale_set.sets[set.index()].instances {
        let row = &world.instances.rows[instance.index()];
        let known = members.binary_search_by_key(&instance, |member| member.instance);
        let in_hand = known
            .is_ok_and(|at| !matches!(members[at].progress, Progress::Upgraded | Progress::Failed | Progress::Gone));
        // An instance beyond the capacity goes with the upgrade that made it.
        let beyond = world.scale_set.sets[set.index()].surge.contains(&instance);
        let elsewhere = only.is_some_and(|only| !only.contains(&instance));
        let concerned = walks && known.is_err() || is_behind(world, cx, instance, purpose.0);
        if in_hand || beyond || elsewhere || !concerned {
            continue;
        }
        if row.state == Provisioning::Deallocated {
            // It keeps its old model until it is started (`rolling.*_health`).
            let (_, rule) = gate::off(row);
            left_out += 1;
            let why = LeftOut::Deallocated;
            cx.record(Fact::Rollout(RolloutFact::LeftOut { instance, why }), cause, rule);
            continue;
        }
        let phase = match admitted(world, cx, instance, row, purpose) {
            Ok(phase) => phase,
            Err((why, rule)) => {
                left_out += 1;
                cx.record(Fact::Rollout(RolloutFact::LeftOut { instance, why }), cause, rule);
                continue;
            }
        };
        match known {
            Ok(at) => members[at] = Member::new(instance, phase, members[at].wait.anew(), cause),
            Err(at) => members.insert(at, Member::new(instance, phase, Wait::after(epoch), cause)),
        }
    }
    let upgrade = world.rolling_upgrade.running_mut(set).expect("it runs");
    (upgrade.members, upgrade.changed) = (members, false);
    upgrade.left_out += left_out;
}

/// The phase of an instance that takes part, or why it does not.
fn admitted(
    world: &World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    row: &Row,
    purpose: Purpose,
) -> Result<u32, (LeftOut, RuleId)> {
    if let Some(rule) = shield(cx, row) {
        return Err((LeftOut::Protected, rule));
    }
    let Some(said) = metrics(world, cx, instance, purpose) else { return Ok(u32::MAX) };
    if said.skip && cx.on(rules::HD_38) {
        let surges = purpose.1.max_surge || purpose.0 != Kind::Model;
        return Err((LeftOut::SkipUpgrade, if surges { rules::HD_40 } else { rules::HD_38 }));
    }
    if gate::reading(world, cx, instance) != gate::GateReading::Healthy && cx.on(rules::HD_39) {
        return Err((LeftOut::NotHealthy, rules::HD_39));
    }
    Ok(said.phase.unwrap_or(u32::MAX))
}

/// The rule that shields an instance from upgrades of its set, if one does (RU-36, IX-01).
pub(super) fn shield(cx: &Cx<'_>, row: &Row) -> Option<RuleId> {
    match row.protection {
        of if of.from_scale_set_actions && cx.on(rules::RU_36) => Some(rules::RU_36),
        // In a world in which any protection does.
        of if of.from_scale_in && !of.from_scale_set_actions && !cx.on(rules::IX_01) => Some(rules::IX_01),
        _ => None,
    }
}

/// What the application of an instance says of rolling upgrades now; `None` where nobody asks it: the extension of version
/// 2 does over HTTP, if its endpoint ever speaks of them (HD-35).
pub(super) fn metrics(
    world: &World,
    cx: &Cx<'_>,
    instance: InstanceId,
    (kind, policy): Purpose,
) -> Option<RollingMetrics> {
    let profile = instances::profile(world, cx, &world.instances.rows[instance.index()]);
    let of = profile.health_extension.as_ref()?;
    let clauses = &cx.plan.application.endpoints[of.endpoint as usize].clauses;
    let asks = profile.health_source == HealthSource::Extension
        && (of.version, of.protocol) == (HealthVersion::Rich, Some(ProbeProtocol::Http))
        && clauses.iter().any(|clause| clause.answer.body.rolling.is_some())
        && (kind == Kind::Model && !policy.max_surge || cx.on(rules::HD_40));
    asks.then(|| {
        let answer = application::answer(world, cx, instance, of.endpoint);
        let read = matches!(answer.kind, AnswerKind::Status(200..=299)) && !answer.body.metrics_object;
        answer.body.rolling.filter(|_| read).unwrap_or_default()
    })
}

/// Whether an instance has yet to be brought to what an upgrade is for (RU-35).
pub(super) fn is_behind(world: &World, cx: &Cx<'_>, instance: InstanceId, kind: Kind) -> bool {
    match kind {
        Kind::Model => !scale_set::latest_model_applied(world, instance),
        Kind::Extension { action } => !instances::has_release(world, cx.plan, instance, action),
        Kind::Extensions => false,
        Kind::Image { image, .. } => world.instances.rows[instance.index()].image != image || !cx.on(rules::RU_35),
    }
}

/// Repairs brought an instance to what the upgrade of its set is for, in its place or by another one: it counts as upgraded
/// (`repair.during_upgrade`).
pub fn repaired(world: &mut World, cx: &mut Cx<'_>, (old, new): (InstanceId, InstanceId), cause: Entry) {
    let row = world.instances.rows[new.index()];
    let Some(upgrade) = world.rolling_upgrade.running(row.set) else { return };
    let (kind, epoch) = (upgrade.kind, upgrade.epoch);
    let took_part = upgrade.find(old).is_some();
    let known = upgrade.members.binary_search_by_key(&new, |member| member.instance);
    // Who failed to be upgraded, and was repaired where it stands, is judged by its health already.
    let waits = known.map_or(old != new, |at| upgrade.members[at].progress == Progress::Pending);
    if !took_part || !waits || is_behind(world, cx, new, kind) || !cx.on(rules::IX_04) {
        return;
    }
    let entry = cx.record(Fact::Rollout(RolloutFact::InstanceUpgraded { instance: new }), cause, rules::IX_04);
    let mut member = Member::new(new, u32::MAX, Wait::after(epoch), entry);
    member.progress = Progress::Upgraded;
    let upgrade = world.rolling_upgrade.running_mut(row.set).expect("it runs");
    match known {
        Ok(at) => upgrade.members[at].progress = Progress::Upgraded,
        Err(at) => upgrade.members.insert(at, member),
    }
}

/// Before a batch: who waits and was brought to the target by somebody else is done, and who was protected meanwhile is
/// left out.
pub(super) fn sift(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    let Some(upgrade) = world.rolling_upgrade.running(set) else { return };
    let (purpose, entry, began) = ((upgrade.kind, upgrade.policy), upgrade.entry, upgrade.batches > 0);
    let walks = upgrade.walk != Walk::Behind;
    let waiting = |(_, member): &(usize, &Member)| member.progress == Progress::Pending;
    let pending: Vec<(usize, InstanceId)> =
        upgrade.members.iter().enumerate().filter(waiting).map(|(at, member)| (at, member.instance)).collect();
    for (at, instance) in pending {
        let row = world.instances.rows[instance.index()];
        let (mut progress, mut phase, mut out) = (Progress::Pending, None, 0);
        if !instances::is_present(&row) {
            progress = Progress::Gone;
        } else if !walks && !is_behind(world, cx, instance, purpose.0) {
            progress = Progress::Upgraded;
        } else if let Some(rule) = shield(cx, &row) {
            (progress, out) = (Progress::Gone, 1);
            let why = LeftOut::Protected;
            cx.record(Fact::Rollout(RolloutFact::LeftOut { instance, why }), entry, rule);
        } else if began && !cx.on(rules::HD_37) {
            // A world in which they are asked before each batch.
            match admitted(world, cx, instance, &row, purpose) {
                Ok(now) => phase = Some(now),
                Err((why, rule)) => {
                    (progress, out) = (Progress::Gone, 1);
                    cx.record(Fact::Rollout(RolloutFact::LeftOut { instance, why }), entry, rule);
                }
            }
        }
        let upgrade = world.rolling_upgrade.running_mut(set).expect("it runs");
        upgrade.left_out += out;
        let member = &mut upgrade.members[at];
        (member.progress, member.phase) = (progress, phase.unwrap_or(member.phase));
    }
}
