//! What Azure refuses or ignores about Spot and about notices of deletion.

use super::{Check, SetFacts, family};
use crate::arm::shape::scale_set::{EVICTION_POLICY, PRIORITY_MIX};
use windtunnel_sim::plan::EvictionPolicy;
use windtunnel_sim::rules;

/// The rules, in the order of the rulebook.
pub static SPOT_RULES: &[Check<SetFacts>] = &[
    (rules::SP_12, |rule, set, say| {
        let Some(mix) = PRIORITY_MIX.find(&set.resource).filter(|_| set.flexible.value) else { return };
        if set.spot().is_none() {
            let help = "write `priority: Spot` in the profile; the mix still says how many instances are regular";
            say.refuse(rule, &mix.span, "a priorityMixPolicy needs a profile of priority Spot", help);
        }
        if set.single_placement_group.given && set.single_placement_group.value {
            let span = &set.single_placement_group.span;
            let message = "a priorityMixPolicy cannot be combined with singlePlacementGroup true";
            say.refuse(rule, span, message, "remove `singlePlacementGroup`");
        }
    }),
    (rules::SP_16, |rule, set, say| {
        if let Some(span) = set.spot().filter(|_| family(set.size()) == 'B') {
            let message = format!(
                "{} is of the B series, and the page on Spot scale sets excludes this series; the page on Spot \
                 machines does not",
                set.size()
            );
            say.warn(rule, &span, &message, "use another size, or `priority: Regular`");
        }
    }),
    (rules::SP_18, |rule, set, say| {
        let deallocates = EVICTION_POLICY.value(&set.resource) == EvictionPolicy::Deallocate;
        if let (Some(span), true, Some(_)) = (set.spot(), deallocates, &set.autoscaled) {
            let message = "evicted instances that stay deallocated count toward the capacity that autoscale sees";
            say.warn(rule, &span, message, "write `evictionPolicy: Delete`");
        }
    }),
    (rules::SE_23, |rule, set, say| {
        if let (Some(_), Some(timeout)) = (set.spot(), set.terminate()) {
            let message = "Spot instances get no notice of their deletion, only of their eviction";
            say.warn(rule, &timeout.span, message, "regular instances of a mix get the notice");
        }
    }),
];
