//! What a model says of its instances, how changes of it reach them, and the changes themselves.

use super::{Act, Action, CustomData, Extension, HealthExtension, ImageReference, Plan, Prices, RepairsPolicy};
use crate::engine::time::SimDuration;

/// The part of `virtualMachineProfile` that an instance is given beside its image.
#[derive(Clone, Debug, PartialEq)]
pub struct VmProfile {
    /// Who says whether an instance is healthy.
    pub health_source: HealthSource,
    /// The settings of the Application Health extension, where the model has it.
    pub health_extension: Option<HealthExtension>,
    /// Extensions of the model that take time or change an instance, in model order.
    pub extensions: Vec<Extension>,
    /// What cloud-init does with `osProfile.customData`.
    pub custom_data: Option<CustomData>,
    /// `extensionsTimeBudget` (EX-06).
    pub extensions_budget: SimDuration,
    /// `terminateNotificationProfile`: its `notBeforeTimeout`, where it is enabled (TN-01).
    pub terminate: Option<SimDuration>,
    /// `osImageNotificationProfile`: its `notBeforeTimeout`, where it is enabled and the size has such events (OS-16).
    pub os_image: Option<SimDuration>,
}

impl Plan {
    /// What instances of a set are given by its model as the run begins, or as an action of the timeline changes it.
    ///
    /// # Panics
    /// If that action changes nothing of it.
    #[must_use]
    #[inline]
    pub fn profile(&self, set: usize, changed_by: Option<usize>) -> &VmProfile {
        let Some(action) = changed_by else { return &self.sets[set].profile };
        match &self.timeline[action].what {
            Act::ChangeModel { change, .. } => change.profile.as_ref().expect("a profile comes from what changed it"),
            _ => unreachable!("only a change of the model changes a profile"),
        }
    }

    /// The pools of the instances of a set by its model as the run begins, or as an action of the timeline changes it.
    #[must_use]
    #[inline]
    pub fn pools_of(&self, set: usize, changed_by: Option<usize>) -> &[u16] {
        let changed = changed_by.and_then(|action| self.timeline[action].what.change()?.pools.as_deref());
        changed.unwrap_or(&self.sets[set].pools)
    }

    /// Whether instances of a set are in a pool by any of its models.
    #[must_use]
    pub fn joins(&self, set: usize, pool: u16) -> bool {
        let of = |action: &Action| {
            let is_of = matches!(action.what, Act::ChangeModel { set: of, .. } if usize::from(of) == set);
            is_of && action.what.change().and_then(|of| of.pools.as_ref()).is_some_and(|pools| pools.contains(&pool))
        };
        self.sets[set].pools.contains(&pool) || self.timeline.iter().any(of)
    }

    /// What instances may be given beside the image: by the models that the sets begin with, and by their changes.
    pub fn profiles(&self) -> impl Iterator<Item = &VmProfile> {
        let changed = self.timeline.iter().filter_map(|action| match &action.what {
            Act::ChangeModel { change, .. } => change.profile.as_ref(),
            _ => None,
        });
        self.sets.iter().map(|set| &set.profile).chain(changed)
    }

    /// The size that this action of the timeline gives to the model of a set; `None` where the model has the size that it began
    /// with.
    #[must_use]
    pub fn resized(&self, changed_by: Option<usize>) -> Option<&Size> {
        match &self.timeline[changed_by?].what {
            Act::ChangeModel { change, .. } => change.size.as_ref(),
            _ => None,
        }
    }

    /// The name of the size of instances of a set, after this action.
    #[must_use]
    pub fn size(&self, set: usize, changed_by: Option<usize>) -> &str {
        self.resized(changed_by).map_or(&self.sets[set].size, |size| &size.name)
    }

    /// And its cores.
    #[must_use]
    pub fn cores(&self, set: usize, changed_by: Option<usize>) -> u32 {
        self.resized(changed_by).map_or(self.sets[set].cores, |size| size.cores)
    }

    /// And what they cost.
    #[must_use]
    pub fn prices(&self, set: usize, changed_by: Option<usize>) -> Option<Prices> {
        self.resized(changed_by).map_or(self.sets[set].prices, |size| size.prices)
    }
}

/// Which extension of which model: what instances were given may change during a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtensionNumber(pub u32);

/// More than a model has extensions.
const EXTENSIONS_MAX: u32 = 1 << 10;

impl ExtensionNumber {
    /// The extension with this index, of the model as the run begins or as this action of the timeline changes it.
    ///
    /// # Panics
    /// If a timeline has four million actions.
    #[must_use]
    pub fn new(changed_by: Option<usize>, index: u16) -> Self {
        let changed_by = changed_by.map_or(0, |action| u32::try_from(action + 1).expect("fewer actions"));
        Self(changed_by * EXTENSIONS_MAX + u32::from(index))
    }

    /// The extension of a set.
    #[must_use]
    pub fn of(self, plan: &Plan, set: usize) -> Option<&Extension> {
        let changed_by = (self.0 / EXTENSIONS_MAX).checked_sub(1).map(|action| action as usize);
        plan.profile(set, changed_by).extensions.get((self.0 % EXTENSIONS_MAX) as usize)
    }
}

