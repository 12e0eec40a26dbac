//! The entry points of a plan by their ids: which lead to a pool, what a name means, and by which name people know one.

use super::ids::{EntryPointId, GatewayId, PoolId};
use crate::plan::{
    Behind, EntryPoint, FrontDoor, Origin, Plan, Pool, Profile, ProfileEndpoint, Routed, follows, is_part,
};

impl EntryPoint {
    /// The pool whose backends answer from the start; `None` of a name, which leads to others.
    #[must_use]
    pub const fn pool(&self) -> Option<PoolId> {
        match self.behind {
            Behind::Pool(pool) => Some(PoolId(pool)),
            Behind::Routes | Behind::Nobody => None,
        }
    }

    /// Whether it never leads to another pool than its own: a write turns it off at most.
    #[must_use]
    pub fn has_one_pool(&self) -> bool {
        self.later.iter().all(Option::is_none)
    }

    /// The pools that it leads to at some time.
    pub fn pools(&self) -> impl Iterator<Item = PoolId> + '_ {
        self.pool().into_iter().chain(self.later.iter().flatten().map(|pool| PoolId(*pool)))
    }
}

/// The entry points that a name means, whatever the case of its letters: `lb-web` all of them, `lb-web/http` those of a rule, or else
/// of a frontend, or else of a pool.
#[must_use]
pub fn entry_points_named(name: &str, pools: &[Pool], entry_points: &[EntryPoint]) -> Vec<EntryPointId> {
    let (resource, part) = name.split_once('/').map_or((name, None), |(resource, part)| (resource, Some(part)));
    let all = entry_points.iter().enumerate().map(|(at, entry)| (EntryPointId(at as u16), entry));
    let of = all.filter(|(_, entry)| entry.resource.eq_ignore_ascii_case(resource));
    // What of the users of a name is led elsewhere has a name of its own: `tm-web/lb-west`.
    let Some(part) = part else { return of.filter(|(_, entry)| entry.is_root()).map(|(id, _)| id).collect() };
    let all: Vec<(EntryPointId, &EntryPoint)> = of.collect();
    let is = |own: &str| own.eq_ignore_ascii_case(part);
    let kinds: [&dyn Fn(&EntryPoint) -> bool; 3] =
        [&|entry| is(&entry.name), &|entry| entry.frontend.as_deref().is_some_and(is), &|entry| {
            entry.pool().is_some_and(|pool| is(&pools[pool.index()].name))
        }];
    let found = kinds.map(|is| all.iter().filter(|(_, entry)| is(entry)).copied().collect::<Vec<_>>());
    let found = found.into_iter().find(|of| !of.is_empty()).unwrap_or_default();
    // A frontend or a pool of a gateway means its listener, of which each instance takes a part.
    let listener = |(id, entry): &(EntryPointId, &EntryPoint)| match entry.routed {
        Some(routed) if is_part(entry_points, id.0) && !is(&entry.name) => EntryPointId(routed.from),
        _ => *id,
    };
    let mut found: Vec<EntryPointId> = found.iter().map(listener).collect();
    found.dedup();
    found
}

/// What is probed from outside.
#[derive(Clone, Copy, Debug)]
pub enum Target<'p> {
    /// An endpoint of a profile of Traffic Manager.
    Endpoint(&'p Profile, &'p ProfileEndpoint),
    /// An origin of a route of Front Door.
    Origin(&'p FrontDoor, &'p Origin),
}

impl Plan {
    /// Whether users are led from a name, or an edge, to entry points.
    #[must_use]
    pub fn has_names(&self) -> bool {
        !self.profiles.is_empty() || !self.front_doors.is_empty()
    }

