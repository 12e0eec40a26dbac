//! What Azure refuses of automatic instance repairs: one row a rule.

use super::{At, Legality};
use crate::tree::Span;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{RepairAction, RepairsPolicy};
use windtunnel_sim::rules::{Area, RuleId};

/// What the rules want to know about the repairs of a set.
#[derive(Clone, Debug)]
pub struct RepairsFacts {
    /// `enabled`, where it is true.
    pub enabled: Option<Span>,
    /// `gracePeriod`.
    pub grace: At<SimDuration>,
    /// `repairAction`.
    pub action: At<RepairAction>,
    /// Somebody says whether an instance is healthy.
    pub has_health: bool,
    /// The set is Flexible.
    pub flexible: bool,
    /// `apiVersion` of the resource, where it is given: the date alone.
    pub api_version: Option<(String, Span)>,
    /// The extension of Service Fabric.
    pub service_fabric: Option<Span>,
}

type RepairsCheck = fn(RuleId, &RepairsFacts, &mut Legality<'_>);

/// The rules about the repairs of one set, in the order of the rulebook.
pub static REPAIRS_RULES: &[(RuleId, RepairsCheck)] = &[
    (RuleId::new(Area::AR, 1), |rule, repairs, say| {
        let Some(enabled) = &repairs.enabled else { return };
        if !repairs.has_health {
            let sources = if repairs.flexible { "the health extension" } else { "the health extension or a probe" };
            let message = format!("automatic repairs need {sources}: without, nobody says what is unhealthy");
            say.refuse(rule, enabled, &message, "add an Application Health extension to the model");
        }
        if let Some(span) = &repairs.service_fabric {
            let message = "automatic repairs do not go with Service Fabric";
            say.refuse(rule, span, message, "write `automaticRepairsPolicy: { enabled: false }`");
        }
        let Some((version, span)) = &repairs.api_version else { return };
        let needed = if repairs.action.value == RepairAction::Replace { "2018-10-01" } else { "2021-11-01" };
        if version.as_str() < needed {
            let word = repairs.action.value.word();
            let message = format!("automatic repairs by {word} need apiVersion {needed}, and this is {version}");
            say.refuse(rule, span, &message, &format!("write `apiVersion: {needed}` or a later one"));
        }
    }),
    (RuleId::new(Area::AR, 8), |rule, repairs, say| {
        let (min, max) = (SimDuration::from_mins(10), SimDuration::from_mins(90));
        if repairs.grace.value < min || repairs.grace.value > max {
            let message =
                format!("gracePeriod of repairs is {}, outside its range {min} to {max}", repairs.grace.value);
            say.refuse(rule, &repairs.grace.span, &message, "the default is PT10M");
        }
    }),
];

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
        let help = "write `enabled: false` in an entry before it, and `enabled: true` with the new action after that";
        say.refuse(RuleId::new(Area::AR, 4), span, &message, help);
    }
}
