//! What a draft has to know of a fleet: its sets with their images, where users come in, and who asks the application what.

use super::as_written;
use crate::arm::shape;
use crate::load::Loaded;
use crate::scenario::lower::shortest_name;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use windtunnel_sim::plan::{
    Autoscale, Behind, HealthVersion, ImageReference, LeadsTo, Metric, Monitor, Number, Operator, Plan, Pool,
    ProbeProtocol, ProfileWhen, RoutingMethod, ScaleRule, ScaleSet,
};
use windtunnel_sim::world::entry_points::Target;
use windtunnel_sim::world::ids::{EntryPointId, PoolId};
use windtunnel_words::clock::spoken;

/// What one instance is taken to serve, in requests a second.
pub const CAPACITY_RPS: f64 = 100.0;
/// How much of the capacity is used where no rule of autoscale says.
const USED: f64 = 0.6;
/// The number of a version that a model calls `latest`.
const FIRST: Number = Number([1, 0, 0]);

/// A scale set of a draft.
#[derive(Clone, Debug)]
pub struct DraftSet {
    /// Its name.
    pub name: String,
    /// By which a policy or an overlay means it.
    pub key: String,
    /// Of all sets the one that most users depend on.
    pub is_main: bool,
    /// Its image, where it has one that another can follow.
    pub image: Option<DraftImage>,
    /// The keys of `application.endpoints` that somebody asks it: `tcp`, `/healthz`.
    pub paths: Vec<String>,
    /// Its health extension wants to read a state of health in the answer.
    pub rich: bool,
    /// Where its users come in, among the entries of the draft.
    pub entries: Vec<usize>,
}

/// The image of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftImage {
    /// Its name under `images`.
    pub image: String,
    /// The version that runs.
    pub current: String,
    /// One that is newer.
    pub next: String,
    /// The model names no version, and takes what is latest.
    pub follows: bool,
    /// It is a platform image, by publisher, offer and SKU.
    pub is_platform: bool,
}

/// Where users come in.
#[derive(Clone, Debug)]
pub struct DraftEntry {
    /// Its name under `traffic`.
    pub key: String,
    /// The rules that lead here, where there are several.
    pub rules: Vec<String>,
    /// What users send.
    pub rps: f64,
    /// The sets that answer.
    pub sets: Vec<usize>,
    /// A name that leads here, by which the users come.
    pub by_name: Option<String>,
}

/// A path that is asked for, and who asks.
pub struct Asked {
    /// `tcp`, or the path.
    pub key: String,
    /// Who asks.
    pub by: Vec<String>,
    /// The status that all who ask take for good.
    pub good: u16,
    /// Somebody reads a state of health in the answer.
    pub rich: bool,
    /// The texts that somebody looks for in the answer.
    pub texts: Vec<String>,
}

/// Somebody who asks the application.
struct Asking {
    endpoint: u16,
    who: String,
    /// The ranges of statuses that are good; none where 200 alone is.
    good: Vec<(u16, u16)>,
    rich: bool,
    text: String,
}

/// The facts of a fleet.
pub struct Fleet<'a> {
    /// The plan of the files alone.
    pub plan: &'a Plan,
    /// Their resources in normal form.
    pub resources: Vec<&'a Value>,
    /// The sets.
    pub sets: Vec<DraftSet>,
    /// The entry points.
    pub entries: Vec<DraftEntry>,
    /// What the application is asked.
    pub asked: Vec<Asked>,
    /// The images with the versions that run and the next, by name.
    pub images: BTreeMap<String, Versions>,
    /// What one instance serves, in requests a second: guessed, or what its user wrote.
    pub each_rps: f64,
}

/// What a model means by its image.
struct Reference {
    image: String,
    /// The version that it names, as a number and as it spells it; none where it takes the latest.
    number: Option<(Number, String)>,
    is_platform: bool,
}

/// The versions of an image.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    /// Those that models name, as they spell them, and the one that `latest` is.
    pub current: BTreeMap<Number, String>,
    /// A set takes what is latest.
    pub is_followed: bool,
}

impl Versions {
    /// The one that comes next.
    #[must_use]
    pub fn next(&self) -> Number {
        let Number([major, minor, patch]) = self.current.last_key_value().map_or(FIRST, |(number, _)| *number);
        patch.checked_add(1).map_or(Number([major, minor.saturating_add(1), 0]), |patch| Number([major, minor, patch]))
    }

