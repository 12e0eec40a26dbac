//! The rows on zones and balance, scale-in and overprovisioning.

use super::table::rows;

rows! {
    ZN_01: Documented, "AZDOC", Approximated,
        "A set is zone-spanning (`zones` ≥ 2), zonal (exactly one) or regional (none). Each instance and its disks are pinned to their \
         zone for life.",
        "Disks are not modelled.",
        ["proofs::placement::an_instance_is_in_the_zone_of_its_set"];
    ZN_02: Documented, "AZDOC", Approximated,
        "Regional instances have no zone promise at all; one zone outage may hit any or all of them.",
        "The zone of a regional set is drawn at random (the assumption zone.of_regional).",
        ["proofs::zones::a_regional_set_has_no_zone_promise"];
    ZN_03: Documented, "ZBDOC", Exact,
        "Balanced means every zone has the same count ±1. Deallocated VMs and VMs with failed extensions still count.",
        ["proofs::zones::what_is_deallocated_still_counts_to_its_zone"];
    ZN_04: Documented, "ZBDOC", Approximated,
        "`zoneBalance=false` (default, best effort): imbalance is tolerated only while one zone is unavailable; once two or more are \
         unavailable scaling is blocked.",
        "Scale-in is blocked by lost zones, not by zones without free capacity.",
        ["proofs::placement::best_effort_is_blocked_when_two_zones_are_unavailable"];
    ZN_05: Documented, "ZBDOC, AZDOC", Exact,
        "After a zone recovers, best-effort balance heals only through later scale operations: scale-out fills the poorest zones, scale-in \
         drains the richest. Nothing is moved.",
        ["proofs::placement::scale_out_fills_the_poorest_zone"];
    ZN_06: Documented, "ZBDOC", Approximated,
        "`zoneBalance=true` (strict): any scale operation that would leave zones more than 1 apart is blocked, even during an outage.",
        "An operation stops at the last instance that keeps the balance, while the platform may block it completely; surplus and evicted \
         instances leave by themselves and may break the balance, as was seen.",
        ["proofs::placement::strict_balance_stops_at_one_apart"];
    ZN_07: Documented, "REST, ZBDOC", Exact,
        "`zoneBalance` may be set only if more than one zone is configured.",
        ["input::legality::zone_balance_needs_zones"];
    ZN_08: Documented, "ZBDOC", Absent,
        "Zone balancing happens only when instances are created or removed by scaling; adding a zone to the list triggers nothing.",
        "Zones cannot be added during a run: a policy adds them before the run starts.", [];
    ZN_09: PartlyInferred, "AZDOC, ZBDOC", Exact,
        "During a zone outage added capacity lands in surviving zones; the operator may have to scale back later. The platform does not \
         promise to replace the lost instances by itself: only autoscale, repairs or the operator do it.",
        ["proofs::zones::what_is_added_lands_in_the_zones_that_are_left"];
    ZN_10: Documented, "AZDOC", Approximated,
        "Zones can be added (API ≥ 2023-03-01) but not removed or replaced, and a zonal set cannot return to regional. Original instances \
         stay where they are.",
        "The version of the API is known only if the resource has it.",
        ["input::legality::zones_are_only_added", "input::refusals::a_write_that_azure_refuses_changes_nothing"];
    ZN_11: Documented, "AZDOC, ZBDOC", Absent,
        "On scale-in of an expanded set, remaining regional instances go first, before any policy.",
        "Zones cannot be added during a run (ZN-08), so no set has both regional and zonal instances.", [];
    ZN_12: Documented, "AZDOC", Approximated,
        "Zone expansion is refused with a fault-domain count of 2 or 3; capacity reservations, dedicated hosts, Service Fabric and AKS \
         sets are excluded.",
        "Sets of AKS are not distinguished.",
        ["input::refusals::not_every_set_gains_a_zone"];
    ZN_13: Documented, "AZB", Approximated,
        "Automatic zone balance (opt-in, `automaticZoneRebalancingPolicy`): one VM at a time, create-before-delete, at most one move per \
         12 h, only if no PUT/PATCH/POST ran or finished in the last 60 min, waits up to 90 min for the new VM to be healthy; then deletes \
         the source, or, if the new VM is unhealthy, deletes whichever of the two is the worse (new one if source healthy, source if \
         not).",
        "Which instance of the richest zone is moved, and how often a set is checked again that cannot be balanced now, are assumptions.",
        [
            "proofs::zone_balance::one_machine_in_twelve_hours_goes_where_there_are_too_few",
            "input::placement::automatic_zone_balance_needs_zones_and_health",
        ];
    ZN_14: Documented, "AZB", Approximated,
        "Automatic zone balance needs both a total count imbalance and fewer active VMs in the poor zone; it skips protected, deallocated \
         and to-be-deleted VMs, defers autoscale scale-in during a move, is cancelled by scale-out or a manual capacity change and \
         switches automatic repairs on by default. It is no zone-outage recovery.",
        "The start of an upgrade also ends a move, and the machine that is being moved is not in the count that autoscale reads.",
        ["proofs::zone_balance::what_is_asked_of_a_set_goes_first"];
    ZN_15: Documented, "AZP", Approximated,
        "Automatic zone placement (preview, API 2026-03-01): aims at 3 zones, needs ≥ 2, caps one zone at 50 % of capacity by default, cap \
         = ceil(percent × target / 100); the part of a request that would break the cap fails (partial allocation failure), the rest \
         succeeds; overprovisioning must be off.",
        "If there are more zones than `maxZoneCount`, the first ones are chosen, since Azure's choice is not published; a region has three \
         zones.",
        ["proofs::placement::a_zone_holds_no_more_than_its_share", "input::placement::automatic_zone_placement_chooses_the_zones"];
    SI_01: Recorded, "SIP, FAQ, REST, REC", Approximated,
        "`Default`: balance zones, then balance fault domains as well as possible, then delete the highest instance id. The REST text \
         words the last step as the newest in the fault domain. Recorded: 9 scale-ins of one instance follow this (n = 10, 2018 to 2024); \
         in 2024, of the instances 0, 1, 4, 5 and 6, instance 1 was deleted, which is in a fullest domain but is not its highest id.",
        "The recording that differs is not reproduced: it does not show why instance 1 was deleted before 6, which was created at the same \
         instant.",
        ["proofs::scale::default_takes_the_highest_id_of_the_fullest_fault_domain"];
    SI_02: Documented, "SIP", Exact,
        "`NewestVM`: balance zones, then delete the most recently created. No FD step.",
        ["proofs::scale::newest_vm_takes_the_last_created_whatever_its_fault_domain"];
    SI_03: Documented, "SIP", Exact,
        "`OldestVM`: balance zones, then delete the earliest created. No FD step.",
        ["proofs::scale::oldest_vm_takes_the_first_created"];
    SI_04: Documented, "SIP", Exact,
        "Selection is one VM at a time: candidates are the VMs of all zones tied for the highest count (all zones when balanced), and the \
         policy picks among those. For zones {3,4,5,10}, {2,6,9,11}, {1,7,8} OldestVM takes 2, 3, 1, 4, 6, 5 and NewestVM takes 11, 10, 9, \
         8, 5, 7.",
        ["proofs::scale::the_fullest_zones_go_first_one_instance_at_a_time"];
    SI_05: Documented, "SIP", Exact,
        "In a regional set the scale-in policy picks over the whole set.",
        ["proofs::scale::a_regional_policy_picks_over_the_whole_set"];
    SI_06: Documented, "SIP, ZBDOC", Exact,
        "The scale-in policy also governs capacity lowered by hand, not only autoscale.",
        ["proofs::scale::the_policy_governs_a_capacity_lowered_by_hand"];
    SI_07: Documented, "SIP, IPDOC", Exact,
        "Protected instances are skipped whatever the scale-in policy; explicit delete of a protected instance works.",
        ["proofs::surge::nobody_else_goes_instead_of_the_protected"];
    SI_08: Documented, "SIP", Exact,
        "Balancing on scale-in deletes; it never relocates.",
        ["proofs::scale::what_a_scale_in_leaves_uneven_stays_so"];
    SI_09: PartlyInferred, "REST", Approximated,
        "`scaleInPolicy.forceDeletion` (preview) force-deletes the victims; `prioritizeUnhealthyVMs` (preview) picks unhealthy and \
         inactive VMs first. Both default off.",
        "Unhealthy instances go first within the zones that shrink.",
        ["proofs::scale::the_unhealthy_go_first_and_at_once"];
    SI_10: Documented, "FAQ", Exact,
        "Deallocated instances are never started by scale-out, but can be scale-in victims like any other.",
        ["proofs::scale::the_deallocated_go_like_any_other"];
    SI_11: Recorded, "OR-13, SI-01, REC", Approximated,
        "In Flexible, \"highest id\" has no numeric meaning (id = name with random suffix); the order of creation is the only workable \
         meaning, and the oldest of three was deleted in a set with one fault domain (n = 1, 2024).",
        "There is only one recording: the assumption scale_in.flexible_order can choose the newest instead.",
        ["proofs::scale::flexible_goes_by_the_order_of_creation"];
    SI_12: PartlyInferred, "REST, IPDOC", Exact,
        "`deleteInstances` takes the instances that it names, whatever the scale-in policy, balance or protection, and lowers \
         `sku.capacity` by as many.",
        ["proofs::acts::deletes_by_hand_take_who_is_named_and_lower_the_capacity"];
    OP_01: Documented, "DES, ORCH", Exact,
        "Overprovisioning is for Uniform only. When on, a create or scale-out starts more VMs than asked and deletes the surplus once the \
         requested number has provisioned successfully.",
        ["proofs::scale::a_scale_out_starts_more_and_deletes_the_surplus"];
    OP_02: Documented, "FAQ, MOD", Exact,
        "Overprovisioning is on by default in the model of a Uniform set.",
        ["input::legality::a_uniform_set_is_overprovisioned_by_default"];
    OP_03: Documented, "DES", Approximated,
        "Surplus VMs are not billed and do not count against quota.",
        "CO-09 counts what is billed.",
        ["proofs::quota::surplus_does_not_count"];
    OP_04: Documented, "PGDOC, FAQ", Absent,
        "Surplus VMs do take addresses: plan 20 % spare subnet. They also consume ids and NAT ports, leaving gaps.",
        "Subnets are not read, so the number of addresses is not known.", [];
    OP_05: PartlyInferred, "REST", Exact,
        "Extensions run on surplus VMs too unless `doNotRunExtensionsOnOverprovisionedVMs=true`, which launches them only on the kept \
         ones.",
        ["proofs::life::extensions_run_on_the_kept_instances_only"];
    OP_06: Documented, "FAQ", Approximated,
        "Deleting the surplus of overprovisioning can leave fault-domain and update-domain counts uneven.",
        "Update domains are never balanced.",
        ["proofs::scale::the_slowest_go_though_that_leaves_domains_uneven"];
    OP_07: Documented, "DES, AZP, TFDOC", Approximated,
        "Overprovisioning cannot be used with Flexible or with automatic zone placement; `maxSurge` needs it off (Terraform's \
         documentation).",
        "OR-08 covers Flexible sets and ZN-15 covers automatic zone placement; both say the same.",
        ["input::legality::surge_and_surplus_exclude_each_other"];
    OP_08: Recorded, "REC", Approximated,
        "How many surplus VMs there are, and which ones are deleted, is not documented. Recorded: 2 VMs for 1 (n = 7), 4 for 2 (n = 54), 7 \
         for 3 (n = 5) and 8 for 5 (n = 10), 2015 to 2025; of 4, any two are equally likely to stay (n = 51), as if the slowest were \
         deleted.",
        "Requests for 4 and for more than 5 were not recorded: the assumptions vmss.overprovision_small and vmss.overprovision_share give \
         the number, and vmss.overprovision_victims says which ones are deleted.",
        ["proofs::scale::how_many_more_is_an_assumption"];
    OP_09: Recorded, "REC", Approximated,
        "After the surplus is deleted, an overprovisioned set over two zones has instances in both (n = 3, 2018 to 2022).",
        "Zones are chosen as in a scale-in (SI-04); the assumption vmss.overprovision_zones turns it off.",
        ["proofs::recorded::what_is_left_of_a_surplus_is_in_both_zones"];
}
