//! How many cores of a region a subscription may use, and what a request would exceed.
//!
//! Rules: AL-05, AL-06, OP-03, MS-04, SP-15. A request is refused up front, before anything of it is done. What counts is
//! every instance that stands, deallocated or not; of a surge, those beyond the capacity too, and of overprovisioning none
//! of the surplus.

use crate::azure::{scale_set, standby};
use crate::plan::same_family;
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, QuotaPool};
use crate::world::ids::{Entry, SetId};

/// What a request would exceed, in cores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// Which quota.
    pub pool: QuotaPool,
    /// The limit.
    pub limit: u32,
    /// How many are in use.
    pub usage: u32,
    /// How many more the request needs.
    pub needed: u32,
}

impl Exceeded {
    /// The rule that a request is refused by.
    #[must_use]
    pub const fn rule(self) -> RuleId {
        match self.pool {
            QuotaPool::Spot => rules::SP_15,
            QuotaPool::Total | QuotaPool::Family(_) => rules::AL_05,
        }
    }
}

/// The quota of its family that each set counts to.
pub(super) fn families(cx: &Cx<'_>) -> Vec<Option<u16>> {
    let of = |set: &crate::plan::ScaleSet| {
        let family = crate::plan::family(&set.size);
        let quotas = &cx.plan.regions[set.region as usize].quota.families;
        quotas.iter().position(|(name, _)| same_family(name, &family)).map(|at| at as u16)
    };
    cx.plan.sets.iter().map(of).collect()
}

/// The cores of a region that count to a quota now.
fn usage(world: &World, cx: &Cx<'_>, region: u16, pool: QuotaPool) -> u32 {
    let mut cores = 0;
    for (index, set) in cx.plan.sets.iter().enumerate() {
        let of_family = match pool {
            QuotaPool::Family(family) => world.capacity.families[index] == Some(family),
            QuotaPool::Total | QuotaPool::Spot => true,
        };
        if set.region != region || !of_family {
            continue;
        }
        let state = &world.scale_set.sets[index];
        let spot = state.instances.iter().filter(|instance| world.instances.rows[instance.index()].spot).count() as u32;
        // What waits in a standby pool counts, whether it runs or not.
        let waits = standby::count(world, SetId(index as u16));
        let (spot, regular) = match set.spot.spot && set.spot.mix.is_none() {
            true => (spot + waits, state.instances.len() as u32 - spot),
            false => (spot, state.instances.len() as u32 - spot + waits),
        };
        let counted = match pool {
            QuotaPool::Spot => spot,
            _ if cx.on(rules::SP_15) => regular,
            _ => regular + spot,
        };
        // Instances that are to replace others count too (MS-04); surplus does not (OP-03).
        let surge = if cx.on(rules::MS_04) { 0 } else { state.surge.len() as u32 };
        let surplus = if cx.on(rules::OP_03) { scale_set::surplus(world, SetId(index as u16)) } else { 0 };
        cores += counted.saturating_sub(surge + surplus) * set.cores;
    }
    cores
}

/// What one request for this many regular and Spot instances more of a set would exceed, if anything (AL-05).
#[must_use]
pub fn exceeded(world: &World, cx: &Cx<'_>, id: SetId, (regular, spot): (u32, u32)) -> Option<Exceeded> {
    let set = &cx.plan.sets[id.index()];
    let quota = &cx.plan.regions[set.region as usize].quota;
    let own = cx.on(rules::SP_15);
    let needed = set.cores * if own { regular } else { regular + spot };
    let family = world.capacity.families[id.index()];
    let of_family = family.map(|family| (QuotaPool::Family(family), quota.families[family as usize].1, needed));
    let all = [
        quota.total.map(|limit| (QuotaPool::Total, limit, needed)),
        of_family,
        quota.spot.filter(|_| own).map(|limit| (QuotaPool::Spot, limit, set.cores * spot)),
    ];
    all.into_iter().flatten().find_map(|(pool, limit, needed)| {
        let usage = usage(world, cx, set.region, pool);
        (needed > 0 && usage + needed > limit).then_some(Exceeded { pool, limit, usage, needed })
    })
}

/// What a surge by this many instances beyond the capacity would exceed (AL-06), and by how many it is short.
#[must_use]
pub fn surge_exceeds(world: &World, cx: &Cx<'_>, id: SetId, size: u32) -> Option<(Exceeded, u32)> {
    let set = &cx.plan.sets[id.index()];
    let kind = if set.spot.spot && set.spot.mix.is_none() { (0, size) } else { (size, 0) };
    let found = exceeded(world, cx, id, kind).filter(|_| cx.on(rules::AL_06))?;
    let left = found.limit.saturating_sub(found.usage) / set.cores.max(1);
    Some((found, size.saturating_sub(left)))
}

/// Says that a request would exceed a quota (AL-05).
pub fn say(cx: &mut Cx<'_>, set: SetId, exceeded: Exceeded, rule: RuleId, cause: Entry) -> Entry {
    let Exceeded { pool, limit, usage, needed } = exceeded;
    cx.say(Fact::QuotaExceeded { set, pool, limit, usage, needed }, cause, rule)
}
