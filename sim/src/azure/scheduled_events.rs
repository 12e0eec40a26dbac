//! Scheduled Events: how a guest is notified before something is done to its machine, and what it does about it.
//!
//! Rules: SE-01…SE-06, SE-09, SE-10, SE-15, SE-20…SE-22, SE-24, OS-16, TN-01…TN-03, TN-06…TN-09. The platform raises an event; the
//! application asks for events every so often, and so sees it late, or never if it has not asked before; it may drain and
//! approve. The event starts at its NotBefore or when it is approved, whichever comes first; deletions of one set hold each
//! other. Whoever raised the event is woken by its start and does what it announced.
//!
//! A guest that does not filter acts on the events of its whole placement group (SE-07, TN-10: `foreign`).
//!
//! Left out: the document's own fields (SE-08); events that are cancelled, but for those of an OS disk that is not changed any more.

mod foreign;

use crate::azure::{instances, load_balancer};
use crate::demand::application;
use crate::engine::queue::Key;
use crate::engine::random::Purpose;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::EventListener;
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{AdminState, Fact, NoticeFact, NoticeKind};
use crate::world::ids::{Entry, InstanceId};

/// From the start of an event to its removal from the list (SE-09).
const REMOVED_AFTER: SimDuration = SimDuration::from_mins(10);

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Every event there ever was.
    notices: Vec<Notice>,
    /// Events that are not started yet, in the order of their raising.
    pending: Vec<u32>,
    /// Per instance: when its first query was answered, if it is or will be.
    listens_from: Vec<Option<SimTime>>,
    /// Per instance: for how many events it drains.
    drains: Vec<u32>,
    /// Events of new OS disks that are started, and not gone from the list.
    open: Vec<u32>,
    /// Events that others of the placement group drain for, and who.
    foreign: Vec<(u32, InstanceId)>,
}

impl State {
    /// No event was raised yet.
    #[must_use]
    pub fn new(_: &mut Cx<'_>) -> Self {
        Self::default()
    }
}

/// An event.
#[derive(Clone, Copy, Debug)]
struct Notice {
    instance: InstanceId,
    kind: NoticeKind,
    not_before: SimTime,
    raised: Entry,
    seen: Option<Entry>,
    approved: Option<Entry>,
    held: bool,
    /// The guest drains for it.
    drains: bool,
    /// It wrote an admin state for it.
    wrote_admin: bool,
    /// An operator restarts the instance (TN-09).
    by_hand: bool,
}

impl Notice {
    const fn new(instance: InstanceId, kind: NoticeKind, not_before: SimTime, raised: Entry) -> Self {
        let (seen, approved) = (None, None);
        Self {
            instance,
            kind,
            not_before,
            raised,
            seen,
            approved,
            held: false,
            drains: false,
            wrote_admin: false,
            by_hand: false,
        }
    }
}

/// What is due about an event.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// An instance gets its first answer.
    Listens {
        /// The instance.
        instance: InstanceId,
        /// The entry of its boot.
        cause: Entry,
    },
    /// The application asks, and the event is in the list.
    Asked {
        /// The event.
        notice: u32,
    },
    /// It has done what it does before it approves.
    Drained {
        /// The event.
        notice: u32,
    },
    /// Its NotBefore passes.
    Due {
        /// The event.
        notice: u32,
    },
    /// The application on another instance asks, and the event is in the list.
    ForeignSeen {
        /// The event.
        notice: u32,
        /// Who asks.
        by: InstanceId,
    },
    /// It has done what it does before it approves.
    Agreed {
        /// The event.
        notice: u32,
        /// Who asks.
        by: InstanceId,
    },
    /// It is removed from the list.
    Removed {
        /// The event.
        notice: u32,
        /// The entry of its start.
        cause: Entry,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Listens { instance, .. } => Key::new(time, class, instance.0, 0, 0),
            Self::Asked { notice } => Key::new(time, class, notice, 1, 0),
            Self::Drained { notice } => Key::new(time, class, notice, 2, 0),
            Self::Due { notice } => Key::new(time, class, notice, 3, 0),
            Self::Removed { notice, .. } => Key::new(time, class, notice, 4, 0),
            Self::ForeignSeen { notice, by } => Key::new(time, class, notice, 5, by.0),
            Self::Agreed { notice, by } => Key::new(time, class, notice, 6, by.0),
        }
    }
}

