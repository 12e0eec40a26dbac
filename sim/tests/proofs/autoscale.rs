//! The engine of autoscale: what it reads, what it decides and when it acts.

use crate::support::autoscale::*;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{AutoscaleFact, Fact, Record};

type Proved = Result<Vec<Record>, String>;

proofs! { "autoscale":
    AS_01 the_engine_runs_once_a_period,
    AS_02 scale_out_comes_before_scale_in,
    AS_04 a_fixed_date_comes_before_a_recurrence_before_the_default,
    AS_05 a_recurring_profile_ends_when_the_next_one_starts,
    AS_06 the_limits_undo_what_was_done_by_hand,
    AS_07 a_spike_is_averaged_over_the_window,
    AS_09 an_operator_means_what_it_says,
    AS_10 a_change_can_be_in_percent,
    AS_11 any_rule_suffices_and_the_highest_target_wins,
    AS_12 all_scale_in_rules_must_be_true_and_the_least_removal_wins,
    AS_13 a_metric_that_no_scale_in_rule_reads_holds_nothing_back,
    AS_14 a_queue_is_divided_by_the_instances,
    AS_15 idle_instances_hide_an_overload,
    AS_16 a_missing_metric_scales_out_to_the_default_and_never_in,
    AS_17 a_scale_out_is_not_held_against_flapping,
    AS_18 a_scale_in_is_held_where_it_would_scale_out_again,
    AS_19 a_scale_in_goes_as_far_as_it_can_without_flapping,
    AS_20 the_formula_says_28_where_the_page_says_27,
    AS_21 the_cooldown_of_a_scale_in_holds_a_scale_out,
    AS_22 rules_are_evaluated_during_a_cooldown,
    AS_23 a_cooldown_shorter_than_the_boot_scales_out_again,
    AS_24 evaluations_and_actions_are_recorded_with_what_they_saw,
    AS_25 the_scale_in_policy_picks_the_victim,
    AS_27 a_metric_of_the_guest_vanishes_with_its_agent,
    AS_29 a_write_counts_from_the_next_run_on_and_the_cooldown_goes_on,
}

fn under(rules: RuleSet, plan: Plan) -> Plan {
    Plan { rules, ..plan }
}

/// Two at 50 %, above 40: the first run is at 60 s; with a period of 30 s, at 30 s.
fn the_engine_runs_once_a_period(rules: RuleSet) -> Proved {
    let mut plan = under(rules, scaled(2, 100.0, vec![cpu(MORE, 40.0, OUT, 1)]));
    let once = ledger(&plan);
    same("once a minute", decisions(&once), vec![(60.0, (2, 3))])?;
    assume(&mut plan, windtunnel_sim::rules::A::AutoscalePeriod, windtunnel_sim::rules::Value::Time(s(30)));
    same("twice a minute", decisions(&ledger(&plan)), vec![(30.0, (2, 3))])?;
    Ok(once)
}

/// Both are true: free memory of 25 is below 30, and the processors at 50 % below 60. With one instance the free memory
/// is projected to 50, so flapping would not hold the scale-in; the order does.
fn scale_out_comes_before_scale_in(rules: RuleSet) -> Proved {
    let mut plan = under(rules, scaled(2, 100.0, vec![cpu(LESS, 60.0, IN, 1), given(LESS, 30.0, OUT, 1)]));
    plan.metrics = vec![metric(&[(0, 25.0)])];
    let ledger = ledger(&plan);
    same("decisions", decisions(&ledger), vec![(60.0, (2, 3))])?;
    Ok(ledger)
}

fn limits(minimum: u32, maximum: u32, when: ProfileWhen) -> ScaleProfile {
    ScaleProfile { minimum, maximum, default: minimum, when, ..profile(Vec::new()) }
}

fn recurring(starts_s: &[i64]) -> ProfileWhen {
    ProfileWhen::Recurring { starts_ms: starts_s.iter().map(|start| start * 1000).collect() }
}

