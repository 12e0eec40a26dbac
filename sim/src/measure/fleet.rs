//! The fleet as its facts say it is: which instances there are, where, with what code, in which rotation, and what each would do with a
//! request. Whatever follows single instances over time looks at this one projection: each record is applied once, and observers
//! see the fleet before it and after it.

use super::meeting::Meeting;
pub use super::watched::{Observer, Watched};
use crate::plan::{Code, Plan};
use crate::rules::key;
use crate::world::fact::{Fact, Health, Operation, OperatorFact, Placement, PowerFact, Record, Service, WriteFact};
use crate::world::ids::{EntryPointId, ImageId, InstanceId, PoolId, SetId};

/// What an instance is, seen by someone who knows the truth: the colours of the heat map.
///
/// Exactly one holds at any time from creation to the end of the deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum LaneState {
    /// Asked for; its machine does not run yet.
    Creating = 0,
    /// Its operating system comes up.
    Booting = 1,
    /// Its operating system is up; it cannot serve yet and was never in rotation.
    Starting = 2,
    /// It could serve, and no new connections go to it.
    Ready = 3,
    /// In rotation, and serves with the code users need.
    Serving = 4,
    /// In rotation, and serves code older than users need.
    StaleServing = 5,
    /// In rotation, and cannot serve.
    NotServing = 6,
    /// It was in rotation, is not any more, and cannot serve.
    Out = 7,
    /// It did not come up: its boot or an extension failed.
    Failed = 8,
    /// Being deleted, and out of rotation.
    Deleting = 9,
}

impl LaneState {
    /// Every state, by its number.
    pub const ALL: [Self; 10] = [
        Self::Creating,
        Self::Booting,
        Self::Starting,
        Self::Ready,
        Self::Serving,
        Self::StaleServing,
        Self::NotServing,
        Self::Out,
        Self::Failed,
        Self::Deleting,
    ];

    /// The state in the form of a key: `notServing`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Creating => "creating",
            Self::Booting => "booting",
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Serving => "serving",
            Self::StaleServing => "staleServing",
            Self::NotServing => "notServing",
            Self::Out => "out",
            Self::Failed => "failed",
            Self::Deleting => "deleting",
        }
    }

    /// Whether users are harmed by what is in this state: it is in rotation and does not serve them well.
    #[must_use]
    pub const fn harms(self) -> bool {
        matches!(self, Self::StaleServing | Self::NotServing)
    }
}

/// An instance in a pool.
#[derive(Clone, Copy, Debug)]
pub struct Membership {
    /// The pool.
    pub pool: PoolId,
    /// The balancer's probe holds it up.
    pub held_up: bool,
    /// New connections go to it.
    pub in_rotation: bool,
    /// It left the pool. Where it comes back, that is another membership.
    left: bool,
    /// Its number among all that ever joined the pool.
    pub(super) backend: u32,
    /// The membership of the same instance before it: a place in the table, counted from 1; 0 if it had none.
    before: u32,
}

/// A release of the code, if one is known, in two bytes; the greatest number is for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CodeId(u16);

impl CodeId {
    fn of(code: Option<Code>) -> Self {
        assert!(code != Some(u16::MAX), "there are fewer releases");
        Self(code.unwrap_or(u16::MAX))
    }
}

/// What is so of an instance or is not, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Marks(u16);

impl Marks {
    /// Its machine runs.
    const RUNNING: u16 = 1;
    /// Its operating system is up.
    const BOOTED: u16 = 1 << 1;
    /// Its boot or an extension failed.
    const FAILED: u16 = 1 << 2;
    /// Its deletion began.
    const DELETING: u16 = 1 << 3;
    /// It is gone.
    const GONE: u16 = 1 << 4;
    /// New connections of some pool that users meet go to it.
    const IN_ROTATION: u16 = 1 << 5;
    /// They did before, or do now.
    const WAS_IN_ROTATION: u16 = 1 << 6;
    /// Its deletion began, and nothing was said since of how it serves.
    const SILENT: u16 = 1 << 7;
    /// What is known of its last membership: it has one, is held up, in rotation, and has left.
    const MEMBER: u16 = 1 << 8;
    const HELD_UP: u16 = 1 << 9;
    const MEMBER_IN: u16 = 1 << 10;
    const LEFT: u16 = 1 << 11;
    /// All of them.
    const MEMBERSHIP: u16 = Self::MEMBER | Self::HELD_UP | Self::MEMBER_IN | Self::LEFT;

    const fn has(self, mark: u16) -> bool {
        self.0 & mark != 0
    }

