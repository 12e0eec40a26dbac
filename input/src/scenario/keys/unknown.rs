//! The keys of what is unknown.

use super::*;

object! {
    /// A value of the scenario that is not known, and what is thought of it before anything is observed.
    mod unknown_value "Unknown";
    /// where the value is, as `diff` and `compare` print the place of a change: `timeline[rollback].at`, `assumptions.arm.write`
    PATH: Text = required("path");
    /// every value between two is as likely as another
    UNIFORM: Tree = choice("uniform", prior_bounds::MAPPING);
    /// each doubling between two values is as likely as another
    LOG_UNIFORM: Tree = choice("logUniform", prior_bounds::MAPPING);
    /// about a value
    NORMAL: Tree = choice("normal", prior_normal::MAPPING);
    /// one of these, each as likely as another: values, or whole mappings
    ONE_OF: Tree = choice("oneOf", Kind::NonEmpty(&Any));
}

object! {
    /// Two values of one unit: durations, shares, rates or numbers; whole numbers stay whole.
    mod prior_bounds "PriorBounds";
    /// the least
    MIN: Tree = required("min", Scalar);
    /// the greatest
    MAX: Tree = required("max", Scalar);
}

object! {
    /// A normal distribution that is cut at two values.
    mod prior_normal "PriorNormal";
    /// its mean, were it not cut
    MEAN: Tree = required("mean", Scalar);
    /// its standard deviation, were it not cut
    SD: Tree = required("sd", Scalar);
    /// the least
    MIN: Tree = required("min", Scalar);
    /// the greatest
    MAX: Tree = required("max", Scalar);
}
