//! The instances that are in a set when a run begins, where a list of them is at hand.

use super::images::Images;
use super::{Context, place};
use crate::arm::shape::instance::{
    HEALTH_STATE, HealthState, INSTANCE_DOMAIN, INSTANCE_ID, INSTANCE_IMAGE, INSTANCE_NAME, INSTANCE_STATE,
    INSTANCE_ZONE, LATEST_MODEL, POWER_STATE, PROTECT_FROM_ACTIONS, PROTECT_FROM_SCALE_IN,
};
use crate::arm::shape::scale_set::INSTANCES;
use crate::problem::{Problem, count};
use crate::scenario::legality::SetFacts;
use crate::tree::Node;
use windtunnel_sim::plan::{ImageReference, Present, Start};

/// The versions that the listed instances of a set run, by their places in the list. They are known before the model is read, whose
/// `latest` may mean the newest of them.
pub fn versions(resource: &Node, images: &mut Images, cx: &mut Context<'_>) -> Vec<Option<u16>> {
    let of = |item: &Node| INSTANCE_IMAGE.node(item).and_then(|reference| images.present(reference, cx));
    INSTANCES.items(resource).iter().map(of).collect()
}

/// How a set begins, and with how many instances.
pub fn read(
    resource: &Node,
    facts: &SetFacts,
    (model, versions): (Option<ImageReference>, &[Option<u16>]),
    cx: &mut Context<'_>,
) -> (Start, u32) {
    let wanted = u32::try_from(facts.capacity.value).unwrap_or(0);
    let items = INSTANCES.items(resource);
    if items.is_empty() {
        return (Start::default(), wanted);
    }
    let mut start = Start::default();
    let mut behind = Vec::new();
    for (at, item) in items.iter().enumerate().filter(|(_, item)| !is_leaving(item)) {
        let name = INSTANCE_NAME.text(item).unwrap_or_default();
        let number = || INSTANCE_ID.text(item).or_else(|| name.rsplit('_').next())?.parse().ok();
        let ordinal = if facts.flexible.value { u32::try_from(at).ok() } else { number() };
        let Some(ordinal) = ordinal.filter(|&of| start.instances.iter().all(|known| known.ordinal != of)) else {
            let problem = Problem::warning("W0220", format!("`{name}` has no number of its own, and is left out"));
            cx.problems.push(problem.at(&item.span, "this instance").help("give its `instanceId`"));
            continue;
        };
        let image = versions.get(at).copied().flatten();
        let is_behind = !LATEST_MODEL.value(item);
        if is_behind {
            behind.push(item);
        }
        start.instances.push(Present {
            ordinal,
            name: facts.flexible.value.then(|| name.to_owned()),
            zone: zone(item, facts, cx),
            fault_domain: domain(item, facts),
            image,
            model: is_behind.then(|| earlier(&mut start.earlier, model, image)),
            protect_from_scale_in: PROTECT_FROM_SCALE_IN.value(item),
            protect_from_scale_set_actions: PROTECT_FROM_ACTIONS.value(item),
            power: POWER_STATE.value(item),
            unhealthy: is_unhealthy(item),
        });
    }
    start.instances.sort_by_key(|known| known.ordinal);
    say_behind(&behind, facts, cx);
    say_states(items, facts, cx);
    (start, counted(items, wanted, facts, cx))
}

/// The model that an instance was brought to, of which the image alone is known. A model that follows `latest` did so before.
fn earlier(earlier: &mut Vec<ImageReference>, model: Option<ImageReference>, image: Option<u16>) -> u16 {
    let was = match (model, image) {
        (Some(ImageReference::Version(_)) | None, Some(image)) => ImageReference::Version(image),
        (model, _) => model.unwrap_or(ImageReference::Version(0)),
    };
    u16::try_from(place(earlier, was)).unwrap_or(u16::MAX)
}

fn zone(item: &Node, facts: &SetFacts, cx: &mut Context<'_>) -> Option<u8> {
    let node = INSTANCE_ZONE.node(item)?;
    let zone = node.text()?.parse().ok();
    let zones = &facts.zones.value;
    if let Some(zone) = zone.filter(|zone| zones.contains(zone)) {
        return Some(zone);
    }
    let list: Vec<String> = zones.iter().map(u8::to_string).collect();
    let has = if list.is_empty() { "is in no zone".to_owned() } else { format!("has the zones {}", list.join(", ")) };
    let (name, set) = (item.name().unwrap_or_default(), facts.name());
    let message = format!("`{name}` is in zone {}, but `{set}` {has}", node.text().unwrap_or_default());
    let problem = Problem::warning("W0220", message).at(&node.span, "placed where there is room");
    cx.problems.push(problem.help("both files must be of one time: fetch them again"));
    None
}

/// Its fault domain, where the set has several: under max spreading each reports 0.
fn domain(item: &Node, facts: &SetFacts) -> Option<u8> {
    let domain = INSTANCE_DOMAIN.get(item)?.value;
    let several = facts.fault_domains.value > 1 && domain < facts.fault_domains.value;
    u8::try_from(domain).ok().filter(|_| several)
}

