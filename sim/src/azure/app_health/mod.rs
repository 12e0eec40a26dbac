//! The Application Health extension: what it makes of its application, and what the scale set learns of it.
//!
//! Rules: HD-01, HD-04…HD-06, HD-09, HD-10, HD-12…HD-17, HD-20…HD-28, HD-30…HD-32, HD-34, HD-36, HD-43, HD-44, UM-06.
//! The extension probes localhost from inside (HD-12): no firewall is between, and a freeze stops it with everything else
//! in the guest, its grace period and the agent too. It starts when its turn among the extensions comes (EX-04), and a
//! new start is a new grace period (HD-29). The balancer takes no notice of any of it (LB-16).
//!
//! Left out: custom metrics but for what they do to the body (HD-35, HD-37…HD-40), what upgrades and repairs make of a
//! state (HD-41, HD-42), reboots and changes of the model (HD-45, HD-47).

mod guest;
pub mod observer;
mod report;
pub mod ticking;

use crate::azure::load_balancer::ProbeEngine;
use crate::demand::application;
use crate::engine::queue::Key;
use crate::engine::random::Purpose;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Act, AnswerKind, HealthExtension, HealthSource, HealthVersion, HealthWord, ProbeProtocol, Said};
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, Health, Operation};
use crate::world::ids::{ActionId, Entry, InstanceId, SetId};
pub use guest::runs;
use guest::{Guest, Row, View, guest, install, shut};
use observer::{Cadence, Commit, How, Observer, Reply, States};
pub use report::{expect, follows_probe, reconcile_probe, reported_at, state, take_for_unhealthy};
use ticking::Ticker;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    cadences: Cadences,
    /// The extension on each instance on which it runs, and what is known of it outside.
    rows: Vec<Row>,
    /// Some model has the probe of a balancer as its health source.
    by_probe: bool,
}

/// The numbers of the extension.
#[derive(Clone, Debug, Default)]
struct Cadences {
    /// Of each set that has it.
    sets: Vec<Option<Cadence>>,
    /// As changes of the model have it, by action of the timeline.
    changed: Vec<(ActionId, Cadence)>,
}

impl Cadences {
    /// The settings of the extension of a set, and their numbers: as a change of the model has them, or as they were at first.
    fn settings<'p>(
        &self,
        cx: &Cx<'p>,
        set: SetId,
        change: Option<ActionId>,
    ) -> Option<(&'p HealthExtension, &Cadence)> {
        let of = cx.plan.profile(set.index(), change.map(ActionId::index)).health_extension.as_ref()?;
        let cadence = match change {
            None => self.sets[set.index()].as_ref(),
            Some(change) => self.changed.iter().find(|(action, _)| *action == change).map(|(_, cadence)| cadence),
        };
        Some((of, cadence?))
    }
}

/// Something about health falls due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The agent of an instance reports what the extension last said.
    Report {
        /// The instance.
        instance: InstanceId,
        /// The epoch the timer was set under.
        epoch: u32,
    },
    /// The counted probe that changes the extension's mind ends, or the ticking extension has something to do.
    Probe {
        /// The instance.
        instance: InstanceId,
        /// The epoch the forecast was made under.
        epoch: u32,
    },
    /// A report reaches the controllers of the set.
    Arrive {
        /// The instance.
        instance: InstanceId,
        /// The number of the report.
        number: u32,
        /// What it says.
        to: Health,
        /// The entry of what it reports.
        cause: Entry,
        /// The rule behind the longer part of its way.
        rule: RuleId,
    },
}

impl Event {
    /// The agent comes first: it reports what was said before this instant.
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Report { instance, epoch } => Key::new(time, class, instance.0, 0, epoch),
            Self::Probe { instance, epoch } => Key::new(time, class, instance.0, 1, epoch),
            Self::Arrive { instance, number, .. } => Key::new(time, class, instance.0, 2, number),
        }
    }
}

