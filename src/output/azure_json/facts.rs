//! What the ledger says of instances that the world keeps no date of: since when a state holds, and why it failed.

use super::errors;
use std::ops::{Index, IndexMut};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::{FleetView, Observer, Watched};
use windtunnel_sim::plan::{ExtensionNumber, Plan};
use windtunnel_sim::world::fact::{Fact, Field, GalleryFact, Record, RolloutFact};
use windtunnel_sim::world::ids::{InstanceId, SetId};
use windtunnel_sim::world::run::Sink;

/// What the ledger says of an instance beside what it is now.
#[derive(Clone, Debug, Default)]
pub struct Dates {
    /// Since when its provisioning state holds.
    pub since: SimTime,
    /// When its operating system last came up.
    pub booted: Option<SimTime>,
    /// Azure's code of what failed, where its provisioning failed.
    pub failure: Option<&'static str>,
    /// The extensions that reported since the last operation was begun: which, and whether well.
    pub extensions: Vec<(ExtensionNumber, bool)>,
    /// Since when its health is what it is, as the set knows it.
    pub health: Option<SimTime>,
    /// Its deletion failed: whether it is tried again.
    pub undeleted: Option<bool>,
}

/// The dates of each instance, in the order of their creation.
#[derive(Clone, Debug, Default)]
pub struct History(Vec<Dates>);

impl History {
    /// What a ledger says, and the fleet that it comes to.
    pub fn of<'p>(plan: &'p Plan, ledger: &[Record]) -> Watched<'p, Self> {
        let mut history = Watched::new(plan, Self::default());
        ledger.iter().for_each(|record| history.record(record));
        history
    }

    fn fail(&mut self, instance: InstanceId, time: SimTime, why: &'static str) {
        let dates = &mut self[instance];
        (dates.since, dates.failure) = (time, Some(why));
    }
}

impl Index<InstanceId> for History {
    type Output = Dates;

    fn index(&self, instance: InstanceId) -> &Dates {
        &self.0[instance.index()]
    }
}

impl IndexMut<InstanceId> for History {
    fn index_mut(&mut self, instance: InstanceId) -> &mut Dates {
        &mut self.0[instance.index()]
    }
}

impl Observer for History {
    fn before(&mut self, fleet: &FleetView<'_>, record: &Record) {
        let time = record.time;
        match record.fact {
            Fact::InstancePresent { .. } => {
                self.0.push(Dates { since: time, booted: Some(time), ..Dates::default() });
            }
            Fact::InstanceCreated { .. } => self.0.push(Dates { since: time, ..Dates::default() }),
            Fact::InstanceBooted { instance } => self[instance].booted = Some(time),
            Fact::BootFailed { instance } => self.fail(instance, time, "OSProvisioningTimedOut"),
            // The document of resilient delete gives no code; this is the general one.
            Fact::DeletionFailed { instance, again, .. } => {
                self[instance].undeleted = Some(again);
                if !again {
                    self.fail(instance, time, "InternalExecutionError");
                }
            }
            Fact::ExtensionsTimedOut { instance } => self.fail(instance, time, "VMExtensionProvisioningTimeout"),
            Fact::UpdateRefused { instance, why } => self.fail(instance, time, errors::refusal(why).0),
            Fact::ExtensionFailed { instance, extension } => {
                self[instance].extensions.push((extension, false));
                self.fail(instance, time, "VMExtensionProvisioningError");
            }
            Fact::ExtensionDone { instance, extension } => self[instance].extensions.push((extension, true)),
            Fact::InstanceProvisioned { instance } => {
                let dates = &mut self[instance];
                (dates.since, dates.failure) = (time, None);
            }
            Fact::UpdateStarted { instance, .. } => {
                let dates = &mut self[instance];
                (dates.since, dates.failure) = (time, None);
                dates.extensions.clear();
            }
            Fact::InstanceDeleting { instance, .. } => self[instance].since = time,
            // What is said again holds since it was first said.
            Fact::HealthReported { instance, to } if fleet.instances[instance.index()].health != Some(to) => {
                self[instance].health = Some(time);
            }
            Fact::HealthCleared { instance } => self[instance].health = None,
            _ => {}
        }
    }
}

/// The entries of an upgrade of a set, from its first on, by its number among the upgrades of the set; what belongs to a
/// later one is cut off.
pub fn of_upgrade(ledger: &[Record], set: SetId, number: usize) -> &[Record] {
    let begins =
        |record: &Record| matches!(record.fact, Fact::Rollout(RolloutFact::Started { set: of, .. }) if of == set);
    let mut starts = ledger.iter().enumerate().filter(|(_, record)| begins(record)).map(|(at, _)| at).skip(number);
    let from = starts.next().unwrap_or(ledger.len());
    &ledger[from..starts.next().unwrap_or(ledger.len())]
}

/// When something was last done to a set or one of its instances: what `time` of its own status means.
pub fn last_touched(fleet: &FleetView<'_>, ledger: &[Record], set: SetId) -> SimTime {
    let is_of = |instance: InstanceId| fleet.instances[instance.index()].set == set;
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
        | Fact::UpdateRefused { instance, .. } => is_of(*instance),
        Fact::Power(fact) => fact.instance().is_some_and(is_of),
        _ => false,
    };
    ledger.iter().rev().find(touches).map_or(SimTime::ZERO, |record| record.time)
}
