//! What Azure refuses of a Traffic Manager profile.

use super::Legality;
use crate::tree::{At, Span};
use windtunnel_sim::rules;

/// The interval of the probes and how long they wait (TM-01, TM-03).
pub fn monitor(interval: &At<u32>, timeout: &At<u32>, say: &mut Legality<'_>) {
    if ![10, 30].contains(&interval.value) {
        let message = format!("intervalInSeconds must be 10 or 30, got {}", interval.value);
        say.refuse(rules::TM_01, &interval.span, &message, "30 is the default, and 10 costs more");
    }
    let most = if interval.value == 10 { 9 } else { 10 };
    if !(5..=most).contains(&timeout.value) {
        let message = format!(
            "timeoutInSeconds must be 5 to {most} with probes every {} s, got {}",
            interval.value, timeout.value
        );
        say.refuse(rules::TM_03, &timeout.span, &message, "a probe is over before the next one goes out");
    }
}

/// The ranges of good status codes (TM-04).
pub fn ranges(ninth: &Span, count: usize, say: &mut Legality<'_>) {
    let message = format!("a profile has at most 8 ranges of status codes, got {count}");
    say.refuse(rules::TM_04, ninth, &message, "join ranges that touch");
}
