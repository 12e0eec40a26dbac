//! Who asks for a name: cohorts of resolvers whose answers expire together (TM-07).
//!
//! A resolver asks again as soon as its answer has expired, since somebody always asks it. So a cohort asks at its phase and then
//! every TTL, and what it holds changes only at such an instant after the name's answer has changed: that is one event a cohort.

use super::answers::{Answer, answer};
use super::written::profile;
use super::{Due, Event};
use crate::demand::traffic;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{WHOLE, mean};
use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, NameFact};
use crate::world::ids::{Entry, EntryPointId, ProfileId};
use std::collections::BTreeMap;

/// A name that users ask for.
#[derive(Clone, Debug)]
pub(super) struct Name {
    profile: ProfileId,
    /// What it answers now, all groups of users together.
    answer: Answer,
    /// The entry that made it so.
    cause: Entry,
    cohorts: Vec<Cohort>,
}

/// Resolvers whose answers expire together.
#[derive(Clone, Debug)]
struct Cohort {
    /// When its answer expires for the first time, since what it keeps is kept for so long.
    phase: SimTime,
    /// How long it keeps an answer.
    keeps: SimDuration,
    holds: Answer,
    /// It asks again at the next expiry, and gets another answer.
    due: bool,
}

impl Cohort {
    /// When the answer that it holds expires, now or later.
    fn expires(&self, now: SimTime) -> SimTime {
        if now <= self.phase {
            return self.phase;
        }
        if self.keeps == SimDuration::ZERO {
            return now;
        }
        let periods = now.since(self.phase).ms().div_ceil(self.keeps.ms());
        self.phase + self.keeps.times(periods)
    }
}

/// How long resolvers keep the answers that a name gives now.
#[derive(Clone, Copy)]
struct Keep {
    /// How many there are.
    count: u64,
    /// How many of them, the last, keep an answer for longer.
    stubborn: u64,
    ttl: SimDuration,
    longer: SimDuration,
}

impl Keep {
    fn of(world: &World, cx: &mut Cx<'_>, id: ProfileId) -> Self {
        let count = cx.assume(key::TmCohorts);
        let ttl = profile(world, cx.plan, id).ttl;
        let stubborn = libm::round(cx.assume(key::TmTtlIgnored) * count as f64) as u64;
        Self { count, stubborn, ttl, longer: cx.assume(key::TmTtlIgnoredFor).max(ttl) }
    }

    fn by(self, cx: &Cx<'_>, cohort: u64) -> SimDuration {
        match cohort + self.stubborn >= self.count {
            _ if !cx.on(rules::TM_07) => SimDuration::ZERO,
            true => self.longer,
            false => self.ttl,
        }
    }
}

/// The names answer, and resolvers hold the answers of before t = 0.
pub(super) fn begin(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    for (at, profile) in cx.plan.profiles.iter().enumerate() {
        let asked = |at: u16| cx.plan.entry_points[usize::from(at)].traffic.is_some();
        if !profile.entry_point.is_some_and(asked) {
            continue;
        }
        let id = ProfileId(at as u16);
        let answer = answer_of(world, cx, id);
        let entry = say(cx, id, &answer, cause);
        let keep = Keep::of(world, cx, id);
        let cohorts = cohorts(cx, &profile.name, keep, &answer);
        let name = Name { profile: id, answer, cause: entry, cohorts };
        world.traffic_manager.names.push(name);
        lead(world, cx, world.traffic_manager.names.len() - 1, entry);
    }
}

/// The cohorts of a name. The last of them ignore the TTL, as many as are assumed to.
fn cohorts(cx: &mut Cx<'_>, profile: &str, keep: Keep, holds: &Answer) -> Vec<Cohort> {
    let seeded = super::is_seeded(cx);
    let subject = |at: u64| Subject { place: name(profile), cause: name("resolvers"), ordinal: at as u32 };
    let cohort = |at: u64| {
        let keeps = keep.by(cx, at);
        let phase = match keeps.ms() {
            ms if ms == 0 || !seeded => ms,
            ms => cx.stream(Purpose::ResolverPhase, subject(at), 0).below(ms),
        };
        Cohort { phase: cx.now() + SimDuration::from_ms(phase), keeps, holds: holds.clone(), due: false }
    };
    (0..keep.count).map(cohort).collect()
}

