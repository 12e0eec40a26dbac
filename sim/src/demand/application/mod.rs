//! The application: the one truth about an instance, which nobody in the model sees but through observers.
//!
//! What runs on an instance, which code, whether it is warm, what it can reach; from that, what each endpoint would
//! answer now, and what would become of a user's request. Rules: WT-02, WT-03, WT-04, WT-05, WT-07, IN-01, IN-04,
//! VS-01, VS-02.

mod code;
mod impairments;
mod needs;

pub use code::{attach, disk, install, is_set_up, lacks, pause, release, set_dependency};
pub use impairments::{
    errs, is_cut_off, is_dark, is_frozen, is_silent, set_endpoint, set_network, zone_back, zone_lost,
};

use crate::engine::queue::Key;
use crate::engine::random::{Purpose, Subject};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Answer, AnswerKind, Body, Code};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, FaultFact, Service};
use crate::world::ids::{Entry, ImageId, InstanceId};
use needs::{is_current, meets};
use std::collections::BTreeMap;

/// The truth about one instance.
#[derive(Clone, Debug)]
#[repr(align(32))]
pub struct Truth {
    /// What its draws are keyed by: the place, the cause of its creation, each by number, and the ordinal within the cause.
    keyed: (u32, u32, u32),
    /// The image it runs.
    pub image: ImageId,
    /// The code that is installed.
    pub code: Option<Code>,
    /// What it would do with a request now, as last stated.
    pub service: Service,
    power: Power,
    /// The process was started, and was not stopped for good.
    started: bool,
    /// The warm-up is over.
    warm: bool,
    /// The process was once started on this disk, and starts with the system from then on.
    set_up: bool,
    /// How many faults hold the process down.
    held_down: u8,
    /// Its version has worked as long as it does.
    degraded: bool,
    /// What is wrong with it until it is restarted or gets another disk.
    process_fault: ProcessFault,
    /// How many faults freeze the instance.
    frozen: u8,
    /// It drains, because of an event that it saw.
    draining: bool,
    /// Raised when the process starts or stops, so that an older timer means nothing.
    epoch: u32,
}

/// What is wrong with an instance until something is done to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ProcessFault {
    /// Nothing.
    #[default]
    None,
    /// The process hangs, and takes connections: a restart cures it.
    Hung,
    /// The disk is broken: the process does not run on it.
    Corrupt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Power {
    /// Not running yet.
    Off,
    /// Running; the operating system may still be booting.
    On,
    /// Deleted, or on its way out.
    Gone,
}

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The truth about every instance there ever was.
    pub truths: Vec<Truth>,
    /// The code users need now, and the share of requests that touch the difference.
    pub required: Option<Code>,
    /// The names of places and causes that instances are keyed by.
    names: Vec<u64>,
    /// What is wrong around instances, for the few for which anything is.
    impairments: BTreeMap<InstanceId, impairments::Impairments>,
    /// How many faults hold each dependency down.
    down: Vec<u8>,
    /// The dependencies that are up, as bits.
    up: u32,
    /// By dependency, the entry at which it last went down.
    fell: Vec<Option<Entry>>,
}

/// A step in the life of a process.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The process is to listen now.
    Start {
        /// The instance.
        instance: InstanceId,
        /// The operation on the instance within which it starts.
        operation: u32,
        /// The entry that started it.
        cause: Entry,
        /// The rule by which.
        rule: RuleId,
    },
    /// The warm-up is over.
    Warm {
        /// The instance.
        instance: InstanceId,
        /// The epoch the timer was set under.
        epoch: u32,
        /// The entry that began it.
        cause: Entry,
    },
    /// The version has worked as long as it does.
    Degrade {
        /// The instance.
        instance: InstanceId,
        /// The epoch the timer was set under.
        epoch: u32,
        /// The entry of the start of the process.
        cause: Entry,
    },
    /// The code that users need takes effect.
    Required,
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Start { instance, cause, .. } => Key::new(time, class, instance.0, 0, cause.0),
            Self::Warm { instance, epoch, .. } => Key::new(time, class, instance.0, 1, epoch),
            Self::Degrade { instance, epoch, .. } => Key::new(time, class, instance.0, 3, epoch),
            Self::Required => Key::new(time, class, u32::MAX, 2, 0),
        }
    }
}

