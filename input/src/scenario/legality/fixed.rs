//! What Azure fixes when a scale set is created: no policy and no write of the timeline can change it afterwards. By which rule is a
//! column of the property.

use super::{Legality, SetFacts};
use crate::arm::reference::reference_name;
use crate::arm::shape::scale_set::{FAULT_DOMAINS, ORCHESTRATION_MODE, PROXIMITY, SINGLE_PLACEMENT_GROUP, ZONES};
use crate::problem::Answer;
use crate::tree::At;
use windtunnel_sim::rules::{RuleId, ZN_12};

/// Refuses the change of a property by a rule.
fn refuse<T>((key, rule): (&str, RuleId), now: &At<T>, was: &At<T>, message: &str, say: &mut Legality<'_>) {
    let answer = Answer::new("PropertyChangeNotAllowed", format!("Changing property '{key}' is not allowed."));
    say.refuse_change(rule, (&now.span, &was.span), answer, message);
}

/// What would be changed of a set that Azure fixes at creation.
pub fn irreversible(was: &SetFacts, now: &SetFacts, say: &mut Legality<'_>) {
    let name = now.name();
    if was.flexible.value != now.flexible.value {
        let message = format!("orchestrationMode of `{name}` can never be changed");
        refuse(ORCHESTRATION_MODE.declared.fixed(), &now.flexible, &was.flexible, &message, say);
        return;
    }
    let (before, after) = (&was.fault_domains, &now.fault_domains);
    if before.value != after.value && after.given {
        let change = format!("{} cannot become {}", before.value, after.value);
        let message = format!("platformFaultDomainCount of `{name}` is fixed at creation: {change}");
        refuse(FAULT_DOMAINS.declared.fixed(), after, before, &message, say);
    }
    let (before, after) = (proximity(was), proximity(now));
    if was.flexible.value && before.value != after.value {
        let message = format!("the proximity placement group of `{name}`, a Flexible set, is fixed at creation");
        refuse(PROXIMITY.declared.fixed(), &after, &before, &message, say);
    }
    let (before, after) = (&was.single_placement_group, &now.single_placement_group);
    if !before.value && after.value {
        let message = format!("singlePlacementGroup of `{name}` cannot go back from false to true");
        refuse(SINGLE_PLACEMENT_GROUP.declared.fixed(), after, before, &message, say);
    }
    zones(was, now, say);
}

/// The name of the proximity placement group, in lower case; empty where there is none.
fn proximity(set: &SetFacts) -> At<String> {
    let found = PROXIMITY.id(&set.resource);
    At {
        value: found.map(|(id, _)| reference_name(id).to_lowercase()).unwrap_or_default(),
        span: found.map_or_else(|| set.resource.name_span(), |(_, node)| &node.span).clone(),
        given: found.is_some(),
    }
}

/// Zones are only added, and not to every set (ZN-10, ZN-12).
fn zones(was: &SetFacts, now: &SetFacts, say: &mut Legality<'_>) {
    let (key, fixed) = ZONES.declared.fixed();
    let mut refuse = |rule, message: String| refuse((key, rule), &now.zones, &was.zones, &message, say);
    if let Some(gone) = was.zones.value.iter().find(|zone| !now.zones.value.contains(zone)) {
        refuse(
            fixed,
            format!("zone {gone} of `{}` cannot be removed or replaced; zones can only be added", now.name()),
        );
        return;
    }
    if was.zones.value == now.zones.value {
        return;
    }
    if let Some((version, _)) = now.api_version.as_ref().filter(|(version, _)| version.as_str() < "2023-03-01") {
        refuse(fixed, format!("adding a zone to `{}` needs apiVersion 2023-03-01, and this is {version}", now.name()));
    }
    let domains = was.fault_domains.value;
    let why = match (&was.bound, &was.service_fabric) {
        _ if matches!(domains, 2 | 3) => format!("{domains} fault domains"),
        (Some((_, what)), _) => (*what).to_owned(),
        (None, Some(_)) => "Service Fabric".to_owned(),
        (None, None) => return,
    };
    refuse(ZN_12, format!("Azure cannot add a zone to `{}`, a scale set with {why}", now.name()));
}
