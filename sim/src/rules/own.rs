//! The rows on Windtunnel's own mechanisms: what Azure has no rule for, and a ledger line must cite.

use super::table::rows;

rows! {
    WT_01: Documented, "scenario", Exact,
        "An entry of the scenario's timeline happens at its instant; it is an action of an operator, and nothing in the platform caused \
         it.",
        ["proofs::own::an_act_happens_at_its_instant"];
    WT_02: Documented, "scenario", Exact,
        "The application's process starts when the operating system has booted, or when the extension or pipeline that starts it has \
         finished.",
        ["proofs::own::the_process_starts_when_what_starts_it_is_done"];
    WT_03: Documented, "scenario", Exact,
        "An instance is warm when its warm-up is over; the warm-up begins when the process starts.",
        ["proofs::own::an_instance_is_warm_when_its_warm_up_is_over"];
    WT_04: Documented, "scenario", Exact,
        "A fault of a dependency begins or ends when the scenario says so.",
        ["proofs::own::a_dependency_is_down_when_the_scenario_says_so"];
    WT_05: Documented, "scenario", Exact,
        "A fault of instances (the process is down or hangs, the instance is frozen) begins or ends when the scenario says so. A process \
         that is down refuses connections; a process that hangs accepts them and never answers.",
        [
            "proofs::own::a_process_is_down_and_an_instance_frozen_when_the_scenario_says_so",
            "proofs::faults::a_process_that_hangs_takes_connections_and_never_answers",
        ];
    WT_06: Documented, "design", Exact,
        "Harm starts at the instant at which the first harmed request would be served, and ends at the instant of the last one.",
        ["proofs::own::harm_and_outage_last_from_the_first_harmed_request_to_the_last"];
    WT_07: Documented, "scenario", Exact,
        "Load above a declared step makes answers slow.",
        ["proofs::own::load_above_a_step_makes_answers_slow"];
    WT_08: Documented, "design", Exact,
        "At t = 0 the fleet is in steady state: the instances run the declared image and code, have spent their grace periods, and are as \
         healthy, and in rotation, as their endpoints answer; what a list of instances says of one, it is.",
        ["proofs::own::the_fleet_is_present_at_the_start"];
    WT_09: Documented, "design", Approximated,
        "If two controllers undo each other at one instant, they are stopped there, and the pair is reported as a loop.",
        "Any instant of more than 1,000 rounds is treated as a loop, and the report shows the last facts instead of the names of the pair.",
        ["proofs::own::an_instant_without_end_is_stopped"];
    WT_10: Documented, "design", Exact,
        "Demand above the capacity of the instances that serve it fails.",
        ["proofs::own::demand_above_capacity_is_shed"];
    WT_11: Documented, "scenario", Exact,
        "When code is released, users need it from this instant on, and all older code is stale.",
        ["proofs::own::a_release_makes_older_code_stale"];
    WT_12: Documented, "scenario", Exact,
        "A zone is lost when the scenario says so, wholly or in part: its machines are silent, operations on them stop, and they come back \
         with the zone.",
        ["proofs::zones::the_machines_of_a_lost_zone_are_silent_until_it_is_back"];
    WT_13: Documented, "scenario", Exact,
        "Random faults are drawn by seed, fault and number (common random numbers): every policy meets the same faults, whichever \
         instances they affect.",
        ["proofs::faults::random_faults_come_of_the_seed"];
    WT_14: Documented, "scenario", Exact,
        "While the control plane is slow, creates, starts, deletes, health reports and writes to load balancers, gateways and Front Doors \
         that start then take longer by the declared factor, and a gateway knows later of an instance that comes or goes.",
        ["proofs::faults::a_slow_control_plane_stretches_what_begins_then"];
    WT_15: Documented, "scenario", Exact,
        "While the boots of a set are bad, boots that start then take longer, or fail with the declared probability.",
        ["proofs::faults::bad_boots_are_slow_or_fail"];
    WT_16: Documented, "scenario", Exact,
        "Packets to an instance are lost for an interval: load balancer probes and users get no answer, and the guest does not notice it.",
        ["proofs::faults::a_blip_silences_probes_and_users_and_not_the_guest"];
    WT_17: Documented, "scenario", Exact,
        "For an interval, endpoints of an instance answer later by the declared time, or never.",
        ["proofs::faults::a_slow_endpoint_times_probes_out"];
    WT_18: Documented, "scenario", Exact,
        "While the deletes of a set fail, a delete that would end then fails with the declared probability; the instance stops serving \
         anyway.",
        ["proofs::faults::deletes_fail_as_long_as_the_scenario_says"];
    WT_19: Documented, "scenario", Approximated,
        "Where clients send a request again that failed, it comes again after their back-off, until it succeeds, has been tried as often as \
         they try, or their budget of retries is used up; what comes again is load like any other.",
        "Time is cut into slots as long as the first back-off: what failed in one comes again evenly spread over a later one, and each try \
         fails as often as any other request of its slot.",
        ["proofs::own::what_failed_comes_again_as_load"];
    WT_20: Documented, "scenario", Approximated,
        "Where requests can wait, demand above the capacity waits and does not fail until the queue is full; a client that waits for longer \
         than its timeout is gone, and the backend works on its request all the same.",
        "One queue for all backends in rotation; autoscale and probes do not see it.",
        ["proofs::own::who_waits_for_too_long_is_gone_and_is_served_all_the_same"];
    WT_21: Documented, "scenario", Exact,
        "An extension, custom data or a pipeline that needs dependencies fails on an instance that does not reach all of them when it ends.",
        ["proofs::own::what_installs_fails_where_it_cannot_reach_what_it_needs"];
}