    /// All that is probed from outside, by [`super::ids::TargetId`].
    pub fn targets(&self) -> impl Iterator<Item = Target<'_>> {
        let endpoints = |of| move |endpoint| Target::Endpoint(of, endpoint);
        let endpoints = self.profiles.iter().flat_map(move |of: &Profile| of.endpoints.iter().map(endpoints(of)));
        let origins = |of| move |origin| Target::Origin(of, origin);
        endpoints.chain(self.front_doors.iter().flat_map(move |of: &FrontDoor| of.origins.iter().map(origins(of))))
    }

    /// An entry point.
    #[must_use]
    pub fn entry_point(&self, id: EntryPointId) -> &EntryPoint {
        &self.entry_points[id.index()]
    }

    /// The requests a second that one backend takes of those of an entry point: the instances of a gateway share a backend (WT-10). Where
    /// their count moves, so many of them take requests.
    #[must_use]
    pub fn capacity_at(&self, entry: &EntryPoint, instances: impl Fn(GatewayId) -> u16) -> Option<f64> {
        let whole = self.application.capacity_rps;
        match entry.gateway {
            Some(part) if !entry.is_name() => {
                let of = part.scales.map_or(part.instances, |gateway| instances(GatewayId(gateway)));
                whole.map(|capacity| capacity / f64::from(of.max(1)))
            }
            None | Some(_) => whole,
        }
    }

    /// The gateway that an entry point is a part of, where its count of instances moves, and which of them it is; of a listener the first.
    #[must_use]
    pub fn scaling(&self, id: EntryPointId) -> Option<(GatewayId, u16)> {
        let entry = self.entry_point(id);
        let gateway = entry.gateway?.scales?;
        Some((GatewayId(gateway), entry.routed.map_or(0, |of| of.part.0)))
    }

    /// Whether an entry point is one of this gateway: a listener, a part of one, or what users of a name are led to there.
    #[must_use]
    pub fn is_of(&self, id: EntryPointId, gateway: GatewayId) -> bool {
        self.scaling(id).is_some_and(|(of, _)| of == gateway)
    }

    /// Which instance of which gateway probes a pool, where their count moves.
    #[must_use]
    pub fn instance_at(&self, pool: PoolId) -> Option<(GatewayId, u16)> {
        let pool = &self.pools[pool.index()];
        let number = pool.prober.gateway().filter(|_| !self.gateways.is_empty())?.instance;
        let at = self.gateways.iter().position(|of| of.name == pool.balancer)?;
        Some((GatewayId(at as u16), number))
    }

    /// The entry points that lead to a pool at some time, lowest first.
    pub fn leading_to(&self, pool: PoolId) -> impl Iterator<Item = (EntryPointId, &EntryPoint)> {
        self.entries().filter(move |(_, entry)| entry.pool() == Some(pool) || entry.later.contains(&Some(pool.0)))
    }

    /// Every entry point.
    pub fn entries(&self) -> impl Iterator<Item = (EntryPointId, &EntryPoint)> {
        self.entry_points.iter().enumerate().map(|(at, entry)| (EntryPointId(at as u16), entry))
    }

    /// The parts of the users of a name that are led elsewhere.
    pub fn routed_from(&self, name: EntryPointId) -> impl Iterator<Item = (EntryPointId, Routed)> {
        let routed = self.entries().filter_map(|(id, entry)| Some((id, entry.routed?)));
        routed.filter(move |(_, routed)| routed.from == name.0)
    }

    /// Where the users of a name are served: what they are led to, and of a listener of a gateway its parts.
    pub fn served_from(&self, name: EntryPointId) -> impl Iterator<Item = EntryPointId> {
        self.routed_from(name).flat_map(move |(id, _)| {
            let parts = self.routed_from(id).map(|(part, _)| part);
            let own = (!self.entry_point(id).is_name()).then_some(id);
            own.into_iter().chain(parts)
        })
    }

    /// Whether it is what one instance of a gateway takes of the requests of a listener: people ask for the listener.
    #[must_use]
    pub fn is_part(&self, id: EntryPointId) -> bool {
        is_part(&self.entry_points, id.0)
    }

    /// An entry point, and what it leads to where it is a listener of a gateway.
    pub fn with_parts(&self, id: EntryPointId) -> impl Iterator<Item = EntryPointId> {
        let parts = self.routed_from(id).filter(move |_| self.entry_point(id).gateway.is_some());
        std::iter::once(id).chain(parts.map(|(part, _)| part))
    }

    /// The pools whose backends answer at an entry point from the start: its own, or those of what a listener leads to.
    pub fn pools_behind(&self, id: EntryPointId) -> impl Iterator<Item = PoolId> {
        self.with_parts(id).filter_map(|part| self.entry_point(part).pool())
    }

    /// The entry points of which each request is one to a gateway: its listeners, and the parts of the users of names that are led to one.
    pub fn sent_to_gateway(&self, name: &str) -> impl Iterator<Item = EntryPointId> {
        let is_listener = move |id: EntryPointId| {
            let entry = self.entry_point(id);
            entry.gateway.is_some() && entry.is_root() && entry.resource == name
        };
        let counts = move |id: EntryPointId| match self.entry_point(id).routed {
            None => is_listener(id),
            Some(routed) => is_listener(EntryPointId(routed.to)) && !is_listener(EntryPointId(routed.from)),
        };
        self.entries().filter(move |(id, entry)| entry.traffic.is_some() && counts(*id)).map(|(id, _)| id)
    }

    /// Whether it is known what a gateway answers at an entry point: it has the backends in its pools, and does not lead to a balancer.
    #[must_use]
    pub fn is_answered(&self, id: EntryPointId) -> bool {
        let of_gateway = |id: EntryPointId| self.entry_point(id).gateway.is_some();
        of_gateway(id) && self.with_parts(id).all(of_gateway)
    }

    /// An entry point, and the users of names that are led to it: where it leads, they go.
    pub fn with_routed(&self, id: EntryPointId) -> impl Iterator<Item = EntryPointId> {
        let all = (0..self.entry_points.len() as u16).filter(move |of| follows(&self.entry_points, *of, id.0));
        std::iter::once(id).chain(all.map(EntryPointId))
    }

    /// The entry points that a name means.
    #[must_use]
    pub fn entry_points_named(&self, name: &str) -> Vec<EntryPointId> {
        entry_points_named(name, &self.pools, &self.entry_points)
    }

    /// The name by which people know a pool: that of its balancer, with that of the pool where the balancer has several, and with
    /// that of the probe, or of a gateway's backend setting, where several look at it.
    #[must_use]
    pub fn pool_name(&self, pool: PoolId) -> String {
        let Pool { balancer, name, probe, prober, .. } = &self.pools[pool.index()];
        let like = |same: &dyn Fn(&&Pool) -> bool| self.pools.iter().filter(same).count();
        if like(&|other| other.balancer == *balancer) == 1 {
            return balancer.clone();
        }
        let probe = probe.as_ref().filter(|_| like(&|other| other.balancer == *balancer && other.name == *name) > 1);
        let Some(probe) = probe else { return format!("{balancer}/{name}") };
        match prober.gateway() {
            Some(of) => format!("{balancer}/{name}/{}#{}", of.setting, of.instance),
            None => format!("{balancer}/{name}/{}", probe.name),
        }
    }

    /// The name by which people know an entry point: that of its resource where it is the only one of it, with that of the pool where
    /// that means no other, and with its own otherwise. Every output says this name.
    #[must_use]
    pub fn entry_point_name(&self, id: EntryPointId) -> String {
        let entry = self.entry_point(id);
        let resource = &entry.resource;
        if !entry.is_root() {
            return entry.own_name();
        }
        let mut others = self.entries().filter(|(other, of)| *other != id && of.is_root() && of.resource == *resource);
        if others.next().is_none() {
            return resource.clone();
        }
        // A pool says nothing of what leads elsewhere later.
        let pool = entry.pool().filter(|_| entry.has_one_pool()).map(|pool| &self.pools[pool.index()].name);
        let of_pool = pool.map(|pool| format!("{resource}/{pool}"));
        let means = |name: &String| self.entry_points_named(name) == [id];
        of_pool.filter(means).unwrap_or_else(|| entry.own_name())
    }
}

/// The entry points with traffic of each pool.
#[derive(Clone, Debug, Default)]
pub struct Leading {
    /// Where those of a pool begin; one more is the end of the last.
    starts: Vec<u16>,
    list: Vec<EntryPointId>,
}

impl Leading {
    /// Those of a plan.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let mut leading = Self { starts: vec![0], list: Vec::new() };
        for pool in 0..plan.pools.len() {
            let used = plan.leading_to(PoolId(pool as u16)).filter(|(_, entry)| entry.traffic.is_some());
            leading.list.extend(used.map(|(id, _)| id));
            leading.starts.push(leading.list.len() as u16);
        }
        leading
    }

    /// Those of a pool, lowest first.
    #[inline]
    #[must_use]
    pub fn to(&self, pool: PoolId) -> &[EntryPointId] {
        &self.list[usize::from(self.starts[pool.index()])..usize::from(self.starts[pool.index() + 1])]
    }

    /// The most that lead to one pool.
    #[must_use]
    pub fn most(&self) -> usize {
        self.starts.windows(2).map(|of| usize::from(of[1] - of[0])).max().unwrap_or(0)
    }
}
