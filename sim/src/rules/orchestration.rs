//! The rows on orchestration modes, fault domains and placement groups.

use super::table::rows;

rows! {
    OR_01: Documented, "ORCH", Exact,
        "`orchestrationMode` is Uniform or Flexible, chosen at creation, never changeable.",
        ["input::legality::the_orchestration_mode_never_changes"];
    OR_02: Documented, "SIP, FDDOC", Approximated,
        "Azure CLI and PowerShell create Flexible when no mode is given (since November 2023).",
        "Reported as a note: a body comes from the API, where no mode means Uniform, and it does not say which tool created it.",
        ["input::placement::a_body_without_a_mode_says_what_the_command_line_makes"];
    OR_03: Documented, "ORCH", Approximated,
        "Flexible holds at most 1,000 instances; the limit drops to 200 when the size lacks memory-preserving updates and \
         `platformFaultDomainCount` > 1.",
        "The limit of 200 for sizes without memory-preserving updates goes by the family of the size and is checked where the scenario is \
         read; a size that a run changes to is not checked.",
        ["proofs::placement::a_flexible_set_holds_a_thousand"];
    OR_04: Documented, "PGDOC, REST", Exact,
        "Uniform holds 0–100 instances with `singlePlacementGroup=true` and 0–1,000 with `false`.",
        ["proofs::placement::a_uniform_set_holds_a_hundred_in_one_placement_group_and_a_thousand_in_several"];
    OR_05: Contradicted, "DES, PGDOC, FAQ", Approximated,
        "Image source caps: marketplace or Compute Gallery image 1,000 instances; legacy managed image 600; user-managed storage accounts \
         100 in general, and for a custom image on such storage 20 recommended (40 with overprovisioning off). The FAQ flattens this to \
         600 for every custom image.",
        "Checked when a capacity is written, not when autoscale raises it; a gallery image supports up to 1,000, unlike in the FAQ.",
        ["input::refusals::where_an_image_comes_from_limits_the_set"];
    OR_06: Documented, "FAQ", Exact,
        "Capacity 0 is legal: the set is then a model without VMs and costs nothing for them.",
        ["proofs::placement::a_set_may_be_empty", "measures::an_empty_set_costs_nothing"];
    OR_07: Documented, "ORCH", Approximated,
        "Uniform instances are identical and all Spot or all regular; Flexible can mix operating systems, sizes and Spot/regular, except \
         Spot/regular and special-purpose-size mixing are refused under OR-03's 200-instance condition.",
        "Only a `priorityMixPolicy` on a Uniform set is refused; the instances of a set have one size and one operating system.",
        ["input::legality::a_uniform_set_mixes_no_priorities"];
    OR_08: Documented, "ORCH, DES", Approximated,
        "Flexible does not support overprovisioning, a load balancer probe as health source (extension only), Basic Load Balancer, inbound \
         NAT pools, unmanaged disks and system-assigned identity.",
        "Unmanaged disks are not checked.",
        ["input::legality::a_flexible_set_lacks_what_it_does_not_support"];
    OR_09: Contradicted, "UP, ORCH", Exact,
        "All three upgrade modes (Automatic, Manual, Rolling) exist in both orchestration modes. One list on the orchestration page still \
         says that Flexible needs a null policy.",
        ["input::refusals::flexible_has_all_three_modes"];
    OR_10: Documented, "ORCH", Approximated,
        "Update domains: Uniform has 5 per placement group; Flexible has none and platform maintenance walks fault domains instead.",
        "Domains of one number are one over all placement groups; the update domain of an instance is its id modulo 5 \
         (`rolling.batch_crosses_update_domains`).",
        ["proofs::hosts::a_flexible_set_is_rebooted_by_fault_domain"];
    OR_11: Documented, "S-DEL", Absent,
        "A Flexible scale set with any VM still in it cannot be deleted: `OperationNotAllowed`.",
        "No entry of the timeline deletes a scale set.", [];
    OR_12: Documented, "S-SPG, ORCH", Approximated,
        "Flexible `singlePlacementGroup=true` can be refused with `InvalidParameter` (\"allowed values are False\"); null lets the \
         platform choose when the first VM lands.",
        "Reported as a warning, since it is not refused everywhere; an absent value counts as false.",
        ["input::legality::a_flexible_set_in_one_placement_group_is_doubtful"];
    OR_13: Documented, "IDS, REC", Approximated,
        "Uniform instance id is a decimal number, name `{set}_{id}`, host name `{prefix}{id in base 36}`; Flexible id is the VM name \
         `{set}_{8-char}`, host name `{prefix}{6-char}`. The eight were hexadecimal digits in 11 of 11 recorded names.",
        "Host names are shown only for Uniform instances.",
        ["status::instances::names_are_formed_by_the_mode"];
    OR_14: Contradicted, "IDS, FAQ", Absent,
        "No ordering promise on Uniform ids: not necessarily sequential, and an id may be reused after its VM is deleted. The FAQ says \
         that the next id is the highest so far plus one.",
        "The sources contradict each other; in the model ids increase and are not reused, which no source forbids.", [];
    OR_15: Documented, "ATT", Absent,
        "Existing VMs can be attached/detached only in Flexible, same resource group, FD count 1, `singlePlacementGroup=false`, matching \
         zones, not in an availability set, PPG or dedicated host. Attaching does not add the VM to any load-balancer pool.",
        "No act attaches a machine that was made outside its set.", [];
    OR_16: Documented, "ROLL, SURGE", Absent,
        "An attached VM without a health extension can disturb a rolling upgrade; how is not documented (`rolling.unmonitored_health`).",
        "No act attaches a machine that was made outside its set.", [];
    OR_17: Documented, "MOD", Approximated,
        "Settable at creation only: fault-domain count and storage type of the managed OS disk. Changeable depending on the present value: \
         `singlePlacementGroup`, subnet, image offer and sku, zones; a change of size needs deallocation if the current hardware cannot \
         host it.",
        "Checked are the fault-domain count, which is fixed at creation, and `singlePlacementGroup` (PG-02) and zones (ZN-10), which \
         depend on the present value.",
        ["input::legality::the_fault_domain_count_is_fixed_at_creation"];
    OR_18: Documented, "MOD, REST", Exact,
        "Each instance carries `latestModelApplied`; false means it lags the scale set model. New instances always take the current model.",
        [
            "status::instances::an_instance_under_upgrade_shows_power_health_and_model",
            "status::instances::a_new_instance_has_the_current_model",
        ];
    OR_19: Documented, "ORCH", Absent,
        "Azure Resource Graph views may lag up to 60 s; direct instance GETs are the fresh source.",
        "Resource Graph is not modelled: `status` answers like a GET of the resource.", [];
    OR_20: Documented, "OR-01, OR-17, PG-02, ZN-10", Exact,
        "These are irreversible: the orchestration mode (OR-01), the fault-domain count (OR-17), `singlePlacementGroup` true to false \
         (PG-02), regional to zonal and adding a zone (ZN-10), and a proximity placement group in Flexible.",
        ["input::refusals::the_proximity_placement_group_of_a_flexible_set_is_fixed"];
    OR_21: PartlyInferred, "IDS, CLI25476", Approximated,
        "A call on a Uniform set that names an id which is no active instance is refused as a whole: 400 InvalidParameter, \"The provided \
         instanceId 0 is not an active Virtual Machine Scale Set VM instanceId.\" In a Flexible set each machine is called by its name, \
         and one that is not there is not found.",
        "Faults and maintenance ignore ids that no instance has.",
        ["proofs::acts::a_call_that_names_an_unknown_id_is_refused_as_a_whole"];
    FD_01: Documented, "FDDOC, AZDOC", Approximated,
        "`platformFaultDomainCount=1` means max spreading: as many fault domains as the platform can use, best effort, possibly more or \
         fewer than five; it does not mean one rack.",
        "The platform is assumed to find five fault domains in each zone or region.",
        ["proofs::placement::max_spreading_uses_as_many_fault_domains_as_it_can"];
    FD_02: Documented, "FDDOC, AZDOC, FAQ", Approximated,
        "Under max spreading the instance view and metadata show one fault domain (or none), by design.",
        "The instance view shows domain 0 for all instances; whether Azure shows one or none is not distinguished.",
        ["status::around::max_spreading_shows_one_fault_domain"];
    FD_03: Documented, "FDDOC, AZDOC", Approximated,
        "`platformFaultDomainCount` > 1 means fixed spreading: the request fails if the platform cannot allocate over that many domains.",
        "A scenario says in how many fault domains of a region there is room (`domainsWithRoom`), for the whole run, but not in which; so \
         a machine that is restarted, repaired or moved to another zone is refused like a new one, whatever its domain.",
        ["proofs::placement::fixed_spreading_fails_where_fewer_domains_have_room"];
    FD_04: Contradicted, "FDDOC, ORCH", Exact,
        "Uniform, regional: 1–5 fault domains allowed, default 5. The orchestration page lists 2, 3 and 5 only.",
        ["input::legality::a_regional_uniform_set_has_up_to_five_fault_domains"];
    FD_05: Documented, "FDDOC", Exact,
        "Uniform, zonal or zone-spanning: 1 or 5 fault domains allowed, default 1.",
        ["input::legality::a_zonal_uniform_set_has_one_fault_domain_or_five"];
    FD_06: Documented, "FDDOC, S-FD", Exact,
        "Flexible, regional: 1, 2 or 3 fault domains allowed (the maximum of a region may be 2), default 1.",
        ["input::legality::a_regional_flexible_set_has_up_to_three_fault_domains"];
    FD_07: Documented, "FDDOC", Exact,
        "Flexible, zonal or zone-spanning: only 1 fault domain allowed.",
        ["input::legality::a_zonal_flexible_set_has_one_fault_domain"];
    FD_08: Documented, "AZDOC, S-FD", Exact,
        "Rejected: 2 or 3 fault domains on any zonal or zone-spanning set; more than the region's maximum gives `InvalidParameter` naming \
         the legal range.",
        ["input::legality::two_or_three_fault_domains_do_not_go_with_zones"];
    FD_09: Documented, "AZDOC", Approximated,
        "Max spreading requires multiple placement groups (`singlePlacementGroup=false`).",
        "Reported as a warning, since recordings show such sets in Azure; checked only if the count of 1 is written.",
        ["input::legality::max_spreading_wants_several_placement_groups"];
    FD_10: Documented, "PGDOC", Approximated,
        "With several placement groups, FD and UD numbers mean something only inside one placement group; two VMs are on distinct hardware \
         for certain only if in different FDs of the same group.",
        "A fault of a fault domain affects that of the first placement group.",
        ["measures::a_fault_domain_is_one_of_its_placement_group"];
    FD_11: Documented, "ORCH", Approximated,
        "Flexible places VMs evenly over FDs by default; a caller may pin one VM to an FD at creation (not when FD>1 with \
         non-memory-preserving sizes).",
        "No instance is pinned to a fault domain.",
        ["proofs::placement::flexible_spreads_evenly_over_fault_domains"];
    FD_12: Documented, "FDDOC", Exact,
        "The instance view of a Flexible set exposes neither fault domain nor update domain.",
        ["status::around::a_flexible_machine_shows_no_domain"];
    FD_13: Documented, "SCHED", Approximated,
        "Routine maintenance never hits two fault domains at the same time, but may hit them back to back.",
        "Zones never overlap either (SE-12).",
        ["measures::routine_maintenance_takes_one_fault_domain_at_a_time"];
    FD_14: Documented, "SPOT", Exact,
        "A Spot scale set sits in a single fault domain, without availability guarantee.",
        ["measures::a_spot_set_is_hit_in_one_fault_domain"];
    FD_15: Documented, "FAQ", Approximated,
        "Stop-deallocate all then start evens out a lopsided FD/UD spread (overprovisioning or selective deletes cause such lopsidedness).",
        "Update domains follow the instance id and do not change; a start of the whole set evens the spread.",
        ["proofs::acts::a_set_that_was_wholly_off_is_spread_anew"];
    PG_01: Documented, "PGDOC", Approximated,
        "A placement group is like an availability set with own FDs and UDs, at most 100 VMs.",
        "Update domains follow the ids of the whole set, not of each group; for a set with a single placement group, the size of the set \
         is checked (OR-04), not that of the group.",
        ["proofs::placement::a_placement_group_holds_a_hundred"];
    PG_02: Contradicted, "PGDOC, REST, S-ALLOC", Approximated,
        "`singlePlacementGroup` may go from true to false, never back, by property update. A separate REST action \
         ConvertToSinglePlacementGroup exists nevertheless.",
        "The action ConvertToSinglePlacementGroup is not modelled.",
        ["input::legality::a_single_placement_group_does_not_come_back"];
    PG_03: Documented, "AZDOC", Approximated,
        "API default: several placement groups for zonal sets (from 2017-12-01), a single one for regional sets.",
        "A regional set with max spreading (FD-09) counts as one with several.",
        ["input::legality::a_regional_set_has_one_placement_group_by_default"];
    PG_04: Documented, "S-ALLOC", Absent,
        "A single placement group pins allocation to one cluster, so growth and resize fail more easily; several groups may spread over \
         clusters.",
        "Clusters are not modelled: room is given by region and zone.", [];
    PG_05: Documented, "PGDOC, AOS", Approximated,
        "Several placement groups need Standard Load Balancer, also for the probe used as health source.",
        "Checked through the backend pools of the network interfaces.",
        ["input::legality::several_placement_groups_need_a_standard_balancer"];
}
