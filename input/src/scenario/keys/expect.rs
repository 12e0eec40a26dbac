//! The keys of an expectation.

use super::*;
use crate::tree::Node;
use windtunnel_claims::expect::Stat;

/// What can be asked of a measure over replications.
pub const STATS: &[&str] = &["mean", "min", "max", "p05", "p25", "p50", "p75", "p90", "p95", "p99"];

/// A statistic over replications.
#[derive(Debug)]
pub struct Statistic;

impl Reads for Statistic {
    const KIND: Kind = Word(STATS);
    type Value<'n> = Stat;

    fn of(node: &Node) -> Option<Stat> {
        Stat::parse(node.text()?)
    }
}

object! {
    /// What must hold of a measure, or of a quantity over time. docs/guide/expectations.md shows each form.
    mod expectation "Expectation";
    /// the claim, as a sentence; with scenario and policy it is the name of a test
    NAME: Text = required("name");
    /// a policy, several, or `all`
    POLICY: Policies = default("policy");
    /// a measure (docs/measures.md), or a quantity over time: `series.in_rotation`
    MEASURE: Text = required("measure");
    /// at this entry point alone, as `traffic` names it; absent, at all of them
    ENTRY_POINT: Text = optional("entryPoint");
    /// of this scale set alone; docs/measures.md says which measures have it
    SCALE_SET: Text = optional("scaleSet");
    /// in this availability zone alone: `1`, or `eastus/1` where several regions have zones
    ZONE: Text = optional("zone");
    /// for a quantity over time: at this instant: `PT14M`, `09:14`, `2026-11-24T09:14:00Z`, an entry of the timeline, `scale out + 2m`
    AT: Named = optional("at");
    /// for a quantity over time: from this instant on; absent, from the start
    FROM: Named = optional("from");
    /// for a quantity over time: up to this instant; absent, to the end of the run
    UNTIL: Named = optional("until");
    /// for a quantity over time: at some instant no later than this, after `from`
    WITHIN: Time = optional("within");
    /// the bound must hold at no instant, and in no run
    NEVER: Flag = default("never", false);
    /// a statistic over replications; absent, it must hold in each
    STAT: Statistic = optional("stat");
    /// the share of all runs in which it must hold; absent, in each
    HOLDS_IN: OpenShare = optional("holdsIn");
    /// how sure the verdict of `stat` or `holdsIn` must be
    CONFIDENCE: OpenShare = default("confidence", 0.95);
    /// `none`: it may hold since a rollout that was wanted never began; absent, a bound on harm is open then
    ROLLOUT: Words<NoRollout> = optional("rollout");
    /// equal to
    IS: Tree = choice("is", Scalar);
    /// no more than
    AT_MOST: Tree = choice("atMost", Scalar);
    /// no less than
    AT_LEAST: Tree = choice("atLeast", Scalar);
    /// from the first to the second, both included
    BETWEEN: Tree = choice("between", List(&Scalar));
}
