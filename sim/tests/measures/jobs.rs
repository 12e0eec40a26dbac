//! How long jobs wait, and what agents do meanwhile.

use crate::Of;
use crate::support::agents::{agents, job};
use crate::support::*;
use windtunnel_sim::measure::Value;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::RuleSet;

/// One agent, idle for the first 100 s. The job of 100 s waits for nothing; that of 150 s begins at 200 s, that of 160 s at 250 s, and
/// that of 170 s waits still when the run ends at 1,000 s, 830 s later. Of the four waits in order, 0, 50, 90 and at least 830 s, the
/// second is the median, and the fourth what 95 of 100 do not exceed. From 170 to 200 s three wait. At 950 s the machine is deleted
/// under the third job, of which 700 s were done.
#[test]
fn jobs_wait_for_the_one_agent() {
    let mut plan = agents(RuleSet::all(), (1, 1), 1);
    plan.agent_pools[0].jobs = vec![job("a", 100, 100), job("b", 150, 50), job("c", 160, 1000), job("d", 170, 10)];
    let delete = Act::Power { set: 0, which: Which::One(0), how: PowerAct::Delete };
    plan.timeline = vec![action("delete", 950, delete)];
    plan.horizon = at(1000);
    let of = Of::run(&plan);
    of.is("jobs.wait_p50_s", 50.0);
    of.is_so_far("jobs.wait_p95_s", 830.0);
    of.is("jobs.waiting_max", 3.0);
    of.is("agents.idle_h", 100.0 / 3600.0);
    of.is("agents.deleted_busy", 1.0);
    of.is("jobs.lost", 1.0);
    of.is("jobs.lost_work_s", 700.0);
}

/// Without a pool there are no agents, and without jobs nobody waits.
#[test]
fn what_is_not_there_is_not_measured() {
    let of = Of::run(&plan());
    for name in ["jobs.wait_p50_s", "jobs.wait_p95_s", "jobs.waiting_max", "agents.idle_h", "agents.deleted_busy"] {
        assert!(matches!(of.value(name), Value::NotComputed(_)), "{name}: {:?}", of.value(name));
    }
    let mut idle = agents(RuleSet::all(), (1, 1), 1);
    idle.horizon = at(600);
    let of = Of::run(&idle);
    assert!(matches!(of.value("jobs.wait_p50_s"), Value::NotComputed("no job came")));
    of.is("agents.idle_h", 600.0 / 3600.0);
}
