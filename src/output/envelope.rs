//! What a plan says of how changes reach its fleet: mode, batches, health, repairs, autoscale, Spot and image, as they were understood.

use windtunnel_sim::plan::{
    Autoscale, Behind, EntryPoint, Environment, HealthSource, HealthVersion, ImageReference, MaxParallel, Phase, Plan,
    PowerAtStart, Present, ProbeProtocol, ProfileWhen, RepairsPolicy, Required, RollingPolicy, ScaleChange,
    ScaleDirection, ScaleInPolicy, ScaleRule, ScaleSet, UpgradeMode,
};
use windtunnel_words::clock::spoken;
use windtunnel_words::describe::condition;
use windtunnel_words::number::count;

/// The lines of one set.
pub fn of_set(plan: &Plan, at: usize) -> Vec<String> {
    let set = &plan.sets[at];
    let mut lines = vec![
        format!("upgrades: {}", upgrades(set)),
        format!("health: {}", health(plan, set)),
        format!("repairs: {}", repairs(set.repairs)),
        format!("image {}", image(plan, set)),
    ];
    lines.extend(start(set).map(|known| format!("at the start: {known}")));
    if set.spot.spot {
        lines.push(format!("Spot: {}", spot(set)));
    }
    let settings = plan.autoscale.iter().filter(|setting| usize::from(setting.set) == at && setting.enabled);
    lines.extend(settings.map(|setting| format!("autoscale: {}", autoscale(plan, setting))));
    lines.extend(deletions(set).map(|deletions| format!("deletions: {deletions}")));
    lines.into_iter().map(|line| format!("{}, {line}", set.name)).collect()
}

/// The lines of what is around the sets: pools with their probes and rules, names, Octopus, agents.
pub fn around(plan: &Plan) -> Vec<String> {
    let mut lines: Vec<String> = (0..plan.pools.len()).filter_map(|at| pool(plan, at)).collect();
    for profile in &plan.profiles {
        let endpoints: Vec<&str> = profile.endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
        let method = profile.method.word();
        lines.push(format!("name {}: {method}, endpoints {}", profile.name, endpoints.join(", ")));
    }
    for door in &plan.front_doors {
        let origins: Vec<&str> = door.origins.iter().map(|origin| origin.name.as_str()).collect();
        let (name, group) = (format!("{}/{}", door.profile, door.endpoint), &door.group);
        lines.push(format!("name {name}, route {}: group {group}, origins {}", door.route, origins.join(", ")));
    }
    for pool in &plan.agent_pools {
        let set = &plan.sets[usize::from(pool.set)].name;
        let streams: Vec<&str> = pool.jobs.iter().map(|stream| stream.name.as_str()).collect();
        let jobs = if streams.is_empty() { "none".to_owned() } else { streams.join(", ") };
        let (idle, most) = (pool.desired_idle, pool.max_capacity);
        lines.push(format!("agent pool {}: {set}, {idle} on standby, {most} at most, jobs: {jobs}", pool.name));
    }
    for group in &plan.octopus.targets {
        let (set, place) = (&plan.sets[usize::from(group.set)].name, &plan.octopus.places[usize::from(group.place)]);
        lines.push(format!("deployment targets {}: {set}, {}", group.name, place.name()));
    }
    for of in &plan.octopus.lifecycles {
        let phases: Vec<String> = of.phases.iter().map(|phase| in_phase(plan, phase)).collect();
        lines.push(format!("lifecycle {}: {}", of.name, phases.join(" → ")));
    }
    for project in &plan.octopus.projects {
        let steps: Vec<&str> = project.steps.iter().map(|step| step.name.as_str()).collect();
        lines.push(format!("project {}: {}", project.name, steps.join(" → ")));
    }
    for pipeline in &plan.pipelines {
        let code = |code: u16| plan.application.releases.get(usize::from(code)).map_or("?", String::as_str);
        let deployed =
            pipeline.deployed.map_or("not deployed at first".to_owned(), |of| format!("{} at first", code(of)));
        let to =
            pipeline.environment.as_ref().map_or(String::new(), |of| format!(" to an environment, {}", at_once(of)));
        lines.push(format!("pipeline {}: installs {}{to}, {deployed}", pipeline.name, code(pipeline.installs)));
    }
    lines
}

/// A phase of a lifecycle: its environments, and what a release needs to go on.
fn in_phase(plan: &Plan, phase: &Phase) -> String {
    let name = |place: &u16| plan.octopus.places[usize::from(*place)].name();
    let manual = phase.manual.iter().map(name);
    let automatic = phase.automatic.iter().map(|place| format!("{} automatically", name(place)));
    let places: Vec<String> = manual.chain(automatic).collect();
    let required = match phase.required {
        Required::All => String::new(),
        Required::Minimum(least) => format!(", a minimum of {least}"),
        Required::Nothing => ", optional".to_owned(),
    };
    format!("{} ({}{required})", phase.name, places.join(", "))
}

/// To how many machines of an environment at once.
fn at_once(of: &Environment) -> String {
    match of.max_parallel {
        MaxParallel::Count(count) => format!("{count} at once"),
        MaxParallel::Percent(percent) => format!("{percent} % at once"),
    }
}

