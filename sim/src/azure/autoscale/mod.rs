//! Azure Monitor autoscale: the engine that reads metrics of a scale set and writes its capacity.
//!
//! Rules: AS-01, AS-02, AS-04…AS-07, AS-09…AS-25, AS-29, and PA-02…PA-09 with the forecast of [`super::predictive`]. The engine
//! runs once a period. A run chooses the profile, puts the capacity within its limits, looks at the scale-out rules, of
//! which any suffices, and, if none fired, at the scale-in rules, of which all must; holds a scale-in against flapping;
//! and acts unless the cooldown of the last action is running. What comes out as in the run before leaves no trace: an
//! entry says what changed, and what an action follows from.
//!
//! Of what is not published: an action that follows from no rule (limits, a missing metric) begins no cooldown; the
//! scale-out to the default waits for one that is running.
//!
//! Left out: changes that the engine cannot see yet (AS-26), guest metrics that go with an image (AS-27), what
//! autoscale switches off (AS-28), dimensions, notifications.

mod decide;
pub mod meter;
mod profile;
pub mod reading;
pub mod targets;
mod written;

use crate::azure::load_balancer;
use crate::azure::predictive::Memo;
use crate::demand::traffic::{again, demand_at, share};
use crate::engine::queue::Key;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Metric, Plan, SettingWritten};
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{AutoscaleFact, Fact};
use crate::world::ids::{ActionId, AutoscaleId, Entry, EntryPointId, PoolId, SetId};
use meter::{Counted, MINUTE, Meter};

pub use written::write;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The processors of the sets that some rule reads.
    pub meters: Vec<Meter>,
    /// The settings of the plan.
    settings: Vec<Setting>,
    /// The demand at each entry point as last seen by a rule.
    seen: Vec<f64>,
}

/// One setting.
#[derive(Clone, Debug)]
struct Setting {
    /// What it is now.
    now: SettingWritten,
    /// It ran.
    began: bool,
    /// The profile that rules.
    profile: Option<u16>,
    /// What is known of the rules of that profile.
    rules: Vec<Known>,
    /// The cooldown of the last action.
    cooldown: Option<Cooldown>,
    /// The action that waits for the end of a cooldown: where to, and the entry that says so.
    deferred: Option<(u32, Entry)>,
    /// The target at which a scale-in was last held to be flapping.
    held: Option<u32>,
    /// Whether the forecast was last trained.
    trained: Option<bool>,
    /// What the forecast looked at lately.
    memo: Memo,
}

impl Setting {
    fn new(now: SettingWritten) -> Self {
        Self {
            now,
            began: false,
            profile: None,
            rules: Vec::new(),
            cooldown: None,
            deferred: None,
            held: None,
            trained: None,
            memo: Memo::default(),
        }
    }
}

/// What is known of a rule.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// It fired when it was last evaluated.
    fires: bool,
    /// Its metric was missing then.
    missing: bool,
    /// Its forecast crossed its threshold then.
    crosses: bool,
}

/// The cooldown of an action.
#[derive(Clone, Copy, Debug)]
struct Cooldown {
    /// It counts from here; `None` until the action is complete, where that is what it counts from (`autoscale.cooldown_from`).
    from: Option<SimTime>,
    length: SimDuration,
}

/// The engine is to run.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// For this setting.
    Run {
        /// The setting.
        setting: AutoscaleId,
    },
    /// What is written of settings counts.
    Written {
        /// The write.
        action: ActionId,
        /// The entry of its beginning.
        cause: Entry,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Run { setting } => Key::new(time, class, setting.0.into(), 0, 0),
            // A run at the same instant goes by what was before.
            Self::Written { action, .. } => Key::new(time, class, u32::MAX, 0, action.0),
        }
    }
}

impl State {
    /// The settings of the plan; the first run of each is put on the queue.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let plan = cx.plan;
        if plan.autoscale.is_empty() {
            return Self::default();
        }
        let period = cx.assume(key::AutoscalePeriod);
        let seeded = cx.assume(key::AutoscalePhase) == choice::Phase::Seeded;
        for (index, setting) in plan.autoscale.iter().enumerate() {
            let subject = Subject { place: name(&setting.name), cause: 0, ordinal: 0 };
            let phase = cx.stream(Purpose::AutoscalePhase, subject, 0).below(period.ms());
            let first = if seeded { SimDuration::from_ms(phase) } else { period };
            if cx.on(rules::AS_01) {
                cx.after(first, Due::Autoscale(Event::Run { setting: AutoscaleId(index as u16) }));
            }
        }
        let delay = cx.plan.assumptions.get(key::AutoscaleMetricDelay);
        let settings = plan.autoscale.iter().map(|setting| Setting::new(setting.at_start())).collect();
        Self { meters: meters(plan, delay), settings, seen: Vec::new() }
    }
}

