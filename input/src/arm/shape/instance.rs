//! An instance that is there when a run begins, in the list of its scale set. Azure has it in a list of its own
//! (`az vmss list-instances`), which `arm/instances.rs` reads.

use super::field::{Field, Open, Optional, Text, field, optional};
use windtunnel_sim::plan::PowerAtStart;

choice! {
    /// The health of an instance, as the platform knows it.
    HealthState { Healthy, Unhealthy, Initializing, Unknown }
}

shape! {
    INSTANCE: "an instance" {
        pub INSTANCE_NAME: Optional<Text> = optional("name");
        pub INSTANCE_ID: Optional<Text> = optional("instanceId");
        pub INSTANCE_ZONE: Optional<Text> = optional("zone");
        pub INSTANCE_DOMAIN: Optional<i64> = optional("platformFaultDomain");
        pub LATEST_MODEL: Field<bool> = field("latestModelApplied", true);
        pub INSTANCE_IMAGE: Optional<Open> = optional("imageReference");
        pub PROTECT_FROM_SCALE_IN: Field<bool> = field("protectFromScaleIn", false);
        pub PROTECT_FROM_ACTIONS: Field<bool> = field("protectFromScaleSetActions", false);
        pub INSTANCE_STATE: Optional<Text> = optional("provisioningState");
        pub POWER_STATE: Field<PowerAtStart> = field("powerState", PowerAtStart::Running);
        pub HEALTH_STATE: Optional<HealthState> = optional("health");
    }
}
