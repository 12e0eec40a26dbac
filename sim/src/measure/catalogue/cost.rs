//! What a run costs.

use super::{Compute, Reading, Scope, Value};

pub(super) fn credits(reading: &Reading<'_>, _: Scope) -> Value {
    match reading.of.census.cost().zip(reading.of.standby.cost()) {
        Some((instances, pools)) => Value::Number(instances + pools),
        None => Value::NotComputed("the scenario gives no price of the size of its instances"),
    }
}

pub(super) fn regular(reading: &Reading<'_>, _: Scope) -> Value {
    Value::Number(reading.of.census.billed_s / 3600.0)
}

pub(super) fn spot(reading: &Reading<'_>, _: Scope) -> Value {
    Value::Number(reading.of.census.spot_s / 3600.0)
}

pub(super) fn disk_gb_h(reading: &Reading<'_>, _: Scope) -> Value {
    reading.of.bill.disk_gb_h()
}

pub(super) fn disks(reading: &Reading<'_>, _: Scope) -> Value {
    reading.of.bill.disks()
}

pub(super) fn replica_gb_h(reading: &Reading<'_>, _: Scope) -> Value {
    reading.of.bill.replica_gb_h()
}

pub(super) fn replicas(reading: &Reading<'_>, _: Scope) -> Value {
    reading.of.bill.replicas()
}

pub(super) fn egress_gb(reading: &Reading<'_>, _: Scope) -> Value {
    Value::Number(reading.of.bill.egress_gb())
}

pub(super) fn egress(reading: &Reading<'_>, _: Scope) -> Value {
    Value::Number(reading.of.bill.egress())
}

pub(super) fn build_h(reading: &Reading<'_>, _: Scope) -> Value {
    reading.of.bill.build_h()
}

pub(super) fn builds(reading: &Reading<'_>, _: Scope) -> Value {
    reading.of.bill.builds()
}

pub(super) fn rule_h(reading: &Reading<'_>, _: Scope) -> Value {
    reading.of.bill.rule_h()
}

pub(super) fn processed_gb(reading: &Reading<'_>, _: Scope) -> Value {
    reading.of.bill.processed_gb(&reading.of.offered()).map_or_else(Value::NotComputed, Value::Number)
}

pub(super) fn balancers(reading: &Reading<'_>, _: Scope) -> Value {
    reading.of.bill.balancers(&reading.of.offered())
}

pub(super) fn total(reading: &Reading<'_>, scope: Scope) -> Value {
    let plan = reading.of.plan;
    // Each with whether the plan has anything of its kind.
    let items: [(Compute, bool); 6] = [
        (credits, true),
        (disks, true),
        (replicas, !plan.images.is_empty()),
        (egress, true),
        (builds, !plan.builders.is_empty()),
        (balancers, !plan.bill.rules.is_empty()),
    ];
    let mut sum = 0.0;
    for (of, _) in items.iter().filter(|(_, has)| *has) {
        match of(reading, scope) {
            Value::Number(credits) => sum += credits,
            other => return other,
        }
    }
    Value::Number(sum)
}
