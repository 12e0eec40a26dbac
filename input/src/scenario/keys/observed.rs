//! The keys of what was observed.

use super::*;
use crate::tree::Node;
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::world::fact::Health;

/// The states of an instance, as the lanes of a run call them.
const STATES: [&str; 10] =
    ["creating", "booting", "starting", "ready", "serving", "staleServing", "notServing", "out", "failed", "deleting"];

/// A state of an instance.
#[derive(Debug)]
pub struct State;

impl Reads for State {
    const KIND: Kind = Word(&STATES);
    type Value<'n> = LaneState;

    fn of(node: &Node) -> Option<LaneState> {
        let text = node.text()?;
        LaneState::ALL.into_iter().find(|state| state.key() == text)
    }
}

object! {
    /// What was observed of the incident that the scenario is of: a metric, what somebody saw, or a log. Runs are compared with it, and
    /// nothing follows from it. docs/guide/observed.md shows each form.
    mod observation "Observation";
    /// what it is called where it is shown
    NAME: Text = required("name");
    /// what was measured: `requests` and `failures` are counts, `failedShare` and `harmedShare` shares of requests, `cpu` is the mean
    /// over the instances; or a quantity over time, `series.in_rotation`, whose mean over each interval counts
    MEASURE: Text = optional("measure");
    /// a file of Azure Monitor or Log Analytics, as JSON or CSV, or any CSV with a column of instants
    FILE: Text = choice("file");
    /// values that somebody states, of instants or intervals
    VALUES: Tree = choice("values", Kind::NonEmpty(&observed_value::MAPPING));
    /// what an instance was, or its health, at instants
    STATES: Tree = choice("states", Kind::NonEmpty(&observed_state::MAPPING));
    /// what happened when, in the words of the ledger
    EVENTS: Tree = choice("events", Kind::NonEmpty(&observed_event::MAPPING));
    /// a file of `az monitor activity-log list`
    ACTIVITY_LOG: Text = choice("activityLog");
    /// at this entry point alone, as `traffic` names it; absent, at all of them
    ENTRY_POINT: Text = optional("entryPoint");
    /// of this scale set alone
    SCALE_SET: Text = optional("scaleSet");
    /// in this availability zone alone: `1`, or `eastus/1`
    ZONE: Text = optional("zone");
    /// the instance whose states these are: `vmss-web_3`
    INSTANCE: Text = optional("instance");
    /// how far a value may be from the truth in 95 of 100 cases: points of a share, `3%`; of anything else a share of the value, `5%`,
    /// or so many; of events a length of time. Absent: 2 points, 5 points of `cpu`, 5% of rates and of counts of requests, half an
    /// instance, a minute
    TOLERANCE: Tree = optional("tolerance", Scalar);
    /// the column of instants of a file; absent, `TimeGenerated`, `timestamp` or `time`
    TIME: Text = optional("time");
    /// the column of values of a file, or the metric of a file of metrics; it may be absent where there is one alone
    COLUMN: Text = optional("column");
    /// the column with the number of requests, of which `column` counts those that failed
    OUT_OF: Text = optional("outOf");
    /// what of a metric counts; absent, the total of counts and the average of the rest
    AGGREGATION: Words<Aggregation> = optional("aggregation");
    /// what its numbers are counted in; absent, percent of shares and of `cpu`, `rps` of rates, and a count of the rest
    UNIT: Words<ObservedUnit> = optional("unit");
    /// from one value of a file to the next, which each value is of; absent, as the file says, or the shortest step
    EVERY: SomeTime = optional("every");
    /// the clock of what recorded it was ahead by so long, `30s`, or behind, `-30s`
    CLOCK_AHEAD: Text = optional("clockAhead");
}

object! {
    /// A value that somebody states.
    mod observed_value "ObservedValue";
    /// at this instant
    AT: Named = optional("at");
    /// from this instant on, up to `until`: the mean of the interval
    FROM: Named = optional("from");
    /// up to this instant
    UNTIL: Named = optional("until");
    /// the value: `33%`, `300 rps`, `6`
    VALUE: Tree = required("value", Scalar);
    /// how far this one may be from the truth
    TOLERANCE: Tree = optional("tolerance", Scalar);
}

object! {
    /// What an instance was at an instant.
    mod observed_state "ObservedState";
    /// when
    AT: Named = required("at");
    /// what it was, as the lanes of a run call it
    STATE: State = choice("state");
    /// its health, as its set knew it
    HEALTH: Words<Health> = choice("health");
}

object! {
    /// Something happened.
    mod observed_event "ObservedEvent";
    /// when
    AT: Named = required("at");
    /// the name of a fact, as `ledger.csv` has it: `batchStarted`, `harmStarted`
    FACT: Text = required("fact");
    /// what it was about, as `ledger.csv` has it: `vmss-web`; anything where absent
    SUBJECT: Text = optional("subject");
    /// how far the instant may be from the truth
    TOLERANCE: SomeTime = optional("tolerance");
}
