//! Standby pools: machines that are made, set up and kept before anybody asks for them, and given to a set that grows.
//!
//! Rules: SB-02…SB-05, SB-07, SB-08, IX-05. A pool has as many machines as its `maxReadyCapacity` is above the count of its set. One
//! is prepared as an instance is (made, booted, its extensions run), and then runs on, or is shut down, or hibernates. When the
//! set grows, what is ready in the zone goes into the set; before that nothing knows of it, and no balancer probes it.
//! Left out: the throttling of creates by replicas (GA-05), what spot capacity takes from a pool, and how long a machine of the
//! pool takes to be deleted. The process is up and warm before a machine that runs on is ready.

use crate::azure::capacity::{self, quota};
use crate::azure::gallery;
use crate::azure::instances::{extensions, making};
use crate::demand::faults;
use crate::engine::queue::Key;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{StandbyPool, StandbyState};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, PlaceFact, StandbyEnd, StandbyTrouble};
use crate::world::ids::{Entry, ImageId, RegionId, SetId};

/// For so long a pool in trouble makes nothing (SB-07).
const PAUSE: SimDuration = SimDuration::from_secs(30);
/// The most machines that are in a set and its pool together (SB-01).
const TOGETHER: u32 = 1000;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// By set; empty if no set has a pool.
    pools: Vec<Pool>,
}

/// The pool of a set.
#[derive(Clone, Debug, Default)]
struct Pool {
    machines: Vec<Machine>,
    /// The number of the next machine.
    next: u32,
    /// It makes nothing until the pause is over.
    paused: bool,
    /// It was said to be Degraded, and not yet to be Healthy.
    degraded: bool,
}

/// A machine of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Its number within the pool.
    pub number: u32,
    /// Where it stands; 0 for a regional set.
    pub zone: u8,
    /// The version it was made from.
    pub image: ImageId,
    /// The revision of the model it was made from.
    pub revision: u32,
    stage: Stage,
}

/// How far a machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It is made, boots, and is set up.
    Preparing,
    /// It is shut down.
    Stopping,
    /// It is in the state in which it is given out.
    Ready,
}

/// Something about a pool is due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A machine is set up, or failed to be.
    Prepared {
        /// The set.
        set: SetId,
        /// The machine.
        machine: u32,
        /// It failed.
        fails: bool,
        /// The entry of its creation.
        cause: Entry,
    },
    /// A machine is shut down.
    Stopped {
        /// The set.
        set: SetId,
        /// The machine.
        machine: u32,
        /// The entry of its creation.
        cause: Entry,
    },
    /// The pause of a pool in trouble is over.
    Retry {
        /// The set.
        set: SetId,
        /// The entry of the trouble.
        cause: Entry,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Prepared { set, machine, .. } => Key::new(time, class, set.0.into(), 0, machine),
            Self::Stopped { set, machine, .. } => Key::new(time, class, set.0.into(), 1, machine),
            Self::Retry { set, .. } => Key::new(time, class, set.0.into(), 2, 0),
        }
    }
}

impl State {
    /// No machine yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let any = cx.plan.sets.iter().any(|set| set.upkeep.standby.is_some());
        Self { pools: if any { vec![Pool::default(); cx.plan.sets.len()] } else { Vec::new() } }
    }
}

/// Whether any set has a pool.
#[must_use]
#[inline]
pub fn any(world: &World) -> bool {
    !world.standby.pools.is_empty()
}

/// Whether a set has a pool.
#[must_use]
pub fn concerns(cx: &Cx<'_>, set: SetId) -> bool {
    cx.plan.sets[set.index()].upkeep.standby.is_some()
}

/// How many machines the pool of a set has: they count to quotas, in whatever state they are.
#[must_use]
pub fn count(world: &World, set: SetId) -> u32 {
    world.standby.pools.get(set.index()).map_or(0, |pool| pool.machines.len() as u32)
}