/// The recurring profile began before t = 0 and wants 3 or 4, the one from 300 s to 600 s wants 5, and the default 1.
fn a_fixed_date_comes_before_a_recurrence_before_the_default(rules: RuleSet) -> Proved {
    let mut plan = under(rules, scaled(2, 100.0, Vec::new()));
    plan.autoscale[0].profiles = vec![
        limits(1, 2, ProfileWhen::Default),
        limits(3, 4, recurring(&[-1000])),
        limits(5, 9, ProfileWhen::Fixed { from_ms: 300_000, until_ms: 600_000 }),
    ];
    let ledger = ledger(&plan);
    same("decisions", decisions(&ledger), vec![(60.0, (2, 3)), (300.0, (3, 5)), (600.0, (5, 4))])?;
    Ok(ledger)
}

/// The night of two began before t = 0, the day of four begins at 300 s, and the night again at 900 s.
fn a_recurring_profile_ends_when_the_next_one_starts(rules: RuleSet) -> Proved {
    let mut plan = under(rules, scaled(2, 100.0, Vec::new()));
    plan.autoscale[0].profiles = vec![limits(2, 2, recurring(&[-1000, 900])), limits(4, 4, recurring(&[-2000, 300]))];
    let ledger = ledger(&plan);
    same("decisions", decisions(&ledger), vec![(300.0, (2, 4)), (900.0, (4, 2))])?;
    Ok(ledger)
}

/// By hand 12 at 90 s: the next run, at 120 s, lowers it to the maximum of 10 (the page's 12 → 10). None at all at 290 s:
/// raised to 1 at 300 s. There is no rule.
fn the_limits_undo_what_was_done_by_hand(rules: RuleSet) -> Proved {
    let mut plan = under(rules, scaled(2, 100.0, Vec::new()));
    plan.timeline = vec![scale(90, 12), scale(290, 0)];
    let ledger = ledger(&plan);
    same("decisions", decisions(&ledger), vec![(120.0, (12, 10)), (300.0, (0, 1))])?;
    Ok(ledger)
}

/// 10, and from 300 s to 420 s 90. The window of five minutes that has both has 3 × 10 + 2 × 90 = 210, a mean of 42; the one
/// before (4 × 10 + 90) / 5 = 26. It ends at 420 s, and the run at 480 s sees it.
fn a_spike_is_averaged_over_the_window(rules: RuleSet) -> Proved {
    let mut plan = under(rules, scaled(2, 100.0, vec![given(MORE, 40.0, OUT, 1)]));
    plan.metrics = vec![metric(&[(0, 10.0), (300, 90.0), (420, 10.0)])];
    let ledger = ledger(&plan);
    same("decisions", decisions(&ledger), vec![(480.0, (2, 3))])?;
    Ok(ledger)
}

/// 50 is not above 50, and is at least 50.
fn an_operator_means_what_it_says(rules: RuleSet) -> Proved {
    let with = |operator| {
        let mut plan = under(rules.clone(), scaled(2, 100.0, vec![given(operator, 50.0, OUT, 1)]));
        plan.metrics = vec![metric(&[(0, 50.0)])];
        ledger(&plan)
    };
    for (operator, fires) in
        [(MORE, false), (Operator::NotEquals, false), (LESS, false), (Operator::LessThanOrEqual, true)]
    {
        same("fires", !decisions(&with(operator)).is_empty(), fires)?;
    }
    let ledger = with(Operator::GreaterThanOrEqual);
    same("at least", decisions(&ledger), vec![(60.0, (2, 3))])?;
    Ok(ledger)
}

/// 50 % of 3 are 1.5: out that is 2 more, in 1 fewer. To exactly 7; and the next that is allowed is one more.
fn a_change_can_be_in_percent(rules: RuleSet) -> Proved {
    let with = |direction, change| {
        let rule = ScaleRule { change, ..given(MORE, 0.0, direction, 0) };
        let mut plan = under(rules.clone(), scaled(3, 100.0, vec![rule]));
        plan.metrics = vec![metric(&[(0, 50.0)])];
        ledger(&plan)
    };
    let ledger = with(OUT, ScaleChange::Percent(50));
    same("out", decisions(&ledger), vec![(60.0, (3, 5))])?;
    same("in", decisions(&with(IN, ScaleChange::Percent(50))), vec![(60.0, (3, 2))])?;
    same("exactly", decisions(&with(OUT, ScaleChange::Exact(7))), vec![(60.0, (3, 7))])?;
    same("allowed", decisions(&with(OUT, ScaleChange::NextAllowed)), vec![(60.0, (3, 4))])?;
    Ok(ledger)
}

