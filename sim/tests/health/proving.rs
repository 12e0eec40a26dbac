//! One proof a rule: its ledger must be what the text of the rule says, worked out by hand, and cite the rule; and it must
//! not be so in a world with that one rule switched off.

use std::fmt::Debug;
use windtunnel_sim::rules::{Area, RuleId, RuleSet, Status};
use windtunnel_sim::world::fact::Record;

/// The ledger of the proof's plan under these rules, if it is as the text of the rule says.
pub type Prove = fn(RuleSet) -> Result<Vec<Record>, String>;

/// The table of a module, and a test for each row of it.
macro_rules! proofs {
    ($module:literal: $($rule:ident $name:ident,)+) => {
        pub const PROOFS: &[(windtunnel_sim::rules::RuleId, &str)] =
            &[$((windtunnel_sim::rules::$rule, concat!("proofs::", $module, "::", stringify!($name)))),+];

        mod holds {
            $(#[test]
            fn $name() {
                crate::proving::assert_holds(windtunnel_sim::rules::$rule, super::$name);
            })+
        }
    };
}
pub(crate) use proofs;

/// With every rule the proof holds and the rule fires; without this one it does not hold.
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

#[test]
fn every_rule_on_health_that_is_followed_names_its_proof() {
    let mut wrong = Vec::new();
    for row in Area::HD.rules().iter().filter(|row| row.status != Status::Absent) {
        let proved = |test: &str| crate::rules::PROOFS.contains(&(row.id, test));
        // The legality of a scenario is checked where scenarios are read.
        if !row.tests.iter().any(|test| test.starts_with("input::") || proved(test)) {
            wrong.push(format!("{} is {} and has no proof", row.id, row.status.word()));
        }
    }
    for &(rule, name) in crate::rules::PROOFS {
        if !rule.rule().expect("a rule of the rulebook").tests.contains(&name) {
            wrong.push(format!("{rule} does not name {name}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
