//! What Azure refuses of automatic instance repairs.

use super::{Legality, SetFacts};
use crate::arm::shape::scale_set::REPAIR_ACTION;
use crate::tree::Span;
use windtunnel_sim::plan::{RepairAction, RepairsPolicy};
use windtunnel_sim::rules;

/// A set whose repairs are enabled at this place (AR-01).
pub fn enabled(set: &SetFacts, enabled: &Span, say: &mut Legality<'_>) {
    let rule = rules::AR_01;
    if !set.has_health() {
        let sources = if set.flexible.value { "the health extension" } else { "the health extension or a probe" };
        let message = format!("automatic repairs need {sources} to know which instance is unhealthy");
        say.refuse(rule, enabled, &message, "add an Application Health extension to the model");
    }
    if let Some(span) = &set.service_fabric {
        let message = "automatic repairs cannot be combined with Service Fabric";
        say.refuse(rule, span, message, "write `automaticRepairsPolicy: { enabled: false }`");
    }
    let Some((version, span)) = &set.api_version else { return };
    let action = REPAIR_ACTION.value(&set.resource);
    let needed = if action == RepairAction::Replace { "2018-10-01" } else { "2021-11-01" };
    if version.as_str() < needed {
        let word = action.word();
        let message = format!("automatic repairs by {word} need apiVersion {needed}, and this is {version}");
        say.refuse(rule, span, &message, &format!("write `apiVersion: {needed}` or a later one"));
    }
}

/// A write to the model of a running set that changes the action while repairs are enabled (AR-04).
pub fn change(was: Option<&RepairsPolicy>, now: Option<&RepairsPolicy>, span: &Span, say: &mut Legality<'_>) {
    if let (Some(was), Some(now)) = (was, now)
        && was.enabled
        && now.enabled
        && was.action != now.action
    {
        let message = format!(
            "repairAction cannot go from {} to {} while repairs are enabled",
            was.action.word(),
            now.action.word()
        );
        let help = "write `enabled: false` in an earlier entry, then `enabled: true` with the new action";
        say.refuse(rules::AR_04, span, &message, help);
    }
}
