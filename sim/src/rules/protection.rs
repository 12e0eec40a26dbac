//! The rows on instance protection, terminate notification and standby pools.

use super::table::rows;

rows! {
    IP_01: Documented, "IPDOC", Exact,
        "`protectFromScaleIn`: shields from autoscale scale-in (and repairs, AR-13). Not from upgrades, reimage, deallocate on the set, \
         nor from user deletes.",
        ["proofs::surge::the_protected_are_not_scaled_in"];
    IP_02: Documented, "IPDOC", Approximated,
        "`protectFromScaleSetActions`: additionally shields from upgrade, reimage, deallocate issued on the set. Not from instance-level \
         user actions, nor from deleting the set.",
        "Of the calls on a set, only a start affects protected instances; the page names upgrade, reimage, deallocate \"etc.\".",
        [
            "proofs::surge::the_protected_are_not_upgraded_with_the_set", "proofs::os_upgrade::a_call_is_refused_where_all_are_protected",
            "proofs::acts::a_call_on_the_set_spares_the_protected",
        ];
    IP_03: Documented, "IPDOC", Exact,
        "`protectFromScaleSetActions` implies `protectFromScaleIn`: asking for the first with the second false is invalid.",
        ["input::legality::the_second_protection_implies_the_first"];
    IP_04: PartlyInferred, "IPDOC", Approximated,
        "Protection lives on the instance only, is set after creation and off by default; the model cannot carry it. Hence it is lost by \
         Replace and surge.",
        "A protected instance is not repaired (AR-13), so only a surge loses protection.",
        ["proofs::surge::protection_is_lost_with_the_instance"];
    IP_05: Documented, "IPDOC", Approximated,
        "Instance protection needs API ≥ 2019-03-01 in Uniform and ≥ 2023-09-01 in Flexible.",
        "A warning is given if the resource has an older version; the version of the call itself is not known.",
        ["input::refusals::protection_needs_a_newer_api"];
    TN_01: Documented, "TNDOC", Approximated,
        "`terminateNotificationProfile.notBeforeTimeout` 5–15 min (ISO 8601). Events only for deletes (manual, scale-in, repairs' \
         replace). Reboot, reimage, redeploy, deallocate raise no Terminate.",
        "Surplus of overprovisioning is deleted without it.",
        ["proofs::notices::a_deletion_waits_as_long_as_the_model_says", "input::legality::a_notice_of_termination_has_its_bounds"];
    TN_02: Documented, "TNDOC", Exact,
        "A delete under terminate notification proceeds at the timeout or as soon as it is approved; a given event cannot be extended.",
        ["proofs::notices::an_approval_ends_the_wait"];
    TN_03: Documented, "TNDOC", Exact,
        "Approval of a terminate event is collective: an approved VM waits for earlier pending unapproved deletes of the set; equal \
         NotBefore times need all approvals.",
        ["proofs::notices::an_approved_deletion_waits_for_one_that_is_not"];
    TN_04: Documented, "TNDOC", Exact,
        "Terminate notification is not for Spot instances.",
        ["proofs::notices::spot_instances_get_no_notice_of_their_deletion"];
    TN_05: Documented, "TNDOC", Exact,
        "Terminate notification is a model change; instances follow only once updated to the model.",
        ["proofs::notices::an_instance_of_an_older_model_is_not_notified"];
    TN_06: Documented, "SCHED, TNDOC", Approximated,
        "Scheduled Events switch on with the first query (first answer up to 2 min, events within 5 min), off after 24 h without queries.",
        "No guest stops its queries for 24 h.",
        ["proofs::notices::events_are_on_from_the_first_answer_on"];
    TN_07: Documented, "SCHED", Approximated,
        "Minimum notice: Freeze 15 min, Reboot 15 min, Redeploy 10 min, Preempt 30 s (best effort), Terminate as configured (SE-01 has the \
         conflict on Freeze). Hardware failure gives none (the event appears as Reboot, Started); degraded-host prediction gives days, \
         target 7.",
        "The notice of a degrading host is an assumption (SE-11).",
        ["proofs::notices::a_reboot_is_announced_a_quarter_of_an_hour_ahead"];
    TN_08: Documented, "SCHED", Approximated,
        "Typical planned event: 15 min to approval timeout, about 7 s impact, about 10 min from Started to gone.",
        "The impact of a reboot-class update is exactly 7 s, followed by a boot.",
        ["proofs::notices::a_planned_impact_is_short"];
    TN_09: Documented, "SCHED", Exact,
        "User restarts/redeploys also wait for approval or NotBefore once events are enabled.",
        ["proofs::notices::a_restart_by_hand_waits_too"];
    TN_10: Documented, "SCHED", Approximated,
        "Scheduled events are broadcast to all VMs of the placement group (except GPU sizes with one fault domain).",
        "A guest acts on the events of other instances if the scenario says that it does not filter; the exception for GPU sizes is not \
         modelled.",
        ["proofs::notices::a_guest_that_does_not_filter_drains_for_others"];
    SB_01: Documented, "SBY", Exact,
        "Standby pools are for Flexible only: one for a set, same region and subscription, fault-domain count 1, scale set and pool ≤ \
         1,000 VMs together.",
        ["input::standby::a_pool_goes_with_one_flexible_set_of_its_region"];
    SB_02: PartlyInferred, "SBY", Approximated,
        "Size of a standby pool = `maxReadyCapacity` − instance count (not below `minReadyCapacity`, default 0).",
        "A surplus machine is deleted at once, the one that is furthest from ready first.",
        ["proofs::standby::a_pool_fills_what_its_maximum_is_above_the_count_of_the_set"];
    SB_03: Documented, "SBY", Approximated,
        "States of standby VMs: running, deallocated, hibernated (preview). Only VMs exactly in the desired state are handed out, \
         otherwise there is a normal create.",
        "The times of a move into the set, a shutdown and a resume are assumed; a machine counts as ready only if its process is up and \
         warm.",
        [
            "proofs::standby::only_what_is_in_the_state_of_the_pool_is_given_out",
            "input::standby::a_pool_of_spot_instances_is_of_nothing_else",
        ];
    SB_04: Documented, "SBY", Exact,
        "Standby pools work by zone: a VM for zone z comes from the pool's zone z or is created.",
        ["proofs::standby::a_machine_goes_to_the_zone_it_is_in"];
    SB_05: Documented, "SBY", Exact,
        "Deallocated pool VMs give no capacity guarantee; running ones need no new allocation.",
        ["proofs::standby::what_runs_in_a_pool_needs_no_allocation"];
    SB_06: Documented, "SBY", Exact,
        "With autoscale only standby pools of deallocated or hibernated VMs can be used.",
        ["input::standby::a_pool_that_runs_does_not_go_with_autoscale"];
    SB_07: Documented, "SBY", Approximated,
        "When provisioning into a standby pool fails, the pool is Degraded, creation is paused for 30 s and then retried.",
        "One machine that does not start makes a pool Degraded; how many must fail is not published.",
        ["proofs::standby::a_pool_in_trouble_waits_for_thirty_seconds"];
    SB_08: Documented, "REST", Approximated,
        "`postProvisioningDelay` of a standby pool: how long after its provisioning a VM waits before it is available for use; none by \
         default.",
        "The start of the process and its warm-up run within the delay, and a VM is ready when both are over.",
        ["proofs::standby::a_machine_of_a_pool_waits_for_the_delay_after_it_is_provisioned"];
}
