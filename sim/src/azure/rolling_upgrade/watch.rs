//! How long a batch is watched after its instances were updated, though all of them may be healthy at once.
//!
//! Rules: RU-41, RU-43. Recorded batches had one instance each; of several, each is watched from its own update on, and so is
//! one that replaces another (MS-01).

use super::batch::UPDATE_DOMAINS;
use super::{Event, Kind};
use crate::azure::{instances, load_balancer};
use crate::engine::random::Purpose;
use crate::engine::time::SimDuration;
use crate::plan::{HealthSource, OrchestrationMode};
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, RolloutFact};
use crate::world::ids::{InstanceId, PoolId, SetId};

/// How long an instance is watched after its update (RU-41).
pub(super) fn length(world: &World, cx: &mut Cx<'_>, instance: InstanceId) -> SimDuration {
    let source = instances::profile(world, cx, &world.instances.rows[instance.index()]).health_source;
    if !cx.on(rules::RU_41) {
        return SimDuration::ZERO;
    }
    by_source(world, cx, source) + work(world, cx, instance)
}

/// Whether an instance whose update failed is watched like the others before it counts as failed: nobody says who is healthy,
/// so that nothing is known before.
pub(super) fn holds_failed(world: &World, cx: &mut Cx<'_>, instance: InstanceId) -> bool {
    let source = instances::profile(world, cx, &world.instances.rows[instance.index()]).health_source;
    source == HealthSource::None && length(world, cx, instance) > SimDuration::ZERO
}

/// What the agent of a Windows instance does before it is watched, where it has the newest of each extension (RS-13).
fn work(world: &World, cx: &mut Cx<'_>, instance: InstanceId) -> SimDuration {
    let set = world.instances.rows[instance.index()].set;
    let Some(upgrade) = world.rolling_upgrade.running(set) else { return SimDuration::ZERO };
    let (kind, nth) = (upgrade.kind, upgrade.entry);
    if kind != Kind::Extensions || !cx.plan.sets[set.index()].windows {
        return SimDuration::ZERO;
    }
    let dist = cx.assume(key::ExtensionUpgradeWork);
    cx.draw(Purpose::ExtensionWork, world.application.subject(instance), nth.0.into(), &dist)
}

fn by_source(world: &World, cx: &mut Cx<'_>, source: HealthSource) -> SimDuration {
    match source {
        HealthSource::None | HealthSource::Conflict => cx.assume(key::RollingWatchUnsourced),
        HealthSource::Extension => cx.assume(key::RollingWatchExtension),
        HealthSource::Probe(pool) => {
            let reading = cx.assume(key::RollingWatchProbe);
            let probe = load_balancer::probe(world, cx.plan, PoolId(pool));
            probe.map_or(SimDuration::ZERO, |probe| match reading {
                choice::RollingWatchProbe::TwiceProbes => probe.interval.times(2 * u64::from(probe.probes)),
                choice::RollingWatchProbe::FourIntervals => probe.interval.times(4),
                choice::RollingWatchProbe::None => SimDuration::ZERO,
            })
        }
    }
}

/// After the last batch of an upgrade of extensions, the update domains in which no instance was are watched, too, one after
/// another (RU-43). Says whether there are any.
pub(super) fn empty_domains(world: &mut World, cx: &mut Cx<'_>, set: SetId) -> bool {
    let Some(upgrade) = world.rolling_upgrade.running(set) else { return false };
    let (batches, watched, kind) = (upgrade.batches, upgrade.empty_watched, upgrade.kind);
    let of = &cx.plan.sets[set.index()];
    let unsourced = world.scale_set.newest(set).profile(cx.plan, set).health_source == HealthSource::None;
    let regional = of.mode == OrchestrationMode::Uniform && of.zones.is_empty();
    if watched
        || batches == 0
        || !matches!(kind, Kind::Extension { .. } | Kind::Extensions)
        || !unsourced
        || !regional
        || !cx.on(rules::RU_43)
    {
        return false;
    }
    let mut full: Vec<u32> = upgrade
        .members
        .iter()
        .map(|member| world.instances.rows[member.instance.index()].ordinal % UPDATE_DOMAINS)
        .collect();
    let several = full.len() > 1;
    full.sort_unstable();
    full.dedup();
    let given = world.scale_set.sets[set.index()].upgrade.rolling_given;
    let applies = match cx.assume(key::RollingWatchEmptyDomains) {
        choice::RollingWatchEmptyDomains::WithoutPolicy => !given,
        choice::RollingWatchEmptyDomains::OfSeveral => several,
        choice::RollingWatchEmptyDomains::Never => false,
    };
    let domains = UPDATE_DOMAINS - full.len() as u32;
    let length = by_source(world, cx, HealthSource::None).times(domains.into());
    if !applies || length == SimDuration::ZERO {
        return false;
    }
    let upgrade = world.rolling_upgrade.running_mut(set).expect("it was just seen");
    (upgrade.empty_watched, upgrade.pausing) = (true, true);
    upgrade.epoch += 1;
    let (epoch, entry) = (upgrade.epoch, upgrade.entry);
    upgrade.entry = cx.record(Fact::Rollout(RolloutFact::EmptyDomainsWatched { set, domains }), entry, rules::RU_43);
    cx.after(length, Due::RollingUpgrade(Event::PauseEnds { set, epoch }));
    true
}
