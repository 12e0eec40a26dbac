//! The rows on Spot and Scheduled Events.

use super::table::rows;

rows! {
    SP_01: Documented, "SPv, SPOT", Approximated,
        "Eviction causes: Azure needs the capacity, or the current price rises above your max price. Notice is a `Preempt` event, best \
         effort, up to 30 s ahead; it may come later or not at all.",
        "How long before the eviction the event comes, and how often it does not come, are assumptions (`spot.notice_seconds`, \
         `spot.notice_probability`).",
        ["proofs::spot::a_guest_gets_notice_of_its_eviction_half_a_minute_ahead"];
    SP_02: Documented, "SPOT, SPv, SPM", Approximated,
        "Policy Deallocate (default): instance goes to stopped-deallocated, disks stay and bill, it counts against scale-set instance \
         quota and in capacity; restart is not guaranteed.",
        "Disks are not billed, and the instance quota of scale sets is not modelled.",
        ["proofs::spot::a_deallocated_instance_stays_and_counts"];
    SP_03: Documented, "SPM, SPOT", Exact,
        "Policy Delete: instance and disks vanish, capacity falls by the evicted number (worked example 42 → 26), nothing bills.",
        ["proofs::spot::a_deleted_instance_takes_the_capacity_with_it"];
    SP_04: Documented, "SPv", Approximated,
        "Max price: USD per hour, up to 5 decimals; −1 = never evicted for price, pay min(spot, pay-as-you-go). A deployment or restart \
         with max price below the current price is refused. Changing max price needs a deallocated VM.",
        "The max price of a set does not change; prices are per region.",
        [
            "proofs::spot::a_price_above_the_highest_evicts_and_refuses",
            "input::legality::a_set_that_pays_less_than_the_price_is_not_deployed",
        ];
    SP_05: Documented, "SPv", Exact,
        "After a price eviction the VM does not come back on its own when the price falls.",
        ["proofs::spot::a_price_that_falls_again_brings_nobody_back"];
    SP_06: PartlyInferred, "SPv, arithmetic", Approximated,
        "The published eviction rate is a chance per hour: 10 % is a 10 % chance of eviction within the next hour, so the hazard is λ = \
         −ln(1−p) per hour (inferred). The portal uses the last 7 days, Resource Graph the trailing 28 days (price history 90 days); the \
         bands are 0–5, 5–10, 10–15, 15–20 and 20+ %.",
        "One rate applies to every zone and size of a region, during the whole run.",
        ["proofs::spot::the_published_rate_is_a_chance_within_the_hour"];
    SP_07: NotDocumented, "none", Approximated,
        "Capacity evictions hit groups (same size, region, perhaps zone) together; nothing says how correlated.",
        "A place and a size form a group with waves at the rate λ/ρ; each wave evicts a member with probability ρ \
         (`spot.group_correlation`).",
        ["proofs::spot::members_of_a_group_leave_together"];
    SP_08: Contradicted, "SPM", Exact,
        "Priority Mix (Flexible only): regular_target(N) = min(N, base) + floor(pct/100 × max(0, N − base)); spot_target(N) = N − \
         regular_target(N). The odd one goes to Spot. Checked on every row of both published tables, e.g. base 10, 50 %: 41 → 10+15+16; \
         base 10, 25 %: 20 → 10+2+8, 120 → 10+27+83 (of which 10 deallocated). The example of a command on the same page, 4 with base 2 \
         and 50 %, says 2+2, where this gives 3+1.",
        ["proofs::spot::a_set_is_split_as_its_mix_says"];
    SP_09: Documented, "SPM", Exact,
        "Scale-out fills the shortfall against the target split at the new N, so after an eviction with Delete the next instances are all \
         Spot until balance is back (26 → 30 adds 4 Spot). Deallocated Spot instances count as Spot.",
        ["proofs::spot::what_is_added_makes_up_for_what_is_short"];
    SP_10: Documented, "SPM", Exact,
        "Scale-in removes whichever kind keeps the split, overriding oldest/newest order between kinds.",
        ["proofs::spot::what_is_removed_keeps_the_split"];
    SP_11: Documented, "SPM", Exact,
        "Changing base or percentage touches no running instance; it only steers the next scale actions.",
        ["proofs::spot::another_mix_touches_no_instance"];
    SP_12: Documented, "SPM", Exact,
        "Needs Flexible mode, priority Spot in the profile, and no single-placement setting; base 0 means the whole set can be lost.",
        ["input::legality::a_priority_mix_is_of_spot_and_of_several_placement_groups"];
    SP_13: Documented, "SPOT, SPapi", Approximated,
        "Try-restore (`spotRestorePolicy`: enabled, `restoreTimeout`, e.g. PT1H): the platform tries, opportunistically and subject to \
         capacity and price, to bring instances back that were evicted for capacity, up to the target count, and stops at the timeout. It \
         is switched off where autoscale is on; how often it tries is not documented.",
        "It tries at a fixed period with a fixed probability (`spot.restore_period`, `spot.restore_success`); only deallocated instances \
         are restored.",
        ["proofs::spot::an_evicted_instance_is_tried_to_be_brought_back"];
    SP_14: Documented, "SPOT", Exact,
        "A Spot-only scale set is placed in one fault domain, with no SLA.",
        ["proofs::spot::a_set_of_spot_alone_is_in_one_fault_domain"];
    SP_15: Documented, "SPv", Exact,
        "Spot has its own vCPU quota pool, shared by VMs and scale sets.",
        ["proofs::quota::spot_has_a_quota_of_its_own"];
    SP_16: Contradicted, "SPOT, SPv", Approximated,
        "B-series: the scale-set page forbids it for Spot, the VM page no longer does.",
        "Reported as a warning, since the pages contradict each other; the instances behave like any others.",
        ["input::legality::spot_of_the_b_series_in_a_set_is_a_warning"];
    SP_17: Documented, "SPOT", Exact,
        "`simulateEviction` on an instance answers 204 and then behaves as an eviction with Preempt notice.",
        ["proofs::spot::a_simulated_eviction_is_as_good_as_a_real_one"];
    SP_18: Documented, "SPOT", Approximated,
        "With autoscale, use policy Delete: Deallocate keeps filling the capacity count with dead instances, so the autoscaler sees \
         capacity that does not serve.",
        "Reported as a warning if the scenario has an autoscale setting for the set.",
        ["input::legality::autoscale_does_not_go_with_evicted_instances_that_stay"];
    SP_19: PartlyInferred, "SPOT, CLIREC", Exact,
        "`simulateEviction` of an instance that is not a Spot instance is refused: 409 OperationNotAllowed, in six of six recordings.",
        ["proofs::acts::only_a_spot_instance_can_be_evicted_for_a_test"];
    SE_01: Contradicted, "SCHED, MNT", Approximated,
        "Minimum notice: Freeze 15 min, Reboot 15 min, Redeploy 10 min, Preempt 30 s (best effort), Terminate user-set 5–15 min. The \
         maintenance page allows a Freeze notice as short as 30 s in rare cases.",
        "The notice of a Freeze is an assumption.",
        ["proofs::notices::a_freeze_is_announced_a_quarter_of_an_hour_ahead"];
    SE_02: Documented, "SCHED", Approximated,
        "States seen: Scheduled → Started → gone from the list (there is no Completed). A rare cancel goes Scheduled → gone with no \
         impact.",
        "Cancelled events are not modelled.",
        ["proofs::notices::an_event_is_scheduled_then_started_then_gone"];
    SE_03: Documented, "SCHED", Approximated,
        "Start condition: approval of all affected VMs, or NotBefore passes. On a shared host the platform also waits for the other \
         tenants' approval or timeout. Never before NotBefore unless approved.",
        "An event is about one machine, and no other tenants are waited for.",
        ["proofs::notices::an_event_starts_when_it_is_approved"];
    SE_04: Documented, "SCHED", Approximated,
        "Approve = POST of `StartRequests` with EventId; answer 200 for any valid id, even if already approved; one approval lets the \
         event go ahead for every resource in it.",
        "An event is about one machine.",
        ["proofs::notices::an_approval_is_a_request_to_start"];
    SE_05: PartlyInferred, "SCHED", Approximated,
        "First call to the endpoint may take up to 2 min and events start arriving within 5 min; 24 h without a call turns the service \
         off. So an instance younger than its first poll gets no Preempt or Terminate warning.",
        "Events that were raised before the first query are seen in its answer; no guest stops its queries for 24 h.",
        ["proofs::notices::a_young_instance_sees_its_event_late"];
    SE_06: Documented, "SCHED", Exact,
        "Poll once per second is the advice; with poll period q the usable notice is notice − U(0, q).",
        ["proofs::notices::an_event_is_seen_at_the_next_query"];
    SE_07: Documented, "SCHED", Approximated,
        "Scope: all VMs of a placement group or availability set see each other's events, whatever their zone; exception: GPU sets with \
         one fault domain see only their own. Filter by `Resources`.",
        "A guest acts on the events of other instances if the scenario says that it does not filter; the exception for GPU sizes is not \
         modelled.",
        ["proofs::notices::a_guest_that_does_not_filter_drains_for_others_in_any_zone"];
    SE_08: Documented, "SCHED", Approximated,
        "`DocumentIncarnation` rises on each change; NotBefore is blank once Started; DurationInSeconds −1 = unknown, 0 = no impact.",
        "DurationInSeconds is always −1, since a scenario does not give a length in advance.",
        ["status::around::a_guest_reads_what_is_to_happen_to_it"];
    SE_09: Documented, "SCHED", Approximated,
        "Rough timeline of a routine operation: up to 15 min until approval timeout, about 7 s of impact, 10 min from Started to removal.",
        "Removal is exactly 10 min after the start.",
        ["proofs::notices::an_event_is_gone_ten_minutes_after_its_start"];
    SE_10: Documented, "SCHED", Exact,
        "Hardware failure skips the notice: the event appears already Started, type Reboot.",
        ["proofs::notices::hardware_fails_without_notice"];
    SE_11: Documented, "SCHED", Approximated,
        "Predicted hardware failure is announced days ahead, with 7 as the aim.",
        "The notice is the assumption host.degraded_notice, 7 days, and the host works until its end.",
        ["proofs::hosts::a_host_that_degrades_is_announced_days_ahead"];
    SE_12: Documented, "SCHED, MNT", Approximated,
        "Routine maintenance never hits two fault domains at once but may run one right after another; it may overlap between zones and \
         between paired regions at the tail.",
        "Zones never overlap, and paired regions are not modelled.",
        ["proofs::hosts::no_two_fault_domains_are_worked_on_at_once"];
    SE_13: Documented, "MNT", Approximated,
        "Freeze lengths: live migration typically ≤ 5 s; other pauses almost always < 10 s; about 30 s at most once per 18 months for \
         general-purpose sizes. Not for G, L, N, H series.",
        "The lengths are those of MT-01 and MT-02; the rare pause of 30 s is not drawn.",
        ["proofs::hosts::large_sizes_are_not_kept_running"];
    SE_14: Documented, "MNT", Absent,
        "Reboot-needing host maintenance is announced with a self-service window of typically 35 days.",
        "The window lasts for weeks; an operator's actions in it can be written in the timeline.", [];
    SE_15: PartlyInferred, "SCHED", Exact,
        "User restarts/redeploys of a VM also create events, and wait for approval or NotBefore when the service is on: an unattended \
         listener delays every manual restart by 15 min.",
        ["proofs::notices::nobody_who_approves_delays_a_restart"];
    SE_16: Documented, "SCHED", Approximated,
        "OS-image upgrade and reimage events are off by default; need `OSImageNotificationProfile` and memory-preserving sizes.",
        "A size is recognised by the letter of its family, G, M, N or H.",
        ["input::os_upgrade::an_image_notice_needs_a_size_that_has_it"];
    SE_20: Documented, "TNDOC", Approximated,
        "Terminate notification: `notBeforeTimeout` 5–15 min, on the model, effective per instance only after it has the latest model. All \
         deletes of set instances (manual, scale-in) raise it; reboot, reimage, redeploy, stop do not.",
        "Surplus of overprovisioning is deleted without it.",
        ["proofs::notices::deletions_are_announced_and_restarts_are_not"];
    SE_21: Documented, "TNDOC", Exact,
        "The timeout cannot be extended once raised; at expiry the instance is deleted. Approval shortens it.",
        ["proofs::notices::the_time_of_a_deletion_is_not_extended"];
    SE_22: PartlyInferred, "TNDOC", Exact,
        "Deletes hold each other: an approved delete of VM_2 waits for the pending one of VM_1; events with the same NotBefore need all \
         approvals. A silent instance therefore stretches the whole scale-in to the full timeout.",
        ["proofs::notices::one_silent_instance_holds_up_the_others"];
    SE_23: Documented, "TNDOC", Approximated,
        "Terminate notification cannot be used on Spot instances (they only have Preempt).",
        "Reported as a warning if the profile is Spot; TN-04 has the behaviour.",
        ["input::legality::spot_instances_get_no_notice_of_their_deletion"];
    SE_24: Inferred, "LB-16, TNDOC", Exact,
        "While an instance waits in Terminate it still runs, still answers probes and still gets new flows unless the app fails its probe \
         on seeing the event.",
        ["proofs::notices::who_is_to_be_deleted_serves_until_it_fails_its_probe"];
}
