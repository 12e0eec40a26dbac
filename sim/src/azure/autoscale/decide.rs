//! One run of the engine: what the rules say, what follows from it, and the action.

use super::reading::{Reading, read};
use super::targets::{Watch, smallest_passing, target, would_fire};
use super::{Cooldown, Known, mover, profile, say};
use crate::azure::{instances, predictive, scale_set, zone_balance, zones};
use crate::demand::traffic;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::SimDuration;
use crate::plan::{Aggregation, Autoscale, Metric, Operator, ScaleDirection, ScaleProfile, ScaleRule, Statistic};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{AutoscaleFact, Reason, Service, Why};
use crate::world::ids::{AutoscaleId, Entry, InstanceId, SetId};

/// What one run sees.
struct Sight<'p> {
    id: AutoscaleId,
    plan: &'p Autoscale,
    profile: u16,
    of: &'p ScaleProfile,
    /// `sku.capacity`.
    capacity: u32,
    /// What the projection counts (`autoscale.projection_counts`).
    counted: u32,
    rules: Vec<Seen>,
    /// A metric is missing.
    missing: bool,
}

/// A rule as one run sees it.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// Its value, divided where it is to be.
    value: Option<f64>,
    diluted: bool,
    fires: bool,
    /// The value of the forecast for each instance, where that counts.
    forecast: Option<f64>,
    /// The entry of this run that says so.
    entry: Option<Entry>,
}

/// An action that is due.
struct Action {
    to: u32,
    why: Why,
    /// The rule of the profile that decided.
    by: Option<u16>,
    /// The rule of the rulebook.
    rule: RuleId,
}

/// What the rules of one direction come to.
enum Verdict {
    /// They did not fire.
    Quiet,
    /// They fired, and there may be something to do.
    Fired(Option<Action>),
}

/// One run for a setting.
pub fn run(world: &mut World, cx: &mut Cx<'_>, id: AutoscaleId) {
    let plan = &cx.plan.autoscale[id.0 as usize];
    let state = &mut world.autoscale.settings[id.0 as usize];
    let Some((profile, rule)) = profile::choose(plan, &state.now.profiles, cx) else { return };
    if state.profile != Some(profile) {
        state.profile = Some(profile);
        state.rules = vec![Known::default(); plan.profile(profile).rules.len()];
        (state.deferred, state.held) = (None, None);
        say(cx, AutoscaleFact::ProfileChosen { setting: id, profile }, Entry(1), rule);
    }
    let of = plan.profile(profile);
    let capacity = world.scale_set.sets[plan.set as usize].capacity;
    let counted = counted(world, cx, plan, capacity);
    let mut sight = Sight { id, plan, profile, of, capacity, counted, rules: Vec::new(), missing: false };
    if let Some(action) = limits(world, &sight, cx) {
        let waits = !cx.assume(key::AutoscaleClampIgnoresCooldown);
        conclude(world, cx, &mut sight, Some(action), waits);
        return;
    }
    evaluate(world, cx, &mut sight);
    forecast(world, cx, &mut sight);
    let out = scale_out(world, cx, &sight);
    // Scale-in rules are looked at if no scale-out rule fired (AS-02).
    let action = match out {
        Verdict::Fired(action) if cx.on(rules::AS_02) => action,
        Verdict::Fired(action) => scale_in(world, cx, &mut sight).or(action),
        Verdict::Quiet => scale_in(world, cx, &mut sight),
    };
    conclude(world, cx, &mut sight, action, true);
}

/// The count that projections start from.
fn counted(world: &World, cx: &mut Cx<'_>, plan: &Autoscale, capacity: u32) -> u32 {
    if cx.assume(key::AutoscaleProjectionCounts) != choice::AutoscaleProjectionCounts::Running {
        return capacity;
    }
    let listed = &world.scale_set.sets[plan.set as usize].instances;
    listed.iter().filter(|&&instance| crate::demand::application::runs(world, instance)).count() as u32
}