/// The machines of the pool of a set: zone and Azure's word for the state of each, for those who ask Azure.
#[must_use]
pub fn states(world: &World, plan: &crate::plan::Plan, set: SetId) -> Vec<(u8, &'static str)> {
    let Some(of) = &plan.sets[set.index()].upkeep.standby else { return Vec::new() };
    let word = |machine: &Machine| match (machine.stage, of.state) {
        (Stage::Preparing, _) => "Creating",
        (Stage::Stopping, StandbyState::Hibernated) => "Hibernating",
        (Stage::Stopping, _) => "Deallocating",
        (Stage::Ready, state) => state.word(),
    };
    let pool = world.standby.pools.get(set.index());
    pool.map_or_else(Vec::new, |pool| pool.machines.iter().map(|machine| (machine.zone, word(machine))).collect())
}

/// Whether the pool of a set is said to be Degraded now.
#[must_use]
pub fn is_degraded(world: &World, set: SetId) -> bool {
    world.standby.pools.get(set.index()).is_some_and(|pool| pool.degraded)
}

/// How many machines the pool is to have now (SB-02).
fn target(world: &World, cx: &Cx<'_>, set: SetId, of: &StandbyPool) -> u32 {
    let present = world.scale_set.sets[set.index()].instances.len() as u32;
    let counted = if cx.on(rules::SB_02) { present } else { 0 };
    of.max_ready.saturating_sub(counted).max(of.min_ready).min(TOGETHER.saturating_sub(present))
}

/// Whether a machine is given out: it is in the state that the pool is to keep (SB-03), and its zone is there.
fn is_given_out(world: &World, cx: &Cx<'_>, set: SetId, machine: &Machine) -> bool {
    let region = cx.plan.sets[set.index()].region;
    let ready = machine.stage == Stage::Ready || !cx.on(rules::SB_03);
    ready && !capacity::is_lost(world, cx, region, machine.zone)
}

/// By zone: how many instances could be added without a new allocation, since machines of the pool run there (SB-05).
#[must_use]
pub fn held(world: &World, cx: &Cx<'_>, set: SetId) -> [u32; 4] {
    let mut held = [0; 4];
    let runs = |of: &StandbyPool| of.state == StandbyState::Running;
    if !cx.plan.sets[set.index()].upkeep.standby.as_ref().is_some_and(runs) || !cx.on(rules::SB_05) {
        return held;
    }
    for machine in &world.standby.pools[set.index()].machines {
        held[machine.zone as usize] += u32::from(is_given_out(world, cx, set, machine));
    }
    held
}

/// How many of the machines of the pool could go into the set now.
#[must_use]
pub fn ready(world: &World, cx: &Cx<'_>, set: SetId) -> u32 {
    let machines = world.standby.pools.get(set.index()).map_or(&[][..], |pool| &pool.machines);
    machines.iter().filter(|machine| is_given_out(world, cx, set, machine)).count() as u32
}

/// What the draws of a machine are keyed by.
fn subject(cx: &Cx<'_>, set: SetId, machine: u32) -> Subject {
    Subject { place: name(&cx.plan.sets[set.index()].name), cause: name("standby pool"), ordinal: machine }
}

/// Something falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    let at = |world: &World, set: SetId, number: u32| {
        world.standby.pools[set.index()].machines.iter().position(|machine| machine.number == number)
    };
    match event {
        Event::Prepared { set, machine, fails, cause } => {
            let Some(at) = at(world, set, machine) else { return };
            match fails {
                true => failed(world, cx, set, (at, cause)),
                false => prepared(world, cx, set, (at, cause)),
            }
        }
        Event::Stopped { set, machine, cause } => {
            let Some(at) = at(world, set, machine) else { return };
            let zone = world.standby.pools[set.index()].machines[at].zone;
            capacity::let_go(world, cx, set, zone);
            be_ready(world, cx, set, (at, cause));
        }
        Event::Retry { set, cause } => {
            world.standby.pools[set.index()].paused = false;
            reconcile(world, cx, set, cause);
        }
    }
}

