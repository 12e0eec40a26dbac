//! Scale sets and the regions they live in.

use super::balancers::references::{GATEWAYS, LOAD_BALANCERS};
use super::balancers::{Balancers, is_type};
use super::images::Images;
use super::keys::{ordinal, region as key, scenario};
use super::{
    Context, accept, extensions, guest, health, health_source, images, os_upgrade, quota, repairs, spot, start,
    upgrade, zone_placement,
};
use crate::arm::reference::reference_name;
use crate::arm::shape;
use crate::arm::shape::field::Value;
use crate::arm::shape::{SCALE_SET, autoscale, scale_set};
use crate::problem::{About, Lack, Problem, did_you_mean};
use crate::quantity;
use crate::scenario::legality::{self, Legality, SET_RULES, SetFacts};
use crate::tree::{At, Node, Span};
use windtunnel_sim::plan::{
    Accepted, Application, ImageReference, OrchestrationMode, Region, ScaleInPolicy, ScaleSet, Upkeep, VmProfile,
};
use windtunnel_sim::rules;

/// The types that are read elsewhere.
const ELSEWHERE: [&str; 8] = [
    shape::LOAD_BALANCER,
    shape::GATEWAY,
    shape::MAINTENANCE,
    shape::ASSIGNMENT,
    shape::AUTOSCALE,
    shape::STANDBY_POOL,
    shape::FRONT_DOOR,
    shape::TRAFFIC_MANAGER,
];

/// Whether a type of resources has a part in a run.
#[must_use]
pub fn is_acted_on(kind: &str) -> bool {
    kind.eq_ignore_ascii_case(SCALE_SET) || ELSEWHERE.iter().any(|known| known.eq_ignore_ascii_case(kind))
}

/// The fleet.
#[derive(Default)]
pub struct Fleet {
    /// The regions.
    pub regions: Vec<Region>,
    /// The scale sets.
    pub sets: Vec<ScaleSet>,
    /// What the rules know of each.
    pub facts: Vec<SetFacts>,
    /// What of them Azure would refuse, and the scenario accepts.
    pub accepted: Vec<Accepted>,
}

/// Reads every scale set.
pub fn read(balancers: &Balancers, application: &mut Application, images: &mut Images, cx: &mut Context<'_>) -> Fleet {
    let mut fleet = Fleet::default();
    for resource in scenario::RESOURCES.items(cx.scenario) {
        if is_type(resource, SCALE_SET) {
            one(resource, (balancers, &mut *application), images, &mut fleet, cx);
        } else if !ELSEWHERE.iter().any(|kind| is_type(resource, kind)) {
            not_modelled(resource, cx);
        }
    }
    cx.sets.0 = fleet.sets.iter().map(|set| set.name.clone()).collect();
    if fleet.sets.is_empty() && !cx.problems.has_errors() {
        let list = cx.scenario.entry("resources").map_or(&cx.scenario.span, |(key, _)| &key.span);
        let problem = Problem::error("E0502", "the scenario has no scale set");
        cx.problems.push(problem.at(list, "these resources").help(format!("add a resource of type {SCALE_SET}")));
    }
    extensions::unknown(&fleet.sets, cx);
    guest::unknown(cx);
    fleet
}

fn not_modelled(resource: &Node, cx: &mut Context<'_>) {
    let Some(node) = resource.arm("type") else { return };
    let text = node.text().unwrap_or_default();
    if let Some(near) = did_you_mean(text, [SCALE_SET].into_iter().chain(ELSEWHERE)) {
        let problem = Problem::error("E0502", format!("there is no resource type `{text}`"));
        cx.problems.push(problem.at(&node.span, "unknown type").help(format!("did you mean `{near}`?")));
        return;
    }
    // What the reader of resources does not know either was said to be left out when it was read.
    if shape::resource(text).is_some() {
        let problem = Problem::warning("W0203", format!("`{text}` is not acted on in this release"));
        cx.problems.push(problem.at(&node.span, format!("`{}`", resource.name().unwrap_or_default())));
    }
}

