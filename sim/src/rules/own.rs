//! The rows on Windtunnel's own mechanisms: what Azure has no rule for, and a ledger line must cite.

use super::table::rows;

rows! {
    WT_01 = WT 1, Documented, "scenario",
        "An act of the scenario's timeline happens at its instant; it is an operator's action, and nothing in the \
         platform caused it.",
        Absent, [];

    WT_02 = WT 2, Documented, "scenario",
        "The application's process starts when the operating system, or the extension or pipeline that starts it, is \
         done.",
        Absent, [];

    WT_03 = WT 3, Documented, "scenario",
        "An instance is warm when its warm-up is over; the warm-up begins when the process starts.",
        Absent, [];

    WT_04 = WT 4, Documented, "scenario",
        "A fault of a dependency begins or ends when the scenario says so.",
        Absent, [];

    WT_05 = WT 5, Documented, "scenario",
        "A fault of instances (the process is down, the instance is frozen) begins or ends when the scenario says so.",
        Absent, [];

    WT_06 = WT 6, Documented, "design",
        "Users begin to be harmed at the instant when the first harmed request would be served, and cease to be when \
         the last one was.",
        Absent, [];

    WT_07 = WT 7, Documented, "scenario",
        "Load above a stated step makes answers slow.",
        Absent, [];

    WT_08 = WT 8, Documented, "design",
        "At t = 0 the fleet is in steady state: the instances run the declared image and code, are healthy and in \
         rotation, and have spent their grace periods.",
        Absent, [];

    WT_09 = WT 9, Documented, "design",
        "Two controllers that undo each other at one instant are stopped there, and the pair is named as a loop.",
        Absent, [];

    WT_10 = WT 10, Documented, "design",
        "Demand above the capacity of the instances that serve it is shed.",
        Absent, [];

    WT_11 = WT 11, Documented, "scenario",
        "Code is released: from this instant on it is the least that users need, and anything older is stale.",
        Absent, [];
}
