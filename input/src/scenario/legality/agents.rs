//! What Azure Pipelines does not support of a scale set whose machines are its agents (DO-01).

use super::{Legality, SetFacts};
use crate::arm::shape::scale_set::UPGRADE_MODE;
use crate::tree::Span;
use windtunnel_sim::plan::UpgradeMode;
use windtunnel_sim::rules::DO_01;

/// What the rule wants to know about a pool.
#[derive(Clone, Debug)]
pub struct PoolFacts<'a> {
    /// The pool itself.
    pub span: Span,
    /// The set that it takes over.
    pub set: &'a SetFacts,
    /// The pool that has the set already.
    pub other: Option<&'a str>,
}

/// Refuses what the page requires to be otherwise.
pub fn check(pool: &PoolFacts<'_>, say: &mut Legality<'_>) {
    let (set, name) = (pool.set, pool.set.name());
    if let Some(other) = pool.other {
        let message = format!("`{name}` is already in use by pool {other}, and a scale set has one agent pool at most");
        say.refuse(DO_01, &pool.span, &message, "give each pool a scale set of its own");
        return;
    }
    if set.overprovision.value {
        let message = format!("`{name}` overprovisions, and an agent pool needs a scale set that does not");
        let span = if set.overprovision.given { &set.overprovision.span } else { &pool.span };
        say.refuse(DO_01, span, &message, "write `overprovision: false` in the scale set");
    }
    let mode = UPGRADE_MODE.read(&set.resource);
    if mode.value != UpgradeMode::Manual {
        let message = format!("`{name}` has upgrade mode {}, and an agent pool needs Manual", mode.value.word());
        say.refuse(DO_01, &mode.span, &message, "write `upgradePolicy: { mode: Manual }` in the scale set");
    }
    if let Some(span) = &set.autoscaled {
        let message = format!("an autoscale setting scales `{name}`, whose capacity an agent pool writes");
        say.refuse(DO_01, span, &message, "remove or disable the autoscale setting");
    }
}

/// Warns of protection of instances, which a pool does not support.
pub fn protects(span: &Span, set: &str, say: &mut Legality<'_>) {
    let message =
        format!("the machines of `{set}` are agents, and Azure Pipelines does not support instance protection");
    say.warn(DO_01, span, &message, "remove this entry: the pool deletes idle agents by their ids, protected or not");
}
