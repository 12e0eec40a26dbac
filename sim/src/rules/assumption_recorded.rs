//! The rows of the assumptions that recordings of the platform raised, or a part of them: those on upgrades. They stand after the
//! others; the table is in `assumption_table.rs`.

/// Makes the table of the rows given, and of these after them.
macro_rules! with_recorded {
    ($($rows:tt)*) => {
        assumptions! {
            $($rows)*
            VmssOverprovisionZones = "OP-09", "vmss.overprovision_zones", choice(Even "even", Any "any"),
                "Whether the surplus of a set over several zones is taken of the zones that have the most, or of any.",
                "Recorded: two of four in two zones were left one in each (n=3, 2018 to 2022; by chance 0.36). No document says \
                 so of surplus, and a scale-in does it (SI-04).";
            ScaleInFlexibleOrder = "SI-11", "scale_in.flexible_order", choice(Oldest "oldest", Newest "newest"),
                "Who of a Flexible set goes first by the policy Default: the oldest or the newest of those that are tied.",
                "Recorded: of three regular instances the one that was made 430 s before the others went (n=1, 2024), which an \
                 older text of Flexible says; the REST text says the newest.";
            RollingWatchProbe = "RU-41", "rolling.watch_probe", choice(TwiceProbes "twice_probes", FourIntervals "four_intervals", None "none"),
                "How long a batch is watched where a probe of a balancer says who is healthy: 2 × intervalInSeconds × numberOfProbes, \
                 4 × intervalInSeconds, or not at all.",
                "Recorded: 60.4 s a batch at 15 s × 2 (n=9, 2018 to 2023), 20.9 s at 5 s × 2 (n=1, 2023). numberOfProbes was 2 \
                 throughout, so that both readings fit; no document has either.";
            RollingWatchUnsourced = "RU-41", "rolling.watch_unsourced", time(s(600), s(0), h(1)),
                "How long a batch is watched where nobody says who is healthy.",
                "Recorded: 600.2 to 701.9 s for one instance, of which all beyond 600 s is its installation (n=4, 2020 to 2021), and \
                 failures at 601.3 and 646.7 s (2021).";
            RollingWatchExtension = "RU-41", "rolling.watch_extension", time(s(0), s(0), min(5)),
                "How long a batch is watched where the Application Health extension says who is healthy.",
                "No recording shows a batch under it, and the pages speak of an instance that becomes healthy within five minutes.";
            ExtensionUpgradeWork = "RS-13", "extension_upgrade.windows_work",
                recorded(two_modes((ms(500), 0.7), (s(40), 1.0), 0.5), (ms(200), s(102))),
                "What the agent of a Windows instance does in an upgrade of extensions that brings nothing new, before the watch begins.",
                "Recorded beside the watch: 0.2, 16.9, 44.5 and 101.9 s of one instance, 0.5 and 10.6 of two (2020 and 2021), and 1.3 and 46.7 \
                 before the two that failed. Linux sets took 0.5 to 0.8 s (n=5), which is nothing here.";
            RollingWatchEmptyDomains = "RU-43", "rolling.watch_empty_domains", choice(WithoutPolicy "without_policy", OfSeveral "of_several", Never "never"),
                "When an upgrade of extensions also watches the update domains in which no instance is: where the set has no \
                 rollingUpgradePolicy, where several instances are upgraded, or never.",
                "Recorded without a health source: two instances in sets without that policy took 3,000.5 to 3,010.6 s (n=7, 2020 to \
                 2021), which is five domains of 600 s; one instance in sets with it 600 s and its installation (n=4). Both of the \
                 first readings fit; why is not published.";
            RollingCurrentSet = "RU-42", "rolling.current_set", choice(Walks "walks", Nothing "nothing"),
                "What osRollingUpgrade does where every instance has the newest image: it walks the batches, or nothing.",
                "Recorded: Completed with two successful instances after as long as the two are watched (n=10, 2018 to 2023). The \
                 page says that who is there already is not touched.";
            RollingModeWrite = "UM-22", "rolling.mode_write", choice(Together "together", Batches "batches", None "none"),
                "What a write that sets mode Rolling does where nobody is behind: it watches all instances together, one batch after \
                 another, or nobody.",
                "Recorded at 15 s × 2 with two instances: 60.5 to 60.8 s, as one batch is watched (n=3, 2023), and 120.6 to 125.1 s, as \
                 two are (n=6, 2018 to 2021). The newest counts.";
            RollingEntryGateCode = "RU-20", "rolling.entry_gate_code", choice(BeforeUpgrade "before_upgrade", InUpgrade "in_upgrade"),
                "Whether the error of a gate that is closed before the first batch says BeforeRollingUpgrade or InRollingUpgrade.",
                "Recorded: the first in 2022, as documented; the second in 2019.";
            ExtensionUpgradePolicy = "UM-11", "extension_upgrade.policy", choice(ByMode "by_mode", Default "default", RollingPolicy "rolling_policy"),
                "Whose numbers an upgrade of extensions uses: in mode Rolling those of the set and else the defaults, always the \
                 defaults, or always those of the set.",
                "Recorded in mode Manual: a model with 100 % failed at \"the threshold of 20%\" (n=1, 2021). The page says that the \
                 policy of the set counts whatever its mode; in mode Rolling nothing else was seen (osRollingUpgrade held 90 %, 2019).";
        }
    };
}
pub(super) use with_recorded;
