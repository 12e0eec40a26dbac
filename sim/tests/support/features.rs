//! What a scenario does and has that no fact names: the acts of its timeline, and what its plan says.

use super::kinds::{Sources, word};
use std::collections::BTreeSet;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{
    Act, Action, BalancingRule, Change, Connections, Customizer, EntryPoint, GatewayPart, HealthSource, ImageBuilder,
    Of, Plan, PowerAtStart, Present, PriceList, Project, Right, ScaleRule, Step, StepKind, Tier, Users, VmProfile,
};

/// Acts that a value distinguishes: the variant of `Act`, and the enum of its value.
const TOLD_APART: &[(&str, &str)] = &[
    ("Power", "PowerAct"),
    ("Disturb", "Disturbance"),
    ("Maintain", "MaintenanceKind"),
    ("SetRepairs", "ServiceCall"),
];

/// The name of an act, as `acts` lists it.
fn act(act: &Act) -> String {
    let inner = match act {
        Act::Power { how, .. } => format!("{how:?}"),
        Act::Disturb { how, .. } => format!("{how:?}"),
        Act::Maintain(work) => format!("{:?}", work.kind),
        Act::SetRepairs { call, .. } => format!("{call:?}"),
        Act::Spot(what) => format!("{what:?}"),
        Act::Guest(what) => format!("{what:?}"),
        Act::Gallery(what) => format!("{what:?}"),
        Act::Octopus(what) => format!("{what:?}"),
        _ => String::new(),
    };
    let outer = format!("{act:?}");
    let name = format!("Act.{}.{}", word(&outer), word(&inner));
    name.trim_end_matches('.').to_owned()
}

/// All acts that there are.
fn acts(sources: &Sources) -> Vec<String> {
    let mut all = Vec::new();
    for name in sources.names("Act") {
        match TOLD_APART.iter().find(|(act, _)| *act == name) {
            Some((_, of)) => all.extend(sources.names(of).iter().map(|inner| format!("Act.{name}.{inner}"))),
            None => all.push(format!("Act.{name}")),
        }
    }
    all
}

/// The values of an enum that are in a plan, each as `Debug` writes it.
type Values = fn(&Plan) -> Vec<String>;

fn each<T: std::fmt::Debug>(all: impl Iterator<Item = T>) -> Vec<String> {
    all.map(|one| format!("{one:?}")).collect()
}

fn projects(plan: &Plan) -> impl Iterator<Item = &Project> {
    plan.octopus.projects.iter()
}

fn of_targets(project: &Project) -> Vec<Of> {
    let of = |step: &Step| match &step.what {
        StepKind::Targets(on) => Some(on.of),
        StepKind::Child(child) => Some(child.of),
        StepKind::HealthCheck { .. } | StepKind::Provision(_) => None,
    };
    project.steps.iter().filter_map(of).collect()
}