/// A machine is set up: it runs on, or is shut down.
fn prepared(world: &mut World, cx: &mut Cx<'_>, set: SetId, (at, cause): (usize, Entry)) {
    let Some(of) = &cx.plan.sets[set.index()].upkeep.standby else { return };
    if of.state == StandbyState::Running {
        be_ready(world, cx, set, (at, cause));
        return;
    }
    let machine = &mut world.standby.pools[set.index()].machines[at];
    machine.stage = Stage::Stopping;
    let number = machine.number;
    let length = cx.assume(key::StandbyStop);
    let length = faults::stretched(world, cx, length);
    cx.after(length, Due::Standby(Event::Stopped { set, machine: number, cause }));
}

/// A machine is in the state in which it is given out; a pool that has all of its machines so is Healthy again.
fn be_ready(world: &mut World, cx: &mut Cx<'_>, set: SetId, (at, cause): (usize, Entry)) {
    let Some(of) = &cx.plan.sets[set.index()].upkeep.standby else { return };
    let wanted = target(world, cx, set, of);
    let pool = &mut world.standby.pools[set.index()];
    let machine = &mut pool.machines[at];
    machine.stage = Stage::Ready;
    let ready = PlaceFact::StandbyReady { set, machine: machine.number, zone: machine.zone };
    let waited = of.delay > SimDuration::ZERO && cx.on(rules::SB_08);
    let entry = cx.record(Fact::Place(ready), cause, if waited { rules::SB_08 } else { rules::SB_03 });
    let all = pool.machines.len() as u32 == wanted && pool.machines.iter().all(|other| other.stage == Stage::Ready);
    if all && std::mem::take(&mut pool.degraded) {
        cx.record(Fact::Place(PlaceFact::StandbyRecovered { set }), entry, rules::SB_07);
    }
}

/// A machine did not come up: it goes, and the pool is in trouble.
fn failed(world: &mut World, cx: &mut Cx<'_>, set: SetId, (at, cause): (usize, Entry)) {
    let entry = delete(world, cx, set, at, (StandbyEnd::Failed, rules::SB_07, cause));
    trouble(world, cx, set, StandbyTrouble::Provisioning, entry);
}

/// A machine goes, and what it holds of the region with it.
fn delete(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    at: usize,
    (why, rule, cause): (StandbyEnd, RuleId, Entry),
) -> Entry {
    let machine = world.standby.pools[set.index()].machines.remove(at);
    if holds(cx, set, &machine) {
        capacity::let_go(world, cx, set, machine.zone);
    }
    cx.record(Fact::Place(PlaceFact::StandbyDeleted { set, machine: machine.number, why }), cause, rule)
}

/// Whether a machine of a pool holds capacity of its region: it runs, or is on its way to where it runs no more.
#[must_use]
pub fn holds(cx: &Cx<'_>, set: SetId, machine: &Machine) -> bool {
    let runs = |of: &StandbyPool| of.state == StandbyState::Running;
    machine.stage != Stage::Ready || cx.plan.sets[set.index()].upkeep.standby.as_ref().is_some_and(runs)
}

/// The pool cannot make a machine: it is Degraded, and tries again after a pause (SB-07).
fn trouble(world: &mut World, cx: &mut Cx<'_>, set: SetId, why: StandbyTrouble, cause: Entry) {
    let pool = &mut world.standby.pools[set.index()];
    let mut entry = cause;
    if !std::mem::replace(&mut pool.degraded, true) {
        entry = cx.record(Fact::Place(PlaceFact::StandbyDegraded { set, why }), cause, rules::SB_07);
    }
    if !std::mem::replace(&mut pool.paused, true) && cx.on(rules::SB_07) {
        cx.after(PAUSE, Due::Standby(Event::Retry { set, cause: entry }));
    }
}

