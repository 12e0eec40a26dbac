//! Availability zones that are lost for a while, wholly or in part, and come back.
//!
//! Rules: WT-12, ZN-02, ZN-09, GA-16; `zone.outage_health_delay`, `gallery.lrs_zone`. The machines of a lost zone are dark: nothing on them
//! answers, nothing that is done to them goes on, and after a while they count as unhealthy. New machines are placed in the zones that are
//! left. Nothing replaces the lost ones by itself: they are back with their zone, each after its part of the tail, with a
//! reboot. Left out: zonal front ends of load balancers, zonal disks, and what the loss of a zone does to other services.

use crate::azure::{app_health, capacity, gallery, instances};
use crate::demand::application;
use crate::engine::queue::Key;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::ZoneOutage;
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, FaultFact};
use crate::world::ids::{Entry, InstanceId, RegionId};

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    outages: Vec<Outage>,
}

impl State {
    /// No zone is lost yet.
    #[must_use]
    pub fn new(_: &mut Cx<'_>) -> Self {
        Self::default()
    }
}

/// A loss of zones, under way or over.
#[derive(Clone, Debug)]
struct Outage {
    /// What its draws are keyed by.
    key: u64,
    /// The machines that it took and that are not back yet.
    hit: Vec<InstanceId>,
    /// They have been silent for long enough to count as unhealthy.
    silence_counts: bool,
    /// The zones are not back yet.
    open: bool,
    /// In which region, and how many of the actions of autoscale there succeed meanwhile.
    autoscale: (u16, f64),
}

/// Something about a lost zone is due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// Its machines have been silent for long enough.
    SilenceCounts {
        /// The outage.
        outage: u16,
        /// The entry of its beginning.
        cause: Entry,
    },
    /// One of its machines is back.
    Back {
        /// The outage.
        outage: u16,
        /// The instance.
        instance: InstanceId,
        /// The entry of its end.
        cause: Entry,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::SilenceCounts { outage, .. } => Key::new(time, class, outage.into(), 0, 0),
            Self::Back { outage, instance, .. } => Key::new(time, class, instance.0, 1, outage.into()),
        }
    }
}

/// Something is due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::SilenceCounts { outage, cause } => {
            world.zones.outages[outage as usize].silence_counts = true;
            for instance in world.zones.outages[outage as usize].hit.clone() {
                app_health::take_for_unhealthy(world, cx, instance, (rules::WT_12, cause));
            }
        }
        Event::Back { outage, instance, cause } => back(world, cx, outage, instance, cause),
    }
}

/// The chance that an action of autoscale in a region succeeds now: the least of the outages there (DI-19).
#[must_use]
pub fn autoscale_success(world: &World, region: u16) -> f64 {
    let here = world.zones.outages.iter().filter(|outage| outage.open && outage.autoscale.0 == region);
    here.map(|outage| outage.autoscale.1).fold(1.0, f64::min)
}

/// Whether an instance has been silent in a lost zone for so long that it counts as unhealthy (`zone.outage_health_delay`).
#[must_use]
pub fn is_silent(world: &World, instance: InstanceId) -> bool {
    world.zones.outages.iter().any(|outage| outage.silence_counts && outage.hit.contains(&instance))
}

/// The zone that an instance is in. A regional one is in some zone that Azure does not name (ZN-02).
fn zone_of(world: &World, cx: &mut Cx<'_>, instance: InstanceId) -> Option<u8> {
    let row = world.instances.rows[instance.index()];
    if row.at.zone > 0 {
        return Some(row.at.zone);
    }
    if !cx.on(rules::ZN_02) {
        return None;
    }
    let subject = match cx.assume(key::ZoneOfRegional) {
        choice::ZoneOfRegional::Instance => world.application.subject(instance),
        choice::ZoneOfRegional::Set => {
            let set = &cx.plan.sets[row.set.index()];
            let region = &cx.plan.regions[set.region as usize].name;
            Subject { place: name(region), cause: name(&set.name), ordinal: 0 }
        }
    };
    Some(cx.stream(Purpose::ZoneOfRegional, subject, 0).below(3) as u8 + 1)
}

/// The machines of a region that are present, or run on until they are deleted, each with its zone.
fn machines(world: &World, cx: &mut Cx<'_>, region: u16) -> Vec<(u8, InstanceId)> {
    let there = |(index, row): (usize, &instances::Row)| {
        let present = instances::is_present(row) || world.instances.leaving(InstanceId(index as u32)).is_some();
        let here = cx.plan.sets[row.set.index()].region == region;
        (here && present && row.off.is_none()).then_some(InstanceId(index as u32))
    };
    let all: Vec<InstanceId> = world.instances.rows.iter().enumerate().filter_map(there).collect();
    all.into_iter().filter_map(|instance| Some((zone_of(world, cx, instance)?, instance))).collect()
}

