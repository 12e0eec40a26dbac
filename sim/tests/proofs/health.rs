//! The Application Health extension, on the plan of [`crate::support::health`]: probes at 100 s, 105 s, ….

use crate::support::health::*;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{self, A, RuleId, RuleSet, Value};
use windtunnel_sim::world::fact::Health::{Healthy, Initializing, Unhealthy, Unknown};
use windtunnel_sim::world::fact::{Fact, Health, Record};

type Proved = Result<Vec<Record>, String>;

proofs! { "health":
    HD_01 without_a_protocol_everything_is_healthy,
    HD_10 with_all_defaults_the_grace_period_is_5_s,
    HD_12 a_probe_waits_30_s,
    HD_13 probes_wait_for_each_other,
    HD_14 version_1_takes_exactly_200,
    HD_15 version_1_trusts_a_first_healthy,
    HD_16 version_1_changes_after_n_in_a_row,
    HD_17 version_1_calls_a_slow_start_unhealthy,
    HD_20 unhealthy_and_unknown_differ,
    HD_21 the_body_says_what_health_is,
    HD_22 a_dead_application_is_unknown,
    HD_23 the_case_of_the_word_matters,
    HD_24 over_tcp_a_refusal_is_unhealthy,
    HD_25 initializing_lasts_until_results_agree,
    HD_26 tcp_leaves_initializing_only_by_healthy,
    HD_27 at_expiry_the_fallback_is_committed_whatever_the_probe_said,
    HD_28 the_grace_clock_is_looked_at_when_a_probe_ends,
    HD_30 the_first_probe_goes_out_at_the_start,
    HD_31 by_default_the_first_probes_must_all_agree,
    HD_32 a_change_takes_n_in_a_row,
    HD_34 health_is_missing_until_the_extension_has_run,
    HD_36 metrics_that_are_an_object_make_the_body_unreadable,
    HD_43 the_agent_reports_at_its_own_pace,
    HD_44 the_platform_takes_its_time,
    EX_04 health_that_comes_after_the_installation_means_installed,
    UM_06 with_two_sources_nothing_is_reported,
}

fn commits(plan: &Plan, expected: &[(f64, Health)]) -> Proved {
    let ledger = ledger(plan);
    same("commits", changes(&ledger), expected.to_vec())?;
    Ok(ledger)
}

/// The rule that a ledger cites for a commit at an instant.
fn cited(ledger: &[Record], at_s: f64) -> Option<RuleId> {
    let at = |record: &&Record| {
        matches!(record.fact, Fact::HealthChanged { .. }) && (record.time.seconds() - at_s).abs() < 1e-9
    };
    ledger.iter().find(at).map(|record| record.rule)
}

/// The process listens only at 200 s, and the extension says Healthy at 100 s.
fn without_a_protocol_everything_is_healthy(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    process_after(&mut plan, 100);
    of(&mut plan).protocol = None;
    commits(&plan, &[(100.0, Healthy)])
}

/// The process listens at 103 s. The probe of 105 s finds it Healthy and the 5 s of grace over: Unknown; then Healthy.
fn with_all_defaults_the_grace_period_is_5_s(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    process_after(&mut plan, 3);
    of(&mut plan).grace = None;
    commits(&plan, &[(100.0, Initializing), (105.0, Unknown), (110.0, Healthy)])
}

/// Probes every 60 s. Without the database nothing comes back: the probe of 220 s gives up at 250 s; the next ones go out
/// at 280 s, 340 s, 400 s and 460 s; the database is back at 500 s, so the probe of 520 s is well again.
fn a_probe_waits_30_s(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, answers(AnswerKind::Silent));
    of(&mut plan).interval = s(60);
    database_down(&mut plan, 200, 300);
    commits(&plan, &[(100.0, Healthy), (250.0, Unknown), (520.0, Healthy)])
}

/// Two in a row. Without the database the answer is Unhealthy and takes 12 s: sent at 205 s and 217 s, known at 217 s and
/// 229 s. The last of these goes out at 289 s; those of 301 s and 306 s find the database back.
fn probes_wait_for_each_other(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, Answer { after: s(12), ..says(Said::Unhealthy) });
    probes(&mut plan, 2, 600);
    database_down(&mut plan, 201, 99);
    commits(&plan, &[(100.0, Initializing), (105.0, Healthy), (229.0, Unhealthy), (306.0, Healthy)])
}

