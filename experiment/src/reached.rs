//! When a new version has reached every instance of a set, by whatever way: in batches, at once or by hand.
//!
//! `rollout.duration_s` knows only of upgrades in batches. Fleets that are upgraded in different ways have one length in common: from
//! when the first instance is taken to it until every instance serves on the new version. What comes before that is a wait for a call or
//! for Azure, which is no part of the rollout.

use super::column::Column;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::{Change, FleetView, Observer};
use windtunnel_sim::measure::{Stored, Value};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::{Fact, Record, Service};
use windtunnel_sim::world::ids::{ImageId, SetId};

/// The name of the column that has it, in seconds.
pub const REACHED: &str = "rollout.reached_s";

/// A rollout whose end is looked for.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The set.
    pub set: String,
    /// The version, `image/version`.
    pub version: String,
    /// When what leads to the rollout begins: a rollout that never begins is counted from here.
    pub from: SimTime,
}

/// Looks for the end of a rollout.
#[derive(Clone, Debug)]
pub struct Reached {
    set: Option<SetId>,
    image: Option<ImageId>,
    from: SimTime,
    /// When the first instance was taken to the version.
    begun: Option<SimTime>,
    /// When half of the instances were on the version, or on their way to it.
    pub half: Option<SimTime>,
    /// When all of them served on it.
    pub all: Option<SimTime>,
    over: SimTime,
}

impl Reached {
    /// Of a run of this plan.
    #[must_use]
    pub fn new(plan: &Plan, followed: &Followed) -> Self {
        let set = plan.sets.iter().position(|set| set.name == followed.set);
        let image = plan.images.iter().position(|image| image.name == followed.version);
        Self {
            set: set.map(|at| SetId(at as u16)),
            image: image.map(|at| ImageId(at as u16)),
            from: followed.from,
            begun: None,
            half: None,
            all: None,
            over: SimTime::ZERO,
        }
    }

    /// The column that it is kept in.
    #[must_use]
    pub fn column() -> Column {
        Column::new(REACHED, None, "s")
    }

    /// How long it took; what did not come to an end took longer than there was time.
    #[must_use]
    pub fn value(&self) -> Stored {
        let from = self.begun.unwrap_or(self.from);
        match self.all {
            Some(at) => Value::Number(at.since(from).seconds()),
            None => Value::AtLeast(self.over.since(from).seconds()),
        }
        .stored()
    }

    fn look(&mut self, fleet: &FleetView<'_>, at: SimTime) {
        let (Some(set), Some(image)) = (self.set, self.image) else { return };
        let (mut all, mut moved, mut serving) = (0_usize, 0, 0);
        for unit in fleet.instances.iter().filter(|unit| unit.set == set && unit.is_present()) {
            all += 1;
            moved += usize::from(unit.image == image);
            serving += usize::from(unit.image == image && unit.service() == Service::Ready);
        }
        if self.begun.is_none() && moved > 0 {
            self.begun = Some(at);
        }
        if self.half.is_none() && all > 0 && 2 * moved >= all {
            self.half = Some(at);
        }
        if all > 0 && serving == all {
            self.all = Some(at);
        }
    }
}

impl Observer for Reached {
    fn after(&mut self, fleet: &FleetView<'_>, record: &Record, _: Option<&Change>) {
        if matches!(record.fact, Fact::UpdateStarted { image, .. } if Some(image) == self.image) && self.begun.is_none()
        {
            self.begun = Some(record.time);
        }
        let may = matches!(
            record.fact,
            Fact::DiskSwapped { .. }
                | Fact::InstanceCreated { .. }
                | Fact::ServiceChanged { .. }
                | Fact::InstanceDeleting { .. }
        );
        if may && self.all.is_none() {
            self.look(fleet, record.time);
        }
    }

    fn end(&mut self, _: &FleetView<'_>, at: SimTime) {
        self.over = at;
    }
}
