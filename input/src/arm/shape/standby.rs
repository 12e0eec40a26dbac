//! `Microsoft.StandbyPool/standbyVirtualMachinePools`.

use super::Kind;
use super::field::{Field, Open, Optional, Text, field, kept, object, optional};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::StandbyState;

shape! {
    RESOURCE: "a standby pool" {
        kept("type", Kind::Text); kept("name", Kind::Text); kept("id", Kind::Text);
        pub LOCATION: Optional<Text> = optional("location");
    }
    .inner(&PROPERTIES)
}

shape! {
    PROPERTIES in RESOURCE at "properties": "the properties of a standby pool" {
        pub ATTACHED_SET: Optional<Text> = optional("attachedVirtualMachineScaleSetId");
        object(&ELASTICITY);
        pub STATE: Optional<StandbyState> = optional("virtualMachineState");
        pub STATE_DISTRIBUTION: Optional<Open> = optional("vmStateDistribution");
    }
}

shape! {
    ELASTICITY in PROPERTIES at "elasticityProfile": "an elasticity profile" {
        pub MAX_READY: Optional<i64> = optional("maxReadyCapacity").within(0, 2000);
        pub MIN_READY: Field<i64> = field("minReadyCapacity", 0).within(0, 2000);
        pub DYNAMIC_SIZING: Optional<Open> = optional("dynamicSizing");
        pub POST_PROVISIONING_DELAY: Field<SimDuration> = field("postProvisioningDelay", SimDuration::ZERO);
    }
}
