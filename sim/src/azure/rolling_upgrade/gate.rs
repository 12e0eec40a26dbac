//! The gates of an upgrade: who counts as unhealthy, and when that is too many.
//!
//! Rules: RU-02, RU-03, RU-09, RU-13, RU-20, RU-27, RU-28, RU-29, RU-30, RU-31, HD-41, HD-46, IX-02,
//! IX-06; `rolling.*_health`, `rolling.upgraded_unhealthy_of`.

use super::{Member, Progress, Upgrade};
use crate::azure::instances::{self, Off, Provisioning, Row};
use crate::azure::{app_health, zones};
use crate::plan::{HealthSource, RollingPolicy};
use crate::rules::{self, RuleId, assumptions::Assumed, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::Health;
use crate::world::ids::{InstanceId, SetId};

/// The percentage that the policy has where nobody sets one.
const DEFAULT_PERCENT: u32 = RollingPolicy::DEFAULT.max_unhealthy_percent;

/// What an instance is to a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateReading {
    /// Healthy.
    Healthy,
    /// It has not made up its mind (RU-28).
    Initializing,
    /// Unhealthy.
    Unhealthy,
    /// In the total, and neither healthy nor unhealthy.
    Skipped,
    /// Not even in the total.
    LeftOut,
}

/// What an instance is to the gates of an upgrade now.
#[must_use]
pub fn reading(world: &World, cx: &mut Cx<'_>, instance: InstanceId) -> GateReading {
    let row = &world.instances.rows[instance.index()];
    if row.state == Provisioning::Deallocated {
        let (key, rule) = off(row);
        return if cx.on(rule) { assumed(cx, key) } else { GateReading::LeftOut };
    }
    let source = instances::profile(world, cx, row).health_source;
    if unmonitored(world, cx, row, source) && cx.on(rules::HD_46) {
        return assumed(cx, key::RollingUnmonitoredHealth);
    }
    match source {
        // Without a health source, or with two, power and provisioning stand in (RU-27).
        HealthSource::None | HealthSource::Conflict => {
            let works = row.state == Provisioning::Succeeded && row.booted && !zones::is_silent(world, instance);
            if works || !cx.on(rules::RU_27) { GateReading::Healthy } else { GateReading::Unhealthy }
        }
        HealthSource::Extension | HealthSource::Probe(_) => match app_health::state(world, instance) {
            Some(Health::Healthy) => GateReading::Healthy,
            Some(Health::Initializing) if cx.on(rules::HD_41) => GateReading::Initializing,
            Some(Health::Initializing | Health::Unhealthy | Health::Unknown) => GateReading::Unhealthy,
            None if cx.on(rules::HD_46) => assumed(cx, key::RollingNotReportingHealth),
            None => GateReading::Healthy,
        },
    }
}

/// What says how a deallocated instance counts, and the rule by which it does (`rolling.*_health`).
pub(super) fn off(row: &Row) -> (Assumed<choice::GateHealth>, RuleId) {
    match row.off {
        Some(Off::Taken) => (key::RollingEvictedHealth, rules::IX_06),
        Some(Off::Stopped) => (key::RollingStoppedHealth, rules::IX_02),
        Some(Off::GivenBack) | None => (key::RollingDeallocatedHealth, rules::IX_02),
    }
}

/// Whether the set has the health extension by now, and the instance does not yet (HD-45).
fn unmonitored(world: &World, cx: &Cx<'_>, row: &Row, source: HealthSource) -> bool {
    let newest = world.scale_set.newest(row.set).profile(cx.plan, row.set).health_source;
    source == HealthSource::None && newest == HealthSource::Extension
}

/// Whether nothing is known of the health of an instance that has, or is to have, somebody to say it.
fn mute(world: &World, cx: &Cx<'_>, instance: InstanceId) -> bool {
    let row = &world.instances.rows[instance.index()];
    let source = instances::profile(world, cx, row).health_source;
    let sourced = matches!(source, HealthSource::Extension | HealthSource::Probe(_));
    unmonitored(world, cx, row, source) || sourced && app_health::state(world, instance).is_none()
}