impl State {
    /// Reads the lines on which an instance is kept: [`World::fetch`].
    pub(crate) fn fetch(&self, instance: InstanceId) -> u32 {
        self.rows.get(instance.index()).map_or(0, Row::fetch)
    }

    /// Nothing runs yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let plan = cx.plan;
        for set in &plan.sets {
            match set.profile.health_source {
                HealthSource::Extension => {
                    let _ = (cx.assume(key::HealthAgentPeriod), cx.assume(key::HealthPlatformDelay));
                }
                HealthSource::Probe(_) => {
                    let _ = cx.assume(key::HealthPlatformDelay);
                }
                HealthSource::None | HealthSource::Conflict => {}
            }
        }
        let sets =
            plan.sets.iter().map(|set| set.profile.health_extension.as_ref().map(|of| cadence(cx, of))).collect();
        let changed = plan.timeline.iter().enumerate().filter_map(|(index, action)| match &action.what {
            Act::ChangeModel { change, .. } => {
                let of = change.profile.as_ref()?.health_extension.as_ref()?;
                Some((ActionId(index as u32), cadence(cx, of)))
            }
            _ => None,
        });
        let cadences = Cadences { sets, changed: changed.collect() };
        let by_probe = plan.profiles().any(|profile| matches!(profile.health_source, HealthSource::Probe(_)));
        let reports = plan.sets.iter().any(|set| set.profile.health_source != HealthSource::None);
        let rows = Vec::with_capacity(if reports { plan.initial_instances() } else { 0 });
        Self { cadences, rows, by_probe }
    }
}

/// The numbers by which the extension judges, from its settings and the rules.
fn cadence(cx: &Cx<'_>, of: &HealthExtension) -> Cadence {
    let steady_rule = match of.version {
        HealthVersion::Binary => rules::HD_16,
        HealthVersion::Rich => rules::HD_32,
    };
    let states = match of.version {
        HealthVersion::Binary => {
            States::Binary { trusts_first_healthy: cx.on(rules::HD_15), shows_first_unhealthy: cx.on(rules::HD_17) }
        }
        HealthVersion::Rich => {
            // Only HTTP has a word for "nothing that could be read".
            let unknown = of.protocol == Some(ProbeProtocol::Http) && cx.on(rules::HD_20);
            States::Rich {
                grace: cx.on(rules::HD_25).then(|| grace(cx, of)),
                fallback: if unknown { Health::Unknown } else { Health::Unhealthy },
                leaves_by_fallback: !cx.on(rules::HD_26),
                blind_expiry: cx.on(rules::HD_27),
                checked_at_end: cx.on(rules::HD_28),
            }
        }
    };
    Cadence { interval: of.interval, first: of.probes, steady: if cx.on(steady_rule) { of.probes } else { 1 }, states }
}

/// All settings are left at their defaults.
fn all_defaults(of: &HealthExtension) -> bool {
    of.grace.is_none() && of.probes == 1 && of.interval == SimDuration::from_secs(5)
}

/// How long Initializing can last: by default interval × number of probes (HD-06), 5 s with all defaults (HD-10).
fn grace(cx: &Cx<'_>, of: &HealthExtension) -> SimDuration {
    match of.grace {
        Some(grace) => grace,
        None if all_defaults(of) && !cx.on(rules::HD_10) => SimDuration::from_secs(600),
        None if !cx.on(rules::HD_31) => SimDuration::from_secs(14_400),
        None => of.interval.times(of.probes.into()),
    }
}