/// Whether an event of this kind is in the list of an instance and has not started.
#[must_use]
pub fn is_pending(world: &World, instance: InstanceId, kind: NoticeKind) -> bool {
    let state = &world.scheduled_events;
    let of = |&notice: &u32| state.notices[notice as usize];
    state.pending.iter().map(of).any(|notice| notice.instance == instance && notice.kind == kind)
}

/// Whether an event has not started.
#[must_use]
pub fn waits(world: &World, notice: u32) -> bool {
    is_open(world, notice)
}

/// Whether an instance gets answers now, so that its own restarts wait too (TN-09).
#[must_use]
pub fn listens(world: &World, cx: &Cx<'_>, instance: InstanceId) -> bool {
    let from = world.scheduled_events.listens_from.get(instance.index()).copied().flatten();
    from.is_some_and(|from| from <= cx.now())
}

/// How often the application asks.
fn period(cx: &mut Cx<'_>, listener: &EventListener) -> SimDuration {
    let period = listener.poll.unwrap_or_else(|| cx.assume(key::AppEventsPoll));
    if cx.on(rules::SE_06) { period } else { SimDuration::from_ms(1) }
}

/// Looks at an instance that is present from the start or has booted, or whose deletion is deferred.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    listen(world, cx, instance, cause);
    if let Some(&leaving) = world.instances.leaving(instance)
        && !is_pending(world, instance, NoticeKind::Terminate)
    {
        let length = leaving.not_before.since(cx.now());
        raise(world, cx, instance, (NoticeKind::Terminate, length), (rules::TN_01, cause));
    }
    if concerns(world, instance) || instances::is_announced(world, instance) {
        disk(world, cx, instance, cause);
    }
}

/// Whether an event of a new OS disk of an instance is in the list.
#[must_use]
pub fn concerns(world: &World, instance: InstanceId) -> bool {
    let state = &world.scheduled_events;
    if state.open.is_empty() && state.pending.is_empty() {
        return false;
    }
    let of = |&notice: &u32| state.notices[notice as usize].instance == instance;
    state.open.iter().any(of) || is_pending(world, instance, NoticeKind::OsImage)
}

/// Looks at an instance that is to get a new OS disk, or has one: its event is raised; it is gone from the list when the
/// instance is up again, or when there is nothing more to do (OS-16).
fn disk(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let announced = instances::is_announced(world, instance);
    let row = &world.instances.rows[instance.index()];
    let is_done = !instances::is_busy(row);
    if announced && !is_pending(world, instance, NoticeKind::OsImage) {
        let length = instances::image_notice(world, cx, row).unwrap_or(SimDuration::ZERO);
        raise(world, cx, instance, (NoticeKind::OsImage, length), (rules::OS_16, cause));
    }
    let state = &mut world.scheduled_events;
    let notices = &state.notices;
    let of = |notice: &u32| {
        let of = &notices[*notice as usize];
        of.instance == instance && of.kind == NoticeKind::OsImage
    };
    let mut over: Vec<u32> = Vec::new();
    if !announced {
        over.extend(state.pending.iter().copied().filter(of));
    }
    if is_done {
        over.extend(state.open.iter().copied().filter(of));
    }
    state.pending.retain(|notice| !over.contains(notice));
    state.open.retain(|notice| !over.contains(notice));
    for notice in over {
        removed(world, cx, notice, cause);
    }
}

/// The guest drains for one event more.
fn drain(world: &mut World, instance: InstanceId) {
    let drains = &mut world.scheduled_events.drains;
    if drains.len() <= instance.index() {
        drains.resize(instance.index() + 1, 0);
    }
    drains[instance.index()] += 1;
    application::drain(world, instance, true);
}

/// The guest drains for one event less.
fn drain_less(world: &mut World, instance: InstanceId) {
    let count = &mut world.scheduled_events.drains[instance.index()];
    *count -= 1;
    if *count == 0 && application::exists(world, instance) {
        application::drain(world, instance, false);
    }
}

/// The guest drains no more for an event.
fn undrain(world: &mut World, id: u32) {
    let notice = &mut world.scheduled_events.notices[id as usize];
    if std::mem::take(&mut notice.drains) {
        let instance = notice.instance;
        drain_less(world, instance);
    }
}

