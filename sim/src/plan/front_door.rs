//! Routes of Front Door: users who arrive at edge sites are led to one of several origins.

use super::{Monitor, Share};
use crate::engine::time::SimDuration;

/// A route of an endpoint, with the origin group that it leads to.
#[derive(Clone, Debug)]
pub struct FrontDoor {
    /// The name of its profile.
    pub profile: String,
    /// That of its endpoint, which users know.
    pub endpoint: String,
    /// Its own.
    pub route: String,
    /// The origin group that it leads to.
    pub group: String,
    /// How the origins are probed, and judged by their samples (AFD-01, AFD-02).
    pub monitor: Monitor,
    /// How much slower than the fastest an origin may be to be chosen (AFD-05).
    pub sensitivity: SimDuration,
    /// The origins of the group.
    pub origins: Vec<Origin>,
    /// Who arrives: the shares sum to [`super::WHOLE`].
    pub users: Vec<EdgeUsers>,
    /// Where its users arrive, among the entry points.
    pub entry_point: u16,
}

/// An origin of a group.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Its name.
    pub name: String,
    /// The entry point that it leads to: the rule of a balancer, or the listener of a gateway.
    pub to: u16,
    /// What a write can change of it.
    pub setting: OriginSetting,
    /// Its group has a probe, and it is ever enabled beside another (AFD-06).
    pub probed: bool,
}

/// What is configured of an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginSetting {
    /// `enabledState` is Enabled.
    pub enabled: bool,
    /// The lower, the sooner it is chosen.
    pub priority: u32,
    /// Its weight among those that are as good.
    pub weight: u32,
}

/// Users who arrive at the same edge sites.
#[derive(Clone, Debug)]
pub struct EdgeUsers {
    /// Their share of the users of the endpoint.
    pub share: Share,
    /// The latency from their edge to each origin; `None` where nothing says.
    pub latency: Vec<Option<SimDuration>>,
}

impl OriginSetting {
    /// Enabled, of the first priority and the usual weight.
    pub const USUAL: Self = Self { enabled: true, priority: 1, weight: 50 };
}

impl Origin {
    /// An enabled origin that leads to one entry point and is probed.
    #[must_use]
    pub fn plain(name: &str, to: u16) -> Self {
        Self { name: name.into(), to, setting: OriginSetting::USUAL, probed: true }
    }
}
