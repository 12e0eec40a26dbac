//! The tables: a type of resource each.

mod autoscale;
mod front_door;
mod gallery;
mod gateway;
mod legacy;
mod load_balancer;
mod maintenance;
mod scale_set;
mod traffic_manager;

use super::row::Table;

/// Types of ARM that fields link to.
pub const POOL: &str = "Microsoft.Network/loadBalancers/backendAddressPools";
/// Probes of balancers.
pub const PROBE: &str = "Microsoft.Network/loadBalancers/probes";
/// Pools of NAT ports of balancers.
pub const NAT_POOL: &str = "Microsoft.Network/loadBalancers/inboundNatPools";
/// Pools of gateways.
pub const GATEWAY_POOL: &str = "Microsoft.Network/applicationGateways/backendAddressPools";
/// Extensions of scale sets.
pub const EXTENSION_TYPE: &str = "Microsoft.Compute/virtualMachineScaleSets/extensions";
/// Public addresses.
pub const PUBLIC_IP: &str = "Microsoft.Network/publicIPAddresses";

/// What the provider makes of a switch.
const ON: &[(&str, &str)] = &[("true", "Enabled"), ("false", "Disabled")];

/// Every type of resource that is read.
pub static TABLES: &[&Table] = &[
    &scale_set::LINUX,
    &scale_set::WINDOWS,
    &scale_set::FLEXIBLE,
    &legacy::SET,
    &scale_set::EXTENSION_RESOURCE,
    &scale_set::STANDBY,
    &load_balancer::PUBLIC_ADDRESS,
    &load_balancer::BALANCER,
    &load_balancer::BACKEND_POOL,
    &load_balancer::PROBES,
    &load_balancer::RULE,
    &load_balancer::NAT_POOLS,
    &load_balancer::NAT_RULE,
    &load_balancer::ADDRESS,
    &autoscale::SETTING,
    &gateway::GATEWAYS,
    &traffic_manager::PROFILE,
    &traffic_manager::AZURE_ENDPOINT,
    &traffic_manager::EXTERNAL_ENDPOINT,
    &traffic_manager::NESTED_ENDPOINT,
    &front_door::PROFILE,
    &front_door::ENDPOINT,
    &front_door::GROUP,
    &front_door::ORIGIN,
    &front_door::ROUTE,
    &gallery::GALLERY,
    &gallery::IMAGE,
    &gallery::VERSION,
    &maintenance::CONFIGURATION,
    &maintenance::OF_SET,
];

/// The table of a type of the provider.
pub fn of(kind: &str) -> Option<&'static Table> {
    TABLES.iter().copied().find(|table| table.from.contains(&kind))
}

/// Types that are not read and of which ARM's can matter to a rollout.
pub static WEIGHTY: &[(&str, &str)] = &[
    ("azurerm_capacity_reservation_group", "Microsoft.Compute/capacityReservationGroups"),
    ("azurerm_capacity_reservation", "Microsoft.Compute/capacityReservationGroups/capacityReservations"),
    ("azurerm_proximity_placement_group", "Microsoft.Compute/proximityPlacementGroups"),
    ("azurerm_dedicated_host_group", "Microsoft.Compute/hostGroups"),
    ("azurerm_frontdoor", "Microsoft.Network/frontDoors"),
];