/// Scheduled Events are switched on by the first query, of which the answer takes a while (TN-06).
fn listen(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let Some(listener) = &cx.plan.application.events else { return };
    let row = &world.instances.rows[instance.index()];
    let (booted, initial) = (row.booted, row.initial);
    let state = &mut world.scheduled_events;
    if state.listens_from.len() <= instance.index() {
        state.listens_from.resize(instance.index() + 1, None);
    }
    if !booted || state.listens_from[instance.index()].is_some() {
        return;
    }
    let subject = world.application.subject(instance);
    let blind = cx.on(rules::TN_06) && cx.on(rules::SE_05) && !(initial && cx.now() == SimTime::ZERO);
    let first = if blind { cx.assume(key::AppEventsFirstPoll) } else { SimDuration::ZERO };
    let phase = cx.stream(Purpose::EventsPhase, subject, 0).below(period(cx, listener).ms().max(1));
    let from = cx.now() + first + if blind { SimDuration::ZERO } else { SimDuration::from_ms(phase) };
    world.scheduled_events.listens_from[instance.index()] = Some(from);
    if blind {
        cx.at(from, Due::Notice(Event::Listens { instance, cause }));
    }
}

/// Something is due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Listens { instance, cause } => {
            if instances::is_present(&world.instances.rows[instance.index()]) {
                cx.record(Fact::Notice(NoticeFact::ListeningStarted { instance }), cause, rules::TN_06);
            }
        }
        Event::Asked { notice } => asked(world, cx, notice),
        Event::Drained { notice } => {
            let idle = !cx.plan.application.events.as_ref().is_some_and(|listener| listener.when_idle);
            let instance = world.scheduled_events.notices[notice as usize].instance;
            if idle || !crate::demand::jobs::works(world, instance) {
                approve(world, cx, notice, instance);
            }
        }
        Event::Due { notice } => due(world, cx, notice),
        Event::ForeignSeen { notice, by } => foreign::act(world, cx, notice, by),
        Event::Agreed { notice, by } => approve(world, cx, notice, by),
        Event::Removed { notice, cause } => removed(world, cx, notice, cause),
    }
}

fn is_open(world: &World, notice: u32) -> bool {
    world.scheduled_events.pending.contains(&notice)
}

/// Whether there is nothing more to do for an event, which is gone from the list before this instant ends.
fn is_moot(world: &World, notice: u32) -> bool {
    let Notice { instance, kind, .. } = world.scheduled_events.notices[notice as usize];
    kind == NoticeKind::OsImage && !instances::is_announced(world, instance)
}

/// When the application on an instance next asks, if it is to ask at all.
fn next_query(world: &World, cx: &mut Cx<'_>, instance: InstanceId) -> Option<SimTime> {
    let listener = cx.plan.application.events.as_ref()?;
    let from = world.scheduled_events.listens_from.get(instance.index()).copied().flatten()?;
    let period = period(cx, listener).ms().max(1);
    let now = cx.now();
    let periods = if from > now { 0 } else { now.since(from).ms().div_ceil(period) };
    Some(from + SimDuration::from_ms(periods * period))
}

fn ask(world: &World, cx: &mut Cx<'_>, id: u32) {
    if let Some(at) = next_query(world, cx, world.scheduled_events.notices[id as usize].instance) {
        cx.at(at, Due::Notice(Event::Asked { notice: id }));
    }
}

/// The application asks: it sees the event, drains, and approves when it is done.
fn asked(world: &mut World, cx: &mut Cx<'_>, id: u32) {
    let Some(listener) = &cx.plan.application.events else { return };
    let notice = world.scheduled_events.notices[id as usize];
    if !is_open(world, id) || notice.seen.is_some() {
        return;
    }
    let instance = notice.instance;
    if !application::asks(world, cx, instance) {
        // Nobody asks now; the next query may find it.
        let period = period(cx, listener).max(SimDuration::from_secs(1));
        cx.after(period, Due::Notice(Event::Asked { notice: id }));
        return;
    }
    let (from, raised) = (world.scheduled_events.listens_from[instance.index()], notice.not_before);
    let late = from == Some(cx.now()) && raised > cx.now() && !world.instances.rows[instance.index()].initial;
    let acts = listener.on & 1 << notice.kind.as_read() as u8 != 0;
    let rule = match notice.kind {
        _ if late => rules::SE_05,
        NoticeKind::Terminate => rules::SE_24,
        _ => rules::SE_06,
    };
    let entry = cx.record(Fact::Notice(NoticeFact::Seen { instance, kind: notice.kind }), notice.raised, rule);
    world.scheduled_events.notices[id as usize].seen = Some(entry);
    if !acts {
        return;
    }
    world.scheduled_events.notices[id as usize].drains = true;
    drain(world, instance);
    if listener.admin_down {
        world.scheduled_events.notices[id as usize].wrote_admin = true;
        load_balancer::write_admin(world, cx, instance, AdminState::Down, entry);
    }
    if let Some(after) = listener.approve_after {
        cx.after(after, Due::Notice(Event::Drained { notice: id }));
    }
}