    fn newest(&self) -> String {
        self.current.last_key_value().map_or_else(|| FIRST.to_string(), |(_, text)| text.clone())
    }
}

/// A value in a resource.
pub fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

fn named<'a>(list: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    let is = |one: &&Value| one["name"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(name));
    list?.as_array()?.iter().find(is)
}

impl<'a> Fleet<'a> {
    /// Those of the files alone.
    pub fn of(bare: &'a Loaded, each_rps: f64) -> Self {
        let (plan, effective) = as_written(bare);
        let resources = effective["resources"].as_array().map_or_else(Vec::new, |list| list.iter().collect());
        let mut fleet = Self {
            plan,
            resources,
            sets: Vec::new(),
            entries: Vec::new(),
            asked: Vec::new(),
            images: BTreeMap::new(),
            each_rps,
        };
        fleet.asked = fleet.read_asked();
        fleet.images = fleet.read_images();
        fleet.entries = fleet.read_entries();
        fleet.sets = (0..plan.sets.len()).map(|at| fleet.read_set(at)).collect();
        let main = (0..plan.sets.len()).max_by_key(|at| {
            let users: f64 = fleet.sets[*at].entries.iter().map(|entry| fleet.entries[*entry].rps).sum();
            (users as u64, plan.sets[*at].capacity, std::cmp::Reverse(*at))
        });
        if let Some(main) = main {
            fleet.sets[main].is_main = true;
        }
        fleet
    }