/// The page's example: by three and by five, so by five. A third that is not true changes nothing, and ten is the most.
fn any_rule_suffices_and_the_highest_target_wins(rules: RuleSet) -> Proved {
    let three_and_five = vec![cpu(MORE, 40.0, OUT, 3), cpu(MORE, 45.0, OUT, 5), cpu(MORE, 60.0, OUT, 7)];
    let ledger = ledger(&under(rules, scaled(2, 100.0, three_and_five)));
    same("decisions", decisions(&ledger), vec![(60.0, (2, 7))])?;
    Ok(ledger)
}

/// The page's example: −50 % of 10 is 5, −3 is 7, so 7. With a third rule that is not true, nothing.
fn all_scale_in_rules_must_be_true_and_the_least_removal_wins(rules: RuleSet) -> Proved {
    let half = ScaleRule { change: ScaleChange::Percent(50), ..cpu(LESS, 20.0, IN, 0) };
    let two = vec![half, cpu(LESS, 20.0, IN, 3)];
    let third = [two.clone(), vec![cpu(LESS, 5.0, IN, 1)]].concat();
    same("with a third", decisions(&ledger(&under(rules.clone(), scaled(10, 100.0, third)))), vec![])?;
    let ledger = ledger(&under(rules, scaled(10, 100.0, two)));
    same("decisions", decisions(&ledger), vec![(60.0, (10, 7))])?;
    Ok(ledger)
}

/// The memory is at 75, not above 90, nor would it be with nine: 75 × 10 / 9 = 83.3. The processors at 10 % scale in.
fn a_metric_that_no_scale_in_rule_reads_holds_nothing_back(rules: RuleSet) -> Proved {
    let mut plan = under(rules, scaled(10, 100.0, vec![given(MORE, 90.0, OUT, 1), cpu(LESS, 20.0, IN, 1)]));
    plan.metrics = vec![metric(&[(0, 75.0)])];
    let ledger = ledger(&plan);
    same("decisions", decisions(&ledger), vec![(60.0, (10, 9))])?;
    Ok(ledger)
}

/// Two instances and a threshold of 50 an instance: 99 messages are too few, 100 are enough. They are there from 300 s on,
/// so that the minute until 360 s has them, which the run at 420 s sees.
fn a_queue_is_divided_by_the_instances(rules: RuleSet) -> Proved {
    let mut rule = last_minute(given(Operator::GreaterThanOrEqual, 50.0, OUT, 1));
    rule.trigger.per_instance = true;
    let mut plan = under(rules, scaled(2, 100.0, vec![rule]));
    plan.metrics = vec![metric(&[(0, 99.0), (300, 100.0)])];
    let ledger = ledger(&plan);
    same("decisions", decisions(&ledger), vec![(420.0, (2, 3))])?;
    Ok(ledger)
}

/// One of three is down: 90 requests are 0/45/45, and from 600 s on 180 are 0/90/90. That reads as 60, and the rule above
/// 80 does not fire. (Another, which does nothing at the minimum, shows what was read.)
fn idle_instances_hide_an_overload(rules: RuleSet) -> Proved {
    let shows = last_minute(cpu(MORE, 50.0, IN, 1));
    let mut plan = under(rules, scaled(3, 90.0, vec![last_minute(cpu(MORE, 80.0, OUT, 1)), shows]));
    plan.autoscale[0].profiles[0].minimum = 3;
    plan.timeline = vec![disturb(10, &[0], Disturbance::ProcessDown, 3600)];
    let traffic = plan.entry_points[0].traffic.as_mut().expect("plain pools have traffic");
    traffic.demand.push(Segment { start: at(600), rps: 180.0, slope: 0.0 });
    let ledger = ledger(&plan);
    let read = said(&ledger, |fact| match fact {
        AutoscaleFact::MetricRead { rule: 1, value, .. } => Some(value),
        _ => None,
    });
    same("read", read, vec![(720.0, 60.0)])?;
    same("decisions", decisions(&ledger), vec![])?;
    Ok(ledger)
}

