//! What the platform does to hosts, and what becomes of the machines on them.
//!
//! Rules: MT-01…MT-08, MT-10, OR-10, SE-01, SE-11, SE-12, SE-13, TN-07. Planned maintenance walks over the fault domains of each zone
//! one after another (MT-03), announces itself to each guest, and does what it announced when the event starts. Trouble
//! with hosts comes unannounced, to all it concerns at once.
//!
//! Left out: the self-service window of weeks (MT-05, SE-14), which is longer than a run; paired regions; the SLA (MT-09).

use crate::azure::{instances, load_balancer, scheduled_events};
use crate::demand::application;
use crate::engine::queue::Key;
use crate::engine::random::{Dist, Purpose};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{HostWork, MaintenanceKind, OrchestrationMode};
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, MaintenanceFact, NoticeKind};
use crate::world::ids::{Entry, InstanceId, SetId};

/// A pause for an update of the host, "almost always under 10 s" (MT-01).
const PAUSE: SimDuration = SimDuration::from_secs(10);
/// A live migration, "typically ≤ 5 s" (MT-02).
const MIGRATION: SimDuration = SimDuration::from_secs(5);
/// Notice of an event that reboots (TN-07).
const REBOOT_NOTICE: SimDuration = SimDuration::from_mins(15);
/// Notice of a move to another host (TN-07).
const REDEPLOY_NOTICE: SimDuration = SimDuration::from_mins(10);
/// Storage out of reach for longer than this shuts a machine down (MT-07).
const STORAGE_PATIENCE: SimDuration = SimDuration::from_secs(120);
/// It is back no earlier than this after (MT-07).
const STORAGE_RETURN: SimDuration = SimDuration::from_mins(5);
/// Update domains of a Uniform set; who is in which is not published, so the instance id modulo 5 stands in
/// (`rolling.batch_crosses_update_domains`).
const UPDATE_DOMAINS: u32 = 5;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    walks: Vec<Walk>,
    /// Restarts that operators asked for and that wait, each with its event.
    restarts: Vec<(InstanceId, u32)>,
    /// Moves to another host that operators asked for and that wait, each with its event.
    redeploys: Vec<(InstanceId, u32)>,
}

impl State {
    /// No host is maintained yet.
    #[must_use]
    pub fn new(_: &mut Cx<'_>) -> Self {
        Self::default()
    }
}

/// Maintenance on its way over the hosts of a set.
#[derive(Clone, Debug)]
struct Walk {
    /// What its draws are keyed by.
    key: u64,
    kind: MaintenanceKind,
    /// How long the impact lasts, where somebody says so.
    length: Option<SimDuration>,
    /// The turns to come, the next last: zone and domain, and whose hosts.
    turns: Vec<((u8, u8), Vec<InstanceId>)>,
    /// Instances of this turn that are announced and have not begun, each with its event.
    announced: Vec<(InstanceId, u32)>,
    /// Instances of this turn for which it is not over.
    open: Vec<InstanceId>,
    cause: Entry,
}

/// The impact on an instance changes.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// Storage is out of reach for too long: the machine is shut down.
    GivenUp {
        /// The walk.
        walk: u16,
        /// The instance.
        instance: InstanceId,
        /// The entry of the beginning.
        cause: Entry,
    },
    /// The impact is over.
    Over {
        /// The walk.
        walk: u16,
        /// The instance.
        instance: InstanceId,
        /// The entry of the beginning.
        cause: Entry,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::GivenUp { walk, instance, .. } => Key::new(time, class, instance.0, 0, walk.into()),
            Self::Over { walk, instance, .. } => Key::new(time, class, instance.0, 1, walk.into()),
        }
    }
}