impl State {
    /// The state at t = 0: every dependency up.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        // Every answer leans on these.
        let _ = (cx.assume(key::AppAnswerLatency), cx.assume(key::AppCrashAnswer));
        let _ = (cx.assume(key::VmProbeBeforeRunning), cx.assume(key::VmFreezeSilencesProbes));
        let application = &cx.plan.application;
        let dependencies = application.dependencies.len();
        let mut required = None;
        if let Some(requires) = application.requires {
            if requires.from == SimTime::ZERO {
                required = Some(requires.code);
            } else {
                cx.at(requires.from, Due::Application(Event::Required));
            }
        }
        Self {
            required,
            impairments: BTreeMap::new(),
            down: vec![0; dependencies],
            fell: vec![None; dependencies],
            up: (1_u64 << dependencies).wrapping_sub(1) as u32,
            truths: Vec::with_capacity(cx.plan.initial_instances()),
            names: Vec::new(),
        }
    }

    /// Reads the line on which an instance is kept: [`World::fetch`].
    pub(crate) fn fetch(&self, instance: InstanceId) -> u32 {
        self.truths[instance.index()].epoch
    }

    /// What the draws of an instance are keyed by.
    #[must_use]
    #[inline]
    pub fn subject(&self, instance: InstanceId) -> Subject {
        let (place, cause, ordinal) = self.truths[instance.index()].keyed;
        Subject { place: self.names[place as usize], cause: self.names[cause as usize], ordinal }
    }

    /// The number of a name. The latest are looked at first: instances come in groups.
    fn number(&mut self, name: u64) -> u32 {
        let place = self.names.iter().rposition(|&known| known == name).unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        place as u32
    }
}

// Half a line of memory an instance. What few instances have belongs in a list beside the truths.
const _: () = assert!(size_of::<Truth>() <= 32);

/// Whether an instance is there: created, and not on its way out.
#[must_use]
pub fn exists(world: &World, instance: InstanceId) -> bool {
    world.application.truths.get(instance.index()).is_some_and(|truth| truth.power != Power::Gone)
}

/// Whether the virtual machine of an instance runs.
#[must_use]
pub fn runs(world: &World, instance: InstanceId) -> bool {
    world.application.truths[instance.index()].power == Power::On
}

/// Whether the process of an instance is up and moves, so that it can ask for events and answer them.
#[must_use]
pub fn asks(world: &World, cx: &Cx<'_>, instance: InstanceId) -> bool {
    works(world, instance) && !is_still(world, cx, instance)
}

/// Whether the process of an instance is up.
#[must_use]
pub fn works(world: &World, instance: InstanceId) -> bool {
    world.application.truths[instance.index()].process()
}

/// Whether an instance takes new work: it serves and does not drain.
#[must_use]
pub fn takes_work(world: &World, instance: InstanceId) -> bool {
    let truth = &world.application.truths[instance.index()];
    truth.process() && truth.service != Service::Cannot && !truth.draining
}

/// Whether an instance is frozen, and nothing on it moves (`vm.freeze_silences_probes`).
#[must_use]
pub fn is_still(world: &World, cx: &Cx<'_>, instance: InstanceId) -> bool {
    let frozen = world.application.truths[instance.index()].frozen > 0;
    is_dark(world, instance) || frozen && cx.plan.assumptions.get(key::VmFreezeSilencesProbes)
}

impl Truth {
    const fn process(&self) -> bool {
        self.is_up(ProcessFault::None)
    }

    /// Whether its process is there, and hangs.
    const fn hangs(&self) -> bool {
        self.is_up(ProcessFault::Hung)
    }

    const fn is_up(&self, with: ProcessFault) -> bool {
        self.process_fault as u8 == with as u8 && self.started && self.held_down == 0 && matches!(self.power, Power::On)
    }
}

/// The endpoint of a bare handshake.
const TCP: u16 = 0;

