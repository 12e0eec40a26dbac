//! Which keys of Azure can matter to a rollout although nothing here acts on them.
//!
//! Every key of a modelled type is in one of three lists. *Acted on*: a table of this folder declares it with `pub`.
//! *Ignored*: a table calls it `kept` or `known`; it cannot change what a rollout does. *Warned about*: it is in [`MATTERS`].
//! `tests/arm_keys.rs` walks the models of Azure's own libraries and fails for a key in no list.

/// A key that can matter, by its path without `properties`, and the values by which it does not.
#[derive(Debug)]
pub struct Matters {
    /// The path: `loadBalancingRules.loadDistribution`.
    pub path: &'static str,
    /// Values that say no more than the absence of the key.
    pub unless: &'static [&'static str],
    /// What is not acted on, after “not acted on: ”.
    pub why: &'static str,
}

pub(super) const fn matters(path: &'static str, unless: &'static [&'static str], why: &'static str) -> Matters {
    Matters { path, unless, why }
}

/// What can matter, by type.
pub static MATTERS: &[(&str, &[Matters])] = &[
    (super::SCALE_SET, SCALE_SET),
    (super::LOAD_BALANCER, LOAD_BALANCER),
    ("Microsoft.Insights/autoscaleSettings", AUTOSCALE),
];

const SCALE_SET: &[Matters] = &[
    matters("placement", &[], "Azure chooses the zones, but the model uses the zones in the file"),
    matters("largeScaleEnabled", &["false"], "a set may be larger than the limits that are checked here"),
    matters("scheduledEventsPolicy", &[], "restarts and redeployments that a user requests can have their own events"),
    matters("skuProfile", &[], "instances can have several sizes, but the model uses one"),
    matters("proximityPlacementGroup", &[], "instances are allocated close together, so allocations fail more often"),
    matters("hostGroup", &[], "instances are allocated only on dedicated hosts"),
    matters("resiliencyPolicy.zoneAllocationPolicy", &[], "Azure distributes the capacity over zones by other rules"),
    matters("externalHealthPolicy", &[], "health reported from outside is not a health source in the model"),
    matters("lifecycleHooksProfile", &[], "Azure asks before it acts on instances, and waits for an answer"),
    matters("resiliencyPolicy.operationRecoverySettings", &[], "a failed reimage, restart or start is retried"),
    matters(
        "upgradePolicy.automaticOSUpgrade",
        &["false"],
        "the switch used before 2018-10-01; write `automaticOSUpgradePolicy`",
    ),
    matters(
        "virtualMachineProfile.applicationProfile",
        &[],
        "the model does not know what gallery applications install",
    ),
    matters(
        "virtualMachineProfile.capacityReservation",
        &[],
        "reserved capacity is available even if no other \
        capacity is",
    ),
    matters("virtualMachineProfile.securityPostureReference", &[], "it adds extensions to every instance"),
    matters(
        "virtualMachineProfile.serviceArtifactReference",
        &[],
        "it sets the version of the image instead of `latest`",
    ),
    matters(
        "virtualMachineProfile.osProfile.allowExtensionOperations",
        &["true"],
        "without extensions nothing is installed",
    ),
    matters(
        "virtualMachineProfile.osProfile.requireGuestProvisionSignal",
        &["true"],
        "provisioning ends without the guest",
    ),
    matters(
        "virtualMachineProfile.osProfile.windowsConfiguration.provisionVMAgent",
        &["true"],
        "without an agent no extension runs",
    ),
    matters(
        "virtualMachineProfile.osProfile.linuxConfiguration.provisionVMAgent",
        &["true"],
        "without an agent no extension runs",
    ),
    matters("virtualMachineProfile.osProfile.windowsConfiguration.patchSettings.patchMode", PATCHED_BY_NOBODY, PATCHES),
    matters("virtualMachineProfile.osProfile.linuxConfiguration.patchSettings.patchMode", PATCHED_BY_NOBODY, PATCHES),
    matters(
        "virtualMachineProfile.storageProfile.osDisk.diffDiskSettings",
        &[],
        "an ephemeral OS disk is lost with its host, and is recreated faster",
    ),
    matters(
        "virtualMachineProfile.networkProfile.networkInterfaceConfigurations.ipConfigurations.applicationGatewayBackendAddressPools",
        &[],
        "users that come through an application gateway, and the gateway's probes",
    ),
    matters(
        "virtualMachineProfile.extensionProfile.extensions.suppressFailures",
        &["false"],
        "the model counts a failure anyway",
    ),
];

const PATCHED_BY_NOBODY: &[&str] = &["ImageDefault", "Manual"];
const PATCHES: &str = "patches between rollouts, and the restarts they need";

const LOAD_BALANCER: &[Matters] = &[
    matters("mode", &[], "the extra features of the Advanced SKU are not modelled"),
    matters("sku.tier", &["Regional"], "users of several regions use one address"),
    matters("frontendIPConfigurations.gatewayLoadBalancer", &[], "traffic goes through a chain of other machines"),
    matters(
        "backendAddressPools.loadBalancerBackendAddresses.adminState",
        &["None"],
        "in the model only pipelines set admin states",
    ),
    matters(
        "backendAddressPools.loadBalancerBackendAddresses.ipAddress",
        &[],
        "backends given by address are not instances of a scale set",
    ),
];

const AUTOSCALE: &[Matters] = &[matters(
    "profiles.rules.metricTrigger.dimensions",
    &[],
    "the model reads the whole metric, without its \
        dimensions",
)];

/// Types that are not modelled, and that stand between users and a fleet or decide what it gets.
pub static TYPES: &[&str] = &[
    "Microsoft.Network/applicationGateways",
    "Microsoft.Network/trafficManagerProfiles",
    "Microsoft.Network/frontDoors",
    "Microsoft.Cdn/profiles",
    "Microsoft.Compute/capacityReservationGroups",
    "Microsoft.Compute/capacityReservationGroups/capacityReservations",
    "Microsoft.Compute/proximityPlacementGroups",
    "Microsoft.Compute/hostGroups",
];

/// What can matter of a type, whatever its case.
pub fn of(kind: &str) -> &'static [Matters] {
    if let Some(elsewhere) = super::elsewhere::of(kind) {
        return elsewhere.matters;
    }
    MATTERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(kind)).map_or(&[], |(_, list)| list)
}

/// Whether a type that is not modelled can matter.
pub fn is_type(kind: &str) -> bool {
    TYPES.iter().any(|name| name.eq_ignore_ascii_case(kind))
}