/// An event of an instance started, or it went away: does what was announced.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let started = |world: &World, list: &[(InstanceId, u32)]| {
        list.iter().find(|&&(of, notice)| of == instance && !scheduled_events::waits(world, notice)).copied()
    };
    if let Some(one) = started(world, &world.maintenance.restarts) {
        world.maintenance.restarts.retain(|&other| other != one);
        if has_machine(world, instance) {
            instances::restart(world, cx, instance, rules::WT_01, cause);
        }
    }
    if let Some(one) = started(world, &world.maintenance.redeploys) {
        world.maintenance.redeploys.retain(|&other| other != one);
        if has_machine(world, instance) {
            move_away(world, cx, instance, (rules::WT_01, cause));
        }
    }
    for index in 0..world.maintenance.walks.len() {
        if let Some(one) = started(world, &world.maintenance.walks[index].announced) {
            world.maintenance.walks[index].announced.retain(|&other| other != one);
            begin(world, cx, index as u16, instance, cause);
        }
    }
}

/// Something is due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::GivenUp { walk, instance, cause } => {
            application::freeze(world, cx, instance, false, (rules::MT_07, cause));
            if has_machine(world, instance) {
                let length = length(world, cx, walk, instance);
                let away = length.less(STORAGE_PATIENCE) + STORAGE_RETURN;
                away_for(world, cx, (walk, instance), away, (rules::MT_07, cause));
            } else {
                over(world, cx, walk, instance, cause);
            }
        }
        Event::Over { walk, instance, cause } => {
            let kind = world.maintenance.walks[walk as usize].kind;
            if pauses(world, cx, walk, instance) {
                application::freeze(world, cx, instance, false, (rules::MT_04, cause));
            }
            let entry =
                cx.record(Fact::Maintenance(MaintenanceFact::ImpactEnded { instance, kind }), cause, rule(kind));
            over(world, cx, walk, instance, entry);
        }
    }
}

/// Whether an instance stands and is not deallocated.
fn has_machine(world: &World, instance: InstanceId) -> bool {
    let row = &world.instances.rows[instance.index()];
    instances::is_present(row) && row.state != instances::Provisioning::Deallocated
}

/// The rule by which a kind of trouble has its impact.
const fn rule(kind: MaintenanceKind) -> RuleId {
    match kind {
        MaintenanceKind::Freeze => rules::MT_01,
        MaintenanceKind::LiveMigration => rules::MT_02,
        MaintenanceKind::Reboot => rules::TN_08,
        MaintenanceKind::HostFault | MaintenanceKind::HostDead | MaintenanceKind::Degraded => rules::MT_06,
        MaintenanceKind::StorageOut => rules::MT_07,
    }
}

/// The event that announces it to an instance: a Freeze only where the memory survives (SE-13).
fn announced_as(world: &World, cx: &Cx<'_>, instance: InstanceId, kind: MaintenanceKind) -> NoticeKind {
    match kind {
        MaintenanceKind::Freeze | MaintenanceKind::LiveMigration if keeps_memory(world, cx, instance) => {
            NoticeKind::Freeze
        }
        MaintenanceKind::Degraded => NoticeKind::Redeploy,
        _ => NoticeKind::Reboot,
    }
}

/// Whether a machine of its size can be kept running while its host is worked on (SE-13).
fn keeps_memory(world: &World, cx: &Cx<'_>, instance: InstanceId) -> bool {
    let size = instances::size(world, cx, instance);
    let family = size.split_once('_').map_or(size, |(_, name)| name).chars().next();
    !matches!(family.map(|letter| letter.to_ascii_uppercase()), Some('G' | 'L' | 'N' | 'H')) || !cx.on(rules::SE_13)
}

/// Whether the impact on an instance is a freeze and no reboot.
fn pauses(world: &World, cx: &Cx<'_>, walk: u16, instance: InstanceId) -> bool {
    match world.maintenance.walks[walk as usize].kind {
        MaintenanceKind::Freeze | MaintenanceKind::LiveMigration => keeps_memory(world, cx, instance),
        MaintenanceKind::StorageOut => length(world, cx, walk, instance) <= STORAGE_PATIENCE || !cx.on(rules::MT_07),
        MaintenanceKind::Reboot
        | MaintenanceKind::HostFault
        | MaintenanceKind::HostDead
        | MaintenanceKind::Degraded => false,
    }
}

