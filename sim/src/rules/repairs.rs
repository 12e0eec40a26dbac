//! The rows on automatic instance repairs.

use super::table::rows;

rows! {
    AR_01 = AR 1, Documented, "AIR, REST",
        "Off by default; needs one health source, API ≥ 2018-10-01 (2021-11-01 for reimage/restart), not Service \
         Fabric; blocks resource/subscription moves while on.",
        Absent, [];

    AR_02 = AR 2, Documented, "AIR, AH",
        "Trigger states: Unhealthy, and Unknown for rich states. Initializing and Healthy never.",
        Absent, [];

    AR_03 = AR 3, Documented, "AIR, S-REP",
        "VMs unhealthy because provisioning failed are not repaired; the health stream must have begun.",
        Absent, [];

    AR_04 = AR 4, Documented, "AIR, REST",
        "`repairAction` ∈ {Replace (default), Reimage, Restart}. To change it, disable repairs and enable again with \
         the new action.",
        Absent, [];

    AR_05 = AR 5, Documented, "AIR",
        "Replace = delete and create a new instance from the latest scale set model; attached VMs lose their \
         deviations.",
        Absent, [];

    AR_06 = AR 6, Documented, "AIR",
        "What survives. Replace: nothing (id, private IP, OS, data and temp disk all new). Reimage: id, IP, data \
         disks, temp disk. Restart: everything.",
        Absent, [];

    AR_07 = AR 7, PartlyInferred, "AIR",
        "At most 5 % of instances under repair at any time; fewer than 20 instances → one at a time. Formula max(1, \
         floor(N·0.05)).",
        Absent, [];

    AR_08 = AR 8, Documented, "AIR, REST",
        "Grace period: PT10M–PT90M, default PT10M. Starts when a state change of that instance (caused by PUT, PATCH, \
         POST on the set) has completed; new instances, including repaired ones, get it too.",
        Absent, [];

    AR_09 = AR 9, NotDocumented, "AIR, REST, S-REP, TFDOC",
        "A PUT/PATCH/POST state change starts the grace period. For an instance that sickens in steady state \
         Microsoft's pages do not give the delay: a support article says \"any state change on the instance\", \
         Terraform's documentation says that grace starts when the VM is found unhealthy (parameter \
         `repair.grace_trigger`).",
        Absent, [];

    AR_10 = AR 10, PartlyInferred, "AIR",
        "State changes that count: creation (scale-out or repair) and, from older wording of the same page, update, \
         reimage, redeploy; by the same logic start, restart and model upgrade (inferred). Guest reboots and platform \
         healing are no PUT/PATCH/POST (inferred).",
        Absent, [];

    AR_11 = AR 11, Documented, "AIR, REST",
        "`serviceState` ∈ {Running, Suspended, NotRunning} under `orchestrationServices[AutomaticRepairs]`; user \
         actions Suspend and Resume.",
        Absent, [];

    AR_12 = AR 12, Documented, "AIR, S-REP, AIRAL",
        "Auto-suspension: if replacements keep being unhealthy after repeated repairs, the platform sets Suspended; \
         only a Resume call restarts it. How many repairs that takes is not documented (P-23).",
        Absent, [];

    AR_13 = AR 13, Documented, "AIR",
        "Any protection flag on an instance (scale-in or scale set actions) exempts it from repairs.",
        Absent, [];

    AR_14 = AR 14, PartlyInferred, "AIR",
        "Terminate notification delays the deletion in a Replace; the new instance is created without waiting, so the \
         set runs over capacity for 5–15 min.",
        Absent, [];

    AR_15 = AR 15, Documented, "AIR",
        "A newly created set: repairs only after the grace period of its instances.",
        Absent, [];

    AR_16 = AR 16, Inferred, "AIR",
        "Enabling repairs with a broken endpoint: all instances are repaired in 5 % waves.",
        Absent, [];

    AR_17 = AR 17, Inferred, "AIR",
        "Repairs have no \"too many unhealthy\" stop besides AR-07 and AR-12; there is no published \"more than N % \
         unhealthy → do nothing\" rule.",
        Absent, [];

    AR_18 = AR 18, Contradicted, "AIR, AH, S-REP",
        "The repairs page tests health by status 200 alone; that is the binary version's rule, and rich states follow \
         HD-21. A support article says 2xx.",
        Absent, [];

    AR_19 = AR 19, Documented, "AZB",
        "Automatic zone balance turns repairs on (ZN-14).",
        Absent, [];

    AR_20 = AR 20, Documented, "TNDOC",
        "Spot: no special rule. A deallocated (evicted) instance emits no health; whether repairs touch it is not \
         documented (P-24). Spot cannot have terminate notification.",
        Absent, [];

    AR_21 = AR 21, NotDocumented, "IX-04",
        "What repairs do while an upgrade runs is not documented: see IX-04.",
        Absent, [];

    AR_22 = AR 22, NotDocumented, "none",
        "Scan cadence, order among unhealthy instances and placement of a replacement are not documented (P-22, P-25, \
         P-26).",
        Absent, [];
}
