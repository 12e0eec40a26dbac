//! The rows on upgrade modes, rolling upgrades, surge, upgrade status and what upgrades meet.

use super::table::rows;

rows! {
    UM_01 = UM 1, Documented, "UPSET, UP",
        "`upgradePolicy.mode` ∈ {Automatic, Manual, Rolling}; defaults to Manual when unset; can be changed at any \
         time.",
        Exact,
        ["proofs::modes::the_mode_can_be_changed"];

    UM_02 = UM 2, Documented, "UP, MAN",
        "Manual: a model change touches no existing instance; each instance is upgraded by POST `manualupgrade` with \
         ids (Flexible: names), `*` = all.",
        Exact,
        ["proofs::modes::in_mode_manual_only_what_is_named_is_upgraded"];

    UM_03 = UM 3, Inferred, "MAN, UP, K8S71594",
        "Manual upgrades have no batching, health gate or rollback; all named instances may be hit together, and a \
         whole set has been seen going down at once.",
        Exact,
        ["proofs::modes::what_is_named_is_upgraded_at_once"];

    UM_04 = UM 4, Documented, "UP, REST",
        "Automatic: the platform rolls the change out at once with no order and may take all instances down together.",
        Exact,
        ["proofs::modes::in_mode_automatic_all_go_at_once"];

    UM_05 = UM 5, Documented, "UP, ROLL, MYR30",
        "Rolling: batches with health gates (RU-20 to RU-33). Needs the health extension in Flexible; extension or \
         load balancer probe in Uniform; without one Azure refuses the mode.",
        Exact,
        ["proofs::modes::in_mode_rolling_they_go_in_batches", "input::refusals::mode_rolling_without_health_is_refused"];

    UM_06 = UM 6, Documented, "AH, AOS, AOS114432",
        "Exactly one health source may be active; with both, repairs are unusable until one is removed, and automatic \
         OS upgrade is refused.",
        Approximated("With both and without automatic OS upgrade, a warning is given, since Azure accepts the set; \
                      no health is reported and no repair starts."),
        ["proofs::os_upgrade::with_two_health_sources_nothing_happens", "proofs::health::with_two_sources_nothing_is_reported", "input::legality::two_health_sources_are_a_conflict", "input::refusals::two_health_sources_are_refused_with_automatic_os_upgrade"];

    UM_07 = UM 7, Documented, "UP",
        "Service Fabric sets accept only Automatic.",
        Approximated("Another mode is refused; a set without a mode is accepted."),
        ["input::refusals::service_fabric_takes_mode_automatic_only"];

    UM_08 = UM 8, PartlyInferred, "UP",
        "What triggers an upgrade: a model change that must reach instances, e.g. image reference, SKU, data-disk or \
         extension add/remove, zones. Capacity alone does not.",
        Approximated("Zones cannot change during a run."),
        ["proofs::modes::a_write_that_concerns_no_instance_upgrades_none", "input::extensions::what_a_change_takes_is_the_documented_list"];

    UM_09 = UM 9, Documented, "UP, FAQ",
        "Updates needing restart/reimage/redeploy: password/SSH keys, custom data, image reference, size, zones, \
         proximity group. Password and custom data apply only after a reimage.",
        Approximated("Zones cannot change during a run. In addition, a new security profile restarts instances, and \
                      another size of the OS disk applies at the next reimage."),
        ["proofs::modes::what_needs_a_restart_restarts", "input::extensions::what_a_change_takes_is_the_documented_list"];

    UM_10 = UM 10, Documented, "MOD",
        "Changing an extension's `forceUpdateTag` makes the extension rerun without any other change.",
        Exact,
        ["proofs::interplay::another_force_update_tag_runs_an_extension_again", "input::upgrades::a_force_update_tag_alone_is_a_change"];

    UM_11 = UM 11, Recorded, "ROLL, REC",
        "Automatic OS image upgrade and extension upgrade ignore `mode`. The page gives both the numbers of the \
         rolling policy. That was recorded of an OS upgrade in mode Rolling (n = 1, 2019); an extension upgrade in \
         mode Manual was recorded to use 20 % although the policy says 100 (n = 1, 2021).",
        Approximated("The assumption extension_upgrade.policy decides which numbers an extension upgrade uses in \
                      which mode."),
        ["proofs::os_upgrade::mode_automatic_changes_nothing_of_it", "proofs::recorded::an_extension_upgrade_in_mode_manual_has_the_default_numbers"];

    UM_12 = UM 12, Documented, "REI, FAQ, AIR",
        "Reimage = new OS disk from the instance's model, ids/IP/data disks kept; with platform image `latest` it may \
         jump to a newer image. Ephemeral OS disk: local data lost.",
        Approximated("The content of disks is not modelled, so an ephemeral OS disk is reimaged like any other."),
        ["proofs::repairs::a_reimage_takes_the_version_that_the_model_means_now"];

    UM_13 = UM 13, Documented, "MOD",
        "Image version `latest` alone never upgrades existing instances; it affects create, scale-out and reimage.",
        Exact,
        ["proofs::gallery::a_new_version_touches_no_instance"];

    UM_20 = UM 20, Documented, "ARO547",
        "A probe can be the health source of a scale set only if its primary IP configuration is in a pool of the \
         balancer that has the probe: `CannotUseHealthProbeWithoutLoadBalancing`.",
        Approximated("Any IP configuration of the set counts, not only the primary one."),
        ["input::refusals::a_health_probe_belongs_to_a_balancer_of_the_set"];

    UM_21 = UM 21, Documented, "LBerr",
        "A probe that no load-balancing rule uses cannot be the health source of a scale set: \
         `CannotUseInactiveHealthProbe`.",
        Exact,
        ["input::refusals::a_health_probe_is_used_by_a_rule"];

    UM_22 = UM 22, Recorded, "REC",
        "A write that sets mode Rolling takes as long as an upgrade, even if no instance is behind the model: two \
         instances with a probe of 15 s × 2 took 60.5 to 60.8 s (n = 3, 2023), and 120.6 to 125.1 s (n = 6, 2018 to \
         2021).",
        Approximated("Modelled as an upgrade that changes no instance; the assumption rolling.mode_write gives the \
                      number of batches."),
        ["proofs::recorded::a_write_that_sets_mode_rolling_lasts"];

    RU_01 = RU 1, Documented, "REST, ROLL",
        "`maxBatchInstancePercent` (5–100; default 20): ceiling on share of total instances upgraded at once; \
         unhealthy instances elsewhere can make a batch smaller.",
        Exact,
        ["proofs::rollout::a_batch_is_a_share_of_the_set", "input::legality::the_percentages_of_a_policy_have_their_ranges"];

    RU_02 = RU 2, Documented, "REST",
        "`maxUnhealthyInstancePercent` (5–100; default 20): share of all instances that may be unhealthy at once \
         (through upgrade or otherwise); checked before every batch.",
        Exact,
        ["proofs::rollout::too_many_unhealthy_of_all_close_the_gate", "input::legality::the_percentages_of_a_policy_have_their_ranges"];

    RU_03 = RU 3, Documented, "REST",
        "`maxUnhealthyUpgradedInstancePercent` (0–100; default 20): share of upgraded instances that may be \
         unhealthy; checked after each batch.",
        Exact,
        ["proofs::rollout::too_many_unhealthy_of_the_upgraded_end_it", "input::legality::the_percentages_of_a_policy_have_their_ranges"];

    RU_04 = RU 4, Documented, "REST, ROLL",
        "`pauseTimeBetweenBatches` (ISO 8601 duration, no published bound; default PT0S): wait between a finished \
         batch and the next.",
        Exact,
        ["proofs::rollout::it_pauses_between_batches"];

    RU_05 = RU 5, Documented, "REST, CLI",
        "`prioritizeUnhealthyInstances` (a bool; unset is false): all unhealthy instances are upgraded before any \
         healthy one.",
        Exact,
        ["proofs::rollout::the_unhealthy_can_go_first"];

    RU_06 = RU 6, Documented, "REST, CLI, ROLL",
        "`enableCrossZoneUpgrade` (a bool; unset is false): ignore zone borders when building batches; only update \
         domain and batch percentage count.",
        Exact,
        ["proofs::rollout::a_batch_can_cross_zones"];

    RU_07 = RU 7, Documented, "REST, SURGE",
        "`maxSurge` (a bool; unset is false): create replacements instead of updating in place. It is not a number.",
        Exact,
        ["proofs::surge::with_surge_instances_are_replaced"];

    RU_08 = RU 8, Documented, "REST, ROLL",
        "`rollbackFailedInstancesOnPolicyBreach` (a bool; unset is false): if the policy is breached, put failed \
         instances back on the previous model; Uniform only.",
        Exact,
        ["proofs::rollout::the_failed_can_get_their_old_disks_back"];

    RU_09 = RU 9, Documented, "AOS, ROLL, OC987, TRE1591",
        "The comparison is strictly \"more than\": 1 of 5 unhealthy is 20 % and does not breach 20.",
        Exact,
        ["proofs::rollout::as_many_as_may_be_are_not_too_many"];

    RU_10 = RU 10, Documented, "BATCH, PSROLL",
        "A Batch pool's policy must have a batch percentage no higher than its max-unhealthy percentage. Compute's \
         own reference has no such rule, and a PowerShell sample uses 40 and 35, so it is worth a warning, not a \
         refusal.",
        Exact,
        ["input::legality::a_batch_above_what_may_be_unhealthy_is_a_warning"];

    RU_11 = RU 11, Documented, "AOS, ROLL",
        "Batch size at 20 %: 2 of 10 instances; 1 of five or fewer; never below 1. There is no minimum set size.",
        Exact,
        ["proofs::rollout::a_batch_has_somebody_in_it"];

    RU_12 = RU 12, Inferred, "AOS",
        "A batch percentage that gives no whole number: \"maximum\" plus \"minimum one\" gives max(1, floor(N·p/100)).",
        Exact,
        ["proofs::rollout::a_share_is_rounded_down"];

    RU_13 = RU 13, Inferred, "RU-02, RU-09, arithmetic",
        "With defaults and a set of ≤ 4 instances a single unhealthy instance is 25–100 %: the gate is closed before \
         the first batch.",
        Exact,
        ["proofs::rollout::one_unhealthy_of_four_is_too_many"];

    RU_20 = RU 20, Documented, "AOS",
        "Entry gate: if more than `maxUnhealthyInstancePercent` of all instances are unhealthy (any cause) the \
         upgrade does not start: `MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade`. Recorded: that code in 2022, and \
         in 2019 the one of RU-31.",
        Approximated("The assumption rolling.entry_gate_code has the older code."),
        ["proofs::rollout::too_many_before_it_starts_and_it_does_not"];

    RU_21 = RU 21, Documented, "AOS, AEU, ROLL",
        "Zones: instances in different zones are not updated concurrently by the same update, so a batch stays in \
         one zone and zones go one after another, unless RU-06. Which zone goes first is not documented.",
        Approximated("Which zone goes first is the assumption rolling.zone_order."),
        ["proofs::rollout::a_batch_stays_in_one_zone"];

    RU_22 = RU 22, Documented, "AOS, AEU, CMET, REC",
        "Domains: batches respect update-domain borders (Uniform); the custom-metrics page adds that update domain, \
         fault domain and zone all shape a batch. The exact packing is not documented \
         (`rolling.batch_crosses_update_domains`); that the domain is the id modulo five was recorded (n = 82, 2018 \
         to 2024).",
        Approximated("The update domain is the number of the instance modulo 5."),
        ["proofs::rollout::a_batch_stays_in_one_update_domain"];

    RU_23 = RU 23, Documented, "CMET",
        "Phases: with custom metrics (HD-35 to HD-40) phases run in ascending number, all batches of one phase before \
         the next; no number means the last phase; batches are formed inside a phase by the policy.",
        Exact,
        ["proofs::surge::phases_follow_one_another"];

    RU_24 = RU 24, Documented, "REST",
        "Unhealthy instances go first only under RU-05; otherwise the order inside a batch pool is not documented.",
        Approximated("The order is that of the instance numbers (`rolling.instance_order`)."),
        ["proofs::rollout::the_unhealthy_do_not_go_first_by_themselves"];

    RU_25 = RU 25, Documented, "AOS",
        "Upgrade step: every instance of the batch is brought to the model. The OS disk is replaced if the image \
         changed; extensions and custom data rerun after an OS disk swap; data disks are kept.",
        Approximated("Data disks are not modelled; the scenario says what cloud-init does with custom data."),
        ["proofs::modes::an_instance_gets_a_new_disk_and_its_extensions_again"];

    RU_26 = RU 26, PartlyInferred, "AOS, AEU, CLI6387",
        "Health wait: up to 5 minutes for an instance to become healthy before the next batch. Stated for OS image \
         upgrades and (\"or the defined health probe configuration\") extension upgrades; that a model upgrade \
         waits as long is a field claim. A batch is also watched for a time (RU-41).",
        Approximated("That a model upgrade waits as long is a field claim."),
        ["proofs::rollout::an_instance_has_five_minutes_to_become_healthy"];

    RU_27 = RU 27, Documented, "AOS",
        "Healthy means: extension or probe healthy; without any health source the platform falls back on power state \
         plus extension provisioning state, and the instance is healthy only when all extensions succeeded.",
        Exact,
        ["proofs::rollout::upgraded_is_who_is_healthy"];

    RU_28 = RU 28, Documented, "AH",
        "Rich state Initializing makes the upgrade wait until Healthy, Unhealthy or Unknown; Unknown counts as \
         unhealthy. How this combines with the five minutes of RU-26 is not documented.",
        Approximated("That Initializing stops the clock of RU-26 is the assumption rolling.initializing_stops_clock."),
        ["proofs::rollout::initializing_stops_the_clock"];

    RU_29 = RU 29, Documented, "AOS, TRE1591",
        "After the batch: if more than RU-03 of upgraded instances are unhealthy the upgrade aborts: \
         `MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade`; the message aggregates the commonest error \
         and names the first failed instance.",
        Approximated("The commonest error is not aggregated; the first failed instance is the cause of the end."),
        ["proofs::rollout::too_many_failed_in_a_batch_end_it"];

    RU_30 = RU 30, Recorded, "REST, ROLL, SURGE, REC",
        "The denominator of RU-29 is the instances already upgraded, so a failed first batch of one is 100 % and \
         aborts at the default; this was recorded for a batch of two (n = 1, 2021). Other pages count against the \
         whole set (`rolling.upgraded_unhealthy_of`).",
        Exact,
        ["proofs::rollout::the_share_is_of_those_upgraded_so_far"];

    RU_31 = RU 31, Documented, "AOS, REST",
        "Before the next batch: overall gate again; if exceeded (also by unrelated outages) the upgrade stops at the \
         end of the current batch: `MaxUnhealthyInstancePercentExceededInRollingUpgrade`.",
        Approximated("Checked before each batch, that is at the end of a pause; also at the end of a batch if \
                      `rolling.whole_set_gate` says so."),
        ["proofs::rollout::trouble_elsewhere_ends_it_before_the_next_batch"];

    RU_32 = RU 32, Documented, "AOS",
        "Below the thresholds, failed instances do not stop the roll-out; it goes on and reports \
         `RollingUpgradeInProgressWithFailedUpgradedVMs` (message says whether it continues or pauses).",
        Exact,
        ["proofs::rollout::below_the_limit_it_goes_on"];

    RU_33 = RU 33, PartlyInferred, "ROLL",
        "Pause of RU-04, then the next batch; none after the last.",
        Exact,
        ["proofs::rollout::there_is_no_pause_after_the_last_batch"];

    RU_34 = RU 34, Inferred, "ROLL, REST",
        "No rollback of a model rolling upgrade unless RU-08; aborted sets are left mixed: upgraded ones stay \
         upgraded, pending ones stay old.",
        Exact,
        ["proofs::rollout::what_stops_is_left_mixed"];

    RU_35 = RU 35, Documented, "AOS",
        "Instances already on the target when an OS upgrade starts are not touched again.",
        Exact,
        ["proofs::os_upgrade::who_is_there_already_is_not_touched"];

    RU_36 = RU 36, Documented, "IPDOC, UP",
        "Instances with `protectFromScaleSetActions` are not upgraded.",
        Exact,
        ["proofs::surge::the_protected_are_left_out"];

    RU_37 = RU 37, Inferred, "PS11896",
        "Allocation failure while resizing in a roll counts as an unhealthy upgraded instance.",
        Approximated(
            "A resize uses a free place of the region or zone, whatever the size, and frees its old place; a size of \
             the same family that is not larger needs no new place. An instance that is rolled back to the old \
             model (RU-08) finds its old place free.",
        ),
        ["proofs::resize::what_cannot_be_resized_stops_the_rollout"];

    RU_38 = RU 38, Documented, "AOS",
        "A timeout of the whole upgrade exists: `RollingUpgradeTimeoutError`, whose message carries the length. The \
         value is not documented.",
        Approximated("The assumptions rolling.timeout_enabled and rolling.timeout decide."),
        ["proofs::rollout::it_can_take_too_long"];

    RU_39 = RU 39, Documented, "AOS",
        "Unhandled faults of an upgrade end it with `InternalExecutionError`.",
        Exact,
        ["proofs::guest::a_fault_of_the_service_ends_an_upgrade"];

    RU_40 = RU 40, Documented, "AOS",
        "Expired credentials or unreachable external payloads (SAS, secrets) fail the first batch, leaving it failed.",
        Exact,
        ["proofs::guest::an_expired_secret_fails_the_first_batch"];

    RU_41 = RU 41, Recorded, "REC",
        "A batch is watched after its update, healthy or not: with a probe for 2 × intervalInSeconds × \
         numberOfProbes (60.4 s at 15 s × 2, n = 9, 2018 to 2023; 20.9 s at 5 s × 2, n = 1, 2023), with no health \
         source for 600 s (n = 4, and two whose installation had failed, 2020 to 2021), under the health extension \
         for a time that was not recorded. The health at the end of this time decides.",
        Approximated("Each instance is watched from its own update on, since every recorded batch had one instance; \
                      the assumptions rolling.watch_probe, rolling.watch_unsourced and rolling.watch_extension give \
                      the time."),
        ["proofs::recorded::a_batch_is_watched_after_its_update"];

    RU_42 = RU 42, Recorded, "REC, RS-11",
        "If all instances have the newest image, osRollingUpgrade goes through the batches, watches them and changes \
         no instance; then its status is Completed with every instance successful (n = 10, 2018 to 2023).",
        Approximated("If some instances are behind, only those are part of it (RU-35), which no recording shows; the \
                      assumption rolling.current_set turns it off."),
        ["proofs::recorded::a_call_on_a_current_set_walks_its_batches"];

    RU_43 = RU 43, Recorded, "REC",
        "An extension upgrade of two instances without health source and rollingUpgradePolicy takes 3,000.5 to 3,010.6 s, five \
         times what RU-41 says (n = 7, 2020 to 2021), and fails after the first of the five (n = 1, 2021): as if all five \
         update domains were watched, and those without an instance last.",
        Approximated("The reason is not known: the assumption rolling.watch_empty_domains has the explanations that \
                      fit."),
        ["proofs::recorded::domains_without_an_instance_are_watched_too"];

    MS_01 = MS 1, Documented, "ROLL, SURGE",
        "Per batch: create new instances with the new model; when created and healthy, delete a batch of old-model \
         instances; repeat to the end.",
        Approximated("Each old instance is deleted as soon as its own replacement is healthy."),
        ["proofs::surge::old_instances_go_when_new_ones_are_healthy"];

    MS_02 = MS 2, Documented, "SURGE",
        "The batch size of a surge is the percentage of RU-01 (20 % of 10: 2 new, then 2 deleted).",
        Exact,
        ["proofs::surge::a_surge_is_as_large_as_a_batch"];

    MS_03 = MS 3, PartlyInferred, "SURGE",
        "With surge, serving capacity never drops under the configured count; the live count peaks at capacity plus \
         batch.",
        Exact,
        ["proofs::surge::the_capacity_is_kept"];

    MS_04 = MS 4, Documented, "SURGE",
        "Surge VMs count against core quota and need free IPs; they get new ids and IPs.",
        Approximated("Addresses are not modelled."),
        ["proofs::surge::new_instances_count_against_the_quota"];

    MS_05 = MS 5, Documented, "SURGE",
        "Quota is checked before each batch; if short, that upgrade falls back to in-place. Whether this applies to \
         that batch or to all later batches is not documented.",
        Approximated("The assumption rolling.surge_quota_fallback decides."),
        ["proofs::surge::without_quota_it_goes_in_place"];

    MS_06 = MS 6, Documented, "SURGE",
        "Uniform: a replacement may land in another update domain.",
        Approximated("The update domain is the number of the instance modulo five, so a replacement with another \
                      number may have another domain."),
        ["proofs::surge::a_replacement_may_stand_in_another_update_domain"];

    MS_07 = MS 7, Documented, "SURGE",
        "Uniform: with maxSurge on, automatic OS and extension upgrades surge as well. Flexible: automatic OS upgrade \
         and maxSurge together are unsupported.",
        Exact,
        ["proofs::os_upgrade::surge_on_flexible_excludes_it"];

    MS_08 = MS 8, Inferred, "SURGE, AIR",
        "Local state of the old VM (disks, id, IP) is lost, unlike an in-place OS swap.",
        Absent("Only the OS disk has content in the model, and addresses are not modelled; the new id follows from \
                MS-01."), [];

    MS_09 = MS 9, Documented, "TFDOC",
        "With `maxSurge` overprovisioning must be false (Terraform's documentation).",
        Approximated("OP-07 covers the case that overprovision is true."),
        ["input::legality::surge_needs_the_surplus_switched_off"];

    MS_10 = MS 10, Inferred, "TNDOC",
        "Deletions of a surge are ordinary deletes, so terminate notification delays them when enabled.",
        Exact,
        ["proofs::interplay::a_guest_that_is_replaced_is_told_before"];

    MS_11 = MS 11, NotDocumented, "none",
        "What happens to a surge VM that never becomes healthy is not documented.",
        Approximated("The assumption rolling.surge_unhealthy decides."),
        ["proofs::surge::a_new_instance_that_never_becomes_healthy_goes"];

    RS_01 = RS 1, Documented, "REST, ROLL",
        "GET `…/rollingUpgrades/latest` returns `properties.policy` (all settings of RU-01 to RU-08), \
         `properties.runningStatus{code,startTime,lastAction,lastActionTime}`, \
         `properties.progress{successfulInstanceCount,failedInstanceCount,inProgressInstanceCount,pendingInstanceCount}`, \
         optional `properties.error`, plus `type` and `location`.",
        Exact,
        ["status::upgrades::the_latest_upgrade_has_policy_status_and_progress",
         "status::shapes::a_rolling_upgrade_has_the_shape_of_a_real_one"];

    RS_02 = RS 2, Documented, "REST",
        "`runningStatus.code` ∈ {RollingForward, Cancelled, Completed, Faulted}; `lastAction` ∈ {Start, Cancel}. No \
         \"Pending\" or \"Paused\".",
        Exact,
        ["status::upgrades::a_status_has_one_of_four_codes_and_one_of_two_actions", "proofs::rollout::an_upgrade_that_is_done_is_completed"];

    RS_03 = RS 3, Documented, "AOS, REST",
        "OS upgrade history: last five attempts within two months; entries add `startedBy` ∈ {Unknown, User, \
         Platform}, `targetImageReference`, `rollbackInfo{successfullyRolledbackInstanceCount, \
         failedRolledbackInstanceCount}`, `endTime` (one sample spells it `completedTime`).",
        Approximated("Two months are 60 days from the end of an attempt. Attempts are listed newest first, which no \
                      page states; `startedBy` is never Unknown, and an error of a rollback is not shown."),
        ["proofs::os_upgrade::the_last_five_attempts_are_kept_for_two_months",
         "status::upgrades::the_history_tells_the_last_five_attempts",
         "status::upgrades::the_history_forgets"];

    RS_04 = RS 4, Inferred, "REST, AOS",
        "A breach ends in Faulted with the error of RU-20/29/31.",
        Exact,
        ["status::upgrades::a_breach_is_faulted_with_its_code"];

    RS_05 = RS 5, Recorded, "ROLL, TF15634, PSTEST, REC",
        "Cancel via `rollingUpgrades/cancel`; success gives no output. Cancelling when none is running is refused \
         with 409 and the code `OperationNotAllowed` (n = 10, 2018 to 2023).",
        Approximated("The refusal is a fact in the ledger, since the model has no caller that gets an answer."),
        ["proofs::rollout::it_can_be_cancelled"];

    RS_06 = RS 6, Inferred, "ROLL",
        "Cancel does not roll anything back; what happens to the running batch is not documented (RS-12).",
        Approximated("Updates that have started continue to their end."),
        ["proofs::rollout::a_cancel_rolls_nothing_back"];

    RS_07 = RS 7, Documented, "ROLL",
        "Restart = a generic model update (no real change needed): the set compares every instance to the model and \
         starts a new upgrade for those behind. Any later model change does the same.",
        Exact,
        ["proofs::rollout::a_restart_takes_up_who_is_behind"];

    RS_08 = RS 8, Inferred, "TEL1291, TF7002",
        "While a rolling upgrade runs, other scale-set writes (updates, extension removal) are refused with \
         `OperationNotAllowed`; this also holds for upgrades the platform itself started.",
        Approximated("The assumption rolling.model_change can turn it off."),
        ["proofs::rollout::writes_are_refused_meanwhile"];

    RS_09 = RS 9, Documented, "OC987, TRE1591, AOS",
        "Error messages carry: the setting breached, the measured percentage, the threshold, and (upgraded-check \
         only) the commonest error and the first failed instance id.",
        Approximated("The texts are Azure's, from field reports; those of a timeout and of an upgrade that continues \
                      are not Azure's."),
        ["status::upgrades::a_breach_names_setting_percentage_limit_error_and_first_instance",
         "status::upgrades::a_closed_gate_names_who_was_unhealthy_then"];

    RS_10 = RS 10, Documented, "AOS",
        "Activity-log notices for OS upgrades: request submitted, result of submission, result of completion.",
        Approximated("The name of the operation for an upgrade that Azure starts is not published; the log has \
                      osRollingUpgrade with the caller Microsoft.Compute."),
        ["proofs::os_policy::the_activity_log_has_three_notices", "status::state::an_os_upgrade_has_three_notices"];

    RS_11 = RS 11, PartlyInferred, "AOS",
        "The endpoint `osRollingUpgrade` moves all instances to the latest image, skips those already there, and has \
         no automatic rollback. Its sibling `extensionRollingUpgrade` is RS-13.",
        Exact,
        ["proofs::os_upgrade::a_call_brings_everyone_to_the_newest_at_once"];

    RS_12 = RS 12, Recorded, "REC",
        "A cancel takes effect at once: half a second after the start of an upgrade of two instances the code is \
         Cancelled, one instance has failed (instance 0), one is pending and none is in progress, with the error \
         `RollingUpgradeCanceled` whose target is instance 0 (n = 1, 2023); in other recordings the operation ends \
         0.9 to 1.1 s after its start (n = 4, 2020 to 2021).",
        Approximated("The assumption rolling.cancel has the older behaviour; the message of the error is not Azure's."),
        ["proofs::recorded::a_cancel_is_at_once", "status::upgrades::a_cancelled_batch_has_failed"];

    RS_13 = RS 13, Recorded, "REC, AEU",
        "`extensionRollingUpgrade` moves the extensions of a set to their newest versions in batches; it also goes \
         through a set whose extensions are the newest: one instance without a health source took 600.2 to 701.9 s \
         (n = 4, 2020 to 2021), of which RU-41 explains 600.",
        Approximated("This call does not add an extension that the model has and an instance lacks; extensions are \
                      updated one after another."),
        ["proofs::recorded::a_call_for_extensions_walks_a_current_set"];

    IX_01 = IX 1, Documented, "IPDOC",
        "Instances protected from scale set actions are not upgraded (RU-36). Scale-in protection alone does not \
         shield from upgrades.",
        Exact,
        ["proofs::surge::protection_from_scale_in_is_not_enough"];

    IX_02 = IX 2, NotDocumented, "none",
        "What a rolling upgrade does with stopped or deallocated instances is not documented. They do count for zone \
         balance (ZN-03) and for capacity, and power state is a health input when no health source exists (RU-27).",
        Approximated("The assumptions rolling.deallocated_health, rolling.evicted_health and rolling.stopped_health \
                      decide."),
        ["proofs::interplay::a_deallocated_instance_counts_and_stays_as_it_is"];

    IX_03 = IX 3, NotDocumented, "none",
        "What autoscale does during an upgrade is not documented. New instances take the new model (OR-18); \
         autoscale scale-in is deferred only for automatic zone balance (ZN-14).",
        Approximated("The assumption rolling.capacity_change decides."),
        ["proofs::rollout::an_instance_may_be_deleted_meanwhile"];

    IX_04 = IX 4, NotDocumented, "none",
        "What repairs do during an upgrade is not documented, nor whether they are suspended. Each upgraded instance \
         had a state change, so its repair grace restarts (AR-08), and `Replace` builds from the latest model \
         (AR-05).",
        Approximated("The assumption repair.during_upgrade decides."),
        ["proofs::repairs::who_is_repaired_counts_as_upgraded"];

    IX_05 = IX 5, NotDocumented, "none",
        "How a standby pool and a rolling upgrade interact is not documented.",
        Approximated("The assumption standby.on_model_change decides."),
        ["proofs::standby::a_machine_joins_with_the_model_it_was_made_from"];

    IX_06 = IX 6, Documented, "SPOT",
        "Spot eviction during an upgrade: the evicted, deallocated instance stays in the set and keeps counting \
         toward capacity. How its health counts is not documented.",
        Approximated("How the health of an evicted instance counts is the assumption rolling.evicted_health."),
        ["proofs::interplay::an_evicted_instance_counts_and_stays_as_it_is"];
}