/// How long the impact lasts: as the scenario says, or as is typical of its kind.
fn length(world: &World, cx: &Cx<'_>, walk: u16, instance: InstanceId) -> SimDuration {
    let Walk { key, kind, length, .. } = world.maintenance.walks[walk as usize];
    if let Some(length) = length {
        return length;
    }
    let minutes = |min, max| Dist::Uniform { min: SimDuration::from_mins(min), max: SimDuration::from_mins(max) };
    let dist = match kind {
        MaintenanceKind::Freeze => Dist::Constant(if cx.on(rules::MT_01) { PAUSE } else { SimDuration::ZERO }),
        MaintenanceKind::LiveMigration => {
            Dist::Constant(if cx.on(rules::MT_02) { MIGRATION } else { SimDuration::ZERO })
        }
        MaintenanceKind::HostFault | MaintenanceKind::HostDead | MaintenanceKind::Degraded if !cx.on(rules::MT_06) => {
            minutes(0, 0)
        }
        MaintenanceKind::HostFault => minutes(10, 15),
        MaintenanceKind::HostDead | MaintenanceKind::Degraded => minutes(5, 15),
        MaintenanceKind::StorageOut => minutes(3, 3),
        MaintenanceKind::Reboot => Dist::Constant(SimDuration::from_secs(if cx.on(rules::TN_08) { 7 } else { 0 })),
    };
    let subject = world.application.subject(instance);
    cx.draw(Purpose::HostTrouble, subject, key, &dist)
}

/// The impact on an instance begins.
fn begin(world: &mut World, cx: &mut Cx<'_>, id: u16, instance: InstanceId, cause: Entry) {
    let kind = world.maintenance.walks[id as usize].kind;
    if !has_machine(world, instance) {
        over(world, cx, id, instance, cause);
        return;
    }
    let pauses = pauses(world, cx, id, instance);
    let planned = matches!(kind, MaintenanceKind::Freeze | MaintenanceKind::LiveMigration);
    let of = if planned && !pauses { rules::SE_13 } else { rule(kind) };
    let entry = cx.record(Fact::Maintenance(MaintenanceFact::ImpactStarted { instance, kind }), cause, of);
    let length = length(world, cx, id, instance);
    if pauses {
        let of = if kind == MaintenanceKind::StorageOut { rules::MT_07 } else { rules::MT_04 };
        application::freeze(world, cx, instance, true, (of, entry));
        cx.after(length, Due::Maintenance(Event::Over { walk: id, instance, cause: entry }));
    } else if kind == MaintenanceKind::StorageOut {
        application::freeze(world, cx, instance, true, (rules::MT_07, entry));
        cx.after(STORAGE_PATIENCE, Due::Maintenance(Event::GivenUp { walk: id, instance, cause: entry }));
    } else {
        away_for(world, cx, (id, instance), length, (rules::MT_08, entry));
    }
}

fn away_for(
    world: &mut World,
    cx: &mut Cx<'_>,
    (walk, instance): (u16, InstanceId),
    away: SimDuration,
    (rule, cause): (RuleId, Entry),
) {
    // Maintenance shuts the system down first; trouble with the host does not.
    let kind = world.maintenance.walks[walk as usize].kind;
    if matches!(kind, MaintenanceKind::HostFault | MaintenanceKind::HostDead | MaintenanceKind::StorageOut) {
        load_balancer::abandon(world, instance);
    }
    let entry = instances::heal(world, cx, instance, away, (rule, cause));
    cx.after(away, Due::Maintenance(Event::Over { walk, instance, cause: entry }));
}

/// It is over for an instance; when it is over for all of the turn, the next turn comes.
fn over(world: &mut World, cx: &mut Cx<'_>, id: u16, instance: InstanceId, cause: Entry) {
    let walk = &mut world.maintenance.walks[id as usize];
    walk.open.retain(|&other| other != instance);
    if walk.open.is_empty() {
        turn(world, cx, id, (rules::SE_12, cause));
    }
}

