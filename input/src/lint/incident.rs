//! The smallest incidents, fitted to a fleet: what is laid over its draft.

use super::Incident;
use super::fleet::{Fleet, is_type};
use super::rows::{TEMPLATE, VERSION, regions_of, stops, swallowing};
use crate::draft::{Asks, Draft};
use crate::scenario::lower::region_name;
use crate::tree::Node;
use crate::{Problems, patch, read};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use windtunnel_sim::engine::time::SimDuration;

/// The name of the policy that has the fix.
pub const FIX: &str = "fix";
/// What one instance of a draft serves, in requests a second.
const CAPACITY: f64 = 100.0;
/// A dependency that the incidents take away.
const BACKEND: &str = "backend";

/// A set of a draft, and what is laid over it.
struct Laid<'d> {
    draft: &'d Draft,
    set: usize,
    over: Map<String, Json>,
    timeline: Vec<String>,
    /// The fix, with what it means in the words of a scenario where nothing acts on the resource itself.
    policy: Json,
    /// The least and the greatest demand, as a share of the capacity of all instances.
    load: (f64, f64),
}

/// What is laid over a draft.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// It in YAML.
    pub text: String,
    /// The least and the greatest demand, as a share of what all instances serve.
    pub load: (f64, f64),
}

/// What is laid over a draft so that the incident happens to a set of it; the fix is a policy of it.
#[must_use]
pub fn overlay(incident: Incident, draft: &Draft, set: usize, (fleet, fix): (&Fleet, &Json)) -> Overlay {
    let mut laid = Laid { draft, set, over: Map::new(), timeline: Vec::new(), policy: fix.clone(), load: (0.0, 0.0) };
    laid.application(fix);
    laid.demand(&[(0, 0.6)]);
    laid.happen(incident);
    laid.elsewhere(incident, fleet, fix);
    laid.over.insert("policies".to_owned(), json!({ FIX: laid.policy }));
    let mut text = String::new();
    for (key, value) in &laid.over {
        text += &format!("{key}: {value}\n");
    }
    if !laid.timeline.is_empty() {
        text += "timeline:\n";
        laid.timeline.iter().for_each(|act| text += &format!("  - {act}\n"));
    }
    Overlay { text, load: laid.load }
}

