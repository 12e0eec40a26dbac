//! The fleet as its facts say it is: which instances there are, where, with what code, in which rotation, and what each would do with a
//! request. Whatever follows single instances over time looks at this one projection: each record is applied once, and observers
//! see the fleet before it and after it.

use crate::engine::time::SimTime;
use crate::plan::{Code, Plan};
use crate::world::fact::{Fact, Health, Operation, Placement, PowerFact, Record, Service};
use crate::world::ids::{ImageId, InstanceId, PoolId, SetId};
use crate::world::run::Sink;

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
    /// It left the pool, and may come back.
    left: bool,
    /// The membership of the same instance before it: a place in the table, counted from 1; 0 if it had none.
    before: u32,
}

/// An instance. One is kept for every instance there ever was, without room of its own elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct InstanceView {
    /// Its scale set.
    pub set: SetId,
    /// The image on its OS disk.
    pub image: ImageId,
    /// Where it stands.
    pub at: Placement,
    /// The code on it.
    pub code: Option<Code>,
    /// What it would do with a request.
    pub service: Service,
    /// Its machine runs.
    pub running: bool,
    /// Its operating system is up.
    pub booted: bool,
    /// Its boot or an extension failed.
    pub failed: bool,
    /// Its deletion began.
    pub deleting: bool,
    /// It is gone.
    pub gone: bool,
    /// It was in some rotation before, or is now.
    pub was_in_rotation: bool,
    /// Its health, as the controllers of its set know it.
    pub health: Option<Health>,
    /// In how many pools new connections go to it.
    taking: u16,
    /// Its last membership: a place in the table, counted from 1; 0 if it was in no pool yet.
    last: u32,
}

const _: () = assert!(size_of::<InstanceView>() <= 28 && size_of::<Membership>() <= 12);

impl InstanceView {
    /// Whether new connections of any pool go to it.
    #[must_use]
    pub const fn in_rotation(&self) -> bool {
        self.taking > 0
    }

    /// Whether it is there: not deleted, nor being deleted.
    #[must_use]
    pub const fn is_present(&self) -> bool {
        !self.deleting
    }

    /// What it is now; `None` once it is gone. What meets users comes first: an instance on its way out that is still in
    /// rotation harms them, whatever else it is.
    #[must_use]
    pub fn lane(&self) -> Option<LaneState> {
        if self.gone {
            return None;
        }
        Some(match (self.in_rotation(), self.service) {
            (true, Service::Ready) => LaneState::Serving,
            (true, Service::Stale) => LaneState::StaleServing,
            (true, Service::Cannot) => LaneState::NotServing,
            (false, _) if self.deleting => LaneState::Deleting,
            (false, _) if self.failed => LaneState::Failed,
            (false, Service::Ready | Service::Stale) => LaneState::Ready,
            (false, Service::Cannot) if self.was_in_rotation => LaneState::Out,
            (false, Service::Cannot) if self.booted => LaneState::Starting,
            (false, Service::Cannot) if self.running => LaneState::Booting,
            (false, Service::Cannot) => LaneState::Creating,
        })
    }
}

/// The memberships of all instances, each of which knows the one that its instance had before.
#[derive(Clone, Debug, Default)]
struct Memberships(Vec<Membership>);

impl Memberships {
    fn places(&self, unit: &InstanceView) -> impl Iterator<Item = usize> {
        let place = |at: u32| at.checked_sub(1).map(|at| at as usize);
        std::iter::successors(place(unit.last), move |&at| place(self.0[at].before))
    }

    fn join(&mut self, unit: &mut InstanceView, pool: PoolId) {
        let again = self.places(unit).find(|&at| self.0[at].pool == pool);
        if let Some(at) = again {
            self.0[at].left = false;
            return;
        }
        self.0.push(Membership { pool, held_up: false, in_rotation: false, left: false, before: unit.last });
        unit.last = self.0.len() as u32;
    }

    fn leave(&mut self, unit: &mut InstanceView, pool: PoolId) {
        self.rotate(unit, pool, false);
        let membership = self.of(unit, pool);
        (membership.left, membership.held_up) = (true, false);
    }

    fn rotate(&mut self, unit: &mut InstanceView, pool: PoolId, is_in: bool) {
        let membership = self.of(unit, pool);
        let was_in = std::mem::replace(&mut membership.in_rotation, is_in);
        unit.taking = unit.taking + u16::from(is_in) - u16::from(was_in);
        unit.was_in_rotation |= is_in;
    }

    fn of(&mut self, unit: &InstanceView, pool: PoolId) -> &mut Membership {
        let at = self.places(unit).find(|&at| self.0[at].pool == pool);
        &mut self.0[at.expect("an instance is in the pool of which a fact speaks")]
    }
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
}

impl<'p> FleetView<'p> {
    /// No instance yet.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        let from_the_start = plan.application.requires.filter(|requires| requires.from.ms() == 0);
        let (instances, memberships) = (Vec::new(), Memberships::default());
        Self { plan, instances, memberships, required: from_the_start.map(|requires| requires.code) }
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
    pub fn pools(&self, unit: &InstanceView) -> impl Iterator<Item = &Membership> {
        self.memberships.places(unit).map(|at| &self.memberships.0[at]).filter(|membership| !membership.left)
    }