/// A capacity outside the limits of the profile (AS-06).
fn limits(world: &World, sight: &Sight<'_>, cx: &mut Cx<'_>) -> Option<Action> {
    let present = world.scale_set.sets[sight.plan.set as usize].instances.len() as u32;
    let (to, why) = match sight.capacity {
        now if now < sight.of.minimum => (sight.of.minimum, Why::Minimum),
        now if now > sight.of.maximum => (sight.of.maximum, Why::Maximum),
        // What was asked for and not had (`vmss.partial_allocation`).
        now if present < sight.of.minimum && cx.assume(key::AutoscaleRetriesShortfall) => (now, Why::Minimum),
        _ => return None,
    };
    cx.on(rules::AS_06).then_some(Action { to, why, by: None, rule: rules::AS_06 })
}

/// Whether somebody sends a metric: one of the guest is not there where no instance that runs has the agent (AS-27).
fn is_sent(world: &World, cx: &Cx<'_>, sight: &Sight<'_>, metric: Metric) -> bool {
    let Metric::Given(index) = metric else { return true };
    let without = &cx.plan.metrics[index as usize].not_sent_by;
    if without.is_empty() || !cx.on(rules::AS_27) {
        return true;
    }
    let listed = &world.scale_set.sets[sight.plan.set as usize].instances;
    let sends = |instance: &InstanceId| {
        let truth = &world.application.truths[instance.index()];
        crate::demand::application::runs(world, *instance) && !without.contains(&truth.image.0)
    };
    listed.iter().any(sends)
}

/// Reads every metric and holds it against its threshold. What is new is said.
fn evaluate(world: &mut World, cx: &mut Cx<'_>, sight: &mut Sight<'_>) {
    let delay = cx.assume(key::AutoscaleMetricDelay);
    for (index, rule) in sight.of.rules.iter().enumerate() {
        let sent = is_sent(world, cx, sight, rule.trigger.metric);
        let reading = read(world, cx, &rule.trigger, delay).filter(|_| sent);
        let divides = rule.trigger.per_instance && cx.on(rules::AS_14);
        let divisor = if divides { f64::from(sight.capacity.max(1)) } else { 1.0 };
        let value = reading.map(|reading| reading.value / divisor);
        let fires = value.is_some_and(|value| operator(cx, rule).holds(value, rule.trigger.threshold));
        let diluted = reading.is_some_and(|Reading { diluted, .. }| diluted);
        sight.rules.push(Seen { value, diluted, fires, forecast: None, entry: None });
        let acts = rule.direction != ScaleDirection::None;
        let missing = value.is_none() && acts;
        sight.missing |= missing;
        let known = &mut world.autoscale.settings[sight.id.0 as usize].rules[index];
        let before = std::mem::replace(known, Known { fires, missing, ..*known });
        if missing != before.missing && cx.on(rules::AS_16) {
            let (setting, profile, rule) = (sight.id, sight.profile, index as u16);
            let fact = match missing {
                true => AutoscaleFact::MetricLost { setting, profile, rule },
                false => AutoscaleFact::MetricRecovered { setting, profile, rule },
            };
            let entry = say(cx, fact, Entry(1), if sent { rules::AS_16 } else { rules::AS_27 });
            sight.rules[index].entry = missing.then_some(entry);
        }
        if fires != before.fires && acts && !missing {
            evidence(world, cx, sight, index as u16);
        }
    }
}

/// The operator of a rule; in a world without AS-09 it is the one that its direction suggests.
fn operator(cx: &Cx<'_>, rule: &ScaleRule) -> Operator {
    match rule.direction {
        _ if cx.on(rules::AS_09) => rule.trigger.operator,
        ScaleDirection::Decrease => Operator::LessThan,
        ScaleDirection::None | ScaleDirection::Increase => Operator::GreaterThan,
    }
}