/// `upgradePolicy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UpgradePolicy {
    /// How a change of the model reaches the instances (UM-01).
    pub mode: UpgradeMode,
    /// `rollingUpgradePolicy`.
    pub rolling: RollingPolicy,
    /// The model has one, and its numbers are no mere defaults (RU-43).
    pub rolling_given: bool,
    /// `automaticOSUpgradePolicy`.
    pub os: OsUpgradePolicy,
}

crate::words! {
    /// `upgradePolicy.mode`.
    #[derive(Default)]
    pub enum UpgradeMode {
        /// Only what is named is upgraded (UM-02).
        #[default]
        Manual => "Manual",
        /// All instances at once (UM-04).
        Automatic => "Automatic",
        /// In batches, behind a gate of health (UM-05).
        Rolling => "Rolling",
    }
}

/// `rollingUpgradePolicy`, its defaults filled in (RU-01…RU-08).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RollingPolicy {
    /// `maxBatchInstancePercent`.
    pub max_batch_percent: u32,
    /// `maxUnhealthyInstancePercent`.
    pub max_unhealthy_percent: u32,
    /// `maxUnhealthyUpgradedInstancePercent`.
    pub max_unhealthy_upgraded_percent: u32,
    /// `pauseTimeBetweenBatches`.
    pub pause: SimDuration,
    /// `prioritizeUnhealthyInstances`.
    pub prioritize_unhealthy: bool,
    /// `enableCrossZoneUpgrade`.
    pub cross_zone: bool,
    /// `maxSurge`.
    pub max_surge: bool,
    /// `rollbackFailedInstancesOnPolicyBreach`.
    pub rollback_on_breach: bool,
}

impl RollingPolicy {
    /// What Azure takes where a model says nothing (RU-01 to RU-08).
    pub const DEFAULT: Self = Self {
        max_batch_percent: 20,
        max_unhealthy_percent: 20,
        max_unhealthy_upgraded_percent: 20,
        pause: SimDuration::ZERO,
        prioritize_unhealthy: false,
        cross_zone: false,
        max_surge: false,
        rollback_on_breach: false,
    };
}

impl Default for RollingPolicy {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// `automaticOSUpgradePolicy` (OS-01, OS-15, OS-21, OS-24).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OsUpgradePolicy {
    /// `enableAutomaticOSUpgrade`.
    pub enabled: bool,
    /// `disableAutomaticRollback`.
    pub disable_rollback: bool,
    /// `useRollingUpgradePolicy`.
    pub use_rolling_policy: bool,
    /// `osRollingUpgradeDeferral`.
    pub deferral: bool,
}

/// A write to the model of a set: what it changes. What it leaves out stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelChange {
    /// `storageProfile.imageReference`.
    pub image: Option<ImageReference>,
    /// Extensions, health source.
    pub profile: Option<VmProfile>,
    /// The pools that the network interfaces are in.
    pub pools: Option<Vec<u16>>,
    /// `upgradePolicy`. It is of the set: no instance has to be brought to it.
    pub upgrade: Option<UpgradePolicy>,
    /// `automaticRepairsPolicy`. It too is of the set.
    pub repairs: Option<RepairsPolicy>,
    /// `sku.name`.
    pub size: Option<Size>,
    /// What the rest of what changed takes on an instance (UM-09).
    pub rest: Reach,
}

/// A size of machines.
#[derive(Clone, Debug, PartialEq)]
pub struct Size {
    /// `Standard_D4as_v5`.
    pub name: String,
    /// Its cores, which count to the quota.
    pub cores: u32,
    /// What its instances cost, where the scenario has a price for it.
    pub prices: Option<Prices>,
}

/// What a change beside image and extensions takes on an instance before it is in force there (UM-08, UM-09).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// It is of the set, and concerns no instance: tags, policies.
    #[default]
    Nothing,
    /// It is written to the instance while that runs.
    InPlace,
    /// It is written to the instance while that runs, and is in force after the next reimage: passwords, custom data.
    NextReimage,
    /// The instance is restarted for it: another size, another proximity placement group.
    Restart,
}

impl Act {
    /// What it changes of the model of a set.
    #[must_use]
    pub fn change(&self) -> Option<&ModelChange> {
        if let Self::ChangeModel { change, .. } = self { Some(change) } else { None }
    }
}

impl ModelChange {
    /// Whether instances have to be brought to the change (UM-08).
    #[must_use]
    pub const fn reaches_instances(&self) -> bool {
        self.image.is_some() || self.profile.is_some() || self.size.is_some() || !matches!(self.rest, Reach::Nothing)
    }
}

/// Who says whether an instance is healthy (UM-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthSource {
    /// Nobody: power state and extension provisioning state stand in (RU-27).
    None,
    /// The Application Health extension.
    Extension,
    /// The probe that `networkProfile.healthProbe` names: the probe of this pool.
    Probe(u16),
    /// Both are configured, which disables repairs and automatic OS upgrades.
    Conflict,
}
