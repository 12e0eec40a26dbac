//! The rows on published durations and billed quantities.

use super::table::rows;

rows! {
    DI_01: Documented, "MAO", Approximated,
        "Azure VM start to usable, 2011–12: WebRole 374.8 s, WorkerRole 406.2 s, VM role (Windows 2008 R2) 356.6 s means; same study EC2 \
         Linux 96.9 s, EC2 Windows 810.2 s, Rackspace Linux 44.2 s, Windows 429.2 s (old platform; use for the Windows:Linux ratio and as \
         a pessimistic bound).",
        "A scenario can name the three means of Azure, each of which is always drawn; no spread is published.",
        ["input::published::a_length_that_was_published_is_drawn_as_its_row_says"];
    DI_02: Documented, "HAO", Absent,
        "Factors of start time: image size, location, VM type, OS type matter; > 300,000 points per provider, AWS and GCP only; much \
         faster than 2012 (shape, not Azure numbers).",
        "It has shapes of other clouds, and no number of Azure to draw.", [];
    DI_03: Documented, "ABO", Approximated,
        "Another cloud, 2018: ~23–25 s to SSH, < 60 s up to 96 CPUs (GCP, Debian 9) (sanity bound only).",
        "A scenario can name the time to SSH, drawn evenly between its ends.",
        ["input::published::a_length_that_was_published_is_drawn_as_its_row_says"];
    DI_04: Documented, "S1", Approximated,
        "Baked image vs boot-time set-up: ~50 s baked; 4–6 min with cloud-init set-up (anecdote; fine as named sample defaults).",
        "A scenario can name both: 50 s at every boot, or 4 to 6 min drawn evenly.",
        ["input::published::a_length_that_was_published_is_drawn_as_its_row_says"];
    DI_05: Documented, "S2", Approximated,
        "Spread of one scale-out: 60–90 s (vendor experience).",
        "A scenario can name it: up to 90 s, drawn evenly, which is also the default of `vmss.provision_spread`.",
        ["input::published::a_length_that_was_published_is_drawn_as_its_row_says"];
    DI_06: Documented, "S2", Approximated,
        "Deployment on new machines: < 5 min \"quick\"; 10–30 min with software set-up; doubled to 20–60 by a second trigger (vendor \
         experience).",
        "A scenario can name the three, each drawn evenly between its ends.",
        ["input::published::a_length_that_was_published_is_drawn_as_its_row_says"];
    DI_07: Documented, "IBv", Approximated,
        "Image Builder optimize: Linux 30 GB P50 20, P95 21, mean 20 min; Windows 127 GB P50 34, P95 35, mean 33 min (the only published \
         percentiles; end-to-end duration).",
        "A scenario can name both, as the lognormal through P50 and P95; they are the defaults of `aib.*`.",
        ["input::published::a_length_that_was_published_is_drawn_as_its_row_says"];
    DI_08: Documented, "S1", Approximated,
        "Image build: 10–60+ min (anecdote).",
        "A scenario can name it, drawn evenly between its ends.",
        ["input::published::a_length_that_was_published_is_drawn_as_its_row_says"];
    DI_09: Documented, "GAL, GAT, S1", Approximated,
        "Gallery replication: \"a few hours in some cases\", wait up to 6 h; \"minutes to tens of minutes\" (range only).",
        "A scenario can name it: from a minute to the 6 h, each doubling equally likely. The default is `gallery.replication_*`.",
        ["input::published::a_length_that_was_published_is_drawn_as_its_row_says"];
    DI_10: Documented, "MNT", Approximated,
        "Freeze: ≤ 5 s live migration; < 10 s nearly always; ~30 s at most once per 18 months (use as truncated distribution).",
        "A scenario can name the three; what lies between 10 and 30 s has no figure.",
        ["input::published::a_length_that_was_published_is_drawn_as_its_row_says"];
    DI_11: Documented, "SCHED", Approximated,
        "Event timeline: 15 min notice, ~7 s impact, 10 min to completion (rough guide by Microsoft).",
        "A scenario can name the three, each always as long.",
        ["input::published::a_length_that_was_published_is_drawn_as_its_row_says"];
    DI_12: Documented, "MNT", Approximated,
        "Balancer detection of a frozen backend: ~10 s at 5 s interval (documented).",
        "It follows from two probes that get no answer: 10 to 15 s after the freeze, by the phase of the probe; a scenario can name the \
         figure.",
        [
            "measures::a_frozen_backend_is_noticed_after_two_probes",
            "input::published::a_length_that_was_published_is_drawn_as_its_row_says",
        ];
    DI_13: Documented, "S3, VS", Approximated,
        "IP swap / gateway rule swap / gateway pool move: ~1 min down / ~1 s down / ~2 min mixed (author's tests).",
        "A scenario can name the three, each always as long.",
        ["input::published::a_length_that_was_published_is_drawn_as_its_row_says"];
    DI_14: Documented, "SPv", Approximated,
        "Spot eviction: hourly bands 0–5 … 20+ %, per size and region (bands only; no survival curve for Azure found).",
        "A scenario can name a band, of which the middle is taken, and of the open one its lower end.",
        ["input::published::a_published_band_of_evictions_is_its_middle"];
    DI_15: Documented, "GAL", Approximated,
        "Trusted-Launch validation: ≥ 1 h (minimum).",
        "A scenario can name it, always the least; it is the default of the validation of GA-23.",
        ["input::published::a_length_that_was_published_is_drawn_as_its_row_says"];
    DI_16: NotDocumented, "none", Absent,
        "No current, public, measured distribution of Azure VM or VMSS provisioning time was found; defaults must be labelled samples.",
        "Nothing is published; what was recorded is in the reasons of `vmss.provision` and `vm.boot_*`.", [];
    DI_17: NotDocumented, "none", Absent,
        "No published Azure Spot survival curve or correlation was found; the hourly hazard (SP-06) and an assumed correlation \
         (`spot.group_correlation`) stand in.",
        "No curve is published; SP-06 and the study behind `spot.group_correlation` stand in.", [];
    DI_18: Documented, "STATUS", Approximated,
        "Part of a zone loses power: East US, 16 Sep 2023, 07:24–19:00 UTC (11.6 h): several scale units in one datacenter of one zone \
         rebooted, most came back, a part did not; recovery visible from 16:30 (one data point: a zone event is partial and recovers in a \
         tail).",
        "A scenario can name it as the shape of a zone outage; the share of machines is `zone.outage_share`.",
        [
            "input::published::a_length_that_was_published_is_drawn_as_its_row_says",
            "input::published::a_published_outage_has_its_length_tail_and_success_of_autoscale",
        ];
    DI_19: Documented, "PARA", Approximated,
        "Cooling loss in one zone: Australia East, 30 Aug 2023 from 08:30 UTC: one datacenter of one zone, cooling off nearly a day, \
         incident about two days; autoscale operations about 65 % successful meanwhile (one data point; also evidence that the control \
         plane degrades with the zone).",
        "A scenario can name it as the shape of a zone outage, in which autoscale fails; the share of machines is `zone.outage_share`.",
        [
            "input::published::a_length_that_was_published_is_drawn_as_its_row_says",
            "input::published::a_published_outage_has_its_length_tail_and_success_of_autoscale",
            "proofs::zones::actions_of_autoscale_fail_while_a_zone_is_lost",
        ];
    CO_01: Unverified, "BILL", Approximated,
        "Running instances are billed as instance-seconds by SKU, OS and priority while allocated (creating through stopped but allocated; \
         not deallocated). Whether by the second or by the hour is an input, by default the second.",
        "By the second alone, from Running on (LC-03), at the price that the scenario gives for the size of a set, whatever its operating \
         system.",
        ["measures::what_runs_is_billed_by_the_second"];
    CO_02: Documented, "SPv", Exact,
        "Spot instances: same quantity at a spot price that may vary over time; never above the regular price.",
        ["measures::a_spot_instance_costs_no_more_than_a_regular_one"];
    CO_03: Documented, "SPv, SPOT, S1", Approximated,
        "OS and data disks: provisioned size tier × time, from creation to deletion, also for deallocated Spot instances; ephemeral OS \
         disks cost nothing.",
        "The disks of the model as the run begins, by the tiers of Premium and Standard disks; a model that leaves sizes out is not \
         computed.",
        ["measures::bill::disks_are_billed_from_creation_to_deletion"];
    CO_04: Documented, "GAL", Approximated,
        "Gallery service itself is free; each replica is a snapshot: occupied (not provisioned) GB × replicas × regions × months. Worked \
         example: 10 GB occupied, 3 regions × 2 = 6 snapshots × 10 GB.",
        "From the instant at which a replica is complete; the kinds of storage cost the same.",
        ["measures::bill::each_replica_is_a_snapshot"];
    CO_05: Documented, "GAL", Approximated,
        "Replication egress: occupied GB once per target region other than the source; further replicas in a region are free of it.",
        "The source is the region of the template, or the first region that a publication names.",
        ["measures::bill::an_image_crosses_once_into_each_other_region"];
    CO_06: Documented, "IBo, IBj", Approximated,
        "Image build: build VM (default size IB-14), its disk, network, and small staging storage for the run's length; with `abort` on \
         error until clean-up; plus validation VM time and distribution egress.",
        "The build machine and a disk of the size of the image; a machine that is kept costs to the end; network and staging storage are \
         not.",
        ["measures::bill::a_build_is_billed_while_it_has_a_machine"];
    CO_07: Documented, "TM", Approximated,
        "Load balancer: rules-hours and GB processed; Application Gateway: gateway-hours + capacity units; Traffic Manager: queries + \
         health checks, fast interval dearer; Front Door: base + requests + GB.",
        "Load balancers alone, all rules at one price; what they process is what is offered to them.",
        ["measures::bill::rules_and_what_they_process_are_billed"];
    CO_08: Inferred, "arithmetic", Exact,
        "Blue/green and surge bill the double capacity for the overlap.",
        ["measures::a_surge_is_billed_beside_what_it_replaces"];
    CO_09: Documented, "DES", Approximated,
        "Over-provisioned extra instances are created and deleted; they are neither billed nor counted against quota.",
        "Of the quota it is OP-03 that says so.",
        ["measures::surplus_is_not_billed"];
    CO_10: Inferred, "design", Approximated,
        "Price inputs to name, with sample (not real) defaults so that runs are comparable: `vm_hour_regular=1.00`, `vm_hour_spot=0.20`, \
         `disk_month=0.05/GB`, `snapshot_gb_month=0.05`, `egress_gb=0.02`, `build_vm_hour=1.00`, `lb_rule_hour=0.025`. Units \"credits\", \
         so nobody takes them for Azure prices.",
        "Instances have no sample price: what they cost is the user's to say.",
        ["measures::bill::prices_are_samples_unless_the_scenario_gives_its_own"];
}
