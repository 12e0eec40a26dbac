//! What Azure refuses or ignores about Spot and about notices of deletion.

use super::{SetCheck, family};
use crate::arm::shape::scale_set::{EVICTION_POLICY, PRIORITY_MIX};
use windtunnel_sim::plan::EvictionPolicy;
use windtunnel_sim::rules::{Area, RuleId};

/// The rules, in the order of the rulebook.
pub static SPOT_RULES: &[(RuleId, SetCheck)] = &[
    (RuleId::new(Area::SP, 12), |rule, set, say| {
        let Some(mix) = PRIORITY_MIX.find(&set.resource).filter(|_| set.flexible.value) else { return };
        if set.spot().is_none() {
            let help = "write `priority: Spot` in the profile; the mix says how many are regular all the same";
            say.refuse(rule, &mix.span, "a priorityMixPolicy needs a profile of priority Spot", help);
        }
        if set.single_placement_group.given && set.single_placement_group.value {
            let span = &set.single_placement_group.span;
            let message = "a priorityMixPolicy does not go with singlePlacementGroup true";
            say.refuse(rule, span, message, "leave `singlePlacementGroup` out");
        }
    }),
    (RuleId::new(Area::SP, 16), |rule, set, say| {
        if let Some(span) = set.spot().filter(|_| family(set.size()) == 'B') {
            let message = format!(
                "{} is of the B series, of which a scale set has no Spot instances by its own page; that on Spot machines says nothing of it",
                set.size()
            );
            say.warn(rule, &span, &message, "take another size, or `priority: Regular`");
        }
    }),
    (RuleId::new(Area::SP, 18), |rule, set, say| {
        let deallocates = EVICTION_POLICY.value(&set.resource) == EvictionPolicy::Deallocate;
        if let (Some(span), true, Some(_)) = (set.spot(), deallocates, &set.autoscaled) {
            let message = "evicted instances that stay deallocated count to the capacity that autoscale sees";
            say.warn(rule, &span, message, "write `evictionPolicy: Delete`");
        }
    }),
    (RuleId::new(Area::SE, 23), |rule, set, say| {
        if let (Some(_), Some(timeout)) = (set.spot(), set.terminate()) {
            let message = "Spot instances are not told of their deletion, only of their eviction";
            say.warn(rule, &timeout.span, message, "regular instances of a mix are told");
        }
    }),
];
