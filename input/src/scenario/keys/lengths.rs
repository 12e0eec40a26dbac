//! The keys of random lengths of time.

use super::*;
use windtunnel_sim::rules::published::{Place, names};

/// The published figures that are lengths of time.
static LENGTHS: [&str; 27] = names(Place::Length);
/// The bands of the published rates of eviction.
static BANDS: [&str; 5] = names(Place::Hourly);
/// The published zone outages.
pub static OUTAGES: [&str; 2] = names(Place::Outage);

object! {
    /// A rate of eviction as it was published, in a band.
    mod published_rate "PublishedRate";
    /// the band in percent, of which the middle is taken (DI-14)
    PUBLISHED: Tree = required("published", Word(&BANDS));
}

object! {
    /// A random length of time.
    mod distribution "Distribution";
    /// every millisecond between two bounds is equally likely
    UNIFORM: Tree = choice("uniform", uniform::MAPPING);
    /// memoryless
    EXPONENTIAL: Tree = choice("exponential", exponential::MAPPING);
    /// a long tail to the right
    LOGNORMAL: Tree = choice("lognormal", lognormal::MAPPING);
    /// each doubling between two bounds is equally likely
    LOG_UNIFORM: Tree = choice("logUniform", log_uniform::MAPPING);
    /// lognormal but for a share that takes far longer
    SLOW_TAIL: Tree = choice("slowTail", slow_tail::MAPPING);
    /// one lognormal, and for a share of the draws another one
    TWO_MODES: Tree = choice("twoModes", two_modes::MAPPING);
    /// a figure that somebody has published, by its rule and name; `windtunnel rules DI-04` has the source
    PUBLISHED: Tree = choice("published", Word(&LENGTHS));
}

object! {
    /// Every millisecond from `min` to `max` is equally likely.
    mod uniform "Uniform";
    /// the shortest
    MIN: Time = required_at_most("min", "max");
    /// the longest
    MAX: Time = required("max");
}

object! {
    /// Memoryless.
    mod exponential "Exponential";
    /// the mean
    MEAN: Time = required("mean");
}

object! {
    /// The logarithm is normal.
    mod lognormal "Lognormal";
    /// half of the draws lie below it
    MEDIAN: Time = required("median");
    /// standard deviation of the natural logarithm
    SIGMA: Number<0, 5> = required("sigma");
}

object! {
    /// The logarithm is uniform.
    mod log_uniform "LogUniform";
    /// the shortest
    MIN: Time = required_at_most("min", "max");
    /// the longest
    MAX: Time = required("max");
}

object! {
    /// Lognormal, and for a share of the draws lognormal about another median.
    mod two_modes "TwoModes";
    /// half of what is not of the second mode lies below it
    MEDIAN: Time = required("median");
    /// standard deviation of its natural logarithm
    SIGMA: Number<0, 5> = required("sigma");
    /// half of the second mode lies below it
    SECOND_MEDIAN: Time = required("secondMedian");
    /// standard deviation of its natural logarithm
    SECOND_SIGMA: Number<0, 5> = required("secondSigma");
    /// the share of the second mode
    SHARE: Share = required("share");
}

object! {
    /// Lognormal but for a share, whose logarithm is uniform from `min` to `max`.
    mod slow_tail "SlowTail";
    /// half of what is not in the tail lies below it
    MEDIAN: Time = required("median");
    /// standard deviation of the natural logarithm of what is not in the tail
    SIGMA: Number<0, 5> = required("sigma");
    /// the share of the tail
    SHARE: Share = required("share");
    /// the shortest of the tail
    MIN: Time = required_at_most("min", "max");
    /// the longest of the tail
    MAX: Time = required("max");
}
