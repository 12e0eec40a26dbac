//! The rows of the assumptions.
//!
//! The codes are those of the open questions: `P` for compute, `Q` for what stands around it, `W` for what Windtunnel
//! itself must know. A code of another kind is that of the rule which leaves the choice open.

use super::assumption_machine::with_machine;
use super::assumption_recorded::with_recorded;
use super::assumption_spec::{
    Spec, assumptions, count, dist, h, is_modelled, lognormal, min, ms, number, recorded, s, share, slow_tail, spec,
    switch, time, two_modes,
};
use super::assumptions::Assumption;
use crate::engine::random::Dist;

with_machine! {
    VmOsProvisioningTimeout = "P-03", "vm.os_provisioning_timeout", time(min(40), min(1), h(2)),
        "How long an operating system may take to report itself provisioned before `OSProvisioningTimedOut`.",
        "\"CRP waits for a full 40 minutes\" (Azure/WALinuxAgent #664); 40 min, and 90 where there are extensions, by a \
         support engineer (MicrosoftDocs/SupportArticles-docs PR 1787); 2,310 s were seen (azure-vm-agents #216).";
    VmResilientCreateTimeout = "P-03", "vm.resilient_create_timeout", time(min(20), min(1), h(2)),
        "The same for a new instance of a set with resilient create, if that is shorter.",
        "Resilient create makes another machine up to 30 min after the first (LC-06), for which a wait of 40 min would \
         leave no room; how long it waits is not published.";
    RollingZoneOrder = "P-04", "rolling.zone_order", choice(as Order: Ascending, Descending),
        "Which zone a rolling upgrade takes first, by zone number.",
        "Deterministic; nothing is published.";
    RollingInstanceOrder = "P-05", "rolling.instance_order", choice(as Order: Ascending, Descending),
        "Order of instances within a zone and update domain: by id in Uniform, by creation time and then name in \
         Flexible.",
        "The order of ids is the only one published anywhere, for scale-in.";
    RollingCrossesUpdateDomains = "P-06", "rolling.batch_crosses_update_domains", switch(false),
        "Whether a Uniform batch with fixed spreading may hold instances of several update domains.",
        "Two pages say \"within update domain boundaries\"; that the domain is the id modulo 5 is not published, and was \
         recorded of 82 instances (2018 to 2024).";
    RollingPercentRound = "P-07", "rolling.percent_round", choice(Floor "floor", Nearest "nearest", Ceiling "ceiling"),
        "How a batch percentage of the set becomes a whole number, which is at least 1.",
        "The documents say \"maximum\" and \"minimum one\".";
    RollingBatchShrink = "P-08", "rolling.batch_shrink", choice(UnhealthyOutside "unhealthy_outside", Never "never"),
        "Whether instances that are unhealthy outside the batch make it smaller: to the number that keeps the gate of \
         RU-31 satisfiable, at least 1.",
        "RU-01 says that a batch shrinks and gives no formula.";
    RollingDeallocatedHealth = "P-09", "rolling.deallocated_health",
        choice(as GateHealth: Skipped, Unhealthy, Healthy, LeftOut),
        "What a deallocated instance is to the gates of an upgrade: skipped (in the total, not unhealthy, not \
         upgraded), unhealthy, healthy, or left out of the total.",
        "A deallocated instance cannot hurt availability any further; it keeps the old model until it is started.";
    RollingEvictedHealth = "P-09", "rolling.evicted_health", choice(as GateHealth: Skipped, Unhealthy, Healthy, LeftOut),
        "What an evicted and deallocated instance is to the gates of an upgrade.",
        "It is a deallocated instance by another cause.";
    RollingStoppedHealth = "P-09", "rolling.stopped_health", choice(as GateHealth: Unhealthy, Skipped, Healthy, LeftOut),
        "What an instance that is stopped but allocated is to the gates of an upgrade.",
        "Power state is a health input (RU-27).";
    RollingUnmonitoredHealth = "P-09", "rolling.unmonitored_health",
        choice(as GateHealth: Unhealthy, Skipped, Healthy, LeftOut),
        "What an attached instance without a health extension is to the gates of an upgrade.",
        "It reports no health, and OR-16 says that it can disturb an upgrade.";
    RollingNotReportingHealth = "P-09", "rolling.not_reporting_health",
        choice(as GateHealth: Unhealthy, Skipped, Healthy, LeftOut),
        "What an instance whose health extension has not reported yet is to the gates of an upgrade.",
        "Nothing is known in its favour, and a gate that opens on silence would be the worse mistake.";
    RollingHealthWaitFrom = "P-10", "rolling.health_wait_from", choice(InstanceUpdated "instance_updated", BatchStarted "batch_started"),
        "When the five minutes of the health wait begin.",
        "The wording is \"to become healthy after an upgrade\": when the instance's own update, with boot and \
         extensions, is over. Recorded: 600 s of watching come on top of 0 to 102 s of installation (n=4, 2020 to 2021).";
    RollingInitializingStopsClock = "P-11", "rolling.initializing_stops_clock", switch(true),
        "Whether the health wait stands still while an instance is Initializing.",
        "The extension's own table is the specific rule, and its grace period may last four hours.";
    RollingUnhealthyAfterWait = "P-12", "rolling.unhealthy_after_wait", choice(KeepNewModel "keep_new_model", Stop "stop"),
        "What becomes of an instance that is unhealthy when the wait of a model upgrade ends: it keeps the new model \
         and counts as failed, or the upgrade stops.",
        "RU-32: below the thresholds failed instances do not stop the roll-out.";
    RollingUpgradedUnhealthyOf = "P-13", "rolling.upgraded_unhealthy_of", choice(Upgraded "upgraded", All "all"),
        "What the share of unhealthy upgraded instances is a share of.",
        "REST and the error texts say upgraded instances; two other pages count against the whole set. Recorded: the first of \
         two is \"100%\" (n=1, 2021).";
    RollingHealthSampling = "P-14", "rolling.health_sampling", choice(Continuous "continuous", BatchEnd "batch_end"),
        "Whether upgraded instances are watched all the time or looked at when a batch ends; gates are at batch ends \
         either way.",
        "REST says \"if ever exceeded\", the OS upgrade page says that it stops at the end of the current batch.";
    RollingTimeoutEnabled = "P-15", "rolling.timeout_enabled", switch(false),
        "Whether a rolling upgrade can end by `RollingUpgradeTimeoutError`.",
        "The error exists and no number does.";
    RollingTimeout = "P-15", "rolling.timeout", time(h(6), min(10), h(168)),
        "How long a rolling upgrade may take where the timeout is enabled.",
        "No number is published.";
    RollingCancel = "P-16", "rolling.cancel", choice(AtOnce "at_once", FinishBatch "finish_batch"),
        "What a cancel does to the running batch: it is given up at once and counts as failed, or it is finished.",
        "Recorded: the operation is over 0.9 to 1.1 s after its start (n=4, 2020 to 2021), and half a second after the start          one failed and one pends (n=1, 2023). No document says either.";
    RollingCapacityChange = "P-17", "rolling.capacity_change", choice(as Answer: Accept, Refuse),
        "Whether the capacity can change while a rolling upgrade runs.",
        "New instances take the new model (OR-18) and so count as upgraded; the total is taken anew for each batch.";
    RollingSurgeQuotaFallback = "P-19", "rolling.surge_quota_fallback", choice(Batch "batch", Rest "rest"),
        "What goes in place when the quota is short for a surge: that batch, or all the rest.",
        "The text says \"before each new batch\".";
    RollingSurgeUnhealthy = "P-20", "rolling.surge_unhealthy", choice(KeepOld "keep_old", DeleteOld "delete_old"),
        "What becomes of the old partner of a surge instance that never becomes healthy; the surge instance counts as \
         failed.",
        "It keeps the promise on capacity of MS-03.";
    RepairDuringUpgrade = "P-21", "repair.during_upgrade", choice(OutsideBatch "outside_batch", Never "never", Always "always"),
        "Which instances may be repaired while an upgrade runs.",
        "Nothing says that repairs are suspended; a repaired instance gets the new model and counts as upgraded \
         (AR-05).";
    RepairScanPeriod = "P-22", "repair.scan_period", time(s(60), s(1), h(1)),
        "How often repairs look at the health of the set.",
        "Fine against the grace period of 10 min.";
    RepairSuspendAfter = "P-23", "repair.suspend_after", count(3, 1, 100),
        "Successive replacements of one slot that are still bad after their grace, until repairs suspend themselves.",
        "The text says \"repeatedly\"; a small whole number.";
    RepairDeallocated = "P-24", "repair.deallocated", switch(false),
        "Whether deallocated and evicted instances are repaired.",
        "They give no health signal.";
    RepairStopped = "P-24", "repair.stopped", switch(true),
        "Whether an instance that is stopped but allocated is repaired when its last state was Unhealthy or Unknown.",
        "The last state stands, as nothing reports another.";
    RepairOrder = "P-25", "repair.order", choice(LongestUnhealthy "longest_unhealthy", LowestId "lowest_id"),
        "Which unhealthy instance is repaired first.",
        "Fair and deterministic.";
    RepairReplacementZone = "P-26", "repair.replacement_zone", choice(Same "same", Balanced "balanced"),
        "The zone of a replacement; fault domains are balanced after that.",
        "It keeps the balance of zones (ZN-03).";
    VmssOverprovisionShare = "P-27", "vmss.overprovision_share", share(0.2),
        "Surplus instances of an overprovisioned create, as a share of those requested, rounded up and at least 1.",
        "The advice to plan 20 % spare addresses is the only number.";
    VmssOverprovisionSmall = "P-27", "vmss.overprovision_small", choice(Recorded "recorded", Share "share"),
        "How many more are created than one to five that were asked for: 1, 2, 4, 3 and 3, as was seen, and never fewer than 3 \
         above that; or the share alone.",
        "Recorded were 2 for 1 (7 of 7 lists), 4 for 2 (54 lists), 7 for 3 (5 of 5 sets) and 8 for 5 (10 lists), 2015 to 2025; \
         the share comes from advice on addresses (OP-04). Four is not recorded.";
    VmssOverprovisionVictims = "P-27", "vmss.overprovision_victims", choice(Slowest "slowest", HighestId "highest_id"),
        "Which surplus instances are deleted: those still provisioning and then the highest id, or the highest id at \
         once.",
        "The surplus goes once the requested number has succeeded (OP-01), so the slowest are left.";
    ScaleInDefaultTie = "P-28", "scale_in.default_tie", choice(FullestCell "fullest_cell", HighestId "highest_id"),
        "How the Default policy breaks a tie between zones: by the fullest cells of zone and fault domain and then \
         the highest id in them, or by the highest id alone.",
        "The order of SI-01; the scale-in page has no worked table for Default.";
    ScaleInTooFewVictims = "P-29", "scale_in.too_few_victims", choice(Partial "partial", Refuse "refuse"),
        "What a scale-in does when protection leaves too few instances to remove.",
        "Nothing is published; to remove what can be removed is the smaller surprise.";
    HealthAgentPeriod = "P-32", "health.agent_period", time(s(6), s(0), min(10)),
        "How long a change of health waits for the agent of the instance to report it.",
        "The default status period of the Linux agent.";
    HealthPlatformDelay = "P-32", "health.platform_delay", time(s(10), s(0), min(10)),
        "How long a reported health state takes to reach the controllers of the set.",
        "A guess; nothing is published.";
    OsUpgradeDetection = "P-33", "os_upgrade.detection", time(min(60), s(0), h(24)),
        "How long the set takes to notice a gallery version that is replicated to its region.",
        "OS-12 gives a cap for the first time only.";
    OsUpgradeFirstDetection = "P-33", "os_upgrade.first_detection",
        dist(Dist::Uniform { min: s(0), max: min(180) }, s(0), h(24)),
        "How long the first roll-out takes to begin after automatic OS upgrade is enabled.",
        "AOS: \"up to 3 hours\" (OS-12); nothing says where in it, so that every instant is as likely.";
    OsUpgradeRetryAfter = "P-34", "os_upgrade.retry_after", time(h(24), s(0), h(720)),
        "When an aborted OS upgrade tries the same version again; a new version is tried at once.",
        "Only \"after some time\", and for extensions.";
    OsUpgradeWindowEnd = "P-35", "os_upgrade.window_end", choice(FinishBatch "finish_batch", FinishUpgrade "finish_upgrade"),
        "What an OS upgrade does when its maintenance window ends; what is left waits for the next window.",
        "The safest reading.";
    RollingModelChange = "P-36", "rolling.model_change", choice(as Answer: Refuse, Accept),
        "What happens to a change of the model while a rolling upgrade runs.",
        "Field evidence for `OperationNotAllowed` (RS-08).";
    ZoneOutageHealthDelay = "P-37", "zone.outage_health_delay", time(s(120), s(0), h(1)),
        "How long instances of a lost zone are silent before they count as unhealthy.",
        "The gates need an answer, and none is published.";
    ZoneOfRegional = "ZN-02", "zone.of_regional", choice(Set "set", Instance "instance"),
        "Where the instances of a regional set are: all in one zone that nobody is told, or each in one of its own.",
        "A zone outage may hit any or all of them; a placement group is one cluster, which is in one zone.";
    ZoneOutageReboots = "P-37", "zone.outage_reboots", switch(true),
        "Whether the instances of a zone that comes back have rebooted.",
        "Recovery in the manner of MT-06.";
    VmssPartialAllocation = "P-38", "vmss.partial_allocation", choice(Keep "keep", RollBack "roll_back"),
        "What becomes of the instances that a scale-out got when others failed to allocate.",
        "It matches automatic zone placement and resilient create: successes stay, the others are Failed.";
    AutoscaleRetriesShortfall = "P-38", "autoscale.retries_shortfall", switch(false),
        "Whether autoscale writes the capacity again while fewer instances stand than the minimum of its profile, though \
         `sku.capacity` is there.",
        "It reads the capacity of the set, which a failed allocation leaves as it was written; the reference says `current \
         instance count`, which may be either, and no page tells of another try.";
    StandbyAttach = "SB-03", "standby.attach", time(s(10), s(0), h(1)),
        "Time from the request of an instance until a machine of the standby pool that runs is in the set.",
        "The page on standby pools says that running machines are immediately ready once moved; a move is a few writes.";
    StandbyStop = "SB-03", "standby.stop", time(s(42), s(0), h(1)),
        "Time a machine of a standby pool takes from being set up to being deallocated or hibernated.",
        "Sets were recorded to be deallocated in a median of 42 s on Linux and 45 s on Windows (20 recordings).";
    StandbyResume = "SB-03", "standby.resume", time(s(60), s(0), h(1)),
        "Time from the request of an instance until a hibernated machine of the standby pool goes on where it was, in the set.",
        "The page says that hibernated machines are quickly started; nothing is published, and an allocation is in it.";
    StandbyOnModelChange = "IX-05", "standby.on_model_change", choice(Keep "keep", Replace "replace"),
        "What becomes of the machines of a standby pool when the model of the set changes: they stay as they are and join the \
         set with the older model, or are made anew.",
        "A pool inherits the model of its set; no page says that a machine is touched after it was made, nor by an upgrade.";
    VmssFailedUntil = "LC-02", "vmss.failed_until", choice(NextOperation "next_operation", AllInstances "all_instances"),
        "How long a scale set whose last operation failed is Failed itself: until the next operation on it goes well, or \
         until none of its instances is Failed either.",
        "A resource has the state that its last operation came to; the page on automatic OS upgrades has a failed set \
         mended by deploying the updated set once more.";
    VmssPlatformFailsSet = "LC-02", "vmss.platform_fails_set", switch(true),
        "An upgrade or a repair that Azure began itself and that fails leaves the scale set Failed, as one that a user \
         began does.",
        "The reports of a terminal state Failed (opencb/opencga 987, Azure/azure-powershell 11896) are of upgrades that a \
         write began; the engine that runs the others is the same.";
    VmssQuotaFailsSet = "AL-05", "vmss.quota_fails_set", switch(false),
        "A scale-out that a quota refuses leaves the scale set Failed.",
        "The request itself is refused with OperationNotAllowed (kubernetes/autoscaler 2607, AL-05), so that nothing of \
         the set was changed.";
    ZoneBalancePeriod = "ZN-13", "zone_balance.period", time(min(10), min(1), h(12)),
        "After how long automatic zone balance looks again at a set that it cannot move now, for want of capacity or quota.",
        "The page says that the set is constantly checked; a period of minutes is far below the 12 h between two moves.";
    ZoneBalanceSource = "ZN-13", "zone_balance.source", choice(Newest "newest", Oldest "oldest"),
        "Which instance of the richest zone automatic zone balance moves.",
        "The page names the zone and no instance; the default of scale-in takes the newest of it.";
    OsUpgradePhaseLength = "P-40", "os_upgrade.phase_length", time(h(24), s(0), h(720)),
        "How long each phase of a platform image's way over the regions takes.",
        "No calendar is published; the scenario gives the order of regions.";
    LbDrainOnTerminate = "P-41", "lb.drain_on_terminate", switch(false),
        "Whether the balancer takes an instance out when its terminate notice is raised.",
        "No document says that Azure drains it.";
    AutomaticStartSpread = "P-43", "automatic.start_spread", time(s(0), s(0), h(1)),
        "How far apart the instances of a set in mode Automatic start their update.",
        "All at one instant is the worst case that UM-04 allows.";

    LbSilentFailuresDown = "Q-01", "lb.silent_failures_down", count(2, 1, 10),
        "Silent probes in a row before the balancer takes a backend out.",
        "The newest page gives about 10 s at an interval of 5 s; 1 is the strict reading.";
    LbRefusalImmediate = "Q-02", "lb.refusal_immediate", switch(true),
        "Whether an explicit refusal takes a backend out at once, whatever `probeThreshold` says.",
        "Stated twice in the documents and never retracted.";
    LbFlapChanges = "Q-03", "lb.flap_changes", count(3, 0, 4),
        "Changes of state within the window that make a backend a flapping one.",
        "Small and visible; no number is published.";
    LbFlapWindow = "Q-03", "lb.flap_window", time(s(60), s(1), h(1)),
        "The window in which changes of state are counted.",
        "Small and visible; no number is published.";
    LbFlapHoldIntervals = "Q-03", "lb.flap_hold_intervals", count(2, 0, 100),
        "Extra probe intervals for which a flapping backend is held out.",
        "Small and visible; 0 turns it off.";
    LbProbePhase = "Q-04", "lb.probe_phase", choice(as Phase: Seeded, Aligned),
        "When the probes of a backend fall: at a phase drawn from the seed, uniform over the interval, or all \
         together.",
        "Deterministic, and no artefact of synchrony.";
    LbPropagation = "Q-05", "lb.propagation", time(s(5), s(0), min(30)),
        "How long a change of the balancer (probe path, administrative state, pool) takes to act.",
        "Writes return in seconds, and trials of swaps show no long lag; Azure/AKS #3255 reports 5 to 27 min until a new rule \
         led anywhere.";
    LbJoinDelay = "Q-06", "lb.join_delay", time(s(0), s(0), min(10)),
        "How long a new instance takes to be in the pool once its network interface exists.",
        "The pool is made of network interfaces; nothing longer is documented.";
    LbLeaveDelay = "Q-06", "lb.leave_delay", time(s(0), s(0), min(10)),
        "How long an instance that stops or is deleted still gets what it got: a deleted one is in its pools for so long, \
         and a stopped one is probed in them.",
        "The pool is made of network interfaces; nothing longer is documented.";
    LbRehashOnProbeDown = "Q-07", "lb.rehash_on_probe_down", switch(false),
        "Whether a backend that is probed down moves affinity clients of the others.",
        "The page names adding and removing only.";
    LbSingleBackendDownKeepsTcp = "Q-08", "lb.single_backend_down_keeps_tcp", switch(false),
        "Whether established flows of a pool of one instance live on when it is probed down.",
        "The promise is limited to pools of more than one.";
    AutoscalePeriod = "Q-09", "autoscale.period", time(s(60), s(30), s(60)),
        "How often the autoscale engine runs.",
        "The upper end of the published 30 to 60 s.";
    AutoscalePhase = "Q-09", "autoscale.phase", choice(as Phase: Seeded, Aligned),
        "When the first run of the engine falls within its period.",
        "Nobody knows the phase of the engine.";
    AutoscaleCooldown = "AS-21", "autoscale.cooldown", choice(OfTheLast "of_the_last", OfTheNext "of_the_next"),
        "Whose cooldown holds an action back after another: that of the rule which fired last, or that of the rule which fires \
         now.",
        "The page of 08/2026 has a worked example of the first; REST and the SDK define `cooldown` as the time \"to wait since \
         the last scaling action before this action occurs\", as the first draft of that page did (azure-monitor-docs PR 303).";
    AutoscaleMetricDelay = "Q-10", "autoscale.metric_delay", time(s(60), s(0), min(30)),
        "How late a metric is delivered; the window then ends that much before now, on the edge of a grain.",
        "A grain of one minute and its ingestion; the documents only say that the window must be longer.";
    AutoscaleClampIgnoresCooldown = "Q-11", "autoscale.clamp_ignores_cooldown", switch(true),
        "Whether a capacity outside the limits is corrected during a cooldown.",
        "\"On its next run\".";
    AutoscalePercentRound = "Q-12", "autoscale.percent_round", choice(TowardsCapacity "towards_capacity", Nearest "nearest", Floor "floor"),
        "How a change in percent becomes a whole number of at least 1: out rounded up and in rounded down, or alike \
         in both directions.",
        "Availability first, as in AS-11 and AS-12.";
    AutoscaleCooldownFrom = "Q-13", "autoscale.cooldown_from", choice(Decision "decision", Completion "completion"),
        "When the cooldown of an action begins.",
        "The engine \"records the time of that action\".";
    AutoscaleFailedActionCooldown = "Q-14", "autoscale.failed_action_cooldown", switch(true),
        "Whether a failed or partial action has a cooldown.",
        "It avoids hammering.";
    AutoscaleProjectionCounts = "Q-15", "autoscale.projection_counts", choice(Capacity "capacity", Running "running"),
        "What the projection against flapping counts when a part of the set is not well.",
        "The page's \"observed capacity\".";
    AutoscaleAverageCountsBooting = "Q-16", "autoscale.average_counts_booting", switch(true),
        "Whether a running instance that still boots or warms up is in the average of a metric.",
        "Its CPU is real from the moment it runs.";
    AutoscaleAverageCountsDeallocated = "Q-16", "autoscale.average_counts_deallocated", switch(false),
        "Whether a deallocated instance is in the average of a metric.",
        "A host metric exists only while an instance runs.";
    PredictiveModel = "Q-17", "predictive.model", choice(MinuteOfWeekMean "minute_of_week_mean", LastWeek "last_week"),
        "What the forecast is made of: the mean of the same minute of the week over the last 7 to 15 days, or the \
         week before.",
        "Simple and deterministic, and it honours PA-02.";
    PredictiveRefresh = "Q-17", "predictive.refresh", time(h(1), min(1), h(24)),
        "How often the forecast is computed anew.",
        "Not published.";
    PredictiveLookAheadUnset = "Q-18", "predictive.look_ahead_unset", time(s(0), s(0), h(1)),
        "The look-ahead where `scaleLookAheadTime` is not set.",
        "\"At the predicted moment\".";
    SpotNoticeProbability = "Q-19", "spot.notice_probability", share(1.0),
        "The chance that an evicted instance gets its `Preempt` event.",
        "Best effort, and no share is published.";
    SpotNoticeSeconds = "Q-19", "spot.notice_seconds", time(s(30), s(0), s(30)),
        "How long before the eviction the event comes.",
        "\"Up to 30 s\".";
    SpotGroupCorrelation = "Q-20", "spot.group_correlation", share(0.92),
        "The chance that a member of a zone and size leaves with the others when an eviction hits the group.",
        "Of the interruptions of one type and zone that come together, over 92 % fall within three minutes (336,033 \
         requests on AWS and Azure, arXiv 2604.16457); read as the share of the group that a wave takes.";
    SpotWaveWindow = "Q-20", "spot.wave_window", time(min(3), s(0), h(1)),
        "How far apart the members are evicted whom one wave takes: each at an instant of this window, all equally likely.",
        "The three minutes of the same study; how the evictions lie within them is not said.";
    SpotRestorePeriod = "Q-21", "spot.restore_period", time(min(5), s(1), h(24)),
        "How often try-restore tries.",
        "Only the timeout is given.";
    SpotRestoreSuccess = "Q-21", "spot.restore_success", share(0.5),
        "The chance that one try brings an instance back.",
        "Only the timeout is given.";
    SpotEvictionOrder = "Q-22", "spot.eviction_order", choice(Seeded "seeded", Newest "newest", Oldest "oldest"),
        "Which instances of a group are evicted first.",
        "No order is documented, so a seeded shuffle.";
    GalleryReplicationBase = "Q-23", "gallery.replication_base", time(min(5), s(0), h(6)),
        "Time that the replication of a version to a region takes at least.",
        "\"Size and number of regions\"; tens of minutes for 30 to 127 GB.";
    GalleryReplicationShallow = "Q-23", "gallery.replication_shallow", time(s(45), s(0), h(6)),
        "The same for a version whose `replicationMode` is Shallow, of which nothing is copied.",
        "Recorded: 45.2 s (n=1, 2024).";
    GalleryReplicationPerGb = "Q-23", "gallery.replication_per_gb", time(s(6), s(0), min(10)),
        "Time that each GB of the image adds.",
        "\"Size and number of regions\"; tens of minutes for 30 to 127 GB.";
    GalleryReplicationRegionFactor = "Q-23", "gallery.replication_region_factor", number(0.1, 0.0, 10.0),
        "What each region beyond the first adds, as a factor on the time of each.",
        "\"Size and number of regions\"; no formula is published.";
    GalleryReplicationSigma = "Q-23", "gallery.replication_sigma", number(0.3, 0.0, 2.0),
        "The σ of the lognormal luck of a replication that is not slow.",
        "Recorded replications of some 30 GB to one region: 135 to 781 s, median 500, σ 0.32 (n=35, 2020 to 2025); the 15 since 2022 \
         took 407 to 472 s, σ 0.04, which is one kind of day, and those before 511 to 781; a pair of regions 481 and 495 s.";
    GalleryReplicationSlowShare = "Q-23", "gallery.replication_slow_share", share(0.01),
        "The share of replications that take far longer, to their cap.",
        "None of 48 recorded ones did, and users report an hour (packer #7865), two in one region (#8802), and the \
         documents \"a few hours in some cases\".";
    GalleryReplicationSlowFrom = "Q-23", "gallery.replication_slow_from", time(h(1), s(0), h(48)),
        "The least that such a replication takes; from there to the cap each doubling is equally likely.",
        "\"Just over an hour\" (packer #7865) to the 6 h that one is told to wait.";
    GalleryReplicationCap = "Q-23", "gallery.replication_cap", time(h(6), min(1), h(48)),
        "The longest that a replication takes.",
        "Operators are told to wait up to 6 h.";
    GalleryVmsPerReplica = "Q-24", "gallery.vms_per_replica", count(20, 1, 1000),
        "Instances that one replica creates at a time.",
        "The stricter of two advices (GA-04).";
    GalleryThrottle = "Q-24", "gallery.throttle", switch(true),
        "Whether creates beyond that wait in a queue.",
        "Throughput is said to be linear in the replicas.";
    GalleryFailProbability = "Q-25", "gallery.fail_probability", share(0.0),
        "The chance that a replication fails.",
        "Inject failures on purpose.";
    GalleryLrsZone = "Q-26", "gallery.lrs_zone", choice(Seeded "seeded", None "none"),
        "The zone whose loss takes a replica on LRS storage with it, so that creates fail.",
        "ZRS is documented as the remedy.";
    AibQueue = "Q-27", "aib.queue", dist(Dist::Constant(min(1)), s(0), h(6)),
        "How long an image build waits.",
        "Not published. What was recorded is queue and build machine together, and is in `aib.build_vm`.";
    AibBuildVm = "Q-27", "aib.build_vm", dist(lognormal(s(640), 0.35), s(0), h(3)),
        "How long a build takes beside its customizers, its validators and its replication: the build VM and the capture.",
        "Builds of one short script to a managed image, which nothing replicates, were recorded in 410, 594, 813 and \
         993 s (2020 to 2024), the queue among them; those to a gallery take the replication longer (849 to 1,319 s).";
    AibOptimizeLinux = "Q-27", "aib.optimize_linux", dist(lognormal(min(20), 0.029_66), s(0), h(6)),
        "How long the optimize stage takes for Linux.",
        "Published for 30 GB: P50 20 min, P95 21 min (DI-07), and the lognormal through both.";
    AibOptimizeWindows = "Q-27", "aib.optimize_windows", dist(lognormal(min(34), 0.017_62), s(0), h(6)),
        "How long the optimize stage takes for Windows.",
        "Published for 127 GB: P50 34 min, P95 35 min (DI-07), and the lognormal through both.";
    AibValidate = "Q-27", "aib.validate", dist(Dist::Constant(min(5)), s(0), h(6)),
        "How long a validator takes whose length the scenario does not give.",
        "Not published: a machine is made from the image for it, so some minutes.";
    GalleryUsableDelay = "Q-23", "gallery.usable_delay", dist(Dist::Constant(s(0)), s(0), h(6)),
        "How long a replica that is reported complete cannot be used yet.",
        "One user reports about 10 min of \"not available in region\" after the copy was complete, another a second try \
         that worked at once (terraform-azurerm-caf PR 852); nothing says how often, so none is assumed.";
    GalleryTrustedLaunchValidation = "GA-23", "gallery.trusted_launch_validation", dist(Dist::Constant(h(1)), h(1), h(168)),
        "How long a version is validated for Trusted Launch before it is copied.",
        "\"At least one hour\" (DI-15), so the least.";
    GalleryVersionsLatest = "GA-25", "gallery.versions_latest", choice(Tracks "tracks", CreateTime "create_time"),
        "What `…/versions/latest` in the model of a set means: what is latest at each create, or what was when the set was made.",
        "Azure's refusal of pinned versions asks for \"version set to 'latest'\" (terraform-provider-azurerm #11398); the \
         golden-image article calls it a value of create time.";
    VmSpecializedBoot = "GA-24", "vm.specialized_boot", share(0.7),
        "How long a specialized image boots, as a share of the assumed boot of a generalized one.",
        "\"Faster\", since the first boot was done before; no number is published.";
    AibRightsChecked = "IB-18", "aib.rights_checked", choice(Submission "submission", Run "run"),
        "Whether a right that a template lacks is missed when it is submitted, or when a run needs it.",
        "Recorded in 2020: provisioningState Failed with `BadSharedImageDistribute` and `BadSharedImageVersionSource`, and no \
         run. The troubleshooting page lists such errors under submission and mixes in those of the build.";
    AibTimeoutState = "IB-02", "aib.timeout_state", choice(Failed "Failed", Canceled "Canceled"),
        "The `runState` of a run that reaches its build timeout.",
        "It ends with the error \"context deadline exceeded\", as other failures do; the golden-image article says Canceled.";
    AibCancel = "IB-17", "aib.cancel", dist(Dist::Constant(ms(2200)), s(0), h(1)),
        "How long a run is Canceling before it is Canceled.",
        "2.2 s in the one recording of a cancel.";
    AibRegionCopy = "IB-19", "aib.region_copy", dist(lognormal(s(450), 0.3), s(0), h(6)),
        "How long it takes to copy what was built to the region of its definition, where that is another one.",
        "That it takes time is all that is published; as long as a replication of 30 GB, of which 48 were recorded (Q-23).";
    AibTriggerDisableAfter = "Q-28", "aib.trigger_disable_after", count(3, 1, 100),
        "Failed builds in a row that disable a trigger.",
        "\"Several consecutive\", and no number.";
    ExtensionOrder = "Q-29", "extension.order", choice(Seeded "seeded", Listed "listed"),
        "The order of extensions that are not put in sequence: a permutation of each instance, or that of the model.",
        "\"Any order\".";
    VmBootLinux = "Q-30", "vm.boot_linux", recorded(slow_tail(s(14), 0.5, (0.01, min(5), min(22))), (s(8), s(40))),
        "How long Linux takes to boot, until its agent reports that it is provisioned.",
        "Recorded reimages, which boot anew, end in 60 to 87 s (n=12, 2020 to 2024), and Flexible sets of two in 41 s in the middle, \
         from 20 s on (2023 to 2025, n=30): the boot is what both leave beside the disk and the call. Single machines took 30 s in \
         all (2021), σ 0.43 to 0.46. Of 417 in all, 1 % took over 5 min and two about 20.";
    VmBootWindows = "Q-30", "vm.boot_windows", recorded(slow_tail(s(47), 0.3, (0.04, s(140), min(15))), (s(25), s(150))),
        "How long Windows takes to boot, until its agent reports that it is provisioned.",
        "Recorded creates of one instance without extensions end in 79 s in the middle, 46 to 107, the network of 14 s taken off \
         (2022 to 2025, n=10), reimages in 89 to 128, and one in 272 (2021, n=10). Single machines took 139 to 375 s in 13 of 31 (2017 to \
         2021): a full first boot, says Microsoft's support (azure-vm-agents #705). Users report 6 to 15 min with images of their \
         own (az-hop #1697).";
    VmssProvisionSpread = "Q-31", "vmss.provision_spread", recorded(Dist::Uniform { min: s(0), max: s(10) }, (s(2), s(90))),
        "What each instance of a scale-out takes on top of `vmss.provision`.",
        "Recorded sets of two to five leave no room for more; a vendor's experience with large ones is within 60 \
         to 90 s of each other, boots among them (DI-05).";
    AppgwUpdateBlip = "Q-32", "appgw.update_blip", time(s(1), s(0), min(10)),
        "How long a gateway fails while a rule of it changes.",
        "The sample's own trial (VS-11). Nothing reads it before there are gateways.", not_modelled;
    LbIpSwapDown = "Q-33", "lb.ip_swap_down", time(s(60), s(0), min(30)),
        "How long an address answers nothing while it moves between two balancers.",
        "A trial on a blog (VS-10). Nothing reads it before there are swaps of addresses.", not_modelled;
    ClientKeepalive = "Q-34", "client.keepalive", time(s(60), s(0), h(24)),
        "The mean life of a keep-alive connection, exponential.",
        "Below the idle timeout of the balancer. Nobody but the two ends limits it: nginx closes after an hour at most \
         (`keepalive_time`), most clients never.";
    ClientKeepaliveCap = "Q-34", "client.keepalive_cap", time(min(10), s(0), h(24)),
        "When the last keep-alive connection to a backend out of rotation has closed.",
        "The probe page has no cap: established flows go on until they are closed or idle. Of 10,000 connections with a \
         mean life of 60 s the last is expected to close after ln 10,000 = 9.2 such lives.";
    ClientTcpGivesUp = "Q-45", "client.tcp_gives_up", time(ms(924_600), s(10), h(2)),
        "How long a client waits on a connection on which nobody answers, until its system or its own timeout ends it.",
        "LB-28: about 15 min on Linux (`tcp_retries2` of 15 is 924.6 s), 25 to 50 s on Windows. A client with a timeout for \
         its requests gives up by that.";
    LbTcpResetEndsHung = "Q-45", "lb.tcp_reset_ends_hung", switch(true),
        "Whether `enableTcpReset` ends flows to a backend that is no more once the idle timeout has passed, though the client \
         sends again.",
        "The page promises a reset to all matching flows at the idle timeout; whether what a client repeats in vain counts \
         as traffic is not said.";
    SpotEvictionIsOrderly = "Q-45", "spot.eviction_is_orderly", switch(false),
        "Whether the system of an evicted instance shuts down in order, and so ends its connections.",
        "The pages speak of a notice of at most 30 s and of no shutdown.";
    AppEventsPoll = "Q-35", "app.events_poll", time(s(1), s(1), h(1)),
        "How often the application asks for scheduled events.",
        "The advice is once a second.";
    AppEventsFirstPoll = "Q-35", "app.events_first_poll", time(s(120), s(0), h(1)),
        "When an application first gets an answer on scheduled events, after its boot.",
        "The first call may take 2 min (SE-05).";
    VmFreezeSilencesProbes = "Q-36", "vm.freeze_silences_probes", switch(true),
        "Whether a frozen instance answers no probe for as long as the freeze lasts.",
        "The maintenance page says that the probe fails too.";
    OctopusScanPhase = "Q-37", "octopus.scan_phase", choice(as Phase: Seeded, Aligned),
        "When the first scan for triggers falls within its 30 s.",
        "A periodic task whose phase nobody knows. Nothing reads it before there is Octopus.", not_modelled;
    OctopusHealthCheckPhase = "Q-37", "octopus.health_check_phase", choice(as Phase: Seeded, Aligned),
        "When the first health check falls within its interval.",
        "A periodic task whose phase nobody knows. Nothing reads it before there is Octopus.", not_modelled;
    OctopusRegister = "Q-38", "octopus.register", time(s(60), s(0), h(1)),
        "How long after provisioning an instance is registered as a deployment target.",
        "The Tentacle is installed by a script; no source. Nothing reads it before there is Octopus.", not_modelled;
    OctopusGuidedAnswer = "Q-39", "octopus.guided_answer", choice(Exclude "exclude", Fail "fail", Retry "retry", Ignore "ignore"),
        "What a person chooses in a guided failure.",
        "It lets the deployment go on. Nothing reads it before there is Octopus.", not_modelled;
    OctopusGuidedDelay = "Q-39", "octopus.guided_delay", time(min(15), s(0), h(72)),
        "How long a person takes to choose.",
        "A person must come. Nothing reads it before there is Octopus.", not_modelled;
    ZoneOutageShare = "Q-40", "zone.outage_share", share(0.5),
        "The share of the zone's machines that a published zone outage takes, where the scenario does not say.",
        "In both incidents (DI-18, DI-19) one datacenter of one zone was hit, and neither review gives a share.";
    ZoneOutageAutoscaleSuccess = "Q-40", "zone.outage_autoscale_success", share(0.65),
        "The chance that an action of autoscale succeeds during the published outage DI-19.",
        "About 65 % in that incident, by an insurer's analysis.";
    LbAllProbedUpKeepsTcp = "Q-41", "lb.all_probed_up_keeps_tcp", switch(true),
        "Whether established flows live on under `AllProbedUp` when every instance is probed down.",
        "Only new packets are described.";
    AppgwDrainOnUnhealthy = "Q-42", "appgw.drain_on_unhealthy", switch(false),
        "Whether a gateway drains a backend that is probed unhealthy.",
        "The newest page names explicit removal only (AG-07). Nothing reads it before there are gateways.", not_modelled;
    RoutingProberCount = "Q-43", "routing.prober_count", count(1, 1, 1000),
        "Places from which Front Door or Traffic Manager probes; more raise the load and change no verdict.",
        "Counting by place matters for the load only. Nothing reads it before there is Front Door or Traffic Manager.", not_modelled;
    LbTwoProbesOnePort = "Q-44", "lb.two_probes_one_port", choice(Refuse "refuse", Allow "allow"),
        "What becomes of a scenario with two probes on one port of an instance.",
        "An unsupported set-up (LB-15). Where it is allowed, the pool goes by the probe of its first rule.";

    VmDelete = "W-01", "vm.delete", recorded(lognormal(s(38), 0.28), (s(23), s(147))),
        "Time from the delete request of an instance until it is gone; it stops serving at once.",
        "Recorded of machines that run: Windows sets, scale-in of one, deletes by id of one and two, and the whole set of one, 23.1 \
         to 55.6 s (n=16, 2022 to 2024); before that to 147 s (n=12); single machines 15.6 to 39.7 s (n=8, 2023 to 2025). A tail of an \
         hour and more is reported (kubernetes/autoscaler #4051).";
    VmDeleteDeallocated = "W-01", "vm.delete_deallocated", recorded(slow_tail(ms(2200), 0.11, (0.05, s(8), s(30))), (ms(800), s(24))),
        "The same for an instance that is deallocated, of which no machine has to go.",
        "Recorded: 1.8 to 2.6 s (n=12, 2022 to 2024), and 23.3 once; 0.8 to 2.2 in 2020 and 2021.";
    AppAnswerLatency = "W-02", "app.answer_latency", time(ms(5), ms(0), s(30)),
        "How long an answer takes that is given at once, to a probe or to a request.",
        "A request within one region to an idle application.";
    AppProcessStart = "W-03", "app.process_start", time(s(0), s(0), h(1)),
        "Time from the end of the boot until the process listens, where the scenario does not say.",
        "What the scenario does not name should not add time.";
    PipelineQueueParallel = "W-04", "pipeline.queue_parallel", count(10, 1, 10_000),
        "Instances on which a pipeline works at the same time.",
        "The default of Octopus (OC-05).";
    ExtensionDuration = "W-05", "extension.duration", recorded(lognormal(s(44), 0.95), (s(10), s(300))),
        "How long an extension takes whose length the scenario does not give.",
        "Recorded installs on machines: 10.2 to 197.6 s, median 38, σ of the logarithm 0.91 (n=53, 2020 to 2024; 1.07 of the 21 since \
         2023); before that median 69, to 304 (n=47). Sets of two Linux instances with one, 104 to 224 s in all (n=6, 2019 and 2020), \
         want a little more.";
    ExtensionWindowsWait = "W-05", "extension.windows_wait",
        recorded(two_modes((s(275), 0.18), (s(5), 0.8), 0.04), (s(5), s(400))),
        "How long the agent of Windows on a new disk takes, after the boot, before it runs the first extension.",
        "Recorded creates of Windows with extensions end in 317 to 600 s (24 of 25, 2020 to 2023) where those without end in 46 to \
         200; reimages likewise in 391 to 584 s instead of 90 to 130. One of the 25 was short, before 2020 a larger part (70 to 130 s).";
    AppCrashAnswer = "W-06", "app.crash_answer", choice(Refuse "refuse", Silent "silent"),
        "What a probe or a request meets on an instance that runs without its process.",
        "The operating system refuses a connection to a port where nothing listens.";
    VmProbeBeforeRunning = "W-07", "vm.probe_before_running", choice(Silent "silent", Refuse "refuse"),
        "What a probe meets on an instance that does not run yet.",
        "There is nobody to refuse a connection.";
    CapacityFaultDomainsRegional = "FD-06", "capacity.fault_domains_regional", count(3, 1, 5),
        "Fault domains of a region.",
        "The largest that the rule allows; in some regions it is 2.";

    RepairGraceTrigger = "AR-09", "repair.grace_trigger", choice(Operation "operation", HealthChange "health_change"),
        "What starts the grace period of repairs: an operation on the instance, so that there is none in steady \
         state, or also a change of its health.",
        "Microsoft's pages give no delay for an instance that sickens in steady state.";
    LbIntervalDefault = "LB-02", "lb.interval_default", choice(Api "api", Portal "portal"),
        "The probe interval where a scenario leaves it out: 15 s (`api`) or 5 s (`portal`).",
        "A template goes through the API.";
    OsUpgradeFlexible = "OS-07", "os_upgrade.flexible", switch(false),
        "Whether automatic OS image upgrade works in Flexible.",
        "The orchestration page says no; the surge page implies yes.";
    OsUpgradePolicy = "OS-21", "os_upgrade.policy", choice(RollingPolicy "rolling_policy", Flag "flag"),
        "Whose policy an automatic OS upgrade runs under: the set's, always, or the set's under \
         `useRollingUpgradePolicy` and the default one otherwise, which is 20/20/20, PT0S and no surge.",
        "ROLL (05/2026) and SURGE say the set's, whatever the mode; REST names the flag, default false, and Azure \
         stores false where nobody writes it.";
    HostDegradedNotice = "SE-11", "host.degraded_notice", time(h(168), min(10), h(336)),
        "How long ahead machines on hardware that is predicted to fail are told that they are moved.",
        "Azure aims at 7 days (SE-11).";
    RollingWholeSetGate = "RU-31", "rolling.whole_set_gate", choice(BeforeBatch "before_batch", BatchEndToo "batch_end_too"),
        "When the unhealthy share of the whole set is judged: before each batch, which is at the end of a pause, or when a \
         batch ends as well.",
        "REST has \"prior to starting any batch\"; AOS has an upgrade stop \"at the end of current batch\".";
    FreezeNotice = "SE-01", "freeze.notice", dist(Dist::Constant(min(15)), s(0), h(24)),
        "How long before a freeze its event is raised.",
        "15 min on the events page. The maintenance page allows 30 s \"in rare cases\" and gives no share, so none is \
         assumed; a scenario that wants them writes a `slowTail` of 15 min with a share from 30 s to 30 s.";
    HealthStart = "EX-04", "health.start", time(s(5), s(0), h(1)),
        "How long the health extension takes from its turn among the extensions to its first probe.",
        "It is downloaded and started by the agent as any other; nothing is published.";
}