/// A pool, with the rules or listeners that lead to it and its probe. The other instances of a gateway probe as its first does.
fn pool(plan: &Plan, at: usize) -> Option<String> {
    let pool = &plan.pools[at];
    let (by, what) = match pool.prober.gateway() {
        Some(of) if of.instance > 0 => return None,
        Some(_) => (", by each of its instances", "listener"),
        None => ("", "rule"),
    };
    let probe = pool.probe.as_ref().map_or("no probe".to_owned(), |probe| {
        let path = &plan.application.endpoints[probe.endpoint as usize].path;
        let threshold = match probe.threshold {
            1 => ", one failure takes a backend out".to_owned(),
            n => format!(", {n} failures in a row take a backend out"),
        };
        format!("{:?} probe {path} every {}{threshold}", probe.protocol, spoken(probe.interval))
    });
    // Names and addresses lead here by a rule of the balancer, which is named itself.
    let is_rule = |entry: &&EntryPoint| entry.resource == pool.balancer && !entry.is_address;
    let leads =
        |entry: &&EntryPoint| is_rule(entry) && matches!(entry.behind, Behind::Pool(of) if usize::from(of) == at);
    // A part of a listener is called after it, `listener#0`.
    let names = plan.entry_points.iter().filter(leads).map(|entry| entry.name.split('#').next().unwrap_or_default());
    let rules: Vec<&str> = names.collect();
    let leads = match &rules[..] {
        [] => format!(", no {what}"),
        [one] => format!(", {what} {one}"),
        all => format!(", {what}s {}", all.join(", ")),
    };
    Some(format!("pool {} of {}{leads}: {probe}{by}", pool.name, pool.balancer))
}

/// The numbers of a rolling upgrade.
pub(super) fn batches(policy: &RollingPolicy) -> String {
    format!(
        "batches of {} %, pause {}, at most {} % unhealthy and {} % of the upgraded",
        policy.max_batch_percent,
        spoken(policy.pause),
        policy.max_unhealthy_percent,
        policy.max_unhealthy_upgraded_percent
    )
}

fn upgrades(set: &ScaleSet) -> String {
    let policy = set.upgrade.rolling;
    match set.upgrade.mode {
        UpgradeMode::Manual => "Manual, so a change of the model reaches only what is upgraded by name".to_owned(),
        UpgradeMode::Automatic => "Automatic, so a change of the model reaches all instances at once".to_owned(),
        UpgradeMode::Rolling => {
            let mut text = format!("Rolling, {}", batches(&policy));
            for (is_on, what) in [
                (policy.max_surge, "with surge"),
                (policy.cross_zone, "across zones"),
                (policy.prioritize_unhealthy, "unhealthy ones first"),
                (policy.rollback_on_breach, "rolled back on a breach"),
            ] {
                if is_on {
                    text += ", ";
                    text += what;
                }
            }
            if set.upgrade.rolling_given { text } else { format!("{text} (Azure's defaults)") }
        }
    }
}

fn path(plan: &Plan, protocol: ProbeProtocol, endpoint: u16) -> String {
    format!("{protocol:?} {}", plan.application.endpoints[usize::from(endpoint)].path).trim_end().to_owned()
}

fn health(plan: &Plan, set: &ScaleSet) -> String {
    match (set.profile.health_source, &set.profile.health_extension) {
        (HealthSource::None, _) => "no source, so only power and provisioning are known".to_owned(),
        (HealthSource::Conflict, _) => "an extension and a probe, which disable repairs and OS upgrades".to_owned(),
        (HealthSource::Probe(pool), _) => {
            let pool = &plan.pools[usize::from(pool)];
            let probe = pool.probe.as_ref().map_or_else(String::new, |probe| {
                format!(", {} every {}", path(plan, probe.protocol, probe.endpoint), spoken(probe.interval))
            });
            format!("the load balancer's probe of {}/{}{probe}", pool.balancer, pool.name)
        }
        (HealthSource::Extension, None) => "the health extension".to_owned(),
        (HealthSource::Extension, Some(extension)) => {
            let states = match extension.version {
                HealthVersion::Binary => "two states",
                HealthVersion::Rich => "four states",
            };
            let asks = extension.protocol.map_or_else(
                || "asks nothing, so it always reports Healthy".to_owned(),
                |protocol| path(plan, protocol, extension.endpoint),
            );
            let grace = extension.grace.map_or_else(String::new, |grace| format!(", grace {}", spoken(grace)));
            format!(
                "the health extension of {states}, {asks} every {}, {} to change{grace}",
                spoken(extension.interval),
                count(extension.probes as usize, "answer"),
            )
        }
    }
}

fn repairs(policy: Option<RepairsPolicy>) -> String {
    match policy.filter(|policy| policy.enabled) {
        None => "none".to_owned(),
        Some(policy) => {
            let suspended = if policy.suspended { ", suspended at the start" } else { "" };
            format!("by {} after {}{suspended}", policy.action.word(), spoken(policy.grace))
        }
    }
}