/// What an endpoint of an instance would answer now, whoever asks.
#[must_use]
pub fn answer(world: &World, cx: &Cx<'_>, instance: InstanceId, endpoint: u16) -> Answer {
    let truth = &world.application.truths[instance.index()];
    let assumed = &cx.plan.assumptions;
    let latency = || assumed.get(key::AppAnswerLatency);
    let bare = |kind, after| Answer { kind, after, body: Body::default() };
    let silent = || bare(AnswerKind::Silent, SimDuration::ZERO);
    let refused = || bare(AnswerKind::Refused, latency());
    match truth.power {
        Power::On | Power::Off if is_dark(world, instance) => return silent(),
        Power::On
            if truth.frozen > 0 && is_still(world, cx, instance) && cx.on(rules::MT_04) && cx.on(rules::DI_12) =>
        {
            return silent();
        }
        Power::On => {}
        Power::Off if assumed.get(key::VmProbeBeforeRunning) == choice::VmProbeBeforeRunning::Refuse => {
            return refused();
        }
        Power::Off | Power::Gone => return silent(),
    }
    if truth.hangs() {
        // The system takes connections for it, and nobody reads them.
        return if endpoint == TCP { bare(AnswerKind::Status(200), latency()) } else { silent() };
    }
    let clauses = &cx.plan.application.endpoints[endpoint as usize].clauses;
    let Some(clause) = clauses.iter().find(|clause| meets(world, cx, instance, &clause.when)) else {
        return if assumed.get(key::AppCrashAnswer) == choice::AppCrashAnswer::Silent { silent() } else { refused() };
    };
    let Some(spell) = impairments::later(world, instance, endpoint) else { return silent() };
    let slower = crate::demand::traffic::delay(world, cx, instance) + spell;
    Answer { after: clause.answer.after + latency() + slower, ..clause.answer }
}

/// How long users of an instance wait for an answer now, if it gives one.
#[must_use]
pub fn waiting(world: &World, cx: &Cx<'_>, instance: InstanceId) -> SimDuration {
    let usual = cx.plan.assumptions.get(key::AppAnswerLatency);
    usual + crate::demand::traffic::delay(world, cx, instance) + impairments::of_users(world, instance)
}

/// What would become of a user's request on an instance now.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "it is asked for each time that an instance may have changed, and by the invariants"
)]
fn service(world: &World, cx: &Cx<'_>, instance: InstanceId) -> Service {
    let truth = &world.application.truths[instance.index()];
    let cut = is_cut_off(world, instance) || impairments::is_mute(world, instance);
    let on = truth.power == Power::On && truth.frozen == 0 && !is_dark(world, instance) && !cut;
    let stays_stale = truth.service == Service::Stale && !cx.on(rules::EX_09);
    if !on || !meets(world, cx, instance, &cx.plan.application.serves) {
        Service::Cannot
    } else if (is_current(world, truth) || !cx.on(rules::IN_04)) && !stays_stale {
        Service::Ready
    } else {
        Service::Stale
    }
}

/// A step in the life of a process falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Start { instance, operation, cause, rule } => {
            let truth = &world.application.truths[instance.index()];
            let current = world.instances.rows[instance.index()].epoch == operation;
            if current && !truth.started && truth.power == Power::On {
                begin(world, cx, instance, cause, rule);
            }
        }
        Event::Warm { instance, epoch, cause } => {
            let truth = &mut world.application.truths[instance.index()];
            if truth.epoch == epoch && truth.process() && !truth.warm {
                truth.warm = true;
                cx.record(Fact::Warmed { instance }, cause, rules::WT_03);
            }
        }
        Event::Degrade { instance, epoch, cause } => {
            let truth = &mut world.application.truths[instance.index()];
            if truth.epoch == epoch && truth.process() {
                truth.degraded = true;
                cx.record(Fact::Degraded { instance }, cause, rules::WT_05);
            }
        }
        Event::Required => {
            let requires = cx.plan.application.requires.expect("set when the run began");
            release(world, cx, requires.code, Entry(1));
        }
    }
}

/// The process listens; its warm-up begins, unless it hangs.
fn begin(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry, rule: RuleId) {
    let truth = &mut world.application.truths[instance.index()];
    (truth.started, truth.set_up) = (true, true);
    if !truth.process() {
        if truth.hangs() {
            cx.record(Fact::Fault(FaultFact::Hung { instance }), cause, rules::WT_05);
        }
        return;
    }
    truth.epoch += 1;
    truth.degraded = false;
    let entry = cx.record(Fact::ProcessStarted { instance }, cause, rule);
    warm_up(world, cx, instance, entry);
}