/// Nothing gives the metric. With a default of five, two become five; with one of one, two stay two, although the
/// processors at 50 % would scale in.
fn a_missing_metric_scales_out_to_the_default_and_never_in(rules: RuleSet) -> Proved {
    let with = |default| {
        let missing = rule(Metric::Missing, MORE, 90.0, OUT, 1);
        let mut plan = under(rules.clone(), scaled(2, 100.0, vec![missing, cpu(LESS, 60.0, IN, 1)]));
        plan.autoscale[0].profiles[0].default = default;
        ledger(&plan)
    };
    same("a low default", decisions(&with(1)), vec![])?;
    let ledger = with(5);
    same("decisions", decisions(&ledger), vec![(60.0, (2, 5))])?;
    Ok(ledger)
}

/// The page's first table: 56 % on one scales out above 50, although 28 % on two is below 30. The scale-in that would
/// follow is held.
fn a_scale_out_is_not_held_against_flapping(rules: RuleSet) -> Proved {
    let rules_of_the_page = [cpu(MORE, 50.0, OUT, 1), cpu(LESS, 30.0, IN, 1)];
    let quick = rules_of_the_page.into_iter().map(|rule| ScaleRule { cooldown: s(60), ..last_minute(rule) });
    let mut plan = under(rules, scaled(1, 56.0, quick.collect()));
    assume(&mut plan, windtunnel_sim::rules::A::AutoscaleMetricDelay, windtunnel_sim::rules::Value::Time(s(0)));
    // The second instance serves before the next run.
    assume(
        &mut plan,
        windtunnel_sim::rules::A::VmssProvision,
        windtunnel_sim::rules::Value::Dist(windtunnel_sim::engine::random::Dist::Constant(s(1))),
    );
    plan.images[0].boot = Some(constant(1));
    let ledger = ledger(&plan);
    same("decisions", decisions(&ledger), vec![(60.0, (1, 2))])?;
    Ok(ledger)
}

/// The three examples of the projection, from three instances to two: 575 × 3/2 = 862.5 ≥ 600, no; 60 × 3/2 = 90 ≥ 80, no;
/// 50 × 3/2 = 75 < 80, yes.
fn a_scale_in_is_held_where_it_would_scale_out_again(rules: RuleSet) -> Proved {
    let with = |value, out, in_| {
        let out = given(Operator::GreaterThanOrEqual, out, OUT, 1);
        let mut plan = under(rules.clone(), scaled(3, 100.0, vec![out, given(LESS, in_, IN, 1)]));
        plan.metrics = vec![metric(&[(0, value)])];
        ledger(&plan)
    };
    let threads = with(575.0, 600.0, 600.0);
    same("threads", decisions(&threads), vec![])?;
    let given_up = said(&threads, |fact| match fact {
        AutoscaleFact::Flapping { wanted, projected, .. } => Some((wanted, projected)),
        _ => None,
    });
    same("given up, once", given_up, vec![(60.0, (2, 862.5))])?;
    same("60 %", decisions(&with(60.0, 80.0, 60.5)), vec![])?;
    same("50 %", decisions(&with(50.0, 80.0, 60.0)), vec![(60.0, (3, 2))])?;
    Ok(threads)
}

fn adjusted(ledger: &[Record]) -> Vec<(f64, (u16, u16))> {
    said(ledger, |fact| match fact {
        AutoscaleFact::FlappingOccurred { wanted, got, .. } => Some((wanted, got)),
        _ => None,
    })
}

/// The page's log: of 6, 1 was wanted and 4 came about. Here 2 × 6/4 = 3 is below 3.5 and 2 × 6/3 = 4 is not.
fn a_scale_in_goes_as_far_as_it_can_without_flapping(rules: RuleSet) -> Proved {
    let mut plan = under(rules, scaled(6, 100.0, vec![given(MORE, 3.5, OUT, 1), given(LESS, 3.0, IN, 5)]));
    plan.metrics = vec![metric(&[(0, 2.0)])];
    let ledger = ledger(&plan);
    same("adjusted", adjusted(&ledger), vec![(60.0, (1, 4))])?;
    same("decisions", decisions(&ledger), vec![(60.0, (6, 4))])?;
    Ok(ledger)
}

