//! Scale sets and the regions they live in.

use super::balancers::{self, Balancers, is_type};
use super::images::Images;
use super::{
    Context, accept, extensions, faults, guest, health, health_source, images, maintenance, os_upgrade, repairs,
    section, spot, upgrade, values, zone_placement,
};
use crate::arm::reference::reference_name;
use crate::arm::shape;
use crate::problem::{Problem, did_you_mean};
use crate::quantity;
use crate::scenario::arm_value as arm;
use crate::scenario::legality::{self, At, Legality, SET_RULES, SetFacts};
use crate::tree::{Node, Span};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    Accepted, Application, ImageReference, OrchestrationMode, Region, ScaleInPolicy, ScaleSet, Upkeep, VmProfile,
};
use windtunnel_sim::rules::{self, A};

/// The type of a scale set.
pub const TYPE: &str = "Microsoft.Compute/virtualMachineScaleSets";

/// The types that are read elsewhere.
const ELSEWHERE: [&str; 5] =
    [balancers::TYPE, maintenance::TYPE, maintenance::ASSIGNMENT, super::autoscale::TYPE, super::standby::TYPE];

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
    let resources = cx.scenario.get("resources").map_or(&[][..], Node::items);
    for resource in resources {
        if is_type(resource, TYPE) {
            one(resource, (balancers, &mut *application), images, &mut fleet, cx);
        } else if !ELSEWHERE.iter().any(|kind| is_type(resource, kind)) {
            not_modelled(resource, cx);
        }
    }
    cx.sets.0 = fleet.sets.iter().map(|set| set.name.clone()).collect();
    if fleet.sets.is_empty() && !cx.problems.has_errors() {
        let list = cx.scenario.entry("resources").map_or(&cx.scenario.span, |(key, _)| &key.span);
        let problem = Problem::error("E0502", "the scenario has no scale set");
        cx.problems.push(problem.at(list, "these resources").help(format!("add a resource of type {TYPE}")));
    }
    extensions::unknown(&fleet.sets, cx);
    guest::unknown(cx);
    fleet
}

