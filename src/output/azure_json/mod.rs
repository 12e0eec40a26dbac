//! What Azure would have answered at an instant of a run: the requests, and the bodies in Azure's shapes and spelling.
//!
//! A file a resource: `set.rs`, `instance.rs` with what instances report in `reports.rs`, `upgrade.rs` and `history.rs` for
//! upgrades, `version.rs` and `definition.rs` of galleries, `template.rs`, `autoscale.rs`, `balancer.rs`, `gateway.rs`,
//! `standby.rs`, `traffic_manager.rs`, `front_door.rs`, `agents.rs` of Azure DevOps, and `octopus.rs`. Two answers are of no
//! single resource: `activity.rs` is the activity log, `document.rs` what a guest reads of Scheduled Events. What can be
//! asked for and how it is named is in `ask.rs`; `resources.rs` has what the user wrote; `operations.rs` and `facts.rs` read
//! the ledger; `errors.rs` has Azure's codes; `human.rs` and `tables.rs` make tables.
//!
//! Ids are the ends of Azure's, from the first name that a scenario knows: it has no subscription, resource group or
//! gallery. Left out is what the model has no word for: disks, network interfaces, versions of agents. What Azure numbers
//! itself (`uniqueId`, `vmId`, correlation ids) is made from the seed and from numbers of the run, so that it is the same
//! each time.

mod activity;
pub mod against;
mod agents;
mod ask;
mod autoscale;
mod balancer;
mod definition;
mod document;
pub(crate) mod errors;
pub(crate) mod facts;
mod front_door;
mod gateway;
mod history;
pub mod human;
mod instance;
mod octopus;
pub mod operations;
mod reports;
mod resources;
mod set;
mod standby;
mod tables;
mod template;
mod traffic_manager;
mod upgrade;
mod version;

pub use ask::{AskError, Question, ask, everything, names};
pub use resources::Resources;

use crate::experiment::instant::Instant;
use facts::History;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::{FleetView, Watched};
use windtunnel_sim::plan::{ImageReference, OrchestrationMode};
use windtunnel_sim::rules::{RuleId, assumptions::Assumed};
use windtunnel_sim::world::ids::{ImageId, InstanceId, RegionId, SetId};
use windtunnel_words::clock;

/// A model of a set, by its number, as far as it was asked for.
type Models = BTreeMap<(SetId, u32), Option<Rc<Value>>>;

/// A run stopped at an instant, and what its ledger says.
#[derive(Debug)]
pub struct View<'i, 'p> {
    /// The run.
    pub instant: &'i Instant<'p>,
    /// The fleet, as its ledger says it is.
    pub fleet: FleetView<'p>,
    /// What the ledger says of each instance besides.
    pub history: History,
    /// What the user wrote, where it is at hand.
    pub resources: Option<&'i Resources>,
    models: RefCell<Models>,
}

/// What an id that Azure makes is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
enum Kind {
    Set = 1,
    Instance = 2,
    Entry = 3,
    Event = 4,
}

/// The place of the first in a list of each that this tells apart.
fn firsts<'p, T, K: PartialEq>(list: &'p [T], by: impl Fn(&'p T) -> K) -> impl Iterator<Item = usize> {
    let first = move |at: &usize| list[..*at].iter().all(|before| by(before) != by(&list[*at]));
    (0..list.len()).filter(first)
}

/// What Azure answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// `GET …`, from the first name that the scenario knows.
    pub request: String,
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Value,
}

impl<'i, 'p> View<'i, 'p> {
    /// Reads the ledger of a run that was stopped.
    pub fn new(instant: &'i Instant<'p>) -> Self {
        let Watched { fleet, observers: history } = History::of(instant.plan(), &instant.ledger);
        Self { instant, fleet, history, resources: None, models: RefCell::default() }
    }

    /// The same, with what the user wrote.
    #[must_use]
    pub fn with(self, resources: &'i Resources) -> Self {
        Self { resources: Some(resources), ..self }
    }

