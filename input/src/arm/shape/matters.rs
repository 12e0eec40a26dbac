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
    matters("placement", &[], "Azure chooses the zones itself, and here they are those that are written"),
    matters("largeScaleEnabled", &["false"], "a set may be larger than the limits that are held here"),
    matters(
        "scheduledEventsPolicy",
        &[],
        "restarts and redeployments that a user asks for can have events of their own",
    ),
    matters("skuProfile", &[], "instances can be of several sizes, and here they are of one"),
    matters("proximityPlacementGroup", &[], "instances are allocated close together, so that allocations fail sooner"),
    matters("hostGroup", &[], "instances are allocated on dedicated hosts alone"),
    matters("resiliencyPolicy.zoneAllocationPolicy", &[], "Azure shares the capacity out to zones by other rules"),
    matters("externalHealthPolicy", &[], "health that is told from outside is no health source here"),
    matters("lifecycleHooksProfile", &[], "Azure asks before it acts on instances, and waits for the answer"),
    matters("resiliencyPolicy.operationRecoverySettings", &[], "a reimage, restart or start that fails is tried again"),
    matters(
        "upgradePolicy.automaticOSUpgrade",
        &["false"],
        "the switch of before 2018-10-01; write `automaticOSUpgradePolicy`",
    ),
    matters(
        "virtualMachineProfile.applicationProfile",
        &[],
        "what the applications of a gallery install is not known here",
    ),
    matters("virtualMachineProfile.capacityReservation", &[], "what is reserved can be had when nothing else can"),
    matters("virtualMachineProfile.securityPostureReference", &[], "it brings extensions of its own to every instance"),
    matters(
        "virtualMachineProfile.serviceArtifactReference",
        &[],
        "it names the version of the image in the place of `latest`",
    ),
    matters(
        "virtualMachineProfile.osProfile.allowExtensionOperations",
        &["true"],
        "without extensions nothing is set up",
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
        "an ephemeral OS disk is lost with its host, and is made anew faster",
    ),
    matters(
        "virtualMachineProfile.networkProfile.networkInterfaceConfigurations.ipConfigurations.applicationGatewayBackendAddressPools",
        &[],
        "users that come through an application gateway, and its probes",
    ),
    matters(
        "virtualMachineProfile.extensionProfile.extensions.suppressFailures",
        &["false"],
        "a failure counts here all the same",
    ),
];

const PATCHED_BY_NOBODY: &[&str] = &["ImageDefault", "Manual"];
const PATCHES: &str = "patches that come between rollouts, and the restarts that they need";

const LOAD_BALANCER: &[Matters] = &[
    matters("mode", &[], "what an Advanced balancer can do beyond a Standard one is not known here"),
    matters("sku.tier", &["Regional"], "users of several regions come in at one address"),
    matters("frontendIPConfigurations.gatewayLoadBalancer", &[], "traffic goes through a chain of other machines"),
    matters(
        "backendAddressPools.loadBalancerBackendAddresses.adminState",
        &["None"],
        "here pipelines alone write admin states",
    ),
    matters(
        "backendAddressPools.loadBalancerBackendAddresses.ipAddress",
        &[],
        "backends by their address are not those of a scale set",
    ),
];

const AUTOSCALE: &[Matters] =
    &[matters("profiles.rules.metricTrigger.dimensions", &[], "the metric is read whole, and not in a part")];

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