/// What answer a probe sent on this instance now would get.
fn reply(world: &World, cx: &Cx<'_>, instance: InstanceId, of: &HealthExtension) -> Reply {
    let Some(protocol) = of.protocol else {
        return Reply { result: Health::Healthy, after: SimDuration::ZERO, rule: rules::HD_01 };
    };
    let answer = application::answer(world, cx, instance, of.endpoint);
    let timeout = timeout(cx, of);
    if answer.kind == AnswerKind::Silent || answer.after >= timeout {
        let (result, _) = read(cx, of.version, protocol, AnswerKind::Silent, HealthWord::Other);
        return Reply { result, after: timeout, rule: rules::HD_12 };
    }
    let (result, rule) = match answer.body.state {
        _ if answer.body.metrics_object && cx.on(rules::HD_36) && is_rich_http(of) && is_2xx(answer.kind) => {
            (unknown(cx), rules::HD_36)
        }
        Some(word) => read(cx, of.version, protocol, answer.kind, word),
        None => match read(cx, of.version, protocol, answer.kind, HealthWord::Other) {
            // Nothing said is not something wrong said.
            (result, rules::HD_23) => (result, rules::HD_21),
            other => other,
        },
    };
    Reply { result, after: answer.after, rule }
}

const fn is_2xx(kind: AnswerKind) -> bool {
    matches!(kind, AnswerKind::Status(200..=299))
}

fn is_rich_http(of: &HealthExtension) -> bool {
    of.version == HealthVersion::Rich && of.protocol == Some(ProbeProtocol::Http)
}

/// The result for what cannot be read; in a world of two states there is no word for it.
fn unknown(cx: &Cx<'_>) -> Health {
    if cx.on(rules::HD_20) { Health::Unknown } else { Health::Unhealthy }
}

/// What the extension makes of an answer, and by which rule.
fn read(
    cx: &Cx<'_>,
    version: HealthVersion,
    protocol: ProbeProtocol,
    kind: AnswerKind,
    word: HealthWord,
) -> (Health, RuleId) {
    let good = |good: bool| if good { Health::Healthy } else { Health::Unhealthy };
    let said = |said: Said| good(said == Said::Healthy);
    match (version, protocol) {
        (HealthVersion::Binary, ProbeProtocol::Tcp) => (good(matches!(kind, AnswerKind::Status(_))), rules::HD_14),
        (HealthVersion::Binary, ProbeProtocol::Http) => {
            let exact = cx.on(rules::HD_14);
            (good(if exact { kind == AnswerKind::Status(200) } else { is_2xx(kind) }), rules::HD_14)
        }
        (HealthVersion::Rich, ProbeProtocol::Tcp) => match kind {
            AnswerKind::Status(_) => (Health::Healthy, rules::HD_24),
            _ if cx.on(rules::HD_24) => (Health::Unhealthy, rules::HD_24),
            _ => (Health::Unknown, rules::HD_24),
        },
        (HealthVersion::Rich, ProbeProtocol::Http) if !is_2xx(kind) => {
            (if cx.on(rules::HD_22) { unknown(cx) } else { Health::Unhealthy }, rules::HD_22)
        }
        (HealthVersion::Rich, ProbeProtocol::Http) => match word {
            _ if !cx.on(rules::HD_21) => (Health::Healthy, rules::HD_21),
            HealthWord::Exact(word) => (said(word), rules::HD_21),
            HealthWord::OtherCase(word) if !cx.on(rules::HD_23) => (said(word), rules::HD_23),
            HealthWord::OtherCase(_) | HealthWord::Other => (unknown(cx), rules::HD_23),
        },
    }
}

/// How long a probe waits (HD-12); where probes would not wait for each other, no longer than an interval (HD-13).
fn timeout(cx: &Cx<'_>, of: &HealthExtension) -> SimDuration {
    let all = if cx.on(rules::HD_12) { SimDuration::from_secs(30) } else { SimDuration::from_ms(u32::MAX.into()) };
    if cx.on(rules::HD_13) { all } else { all.min(of.interval) }
}

