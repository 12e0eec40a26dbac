//! How health leaves an instance: the agent reports it at its own pace (HD-43), and the platform takes its time (HD-44).

use super::Event;
use super::guest::{Guest, Row, UNDRAWN, guest, row_of};
use crate::azure::instances;
use crate::demand::{application, faults};
use crate::engine::random::Purpose;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::HealthSource;
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, Health};
use crate::world::ids::{Entry, InstanceId};

/// What is known of the health of an instance outside of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ReportedHealth {
    /// What the controllers of the set know.
    known: Option<Health>,
    /// Where the ledger says so.
    entry: Entry,
    /// What was last sent to them.
    sent: Option<Health>,
    /// How many reports were sent.
    reports: u32,
    /// How many of them are of a time before the machine stopped, and of no use any more.
    stale: u32,
}

impl ReportedHealth {
    pub(super) const fn entry(&self) -> Entry {
        self.entry
    }
}

/// The health of an instance as the controllers of its set know it; `None` if they know nothing: it has no health source,
/// or two (UM-06), or its extension has not run yet (HD-34).
#[must_use]
pub fn state(world: &World, instance: InstanceId) -> Option<Health> {
    let there = application::exists(world, instance);
    world.app_health.rows.get(instance.index()).filter(|_| there).and_then(|row| row.reported.known)
}

/// Where the ledger says what is known of the health of an instance.
#[must_use]
pub fn reported_at(world: &World, instance: InstanceId) -> Option<Entry> {
    let reported = &world.app_health.rows.get(instance.index())?.reported;
    reported.known.map(|_| reported.entry)
}

fn reported(world: &mut World, instance: InstanceId) -> &mut ReportedHealth {
    &mut row_of(world, instance).reported
}

/// Who says what the health of an instance is.
fn source(world: &World, cx: &Cx<'_>, instance: InstanceId) -> HealthSource {
    let row = &world.instances.rows[instance.index()];
    match instances::profile(world, cx, row).health_source {
        // In a world without that rule the extension would win.
        HealthSource::Conflict if !cx.on(rules::UM_06) => HealthSource::Extension,
        source => source,
    }
}

fn platform_delay(cx: &mut Cx<'_>) -> SimDuration {
    if cx.on(rules::HD_44) { cx.assume(key::HealthPlatformDelay) } else { SimDuration::ZERO }
}

/// The extension committed a state: the agent reports it at its next turn.
pub(super) fn post(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId) {
    if source(world, cx, instance) != HealthSource::Extension {
        return;
    }
    let period = cx.assume(key::HealthAgentPeriod).ms();
    if period == 0 || !cx.on(rules::HD_43) {
        report(world, cx, instance);
        return;
    }
    let subject = world.application.subject(instance);
    let now = cx.now();
    let guest = guest(world, instance).expect("the extension runs");
    if guest.agent_due.is_none() {
        if guest.agent_phase == UNDRAWN {
            guest.agent_phase = cx.stream(Purpose::AgentPhase, subject, 0).below(period) as u32;
        }
        let phase = u64::from(guest.agent_phase);
        let clock = guest.clock(now).ms();
        // What is said at the very instant of a turn is reported at the next one.
        let past = (clock + period - phase) % period;
        guest.agent_due = Some(SimTime::from_ms(clock + period - past));
        resume(cx, instance, guest);
    }
}

/// Puts the turn of the agent on the queue, if it has something to report.
pub(super) fn resume(cx: &mut Cx<'_>, instance: InstanceId, guest: &mut Guest) {
    if let Some(due) = guest.agent_due {
        guest.agent_epoch += 1;
        cx.at(due + guest.behind, Due::Health(Event::Report { instance, epoch: guest.agent_epoch }));
    }
}

/// The agent reports what the extension last said, if that is news.
pub(super) fn report(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId) {
    let delay = platform_delay(cx);
    let guest = guest(world, instance).expect("the extension runs");
    guest.agent_due = None;
    let Some(state) = guest.committed_state() else { return };
    let (since, cause) = (guest.committed, guest.entry);
    let reported = reported(world, instance);
    if reported.sent == Some(state) {
        return;
    }
    let rule = if reported.reports == 0 {
        rules::HD_34
    } else if cx.now().since(since) >= delay {
        rules::HD_43
    } else {
        rules::HD_44
    };
    send(world, cx, instance, state, (cause, rule), delay);
}

