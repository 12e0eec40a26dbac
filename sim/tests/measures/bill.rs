//! What is billed beside instances (CO-03 to CO-07, CO-10).

use super::Of;
use super::support::*;
use windtunnel_sim::measure::Value;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{self, A, RuleSet};

/// Two instances for two hours, one of which is deallocated for the second; a third from 1 h on. Each has an OS disk of 30 GB in
/// the tier of 32 and a data disk of 100 GB in that of 128. The third gets notice at 1.5 h and is gone 30 s later: 160 GB × (2 + 2 +
/// 1830 s). A month has 730 hours. Ephemeral OS disks leave the 128 GB of data.
#[test]
fn disks_are_billed_from_creation_to_deletion() {
    let off = Act::Power { set: 0, which: Which::One(1), how: PowerAct::Deallocate };
    let timeline = vec![action("off", 3600, off), scale(3600, 3), scale(5400, 2)];
    let mut plan = Plan { horizon: at(7200), timeline, ..plan() };
    assert_eq!(*Of::run(&plan).value("cost.disks"), Value::NotComputed("a model does not say how large its disks are"));
    plan.bill.disks = vec![Some(Disks { provisioned_gb: tier_gb(30.0) + tier_gb(100.0), month: None })];
    let hours = 4.0 + 1830.0 / 3600.0;
    let of = Of::run(&plan);
    of.is("cost.disk_gb_h", 160.0 * hours);
    of.is("cost.disks", 160.0 * hours * 0.05 / 730.0);
    plan.bill.disks = vec![Some(Disks { provisioned_gb: tier_gb(100.0), month: Some(12.8) })];
    Of::run(&plan).is("cost.disks", 12.8 * hours / 730.0);
    plan.rules = RuleSet::without(rules::CO_03);
    Of::run(&plan).is("cost.disk_gb_h", 0.0);
}

/// Surplus is created and deleted, and nobody pays for its disks: five more of two, and one beyond that.
#[test]
fn the_disks_of_surplus_are_not_billed() {
    let mut plan = Plan { horizon: at(1000), timeline: vec![scale(100, 7)], ..plan() };
    plan.sets[0].overprovision = true;
    plan.bill.disks = vec![Some(Disks { provisioned_gb: 32.0, month: None })];
    Of::run(&plan).is("cost.disk_gb_h", 32.0 * (2.0 * 1000.0 + 5.0 * 900.0) / 3600.0);
}

/// The worked example of the gallery page: 10 GB in three regions with two replicas each are six snapshots of 10 GB.
#[test]
fn each_replica_is_a_snapshot() {
    let mut plan = Plan { horizon: at(3600), ..plan() };
    plan.regions = vec![Region::plain("eastus"), Region::plain("westus"), Region::plain("northeurope")];
    let target = |region| Target { replicas: 2, ..Target::new(region) };
    plan.images[0].version.size_gb = 10.0;
    let unknown = Value::NotComputed("the scenario does not say how many replicas its images have");
    assert_eq!(*Of::run(&plan).value("cost.replicas"), unknown);
    plan.images[0].version.availability = Availability::In(vec![target(0), target(1), target(2)]);
    let of = Of::run(&plan);
    of.is("cost.replica_gb_h", 60.0);
    of.is("cost.replicas", 60.0 * 0.05 / 730.0);
    plan.rules = RuleSet::without(rules::CO_04);
    Of::run(&plan).is("cost.replica_gb_h", 0.0);
}

/// 30 GB with three replicas in each of two regions, of which the first is that of the source: 30 GB cross once.
#[test]
fn an_image_crosses_once_into_each_other_region() {
    let mut plan = Plan { horizon: at(7200), ..two_regions() };
    let targets = [0, 1].map(|region| Target { replicas: 3, ..Target::new(region) }).to_vec();
    let publication = Publication { image: 1, targets, excluded: None };
    plan.timeline = vec![action("publish", 100, Act::Publish(publication))];
    let of = Of::run(&plan);
    of.is("cost.egress_gb", 30.0);
    of.is("cost.egress", 0.6);
    plan.rules = RuleSet::without(rules::CO_05);
    Of::run(&plan).is("cost.egress_gb", 0.0);
}