/// The entry of this run that says what a rule saw and made of it (AS-24).
fn evidence(world: &mut World, cx: &mut Cx<'_>, sight: &mut Sight<'_>, index: u16) -> Entry {
    let seen = sight.rules[index as usize];
    if let Some(entry) = seen.entry {
        return entry;
    }
    let rule = &sight.of.rules[index as usize];
    let (setting, profile) = (sight.id, sight.profile);
    let Some(value) = seen.value else { return Entry(1) };
    let up = !matches!(rule.trigger.operator, Operator::LessThan | Operator::LessThanOrEqual) == seen.fires;
    let cause = match rule.trigger.metric {
        Metric::Cpu(set) => mover(world, cx, set, up),
        Metric::Given(_) | Metric::Missing => Entry(1),
    };
    let plain = matches!(rule.trigger.operator, Operator::GreaterThan | Operator::LessThan)
        && (rule.trigger.statistic, rule.trigger.aggregation) == (Statistic::Average, Aggregation::Average);
    let by = match rule.trigger.per_instance {
        true => rules::AS_14,
        false if seen.diluted => rules::AS_15,
        false if !plain => rules::AS_09,
        false => rules::AS_07,
    };
    let fact = AutoscaleFact::MetricRead { setting, profile, rule: index, value: value as f32 };
    let mut entry = say(cx, fact, cause, by);
    if cx.on(rules::AS_24) {
        let (observed, capacity) = (value as f32, sight.capacity as u16);
        let fact = AutoscaleFact::Evaluated { setting, profile, rule: index, observed, capacity, fires: seen.fires };
        entry = say(cx, fact, entry, rules::AS_24);
    }
    sight.rules[index as usize].entry = Some(entry);
    entry
}

/// What is forecast for the scale-out rules on the processor (PA-01…PA-09).
fn forecast(world: &mut World, cx: &mut Cx<'_>, sight: &mut Sight<'_>) {
    let setting = sight.id;
    let predictive = world.autoscale.settings[setting.0 as usize].now.predictive;
    let Some(predictive) = predictive.filter(|_| cx.on(rules::PA_09)) else { return };
    let trained = predictive::is_trained(cx);
    let state = &mut world.autoscale.settings[setting.0 as usize];
    if state.trained.replace(trained) != Some(trained) {
        match trained {
            true => say(cx, AutoscaleFact::Trained { setting }, Entry(1), rules::PA_09),
            false => say(cx, AutoscaleFact::BeingTrained { setting }, Entry(1), rules::PA_02),
        };
    }
    if !trained {
        return;
    }
    let ahead = predictive::look_ahead(cx, predictive.look_ahead);
    let led = traffic::shares_at_start(world);
    let memo = &mut world.autoscale.settings[setting.0 as usize].memo;
    let expected = predictive::forecast(cx, memo, (sight.plan.set, &led), ahead);
    // What every instance costs without a request does not depend on their number.
    let idle = 100.0 * cx.plan.application.cpu.idle;
    let count = f64::from(sight.capacity.max(1));
    let total = expected.load + idle * count;
    let each = if cx.on(rules::PA_08) { idle + expected.load / count } else { total };
    for (index, rule) in sight.of.rules.iter().enumerate() {
        if rule.direction != ScaleDirection::Increase || !is_predicted(rule, sight.plan.set) {
            continue;
        }
        let crosses = rule.trigger.operator.holds(each, rule.trigger.threshold);
        let known = &mut world.autoscale.settings[setting.0 as usize].rules[index];
        let before = std::mem::replace(&mut known.crosses, crosses);
        let acts = predictive.acts || !cx.on(rules::PA_03);
        if crosses != before || (crosses && acts && sight.rules[index].entry.is_none()) && waits(world, sight) {
            let ahead_s = (expected.ahead.ms() / 1000) as u16;
            let by = match (predictive.acts, ahead_s > 0) {
                (false, _) => rules::PA_03,
                (true, true) => rules::PA_07,
                (true, false) => rules::PA_08,
            };
            let (total, each) = (total as f32, each as f32);
            let fact = AutoscaleFact::Forecast { setting, rule: index as u16, ahead_s, total, each, crosses };
            let entry = say(cx, fact, Entry(1), by);
            sight.rules[index].entry = sight.rules[index].entry.or(crosses.then_some(entry));
        }
        if acts {
            sight.rules[index].forecast = Some(each);
        }
    }
}

