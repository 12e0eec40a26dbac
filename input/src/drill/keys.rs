//! The keys of a drill's file.

use super::handles::Handle;
use crate::scenario::field::*;
use crate::scenario::shape::Kind::{self, Any, MapOf, Scalar};
use crate::scenario::shape::Names;
use windtunnel_sim::words;

words! {
    /// What a fleet must have so that an incident can happen to it.
    pub enum Need {
        /// Two zones or more.
        Zones => "zones",
        /// Spot instances.
        Spot => "spot",
        /// A rolling upgrade that surges.
        Surge => "surge",
        /// Automatic repairs.
        Repairs => "repairs",
        /// An enabled autoscale setting.
        Autoscale => "autoscale",
        /// An image of its team, which is published to its region.
        OwnImage => "ownImage",
    }
}

words! {
    /// What becomes of the new version that is rolled out.
    pub enum Rollout {
        /// It is good: whoever halts it halts it without need.
        Good => "good",
        /// It is bad: the sooner it is halted the better.
        Bad => "bad",
    }
}

words! {
    /// What the value of a parameter is.
    pub enum Is {
        /// A length of time.
        Duration => "duration",
        /// A share.
        Share => "share",
        /// A number.
        Number => "number",
    }
}

object! {
    /// An incident that is fitted to a fleet. What is under `scenario` is laid over the scenario of the fleet as a policy is, its
    /// parameters put in.
    mod drill "Drill";
    /// version of this format
    DRILL: Whole<u32, 1, 1> = required("drill");
    /// what goes wrong, in a line
    TITLE: Text = required("title");
    /// what happens, to which machines, and what to look at
    DESCRIPTION: Text = required("description");
    /// what the fleet must have; without it the drill is left out, and says so
    NEEDS: WordList<Need> = optional("needs");
    /// the next version of the image is rolled out at `$(start)`, as this fleet does it: `good`, so that a halt is one without
    /// need, or `bad`
    ROLLOUT: Words<Rollout> = optional("rollout");
    /// dependencies that the paths which probes request need, too; a probe of the bare port sees none, and neither does one of a page
    /// of the server, such as `/`
    PROBES_ASK_FOR: Texts = optional("probesAskFor");
    /// names that `--set` may give other values
    PARAMETERS: Tree = optional("parameters", MapOf(Names::Of("parameter"), &parameter::MAPPING));
    /// keys of a scenario but for `resources`: a drill changes the world around a fleet, and only its `policies` change the fleet
    SCENARIO: Tree = optional("scenario", Any);
}

object! {
    /// A parameter of a drill.
    mod parameter "Parameter";
    /// what its value is
    IS: Words<Is> = required("is");
    /// its value where nobody gives another
    DEFAULT: Tree = required("default", Scalar);
    /// what it means
    MEANING: Text = required("meaning");
}

/// Names that the fleet gives.
pub(super) fn handles() -> impl Iterator<Item = &'static str> {
    use windtunnel_sim::plan::Word as _;
    Handle::WORDS.iter().copied()
}

/// What a drill's file is.
pub static FILE: Kind = drill::MAPPING;