/// The image reference, and what will bring a set to another version.
fn image(plan: &Plan, set: &ScaleSet) -> String {
    let name = plan.reference_name(set.image);
    if name == "unnamed" {
        return "is not given: taken as one version, which only a change of the model moves".to_owned();
    }
    let moves = match (set.image, set.upgrade.os.enabled) {
        (ImageReference::Version(_), true) => {
            "names a version, so automatic OS upgrade has nothing to move to; a change of the model moves it"
        }
        (ImageReference::Version(_), false) => "names a version; only a change of the model moves it",
        (_, true) => "automatic OS upgrade moves it when a version is published",
        (_, false) => {
            "new instances get the latest version; those that run keep theirs until they are upgraded or reimaged"
        }
    };
    format!("{name}: {moves}")
}

/// What is known of the instances that are there when a run begins.
fn start(set: &ScaleSet) -> Option<String> {
    let known = &set.start.instances;
    if known.is_empty() {
        return None;
    }
    let of = |is: &dyn Fn(&Present) -> bool, what: &str| {
        let found: Vec<u32> = known.iter().filter(|one| is(one)).map(|one| one.ordinal).collect();
        let list: Vec<String> = found.iter().map(u32::to_string).collect();
        match found.len() {
            0 => None,
            1..=3 => Some(format!("{what}: {}", list.join(", "))),
            n => Some(format!("{what}: {n}")),
        }
    };
    let power = |power: PowerAtStart| move |one: &Present| one.power == power;
    let zones = set.zones.iter().map(|&zone| known.iter().filter(|one| one.zone == Some(zone)).count().to_string());
    let zones: Vec<String> = zones.collect();
    let zones = (!zones.is_empty()).then(|| format!("{} by zone", zones.join("/")));
    let parts = [
        Some(format!("{} of {} as listed", known.len(), count(set.capacity as usize, "instance"))),
        zones,
        of(&|one| one.model.is_some(), "of an earlier model"),
        of(&power(PowerAtStart::Deallocated), "deallocated"),
        of(&power(PowerAtStart::Stopped), "stopped"),
        of(&|one| one.unhealthy, "unhealthy"),
        of(&|one| one.protect_from_scale_in, "protected from scale-in"),
        of(&|one| one.protect_from_scale_set_actions, "protected from actions on the set"),
    ];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

fn spot(set: &ScaleSet) -> String {
    let policy = &set.spot;
    let price = policy.max_price.map_or_else(String::new, |price| format!(", at most {price} an hour"));
    let restore =
        policy.restore.map_or_else(String::new, |time| format!(", tried to be restored for {}", spoken(time)));
    let mix = policy
        .mix
        .map_or_else(String::new, |mix| format!(", {} regular and {} % of the rest regular", mix.base, mix.percent));
    format!("evicted by {}{price}{restore}{mix}", policy.eviction.word())
}

/// So many rules of a profile are named, and above that counted.
const RULES_MOST: usize = 4;

fn autoscale(plan: &Plan, setting: &Autoscale) -> String {
    let profile = |profile: &windtunnel_sim::plan::ScaleProfile| {
        let when = if profile.when == ProfileWhen::Default { String::new() } else { format!("in `{}` ", profile.name) };
        let rules = match profile.rules.len() {
            0 => "no rule".to_owned(),
            1..=RULES_MOST => profile.rules.iter().map(|of| rule(plan, of)).collect::<Vec<_>>().join(", "),
            n => count(n, "rule"),
        };
        format!("{when}{} to {} instances, {rules}", profile.minimum, profile.maximum)
    };
    let profiles: Vec<String> = setting.profiles.iter().map(profile).collect();
    let predictive = if setting.predictive.is_some() { "; predictive" } else { "" };
    format!("{}{predictive}", profiles.join("; "))
}

/// A rule: when it fires, what it does, and how long nothing is done after that.
fn rule(plan: &Plan, rule: &ScaleRule) -> String {
    let sign = match rule.direction {
        ScaleDirection::Increase => "+",
        ScaleDirection::Decrease => "−",
        ScaleDirection::None => "±",
    };
    let change = match rule.change {
        ScaleChange::Count(n) => format!("{sign}{n}"),
        ScaleChange::Percent(n) => format!("{sign}{n} %"),
        ScaleChange::Exact(n) => format!("to {n}"),
        ScaleChange::NextAllowed => format!("{sign}1"),
    };
    let (window, cooldown) = (spoken(rule.trigger.window), spoken(rule.cooldown));
    format!("{change} at {} over {window} (cooldown {cooldown})", condition(plan, rule))
}

/// Who goes first, and how long guests are notified before.
fn deletions(set: &ScaleSet) -> Option<String> {
    let by = (set.scale_in != ScaleInPolicy::Default).then(|| format!("{} first", set.scale_in.word()));
    let unhealthy = set.unhealthy_first.then(|| "unhealthy ones first".to_owned());
    let forced = set.force_deletion.then(|| "forced".to_owned());
    let notice = set.profile.terminate.map(|time| format!("guests are notified {} before", spoken(time)));
    let parts: Vec<String> = [by, unhealthy, forced, notice].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