/// Those of the machines of a zone that a partial outage takes: drawn for the outage, whichever others there are.
fn drawn(world: &World, cx: &Cx<'_>, of: Vec<InstanceId>, share: f64, key: u64) -> Vec<InstanceId> {
    let draw = |&instance: &InstanceId| {
        let subject = world.application.subject(instance);
        (cx.stream(Purpose::ZoneHit, subject, key).bits(), instance)
    };
    let mut drawn: Vec<_> = of.iter().map(draw).collect();
    drawn.sort_unstable();
    let count = libm::round(share * drawn.len() as f64) as usize;
    let mut hit: Vec<InstanceId> = drawn.into_iter().take(count).map(|(_, instance)| instance).collect();
    hit.sort_unstable();
    hit
}

/// A machine is back, with a reboot or, where the assumption says so, as if nothing had been. What was being done to it
/// has not gone on meanwhile, and is lost by a reboot in any case.
fn back(world: &mut World, cx: &mut Cx<'_>, id: u16, instance: InstanceId, cause: Entry) {
    let outage = &mut world.zones.outages[id as usize];
    let before = outage.hit.len();
    outage.hit.retain(|&other| other != instance);
    if outage.hit.len() == before || !application::exists(world, instance) {
        return;
    }
    application::zone_back(world, cx, instance, (rules::WT_12, cause));
    let row = &world.instances.rows[instance.index()];
    let reboots = cx.assume(key::ZoneOutageReboots);
    if application::is_dark(world, instance) || !instances::is_present(row) || row.off.is_some() {
        return;
    }
    if reboots || instances::is_busy(row) {
        instances::heal(world, cx, instance, SimDuration::ZERO, (rules::WT_12, cause));
    }
}

// Verbs.

/// Zones are lost; what follows is keyed by `key`.
pub fn lose(world: &mut World, cx: &mut Cx<'_>, key: u64, planned: &ZoneOutage, cause: Entry) {
    let ZoneOutage { region, zones, share, allocates, .. } = planned;
    let (id, mut all) = (world.zones.outages.len() as u16, Vec::new());
    let machines = if cx.on(rules::WT_12) { machines(world, cx, *region) } else { Vec::new() };
    let mut entry = cause;
    for &zone in zones {
        entry = cx.record(Fact::Fault(FaultFact::ZoneLost { region: RegionId(*region), zone }), cause, rules::WT_12);
        if !allocates {
            capacity::lose(world, *region, zone);
        }
        gallery::lose_zone(world, cx, RegionId(*region), zone, entry);
        let of: Vec<InstanceId> =
            machines.iter().filter(|&&(other, _)| other == zone).map(|&(_, instance)| instance).collect();
        for instance in drawn(world, cx, of, *share, key) {
            let rule: RuleId =
                if world.instances.rows[instance.index()].at.zone == 0 { rules::ZN_02 } else { rules::WT_12 };
            application::zone_lost(world, cx, instance, (rule, entry));
            all.push(instance);
        }
    }
    world.zones.outages.push(Outage {
        key,
        hit: all,
        silence_counts: false,
        open: true,
        autoscale: (*region, planned.autoscale_success),
    });
    let delay = cx.assume(key::ZoneOutageHealthDelay);
    cx.after(delay, Due::Zones(Event::SilenceCounts { outage: id, cause: entry }));
}

/// The zones of the outage with this key are back, and their machines, each after its part of the tail.
pub fn regain(world: &mut World, cx: &mut Cx<'_>, key: u64, planned: &ZoneOutage, cause: Entry) {
    let Some(id) = world.zones.outages.iter().position(|outage| outage.open && outage.key == key) else { return };
    world.zones.outages[id].open = false;
    let mut entry = cause;
    for &zone in &planned.zones {
        entry =
            cx.record(Fact::Fault(FaultFact::ZoneBack { region: RegionId(planned.region), zone }), cause, rules::WT_12);
        if !planned.allocates {
            capacity::regain(world, planned.region, zone);
        }
        gallery::regain_zone(world, cx, RegionId(planned.region), zone);
    }
    for instance in world.zones.outages[id].hit.clone() {
        let subject = world.application.subject(instance);
        let later = planned.tail.map(|tail| cx.draw(Purpose::ZoneReturn, subject, key, &tail));
        match later.filter(|&later| later > SimDuration::ZERO) {
            Some(later) => cx.after(later, Due::Zones(Event::Back { outage: id as u16, instance, cause: entry })),
            None => back(world, cx, id as u16, instance, entry),
        }
    }
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, _: &Cx<'_>) {
    for outage in &world.zones.outages {
        for &instance in &outage.hit {
            let gone = !application::exists(world, instance);
            assert!(gone || application::is_dark(world, instance), "the machines of a lost zone are dark");
        }
    }
}
