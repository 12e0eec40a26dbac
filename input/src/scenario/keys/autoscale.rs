//! The keys of what autoscale reads: metrics, how the processor follows the load, and the past.

use super::{DEMAND, key};
use crate::scenario::shape::{
    Kind::{self, Duration, Either, List, MapOf, Number, Percent, Rate},
    Names,
    Need::{Default, Optional, Required},
    Object,
};

/// Beyond this a value has lost its digits.
const VALUE: Kind = Number(0.0, 1e15);

/// A metric.
pub static METRIC: Object = Object {
    name: "Metric",
    doc: "What a metric reads, as a rule of autoscale names it: `metricName`, or `resource/metricName`.",
    one_of: &["value", "daily", "steps", "points"],
    entries: &[
        key("value", VALUE, Optional, "always the same"),
        key(
            "daily",
            MapOf(Names::TimesOfDay, &VALUE),
            Optional,
            "linear between times of day in UTC, and on over midnight",
        ),
        key("steps", List(&Kind::Object(&METRIC_STEP)), Optional, "constant from each instant to the next"),
        key("points", List(&Kind::Object(&METRIC_STEP)), Optional, "linear between instants"),
        key("missing", List(&Kind::Object(&MISSING)), Optional, "when it is not delivered (AS-16)"),
        key(
            "notSentBy",
            List(&Kind::Text),
            Optional,
            "versions of images without the agent that sends it, `web/1.1.0`: where only such run, it is missing (AS-27)",
        ),
    ],
};

static METRIC_STEP: Object = Object {
    name: "MetricStep",
    doc: "The value of a metric at an instant.",
    one_of: &[],
    entries: &[key("at", Duration, Required, "when"), key("value", VALUE, Required, "how much")],
};

static MISSING: Object = Object {
    name: "Missing",
    doc: "A while in which a metric is not delivered.",
    one_of: &[],
    entries: &[
        key("from", Duration, Required, "its beginning; from PT0S on, it was missing before, too"),
        key("until", Duration, Optional, "its end; the end of the run where absent"),
    ],
};

/// How the processor follows the load.
pub static CPU: Object = Object {
    name: "Cpu",
    doc: "`Percentage CPU` of an instance: a straight line from no load through its capacity, and on to 100%.",
    one_of: &[],
    entries: &[
        key("idle", Percent(100.0), Default("0%"), "without any request"),
        key("atCapacity", Percent(100.0), Default("100%"), "at the capacity of the instance"),
    ],
};

/// The past.
pub static HISTORY: Object = Object {
    name: "History",
    doc: "What was before t = 0, which predictive autoscale learns from (PA-02).",
    one_of: &[],
    entries: &[
        key("length", Duration, Required, "how long the fleet ran"),
        key(
            "traffic",
            MapOf(Names::Of("load balancer, or balancer/pool,"), &Either(&[Rate, Kind::Object(&DEMAND)])),
            Optional,
            "what users sent then, from the beginning of the history; where it is absent, the same as in the run: a daily shape goes back, and any other stood as at t = 0",
        ),
    ],
};
