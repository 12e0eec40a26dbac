//! The rows on automatic instance repairs.

use super::table::rows;

rows! {
    AR_01: Documented, "AIR, REST", Approximated,
        "Automatic repairs are off by default; they need one health source, API ≥ 2018-10-01 (2021-11-01 for reimage and restart) and no \
         Service Fabric; they block moves of resource and subscription while on.",
        "What Azure refuses at deployment is refused when the scenario is read; moves of resources are not modelled.",
        ["proofs::repairs::without_one_health_source_nothing_is_repaired"];
    AR_02: Documented, "AIR, AH", Exact,
        "Repairs are triggered by Unhealthy, and by Unknown for rich states; never by Initializing and Healthy.",
        ["proofs::repairs::unknown_is_repaired_and_initializing_is_not"];
    AR_03: Documented, "AIR, S-REP", Exact,
        "VMs unhealthy because provisioning failed are not repaired; the health stream must have begun.",
        ["proofs::repairs::what_never_came_up_is_not_repaired"];
    AR_04: Documented, "AIR, REST", Exact,
        "`repairAction` ∈ {Replace (default), Reimage, Restart}. To change it, disable repairs and enable again with the new action.",
        ["input::repairs::the_action_changes_only_while_repairs_are_disabled"];
    AR_05: Documented, "AIR", Exact,
        "Replace deletes the instance and creates a new one from the latest scale set model; attached VMs lose their deviations.",
        ["proofs::repairs::a_replacement_is_of_the_newest_model"];
    AR_06: Documented, "AIR", Approximated,
        "What survives a repair. Replace: nothing (id, private IP, OS, data and temp disk are all new). Reimage: id, IP, data disks, temp \
         disk. Restart: everything.",
        "Only instance ids and OS disks are modelled, not data disks, temporary disks and private addresses.",
        ["proofs::repairs::a_reimage_makes_the_disk_anew_and_leaves_the_instance"];
    AR_07: PartlyInferred, "AIR", Exact,
        "At most 5 % of instances under repair at any time; fewer than 20 instances → one at a time. Formula max(1, floor(N·0.05)).",
        ["proofs::repairs::no_more_than_a_twentieth_at_a_time"];
    AR_08: Documented, "AIR, REST", Exact,
        "Repair grace period: PT10M–PT90M, default PT10M. It starts when a state change of that instance (caused by PUT, PATCH, POST on \
         the set) has completed; new instances, including repaired ones, get it too.",
        ["proofs::repairs::a_new_instance_has_its_grace", "input::repairs::the_grace_period_has_its_range"];
    AR_09: NotDocumented, "AIR, REST, S-REP, TFDOC", Approximated,
        "A PUT/PATCH/POST state change starts the grace period. For an instance that sickens in steady state Microsoft's pages do not give \
         the delay: a support article says \"any state change on the instance\", Terraform's documentation says that grace starts when the \
         VM is found unhealthy (parameter `repair.grace_trigger`).",
        "The assumption repair.grace_trigger decides.",
        ["proofs::repairs::in_steady_state_there_is_no_grace"];
    AR_10: PartlyInferred, "AIR", Approximated,
        "State changes that start the repair grace: creation (scale-out or repair) and, from older wording of the same page, update, \
         reimage, redeploy; by the same logic start, restart and model upgrade (inferred). Guest reboots and platform healing are no \
         PUT/PATCH/POST (inferred).",
        "A redeploy starts no grace period, like healing, which is the same move to another host in the model; if the platform restarts an \
         evicted instance, this counts as a start.",
        ["proofs::repairs::a_restart_starts_the_grace"];
    AR_11: Documented, "AIR, REST", Exact,
        "`serviceState` ∈ {Running, Suspended, NotRunning} under `orchestrationServices[AutomaticRepairs]`; user actions Suspend and \
         Resume.",
        ["proofs::repairs::repairs_are_suspended_and_resumed"];
    AR_12: Documented, "AIR, S-REP, AIRAL", Approximated,
        "Repairs suspend themselves: if replacements keep being unhealthy after repeated repairs, the platform sets Suspended, and only a \
         Resume call restarts them. How many repairs that takes is not documented.",
        "The assumption repair.suspend_after gives the number; the count of a place restarts once it was healthy, and after a Resume.",
        ["proofs::repairs::after_three_repairs_they_suspend_themselves"];
    AR_13: Documented, "AIR", Exact,
        "Any protection flag on an instance (scale-in or scale set actions) exempts it from repairs.",
        ["proofs::repairs::the_protected_are_not_repaired"];
    AR_14: PartlyInferred, "AIR", Exact,
        "Terminate notification delays the deletion in a Replace; the new instance is created without waiting, so the set runs over \
         capacity for 5–15 min.",
        ["proofs::repairs::nobody_waits_for_the_guest_of_the_old_one"];
    AR_15: Documented, "AIR", Exact,
        "In a newly created set repairs begin only after the grace period of its instances.",
        ["proofs::repairs::in_a_new_set_the_grace_comes_first"];
    AR_16: Inferred, "AIR", Exact,
        "When repairs are enabled over a broken endpoint, all instances are repaired in 5 % waves.",
        ["proofs::repairs::enabled_over_a_broken_endpoint_they_repair_everybody"];
    AR_17: Inferred, "AIR", Exact,
        "Repairs have no \"too many unhealthy\" stop besides AR-07 and AR-12; there is no published \"more than N % unhealthy → do \
         nothing\" rule.",
        ["proofs::repairs::nothing_is_too_many"];
    AR_18: Contradicted, "AIR, AH, S-REP", Exact,
        "The repairs page tests health by status 200 alone; that is the binary version's rule, and rich states follow HD-21. A support \
         article says 2xx.",
        ["proofs::repairs::the_test_for_200_is_that_of_version_1"];
    AR_19: Documented, "AZB", Exact,
        "Automatic zone balance turns repairs on (ZN-14).",
        ["input::repairs::zone_balance_turns_repairs_on_unless_somebody_says_otherwise"];
    AR_20: Documented, "TNDOC", Approximated,
        "Spot: no special rule. A deallocated (evicted) instance emits no health; whether repairs act on it is not documented. Spot cannot \
         have terminate notification.",
        "The assumption repair.deallocated decides.",
        ["proofs::repairs::the_deallocated_are_not_repaired"];
    AR_21: NotDocumented, "IX-04", Approximated,
        "What repairs do while an upgrade runs is not documented: see IX-04.",
        "The assumption repair.during_upgrade decides.",
        ["proofs::repairs::nobody_is_repaired_in_a_batch"];
    AR_22: NotDocumented, "none", Approximated,
        "Scan cadence of repairs, order among unhealthy instances and placement of a replacement are not documented.",
        "The assumptions repair.scan_period, repair.order and repair.replacement_zone decide.",
        ["proofs::repairs::who_is_unhealthy_longest_comes_first_at_whole_minutes"];
}
