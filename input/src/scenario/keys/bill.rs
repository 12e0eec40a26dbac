//! The keys of the bill: what is billed beside instances.

use super::*;
use windtunnel_sim::plan::PriceList;

/// The sample prices.
const SAMPLE: PriceList = PriceList::SAMPLE;

object! {
    /// What is billed beside instances costs, in credits. The defaults are samples, and no prices of Azure (CO-10).
    mod price_list "PriceList";
    /// a gigabyte of a disk, by its tier, a month of 730 hours
    DISK_GB_MONTH: Price = default("diskGbMonth", SAMPLE.disk_gb_month);
    /// the same for disks of this `storageAccountType`
    DISKS: Tree = optional("disks", MapOf(Names::Of("storage account type"), &Price::KIND));
    /// a gigabyte of a replica of an image, a month
    SNAPSHOT_GB_MONTH: Price = default("snapshotGbMonth", SAMPLE.snapshot_gb_month);
    /// a gigabyte that is copied to another region
    EGRESS_GB: Price = default("egressGb", SAMPLE.egress_gb);
    /// a build machine, an hour
    BUILD_VM_HOUR: Price = default("buildVmHour", SAMPLE.build_vm_hour);
    /// a load-balancing rule, an hour
    LB_RULE_HOUR: Price = default("lbRuleHour", SAMPLE.lb_rule_hour);
    /// a gigabyte that a load balancer processes
    LB_PROCESSED_GB: Price = default("lbProcessedGb", SAMPLE.lb_processed_gb);
}
