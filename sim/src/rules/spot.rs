//! The rows on Spot and Scheduled Events.

use super::table::rows;

rows! {
    SP_01 = SP 1, Documented, "SPv, SPOT",
        "Eviction causes: Azure needs the capacity, or the current price rises above your max price. Notice is a \
         `Preempt` event, best effort, up to 30 s ahead; it may come later or not at all.",
        Absent, [];

    SP_02 = SP 2, Documented, "SPOT, SPv, SPM",
        "Policy Deallocate (default): instance goes to stopped-deallocated, disks stay and bill, it counts against \
         scale-set instance quota and in capacity; restart is not guaranteed.",
        Absent, [];

    SP_03 = SP 3, Documented, "SPM, SPOT",
        "Policy Delete: instance and disks vanish, capacity falls by the evicted number (worked example 42 → 26), \
         nothing bills.",
        Absent, [];

    SP_04 = SP 4, Documented, "SPv",
        "Max price: USD per hour, up to 5 decimals; −1 = never evicted for price, pay min(spot, pay-as-you-go). A \
         deployment or restart with max price below the current price is refused. Changing max price needs a \
         deallocated VM.",
        Absent, [];

    SP_05 = SP 5, Documented, "SPv",
        "After a price eviction the VM does not come back on its own when the price falls.",
        Absent, [];

    SP_06 = SP 6, PartlyInferred, "SPv, arithmetic",
        "The published eviction rate is a chance per hour: 10 % is a 10 % chance of eviction within the next hour, so \
         the hazard is λ = −ln(1−p) per hour (inferred). The portal uses the last 7 days, Resource Graph the trailing \
         28 days (price history 90 days); the bands are 0–5, 5–10, 10–15, 15–20 and 20+ %.",
        Absent, [];

    SP_07 = SP 7, NotDocumented, "none",
        "Capacity evictions hit groups (same size, region, perhaps zone) together; nothing says how correlated.",
        Absent, [];

    SP_08 = SP 8, PartlyInferred, "SPM",
        "Priority Mix (Flexible only): regular_target(N) = min(N, base) + floor(pct/100 × max(0, N − base)); \
         spot_target(N) = N − regular_target(N). The odd one goes to Spot. Checked on every row of both published \
         tables, e.g. base 10, 50 %: 41 → 10+15+16; base 10, 25 %: 20 → 10+2+8, 120 → 10+27+83 (of which 10 \
         deallocated).",
        Absent, [];

    SP_09 = SP 9, Documented, "SPM",
        "Scale-out fills the shortfall against the target split at the new N, so after an eviction with Delete the \
         next instances are all Spot until balance is back (26 → 30 adds 4 Spot). Deallocated Spot instances count as \
         Spot.",
        Absent, [];

    SP_10 = SP 10, Documented, "SPM",
        "Scale-in removes whichever kind keeps the split, overriding oldest/newest order between kinds.",
        Absent, [];

    SP_11 = SP 11, Documented, "SPM",
        "Changing base or percentage touches no running instance; it only steers the next scale actions.",
        Absent, [];

    SP_12 = SP 12, Documented, "SPM",
        "Needs Flexible mode, priority Spot in the profile, and no single-placement setting; base 0 means the whole \
         set can be lost.",
        Absent, [];

    SP_13 = SP 13, Documented, "SPOT, SPapi",
        "Try-restore (`spotRestorePolicy`: enabled, restoreTimeout ISO-8601, e.g. PT1H): the platform tries, \
         opportunistically and subject to capacity and price, to bring evicted instances back up to the target count, \
         and stops trying at the timeout; it is switched off where autoscale is on. The page speaks of capacity \
         evictions only.",
        Absent, [];

    SP_14 = SP 14, Documented, "SPOT",
        "A Spot-only scale set is placed in one fault domain, with no SLA.",
        Absent, [];

    SP_15 = SP 15, Documented, "SPv",
        "Spot has its own vCPU quota pool, shared by VMs and scale sets.",
        Absent, [];

    SP_16 = SP 16, Contradicted, "SPOT, SPv",
        "B-series: the scale-set page forbids it for Spot, the VM page no longer does.",
        Absent, [];

    SP_17 = SP 17, Documented, "SPOT",
        "`simulateEviction` on an instance answers 204 and then behaves as an eviction with Preempt notice.",
        Absent, [];

    SP_18 = SP 18, Documented, "SPOT",
        "With autoscale, use policy Delete: Deallocate keeps filling the capacity count with dead instances, so the \
         autoscaler sees capacity that does not serve.",
        Absent, [];

    SE_01 = SE 1, Contradicted, "SCHED, MNT",
        "Minimum notice: Freeze 15 min, Reboot 15 min, Redeploy 10 min, Preempt 30 s (best effort), Terminate \
         user-set 5–15 min. The maintenance page allows a Freeze notice as short as 30 s in rare cases.",
        Absent, [];

    SE_02 = SE 2, Documented, "SCHED",
        "States seen: Scheduled → Started → gone from the list (there is no Completed). A rare cancel goes Scheduled \
         → gone with no impact.",
        Absent, [];

    SE_03 = SE 3, Documented, "SCHED",
        "Start condition: approval of all affected VMs, or NotBefore passes. On a shared host the platform also waits \
         for the other tenants' approval or timeout. Never before NotBefore unless approved.",
        Absent, [];

    SE_04 = SE 4, Documented, "SCHED",
        "Approve = POST of `StartRequests` with EventId; answer 200 for any valid id, even if already approved; one \
         approval lets the event go ahead for every resource in it.",
        Absent, [];

    SE_05 = SE 5, PartlyInferred, "SCHED",
        "First call to the endpoint may take up to 2 min and events start arriving within 5 min; 24 h without a call \
         turns the service off. So an instance younger than its first poll gets no Preempt or Terminate warning.",
        Absent, [];

    SE_06 = SE 6, Documented, "SCHED",
        "Poll once per second is the advice; with poll period q the usable notice is notice − U(0, q).",
        Absent, [];

    SE_07 = SE 7, Documented, "SCHED",
        "Scope: all VMs of a placement group or availability set see each other's events, whatever their zone; \
         exception: GPU sets with one fault domain see only their own. Filter by `Resources`.",
        Absent, [];

    SE_08 = SE 8, Documented, "SCHED",
        "`DocumentIncarnation` rises on each change; NotBefore is blank once Started; DurationInSeconds −1 = unknown, \
         0 = no impact.",
        Absent, [];

    SE_09 = SE 9, Documented, "SCHED",
        "Rough timeline of a routine operation: up to 15 min until approval timeout, about 7 s of impact, 10 min from \
         Started to removal.",
        Absent, [];

    SE_10 = SE 10, Documented, "SCHED",
        "Hardware failure skips the notice: the event appears already Started, type Reboot.",
        Absent, [];

    SE_11 = SE 11, Documented, "SCHED",
        "Predicted hardware failure: notice is days, aimed at 7.",
        Absent, [];

    SE_12 = SE 12, Documented, "SCHED, MNT",
        "Routine maintenance never hits two fault domains at once but may run one right after another; it may overlap \
         between zones and between paired regions at the tail.",
        Absent, [];

    SE_13 = SE 13, Documented, "MNT",
        "Freeze lengths: live migration typically ≤ 5 s; other pauses almost always < 10 s; about 30 s at most once \
         per 18 months for general-purpose sizes. Not for G, L, N, H series.",
        Absent, [];

    SE_14 = SE 14, Documented, "MNT",
        "Reboot-needing host maintenance is announced with a self-service window of typically 35 days.",
        Absent, [];

    SE_15 = SE 15, PartlyInferred, "SCHED",
        "User restarts/redeploys of a VM also create events, and wait for approval or NotBefore when the service is \
         on: an unattended listener delays every manual restart by 15 min.",
        Absent, [];

    SE_16 = SE 16, Documented, "SCHED",
        "OS-image upgrade and reimage events are off by default; need `OSImageNotificationProfile` and \
         memory-preserving sizes.",
        Absent, [];

    SE_20 = SE 20, Documented, "TNDOC",
        "Terminate notification: `notBeforeTimeout` 5–15 min, on the model, effective per instance only after it has \
         the latest model. All deletes of set instances (manual, scale-in) raise it; reboot, reimage, redeploy, stop \
         do not.",
        Absent, [];

    SE_21 = SE 21, Documented, "TNDOC",
        "The timeout cannot be extended once raised; at expiry the instance is deleted. Approval shortens it.",
        Absent, [];

    SE_22 = SE 22, PartlyInferred, "TNDOC",
        "Deletes hold each other: an approved delete of VM_2 waits for the pending one of VM_1; events with the same \
         NotBefore need all approvals. A silent instance therefore stretches the whole scale-in to the full timeout.",
        Absent, [];

    SE_23 = SE 23, Documented, "TNDOC",
        "Terminate notification cannot be used on Spot instances (they only have Preempt).",
        Absent, [];

    SE_24 = SE 24, Inferred, "LB-16, TNDOC",
        "While an instance waits in Terminate it still runs, still answers probes and still gets new flows unless the \
         app fails its probe on seeing the event.",
        Absent, [];
}
