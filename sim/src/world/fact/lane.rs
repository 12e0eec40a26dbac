//! Where a fact belongs among the lanes of events of a report, and how it is meant there.

use crate::words;

words! {
    /// A lane of events; from top to bottom.
    #[derive(PartialOrd, Ord)]
    pub enum FactLane {
        /// What the timeline and faults do.
        Timeline = 0 => "timeline and faults",
        /// Upgrades.
        Rollout = 1 => "rollout",
        /// Scaling, whoever asks.
        Scaling = 2 => "scaling",
        /// Repairs, evictions, and what fails on instances.
        Repairs = 3 => "repairs and evictions",
        /// Pipelines.
        Pipelines = 4 => "pipelines",
        /// Galleries and image templates.
        Images = 5 => "images",
        /// Agents that are online.
        Agents = 6 => "agents",
        /// Jobs.
        Jobs = 7 => "jobs",
        /// What users notice.
        Users = 8 => "users",
        /// Anything else.
        Other = 9 => "other",
    }
}

/// What a fact does in its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LanePart {
    /// Opens a bar.
    Begin,
    /// Closes it.
    End,
    /// Closes the bar that is open and opens the next, as a stage does.
    Stage,
    /// A mark at one instant.
    Tick,
    /// A mark, which becomes a bar if something closes it.
    Act,
}

/// How it is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LaneTone {
    /// Work under way.
    Work = 0,
    /// It went well.
    Good = 1,
    /// It waits.
    Wait = 2,
    /// It went wrong, or users are harmed.
    Bad = 3,
    /// Someone did it.
    Act = 4,
}

impl LaneTone {
    /// Good if something is so, and bad if not.
    #[must_use]
    pub const fn good_if(so: bool) -> Self {
        if so { Self::Good } else { Self::Bad }
    }
}

/// The place of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LanePlace {
    /// Its lane.
    pub lane: FactLane,
    /// What it does there.
    pub part: LanePart,
    /// What its bar has in common with the fact that closes it.
    pub stem: &'static str,
    /// How it is meant.
    pub tone: LaneTone,
}