/// The rule that decided: the most particular one.
fn decided_by(of: &HealthExtension, commit: &Commit) -> RuleId {
    let Commit { to, reply, how, .. } = *commit;
    if of.protocol.is_none() {
        return rules::HD_01;
    }
    let tcp = of.protocol == Some(ProbeProtocol::Tcp);
    let by_count = if of.version == HealthVersion::Binary { rules::HD_16 } else { rules::HD_32 };
    match (of.version, how) {
        (HealthVersion::Rich, How::Began) => rules::HD_25,
        (HealthVersion::Rich, How::Settled { at_once: true }) => rules::HD_30,
        (HealthVersion::Rich, How::Settled { .. }) if tcp => rules::HD_26,
        (HealthVersion::Rich, How::Settled { .. }) => rules::HD_25,
        (_, How::Expired { .. }) if all_defaults(of) => rules::HD_10,
        (_, How::Expired { .. }) if of.grace.is_none() => rules::HD_31,
        (_, How::Expired { .. }) if to != reply.result => rules::HD_27,
        (_, How::Expired { full: true }) if tcp => rules::HD_26,
        (_, How::Expired { .. }) if reply.after > SimDuration::ZERO => rules::HD_28,
        (_, How::Expired { .. }) => rules::HD_25,
        (HealthVersion::Binary, How::Settled { .. } | How::Began) if to == Health::Healthy => rules::HD_15,
        (HealthVersion::Binary, How::Settled { .. } | How::Began) => rules::HD_17,
        (_, How::Changed { from: Health::Unhealthy }) if to == Health::Unknown => rules::HD_20,
        (_, How::Changed { from: Health::Unknown }) if to == Health::Unhealthy => rules::HD_20,
        (_, How::Changed { .. }) if of.probes == 1 => reply.rule,
        (_, How::Changed { .. }) if reply.after > of.interval => rules::HD_13,
        (_, How::Changed { .. }) => by_count,
    }
}

/// Something falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    let (Event::Report { instance, .. } | Event::Probe { instance, .. } | Event::Arrive { instance, .. }) = event;
    if !application::exists(world, instance) {
        return;
    }
    match event {
        Event::Probe { epoch, .. } => {
            if guest(world, instance).is_some_and(|guest| guest.epoch == epoch) {
                proceed(world, cx, instance);
            }
        }
        Event::Report { epoch, .. } => {
            if guest(world, instance).is_some_and(|guest| guest.agent_epoch == epoch) {
                report::report(world, cx, instance);
            }
        }
        Event::Arrive { number, .. } if report::is_stale(world, instance, number) => {}
        Event::Arrive { to, cause, rule, .. } => report::arrive(world, cx, instance, to, cause, rule),
    }
}

/// The extension that runs on an instance, with the settings that it started with and their numbers.
fn running<'w, 'p>(
    world: &'w mut World,
    cx: &Cx<'p>,
    instance: InstanceId,
) -> Option<(&'w mut Guest, &'p HealthExtension, &'w Cadence)> {
    let State { cadences, rows, .. } = &mut world.app_health;
    let guest = rows.get_mut(instance.index())?.running_mut()?;
    let set = world.instances.rows[instance.index()].set;
    let (of, cadence) = cadences.settings(cx, set, guest.settings()).expect("what runs is in the model");
    Some((guest, of, cadence))
}

/// The settings that an extension which starts on an instance now is given by its model, and their numbers.
fn modelled<'w, 'p>(world: &'w World, cx: &Cx<'p>, instance: InstanceId) -> Option<(&'p HealthExtension, &'w Cadence)> {
    let row = &world.instances.rows[instance.index()];
    let model = world.scale_set.model(row.set, row.revision);
    world.app_health.cadences.settings(cx, row.set, model.profile)
}

/// Takes in every probe up to now, states what came of it, and puts the next change on the queue.
fn proceed(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId) {
    let now = cx.now();
    loop {
        let (guest, of, cadence) = running(world, cx, instance).expect("the extension runs");
        let clock = guest.clock(now);
        let commit = match &mut guest.view {
            View::Counted(observer) => match observer.fold(clock, cadence) {
                None => return forecast(cx, instance, guest, cadence),
                Some(commit) => {
                    assert_eq!(commit.at, clock, "the extension changes its mind when that was forecast");
                    commit
                }
            },
            View::Ticked(ticker) if ticker.due() > now => return forecast(cx, instance, guest, cadence),
            View::Ticked(ticker) => match ticker.step(cadence) {
                None => continue,
                Some(commit) => commit,
            },
        };
        let rule = guest.anew.take().unwrap_or_else(|| decided_by(of, &commit));
        let entry = cx.record(Fact::HealthChanged { instance, to: commit.to }, commit.cause, rule);
        (guest.committed, guest.entry) = (now, entry);
        report::post(world, cx, instance);
    }
}

