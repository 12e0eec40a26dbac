//! Release pipelines that work on instances from outside.

use super::{Code, Environment};
use crate::engine::random::Dist;
use crate::engine::time::SimDuration;

/// A release pipeline that works on instances from outside.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// Its name.
    pub name: String,
    /// Sets it looks after.
    pub sets: Vec<u16>,
    /// The code it installs.
    pub installs: Code,
    /// The code that it has installed everywhere when the run begins.
    pub deployed: Option<Code>,
    /// What a new instance is noticed by.
    pub trigger: Trigger,
    /// From that to the start of a run.
    pub delay: Dist,
    /// How long a run takes on one instance.
    pub duration: Dist,
    /// How often it fails on an instance, 0 to 1.
    pub failure: f64,
    /// Dependencies that an instance must reach when a run on it ends, as bits: it fails without them (WT-21).
    pub needs: u32,
    /// How many instances it works on at once.
    pub parallel: u32,
    /// It starts the process when it is done; until then the process does not run.
    pub starts_process: bool,
    /// The admin state of the backend is set to Down this long after creation, and back to None when the run ends.
    pub admin_down_after: Option<SimDuration>,
    /// It deploys to the machines of an environment of Azure DevOps, when the timeline says so.
    pub environment: Option<Environment>,
}

crate::words! {
    /// What a pipeline notices a new instance by.
    pub enum Trigger {
        /// The instance is created.
        Created => "created",
        /// The instance runs and its operating system is up.
        Running => "running",
        /// The instance is provisioned: its extensions are done too.
        Provisioned => "provisioned",
        /// Nothing: it runs only when the timeline says so.
        Never => "never",
    }
}