/// Brings the pool of a set to its size (SB-02).
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let plan = cx.plan;
    let Some(of) = &plan.sets[set.index()].upkeep.standby else { return };
    let revision = world.scale_set.revision(set);
    let renews = cx.plan.assumptions.get(key::StandbyOnModelChange) == choice::StandbyOnModelChange::Replace
        && cx.on(rules::IX_05);
    let outdated = |machine: &Machine| renews && machine.revision != revision;
    while let Some(at) = world.standby.pools[set.index()].machines.iter().position(outdated) {
        let _ = cx.assume(key::StandbyOnModelChange);
        delete(world, cx, set, at, (StandbyEnd::Outdated, rules::IX_05, cause));
    }
    let wanted = target(world, cx, set, of);
    while count(world, set) > wanted {
        // What is furthest from being of use goes first, the newest of that.
        let machines = &world.standby.pools[set.index()].machines;
        let last = |&at: &usize| (machines[at].stage != Stage::Ready, machines[at].number);
        let at = (0..machines.len()).max_by_key(last).expect("there is one more than is wanted");
        delete(world, cx, set, at, (StandbyEnd::Shrunk, rules::SB_02, cause));
    }
    while count(world, set) < wanted && !world.standby.pools[set.index()].paused {
        if let Err(why) = make(world, cx, set, cause) {
            trouble(world, cx, set, why, cause);
        }
    }
}

/// The zones of the set, those with the fewest machines of the pool first (SB-04).
fn zones(world: &World, cx: &Cx<'_>, set: SetId) -> Vec<u8> {
    let machines = &world.standby.pools[set.index()].machines;
    let mut zones = cx.plan.sets[set.index()].zones.clone();
    if zones.is_empty() {
        zones.push(0);
    }
    zones.sort_by_key(|&zone| (machines.iter().filter(|machine| machine.zone == zone).count(), zone));
    zones
}

/// Begins to make a machine.
fn make(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) -> Result<(), StandbyTrouble> {
    let plan = cx.plan;
    let of = &plan.sets[set.index()];
    let kind = if of.spot.spot && of.spot.mix.is_none() { (0, 1) } else { (1, 0) };
    if quota::exceeded(world, cx, set, kind).is_some_and(|exceeded| cx.on(exceeded.rule())) {
        return Err(StandbyTrouble::Quota);
    }
    let reference = world.scale_set.newest(set).image;
    let Ok(found) = gallery::resolve(world, cx, reference, RegionId(of.region)) else {
        return Err(StandbyTrouble::Image);
    };
    let free = zones(world, cx, set).into_iter().find(|&zone| capacity::hold(world, cx, set, zone));
    let Some(zone) = free else { return Err(StandbyTrouble::Allocation) };
    let revision = world.scale_set.revision(set);
    let pool = &mut world.standby.pools[set.index()];
    let number = pool.next;
    pool.next += 1;
    pool.machines.push(Machine { number, zone, image: found.image, revision, stage: Stage::Preparing });
    let created = Fact::Place(PlaceFact::StandbyCreated { set, machine: number, zone });
    let entry = cx.record(created, cause, rules::SB_02);
    let (length, fails) = preparation(world, cx, set, number, found.image);
    cx.after(length, Due::Standby(Event::Prepared { set, machine: number, fails, cause: entry }));
    Ok(())
}