    /// Answers a question.
    pub fn answer(&self, question: Question) -> Answer {
        let body = match question {
            Question::Resource(set) => Some(set::resource(self, set)),
            Question::Upgrade(set) => upgrade::latest(self, set),
            Question::History(set) => Some(history::of(self, set)),
            Question::Set(set) => Some(set::view(self, set)),
            Question::Instances(set) => Some(instance::list(self, set)),
            Question::Instance(instance) => instance::one(self, instance),
            Question::Version(image) => version::of(self, image),
            Question::Definition(definition) => Some(definition::of(self, definition)),
            Question::Template(builder) => Some(template::of(self, builder)),
            Question::Autoscale(setting) => Some(autoscale::of(self, setting)),
            Question::Balancer(balancer) => Some(balancer::of(self, balancer)),
            Question::Profile(profile) => Some(traffic_manager::of(self, profile)),
            Question::FrontDoor(profile) => Some(front_door::of(self, profile)),
            Question::Origins(profile) => Some(front_door::origins(self, profile)),
            Question::OriginHealth(profile) => Some(front_door::health(self, profile)),
            Question::Pool(pool) => Some(balancer::pool(self, pool)),
            Question::Rule(rule) => balancer::part(self, &balancer::place_of_rule(self, rule)),
            Question::Probe(pool) => balancer::part(self, &balancer::place_of_probe(self, pool)),
            Question::Gateway(gateway) => Some(gateway::of(self, gateway)),
            Question::BackendHealth(gateway) => Some(gateway::health(self, gateway)),
            Question::Standby(set) => standby::of(self, set),
            Question::StandbyView(set) => standby::view(self, set),
            Question::Agents(pool) => Some(agents::of(self, pool)),
            Question::AgentNodes(pool) => Some(agents::nodes(self, pool)),
            Question::Activity(of) => Some(activity::log(self, of)),
            Question::Events(instance) => document::of(self, instance),
            Question::Machines => Some(octopus::machines(self)),
            Question::Tasks => Some(octopus::tasks(self)),
            Question::Progression(project, of) => Some(octopus::progression(self, (project, of))),
        };
        let method = if matches!(question, Question::BackendHealth(_)) { "POST" } else { "GET" };
        let request = format!("{method} {}", question.path(self));
        match body {
            Some(body) => Answer { question, request, status: 200, body },
            None => {
                let message = question.missing(self);
                let body = json!({ "error": { "code": "NotFound", "message": message } });
                Answer { question, request, status: 404, body }
            }
        }
    }

    /// The civil time of an instant.
    fn time(&self, at: SimTime) -> String {
        clock::timestamp(self.instant.plan().start_unix_ms, at)
    }

