//! What Azure refuses or ignores about notices of a new OS image, `osImageNotificationProfile`.

use super::{Check, SetFacts, family};
use windtunnel_sim::rules;

/// Whether a size has no such events: it is of the G, M, N or H series.
pub fn is_without(size: &str) -> bool {
    matches!(family(size), 'G' | 'M' | 'N' | 'H')
}

/// The rules, in the order of the rulebook.
pub static OS_IMAGE_RULES: &[Check<SetFacts>] = &[(rules::SE_16, |rule, set, say| {
    if let Some(timeout) = set.os_image().filter(|_| is_without(set.size())) {
        let message =
            format!("the size {} has no events for OS images: its guests get no notice of a new disk", set.size());
        say.warn(rule, &timeout.span, &message, "sizes of the G, M, N and H series have no such events");
    }
})];