/// NotBefore passes: the event starts, unless one before it still holds it.
fn due(world: &mut World, cx: &mut Cx<'_>, id: u32) {
    if !is_open(world, id) || is_moot(world, id) {
        return;
    }
    let Notice { kind, raised, held, by_hand, .. } = world.scheduled_events.notices[id as usize];
    if kind == NoticeKind::Terminate && !cx.on(rules::SE_21) {
        // A world in which the time is extended again and again.
        let later = cx.now() + SimDuration::from_mins(5);
        world.scheduled_events.notices[id as usize].not_before = later;
        cx.at(later, Due::Notice(Event::Due { notice: id }));
        return;
    }
    let rule = match kind {
        NoticeKind::Terminate if held => rules::SE_22,
        NoticeKind::Terminate => rules::SE_21,
        NoticeKind::Preempt => rules::SE_02,
        NoticeKind::Reboot if by_hand => rules::SE_15,
        NoticeKind::Freeze | NoticeKind::Redeploy | NoticeKind::Reboot => rules::SE_03,
        NoticeKind::OsImage => rules::OS_16,
    };
    start(world, cx, id, rule, raised);
    release(world, cx);
}

fn removed(world: &mut World, cx: &mut Cx<'_>, id: u32, cause: Entry) {
    let Notice { instance, kind, wrote_admin, .. } = world.scheduled_events.notices[id as usize];
    let rule = if kind == NoticeKind::OsImage { rules::OS_16 } else { rules::SE_09 };
    let entry = cx.record(Fact::Notice(NoticeFact::Ended { instance, kind }), cause, rule);
    undrain(world, id);
    foreign::forget(world, cx, id, entry);
    let drains = world.scheduled_events.drains.get(instance.index()).is_some_and(|&count| count > 0);
    if wrote_admin && !drains && application::exists(world, instance) {
        load_balancer::write_admin(world, cx, instance, AdminState::None, entry);
    }
}

/// The event starts: it leaves the list of those that wait, and what it announced happens.
fn start(world: &mut World, cx: &mut Cx<'_>, id: u32, rule: RuleId, cause: Entry) -> Entry {
    let Notice { instance, kind, .. } = world.scheduled_events.notices[id as usize];
    world.scheduled_events.pending.retain(|&other| other != id);
    if kind == NoticeKind::Preempt && !cx.on(rules::SE_02) {
        return cause;
    }
    let entry = cx.record(Fact::Notice(NoticeFact::Started { instance, kind }), cause, rule);
    if kind == NoticeKind::Terminate {
        foreign::forget(world, cx, id, entry);
        instances::leave(world, cx, instance, entry);
    } else if kind == NoticeKind::OsImage {
        world.scheduled_events.open.push(id);
        instances::change_disk(world, cx, instance, entry);
        // Whoever drained was on the old disk.
        undrain(world, id);
    } else {
        let length = if cx.on(rules::SE_09) { REMOVED_AFTER } else { SimDuration::ZERO };
        cx.after(length, Due::Notice(Event::Removed { notice: id, cause: entry }));
    }
    entry
}

/// Whether an event is held by another: a deletion by those of its set that are due no later, and not approved (TN-03).
fn is_held(world: &World, cx: &Cx<'_>, id: u32) -> bool {
    let state = &world.scheduled_events;
    let one = &state.notices[id as usize];
    let set = |notice: &Notice| world.instances.rows[notice.instance.index()].set;
    let holds = |&other: &u32| {
        let notice = &state.notices[other as usize];
        other != id
            && notice.kind == NoticeKind::Terminate
            && set(notice) == set(one)
            && notice.not_before <= one.not_before
            && notice.approved.is_none()
    };
    one.kind == NoticeKind::Terminate && cx.on(rules::TN_03) && cx.on(rules::SE_22) && state.pending.iter().any(holds)
}

/// Starts the approved deletions that nothing holds any more.
fn release(world: &mut World, cx: &mut Cx<'_>) {
    for id in world.scheduled_events.pending.clone() {
        let Notice { approved, held, .. } = world.scheduled_events.notices[id as usize];
        if let Some(cause) = approved.filter(|_| held && is_open(world, id) && !is_held(world, cx, id)) {
            start(world, cx, id, rules::SE_22, cause);
        }
    }
}