fn assumed(cx: &mut Cx<'_>, key: Assumed<choice::GateHealth>) -> GateReading {
    match cx.assume(key) {
        choice::GateHealth::Skipped => GateReading::Skipped,
        choice::GateHealth::Healthy => GateReading::Healthy,
        choice::GateHealth::LeftOut => GateReading::LeftOut,
        choice::GateHealth::Unhealthy => GateReading::Unhealthy,
    }
}

/// A count of unhealthy instances and what it is a share of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many are unhealthy.
    pub unhealthy: u32,
    /// Of how many.
    pub of: u32,
}

impl Share {
    /// The share in hundredths of a percent.
    #[must_use]
    pub fn measured(self) -> u32 {
        if self.of == 0 { 0 } else { (u64::from(self.unhealthy) * 10_000 / u64::from(self.of)) as u32 }
    }

    /// Whether it is more than a percentage allows: strictly more (RU-09).
    #[must_use]
    pub fn exceeds(self, cx: &Cx<'_>, percent: u32) -> bool {
        let (has, may) = (u64::from(self.unhealthy) * 100, u64::from(percent) * u64::from(self.of));
        if cx.on(rules::RU_09) { has > may } else { has >= may && self.unhealthy > 0 }
    }

    /// Whether it is all that a percentage allows.
    #[must_use]
    pub fn is_at(self, percent: u32) -> bool {
        self.unhealthy > 0 && u64::from(self.unhealthy) * 100 == u64::from(percent) * u64::from(self.of)
    }
}

/// The share of a set that is unhealthy, for any cause (RU-02).
pub fn overall(world: &World, cx: &mut Cx<'_>, set: SetId) -> Share {
    let mut share = Share::default();
    for &instance in &world.scale_set.sets[set.index()].instances {
        match reading(world, cx, instance) {
            GateReading::LeftOut => {}
            reading => {
                share.of += 1;
                share.unhealthy += u32::from(reading == GateReading::Unhealthy);
            }
        }
    }
    share
}

/// The instances that [`overall`] counts as unhealthy, by id.
pub fn unhealthy(world: &World, cx: &mut Cx<'_>, set: SetId) -> Vec<InstanceId> {
    let mut found = world.scale_set.sets[set.index()].instances.clone();
    found.retain(|&instance| reading(world, cx, instance) == GateReading::Unhealthy);
    found.sort_unstable();
    found
}

/// How many instances of a set have not made up their minds.
pub fn initializing(world: &World, cx: &mut Cx<'_>, set: SetId) -> u32 {
    let all = world.scale_set.sets[set.index()].instances.iter();
    let undecided = all.filter(|instance| app_health::state(world, **instance) == Some(Health::Initializing));
    if cx.on(rules::HD_41) { undecided.count() as u32 } else { 0 }
}

/// The limit that a setting gives, and whether somebody set it: a world without its rule knows the default only.
pub fn limit(cx: &Cx<'_>, percent: u32, setting: RuleId) -> (u32, bool) {
    if cx.on(setting) { (percent, percent != DEFAULT_PERCENT) } else { (DEFAULT_PERCENT, false) }
}

