//! The keys of random lengths of time.

use super::super::shape::{Kind, Need, Object};
use super::{SHARE, key};
use Kind::{Duration, Number, Word};
use Need::{Optional, Required};
use windtunnel_sim::rules::published::{Place, names};

/// The published figures that are lengths of time.
static LENGTHS: [&str; 27] = names(Place::Length);
/// The bands of the published rates of eviction.
static BANDS: [&str; 5] = names(Place::Hourly);
/// The published zone outages.
pub static OUTAGES: [&str; 2] = names(Place::Outage);

/// A published rate of eviction.
pub static PUBLISHED_RATE: Object = Object {
    name: "PublishedRate",
    doc: "A rate of eviction as it was published, in a band.",
    one_of: &[],
    entries: &[key("published", Word(&BANDS), Required, "the band in percent, of which the middle is taken (DI-14)")],
};

/// A random length of time.
pub static DISTRIBUTION: Object = Object {
    name: "Distribution",
    doc: "A random length of time.",
    one_of: &["uniform", "exponential", "lognormal", "logUniform", "slowTail", "twoModes", "published"],
    entries: &[
        key("uniform", Kind::Object(&UNIFORM), Optional, "every millisecond between two bounds is equally likely"),
        key("exponential", Kind::Object(&EXPONENTIAL), Optional, "memoryless"),
        key("lognormal", Kind::Object(&LOGNORMAL), Optional, "a long tail to the right"),
        key("logUniform", Kind::Object(&LOG_UNIFORM), Optional, "each doubling between two bounds is equally likely"),
        key("slowTail", Kind::Object(&SLOW_TAIL), Optional, "lognormal but for a share that takes far longer"),
        key("twoModes", Kind::Object(&TWO_MODES), Optional, "one lognormal, and for a share of the draws another one"),
        key(
            "published",
            Word(&LENGTHS),
            Optional,
            "a figure that somebody has published, by its rule and name; `windtunnel rules DI-04` has the source",
        ),
    ],
};

static UNIFORM: Object = Object {
    name: "Uniform",
    doc: "Every millisecond from `min` to `max` is equally likely.",
    one_of: &[],
    entries: &[key("min", Duration, Required, "the shortest"), key("max", Duration, Required, "the longest")],
};

static EXPONENTIAL: Object = Object {
    name: "Exponential",
    doc: "Memoryless.",
    one_of: &[],
    entries: &[key("mean", Duration, Required, "the mean")],
};

static LOGNORMAL: Object = Object {
    name: "Lognormal",
    doc: "The logarithm is normal.",
    one_of: &[],
    entries: &[
        key("median", Duration, Required, "half of the draws lie below it"),
        key("sigma", Number(0.0, 5.0), Required, "standard deviation of the natural logarithm"),
    ],
};

static LOG_UNIFORM: Object = Object {
    name: "LogUniform",
    doc: "The logarithm is uniform.",
    one_of: &[],
    entries: &[key("min", Duration, Required, "the shortest"), key("max", Duration, Required, "the longest")],
};

static TWO_MODES: Object = Object {
    name: "TwoModes",
    doc: "Lognormal, and for a share of the draws lognormal about another median.",
    one_of: &[],
    entries: &[
        key("median", Duration, Required, "half of what is not of the second mode lies below it"),
        key("sigma", Number(0.0, 5.0), Required, "standard deviation of its natural logarithm"),
        key("secondMedian", Duration, Required, "half of the second mode lies below it"),
        key("secondSigma", Number(0.0, 5.0), Required, "standard deviation of its natural logarithm"),
        key("share", SHARE, Required, "the share of the second mode"),
    ],
};

static SLOW_TAIL: Object = Object {
    name: "SlowTail",
    doc: "Lognormal but for a share, whose logarithm is uniform from `min` to `max`.",
    one_of: &[],
    entries: &[
        key("median", Duration, Required, "half of what is not in the tail lies below it"),
        key(
            "sigma",
            Number(0.0, 5.0),
            Required,
            "standard deviation of the natural logarithm of what is not in the tail",
        ),
        key("share", SHARE, Required, "the share of the tail"),
        key("min", Duration, Required, "the shortest of the tail"),
        key("max", Duration, Required, "the longest of the tail"),
    ],
};