    /// Whether an instance has the code users need now.
    #[must_use]
    pub fn is_current(&self, unit: &InstanceView) -> bool {
        self.required.is_none_or(|required| unit.code.is_some_and(|code| code >= required))
    }

    /// Takes in a record.
    pub fn take(&mut self, record: &Record) {
        if let Some(instance) = record.fact.instance()
            && let Some(unit) = self.instances.get_mut(instance.index())
        {
            change(unit, &mut self.memberships, &record.fact);
            return;
        }
        match record.fact {
            Fact::InstancePresent { set, image, at, .. } => self.add(set, image, at, true),
            Fact::InstanceCreated { set, image, at, .. } => self.add(set, image, at, false),
            Fact::CodeReleased { code } => self.required = Some(code),
            _ => {}
        }
    }

    /// An instance comes: asked for, or up from before the run began. What it can do, and the code that was installed on it, is said
    /// besides.
    fn add(&mut self, set: SetId, image: ImageId, at: Placement, up: bool) {
        self.instances.push(InstanceView {
            set,
            image,
            at,
            code: self.plan.images[image.index()].code,
            service: Service::Cannot,
            running: up,
            booted: up,
            failed: false,
            deleting: false,
            gone: false,
            was_in_rotation: false,
            health: None,
            taking: 0,
            last: 0,
        });
    }
}

/// Looks at the fleet as records change it.
pub trait Observer {
    /// A record is about to be applied.
    fn before(&mut self, _: &FleetView<'_>, _: &Record) {}

    /// A record was applied.
    fn after(&mut self, _: &FleetView<'_>, _: &Record) {}

    /// The run is over.
    fn end(&mut self, _: &FleetView<'_>, _: SimTime) {}
}

impl<A: Observer, B: Observer> Observer for (A, B) {
    fn before(&mut self, fleet: &FleetView<'_>, record: &Record) {
        self.0.before(fleet, record);
        self.1.before(fleet, record);
    }

    fn after(&mut self, fleet: &FleetView<'_>, record: &Record) {
        self.0.after(fleet, record);
        self.1.after(fleet, record);
    }

    fn end(&mut self, fleet: &FleetView<'_>, at: SimTime) {
        self.0.end(fleet, at);
        self.1.end(fleet, at);
    }
}

/// The fleet of a run with those who look at it.
#[derive(Clone, Debug)]
pub struct Watched<'p, O> {
    /// The fleet.
    pub fleet: FleetView<'p>,
    /// Who looks at it.
    pub observers: O,
}

impl<'p, O: Observer> Watched<'p, O> {
    /// No instance yet.
    #[must_use]
    pub fn new(plan: &'p Plan, observers: O) -> Self {
        Self { fleet: FleetView::new(plan), observers }
    }
}

impl<O: Observer> Sink for Watched<'_, O> {
    fn record(&mut self, record: &Record) {
        self.observers.before(&self.fleet, record);
        self.fleet.take(record);
        self.observers.after(&self.fleet, record);
    }

    fn end(&mut self, at: SimTime) {
        self.observers.end(&self.fleet, at);
    }
}

/// What a fact changes about the instance it concerns.
fn change(unit: &mut InstanceView, memberships: &mut Memberships, fact: &Fact) {
    match *fact {
        Fact::UpdateStarted { how, .. } if how != Operation::Extensions => {
            (unit.running, unit.booted, unit.failed) = (false, false, false);
        }
        Fact::UpdateStarted { .. } => unit.failed = false,
        Fact::Power(PowerFact::Deallocating { .. } | PowerFact::Stopping { .. }) => {
            (unit.running, unit.booted, unit.failed) = (false, false, false);
        }
        Fact::HealthCleared { .. } => unit.health = None,
        Fact::InstanceRunning { .. } => unit.running = true,
        Fact::InstanceBooted { .. } => unit.booted = true,
        Fact::BootFailed { .. }
        | Fact::ExtensionFailed { .. }
        | Fact::ExtensionsTimedOut { .. }
        | Fact::UpdateRefused { .. } => unit.failed = true,
        // Nothing states that what is being deleted cannot serve: it follows.
        Fact::InstanceDeleting { .. } => (unit.deleting, unit.service) = (true, Service::Cannot),
        Fact::DeletionFailed { again: false, .. } => (unit.deleting, unit.failed) = (false, true),
        Fact::InstanceDeleted { .. } => unit.gone = true,
        Fact::DiskSwapped { image, code, .. } => (unit.image, unit.code) = (image, code),
        Fact::CodeInstalled { code, .. } => unit.code = Some(code),
        Fact::ServiceChanged { to, .. } => unit.service = to,
        Fact::HealthReported { to, .. } => unit.health = Some(to),
        Fact::JoinedPool { pool, .. } => memberships.join(unit, pool),
        Fact::LeftPool { pool, .. } => memberships.leave(unit, pool),
        Fact::ProbeUp { pool, .. } => memberships.of(unit, pool).held_up = true,
        Fact::ProbeDown { pool, .. } => memberships.of(unit, pool).held_up = false,
        Fact::InRotation { pool, probed_up, .. } => {
            memberships.rotate(unit, pool, true);
            // The probe of an instance that was present from the start said so before the run began.
            memberships.of(unit, pool).held_up |= probed_up;
        }
        Fact::OutOfRotation { pool, .. } => memberships.rotate(unit, pool, false),
        _ => {}
    }
}