/// Without the database the answer is 204.
fn version_1_takes_exactly_200(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, answers(AnswerKind::Status(204)));
    binary(&mut plan, 1);
    database_down(&mut plan, 202, 100);
    commits(&plan, &[(100.0, Healthy), (205.0, Unhealthy), (305.0, Healthy)])
}

fn version_1_trusts_a_first_healthy(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    binary(&mut plan, 3);
    commits(&plan, &[(100.0, Healthy)])
}

/// Refused at 205 s, 210 s and 215 s; well at 225 s, 230 s and 235 s.
fn version_1_changes_after_n_in_a_row(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    binary(&mut plan, 3);
    process_down(&mut plan, 202, 20);
    commits(&plan, &[(100.0, Healthy), (215.0, Unhealthy), (235.0, Healthy)])
}

/// Refused at 100 s and 105 s. The process listens at 130 s: well at 135 s and 140 s.
fn version_1_calls_a_slow_start_unhealthy(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    binary(&mut plan, 2);
    process_after(&mut plan, 30);
    commits(&plan, &[(105.0, Unhealthy), (140.0, Healthy)])
}

/// Without the database Unhealthy is said; while the process is down as well, nothing.
fn unhealthy_and_unknown_differ(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, says(Said::Unhealthy));
    database_down(&mut plan, 202, 200);
    process_down(&mut plan, 302, 40);
    let expected = [(100.0, Healthy), (205.0, Unhealthy), (305.0, Unknown), (345.0, Unhealthy), (405.0, Healthy)];
    commits(&plan, &expected)
}

fn the_body_says_what_health_is(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, says(Said::Unhealthy));
    database_down(&mut plan, 202, 100);
    commits(&plan, &[(100.0, Healthy), (205.0, Unhealthy), (305.0, Healthy)])
}

fn a_dead_application_is_unknown(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    process_down(&mut plan, 202, 20);
    commits(&plan, &[(100.0, Healthy), (205.0, Unknown), (225.0, Healthy)])
}

/// Without the database the body says `unhealthy`.
fn the_case_of_the_word_matters(rules: RuleSet) -> Proved {
    let body = Body { state: Some(HealthWord::OtherCase(Said::Unhealthy)), ..Body::default() };
    let mut plan = health_plan(rules, Answer { body, ..OK });
    database_down(&mut plan, 202, 100);
    commits(&plan, &[(100.0, Healthy), (205.0, Unknown), (305.0, Healthy)])
}

fn over_tcp_a_refusal_is_unhealthy(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    tcp(&mut plan);
    process_down(&mut plan, 202, 20);
    commits(&plan, &[(100.0, Healthy), (205.0, Unhealthy), (225.0, Healthy)])
}

/// Two in a row: the process listens at 130 s, well at 135 s and 140 s.
fn initializing_lasts_until_results_agree(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    probes(&mut plan, 2, 600);
    process_after(&mut plan, 30);
    commits(&plan, &[(100.0, Initializing), (140.0, Healthy)])
}

/// The published vector: two in a row, 60 s of grace, and nobody listens before 300 s.
fn tcp_leaves_initializing_only_by_healthy(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    tcp(&mut plan);
    probes(&mut plan, 2, 60);
    process_after(&mut plan, 200);
    commits(&plan, &[(100.0, Initializing), (160.0, Unhealthy), (310.0, Healthy)])
}

/// Three in a row and 20 s of grace. The process listens at 113 s: well at 115 s and 120 s, but then the grace is over.
/// Unknown is left by three more, at 125 s, 130 s and 135 s.
fn at_expiry_the_fallback_is_committed_whatever_the_probe_said(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    probes(&mut plan, 3, 20);
    process_after(&mut plan, 13);
    let ledger = commits(&plan, &[(100.0, Initializing), (120.0, Unknown), (135.0, Healthy)])?;
    same("the rule of the expiry", cited(&ledger, 120.0), Some(rules::HD_27))?;
    Ok(ledger)
}

/// Two in a row, 20 s of grace, and a 503 that takes 12 s: probes end at 112 s and 124 s, and only the second sees 20 s
/// gone. They go on every 12 s; those of 952 s and 957 s find the database that is back at 950 s.
fn the_grace_clock_is_looked_at_when_a_probe_ends(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, Answer { after: s(12), ..answers(AnswerKind::Status(503)) });
    probes(&mut plan, 2, 20);
    database_down(&mut plan, 50, 900);
    commits(&plan, &[(112.0, Initializing), (124.0, Unknown), (957.0, Healthy)])
}

