//! The keys of Spot markets and of prices.

use super::*;

object! {
    /// How often Azure takes Spot instances of a region back, and what they cost.
    mod spot_market "SpotMarket";
    /// the published eviction rate: the chance of an eviction within an hour (SP-06)
    EVICTION_RATE: EvictionRate = default("evictionRate", 0.0);
    /// the price of a Spot instance over time
    PRICES: Tree = optional("prices", List(&price::MAPPING));
}

object! {
    /// The price from an instant on.
    mod price "SpotPrice";
    /// from when; the first from the start
    AT: Moment = required("at");
    /// credits an hour, as `maxPrice` is
    PRICE: Number<0, 1_000_000> = required("price");
}

object! {
    /// What an instance of a size costs, in credits an hour.
    mod prices "Prices";
    /// a regular instance
    REGULAR: Number<0, 1_000_000> = required("regular");
    /// a Spot instance, where `spot` states no price of its region
    SPOT: Number<0, 1_000_000> = required("spot");
}