/// With how many instances a set begins.
fn counted(items: &[Node], wanted: u32, facts: &SetFacts, cx: &mut Context<'_>) -> u32 {
    let staying = items.iter().filter(|item| !is_leaving(item)).count();
    let listed = u32::try_from(staying).unwrap_or(u32::MAX);
    if listed == wanted {
        return wanted;
    }
    let rest = if listed > wanted {
        format!("the set begins with {listed}")
    } else {
        "the others are taken to be of the model, running and healthy".to_owned()
    };
    let (n, set) = (count(staying, "instance"), facts.name());
    let n = if staying == items.len() { n } else { format!("{n} that are not being deleted") };
    let message = format!("the list has {n}, but `sku.capacity` of `{set}` is {wanted}: {rest}");
    let problem = Problem::warning("W0220", message).at(&items[0].span, "the first of the list");
    cx.problems.push(problem.help("both files must be of one time: fetch them again"));
    wanted.max(listed)
}

/// What brings an instance to the present model is known of its image alone.
fn say_behind(behind: &[&Node], facts: &SetFacts, cx: &mut Context<'_>) {
    let Some(first) = behind.first() else { return };
    let (n, set) = (count(behind.len(), "instance"), facts.name());
    let are = if behind.len() == 1 { "is" } else { "are" };
    let message = format!("{n} of `{set}` {are} of an earlier model, of which the image alone is known");
    let problem = Problem::note("N0310", message).at(&first.span, "the first of them");
    cx.problems.push(problem.help("an upgrade of these changes their image where it is another, and nothing else"));
}

/// Whether an instance does not serve: its health says so, or it is Failed and nothing says that it is healthy.
fn is_unhealthy(item: &Node) -> bool {
    match HEALTH_STATE.get(item).map(|state| state.value) {
        Some(HealthState::Unhealthy) => true,
        Some(HealthState::Healthy) => false,
        Some(HealthState::Initializing | HealthState::Unknown) | None => is_failed(item),
    }
}

fn is_failed(item: &Node) -> bool {
    is_in(item, "Failed")
}

/// Whether an instance is being deleted: `sku.capacity` does not count it any more, and it is gone before much happens.
fn is_leaving(item: &Node) -> bool {
    is_in(item, "Deleting")
}

fn is_in(item: &Node, wanted: &str) -> bool {
    INSTANCE_STATE.text(item).is_some_and(|state| state.eq_ignore_ascii_case(wanted))
}

/// So many instances in a state that a run does not begin with are named.
const NAMED: usize = 3;

/// A run begins with nothing under way, and with provisioning done everywhere: what failed is there, counts, and is unhealthy unless
/// its health says otherwise.
fn say_states(items: &[Node], facts: &SetFacts, cx: &mut Context<'_>) {
    let is_other = |item: &&Node| INSTANCE_STATE.text(item).is_some() && !is_in(item, "Succeeded");
    let healthy_anyway = |item: &&Node| is_failed(item) && !is_unhealthy(item);
    let (failed, going): (Vec<&Node>, Vec<&Node>) = items.iter().filter(is_other).partition(|item| is_failed(item));
    let (served, down): (Vec<&Node>, Vec<&Node>) = failed.into_iter().partition(healthy_anyway);
    let (leaving, going): (Vec<&Node>, Vec<&Node>) = going.into_iter().partition(|item| is_leaving(item));
    let apart = "fetch the list when nothing is under way, or set `health: Unhealthy` of them in an overlay";
    for (list, one, several, help) in [
        (
            down,
            "a run begins with it Succeeded, and unhealthy: it counts, and serves nobody until something is done to it",
            "a run begins with them Succeeded, and unhealthy: they count, and serve nobody until something is done to them",
            "what ails them is the assumption `start.unhealthy`; `health: Healthy` in an overlay lets them serve",
        ),
        (
            served,
            "a run begins with it as if it were Succeeded, since its health is Healthy",
            "a run begins with them as if they were Succeeded, since their health is Healthy",
            "where they should not serve, set `health: Unhealthy` in an overlay",
        ),
        (
            going,
            "a run begins with nothing under way, so with it as if it were Succeeded",
            "a run begins with nothing under way, so with them as if they were Succeeded",
            apart,
        ),
        (
            leaving,
            "a run begins without it",
            "a run begins without them",
            "fetch the list when they are gone, where the run should begin then",
        ),
    ] {
        let Some(first) = list.first() else { continue };
        let state = |item: &&Node| Some(format!("`{}` is {}", item.name()?, INSTANCE_STATE.text(item)?));
        let mut states: Vec<String> = list.iter().take(NAMED).filter_map(state).collect();
        if list.len() > NAMED {
            states.push(format!("and {} more", list.len() - NAMED));
        }
        let begins = if list.len() == 1 { one } else { several };
        let message = format!("of `{}`, {}: {begins}", facts.name(), states.join(", "));
        let problem = Problem::warning("W0220", message).at(&first.span, "the first of them");
        cx.problems.push(problem.help(help));
    }
}
