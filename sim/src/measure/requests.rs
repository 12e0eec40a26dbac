//! The requests of all entry points, read from the facts: which instances are backends of which, and what they do.

use super::backends::Backends;
use super::entry_point::Totals;
use crate::engine::time::SimTime;
use crate::plan::Plan;
use crate::rules;
use crate::world::fact::{Fact, FlowFact, Flows, Record, Service};
use crate::world::ids::{InstanceId, PoolId};

/// The backends of every entry point that has traffic.
#[derive(Clone, Debug)]
pub struct Requests<'p> {
    plan: &'p Plan,
    pools: Vec<Option<Backends<'p>>>,
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

/// An instance among the backends of a pool.
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
        let backends = plan.pools.iter().map(|pool| Some(Backends::new(plan, pool, pool.traffic.as_ref()?)));
        Self { plan, pools: backends.collect(), before: Vec::new() }
    }

    /// The backends of an entry point; `None` where it has no traffic.
    #[must_use]
    pub fn of(&self, pool: PoolId) -> Option<&Backends<'p>> {
        self.pools[pool.index()].as_ref()
    }

    /// The entry points in which something changed since that was last asked.
    pub fn take_changed(&mut self) -> impl Iterator<Item = PoolId> {
        let pools = self.pools.iter_mut().enumerate();
        pools.filter_map(|(at, pool)| pool.as_mut()?.take_changed().then_some(PoolId(at as u16)))
    }

    /// What came of the requests of each entry point; nothing where it has no traffic.
    pub fn totals(&self) -> impl Iterator<Item = Totals> {
        self.pools.iter().map(|pool| pool.as_ref().map_or_else(Totals::default, Backends::totals))
    }

    /// Integrates up to this instant.
    pub fn advance(&mut self, to: SimTime) {
        for pool in self.pools.iter_mut().flatten() {
            pool.advance(to);
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
                    if let Some(backends) = &mut self.pools[membership.pool.index()] {
                        backends.serve(at, membership.backend as usize, to);
                    }
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
            Fact::ConnectionsClosed { instance, pool } => {
                self.member(known.backend(instance), pool, |backends, index| backends.close(at, index));
            }
            Fact::Flow(FlowFact::Remapped { pool }) => {
                if let Some(backends) = &mut self.pools[pool.index()] {
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
        let Some(backends) = &mut self.pools[pool.index()] else { return };
        let backend = backends.join(at);
        let before = row.last().map_or(0, |last| {
            self.before.push(last);
            self.before.len() as u32
        });
        (row.backend, row.before, row.pool) = (backend, before, pool);
        if let Some(service) = row.service {
            backends.serve(at, backend as usize, service);
        }
    }

    /// Does something with the backends of a pool and the number that an instance has among them.
    fn member(&mut self, of: &Backend, pool: PoolId, with: impl FnOnce(&mut Backends<'p>, usize)) {
        let Some(backends) = &mut self.pools[pool.index()] else { return };
        let mut membership = of.last().expect("an instance joins a pool before it does anything in it");
        while membership.pool != pool {
            membership = self.before[membership.before as usize - 1];
        }
        with(backends, membership.backend as usize);
    }

    /// The membership that an instance had before this one.
    fn before(&self, membership: Membership) -> Option<Membership> {
        Some(self.before[membership.before.checked_sub(1)? as usize])
    }
}
