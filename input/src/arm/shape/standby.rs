//! `Microsoft.StandbyPool/standbyVirtualMachinePools`.

use super::{Kind, Shape};
use Kind::{Integer, Object, Open, Text, Word};

pub(super) static RESOURCE: Shape =
    Shape::new("a standby pool", &[("type", Text), ("name", Text), ("id", Text), ("location", Text)])
        .inner(&PROPERTIES);

static PROPERTIES: Shape = Shape::new(
    "the properties of a standby pool",
    &[
        ("attachedVirtualMachineScaleSetId", Text),
        ("elasticityProfile", Object(&ELASTICITY)),
        ("virtualMachineState", Word(&["Running", "Deallocated", "Hibernated"])),
        ("vmStateDistribution", Open),
    ],
);

static ELASTICITY: Shape = Shape::new(
    "an elasticity profile",
    &[
        ("maxReadyCapacity", Integer),
        ("minReadyCapacity", Integer),
        ("dynamicSizing", Open),
        ("postProvisioningDelay", Text),
    ],
);
