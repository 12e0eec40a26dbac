//! Writes to resources of the network, and acts in sequence.

use super::{OriginSetting, Probe, Prober, Profile, SettingWritten, Tier};

/// A write to a resource, as what it changes of the plan.
///
/// It sets what its patch names, over the resource as it is then (VS-16). How long the steps before a write take is drawn, so writes of
/// several entries may come in one order or another: the plan has what comes of it in each.
#[derive(Clone, Debug)]
pub struct Write {
    /// The resource.
    pub resource: String,
    /// The generation of the gateway that it is; `None` of a load balancer.
    pub gateway: Option<Tier>,
    /// The resources that it is read together with, by a number: they have their versions together.
    pub group: u16,
    /// What comes of it in each version that it may find, first in the one that the file is read in; one where it finds no other.
    pub outcomes: Vec<Outcome>,
}

/// What comes of a write that finds a version of what it writes.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The version that it finds. Every group begins with version 0.
    pub finds: u16,
    /// The version that it leaves.
    pub leaves: u16,
    /// What changes; nothing where the model acts on nothing of it, as of tags.
    pub changes: Vec<Change>,
    /// Azure refuses it: an index into [`super::Plan::refusals`].
    pub refusal: Option<u16>,
}

impl Write {
    /// A write to a balancer or a profile that changes the same whatever it finds.
    #[must_use]
    pub fn plain(resource: &str, changes: Vec<Change>) -> Self {
        let outcomes = vec![Outcome { finds: 0, leaves: 0, changes, refusal: None }];
        Self { resource: resource.into(), gateway: None, group: 0, outcomes }
    }
}

/// A change.
#[derive(Clone, Debug)]
pub enum Change {
    /// The probe of a pool is another one.
    Probe {
        /// The pool.
        pool: u16,
        /// What it is now.
        probe: Box<Probe>,
        /// How who probes judges now.
        prober: Box<Prober>,
        /// `noHealthyBackendsBehavior` is `AllProbedUp` (LB-20).
        all_probed_up: bool,
    },
    /// An origin of Front Door is configured otherwise.
    Origin {
        /// The route.
        front_door: u16,
        /// The number of the origin.
        origin: u16,
        /// What it is now.
        setting: OriginSetting,
    },
    /// An autoscale setting is another one.
    Setting {
        /// The setting.
        setting: u16,
        /// What it is now.
        now: SettingWritten,
    },
    /// A gateway has other bounds of how many instances it has.
    Gateway {
        /// The gateway, by its place in [`super::Plan::gateways`].
        gateway: u16,
        /// The fewest.
        least: u16,
        /// The most.
        most: u16,
    },
    /// A profile of Traffic Manager is another one.
    Profile {
        /// The profile.
        profile: u16,
        /// What it is now: its endpoints stand where they stood, and who asks for it stays who asked.
        now: Box<Profile>,
        /// What it answers now, by the profile whose name is asked for and by the group of its users: its endpoints in order.
        orders: Vec<Vec<Vec<u16>>>,
    },
    /// An entry point leads elsewhere.
    Rule {
        /// The entry point.
        entry_point: u16,
        /// The pool that it leads to now; `None` where nobody answers.
        to: Option<u16>,
        /// Its address went, and with it what was open.
        cuts: bool,
    },
}

/// Acts one after another, each when the one before has returned. They are entries of the timeline that have no time of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// The place of the first in the timeline.
    pub first: u32,
    /// How many there are.
    pub count: u32,
    /// After how many of them whoever does them dies; `None` if that does not happen.
    pub dies_after: Option<u32>,
}
