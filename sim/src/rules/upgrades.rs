//! The rows on upgrade modes, rolling upgrades, surge, upgrade status and what upgrades meet.

use super::table::rows;

rows! {
    UM_01: Documented, "UPSET, UP", Exact,
        "`upgradePolicy.mode` ∈ {Automatic, Manual, Rolling}; defaults to Manual when unset; can be changed at any time.",
        ["proofs::modes::the_mode_can_be_changed"];
    UM_02: Documented, "UP, MAN", Exact,
        "Manual: a model change touches no existing instance; each instance is upgraded by POST `manualupgrade` with ids (Flexible: \
         names), `*` = all.",
        ["proofs::modes::in_mode_manual_only_what_is_named_is_upgraded"];
    UM_03: Inferred, "MAN, UP, K8S71594", Exact,
        "Manual upgrades have no batching, health gate or rollback; all named instances may be hit together, and a whole set has been seen \
         going down at once.",
        ["proofs::modes::what_is_named_is_upgraded_at_once"];
    UM_04: Documented, "UP, REST", Exact,
        "Automatic: the platform rolls the change out at once with no order and may take all instances down together.",
        ["proofs::modes::in_mode_automatic_all_go_at_once"];
    UM_05: Documented, "UP, ROLL, MYR30", Exact,
        "Rolling: batches with health gates (RU-20 to RU-33). Needs the health extension in Flexible; extension or load balancer probe in \
         Uniform; without one Azure refuses the mode.",
        ["proofs::modes::in_mode_rolling_they_go_in_batches", "input::refusals::mode_rolling_without_health_is_refused"];
    UM_06: Documented, "AH, AOS, AOS114432", Approximated,
        "Exactly one health source may be active; with both, repairs are unusable until one is removed, and automatic OS upgrade is \
         refused.",
        "With both and without automatic OS upgrade, a warning is given, since Azure accepts the set; no health is reported and no repair \
         starts.",
        [
            "proofs::os_upgrade::with_two_health_sources_nothing_happens", "proofs::health::with_two_sources_nothing_is_reported",
            "input::legality::two_health_sources_are_a_conflict",
            "input::refusals::two_health_sources_are_refused_with_automatic_os_upgrade",
        ];
    UM_07: Documented, "UP", Approximated,
        "Service Fabric sets accept only Automatic.",
        "Another mode is refused; a set without a mode is accepted.",
        ["input::refusals::service_fabric_takes_mode_automatic_only"];
    UM_08: PartlyInferred, "UP", Approximated,
        "What triggers an upgrade: a model change that must reach instances, e.g. image reference, SKU, data-disk or extension add/remove, \
         zones. Capacity alone does not.",
        "Zones cannot change during a run.",
        ["proofs::modes::a_write_that_concerns_no_instance_upgrades_none", "input::extensions::what_a_change_takes_is_the_documented_list"];
    UM_09: Documented, "UP, FAQ", Approximated,
        "Updates needing restart/reimage/redeploy: password/SSH keys, custom data, image reference, size, zones, proximity group. Password \
         and custom data apply only after a reimage.",
        "Zones cannot change during a run. In addition, a new security profile restarts instances, and another size of the OS disk applies \
         at the next reimage.",
        ["proofs::modes::what_needs_a_restart_restarts", "input::extensions::what_a_change_takes_is_the_documented_list"];
    UM_10: Documented, "MOD", Exact,
        "Changing an extension's `forceUpdateTag` makes the extension rerun without any other change.",
        ["proofs::interplay::another_force_update_tag_runs_an_extension_again", "input::upgrades::a_force_update_tag_alone_is_a_change"];
    UM_11: Recorded, "ROLL, REC", Approximated,
        "Automatic OS image upgrade and extension upgrade ignore `mode`. The page gives both the numbers of the rolling policy. That was \
         recorded of an OS upgrade in mode Rolling (n = 1, 2019); an extension upgrade in mode Manual was recorded to use 20 % although \
         the policy says 100 (n = 1, 2021).",
        "The assumption extension_upgrade.policy decides which numbers an extension upgrade uses in which mode.",
        [
            "proofs::os_upgrade::mode_automatic_changes_nothing_of_it",
            "proofs::recorded::an_extension_upgrade_in_mode_manual_has_the_default_numbers",
        ];
    UM_12: Documented, "REI, FAQ, AIR", Approximated,
        "Reimage = new OS disk from the instance's model, ids/IP/data disks kept; with platform image `latest` it may jump to a newer \
         image. Ephemeral OS disk: local data lost.",
        "The content of disks is not modelled, so an ephemeral OS disk is reimaged like any other.",
        ["proofs::repairs::a_reimage_takes_the_version_that_the_model_means_now"];
    UM_13: Documented, "MOD", Exact,
        "Image version `latest` alone never upgrades existing instances; it affects create, scale-out and reimage.",
        ["proofs::gallery::a_new_version_touches_no_instance"];
    UM_20: Documented, "ARO547", Approximated,
        "A probe can be the health source of a scale set only if its primary IP configuration is in a pool of the balancer that has the \
         probe: `CannotUseHealthProbeWithoutLoadBalancing`.",
        "Any IP configuration of the set counts, not only the primary one.",
        ["input::refusals::a_health_probe_belongs_to_a_balancer_of_the_set"];
    UM_21: Documented, "LBerr", Exact,
        "A probe that no load-balancing rule uses cannot be the health source of a scale set: `CannotUseInactiveHealthProbe`.",
        ["input::refusals::a_health_probe_is_used_by_a_rule"];
    UM_22: Recorded, "REC", Approximated,
        "A write that sets mode Rolling takes as long as an upgrade, even if no instance is behind the model: two instances with a probe \
         of 15 s × 2 took 60.5 to 60.8 s (n = 3, 2023), and 120.6 to 125.1 s (n = 6, 2018 to 2021).",
        "Modelled as an upgrade that changes no instance; the assumption rolling.mode_write gives the number of batches.",
        ["proofs::recorded::a_write_that_sets_mode_rolling_lasts"];
    RU_01: Documented, "REST, ROLL", Exact,
        "`maxBatchInstancePercent` (5–100; default 20): ceiling on share of total instances upgraded at once; unhealthy instances \
         elsewhere can make a batch smaller.",
        ["proofs::rollout::a_batch_is_a_share_of_the_set", "input::legality::the_percentages_of_a_policy_have_their_ranges"];
    RU_02: Documented, "REST", Exact,
        "`maxUnhealthyInstancePercent` (5–100; default 20): share of all instances that may be unhealthy at once (through upgrade or \
         otherwise); checked before every batch.",
        ["proofs::rollout::too_many_unhealthy_of_all_close_the_gate", "input::legality::the_percentages_of_a_policy_have_their_ranges"];
    RU_03: Documented, "REST", Exact,
        "`maxUnhealthyUpgradedInstancePercent` (0–100; default 20): share of upgraded instances that may be unhealthy; checked after each \
         batch.",
        ["proofs::rollout::too_many_unhealthy_of_the_upgraded_end_it", "input::legality::the_percentages_of_a_policy_have_their_ranges"];
    RU_04: Documented, "REST, ROLL", Exact,
        "`pauseTimeBetweenBatches` (ISO 8601 duration, no published bound; default PT0S): wait between a finished batch and the next.",
        ["proofs::rollout::it_pauses_between_batches"];
    RU_05: Documented, "REST, CLI", Exact,
        "`prioritizeUnhealthyInstances` (a bool; unset is false): all unhealthy instances are upgraded before any healthy one.",
        ["proofs::rollout::the_unhealthy_can_go_first"];
    RU_06: Documented, "REST, CLI, ROLL", Exact,
        "`enableCrossZoneUpgrade` (a bool; unset is false): ignore zone borders when building batches; only update domain and batch \
         percentage count.",
        ["proofs::rollout::a_batch_can_cross_zones"];
    RU_07: Documented, "REST, SURGE", Exact,
        "`maxSurge` (a bool; unset is false): create replacements instead of updating in place. It is not a number.",
        ["proofs::surge::with_surge_instances_are_replaced"];
    RU_08: Documented, "REST, ROLL", Exact,
        "`rollbackFailedInstancesOnPolicyBreach` (a bool; unset is false): if the policy is breached, put failed instances back on the \
         previous model; Uniform only.",
        ["proofs::rollout::the_failed_can_get_their_old_disks_back"];
    RU_09: Documented, "AOS, ROLL, OC987, TRE1591", Exact,
        "The comparison is strictly \"more than\": 1 of 5 unhealthy is 20 % and does not breach 20.",
        ["proofs::rollout::as_many_as_may_be_are_not_too_many"];
    RU_10: Documented, "BATCH, PSROLL", Exact,
        "A Batch pool's policy must have a batch percentage no higher than its max-unhealthy percentage. Compute's own reference has no \
         such rule, and a PowerShell sample uses 40 and 35, so it is worth a warning, not a refusal.",
        ["input::legality::a_batch_above_what_may_be_unhealthy_is_a_warning"];
    RU_11: Documented, "AOS, ROLL", Exact,
        "Batch size at 20 %: 2 of 10 instances; 1 of five or fewer; never below 1. There is no minimum set size.",
        ["proofs::rollout::a_batch_has_somebody_in_it"];
    RU_12: Inferred, "AOS", Exact,
        "A batch percentage that gives no whole number: \"maximum\" plus \"minimum one\" gives max(1, floor(N·p/100)).",
        ["proofs::rollout::a_share_is_rounded_down"];
    RU_13: Inferred, "RU-02, RU-09, arithmetic", Exact,
        "With defaults and a set of ≤ 4 instances a single unhealthy instance is 25–100 %: the gate is closed before the first batch.",
        ["proofs::rollout::one_unhealthy_of_four_is_too_many"];
    RU_20: Documented, "AOS", Approximated,
        "Entry gate: if more than `maxUnhealthyInstancePercent` of all instances are unhealthy (any cause) the upgrade does not start: \
         `MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade`. Recorded: that code in 2022, and in 2019 the one of RU-31.",
        "The assumption rolling.entry_gate_code has the older code.",
        ["proofs::rollout::too_many_before_it_starts_and_it_does_not"];
    RU_21: Documented, "AOS, AEU, ROLL", Approximated,
        "Zones: instances in different zones are not updated concurrently by the same update, so a batch stays in one zone and zones go \
         one after another, unless RU-06. Which zone goes first is not documented.",
        "Which zone goes first is the assumption rolling.zone_order.",
        ["proofs::rollout::a_batch_stays_in_one_zone"];
    RU_22: Documented, "AOS, AEU, CMET, REC", Approximated,
        "Domains: batches respect update-domain borders (Uniform); the custom-metrics page adds that update domain, fault domain and zone \
         all shape a batch. The exact packing is not documented (`rolling.batch_crosses_update_domains`); that the domain is the id modulo \
         five was recorded (n = 82, 2018 to 2024).",
        "The update domain is the number of the instance modulo 5.",
        ["proofs::rollout::a_batch_stays_in_one_update_domain"];
    RU_23: Documented, "CMET", Exact,
        "Phases: with custom metrics (HD-35 to HD-40) phases run in ascending number, all batches of one phase before the next; no number \
         means the last phase; batches are formed inside a phase by the policy.",
        ["proofs::surge::phases_follow_one_another"];
    RU_24: Documented, "REST", Approximated,
        "Unhealthy instances go first only under RU-05; otherwise the order inside a batch pool is not documented.",
        "The order is that of the instance numbers (`rolling.instance_order`).",
        ["proofs::rollout::the_unhealthy_do_not_go_first_by_themselves"];
    RU_25: Documented, "AOS", Approximated,
        "Upgrade step: every instance of the batch is brought to the model. The OS disk is replaced if the image changed; extensions and \
         custom data rerun after an OS disk swap; data disks are kept.",
        "Data disks are not modelled; the scenario says what cloud-init does with custom data.",
        ["proofs::modes::an_instance_gets_a_new_disk_and_its_extensions_again"];
    RU_26: PartlyInferred, "AOS, AEU, CLI6387", Approximated,
        "Health wait: up to 5 minutes for an instance to become healthy before the next batch. Stated for OS image upgrades and (\"or the \
         defined health probe configuration\") extension upgrades; that a model upgrade waits as long is a field claim. A batch is also \
         watched for a time (RU-41).",
        "That a model upgrade waits as long is a field claim.",
        ["proofs::rollout::an_instance_has_five_minutes_to_become_healthy"];
    RU_27: Documented, "AOS", Exact,
        "Healthy means: extension or probe healthy; without any health source the platform falls back on power state plus extension \
         provisioning state, and the instance is healthy only when all extensions succeeded.",
        ["proofs::rollout::upgraded_is_who_is_healthy"];
    RU_28: Documented, "AH", Approximated,
        "Rich state Initializing makes the upgrade wait until Healthy, Unhealthy or Unknown; Unknown counts as unhealthy. How this \
         combines with the five minutes of RU-26 is not documented.",
        "That Initializing stops the clock of RU-26 is the assumption rolling.initializing_stops_clock.",
        ["proofs::rollout::initializing_stops_the_clock"];
    RU_29: Documented, "AOS, TRE1591", Approximated,
        "After the batch: if more than RU-03 of upgraded instances are unhealthy the upgrade aborts: \
         `MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade`; the message aggregates the commonest error and names the first \
         failed instance.",
        "The commonest error is not aggregated; the first failed instance is the cause of the end.",
        ["proofs::rollout::too_many_failed_in_a_batch_end_it"];
    RU_30: Recorded, "REST, ROLL, SURGE, REC", Exact,
        "The denominator of RU-29 is the instances already upgraded, so a failed first batch of one is 100 % and aborts at the default; \
         this was recorded for a batch of two (n = 1, 2021). Other pages count against the whole set (`rolling.upgraded_unhealthy_of`).",
        ["proofs::rollout::the_share_is_of_those_upgraded_so_far"];
    RU_31: Documented, "AOS, REST", Approximated,
        "Before the next batch: overall gate again; if exceeded (also by unrelated outages) the upgrade stops at the end of the current \
         batch: `MaxUnhealthyInstancePercentExceededInRollingUpgrade`.",
        "Checked before each batch, that is at the end of a pause; also at the end of a batch if `rolling.whole_set_gate` says so.",
        ["proofs::rollout::trouble_elsewhere_ends_it_before_the_next_batch"];
    RU_32: Documented, "AOS", Exact,
        "Below the thresholds, failed instances do not stop the roll-out; it goes on and reports \
         `RollingUpgradeInProgressWithFailedUpgradedVMs` (message says whether it continues or pauses).",
        ["proofs::rollout::below_the_limit_it_goes_on"];
    RU_33: PartlyInferred, "ROLL", Exact,
        "Pause of RU-04, then the next batch; none after the last.",
        ["proofs::rollout::there_is_no_pause_after_the_last_batch"];
    RU_34: Inferred, "ROLL, REST", Exact,
        "No rollback of a model rolling upgrade unless RU-08; aborted sets are left mixed: upgraded ones stay upgraded, pending ones stay \
         old.",
        ["proofs::rollout::what_stops_is_left_mixed"];
    RU_35: Documented, "AOS", Exact,
        "Instances already on the target when an OS upgrade starts are not touched again.",
        ["proofs::os_upgrade::who_is_there_already_is_not_touched"];
    RU_36: Documented, "IPDOC, UP", Exact,
        "Instances with `protectFromScaleSetActions` are not upgraded.",
        ["proofs::surge::the_protected_are_left_out"];
    RU_37: Inferred, "PS11896", Approximated,
        "Allocation failure while resizing in a roll counts as an unhealthy upgraded instance.",
        "A resize uses a free place of the region or zone, whatever the size, and frees its old place; a size of the same family that is \
         not larger needs no new place. An instance that is rolled back to the old model (RU-08) finds its old place free.",
        ["proofs::resize::what_cannot_be_resized_stops_the_rollout"];
    RU_38: Documented, "AOS", Approximated,
        "A timeout of the whole upgrade exists: `RollingUpgradeTimeoutError`, whose message carries the length. The value is not \
         documented.",
        "The assumptions rolling.timeout_enabled and rolling.timeout decide.",
        ["proofs::rollout::it_can_take_too_long"];
    RU_39: Documented, "AOS", Exact,
        "Unhandled faults of an upgrade end it with `InternalExecutionError`.",
        ["proofs::guest::a_fault_of_the_service_ends_an_upgrade"];
    RU_40: Documented, "AOS", Exact,
        "Expired credentials or unreachable external payloads (SAS, secrets) fail the first batch, leaving it failed.",
        ["proofs::guest::an_expired_secret_fails_the_first_batch"];
    RU_41: Recorded, "REC", Approximated,
        "A batch is watched after its update, healthy or not: with a probe for 2 × intervalInSeconds × numberOfProbes (60.4 s at 15 s × 2, \
         n = 9, 2018 to 2023; 20.9 s at 5 s × 2, n = 1, 2023), with no health source for 600 s (n = 4, and two whose installation had \
         failed, 2020 to 2021), under the health extension for a time that was not recorded. The health at the end of this time decides.",
        "Each instance is watched from its own update on, since every recorded batch had one instance; the assumptions \
         rolling.watch_probe, rolling.watch_unsourced and rolling.watch_extension give the time.",
        ["proofs::recorded::a_batch_is_watched_after_its_update"];
    RU_42: Recorded, "REC, RS-11", Approximated,
        "If all instances have the newest image, osRollingUpgrade goes through the batches, watches them and changes no instance; then its \
         status is Completed with every instance successful (n = 10, 2018 to 2023).",
        "If some instances are behind, only those are part of it (RU-35), which no recording shows; the assumption rolling.current_set \
         turns it off.",
        ["proofs::recorded::a_call_on_a_current_set_walks_its_batches"];
    RU_43: Recorded, "REC", Approximated,
        "An extension upgrade of two instances without health source and rollingUpgradePolicy takes 3,000.5 to 3,010.6 s, five times what \
         RU-41 says (n = 7, 2020 to 2021), and fails after the first of the five (n = 1, 2021): as if all five update domains were \
         watched, and those without an instance last.",
        "The reason is not known: the assumption rolling.watch_empty_domains has the explanations that fit.",
        ["proofs::recorded::domains_without_an_instance_are_watched_too"];
    MS_01: Documented, "ROLL, SURGE", Approximated,
        "Per batch: create new instances with the new model; when created and healthy, delete a batch of old-model instances; repeat to \
         the end.",
        "Each old instance is deleted as soon as its own replacement is healthy.",
        ["proofs::surge::old_instances_go_when_new_ones_are_healthy"];
    MS_02: Documented, "SURGE", Exact,
        "The batch size of a surge is the percentage of RU-01 (20 % of 10: 2 new, then 2 deleted).",
        ["proofs::surge::a_surge_is_as_large_as_a_batch"];
    MS_03: PartlyInferred, "SURGE", Exact,
        "With surge, serving capacity never drops under the configured count; the live count peaks at capacity plus batch.",
        ["proofs::surge::the_capacity_is_kept"];
    MS_04: Documented, "SURGE", Approximated,
        "Surge VMs count against core quota and need free IPs; they get new ids and IPs.",
        "Addresses are not modelled.",
        ["proofs::surge::new_instances_count_against_the_quota"];
    MS_05: Documented, "SURGE", Approximated,
        "Quota is checked before each batch; if short, that upgrade falls back to in-place. Whether this applies to that batch or to all \
         later batches is not documented.",
        "The assumption rolling.surge_quota_fallback decides.",
        ["proofs::surge::without_quota_it_goes_in_place"];
    MS_06: Documented, "SURGE", Approximated,
        "Uniform: a replacement may land in another update domain.",
        "The update domain is the number of the instance modulo five, so a replacement with another number may have another domain.",
        ["proofs::surge::a_replacement_may_be_in_another_update_domain"];
    MS_07: Documented, "SURGE", Exact,
        "Uniform: with maxSurge on, automatic OS and extension upgrades surge as well. Flexible: automatic OS upgrade and maxSurge \
         together are unsupported.",
        ["proofs::os_upgrade::surge_on_flexible_excludes_it"];
    MS_08: Inferred, "SURGE, AIR", Absent,
        "Local state of the old VM (disks, id, IP) is lost, unlike an in-place OS swap.",
        "Only the OS disk has content in the model, and addresses are not modelled; the new id follows from MS-01.", [];
    MS_09: Documented, "TFDOC", Approximated,
        "With `maxSurge` overprovisioning must be false (Terraform's documentation).",
        "OP-07 covers the case that overprovision is true.",
        ["input::legality::surge_needs_the_surplus_switched_off"];
    MS_10: Inferred, "TNDOC", Exact,
        "Deletions of a surge are ordinary deletes, so terminate notification delays them when enabled.",
        ["proofs::interplay::a_guest_that_is_replaced_is_notified_before"];
    MS_11: NotDocumented, "none", Approximated,
        "What happens to a surge VM that never becomes healthy is not documented.",
        "The assumption rolling.surge_unhealthy decides.",
        ["proofs::surge::a_new_instance_that_never_becomes_healthy_goes"];
    RS_01: Documented, "REST, ROLL", Exact,
        "GET `…/rollingUpgrades/latest` returns `properties.policy` (all settings of RU-01 to RU-08), \
         `properties.runningStatus{code,startTime,lastAction,lastActionTime}`, \
         `properties.progress{successfulInstanceCount,failedInstanceCount,inProgressInstanceCount,pendingInstanceCount}`, optional \
         `properties.error`, plus `type` and `location`.",
        [
            "status::upgrades::the_latest_upgrade_has_policy_status_and_progress",
            "status::shapes::a_rolling_upgrade_has_the_shape_of_a_real_one",
        ];
    RS_02: Documented, "REST", Exact,
        "`runningStatus.code` ∈ {RollingForward, Cancelled, Completed, Faulted}; `lastAction` ∈ {Start, Cancel}. No \"Pending\" or \
         \"Paused\".",
        [
            "status::upgrades::a_status_has_one_of_four_codes_and_one_of_two_actions",
            "proofs::rollout::an_upgrade_that_is_done_is_completed",
        ];
    RS_03: Documented, "AOS, REST", Approximated,
        "OS upgrade history: last five attempts within two months; entries add `startedBy` ∈ {Unknown, User, Platform}, \
         `targetImageReference`, `rollbackInfo{successfullyRolledbackInstanceCount, failedRolledbackInstanceCount}`, `endTime` (one sample \
         spells it `completedTime`).",
        "Two months are 60 days from the end of an attempt. Attempts are listed newest first, which no page states; `startedBy` is never \
         Unknown, and an error of a rollback is not shown.",
        [
            "proofs::os_upgrade::the_last_five_attempts_are_kept_for_two_months",
            "status::upgrades::the_history_lists_the_last_five_attempts", "status::upgrades::the_history_forgets",
        ];
    RS_04: Inferred, "REST, AOS", Exact,
        "A breach ends in Faulted with the error of RU-20/29/31.",
        ["status::upgrades::a_breach_is_faulted_with_its_code"];
    RS_05: Recorded, "ROLL, TF15634, PSTEST, REC", Approximated,
        "Cancel via `rollingUpgrades/cancel`; success gives no output. Cancelling when none is running is refused with 409 and the code \
         `OperationNotAllowed` (n = 10, 2018 to 2023).",
        "The refusal is a fact in the ledger, since the model has no caller that gets an answer.",
        ["proofs::rollout::it_can_be_cancelled"];
    RS_06: Inferred, "ROLL", Approximated,
        "Cancel does not roll anything back; what happens to the running batch is not documented (RS-12).",
        "Updates that have started continue to their end.",
        ["proofs::rollout::a_cancel_rolls_nothing_back"];
    RS_07: Documented, "ROLL", Exact,
        "Restart = a generic model update (no real change needed): the set compares every instance to the model and starts a new upgrade \
         for those behind. Any later model change does the same.",
        ["proofs::rollout::a_restart_takes_up_who_is_behind"];
    RS_08: Inferred, "TEL1291, TF7002", Approximated,
        "While a rolling upgrade runs, other scale-set writes (updates, extension removal) are refused with `OperationNotAllowed`; this \
         also holds for upgrades the platform itself started.",
        "The assumption rolling.model_change can turn it off.",
        ["proofs::rollout::writes_are_refused_meanwhile"];
    RS_09: Documented, "OC987, TRE1591, AOS", Approximated,
        "Error messages carry: the setting breached, the measured percentage, the threshold, and (upgraded-check only) the commonest error \
         and the first failed instance id.",
        "The texts are Azure's, from field reports; those of a timeout and of an upgrade that continues are not Azure's.",
        [
            "status::upgrades::a_breach_names_setting_percentage_limit_error_and_first_instance",
            "status::upgrades::a_closed_gate_names_who_was_unhealthy_then",
        ];
    RS_10: Documented, "AOS", Approximated,
        "Activity-log notices for OS upgrades: request submitted, result of submission, result of completion.",
        "The name of the operation for an upgrade that Azure starts is not published; the log has osRollingUpgrade with the caller \
         Microsoft.Compute.",
        ["proofs::os_policy::the_activity_log_has_three_notices", "status::state::an_os_upgrade_has_three_notices"];
    RS_11: PartlyInferred, "AOS", Exact,
        "The endpoint `osRollingUpgrade` moves all instances to the latest image, skips those already there, and has no automatic \
         rollback. Its sibling `extensionRollingUpgrade` is RS-13.",
        ["proofs::os_upgrade::a_call_brings_everyone_to_the_newest_at_once"];
    RS_12: Recorded, "REC", Approximated,
        "A cancel takes effect at once: half a second after the start of an upgrade of two instances the code is Cancelled, one instance \
         has failed (instance 0), one is pending and none is in progress, with the error `RollingUpgradeCanceled` whose target is instance \
         0 (n = 1, 2023); in other recordings the operation ends 0.9 to 1.1 s after its start (n = 4, 2020 to 2021).",
        "The assumption rolling.cancel has the older behaviour; the message of the error is not Azure's.",
        ["proofs::recorded::a_cancel_is_at_once", "status::upgrades::a_cancelled_batch_has_failed"];
    RS_13: Recorded, "REC, AEU", Approximated,
        "`extensionRollingUpgrade` moves the extensions of a set to their newest versions in batches; it also goes through a set whose \
         extensions are the newest: one instance without a health source took 600.2 to 701.9 s (n = 4, 2020 to 2021), of which RU-41 \
         explains 600.",
        "This call does not add an extension that the model has and an instance lacks; extensions are updated one after another.",
        ["proofs::recorded::a_call_for_extensions_walks_a_current_set"];
    IX_01: Documented, "IPDOC", Exact,
        "Instances protected from scale set actions are not upgraded (RU-36). Scale-in protection alone does not shield from upgrades.",
        ["proofs::surge::protection_from_scale_in_is_not_enough"];
    IX_02: NotDocumented, "none", Approximated,
        "What a rolling upgrade does with stopped or deallocated instances is not documented. They do count for zone balance (ZN-03) and \
         for capacity, and power state is a health input when no health source exists (RU-27).",
        "The assumptions rolling.deallocated_health, rolling.evicted_health and rolling.stopped_health decide.",
        ["proofs::interplay::a_deallocated_instance_counts_and_stays_as_it_is"];
    IX_03: NotDocumented, "none", Approximated,
        "What autoscale does during an upgrade is not documented. New instances take the new model (OR-18); autoscale scale-in is deferred \
         only for automatic zone balance (ZN-14).",
        "The assumption rolling.capacity_change decides.",
        ["proofs::rollout::an_instance_may_be_deleted_meanwhile"];
    IX_04: NotDocumented, "none", Approximated,
        "What repairs do during an upgrade is not documented, nor whether they are suspended. Each upgraded instance had a state change, \
         so its repair grace restarts (AR-08), and `Replace` builds from the latest model (AR-05).",
        "The assumption repair.during_upgrade decides.",
        ["proofs::repairs::who_is_repaired_counts_as_upgraded"];
    IX_05: NotDocumented, "none", Approximated,
        "How a standby pool and a rolling upgrade interact is not documented.",
        "The assumption standby.on_model_change decides.",
        ["proofs::standby::a_machine_joins_with_the_model_it_was_made_from"];
    IX_06: Documented, "SPOT", Approximated,
        "Spot eviction during an upgrade: the evicted, deallocated instance stays in the set and keeps counting toward capacity. How its \
         health counts is not documented.",
        "How the health of an evicted instance counts is the assumption rolling.evicted_health.",
        ["proofs::interplay::an_evicted_instance_counts_and_stays_as_it_is"];
}
