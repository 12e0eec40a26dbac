//! Keys of the bill: what is billed beside instances.

use super::super::shape::{Entry, Kind, Names, Need, Object};
use super::key;
use Kind::{MapOf, Number};
use Need::{Default, Optional};

/// Bytes of a request, under the traffic of an entry point.
pub const BYTES: Entry = key(
    "bytesPerRequest",
    Number(0.0, 1e12),
    Optional,
    "bytes that a request and its answer carry; `cost.processed_gb` needs them",
);

const PRICE: Kind = Number(0.0, 1_000_000.0);

/// The price list.
pub static PRICE_LIST: Object = Object {
    name: "PriceList",
    doc: "What is billed beside instances costs, in credits. The defaults are samples, and no prices of Azure (CO-10).",
    one_of: &[],
    entries: &[
        key("diskGbMonth", PRICE, Default("0.05"), "a gigabyte of a disk, by its tier, a month of 730 hours"),
        key(
            "disks",
            MapOf(Names::Of("storage account type"), &PRICE),
            Optional,
            "the same for disks of this `storageAccountType`",
        ),
        key("snapshotGbMonth", PRICE, Default("0.05"), "a gigabyte of a replica of an image, a month"),
        key("egressGb", PRICE, Default("0.02"), "a gigabyte that is copied to another region"),
        key("buildVmHour", PRICE, Default("1"), "a build machine, an hour"),
        key("lbRuleHour", PRICE, Default("0.025"), "a load-balancing rule, an hour"),
        key("lbProcessedGb", PRICE, Default("0.005"), "a gigabyte that a load balancer processes"),
    ],
};
