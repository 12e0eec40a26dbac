//! The orders in which writes may come. How long the steps before a write take is drawn, so it may come before a write of another entry
//! or after it. A write is read over each version of its resource that it may find; first in the order of the earliest instants.

use super::Part;
use crate::arm::shape::{GATEWAY, SCALE_SET};
use crate::problem::{Problem, Problems, Severity};
use crate::scenario::keys::{fault, scenario, slow_control_plane, timeline_entry as entry};
use crate::scenario::lower::balancers::is_type;
use crate::scenario::lower::{Context, gateways, place};
use std::collections::{BTreeMap, BTreeSet};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Act, Change, Outcome, Refusal, Tier, Write};
use windtunnel_sim::rules::assumptions::Assumed;
use windtunnel_sim::rules::{self, key};

/// More than so many writes over versions are not read.
const MOST: usize = 2000;

/// What a write makes of the version that it finds.
pub struct Made<S> {
    /// What it leaves; `None` for what it finds.
    pub after: Option<S>,
    /// What of it the model acts on.
    pub changes: Vec<Change>,
    /// Azure refuses it.
    pub refusal: Option<u16>,
}

impl<S> Made<S> {
    /// Azure refuses it, and nothing changes.
    pub fn refused(refusal: Option<u16>) -> Self {
        Self { after: None, changes: Vec::new(), refusal }
    }
}

/// Resources that are read together, as writes make them.
pub struct Course<S> {
    group: u16,
    versions: Vec<S>,
    /// The version that the writes so far have left, in the order in which they are read.
    now: u16,
    /// What each write leaves of each version that it finds.
    leaves: BTreeMap<(usize, u16), u16>,
    /// By write; of one with which something is wrong there is none.
    outcomes: BTreeMap<usize, Vec<Outcome>>,
}

impl<S: PartialEq + Clone> Course<S> {
    /// As the file has them.
    pub fn new(group: u16, start: S) -> Self {
        let (leaves, outcomes) = (BTreeMap::new(), BTreeMap::new());
        Self { group, versions: vec![start], now: 0, leaves, outcomes }
    }

    /// The act of a write, by the name of its entry or step; says where it changes nothing.
    pub fn act(&self, part: usize, cx: &mut Context<'_>) -> Option<(String, Act)> {
        let (of, outcomes) = (&cx.parts[part], self.outcomes.get(&part)?.clone());
        let resource = of.resource.as_ref().ok()?;
        // A step that finds what it would write is done all the same.
        if !of.is_step && outcomes.iter().all(|of| of.leaves == of.finds && of.refusal.is_none()) {
            let problem = Problem::warning("W0225", format!("the write of `{}` changes nothing", of.key.text));
            let problem = problem.at(&of.patch.span, "the resource already has all of its values");
            cx.problems.push(problem.help("write another value, or remove the write"));
        }
        let gateway = is_type(resource, GATEWAY).then(|| gateways::tier(resource));
        let resource = resource.name().unwrap_or_default().to_owned();
        Some((of.name.clone(), Act::Write(Write { resource, gateway, group: self.group, outcomes })))
    }

    /// The versions that each outcome of a write finds and leaves.
    pub fn steps_of(&self, part: usize) -> impl Iterator<Item = (usize, [&S; 2])> {
        let version = |at: u16| &self.versions[usize::from(at)];
        let outcomes = self.outcomes.get(&part).into_iter().flatten().enumerate();
        outcomes.map(move |(nth, of)| (nth, [version(of.finds), version(of.leaves)]))
    }

    fn take(&mut self, part: usize, finds: u16, made: Option<Made<S>>) -> u16 {
        let mut leaves = finds;
        if let Some(Made { after, changes, refusal }) = made {
            if let Some(after) = after {
                leaves = u16::try_from(place(&mut self.versions, after)).unwrap_or(u16::MAX);
            }
            self.outcomes.entry(part).or_default().push(Outcome { finds, leaves, changes, refusal });
        }
        self.leaves.insert((part, finds), leaves);
        leaves
    }