fn approve(world: &mut World, cx: &mut Cx<'_>, id: u32, by: InstanceId) {
    let notice = world.scheduled_events.notices[id as usize];
    let Notice { instance, kind, approved, seen, .. } = notice;
    if !is_open(world, id)
        || is_moot(world, id)
        || approved.is_some()
        || !application::asks(world, cx, by)
        || !cx.on(rules::SE_04)
    {
        return;
    }
    let cause = seen.unwrap_or(notice.raised);
    let entry = cx.record(Fact::Notice(NoticeFact::Approved { instance, kind }), cause, rules::SE_04);
    world.scheduled_events.notices[id as usize].approved = Some(entry);
    if is_held(world, cx, id) {
        world.scheduled_events.notices[id as usize].held = true;
        cx.record(Fact::Notice(NoticeFact::Held { instance, kind }), entry, rules::TN_03);
        return;
    }
    if kind == NoticeKind::Terminate && !cx.on(rules::TN_02) {
        return;
    }
    let rule = if kind == NoticeKind::Terminate { rules::TN_02 } else { rules::SE_03 };
    if kind != NoticeKind::Terminate && !cx.on(rules::SE_03) {
        return;
    }
    start(world, cx, id, rule, entry);
    release(world, cx);
}

// Verbs.

/// Raises an event for an instance, so long before it starts at the latest.
pub fn raise(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    (kind, notice): (NoticeKind, SimDuration),
    (rule, cause): (RuleId, Entry),
) -> u32 {
    let id = world.scheduled_events.notices.len() as u32;
    let raised = cx.record(Fact::Notice(NoticeFact::Raised { instance, kind }), cause, rule);
    let not_before = cx.now() + notice;
    let by_hand = rule == rules::TN_09;
    world.scheduled_events.notices.push(Notice { by_hand, ..Notice::new(instance, kind, not_before, raised) });
    world.scheduled_events.pending.push(id);
    ask(world, cx, id);
    foreign::spread(world, cx, id);
    cx.at(not_before, Due::Notice(Event::Due { notice: id }));
    if kind == NoticeKind::Terminate && !cx.on(rules::SE_24) {
        // A world in which who is to be deleted gets nothing more.
        load_balancer::leave(world, cx, instance, raised);
    } else if kind == NoticeKind::Terminate && cx.assume(key::LbDrainOnTerminate) {
        load_balancer::write_admin(world, cx, instance, AdminState::Down, raised);
    }
    id
}

/// Hardware fails without notice: the event appears as started (SE-10).
pub fn announce(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) -> Entry {
    if !cx.on(rules::SE_10) {
        return cause;
    }
    let id = world.scheduled_events.notices.len() as u32;
    let kind = NoticeKind::Reboot;
    let not_before = cx.now();
    world.scheduled_events.notices.push(Notice::new(instance, kind, not_before, cause));
    start(world, cx, id, rules::SE_10, cause)
}

/// An instance that drains has no more to do: it approves what it saw.
pub fn done(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId) {
    for id in world.scheduled_events.pending.clone() {
        let notice = world.scheduled_events.notices[id as usize];
        let listener = cx.plan.application.events.as_ref();
        let waits = listener.is_some_and(|listener| listener.when_idle && listener.approve_after.is_some());
        if notice.instance == instance && notice.drains && waits {
            approve(world, cx, id, instance);
        }
    }
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for &id in &world.scheduled_events.pending {
        let notice = &world.scheduled_events.notices[id as usize];
        assert!(notice.not_before >= cx.now(), "an event that is due has started");
    }
    for instance in instances::all_announced(world) {
        assert!(is_pending(world, instance, NoticeKind::OsImage), "a new disk that waits is announced");
    }
    for instance in world.instances.all_leaving() {
        let row = &world.instances.rows[instance.index()];
        assert!(is_pending(world, instance, NoticeKind::Terminate), "a deletion that waits is announced: {row:?}");
    }
}

/// An event as the document of a guest has it.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// The instance it is about.
    pub instance: InstanceId,
    /// Its kind.
    pub kind: NoticeKind,
    /// When it may start.
    pub not_before: SimTime,
    /// The entry that says that it is in the list.
    pub raised: Entry,
}

/// Every event there ever was, in the order in which they were raised.
pub fn listed(world: &World) -> impl Iterator<Item = Listed> + '_ {
    let all = world.scheduled_events.notices.iter();
    all.map(|&Notice { instance, kind, not_before, raised, .. }| Listed { instance, kind, not_before, raised })
}