/// Reads one scale set, with what the scenario accepts of it.
pub fn one(
    resource: &Node,
    shared: (&Balancers, &mut Application),
    images: &mut Images,
    fleet: &mut Fleet,
    cx: &mut Context<'_>,
) {
    let before = cx.problems.0.len();
    read_one(resource, shared, images, fleet, cx);
    fleet.accepted.extend(accept::settle(resource, before, cx));
}

/// A set of which nothing says what its instances are.
fn no_profile(resource: &Node, cx: &mut Context<'_>) {
    let name = resource.name().unwrap_or_default();
    let message = format!("`{name}` has no `virtualMachineProfile`, so its instances are not described");
    let help = "where this changes a set that is there, give that set (`az vmss show`) with the change as its `overlay`; a set of \
        machines attached by hand is not modelled";
    cx.problems.push(Problem::error("E0505", message).at(&resource.span, "this scale set").help(help));
}

fn read_one(
    resource: &Node,
    (balancers, application): (&Balancers, &mut Application),
    images: &mut Images,
    fleet: &mut Fleet,
    cx: &mut Context<'_>,
) {
    let Some(name) = resource.name() else { return };
    if scale_set::PROFILE.find(resource).is_none() {
        return no_profile(resource, cx);
    }
    let Some(region) = region(resource, &mut fleet.regions, cx) else { return };
    let facts = facts(resource, fleet.regions[usize::from(region)].fault_domains, balancers, cx);
    check_set(resource, &facts, balancers, cx);
    let reference = scale_set::IMAGE_REFERENCE.find(resource);
    super::security::check_security(resource, cx);
    let extensions = extensions::read(resource, cx);
    images.note_latest(fleet.sets.len(), reference);
    let versions = start::versions(resource, images, cx);
    let image = images.resolve(reference, &resource.span, cx);
    let (start, capacity) = start::read(resource, &facts, (image, &versions), cx);
    let set = ScaleSet {
        name: name.to_owned(),
        region,
        mode: if facts.flexible.value { OrchestrationMode::Flexible } else { OrchestrationMode::Uniform },
        zones: facts.zones.value.clone(),
        zone_balance: scale_set::ZONE_BALANCE.value(resource),
        fault_domains: u8::try_from(facts.fault_domains.value).unwrap_or(1).max(1),
        single_placement_group: facts.single_placement_group.value,
        capacity,
        cores: cores(facts.size()),
        overprovision: facts.overprovision.value,
        skip_extensions_on_surplus: scale_set::SKIP_EXTENSIONS_ON_SURPLUS.value(resource),
        image: image.unwrap_or(ImageReference::Version(0)),
        windows: scale_set::is_windows(resource),
        scale_in: scale_in(resource),
        unhealthy_first: scale_set::UNHEALTHY_FIRST.value(resource),
        force_deletion: scale_set::FORCE_DELETION.value(resource),
        resilient_create: scale_set::RESILIENT_CREATE.value(resource),
        resilient_delete: scale_set::RESILIENT_DELETE.value(resource),
        upgrade: upgrade::policy(resource),
        repairs: repairs::policy(resource, &facts, cx),
        profile: VmProfile {
            health_source: health_source::of(resource, &facts, balancers, cx),
            health_extension: health::read(resource, &extensions, application, cx),
            extensions,
            custom_data: guest::custom_data(name, resource, cx),
            extensions_budget: scale_set::EXTENSIONS_BUDGET.value(resource),
            terminate: facts.terminate().map(|timeout| timeout.value),
            os_image: spot::os_image(&facts, cx.rules),
        },
        pools: pools(resource, balancers, cx),
        spot: spot::policy(resource, &facts, cx),
        prices: spot::prices(facts.size(), cx),
        size: facts.size().to_owned(),
        upkeep: upkeep(resource, &facts, cx),
        start,
    };
    os_upgrade::foresee(resource, &set, cx);
    fleet.sets.push(set);
    fleet.facts.push(facts);
}

