//! The keys of metrics, which rules of autoscale read.

use super::*;

object! {
    /// What a metric reads, as a rule of autoscale names it: `metricName`, or `resource/metricName`.
    mod metric "Metric";
    /// always the same
    VALUE: Reading = choice("value");
    /// linear between times of day in UTC, and on over midnight
    DAILY: Tree = choice("daily", MapOf(Names::TimesOfDay, &Reading::KIND));
    /// constant from each instant to the next
    STEPS: Tree = choice("steps", List(&metric_step::MAPPING));
    /// linear between instants
    POINTS: Tree = choice("points", List(&metric_step::MAPPING));
    /// when it is not delivered (AS-16)
    MISSING: Tree = optional("missing", List(&missing::MAPPING));
    /// versions of images without the agent that sends it, `web/1.1.0`: where only such run, it is missing (AS-27)
    NOT_SENT_BY: Texts = optional("notSentBy");
}

object! {
    /// The value of a metric at an instant.
    mod metric_step "MetricStep";
    /// when
    AT: Moment = required("at");
    /// how much
    VALUE: Reading = required("value");
}

object! {
    /// A while in which a metric is not delivered.
    mod missing "Missing";
    /// its beginning; from PT0S on, it was missing before, too
    FROM: Moment = required("from");
    /// its end; the end of the run where absent
    UNTIL: Moment = optional("until");
}