    const fn set(&mut self, marks: u16, to: bool) {
        self.0 = if to { self.0 | marks } else { self.0 & !marks };
    }
}

/// An instance. One is kept for every instance there ever was, so it is packed. Its last membership, which mostly is its only one,
/// is in it.
#[derive(Clone, Copy, Debug)]
pub struct InstanceView {
    /// Its scale set.
    pub set: SetId,
    /// The image on its OS disk.
    pub image: ImageId,
    code: CodeId,
    marks: Marks,
    /// Its last membership.
    pool: PoolId,
    /// Where it stands.
    pub at: Placement,
    /// What it would do with a request, as last said.
    pub(super) said: Option<Service>,
    /// Its health, as the controllers of its set know it.
    pub health: Option<Health>,
    backend: u32,
    before: u32,
}

const _: () = assert!(size_of::<InstanceView>() <= 24 && size_of::<Membership>() <= 16);

impl InstanceView {
    /// Whether new connections of any pool that users meet go to it.
    #[must_use]
    pub const fn in_rotation(&self) -> bool {
        self.marks.has(Marks::IN_ROTATION)
    }

    /// Whether it is there: not deleted, nor being deleted.
    #[must_use]
    pub const fn is_present(&self) -> bool {
        !self.marks.has(Marks::DELETING)
    }

    /// Whether its system is up, and nobody works on it as a machine.
    #[must_use]
    pub const fn is_up(&self) -> bool {
        self.marks.has(Marks::BOOTED)
    }

    /// Whether it is gone.
    #[must_use]
    pub const fn is_gone(&self) -> bool {
        self.marks.has(Marks::GONE)
    }

    /// The code on it.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        (self.code.0 < u16::MAX).then_some(self.code.0)
    }

    /// What it would do with a request. Nothing states that what is being deleted cannot serve: it follows.
    #[must_use]
    pub fn service(&self) -> Service {
        self.said.filter(|_| !self.marks.has(Marks::SILENT)).unwrap_or_default()
    }

    #[inline]
    fn membership(&self) -> Option<Membership> {
        let (marks, pool, backend, before) = (self.marks, self.pool, self.backend, self.before);
        let [held_up, in_rotation, left] = [Marks::HELD_UP, Marks::MEMBER_IN, Marks::LEFT].map(|mark| marks.has(mark));
        let last = Membership { pool, held_up, in_rotation, left, backend, before };
        marks.has(Marks::MEMBER).then_some(last)
    }

    /// What it is now; `None` once it is gone. What meets users comes first: an instance on its way out that is still in
    /// rotation harms them, whatever else it is.
    #[must_use]
    pub fn lane(&self) -> Option<LaneState> {
        if self.is_gone() {
            return None;
        }
        let has = |mark| self.marks.has(mark);
        Some(match (self.in_rotation(), self.service()) {
            (true, Service::Ready) => LaneState::Serving,
            (true, Service::Stale) => LaneState::StaleServing,
            (true, Service::Cannot) => LaneState::NotServing,
            (false, _) if has(Marks::DELETING) => LaneState::Deleting,
            (false, _) if has(Marks::FAILED) => LaneState::Failed,
            (false, Service::Ready | Service::Stale) => LaneState::Ready,
            (false, Service::Cannot) if has(Marks::WAS_IN_ROTATION) => LaneState::Out,
            (false, Service::Cannot) if has(Marks::BOOTED) => LaneState::Starting,
            (false, Service::Cannot) if has(Marks::RUNNING) => LaneState::Booting,
            (false, Service::Cannot) => LaneState::Creating,
        })
    }
}

/// The memberships that instances had before their last, each of which knows the one before it.
#[derive(Clone, Debug)]
struct Memberships {
    before: Vec<Membership>,
    /// How many ever joined each pool.
    joined: Vec<u32>,
    /// Whether rotation in each pool is rotation for users.
    meeting: Meeting,
}

impl Memberships {
    /// All of an instance, the last first.
    #[inline]
    fn of(&self, unit: &InstanceView) -> impl Iterator<Item = Membership> {
        let before = |of: &Membership| Some(self.before[of.before.checked_sub(1)? as usize]);
        std::iter::successors(unit.membership(), before)
    }

    fn join(&mut self, unit: &mut InstanceView, pool: PoolId) -> bool {
        unit.before = unit.membership().map_or(0, |last| {
            self.before.push(last);
            self.before.len() as u32
        });
        unit.backend = self.joined[pool.index()];
        self.joined[pool.index()] += 1;
        unit.pool = pool;
        unit.marks.set(Marks::MEMBERSHIP, false);
        unit.marks.set(Marks::MEMBER, true);
        false
    }

