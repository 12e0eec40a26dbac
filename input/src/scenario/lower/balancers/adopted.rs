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
    pub unlike: Option<(String, Unlike)>,
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
        let read = of.entry_points;
        for (own, entry) in read.iter().enumerate().skip(entry_points) {
            let same = |other: &EntryPoint| (&other.resource, &other.name) == (&entry.resource, &entry.name);
            let known = self.entry_points.iter().position(same);
            let at = known.unwrap_or(self.entry_points.len());
            places.push(place(at));
            let to = match entry.behind {
                Behind::Pool(own) => usize::from(own).checked_sub(pools).map(|own| adopted.pools[own].0),
                Behind::Routes | Behind::Nobody => None,
            };
            match known.map(|at| &self.entry_points[at]) {
                Some(_) => {
                    let how = unlike((&self.entry_points, at), (&read, own)).map(|how| (entry.own_name(), how));
                    adopted.unlike = adopted.unlike.or(how);
                }
                None => {
                    let behind = if to.is_some() { Behind::Nobody } else { entry.behind };
                    // What is led comes right after what leads it; a part of a listener leads to itself.
                    let here = |of: Routed| {
                        let to = places.get(usize::from(of.to)).copied().unwrap_or(place(at));
                        Routed { from: places[usize::from(of.from)], to, ..of }
                    };
                    let routed = entry.routed.map(here);
                    self.entry_points.push(EntryPoint { behind, routed, ..entry.clone() });
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

/// How an entry point would be another one after a write than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlike {
    /// From a pool of scale sets to one of addresses.
    ToAddresses,
    /// The other way.
    ToScaleSets,
    /// From one pool of addresses to another.
    OtherAddresses,
    /// Clients would be bound to backends otherwise.
    Binds,
}

impl Unlike {
    /// What can be written instead.
    pub const fn help(self) -> &'static str {
        match self {
            Self::ToAddresses | Self::ToScaleSets | Self::OtherAddresses => {
                "a write can lead it from one pool of scale sets to another, and the rule of a balancer whose address is in its pool to \
                 another pool of the balancer, where the listener follows; what is beyond that can be a policy, which applies from the start"
            }
            Self::Binds => "lead it on by a setting with the same `cookieBasedAffinity`, or make it a policy",
        }
    }
}

impl std::fmt::Display for Unlike {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ToAddresses => "from a pool of scale sets to a pool of addresses",
            Self::ToScaleSets => "from a pool of addresses to a pool of scale sets",
            Self::OtherAddresses => "from a pool of addresses to another one",
            Self::Binds => "on by a setting with another `cookieBasedAffinity`",
        })
    }
}

/// How an entry point of the plan is another one where the resource is read again.
fn unlike(known: (&[EntryPoint], usize), read: (&[EntryPoint], usize)) -> Option<Unlike> {
    let (was, is) = (&known.0[known.1], &read.0[read.1]);
    let (by_address, to_address) = (leads_to_addresses(known), leads_to_addresses(read));
    match (by_address.is_empty(), to_address.is_empty()) {
        (true, false) => Some(Unlike::ToAddresses),
        (false, true) => Some(Unlike::ToScaleSets),
        (false, false) if by_address != to_address => Some(Unlike::OtherAddresses),
        _ => (was.gateway != is.gateway).then_some(Unlike::Binds),
    }
}

/// What a listener leads to by address, by name; nothing where it leads to a pool of scale sets.
fn leads_to_addresses((all, at): (&[EntryPoint], usize)) -> Vec<&str> {
    let is_led = |of: &(usize, &EntryPoint)| {
        of.1.routed.is_some_and(|routed| usize::from(routed.from) == at && usize::from(routed.to) != of.0)
    };
    all.iter().enumerate().filter(is_led).map(|(_, entry)| entry.name.as_str()).collect()
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
