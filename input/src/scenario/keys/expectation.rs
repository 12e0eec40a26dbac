//! The keys of an expectation.

use super::{TEXTS, key};
use crate::scenario::shape::Kind::{self, Bool, Duration, Either, List, Percent, Text, Word};
use crate::scenario::shape::Need::{Default, Optional, Required};
use crate::scenario::shape::Object;

/// An expectation.
pub static EXPECTATION: Object = Object {
    name: "Expectation",
    doc: "What must hold of a measure, or of a quantity over time. docs/guide/expectations.md shows each form.",
    one_of: &["is", "atMost", "atLeast", "between"],
    entries: &[
        key("name", Text, Required, "the claim, as a sentence; with scenario and policy it is the name of a test"),
        key("policy", Either(&[Text, TEXTS]), Default("as-written"), "a policy, several, or `all`"),
        key("measure", Text, Required, "a measure (docs/measures.md), or a quantity over time: `series.in_rotation`"),
        key("entryPoint", Text, Optional, "at this load balancer alone, or `balancer/pool`; absent, at all of them"),
        key("scaleSet", Text, Optional, "of this scale set alone; docs/measures.md says which measures have it"),
        key(
            "zone",
            Text,
            Optional,
            "in this availability zone alone: `1`, or `eastus/1` where several regions have zones",
        ),
        key("at", Text, Optional, "for a quantity over time: at this instant, `PT14M` or an entry of the timeline"),
        key("from", Text, Optional, "for a quantity over time: from this instant on; absent, from the start"),
        key("until", Text, Optional, "for a quantity over time: up to this instant; absent, to the end of the run"),
        key("within", Duration, Optional, "for a quantity over time: at some instant no later than this, after `from`"),
        key("never", Bool, Default("false"), "the bound must hold at no instant, and in no run"),
        key("stat", Word(STATS), Optional, "a statistic over replications; absent, it must hold in each"),
        key("holdsIn", Percent(100.0), Optional, "the share of all runs in which it must hold; absent, in each"),
        key("confidence", Percent(100.0), Default("95%"), "how sure the verdict of `stat` or `holdsIn` must be"),
        key(
            "rollout",
            Word(&["none"]),
            Optional,
            "`none`: it may hold since a rollout that was wanted never began; absent, a bound on harm is open then",
        ),
        key("is", Kind::Scalar, Optional, "equal to"),
        key("atMost", Kind::Scalar, Optional, "no more than"),
        key("atLeast", Kind::Scalar, Optional, "no less than"),
        key("between", List(&Kind::Scalar), Optional, "from the first to the second, both included"),
    ],
};

/// What can be asked of a measure over replications.
pub const STATS: &[&str] = &["mean", "min", "max", "p05", "p25", "p50", "p75", "p90", "p95", "p99"];
