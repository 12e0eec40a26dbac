//! What Azure refuses of a standby pool: one row a rule.

use super::{Legality, SetFacts};
use crate::tree::{At, Span};
use windtunnel_sim::plan::StandbyState;
use windtunnel_sim::rules::{self, RuleId};

/// What the rules want to know about a pool.
#[derive(Clone, Debug)]
pub struct StandbyFacts<'a> {
    /// The pool itself.
    pub span: Span,
    /// The set that it is attached to.
    pub set: &'a SetFacts,
    /// That set has another pool already.
    pub second: bool,
    /// `location`, where it is not that of the set.
    pub elsewhere: Option<Span>,
    /// `maxReadyCapacity`.
    pub max_ready: At<i64>,
    /// `minReadyCapacity`.
    pub min_ready: At<i64>,
    /// `virtualMachineState`.
    pub state: At<StandbyState>,
    /// The set is of Spot instances, some of them or all, which Azure deletes or deallocates.
    pub spot: Option<SpotKind>,
    /// The ephemeral OS disk of the model.
    pub ephemeral: Option<Span>,
    /// An autoscale setting scales the set.
    pub autoscaled: bool,
}

/// What a set has of Spot instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpotKind {
    /// Regular instances are among them.
    pub mixed: bool,
    /// They are deallocated when they are evicted.
    pub deallocates: bool,
}

type Check = fn(RuleId, &StandbyFacts<'_>, &mut Legality<'_>);

/// The rules about one pool, in the order of the rulebook.
pub static STANDBY_RULES: &[(RuleId, Check)] = &[
    (rules::SB_01, |rule, pool, say| {
        let set = pool.set;
        if !set.flexible.value {
            let message = format!("a standby pool needs a Flexible scale set, but `{}` is Uniform", set.name());
            say.refuse(rule, &pool.span, &message, "write `orchestrationMode: Flexible`");
        }
        if pool.second {
            let message = format!("`{}` already has a standby pool, and a scale set can have only one", set.name());
            say.refuse(rule, &pool.span, &message, "attach this one to another scale set");
        }
        if set.fault_domains.value > 1 {
            let message = format!("a standby pool needs platformFaultDomainCount 1, not {}", set.fault_domains.value);
            say.refuse(rule, &pool.span, &message, "write `platformFaultDomainCount: 1` in the scale set");
        }
        if let Some(span) = &pool.elsewhere {
            let message = format!("a standby pool must be in the region of its scale set, `{}`", set.name());
            say.refuse(rule, span, &message, "give both the same `location`");
        }
        let together = pool.max_ready.value.max(set.capacity.value + pool.min_ready.value);
        if together > 1000 {
            let message =
                format!("a scale set and its standby pool together have at most 1000 machines, got {together}");
            say.refuse(rule, &pool.max_ready.span, &message, "lower `maxReadyCapacity`");
        }
    }),
    (rules::SB_03, |rule, pool, say| {
        if let (Some(disk), false) = (&pool.ephemeral, pool.state.value == StandbyState::Running) {
            let message = format!("a machine with an ephemeral OS disk cannot be kept {}", pool.state.value.word());
            say.refuse(rule, disk, &message, "write `virtualMachineState: Running`");
        }
        let Some(spot) = pool.spot else { return };
        if spot.mixed {
            let message = "a standby pool has Spot instances only if all instances of its set are Spot instances";
            say.refuse(rule, &pool.span, message, "remove `priorityMixPolicy`");
        }
        if spot.deallocates {
            let message = "a standby pool of Spot instances needs evictionPolicy Delete, not Deallocate";
            say.refuse(rule, &pool.span, message, "write `evictionPolicy: Delete`");
        }
        if pool.state.value == StandbyState::Hibernated {
            let message = "a standby pool of Spot instances cannot be Hibernated";
            say.refuse(rule, &pool.state.span, message, "write `virtualMachineState: Deallocated`");
        }
    }),
    (rules::SB_06, |rule, pool, say| {
        if pool.autoscaled && pool.state.value == StandbyState::Running {
            let message = format!("autoscale scales `{}`, so its standby pool cannot be Running", pool.set.name());
            say.refuse(rule, &pool.state.span, &message, "write `virtualMachineState: Deallocated`");
        }
    }),
];
