//! What happened to the count of instances of a gateway.

use super::row::facts;
use crate::world::ids::GatewayId;

facts! {
    /// What happened to the count of instances of a gateway.
    GatewayFact:

    /// The load of a gateway needs so many instances now (AG-12).
    440 "gatewayNeeds" Needs { gateway: GatewayId => subject, instances: u16 } in Scaling Tick "gateway needs" Work;
    /// So many instances more are being made (AG-13).
    441 "gatewayScalesOut" ScalesOut { gateway: GatewayId => subject, by: u16 } in Scaling Tick "gateway scales out" Act;
    /// So many instances take requests from now on.
    442 "gatewayHas" Has { gateway: GatewayId => subject, instances: u16 } in Scaling Tick "gateway has" Good;
    /// Instances that were drained are gone, and so many are left to probe (AG-14).
    443 "gatewayDrained" Drained { gateway: GatewayId => subject, instances: u16 } in Scaling Tick "gateway drained" Work;
    /// A write gives a gateway another least and most count of instances (AG-12).
    458 "gatewayBounded" Bounded { gateway: GatewayId => subject, least: u16, most: u16 } in Scaling Tick "gateway written" Act;
}
