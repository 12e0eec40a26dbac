//! The rows on Azure Monitor autoscale, reactive and predictive.

use super::table::rows;

rows! {
    AS_01: Documented, "ASu, ASf", Approximated,
        "The engine runs every 30–60 s depending on resource type; which of the two applies to a scale set is not documented.",
        "The period is the assumption autoscale.period, by default 60 s.",
        ["proofs::autoscale::the_engine_runs_once_a_period"];
    AS_02: PartlyInferred, "ASu", Exact,
        "Order in a run: choose profile → clamp to min/max → evaluate scale-out rules → if none fired, evaluate scale-in rules → flapping \
         check (scale-in only) → act unless cooling down.",
        ["proofs::autoscale::scale_out_comes_before_scale_in"];
    AS_03: Contradicted, "ASu, ASapi, VAS", Exact,
        "One setting per resource; up to 20 profiles; up to 10 rules per profile. The scale-set overview page says 20 rules per scale set.",
        ["input::autoscale::profiles_and_rules_have_a_number_and_a_set_one_setting"];
    AS_04: Documented, "ASu, ASm", Exact,
        "Profile choice: fixed-date, then recurring, then default; the first match wins and only its limits and rules count; nothing is \
         inherited.",
        ["proofs::autoscale::a_fixed_date_comes_before_a_recurrence_before_the_default"];
    AS_05: Documented, "ASu, ASm, ASapi", Approximated,
        "Recurrence: frequency must be Week; days/hours/minutes give only a start; a profile ends when the next one starts. Portal/CLI \
         fake an end by adding a twin default profile that starts then; the CLI's omitted end is 23:59; the portal forces a one-minute gap \
         between touching profiles in which the default profile rules. Fixed-date span ≤ 365 days. Time zones are Windows zone names.",
        "A Windows time zone uses today's daylight saving rules in every year.",
        ["proofs::autoscale::a_recurring_profile_ends_when_the_next_one_starts"];
    AS_06: Documented, "ASb, ASm", Exact,
        "Capacity below min → raised to min on the next run; above max → lowered to max; this also undoes manual scaling, and needs no \
         rule. On a profile change the clamp is the first effect (e.g. 12 → 10).",
        ["proofs::autoscale::the_limits_undo_what_was_done_by_hand"];
    AS_07: Contradicted, "ASu, ASb, ASapi", Approximated,
        "Metric pipeline: samples at `timeGrain` by `statistic`, reduced over `timeWindow` by `timeAggregation`, optionally divided by the \
         instance count, then compared. One page describes `statistic` as aggregation in time, another and the API as aggregation across \
         instances.",
        "Of the two meanings of `statistic`, the aggregation across instances is followed: an instance sends one sample per minute, its \
         mean over that minute.",
        ["proofs::autoscale::a_spike_is_averaged_over_the_window"];
    AS_08: Contradicted, "ASapi, ASf", Approximated,
        "Ranges: timeGrain 1 min–12 h, one of the metric's own grains; timeWindow 5 min–12 h and longer than the metric's delivery delay \
         (an example in the flapping page nevertheless shows PT1M); cooldown 1 min–1 week; value ≥ 1, default 1.",
        "The grains of a metric are not known, so any whole number of minutes is accepted; a window is not compared with the delivery \
         delay.",
        ["input::autoscale::grains_windows_and_cooldowns_have_ranges"];
    AS_09: Documented, "ASapi", Exact,
        "Operators: Equals, NotEquals, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual. statistic: Average, Min, Max, Sum, \
         Count. timeAggregation: Average (default), Minimum, Maximum, Total, Count, Last.",
        ["proofs::autoscale::an_operator_means_what_it_says"];
    AS_10: Documented, "ASapi, VAS", Approximated,
        "Actions: ChangeCount, PercentChangeCount, ExactCount, ServiceAllowedNextValue; direction None/Increase/Decrease.",
        "The next allowed value of a scale set is assumed to be one more or one fewer.",
        ["proofs::autoscale::a_change_can_be_in_percent"];
    AS_11: Documented, "ASu, ASb", Exact,
        "Scale-out: any fired rule suffices; each computes a target; the highest target wins, capped at max.",
        ["proofs::autoscale::any_rule_suffices_and_the_highest_target_wins"];
    AS_12: Documented, "ASu", Exact,
        "Scale-in: looked at only when no scale-out rule fired; all scale-in rules must be true; the highest resulting count (least \
         removal) wins, floored at min. E.g. −50 % → 5 and −3 → 7 gives 7.",
        ["proofs::autoscale::all_scale_in_rules_must_be_true_and_the_least_removal_wins"];
    AS_13: Inferred, "ASb, AS-12", Exact,
        "Consequence of AS-12: a scale-in rule on CPU alone fires even while memory is high if no memory scale-out rule is true at that \
         run; with a memory scale-out rule it cannot.",
        ["proofs::autoscale::a_metric_that_no_scale_in_rule_reads_holds_nothing_back"];
    AS_14: Documented, "ASb, ASc, ASt", Exact,
        "Thresholds are per instance. Storage-queue and Service Bus length are divided by the instance count by nature: threshold 50 with \
         n instances fires at 50·n messages. `dividePerInstance` does the same for Sum/Count metrics.",
        ["proofs::autoscale::a_queue_is_divided_by_the_instances"];
    AS_15: Documented, "ASi29000", Approximated,
        "Instances that are up but idle (booting, probed down) pull the average down: three at 0/90/90 read as 60 and hide an overload.",
        "An instance that gets no requests has the idle load, and so has an instance that boots.",
        ["proofs::autoscale::idle_instances_hide_an_overload"];
    AS_16: Contradicted, "ASu, ASb, ASold", Exact,
        "Missing metric: if the current count is below the default, scale out to the default; otherwise never scale in. The activity log \
         notes loss and recovery; an older page says \"scales to default\".",
        ["proofs::autoscale::a_missing_metric_scales_out_to_the_default_and_never_in"];
    AS_17: Documented, "ASf", Exact,
        "Only scale-in is checked for flapping; scale-out never is.",
        ["proofs::autoscale::a_scale_out_is_not_held_against_flapping"];
    AS_18: Documented, "ASold, ASf", Exact,
        "Projection: value_after = value_now × n_now / n_target, compared with every scale-out rule of the profile; if any would fire, the \
         target is rejected. Examples: 575×3/2 = 862.5 ≥ 600 → no; 60×3/2 = 90 ≥ 80 → no; 50×3/2 = 75 < 80 → yes.",
        ["proofs::autoscale::a_scale_in_is_held_where_it_would_scale_out_again"];
    AS_19: PartlyInferred, "ASf, ASb", Exact,
        "If the rule's target is rejected the engine tries counts between target and current and takes one that passes (smallest passing \
         count); if none passes it skips and retries next run. Log names: `FlappingOccurred` (adjusted) and `Flapping` (given up). \
         Example: 6 wanted 1 → got 4.",
        ["proofs::autoscale::a_scale_in_goes_as_far_as_it_can_without_flapping"];
    AS_20: Inferred, "ASf, arithmetic", Exact,
        "The doc's own worked example is off: 30 → 27 at 65 % CPU with limit 70 % projects 65×30/27 = 72.2 %; the linear rule gives 28. \
         Follow the formula, not the example.",
        ["proofs::autoscale::the_formula_says_28_where_the_page_says_27"];
    AS_21: Documented, "ASu", Approximated,
        "Cooldown is one shared timer: after any action no action in either direction runs until the cooldown of the rule that fired has \
         elapsed, counted from the action's recorded time. With 60 min out and 40 min in, an action in at 13:00 defers an action out \
         needed at 13:20 to 13:40.",
        "Of the two meanings of `cooldown` one is followed (`autoscale.cooldown`).",
        ["proofs::autoscale::the_cooldown_of_a_scale_in_holds_a_scale_out"];
    AS_22: PartlyInferred, "ASu", Exact,
        "During cooldown rules are still evaluated and logged; the deferred action happens on the first run after it, if the rule is still \
         true.",
        ["proofs::autoscale::rules_are_evaluated_during_a_cooldown"];
    AS_23: Documented, "S1, ASu", Exact,
        "The cooldown must cover boot + warm-up, or the next run reads metrics that the new instances have not yet lowered and scales out \
         again.",
        ["proofs::autoscale::a_cooldown_shorter_than_the_boot_scales_out_again"];
    AS_24: Documented, "ASt", Approximated,
        "Run records: every evaluation and every action are logged, with observed value, threshold, capacity, projected value. Emit the \
         same fields.",
        "An evaluation with the same result as the one before leaves no entry, unless an action follows from it.",
        ["proofs::autoscale::evaluations_and_actions_are_recorded_with_what_they_saw"];
    AS_25: Documented, "SIP", Exact,
        "Autoscale only writes the capacity; the scale-in policy picks victims: Default = balance zones, then fault domains (best effort), \
         then highest instance id; NewestVM / OldestVM = balance zones, then newest / oldest in the fullest zone(s). Instances with \
         scale-in protection are skipped.",
        ["proofs::autoscale::the_scale_in_policy_picks_the_victim"];
    AS_26: Documented, "ASt", Absent,
        "Changing a Flexible set by deleting single VMs hides the change from autoscale: its actions may come up to several hours late; \
         set-level deletes are seen. Any manual count change may take up to 1 h to be in step.",
        "Autoscale sees the capacity of the set at each run, without lag: only upper bounds of the lag are published, one hour and several \
         hours.", [];
    AS_27: PartlyInferred, "VAS, ASc", Approximated,
        "Host metrics available with no agent: CPU %, network in/out, disk bytes and operations, CPU credits. Guest memory etc. need an \
         agent and vanish (AS-16) if it is not installed on a new image.",
        "A guest metric is missing if no running instance has the agent; if some have it, the metric has the value of the scenario.",
        ["proofs::autoscale::a_metric_of_the_guest_vanishes_with_its_agent"];
    AS_28: Documented, "VAS, SPOT", Approximated,
        "Autoscale needs a scale set with a VM profile; and switching it on disables Spot try-restore (SP-13).",
        "A set without a VM profile is refused, with or without autoscale.",
        ["input::legality::autoscale_switches_try_restore_off"];
    AS_29: PartlyInferred, "ASt", Approximated,
        "What is written of an autoscale setting counts from the next run of the engine on. The cooldown of the last action goes on; a \
         setting that is not enabled does nothing, and leaves the capacity as it is.",
        "A write is through when the control plane has answered it (`arm.write`). The rules of a profile that is another one are looked at \
         anew, as when another profile begins to rule.",
        ["proofs::autoscale::a_write_counts_from_the_next_run_on_and_the_cooldown_goes_on"];
    PA_01: Documented, "ASp", Approximated,
        "Scale sets only, commercial cloud only, metric Percentage CPU with Average only.",
        "It is not known whether the cloud is the commercial one.",
        ["input::autoscale::what_is_not_the_average_processor_is_not_predicted"];
    PA_02: Documented, "ASp", Approximated,
        "Needs ≥ 7 days of history; learns from a rolling window of at most 15 days; best accuracy 15 days after creation or after a \
         change of pattern; monthly/yearly cycles are out of reach. Under 7 days: no action, \"being trained\".",
        "The forecast of this program uses the window of 15 days; its accuracy does not improve.",
        ["proofs::predictive::without_seven_days_of_history_nothing_is_done"];
    PA_03: Documented, "ASp, ASapi", Exact,
        "Modes of predictive autoscale: Disabled (default), ForecastOnly (charts, no action), Enabled.",
        ["proofs::predictive::forecast_only_shows_and_does_nothing"];
    PA_04: Documented, "ASp", Exact,
        "A normal scale-out rule on Percentage CPU/Average must exist first; its threshold and step are used for the prediction too.",
        ["input::autoscale::a_forecast_needs_a_scale_out_rule_on_the_processor"];
    PA_05: Documented, "ASp", Exact,
        "Predictive autoscale scales out only; scale-in stays with the normal rules. The profile's maximum still binds.",
        ["proofs::predictive::the_maximum_of_the_profile_binds"];
    PA_06: Documented, "ASp", Approximated,
        "An action happens if the actual OR the predicted value crosses the threshold; on forecast error the reactive rule alone works.",
        "Errors when the forecast is read are not modelled.",
        ["proofs::predictive::what_is_forecast_fires_the_rule"];
    PA_07: Contradicted, "ASapi, ASp", Exact,
        "Look-ahead (`scaleLookAheadTime`): 1–60 min in the API, 5–60 min in the portal; unset means at the predicted moment. A range of \
         0–60 is in neither source.",
        ["proofs::predictive::the_look_ahead_brings_the_action_forward"];
    PA_08: Documented, "ASp", Exact,
        "Forecast is of cumulative CPU over all instances (5 VMs → up to 500 %), shown 24 h ahead; per-instance value = cumulative ÷ \
         count.",
        ["proofs::predictive::the_forecast_is_shared_by_the_instances"];
    PA_09: NotDocumented, "none", Approximated,
        "The model of predictive autoscale, its refresh rate and its error are not published.",
        "The forecast is the program's own: the mean of the same minute one and two weeks before (`predictive.model`).",
        ["proofs::predictive::the_forecast_is_the_mean_of_the_same_minute_of_the_weeks_before"];
}