/// Whether an action may follow at this run, so that what it follows from is to be said.
fn waits(world: &World, sight: &Sight<'_>) -> bool {
    world.autoscale.settings[sight.id.0 as usize].deferred.is_none() && sight.capacity < sight.of.maximum
}

/// Whether the forecast is of what a rule looks at: the processors of the set, averaged (PA-01).
fn is_predicted(rule: &ScaleRule, set: u16) -> bool {
    rule.trigger.metric == Metric::Cpu(set)
        && (rule.trigger.statistic, rule.trigger.aggregation) == (Statistic::Average, Aggregation::Average)
}

fn rounding(cx: &mut Cx<'_>) -> choice::AutoscalePercentRound {
    cx.assume(key::AutoscalePercentRound)
}

/// The count that a rule asks for; in a world without AS-10, by its number alone.
fn wanted(cx: &mut Cx<'_>, rule: &ScaleRule, capacity: u32) -> u32 {
    use crate::plan::ScaleChange::{Count, Exact, NextAllowed, Percent};
    let rounding = rounding(cx);
    let change = match rule.change {
        Percent(by) | Exact(by) if !cx.on(rules::AS_10) => Count(by),
        NextAllowed if !cx.on(rules::AS_10) => Count(0),
        change => change,
    };
    target(&ScaleRule { change, ..rule.clone() }, capacity, rounding)
}

/// The scale-out rules: any suffices, and the highest target wins (AS-11).
fn scale_out(world: &World, cx: &mut Cx<'_>, sight: &Sight<'_>) -> Verdict {
    let mut best: Option<(u32, u16, bool)> = None;
    for (index, rule) in sight.of.rules.iter().enumerate() {
        let seen = sight.rules[index];
        let crosses = seen.forecast.is_some_and(|each| rule.trigger.operator.holds(each, rule.trigger.threshold));
        let foreseen = crosses && !seen.fires && cx.on(rules::PA_06);
        if rule.direction != ScaleDirection::Increase || !(seen.fires || foreseen) {
            continue;
        }
        let target = wanted(cx, rule, sight.capacity);
        let higher = best.is_none_or(|(highest, ..)| target > highest && cx.on(rules::AS_11));
        if higher {
            best = Some((target, index as u16, foreseen));
        }
    }
    let default = sight.of.default.min(sight.of.maximum);
    if sight.missing && sight.capacity < default && cx.on(rules::AS_16) && best.is_none_or(|(to, ..)| to < default) {
        return Verdict::Fired(Some(Action { to: default, why: Why::Default, by: None, rule: rules::AS_16 }));
    }
    let Some((target, index, foreseen)) = best else { return Verdict::Quiet };
    let capped = target > sight.of.maximum;
    let to = if foreseen && !cx.on(rules::PA_05) { target } else { target.min(sight.of.maximum) };
    if to <= sight.capacity || !cx.on(rules::AS_23) && in_flight(world, sight) {
        return Verdict::Fired(None);
    }
    let back = ins(sight).map(|(_, _, watch)| watch).collect::<Vec<_>>();
    // In a world without AS-17 a scale-out that a scale-in would undo is held back too.
    let undone = !back.is_empty() && back.iter().all(|watch| would_fire(&[*watch], sight.counted, to).is_some());
    if undone && !cx.on(rules::AS_17) {
        return Verdict::Fired(None);
    }
    let rule = match () {
        () if foreseen && capped => rules::PA_05,
        () if foreseen => rules::PA_06,
        () if ins(sight).all(|(_, fires, _)| fires) && ins(sight).count() > 0 => rules::AS_02,
        () if in_flight(world, sight) => rules::AS_23,
        () if undone => rules::AS_17,
        () if !matches!(sight.of.rules[index as usize].change, crate::plan::ScaleChange::Count(_)) => rules::AS_10,
        () => rules::AS_11,
    };
    let why = if foreseen { Why::Forecast } else { Why::Out };
    Verdict::Fired(Some(Action { to, why, by: Some(index), rule }))
}