/// Three in a row: 100 s, 105 s and 110 s.
fn the_first_probe_goes_out_at_the_start(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    probes(&mut plan, 3, 600);
    commits(&plan, &[(100.0, Initializing), (110.0, Healthy)])
}

/// The published vector: three in a row, and by default 15 s of grace. The process listens at 103 s, after one probe.
fn by_default_the_first_probes_must_all_agree(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    (of(&mut plan).probes, of(&mut plan).grace) = (3, None);
    process_after(&mut plan, 3);
    commits(&plan, &[(100.0, Initializing), (115.0, Unknown), (130.0, Healthy)])
}

/// Three in a row: refused at 205 s, 210 s, 215 s; well at 225 s, 230 s, 235 s. The process starts anew, the extension
/// does not: there is no second Initializing.
fn a_change_takes_n_in_a_row(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    probes(&mut plan, 3, 600);
    process_down(&mut plan, 202, 20);
    commits(&plan, &[(100.0, Initializing), (110.0, Healthy), (215.0, Unknown), (235.0, Healthy)])
}

fn health_is_missing_until_the_extension_has_run(rules: RuleSet) -> Proved {
    let ledger = ledger(&health_plan(rules, OK));
    same("reports", reports(&ledger, 0), vec![(100.0, Healthy)])?;
    Ok(ledger)
}

/// Without the database the body says Healthy, beside metrics that are an object.
fn metrics_that_are_an_object_make_the_body_unreadable(rules: RuleSet) -> Proved {
    let body = Body { metrics_object: true, ..says(Said::Healthy).body };
    let mut plan = health_plan(rules, Answer { body, ..OK });
    database_down(&mut plan, 202, 100);
    commits(&plan, &[(100.0, Healthy), (205.0, Unknown), (305.0, Healthy)])
}

/// The agent reports every 600 s: both changes at the same phase, each within its own 600 s, and 10 s of the platform on
/// top. The process is down from 2,002 s on, which the extension knows at 2,005 s.
fn the_agent_reports_at_its_own_pace(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    plan.horizon = at(3900);
    assume(&mut plan, A::HealthAgentPeriod, Value::Time(s(600)));
    assume(&mut plan, A::HealthPlatformDelay, Value::Time(s(10)));
    process_down(&mut plan, 2002, 1990);
    let ledger = ledger(&plan);
    let [(first, Healthy), (second, Unknown)] = reports(&ledger, 0)[..] else {
        return Err(format!("reports: {:?}", reports(&ledger, 0)));
    };
    same("the first within a period", (110.0..=710.0).contains(&first), true)?;
    same("the second within a period", (2015.0..=2615.0).contains(&second), true)?;
    same("whole periods apart", (second - first) % 600.0, 0.0)?;
    Ok(ledger)
}

/// The agent reports at once; the platform takes 10 s.
fn the_platform_takes_its_time(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    assume(&mut plan, A::HealthPlatformDelay, Value::Time(s(10)));
    process_down(&mut plan, 202, 20);
    let ledger = ledger(&plan);
    same("reports", reports(&ledger, 0), vec![(110.0, Healthy), (215.0, Unknown), (235.0, Healthy)])?;
    Ok(ledger)
}

/// The installation takes 50 s, and the extension starts at 150 s; the balancer sends users from its probe of 105 s on.
fn health_that_comes_after_the_installation_means_installed(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    plan.sets[0].profile.extensions =
        vec![extension("install", 50), Extension { after: vec![0], ..extension("health", 0) }];
    of(&mut plan).extension = 1;
    let ledger = commits(&plan, &[(150.0, Healthy)])?;
    same("in rotation", first(&ledger, |fact| matches!(fact, Fact::InRotation { .. })), Some(105.0))?;
    Ok(ledger)
}

/// Two sets of one: the first has the extension and the probe, and nothing is reported of its instance; the second has
/// the probe, and its health is what the balancer says: down when it joins, up at the probe of 105 s.
fn with_two_sources_nothing_is_reported(rules: RuleSet) -> Proved {
    let mut plan = health_plan(rules, OK);
    plan.sets[0].profile.health_source = HealthSource::Conflict;
    plan.sets.push(ScaleSet { capacity: 1, ..set("second") });
    plan.sets[1].profile.health_source = HealthSource::Probe(0);
    let ledger = commits(&plan, &[(100.0, Healthy)])?;
    same("reports of the first", reports(&ledger, 0), vec![])?;
    same("reports of the second", reports(&ledger, 1), vec![(0.0, Unhealthy), (105.0, Healthy)])?;
    Ok(ledger)
}
