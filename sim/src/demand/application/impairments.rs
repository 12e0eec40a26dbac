//! What is wrong around an instance, and not with its process: its zone is lost, no packet gets to it, or its endpoints are
//! slow or never answer. Few instances have any of it, so it stands beside the truths.
//!
//! Rules: WT-12, WT-16, WT-17.

use crate::engine::time::SimDuration;
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, FaultFact};
use crate::world::ids::{Entry, InstanceId};

/// What is wrong around one instance.
#[derive(Clone, Debug, Default)]
pub(super) struct Impairments {
    /// How many losses of its zone hold it.
    dark: u8,
    /// How many faults of the network keep packets from it.
    cut_off: u8,
    /// What slows its endpoints, each with the endpoint it concerns; without a length they never answer.
    slowdowns: Vec<(Option<SimDuration>, Option<u16>)>,
}

impl Impairments {
    fn is_nothing(&self) -> bool {
        self.dark == 0 && self.cut_off == 0 && self.slowdowns.is_empty()
    }
}

/// Whether the zone of an instance is lost, so that nothing on it and nothing that is done to it goes on.
#[must_use]
pub fn is_dark(world: &World, instance: InstanceId) -> bool {
    world.application.impairments.get(&instance).is_some_and(|impairments| impairments.dark > 0)
}

/// Whether a machine is paused, so that it ends no connection and answers on none (LB-28).
#[must_use]
pub fn is_frozen(world: &World, instance: InstanceId) -> bool {
    is_dark(world, instance) || world.application.truths[instance.index()].frozen > 0
}

/// Whether no packet gets to an instance (WT-16).
#[must_use]
pub fn is_cut_off(world: &World, instance: InstanceId) -> bool {
    world.application.impairments.get(&instance).is_some_and(|impairments| impairments.cut_off > 0)
}

/// Whether an instance answers a user's request now, but with an error: it is there and hears it, and lacks what it needs to serve.
#[must_use]
pub fn errs(world: &World, cx: &Cx<'_>, instance: InstanceId) -> bool {
    let truth = &world.application.truths[instance.index()];
    let hears = truth.process() && truth.frozen == 0 && !is_dark(world, instance);
    let answers = hears && !is_cut_off(world, instance) && !is_mute(world, instance);
    answers && !super::needs::meets(world, cx, instance, &cx.plan.application.serves)
}

/// Whether an instance takes a connection and answers nothing on it, so that whoever asks waits. Of a machine that does not run it is
/// assumed what becomes of a connection to it (`appgw.vanished_backend`).
#[must_use]
pub fn is_silent(world: &World, cx: &Cx<'_>, instance: InstanceId) -> bool {
    let (truth, assumed) = (&world.application.truths[instance.index()], &cx.plan.assumptions);
    if !super::runs(world, instance) {
        return assumed.get(key::AppgwVanishedBackend) == choice::AppgwVanishedBackend::Silent;
    }
    let still = is_frozen(world, instance) || is_cut_off(world, instance) || is_mute(world, instance);
    let crashed = !truth.process() && assumed.get(key::AppCrashAnswer) == choice::AppCrashAnswer::Silent;
    still || truth.hangs() || crashed
}

/// How much later an endpoint of an instance answers; `None` if it never does (WT-17). The slowest slowdown counts.
pub(super) fn later(world: &World, instance: InstanceId, endpoint: u16) -> Option<SimDuration> {
    let Some(impairments) = world.application.impairments.get(&instance) else { return Some(SimDuration::ZERO) };
    let mut later = SimDuration::ZERO;
    for &(by, of) in &impairments.slowdowns {
        if of.is_none_or(|of| of == endpoint) {
            later = later.max(by?);
        }
    }
    Some(later)
}

/// Whether users of an instance wait for ever.
pub(super) fn is_mute(world: &World, instance: InstanceId) -> bool {
    let impairments = world.application.impairments.get(&instance);
    impairments.is_some_and(|impairments| impairments.slowdowns.iter().any(|&(by, of)| by.is_none() && of.is_none()))
}

/// How much longer users of an instance wait for an answer.
pub(super) fn of_users(world: &World, instance: InstanceId) -> SimDuration {
    let impairments = world.application.impairments.get(&instance);
    let all = impairments.into_iter().flat_map(|impairments| &impairments.slowdowns);
    all.filter(|(_, endpoint)| endpoint.is_none()).filter_map(|(by, _)| *by).max().unwrap_or_default()
}

/// Forgets an instance around which nothing is wrong.
fn tidy(world: &mut World, instance: InstanceId) {
    if world.application.impairments.get(&instance).is_some_and(Impairments::is_nothing) {
        world.application.impairments.remove(&instance);
    }
}

// Verbs.

/// No packet gets to an instance, or they do again: an interval of truth, whoever sends.
pub fn set_network(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, down: bool, cause: Entry) {
    if !super::exists(world, instance) || !cx.on(rules::WT_16) {
        return;
    }
    let count = &mut world.application.impairments.entry(instance).or_default().cut_off;
    let before = *count > 0;
    *count = if down { *count + 1 } else { count.saturating_sub(1) };
    match (before, *count > 0) {
        (false, true) => cx.record(Fact::Fault(FaultFact::CutOff { instance }), cause, rules::WT_16),
        (true, false) => cx.record(Fact::Fault(FaultFact::Reached { instance }), cause, rules::WT_16),
        _ => Entry::NONE,
    };
    tidy(world, instance);
}

/// The endpoints of an instance, or one, answer later from now on, or never where there is no length; or that is over.
pub fn set_endpoint(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    (by, endpoint): (Option<SimDuration>, Option<u16>),
    on: bool,
    cause: Entry,
) {
    if !super::exists(world, instance) || !cx.on(rules::WT_17) {
        return;
    }
    let slowdowns = &mut world.application.impairments.entry(instance).or_default().slowdowns;
    if on {
        slowdowns.push((by, endpoint));
    } else if let Some(at) = slowdowns.iter().position(|&slowdown| slowdown == (by, endpoint)) {
        slowdowns.remove(at);
    }
    let fact = match (by, on) {
        (Some(by), true) => FaultFact::Slowed { instance, by, endpoint },
        (Some(_), false) => FaultFact::Slowed { instance, by: SimDuration::ZERO, endpoint },
        (None, true) => FaultFact::Silenced { instance, endpoint },
        (None, false) => FaultFact::Answers { instance, endpoint },
    };
    cx.record(Fact::Fault(fact), cause, rules::WT_17);
    tidy(world, instance);
}

/// The zone of an instance is lost. One that is frozen is said to be so again: nothing answers for it from now on, whatever a freeze
/// does to its probes.
pub fn zone_lost(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, (rule, cause): (RuleId, Entry)) {
    let dark = &mut world.application.impairments.entry(instance).or_default().dark;
    *dark += 1;
    if *dark == 1 {
        cx.record(Fact::Frozen { instance }, cause, rule);
    }
}

/// The zone of an instance is there again.
pub fn zone_back(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, (rule, cause): (RuleId, Entry)) {
    let dark = &mut world.application.impairments.entry(instance).or_default().dark;
    *dark = dark.checked_sub(1).expect("a zone comes back as often as it is lost");
    if *dark == 0 {
        let frozen = world.application.truths[instance.index()].frozen > 0;
        cx.record(if frozen { Fact::Frozen { instance } } else { Fact::Thawed { instance } }, cause, rule);
    }
    tidy(world, instance);
}