/// Whether instances of an earlier scale-out do not serve yet.
fn in_flight(world: &World, sight: &Sight<'_>) -> bool {
    let listed = &world.scale_set.sets[sight.plan.set as usize].instances;
    listed.iter().any(|&instance| {
        let row = &world.instances.rows[instance.index()];
        !row.initial
            && instances::is_present(row)
            && world.application.truths[instance.index()].service == Service::Cannot
    })
}

/// The scale-in rules of the profile: place, whether it fires, and what it reads.
fn ins<'a>(sight: &'a Sight<'_>) -> impl Iterator<Item = (u16, bool, Watch)> + 'a {
    of_direction(sight, ScaleDirection::Decrease)
}

fn of_direction<'a>(sight: &'a Sight<'_>, direction: ScaleDirection) -> impl Iterator<Item = (u16, bool, Watch)> + 'a {
    let rules = sight.of.rules.iter().zip(&sight.rules).enumerate();
    rules.filter(move |(_, (rule, _))| rule.direction == direction).map(|(index, (rule, seen))| {
        let (operator, threshold) = (rule.trigger.operator, rule.trigger.threshold);
        let watch = Watch { rule: index as u16, value: seen.value.unwrap_or(f64::NAN), operator, threshold };
        (index as u16, seen.fires, watch)
    })
}

/// What would scale out again: every scale-out rule that reads something, and its forecast.
fn watched(sight: &Sight<'_>) -> Vec<Watch> {
    let mut watched = Vec::new();
    for (index, _, watch) in of_direction(sight, ScaleDirection::Increase) {
        watched.extend((!watch.value.is_nan()).then_some(watch));
        watched.extend(sight.rules[index as usize].forecast.map(|value| Watch { value, ..watch }));
    }
    watched
}

/// The scale-in rules: all must be true, and the least removal wins (AS-12), unless it would flap (AS-17…AS-19).
fn scale_in(world: &mut World, cx: &mut Cx<'_>, sight: &mut Sight<'_>) -> Option<Action> {
    let all: Vec<(u16, bool)> = ins(sight).map(|(index, fires, _)| (index, fires)).collect();
    let fired: Vec<u16> = all.iter().filter(|(_, fires)| *fires).map(|(index, _)| *index).collect();
    let enough = if cx.on(rules::AS_12) { fired.len() == all.len() } else { !fired.is_empty() };
    // In a world without AS-13, what only scale-out rules look at has to agree as well.
    let silent = sight.of.rules.iter().any(|rule| {
        let agrees = |&index: &u16| sight.of.rules[index as usize].trigger.metric == rule.trigger.metric;
        rule.direction == ScaleDirection::Increase && !fired.iter().any(agrees)
    });
    let missing = sight.missing && cx.on(rules::AS_16);
    if fired.is_empty() || !enough || missing || (silent && !cx.on(rules::AS_13)) {
        world.autoscale.settings[sight.id.0 as usize].held = None;
        return None;
    }
    let targets: Vec<(u32, u16)> =
        fired.iter().map(|&index| (wanted(cx, &sight.of.rules[index as usize], sight.capacity), index)).collect();
    let least = |(a, b): (u32, u16), (to, index): (u32, u16)| if to > a { (to, index) } else { (a, b) };
    let (target, index) = targets[1..].iter().copied().fold(targets[0], least);
    let wanted = target.max(sight.of.minimum);
    if wanted >= sight.capacity {
        return None;
    }
    let to = unflapping(world, cx, sight, (wanted, index))?;
    let rule = match () {
        () if to != wanted => rules::AS_20,
        () if silent => rules::AS_13,
        () if !matches!(sight.of.rules[index as usize].change, crate::plan::ScaleChange::Count(_)) => rules::AS_10,
        () => rules::AS_12,
    };
    Some(Action { to, why: Why::In, by: Some(index), rule })
}

