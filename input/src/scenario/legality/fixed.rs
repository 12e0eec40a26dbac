//! What Azure fixes when a scale set is created: no policy and no write of the timeline can change it afterwards.

use super::{Legality, SetFacts};
use crate::arm::reference::reference_name;
use crate::arm::shape::scale_set::PROXIMITY;
use crate::problem::Answer;
use crate::tree::At;
use windtunnel_sim::rules::{Area, RuleId};

/// What Azure answers to a change of a property that it fixes.
fn not_allowed(property: &str) -> Answer {
    Answer::new("PropertyChangeNotAllowed", format!("Changing property '{property}' is not allowed."))
}

/// What would be changed of a set that Azure fixes at creation.
pub fn irreversible(was: &SetFacts, now: &SetFacts, say: &mut Legality<'_>) {
    let name = now.name();
    if was.flexible.value != now.flexible.value {
        let message = format!("orchestrationMode of `{name}` can never be changed");
        let places = (&now.flexible.span, &was.flexible.span);
        say.refuse_change(RuleId::new(Area::OR, 1), places, not_allowed("orchestrationMode"), &message);
        return;
    }
    if was.fault_domains.value != now.fault_domains.value && now.fault_domains.given {
        let message = format!(
            "platformFaultDomainCount of `{name}` is fixed at creation: {} cannot become {}",
            was.fault_domains.value, now.fault_domains.value
        );
        let places = (&now.fault_domains.span, &was.fault_domains.span);
        say.refuse_change(RuleId::new(Area::OR, 17), places, not_allowed("platformFaultDomainCount"), &message);
    }
    if was.flexible.value && proximity(was).value != proximity(now).value {
        let message = format!("the proximity placement group of `{name}`, a Flexible set, is fixed at creation");
        let (now, was) = (proximity(now), proximity(was));
        let places = (&now.span, &was.span);
        say.refuse_change(RuleId::new(Area::OR, 20), places, not_allowed("proximityPlacementGroup"), &message);
    }
    if !was.single_placement_group.value && now.single_placement_group.value {
        let message = format!("singlePlacementGroup of `{name}` cannot go back from false to true");
        let places = (&now.single_placement_group.span, &was.single_placement_group.span);
        say.refuse_change(RuleId::new(Area::PG, 2), places, not_allowed("singlePlacementGroup"), &message);
    }
    zones(was, now, say);
}

/// The name of the proximity placement group, in lower case; empty where there is none.
fn proximity(set: &SetFacts) -> At<String> {
    let found = PROXIMITY.id(&set.resource);
    let holder = set.resource.arm("name").unwrap_or(&set.resource);
    At {
        value: found.map(|(id, _)| reference_name(id).to_lowercase()).unwrap_or_default(),
        span: found.map_or(holder, |(_, node)| node).span.clone(),
        given: found.is_some(),
    }
}

/// Zones are only added, and not to every set (ZN-10, ZN-12).
fn zones(was: &SetFacts, now: &SetFacts, say: &mut Legality<'_>) {
    let places = (&now.zones.span, &was.zones.span);
    let mut refuse = |rule: u8, message: String| {
        say.refuse_change(RuleId::new(Area::ZN, rule), places, not_allowed("zones"), &message);
    };
    if let Some(gone) = was.zones.value.iter().find(|zone| !now.zones.value.contains(zone)) {
        refuse(10, format!("zone {gone} of `{}` cannot be removed or replaced; zones can only be added", now.name()));
        return;
    }
    if was.zones.value == now.zones.value {
        return;
    }
    if let Some((version, _)) = now.api_version.as_ref().filter(|(version, _)| version.as_str() < "2023-03-01") {
        refuse(10, format!("adding a zone to `{}` needs apiVersion 2023-03-01, and this is {version}", now.name()));
    }
    let domains = was.fault_domains.value;
    let why = match (&was.bound, &was.service_fabric) {
        _ if matches!(domains, 2 | 3) => format!("{domains} fault domains"),
        (Some((_, what)), _) => (*what).to_owned(),
        (None, Some(_)) => "Service Fabric".to_owned(),
        (None, None) => return,
    };
    refuse(12, format!("Azure cannot add a zone to `{}`, a scale set with {why}", now.name()));
}