/// The page's worked example: 30 at 65 %, out above 70 %, in by ten at 50 requests each or fewer. Of 27, which the page
/// gives, the processors would be at 65 × 30/27 = 72.2 %; of 28, at 69.6 %.
fn the_formula_says_28_where_the_page_says_27(rules: RuleSet) -> Proved {
    let mut requests = rule(Metric::Given(1), Operator::LessThanOrEqual, 50.0, IN, 10);
    requests.trigger.per_instance = true;
    let mut many = rule(Metric::Given(1), Operator::GreaterThanOrEqual, 200.0, OUT, 20);
    many.trigger.per_instance = true;
    let mut plan = under(rules, scaled(30, 100.0, vec![many, given(MORE, 70.0, OUT, 20), requests]));
    plan.metrics = vec![metric(&[(0, 65.0)]), metric(&[(0, 1500.0)])];
    plan.autoscale[0].profiles[0].maximum = 100;
    let ledger = ledger(&plan);
    same("adjusted", adjusted(&ledger), vec![(60.0, (20, 28))])?;
    same("decisions", decisions(&ledger), vec![(60.0, (30, 28))])?;
    Ok(ledger)
}

/// The page's example, with t = 0 at 12:00. The metric falls in the minute that the run at 13:00 sees, and rises in that of
/// 13:20. The 40 minutes of the scale-in end at 13:40.
fn one_to_two(rules: RuleSet) -> Plan {
    let cooldown = |minutes: u64, rule: ScaleRule| ScaleRule { cooldown: s(60 * minutes), ..last_minute(rule) };
    let scale = vec![cooldown(60, given(MORE, 80.0, OUT, 1)), cooldown(40, given(LESS, 20.0, IN, 1))];
    let mut plan = under(rules, scaled(3, 100.0, scale));
    plan.metrics = vec![metric(&[(0, 50.0), (3480, 10.0), (4680, 90.0)])];
    plan.autoscale[0].profiles[0].minimum = 2;
    plan.horizon = at(6030);
    plan
}

fn the_cooldown_of_a_scale_in_holds_a_scale_out(rules: RuleSet) -> Proved {
    let plan = one_to_two(rules);
    let ledger = ledger(&plan);
    same("decisions", decisions(&ledger), vec![(3600.0, (3, 2)), (6000.0, (2, 3))])?;
    // By the other reading the action out waits as long as its own rule says: 60 min after 13:00.
    let mut plan = Plan { horizon: at(7230), ..plan };
    let reading = windtunnel_sim::rules::Value::Choice("of_the_next");
    assume(&mut plan, windtunnel_sim::rules::A::AutoscaleCooldown, reading);
    let own = crate::support::ledger(&plan);
    same("by its own", decisions(&own), vec![(3600.0, (3, 2)), (7200.0, (2, 3))])?;
    Ok(ledger)
}

/// A queue of 95 is above 90, and the guest's agent sends it. On a version without the agent it is missing, and two become the
/// default of five.
fn a_metric_of_the_guest_vanishes_with_its_agent(rules: RuleSet) -> Proved {
    let mut plan = under(rules, scaled(2, 100.0, vec![given(MORE, 90.0, OUT, 1)]));
    plan.metrics = vec![metric(&[(0, 95.0)])];
    plan.autoscale[0].profiles[0].default = 5;
    plan.horizon = at(600);
    plan.images.push(image("app/2.0.0", 1));
    plan.metrics[0].not_sent_by = vec![1];
    same("with the agent", decisions(&ledger(&plan)), vec![(60.0, (2, 3))])?;
    plan.metrics[0].not_sent_by = vec![0];
    let ledger = ledger(&plan);
    same("without", decisions(&ledger), vec![(60.0, (2, 5))])?;
    Ok(ledger)
}

