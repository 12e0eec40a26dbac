//! How a probe judges: what it takes for good, how long it waits, and how many results in a row change the mind of who sent it.
//!
//! A load balancer goes by LB-03…LB-10. An instance of an application gateway goes by AG-01…AG-05: a failed probe is repeated, by v2 an
//! interval later and by v1 at once, and one good answer is enough.

use super::observer::{Cadence, Reply};
use super::written::probing;
use crate::demand::application;
use crate::engine::random::name;
use crate::engine::time::SimDuration;
use crate::plan::{
    Answer, AnswerKind, Body, GATEWAY_CODES, GatewayProber, Plan, Pool, Probe, ProbeProtocol, Prober, Tier,
};
use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, ProbeFailure};
use crate::world::ids::{Entry, InstanceId, PoolId};

/// What keys the phases of a pool's probes: its name, with all that tells it from another pool of that name before it that a set of it
/// is in, too: no two probes of an instance keep in step.
pub(super) fn phases(plan: &Plan, at: usize) -> u64 {
    let pool = &plan.pools[at];
    let joins = |set: usize, pool: usize| plan.joins(set, pool as u16);
    let shares = |other: usize| (0..plan.sets.len()).any(|set| joins(set, at) && joins(set, other));
    let earlier = (0..at).any(|other| plan.pools[other].name == pool.name && shares(other));
    if let Some(of) = pool.prober.gateway() {
        // Each instance of a gateway keeps its own time (AG-04).
        let instance = if plan.rules.on(rules::AG_04) { of.instance } else { 0 };
        let probe = |pool: &'_ Pool| pool.probe.as_ref().map_or(String::new(), |probe| probe.name.clone());
        // Two settings with one probe ask at times of their own.
        let asks_before = |other: &Pool| {
            let same = (&other.balancer, &other.name, probe(other)) == (&pool.balancer, &pool.name, probe(pool));
            same && other.prober.gateway().is_some_and(|other| other.setting != of.setting)
        };
        let own = if plan.pools[..at].iter().any(asks_before) { format!("@{}", of.setting) } else { String::new() };
        return name(&format!("{}/{}/{}{own}#{instance}", pool.balancer, pool.name, probe(pool)));
    }
    match &pool.probe {
        Some(probe) if earlier => name(&format!("{}/{}/{}", pool.balancer, pool.name, probe.name)),
        _ => name(&pool.name),
    }
}

/// The numbers by which the balancer judges, from the probe's settings, the rules and the assumptions.
pub(super) fn cadence(cx: &mut Cx<'_>, prober: &Prober, probe: &Probe) -> Cadence {
    match prober {
        Prober::Balancer => of_balancer(cx, probe),
        Prober::Gateway(of) => of_gateway(cx, probe, of),
    }
}

/// Those of an instance of a gateway: it makes no difference between an answer that is not good and none.
fn of_gateway(cx: &Cx<'_>, probe: &Probe, of: &GatewayProber) -> Cadence {
    let threshold = if cx.on(rules::AG_02) { probe.threshold.max(1) } else { 1 };
    Cadence {
        interval: probe.interval,
        up: if cx.on(rules::AG_03) { 1 } else { threshold },
        down_refused: threshold,
        down_silent: threshold,
        flap_changes: 0,
        flap_window: SimDuration::ZERO,
        flap_extra: 0,
        at_once: of.tier == Tier::V1,
    }
}

fn of_balancer(cx: &mut Cx<'_>, probe: &Probe) -> Cadence {
    let threshold = if cx.on(rules::LB_07) { probe.threshold } else { 1 };
    let silent = cx.assume(key::LbSilentFailuresDown) as u32;
    let immediate = cx.on(rules::LB_05) && cx.assume(key::LbRefusalImmediate);
    let damped = cx.on(rules::LB_10);
    Cadence {
        interval: probe.interval,
        up: threshold,
        down_refused: if immediate { 1 } else { threshold },
        down_silent: if cx.on(rules::LB_09) { silent.max(threshold) } else { threshold },
        flap_changes: if damped { cx.assume(key::LbFlapChanges) as u32 } else { 0 },
        flap_window: cx.assume(key::LbFlapWindow),
        flap_extra: cx.assume(key::LbFlapHoldIntervals) as u32,
        at_once: false,
    }
}

