//! What a resource is after a write, in terms of the plan: its pools and entry points, those that only a write makes among them.

use super::Balancers;
use std::collections::BTreeMap;
use windtunnel_sim::plan::{Behind, EntryPoint, Pool, Routed};

/// The pools of a resource by their places in the plan, and the pool that each of its entry points leads to.
pub struct Adopted {
    /// The pools, with their probes as this resource has them.
    pub pools: Vec<(u16, Pool)>,
    /// Where each entry point leads.
    pub entry_points: BTreeMap<u16, u16>,
    /// An entry point that would be of another kind.
    pub unlike: Option<String>,
    /// Of a gateway whose count of instances is followed, its place among those, and the fewest and most that it may have.
    pub bounds: Option<(u16, u16, u16)>,
}

/// A resource that was read again, behind so many pools and entry points that were around it.
pub struct Read {
    /// All of them.
    pub balancers: Balancers,
    /// How many pools were there before.
    pub pools: usize,
    /// How many entry points were there before.
    pub entry_points: usize,
}

impl Balancers {
    /// What is there before a resource is read again: what an address leads to.
    pub fn around(&self) -> Self {
        Self {
            pools: self.pools.clone(),
            entry_points: self.entry_points.clone(),
            gateways: self.gateways.clone(),
            ..Self::default()
        }
    }

    /// Takes in what a resource has after a write, which was read behind what was around it.
    pub fn adopt(&mut self, of: Read) -> Adopted {
        let Read { balancers: of, pools, entry_points } = of;
        let mut adopted = Adopted { pools: Vec::new(), entry_points: BTreeMap::new(), unlike: None, bounds: of.bounds };
        for (pool, span) in of.pools.into_iter().skip(pools).zip(of.spans) {
            let known = self.pools.iter().position(|other| key(other) == key(&pool));
            let at = known.unwrap_or(self.pools.len());
            if known.is_none() {
                self.unrouted.retain(|other| *other != format!("{}/{}", pool.balancer, pool.name));
                self.pools.push(pool.clone());
                self.spans.push(span);
            }
            adopted.pools.push((place(at), pool));
        }
        let mut places: Vec<u16> = (0..place(entry_points)).collect();
        for entry in of.entry_points.into_iter().skip(entry_points) {
            let same = |other: &EntryPoint| (&other.resource, &other.name) == (&entry.resource, &entry.name);
            let known = self.entry_points.iter().position(same);
            let at = known.unwrap_or(self.entry_points.len());
            places.push(place(at));
            let to = match entry.behind {
                Behind::Pool(own) => usize::from(own).checked_sub(pools).map(|own| adopted.pools[own].0),
                Behind::Routes | Behind::Nobody => None,
            };
            match known.map(|at| &self.entry_points[at]) {
                Some(known) if is_unlike(known, &entry) => adopted.unlike = Some(own_name(&entry)),
                Some(_) => {}
                None => {
                    let behind = if to.is_some() { Behind::Nobody } else { entry.behind };
                    // What is led comes right after what leads it; a part of a listener leads to itself.
                    let here = |of: Routed| {
                        let to = places.get(usize::from(of.to)).copied().unwrap_or(place(at));
                        Routed { from: places[usize::from(of.from)], to, ..of }
                    };
                    let routed = entry.routed.map(here);
                    self.entry_points.push(EntryPoint { behind, routed, ..entry });
                }
            }
            if let Some(to) = to {
                self.entry_points[at].may_lead(Some(to));
                adopted.entry_points.insert(place(at), to);
            }
        }
        adopted
    }
}

/// Whether one is led by names or addresses and the other has backends, or they bind clients otherwise.
fn is_unlike(one: &EntryPoint, other: &EntryPoint) -> bool {
    let is_led = |of: &EntryPoint| of.behind == Behind::Routes;
    (is_led(one), one.gateway) != (is_led(other), other.gateway)
}

fn own_name(entry: &EntryPoint) -> String {
    format!("{}/{}", entry.resource, entry.name)
}

/// What tells a pool as one probe sees it from the others: of a gateway the backend setting, which keeps what it holds of its backends
/// whichever probe it is pointed to.
fn key(pool: &Pool) -> (&str, &str, Option<&str>, Option<(&str, u16)>) {
    let prober = pool.prober.gateway().map(|of| (of.setting.as_str(), of.instance));
    let probe = pool.probe.as_ref().map(|probe| probe.name.as_str()).filter(|_| prober.is_none());
    (&pool.balancer, &pool.name, probe, prober)
}

fn place(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}
