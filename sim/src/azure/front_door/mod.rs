//! Azure Front Door: users arrive at edge sites, and each of these sends their requests to the origins that it holds for the best.
//!
//! Modelled: AFD-01…AFD-07. Each edge site probes every origin for itself ([`outside_probes`](super::outside_probes)) and keeps a
//! window of samples of each; it chooses by these, and by the configuration that has reached it. Users are spread evenly over the
//! edge sites of their group, so what all of them meet is the mean over the sites.
//!
//! Left out: caches, rules, the web application firewall, session affinity, a second try at another origin where a connection fails, and
//! sites that no users reach, which probe less often. The latency of an origin is what the scenario says, however long it takes to answer.

mod choose;
mod written;

use crate::azure::outside_probes::place::Opinion;
use crate::demand::traffic;
use crate::engine::queue::Key;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{FrontDoor, OriginSetting, Share, split};
use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, NameFact, OriginHealth};
use crate::world::ids::{ActionId, Entry, EntryPointId, FrontDoorId, TargetId};
use choose::{Candidate, Choice, choose};
use std::collections::BTreeMap;

pub use written::write;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    doors: Vec<Door>,
}

/// A route.
#[derive(Clone, Debug)]
struct Door {
    /// The number of its first origin among all that is probed from outside.
    first: u16,
    edges: Vec<Edge>,
    /// By origin.
    health: Vec<OriginHealth>,
    /// How many edge sites take all origins for usable because none is healthy (AFD-04).
    open: usize,
    /// When the last write of its profile has reached every site; that of the first route of the profile counts for all.
    busy: SimTime,
}

/// An edge site.
#[derive(Clone, Debug)]
struct Edge {
    /// Its share of the users.
    share: Share,
    /// How far each origin is.
    latency: Vec<SimDuration>,
    /// What has reached it of the configuration, by origin.
    settings: Vec<OriginSetting>,
}

/// A configuration is due at an edge site.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// The write.
    action: ActionId,
    front_door: FrontDoorId,
    edge: u8,
    /// It is the last site that the write reaches.
    last: bool,
    cause: Entry,
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        let site = u32::from(self.front_door.0) << 8 | u32::from(self.edge);
        Key::new(time, class, site, 0, self.action.0)
    }
}

impl State {
    /// Nobody has arrived yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let mut state = Self::default();
        let mut first: usize = cx.plan.profiles.iter().map(|profile| profile.endpoints.len()).sum();
        for door in &cx.plan.front_doors {
            let edges = sites(cx, door);
            state.doors.push(Door {
                first: first as u16,
                edges,
                health: vec![OriginHealth::Healthy; door.origins.len()],
                open: 0,
                busy: SimTime::ZERO,
            });
            first += door.origins.len();
        }
        state
    }

    /// The share of the sites where an origin is held healthy, of those where it is enabled; `None` where it is nowhere, or where
    /// nobody probes it.
    #[must_use]
    pub fn healthy(&self, world: &World, id: FrontDoorId, origin: usize) -> Option<f64> {
        let door = &self.doors[id.index()];
        let target = TargetId(door.first + origin as u16);
        let enabled = (0..door.edges.len()).filter(|edge| door.edges[*edge].settings[origin].enabled);
        let held: Vec<Opinion> = enabled.map(|edge| world.outside_probes.opinion(target, edge)).collect();
        let of = |opinion: Opinion| held.iter().filter(|held| **held == opinion).count();
        let probed = of(Opinion::Good) + of(Opinion::Bad);
        (probed > 0).then(|| of(Opinion::Good) as f64 / probed as f64)
    }

    /// What most sites have of an origin's configuration: that of the first.
    #[must_use]
    pub fn setting(&self, id: FrontDoorId, origin: usize) -> OriginSetting {
        self.doors[id.index()].edges[0].settings[origin]
    }
}

/// How many edge sites each group of users arrives at: no more than ids have room for.
fn sites_each(cx: &mut Cx<'_>, door: &FrontDoor) -> usize {
    (cx.assume(key::FrontDoorEdges) as usize).min(250 / door.users.len().max(1)).max(1)
}

/// How many edge sites users of a route arrive at.
pub(super) fn edges(cx: &mut Cx<'_>, door: &FrontDoor) -> usize {
    sites_each(cx, door) * door.users.len()
}

/// The edge sites at which users of a route arrive, those of each group side by side.
fn sites(cx: &mut Cx<'_>, door: &FrontDoor) -> Vec<Edge> {
    let each = sites_each(cx, door);
    let far = cx.assume(key::FrontDoorLatency);
    let settings: Vec<OriginSetting> = door.origins.iter().map(|origin| origin.setting).collect();
    let mut sites = Vec::new();
    for group in &door.users {
        let latency: Vec<SimDuration> = group.latency.iter().map(|of| of.unwrap_or(far)).collect();
        let shares = split((0..each).map(|site| (site, 1)), group.share);
        let site = |(_, share)| Edge { share, latency: latency.clone(), settings: settings.clone() };
        sites.extend(shares.into_iter().map(site));
    }
    sites
}

/// The first users arrive.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    for at in 0..cx.plan.front_doors.len() {
        let door = FrontDoorId(at as u16);
        for origin in 0..cx.plan.front_doors[at].origins.len() {
            let to = health(world, door, origin);
            world.front_door.doors[at].health[origin] = to;
            say(world, cx, door, (origin, to), cause);
        }
        lead(world, cx, door, cause);
    }
}