/// The next turn of a walk.
fn turn(world: &mut World, cx: &mut Cx<'_>, id: u16, (rule, cause): (RuleId, Entry)) {
    let walk = &mut world.maintenance.walks[id as usize];
    let Some(((zone, fault_domain), instances)) = walk.turns.pop() else { return };
    let kind = walk.kind;
    walk.open.clone_from(&instances);
    let set = world.instances.rows[instances[0].index()].set;
    let flexible = cx.plan.sets[set.index()].mode == OrchestrationMode::Flexible;
    let by = match kind {
        MaintenanceKind::Reboot if flexible && cx.on(rules::OR_10) => rules::OR_10,
        MaintenanceKind::Reboot if cx.on(rules::MT_10) => rules::MT_10,
        _ => rule,
    };
    let entry = cx.record(Fact::Maintenance(MaintenanceFact::TurnCame { set, zone, fault_domain }), cause, by);
    world.maintenance.walks[id as usize].cause = entry;
    for instance in instances {
        announce(world, cx, id, instance, entry);
    }
}

/// Announces to a guest what is to come.
fn announce(world: &mut World, cx: &mut Cx<'_>, id: u16, instance: InstanceId, cause: Entry) {
    let kind = world.maintenance.walks[id as usize].kind;
    if !has_machine(world, instance) {
        over(world, cx, id, instance, cause);
        return;
    }
    let notice = announced_as(world, cx, instance, kind);
    let (length, rule) = match notice {
        NoticeKind::Freeze if cx.on(rules::SE_01) => {
            let notice = cx.assume(key::FreezeNotice);
            let walk = world.maintenance.walks[id as usize].key;
            let subject = world.application.subject(instance);
            (cx.draw(Purpose::FreezeNotice, subject, walk, &notice), rules::SE_01)
        }
        NoticeKind::Reboot if cx.on(rules::TN_07) => (REBOOT_NOTICE, rules::TN_07),
        NoticeKind::Redeploy if cx.on(rules::SE_11) => (cx.assume(key::HostDegradedNotice), rules::SE_11),
        _ => {
            begin(world, cx, id, instance, cause);
            return;
        }
    };
    let event = scheduled_events::raise(world, cx, instance, (notice, length), (rule, cause));
    world.maintenance.walks[id as usize].announced.push((instance, event));
}

// Verbs.

/// Begins maintenance or trouble, on the hosts of these instances.
pub fn maintain(
    world: &mut World,
    cx: &mut Cx<'_>,
    (work, key, length): (&HostWork, u64, Option<SimDuration>),
    of: &[InstanceId],
    cause: Entry,
) {
    let (set, kind) = (SetId(work.set), work.kind);
    let id = world.maintenance.walks.len() as u16;
    let planned = matches!(kind, MaintenanceKind::Freeze | MaintenanceKind::LiveMigration | MaintenanceKind::Reboot);
    let has_domains = cx.plan.sets[set.index()].mode == OrchestrationMode::Uniform || !cx.on(rules::OR_10);
    let by_update_domain = kind == MaintenanceKind::Reboot && has_domains && cx.on(rules::MT_10);
    let mut turns: Vec<((u8, u8), Vec<InstanceId>)> = Vec::new();
    for &instance in of {
        let row = &world.instances.rows[instance.index()];
        let domain = match by_update_domain {
            true => (row.ordinal % UPDATE_DOMAINS) as u8,
            // Never two fault domains at once (SE-12, FD-13).
            false if cx.on(rules::SE_12) && cx.on(rules::FD_13) => row.at.fault_domain,
            false => 0,
        };
        let place = if planned && cx.on(rules::MT_03) { (row.at.zone, domain) } else { (0, 0) };
        match turns.iter_mut().find(|(other, _)| *other == place) {
            Some((_, members)) => members.push(instance),
            None => turns.push((place, vec![instance])),
        }
    }
    turns.sort_unstable_by_key(|&(place, _)| std::cmp::Reverse(place));
    let walk = Walk { key, kind, length, turns, announced: Vec::new(), open: Vec::new(), cause };
    world.maintenance.walks.push(walk);
    if planned {
        turn(world, cx, id, (rules::MT_03, cause));
        return;
    }
    let all = std::mem::take(&mut world.maintenance.walks[id as usize].turns);
    for instance in all.into_iter().flat_map(|(_, members)| members) {
        world.maintenance.walks[id as usize].open.push(instance);
        if kind == MaintenanceKind::Degraded {
            announce(world, cx, id, instance, cause);
            continue;
        }
        let hardware = matches!(kind, MaintenanceKind::HostFault | MaintenanceKind::HostDead);
        let entry = if hardware { scheduled_events::announce(world, cx, instance, cause) } else { cause };
        begin(world, cx, id, instance, entry);
    }
}