/// How long a machine takes to be set up, and whether it fails to be: after that time, then.
fn preparation(world: &World, cx: &mut Cx<'_>, set: SetId, number: u32, image: ImageId) -> (SimDuration, bool) {
    let plan = cx.plan;
    let (who, of, version) = (subject(cx, set, number), &plan.sets[set.index()], &plan.images[image.index()]);
    let made = making::length(cx, set, cx.stream(Purpose::CreateCall, who, 0), cx.stream(Purpose::StandbyMake, who, 0));
    let made = faults::stretched(world, cx, made);
    let (_, more) = faults::boot(world, cx, set, SimDuration::ZERO);
    let failure = 1.0 - (1.0 - version.boot_failure) * (1.0 - more);
    if failure > 0.0 && cx.on(rules::LC_05) && cx.stream(Purpose::StandbyFailure, who, 0).chance(failure) {
        return (made + cx.assume(key::VmOsProvisioningTimeout), true);
    }
    let assumed = if of.windows { key::VmBootWindows } else { key::VmBootLinux };
    let boot = version.boot.unwrap_or_else(|| cx.assume(assumed));
    let boot = cx.draw(Purpose::StandbyMake, who, 1, &boot);
    let mut length = made + faults::boot(world, cx, set, boot).0;
    let profile = world.scale_set.newest(set).profile(plan, set);
    let up = length;
    if of.windows && !profile.extensions.is_empty() {
        length = length + extensions::wait(cx, who, 0);
    }
    for extension in &profile.extensions {
        let own = name(&extension.name);
        length = length + cx.draw(Purpose::StandbyExtension, who, own, &extension.duration);
        let fails = extension.failure > 0.0 && cx.stream(Purpose::StandbyFailure, who, own).chance(extension.failure);
        let late = length.less(up) > profile.extensions_budget;
        if fails && cx.on(rules::LC_04) || late && cx.on(rules::EX_06) {
            return (length.min(up + profile.extensions_budget), true);
        }
    }
    let listens = match &version.process_start {
        Some(dist) => cx.draw(Purpose::StandbyMake, who, 2, dist),
        None => cx.assume(key::AppProcessStart),
    };
    let warm = cx.draw(Purpose::StandbyMake, who, 3, &plan.application.warm_up);
    // The delay begins when the machine is provisioned, as the process does.
    let delay = of.upkeep.standby.as_ref().map_or(SimDuration::ZERO, |pool| pool.delay);
    let ready = if cx.on(rules::SB_08) { delay.max(listens + warm) } else { listens + warm };
    (length + ready, false)
}

// Verbs.

/// The pools as the run begins: full and ready, or to be filled if the scenario starts cold.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    for (index, of) in cx.plan.sets.iter().enumerate() {
        let (set, Some(pool)) = (SetId(index as u16), &of.upkeep.standby) else { continue };
        let reference = world.scale_set.newest(set).image;
        let Ok(found) = gallery::resolve(world, cx, reference, RegionId(of.region)) else { continue };
        if cx.plan.cold_start || !cx.on(rules::WT_08) {
            reconcile(world, cx, set, cause);
            continue;
        }
        for number in 0..target(world, cx, set, pool) {
            let zone = zones(world, cx, set)[0];
            let machine = Machine { number, zone, image: found.image, revision: 0, stage: Stage::Ready };
            let state = &mut world.standby.pools[index];
            state.machines.push(machine);
            state.next = number + 1;
            cx.record(Fact::Place(PlaceFact::StandbyReady { set, machine: number, zone }), cause, rules::WT_08);
        }
    }
}

/// Takes a machine that is ready in this zone out of the pool of a set, the first that was made (SB-04).
pub fn take(world: &mut World, cx: &Cx<'_>, set: SetId, zone: u8) -> Option<Machine> {
    cx.plan.sets[set.index()].upkeep.standby.as_ref()?;
    let fits = |machine: &Machine| machine.zone == zone || !cx.on(rules::SB_04);
    let machines = &world.standby.pools[set.index()].machines;
    let at = machines.iter().position(|machine| fits(machine) && is_given_out(world, cx, set, machine))?;
    Some(world.standby.pools[set.index()].machines.remove(at))
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for (index, pool) in world.standby.pools.iter().enumerate() {
        let set = SetId(index as u16);
        assert!(pool.machines.is_empty() || concerns(cx, set), "only a pool that is declared has machines");
        assert!(pool.machines.iter().all(|machine| machine.number < pool.next), "machines are numbered in order");
    }
}