fn rules_are_evaluated_during_a_cooldown(rules: RuleSet) -> Proved {
    let ledger = ledger(&one_to_two(rules));
    let deferred = said(&ledger, |fact| match fact {
        AutoscaleFact::Deferred { to, left_s, .. } => Some((to, left_s)),
        _ => None,
    });
    same("deferred", deferred, vec![(4800.0, (3, 1200))])?;
    Ok(ledger)
}

/// Two at 80 %, above 70; a third would do, at 53 %. It is asked for at 60 s, runs at 120 s and takes requests at 165 s.
/// What the runs at 120 s and 180 s see is older than that: 80 %. The run at 240 s sees the idle third, from 120 s on.
fn a_cooldown_shorter_than_the_boot_scales_out_again(rules: RuleSet) -> Proved {
    let hasty = ScaleRule { cooldown: s(60), ..last_minute(cpu(MORE, 70.0, OUT, 1)) };
    let ledger = ledger(&under(rules, scaled(2, 160.0, vec![hasty])));
    same("decisions", decisions(&ledger), vec![(60.0, (2, 3)), (120.0, (3, 4)), (180.0, (4, 5))])?;
    Ok(ledger)
}

/// Two at 80 % become three, at a projected 160 / 3 %.
fn evaluations_and_actions_are_recorded_with_what_they_saw(rules: RuleSet) -> Proved {
    let mut plan = under(rules, scaled(2, 160.0, vec![cpu(MORE, 70.0, OUT, 1)]));
    plan.horizon = at(100);
    let ledger = ledger(&plan);
    let evaluated = said(&ledger, |fact| match fact {
        AutoscaleFact::Evaluated { observed, capacity, fires, .. } if fires => Some((observed, capacity)),
        _ => None,
    });
    same("evaluated", evaluated, vec![(60.0, (80.0, 2))])?;
    let decided = said(&ledger, |fact| match fact {
        AutoscaleFact::Decided { reason, .. } => reason.map(|reason| (reason.observed, reason.projected)),
        _ => None,
    });
    same("decided", decided, vec![(60.0, (80.0, (160.0_f64 / 3.0) as f32))])?;
    Ok(ledger)
}

/// Four at 25 % under OldestVM: the first goes.
fn the_scale_in_policy_picks_the_victim(rules: RuleSet) -> Proved {
    let mut plan = under(rules, scaled(4, 100.0, vec![cpu(LESS, 30.0, IN, 1)]));
    plan.sets[0].scale_in = ScaleInPolicy::OldestVM;
    let ledger = ledger(&plan);
    let victims: Vec<(f64, u32)> = ledger
        .iter()
        .filter_map(|record| match record.fact {
            Fact::InstanceDeleting { instance, .. } => Some((record.time.seconds(), instance.0)),
            _ => None,
        })
        .collect();
    same("victims", victims, vec![(60.0, 0)])?;
    Ok(ledger)
}

/// Two are at 90 %, above 80: a third is added at 60 s, with a cooldown of ten minutes, and three are at 60 %. At 300 s a threshold of 50
/// is written, which counts at 305 s and so in the run of 360 s: a fourth waits until 660 s. Four are at 45 %.
fn a_write_counts_from_the_next_run_on_and_the_cooldown_goes_on(rules: RuleSet) -> Proved {
    let ten_minutes = ScaleRule { cooldown: s(600), ..cpu(MORE, 80.0, OUT, 1) };
    let mut plan = under(rules, scaled(2, 180.0, vec![ten_minutes.clone()]));
    assume(&mut plan, A::ArmWrite, Value::Dist(Dist::Constant(s(5))));
    let mut lower = ten_minutes;
    lower.trigger.threshold = 50.0;
    let enabled = Some(profile(vec![lower]));
    plan.timeline = vec![action("lower", 300, setting_written(&mut plan, enabled))];
    let ledger = ledger(&plan);
    let chosen = said(&ledger, |fact| match fact {
        AutoscaleFact::ProfileChosen { profile, .. } => Some(profile),
        _ => None,
    });
    same("the profiles that rule", chosen, vec![(60.0, 0), (360.0, 1)])?;
    same("decisions", decisions(&ledger), vec![(60.0, (2, 3)), (660.0, (3, 4))])?;
    Ok(ledger)
}
