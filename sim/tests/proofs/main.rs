//! One proof a rule: a small plan whose ledger must be what the text of the rule says, worked out by hand.
//!
//! A proof holds if the ledger is as expected and cites the rule, and if it is not as expected in a world with that one
//! rule switched off. So a rule that is cited and does nothing is found out, and so is one that works unnamed.

#[path = "../support/mod.rs"]
mod support;

mod acts;
mod autoscale;
mod azure_devops;
mod balancer;
mod faults;
mod front_door;
mod gallery;
mod gateway;
mod guest;
mod health;
mod hosts;
mod image_builder;
mod interplay;
mod life;
mod modes;
mod names;
mod notices;
mod octopus;
mod os_policy;
mod os_upgrade;
mod own;
mod pipeline;
mod placement;
mod predictive;
mod quota;
mod recorded;
mod repairs;
mod resize;
mod rollout;
mod scale;
mod spot;
mod standby;
mod surge;
mod vip_swap;
mod zone_balance;
mod zones;

use std::fmt::Debug;
use windtunnel_sim::rules::{RULES, RuleId, RuleSet, Status};
use windtunnel_sim::world::fact::Record;

/// The ledger of the proof's plan under these rules, if it is as the text of the rule says.
pub type Prove = fn(RuleSet) -> Result<Vec<Record>, String>;

/// A rule and what holds it.
pub struct Proof {
    /// The rule.
    pub rule: RuleId,
    /// What its row in the rulebook calls the proof.
    pub name: &'static str,
    /// The proof.
    pub prove: Prove,
}

/// The table of a module, and a test for each row of it.
macro_rules! proofs {
    ($module:literal: $($rule:ident $name:ident,)+) => {
        pub const PROOFS: &[crate::Proof] = &[$(crate::Proof {
            rule: windtunnel_sim::rules::$rule,
            name: concat!("proofs::", $module, "::", stringify!($name)),
            prove: $name,
        }),+];

        mod holds {
            $(#[test]
            fn $name() {
                crate::assert_holds(windtunnel_sim::rules::$rule, super::$name);
            })+
        }
    };
}
pub(crate) use proofs;

/// The driver: with every rule the proof holds and the rule fires; without this one it does not hold.
pub fn assert_holds(rule: RuleId, prove: Prove) {
    match prove(RuleSet::all()) {
        Ok(ledger) => assert!(ledger.iter().any(|record| record.rule == rule), "{rule} is not cited by the ledger"),
        Err(why) => panic!("{rule} does not hold: {why}"),
    }
    assert!(prove(RuleSet::without(rule)).is_err(), "{rule} holds in a world without it, so nothing is proved");
}

/// Holds what came about against what was worked out.
pub fn same<T: PartialEq + Debug>(what: &str, is: T, expected: T) -> Result<(), String> {
    if is == expected { Ok(()) } else { Err(format!("{what}: is {is:?}, expected {expected:?}")) }
}

fn all() -> impl Iterator<Item = &'static Proof> {
    [
        gallery::PROOFS,
        gateway::PROOFS,
        guest::PROOFS,
        image_builder::PROOFS,
        autoscale::PROOFS,
        azure_devops::PROOFS,
        acts::PROOFS,
        predictive::PROOFS,
        repairs::PROOFS,
        resize::PROOFS,
        balancer::PROOFS,
        health::PROOFS,
        life::PROOFS,
        os_policy::PROOFS,
        os_upgrade::PROOFS,
        modes::PROOFS,
        front_door::PROOFS,
        names::PROOFS,
        own::PROOFS,
        pipeline::PROOFS,
        placement::PROOFS,
        rollout::PROOFS,
        scale::PROOFS,
        spot::PROOFS,
        standby::PROOFS,
        notices::PROOFS,
        octopus::PROOFS,
        hosts::PROOFS,
        interplay::PROOFS,
        surge::PROOFS,
        vip_swap::PROOFS,
        quota::PROOFS,
        recorded::PROOFS,
        zone_balance::PROOFS,
        zones::PROOFS,
        faults::PROOFS,
    ]
    .into_iter()
    .flatten()
}

#[test]
fn every_rule_that_is_followed_has_a_proof_and_every_proof_a_rule_that_is_followed() {
    let mut wrong = Vec::new();
    for row in RULES.iter().filter(|row| !matches!(row.status, Status::Absent(_))) {
        let proved = all().any(|proof| proof.rule == row.id);
        // The legality of a scenario is checked where scenarios are read, what Azure answers where it is written, what is billed
        // where it is measured, and what follows for a swap from rules that have proofs where it is counted.
        let there = ["input::", "status::", "measures::", "vip_swap::"];
        let elsewhere = row.tests.iter().any(|test| there.iter().any(|place| test.starts_with(place)));
        if !proved && !elsewhere {
            wrong.push(format!("{} is {} and has no proof", row.id, row.status.word()));
        }
        for test in row.tests.iter().filter(|test| test.starts_with("proofs::")) {
            if !all().any(|proof| proof.rule == row.id && proof.name == *test) {
                wrong.push(format!("{} names {test}, which is no proof of it", row.id));
            }
        }
    }
    for proof in all() {
        let row = proof.rule.rule().expect("a rule of the rulebook");
        if !row.tests.contains(&proof.name) {
            wrong.push(format!("{} is {} and does not name {}", row.id, row.status.word(), proof.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