/// Puts the next instant at which the extension has something to say, or to do, on the queue.
fn forecast(cx: &mut Cx<'_>, instance: InstanceId, guest: &mut Guest, cadence: &Cadence) {
    guest.epoch += 1;
    let due = match &guest.view {
        View::Counted(observer) => observer.forecast(cadence).map(|at| at + guest.behind),
        View::Ticked(ticker) => Some(ticker.due()),
    };
    if let Some(at) = due {
        cx.at(at, Due::Health(Event::Probe { instance, epoch: guest.epoch }));
    }
}

/// The application of an instance would perhaps answer otherwise now, or the instance froze or goes on: looks, and counts
/// the probes that went out before.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if !application::exists(world, instance) {
        return;
    }
    let Some((_, of, _)) = running(world, cx, instance) else { return };
    let (frozen, now) = (application::is_still(world, cx, instance), cx.now());
    let reply_now = reply(world, cx, instance, of);
    let (guest, _, cadence) = running(world, cx, instance).expect("it was just seen");
    let clock = guest.clock(now);
    match (guest.stopped, frozen) {
        (Some(_), true) => {}
        (None, true) => {
            if let View::Counted(observer) = &mut guest.view {
                let early = observer.fold(clock, cadence);
                assert!(early.is_none(), "a probe changed the extension's mind unforecast");
            }
            guest.stopped = Some(clock);
            guest.epoch += 1;
            guest.agent_epoch += 1;
        }
        (Some(since), false) => {
            let length = now.since(since + guest.behind);
            guest.stopped = None;
            guest.behind = guest.behind + length;
            if let View::Ticked(ticker) = &mut guest.view {
                ticker.pause(length);
            }
            set_reply(guest, reply_now, cause);
            report::resume(cx, instance, guest);
            report::report_again(world, cx, instance);
            proceed(world, cx, instance);
        }
        (None, false) => {
            if let View::Counted(observer) = &mut guest.view {
                if observer.has_reply(reply_now) {
                    return;
                }
                let early = observer.fold(clock, cadence);
                assert!(early.is_none(), "a probe changed the extension's mind unforecast");
            }
            set_reply(guest, reply_now, cause);
            if matches!(guest.view, View::Counted(_)) {
                forecast(cx, instance, guest, cadence);
            }
        }
    }
}

/// From now on, probes get this answer.
fn set_reply(guest: &mut Guest, reply_now: Reply, cause: Entry) {
    match &mut guest.view {
        View::Counted(observer) if !observer.has_reply(reply_now) => observer.set_reply(reply_now, cause),
        View::Ticked(ticker) if ticker.reply != reply_now => (ticker.reply, ticker.reply_cause) = (reply_now, cause),
        View::Counted(_) | View::Ticked(_) => {}
    }
}

// Verbs.

/// The extension starts on an instance, for the first time or anew: nothing is known of before (HD-29).
pub fn start(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry, within: Operation) {
    let before = world.app_health.rows.get(instance.index()).is_some_and(|row| row.guest.is_some());
    let anew = match within {
        Operation::Restart | Operation::Restore | Operation::Start | Operation::Heal => Some(rules::HD_47),
        _ if before => Some(rules::HD_29),
        Operation::Extensions => Some(rules::HD_45),
        Operation::Create | Operation::Swap | Operation::Reimage => None,
    };
    shut(world, instance);
    let Some((of, &cadence)) = modelled(world, cx, instance) else { return };
    if anew.is_some_and(|rule| !cx.on(rule)) {
        return;
    }
    if of.protocol.is_none() && !cx.on(rules::HD_01) {
        return;
    }
    let (now, reply_now) = (cx.now(), reply(world, cx, instance, of));
    let first = if cx.on(rules::HD_30) { now } else { now + of.interval };
    let view = match cx.engine {
        ProbeEngine::Counting => View::Counted(Observer::new(now, first, reply_now, cause, &cadence)),
        ProbeEngine::Ticking => View::Ticked(Box::new(Ticker::new(now, first, reply_now, cause, &cadence))),
    };
    let frozen = application::is_still(world, cx, instance);
    install(world, instance, view, frozen.then_some(now));
    if let Some(guest) = guest(world, instance) {
        guest.anew = anew;
    }
    if !frozen {
        proceed(world, cx, instance);
    }
}

