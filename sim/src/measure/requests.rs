//! The requests of all entry points, read from the facts: which instances are backends of which, and what they do.

use super::backends::Backends;
use super::entry_point::Totals;
use crate::engine::time::SimTime;
use crate::plan::Plan;
use crate::rules;
use crate::world::entry_points::Leading;
use crate::world::fact::{Fact, FlowFact, Flows, Record, Service};
use crate::world::ids::{EntryPointId, InstanceId, PoolId};

/// The backends of every entry point that has traffic.
#[derive(Clone, Debug)]
pub struct Requests<'p> {
    plan: &'p Plan,
    /// By entry point.
    entries: Vec<Option<Backends<'p>>>,
    leading: Leading,
    /// The memberships that instances had before their last.
    before: Vec<Membership>,
}

/// What requests need to know of an instance. Its last membership, which mostly is its only one, is in the fields of [`Membership`].
#[derive(Clone, Copy, Debug)]
pub struct Backend {
    backend: u32,
    before: u32,
    pool: PoolId,
    /// What it does with a request, as last said.
    pub(super) service: Option<Service>,
}

const _: () = assert!(size_of::<Backend>() <= 12);

/// Who keeps that for each instance.
pub trait Keeper {
    /// Of this instance.
    fn backend(&mut self, instance: InstanceId) -> &mut Backend;
}

impl Keeper for Vec<Backend> {
    fn backend(&mut self, instance: InstanceId) -> &mut Backend {
        &mut self[instance.index()]
    }
}

impl Backend {
    /// In no pool.
    pub(super) const NEW: Self = Self { backend: u32::MAX, before: 0, pool: PoolId(0), service: None };

    fn last(&self) -> Option<Membership> {
        let last = Membership { backend: self.backend, before: self.before, pool: self.pool };
        (last.backend != u32::MAX).then_some(last)
    }
}

/// An instance among the backends of a pool, and of each entry point that leads to it.
#[derive(Clone, Copy, Debug)]
struct Membership {
    /// Its number among them.
    backend: u32,
    /// The membership of the same instance before it: a place in the table, counted from 1; 0 if it had none.
    before: u32,
    pool: PoolId,
}