/// The share of a set, where it is too much before a batch (RU-20, RU-31), and the rule.
pub fn closed(world: &World, cx: &mut Cx<'_>, set: SetId, upgrade: &Upgrade) -> Option<(Share, u32, RuleId)> {
    let first = upgrade.batches == 0;
    if !cx.on(if first { rules::RU_20 } else { rules::RU_31 }) {
        return None;
    }
    let (limit, is_set) = limit(cx, upgrade.policy.max_unhealthy_percent, rules::RU_02);
    let share = overall(world, cx, set);
    let one_of_few = first && share.unhealthy == 1 && share.of <= 4 && limit == DEFAULT_PERCENT;
    if !share.exceeds(cx, limit) || one_of_few && !cx.on(rules::RU_13) {
        return None;
    }
    // Those who say nothing may be what closes the gate.
    let mut silent = 0;
    for &instance in &world.scale_set.sets[set.index()].instances {
        let counts = mute(world, cx, instance) && reading(world, cx, instance) == GateReading::Unhealthy;
        silent += u32::from(counts);
    }
    let by_silence = !Share { unhealthy: share.unhealthy - silent, ..share }.exceeds(cx, limit);
    let rule = match (one_of_few, is_set, first) {
        _ if by_silence => rules::HD_46,
        (true, ..) => rules::RU_13,
        (_, true, _) => rules::RU_02,
        (.., true) => rules::RU_20,
        _ => rules::RU_31,
    };
    Some((share, limit, rule))
}

/// The share of the upgraded instances that is unhealthy (RU-03, RU-30, `rolling.upgraded_unhealthy_of`). One that was put back on its old
/// disk stays failed (OS-26).
pub fn upgraded(world: &World, cx: &mut Cx<'_>, upgrade: &Upgrade, set: SetId) -> Share {
    let mut share = Share::default();
    for member in &upgrade.members {
        let Some(unhealthy) = of_upgraded(world, cx, member) else { continue };
        share.of += 1;
        share.unhealthy += u32::from(unhealthy);
    }
    let of_all = cx.assume(key::RollingUpgradedUnhealthyOf) == choice::RollingUpgradedUnhealthyOf::All;
    if of_all || !cx.on(rules::RU_30) {
        share.of = world.scale_set.sets[set.index()].instances.len() as u32;
    }
    share
}

/// Whether a member of an upgrade is one of the upgraded, and unhealthy; `None` if it is none of them.
fn of_upgraded(world: &World, cx: &mut Cx<'_>, member: &Member) -> Option<bool> {
    let row = &world.instances.rows[member.instance.index()];
    let unhealthy = match member.progress {
        Progress::Upgraded => reading(world, cx, member.instance) == GateReading::Unhealthy,
        Progress::Failed if member.restored => cx.on(rules::OS_26),
        Progress::Failed => {
            member.short
                || row.state == Provisioning::Failed
                || reading(world, cx, member.instance) != GateReading::Healthy
        }
        _ => return None,
    };
    instances::is_present(row).then_some(unhealthy)
}

/// The instances that [`upgraded`] counts as unhealthy, by id.
pub fn unhealthy_upgraded(world: &World, cx: &mut Cx<'_>, upgrade: &Upgrade) -> Vec<InstanceId> {
    let found = upgrade.members.iter().filter(|member| of_upgraded(world, cx, member) == Some(true));
    found.map(|member| member.instance).collect()
}

/// The share of the upgraded instances, where it is too much (RU-29), and the rule.
pub fn breached(world: &World, cx: &mut Cx<'_>, set: SetId, upgrade: &Upgrade) -> Option<(Share, u32, RuleId)> {
    if !cx.on(rules::RU_29) {
        return None;
    }
    let (limit, is_set) = limit(cx, upgrade.policy.max_unhealthy_upgraded_percent, rules::RU_03);
    let share = upgraded(world, cx, upgrade, set);
    if !share.exceeds(cx, limit) {
        return None;
    }
    let all = Share { of: world.scale_set.sets[set.index()].instances.len() as u32, ..share };
    // Without those that have their old disk again it would not have been too much (OS-26).
    let restored = upgrade.members.iter().filter(|member| member.restored).count() as u32;
    let others = Share { unhealthy: share.unhealthy.saturating_sub(restored), ..share };
    if restored > 0 && !others.exceeds(cx, limit) {
        return Some((share, limit, rules::OS_26));
    }
    let rule = match (is_set, all.exceeds(cx, limit)) {
        (true, _) => rules::RU_03,
        // Of the whole set it would not have been too much.
        (false, false) => rules::RU_30,
        (false, true) => rules::RU_29,
    };
    Some((share, limit, rule))
}
