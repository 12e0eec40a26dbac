//! The rows of the assumptions that recordings of the platform raised, or a part of them: those on upgrades. They stand after the
//! others; the table is in `assumption_table.rs`.

/// Makes the table of the rows given, and of these after them.
macro_rules! with_recorded {
    ($($rows:tt)*) => {
        with_names! {
            $($rows)*
            VmssOverprovisionZones = "vmss.overprovision_zones", choice(Even "even", Any "any"),
                "Whether the surplus of a set over several zones is deleted from the zones with the most instances, or from any.",
                "Recorded: of four in two zones, one stayed in each zone (n=3, 2018 to 2022; probability by chance 0.36). No page says it \
                 about surplus, but a scale-in does it (SI-04). See OP-09.";
            ScaleInFlexibleOrder = "scale_in.flexible_order", choice(Oldest "oldest", Newest "newest"),
                "Which instance of a Flexible set the policy Default deletes first: the oldest or the newest of those that are tied.",
                "Recorded: of three regular instances, the one that was created 430 s before the others was deleted (n=1, 2024), as an \
                 older text on Flexible says; the REST text says the newest. See SI-11.";
            RollingWatchProbe = "rolling.watch_probe", choice(TwiceProbes "twice_probes", FourIntervals "four_intervals", None "none"),
                "How long a batch is watched if a load balancer probe is the health source: 2 × intervalInSeconds × numberOfProbes, 4 × \
                 intervalInSeconds, or not at all.",
                "Recorded: 60.4 s per batch at 15 s × 2 (n=9, 2018 to 2023), 20.9 s at 5 s × 2 (n=1, 2023). numberOfProbes was always 2, \
                 so both formulas fit; no page has either. See RU-41.";
            RollingWatchUnsourced = "rolling.watch_unsourced", time(s(600), s(0), h(1)),
                "How long a batch is watched if there is no health source.",
                "Recorded: 600.2 to 701.9 s for one instance, of which the part beyond 600 s is its installation (n=4, 2020 to 2021), and \
                 failures at 601.3 and 646.7 s (2021). See RU-41.";
            RollingWatchExtension = "rolling.watch_extension", time(s(0), s(0), min(5)),
                "How long a batch is watched if the Application Health extension is the health source.",
                "No recording shows such a batch, and the pages mention an instance that becomes healthy within five minutes. See RU-41.";
            ExtensionUpgradeWork = "extension_upgrade.windows_work",
                recorded(two_modes((ms(500), 0.7), (s(40), 1.0), 0.5), (ms(200), s(102))),
                "How long the agent of a Windows instance takes in an upgrade of extensions without changes, before the watch starts.",
                "Recorded in addition to the watch: 0.2, 16.9, 44.5 and 101.9 s s for one instance, 0.5 and 10.6 s for two (2020 and \
                 2021), and 1.3 and 46.7 s before the two that failed. Linux sets took 0.5 to 0.8 s (n=5), which is treated as zero. See \
                 RS-13.";
            RollingWatchEmptyDomains = "rolling.watch_empty_domains", choice(WithoutPolicy "without_policy", OfSeveral "of_several", Never "never"),
                "When an upgrade of extensions also watches the update domains without instances: if the set has no rollingUpgradePolicy, \
                 if several instances are upgraded, or never.",
                "Recorded without a health source: two instances in sets without that policy took 3,000.5 to 3,010.6 s (n=7, 2020 to \
                 2021), which is five domains of 600 s; one instance in sets with it took 600 s and its installation (n=4). Both of the \
                 first two choices fit; the reason is not published. See RU-43.";
            RollingCurrentSet = "rolling.current_set", choice(Walks "walks", Nothing "nothing"),
                "What osRollingUpgrade does if every instance has the newest image: it goes through the batches, or it does nothing.",
                "Recorded: Completed with two successful instances after the time for which the two are watched (n=10, 2018 to 2023). The \
                 page says that instances with the newest image are skipped. See RU-42.";
            RollingModeWrite = "rolling.mode_write", choice(Together "together", Batches "batches", None "none"),
                "What a write that sets mode Rolling does if no instance is behind the model: it watches all instances together, one batch \
                 after another, or none.",
                "Recorded at 15 s × 2 with two instances: 60.5 to 60.8 s, the time of one batch (n=3, 2023), and 120.6 to 125.1 s, the \
                 time of two (n=6, 2018 to 2021). The newest recording is used. See UM-22.";
            RollingEntryGateCode = "rolling.entry_gate_code", choice(BeforeUpgrade "before_upgrade", InUpgrade "in_upgrade"),
                "Whether the error of a gate that is closed before the first batch says BeforeRollingUpgrade or InRollingUpgrade.",
                "Recorded: the first in 2022, as documented; the second in 2019. See RU-20.";
            ExtensionUpgradePolicy = "extension_upgrade.policy", choice(ByMode "by_mode", Default "default", RollingPolicy "rolling_policy"),
                "Which numbers an upgrade of extensions uses: in mode Rolling those of the set and otherwise the defaults, always the \
                 defaults, or always those of the set.",
                "Recorded in mode Manual: a model with 100 % failed at \"the threshold of 20%\" (n=1, 2021). The page says that the policy \
                 of the set counts in every mode; in mode Rolling nothing else was recorded (osRollingUpgrade used 90 %, 2019). See \
                 UM-11.";
        }
    };
}
pub(super) use with_recorded;