/// What answer a probe sent to this instance now would get.
pub(super) fn reply(world: &World, cx: &Cx<'_>, pool: PoolId, instance: InstanceId) -> Reply {
    let (probe, prober) = probing(world, cx.plan, pool);
    let (probe, of_gateway) = (probe.expect("only probed backends are asked"), prober.gateway());
    let timeout = of_gateway.map_or_else(|| timeout(cx, probe), |of| of.timeout.min(probe.interval));
    let silent = Reply::silent(timeout);
    if world.load_balancer.pools[pool.index()].blocked > 0 && cx.on(rules::LB_11) {
        return silent;
    }
    if application::is_cut_off(world, instance) {
        return silent;
    }
    let answer = application::answer(world, cx, instance, probe.endpoint);
    Reply::of(answer, probe.protocol, timeout, |status| match of_gateway {
        None => status == 200 || !cx.on(rules::LB_04) && (201..300).contains(&status),
        Some(of) => is_good(cx, of, status) && has_text(cx, of, answer.body),
    })
}

impl Reply {
    /// No answer within this time.
    #[must_use]
    pub const fn silent(timeout: SimDuration) -> Self {
        Self { result: Err(ProbeFailure::Silent), after: timeout }
    }

    /// What an answer is to a probe that waits for this long and takes these status codes for good.
    #[must_use]
    #[inline]
    pub fn of(
        answer: Answer,
        protocol: ProbeProtocol,
        timeout: SimDuration,
        is_good: impl FnOnce(u16) -> bool,
    ) -> Self {
        let result = match (answer.kind, protocol) {
            (AnswerKind::Silent, _) => return Self::silent(timeout),
            (AnswerKind::Refused, _) => Err(ProbeFailure::Refused),
            (AnswerKind::Status(_), ProbeProtocol::Tcp) => Ok(()),
            (AnswerKind::Status(status), ProbeProtocol::Http) if is_good(status) => Ok(()),
            (AnswerKind::Status(_), ProbeProtocol::Http) => Err(ProbeFailure::Refused),
        };
        if answer.after >= timeout { Self::silent(timeout) } else { Self { result, after: answer.after } }
    }
}

/// Whether an instance of a gateway takes a code for good: what the probe lists (AG-05), or what any probe takes (AG-01).
fn is_good(cx: &Cx<'_>, of: &GatewayProber, status: u16) -> bool {
    let listed = cx.on(rules::AG_05) && !of.codes.is_empty();
    match cx.on(rules::AG_01) {
        _ if listed => of.takes(status),
        true => (GATEWAY_CODES.0..=GATEWAY_CODES.1).contains(&status),
        false => status == 200,
    }
}

/// Whether a body has the text that an instance of a gateway wants (AG-05). One of which the scenario does not say what it is has it.
fn has_text(cx: &Cx<'_>, of: &GatewayProber, body: Body) -> bool {
    let text = body.text.and_then(|text| cx.plan.application.texts.get(usize::from(text)));
    !cx.on(rules::AG_05) || text.is_none_or(|text| text.contains(&of.text))
}

/// How long a probe of a balancer waits: an interval over TCP (LB-03), at most 30 s of it over HTTP (LB-04).
pub(super) fn timeout(cx: &Cx<'_>, probe: &Probe) -> SimDuration {
    let capped = match probe.protocol {
        ProbeProtocol::Tcp => !cx.on(rules::LB_03),
        ProbeProtocol::Http => cx.on(rules::LB_04),
    };
    if capped { probe.interval.min(SimDuration::from_secs(30)) } else { probe.interval }
}

// Verbs.

/// A firewall begins or ceases to block the probes of a pool (LB-11).
pub fn block(world: &mut World, cx: &mut Cx<'_>, pool: PoolId, blocked: bool, cause: Entry) {
    let count = &mut world.load_balancer.pools[pool.index()].blocked;
    let before = *count > 0;
    *count = if blocked { *count + 1 } else { *count - 1 };
    match (before, *count > 0) {
        (false, true) => cx.record(Fact::ProbesBlocked { pool }, cause, rules::LB_11),
        (true, false) => cx.record(Fact::ProbesUnblocked { pool }, cause, rules::LB_11),
        _ => return,
    };
}
