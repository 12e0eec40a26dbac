//! The rows on Windtunnel's own mechanisms: what Azure has no rule for, and a ledger line must cite.

use super::table::rows;

rows! {
    WT_01 = WT 1, Documented, "scenario",
        "An act of the scenario's timeline happens at its instant; it is an operator's action, and nothing in the \
         platform caused it.",
        Exact,
        ["proofs::own::an_act_happens_at_its_instant"];

    WT_02 = WT 2, Documented, "scenario",
        "The application's process starts when the operating system, or the extension or pipeline that starts it, is \
         done.",
        Exact,
        ["proofs::own::the_process_starts_when_what_starts_it_is_done"];

    WT_03 = WT 3, Documented, "scenario",
        "An instance is warm when its warm-up is over; the warm-up begins when the process starts.",
        Exact,
        ["proofs::own::an_instance_is_warm_when_its_warm_up_is_over"];

    WT_04 = WT 4, Documented, "scenario",
        "A fault of a dependency begins or ends when the scenario says so.",
        Exact,
        ["proofs::own::a_dependency_is_down_when_the_scenario_says_so"];

    WT_05 = WT 5, Documented, "scenario",
        "A fault of instances (the process is down or hangs, the instance is frozen) begins or ends when the scenario says \
         so. A process that is down refuses; one that hangs takes connections and never answers.",
        Exact,
        [
            "proofs::own::a_process_is_down_and_an_instance_frozen_when_the_scenario_says_so",
            "proofs::faults::a_process_that_hangs_takes_connections_and_never_answers",
        ];

    WT_06 = WT 6, Documented, "design",
        "Users begin to be harmed at the instant when the first harmed request would be served, and cease to be when \
         the last one was.",
        Exact,
        ["proofs::own::harm_and_outage_last_from_the_first_harmed_request_to_the_last"];

    WT_07 = WT 7, Documented, "scenario",
        "Load above a stated step makes answers slow.",
        Exact,
        ["proofs::own::load_above_a_step_makes_answers_slow"];

    WT_08 = WT 8, Documented, "design",
        "At t = 0 the fleet is in steady state: the instances run the declared image and code, have spent their grace \
         periods, and are as healthy, and in rotation, as their endpoints answer.",
        Exact,
        ["proofs::own::the_fleet_stands_at_the_start"];

    WT_09 = WT 9, Documented, "design",
        "Two controllers that undo each other at one instant are stopped there, and the pair is named as a loop.",
        Approximated("Any instant of more than 1,000 rounds is taken for a loop, and the last facts are given in place \
                      of the names of the pair."),
        ["proofs::own::an_instant_without_end_is_stopped"];

    WT_10 = WT 10, Documented, "design",
        "Demand above the capacity of the instances that serve it is shed.",
        Exact,
        ["proofs::own::demand_above_capacity_is_shed"];

    WT_11 = WT 11, Documented, "scenario",
        "Code is released: from this instant on it is the least that users need, and anything older is stale.",
        Exact,
        ["proofs::own::a_release_makes_older_code_stale"];

    WT_12 = WT 12, Documented, "scenario",
        "A zone is lost when the scenario says so, wholly or in part: its machines are silent, what is done to them does \
         not go on, and they come back with it (P-37).",
        Exact,
        ["proofs::zones::the_machines_of_a_lost_zone_are_silent_until_it_is_back"];

    WT_13 = WT 13, Documented, "scenario",
        "Random faults come by the luck of the world, keyed by seed, fault and number: every policy meets the same ones, \
         whoever they hit.",
        Exact,
        ["proofs::faults::random_faults_come_by_the_luck_of_the_world"];

    WT_14 = WT 14, Documented, "scenario",
        "While the control plane is slow, creates, starts, deletes, reports of health and writes to balancers that begin \
         then take longer by the stated factor.",
        Exact,
        ["proofs::faults::a_slow_control_plane_stretches_what_begins_then"];

    WT_15 = WT 15, Documented, "scenario",
        "While the boots of a set are bad, boots that begin then take longer, or fail as often as stated.",
        Exact,
        ["proofs::faults::bad_boots_are_slow_or_fail"];

    WT_16 = WT 16, Documented, "scenario",
        "Packets to an instance are lost for an interval: probes of balancers and users meet silence, and what runs in the \
         guest notices nothing.",
        Exact,
        ["proofs::faults::a_blip_silences_probes_and_users_and_not_the_guest"];

    WT_17 = WT 17, Documented, "scenario",
        "Endpoints of an instance answer later by the stated time, or never, for an interval.",
        Exact,
        ["proofs::faults::a_slow_endpoint_times_probes_out"];

    WT_18 = WT 18, Documented, "scenario",
        "While the deletes of a set fail, a delete that would end then fails as often as stated; the instance serves no more \
         all the same.",
        Exact,
        ["proofs::faults::deletes_fail_as_long_as_the_scenario_says"];
}