/// The machine of an instance stops, and with it the extension: until it runs again and reports, nobody outside knows
/// anything of the health of the instance (HD-34, `rolling.not_reporting_health`).
pub fn stop(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if shut(world, instance) {
        report::clear(world, cx, instance, cause);
    }
}

/// The machine of an instance is stopped, and stays its own: what was known last stands, as nobody says otherwise (`repair.deallocated`).
pub fn silence(world: &mut World, instance: InstanceId) {
    shut(world, instance);
}

/// Somebody else says from now on whether an instance is healthy, or nobody does: what was known is not known any more.
pub fn turn(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    shut(world, instance);
    report::clear(world, cx, instance, cause);
    if follows_probe(world, cx, instance) {
        reconcile_probe(world, cx, instance, cause);
    }
}

/// An instance starts in steady state: its health is what the answer deserves, and is known; its probes are under way.
pub fn start_steady(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let Some((of, _)) = modelled(world, cx, instance) else {
        reconcile_probe(world, cx, instance, cause);
        return;
    };
    if of.protocol.is_none() && !cx.on(rules::HD_01) {
        return;
    }
    let reply_now = reply(world, cx, instance, of);
    let subject = world.application.subject(instance);
    let phase = cx.stream(Purpose::HealthPhase, subject, 0).below(of.interval.ms()) + 1;
    let first = cx.now() + SimDuration::from_ms(phase);
    let view = match cx.engine {
        ProbeEngine::Counting => View::Counted(Observer::steady(first, reply_now, cause)),
        ProbeEngine::Ticking => View::Ticked(Box::new(Ticker::steady(first, reply_now, cause))),
    };
    install(world, instance, view, None);
    let entry = cx.record(Fact::HealthChanged { instance, to: reply_now.result }, cause, rules::WT_08);
    report::start_steady(world, cx, instance, reply_now.result, entry);
    let (guest, _, cadence) = running(world, cx, instance).expect("it was just installed");
    forecast(cx, instance, guest, cadence);
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for (index, row) in world.app_health.rows.iter().enumerate() {
        let Some(guest) = row.running() else { continue };
        let (set, cadences) = (world.instances.rows[index].set, &world.app_health.cadences);
        let (of, _) = cadences.settings(cx, set, guest.settings()).expect("what runs is in the model");
        let state = guest.committed_state();
        if of.version == HealthVersion::Binary {
            let known = matches!(state, None | Some(Health::Healthy | Health::Unhealthy));
            assert!(known, "version 1 knows two states, and not {state:?}");
        }
        if of.protocol != Some(ProbeProtocol::Http) && cx.on(rules::HD_24) {
            assert!(state != Some(Health::Unknown), "only HTTP has answers that cannot be read");
        }
        let exists = application::exists(world, InstanceId(index as u32));
        let frozen = exists && application::is_still(world, cx, InstanceId(index as u32));
        assert!(!exists || guest.stopped.is_some() == frozen, "the extension stands still as long as its instance");
        let gets = || reply(world, cx, InstanceId(index as u32), of);
        let is_known = match &guest.view {
            _ if !exists || frozen => true,
            View::Counted(observer) => observer.has_reply(gets()),
            View::Ticked(ticker) => ticker.reply == gets(),
        };
        assert!(is_known, "what the extension of instance {index} gets changed without a fact");
    }
    report::check(world, cx);
}
