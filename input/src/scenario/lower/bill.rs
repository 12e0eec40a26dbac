//! What is billed beside instances: disks of the models, rules, bytes, and the price list.

use super::Context;
use super::keys::{Price, price_list as key, scenario, traffic};
use super::traffic::named;
use crate::arm::shape::scale_set::{DATA_DISKS, DISK, DISK_SIZE, EPHEMERAL, MANAGED_DISK, OS_DISK, STORAGE};
use crate::arm::shape::{SCALE_SET, refuse_kinds};
use crate::scenario::field::Reads;
use crate::tree::Node;
use windtunnel_sim::plan::{Bill, Disks, EntryPoint, Pool, PriceList, ScaleSet, tier_gb};

/// Reads all of it.
pub fn read((pools, entry_points): (&[Pool], &[EntryPoint]), sets: &[ScaleSet], cx: &mut Context<'_>) -> Bill {
    let list = scenario::PRICE_LIST.node(cx.scenario);
    let prices = prices(list);
    let disks = sets.iter().map(|set| of_set(set, list, &prices, cx)).collect();
    let mut bytes_per_request = vec![None; entry_points.len()];
    for (name, node) in scenario::TRAFFIC.entries(cx.scenario) {
        if let Some(at) = named(&name.text, pools, entry_points).first() {
            bytes_per_request[*at] = traffic::BYTES_PER_REQUEST.given(node);
        }
    }
    // What a name leads to a balancer weighs there what the traffic of the name says.
    for (at, entry) in entry_points.iter().enumerate() {
        if let Some(routed) = entry.routed {
            bytes_per_request[at] = bytes_per_request[usize::from(routed.from)];
        }
    }
    // A gateway has a price of its own, and none by the rule.
    let is_rule = |of: &EntryPoint| of.pool().is_some() && of.is_root() && of.gateway.is_none() && !of.is_address;
    let rules = entry_points.iter().map(|entry| u32::from(is_rule(entry))).collect();
    Bill { prices, disks, rules, bytes_per_request }
}

fn prices(node: Option<&Node>) -> PriceList {
    PriceList {
        disk_gb_month: key::DISK_GB_MONTH.read(node),
        snapshot_gb_month: key::SNAPSHOT_GB_MONTH.read(node),
        egress_gb: key::EGRESS_GB.read(node),
        build_vm_hour: key::BUILD_VM_HOUR.read(node),
        lb_rule_hour: key::LB_RULE_HOUR.read(node),
        lb_processed_gb: key::LB_PROCESSED_GB.read(node),
    }
}

/// The disks of an instance of a set, where its model says how large each is; one that is ephemeral costs nothing (CO-03).
fn of_set(set: &ScaleSet, list: Option<&Node>, prices: &PriceList, cx: &mut Context<'_>) -> Option<Disks> {
    let resource = cx.resources(SCALE_SET).find(|node| node.name() == Some(&set.name))?;
    STORAGE.find(resource)?;
    let mut all: Vec<&Node> = DATA_DISKS.items(resource).iter().collect();
    if EPHEMERAL.find(resource).is_none() {
        all.push(OS_DISK.find(resource)?);
    }
    let mut disks = Disks { provisioned_gb: 0.0, month: Some(0.0) };
    for disk in all {
        refuse_kinds(disk, &DISK, cx.problems);
        let gb = tier_gb(DISK_SIZE.get(disk)?.value as f64);
        let kind = MANAGED_DISK.node(disk).and_then(|managed| managed.arm("storageAccountType")?.text());
        let by_kind = key::DISKS.entries(list);
        let own = by_kind.iter().find(|(key, _)| kind.is_some_and(|kind| kind.eq_ignore_ascii_case(&key.text)));
        let own = own.and_then(|(_, price)| Price::of(price));
        disks.provisioned_gb += gb;
        disks.month = disks.month.map(|month| month + gb * own.unwrap_or(prices.disk_gb_month));
    }
    Some(disks)
}