    /// A write in the order in which the file is read.
    pub fn write(
        &mut self,
        part: usize,
        cx: &mut Context<'_>,
        write: &mut impl FnMut(usize, &S, &mut Context<'_>) -> Option<Made<S>>,
    ) {
        let found = self.versions[usize::from(self.now)].clone();
        let made = write(part, &found, cx);
        let leaves = self.take(part, self.now, made);
        if cx.parts[part].is_done {
            self.now = leaves;
        }
    }

    /// The same writes in every other order that may be.
    pub fn in_other_orders(
        &mut self,
        cx: &mut Context<'_>,
        write: &mut impl FnMut(usize, &S, &mut Context<'_>) -> Option<Made<S>>,
    ) {
        // What of one is wrong in the first order was said.
        let own: Vec<usize> = self.outcomes.keys().copied().filter(|part| cx.parts[*part].is_done).collect();
        for (bound, is_said) in [(Dist::long as Bound, true), (Dist::longest, false)] {
            let chains = chains(&own, bound, cx);
            let mut open = vec![(vec![0_usize; chains.len()], 0_u16)];
            let mut seen: BTreeSet<_> = open.iter().cloned().collect();
            while let Some((done, finds)) = open.pop() {
                for (chain, next) in nexts(&chains, &done) {
                    let leaves = match self.leaves.get(&(next.part, finds)) {
                        Some(leaves) => *leaves,
                        None if self.leaves.len() >= MOST => return too_many(next, cx),
                        None => {
                            let found = self.versions[usize::from(finds)].clone();
                            let order = is_said.then(|| order(&chains, &done, next)).flatten();
                            let made = apart(next.part, order, &found, cx, write);
                            self.take(next.part, finds, made)
                        }
                    };
                    let mut done = done.clone();
                    done[chain] += 1;
                    if seen.insert((done.clone(), leaves)) {
                        open.push((done, leaves));
                    }
                }
            }
        }
    }
}

/// A length that a draw hardly exceeds, or does not.
type Bound = fn(Dist) -> SimDuration;

/// A write, and when it may come.
struct Timed {
    part: usize,
    begins: SimDuration,
    latest: SimDuration,
    is_step: bool,
}

/// The writes of each entry, in their order.
fn chains(own: &[usize], bound: Bound, cx: &Context<'_>) -> Vec<Vec<Timed>> {
    let slowest = slowest(cx);
    // What the writes of each entry take up to here.
    let mut taken: BTreeMap<&str, u64> = BTreeMap::new();
    let mut chains: BTreeMap<&str, Vec<Timed>> = BTreeMap::new();
    for (part, of) in cx.parts.iter().enumerate() {
        let before = taken.entry(of.entry).or_default();
        if own.contains(&part) {
            let latest = of.begins + SimDuration::from_ms(*before);
            let timed = Timed { part, begins: of.begins, latest, is_step: of.is_step };
            chains.entry(of.entry).or_default().push(timed);
        }
        *before = before.saturating_add(takes(of, bound, slowest, cx));
    }
    chains.into_values().collect()
}

/// How long a write takes at most, in milliseconds, while the control plane is as slow as it ever is.
fn takes(part: &Part<'_>, bound: Bound, slowest: f64, cx: &Context<'_>) -> u64 {
    let long = |key: Assumed<Dist>| bound(cx.assumptions.get(key)).ms();
    let write = long(key::ArmWrite);
    let length = match part.of_type(GATEWAY).map(gateways::tier) {
        Some(Tier::V1) => long(key::AppgwUpdateV1).max(write),
        Some(Tier::V2) => long(key::AppgwUpdateV2).max(write),
        // A model, a mix and a capacity are an act each.
        None if part.of_type(SCALE_SET).is_some() => write.saturating_mul(3),
        None => write,
    };
    (length as f64 * slowest) as u64
}

/// How many times as long the control plane takes, at its slowest.
fn slowest(cx: &Context<'_>) -> f64 {
    let acts = scenario::TIMELINE.items(cx.scenario).iter().filter_map(|node| entry::SLOW_CONTROL_PLANE.node(node));
    let acts = acts.filter_map(|act| slow_control_plane::FACTOR.given(act));
    let faults =
        scenario::FAULTS.entries(cx.scenario).iter().filter_map(|(_, node)| fault::SLOW_CONTROL_PLANE.given(node));
    acts.chain(faults).fold(1.0, f64::max)
}

/// The writes that may come next, where so many of each entry are done.
fn nexts<'t>(chains: &'t [Vec<Timed>], done: &[usize]) -> Vec<(usize, &'t Timed)> {
    let next: Vec<(usize, &Timed)> =
        chains.iter().zip(done).enumerate().filter_map(|(at, (chain, done))| Some((at, chain.get(*done)?))).collect();
    let may_be = |one: &Timed| {
        // What an entry does at an instant comes in the order of the file.
        let is_tie = |other: &Timed| !one.is_step && !other.is_step && other.part < one.part;
        next.iter().all(|(_, other)| {
            other.part == one.part || other.latest > one.begins || other.latest == one.begins && !is_tie(other)
        })
    };
    next.iter().copied().filter(|(_, one)| may_be(one)).collect()
}

/// Which other write a write comes before or after, that it is not read so with.
fn order(chains: &[Vec<Timed>], done: &[usize], of: &Timed) -> Option<(bool, usize)> {
    let all = chains
        .iter()
        .zip(done)
        .flat_map(|(chain, done)| chain.iter().enumerate().map(move |(at, other)| (at < *done, other.part)));
    all.into_iter().find(|(is_done, other)| *other != of.part && *is_done == (*other > of.part))
}

/// A write in an order that the file is not read in. What is wrong with it there cannot be written, and is refused.
fn apart<S>(
    part: usize,
    order: Option<(bool, usize)>,
    found: &S,
    cx: &mut Context<'_>,
    write: &mut impl FnMut(usize, &S, &mut Context<'_>) -> Option<Made<S>>,
) -> Option<Made<S>> {
    let mut said = Problems::new();
    let refusals = std::mem::take(&mut cx.refusals);
    let mut own = Context { problems: &mut said, ..cx.again() };
    own.refusals = refusals;
    let mut made = write(part, found, &mut own);
    cx.refusals = own.refusals;
    let of = &cx.parts[part];
    let wrong = said.iter().find(|problem| problem.severity == Severity::Error || problem.code == "W0510");
    if made.is_none() {
        let text = wrong.map_or_else(|| "it cannot be written".to_owned(), |problem| problem.message.clone());
        let refusal = u16::try_from(cx.refusals.len()).ok();
        cx.refusals.push(Refusal { rule: rules::VS_16, code: None, text });
        made = Some(Made::refused(refusal));
    }
    if let (Some(wrong), Some((is_after, other))) = (wrong, order) {
        let side = if is_after { "after" } else { "before" };
        let other = &cx.parts[other];
        let message = format!("`{}` may come {side} `{}`, and then: {}", of.name, other.name, wrong.message);
        let help = format!("make them steps of one entry, or begin `{}` and `{}` further apart", of.entry, other.entry);
        cx.problems.push(Problem::warning("W0219", message).at(&of.key.span, "this write").help(help));
    }
    made
}

fn too_many(next: &Timed, cx: &mut Context<'_>) {
    let of = &cx.parts[next.part];
    let message = format!("the writes of `{}` may come in too many orders: {MOST} are read", of.key.text);
    let problem = Problem::error("E0213", message).at(&of.key.span, "this write, among others");
    cx.problems.push(problem.help("make them steps of one entry, or begin the entries further apart"));
}

/// Says which writes to one scale set may come in another order than the one in which they are read: a model is written as it is then.
pub fn crossing_models(cx: &mut Context<'_>) {
    let sets: Vec<usize> = (0..cx.parts.len())
        .filter(|part| cx.parts[*part].of_type(SCALE_SET).is_some() && cx.parts[*part].is_done)
        .collect();
    let all: Vec<Timed> = chains(&sets, Dist::long, cx).into_iter().flatten().collect();
    for first in &all {
        let of = &cx.parts[first.part];
        let crosses = |then: &&Timed| {
            let other = &cx.parts[then.part];
            let is_same = matches!((&other.resource, &of.resource), (Ok(a), Ok(b)) if std::ptr::eq(*a, *b));
            then.part > first.part && other.entry != of.entry && is_same && then.begins < first.latest
        };
        let Some(then) = all.iter().find(crosses).map(|then| &cx.parts[then.part]) else { continue };
        let message = format!(
            "`{}` and `{}` may write `{}` in another order than they are read in, which is not modelled: each changes what it does in that",
            of.name, then.name, of.key.text
        );
        let help = format!(
            "`{}` may come as late as {}: begin `{}` after that, or make them steps of one entry",
            of.name, first.latest, then.entry
        );
        cx.problems.push(Problem::warning("W0219", message).at(&then.key.span, "this write").help(help));
    }
}