/// What was known of an instance is no longer so.
pub(super) fn clear(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let reported = reported(world, instance);
    (reported.sent, reported.stale) = (None, reported.reports);
    if reported.known.take().is_some() {
        cx.record(Fact::HealthCleared { instance }, cause, rules::HD_34);
    }
}

/// Whether a report is of a time before the machine stopped.
pub(super) fn is_stale(world: &mut World, instance: InstanceId, number: u32) -> bool {
    number <= reported(world, instance).stale
}

/// Sends a report on its way.
fn send(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    to: Health,
    (cause, rule): (Entry, RuleId),
    delay: SimDuration,
) {
    let reported = reported(world, instance);
    reported.sent = Some(to);
    reported.reports += 1;
    let number = reported.reports;
    let delay = faults::stretched(world, cx, delay);
    if delay == SimDuration::ZERO {
        arrive(world, cx, instance, to, cause, rule);
    } else {
        cx.after(delay, Due::Health(Event::Arrive { instance, number, to, cause, rule }));
    }
}

/// A report reaches the controllers of the set.
pub(super) fn arrive(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, to: Health, cause: Entry, rule: RuleId) {
    let said = cx.record(Fact::HealthReported { instance, to }, cause, rule);
    let reported = reported(world, instance);
    (reported.known, reported.entry) = (Some(to), said);
}

/// What the extension of an instance in steady state says is known, if it is the source.
pub(super) fn start_steady(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, to: Health, cause: Entry) {
    if source(world, cx, instance) == HealthSource::Extension {
        send(world, cx, instance, to, (cause, rules::WT_08), SimDuration::ZERO);
    }
}

/// Whether the probe of a balancer is the health source of an instance.
#[must_use]
pub fn follows_probe(world: &World, cx: &Cx<'_>, instance: InstanceId) -> bool {
    world.app_health.by_probe && matches!(source(world, cx, instance), HealthSource::Probe(_))
}

/// Where the probe of a balancer is the source, health is what it says: up is Healthy, down is Unhealthy.
pub fn reconcile_probe(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let HealthSource::Probe(pool) = source(world, cx, instance) else { return };
    let balancer = &world.load_balancer;
    let joined = |member: &crate::world::ids::MemberId| {
        let row = &balancer.members[member.index()];
        row.pool.0 == pool && !row.left
    };
    let Some(up) = balancer.of(instance).find(joined).and_then(|member| balancer.probed_up(member)) else { return };
    let to = if up { Health::Healthy } else { Health::Unhealthy };
    let initial = world.instances.rows[instance.index()].initial;
    let reported = reported(world, instance);
    if reported.sent == Some(to) {
        return;
    }
    if initial && reported.reports == 0 {
        send(world, cx, instance, to, (cause, rules::WT_08), SimDuration::ZERO);
    } else {
        let delay = platform_delay(cx);
        send(world, cx, instance, to, (cause, rules::UM_06), delay);
    }
}

/// An instance was created. Its health is unknown to everybody until the extension has run (HD-34); in a world without
/// that rule, everybody learns that it cannot be read.
pub fn expect(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if !cx.on(rules::HD_34) && source(world, cx, instance) == HealthSource::Extension {
        send(world, cx, instance, Health::Unknown, (cause, rules::HD_34), SimDuration::ZERO);
    }
}

/// An instance has been silent for so long that its set takes it for unhealthy (`zone.outage_health_delay`). What a probe of a balancer
/// says, the balancer has said by then.
pub fn take_for_unhealthy(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, (rule, cause): (RuleId, Entry)) {
    let known = state(world, instance);
    if source(world, cx, instance) == HealthSource::Extension && known.is_some_and(|known| known != Health::Unhealthy) {
        arrive(world, cx, instance, Health::Unhealthy, cause, rule);
        reported(world, instance).sent = Some(Health::Unhealthy);
    }
}

/// An instance goes on: what its set took it for meanwhile may not be what it last said of itself.
pub(super) fn report_again(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId) {
    let committed = guest(world, instance).and_then(|guest| guest.committed_state());
    if committed.is_some() && committed != reported(world, instance).sent {
        post(world, cx, instance);
    }
}

/// Invariants.
pub(super) fn check(world: &World, cx: &Cx<'_>) {
    for (index, Row { reported, .. }) in world.app_health.rows.iter().enumerate() {
        let sourced =
            !matches!(source(world, cx, InstanceId(index as u32)), HealthSource::None | HealthSource::Conflict);
        assert!(reported.known.is_none() || sourced, "nobody reports health where nobody is the source");
    }
}