/// The answers of a name are kept for another TTL, from those on that are given now. What a cohort holds it keeps as long as it was
/// given for; in a world without TM-11, no longer than what is given now.
pub(super) fn keep_from_now(world: &mut World, cx: &mut Cx<'_>, id: ProfileId) {
    let Some(at) = world.traffic_manager.names.iter().position(|name| name.profile == id) else { return };
    let (now, keep) = (cx.now(), Keep::of(world, cx, id));
    for (number, cohort) in (0_u64..).zip(&mut world.traffic_manager.names[at].cohorts) {
        let keeps = keep.by(cx, number);
        let expires = cohort.expires(now);
        (cohort.phase, cohort.keeps) = (expires, keeps);
        if !cx.on(rules::TM_11) {
            cohort.phase = expires.min(now + keeps);
        }
    }
}

/// What a name answers, all groups of its users together.
fn answer_of(world: &World, cx: &Cx<'_>, id: ProfileId) -> Answer {
    let mut all: BTreeMap<EntryPointId, u64> = BTreeMap::new();
    for (group, users) in cx.plan.profiles[id.index()].users.iter().enumerate() {
        for (to, share) in answer(world, cx, id, group) {
            *all.entry(to).or_default() += u64::from(users.share) * u64::from(share);
        }
    }
    mean(&all, WHOLE.into())
}

/// Says what a name answers from now on.
fn say(cx: &mut Cx<'_>, profile: ProfileId, answer: &Answer, cause: Entry) -> Entry {
    let first = answer.first().map(|(to, _)| *to);
    let of = answer.len() as u16;
    let rule = if of == 0 { rules::TM_08 } else { rules::TM_10 };
    cx.record(Fact::Name(NameFact::AnswerChanged { profile, first, of }), cause, rule)
}

/// The status of an endpoint changed: the names whose answers change with it, and when their cohorts learn of that.
pub(super) fn look(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    let now = cx.now();
    for at in 0..world.traffic_manager.names.len() {
        let name = &world.traffic_manager.names[at];
        let answer = answer_of(world, cx, name.profile);
        if answer == name.answer {
            continue;
        }
        let entry = say(cx, name.profile, &answer, cause);
        let name = &mut world.traffic_manager.names[at];
        (name.answer, name.cause) = (answer, entry);
        let mut at_once = false;
        for (number, cohort) in name.cohorts.iter_mut().enumerate() {
            if cohort.keeps == SimDuration::ZERO && now >= cohort.phase {
                cohort.holds.clone_from(&name.answer);
                at_once = true;
            } else if !cohort.due {
                cohort.due = true;
                let expire = Event::Expire { name: at as u16, cohort: number as u16 };
                cx.at(cohort.expires(now), Due::TrafficManager(expire));
            }
        }
        if at_once {
            lead(world, cx, at, entry);
        }
    }
}

/// The answer that a cohort holds expires, and it asks again.
pub(super) fn expire(world: &mut World, cx: &mut Cx<'_>, at: u16, cohort: u16) {
    let name = &mut world.traffic_manager.names[usize::from(at)];
    let cause = name.cause;
    let cohort = &mut name.cohorts[usize::from(cohort)];
    cohort.due = false;
    if cohort.holds != name.answer {
        cohort.holds.clone_from(&name.answer);
        lead(world, cx, usize::from(at), cause);
    }
}

/// Leads the users of a name where their resolvers say.
fn lead(world: &mut World, cx: &mut Cx<'_>, at: usize, cause: Entry) {
    let name = &world.traffic_manager.names[at];
    let mut all: BTreeMap<EntryPointId, u64> = BTreeMap::new();
    for (to, share) in name.cohorts.iter().flat_map(|cohort| &cohort.holds) {
        *all.entry(*to).or_default() += u64::from(*share);
    }
    let to = mean(&all, name.cohorts.len() as u64).into_iter().collect();
    let from = cx.plan.profiles[name.profile.index()].entry_point.expect("only names that are asked for have cohorts");
    traffic::route(world, cx, EntryPointId(from), &to, (cause, rules::TM_07));
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub(super) fn check(world: &World, cx: &Cx<'_>) {
    for name in &world.traffic_manager.names {
        assert_eq!(name.answer, answer_of(world, cx, name.profile), "a name answers by the status of its endpoints");
        for cohort in &name.cohorts {
            assert!(cohort.due || cohort.holds == name.answer, "a cohort whose answer is old asks again");
        }
    }
}