fn not_modelled(resource: &Node, cx: &mut Context<'_>) {
    let Some(node) = resource.arm("type") else { return };
    let text = node.text().unwrap_or_default();
    if let Some(near) = did_you_mean(text, [TYPE].into_iter().chain(ELSEWHERE)) {
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

fn read_one(
    resource: &Node,
    (balancers, application): (&Balancers, &mut Application),
    images: &mut Images,
    fleet: &mut Fleet,
    cx: &mut Context<'_>,
) {
    let Some(name) = resource.name() else { return };
    let Some(profile) = resource.arm_path(&["properties", "virtualMachineProfile"]) else {
        let problem = Problem::error(
            "E0505",
            format!("`{name}` has no `virtualMachineProfile`, so nothing says what its instances are"),
        );
        cx.problems.push(
            problem
                .at(&resource.span, "this scale set")
                .help("a set of machines that were attached by hand is not modelled"),
        );
        return;
    };
    let Some(region) = region(resource, &mut fleet.regions, cx) else { return };
    let facts = facts(resource, profile, fleet.regions[usize::from(region)].fault_domains, balancers, cx);
    hold(resource, profile, &facts, balancers, cx);
    let reference = profile.arm_path(&["storageProfile", "imageReference"]);
    super::security::hold(profile, cx);
    let extensions = extensions::read(profile, cx);
    images.note_latest(fleet.sets.len(), reference);
    let set = ScaleSet {
        name: name.to_owned(),
        region,
        mode: if facts.flexible.value { OrchestrationMode::Flexible } else { OrchestrationMode::Uniform },
        zones: facts.zones.value.clone(),
        zone_balance: facts.zone_balance.value,
        fault_domains: u8::try_from(facts.fault_domains.value).unwrap_or(1).max(1),
        single_placement_group: facts.single_placement_group.value,
        capacity: u32::try_from(facts.capacity.value).unwrap_or(0),
        cores: cores(&facts.size),
        overprovision: facts.overprovision.value,
        skip_extensions_on_surplus: skips_extensions(resource, cx),
        image: images.resolve(reference, &resource.span, cx).unwrap_or(ImageReference::Version(0)),
        windows: windows(profile, cx),
        scale_in: scale_in(resource, cx),
        unhealthy_first: switch(resource, &["properties", "scaleInPolicy", "prioritizeUnhealthyVMs"], cx),
        force_deletion: switch(resource, &["properties", "scaleInPolicy", "forceDeletion"], cx),
        resilient_create: switch(resource, &RESILIENT_CREATE, cx),
        resilient_delete: switch(resource, &RESILIENT_DELETE, cx),
        upgrade: upgrade::policy(resource, cx),
        repairs: repairs::policy(resource, &facts, cx),
        profile: VmProfile {
            health_source: health_source::of(profile, &facts, balancers, cx),
            health_extension: health::read(profile, &extensions, application, cx),
            extensions,
            custom_data: guest::custom_data(name, profile, cx),
            extensions_budget: facts.budget.value,
            terminate: spot::terminate(&facts),
            os_image: spot::os_image(&facts, cx.rules),
        },
        pools: pools(profile, balancers, cx),
        spot: spot::policy(resource, profile, &facts, cx),
        prices: spot::prices(&facts.size, cx),
        size: facts.size.clone(),
        upkeep: upkeep(resource, &facts, cx),
    };
    os_upgrade::foresee(resource, &set, cx);
    fleet.sets.push(set);
    fleet.facts.push(facts);
}

/// Holds a set to what Azure accepts.
fn hold(resource: &Node, profile: &Node, facts: &SetFacts, balancers: &Balancers, cx: &mut Context<'_>) {
    for (rule, check) in SET_RULES.iter().chain(legality::spot::SPOT_RULES).chain(legality::os_image::OS_IMAGE_RULES) {
        check(*rule, facts, &mut Legality { rules: cx.rules, problems: cx.problems });
    }
    upgrade::hold(resource, facts, cx);
    health_source::hold(resource, profile, facts, balancers, cx);
}

/// Whether a new machine whose system does not come up is made again (LC-06).
const RESILIENT_CREATE: [&str; 4] = ["properties", "resiliencyPolicy", "resilientVMCreationPolicy", "enabled"];

/// Whether a deletion that fails is tried again (LC-07).
const RESILIENT_DELETE: [&str; 4] = ["properties", "resiliencyPolicy", "resilientVMDeletionPolicy", "enabled"];

/// The policy by which victims are chosen.
fn scale_in(resource: &Node, cx: &mut Context<'_>) -> ScaleInPolicy {
    let rules = arm::list(resource, &["properties", "scaleInPolicy", "rules"], cx.problems);
    let words = ["Default", "NewestVM", "OldestVM"];
    let at = rules.first().and_then(|rule| arm::word(rule, &[], &words, cx.problems)).map_or(0, |(at, _)| at);
    [ScaleInPolicy::Default, ScaleInPolicy::NewestVM, ScaleInPolicy::OldestVM][at]
}

/// Whether a property is `true`.
fn switch(resource: &Node, path: &[&'static str], cx: &mut Context<'_>) -> bool {
    arm::switch(resource, path, cx.problems).is_some_and(|(on, _)| on)
}

/// Whether extensions are launched on the kept instances only (OP-05).
fn skips_extensions(resource: &Node, cx: &mut Context<'_>) -> bool {
    switch(resource, &["properties", "doNotRunExtensionsOnOverprovisionedVMs"], cx)
}

/// The cores of a size, which its name states: `Standard_D4as_v5` has four. A size whose name does not say is counted as
/// one core.
pub fn cores(size: &str) -> u32 {
    let family = size.split('_').nth(1).unwrap_or(size);
    let digits: String = family.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(1)
}

fn region(resource: &Node, regions: &mut Vec<Region>, cx: &mut Context<'_>) -> Option<u16> {
    let Some(location) = resource.arm("location").and_then(Node::text) else {
        let problem = Problem::error("E0502", format!("`{}` has no `location`", resource.name().unwrap_or_default()));
        cx.problems.push(problem.at(&resource.span, "this scale set").help("write `location: eastus`"));
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
    let described = section(cx.scenario, "regions").find(|(key, _)| key.text == name).map(|(_, node)| node);
    let mut free = [None; 4];
    for (zone, count) in described.and_then(|node| node.get("free")).map_or(&[][..], Node::entries) {
        let index = quantity::integer(&zone.text).and_then(|zone| usize::try_from(zone).ok()).filter(|zone| *zone < 4);
        let Some(index) = index else {
            let problem = Problem::error("E0110", format!("there is no zone `{}`", zone.text));
            cx.problems.push(
                problem.at(&zone.span, "this key").help("zones are \"1\" to \"3\"; \"0\" is for sets without zones"),
            );
            continue;
        };
        free[index] = count.text().and_then(quantity::integer).and_then(|count| u32::try_from(count).ok());
    }
    let fault_domains = described
        .and_then(|node| values::whole(node, "faultDomains"))
        .unwrap_or_else(|| cx.assumptions.count(A::CapacityFaultDomainsRegional) as u8);
    let domains_with_room = described.and_then(|node| values::whole(node, "domainsWithRoom"));
    Region { name, fault_domains, domains_with_room, free, quota: faults::quota(described) }
}

/// What the rules want to know of a scale set, defaults filled in.
fn facts(
    resource: &Node,
    profile: &Node,
    region_fault_domains: u8,
    balancers: &Balancers,
    cx: &mut Context<'_>,
) -> SetFacts {
    let at_set = &resource.arm("name").unwrap_or(resource).span;
    let flexible = mode(resource, at_set, cx);
    let zones = zones(resource, at_set, cx);
    let surplus = cx.rules.on(rules::OP_02);
    let mut switch = |path: &[&str], default: bool| match arm::switch(resource, path, cx.problems) {
        Some((value, node)) => At { value, span: node.span.clone(), given: true },
        None => At { value: default, span: at_set.clone(), given: false },
    };
    let zone_balance = switch(&["properties", "zoneBalance"], false);
    let overprovision = switch(&["properties", "overprovision"], !flexible.value && surplus);
    let max_surge = switch(&["properties", "upgradePolicy", "rollingUpgradePolicy", "maxSurge"], false);
    let mut spg = switch(&["properties", "singlePlacementGroup"], false);
    let regional = zones.value.is_empty();
    let fault_domains = match arm::whole(resource, &["properties", "platformFaultDomainCount"], cx.problems) {
        Some((value, node)) => At { value, span: node.span.clone(), given: true },
        // FD-04 to FD-07: only a regional Uniform set is spread over a fixed number by default.
        None => At { value: if !flexible.value && regional { 5 } else { 1 }, span: at_set.clone(), given: false },
    };
    if !spg.given {
        // PG-03, and FD-09 where max spreading was asked for.
        spg.value = cx.rules.on(rules::PG_03) && !flexible.value && regional && fault_domains.value != 1;
    }
    let budget = match arm::duration(profile, &["extensionProfile", "extensionsTimeBudget"], cx.problems) {
        Some((value, node)) => At { value, span: node.span.clone(), given: true },
        None => At { value: SimDuration::from_mins(90), span: at_set.clone(), given: false },
    };
    let references = pool_references(profile, cx);
    SetFacts {
        name: resource.name().unwrap_or_default().to_owned(),
        capacity: capacity(resource, at_set, cx),
        size: resource.arm_path(&["sku", "name"]).and_then(Node::text).unwrap_or_default().to_owned(),
        health_probe: health_source::probe(profile).map(|(_, node)| node.span.clone()),
        health_extension: health::find(profile).map(|node| node.span.clone()),
        priority_mix: resource.arm_path(&["properties", "priorityMixPolicy"]).map(|node| node.span.clone()),
        nat_pools: configurations(profile)
            .find_map(|ip| ip.arm_path(&["properties", "loadBalancerInboundNatPools"]))
            .filter(|list| !list.items().is_empty())
            .map(|node| node.span.clone()),
        system_identity: resource
            .arm_path(&["identity", "type"])
            .filter(|node| node.text().is_some_and(|text| text.to_ascii_lowercase().contains("systemassigned")))
            .map(|node| node.span.clone()),
        basic_balancer: references.into_iter().find(|(id, _)| balancers.is_basic(id)).map(|(_, span)| span),
        service_fabric: repairs::service_fabric(profile).map(|node| node.span.clone()),
        proximity: proximity(resource, at_set),
        bound: bound(resource, profile),
        api_version: api_version(resource),
        source: images::source(profile),
        flexible,
        zones,
        zone_balance,
        fault_domains,
        region_fault_domains,
        single_placement_group: spg,
        overprovision,
        max_surge,
        budget,
        spot: legality::spot::facts(cx.scenario, resource, profile, cx.problems),
    }
}

fn mode(resource: &Node, at_set: &Span, cx: &mut Context<'_>) -> At<bool> {
    if let Some((at, node)) =
        arm::word(resource, &["properties", "orchestrationMode"], &["Uniform", "Flexible"], cx.problems)
    {
        return At { value: at == 1, span: node.span.clone(), given: true };
    }
    if resource.arm_path(&["properties", "orchestrationMode"]).is_none() {
        let problem = Problem::note(
            "N0302",
            format!("`{}` is taken for a Uniform scale set", resource.name().unwrap_or_default()),
        );
        let help = "the command line makes Flexible sets by default, the API Uniform ones";
        let help = cx.rules.on(rules::OR_02).then(|| help.to_owned());
        cx.problems.push(problem.at(at_set, "has no `orchestrationMode`").maybe_help(help));
    }
    At { value: false, span: at_set.clone(), given: false }
}

fn zones(resource: &Node, at_set: &Span, cx: &mut Context<'_>) -> At<Vec<u8>> {
    if let Some((value, span)) = zone_placement::candidates(resource, cx) {
        return At { value, span, given: false };
    }
    let mut zones = Vec::new();
    for zone in arm::list(resource, &["zones"], cx.problems) {
        match zone.text().and_then(quantity::integer).and_then(|zone| u8::try_from(zone).ok()) {
            Some(number @ 1..=3) if !zones.contains(&number) => zones.push(number),
            _ => {
                let problem =
                    Problem::error("E0110", format!("`{}` is no further zone", zone.text().unwrap_or_default()));
                cx.problems
                    .push(problem.at(&zone.span, "this zone").help("zones are \"1\", \"2\" and \"3\", each once"));
            }
        }
    }
    zones.sort_unstable();
    let node = resource.arm("zones");
    At { value: zones, span: node.map_or(at_set, |node| &node.span).clone(), given: node.is_some() }
}

fn capacity(resource: &Node, at_set: &Span, cx: &mut Context<'_>) -> At<i64> {
    match arm::whole(resource, &["sku", "capacity"], cx.problems) {
        Some((value, node)) => {
            if value < 0 {
                cx.problems.push(
                    Problem::error("E0110", format!("`capacity` is {value}, below 0")).at(&node.span, "this capacity"),
                );
            }
            At { value, span: node.span.clone(), given: true }
        }
        None => {
            if resource.arm_path(&["sku", "capacity"]).is_none() {
                let problem =
                    Problem::error("E0502", format!("`{}` has no `sku.capacity`", resource.name().unwrap_or_default()));
                cx.problems.push(problem.at(at_set, "this scale set").help("write `sku: { name: …, capacity: 3 }`"));
            }
            At { value: 0, span: at_set.clone(), given: false }
        }
    }
}

pub fn windows(profile: &Node, cx: &mut Context<'_>) -> bool {
    if profile.arm_path(&["osProfile", "windowsConfiguration"]).is_some() {
        return true;
    }
    if profile.arm_path(&["osProfile", "linuxConfiguration"]).is_some() {
        return false;
    }
    let disk = arm::word(profile, &["storageProfile", "osDisk", "osType"], &["Linux", "Windows"], cx.problems);
    if let Some((at, _)) = disk {
        return at == 1;
    }
    let publisher = profile.arm_path(&["storageProfile", "imageReference", "publisher"]).and_then(Node::text);
    publisher.is_some_and(|name| name.to_ascii_lowercase().starts_with("microsoftwindows"))
}

/// What keeps the set even; a standby pool is attached later.
fn upkeep(resource: &Node, facts: &SetFacts, cx: &mut Context<'_>) -> Upkeep {
    let zone_percent = zone_placement::cap(resource, facts, cx);
    Upkeep { rebalances: rebalances(resource, facts, cx), zone_percent, ..Upkeep::default() }
}

/// Whether the set is evened out over its zones (ZN-13).
fn rebalances(resource: &Node, facts: &SetFacts, cx: &mut Context<'_>) -> bool {
    let path = ["properties", "resiliencyPolicy", "automaticZoneRebalancingPolicy", "enabled"];
    let Some((true, node)) = arm::switch(resource, &path, cx.problems) else { return false };
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    if facts.zones.value.len() < 2 {
        let message = format!(
            "automatic zone balance needs two zones or more, and `{}` has {}",
            facts.name,
            facts.zones.value.len()
        );
        say.refuse(rules::ZN_13, &node.span, &message, "write `zones: [\"1\", \"2\", \"3\"]`");
    }
    if facts.health_probe.is_none() && facts.health_extension.is_none() {
        let message =
            "automatic zone balance needs a health source: nobody says when a new machine may stand for another";
        say.refuse(rules::ZN_13, &node.span, message, "add an Application Health extension to the model");
    }
    if facts.zone_balance.value {
        let message = "automatic zone balance works beside best effort; strict balance leaves it nothing to do";
        say.warn(rules::ZN_13, &facts.zone_balance.span, message, "write `zoneBalance: false`");
    }
    true
}

/// The IP configurations of the network interfaces.
fn configurations(profile: &Node) -> impl Iterator<Item = &Node> {
    let nics = profile.arm_path(&["networkProfile", "networkInterfaceConfigurations"]).map_or(&[][..], Node::items);
    nics.iter().flat_map(|nic| nic.arm_path(&["properties", "ipConfigurations"]).map_or(&[][..], Node::items))
}

/// The proximity placement group of a set.
fn proximity(resource: &Node, at_set: &Span) -> At<String> {
    let node = resource.arm_path(&["properties", "proximityPlacementGroup"]).and_then(arm::reference);
    At {
        value: node.map(|(id, _)| reference_name(id).to_lowercase()).unwrap_or_default(),
        span: node.map_or(at_set, |(_, node)| &node.span).clone(),
        given: node.is_some(),
    }
}

/// What binds a set to its zones (ZN-12).
fn bound(resource: &Node, profile: &Node) -> Option<(Span, &'static str)> {
    let reserved = profile.arm_path(&["capacityReservation", "capacityReservationGroup"]);
    let hosts = resource.arm_path(&["properties", "hostGroup"]);
    let found =
        reserved.map(|node| (node, "a reservation of capacity")).or(hosts.map(|node| (node, "dedicated hosts")));
    found.map(|(node, what)| (node.span.clone(), what))
}

/// The date of `apiVersion`, where the resource has one.
pub fn api_version(resource: &Node) -> Option<(String, Span)> {
    let node = resource.arm("apiVersion")?;
    Some((node.text()?.get(..10)?.to_owned(), node.span.clone()))
}

pub fn pool_references(profile: &Node, cx: &mut Context<'_>) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for ip in configurations(profile) {
        for node in arm::list(ip, &["properties", "loadBalancerBackendAddressPools"], cx.problems) {
            if let Some((id, node)) = arm::reference(node) {
                found.push((id.to_owned(), node.span.clone()));
            }
        }
    }
    found
}

fn pools(profile: &Node, balancers: &Balancers, cx: &mut Context<'_>) -> Vec<u16> {
    let mut pools = Vec::new();
    for (id, span) in pool_references(profile, cx) {
        if let Some(pool) = balancers.pool(&id, &span, cx)
            && !pools.contains(&pool)
        {
            pools.push(pool);
        }
    }
    pools
}