/// Checks a set against what Azure accepts.
fn check_set(resource: &Node, facts: &SetFacts, balancers: &Balancers, cx: &mut Context<'_>) {
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    for (rule, check) in SET_RULES.iter().chain(legality::spot::SPOT_RULES).chain(legality::os_image::OS_IMAGE_RULES) {
        check(*rule, facts, &mut say);
    }
    legality::check_ranges(resource, &scale_set::RESOURCE, &mut say);
    upgrade::check_upgrade_policy(facts, cx);
    health_source::check_health_source(resource, facts, balancers, cx);
}

/// The policy by which victims are chosen.
fn scale_in(resource: &Node) -> ScaleInPolicy {
    let first = scale_set::SCALE_IN_RULES.items(resource).first().and_then(Node::text);
    first.and_then(ScaleInPolicy::of).unwrap_or(ScaleInPolicy::Default)
}

/// The cores of a size: `Standard_D4as_v5` has four. One of which they are not known counts as one core.
pub fn cores(size: &str) -> u32 {
    known_cores(size).unwrap_or(1)
}

/// The cores of a size, which its name states; the oldest series number their sizes instead, as the pages of the sizes say.
pub fn known_cores(size: &str) -> Option<u32> {
    let mut parts = size.split('_').skip(usize::from(size.contains('_')));
    let name = parts.next()?;
    let series: String = name.chars().take_while(char::is_ascii_alphabetic).collect();
    let digits: String = name.chars().skip_while(char::is_ascii_alphabetic).take_while(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    let of = |from: u32, cores: &[u32]| cores.get(number.checked_sub(from)? as usize).copied();
    match (series.to_ascii_uppercase().as_str(), parts.last()) {
        ("A", None) => of(0, &[1, 1, 2, 4, 8, 2, 4, 8, 8, 16, 8, 16]),
        ("D" | "DS", None | Some("v2")) if number > 10 => of(11, &[2, 4, 8, 16, 20]),
        ("D" | "DS", None | Some("v2")) => of(1, &[1, 2, 4, 8, 16]),
        ("G" | "GS", None) => of(1, &[2, 4, 8, 16, 32]),
        _ => Some(number),
    }
}

fn region(resource: &Node, regions: &mut Vec<Region>, cx: &mut Context<'_>) -> Option<u16> {
    let Some(location) = scale_set::LOCATION.text(resource) else {
        cx.problems.push(lacks(resource, Lack::Location, cx).at(&resource.span, "this scale set"));
        return None;
    };
    let name = region_name(location);
    if let Some(at) = regions.iter().position(|region| region.name == name) {
        return u16::try_from(at).ok();
    }
    regions.push(described(name, cx));
    u16::try_from(regions.len() - 1).ok()
}

/// The name of a region as the API writes it: the portal has "East US" for "eastus".
pub fn region_name(location: &str) -> String {
    location.to_lowercase().replace(' ', "")
}

/// A region, with what the scenario knows of it.
pub fn described(name: String, cx: &mut Context<'_>) -> Region {
    let described = scenario::REGIONS.entries(cx.scenario).iter().find(|(key, _)| key.text == name);
    let described = described.map(|(_, node)| node);
    let mut free = [None; 4];
    for (zone, count) in key::FREE.entries(described) {
        let index = quantity::integer(&zone.text).and_then(|zone| usize::try_from(zone).ok());
        if let Some(slot) = index.and_then(|index| free.get_mut(index)) {
            *slot = ordinal(count);
        }
    }
    let fault_domains = key::FAULT_DOMAINS.read(described, &cx.assumptions);
    let domains_with_room = key::DOMAINS_WITH_ROOM.given(described);
    Region { name, fault_domains, domains_with_room, free, quota: quota::read(described) }
}

/// What the rules want to know of a scale set, defaults filled in.
fn facts(resource: &Node, region_fault_domains: u8, balancers: &Balancers, cx: &mut Context<'_>) -> SetFacts {
    let flexible = mode(resource, cx);
    let zones = zones(resource, cx);
    let surplus = cx.rules.on(rules::OP_02);
    let regional = zones.value.is_empty();
    // FD-04 to FD-07: only a regional Uniform set is spread over a fixed number by default.
    let fault_domains = scale_set::FAULT_DOMAINS.or(resource, if !flexible.value && regional { 5 } else { 1 });
    // PG-03, and FD-09 where max spreading was asked for.
    let single = cx.rules.on(rules::PG_03) && !flexible.value && regional && fault_domains.value != 1;
    SetFacts {
        resource: resource.clone(),
        capacity: capacity(resource, cx),
        health_probe: health_source::probe(resource).map(|(_, node)| node.span.clone()),
        health_extension: health::find(resource).map(|node| node.span.clone()),
        basic_balancer: pool_references(resource)
            .find(|(id, _)| balancers.is_basic(id))
            .map(|(_, node)| node.span.clone()),
        service_fabric: repairs::service_fabric(resource).map(|node| node.span.clone()),
        bound: bound(resource),
        api_version: api_version(resource),
        source: images::source(resource),
        zones,
        fault_domains,
        region_fault_domains,
        single_placement_group: scale_set::SINGLE_PLACEMENT_GROUP.or(resource, single),
        overprovision: scale_set::OVERPROVISION.or(resource, !flexible.value && surplus),
        flexible,
        autoscaled: autoscaled(resource, cx),
    }
}

/// An autoscale setting that names a set.
fn autoscaled(resource: &Node, cx: &Context<'_>) -> Option<Span> {
    let name = resource.name().unwrap_or_default();
    let names_it = |other: &&Node| {
        let target = autoscale::TARGET.text(other);
        target.is_some_and(|target| target.rsplit('/').next().unwrap_or(target).eq_ignore_ascii_case(name))
    };
    cx.resources(shape::AUTOSCALE).find(names_it).map(|node| node.span.clone())
}

fn mode(resource: &Node, cx: &mut Context<'_>) -> At<bool> {
    let mode = scale_set::ORCHESTRATION_MODE.or(resource, OrchestrationMode::Uniform);
    if !mode.given {
        let problem = Problem::note(
            "N0302",
            format!("`{}` is treated as a Uniform scale set", resource.name().unwrap_or_default()),
        );
        let help = "by default, the command line creates Flexible sets and the API Uniform sets";
        let help = cx.rules.on(rules::OR_02).then(|| help.to_owned());
        cx.problems.push(problem.at(&mode.span, "has no `orchestrationMode`").maybe_help(help));
    }
    At { value: mode.value == OrchestrationMode::Flexible, span: mode.span, given: mode.given }
}

fn zones(resource: &Node, cx: &mut Context<'_>) -> At<Vec<u8>> {
    if let Some((value, span)) = zone_placement::candidates(resource, cx) {
        return At { value, span, given: false };
    }
    let mut zones = Vec::new();
    for zone in scale_set::ZONES.items(resource) {
        match zone.text().and_then(|zone| zone.parse().ok()) {
            Some(number @ 1..=3) if !zones.contains(&number) => zones.push(number),
            _ => {
                let text = zone.text().unwrap_or_default();
                let problem = Problem::error("E0110", format!("zone `{text}` is not 1, 2 or 3, or is listed twice"));
                cx.problems
                    .push(problem.at(&zone.span, "this zone").help("write \"1\", \"2\" and \"3\", each at most once"));
            }
        }
    }
    zones.sort_unstable();
    let node = scale_set::ZONES.node(resource);
    let span = node.or_else(|| resource.arm("name")).unwrap_or(resource).span.clone();
    At { value: zones, span, given: node.is_some() }
}

/// What a set lacks, with how it is given: in the set, or beside the file that it is of.
fn lacks(resource: &Node, what: Lack, cx: &Context<'_>) -> Problem {
    let problem = Problem::error("E0502", format!("`{}` has no `{}`", resource.name().unwrap_or_default(), what.key()));
    problem.help(cx.help(resource, &what.change())).about(About::Lacks(cx.key(resource), what))
}

fn capacity(resource: &Node, cx: &mut Context<'_>) -> At<i64> {
    let capacity = scale_set::CAPACITY.or(resource, 0);
    if !capacity.given {
        cx.problems.push(lacks(resource, Lack::Capacity, cx).at(&capacity.span, "this scale set"));
    }
    capacity
}

/// What keeps the set even; a standby pool is attached later.
fn upkeep(resource: &Node, facts: &SetFacts, cx: &mut Context<'_>) -> Upkeep {
    let zone_percent = zone_placement::cap(resource, facts, cx);
    Upkeep { rebalances: rebalances(resource, facts, cx), zone_percent, ..Upkeep::default() }
}

/// Whether the set is evened out over its zones (ZN-13).
fn rebalances(resource: &Node, facts: &SetFacts, cx: &mut Context<'_>) -> bool {
    let Some(span) = scale_set::REBALANCES.on(resource) else { return false };
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    if facts.zones.value.len() < 2 {
        let message = format!(
            "automatic zone balance needs at least two zones, but `{}` has {}",
            facts.name(),
            facts.zones.value.len()
        );
        say.refuse(rules::ZN_13, &span, &message, "write `zones: [\"1\", \"2\", \"3\"]`");
    }
    if facts.health_probe.is_none() && facts.health_extension.is_none() {
        let message = "automatic zone balance needs a health source, to know when a new machine can replace another";
        say.refuse(rules::ZN_13, &span, message, "add an Application Health extension to the model");
    }
    if let Some(balance) = scale_set::ZONE_BALANCE.on(resource) {
        let message = "automatic zone balance works with best effort; with strict balance it has nothing to do";
        say.warn(rules::ZN_13, &balance, message, "write `zoneBalance: false`");
    }
    true
}

/// What binds a set to its zones (ZN-12).
fn bound(resource: &Node) -> Option<(Span, &'static str)> {
    let reserved = scale_set::RESERVATION_GROUP.span(resource).map(|span| (span, "a capacity reservation"));
    reserved.or_else(|| Some((scale_set::HOST_GROUP.span(resource)?, "dedicated hosts")))
}

/// The date of `apiVersion`, where the resource has one.
pub fn api_version(resource: &Node) -> Option<(String, Span)> {
    let node = scale_set::API_VERSION.node(resource)?;
    Some((node.text()?.get(..10)?.to_owned(), node.span.clone()))
}

/// The pools that the network interfaces of a set join.
pub fn pool_references(resource: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let pools = |ip| scale_set::BACKEND_POOLS.items(ip);
    scale_set::ip_configurations(resource).flat_map(pools).filter_map(shape::reference)
}

/// A pool that an IP configuration names twice.
fn twice(resource: &Node, cx: &mut Context<'_>) {
    for ip in scale_set::ip_configurations(resource) {
        let named: Vec<(&str, &Node)> =
            scale_set::BACKEND_POOLS.items(ip).iter().filter_map(shape::reference).collect();
        for (at, (id, node)) in named.iter().enumerate() {
            if named[..at].iter().any(|(other, _)| other.eq_ignore_ascii_case(id)) {
                let problem = Problem::error("E0212", format!("the pool `{}` is listed twice", reference_name(id)));
                cx.problems.push(problem.at(&node.span, "the second time").help("name each pool once"));
            }
        }
    }
}

fn pools(resource: &Node, balancers: &Balancers, cx: &mut Context<'_>) -> Vec<u16> {
    twice(resource, cx);
    let of_balancers = pool_references(resource).map(|of| (&LOAD_BALANCERS, of));
    let of_gateways = gateway_references(resource).map(|of| (&GATEWAYS, of));
    let mut pools = Vec::new();
    for (owners, (id, node)) in of_balancers.chain(of_gateways) {
        for pool in balancers.pools(owners, id, &node.span, cx) {
            if !pools.contains(&pool) {
                pools.push(pool);
            }
        }
    }
    pools
}

/// The pools of gateways that the network interfaces of a set join.
fn gateway_references(resource: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let pools = |ip| scale_set::GATEWAY_POOLS.items(ip);
    scale_set::ip_configurations(resource).flat_map(pools).filter_map(shape::reference)
}