    fn leave(&mut self, unit: &mut InstanceView, pool: PoolId) -> bool {
        let was_in = self.rotate(unit, pool, false);
        self.hold(unit, pool, false);
        self.set(unit, pool, Marks::LEFT, true);
        was_in
    }

    /// New connections of a pool go to an instance, or no longer; gives whether they did.
    #[inline]
    fn rotate(&mut self, unit: &mut InstanceView, pool: PoolId, is_in: bool) -> bool {
        let was_in = self.set(unit, pool, Marks::MEMBER_IN, is_in);
        let any = is_in && self.meeting.is(pool) || unit.before > 0 && self.is_in_any(unit);
        Self::mark(unit, any);
        was_in
    }

    /// Users meet an instance by a new connection, or do so no longer.
    #[inline]
    fn mark(unit: &mut InstanceView, meets: bool) {
        unit.marks.set(Marks::IN_ROTATION, meets);
        unit.marks.0 |= if meets { Marks::WAS_IN_ROTATION } else { 0 };
    }

    /// Whether new connections of any pool that users meet go to an instance that joined several.
    #[inline(never)]
    fn is_in_any(&self, unit: &InstanceView) -> bool {
        self.of(unit).any(|membership| membership.in_rotation && self.meeting.is(membership.pool))
    }

    #[inline]
    fn hold(&mut self, unit: &mut InstanceView, pool: PoolId, up: bool) {
        self.set(unit, pool, Marks::HELD_UP, up);
    }

    /// Changes a mark of the membership of an instance in a pool, the latest if there are several; gives what it was.
    #[inline]
    fn set(&mut self, unit: &mut InstanceView, pool: PoolId, mark: u16, to: bool) -> bool {
        if unit.pool == pool {
            let was = unit.marks.has(mark);
            unit.marks.set(mark, to);
            return was;
        }
        self.set_before(unit.before, pool, mark, to)
    }

    /// The same where it is none of the last memberships.
    #[inline(never)]
    fn set_before(&mut self, last: u32, pool: PoolId, mark: u16, to: bool) -> bool {
        let mut place = last;
        loop {
            let at = place.checked_sub(1).expect("an instance is in the pool of which a fact speaks");
            let of = &mut self.before[at as usize];
            if of.pool == pool {
                let flag = match mark {
                    Marks::HELD_UP => &mut of.held_up,
                    Marks::MEMBER_IN => &mut of.in_rotation,
                    _ => &mut of.left,
                };
                return std::mem::replace(flag, to);
            }
            place = of.before;
        }
    }
}

/// What a record changed of an instance that was there before.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The instance as it was.
    pub before: InstanceView,
    /// Whether new connections of the pool that the record names went to it.
    pub was_in: bool,
}

/// The fleet.
#[derive(Clone, Debug)]
pub struct FleetView<'p> {
    plan: &'p Plan,
    /// Every instance there ever was, by id.
    pub instances: Vec<InstanceView>,
    memberships: Memberships,
    /// The code users need now, if they need any.
    pub required: Option<Code>,
    /// Those that users meet from the last record on, or no longer, because it led users elsewhere: each as it was.
    turned: Vec<(InstanceId, InstanceView)>,
}