/// The process works from now on, and warms up.
fn warm_up(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, entry: Entry) {
    let epoch = world.application.truths[instance.index()].epoch;
    let subject = world.application.subject(instance);
    if let Some(degrades) = code::degrades(cx, &world.application.truths[instance.index()]) {
        let after = cx.draw(Purpose::Degrade, subject, epoch.into(), &degrades.after);
        cx.after(after, Due::Application(Event::Degrade { instance, epoch, cause: entry }));
    }
    let length = cx.draw(Purpose::WarmUp, subject, epoch.into(), &cx.plan.application.warm_up);
    if length == SimDuration::ZERO || !cx.on(rules::WT_03) {
        world.application.truths[instance.index()].warm = true;
    } else {
        cx.after(length, Due::Application(Event::Warm { instance, epoch, cause: entry }));
    }
}

/// Looks at an instance whose truth may have changed, and states what it would now do with a request.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let truth = &world.application.truths[instance.index()];
    if truth.power == Power::Gone {
        return;
    }
    let to = service(world, cx, instance);
    if to != truth.service {
        // The stale window of an instance ends when the code on it is what users need (EX-09).
        let rule = match (truth.service, to) {
            (_, Service::Stale) => rules::IN_01,
            (Service::Stale, Service::Ready) => rules::EX_09,
            _ => rules::WT_02,
        };
        world.application.truths[instance.index()].service = to;
        cx.record(Fact::ServiceChanged { instance, to }, cause, rule);
    }
}

// Verbs.

/// A new instance: nothing runs on it yet.
pub fn create(world: &mut World, cx: &Cx<'_>, instance: InstanceId, image: ImageId, subject: Subject) {
    assert_eq!(instance.index(), world.application.truths.len(), "instances are created in order");
    let state = &mut world.application;
    let keyed = (state.number(subject.place), state.number(subject.cause), subject.ordinal);
    state.truths.push(Truth {
        keyed,
        image,
        code: cx.plan.images[image.index()].code,
        service: Service::Cannot,
        power: Power::Off,
        started: false,
        warm: false,
        set_up: false,
        held_down: 0,
        degraded: false,
        process_fault: ProcessFault::None,
        frozen: 0,
        draining: false,
        epoch: 0,
    });
}

/// An instance starts in steady state: booted, its process up and warm, with this code.
pub fn start_steady(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, code: Option<Code>, cause: Entry) {
    let truth = &mut world.application.truths[instance.index()];
    (truth.power, truth.started, truth.warm, truth.set_up) = (Power::On, true, true, true);
    if let Some(code) = code.filter(|&code| truth.code != Some(code)) {
        install(world, cx, instance, code, cause, rules::WT_08);
    }
    reconcile(world, cx, instance, cause);
}

/// The virtual machine runs.
pub fn power_on(world: &mut World, instance: InstanceId) {
    world.application.truths[instance.index()].power = Power::On;
}

/// The instance is on its way out: nothing on it answers any more.
pub fn power_off(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    world.application.impairments.remove(&instance);
    let truth = &mut world.application.truths[instance.index()];
    truth.power = Power::Gone;
    truth.epoch += 1;
    if std::mem::replace(&mut truth.service, Service::Cannot) != Service::Cannot {
        cx.record(Fact::ServiceChanged { instance, to: Service::Cannot }, cause, rules::LB_23);
    }
}

/// The application on an instance drains, or does so no more.
pub fn drain(world: &mut World, instance: InstanceId, drains: bool) {
    world.application.truths[instance.index()].draining = drains;
}

/// The machine of an instance stops, for a while: nothing on it answers or serves.
pub fn halt(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let truth = &mut world.application.truths[instance.index()];
    let ran = truth.process();
    (truth.power, truth.started, truth.warm) = (Power::Off, false, false);
    if truth.process_fault == ProcessFault::Hung {
        truth.process_fault = ProcessFault::None;
    }
    truth.epoch += 1;
    if ran {
        cx.record(Fact::ProcessStopped { instance }, cause, rules::WT_02);
    }
}

/// Starts the process, after the time it takes to listen.
pub fn start(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry, rule: RuleId) {
    let truth = &world.application.truths[instance.index()];
    if truth.started || truth.power != Power::On {
        return;
    }
    let (subject, operation) = (world.application.subject(instance), world.instances.rows[instance.index()].epoch);
    let length = match &cx.plan.images[truth.image.index()].process_start {
        Some(dist) => cx.draw(Purpose::ProcessStart, subject, operation.into(), dist),
        None => cx.assume(key::AppProcessStart),
    };
    if length == SimDuration::ZERO {
        begin(world, cx, instance, cause, rule);
    } else {
        cx.after(length, Due::Application(Event::Start { instance, operation, cause, rule }));
    }
}

