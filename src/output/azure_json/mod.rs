//! What Azure would have answered at an instant of a run: the requests, and the bodies in Azure's shapes and spelling.
//!
//! A file a resource: `upgrade.rs` and `history.rs` for upgrades, `set.rs`, `instance.rs`, `version.rs`, `template.rs`. What
//! can be asked for and how it is named is in `ask.rs`; `facts.rs` reads dates from the ledger; `human.rs` makes tables.
//!
//! Ids are the ends of Azure's, from the first name that a scenario knows: it has no subscription, resource group or
//! gallery. Left out is what the model has no word for: disks, network interfaces, names of computers, versions of agents
//! and extensions, tags, what the user wrote and nothing changes.

mod ask;
pub mod facts;
mod history;
pub mod human;
mod instance;
mod set;
mod template;
mod upgrade;
mod version;

pub use ask::{AskError, Question, ask, everything};

use super::clock;
use crate::experiment::instant::Instant;
use facts::Told;
use serde_json::{Map, Value, json};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{ImageReference, OrchestrationMode};
use windtunnel_sim::world::ids::{ImageId, InstanceId, RegionId, SetId};

/// A run stopped at an instant, and what its ledger says.
#[derive(Debug)]
pub struct View<'i, 'p> {
    /// The run.
    pub instant: &'i Instant<'p>,
    /// What is on record about each instance.
    pub told: Vec<Told>,
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
    #[must_use]
    pub fn new(instant: &'i Instant<'p>) -> Self {
        Self { instant, told: facts::told(&instant.ledger) }
    }

    /// Answers a question.
    #[must_use]
    pub fn answer(&self, question: Question) -> Answer {
        let body = match question {
            Question::Upgrade(set) => upgrade::latest(self, set),
            Question::History(set) => Some(history::of(self, set)),
            Question::Set(set) => Some(set::view(self, set)),
            Question::Instances(set) => Some(instance::list(self, set)),
            Question::Instance(instance) => instance::one(self, instance),
            Question::Version(image) => version::of(self, image),
            Question::Template(builder) => Some(template::of(self, builder)),
        };
        let request = format!("GET {}", question.path(self));
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
        let plan = self.instant.plan();
        let of = match reference {
            ImageReference::Definition(of) | ImageReference::PlatformLatest(of) => of,
            ImageReference::Version(image) => plan.images[usize::from(image)].version.definition,
        };
        let definition = &plan.definitions[usize::from(of)];
        let exact = self.number(image);
        let asked = match reference {
            ImageReference::Version(image) => self.number(ImageId(image)),
            _ => None,
        };
        let mut out = Map::new();
        // The name of a platform image is its three parts.
        if let [publisher, offer, sku] = definition.split(':').collect::<Vec<_>>()[..] {
            out.extend(
                [("publisher", publisher), ("offer", offer), ("sku", sku)].map(|(k, v)| (k.to_owned(), v.into())),
            );
            out.insert("version".to_owned(), asked.unwrap_or_else(|| "latest".to_owned()).into());
        } else {
            let version = asked.map_or_else(String::new, |number| format!("/versions/{number}"));
            out.insert("id".to_owned(), format!("images/{definition}{version}").into());
        }
        out.extend(exact.map(|exact| ("exactVersion".to_owned(), exact.into())));
        Value::Object(out)
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
#[must_use]
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
