//! Automatic zone placement: which zones Azure may choose, and how much of a set one of them may hold (ZN-15).

use super::Context;
use crate::problem::Problem;
use crate::quantity;
use crate::scenario::arm_value as arm;
use crate::scenario::legality::{Legality, SetFacts};
use crate::tree::{Node, Span};
use windtunnel_sim::rules;

/// The share of a set that one zone holds at most, where the model does not say.
const DEFAULT_PERCENT: i64 = 50;

/// The zones that Azure may choose, where the set leaves that to it, and where it says so.
pub fn candidates(resource: &Node, cx: &mut Context<'_>) -> Option<(Vec<u8>, Span)> {
    let (_, node) = arm::word(resource, &["placement", "zonePlacementPolicy"], &["Auto"], cx.problems)?;
    let listed = |key: &'static str, cx: &mut Context<'_>| -> Vec<u8> {
        let list = arm::list(resource, &["placement", key], cx.problems).iter();
        list.filter_map(|zone| u8::try_from(zone.text().and_then(quantity::integer)?).ok()).collect()
    };
    let (include, exclude) = (listed("includeZones", cx), listed("excludeZones", cx));
    let mut zones: Vec<u8> = (1..=3).filter(|zone| include.is_empty() || include.contains(zone)).collect();
    zones.retain(|zone| !exclude.contains(zone));
    let path = ["properties", "resiliencyPolicy", "zoneAllocationPolicy", "maxZoneCount"];
    if let Some((most, _)) = arm::whole(resource, &path, cx.problems) {
        zones.truncate(usize::try_from(most).unwrap_or(0));
    }
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    if !include.is_empty() && !exclude.is_empty() {
        say.refuse(
            rules::ZN_15,
            &node.span,
            "includeZones and excludeZones do not go together",
            "leave out one of the two",
        );
    }
    if let Some(zones) = resource.arm("zones") {
        let message = "zones and automatic zone placement do not go together";
        say.refuse(rules::ZN_15, &zones.span, message, "write the zones under `placement.includeZones`");
    }
    if zones.len() < 2 {
        let message = format!("automatic zone placement needs two zones to choose from, and has {}", zones.len());
        cx.problems.push(Problem::error("E0571", message).at(&node.span, "this policy").help("include more zones"));
    }
    Some((zones, node.span.clone()))
}

/// The share of a set that one zone holds at most, where Azure chooses the zones.
pub fn cap(resource: &Node, facts: &SetFacts, cx: &mut Context<'_>) -> Option<u8> {
    let (_, node) = arm::word(resource, &["placement", "zonePlacementPolicy"], &["Auto"], cx.problems)?;
    let policy = ["properties", "resiliencyPolicy", "zoneAllocationPolicy", "maxInstancePercentPerZonePolicy"];
    let path = |key: &'static str| [policy[0], policy[1], policy[2], policy[3], key];
    let off = arm::switch(resource, &path("enabled"), cx.problems).is_some_and(|(on, _)| !on);
    let value = arm::whole(resource, &path("value"), cx.problems);
    let most_zones = resource.arm_path(&[policy[0], policy[1], policy[2], "maxZoneCount"]).is_some();
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    if facts.overprovision.value {
        let message = "automatic zone placement needs overprovision false, not true";
        say.refuse(rules::ZN_15, &node.span, message, "write `overprovision: false`");
    }
    if facts.zone_balance.value && !most_zones {
        let message = "zoneBalance with automatic zone placement needs maxZoneCount";
        say.refuse(
            rules::ZN_15,
            &facts.zone_balance.span,
            message,
            "write `zoneAllocationPolicy: { maxZoneCount: 3 }`",
        );
    }
    let eligible = facts.zones.value.len().max(1) as i64;
    let (percent, span) = value.map_or((DEFAULT_PERCENT, &node.span), |(value, node)| (value, &node.span));
    let least = (100 + eligible - 1) / eligible;
    if !(least..=100).contains(&percent) {
        let message =
            format!("maxInstancePercentPerZonePolicy of {eligible} zones is from {least} to 100, not {percent}");
        say.refuse(rules::ZN_15, span, &message, "the default is 50");
    }
    if off || facts.zone_balance.value {
        return None;
    }
    u8::try_from(percent).ok()
}
