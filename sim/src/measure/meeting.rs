//! Which pools users meet, as writes lead entry points elsewhere.

use crate::plan::Plan;
use crate::world::entry_points::Leading;
use crate::world::ids::{EntryPointId, PoolId};

/// Which pools users meet now.
#[derive(Clone, Debug)]
pub(super) struct Meeting {
    /// By pool, how many entry points with users lead there now.
    leading: Vec<u16>,
    /// By pool: all that are ever in it are in none at any time by which users come, so that each of their pools counts.
    alone: Vec<bool>,
    /// Where each entry point leads now.
    leads: Vec<Option<PoolId>>,
}

impl Meeting {
    pub(super) fn new(plan: &Plan) -> Self {
        let ever = Leading::new(plan);
        let by_users = |at: u16| !ever.to(PoolId(at)).is_empty();
        let pools = || 0..plan.pools.len() as u16;
        let is_alone = |set: usize| !pools().any(|pool| by_users(pool) && plan.joins(set, pool));
        let of_alone = |at: u16| (0..plan.sets.len()).any(|set| plan.joins(set, at) && is_alone(set));
        let leads: Vec<Option<PoolId>> = plan.entry_points.iter().map(|entry| entry.pool()).collect();
        let users_at = |pool: u16| {
            let there = |(at, to): &(usize, &Option<PoolId>)| {
                **to == Some(PoolId(pool)) && plan.entry_points[*at].traffic.is_some()
            };
            leads.iter().enumerate().filter(there).count() as u16
        };
        Self { leading: pools().map(users_at).collect(), alone: pools().map(of_alone).collect(), leads }
    }

    /// Whether new connections of users go to what is in rotation in a pool. Where nobody comes by a pool, as to try the idle slot of a
    /// swap, it says nothing of who serves users. Where nobody ever comes to a set at all, each of its pools does.
    #[inline]
    pub(super) fn is(&self, pool: PoolId) -> bool {
        self.leading[pool.index()] > 0 || self.alone[pool.index()]
    }

    /// Whether a pool counts although nobody comes.
    pub(super) fn is_alone(&self, pool: PoolId) -> bool {
        self.alone[pool.index()]
    }

    /// An entry point, and what of users is led to it, leads there from now on; gives the pools of which users meet another number.
    pub(super) fn lead(&mut self, plan: &Plan, entry_point: EntryPointId, to: Option<PoolId>) -> Vec<PoolId> {
        let mut touched = Vec::new();
        for id in plan.with_routed(entry_point) {
            let from = std::mem::replace(&mut self.leads[id.index()], to);
            if plan.entry_point(id).traffic.is_none() || from == to {
                continue;
            }
            if let Some(pool) = from {
                self.leading[pool.index()] -= 1;
                touched.push(pool);
            }
            if let Some(pool) = to {
                self.leading[pool.index()] += 1;
                touched.push(pool);
            }
        }
        touched.sort_unstable();
        touched.dedup();
        touched
    }
}
