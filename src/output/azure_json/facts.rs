//! What the ledger says of instances that the world keeps no date of: since when a state holds, and why it failed.

use super::errors;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::ExtensionNumber;
use windtunnel_sim::world::fact::{Fact, Field, GalleryFact, Health, Record, RolloutFact};
use windtunnel_sim::world::ids::{InstanceId, SetId};

/// What is on record about an instance.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Its set.
    pub set: Option<SetId>,
    /// It stands: not deleted, nor being deleted.
    pub stands: bool,
    /// Its provisioning came to a good end, and nothing was begun since.
    pub provisioned: bool,
    /// Since when its provisioning state holds.
    pub since: SimTime,
    /// When its operating system last came up.
    pub booted: Option<SimTime>,
    /// Azure's code of what failed, where its provisioning failed.
    pub failure: Option<&'static str>,
    /// The extensions that reported since the last operation was begun: which, and whether well.
    pub extensions: Vec<(ExtensionNumber, bool)>,
    /// Its health as the set knows it, and since when.
    pub health: Option<(Health, SimTime)>,
    /// Its deletion failed: whether it is tried again.
    pub undeleted: Option<bool>,
}

/// What is on record about each instance, in the order of their creation.
#[must_use]
pub fn told(ledger: &[Record]) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    for record in ledger {
        take(&mut all, record);
    }
    all
}

fn take(all: &mut Vec<Told>, record: &Record) {
    let time = record.time;
    match record.fact {
        Fact::InstancePresent { instance, set, .. } | Fact::InstanceCreated { instance, set, .. } => {
            let stood = matches!(record.fact, Fact::InstancePresent { .. });
            let booted = stood.then_some(time);
            let new = Told { set: Some(set), stands: true, provisioned: stood, since: time, booted, ..Told::default() };
            if all.len() <= instance.index() {
                all.resize_with(instance.index() + 1, Told::default);
            }
            all[instance.index()] = new;
        }
        Fact::InstanceBooted { instance } => of(all, instance).booted = Some(time),
        Fact::BootFailed { instance } => failed(all, instance, time, "OSProvisioningTimedOut"),
        // The document of resilient delete gives no code; this is the general one.
        Fact::DeletionFailed { instance, again, .. } => {
            of(all, instance).undeleted = Some(again);
            if !again {
                of(all, instance).stands = true;
                failed(all, instance, time, "InternalExecutionError");
            }
        }
        Fact::ExtensionsTimedOut { instance } => failed(all, instance, time, "VMExtensionProvisioningTimeout"),
        Fact::UpdateRefused { instance, why } => failed(all, instance, time, errors::refusal(why).0),
        Fact::ExtensionFailed { instance, extension } => {
            of(all, instance).extensions.push((extension, false));
            failed(all, instance, time, "VMExtensionProvisioningError");
        }
        Fact::ExtensionDone { instance, extension } => of(all, instance).extensions.push((extension, true)),
        Fact::InstanceProvisioned { instance } => {
            let told = of(all, instance);
            (told.provisioned, told.since, told.failure) = (true, time, None);
        }
        Fact::UpdateStarted { instance, .. } => {
            let told = of(all, instance);
            (told.provisioned, told.since, told.failure) = (false, time, None);
            told.extensions.clear();
        }
        Fact::InstanceDeleting { instance, .. } => {
            let told = of(all, instance);
            (told.provisioned, told.stands, told.since) = (false, false, time);
        }
        Fact::HealthReported { instance, to } => {
            let told = of(all, instance);
            // What is said again holds since it was first said.
            if told.health.is_none_or(|(is, _)| is != to) {
                told.health = Some((to, time));
            }
        }
        Fact::HealthCleared { instance } => of(all, instance).health = None,
        _ => {}
    }
}

fn of(all: &mut [Told], instance: InstanceId) -> &mut Told {
    &mut all[instance.index()]
}

fn failed(all: &mut [Told], instance: InstanceId, time: SimTime, why: &'static str) {
    let told = of(all, instance);
    (told.provisioned, told.since, told.failure) = (false, time, Some(why));
}

/// The entries of an upgrade of a set, from its first on, by its number among the upgrades of the set; what belongs to a
/// later one is cut off.
#[must_use]
pub fn of_upgrade(ledger: &[Record], set: SetId, number: usize) -> &[Record] {
    let begins =
        |record: &Record| matches!(record.fact, Fact::Rollout(RolloutFact::Started { set: of, .. }) if of == set);
    let mut starts = ledger.iter().enumerate().filter(|(_, record)| begins(record)).map(|(at, _)| at).skip(number);
    let from = starts.next().unwrap_or(ledger.len());
    &ledger[from..starts.next().unwrap_or(ledger.len())]
}

/// When something was last done to a set or one of its instances: what `time` of its own status means.
#[must_use]
pub fn last_touched(ledger: &[Record], told: &[Told], set: SetId) -> SimTime {
    let touches = |record: &&Record| match &record.fact {
        Fact::CapacitySet { set: of, .. } | Fact::ModelChanged { set: of, .. } => *of == set,
        Fact::Rollout(fact) => fact.subject() == Some(Field::Set(set)),
        Fact::Gallery(GalleryFact::ImageResolved { set: of, .. }) => *of == set,
        Fact::InstancePresent { instance, .. }
        | Fact::InstanceProvisioned { instance }
        | Fact::InstanceDeleted { instance }
        | Fact::DeletionFailed { instance, .. }
        | Fact::BootFailed { instance }
        | Fact::ExtensionFailed { instance, .. }
        | Fact::ExtensionsTimedOut { instance }
        | Fact::UpdateRefused { instance, .. } => told[instance.index()].set == Some(set),
        Fact::Power(fact) => fact.instance().is_some_and(|instance| told[instance.index()].set == Some(set)),
        _ => false,
    };
    ledger.iter().rev().find(touches).map_or(SimTime::ZERO, |record| record.time)
}