/// What the sites hold of an origin, all together.
fn health(world: &World, id: FrontDoorId, origin: usize) -> OriginHealth {
    let enabled = world.front_door.doors[id.index()].edges.iter().any(|edge| edge.settings[origin].enabled);
    match world.front_door.healthy(world, id, origin) {
        _ if !enabled => OriginHealth::Disabled,
        None => OriginHealth::Unprobed,
        Some(share) if share >= 1.0 => OriginHealth::Healthy,
        Some(share) if share > 0.0 => OriginHealth::PartlyHealthy,
        Some(_) => OriginHealth::Unhealthy,
    }
}

/// Says what the sites hold of an origin.
fn say(world: &World, cx: &mut Cx<'_>, id: FrontDoorId, (origin, to): (usize, OriginHealth), cause: Entry) -> Entry {
    let origin = TargetId(world.front_door.doors[id.index()].first + origin as u16);
    let rule = if to == OriginHealth::Unprobed { rules::AFD_06 } else { rules::AFD_02 };
    cx.record(Fact::Name(NameFact::OriginHealth { origin, to }), cause, rule)
}

/// Something that decides on origins changed: says so, and leads the users anew.
fn look(world: &mut World, cx: &mut Cx<'_>, id: FrontDoorId, mut cause: Entry) {
    for origin in 0..cx.plan.front_doors[id.index()].origins.len() {
        let to = health(world, id, origin);
        let door = &mut world.front_door.doors[id.index()];
        if door.health[origin] != to {
            door.health[origin] = to;
            cause = say(world, cx, id, (origin, to), cause);
        }
    }
    lead(world, cx, id, cause);
}

/// What an edge site makes of its origins.
fn choice_at(world: &World, cx: &mut Cx<'_>, id: FrontDoorId, edge: usize) -> Choice {
    let door = &world.front_door.doors[id.index()];
    let site = &door.edges[edge];
    let candidate = |number: u16| {
        let at = usize::from(number);
        let held = world.outside_probes.opinion(TargetId(door.first + number), edge);
        Candidate { number, setting: site.settings[at], latency: site.latency[at], healthy: held != Opinion::Bad }
    };
    let all: Vec<Candidate> = (0..site.settings.len() as u16).map(candidate).collect();
    let open = if cx.on(rules::AFD_04) { Some(cx.assume(key::FrontDoorFailOpen)) } else { None };
    let mut choice = choose(&all, cx.plan.front_doors[id.index()].sensitivity, open);
    if !cx.on(rules::AFD_05) && !choice.failed_open {
        let usable = all.iter().filter(|of| of.setting.enabled && of.healthy);
        choice.origins = usable.map(|of| (of.number, 1)).collect();
    }
    choice
}

/// Leads the users where the sites send their requests.
fn lead(world: &mut World, cx: &mut Cx<'_>, id: FrontDoorId, mut cause: Entry) {
    let planned = &cx.plan.front_doors[id.index()];
    let mut to: BTreeMap<EntryPointId, Share> = BTreeMap::new();
    let mut open = 0;
    for edge in 0..world.front_door.doors[id.index()].edges.len() {
        let choice = choice_at(world, cx, id, edge);
        open += usize::from(choice.failed_open);
        let share = world.front_door.doors[id.index()].edges[edge].share;
        for (origin, share) in split(choice.origins.into_iter(), share) {
            *to.entry(EntryPointId(planned.origins[usize::from(origin)].to)).or_default() += share;
        }
    }
    let before = std::mem::replace(&mut world.front_door.doors[id.index()].open, open);
    if (before > 0) != (open > 0) {
        let fact = match open > 0 {
            true => NameFact::OriginsFailedOpen { front_door: id },
            false => NameFact::OriginsFailOpenEnded { front_door: id },
        };
        cause = cx.record(Fact::Name(fact), cause, rules::AFD_04);
    }
    let rule = if open > 0 { rules::AFD_04 } else { rules::AFD_05 };
    traffic::route(world, cx, EntryPointId(planned.entry_point), &to, (cause, rule));
}

/// A configuration reaches an edge site.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    let Event { action, front_door, edge, last, cause } = event;
    let changes = written::changes(world, cx.plan, action, front_door);
    let settings = &mut world.front_door.doors[front_door.index()].edges[usize::from(edge)].settings;
    for (origin, setting) in changes {
        settings[usize::from(origin)] = setting;
    }
    let fact = NameFact::EdgeConfigured { front_door, edge };
    let mut entry = cx.record(Fact::Name(fact), cause, rules::AFD_07);
    if last {
        entry = cx.record(Fact::Name(NameFact::ConfigurationDeployed { front_door }), entry, rules::AFD_07);
    }
    look(world, cx, front_door, entry);
}

// Verbs.

/// An edge site changed its mind on an origin.
pub fn turned(world: &mut World, cx: &mut Cx<'_>, id: TargetId, cause: Entry) {
    let doors = &world.front_door.doors;
    let at = doors.iter().rposition(|door| door.first <= id.0).expect("an origin is of a route");
    look(world, cx, FrontDoorId(at as u16), cause);
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, _: &Cx<'_>) {
    for (at, door) in world.front_door.doors.iter().enumerate() {
        for (origin, held) in door.health.iter().enumerate() {
            let is = health(world, FrontDoorId(at as u16), origin);
            assert_eq!(*held, is, "what is said of an origin is what the sites hold of it");
        }
        assert!(door.open <= door.edges.len(), "a site fails open once");
    }
}
