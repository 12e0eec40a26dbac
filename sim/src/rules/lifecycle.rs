//! The rows on instance life, allocation and platform maintenance.

use super::table::rows;

rows! {
    LC_01: Documented, "AZDOC, FDDOC", Absent,
        "Published create and boot timing: only \"a few minutes\"; no values and no distribution.",
        "The page has no number that could be followed; the assumptions vmss.provision and vm.boot_linux have recorded values.", [];
    LC_02: Documented, "STATES", Approximated,
        "Provisioning states: Creating, Updating, Failed, Succeeded, Deleting, Migrating; OS substates OSProvisioningInProgress, \
         OSProvisioningComplete for generalized images only. Extensions run within OSProvisioningComplete.",
        "Migrating and the substates do not occur. It is inferred that the state of a set reflects the last operation on it.",
        ["proofs::life::an_instance_is_provisioned_when_its_system_is_up_and_its_extensions_are_done"];
    LC_03: Documented, "STATES", Approximated,
        "Power states and billing: Creating not billed; Starting, Running, Stopping, Stopped billed; Deallocating, Deallocated not (disks \
         are).",
        "A machine is billed from the time it runs, not while it starts.",
        ["measures::what_runs_is_billed_from_running_to_deallocation"];
    LC_04: Documented, "REST, SEQ, S-EXT", Approximated,
        "Extensions: `extensionsTimeBudget` 15–120 min, default 90 min; unordered unless `provisionAfterExtensions`. Errors \
         VMExtensionProvisioningError, VMExtensionHandlerNonTransientError, VMExtensionProvisioningTimeout.",
        "An extension fails with VMExtensionProvisioningError or VMExtensionProvisioningTimeout; the handler's own error is not modelled.",
        ["proofs::life::a_failed_extension_fails_the_provisioning"];
    LC_05: NotDocumented, "none", Approximated,
        "`OSProvisioningTimedOut`: the VM may still come up later; the time allowed is not documented.",
        "In the model, an operating system that timed out never comes up later.",
        ["proofs::life::a_system_that_does_not_come_up_is_given_up"];
    LC_06: Documented, "RCD", Approximated,
        "Resilient create (default off): retries only OSProvisioningTimedOut and VMStartTimedOut, by deleting the VM and making a new one \
         (new id/name each time), up to 30 min in state Creating, then Failed.",
        "VMStartTimedOut does not occur, and instances of a surge are left to their upgrade.",
        ["proofs::life::what_does_not_come_up_is_made_again_for_half_an_hour"];
    LC_07: Documented, "RCD", Approximated,
        "Resilient delete (default off): up to 5 attempts, alternating Deleting/Failed.",
        "The next attempt starts as soon as the last has failed, since no pause is published. A delete, or an eviction by policy Delete, \
         fails if the scenario says so; a forced delete does not fail.",
        ["proofs::life::a_resilient_delete_tries_five_times"];
    LC_08: Inferred, "RCD, S-REP", Exact,
        "Without resilient create or delete a failed instance stays Failed and counts to capacity until removed.",
        [
            "proofs::life::a_failed_instance_counts_until_it_is_removed",
            "proofs::life::what_could_not_be_deleted_counts_until_it_is_removed",
        ];
    LC_09: Documented, "S1", Approximated,
        "An image boots where its definition fits: Standard on Standard machines, TrustedLaunch on Trusted Launch ones, \
         TrustedLaunchSupported on both, ConfidentialVMSupported on those and on confidential ones; generation V1 on Standard machines \
         only.",
        "Refused when the model requests it; the generation that a size needs is not known.",
        ["input::extensions::an_image_boots_where_its_definition_fits"];
    AL_01: PartlyInferred, "S-ALLOC", Approximated,
        "`AllocationFailed`: no capacity for the size in region/cluster. Arises on create, scale-out, resize, start from deallocated, not \
         on restart in place.",
        "Capacity is counted in instances, whatever their sizes.",
        ["proofs::placement::a_region_without_capacity_refuses"];
    AL_02: Documented, "S-ALLOC", Approximated,
        "`ZonalAllocationFailed`: no capacity for the size in the pinned zone.",
        "Capacity is counted in instances per zone, whatever their sizes.",
        ["proofs::placement::a_zone_without_capacity_refuses"];
    AL_03: PartlyInferred, "S-ALLOC", Absent,
        "`OverconstrainedAllocationRequest` (and zonal form): the constraints together (zone, size, fault-domain count, networking) cannot \
         be met; the message lists them. The message is documented under the codes of AL-01 and AL-02; the code name itself is known from \
         general VM error lists.",
        "Room is one number per zone, so constraints that fail only in combination are not modelled.", [];
    AL_04: Documented, "S-ALLOC", Absent,
        "Part-stopped single-placement-group sets restart on their old cluster only; fully stopped sets may move.",
        "Clusters are not modelled: room is one number per zone, wherever a set was before.", [];
    AL_05: Documented, "S-QUOTA", Exact,
        "`QuotaExceeded`: request refused up front with current limit, usage, needed. Quotas are per region and per size family plus total \
         regional cores.",
        ["proofs::quota::a_request_beyond_the_quota_is_refused_up_front"];
    AL_06: Documented, "SURGE, AZB, DES", Approximated,
        "Quota needed beyond capacity: surge batch, automatic zone balance +1; not needed: overprovisioned surplus.",
        "If the quota is too small for a move of automatic zone balance, the move is retried after the assumption zone_balance.period.",
        ["proofs::quota::a_surge_needs_quota_beyond_the_capacity"];
    AL_07: Documented, "S-ALLOC", Approximated,
        "Requests above about 500 cores should be split.",
        "A warning at `setCapacity`, counted from the capacity as written; autoscale is not checked.",
        ["input::refusals::a_very_large_request_is_better_split"];
    AL_08: NotDocumented, "AZP", Approximated,
        "Whether a partly satisfiable scale-out keeps the VMs it got is not documented in general; with automatic zone placement it does \
         (ZN-15).",
        "The assumption vmss.partial_allocation decides; a VM that could not be allocated does not show as a Failed instance.",
        ["proofs::quota::what_a_failed_scale_out_got_stays_or_goes"];
    MT_01: Documented, "MNT", Approximated,
        "Non-reboot maintenance: pause almost always under 10 s; about 30 s at most once in 18 months for general-purpose sizes.",
        "Every pause lasts 10 s unless the scenario says otherwise.",
        ["proofs::hosts::an_update_of_the_host_pauses_for_ten_seconds"];
    MT_02: Documented, "MNT", Approximated,
        "Live migration: pause typically ≤ 5 s; triggered by maintenance, predicted hardware failure or packing; not for G, L, N, H \
         series.",
        "Every migration pauses for 5 s unless the scenario says otherwise, and comes only when the timeline says so.",
        ["proofs::hosts::a_live_migration_pauses_for_five_seconds"];
    MT_03: Documented, "MNT", Approximated,
        "Walk: one fault domain at a time; zones and paired regions mostly in sequence, overlap at the tail possible. Reboot-class \
         updates: one zone, one UD (Uniform) at a time.",
        "Zones and fault domains never overlap.",
        ["proofs::hosts::maintenance_walks_over_the_fault_domains"];
    MT_04: Documented, "MNT", Exact,
        "During a freeze an LB probe fails too: with two probes at 5 s the backend is out of rotation in about 10 s.",
        ["proofs::hosts::a_frozen_instance_fails_its_probe"];
    MT_05: Contradicted, "MNT", Approximated,
        "Reboot-class planned maintenance: self-service phase (stated as about 35 days and, further down, about four weeks), then \
         scheduled phase; self-service means redeploy: temp disk and dynamic public IP lost.",
        "The self-service phase lasts from the maintenance on the timeline until the turn of an instance, not for weeks; of what is lost, \
         the process and its memory count.",
        ["proofs::hosts::maintenance_that_waits_is_done_when_it_is_asked_for"];
    MT_06: Documented, "S-BOOT", Approximated,
        "Host software fault: VM back in 10–15 min on the same host; host dead: service healing elsewhere, typically within 15 min.",
        "The VM is back 10–15 min after a fault, and 5–15 min after a host dies, with every length equally likely.",
        ["proofs::hosts::a_host_is_back_within_a_quarter_of_an_hour"];
    MT_07: Documented, "S-BOOT", Exact,
        "Storage unreachable over 120 s → VM is shut down, back at earliest about 5 min.",
        ["proofs::hosts::storage_that_is_out_for_long_shuts_a_machine_down"];
    MT_08: Documented, "FAQ", Exact,
        "Service healing looks like a reboot; scale set extensions do not rerun.",
        ["proofs::hosts::a_healed_instance_runs_no_extension_again"];
    MT_09: PartlyInferred, "ORCH, AZDOC, SPOT", Absent,
        "SLA: 99.99 % across zones, 99.95 % across fault domains (Uniform: FD>1 in a single placement group); single VM 99.9 % \
         premium/ultra, 99.5 % standard SSD, 95 % HDD; Spot none. It promises that at least one instance is reachable, not each one.",
        "The SLA promises credits; it has no effect on machines.", [];
    MT_10: Documented, "MNT, ORCH", Approximated,
        "Planned maintenance availability: Uniform one UD at a time, Flexible FD by FD.",
        "The update domain of an instance is its id modulo 5.",
        ["proofs::hosts::a_uniform_set_is_rebooted_by_update_domain"];
}