/// A meter for each set whose processors some rule reads, with room for the longest window.
fn meters(plan: &Plan, delay: SimDuration) -> Vec<Meter> {
    let mut meters: Vec<Meter> = Vec::new();
    let rules = || plan.autoscale.iter().flat_map(|setting| setting.ever()).flat_map(|profile| &profile.rules);
    let longest = rules().map(|rule| rule.trigger.window + rule.trigger.grain + rule.trigger.grain).max();
    let kept = (longest.unwrap_or_default() + delay).ms() / MINUTE.unsigned_abs() + 2;
    for rule in rules() {
        if let Metric::Cpu(set) = rule.trigger.metric
            && !meters.iter().any(|meter| meter.set == SetId(set))
        {
            meters.push(Meter::new(SetId(set), plan, kept as usize));
        }
    }
    meters
}

/// The fleet stands: what it does now it has always done.
pub fn begin(world: &mut World, cx: &mut Cx<'_>) {
    world.autoscale.seen = cx.plan.entries().map(|(id, _)| sent(world, cx, id)).collect();
    each(world, cx, |meter, world, cx, counted| meter.begin(world, cx, counted));
}

/// Somebody else runs, or carries the load.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, units: &[(u32, Entry)]) {
    let cause = units.first().map_or(Entry(1), |&(_, cause)| cause);
    each(world, cx, |meter, world, cx, counted| {
        meter.advance(cx.plan, cx.now());
        meter.look(world, cx, counted);
        meter.cause = cause;
    });
}

fn each(world: &mut World, cx: &mut Cx<'_>, what: impl Fn(&mut Meter, &World, &Cx<'_>, Counted)) {
    if world.autoscale.meters.is_empty() {
        return;
    }
    let counted = Counted::assumed(cx);
    let mut meters = std::mem::take(&mut world.autoscale.meters);
    for meter in &mut meters {
        what(meter, world, cx, counted);
    }
    world.autoscale.meters = meters;
}

/// The engine runs.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    let setting = match event {
        Event::Run { setting } => setting,
        Event::Written { action, cause } => return written::counts(world, cx, action, cause),
    };
    let period = cx.plan.assumptions.get(key::AutoscalePeriod);
    cx.after(period, Due::Autoscale(event));
    for meter in &mut world.autoscale.meters {
        meter.advance(cx.plan, cx.now());
    }
    let state = &mut world.autoscale.settings[setting.0 as usize];
    if !state.now.enabled {
        return;
    }
    if !std::mem::replace(&mut state.began, true) {
        say(cx, AutoscaleFact::Started { setting }, Entry(1), rules::AS_01);
    }
    decide::run(world, cx, setting);
}

fn say(cx: &mut Cx<'_>, fact: AutoscaleFact, cause: Entry, rule: rules::RuleId) -> Entry {
    cx.record(Fact::Autoscale(fact), cause, rule)
}

/// The requests a second that come to an entry point now.
fn sent(world: &World, cx: &Cx<'_>, entry_point: EntryPointId) -> f64 {
    let traffic = cx.plan.entry_point(entry_point).traffic.as_ref();
    let first = traffic.map_or(0.0, |of| demand_at(&of.demand, cx.now()) * share(world, cx, entry_point));
    first + again(world, entry_point)
}

/// What moved the processors of a set the way a rule looks: demand, where it went that way since it was last seen; else
/// the last change of who carries it.
fn mover(world: &mut World, cx: &mut Cx<'_>, set: u16, up: bool) -> Entry {
    let mut seen = None;
    for &pool in &cx.plan.sets[set as usize].pools {
        for (entry_point, _) in cx.plan.leading_to(PoolId(pool)) {
            if load_balancer::leads(world, entry_point) != Some(PoolId(pool)) {
                continue;
            }
            let now = sent(world, cx, entry_point);
            let before = std::mem::replace(&mut world.autoscale.seen[entry_point.index()], now);
            if (up && now > before) || (!up && now < before) {
                let fact = AutoscaleFact::DemandSeen { entry_point, rps: now as f32 };
                seen = Some(say(cx, fact, Entry(1), rules::WT_06));
            }
        }
    }
    let meter = world.autoscale.meters.iter().find(|meter| meter.set.0 == set);
    seen.or_else(|| meter.map(|meter| meter.cause)).unwrap_or(Entry(1))
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for (state, plan) in world.autoscale.settings.iter().zip(&cx.plan.autoscale) {
        let rules = state.profile.map_or(0, |profile| plan.profile(profile).rules.len());
        assert_eq!(state.rules.len(), rules, "what is known of rules is of those of the profile that rules");
    }
}
