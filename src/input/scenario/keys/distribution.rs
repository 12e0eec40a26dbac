//! The keys of random lengths of time.

use super::super::shape::{Kind, Need, Object};
use super::key;
use Kind::{Duration, Number};
use Need::{Optional, Required};

/// A random length of time.
pub static DISTRIBUTION: Object = Object {
    name: "Distribution",
    doc: "A random length of time.",
    one_of: &["uniform", "exponential", "lognormal"],
    entries: &[
        key("uniform", Kind::Object(&UNIFORM), Optional, "every millisecond between two bounds is equally likely"),
        key("exponential", Kind::Object(&EXPONENTIAL), Optional, "memoryless"),
        key("lognormal", Kind::Object(&LOGNORMAL), Optional, "a long tail to the right"),
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
