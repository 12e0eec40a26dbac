//! Predictive autoscale: the forecast. What comes of it is decided in [`super::autoscale`].
//!
//! Rules: PA-02, PA-03, PA-05…PA-09. Azure does not publish its model (PA-09), so this one is ours, and deterministic
//! (`predictive.*`): the load at a minute to come is the mean of that at the same minute of the week, one and two weeks before, as
//! far as the history and the window of 15 days reach; or, by assumption, that of the week before alone. It is known
//! without error what demand was, and users of a name were led as at the start of the run. The model is made anew once an
//! hour, and is "being trained" while there are less than seven days of history (PA-02).
//!
//! The forecast is of the processor load over all instances (PA-08): what requests cost, which does not depend on how
//! many instances share them, and what the instances that there are cost without any. Divided by their number it is held
//! against the threshold of the scale-out rule, at its highest between now and the look-ahead (PA-07). A forecast that
//! crosses counts as that rule firing (PA-06): no scale-in rule is looked at then, and a scale-in is projected for it
//! like for the rule itself. Left out: an error in retrieving the forecast.

use super::autoscale::meter::{MINUTE, mean};
use crate::engine::time::SimDuration;
use crate::plan::{EntryPoint, Plan, Segment};
use crate::rules::{self, choice, key};
use crate::world::cx::Cx;
use crate::world::ids::{EntryPointId, PoolId};

const DAY: i64 = 86_400_000;
/// History that the model needs (PA-02).
const LEAST: i64 = 7 * DAY;
/// History that it looks at (PA-02).
const MOST: i64 = 15 * DAY;

/// What is to come, at its highest within the look-ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// How far ahead that is.
    pub ahead: SimDuration,
    /// The processor load of requests over all instances, in percent of one.
    pub load: f64,
}

/// The load of minutes that were asked for lately, each at its place by its number: a forecast asks again for all but the
/// last minute of the one before. A week is 10,080 minutes, so that two weeks' minutes of an hour share no place.
#[derive(Clone, Debug, Default)]
pub struct Memo(Vec<Option<(i64, f64)>>);

impl Memo {
    const PLACES: usize = 256;

    fn load(&mut self, (plan, led): (&Plan, &[f64]), set: u16, from: i64) -> f64 {
        self.0.resize(Self::PLACES, None);
        let place = &mut self.0[from.div_euclid(MINUTE).rem_euclid(Self::PLACES as i64) as usize];
        match *place {
            Some((at, known)) if at == from => known,
            _ => place.insert((from, load((plan, led), set, from))).1,
        }
    }
}

/// How far the forecast is looked at.
#[must_use]
pub fn look_ahead(cx: &mut Cx<'_>, set: Option<SimDuration>) -> SimDuration {
    match set {
        Some(_) if !cx.on(rules::PA_07) => SimDuration::ZERO,
        Some(ahead) => ahead,
        None => cx.assume(key::PredictiveLookAheadUnset),
    }
}

/// Whether the model had seen enough when it was last made.
#[must_use]
pub fn is_trained(cx: &mut Cx<'_>) -> bool {
    let refresh = cx.assume(key::PredictiveRefresh).ms().cast_signed();
    let made = cx.now().ms().cast_signed() / refresh * refresh;
    let seen = cx.plan.history.length.ms().cast_signed() + made;
    // Whatever there is less than a week ago, nothing tells what this minute of the week is like.
    seen >= if cx.on(rules::PA_02) { LEAST } else { 1 }
}

/// The forecast for a set, with these shares of the users of names: the highest load between now and so far ahead.
#[must_use]
pub fn forecast(cx: &mut Cx<'_>, memo: &mut Memo, (set, led): (u16, &[f64]), ahead: SimDuration) -> Forecast {
    let weeks = if cx.assume(key::PredictiveModel) == choice::PredictiveModel::LastWeek { 1 } else { 2 };
    let now = cx.now().ms().cast_signed();
    let minutes = ahead.ms().cast_signed() / MINUTE;
    let mut highest = Forecast { ahead: SimDuration::ZERO, load: 0.0 };
    for minute in 0..=minutes {
        let from = now + minute * MINUTE;
        let load = expected((cx.plan, led), memo, set, from, (now, weeks));
        if load > highest.load {
            highest = Forecast { ahead: SimDuration::from_ms((from - now).unsigned_abs()), load };
        }
    }
    highest
}

/// The load that is expected in the minute from this instant on: the mean of what it was, weeks before.
fn expected(of: (&Plan, &[f64]), memo: &mut Memo, set: u16, from: i64, (now, weeks): (i64, i64)) -> f64 {
    let (plan, mut sum, mut count) = (of.0, 0.0, 0);
    for back in 1..=weeks {
        let then = from - back * LEAST;
        let known = then >= -plan.history.length.ms().cast_signed() && then + MINUTE <= now;
        if known && then >= now - MOST {
            sum += memo.load(of, set, then);
            count += 1;
        }
    }
    if count > 0 {
        return sum / f64::from(count);
    }
    // Only in a world without PA-02: what is known is the day before, or else the last minute.
    let day = from - DAY;
    let known = day >= -plan.history.length.ms().cast_signed() && day + MINUTE <= now;
    load(of, set, if known { day } else { now - MINUTE })
}

/// The processor load of requests over all instances of a set in the minute from an instant on, which may lie before
/// t = 0. A pool that several sets share is shared evenly.
fn load((plan, led): (&Plan, &[f64]), set: u16, from: i64) -> f64 {
    let Some(capacity) = plan.application.capacity_rps else { return 0.0 };
    let cpu = plan.application.cpu;
    let share = |pool: u16| {
        let sharing = plan.sets.iter().filter(|set| set.pools.contains(&pool)).count();
        1.0 / sharing.max(1) as f64
    };
    let all = |pool: u16| {
        let sent = |(id, of): (EntryPointId, &EntryPoint)| match of.routed {
            None => demand(plan, id, from),
            Some(routed) => led[id.index()] * demand(plan, EntryPointId(routed.from), from),
        };
        let from_start = plan.leading_to(PoolId(pool)).filter(|(_, of)| of.pool() == Some(PoolId(pool)));
        from_start.map(sent).sum::<f64>()
    };
    let of = |&pool: &u16| share(pool) * all(pool);
    let rps: f64 = plan.sets[set as usize].pools.iter().map(of).sum();
    100.0 * (cpu.at_capacity - cpu.idle) * rps / capacity
}

fn demand(plan: &Plan, entry: EntryPointId, from: i64) -> f64 {
    let of = |shape: &[Segment], from: i64| mean(&[(shape, 1.0)], 0.0, f64::INFINITY, from, from + MINUTE);
    if from < 0 {
        let length = plan.history.length.ms().cast_signed();
        return plan.history.demand.get(entry.index()).map_or(0.0, |shape| of(shape, from + length));
    }
    plan.entry_point(entry).traffic.as_ref().map_or(0.0, |traffic| of(&traffic.demand, from))
}
