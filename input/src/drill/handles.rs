//! What a fleet gives to a drill by name.

use super::value::Value;
use std::collections::BTreeMap;
use windtunnel_sim::plan::Word as _;
use windtunnel_sim::words;

words! {
    /// A name that stands for something of the fleet.
    pub enum Handle {
        /// The scale set that is upgraded.
        Set => "set",
        /// Where its users come in.
        EntryPoint => "entryPoint",
        /// Its image.
        Image => "image",
        /// The version of it that runs.
        CurrentVersion => "currentVersion",
        /// The version that is rolled out.
        NextVersion => "nextVersion",
        /// Its instances.
        Capacity => "capacity",
        /// What its users send.
        Demand => "demand",
        /// Its region.
        Region => "region",
        /// The last of its zones.
        Zone => "zone",
        /// Cores of all sets in its region.
        Cores => "cores",
        /// When a rollout begins.
        Start => "start",
        /// The middle of a good rollout.
        Middle => "middle",
    }
}

impl Handle {
    /// What it is, for the page.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Set => "the scale set that is upgraded: the largest that users reach",
            Self::EntryPoint => "where its users come in, as `traffic` names it; of several, the first",
            Self::Image => "its image, as `images` names it",
            Self::CurrentVersion => "the version that it runs",
            Self::NextVersion => "the version that is rolled out",
            Self::Capacity => "how many instances it has: a whole number",
            Self::Demand => "what users send to `$(entryPoint)`: a rate",
            Self::Region => "its region",
            Self::Zone => "the last of its zones; a set without zones has none",
            Self::Cores => "cores of all instances in its region: a whole number",
            Self::Start => "when a rollout begins: a duration since the beginning",
            Self::Middle => "half-way through the rollout of a good image, as it goes with seed 1",
        }
    }

    /// What a fleet lacks that has no such thing.
    #[must_use]
    pub const fn lack(self) -> &'static str {
        match self {
            Self::Set | Self::Region | Self::Capacity | Self::Cores => "no scale set",
            Self::EntryPoint | Self::Demand => "no entry point",
            Self::Image | Self::CurrentVersion | Self::NextVersion => "no image that could have a new version",
            Self::Zone => "no zones",
            Self::Start | Self::Middle => "no rollout",
        }
    }

    /// Whether two fleets that are compared must agree in it: a measure of the incident, and no name of a part of the fleet.
    #[must_use]
    pub const fn is_measure(self) -> bool {
        matches!(self, Self::Capacity | Self::Demand | Self::Cores | Self::Start | Self::Middle)
    }
}

/// The values of the names that a fleet gives; one that it lacks is not among them.
#[derive(Clone, Debug, Default)]
pub struct Handles(BTreeMap<&'static str, Value>);

impl Handles {
    /// Gives a name its value.
    pub fn put(&mut self, handle: Handle, value: Option<Value>) {
        if let Some(value) = value {
            self.0.insert(handle.word(), value);
        }
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, handle: Handle) -> Option<&Value> {
        self.0.get(handle.word())
    }

    /// The same names of the fleet, with the measures of another one: so the same incident happens to both.
    #[must_use]
    pub fn measured_as(&self, other: &Self) -> Self {
        let mut own = self.clone();
        for handle in Handle::ALL.iter().filter(|handle| handle.is_measure()) {
            own.put(*handle, other.get(*handle).cloned());
        }
        own
    }
}
