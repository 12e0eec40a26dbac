//! What happened around automatic instance repairs.

use super::row::facts;
use crate::plan::{RepairAction, ServiceCall};
use crate::words;
use crate::world::ids::{InstanceId, SetId};

words! {
    /// Why repairs do not run on a set though they are enabled (AR-01).
    pub enum Obstacle {
        /// Nobody says whether an instance is healthy.
        NoHealthSource = 0 => "noHealthSource",
        /// The extension and a probe both do (UM-06).
        TwoHealthSources = 1 => "twoHealthSources",
    }
}

words! {
    /// Why an instance in trouble is not repaired.
    pub enum Spared {
        /// It is protected (AR-13).
        Protected = 0 => "protected",
        /// Its provisioning failed (AR-03).
        ProvisioningFailed = 1 => "provisioningFailed",
        /// It has no machine that could say anything (AR-20).
        Deallocated = 2 => "deallocated",
        /// It is in the batch of an upgrade that runs (AR-21).
        InBatch = 3 => "inBatch",
        /// An upgrade of its set runs (AR-21).
        UpgradeRuns = 4 => "upgradeRuns",
    }
}

words! {
    /// How a repair ended.
    pub enum RepairEnd {
        /// What was to be done is done; whether that helped is another matter.
        Done = 0 => "done",
        /// No instance could be had to take the place of the one that is gone.
        NotReplaced = 1 => "notReplaced",
        /// The instance did not come up again.
        Failed = 2 => "failed",
        /// The instance was deleted or deallocated meanwhile, or the capacity was lowered below its place.
        Overtaken = 3 => "overtaken",
    }
}

facts! {
    /// What happened around repairs.
    RepairsFact:

    /// Repairs run on a set: `serviceState` is Running.
    230 "repairsEnabled" Enabled { set: SetId => subject };
    /// They do not run any more: `serviceState` is NotRunning.
    231 "repairsDisabled" Disabled { set: SetId => subject } in Repairs Tick "repairsDisabled" Work;
    /// They are enabled on a set, and cannot run.
    232 "repairsPrevented" Prevented { set: SetId => subject, why: Obstacle } in Repairs Tick "repairs" Bad;
    /// They suspended themselves, since an instance was not healthy after so many repairs.
    233 "repairsSuspended" SuspendedThemselves { set: SetId, instance: InstanceId => subject, repairs: u32 }
        in Repairs Tick "repairs" Bad;
    /// Somebody suspended or resumed them.
    234 "repairsServiceStateSet" ServiceSet { set: SetId => subject, call: ServiceCall => "action" }
        in Repairs Tick "repairsServiceStateSet" Work;
    /// Somebody wanted to, and there was nothing to suspend or resume.
    235 "repairsCallRefused" CallRefused { set: SetId => subject, call: ServiceCall => "action" }
        in Repairs Tick "repairsCallRefused" Bad;
    /// An instance is in trouble, and is not repaired.
    236 "repairLeftOut" LeftOut { instance: InstanceId => subject, why: Spared } in Repairs Tick "left out" Wait;
    /// The repair of an instance began; it is the n-th of its place without a healthy time in between.
    237 "repairStarted" Started { instance: InstanceId => subject, action: RepairAction, nth: u32 }
        in Repairs Begin "repair" Work;
    /// A new instance takes the place of one that is being deleted, or is gone.
    238 "repairReplaced" Replaced { instance: InstanceId => subject, by: InstanceId };
    /// The repair of an instance is over.
    239 "repairEnded" Ended { instance: InstanceId => subject, how: RepairEnd }
        in Repairs End "repair" LaneTone::good_if(!matches!(how, RepairEnd::NotReplaced | RepairEnd::Failed));
}