    /// The resource of a type and name.
    pub fn resource(&self, kind: &str, name: &str) -> Option<&'a Value> {
        let is = |text: &Value, wanted: &str| text.as_str().is_some_and(|text| text.eq_ignore_ascii_case(wanted));
        self.resources.iter().copied().find(|one| is(&one["type"], kind) && is(&one["name"], name))
    }

    /// The name by which a policy means a set: with its type where another resource has the name, too.
    fn key_of(&self, name: &str) -> String {
        let same = |one: &&&Value| one["name"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(name));
        if self.resources.iter().filter(same).count() > 1 {
            return format!("{}/{name}", shape::without_namespace(shape::SCALE_SET));
        }
        name.to_owned()
    }

    fn read_set(&self, at: usize) -> DraftSet {
        let set = &self.plan.sets[at];
        let extension = set.profile.health_extension.as_ref();
        let mut asks: BTreeSet<u16> =
            set.pools.iter().filter_map(|pool| Some(self.pool(*pool).probe.as_ref()?.endpoint)).collect();
        asks.extend(extension.filter(|of| of.protocol.is_some()).map(|of| of.endpoint));
        let entries: Vec<usize> =
            (0..self.entries.len()).filter(|entry| self.entries[*entry].sets.contains(&at)).collect();
        DraftSet {
            name: set.name.clone(),
            key: self.key_of(&set.name),
            is_main: false,
            image: self.image_of(set),
            paths: asks.into_iter().map(|endpoint| self.path(endpoint)).collect(),
            rich: extension.is_some_and(|of| of.version == HealthVersion::Rich),
            entries,
        }
    }

    fn pool(&self, at: u16) -> &'a Pool {
        &self.plan.pools[usize::from(at)]
    }

    /// An endpoint, as `application.endpoints` names it.
    fn path(&self, endpoint: u16) -> String {
        let path = &self.plan.application.endpoints[usize::from(endpoint)].path;
        if path.is_empty() { "tcp".to_owned() } else { path.clone() }
    }

    /// The image and the number that a model means; no number where it takes the latest. Nothing of what has no numbers.
    fn reference(&self, set: &ScaleSet) -> Option<Reference> {
        match set.image {
            ImageReference::Definition(of) | ImageReference::PlatformLatest(of) => {
                let is_platform = matches!(set.image, ImageReference::PlatformLatest(_));
                Some(Reference { image: self.plan.definitions[usize::from(of)].clone(), number: None, is_platform })
            }
            ImageReference::Version(at) => {
                let (image, version) = self.plan.images[usize::from(at)].name.rsplit_once('/')?;
                let number = Some((Number::parse(version)?, version.to_owned()));
                Some(Reference { image: image.to_owned(), number, is_platform: image.contains(':') })
            }
        }
    }

    fn read_images(&self) -> BTreeMap<String, Versions> {
        let mut images: BTreeMap<String, Versions> = BTreeMap::new();
        for Reference { image, number, .. } in self.plan.sets.iter().filter_map(|set| self.reference(set)) {
            let versions = images.entry(image).or_default();
            versions.is_followed |= number.is_none();
            versions.current.extend(number);
        }
        for versions in images.values_mut().filter(|versions| versions.current.is_empty()) {
            versions.current.insert(FIRST, FIRST.to_string());
        }
        images
    }

    fn image_of(&self, set: &ScaleSet) -> Option<DraftImage> {
        let Reference { image, number, is_platform } = self.reference(set)?;
        let versions = self.images.get(&image)?;
        let follows = number.is_none();
        let current = number.map_or_else(|| versions.newest(), |(_, text)| text);
        Some(DraftImage { image, current, next: versions.next().to_string(), follows, is_platform })
    }

    fn read_entries(&self) -> Vec<DraftEntry> {
        let plan = self.plan;
        let mut entries: Vec<DraftEntry> = Vec::new();
        let roots = || plan.entries().filter(|(_, entry)| entry.is_root() && entry.behind != Behind::Nobody);
        for (id, entry) in roots() {
            let key = shortest_name(entry, &plan.entry_points);
            if entries.iter().any(|known| known.key == key) {
                continue;
            }
            let like = roots().filter(|(_, other)| shortest_name(other, &plan.entry_points) == key);
            let mut rules: Vec<String> = like.map(|(_, other)| other.name.clone()).collect();
            if entry.gateway.is_some() || entry.pool().is_none() || rules.len() < 2 {
                rules.clear();
            }
            let sets = self.sets_behind(id);
            entries.push(DraftEntry { key, rules, rps: 0.0, sets, by_name: self.name_before(id) });
        }
        // The users of a set are those of all entry points that lead to it.
        let leading = |set: usize| {
            let to = |of: &&DraftEntry| of.by_name.is_none() && of.sets.contains(&set);
            entries.iter().filter(to).count().max(1) as f64
        };
        let served = |set: usize| self.used(set) * f64::from(self.count(set)) * self.each_rps / leading(set);
        let rps: Vec<f64> = entries.iter().map(|entry| entry.sets.iter().map(|set| served(*set)).sum()).collect();
        for (entry, rps) in entries.iter_mut().zip(rps) {
            entry.rps = if entry.by_name.is_some() { 0.0 } else { rounded(rps) };
        }
        entries
    }

    /// The sets that answer at an entry point; of a name that goes on to the next where the first is lost, those of the first.
    fn sets_behind(&self, id: EntryPointId) -> Vec<usize> {
        let plan = self.plan;
        let mut pools: BTreeSet<PoolId> = plan.pools_behind(id).collect();
        for target in plan.targets() {
            let (leads, to) = match target {
                Target::Endpoint(profile, endpoint) => {
                    let first = profile.method != RoutingMethod::Priority
                        || profile.endpoints.first().is_some_and(|first| std::ptr::eq(first, endpoint));
                    let to = match endpoint.target {
                        LeadsTo::EntryPoint(to) => Some(to),
                        LeadsTo::Nested { child, .. } => plan.profiles[usize::from(child)].entry_point,
                    };
                    (first && profile.entry_point == Some(id.0), to)
                }
                Target::Origin(door, origin) => (door.entry_point == id.0, Some(origin.to)),
            };
            if let Some(to) = to.filter(|to| leads && *to != id.0) {
                let of = self.sets_behind(EntryPointId(to));
                pools.extend(of.into_iter().flat_map(|set| plan.sets[set].pools.iter().map(|pool| PoolId(*pool))));
            }
        }
        let is_in = |set: &ScaleSet| set.pools.iter().any(|pool| pools.contains(&PoolId(*pool)));
        (0..plan.sets.len()).filter(|at| is_in(&plan.sets[*at])).collect()
    }

    /// The name that leads users to an entry point.
    fn name_before(&self, id: EntryPointId) -> Option<String> {
        self.plan.targets().find_map(|target| match target {
            Target::Endpoint(profile, endpoint) => {
                let is = match endpoint.target {
                    LeadsTo::EntryPoint(to) => to == id.0,
                    LeadsTo::Nested { child, .. } => self.plan.profiles[usize::from(child)].entry_point == Some(id.0),
                };
                is.then(|| profile.name.clone())
            }
            Target::Origin(door, origin) => (origin.to == id.0).then(|| door.endpoint.clone()),
        })
    }

    /// How many instances a set has once autoscale has looked at it.
    pub fn count(&self, set: usize) -> u32 {
        let capacity = self.plan.sets[set].capacity;
        self.usual(set)
            .map_or(capacity, |profile| capacity.clamp(profile.minimum, profile.maximum.max(profile.minimum)))
    }

    fn setting(&self, set: usize) -> Option<&'a Autoscale> {
        self.plan.autoscale.iter().find(|setting| usize::from(setting.set) == set)
    }

    /// The profile of autoscale that rules whenever no other does.
    fn usual(&self, set: usize) -> Option<&'a windtunnel_sim::plan::ScaleProfile> {
        let profiles = &self.setting(set)?.profiles;
        profiles.iter().find(|profile| profile.when == ProfileWhen::Default).or(profiles.first())
    }

    /// How much of the capacity of a set its users take: between the thresholds at which autoscale adds and removes.
    pub fn used(&self, set: usize) -> f64 {
        let rules = self.usual(set).map_or(&[][..], |profile| &profile.rules);
        let cpu = |operators: [Operator; 2]| {
            let is = move |rule: &&ScaleRule| {
                matches!(rule.trigger.metric, Metric::Cpu(of) if usize::from(of) == set)
                    && operators.contains(&rule.trigger.operator)
            };
            rules.iter().filter(is).map(|rule| rule.trigger.threshold / 100.0).filter(|of| (0.0..1.0).contains(of))
        };
        let adds = cpu([Operator::GreaterThan, Operator::GreaterThanOrEqual]).reduce(f64::min);
        let removes = cpu([Operator::LessThan, Operator::LessThanOrEqual]).reduce(f64::max);
        match (removes, adds) {
            (None, None) => USED,
            (None, Some(adds)) => USED.min(adds * 0.8),
            (Some(removes), None) => USED.max(f64::midpoint(removes, 1.0)),
            (Some(removes), Some(adds)) => f64::midpoint(removes, adds),
        }
    }

    fn read_asked(&self) -> Vec<Asked> {
        let mut asking = self.asking_probes();
        asking.extend(self.asking_extensions());
        asking.extend(self.asking_from_outside());
        let mut asked: BTreeMap<u16, (Vec<Asking>, Asked)> = BTreeMap::new();
        for one in asking {
            let key = self.path(one.endpoint);
            let none = || (Vec::new(), Asked { key, by: Vec::new(), good: 200, rich: false, texts: Vec::new() });
            let (all, of) = asked.entry(one.endpoint).or_insert_with(none);
            if !of.by.contains(&one.who) {
                of.by.push(one.who.clone());
            }
            of.rich |= one.rich;
            if !one.text.is_empty() && !of.texts.contains(&one.text) {
                of.texts.push(one.text.clone());
            }
            all.push(one);
            of.good = status(all.iter().flat_map(|one| &one.good));
        }
        asked.into_values().map(|(_, of)| of).collect()
    }

    fn asking_probes(&self) -> Vec<Asking> {
        let of = |pool: &Pool| {
            let probe = pool.probe.as_ref()?;
            let every = spoken(probe.interval);
            let (who, good) = if let Some(gateway) = pool.prober.gateway() {
                (format!("the gateway {} every {every}", pool.balancer), gateway.codes.clone())
            } else {
                let list = self.resource(shape::LOAD_BALANCER, &pool.balancer);
                let node = named(list.and_then(|one| at(one, &["properties", "probes"])), &probe.name);
                let port = port(node.and_then(|node| at(node, &["properties", "port"])));
                (format!("probe {} of {}{port} every {every}", probe.name, pool.balancer), Vec::new())
            };
            let text = pool.prober.gateway().map(|of| of.text.clone()).unwrap_or_default();
            Some(Asking { endpoint: probe.endpoint, who, good, rich: false, text })
        };
        self.plan.pools.iter().filter_map(of).collect()
    }

    fn asking_extensions(&self) -> Vec<Asking> {
        let of = |set: &ScaleSet| {
            let extension = set.profile.health_extension.as_ref()?;
            let protocol = extension.protocol?;
            let list = self
                .resource(shape::SCALE_SET, &set.name)
                .and_then(|one| at(one, &["properties", "virtualMachineProfile", "extensionProfile", "extensions"]));
            let node = named(list, &set.profile.extensions[usize::from(extension.extension)].name);
            let port = port(node.and_then(|node| at(node, &["properties", "settings", "port"])));
            let rich = extension.version == HealthVersion::Rich && protocol == ProbeProtocol::Http;
            let every = spoken(extension.interval);
            let who = format!("the health extension of {}{port} every {every}", set.name);
            Some(Asking { endpoint: extension.endpoint, who, good: Vec::new(), rich, text: String::new() })
        };
        self.plan.sets.iter().filter_map(of).collect()
    }

    fn asking_from_outside(&self) -> Vec<Asking> {
        let of = |monitor: &Monitor, who: String| Asking {
            endpoint: monitor.endpoint,
            who,
            good: monitor.good.clone(),
            text: String::new(),
            rich: false,
        };
        let profiles = self.plan.profiles.iter();
        let profiles = profiles.map(|profile| of(&profile.monitor, format!("Traffic Manager for {}", profile.name)));
        let doors = self.plan.front_doors.iter().filter(|door| door.origins.iter().any(|origin| origin.probed));
        profiles.chain(doors.map(|door| of(&door.monitor, format!("Front Door for {}", door.group)))).collect()
    }

    /// Metrics that rules of autoscale read and nothing gives, each with a value at which no rule acts.
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        let mut metrics: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        let missing = |rule: &ScaleRule| rule.trigger.metric == Metric::Missing;
        for setting in self.plan.autoscale.iter() {
            let Some(resource) = self.resource(shape::AUTOSCALE, &setting.name) else { continue };
            let profiles = at(resource, &["properties", "profiles"]).and_then(Value::as_array);
            for profile in setting.profiles.iter() {
                let written = profiles.into_iter().flatten().find(|of| of["name"] == profile.name.as_str());
                let rules = written.and_then(|of| of["rules"].as_array()).map_or(&[][..], Vec::as_slice);
                for (rule, written) in profile.rules.iter().zip(rules).filter(|(rule, _)| missing(rule)) {
                    let Some(name) = at(written, &["metricTrigger", "metricName"]).and_then(Value::as_str) else {
                        continue;
                    };
                    let many =
                        if rule.trigger.per_instance { f64::from(self.count(setting.set.into()).max(1)) } else { 1.0 };
                    metrics.entry(name.to_owned()).or_default().push(rule.trigger.threshold * many);
                }
            }
        }
        // Without users the processors have no load to follow.
        for (at, set) in self.plan.sets.iter().enumerate() {
            let has_users = self.entries.iter().any(|entry| entry.rps > 0.0 && entry.sets.contains(&at));
            let thresholds = || self.usual(at).into_iter().flat_map(|profile| &profile.rules);
            let reads = |rule: &&ScaleRule| matches!(rule.trigger.metric, Metric::Cpu(of) if usize::from(of) == at);
            let read: Vec<f64> = thresholds().filter(reads).map(|rule| rule.trigger.threshold).collect();
            if !has_users && !read.is_empty() {
                metrics.insert(format!("{}/Percentage CPU", set.name), read);
            }
        }
        let between = |of: Vec<f64>| {
            let least = of.iter().copied().fold(f64::INFINITY, f64::min);
            let most = of.iter().copied().fold(0.0, f64::max);
            f64::midpoint(least, most).max(0.0)
        };
        metrics.into_iter().map(|(name, of)| (name, rounded(between(of)))).collect()
    }
}

/// `, port 80`.
fn port(value: Option<&Value>) -> String {
    value.map_or_else(String::new, |port| format!(", port {}", port.to_string().trim_matches('"')))
}

/// A status that is within all ranges: 200, where that is.
fn status<'a>(good: impl Iterator<Item = &'a (u16, u16)> + Clone) -> u16 {
    let is_good = |status: &u16| good.clone().all(|(least, most)| (*least..=*most).contains(status));
    std::iter::once(200).chain(good.clone().map(|(least, _)| *least)).find(is_good).unwrap_or(200)
}

/// Two digits that count.
fn rounded(value: f64) -> f64 {
    if value < 10.0 {
        return (value * 10.0).round() / 10.0;
    }
    let unit = if value < 1000.0 { 10.0 } else { 100.0 };
    (value / unit).round() * unit
}
