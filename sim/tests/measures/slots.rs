//! Slots against counts done by hand.

use super::*;

/// A fleet of three, of which one machine goes and another comes in its slot, five times, each of an image that is bad: five
/// machines are hit, and a third of the slots. Counted by machines it would be 167 % of the fleet.
#[test]
fn machines_that_replace_each_other_are_hit_in_one_slot() {
    let mut plan = plan();
    plan.sets[0].capacity = 3;
    plan.images.push(Image { name: "web/2.0.0".into(), bad: true, ..plan.images[0].clone() });
    let change = ModelChange { image: Some(ImageReference::Version(1)), ..ModelChange::default() };
    plan.timeline = vec![action("change", 60, Act::ChangeModel { set: 0, change: Box::new(change) })];
    for round in 1..=5 {
        plan.timeline.push(scale(600 * round, 2));
        plan.timeline.push(scale(600 * round + 300, 3));
    }
    let of = Of::run(&plan);
    let Value::Number(machines) = *of.value("blast_radius.instances") else { panic!("it is counted") };
    let Value::Number(share) = *of.value("blast_radius.instances_pct") else { panic!("it is computed") };
    // The first that goes is the newest, so each round takes the machine of the round before.
    assert_eq!(machines, 5.0);
    assert!((share - 100.0 / 3.0).abs() < 1e-9, "{share}");
}
