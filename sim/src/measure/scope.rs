//! Of what a measure is: of the whole fleet, or of a part of it.

use crate::plan::Plan;
use crate::world::ids::{EntryPointId, RegionId, SetId};
use std::collections::BTreeSet;

/// The kinds of parts that a measure can be given for beside the whole fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScopeKind {
    /// A load balancer, or one of its rules.
    EntryPoint,
    /// A scale set.
    ScaleSet,
    /// An availability zone of a region.
    Zone,
}

impl ScopeKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::EntryPoint, Self::ScaleSet, Self::Zone];

    /// The key that names such a part, in a scenario and in what is written: `entryPoint`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::EntryPoint => "entryPoint",
            Self::ScaleSet => "scaleSet",
            Self::Zone => "zone",
        }
    }

    /// What it is, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::EntryPoint => "entry point",
            Self::ScaleSet => "scale set",
            Self::Zone => "zone",
        }
    }
}

/// A part of the fleet by its name, which is the same whatever else a policy changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: ScopeKind,
    /// `lb-web`, `vmss-web`, `eastus/1`.
    pub name: String,
}

/// Of what a measure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The whole fleet.
    Fleet,
    /// An entry point.
    EntryPoint(EntryPointId),
    /// A scale set.
    ScaleSet(SetId),
    /// A zone of a region, 1 to 3.
    Zone(RegionId, u8),
}

/// The entry points that a name means: those with traffic where any has, and the first of several at which the same is met.
fn entry_points(plan: &Plan, name: &str) -> Vec<EntryPointId> {
    let mut named = plan.entry_points_named(name);
    let busy = |id: &EntryPointId| plan.entry_point(*id).traffic.is_some();
    if named.iter().any(busy) {
        named.retain(busy);
    } else if named.iter().all(|id| plan.entry_point(*id).is_like(plan.entry_point(named[0]))) {
        named.truncate(1);
    }
    named
}

impl Scope {
    /// The kind of part that it is; `None` for the whole fleet.
    #[must_use]
    pub const fn kind(self) -> Option<ScopeKind> {
        match self {
            Self::Fleet => None,
            Self::EntryPoint(_) => Some(ScopeKind::EntryPoint),
            Self::ScaleSet(_) => Some(ScopeKind::ScaleSet),
            Self::Zone(..) => Some(ScopeKind::Zone),
        }
    }

    /// The scale set that it is.
    pub(super) const fn set(self) -> Option<SetId> {
        if let Self::ScaleSet(set) = self { Some(set) } else { None }
    }

    /// Every part of a kind that a plan has: entry points with traffic, scale sets, and the zones that scale sets are in. It
    /// follows from the plan and not from a run, so that every run of a plan has the same measures.
    #[must_use]
    pub fn parts(plan: &Plan, kind: ScopeKind) -> Vec<Self> {
        match kind {
            ScopeKind::EntryPoint => {
                let entries = plan.entries().filter(|(id, entry)| entry.traffic.is_some() && !plan.is_part(*id));
                entries.map(|(id, _)| Self::EntryPoint(id)).collect()
            }
            ScopeKind::ScaleSet => (0..plan.sets.len()).map(|at| Self::ScaleSet(SetId(at as u16))).collect(),
            ScopeKind::Zone => {
                let zones: BTreeSet<(u16, u8)> =
                    plan.sets.iter().flat_map(|set| set.zones.iter().map(|&zone| (set.region, zone))).collect();
                zones.into_iter().map(|(region, zone)| Self::Zone(RegionId(region), zone)).collect()
            }
        }
    }

    /// The parts of a kind that a run has measures of: none where the one there is is the whole fleet.
    #[must_use]
    pub fn measured(plan: &Plan, kind: ScopeKind) -> Vec<Self> {
        let parts = Self::parts(plan, kind);
        let regional = kind == ScopeKind::Zone && plan.sets.iter().any(|set| set.zones.is_empty());
        if parts.len() > 1 || regional { parts } else { Vec::new() }
    }

    /// The parts of a kind that a name stands for: `lb-web`, `lb-web/rule` or `lb-web/pool`, `vmss-web`, `eastus/1` or `1`.
    #[must_use]
    pub fn named(plan: &Plan, kind: ScopeKind, name: &str) -> Vec<Self> {
        if kind == ScopeKind::EntryPoint {
            return entry_points(plan, name).into_iter().map(Self::EntryPoint).collect();
        }
        let is = |scope: &Self| match *scope {
            Self::Zone(_, zone) if zone.to_string() == name => true,
            scope => scope.name(plan).as_deref() == Some(name),
        };
        Self::parts(plan, kind).into_iter().filter(is).collect()
    }

    /// The part, as what is stored names it; `None` for the whole fleet.
    #[must_use]
    pub fn part(self, plan: &Plan) -> Option<Part> {
        self.kind().zip(self.name(plan)).map(|(kind, name)| Part { kind, name })
    }

    /// The name of the part; `None` for the whole fleet.
    #[must_use]
    pub fn name(self, plan: &Plan) -> Option<String> {
        match self {
            Self::Fleet => None,
            Self::EntryPoint(id) => Some(plan.entry_point_name(id)),
            Self::ScaleSet(set) => Some(plan.sets[set.index()].name.clone()),
            Self::Zone(region, zone) => Some(format!("{}/{zone}", plan.regions[region.index()].name)),
        }
    }
}
