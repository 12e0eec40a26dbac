//! What Azure refuses or ignores about notices of a new OS image, `osImageNotificationProfile`.

use super::{At, SetCheck, family};
use crate::problem::Problems;
use crate::scenario::arm_value as arm;
use crate::tree::Node;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::rules::{Area, RuleId};

/// The only length there is.
const TIMEOUT: SimDuration = SimDuration::from_mins(15);

/// `notBeforeTimeout`, where the profile is enabled.
pub fn timeout(profile: &Node, problems: &mut Problems) -> Option<At<SimDuration>> {
    let path = |key: &'static str| ["scheduledEventsProfile", "osImageNotificationProfile", key];
    let (_, node) = arm::switch(profile, &path("enable"), problems).filter(|(on, _)| *on)?;
    Some(match arm::duration(profile, &path("notBeforeTimeout"), problems) {
        Some((value, node)) => At { value, span: node.span.clone(), given: true },
        None => At { value: TIMEOUT, span: node.span.clone(), given: false },
    })
}

/// Whether a size has no such events: it is of the G, M, N or H series.
pub fn is_without(size: &str) -> bool {
    matches!(family(size), 'G' | 'M' | 'N' | 'H')
}

/// The rules, in the order of the rulebook.
pub static OS_IMAGE_RULES: &[(RuleId, SetCheck)] = &[
    (RuleId::new(Area::OS, 16), |rule, set, say| {
        if let Some(timeout) = set.spot.os_image.as_ref().filter(|timeout| timeout.value != TIMEOUT) {
            let message =
                format!("notBeforeTimeout of an OS image notice is {}, and can only be {TIMEOUT}", timeout.value);
            say.refuse(rule, &timeout.span, &message, "leave `notBeforeTimeout` out");
        }
    }),
    (RuleId::new(Area::SE, 16), |rule, set, say| {
        if let Some(timeout) = set.spot.os_image.as_ref().filter(|_| is_without(&set.size)) {
            let message = format!("{} has no events of OS images: its guests are not told of a new disk", set.size);
            say.warn(rule, &timeout.span, &message, "sizes of the G, M, N and H series have none");
        }
    }),
];