/// The enums whose every variant is to come up in plans.
const ENUMS: &[(&str, Values)] = &[
    ("OrchestrationMode", |plan| each(plan.sets.iter().map(|set| set.mode))),
    ("ScaleInPolicy", |plan| each(plan.sets.iter().map(|set| set.scale_in))),
    ("HealthSource", |plan| each(profiles(plan).map(|profile| profile.health_source))),
    ("HealthVersion", |plan| each(profiles(plan).filter_map(|p| Some(p.health_extension.as_ref()?.version)))),
    ("ImageReference", |plan| each(plan.sets.iter().map(|set| set.image))),
    ("UpgradeMode", |plan| each(plan.sets.iter().map(|set| set.upgrade.mode))),
    ("RepairAction", |plan| each(plan.sets.iter().filter_map(|set| Some(set.repairs?.action)))),
    ("EvictionPolicy", |plan| each(plan.sets.iter().filter(|set| set.spot.spot).map(|set| set.spot.eviction))),
    ("StandbyState", |plan| each(plan.sets.iter().filter_map(|set| Some(set.upkeep.standby.as_ref()?.state)))),
    ("ProbeProtocol", |plan| each(plan.pools.iter().filter_map(|pool| Some(pool.probe.as_ref()?.protocol)))),
    ("Distribution", |plan| each(entered(plan).map(|(rule, _)| rule.distribution))),
    ("Connections", |plan| each(entered(plan).map(|(_, connections)| connections))),
    ("Trigger", |plan| each(plan.pipelines.iter().map(|pipeline| pipeline.trigger))),
    ("TriggerOn", |plan| each(projects(plan).filter_map(|project| Some(project.trigger?.on)))),
    ("GuidedAnswer", |plan| each(projects(plan).filter_map(|project| Some(project.guided?.answer)))),
    ("Condition", |plan| each(projects(plan).flat_map(|project| project.steps.iter().map(|step| step.condition)))),
    ("Of", |plan| each(projects(plan).flat_map(of_targets))),
    ("Registration", |plan| each(plan.octopus.targets.iter().map(|group| group.by))),
    ("TargetName", |plan| each(plan.octopus.targets.iter().map(|group| group.naming))),
    ("Calamari", |plan| each(plan.octopus.policies.iter().map(|policy| policy.calamari))),
    ("Availability", |plan| each(plan.images.iter().map(|image| &image.version.availability))),
    ("Versioning", |plan| each(plan.builders.iter().map(|builder| builder.versioning))),
    ("Failing", |plan| each(steps(plan).map(|step| step.failure))),
    ("CustomizerKind", |plan| each(steps(plan).map(|step| step.kind))),
    ("Output", |plan| each(plan.builders.iter().map(|builder| builder.more.output))),
    ("Right", |plan| {
        let lacks =
            |builder: &ImageBuilder| (!builder.writes_images).then_some(Right::WriteImages).or(builder.more.lacks);
        each(plan.builders.iter().filter_map(lacks))
    }),
    ("RoutingMethod", |plan| each(plan.profiles.iter().map(|profile| profile.method))),
    ("Judging", |plan| {
        let edges = plan.front_doors.iter().map(|of| &of.monitor);
        each(plan.profiles.iter().map(|of| &of.monitor).chain(edges).map(|monitor| monitor.judging))
    }),
    ("LeadsTo", |plan| each(plan.profiles.iter().flat_map(|of| &of.endpoints).map(|endpoint| endpoint.target))),
    ("ScaleDirection", |plan| each(scale_rules(plan).map(|rule| rule.direction))),
    ("ScaleChange", |plan| each(scale_rules(plan).map(|rule| rule.change))),
    ("ProfileWhen", |plan| each(plan.autoscale.iter().flat_map(|a| &a.profiles).map(|profile| &profile.when))),
    ("Statistic", |plan| each(scale_rules(plan).map(|rule| rule.trigger.statistic))),
    ("Aggregation", |plan| each(scale_rules(plan).map(|rule| rule.trigger.aggregation))),
    ("Operator", |plan| each(scale_rules(plan).map(|rule| rule.trigger.operator))),
    ("MaxParallel", |plan| each(plan.pipelines.iter().filter_map(|p| Some(p.environment.as_ref()?.max_parallel)))),
    ("Metric", |plan| each(scale_rules(plan).map(|rule| rule.trigger.metric))),
];

/// What gateways there are.
fn parts(plan: &Plan) -> impl Iterator<Item = GatewayPart> {
    plan.entry_points.iter().filter_map(|entry| entry.gateway)
}

/// What the writes of a plan change.
fn changes(plan: &Plan) -> impl Iterator<Item = &Change> {
    let writes = plan.timeline.iter().filter_map(|action| match &action.what {
        Act::Write(write) => Some(write),
        _ => None,
    });
    writes.flat_map(|write| &write.outcomes).flat_map(|of| &of.changes)
}

fn profiles(plan: &Plan) -> impl Iterator<Item = &VmProfile> {
    plan.sets.iter().map(|set| &set.profile)
}

/// The rules that users enter by, and how they connect.
fn entered(plan: &Plan) -> impl Iterator<Item = (&BalancingRule, Connections)> {
    plan.entry_points.iter().filter_map(|entry| Some((&entry.rule, entry.traffic.as_ref()?.connections)))
}

/// Whether users enter by two rules of which this holds.
fn several(plan: &Plan, of: impl Fn(&EntryPoint, &EntryPoint) -> bool) -> bool {
    let used: Vec<&EntryPoint> =
        plan.entry_points.iter().filter(|of| of.traffic.is_some() && of.pool().is_some() && of.is_root()).collect();
    used.iter().enumerate().any(|(at, a)| used[at + 1..].iter().any(|b| of(a, b)))
}

fn is_one_pool(plan: &Plan, a: &EntryPoint, b: &EntryPoint) -> bool {
    let name = |entry: &EntryPoint| {
        let pool = entry.pool().map(|pool| &plan.pools[pool.index()]);
        pool.map(|pool| (pool.balancer.clone(), pool.name.clone()))
    };
    name(a) == name(b)
}

