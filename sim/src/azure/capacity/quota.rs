//! How many cores of a region a subscription may use, and what a request would exceed.
//!
//! Rules: AL-05, AL-06, OP-03, MS-04, SP-15. A request is refused up front, before anything of it is done. What counts is
//! every instance that is present, deallocated or not; of a surge, those beyond the capacity too, and of overprovisioning none
//! of the surplus.

use crate::azure::instances::Row;
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

/// The quota of its family that a size counts to in a region.
fn family_of(cx: &Cx<'_>, region: u16, size: &str) -> Option<u16> {
    let quotas = &cx.plan.regions[region as usize].quota.families;
    if quotas.is_empty() {
        return None;
    }
    let family = crate::plan::family(size);
    quotas.iter().position(|(name, _)| same_family(name, &family)).map(|at| at as u16)
}

/// The cores of a machine, as far as they count to a quota, by the size that each revision of the model of a set has.
fn cores_by_revision(world: &World, cx: &Cx<'_>, id: SetId, pool: QuotaPool) -> Vec<u32> {
    let (set, models) = (&cx.plan.sets[id.index()], &world.scale_set.sets[id.index()].models);
    let of = |by: Option<usize>| match pool {
        QuotaPool::Family(family) if family_of(cx, set.region, cx.plan.size(id.index(), by)) != Some(family) => 0,
        QuotaPool::Family(_) | QuotaPool::Total | QuotaPool::Spot => cx.plan.cores(id.index(), by),
    };
    let mut all: Vec<u32> = Vec::with_capacity(models.len());
    for (revision, model) in models.iter().enumerate() {
        let as_before = revision > 0 && models[revision - 1].size == model.size;
        all.push(if as_before { all[revision - 1] } else { of(model.by_size()) });
    }
    all
}

/// The cores of a region that count to a quota now.
fn usage(world: &World, cx: &Cx<'_>, region: u16, pool: QuotaPool) -> u32 {
    let mut cores = 0;
    for (index, set) in cx.plan.sets.iter().enumerate() {
        if set.region != region {
            continue;
        }
        let (state, id) = (&world.scale_set.sets[index], SetId(index as u16));
        let by_revision = cores_by_revision(world, cx, id, pool);
        let newest = *by_revision.last().expect("a set has a model");
        let (mut spot, mut regular) = (0, 0);
        for instance in &state.instances {
            let row = &world.instances.rows[instance.index()];
            *if row.spot { &mut spot } else { &mut regular } += by_revision[row.revision as usize];
        }
        // What waits in a standby pool counts, whether it runs or not.
        let all_spot = set.spot.spot && set.spot.mix.is_none();
        *if all_spot { &mut spot } else { &mut regular } += standby::count(world, id) * newest;
        let counted = match pool {
            QuotaPool::Spot => spot,
            _ if cx.on(rules::SP_15) => regular,
            _ => regular + spot,
        };
        // Instances that are to replace others count too (MS-04); surplus does not (OP-03).
        let surge = if cx.on(rules::MS_04) { 0 } else { state.surge.len() as u32 };
        let surplus = if cx.on(rules::OP_03) { scale_set::surplus(world, id) } else { 0 };
        cores += counted.saturating_sub((surge + surplus) * newest);
    }
    cores
}

/// What one request for this many regular and Spot instances more of a set would exceed, if anything (AL-05).
#[must_use]
pub fn exceeded(world: &World, cx: &Cx<'_>, id: SetId, (regular, spot): (u32, u32)) -> Option<Exceeded> {
    let by = world.scale_set.newest(id).by_size();
    let (cores, own) = (cx.plan.cores(id.index(), by), cx.on(rules::SP_15));
    let needed = cores * if own { regular } else { regular + spot };
    first_exceeded(world, cx, id, (needed, needed, cores * spot))
}

/// What an instance of another size would exceed: it needs what the new one has more, and all of it where that is of another
/// family.
#[must_use]
pub fn resize_exceeds(
    world: &World,
    cx: &Cx<'_>,
    row: &Row,
    (had, to): (Option<usize>, Option<usize>),
) -> Option<Exceeded> {
    let (set, region) = (row.set.index(), cx.plan.sets[row.set.index()].region);
    let family = |by| family_of(cx, region, cx.plan.size(set, by));
    let more = cx.plan.cores(set, to).saturating_sub(cx.plan.cores(set, had));
    let of_family = if family(had) == family(to) { more } else { cx.plan.cores(set, to) };
    let needed = match row.spot && cx.on(rules::SP_15) {
        true => (0, 0, more),
        false => (more, of_family, 0),
    };
    first_exceeded(world, cx, row.set, needed).filter(|exceeded| cx.on(exceeded.rule()))
}

/// The first quota that cannot bear so many cores more: of all regular ones, of those of the family, of Spot.
fn first_exceeded(
    world: &World,
    cx: &Cx<'_>,
    id: SetId,
    (total, of_family, spot): (u32, u32, u32),
) -> Option<Exceeded> {
    let region = cx.plan.sets[id.index()].region;
    let quota = &cx.plan.regions[region as usize].quota;
    let size = cx.plan.size(id.index(), world.scale_set.newest(id).by_size());
    let family = family_of(cx, region, size);
    let of_family = family.map(|family| (QuotaPool::Family(family), quota.families[family as usize].1, of_family));
    let all = [
        quota.total.map(|limit| (QuotaPool::Total, limit, total)),
        of_family,
        quota.spot.filter(|_| cx.on(rules::SP_15)).map(|limit| (QuotaPool::Spot, limit, spot)),
    ];
    all.into_iter().flatten().find_map(|(pool, limit, needed)| {
        let usage = usage(world, cx, region, pool);
        (needed > 0 && usage + needed > limit).then_some(Exceeded { pool, limit, usage, needed })
    })
}

/// What a surge by this many instances beyond the capacity would exceed (AL-06), and by how many it is short.
#[must_use]
pub fn surge_exceeds(world: &World, cx: &Cx<'_>, id: SetId, size: u32) -> Option<(Exceeded, u32)> {
    let set = &cx.plan.sets[id.index()];
    let kind = if set.spot.spot && set.spot.mix.is_none() { (0, size) } else { (size, 0) };
    let found = exceeded(world, cx, id, kind).filter(|_| cx.on(rules::AL_06))?;
    let cores = cx.plan.cores(id.index(), world.scale_set.newest(id).by_size());
    let left = found.limit.saturating_sub(found.usage) / cores.max(1);
    Some((found, size.saturating_sub(left)))
}

/// Says that a request would exceed a quota (AL-05).
pub fn say(cx: &mut Cx<'_>, set: SetId, exceeded: Exceeded, rule: RuleId, cause: Entry) -> Entry {
    let Exceeded { pool, limit, usage, needed } = exceeded;
    cx.record(Fact::QuotaExceeded { set, pool, limit, usage, needed }, cause, rule)
}
