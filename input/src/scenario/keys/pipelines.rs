//! The keys of release pipelines.

use super::*;
use windtunnel_sim::plan::Trigger;

object! {
    /// A release pipeline that works on instances from outside.
    mod pipeline "Pipeline";
    /// sets it looks after
    SCALE_SETS: Texts = required("scaleSets");
    /// the release it installs
    INSTALLS: Text = required("installs");
    /// the release that it has installed everywhere when the run begins; absent: `installs`, or none where only the timeline runs it
    DEPLOYED: Text = optional("deployed");
    /// what a new instance is noticed by
    TRIGGER: Tree = optional("trigger", trigger::MAPPING);
    /// how long a run takes on one instance
    DURATION: Length = required("duration");
    /// how often it fails on an instance
    FAILURE: Share = default("failure", 0.0);
    /// dependencies that an instance must reach when a run on it ends: it fails without them (WT-21)
    NEEDS: Texts = optional("needs");
    /// how many instances it works on at once
    PARALLEL: Whole<u32, 1, 1000> = or_assumption("parallel", key::PipelineQueueParallel);
    /// it starts the process when it is done; until then the process does not run
    STARTS_PROCESS: Flag = default("startsProcess", false);
    /// it keeps a new instance out of rotation until it is done (LB-29)
    ADMIN_STATE: Tree = optional("adminState", admin_state::MAPPING);
    /// it deploys to an environment of Azure DevOps, when the timeline runs it: by iterations, and to new machines not by itself
    ENVIRONMENT: Tree = optional("environment", environment::MAPPING);
}

object! {
    /// What a new instance is noticed by.
    mod trigger "Trigger";
    /// `created`: it is made; `running`: its machine has booted (`instanceBooted` in the ledger); `provisioned`: its extensions are
    /// done, too; `never`: it runs only when the timeline says so
    ON: Words<Trigger> = default("on", Trigger::Running.word());
    /// from that to the start of a run
    DELAY: Length = default("delay", SimDuration::ZERO);
}

object! {
    /// The admin state of the backend is set to Down, and back to None when the run ends.
    mod admin_state "AdminState";
    /// how long after its creation an instance is set to Down
    DOWN_AFTER: Time = required("downAfter");
}