    fn region(&self, region: RegionId) -> &'p str {
        &self.instant.plan().regions[region.index()].name
    }

    fn location(&self, set: SetId) -> &'p str {
        self.region(RegionId(self.instant.plan().sets[set.index()].region))
    }

    fn is_uniform(&self, set: SetId) -> bool {
        self.instant.plan().sets[set.index()].mode == OrchestrationMode::Uniform
    }

    /// The instances of a set that are not gone, in the order of creation.
    fn instances(&self, set: SetId) -> impl Iterator<Item = InstanceId> + '_ {
        let rows = self.instant.world.instances.rows.iter().enumerate();
        let there = rows.filter(move |(_, row)| {
            row.set == set && row.state != windtunnel_sim::azure::instances::Provisioning::Deleted
        });
        there.map(|(id, _)| InstanceId(id as u32))
    }

    /// `instanceId`: a number in a Uniform set, the name in a Flexible one (OR-13).
    fn instance_id(&self, instance: InstanceId) -> String {
        let row = &self.instant.world.instances.rows[instance.index()];
        if self.is_uniform(row.set) {
            row.ordinal.to_string()
        } else {
            self.instant.names.instance(instance).to_owned()
        }
    }

    /// The number of a version, where it has one.
    fn number(&self, image: ImageId) -> Option<String> {
        let state = &self.instant.world.gallery.versions[image.index()];
        state.number.or(self.instant.plan().images[image.index()].version.number).map(|number| number.to_string())
    }

    /// `imageReference`: what a model says, and the version that it came to.
    fn image_reference(&self, reference: ImageReference, image: ImageId) -> Value {
        let mut out = resources::reference(self, reference);
        if let (Some(out), Some(exact)) = (out.as_object_mut(), self.number(image)) {
            out.insert("exactVersion".to_owned(), exact.into());
        }
        out
    }

    /// A resource as the user wrote it, where it is at hand.
    fn written(&self, kind: &str, name: &str) -> Option<Value> {
        self.resources.and_then(|resources| resources.find(kind, name)).map(resources::shown)
    }

    /// A balancer or a gateway as its writes so far have made it, where what the user wrote is at hand.
    fn now(&self, kind: &str, name: &str) -> Option<Value> {
        self.resources.and_then(|resources| resources::as_written(self, resources, (kind, name)))
    }

    /// The resource of a set under a revision of its model, where it is at hand.
    fn model(&self, set: SetId, revision: u32) -> Option<Rc<Value>> {
        let known = self.models.borrow().get(&(set, revision)).cloned();
        known.unwrap_or_else(|| {
            let made = resources::of_set(self, set, revision).map(Rc::new);
            self.models.borrow_mut().insert((set, revision), made.clone());
            made
        })
    }

    /// What an error names as its target.
    fn target(&self, instance: InstanceId) -> String {
        let set = self.instant.world.instances.rows[instance.index()].set;
        format!("{}/virtualMachines/{}", self.instant.names.set(set), self.instance_id(instance))
    }

    /// Whether an assumption that is a switch is on.
    fn switch(&self, assumption: Assumed<bool>) -> bool {
        self.instant.plan().assumptions.get(assumption)
    }

    /// Whether a rule is on.
    fn on(&self, rule: RuleId) -> bool {
        self.instant.plan().rules.on(rule)
    }

    /// An id as Azure makes them, from the seed and a number.
    fn guid(&self, kind: Kind, number: u64) -> String {
        let seed = self.instant.seed;
        let (kind, low) = (kind as u16, number & 0xffff_ffff_ffff);
        format!("{:08x}-{:04x}-4{kind:03x}-8000-{low:012x}", seed & 0xffff_ffff, seed >> 32 & 0xffff)
    }
}

/// A status as ARM writes it: code, level, what is shown, and since when.
fn status(code: &str, level: &str, shown: &str, time: Option<String>) -> Value {
    let mut status = json!({ "code": code, "level": level, "displayStatus": shown });
    if let Some(time) = time {
        status["time"] = time.into();
    }
    status
}

/// How often each code occurs, in the order of their first occurrence.
fn summary(codes: impl Iterator<Item = String>) -> Value {
    let mut counts: Vec<(String, u32)> = Vec::new();
    for code in codes {
        match counts.iter_mut().find(|(known, _)| *known == code) {
            Some((_, count)) => *count += 1,
            None => counts.push((code, 1)),
        }
    }
    counts.into_iter().map(|(code, count)| json!({ "code": code, "count": count })).collect()
}

/// Several answers as one document; a single one is its body alone, as Azure would send it.
pub fn document(view: &View<'_, '_>, answers: &[Answer]) -> Value {
    if let [one] = answers {
        return one.body.clone();
    }
    let answer = |answer: &Answer| json!({ "request": answer.request, "status": answer.status, "body": answer.body });
    json!({
        "at": view.instant.at.to_string(),
        "time": view.time(view.instant.at),
        "answers": answers.iter().map(answer).collect::<Vec<_>>(),
    })
}
