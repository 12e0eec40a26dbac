//! The rows on automatic OS image upgrades.

use super::table::rows;

rows! {
    OS_01: Documented, "AOS, REST, TF11398", Approximated,
        "Automatic OS upgrade needs `automaticOSUpgradePolicy.enableAutomaticOSUpgrade=true` (default false), image `version` `latest` and \
         Compute API ≥ 2018-10-01.",
        "The version of the Compute API is known only where the resource states it. A set with a pinned version, allowed by `accept`, is \
         never upgraded.",
        [
            "proofs::os_upgrade::a_pinned_version_is_never_upgraded",
            "input::refusals::a_pinned_version_is_refused_with_automatic_os_upgrade",
        ];
    OS_02: Documented, "AOS", Approximated,
        "Images eligible for automatic OS upgrade: a listed set of platform SKUs, or a Compute Gallery image. Other custom images are not.",
        "A managed image and a disk in a storage account are refused; the list of platform SKUs changes with time and is not checked.",
        ["input::refusals::only_images_of_the_platform_or_a_gallery_are_upgraded"];
    OS_03: Documented, "AOS, OSL46, SF618", Approximated,
        "Automatic OS upgrade needs the health extension or a load balancer probe (non-Service-Fabric). Service Fabric: Silver or Gold \
         durability (Bronze only stateless), matching durability settings.",
        "For Service Fabric the version of its extension is checked, not its durability; its sets have no health source during a run. Only \
         S1 says that a health extension with another version than the model's keeps an upgrade from starting; no page of Azure says it, \
         and it is not followed.",
        ["proofs::os_upgrade::without_a_health_source_nothing_happens", "input::refusals::automatic_os_upgrade_without_health_is_refused"];
    OS_04: Documented, "AOS, REST", Approximated,
        "Windows with automatic OS upgrade: `enableAutomaticUpdates` is forced false and cannot be true; patch mode must not be \
         AutomaticByPlatform.",
        "If enableAutomaticUpdates is absent, nothing is forced, since patching of Windows is not modelled.",
        ["input::legality::what_else_patches_windows_excludes_automatic_os_upgrade"];
    OS_05: Documented, "AOS", Approximated,
        "After automatic OS upgrade is enabled under mode Manual, instances must first be brought to the model by hand.",
        "Instances that were created since then count as brought to the model. The whole set waits for the others.",
        ["proofs::os_upgrade::under_manual_instances_are_brought_to_the_model_first"];
    OS_06: Documented, "AOS", Exact,
        "Mode and OS-upgrade policy are independent: mode reacts to template changes, OS upgrade reacts to publisher/gallery changes.",
        ["proofs::os_upgrade::mode_manual_does_not_stop_it"];
    OS_07: Contradicted, "ORCH, SURGE, AOS", Approximated,
        "Flexible: the orchestration page says automatic OS upgrade is unsupported; the surge page implies that it exists, forbidding only \
         the combination with maxSurge; the OS upgrade page merely says that many steps describe Uniform.",
        "Off unless `os_upgrade.flexible` says otherwise; a set that enables it anyway gets a warning, since no public report of a refusal \
         was found.",
        ["proofs::os_upgrade::flexible_does_not_support_it", "input::refusals::automatic_os_upgrade_of_flexible_is_a_warning"];
    OS_08: Documented, "AOS", Exact,
        "`latest` for a gallery image = reference to the image definition (no version); a version marked excluded-from-latest is never \
         rolled out.",
        ["proofs::os_upgrade::an_excluded_version_is_never_rolled_out"];
    OS_10: Documented, "AOS", Approximated,
        "Platform image: phased over regions by safe deployment; a phase may be one or more regions; the next phase comes only after \
         eligible VMs of the previous one upgraded well; paired regions are never in the same phase. Monthly cadence; phase lengths are \
         not documented.",
        "The scenario gives the phases (`os_upgrade.phase_length`); paired regions are not kept apart, and new instances get the version \
         in every region.",
        ["proofs::os_upgrade::a_platform_image_goes_from_phase_to_phase"];
    OS_11: Documented, "AOS", Exact,
        "Gallery image: a region becomes eligible only when the new version is published and replicated to that region; no global phasing. \
         Replicating region by region is the intended staging lever.",
        ["proofs::os_upgrade::a_region_begins_when_its_own_replica_is_complete"];
    OS_12: Documented, "AOS", Approximated,
        "The first roll-out after enabling can take up to 3 hours to trigger (maintenance windows and other limits). Later detection \
         latency is not documented (`os_upgrade.detection`).",
        "Every instant of the three hours is equally likely (`os_upgrade.first_detection`); a fleet in steady state had its first one \
         before the run.",
        ["proofs::os_upgrade::the_first_one_may_take_three_hours_after_enabling"];
    OS_13: Documented, "AOS", Exact,
        "A set already on the newest image does nothing until the next one.",
        ["proofs::os_upgrade::a_set_on_the_newest_image_does_nothing"];
    OS_14: Documented, "MCTL", Approximated,
        "Maintenance control (Uniform): a maintenance configuration limits when the upgrade may run; window ≥ 5 hours, recurrence in days \
         or weeks. What happens at the end of the window is not documented.",
        "After the end of the window no further batch starts (`os_upgrade.window_end`).",
        ["proofs::os_upgrade::outside_its_window_no_batch_begins"];
    OS_15: Documented, "REST", Approximated,
        "`osRollingUpgradeDeferral=true`: each VM gets the metadata tag `Platform.PendingOSUpgrade`; its upgrade waits for an \
         `ApproveRollingUpgrade` call (set or instance). No expiry documented.",
        "An approved upgrade starts at once, with gates and in batches; a newer version needs a new approval.",
        ["proofs::os_upgrade::a_deferred_upgrade_waits_for_approval"];
    OS_16: Documented, "SCHED, SCHEDov, REST", Approximated,
        "`osImageNotificationProfile` (off by default) raises scheduled events before guest OS upgrade/reimage with `notBeforeTimeout` \
         (PT15M in the reference); general-purpose sizes only, not G/M/N/H.",
        "No page names the type of the event: it is assumed to be Reboot. It leaves the list when the instance is up again.",
        ["proofs::os_policy::a_guest_is_notified_before_its_disk_is_changed", "input::os_upgrade::an_image_notice_lasts_a_quarter_of_an_hour"];
    OS_20: Documented, "AOS", Approximated,
        "Gate, batch and thresholds as RU-20..RU-32 with 20/20/20: no more than 20 % of the set upgrading at any time, at least one VM.",
        "Where the set's policy has other numbers, those count, by OS-21.",
        ["proofs::os_policy::a_fifth_at_a_time_where_the_policy_says_nothing_else"];
    OS_21: Contradicted, "REST, ROLL", Approximated,
        "Numbers can be changed through the rolling policy. The REST text says that needs `useRollingUpgradePolicy=true` (default false, \
         default policy otherwise); the rolling upgrade page says the feature always uses the set's policy.",
        "The set's policy, whole, unless `os_upgrade.policy` says otherwise. A manual call always uses it, as recorded.",
        ["proofs::os_policy::the_policy_of_the_set_counts", "input::os_upgrade::whose_numbers_an_os_upgrade_uses_is_said"];
    OS_22: Documented, "AOS", Approximated,
        "Step: OS disk swapped for one made from the new image; instance id, IPs and data disks kept; extensions and custom-data scripts \
         run again.",
        "Addresses and data disks are not modelled; the instance stays the same, and its extensions run again.",
        ["proofs::os_upgrade::a_new_disk_is_set_up_anew"];
    OS_23: Documented, "AOS", Exact,
        "Health wait up to 5 minutes per instance. If not healthy then, the previous OS disk is put back (default).",
        ["proofs::os_upgrade::the_old_disk_is_put_back_after_five_minutes"];
    OS_24: Documented, "REST", Exact,
        "`disableAutomaticRollback=true` (default false) leaves the failed instance on the new image.",
        ["proofs::os_upgrade::with_rollback_disabled_a_failed_instance_stays_new"];
    OS_25: Documented, "AOS", Exact,
        "A manually started OS upgrade has no rollback at all.",
        ["proofs::os_upgrade::what_is_started_by_hand_has_no_way_back"];
    OS_26: Inferred, "AOS", Exact,
        "Restored instances still count as failed upgrades toward the 20 % stop.",
        ["proofs::os_upgrade::who_was_put_back_still_counts_as_failed"];
    OS_27: PartlyInferred, "AOS", Exact,
        "More than 20 % of upgraded instances unhealthy, or more than 20 % of the set unhealthy between batches, stops an OS upgrade at \
         the end of the batch. Already upgraded instances stay new.",
        ["proofs::os_upgrade::who_was_upgraded_before_the_stop_stays_new"];
    OS_28: NotDocumented, "AEU", Approximated,
        "The retry of an aborted OS upgrade is not documented for images; an extension upgrade is retried automatically \"after some \
         time\".",
        "After a day, and again a day after each attempt, unless `os_upgrade.retry_after` says otherwise.",
        ["proofs::os_upgrade::an_aborted_upgrade_is_tried_again_a_day_later"];
    OS_29: Documented, "AOS", Exact,
        "Extensions that fail after the swap make the instance unhealthy (RU-27).",
        ["proofs::os_upgrade::an_extension_that_fails_fails_the_instance"];
    OS_30: Documented, "AOS", Approximated,
        "Data-disk drive letters may change after an OS disk swap (Windows).",
        "A warning is given if a Windows set with data disks is upgraded automatically; what an application does about it is not known.",
        ["input::os_upgrade::drive_letters_may_change_with_the_os_disk"];
    OS_31: Documented, "AOS", Absent,
        "Service Fabric: new image rolls update domain by update domain.",
        "Service Fabric itself is not modelled: its clusters, and what it repairs and upgrades by itself.", [];
    OS_32: NotDocumented, "none", Approximated,
        "How long it takes to swap the OS disk and to restore the old one is not documented.",
        "The assumptions vm.os_disk_swap and vm.os_disk_restore decide.",
        ["proofs::os_policy::a_disk_takes_as_long_as_is_assumed"];
    OS_33: Documented, "AEU", Approximated,
        "Automatic extension upgrade, for contrast: same gates and 5-minute wait, failed instance gets the old extension version back, no \
         reboot, may take 1–2 months worldwide.",
        "The timeline says when a version reaches a set; a failed upgrade is not retried automatically.",
        ["proofs::guest::a_new_version_of_an_extension_comes_by_itself"];
    OS_34: Documented, "AOS", Approximated,
        "If an LB probe serves as health source, make it a dedicated probe with a rate under two minutes; a load-shedding probe is a wrong \
         upgrade signal.",
        "A warning is given, since Azure accepts it; only the rate of the probe is checked, not its other uses.",
        ["input::refusals::a_slow_probe_is_a_poor_health_source"];
}