/// The count that a scale-in goes to: the wanted one, or the smallest above it that does not flap, if there is any.
fn unflapping(world: &mut World, cx: &mut Cx<'_>, sight: &mut Sight<'_>, (wanted, index): (u32, u16)) -> Option<u32> {
    let watched = watched(sight);
    let flaps = would_fire(&watched, sight.counted, wanted).filter(|_| cx.on(rules::AS_18));
    let Some(first) = flaps else {
        world.autoscale.settings[sight.id.0 as usize].held = None;
        return Some(wanted);
    };
    let mut found = smallest_passing(&watched, sight.counted, wanted).filter(|_| cx.on(rules::AS_19));
    // The page's own example comes out one lower than its formula.
    found = found.map(|count| if cx.on(rules::AS_20) { count } else { count - 1 });
    found = found.filter(|&count| count < sight.capacity);
    let setting = sight.id;
    let new = world.autoscale.settings[setting.0 as usize].held.replace(wanted) != Some(wanted);
    let projected = first.projected(sight.counted, wanted) as f32;
    let to = wanted as u16;
    match found {
        None if new => {
            let cause = evidence(world, cx, sight, index);
            let fact = AutoscaleFact::Flapping { setting, wanted: to, rule: first.rule, projected };
            say(cx, fact, cause, rules::AS_18);
        }
        None => {}
        Some(_) if cooling(world, cx, sight, Some(index)).is_some() => {}
        Some(got) => {
            let cause = evidence(world, cx, sight, index);
            let fact = AutoscaleFact::FlappingOccurred { setting, wanted: to, got: got as u16, projected };
            sight.rules[index as usize].entry = Some(say(cx, fact, cause, rules::AS_19));
        }
    }
    found
}

/// How much longer an action has to wait after the last: by the cooldown of the last, or by its own (AS-21).
fn cooling(world: &mut World, cx: &mut Cx<'_>, sight: &Sight<'_>, next: Option<u16>) -> Option<SimDuration> {
    let busy = in_flight(world, sight);
    let cooldown = world.autoscale.settings[sight.id.0 as usize].cooldown.as_mut().filter(|_| cx.on(rules::AS_21))?;
    if cooldown.from.is_none() && !busy {
        cooldown.from = Some(cx.now());
    }
    let (from, last) = (cooldown.from, cooldown.length);
    let length = match cx.assume(key::AutoscaleCooldown) {
        choice::AutoscaleCooldown::OfTheNext => next.map_or(last, |rule| sight.of.rules[rule as usize].cooldown),
        choice::AutoscaleCooldown::OfTheLast => last,
    };
    let Some(from) = from else { return Some(length) };
    let until = from + length;
    (until > cx.now()).then(|| until.since(cx.now()))
}

/// Acts, or puts the action off until the cooldown is over.
fn conclude(world: &mut World, cx: &mut Cx<'_>, sight: &mut Sight<'_>, action: Option<Action>, waits: bool) {
    let cooling = cooling(world, cx, sight, action.as_ref().and_then(|action| action.by)).filter(|_| waits);
    let setting = sight.id.0 as usize;
    let Some(action) = action else {
        world.autoscale.settings[setting].deferred = None;
        return;
    };
    let deferred = world.autoscale.settings[setting].deferred;
    let Some(left) = cooling else {
        let earlier = deferred.filter(|&(to, _)| (to > sight.capacity) == (action.to > sight.capacity));
        world.autoscale.settings[setting].deferred = None;
        act(world, cx, sight, action, earlier.map(|(_, entry)| entry));
        return;
    };
    // During the cooldown the rules are evaluated and logged all the same (AS-22).
    let same = deferred.is_some_and(|(to, _)| (to > sight.capacity) == (action.to > sight.capacity));
    if !same && cx.on(rules::AS_22) {
        let cause = action.by.map_or(Entry(1), |index| evidence(world, cx, sight, index));
        let left_s = left.ms().div_ceil(1000) as u32;
        let fact = AutoscaleFact::Deferred { setting: sight.id, to: action.to as u16, left_s };
        let entry = say(cx, fact, cause, rules::AS_22);
        world.autoscale.settings[setting].deferred = Some((action.to, entry));
    }
}

