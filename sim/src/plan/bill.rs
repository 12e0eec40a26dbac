//! What a fleet is billed for beside its instances: how much of it there is, and the user's own prices.

/// Hours of the month by which prices of disks and snapshots are stated.
pub const HOURS_A_MONTH: f64 = 730.0;

/// What of the plan is billed beside instances.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bill {
    /// The prices, of the scenario or sample ones.
    pub prices: PriceList,
    /// The disks of an instance, by set; `None` where the model leaves their sizes out.
    pub disks: Vec<Option<Disks>>,
    /// Load-balancing rules, by entry point.
    pub rules: Vec<u32>,
    /// Bytes that a request and its answer carry, by entry point, where the scenario says so.
    pub bytes_per_request: Vec<Option<f64>>,
}

/// Prices in credits, so that nobody takes them for Azure's (CO-10).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PriceList {
    /// Of a gigabyte of a provisioned disk, a month.
    pub disk_gb_month: f64,
    /// Of a gigabyte of a replica of an image, a month.
    pub snapshot_gb_month: f64,
    /// Of a gigabyte that is copied to another region.
    pub egress_gb: f64,
    /// Of a build machine, an hour.
    pub build_vm_hour: f64,
    /// Of a load-balancing rule, an hour.
    pub lb_rule_hour: f64,
    /// Of a gigabyte that a load balancer processes.
    pub lb_processed_gb: f64,
}

impl PriceList {
    /// Samples, and no prices of Azure.
    pub const SAMPLE: Self = Self {
        disk_gb_month: 0.05,
        snapshot_gb_month: 0.05,
        egress_gb: 0.02,
        build_vm_hour: 1.0,
        lb_rule_hour: 0.025,
        lb_processed_gb: 0.005,
    };
}

impl Default for PriceList {
    fn default() -> Self {
        Self::SAMPLE
    }
}

/// The managed disks of an instance, by what of them is billed: a gigabyte of one costs this many times the price of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Disks {
    /// Gigabytes of the tiers in which they are provisioned, all disks together (CO-03).
    pub provisioned_gb: f64,
    /// What they cost a month, where the scenario prices their kinds; credits.
    pub month: Option<f64>,
}

/// The size that is billed for a disk of so many gigabytes: that of the smallest tier that holds it.
#[must_use]
pub fn tier_gb(gb: f64) -> f64 {
    const TIERS: [f64; 14] =
        [4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0, 8192.0, 16384.0, 32767.0];
    TIERS.into_iter().find(|&tier| gb <= tier).unwrap_or(gb)
}
