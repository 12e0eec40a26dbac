//! What a rule reads: samples a grain by `statistic`, reduced over the window by `timeAggregation` (AS-07).
//!
//! Of the two readings of `statistic` this is that of the API: across the instances, a grain at a time. The window ends
//! the delivery delay before now, on the edge of a grain (`autoscale.metric_delay`).

use super::meter::{MINUTE, Minute, given};
use crate::engine::time::SimDuration;
use crate::plan::{Aggregation, Metric, MetricTrigger, Statistic};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;

/// What came of reading a metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The value, undivided.
    pub value: f64,
    /// Idle instances were in the last grain, beside others that take load.
    pub diluted: bool,
}

/// The minutes of one grain, put together.
fn grain(world: &World, cx: &Cx<'_>, metric: Metric, minutes: std::ops::Range<i64>) -> Minute {
    let of = |number: i64| match metric {
        Metric::Cpu(set) => {
            let meter = world.autoscale.meters.iter().find(|meter| meter.set.0 == set);
            meter.map_or_else(Minute::default, |meter| meter.minute(number))
        }
        Metric::Given(index) => given(cx.plan, &cx.plan.metrics[index as usize], number),
        Metric::Missing => Minute::default(),
    };
    minutes.map(of).fold(Minute::default(), Minute::with)
}

/// Reads the metric of a rule; `None` where nothing was delivered in the whole window.
#[must_use]
pub fn read(world: &World, cx: &Cx<'_>, trigger: &MetricTrigger, delay: SimDuration) -> Option<Reading> {
    let length = (trigger.grain.ms().cast_signed() / MINUTE).max(1);
    let delivered = (cx.plan.start_unix_ms + cx.now().ms().cast_signed() - delay.ms().cast_signed()).div_euclid(MINUTE);
    let end = delivered.div_euclid(length) * length;
    // Without the pipeline, the last grain is all there is.
    let grains = if cx.on(rules::AS_07) { (trigger.window.ms().cast_signed() / MINUTE / length).max(1) } else { 1 };
    let words = cx.on(rules::AS_09);
    let mut values = Vec::new();
    let mut diluted = false;
    for back in (1..=grains).rev() {
        let from = end - back * length;
        let record = grain(world, cx, trigger.metric, from..from + length);
        if record.count > 0 {
            values.push(of_grain(record, if words { trigger.statistic } else { Statistic::Average }));
            diluted = record.idle > 0 && record.idle < record.count;
        }
    }
    let value = of_window(&values, if words { trigger.aggregation } else { Aggregation::Average })?;
    Some(Reading { value, diluted })
}

fn of_grain(record: Minute, statistic: Statistic) -> f64 {
    match statistic {
        Statistic::Average => record.sum / f64::from(record.count),
        Statistic::Min => record.min,
        Statistic::Max => record.max,
        Statistic::Sum => record.sum,
        Statistic::Count => f64::from(record.count),
    }
}

/// The value of a window from those of its grains, the earliest first.
fn of_window(values: &[f64], aggregation: Aggregation) -> Option<f64> {
    let last = *values.last()?;
    let sum: f64 = values.iter().sum();
    Some(match aggregation {
        Aggregation::Average => sum / values.len() as f64,
        Aggregation::Minimum => values.iter().copied().fold(last, f64::min),
        Aggregation::Maximum => values.iter().copied().fold(last, f64::max),
        Aggregation::Total => sum,
        Aggregation::Count => values.len() as f64,
        Aggregation::Last => last,
    })
}