/// A run that is asked for at 100 s leaves the queue at 160 s, has its machine 3 min later, customizes for 300 s and distributes
/// from 640 s on: the machine is billed from 160 s to 640 s, with a disk of 30 GB in the tier of 32.
#[test]
fn a_build_is_billed_while_it_has_a_machine() {
    let mut plan = Plan { horizon: at(7200), ..two_regions() };
    assert_eq!(*Of::run(&plan).value("cost.builds"), Value::NotComputed("the scenario has no image template"));
    plan.images[1].name = "app/nightly".into();
    plan.images[1].version.number = None;
    plan.builders = vec![ImageBuilder {
        name: "nightly".into(),
        definition: 0,
        source: Some(ImageReference::Version(0)),
        region: 0,
        customizers: vec![Customizer {
            name: "c".into(),
            duration: constant(300),
            failure: Failing::Never,
            kind: CustomizerKind::Script,
        }],
        optimize: false,
        windows: false,
        validators: Vec::new(),
        continue_on_failure: false,
        versioning: Versioning::Latest { major: None },
        targets: vec![Target::new(0)],
        excluded: false,
        timeout: s(240 * 60),
        reads_scripts: true,
        writes_images: true,
        more: Template::default(),
    }];
    for (assumption, seconds) in [(A::AibQueue, 60), (A::AibBuildVm, 180)] {
        assume(&mut plan, assumption, rules::Value::Dist(constant(seconds)));
    }
    plan.timeline = vec![action("bake", 100, Act::Bake { builder: 0, image: 1 })];
    assume(&mut plan, rules::A::AibBuildVm, rules::Value::Dist(constant(180)));
    let of = Of::run(&plan);
    of.is("cost.build_h", 480.0 / 3600.0);
    of.is("cost.builds", 480.0 / 3600.0 * (1.0 + 32.0 * 0.05 / 730.0));
    // Where its customizer fails at 640 s and it is kept, it is billed to the end, at 7,200 s.
    let mut kept = plan.clone();
    kept.builders[0].customizers[0].failure = Failing::Stops;
    Of::run(&kept).is("cost.build_h", 480.0 / 3600.0);
    kept.builders[0].more.keeps_on_customizer_error = true;
    Of::run(&kept).is("cost.build_h", (7200.0 - 160.0) / 3600.0);
    plan.rules = RuleSet::without(rules::CO_06);
    Of::run(&plan).is("cost.build_h", 0.0);
}

/// Two rules for an hour; 100 requests a second of 50 kB are 18 GB in it.
#[test]
fn rules_and_what_they_process_are_billed() {
    let mut plan = Plan { horizon: at(3600), ..plan() };
    plan.bill.rules = vec![2];
    let unknown = Value::NotComputed("the scenario does not say how many bytes a request carries");
    assert_eq!(*Of::run(&plan).value("cost.balancers"), unknown);
    plan.bill.bytes_per_request = vec![Some(50_000.0)];
    let of = Of::run(&plan);
    of.is("cost.rule_h", 2.0);
    of.is("cost.processed_gb", 18.0);
    of.is("cost.balancers", 2.0 * 0.025 + 18.0 * 0.005);
    plan.rules = RuleSet::without(rules::CO_07);
    Of::run(&plan).is("cost.rule_h", 0.0);
}

/// Two instances for an hour at 3 credits, 64 GB of disks, 30 GB of replicas and one rule, which processes 18 GB: by the samples 6 + 64 ×
/// 0.05 ÷ 730 + 30 × 0.05 ÷ 730 + 0.025 + 0.09. A price list of its own has ten times the prices of all but the instances.
#[test]
fn prices_are_samples_unless_the_scenario_gives_its_own() {
    let mut plan = Plan { horizon: at(3600), ..plan() };
    plan.images[0].version.availability = Availability::In(vec![Target::new(0)]);
    plan.bill = Bill {
        disks: vec![Some(Disks { provisioned_gb: 32.0, month: None })],
        rules: vec![1],
        bytes_per_request: vec![Some(50_000.0)],
        ..Bill::default()
    };
    let unpriced = Value::NotComputed("the scenario gives no price of the size of its instances");
    assert_eq!(*Of::run(&plan).value("cost.total"), unpriced);
    plan.sets[0].prices = Some(Prices { regular: 3.0, spot: 1.0 });
    let beside = (64.0 + 30.0) * 0.05 / 730.0 + 0.025 + 0.09;
    Of::run(&plan).is("cost.total", 6.0 + beside);
    let PriceList { disk_gb_month, snapshot_gb_month, egress_gb, build_vm_hour, lb_rule_hour, lb_processed_gb } =
        PriceList::default();
    plan.bill.prices = PriceList {
        disk_gb_month: 10.0 * disk_gb_month,
        snapshot_gb_month: 10.0 * snapshot_gb_month,
        egress_gb,
        build_vm_hour,
        lb_rule_hour: 10.0 * lb_rule_hour,
        lb_processed_gb: 10.0 * lb_processed_gb,
    };
    Of::run(&plan).is("cost.total", 6.0 + 10.0 * beside);
}
