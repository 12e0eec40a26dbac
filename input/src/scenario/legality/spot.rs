//! What Azure refuses or ignores about Spot and about notices of deletion.

use super::{At, SetCheck, family};
use crate::problem::Problems;
use crate::scenario::arm_value as arm;
use crate::tree::{Node, Span};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::rules::{Area, RuleId};

/// What the rules want to know of a set about these.
#[derive(Clone, Debug, Default)]
pub struct SpotFacts {
    /// `priority` is Spot.
    pub spot: Option<Span>,
    /// `evictionPolicy` is Deallocate, or is left out.
    pub deallocates: bool,
    /// `terminateNotificationProfile.notBeforeTimeout`, where it is enabled.
    pub terminate: Option<At<SimDuration>>,
    /// `osImageNotificationProfile.notBeforeTimeout`, where it is enabled.
    pub os_image: Option<At<SimDuration>>,
    /// An autoscale setting that names the set.
    pub autoscaled: Option<Span>,
}

/// Reads them.
pub fn facts(scenario: &Node, resource: &Node, profile: &Node, problems: &mut Problems) -> SpotFacts {
    let priority = arm::word(profile, &["priority"], &["Regular", "Low", "Spot"], problems);
    let eviction = arm::word(profile, &["evictionPolicy"], &["Deallocate", "Delete"], problems);
    let path = |key: &'static str| ["scheduledEventsProfile", "terminateNotificationProfile", key];
    let enabled = arm::switch(profile, &path("enable"), problems).filter(|(on, _)| *on);
    let terminate = enabled.map(|(_, node)| match arm::duration(profile, &path("notBeforeTimeout"), problems) {
        Some((value, node)) => At { value, span: node.span.clone(), given: true },
        None => At { value: SimDuration::from_mins(5), span: node.span.clone(), given: false },
    });
    let name = resource.name().unwrap_or_default();
    let names_it = |other: &&Node| {
        let is = other.arm("type").and_then(Node::text);
        let target = other.arm_path(&["properties", "targetResourceUri"]).and_then(Node::text);
        is.is_some_and(|kind| kind.eq_ignore_ascii_case("Microsoft.Insights/autoscaleSettings"))
            && target.is_some_and(|target| target.rsplit('/').next().unwrap_or(target).eq_ignore_ascii_case(name))
    };
    let resources = scenario.get("resources").map_or(&[][..], Node::items);
    SpotFacts {
        spot: priority.filter(|(at, _)| *at > 0).map(|(_, node)| node.span.clone()),
        deallocates: !matches!(eviction, Some((1, _))),
        terminate,
        os_image: super::os_image::timeout(profile, problems),
        autoscaled: resources.iter().find(names_it).map(|node| node.span.clone()),
    }
}

/// The rules, in the order of the rulebook.
pub static SPOT_RULES: &[(RuleId, SetCheck)] = &[
    (RuleId::new(Area::SP, 12), |rule, set, say| {
        let Some(mix) = set.priority_mix.as_ref().filter(|_| set.flexible.value) else { return };
        if set.spot.spot.is_none() {
            let help = "write `priority: Spot` in the profile; the mix says how many are regular all the same";
            say.refuse(rule, mix, "a priorityMixPolicy needs a profile of priority Spot", help);
        }
        if set.single_placement_group.given && set.single_placement_group.value {
            let span = &set.single_placement_group.span;
            let message = "a priorityMixPolicy does not go with singlePlacementGroup true";
            say.refuse(rule, span, message, "leave `singlePlacementGroup` out");
        }
    }),
    (RuleId::new(Area::SP, 16), |rule, set, say| {
        if let Some(span) = set.spot.spot.as_ref().filter(|_| family(&set.size) == 'B') {
            let message = format!(
                "{} is of the B series, of which a scale set has no Spot instances by its own page; that on Spot machines says nothing of it",
                set.size
            );
            say.warn(rule, span, &message, "take another size, or `priority: Regular`");
        }
    }),
    (RuleId::new(Area::SP, 18), |rule, set, say| {
        if let (Some(span), true, Some(_)) = (&set.spot.spot, set.spot.deallocates, &set.spot.autoscaled) {
            let message = "evicted instances that stay deallocated count to the capacity that autoscale sees";
            say.warn(rule, span, message, "write `evictionPolicy: Delete`");
        }
    }),
    (RuleId::new(Area::TN, 1), |rule, set, say| {
        let Some(timeout) = &set.spot.terminate else { return };
        let (min, max) = (SimDuration::from_mins(5), SimDuration::from_mins(15));
        if timeout.value < min || timeout.value > max {
            let message = format!("notBeforeTimeout is {}, outside its range {min} to {max}", timeout.value);
            say.refuse(rule, &timeout.span, &message, "the default is PT5M");
        }
    }),
    (RuleId::new(Area::SE, 23), |rule, set, say| {
        if let (Some(_), Some(timeout)) = (&set.spot.spot, &set.spot.terminate) {
            let message = "Spot instances are not told of their deletion, only of their eviction";
            say.warn(rule, &timeout.span, message, "regular instances of a mix are told");
        }
    }),
];
