//! The rows of the assumptions.
//!
//! A reason names the rule that leaves the choice open, where there is one.

use super::assumption_delivery::with_delivery;
use super::assumption_machine::with_machine;
use super::assumption_names::with_names;
use super::assumption_recorded::with_recorded;
use super::assumption_spec::{
    Spec, assumptions, count, dist, h, is_modelled, lognormal, min, ms, number, recorded, s, share, slow_tail, spec,
    switch, time, two_modes,
};
use super::assumptions::Assumption;
use crate::engine::random::Dist;

with_delivery! {
    VmOsProvisioningTimeout = "vm.os_provisioning_timeout", time(min(40), min(1), h(2)),
        "How long an operating system may take to report itself provisioned before `OSProvisioningTimedOut`.",
        "\"CRP waits for a full 40 minutes\" (Azure/WALinuxAgent #664); 40 min, and 90 where there are extensions, by a support engineer \
         (MicrosoftDocs/SupportArticles-docs PR 1787); 2,310 s were observed (azure-vm-agents #216).";
    VmResilientCreateTimeout = "vm.resilient_create_timeout", time(min(20), min(1), h(2)),
        "The same for a new instance of a set with resilient create, if that is shorter.",
        "Resilient create creates another machine up to 30 min after the first (LC-06), so it cannot wait for 40 min; how long it waits is \
         not published.";
    RollingZoneOrder = "rolling.zone_order", choice(as Order: Ascending, Descending),
        "Which zone a rolling upgrade takes first, by zone number.",
        "Nothing is published; this order is deterministic.";
    RollingInstanceOrder = "rolling.instance_order", choice(as Order: Ascending, Descending),
        "Order of instances within a zone and update domain: by id in Uniform, by creation time and then name in Flexible.",
        "The order of ids is the only published order, and it is for scale-in.";
    RollingCrossesUpdateDomains = "rolling.batch_crosses_update_domains", switch(false),
        "Whether a Uniform batch with fixed spreading may have instances of several update domains.",
        "Two pages say \"within update domain boundaries\"; that the domain is the id modulo 5 is not published, but was recorded for 82 \
         instances (2018 to 2024).";
    RollingPercentRound = "rolling.percent_round", choice(Floor "floor", Nearest "nearest", Ceiling "ceiling"),
        "How a batch percentage of the set is rounded to a whole number, which is at least 1.",
        "The documents say \"maximum\" and \"minimum one\".";
    RollingBatchShrink = "rolling.batch_shrink", choice(UnhealthyOutside "unhealthy_outside", Never "never"),
        "Whether unhealthy instances outside the batch make the batch smaller: to the largest size with which the gate of RU-31 can still \
         pass, at least 1.",
        "RU-01 says that a batch shrinks and gives no formula.";
    RollingDeallocatedHealth = "rolling.deallocated_health",
        choice(as GateHealth: Skipped, Unhealthy, Healthy, LeftOut),
        "How the gates of an upgrade count a deallocated instance: skipped (in the total, not unhealthy, not upgraded), unhealthy, \
         healthy, or left out of the total.",
        "A deallocated instance cannot hurt availability any further; it keeps the old model until it is started.";
    RollingEvictedHealth = "rolling.evicted_health", choice(as GateHealth: Skipped, Unhealthy, Healthy, LeftOut),
        "How the gates of an upgrade count an evicted and deallocated instance.",
        "It is also deallocated, only for another reason.";
    RollingStoppedHealth = "rolling.stopped_health", choice(as GateHealth: Unhealthy, Skipped, Healthy, LeftOut),
        "How the gates of an upgrade count an instance that is stopped but allocated.",
        "Power state is a health input (RU-27).";
    RollingUnmonitoredHealth = "rolling.unmonitored_health",
        choice(as GateHealth: Unhealthy, Skipped, Healthy, LeftOut),
        "How the gates of an upgrade count an attached instance without a health extension.",
        "It reports no health, and OR-16 says that it can disturb an upgrade.";
    RollingNotReportingHealth = "rolling.not_reporting_health",
        choice(as GateHealth: Unhealthy, Skipped, Healthy, LeftOut),
        "How the gates of an upgrade count an instance whose health extension has not reported yet.",
        "Nothing shows that it is healthy, and a gate that passes without a report would be the worse error.";
    RollingHealthWaitFrom = "rolling.health_wait_from", choice(InstanceUpdated "instance_updated", BatchStarted "batch_started"),
        "When the five minutes of the health wait start.",
        "The wording is \"to become healthy after an upgrade\": they start when the instance's own update, with boot and extensions, is \
         complete. Recorded: 600 s of watching follow 0 to 102 s of installation (n=4, 2020 to 2021).";
    RollingInitializingStopsClock = "rolling.initializing_stops_clock", switch(true),
        "Whether the clock of the health wait stops while an instance is Initializing.",
        "The extension's own table is the specific rule, and its grace period may last four hours.";
    RollingUnhealthyAfterWait = "rolling.unhealthy_after_wait", choice(KeepNewModel "keep_new_model", Stop "stop"),
        "What happens to an instance that is unhealthy at the end of the health wait of a model upgrade: it keeps the new model and counts \
         as failed, or the upgrade stops.",
        "RU-32: below the thresholds failed instances do not stop the roll-out.";
    RollingUpgradedUnhealthyOf = "rolling.upgraded_unhealthy_of", choice(Upgraded "upgraded", All "all"),
        "The denominator of the share of unhealthy upgraded instances.",
        "REST and the error texts say upgraded instances; two other pages count against the whole set. Recorded: with one of two instances \
         upgraded, the error says \"100%\" (n=1, 2021).";
    RollingHealthSampling = "rolling.health_sampling", choice(Continuous "continuous", BatchEnd "batch_end"),
        "Whether upgraded instances are watched all the time or only checked at the end of a batch; in both cases the gates are at the end \
         of batches.",
        "REST says \"if ever exceeded\", the OS upgrade page says that it stops at the end of the current batch.";
    RollingTimeoutEnabled = "rolling.timeout_enabled", switch(false),
        "Whether a rolling upgrade can end by `RollingUpgradeTimeoutError`.",
        "The error is documented, but no time is.";
    RollingTimeout = "rolling.timeout", time(h(6), min(10), h(168)),
        "How long a rolling upgrade may take if the timeout is enabled.",
        "No number is published.";
    RollingCancel = "rolling.cancel", choice(AtOnce "at_once", FinishBatch "finish_batch"),
        "What a cancel does to the running batch: it stops at once and counts as failed, or it is finished.",
        "Recorded: the operation ends 0.9 to 1.1 s after its start (n=4, 2020 to 2021), and half a second after the start one instance has \
         failed and one is pending (n=1, 2023). Neither is documented.";
    RollingCapacityChange = "rolling.capacity_change", choice(as Answer: Accept, Refuse),
        "Whether the capacity can change while a rolling upgrade runs.",
        "New instances take the new model (OR-18) and so count as upgraded; the total is counted again for each batch.";
    RollingSurgeQuotaFallback = "rolling.surge_quota_fallback", choice(Batch "batch", Rest "rest"),
        "What is upgraded in place if the quota is too small for a surge: that batch, or all later batches.",
        "The text says \"before each new batch\".";
    RollingSurgeUnhealthy = "rolling.surge_unhealthy", choice(KeepOld "keep_old", DeleteOld "delete_old"),
        "What happens to the old instance if its surge instance never becomes healthy; the surge instance counts as failed.",
        "It keeps the promise on capacity of MS-03.";
    RepairDuringUpgrade = "repair.during_upgrade", choice(OutsideBatch "outside_batch", Never "never", Always "always"),
        "Which instances may be repaired while an upgrade runs.",
        "Nothing says that repairs are suspended; a repaired instance gets the new model and counts as upgraded (AR-05).";
    RepairScanPeriod = "repair.scan_period", time(s(60), s(1), h(1)),
        "How often repairs look at the health of the set.",
        "Fine against the grace period of 10 min.";
    RepairSuspendAfter = "repair.suspend_after", count(3, 1, 100),
        "The number of successive replacements of one slot that are still unhealthy after their grace period, after which repairs suspend \
         themselves.",
        "The text says \"repeatedly\", so a small whole number.";
    RepairDeallocated = "repair.deallocated", switch(false),
        "Whether deallocated and evicted instances are repaired.",
        "They send no health signal.";
    RepairStopped = "repair.stopped", switch(true),
        "Whether an instance that is stopped but allocated is repaired when its last state was Unhealthy or Unknown.",
        "The last state remains, since nothing reports another.";
    RepairOrder = "repair.order", choice(LongestUnhealthy "longest_unhealthy", LowestId "lowest_id"),
        "Which unhealthy instance is repaired first.",
        "Fair and deterministic.";
    RepairReplacementZone = "repair.replacement_zone", choice(Same "same", Balanced "balanced"),
        "The zone of a replacement; fault domains are balanced after that.",
        "It keeps the balance of zones (ZN-03).";
    StartUnhealthy = "start.unhealthy", choice(CorruptDisk "corrupt_disk", Hang "hang"),
        "What ails an instance that is listed as unhealthy when the run begins: its disk, or its process, which a restart helps.",
        "The list does not say why. A broken disk refuses every probe, so that all that watch the instance agree.";
    VmssOverprovisionShare = "vmss.overprovision_share", share(0.2),
        "Surplus instances of an overprovisioned create, as a share of those requested, rounded up and at least 1.",
        "The advice to plan 20 % spare addresses is the only number.";
    VmssOverprovisionSmall = "vmss.overprovision_small", choice(Recorded "recorded", Share "share"),
        "How many surplus instances are created for one to five requested: 1, 2, 4, 3 and 3, as recorded, and at least 3 for more; or only \
         the share.",
        "Recorded: 2 instances for 1 (7 of 7 lists), 4 for 2 (54 lists), 7 for 3 (5 of 5 sets) and 8 for 5 (10 lists), 2015 to 2025; the \
         share comes from advice on addresses (OP-04). A request for four was not recorded.";
    VmssOverprovisionVictims = "vmss.overprovision_victims", choice(Slowest "slowest", HighestId "highest_id"),
        "Which surplus instances are deleted: first those that are still provisioning, then the highest id; or only the highest id.",
        "The surplus is deleted once the requested number has succeeded (OP-01), so the slowest are still provisioning.";
    ScaleInDefaultTie = "scale_in.default_tie", choice(FullestCell "fullest_cell", HighestId "highest_id"),
        "How the Default policy breaks a tie between zones: the highest id in the fullest pairs of zone and fault domain, or only the \
         highest id.",
        "The order of SI-01; the scale-in page has no worked table for Default.";
    ScaleInTooFewVictims = "scale_in.too_few_victims", choice(Partial "partial", Refuse "refuse"),
        "What a scale-in does when protection leaves too few instances to remove.",
        "Nothing is published; to remove as many as possible is closest to the request.";
    HealthAgentPeriod = "health.agent_period", time(s(6), s(0), min(10)),
        "How long a change of health waits for the agent of the instance to report it.",
        "The default status period of the Linux agent.";
    HealthPlatformDelay = "health.platform_delay", time(s(10), s(0), min(10)),
        "How long a reported health state takes to reach the controllers of the set.",
        "Nothing is published; this is a guess.";
    OsUpgradeDetection = "os_upgrade.detection", time(min(60), s(0), h(24)),
        "How long the set takes to notice a gallery version that is replicated to its region.",
        "OS-12 gives an upper bound for the first time only.";
    OsUpgradeFirstDetection = "os_upgrade.first_detection",
        dist(Dist::Uniform { min: s(0), max: min(180) }, s(0), h(24)),
        "How long it takes until the first rollout starts after automatic OS upgrade is enabled.",
        "AOS: \"up to 3 hours\" (OS-12); no page gives a distribution, so every instant is equally likely.";
    OsUpgradeRetryAfter = "os_upgrade.retry_after", time(h(24), s(0), h(720)),
        "When an aborted OS upgrade retries the same version; a new version is tried at once.",
        "The page says only \"after some time\", and only for extensions.";
    OsUpgradeWindowEnd = "os_upgrade.window_end", choice(FinishBatch "finish_batch", FinishUpgrade "finish_upgrade"),
        "What an OS upgrade does when its maintenance window ends; the remaining instances wait for the next window.",
        "The safest reading.";
    RollingModelChange = "rolling.model_change", choice(as Answer: Refuse, Accept),
        "What happens to a change of the model while a rolling upgrade runs.",
        "Field evidence for `OperationNotAllowed` (RS-08).";
    ZoneOutageHealthDelay = "zone.outage_health_delay", time(s(120), s(0), h(1)),
        "How long instances of a lost zone do not answer before they count as unhealthy.",
        "The gates need a value, and none is published.";
    ZoneOfRegional = "zone.of_regional", choice(Set "set", Instance "instance"),
        "Where the instances of a regional set are: all in one unknown zone, or each in a zone of its own.",
        "A zone outage may hit any or all of them; a placement group is one cluster, which is in one zone. See ZN-02.";
    ZoneOutageReboots = "zone.outage_reboots", switch(true),
        "Whether the instances of a zone that comes back have rebooted.",
        "Recovery works as in MT-06.";
    VmssPartialAllocation = "vmss.partial_allocation", choice(Keep "keep", RollBack "roll_back"),
        "What happens to the instances of a scale-out that were allocated when others failed to allocate.",
        "It matches automatic zone placement and resilient create: successes stay, the others are Failed.";
    AutoscaleRetriesShortfall = "autoscale.retries_shortfall", switch(false),
        "Whether autoscale writes the capacity again while the set has fewer instances than the minimum of its profile, although \
         `sku.capacity` is at the minimum.",
        "It reads the capacity of the set, which a failed allocation leaves as it was written; the reference says `current instance \
         count`, which may mean either, and no page mentions a retry.";
    StandbyAttach = "standby.attach", time(s(10), s(0), h(1)),
        "Time from the request of an instance until a running machine of the standby pool is in the set.",
        "The page on standby pools says that running machines are immediately ready once moved; a move is a few writes. See SB-03.";
    StandbyStop = "standby.stop", time(s(42), s(0), h(1)),
        "Time from the end of the set-up of a machine in a standby pool until it is deallocated or hibernated.",
        "Recorded: sets are deallocated in a median of 42 s on Linux and 45 s on Windows (20 recordings). See SB-03.";
    StandbyResume = "standby.resume", time(s(60), s(0), h(1)),
        "Time from the request of an instance until a hibernated machine of the standby pool has resumed in the set.",
        "The page says that hibernated machines are quickly started; no time is published, and the time includes an allocation. See SB-03.";
    StandbyOnModelChange = "standby.on_model_change", choice(Keep "keep", Replace "replace"),
        "What happens to the machines of a standby pool when the model of the set changes: they stay as they are and join the set with the \
         older model, or they are created again.",
        "A pool inherits the model of its set; no page says that a machine changes after it was created, or that an upgrade changes it. \
         See IX-05.";
    VmssFailedUntil = "vmss.failed_until", choice(NextOperation "next_operation", AllInstances "all_instances"),
        "How long a scale set is Failed after its last operation failed: until the next operation on it succeeds, or until no instance is \
         Failed either.",
        "The state of a resource is the result of its last operation; on the page on automatic OS upgrades, a failed set is repaired by \
         deploying it once more. See LC-02.";
    VmssPlatformFailsSet = "vmss.platform_fails_set", switch(true),
        "Whether a failed upgrade or repair that Azure started leaves the scale set Failed, like one that a user started.",
        "The reports of a terminal state Failed (opencb/opencga 987, Azure/azure-powershell 11896) are about upgrades that a write \
         started; the same engine runs the others. See LC-02.";
    VmssQuotaFailsSet = "vmss.quota_fails_set", switch(false),
        "Whether a scale-out that a quota refuses leaves the scale set Failed.",
        "The request itself is refused with OperationNotAllowed (kubernetes/autoscaler 2607, AL-05), so the set was not changed.";
    ZoneBalancePeriod = "zone_balance.period", time(min(10), min(1), h(12)),
        "How long automatic zone balance waits before it checks a set again that it cannot balance now, since capacity or quota is \
         missing.",
        "The page says that the set is constantly checked; a period of minutes is far below the 12 h between two moves. See ZN-13.";
    ZoneBalanceSource = "zone_balance.source", choice(Newest "newest", Oldest "oldest"),
        "Which instance of the richest zone automatic zone balance moves.",
        "The page names only the zone; the default of scale-in takes the newest instance of it. See ZN-13.";
    OsUpgradePhaseLength = "os_upgrade.phase_length", time(h(24), s(0), h(720)),
        "How long each phase of the rollout of a platform image over the regions takes.",
        "No schedule is published; the scenario gives the order of regions.";
    LbDrainOnTerminate = "lb.drain_on_terminate", switch(false),
        "Whether the load balancer takes an instance out of rotation when its terminate notice is raised.",
        "No page says that Azure drains it.";
    AutomaticStartSpread = "automatic.start_spread", time(s(0), s(0), h(1)),
        "The time over which the instances of a set in mode Automatic start their updates.",
        "To start all at one instant is the worst case that UM-04 allows.";

    LbSilentFailuresDown = "lb.silent_failures_down", count(2, 1, 10),
        "The number of consecutive probes without an answer after which the load balancer takes a backend out of rotation.",
        "The newest page gives about 10 s at an interval of 5 s; 1 is the strict reading.";
    LbRefusalImmediate = "lb.refusal_immediate", switch(true),
        "Whether an explicit refusal takes a backend out of rotation at once, whatever `probeThreshold` says.",
        "The documentation says it twice and nowhere retracts it.";
    LbFlapChanges = "lb.flap_changes", count(3, 0, 4),
        "The number of changes of state within the window after which a backend counts as flapping.",
        "No number is published; this one is small and has a visible effect.";
    LbFlapWindow = "lb.flap_window", time(s(60), s(1), h(1)),
        "The window in which changes of state are counted.",
        "No number is published; this one is small and has a visible effect.";
    LbFlapHoldIntervals = "lb.flap_hold_intervals", count(2, 0, 100),
        "The number of extra probe intervals for which a flapping backend is kept out of rotation.",
        "No number is published; this one is small and has a visible effect, and 0 turns it off.";
    LbProbePhase = "lb.probe_phase", choice(as Phase: Seeded, Aligned),
        "The phase of the probes of a backend: drawn from the seed, uniform over the interval, or the same for all backends.",
        "A drawn phase is deterministic, and avoids artefacts of synchronous probes.";
    LbPropagation = "lb.propagation", time(s(5), s(0), min(30)),
        "How long a change of the load balancer (probe path, administrative state, pool) takes until it has an effect.",
        "Writes return in seconds, and tests of swaps show no long lag; Azure/AKS #3255 reports 5 to 27 min until a new rule worked.";
    ArmWrite = "arm.write", recorded(two_modes((ms(1000), 0.5), (s(12), 0.5), 0.68), (s(0), s(42))),
        "How long a write to a resource takes until it returns, and the next step of a sequence may begin.",
        "Recorded of load balancers: 57 of 84 answers say Succeeded at once, and 82 updates took at most 42 s. A write to a scale set in \
         mode Rolling lasts as long as its upgrade, which is not modelled.";
    LbJoinDelay = "lb.join_delay", time(s(0), s(0), min(10)),
        "How long it takes until a new instance is in the pool, once its network interface exists.",
        "The pool is made of network interfaces; nothing longer is documented.";
    LbLeaveDelay = "lb.leave_delay", time(s(0), s(0), min(10)),
        "How long an instance that stops or is deleted still gets traffic: a deleted instance stays in its pools for this time, and a \
         stopped one is still probed.",
        "The pool is made of network interfaces; nothing longer is documented.";
    LbRehashOnProbeDown = "lb.rehash_on_probe_down", switch(false),
        "Whether a backend that is probed down also moves affinity clients of other backends.",
        "The page names only adding and removing.";
    LbSingleBackendDownKeepsTcp = "lb.single_backend_down_keeps_tcp", switch(false),
        "Whether established flows of a pool of one instance continue when it is probed down.",
        "The promise is limited to pools of more than one instance.";
    AutoscalePeriod = "autoscale.period", time(s(60), s(30), s(60)),
        "How often the autoscale engine runs.",
        "The upper end of the published 30 to 60 s.";
    AutoscalePhase = "autoscale.phase", choice(as Phase: Seeded, Aligned),
        "The phase of the first run of the engine within its period.",
        "The phase of the engine is not known.";
    AutoscaleCooldown = "autoscale.cooldown", choice(OfTheLast "of_the_last", OfTheNext "of_the_next"),
        "Which cooldown delays an action after another: that of the rule that fired last, or that of the rule that fires now.",
        "The page of 08/2026 has a worked example of the first; REST and the SDK define `cooldown` as the time \"to wait since the last \
         scaling action before this action occurs\", as the first draft of that page did (azure-monitor-docs PR 303). See AS-21.";
    AutoscaleMetricDelay = "autoscale.metric_delay", time(s(60), s(0), min(30)),
        "The delay of a metric; the window ends this time before now, at the boundary of a grain.",
        "One minute of grain plus ingestion; the documentation only says that the window must be longer.";
    AutoscaleClampIgnoresCooldown = "autoscale.clamp_ignores_cooldown", switch(true),
        "Whether a capacity outside the limits is corrected during a cooldown.",
        "The page says \"on its next run\".";
    AutoscalePercentRound = "autoscale.percent_round", choice(TowardsCapacity "towards_capacity", Nearest "nearest", Floor "floor"),
        "How a change in percent is rounded to a whole number of at least 1: up on scale-out and down on scale-in, or the same in both \
         directions.",
        "This favours availability, as in AS-11 and AS-12.";
    AutoscaleCooldownFrom = "autoscale.cooldown_from", choice(Decision "decision", Completion "completion"),
        "When the cooldown of an action starts.",
        "The engine \"records the time of that action\".";
    AutoscaleFailedActionCooldown = "autoscale.failed_action_cooldown", switch(true),
        "Whether a failed or partial action has a cooldown.",
        "It avoids hammering.";
    AutoscaleProjectionCounts = "autoscale.projection_counts", choice(Capacity "capacity", Running "running"),
        "Which instances the projection against flapping counts when part of the set is not healthy.",
        "The page says \"observed capacity\".";
    AutoscaleAverageCountsBooting = "autoscale.average_counts_booting", switch(true),
        "Whether a running instance that still boots or warms up is in the average of a metric.",
        "Its CPU is real from the moment it runs.";
    AutoscaleAverageCountsDeallocated = "autoscale.average_counts_deallocated", switch(false),
        "Whether a deallocated instance is in the average of a metric.",
        "A host metric exists only while an instance runs.";
    PredictiveModel = "predictive.model", choice(MinuteOfWeekMean "minute_of_week_mean", LastWeek "last_week"),
        "How the forecast is computed: the mean of the same minute of the week over the last 7 to 15 days, or the week before.",
        "This is simple and deterministic, and it follows PA-02.";
    PredictiveRefresh = "predictive.refresh", time(h(1), min(1), h(24)),
        "How often the forecast is computed again.",
        "Not published.";
    PredictiveLookAheadUnset = "predictive.look_ahead_unset", time(s(0), s(0), h(1)),
        "The look-ahead if `scaleLookAheadTime` is not set.",
        "The page says \"at the predicted moment\".";
    SpotNoticeProbability = "spot.notice_probability", share(1.0),
        "The probability that an evicted instance gets its `Preempt` event.",
        "It is best effort, and no share is published.";
    SpotNoticeSeconds = "spot.notice_seconds", time(s(30), s(0), s(30)),
        "How long before the eviction the event comes.",
        "The page says \"up to 30 s\".";
    SpotGroupCorrelation = "spot.group_correlation", share(0.92),
        "The probability that an eviction wave of a zone and size evicts a given member of the group.",
        "Of the interruptions of one type and zone that come together, over 92 % fall within three minutes (336,033 requests on AWS and \
         Azure, arXiv 2604.16457); this is used as the share of the group that a wave evicts.";
    SpotWaveWindow = "spot.wave_window", time(min(3), s(0), h(1)),
        "The window of one eviction wave: each member is evicted at an instant of this window, all equally likely.",
        "The three minutes of the same study; it does not give the distribution within them.";
    SpotRestorePeriod = "spot.restore_period", time(min(5), s(1), h(24)),
        "How often try-restore tries.",
        "Only the timeout is published.";
    SpotRestoreSuccess = "spot.restore_success", share(0.5),
        "The probability that one try restores an instance.",
        "Only the timeout is published.";
    SpotEvictionOrder = "spot.eviction_order", choice(Seeded "seeded", Newest "newest", Oldest "oldest"),
        "Which instances of a group are evicted first.",
        "No order is documented, so the order is random, by the seed.";
    GalleryReplicationBase = "gallery.replication_base", time(min(5), s(0), h(6)),
        "The least time of the replication of a version to a region.",
        "\"Size and number of regions\"; tens of minutes for 30 to 127 GB.";
    GalleryReplicationShallow = "gallery.replication_shallow", time(s(45), s(0), h(6)),
        "The same for a version whose `replicationMode` is Shallow, which copies nothing.",
        "Recorded: 45.2 s (n=1, 2024).";
    GalleryReplicationPerGb = "gallery.replication_per_gb", time(s(6), s(0), min(10)),
        "Time that each GB of the image adds.",
        "\"Size and number of regions\"; tens of minutes for 30 to 127 GB.";
    GalleryReplicationRegionFactor = "gallery.replication_region_factor", number(0.1, 0.0, 10.0),
        "The factor by which each region beyond the first lengthens the time of all regions.",
        "\"Size and number of regions\"; no formula is published.";
    GalleryReplicationSigma = "gallery.replication_sigma", number(0.3, 0.0, 2.0),
        "The σ of the lognormal factor on the time of a replication that is not slow.",
        "Recorded replications of some 30 GB to one region: 135 to 781 s, median 500, σ 0.32 (n=35, 2020 to 2025); the 15 since 2022 took \
         407 to 472 s, σ 0.04, with little spread, and those before 511 to 781 s; a pair of regions took 481 and 495 s.";
    GalleryReplicationSlowShare = "gallery.replication_slow_share", share(0.01),
        "The share of replications that take much longer, up to `gallery.replication_cap`.",
        "None of 48 recorded replications did; users report one hour (packer #7865) and two hours in one region (#8802), and the \
         documentation says \"a few hours in some cases\".";
    GalleryReplicationSlowFrom = "gallery.replication_slow_from", time(h(1), s(0), h(48)),
        "The least time of such a replication; from there to the cap, each doubling is equally likely.",
        "From \"just over an hour\" (packer #7865) to the 6 h that Azure asks operators to wait.";
    GalleryReplicationCap = "gallery.replication_cap", time(h(6), min(1), h(48)),
        "The longest time of a replication.",
        "Azure asks operators to wait up to 6 h.";
    GalleryVmsPerReplica = "gallery.vms_per_replica", count(20, 1, 1000),
        "The number of instances that one replica can serve at a time.",
        "The stricter of two recommendations (GA-04).";
    GalleryThrottle = "gallery.throttle", switch(true),
        "Whether creates beyond that wait in a queue.",
        "The page says that throughput is linear in the replicas.";
    GalleryFailProbability = "gallery.fail_probability", share(0.0),
        "The probability that a replication fails.",
        "No rate is published, so failures happen only if a scenario asks for them.";
    GalleryLrsZone = "gallery.lrs_zone", choice(Seeded "seeded", None "none"),
        "The zone of a replica on LRS storage: if this zone is lost, creates fail.",
        "ZRS is documented as the remedy.";
    AibQueue = "aib.queue", dist(Dist::Constant(min(1)), s(0), h(6)),
        "How long an image build waits.",
        "Not published. Recordings have the queue and the build machine together, in `aib.build_vm`.";
    AibBuildVm = "aib.build_vm", dist(lognormal(s(640), 0.35), s(0), h(3)),
        "How long a build takes without its customizers, validators and replication: the build VM and the capture.",
        "Recorded: builds of one short script to a managed image, which is not replicated, took 410, 594, 813 and 993 s (2020 to 2024), \
         with the queue; builds to a gallery take longer by the replication (849 to 1,319 s).";
    AibOptimizeLinux = "aib.optimize_linux", dist(lognormal(min(20), 0.029_66), s(0), h(6)),
        "How long the optimize stage takes for Linux.",
        "Published for 30 GB: P50 20 min, P95 21 min (DI-07); the lognormal has both percentiles.";
    AibOptimizeWindows = "aib.optimize_windows", dist(lognormal(min(34), 0.017_62), s(0), h(6)),
        "How long the optimize stage takes for Windows.",
        "Published for 127 GB: P50 34 min, P95 35 min (DI-07); the lognormal has both percentiles.";
    AibValidate = "aib.validate", dist(Dist::Constant(min(5)), s(0), h(6)),
        "How long a validator takes if the scenario does not give its length.",
        "Not published; a machine is created from the image for it, so it takes some minutes.";
    GalleryUsableDelay = "gallery.usable_delay", dist(Dist::Constant(s(0)), s(0), h(6)),
        "How long a replica cannot be used after it is reported complete.",
        "One user reports about 10 min of \"not available in region\" after the copy was complete, another reports a second try that \
         worked at once (terraform-azurerm-caf PR 852); the frequency is not known, so none is assumed.";
    GalleryTrustedLaunchValidation = "gallery.trusted_launch_validation", dist(Dist::Constant(h(1)), h(1), h(168)),
        "How long a version is validated for Trusted Launch before it is copied.",
        "The page says \"at least one hour\" (DI-15), so the least time is used. See GA-23.";
    GalleryVersionsLatest = "gallery.versions_latest", choice(Tracks "tracks", CreateTime "create_time"),
        "The meaning of `…/versions/latest` in the model of a set: the latest version at each create, or the latest version when the set \
         was created.",
        "Azure's refusal of pinned versions asks for \"version set to 'latest'\" (terraform-provider-azurerm #11398); the golden-image \
         article says that it is resolved at creation. See GA-25.";
    VmSpecializedBoot = "vm.specialized_boot", share(0.7),
        "How long a specialized image boots, as a share of the assumed boot of a generalized one.",
        "The page says \"faster\", since the first boot was done before; no number is published. See GA-24.";
    AibRightsChecked = "aib.rights_checked", choice(Submission "submission", Run "run"),
        "When a missing right of a template is detected: when the template is submitted, or when a run needs the right.",
        "Recorded in 2020: provisioningState Failed with `BadSharedImageDistribute` and `BadSharedImageVersionSource`, and no run. The \
         troubleshooting page lists such errors under submission together with those of the build. See IB-18.";
    AibTimeoutState = "aib.timeout_state", choice(Failed "Failed", Canceled "Canceled"),
        "The `runState` of a run that reaches its build timeout.",
        "It ends with the error \"context deadline exceeded\", like other failures; the golden-image article says Canceled. See IB-02.";
    AibCancel = "aib.cancel", dist(Dist::Constant(ms(2200)), s(0), h(1)),
        "How long a run is Canceling before it is Canceled.",
        "The only recording of a cancel took 2.2 s. See IB-17.";
    AibRegionCopy = "aib.region_copy", dist(lognormal(s(450), 0.3), s(0), h(6)),
        "How long it takes to copy the built image to the region of its definition, if that is another region.",
        "The page only says that it takes time; the default is the time of a replication of 30 GB, of which 48 were recorded \
         (`gallery.replication_base`). See IB-19.";
    AibTriggerDisableAfter = "aib.trigger_disable_after", count(3, 1, 100),
        "The number of consecutive failed builds that disable a trigger.",
        "The page says \"several consecutive\", without a number.";
    ExtensionOrder = "extension.order", choice(Seeded "seeded", Listed "listed"),
        "The order of extensions without a sequence: a random order for each instance, or the order of the model.",
        "\"Any order\".";
    VmBootLinux = "vm.boot_linux", recorded(slow_tail(s(14), 0.5, (0.01, min(5), min(22))), (s(8), s(40))),
        "How long Linux takes to boot, until its agent reports that it is provisioned.",
        "Recorded: reimages, which boot again, take 60 to 87 s (n=12, 2020 to 2024), and Flexible sets of two a median of 41 s, at least \
         20 s (2023 to 2025, n=30); the boot is the rest after the disk and the call. Single machines took 30 s in total (2021), σ 0.43 to \
         0.46. Of 417 recordings, 1 % took over 5 min and two about 20 min.";
    VmBootWindows = "vm.boot_windows", recorded(slow_tail(s(47), 0.3, (0.04, s(140), min(15))), (s(25), s(150))),
        "How long Windows takes to boot, until its agent reports that it is provisioned.",
        "Recorded: creates of one instance without extensions take a median of 79 s, 46 to 107 s, without the 14 s of the network (2022 to \
         2025, n=10); reimages take 89 to 128 s, and one took 272 s (2021, n=10). Single machines took 139 to 375 s in 13 of 31 recordings \
         (2017 to 2021): a full first boot, says Microsoft's support (azure-vm-agents #705). Users report 6 to 15 min with custom images \
         (az-hop #1697).";
    VmssProvisionSpread = "vmss.provision_spread", recorded(Dist::Uniform { min: s(0), max: s(10) }, (s(2), s(90))),
        "The extra time of each instance of a scale-out, after `vmss.provision`.",
        "Recorded sets of two to five instances allow no more; a vendor reports that instances of large sets finish within 60 to 90 s of \
         each other, with their boots (DI-05).";
    AppgwUpdateBlip = "appgw.update_blip", time(s(1), s(0), min(10)),
        "How long a gateway does not answer while one of its rules changes.",
        "Measured by the author of the sample (VS-11).";
    AppgwUpdateV1 = "appgw.update_v1", recorded(slow_tail(s(404), 0.49, (0.1, s(1040), s(2178))), (s(185), s(1539))),
        "How long a gateway of v1 takes for a change of its configuration: until it knows an instance that was created, or that one was \
         deleted.",
        "Recorded: writes to a gateway of v1 took 433 s in the median, and 185 to 1,539 s between the 5th and the 95th percentile (n=91). \
         No page says how long a change of the pool by a scale set takes. Not played: no write creates a gateway, which took 1,016 s.";
    AppgwUpdateV2 = "appgw.update_v2", recorded(slow_tail(ms(7950), 0.444, (0.18, s(60), s(578))), (s(4), s(311))),
        "The same of v2, where one in six takes more than a minute.",
        "Recorded: writes to a gateway of v2 took 9 s in the median, and 4 to 311 s between the 5th and the 95th percentile (n=103).";
    LbIpSwapDown = "lb.ip_swap_down", time(s(60), s(0), min(30)),
        "How long an address does not answer while it moves between two load balancers, from when it is taken from the first.",
        "Measured in a blog post (VS-10): more than the writes take by themselves, which is 10 to 30 s.";
    ClientKeepalive = "client.keepalive", time(s(60), s(0), h(24)),
        "The mean life of a keep-alive connection; lives are exponential.",
        "Below the idle timeout of the load balancer. Only the two ends limit it: nginx closes after at most one hour (`keepalive_time`), \
         most clients never close.";
    ClientKeepaliveCap = "client.keepalive_cap", time(min(10), s(0), h(24)),
        "The time after which the last keep-alive connection to a backend out of rotation has closed.",
        "The probe page has no limit: established flows continue until they are closed or idle. Of 10,000 connections with a mean life of \
         60 s the last is expected to close after ln 10,000 = 9.2 such lives.";
    ClientTcpGivesUp = "client.tcp_gives_up", time(ms(924_600), s(10), h(2)),
        "How long a client waits on a connection without an answer, until its system or its own timeout closes it.",
        "LB-28: about 15 min on Linux (`tcp_retries2` of 15 is 924.6 s), 25 to 50 s on Windows. A client with a request timeout stops at \
         that timeout.";
    LbTcpResetEndsHung = "lb.tcp_reset_ends_hung", switch(true),
        "Whether `enableTcpReset` closes flows to a backend that no longer exists at the idle timeout, even if the client sends again.",
        "The page promises a reset to all matching flows at the idle timeout; it does not say whether retransmissions of a client count as \
         traffic.";
    SpotEvictionIsOrderly = "spot.eviction_is_orderly", switch(false),
        "Whether the operating system of an evicted instance shuts down in order and so closes its connections.",
        "The pages mention a notice of at most 30 s and no shutdown.";
    AppEventsPoll = "app.events_poll", time(s(1), s(1), h(1)),
        "How often the application queries scheduled events.",
        "The recommendation is once per second.";
    AppEventsFirstPoll = "app.events_first_poll", time(s(120), s(0), h(1)),
        "The time after its boot at which an application first gets an answer about scheduled events.",
        "The first call may take 2 min (SE-05).";
    VmFreezeSilencesProbes = "vm.freeze_silences_probes", switch(true),
        "Whether a frozen instance answers no probes during the freeze.",
        "The maintenance page says that the probe fails too.";
    OctopusScanPhase = "octopus.scan_phase", choice(as Phase: Seeded, Aligned),
        "The phase of the first scan for triggers within its 30 s.",
        "It is a periodic task whose phase is not known.";
    OctopusHealthCheckPhase = "octopus.health_check_phase", choice(as Phase: Seeded, Aligned),
        "The phase of the first health check within its interval.",
        "It is a periodic task whose phase is not known.";
    OctopusHealthCheck = "octopus.health_check", time(s(20), s(0), min(30)),
        "How long the first health check of a new target takes, and one within a deployment.",
        "It connects and runs a script; there is no source. Those of a policy are judged when they begin.";
    OctopusCalamari = "octopus.calamari", time(s(30), s(0), min(30)),
        "How long the installation of Calamari on a target takes.",
        "A package of some tens of megabytes is copied and unpacked; there is no source.";
    OctopusRegister = "octopus.register", time(s(60), s(0), h(1)),
        "How long after the boot a script, or after provisioning an extension, has registered an instance as a target.",
        "A script installs the Tentacle; there is no source.";
    OctopusLostContact = "octopus.lost_contact", time(s(60), s(0), h(1)),
        "How long Octopus takes to give up on a target that does not answer, before a step or in the middle of it.",
        "It tries again for a while; for how long depends on the kind of Tentacle, and on how the connection ends.";
    OctopusTriggerDuringDeployment = "octopus.trigger_during_deployment", choice(AfterEnd "after_end", Queued "queued"),
        "What becomes of targets that come while a deployment of the project to their place runs: they wait until it has \
         ended and are then deployed to together, or another deployment is queued behind it at once.",
        "Release notes say that such machines get the deployment \"when it finishes\" (OctopusDeploy/Issues 3013, 4973, \
         5911), and the step template expects a run to be queued after the end of the last; OC-04 reads as if it were \
         queued at once.";
    OctopusFailedRerun = "octopus.failed_rerun", choice(Withdraws "withdraws", Keeps "keeps"),
        "What becomes of a deployment that was a success, is run again by a trigger, and fails or is cancelled: triggers \
         go back to the one before it, or it stays the current one.",
        "The page says that a release is not deployed automatically if its deployment failed or was cancelled, and also \
         that the last success goes on to be deployed.";
    OctopusSetState = "octopus.set_state", choice(Updating "updating", Provisioning "provisioning"),
        "What Azure calls a scale set that is at work; the first wait of the step template is for the second.",
        "Azure answers Updating or Creating (OC-11).";
    OctopusGuidedAnswer = "octopus.guided_answer", choice(Exclude "exclude", Fail "fail", Retry "retry", Ignore "ignore"),
        "What a person chooses in a guided failure, if the scenario does not say so.",
        "With it the deployment continues.";
    OctopusGuidedDelay = "octopus.guided_delay", time(min(15), s(1), h(72)),
        "How long a person takes to choose, if the scenario does not say so.",
        "A person must notice it first.";
    ZoneOutageShare = "zone.outage_share", share(0.5),
        "The share of the zone's machines that a published zone outage affects, if the scenario does not give it.",
        "In both incidents (DI-18, DI-19) one datacenter of one zone was affected, and neither review gives a share.";
    ZoneOutageAutoscaleSuccess = "zone.outage_autoscale_success", share(0.65),
        "The probability that an action of autoscale succeeds during the published outage DI-19.",
        "About 65 % in that incident, by an insurer's analysis.";
    LbAllProbedUpKeepsTcp = "lb.all_probed_up_keeps_tcp", switch(true),
        "Whether established flows continue with `AllProbedUp` when every instance is probed down.",
        "The page describes only new packets.";
    AppgwDrainOnUnhealthy = "appgw.drain_on_unhealthy", switch(false),
        "Whether a gateway drains a backend that is probed unhealthy.",
        "The newest page names only explicit removal (AG-07).";
    AppgwSession = "appgw.session", time(min(30), s(1), h(24 * 7)),
        "The mean time for which a user keeps the affinity cookie of a gateway; these times are exponential.",
        "The cookie lives as long as the session of a browser. No page says how long that is.";
    RoutingProberCount = "routing.prober_count", count(1, 1, 1000),
        "How many machines of a place of Traffic Manager or an edge site of Front Door probe; more increase the load and change no verdict.",
        "Not used: probes are no load in the model. Places and sites that judge for themselves are `tm.places` and `frontdoor.edges`.", not_modelled;
    LbTwoProbesOnePort = "lb.two_probes_one_port", choice(Refuse "refuse", Allow "allow"),
        "What happens to a scenario with two probes on one port of an instance.",
        "It is not supported (LB-15). If it is allowed, the pool uses the probe of its first rule.";

    VmDelete = "vm.delete", recorded(lognormal(s(38), 0.28), (s(23), s(147))),
        "Time from the delete request of an instance until it is deleted; it stops serving at once.",
        "Recorded for running machines: Windows sets, scale-in of one, deletes by id of one and two, and the whole set of one: 23.1 to \
         55.6 s (n=16, 2022 to 2024); before that to 147 s (n=12); single machines 15.6 to 39.7 s (n=8, 2023 to 2025). A tail of an hour \
         and more is reported (kubernetes/autoscaler #4051).";
    VmDeleteDeallocated = "vm.delete_deallocated", recorded(slow_tail(ms(2200), 0.11, (0.05, s(8), s(30))), (ms(800), s(24))),
        "The same for a deallocated instance, which has no machine to remove.",
        "Recorded: 1.8 to 2.6 s (n=12, 2022 to 2024), and 23.3 s once; 0.8 to 2.2 s in 2020 and 2021.";
    AppAnswerLatency = "app.answer_latency", time(ms(5), ms(0), s(30)),
        "The latency of an immediate answer to a probe or a request.",
        "The time of a request within one region to an idle application.";
    AppProcessStart = "app.process_start", time(s(0), s(0), h(1)),
        "Time from the end of the boot until the process listens, if the scenario does not give it.",
        "A step that the scenario does not mention should add no time.";
    PipelineQueueParallel = "pipeline.queue_parallel", count(10, 1, 10_000),
        "The number of instances on which a pipeline, or a step of an Octopus deployment, works at the same time.",
        "The default of Octopus (OC-05).";
    ExtensionDuration = "extension.duration", recorded(lognormal(s(44), 0.95), (s(10), s(300))),
        "How long an extension takes if the scenario does not give its length.",
        "Recorded installs on machines: 10.2 to 197.6 s, median 38, σ of the logarithm 0.91 (n=53, 2020 to 2024; 1.07 for the 21 since \
         2023); before that median 69 s, up to 304 s (n=47). Sets of two Linux instances with one extension, 104 to 224 s in total (n=6, \
         2019 and 2020), need a little more.";
    ExtensionWindowsWait = "extension.windows_wait",
        recorded(two_modes((s(275), 0.18), (s(5), 0.8), 0.04), (s(5), s(400))),
        "How long the Windows agent on a new disk takes, after the boot, until it runs the first extension.",
        "Recorded: creates of Windows with extensions take 317 to 600 s (24 of 25, 2020 to 2023), those without take 46 to 200 s; reimages \
         take 391 to 584 s instead of 90 to 130 s. One of the 25 was short; before 2020 a larger part was (70 to 130 s).";
    AppCrashAnswer = "app.crash_answer", choice(Refuse "refuse", Silent "silent"),
        "The answer to a probe or a request on an instance that runs without its process.",
        "The operating system refuses a connection to a port where nothing listens.";
    VmProbeBeforeRunning = "vm.probe_before_running", choice(Silent "silent", Refuse "refuse"),
        "The answer to a probe on an instance that does not run yet.",
        "Nothing is there to refuse a connection.";
    CapacityFaultDomainsRegional = "capacity.fault_domains_regional", count(3, 1, 5),
        "The number of fault domains of a region.",
        "The largest number that the rule allows; in some regions it is 2. See FD-06.";

    RepairGraceTrigger = "repair.grace_trigger", choice(Operation "operation", HealthChange "health_change"),
        "What starts the grace period of repairs: only an operation on the instance, so there is no grace period in steady state, or also \
         a change of its health.",
        "Microsoft's pages give no delay for an instance that becomes unhealthy in steady state. See AR-09.";
    LbIntervalDefault = "lb.interval_default", choice(Api "api", Portal "portal"),
        "The probe interval if a scenario does not give it: 15 s (`api`) or 5 s (`portal`).",
        "Templates are deployed through the API. See LB-02.";
    OsUpgradeFlexible = "os_upgrade.flexible", switch(false),
        "Whether automatic OS image upgrade works in Flexible.",
        "The orchestration page says no; the surge page implies yes. See OS-07.";
    OsUpgradePolicy = "os_upgrade.policy", choice(RollingPolicy "rolling_policy", Flag "flag"),
        "Which policy an automatic OS upgrade uses: always the set's policy; or the set's policy with `useRollingUpgradePolicy` and \
         otherwise the default policy, which is 20/20/20, PT0S and no surge.",
        "ROLL (05/2026) and SURGE say the set's, whatever the mode; REST names the flag, default false, and Azure stores false if it is \
         not written. See OS-21.";
    HostDegradedNotice = "host.degraded_notice", time(h(168), min(10), h(336)),
        "How long in advance machines on hardware that is predicted to fail get the notice of their move.",
        "Azure aims at 7 days (SE-11).";
    RollingWholeSetGate = "rolling.whole_set_gate", choice(BeforeBatch "before_batch", BatchEndToo "batch_end_too"),
        "When the unhealthy share of the whole set is checked: before each batch, which is at the end of a pause, or also at the end of a \
         batch.",
        "REST says \"prior to starting any batch\"; AOS says that an upgrade stops \"at the end of current batch\". See RU-31.";
    FreezeNotice = "freeze.notice", dist(Dist::Constant(min(15)), s(0), h(24)),
        "How long before a freeze its event is raised.",
        "15 min on the events page. The maintenance page allows 30 s \"in rare cases\" and gives no share, so none is assumed; a scenario \
         can have them with a `slowTail` of 15 min with a share from 30 s to 30 s. See SE-01.";
    HealthStart = "health.start", time(s(5), s(0), h(1)),
        "How long the health extension takes until its first probe, once its turn among the extensions has come.",
        "The agent downloads and starts it like any other extension; nothing is published. See EX-04.";
}
