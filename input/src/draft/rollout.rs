//! How a set comes to a new version of its image: the acts of a timeline, by its upgrade mode.

use super::fleet::DraftImage;
use super::{Draft, scalar};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{OrchestrationMode, Plan, UpgradeMode};
use windtunnel_sim::rules::{choice, key};

/// How long after the first instance the others are upgraded by hand.
const SOAK: SimDuration = SimDuration::from_mins(30);
/// How long a batch takes beside its pause: new disk, boot, wait for health.
const BATCH: SimDuration = SimDuration::from_mins(10);
/// When the acts of a draft begin.
pub const BEGINS: SimDuration = SimDuration::from_mins(10);

/// How a new version reaches a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Automatic OS upgrade notices it in the gallery.
    Published,
    /// A call brings the set to the newest version there is (RS-11).
    Called,
    /// A write of the model, in batches behind a gate.
    Rolling,
    /// A write of the model, all instances at once.
    AtOnce,
    /// A write of the model, and then instance by instance.
    ByHand,
}

/// How a new version of its image reaches a set.
#[must_use]
pub fn way(plan: &Plan, set: usize, image: &DraftImage) -> Way {
    let of = &plan.sets[set];
    let uniform = of.mode == OrchestrationMode::Uniform;
    match of.upgrade.mode {
        // A model with automatic OS upgrade cannot name a version (OS-01), whether it ever starts or not.
        _ if image.follows && of.upgrade.os.enabled => Way::Published,
        UpgradeMode::Rolling if image.follows && uniform => Way::Called,
        UpgradeMode::Rolling => Way::Rolling,
        UpgradeMode::Automatic => Way::AtOnce,
        UpgradeMode::Manual => Way::ByHand,
    }
}

/// An entry of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// It as YAML in a line, without the dash.
    pub yaml: String,
    /// It upgrades instances by name.
    pub is_by_hand: bool,
}

impl Entry {
    const fn of(yaml: String) -> Self {
        Self { yaml, is_by_hand: false }
    }

    const fn by_hand(yaml: String) -> Self {
        Self { yaml, is_by_hand: true }
    }
}

/// The entries of a timeline that bring a set to a version of its image from an instant on.
#[must_use]
pub fn acts(plan: &Plan, set: usize, image: &DraftImage, version: &str, at: SimDuration) -> Vec<Entry> {
    let of = &plan.sets[set];
    let (name, region) = (scalar(&of.name), scalar(&plan.regions[usize::from(of.region)].name));
    let later = at + SOAK;
    let definition = scalar(&image.image);
    let publish = format!(
        "{{ name: publish, at: {at}, publish: {{ image: {definition}, version: {version}, to: [{region}] }} }}"
    );
    let reference = if image.is_platform {
        format!("{{ version: {version} }}")
    } else {
        format!("{{ id: {} }}", scalar(&format!("{}/{version}", image.image)))
    };
    let profile = format!("{{ virtualMachineProfile: {{ storageProfile: {{ imageReference: {reference} }} }} }}");
    // What follows the latest has to find it in the gallery, and a model that names it, too.
    let writes = if image.follows { later } else { at };
    let write =
        format!("{{ name: new image, at: {writes}, updateModel: {{ scaleSet: {name}, properties: {profile} }} }}");
    let mut acts = if image.follows { vec![Entry::of(publish)] } else { Vec::new() };
    match way(plan, set, image) {
        Way::Published => {}
        Way::Called => {
            let call = format!("{{ name: upgrade, at: {later}, startOsUpgrade: {{ scaleSet: {name} }} }}");
            acts.push(Entry::of(call));
        }
        Way::Rolling | Way::AtOnce => acts.push(Entry::of(write)),
        Way::ByHand => {
            let (first, rest) = (writes + SimDuration::from_mins(5), writes + SimDuration::from_mins(5) + SOAK);
            acts.push(Entry::of(write));
            acts.push(Entry::by_hand(format!(
                "{{ name: the first by hand, at: {first}, upgradeInstances: {{ scaleSet: {name}, instances: [0] }} }}"
            )));
            let all = format!("{{ name: all by hand, at: {rest}, upgradeInstances: {{ scaleSet: {name} }} }}");
            acts.push(Entry::by_hand(all));
        }
    }
    acts
}

/// How long the acts of a draft take to the end, about.
#[must_use]
pub fn length(plan: &Plan, set: usize, image: Option<&DraftImage>) -> SimDuration {
    let of = &plan.sets[set];
    let Some(image) = image else { return SimDuration::from_mins(30) };
    let way = way(plan, set, image);
    let own = way != Way::Published || of.upgrade.os.use_rolling_policy;
    let by_policy = plan.assumptions.get(key::OsUpgradePolicy) == choice::OsUpgradePolicy::RollingPolicy;
    let policy = if own || by_policy { of.upgrade.rolling } else { windtunnel_sim::plan::RollingPolicy::DEFAULT };
    let zones = u32::try_from(of.zones.len().max(1)).unwrap_or(1);
    // A batch is of one zone, and no wider than what of that is in it.
    let in_zone = of.capacity.div_ceil(zones).max(1);
    let batch = (of.capacity * policy.max_batch_percent / 100).clamp(1, in_zone);
    let batches = u64::from(in_zone.div_ceil(batch) * zones);
    let rolling = SimDuration::from_ms((BATCH + policy.pause).ms() * batches);
    let replicated = if image.follows && way != Way::Published { SOAK } else { SimDuration::ZERO };
    let notice = plan.assumptions.get(key::OsUpgradeDetection);
    BEGINS
        + replicated
        + match way {
            Way::Published => notice + SimDuration::from_mins(60) + rolling,
            Way::Called | Way::Rolling => rolling,
            Way::AtOnce => SOAK,
            Way::ByHand => SOAK + SOAK + SimDuration::from_mins(5),
        }
}

/// Whether automatic OS upgrade of a set ever starts, as far as its orchestration mode says (OS-07).
#[must_use]
pub fn starts(plan: &Plan, set: usize) -> bool {
    plan.sets[set].mode == OrchestrationMode::Uniform || plan.assumptions.get(key::OsUpgradeFlexible)
}

impl Draft {
    /// The entries of a timeline that bring a set to a version of its image from an instant on. None where it has no image that another
    /// can follow.
    #[must_use]
    pub fn rollout(&self, set: usize, version: &str, at: SimDuration) -> Vec<Entry> {
        self.sets[set].image.as_ref().map_or_else(Vec::new, |image| acts(&self.plan, set, image, version, at))
    }

    /// How such a new version reaches a set.
    #[must_use]
    pub fn way(&self, set: usize) -> Option<Way> {
        Some(way(&self.plan, set, self.sets[set].image.as_ref()?))
    }
}