impl<'p> FleetView<'p> {
    /// No instance yet.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        let from_the_start = plan.application.requires.filter(|requires| requires.from.ms() == 0);
        let instances = Vec::with_capacity(plan.initial_instances());
        let memberships =
            Memberships { before: Vec::new(), joined: vec![0; plan.pools.len()], meeting: Meeting::new(plan) };
        let required = from_the_start.map(|requires| requires.code);
        Self { plan, instances, memberships, required, turned: Vec::new() }
    }

    /// The instances that the last record put in rotation or out of it because it led users elsewhere, each as it was before.
    #[must_use]
    pub fn turned(&self) -> &[(InstanceId, InstanceView)] {
        &self.turned
    }

    /// Whether what is in rotation in a pool counts although nobody ever comes to it: nobody comes to its sets at all.
    pub(super) fn counts_alone(&self, pool: PoolId) -> bool {
        self.memberships.meeting.is_alone(pool)
    }

    /// What the fleet is read against.
    #[must_use]
    pub const fn plan(&self) -> &'p Plan {
        self.plan
    }

    /// The instance, if it is known.
    #[must_use]
    pub fn unit(&self, instance: InstanceId) -> Option<&InstanceView> {
        self.instances.get(instance.index())
    }

    /// The pools that an instance has joined and not left.
    pub fn pools(&self, unit: &InstanceView) -> impl Iterator<Item = Membership> {
        self.memberships(unit).filter(|membership| !membership.left)
    }

    /// All memberships that an instance ever had, the last first.
    #[inline]
    pub(super) fn memberships(&self, unit: &InstanceView) -> impl Iterator<Item = Membership> {
        self.memberships.of(unit)
    }

    /// The latest membership of an instance in a pool.
    #[inline]
    pub(super) fn member(&self, unit: &InstanceView, pool: PoolId) -> Option<Membership> {
        self.memberships(unit).find(|membership| membership.pool == pool)
    }

    /// Whether an instance has the code users need now.
    #[must_use]
    pub fn is_current(&self, unit: &InstanceView) -> bool {
        self.required.is_none_or(|required| unit.code().is_some_and(|code| code >= required))
    }

    /// Takes in a record; gives what an instance was, if it may have changed what it does for users.
    #[inline(always)]
    pub fn take(&mut self, record: &Record) -> Option<Change> {
        const MACHINE: u16 = Marks::RUNNING | Marks::BOOTED | Marks::FAILED;
        if !self.turned.is_empty() {
            self.turned.clear();
        }
        match record.fact {
            Fact::ServiceChanged { instance, to } => self.serve(instance, to),
            Fact::InRotation { instance, pool, probed_up } => self.rotate((instance, pool), true, probed_up),
            Fact::OutOfRotation { instance, pool, probed_up, .. } => self.rotate((instance, pool), false, probed_up),
            Fact::Write(WriteFact::ProbesEnded { instance, pool }) => self.hold(instance, pool, false),
            Fact::Write(WriteFact::Led { entry_point, pool, .. }) => self.lead(entry_point, Some(pool)),
            Fact::Write(WriteFact::Off { entry_point, .. }) => self.lead(entry_point, None),
            Fact::HealthReported { instance, to } => self.health(instance, Some(to)),
            Fact::ProbeUp { instance, pool } => self.hold(instance, pool, true),
            Fact::ProbeDown { instance, pool, .. } => self.hold(instance, pool, false),
            Fact::InstancePresent { set, image, at, .. } => self.add(set, image, at, true),
            Fact::InstanceCreated { set, image, at, .. } => self.add(set, image, at, false),
            Fact::CodeReleased { code } => {
                self.required = Some(code);
                None
            }
            Fact::UpdateStarted { instance, how: Operation::Extensions, .. } => {
                self.mark(instance, Marks::FAILED, false)
            }
            Fact::UpdateStarted { instance, .. } => self.mark(instance, MACHINE, false),
            Fact::Power(PowerFact::Deallocating { instance } | PowerFact::Stopping { instance, .. }) => {
                self.mark(instance, MACHINE, false);
                self.stop(instance)
            }
            Fact::HealthCleared { instance } => self.health(instance, None),
            Fact::InstanceRunning { instance } => self.mark(instance, Marks::RUNNING, true),
            Fact::InstanceBooted { instance } => self.mark(instance, Marks::BOOTED, true),
            Fact::BootFailed { instance }
            | Fact::ExtensionFailed { instance, .. }
            | Fact::ExtensionsTimedOut { instance, .. }
            | Fact::UpdateRefused { instance, .. } => self.mark(instance, Marks::FAILED, true),
            Fact::InstanceDeleting { instance, .. } => self.mark(instance, Marks::DELETING | Marks::SILENT, true),
            Fact::DeletionFailed { instance, again: false, .. } => {
                self.mark(instance, Marks::DELETING, false);
                self.mark(instance, Marks::FAILED, true)
            }
            Fact::InstanceDeleted { instance } => self.mark(instance, Marks::GONE, true),
            Fact::Operator(OperatorFact::PlacedAnew { instance, at }) => self.of(instance, |unit, _| {
                unit.at = at;
                false
            }),
            Fact::DiskSwapped { instance, image, code } => self.install(instance, Some(image), code),
            Fact::CodeInstalled { instance, code } => self.install(instance, None, Some(code)),
            Fact::JoinedPool { instance, pool } => self.membership(instance, pool, Memberships::join),
            Fact::LeftPool { instance, pool } => self.membership(instance, pool, Memberships::leave),
            _ => None,
        }
    }

    /// Changes an instance, if it was heard of. What is done to it says whether it took new connections of a pool.
    #[inline(always)]
    fn of(
        &mut self,
        instance: InstanceId,
        how: impl FnOnce(&mut InstanceView, &mut Memberships) -> bool,
    ) -> Option<Change> {
        let unit = self.instances.get_mut(instance.index())?;
        let before = *unit;
        let was_in = how(unit, &mut self.memberships);
        Some(Change { before, was_in })
    }

    /// An instance serves like this from now on.
    #[inline(always)]
    pub(super) fn serve(&mut self, instance: InstanceId, to: Service) -> Option<Change> {
        self.of(instance, |unit, _| {
            unit.said = Some(to);
            unit.marks.set(Marks::SILENT, false);
            false
        })
    }

    /// New connections of a pool go to an instance, or no longer, and its probe holds it up or not. That of one that was present from the
    /// start said that it is up before the run began.
    #[inline(always)]
    pub(super) fn rotate(
        &mut self,
        (instance, pool): (InstanceId, PoolId),
        is_in: bool,
        probed_up: bool,
    ) -> Option<Change> {
        let unit = self.instances.get_mut(instance.index())?;
        let before = *unit;
        self.memberships.hold(unit, pool, probed_up);
        let was_in = self.memberships.rotate(unit, pool, is_in);
        Some(Change { before, was_in })
    }

    /// An entry point leads there from now on: users meet those who are in rotation there, and no longer those where it led before.
    #[inline(never)]
    fn lead(&mut self, entry_point: EntryPointId, to: Option<PoolId>) -> Option<Change> {
        let pools = self.memberships.meeting.lead(self.plan, entry_point, to);
        for (at, unit) in self.instances.iter_mut().enumerate() {
            if !self.memberships.of(unit).any(|membership| membership.in_rotation && pools.contains(&membership.pool)) {
                continue;
            }
            let (before, meets) = (*unit, self.memberships.is_in_any(unit));
            if meets != before.in_rotation() {
                Memberships::mark(unit, meets);
                self.turned.push((InstanceId(at as u32), before));
            }
        }
        None
    }

    /// The machine of an instance stops: the probes of a load balancer hold nothing of it any more, as soon as its pool knows (LB-12).
    /// Where it is in rotation, or pools are slow to know (`lb.leave_delay`), that is said.
    #[inline(never)]
    fn stop(&mut self, instance: InstanceId) -> Option<Change> {
        let unit = self.instances.get_mut(instance.index())?;
        let at_once = self.plan.assumptions.get(key::LbLeaveDelay).ms() == 0;
        let out = self.memberships.of(unit).filter(|of| at_once && !of.left && !of.in_rotation).map(|of| of.pool);
        for pool in out.collect::<Vec<_>>() {
            if self.plan.pools[pool.index()].prober.gateway().is_none() {
                self.hold(instance, pool, false);
            }
        }
        None
    }

    #[inline(never)]
    fn mark(&mut self, instance: InstanceId, marks: u16, to: bool) -> Option<Change> {
        self.instances.get_mut(instance.index())?.marks.set(marks, to);
        None
    }

    #[inline(never)]
    fn install(&mut self, instance: InstanceId, image: Option<ImageId>, code: Option<Code>) -> Option<Change> {
        self.of(instance, |unit, _| {
            (unit.image, unit.code) = (image.unwrap_or(unit.image), CodeId::of(code));
            false
        })
    }

    #[inline(never)]
    fn membership(
        &mut self,
        instance: InstanceId,
        pool: PoolId,
        how: fn(&mut Memberships, &mut InstanceView, PoolId) -> bool,
    ) -> Option<Change> {
        self.of(instance, |unit, memberships| how(memberships, unit, pool))
    }

    #[inline]
    fn health(&mut self, instance: InstanceId, to: Option<Health>) -> Option<Change> {
        self.instances.get_mut(instance.index())?.health = to;
        None
    }

    #[inline]
    pub(super) fn hold(&mut self, instance: InstanceId, pool: PoolId, up: bool) -> Option<Change> {
        self.memberships.hold(self.instances.get_mut(instance.index())?, pool, up);
        None
    }

    /// An instance comes: asked for, or up from before the run began. What it can do, and the code that was installed on it, is said
    /// besides.
    #[inline(never)]
    fn add(&mut self, set: SetId, image: ImageId, at: Placement, up: bool) -> Option<Change> {
        self.instances.push(InstanceView {
            set,
            image,
            code: CodeId::of(self.plan.images[image.index()].code),
            marks: Marks(if up { Marks::RUNNING | Marks::BOOTED } else { 0 }),
            pool: PoolId(0),
            at,
            said: None,
            health: None,
            backend: 0,
            before: 0,
        });
        None
    }
}