/// The process runs and is warm, as it was before its machine came to be an instance.
pub fn carry_on(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry, rule: RuleId) {
    let truth = &mut world.application.truths[instance.index()];
    if truth.held_down == 0 && truth.power == Power::On {
        begin(world, cx, instance, cause, rule);
        world.application.truths[instance.index()].warm = true;
    }
}

/// A fault takes hold of the process of an instance, or lets it go; then it starts anew and warms up again.
pub fn set_process(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, down: bool, cause: Entry) {
    let truth = &mut world.application.truths[instance.index()];
    if truth.power == Power::Gone || !cx.on(rules::WT_05) {
        return;
    }
    let (before, was_there) = (truth.held_down > 0, truth.process() || truth.hangs());
    truth.held_down = if down { truth.held_down + 1 } else { truth.held_down.saturating_sub(1) };
    match (before, truth.held_down > 0) {
        (false, true) => {
            truth.warm = false;
            truth.epoch += 1;
            if was_there {
                cx.record(Fact::ProcessStopped { instance }, cause, rules::WT_05);
            }
        }
        (true, false) if truth.started => begin(world, cx, instance, cause, rules::WT_05),
        _ => {}
    }
}

/// A process hangs, or the disk it runs from breaks: until the instance is restarted, or gets another disk, or the fault
/// goes by itself.
pub fn set_process_fault(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, disk: bool, on: bool, cause: Entry) {
    let truth = &mut world.application.truths[instance.index()];
    if truth.power == Power::Gone || !cx.on(rules::WT_05) {
        return;
    }
    let (ran, before) = (truth.process(), truth.process_fault);
    let what = if disk { ProcessFault::Corrupt } else { ProcessFault::Hung };
    match (on, before) {
        (true, ProcessFault::None) => truth.process_fault = what,
        // Something was done to the instance meanwhile, or something else ails it.
        (false, process_fault) if process_fault == what => truth.process_fault = ProcessFault::None,
        _ => return,
    }
    let goes_on = !on && truth.started && truth.held_down == 0 && truth.power == Power::On;
    if on && ran {
        truth.warm = false;
        truth.epoch += 1;
        let fact = if disk { Fact::ProcessStopped { instance } } else { Fact::Fault(FaultFact::Hung { instance }) };
        cx.record(fact, cause, rules::WT_05);
    } else if goes_on && disk {
        begin(world, cx, instance, cause, rules::WT_05);
    } else if goes_on {
        truth.epoch += 1;
        truth.degraded = false;
        let entry = cx.record(Fact::Fault(FaultFact::Resumed { instance }), cause, rules::WT_05);
        warm_up(world, cx, instance, entry);
    }
}

/// A fault freezes an instance, or lets it go.
pub fn set_freeze(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, frozen: bool, cause: Entry) {
    if cx.on(rules::WT_05) {
        freeze(world, cx, instance, frozen, (rules::WT_05, cause));
    }
}

/// An instance is frozen by this rule, or goes on.
pub fn freeze(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, frozen: bool, (rule, cause): (RuleId, Entry)) {
    let dark = is_dark(world, instance);
    let truth = &mut world.application.truths[instance.index()];
    if truth.power == Power::Gone {
        return;
    }
    let before = truth.frozen > 0 || dark;
    truth.frozen = if frozen { truth.frozen + 1 } else { truth.frozen.saturating_sub(1) };
    match (before, truth.frozen > 0 || dark) {
        (false, true) => cx.record(Fact::Frozen { instance }, cause, rule),
        (true, false) => cx.record(Fact::Thawed { instance }, cause, rule),
        _ => return,
    };
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for (at, truth) in world.application.truths.iter().enumerate() {
        assert!(!truth.warm || truth.started, "what is warm was started");
        let is = if truth.power == Power::Gone { Service::Cannot } else { service(world, cx, InstanceId(at as u32)) };
        assert_eq!(truth.service, is, "what becomes of requests to instance {at} changed without a fact");
    }
}