fn users(plan: &Plan) -> impl Iterator<Item = Option<Users>> {
    plan.entry_points.iter().filter_map(|entry| Some(entry.traffic.as_ref()?.users))
}

fn steps(plan: &Plan) -> impl Iterator<Item = &Customizer> {
    plan.builders.iter().flat_map(|builder| &builder.customizers)
}

fn scale_rules(plan: &Plan) -> impl Iterator<Item = &ScaleRule> {
    plan.autoscale.iter().flat_map(|setting| &setting.profiles).flat_map(|profile| &profile.rules)
}

/// Whether a plan has something.
type Is = fn(&Plan) -> bool;

/// What is there or not.
const SWITCHES: &[(&str, Is)] = &[
    ("idle timeout beyond 4 minutes", |plan| entered(plan).any(|(rule, _)| rule.idle_timeout.ms() > 240_000)),
    ("TCP reset", |plan| entered(plan).any(|(rule, _)| rule.tcp_reset)),
    ("no TCP reset", |plan| entered(plan).any(|(rule, _)| !rule.tcp_reset)),
    ("users that come back", |plan| users(plan).any(|users| users.is_some())),
    ("two rules by one probe", |plan| several(plan, |a, b| a.behind == b.behind)),
    ("two probes of a pool", |plan| several(plan, |a, b| a.behind != b.behind && is_one_pool(plan, a, b))),
    ("a rule that a write leads elsewhere", |plan| {
        plan.entry_points.iter().any(|of| !of.later.is_empty() && !of.is_address && of.gateway.is_none())
    }),
    ("a listener that a write leads elsewhere", |plan| {
        plan.entry_points.iter().any(|of| !of.later.is_empty() && of.gateway.is_some())
    }),
    ("an address that moves", |plan| plan.entry_points.iter().any(|of| of.is_address && !of.later.is_empty())),
    ("a model with other pools", |plan| {
        plan.timeline.iter().any(|action| action.what.change().is_some_and(|change| change.pools.is_some()))
    }),
    ("a gateway of v1", |plan| parts(plan).any(|part| part.tier == Tier::V1)),
    ("a gateway of v2", |plan| parts(plan).any(|part| part.tier == Tier::V2)),
    ("a gateway of several instances", |plan| parts(plan).any(|part| part.instances > 1)),
    ("a text that the probe of a gateway looks for", |plan| {
        plan.pools.iter().any(|pool| pool.prober.gateway().is_some_and(|of| !of.text.is_empty()))
    }),
    ("a setting of a gateway that a write changes", |plan| {
        let is = |change: &Change| matches!(change, Change::Probe { prober, .. } if prober.gateway().is_some());
        let write = |action: &Action| match &action.what {
            Act::Write(of) => of.outcomes.iter().flat_map(|outcome| &outcome.changes).any(is),
            _ => false,
        };
        plan.timeline.iter().any(write)
    }),
    ("a gateway whose count a write changes", |plan| {
        changes(plan).any(|change| matches!(change, Change::Gateway { .. }))
    }),
    ("a gateway with a cookie", |plan| parts(plan).any(|part| part.cookie)),
    ("web sockets through a gateway", |plan| entered(plan).any(|(_, of)| of == Connections::WebSocket)),
    ("answers by who is asked", |plan| !plan.application.who.is_empty()),
    ("a set in pools of two balancers", |plan| {
        let balancer = |pool: &u16| &plan.pools[usize::from(*pool)].balancer;
        plan.sets.iter().any(|set| set.pools.iter().any(|pool| balancer(pool) != balancer(&set.pools[0])))
    }),
    ("a second probe as health source", |plan| {
        let named =
            |pool: u16| plan.pools[usize::from(pool)].probe.as_ref().is_some_and(|probe| probe.name == "probe-2");
        profiles(plan).any(|of| matches!(of.health_source, HealthSource::Probe(pool) if named(pool)))
    }),
    ("agents that are recycled", |plan| plan.agent_pools.iter().any(|pool| pool.recycle)),
    ("agents that are reused", |plan| plan.agent_pools.iter().any(|pool| !pool.recycle)),
    ("agents that are saved", |plan| plan.agent_pools.iter().any(|pool| pool.max_saved > 0)),
    ("jobs of agents", |plan| plan.agent_pools.iter().any(|pool| !pool.jobs.is_empty())),
    ("an environment that drains", |plan| {
        plan.pipelines.iter().any(|p| p.environment.as_ref().is_some_and(|environment| environment.drains))
    }),
    ("users of a name in two places", |plan| plan.profiles.iter().any(|of| of.users.len() > 1)),
    ("a name without a TTL", |plan| plan.profiles.iter().any(|of| of.ttl.ms() == 0)),
    ("a name that is written", |plan| changes(plan).any(|change| matches!(change, Change::Profile { .. }))),
    ("a setting that is written", |plan| changes(plan).any(|change| matches!(change, Change::Setting { .. }))),
    ("a disabled name", |plan| plan.profiles.iter().any(|of| !of.enabled)),
    ("an endpoint that always serves", |plan| {
        plan.profiles.iter().any(|of| of.endpoints.iter().any(|e| e.always_serve))
    }),
    ("two routes of Front Door", |plan| plan.front_doors.len() > 1),
    ("users at two edges", |plan| plan.front_doors.iter().any(|of| of.users.len() > 1)),
    ("an origin that is alone", |plan| plan.front_doors.iter().any(|of| of.origins.len() == 1)),
    ("an origin that is a gateway", |plan| {
        let gateway = |to: &u16| plan.entry_points[usize::from(*to)].gateway.is_some();
        plan.front_doors.iter().flat_map(|of| &of.origins).any(|origin| gateway(&origin.to))
    }),
    ("strict zone balance", |plan| plan.sets.iter().any(|set| set.zone_balance)),
    ("known instances", |plan| plan.sets.iter().any(|set| !set.start.instances.is_empty())),
    ("earlier models", |plan| plan.sets.iter().any(|set| !set.start.earlier.is_empty())),
    ("instances that are off at the start", |plan| known(plan, |known| known.power != PowerAtStart::Running)),
    ("instances that are unhealthy at the start", |plan| {
        known(plan, |known| known.unhealthy && known.power == PowerAtStart::Running)
    }),
    ("automatic zone balance", |plan| plan.sets.iter().any(|set| set.upkeep.rebalances)),
    ("automatic zone placement", |plan| plan.sets.iter().any(|set| set.upkeep.zone_percent.is_some())),
    ("a regional set over fault domains", |plan| {
        plan.sets.iter().any(|set| set.zones.is_empty() && set.fault_domains > 1)
    }),
    ("overprovisioning", |plan| plan.sets.iter().any(|set| set.overprovision)),
    ("no extensions on surplus", |plan| plan.sets.iter().any(|set| set.skip_extensions_on_surplus)),
    ("the unhealthy go first", |plan| plan.sets.iter().any(|set| set.unhealthy_first)),
    ("force deletion", |plan| plan.sets.iter().any(|set| set.force_deletion)),
    ("resilient create", |plan| plan.sets.iter().any(|set| set.resilient_create)),
    ("resilient delete", |plan| plan.sets.iter().any(|set| set.resilient_delete)),
    ("MaxSurge", |plan| plan.sets.iter().any(|set| set.upgrade.rolling.max_surge)),
    ("cross-zone upgrade", |plan| plan.sets.iter().any(|set| set.upgrade.rolling.cross_zone)),
    ("roll-back on breach", |plan| plan.sets.iter().any(|set| set.upgrade.rolling.rollback_on_breach)),
    ("the unhealthy are upgraded first", |plan| plan.sets.iter().any(|set| set.upgrade.rolling.prioritize_unhealthy)),
    ("automatic OS upgrade", |plan| plan.sets.iter().any(|set| set.upgrade.os.enabled)),
    ("OS roll-back disabled", |plan| plan.sets.iter().any(|set| set.upgrade.os.disable_rollback)),
    ("OS upgrades by the rolling policy", |plan| plan.sets.iter().any(|set| set.upgrade.os.use_rolling_policy)),
    ("deferral", |plan| plan.sets.iter().any(|set| set.upgrade.os.deferral)),
    ("maintenance windows", |plan| !plan.os_upgrades.maintenance.is_empty()),
    ("phases of regions", |plan| !plan.os_upgrades.phases.is_empty()),
    ("OS image notification", |plan| profiles(plan).any(|profile| profile.os_image.is_some())),
    ("terminate notification", |plan| profiles(plan).any(|profile| profile.terminate.is_some())),
    ("custom data", |plan| profiles(plan).any(|profile| profile.custom_data.is_some())),
    ("automatic extension upgrade", |plan| profiles(plan).any(|p| p.extensions.iter().any(|one| one.automatic))),
    ("extensions in an order", |plan| profiles(plan).any(|p| p.extensions.iter().any(|one| !one.after.is_empty()))),
    ("a maximum price", |plan| plan.sets.iter().any(|set| set.spot.max_price.is_some())),
    ("restoring of Spot instances", |plan| plan.sets.iter().any(|set| set.spot.restore.is_some())),
    ("a mix of priorities", |plan| plan.sets.iter().any(|set| set.spot.mix.is_some())),
    ("repairs that are suspended", |plan| plan.sets.iter().any(|set| set.repairs.is_some_and(|r| r.suspended))),
    ("a quota", |plan| plan.regions.iter().any(|region| region.quota.total.is_some())),
    ("a region with no room", |plan| plan.regions.iter().any(|region| region.free.iter().any(Option::is_some))),
    ("jobs", |plan| plan.application.jobs.is_some()),
    ("guests that listen to events", |plan| plan.application.events.is_some()),
    ("what wears out", |plan| {
        let releases = plan.application.flaws.iter().map(|flaw| flaw.degrades);
        releases.chain(plan.images.iter().map(|image| image.degrades)).any(|one| one.is_some())
    }),
    ("an end of life", |plan| plan.images.iter().any(|image| image.version.end_of_life.is_some())),
    ("no deletion before the end of life", |plan| {
        plan.images.iter().any(|image| image.version.block_deletion_before_end_of_life)
    }),
    ("no deletion of what is replicated", |plan| {
        plan.images.iter().any(|image| !image.version.allow_deletion_of_replicated)
    }),
    ("shallow replication", |plan| plan.images.iter().any(|image| image.version.shallow)),
    ("a specialized definition", |plan| plan.gallery.iter().any(|one| one.specialized)),
    ("validation for Trusted Launch", |plan| plan.gallery.iter().any(|one| one.validated)),
    ("soft delete", |plan| plan.gallery.iter().any(|one| one.soft_delete.is_some())),
    ("validators", |plan| plan.builders.iter().any(|builder| !builder.validators.is_empty())),
    ("distribution in spite of a validator", |plan| plan.builders.iter().any(|builder| builder.continue_on_failure)),
    ("VM boot optimization", |plan| plan.builders.iter().any(|builder| builder.optimize)),
    ("onCustomizerError abort", |plan| plan.builders.iter().any(|builder| builder.more.keeps_on_customizer_error)),
    ("onValidationError abort", |plan| plan.builders.iter().any(|builder| builder.more.keeps_on_validation_error)),
    ("autoRun", |plan| plan.builders.iter().any(|builder| builder.more.auto_run.is_some())),
    ("a template far from its definition", |plan| plan.builders.iter().any(|builder| builder.more.far)),
    ("predictive autoscale", |plan| plan.autoscale.iter().any(|setting| setting.predictive.is_some())),
    ("a history", |plan| plan.history.length.ms() > 0),
    ("prices of its own", |plan| plan.bill.prices != PriceList::default()),
    ("disks that are billed", |plan| plan.bill.disks.iter().any(Option::is_some)),
    ("a second set", |plan| plan.sets.len() > 1),
    ("a set in a second region", |plan| plan.sets.iter().any(|set| set.region > 0)),
];

/// What a scenario does and has.
pub fn of(plan: &Plan) -> BTreeSet<String> {
    let taken = plan.timeline.iter().filter(|action| action.at <= plan.horizon || action.at == SimTime::FAR);
    let faults = plan.faults.iter().map(|fault| &fault.what);
    let mut all: BTreeSet<String> = taken.map(|action| &action.what).chain(faults).map(act).collect();
    for (of, values) in ENUMS {
        all.extend(values(plan).iter().map(|value| format!("{of}.{}", word(value))));
    }
    all.extend(SWITCHES.iter().filter(|(_, is)| is(plan)).map(|(name, _)| (*name).to_owned()));
    all
}

/// All that a scenario could do and have.
pub fn all() -> Vec<String> {
    let sources = Sources::read(&["plan.rs", "plan"]);
    let mut all = acts(&sources);
    for (of, _) in ENUMS {
        all.extend(sources.names(of).iter().map(|value| format!("{of}.{value}")));
    }
    all.extend(SWITCHES.iter().map(|(name, _)| (*name).to_owned()));
    all
}

fn known(plan: &Plan, is: fn(&Present) -> bool) -> bool {
    plan.sets.iter().flat_map(|set| &set.start.instances).any(is)
}
