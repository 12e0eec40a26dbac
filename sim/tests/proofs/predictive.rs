//! Predictive autoscale. Two weeks and one week before the run, demand was 180 from one hour after the start on, for half
//! an hour; now it stays at 100. Two instances are at 50 %, and the forecast has them at 90 %.

use crate::support::autoscale::*;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::RuleSet;
use windtunnel_sim::world::fact::{AutoscaleFact, Record};

type Proved = Result<Vec<Record>, String>;

proofs! { "predictive":
    PA_02 without_seven_days_of_history_nothing_is_done,
    PA_03 forecast_only_shows_and_does_nothing,
    PA_05 the_maximum_of_the_profile_binds,
    PA_06 what_is_forecast_fires_the_rule,
    PA_07 the_look_ahead_brings_the_action_forward,
    PA_08 the_forecast_is_shared_by_the_instances,
    PA_09 the_forecast_is_the_mean_of_the_same_minute_of_the_weeks_before,
}

const DAY: u64 = 86_400;

/// A history of so many days in which demand was this much at the hour after these days before the start.
fn history(days: u64, peaks: &[(u64, f64)]) -> History {
    let mut demand = vec![Segment { start: at(0), rps: 100.0, slope: 0.0 }];
    for &(before, rps) in peaks {
        let start = (days - before) * DAY + 3600;
        demand.push(Segment { start: at(start), rps, slope: 0.0 });
        demand.push(Segment { start: at(start + 1800), rps: 100.0, slope: 0.0 });
    }
    History { length: s(days * DAY), demand: vec![demand] }
}

fn with(rules: RuleSet, capacity: u32, by: u32) -> Plan {
    let mut plan = scaled(capacity, 100.0, vec![cpu(MORE, 80.0, OUT, by)]);
    plan.rules = rules;
    plan.horizon = at(7200);
    plan.history = history(14, &[(14, 180.0), (7, 180.0)]);
    plan.autoscale[0].predictive = Some(Predictive { acts: true, look_ahead: Some(s(900)) });
    plan
}

fn crossings(ledger: &[Record]) -> Vec<(f64, (u16, f32, f32))> {
    said(ledger, |fact| match fact {
        AutoscaleFact::Forecast { ahead_s, total, each, crosses, .. } if crosses => Some((ahead_s, total, each)),
        _ => None,
    })
}

/// Six days: the day before had the same peak, and nobody looks at it.
fn without_seven_days_of_history_nothing_is_done(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 2, 1);
    plan.history = history(6, &[(1, 180.0)]);
    let ledger = ledger(&plan);
    let trained = said(&ledger, |fact| matches!(fact, AutoscaleFact::BeingTrained { .. }).then_some(()));
    same("being trained", trained, vec![(60.0, ())])?;
    same("decisions", decisions(&ledger), vec![])?;
    Ok(ledger)
}

/// Said when it is in sight, at 3,600 − 900 = 2,700 s.
fn forecast_only_shows_and_does_nothing(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 2, 1);
    plan.autoscale[0].predictive = Some(Predictive { acts: false, look_ahead: Some(s(900)) });
    let ledger = ledger(&plan);
    same("crossings", crossings(&ledger), vec![(2700.0, (900, 180.0, 90.0))])?;
    same("decisions", decisions(&ledger), vec![])?;
    Ok(ledger)
}

fn the_maximum_of_the_profile_binds(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 2, 5);
    plan.autoscale[0].profiles[0].maximum = 3;
    let ledger = ledger(&plan);
    same("decisions", decisions(&ledger), vec![(2700.0, (2, 3))])?;
    Ok(ledger)
}

/// The processors are at 50 % all the time, and the rule above 80 % adds its one. Three would be at 60 %.
fn what_is_forecast_fires_the_rule(rules: RuleSet) -> Proved {
    let ledger = ledger(&with(rules, 2, 1));
    same("decisions", decisions(&ledger), vec![(2700.0, (2, 3))])?;
    Ok(ledger)
}

/// 15 minutes before the peak; without a look-ahead, at the predicted moment.
fn the_look_ahead_brings_the_action_forward(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 2, 1);
    let early = ledger(&plan);
    same("with it", decisions(&early), vec![(2700.0, (2, 3))])?;
    plan.autoscale[0].predictive = Some(Predictive { acts: true, look_ahead: None });
    same("without", decisions(&ledger(&plan)), vec![(3600.0, (2, 3))])?;
    Ok(early)
}

/// 180 % in all are 90 % of two and 36 % of five.
fn the_forecast_is_shared_by_the_instances(rules: RuleSet) -> Proved {
    let at_once = |capacity| {
        let mut plan = with(rules.clone(), capacity, 1);
        plan.autoscale[0].predictive = Some(Predictive { acts: true, look_ahead: None });
        ledger(&plan)
    };
    same("five", decisions(&at_once(5)), vec![])?;
    let ledger = at_once(2);
    same("crossings", crossings(&ledger), vec![(3600.0, (0, 180.0, 90.0))])?;
    same("two", decisions(&ledger), vec![(3600.0, (2, 3))])?;
    Ok(ledger)
}

/// 160 two weeks before and 210 one week before: 185, so 92.5 % of two.
fn the_forecast_is_the_mean_of_the_same_minute_of_the_weeks_before(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 2, 1);
    plan.history = history(14, &[(14, 160.0), (7, 210.0)]);
    let ledger = ledger(&plan);
    same("crossings", crossings(&ledger), vec![(2700.0, (900, 185.0, 92.5))])?;
    let trained = said(&ledger, |fact| matches!(fact, AutoscaleFact::Trained { .. }).then_some(()));
    same("trained", trained, vec![(60.0, ())])?;
    Ok(ledger)
}
