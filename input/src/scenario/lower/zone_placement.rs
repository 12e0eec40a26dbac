//! Automatic zone placement: which zones Azure may choose, and how much of a set one of them may hold (ZN-15).

use super::Context;
use crate::arm::shape::field::Optional;
use crate::arm::shape::field::Texts;
use crate::arm::shape::scale_set::{
    EXCLUDE_ZONES, INCLUDE_ZONES, MAX_ZONE_COUNT, ZONE_BALANCE, ZONE_PERCENT, ZONE_PERCENT_ENABLED, ZONE_PLACEMENT,
    ZONES,
};
use crate::problem::Problem;
use crate::scenario::legality::{Legality, SetFacts};
use crate::tree::{Node, Span};
use windtunnel_sim::rules;

/// The zones that Azure may choose, where the set leaves that to it, and where it says so.
pub fn candidates(resource: &Node, cx: &mut Context<'_>) -> Option<(Vec<u8>, Span)> {
    let policy = ZONE_PLACEMENT.get(resource)?;
    let listed = |list: &Optional<Texts>| -> Vec<u8> {
        list.items(resource).iter().filter_map(|zone| zone.text()?.parse().ok()).collect()
    };
    let (include, exclude) = (listed(&INCLUDE_ZONES), listed(&EXCLUDE_ZONES));
    let mut zones: Vec<u8> = (1..=3).filter(|zone| include.is_empty() || include.contains(zone)).collect();
    zones.retain(|zone| !exclude.contains(zone));
    if let Some(most) = MAX_ZONE_COUNT.get(resource) {
        zones.truncate(usize::try_from(most.value).unwrap_or(0));
    }
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    if !include.is_empty() && !exclude.is_empty() {
        say.refuse(
            rules::ZN_15,
            &policy.span,
            "includeZones and excludeZones cannot be combined",
            "remove one of the two",
        );
    }
    if let Some(zones) = ZONES.node(resource) {
        let message = "zones and automatic zone placement cannot be combined";
        say.refuse(rules::ZN_15, &zones.span, message, "write the zones under `placement.includeZones`");
    }
    if zones.len() < 2 {
        let message = format!("automatic zone placement needs at least two zones to choose from, got {}", zones.len());
        cx.problems.push(Problem::error("E0571", message).at(&policy.span, "this policy").help("include more zones"));
    }
    Some((zones, policy.span))
}

/// The share of a set that one zone holds at most, where Azure chooses the zones.
pub fn cap(resource: &Node, facts: &SetFacts, cx: &mut Context<'_>) -> Option<u8> {
    let policy = ZONE_PLACEMENT.get(resource)?;
    let off = ZONE_PERCENT_ENABLED.get(resource).is_some_and(|at| !at.value);
    let balance = ZONE_BALANCE.on(resource);
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    if facts.overprovision.value {
        let message = "automatic zone placement needs overprovision false, not true";
        say.refuse(rules::ZN_15, &policy.span, message, "write `overprovision: false`");
    }
    if let (Some(balance), None) = (&balance, MAX_ZONE_COUNT.get(resource)) {
        let message = "zoneBalance with automatic zone placement needs maxZoneCount";
        say.refuse(rules::ZN_15, balance, message, "write `zoneAllocationPolicy: { maxZoneCount: 3 }`");
    }
    let eligible = facts.zones.value.len().max(1) as i64;
    let percent = ZONE_PERCENT.read(resource);
    let span = if percent.given { &percent.span } else { &policy.span };
    let least = (100 + eligible - 1) / eligible;
    if !(least..=100).contains(&percent.value) {
        let message = format!(
            "maxInstancePercentPerZonePolicy of {eligible} zones is from {least} to 100, not {}",
            percent.value
        );
        say.refuse(rules::ZN_15, span, &message, "the default is 50");
    }
    if off || balance.is_some() {
        return None;
    }
    u8::try_from(percent.value).ok()
}