impl<'p> Requests<'p> {
    /// No backend yet.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        let backends = plan.entry_points.iter().map(|entry| Some(Backends::new(plan, entry, entry.traffic.as_ref()?)));
        Self { plan, entries: backends.collect(), leading: Leading::new(plan), before: Vec::new() }
    }

    /// The backends of an entry point; `None` where it has no traffic.
    #[must_use]
    pub fn of(&self, entry_point: EntryPointId) -> Option<&Backends<'p>> {
        self.entries[entry_point.index()].as_ref()
    }

    /// The entry points in which something changed since that was last asked.
    pub fn take_changed(&mut self) -> impl Iterator<Item = EntryPointId> {
        let entries = self.entries.iter_mut().enumerate();
        entries.filter_map(|(at, entry)| entry.as_mut()?.take_changed().then_some(EntryPointId(at as u16)))
    }

    /// What came of the requests of each entry point; nothing where it has no traffic.
    pub fn totals(&self) -> impl Iterator<Item = Totals> {
        self.entries.iter().map(|entry| entry.as_ref().map_or_else(Totals::default, Backends::totals))
    }

    /// Integrates up to this instant.
    pub fn advance(&mut self, to: SimTime) {
        for entry in self.entries.iter_mut().flatten() {
            entry.advance(to);
        }
    }

    /// Takes in a fact.
    pub fn record(&mut self, record: &Record, known: &mut impl Keeper) {
        let at = record.time;
        match record.fact {
            Fact::ServiceChanged { instance, to } => {
                let row = known.backend(instance);
                row.service = Some(to);
                let mut next = row.last();
                while let Some(membership) = next {
                    next = self.before(membership);
                    self.each(membership.pool, |backends| backends.serve(at, membership.backend as usize, to));
                }
            }
            Fact::JoinedPool { instance, pool } => self.join(at, pool, known.backend(instance)),
            Fact::InRotation { instance, pool, .. } => {
                self.member(known.backend(instance), pool, |backends, index| {
                    backends.rotate(at, index, true, Flows::Kept)
                });
            }
            Fact::OutOfRotation { instance, pool, flows } => {
                self.member(known.backend(instance), pool, |backends, index| backends.rotate(at, index, false, flows));
            }
            Fact::LeftPool { instance, pool } => {
                let kept = if self.plan.rules.on(rules::LB_23) { Flows::Cut } else { Flows::Kept };
                self.member(known.backend(instance), pool, |backends, index| backends.leave(at, index, kept));
            }
            Fact::ConnectionsClosed { instance, entry_point } => {
                let pool = self.plan.entry_point(entry_point).pool();
                let membership = self.membership(known.backend(instance), pool);
                if let (Some(backends), Some(of)) = (&mut self.entries[entry_point.index()], membership) {
                    backends.close(at, of.backend as usize);
                }
            }
            Fact::Flow(FlowFact::Remapped { entry_point }) => {
                if let Some(backends) = &mut self.entries[entry_point.index()] {
                    backends.remap(at);
                }
            }
            Fact::Flow(FlowFact::Hung { instance, pool }) => {
                self.member(known.backend(instance), pool, |backends, index| backends.hang(at, index, true));
            }
            Fact::Flow(FlowFact::Resumed { instance, pool }) => {
                self.member(known.backend(instance), pool, |backends, index| backends.hang(at, index, false));
            }
            Fact::Flow(FlowFact::Reset { instance, pool }) => {
                self.member(known.backend(instance), pool, |backends, index| {
                    backends.hang(at, index, false);
                    backends.close(at, index);
                })
            }
            _ => {}
        }
    }

    fn join(&mut self, at: SimTime, pool: PoolId, row: &mut Backend) {
        let leading = self.leading.to(pool);
        // All of them had the same backends before.
        let Some(&first) = leading.first() else { return };
        let backend = self.entries[first.index()].as_mut().map_or(0, |backends| backends.join(at));
        for entry_point in &leading[1..] {
            let other = self.entries[entry_point.index()].as_mut().map(|backends| backends.join(at));
            assert_eq!(other, Some(backend), "entry points of one pool have the same backends");
        }
        let before = row.last().map_or(0, |last| {
            self.before.push(last);
            self.before.len() as u32
        });
        (row.backend, row.before, row.pool) = (backend, before, pool);
        if let Some(service) = row.service {
            self.each(pool, |backends| backends.serve(at, backend as usize, service));
        }
    }

    /// Does something with the backends of each entry point that leads to a pool.
    fn each(&mut self, pool: PoolId, with: impl Fn(&mut Backends<'p>)) {
        for &entry_point in self.leading.to(pool) {
            if let Some(backends) = &mut self.entries[entry_point.index()] {
                with(backends);
            }
        }
    }

    /// Does something with the backends of each entry point of a pool and the number that an instance has among them.
    fn member(&mut self, of: &Backend, pool: PoolId, with: impl Fn(&mut Backends<'p>, usize)) {
        if let Some(membership) = self.membership(of, pool) {
            self.each(pool, |backends| with(backends, membership.backend as usize));
        }
    }

    /// The membership of an instance in a pool to which an entry point with traffic leads.
    fn membership(&self, of: &Backend, pool: PoolId) -> Option<Membership> {
        if self.leading.to(pool).is_empty() {
            return None;
        }
        let mut membership = of.last().expect("an instance joins a pool before it does anything in it");
        while membership.pool != pool {
            membership = self.before[membership.before as usize - 1];
        }
        Some(membership)
    }

    /// The membership that an instance had before this one.
    fn before(&self, membership: Membership) -> Option<Membership> {
        Some(self.before[membership.before.checked_sub(1)? as usize])
    }
}