/// The paths that a fix asks for.
pub fn asked(fix: &Json, into: &mut BTreeSet<String>) {
    match fix {
        Json::Object(entries) => {
            for (key, value) in entries {
                match value.as_str().filter(|_| ["requestPath", "path"].contains(&key.as_str())) {
                    Some(path) => _ = into.insert(path.to_owned()),
                    None => asked(value, into),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| asked(item, into)),
        _ => {}
    }
}

impl Laid<'_> {
    fn name(&self) -> &str {
        &self.draft.sets[self.set].name
    }

    fn count(&self) -> u32 {
        self.draft.plan.sets[self.set].capacity.max(1)
    }

    /// An application that needs a dependency, with paths that ask for it and paths that do not.
    fn application(&mut self, fix: &Json) {
        let mut paths: BTreeSet<String> = self.draft.sets.iter().flat_map(|set| set.paths.iter().cloned()).collect();
        asked(fix, &mut paths);
        let mut endpoints = Map::new();
        let well = json!({ "status": 200, "healthState": "Healthy" });
        for path in paths {
            let clauses = match Asks::of(&path) {
                Asks::Port => json!([{ "when": ["process", "warm"], "answer": well }]),
                Asks::Server => json!([
                    { "when": ["process", "warm"], "answer": well },
                    { "when": "process", "answer": 503 },
                ]),
                Asks::Application => json!([
                    { "when": ["process", "draining"], "answer": 503 },
                    { "when": ["process", "warm", BACKEND], "answer": well },
                    { "when": "process", "answer": 503 },
                ]),
            };
            endpoints.insert(path, clauses);
        }
        let mut application = json!({ "dependencies": [BACKEND], "serves": ["process", "warm", BACKEND] });
        if !endpoints.is_empty() {
            application["endpoints"] = endpoints.into();
        }
        self.over.insert("application".to_owned(), application);
    }

    /// Demand at minutes, as a share of the capacity of all instances.
    fn demand(&mut self, points: &[(u64, f64)]) {
        let shares = || points.iter().map(|(_, share)| *share);
        self.load = (shares().fold(f64::INFINITY, f64::min), shares().fold(0.0, f64::max));
        let mut traffic = Map::new();
        for entry in self.draft.entries.iter().filter(|entry| entry.by_name.is_none() && entry.rps > 0.0) {
            let leading = |set: usize| {
                let of = self.draft.entries.iter().filter(|one| one.by_name.is_none() && one.sets.contains(&set));
                of.count().max(1) as f64
            };
            let all = entry
                .sets
                .iter()
                .map(|set| f64::from(self.draft.plan.sets[*set].capacity) * CAPACITY / leading(*set))
                .sum::<f64>();
            let at = |(minute, share): &(u64, f64)| json!({ "at": format!("PT{minute}M"), "rps": format!("{} rps", (all * share).round()) });
            let points: Vec<Json> = points.iter().map(at).collect();
            traffic.insert(entry.key.clone(), json!({ "demand": { "points": points } }));
        }
        self.over.insert("traffic".to_owned(), traffic.into());
    }

    fn act(&mut self, name: &str, minute: u64, act: Json) {
        let mut entry = json!({ "name": name, "at": format!("PT{minute}M") });
        if let (Json::Object(all), Json::Object(act)) = (&mut entry, act) {
            all.extend(act);
        }
        self.timeline.push(entry.to_string());
    }

    fn resize(&mut self, minute: u64, by: u32) {
        let (set, capacity) = (self.name().to_owned(), self.count() + by);
        self.act("scale out", minute, json!({ "setCapacity": { "scaleSet": set, "capacity": capacity } }));
    }

    fn disturb(&mut self, minute: u64, instances: &Json) {
        let set = self.name().to_owned();
        self.act("they hang", minute, json!({ "disturb": { "scaleSet": set, "instances": instances, "how": "hang" } }));
    }

    /// What the next version of the image has.
    fn version(&mut self, next: bool, content: Json) {
        let Some(image) = &self.draft.sets[self.set].image else { return };
        let version = if next { &image.next } else { &image.current };
        let images = self.over.entry("images").or_insert_with(|| json!({}));
        images[&image.image][version] = content;
    }

    /// The next version, by the mode of the set.
    fn rollout(&mut self, minute: u64, by_hand: bool) {
        let Some(image) = &self.draft.sets[self.set].image else { return };
        let acts = self.draft.rollout(self.set, &image.next, SimDuration::from_mins(minute));
        let acts = acts.into_iter().filter(|act| by_hand || !act.is_by_hand);
        self.timeline.extend(acts.map(|act| act.yaml));
    }

    /// A region whose replicas do not go with a zone.
    fn zone_redundant(&mut self) {
        let plan = &self.draft.plan;
        let region = plan.regions[usize::from(plan.sets[self.set].region)].name.clone();
        if self.draft.sets[self.set].image.as_ref().is_some_and(|image| !image.is_platform) {
            self.version(false, json!({ "replicatedTo": [{ "name": region, "storageAccountType": "Standard_ZRS" }] }));
        }
    }

    fn region(&self) -> String {
        let plan = &self.draft.plan;
        plan.regions[usize::from(plan.sets[self.set].region)].name.clone()
    }

    fn set(&mut self, key: &str, value: Json) {
        self.over.insert(key.to_owned(), value);
    }

    fn happen(&mut self, incident: Incident) {
        self.set("horizon", json!("PT3H"));
        match incident {
            Incident::Refused => {}
            Incident::Hangs => {
                self.demand(&[(0, 0.9)]);
                self.disturb(10, &json!("one"));
            }
            Incident::Blip => {
                self.over["application"]["serves"] = json!(["process", "warm"]);
                let down = json!({ "dependencyDown": { "dependency": BACKEND, "for": "PT5M" } });
                self.act("the dependency is down", 10, down);
            }
            Incident::LoadPeak => self.demand(&[(0, 0.6), (20, 0.6), (25, 1.2)]),
            Incident::LoadDip => self.dip(),
            Incident::SpotWave => {
                let set = self.name().to_owned();
                self.set("horizon", json!("PT4H"));
                self.demand(&[(0, 0.7)]);
                self.act("the wave", 30, json!({ "evict": { "scaleSet": set, "share": "100%", "for": "PT30M" } }));
            }
            Incident::PriceRise => self.price(),
            Incident::BadExtension => self.extension(),
            Incident::Unreplicated => self.set("horizon", json!("PT12H")),
            Incident::EveryRegion => {
                self.set("horizon", json!("PT12H"));
                self.demand(&[(0, 0.9)]);
                self.version(true, json!({ "code": "r2", "bad": true, "cannotReach": [BACKEND] }));
                let regions = self.draft.plan.regions.iter().map(|region| region.name.clone()).collect();
                self.publish(regions);
            }
            Incident::BrokenBuild => {
                self.set("horizon", json!("PT12H"));
                self.demand(&[(0, 0.7), (480, 0.7), (500, 1.2)]);
                self.timeline.push("{ name: build, at: PT10M, bake: { builder: built } }".to_owned());
                self.resize(420, self.count().div_ceil(2));
            }
            Incident::RegionLost => {
                let set = self.draft.sets[0].name.clone();
                self.set("horizon", json!("PT1H"));
                self.act("they hang", 10, json!({ "disturb": { "scaleSet": set, "instances": "all", "how": "hang" } }));
            }
            Incident::SlowStart | Incident::FailedBoots | Incident::ZoneLost | Incident::Registered => {
                self.grow(incident)
            }
            of_a_rollout => self.roll(of_a_rollout),
        }
    }

    /// What happens when instances are added.
    fn grow(&mut self, incident: Incident) {
        let half = self.count().div_ceil(2);
        match incident {
            Incident::SlowStart => {
                self.over["application"]["warmUp"] = "PT20M".into();
                self.demand(&[(0, 0.7), (30, 0.7), (45, 1.2)]);
                self.resize(10, half);
            }
            Incident::FailedBoots => {
                self.version(false, json!({ "bootFailure": "40%" }));
                self.demand(&[(0, 0.7), (60, 0.7), (75, 1.45)]);
                self.resize(10, half);
            }
            Incident::ZoneLost => {
                self.zone_redundant();
                self.demand(&[(0, 0.8), (20, 0.8), (30, 1.1)]);
                self.act("the zone is lost", 10, json!({ "zoneOutage": { "zones": [1], "for": "PT1H" } }));
                self.resize(20, half);
            }
            _ => self.registered(),
        }
    }

    /// What happens around a rollout; the draft knows how long that may take.
    fn roll(&mut self, incident: Incident) {
        let bad = json!({ "code": "r2", "bad": true, "cannotReach": [BACKEND] });
        self.over.remove("horizon");
        let (mut begins, mut by_hand) = (10, true);
        match incident {
            Incident::NewModel => {
                self.over["application"]["requires"] = json!({ "code": "r2", "from": "PT2H" });
                self.set("horizon", json!("PT4H"));
                by_hand = false;
            }
            Incident::BusyRollout => self.demand(&[(0, 0.8)]),
            Incident::BadBake => {
                self.demand(&[(0, 0.9)]);
                self.version(true, bad);
            }
            Incident::SlowFailure => {
                let degrades = json!({ "after": "PT4M", "cannotReach": [BACKEND] });
                self.version(true, json!({ "code": "r2", "bad": true, "degrades": degrades }));
            }
            Incident::SlowRollout => self.over["application"]["warmUp"] = "PT20M".into(),
            Incident::SickBefore => {
                self.demand(&[(0, 0.8)]);
                let last = self.count() - 1;
                self.disturb(5, &json!([last]));
                begins = 15;
            }
            Incident::SickAfter => {
                self.demand(&[(0, 0.8)]);
                self.set("horizon", json!("PT4H"));
                self.version(true, bad);
                self.disturb(60, &json!("30%"));
                by_hand = false;
            }
            Incident::NoQuota => {
                let (region, cores) = (self.region(), self.draft.plan.sets[self.set].cores);
                let all = cores * self.count();
                self.set("regions", json!({ region: { "quota": all } }));
                self.demand(&[(0, 0.95)]);
            }
            Incident::HungScript => self.script(),
            _ => {}
        }
        self.rollout(begins, by_hand);
    }

    fn dip(&mut self) {
        self.set("horizon", json!("PT6H"));
        self.demand(&[(0, 0.6), (30, 0.6), (45, 0.12)]);
        self.set("assumptions", json!({ "lb.leave_delay": "10s" }));
        self.over["application"]["scheduledEvents"] = json!({ "pollEvery": "1s", "on": ["Terminate"] });
    }

    fn price(&mut self) {
        let set = &self.draft.plan.sets[self.set];
        let (Some(most), size) = (set.spot.max_price, set.size.clone()) else { return };
        let region = self.region();
        let at = |minute: u64, price: f64| json!({ "at": format!("PT{minute}M"), "price": price });
        self.set("prices", json!({ size: { "regular": most * 4.0, "spot": most / 2.0 } }));
        self.set("spot", json!({ region: { "prices": [at(0, most / 2.0), at(30, most * 1.5), at(90, most / 2.0)] } }));
    }

    fn extension(&mut self) {
        let set = &self.draft.plan.sets[self.set];
        let Some(extension) = set.profile.extensions.iter().find(|one| one.automatic) else { return };
        let act = json!({ "publishExtension": {
            "scaleSet": set.name, "extension": extension.name, "version": "99.0", "cannotReach": [BACKEND], "bad": true,
        } });
        self.act("a bad release", 10, act);
        self.set("horizon", json!("PT6H"));
    }

    fn script(&mut self) {
        let set = &self.draft.plan.sets[self.set];
        let health = set.profile.health_extension.as_ref().map(|of| usize::from(of.extension));
        let mut others = set.profile.extensions.iter().enumerate().filter(|(at, _)| Some(*at) != health);
        let Some((_, script)) = others.next() else { return };
        self.over["application"]["extensions"] =
            json!({ script.name.clone(): { "duration": "PT20H", "startsProcess": true } });
        self.set("horizon", json!("PT8H"));
    }

    fn registered(&mut self) {
        let set = self.name().to_owned();
        let targets = json!({ "scaleSet": set, "roles": ["web"], "environment": "production", "machinePolicy": "elastic", "after": "PT5S" });
        let project = json!({
            "roles": ["web"],
            "deployed": "r1",
            "deploymentTargetsRequired": false,
            "trigger": { "on": "becomesAvailable" },
            "steps": [{ "name": "deploy", "runOnTargets": { "duration": "PT5M" } }],
        });
        self.set(
            "octopus",
            json!({
                "machinePolicies": { "elastic": { "interval": "PT10M", "deleteUnavailableAfter": "PT15M" } },
                "deploymentTargets": { "machines": targets },
                "projects": { "web": project },
            }),
        );
        self.resize(10, self.count());
    }

    /// The next version, published to regions.
    fn publish(&mut self, to: Vec<String>) {
        let Some(image) = &self.draft.sets[self.set].image else { return };
        let act = json!({ "publish": { "image": image.image, "version": image.next, "to": to } });
        self.act("publish", 10, act);
    }

    /// What resources on which nothing acts mean in a scenario, as they are and with the fix.
    fn elsewhere(&mut self, incident: Incident, fleet: &Fleet, fix: &Json) {
        for resource in &fleet.resources {
            let Some(change) = fix.get(fleet.key(resource)) else { continue };
            let mut fixed = resource.clone();
            let mut problems = Problems::new();
            let Some(change) = read::read_text("fix.yaml", change.to_string(), &mut problems) else { continue };
            patch::resource(&mut fixed, &change, &mut problems);
            if is_type(resource, VERSION) {
                self.of_version(incident, resource, &fixed);
            } else if is_type(resource, TEMPLATE) {
                let mut template = self.template(resource);
                self.set("imageBuilders", json!({ "built": template }));
                template = self.template(&fixed);
                self.policy["imageBuilders"] = json!({ "built": template });
            }
        }
    }

    fn of_version(&mut self, incident: Incident, before: &Node, after: &Node) {
        let names = |of: &Node| regions_of(of).iter().filter_map(Node::name).map(region_name).collect::<Vec<String>>();
        let known = |name: &String| self.draft.plan.regions.iter().any(|region| region.name == *name);
        let others: Map<String, Json> =
            names(before).into_iter().filter(|name| !known(name)).map(|name| (name, json!({}))).collect();
        if !others.is_empty() {
            self.set("regions", others.into());
        }
        if incident == Incident::Unreplicated {
            self.publish(names(before));
            self.policy["timeline"] = json!([{ "name": "publish", "publish": { "to": names(after) } }]);
            return;
        }
        let Some(image) = &self.draft.sets[self.set].image else { return };
        let common = |of: &Node| {
            of.arm_path(&["properties", "publishingProfile", "storageAccountType"])
                .and_then(Node::text)
                .unwrap_or("Standard_LRS")
                .to_owned()
        };
        let replicas = |of: &Node| {
            let each = |region: &Node| {
                let own =
                    region.arm("storageAccountType").and_then(Node::text).map_or_else(|| common(of), str::to_owned);
                json!({ "name": region.name().map(region_name), "storageAccountType": own })
            };
            json!({ "replicatedTo": regions_of(of).iter().map(each).collect::<Vec<_>>() })
        };
        let of = |content: Json| json!({ image.image.clone(): { image.current.clone(): content } });
        let (was, is) = (of(replicas(before)), of(replicas(after)));
        self.set("images", was);
        self.policy["images"] = is;
    }

    /// A template of which a command in every shell step fails.
    fn template(&self, resource: &Node) -> Json {
        let steps = resource.arm_path(&["properties", "customize"]).map_or(&[][..], Node::items);
        let step = |(at, one): (usize, &Node)| {
            let mut json =
                json!({ "name": one.name().map_or_else(|| format!("step {at}"), str::to_owned), "duration": "PT3M" });
            if swallowing(resource).any(|of| std::ptr::eq(of, one)) {
                json["fails"] = json!("swallowed");
                json["leaves"] = json!({ "cannotReach": [BACKEND], "bad": true });
            } else if stops(one) {
                json["fails"] = json!(true);
                json["leaves"] = json!(null);
            }
            json
        };
        let image = self.draft.sets[self.set].image.as_ref().map(|of| of.image.clone());
        json!({
            "image": image,
            "produces": { "code": "r2" },
            "customize": steps.iter().enumerate().map(step).collect::<Vec<_>>(),
            "distribute": { "to": [self.region()], "versioning": { "scheme": "Latest" } },
        })
    }
}