/// Writes the capacity (AS-25), and records what came of it.
fn act(world: &mut World, cx: &mut Cx<'_>, sight: &mut Sight<'_>, action: Action, deferred: Option<Entry>) {
    let (setting, set, from) = (sight.id, SetId(sight.plan.set), sight.capacity);
    let said = action.by.map(|index| evidence(world, cx, sight, index));
    let missing = sight.rules.iter().find_map(|seen| seen.entry);
    let cause = deferred.or(said).or(missing).unwrap_or(Entry(1));
    let reason = action.by.map(|index| {
        let seen = sight.rules[index as usize];
        let foreseen = seen.forecast.filter(|_| action.why == Why::Forecast);
        let observed = foreseen.or(seen.value).unwrap_or(f64::NAN);
        let projected = observed * f64::from(sight.counted) / f64::from(action.to.max(1));
        Reason { profile: sight.profile, rule: index, observed: observed as f32, projected: projected as f32 }
    });
    let hasty = action.rule == rules::AS_23;
    let rule = if deferred.is_some() && !hasty { rules::AS_21 } else { action.rule };
    let fact = AutoscaleFact::Decided { setting, from: from as u16, to: action.to as u16, why: action.why, reason };
    let entry = say(cx, fact, cause, rule);
    if !cx.on(rules::AS_25) {
        return;
    }
    if fails(world, cx, sight) {
        say(cx, AutoscaleFact::ActionFailed { setting, to: action.to as u16 }, entry, rules::DI_19);
        return cool_down(world, cx, sight, action, Outcome::Failed);
    }
    let cause_key = name(&sight.plan.name);
    if zone_balance::holds_back(world, cx, set, (action.to, cause_key), entry) {
        return;
    }
    scale_set::set_capacity(world, cx, set, action.to, (cause_key, Some(action.rule)), entry);
    let state = &world.scale_set.sets[set.index()];
    let short = action.to.saturating_sub(state.instances.len() as u32);
    let fact = AutoscaleFact::ActionRecorded { setting, to: action.to as u16, short: short as u16 };
    say(cx, fact, entry, rules::AS_25);
    let failed = short > 0 || state.capacity != action.to;
    cool_down(world, cx, sight, action, if failed { Outcome::Failed } else { Outcome::Done });
}

/// Whether the loss of a zone makes the action fail (DI-19): drawn for the setting and the instant.
fn fails(world: &World, cx: &Cx<'_>, sight: &Sight<'_>) -> bool {
    let region = cx.plan.sets[sight.plan.set as usize].region;
    let success = zones::autoscale_success(world, region);
    let subject = Subject { place: name(&sight.plan.name), cause: 0, ordinal: 0 };
    let mut stream = cx.stream(Purpose::AutoscaleFailure, subject, cx.now().ms());
    success < 1.0 && cx.on(rules::DI_19) && !stream.chance(success)
}

/// What came of an action.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// All of it.
    Done,
    /// Less, or nothing.
    Failed,
}

/// The cooldown of the rule that an action follows from begins (AS-21), after a failed one where that is assumed
/// (`autoscale.failed_action_cooldown`).
fn cool_down(world: &mut World, cx: &mut Cx<'_>, sight: &Sight<'_>, action: Action, outcome: Outcome) {
    let Some(index) = action.by else { return };
    if outcome == Outcome::Failed && !cx.assume(key::AutoscaleFailedActionCooldown) {
        return;
    }
    let at_once = cx.assume(key::AutoscaleCooldownFrom) == choice::AutoscaleCooldownFrom::Decision;
    let from = at_once.then(|| cx.now());
    let length = sight.of.rules[index as usize].cooldown;
    world.autoscale.settings[sight.id.0 as usize].cooldown = Some(Cooldown { from, length });
}
