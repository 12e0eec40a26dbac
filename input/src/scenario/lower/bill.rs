//! What is billed beside instances: disks of the models, rules, bytes, and the price list.

use super::balancers::is_type;
use super::traffic::pools_of;
use super::{Context, fleet, section, values};
use crate::arm::reference::reference_name;
use crate::scenario::arm_value as arm;
use crate::tree::Node;
use windtunnel_sim::plan::{Bill, Disks, Pool, PriceList, ScaleSet, tier_gb};

/// Reads all of it.
pub fn read(pools: &[Pool], sets: &[ScaleSet], cx: &mut Context<'_>) -> Bill {
    let list = cx.scenario.get("priceList");
    let prices = list.map_or_else(PriceList::default, prices);
    let disks = sets.iter().map(|set| of_set(set, list, &prices, cx)).collect();
    let mut bytes_per_request = vec![None; pools.len()];
    for (key, node) in section(cx.scenario, "traffic") {
        if let [at] = pools_of(&key.text, pools).as_slice() {
            bytes_per_request[*at] = values::number(node, "bytesPerRequest");
        }
    }
    Bill { prices, disks, rules: pools.iter().map(|pool| rules(pool, cx)).collect(), bytes_per_request }
}

fn prices(node: &Node) -> PriceList {
    let sample = PriceList::default();
    let of = |key: &str, default: f64| values::number(node, key).unwrap_or(default);
    PriceList {
        disk_gb_month: of("diskGbMonth", sample.disk_gb_month),
        snapshot_gb_month: of("snapshotGbMonth", sample.snapshot_gb_month),
        egress_gb: of("egressGb", sample.egress_gb),
        build_vm_hour: of("buildVmHour", sample.build_vm_hour),
        lb_rule_hour: of("lbRuleHour", sample.lb_rule_hour),
        lb_processed_gb: of("lbProcessedGb", sample.lb_processed_gb),
    }
}

/// The disks of an instance of a set, where its model says how large each is; one that is ephemeral costs nothing (CO-03).
fn of_set(set: &ScaleSet, list: Option<&Node>, prices: &PriceList, cx: &mut Context<'_>) -> Option<Disks> {
    let resources = cx.scenario.get("resources").map_or(&[][..], Node::items);
    let resource = resources.iter().find(|node| is_type(node, fleet::TYPE) && node.name() == Some(&set.name))?;
    let storage = resource.arm_path(&["properties", "virtualMachineProfile", "storageProfile"])?;
    let os = storage.arm("osDisk");
    let is_ephemeral = os.is_some_and(|disk| disk.arm("diffDiskSettings").is_some());
    let mut all: Vec<&Node> = storage.arm("dataDisks").map_or(&[][..], Node::items).iter().collect();
    if !is_ephemeral {
        all.push(os?);
    }
    let mut disks = Disks { provisioned_gb: 0.0, month: Some(0.0) };
    for disk in all {
        let gb = tier_gb(arm::whole(disk, &["diskSizeGB"], cx.problems)?.0 as f64);
        let kind = disk.arm_path(&["managedDisk", "storageAccountType"]).and_then(Node::text);
        let by_kind = list.and_then(|list| list.get("disks")).map_or(&[][..], Node::entries);
        let own = by_kind.iter().find(|(key, _)| kind.is_some_and(|kind| kind.eq_ignore_ascii_case(&key.text)));
        let own = own.and_then(|(_, price)| price.text()?.parse::<f64>().ok());
        disks.provisioned_gb += gb;
        disks.month = disks.month.map(|month| month + gb * own.unwrap_or(prices.disk_gb_month));
    }
    Some(disks)
}

/// How many load-balancing rules lead to a pool.
fn rules(pool: &Pool, cx: &mut Context<'_>) -> u32 {
    let resources = cx.scenario.get("resources").map_or(&[][..], Node::items);
    let balancer =
        resources.iter().find(|node| is_type(node, super::balancers::TYPE) && node.name() == Some(&pool.balancer));
    let all = balancer.and_then(|balancer| balancer.arm_path(&["properties", "loadBalancingRules"]));
    let leads = |rule: &&Node| {
        let one = rule.arm_path(&["properties", "backendAddressPool"]).into_iter();
        let many = rule.arm_path(&["properties", "backendAddressPools"]).map_or(&[][..], Node::items);
        one.chain(many).filter_map(arm::reference).any(|(id, _)| reference_name(id).eq_ignore_ascii_case(&pool.name))
    };
    all.map_or(&[][..], Node::items).iter().filter(leads).count() as u32
}