/// An operator restarts an instance. Where Scheduled Events are on for it, that is announced too, and waits (SE-15).
pub fn restart(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if !has_machine(world, instance) {
        return;
    }
    if scheduled_events::listens(world, cx, instance) && cx.on(rules::TN_09) && cx.on(rules::SE_15) {
        let event =
            scheduled_events::raise(world, cx, instance, (NoticeKind::Reboot, REBOOT_NOTICE), (rules::TN_09, cause));
        world.maintenance.restarts.push((instance, event));
    } else {
        instances::restart(world, cx, instance, rules::WT_01, cause);
    }
}

/// An operator moves an instance to another host, announced as a restart is (TN-09).
pub fn redeploy(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if !has_machine(world, instance) {
        return;
    }
    if scheduled_events::listens(world, cx, instance) && cx.on(rules::TN_09) && cx.on(rules::SE_15) {
        let notice = (NoticeKind::Redeploy, REDEPLOY_NOTICE);
        let event = scheduled_events::raise(world, cx, instance, notice, (rules::TN_09, cause));
        world.maintenance.redeploys.push((instance, event));
    } else {
        move_away(world, cx, instance, (rules::WT_01, cause));
    }
}

/// The machine of an instance goes to another host, shut down in order, on the disk that it had.
fn move_away(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, (rule, cause): (RuleId, Entry)) {
    let dist = cx.assume(key::VmRedeploy);
    let epoch = world.instances.rows[instance.index()].epoch;
    let subject = world.application.subject(instance);
    let away = cx.draw(Purpose::OutOfService, subject, epoch.into(), &dist);
    instances::heal(world, cx, instance, away, (rule, cause));
}

/// Whether a maintenance that reboots is still to come for it, so that it may be asked for.
#[must_use]
pub fn waits(world: &World, instance: InstanceId) -> bool {
    walk_ahead(world, instance).is_some()
}

/// The maintenance that reboots in which its turn is still to come.
fn walk_ahead(world: &World, instance: InstanceId) -> Option<usize> {
    let waits = |walk: &Walk| {
        let ahead = walk.turns.iter().any(|(_, of)| of.contains(&instance))
            || walk.announced.iter().any(|&(of, _)| of == instance);
        walk.kind == MaintenanceKind::Reboot && ahead
    };
    world.maintenance.walks.iter().position(waits)
}

/// `performMaintenance`: an instance whose turn in a maintenance that reboots is still to come has it now, on a host that is done.
/// False if no maintenance waits for it.
pub fn perform(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) -> bool {
    let Some(id) = walk_ahead(world, instance).filter(|_| cx.on(rules::MT_05)) else { return false };
    if !has_machine(world, instance) {
        return false;
    }
    let walk = &mut world.maintenance.walks[id];
    walk.announced.retain(|&(of, _)| of != instance);
    walk.turns.iter_mut().for_each(|(_, of)| of.retain(|&other| other != instance));
    walk.turns.retain(|(_, of)| !of.is_empty());
    let open = walk.open.contains(&instance);
    move_away(world, cx, instance, (rules::MT_05, cause));
    if open {
        over(world, cx, id as u16, instance, cause);
    }
    true
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, _: &Cx<'_>) {
    for walk in &world.maintenance.walks {
        assert!(
            walk.announced.iter().all(|(instance, _)| walk.open.contains(instance)),
            "who is announced is still open"
        );
    }
}
